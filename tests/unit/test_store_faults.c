/* store: db: damage, a full disk, other processes, a sudden death. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_fixture.h"

/* Overwrites one page of the file after another: whatever then happens, it is an answer. */
static void damaged_pages_are_errors_never_crashes(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, STORE_CREATE);
    for (int i = 0; i < 20; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        fixture_tag(f, fixture_save(f, url, "标题 title", "正文 some text of the page"), "tag");
    }
    fixture_close(f);
    struct buf whole = read_file(f->path);
    size_t pages = whole.len / 16384;
    for (size_t round = 0; round < 2 * pages; round++) {
        char *page = whole.ptr + round / 2 * 16384;
        char saved[16384];
        memcpy(saved, page, sizeof saved);
        for (size_t i = 100; i < sizeof saved; i += round % 2 ? 1 : 97)
            page[i] = (char)(page[i] ^ (char)(i * 31 + round));
        write_file(f->path, whole.ptr, whole.len);
        memcpy(page, saved, sizeof saved);
        if (!store_open(f->path, STORE_EXISTING, &f->store, &f->err))
            continue;
        struct search_request request = {.query = slice_of("title 正文 tag:tag"), .limit = 50};
        struct search_end end;
        struct snapshot_new new = fixture_snapshot("https://example.com/1", "标题", "正文");
        struct snapshot_ids ids;
        bool ok = search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err);
        ok = pages_get(f->store, 3, nothing_page, NULL, &f->err) && ok;
        ok = snapshots_begin(f->store, &new, &ids, &f->err) && ok;
        (void)ok;
        fixture_close(f);
    }
    buf_finish(&whole);
}

static void a_full_disk_is_told_and_loses_nothing(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, STORE_CREATE);
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld",
             (long long)pragma(f, "PRAGMA page_count"));
    assert_true(pragma(f, sql) > 0);
    char *big = malloc(1 << 20);
    assert_non_null(big);
    uint32_t seed = 1;
    for (size_t i = 0; i < 1 << 20; i++)
        big[i] = (char)((seed = seed * 1664525 + 1013904223) >> 24);
    struct snapshot_new new = fixture_snapshot("https://example.com/2", "T", "text");
    new.document = slice_make(big, 1 << 20);
    struct snapshot_ids ids = {.page = -7};
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_STORE_FULL);
    assert_int_equal(ids.page, -7);
    struct asset_row asset = {.ref = "00000000000000000000000000000000",
                              .url = "https://example.com/a",
                              .kind = "image",
                              .state = "stored",
                              .media_type = "image/png",
                              .bytes = slice_make(big, 1 << 20)};
    struct put_counts counts = {0};
    assert_error(snapshots_put_assets(f->store, 1, &asset, 1, &counts, &f->err), ERR_STORE_FULL);
    assert_int_equal(counts.written, 0);
    /* Everything else goes on as before. */
    assert_ok(pages_trash(f->store, page, &f->err));
    assert_true(pragma(f, "PRAGMA max_page_count = 1000000") > 0);
    fixture_begin(f, &new);
    int64_t found;
    assert_ok(pages_find(f->store, "https://example.com/2", &found, &f->err));
    assert_int_equal(found, 2);
    free(big);
}

static void every_code_of_sqlite_becomes_an_error_with_a_sentence(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int code;
        enum error_code expected;
    } codes[] = {
        {SQLITE_NOMEM, ERR_NO_MEMORY},
        {SQLITE_IOERR_NOMEM, ERR_NO_MEMORY},
        {SQLITE_FULL, ERR_STORE_FULL},
        {SQLITE_READONLY_DBMOVED, ERR_STORE_READONLY},
        {SQLITE_PERM, ERR_STORE_READONLY},
        {SQLITE_BUSY_SNAPSHOT, ERR_STORE_BUSY},
        {SQLITE_LOCKED, ERR_STORE_BUSY},
        {SQLITE_CORRUPT_VTAB, ERR_STORE_CORRUPT},
        {SQLITE_NOTADB, ERR_STORE_CORRUPT},
        {SQLITE_TOOBIG, ERR_LIMIT},
        {SQLITE_IOERR_READ, ERR_STORE},
        {SQLITE_CANTOPEN, ERR_STORE},
        {SQLITE_CONSTRAINT_UNIQUE, ERR_STORE},
        {SQLITE_MISUSE, ERR_STORE},
        {12345, ERR_STORE},
    };
    fixture_open(f, STORE_CREATE);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_error(db_error(f->store, codes[i].code, &f->err), codes[i].expected);
}

static void a_held_lock_is_waited_for_and_then_told(void **state)
{
    struct fixture *f = *state;
    sqlite3 *other;
    int64_t page;
    fixture_open(f, STORE_CREATE);
    page = fixture_save(f, "https://example.com/", "T", "text");
    sqlite3_busy_timeout(f->store->db, 50);
    assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_error(store_check_writable(f->store, &f->err), ERR_STORE_BUSY);
    assert_error(pages_trash(f->store, page, &f->err), ERR_STORE_BUSY);
    /* Reading goes on. */
    assert_ok(pages_get(f->store, page, nothing_page, NULL, &f->err));
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_ok(store_check_writable(f->store, &f->err));
    sqlite3_close(other);
}

static bool trash_inside(const struct snapshot_row *row, void *arg)
{
    struct fixture *f = arg;
    assert_ok(snapshots_end(f->store, row->id, &f->err));
    return true;
}

static bool update_inside(const struct search_hit *hit, void *arg)
{
    struct fixture *f = arg;
    assert_error(pages_trash(f->store, hit->page->id, &f->err), ERR_INTERNAL);
    assert_ok(pages_get(f->store, hit->page->id, nothing_page, NULL, &f->err));
    return true;
}

static void callbacks_may_call_the_store(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, STORE_CREATE);
    fixture_save(f, "https://example.com/1", "T", "text");
    fixture_save(f, "https://example.com/2", "T", "text");
    assert_ok(snapshots_list_pending(f->store, trash_inside, f, &f->err));
    struct search_request request = {.query = slice_of("text"), .limit = 10};
    struct search_end end;
    assert_ok(search_pages(f->store, &request, update_inside, f, &end, &f->err));
    struct store_counts counts;
    assert_ok(store_count(f->store, &counts, &f->err));
    assert_int_equal(counts.pending, 0);
    assert_int_equal(counts.pages, 2);
}

enum { WRITERS = 3, PAGES_EACH = 25 };

static int save_many(struct fixture *f, int writer)
{
    struct store *store;
    if (!store_open(f->path, STORE_CREATE, &store, &f->err))
        return 1;
    for (int i = 0; i < PAGES_EACH; i++) {
        char url[64];
        char text[64];
        const char *tags[] = {"shared", "Own"};
        /* every fifth page is one that all of them save */
        snprintf(url, sizeof url, "https://example.com/%d/%d", i % 5 == 0 ? 0 : writer, i);
        snprintf(text, sizeof text, "needle of writer %d", writer);
        struct snapshot_new new = fixture_snapshot(url, "T", text);
        struct snapshot_ids ids;
        new.tags = tags;
        new.tag_count = 2;
        if (!snapshots_begin(store, &new, &ids, &f->err) ||
            !snapshots_end(store, ids.snapshot, &f->err))
            return 2;
    }
    store_close(store);
    return 0;
}

static void several_processes_create_and_save_at_once(void **state)
{
    struct fixture *f = *state;
    pid_t pids[WRITERS];
    for (int w = 0; w < WRITERS; w++) {
        pids[w] = fork();
        assert_true(pids[w] >= 0);
        if (pids[w] == 0)
            _exit(save_many(f, w + 1));
    }
    for (int w = 0; w < WRITERS; w++) {
        int status;
        assert_int_equal(waitpid(pids[w], &status, 0), pids[w]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    fixture_open(f, STORE_EXISTING);
    struct store_counts counts;
    assert_ok(store_count(f->store, &counts, &f->err));
    assert_int_equal(counts.snapshots, WRITERS * PAGES_EACH);
    assert_int_equal(counts.pages, WRITERS * PAGES_EACH * 4 / 5 + PAGES_EACH / 5);
    assert_int_equal(counts.pending, 0);
    struct search_request request = {.query = slice_of("needle tag:own"), .limit = 1};
    struct search_end end;
    assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err));
    assert_int_equal(end.total, counts.pages);
    assert_ok(db_execute(f->store, "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)",
                         &f->err));
}

static int save_and_die(struct fixture *f)
{
    struct store *store;
    if (!store_open(f->path, STORE_EXISTING, &store, &f->err))
        return 1;
    struct snapshot_new new = fixture_snapshot("https://example.com/kept", "T", "text");
    struct snapshot_ids ids;
    if (!snapshots_begin(store, &new, &ids, &f->err))
        return 2;
    if (!db_begin(store, &f->err) || !db_execute(store, "DELETE FROM page_tags", &f->err))
        return 3;
    _exit(0); /* nothing closed, a transaction open */
}

static void what_was_acknowledged_survives_a_death(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, STORE_CREATE);
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    fixture_tag(f, page, "kept");
    fixture_close(f);
    assert_int_equal(in_child(f, save_and_die), 0);
    fixture_open(f, STORE_EXISTING);
    int64_t kept;
    assert_ok(pages_find(f->store, "https://example.com/kept", &kept, &f->err));
    assert_int_not_equal(kept, 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM page_tags"), 1);
}

int main(void)
{
#define in_folder(test) cmocka_unit_test_setup_teardown(test, folder_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        in_folder(damaged_pages_are_errors_never_crashes),
        in_folder(a_full_disk_is_told_and_loses_nothing),
        in_folder(every_code_of_sqlite_becomes_an_error_with_a_sentence),
        in_folder(a_held_lock_is_waited_for_and_then_told),
        in_folder(callbacks_may_call_the_store),
        in_folder(several_processes_create_and_save_at_once),
        in_folder(what_was_acknowledged_survives_a_death),
    };
#undef in_folder
    return cmocka_run_group_tests_name("store_faults", tests, NULL, NULL);
}

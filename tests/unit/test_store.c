/* store: store, db, schema, verify: opening, migrating, what can go wrong with a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/schema.h"
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static struct buf read_file(const char *path)
{
    struct buf out;
    buf_init(&out, 64 << 20);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char bytes[4096];
    size_t len;
    while ((len = fread(bytes, 1, sizeof bytes, file)) > 0)
        assert_true(buf_add(&out, bytes, len));
    fclose(file);
    return out;
}

static int folder_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_folder(f);
    *state = f;
    return 0;
}

static int64_t pragma(struct fixture *f, const char *sql)
{
    int64_t value = -1;
    assert_ok(db_get_int(f->store, sql, -1, &value, &f->err));
    return value;
}

static void a_new_store_is_private_and_set_up(void **state)
{
    struct fixture *f = *state;
    struct stat info;
    umask(0);
    fixture_open(f, STORE_CREATE);
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    char wal[320];
    snprintf(wal, sizeof wal, "%s-wal", f->path);
    assert_int_equal(stat(wal, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(pragma(f, "PRAGMA page_size"), 16384);
    assert_int_equal(pragma(f, "PRAGMA application_id"), SCHEMA_APPLICATION_ID);
    assert_int_equal(pragma(f, "PRAGMA user_version"), 1);
    assert_int_equal(pragma(f, "PRAGMA auto_vacuum"), 2);
    assert_int_equal(pragma(f, "PRAGMA synchronous"), 1);
    assert_int_equal(pragma(f, "PRAGMA foreign_keys"), 1);
    assert_int_equal(pragma(f, "PRAGMA trusted_schema"), 0);
    assert_int_equal(pragma(f, "PRAGMA busy_timeout"), 10000);
    struct store_counts counts;
    assert_ok(store_count(f->store, &counts, &f->err));
    assert_int_equal(counts.pages + counts.trashed + counts.snapshots + counts.blobs, 0);
    assert_true(counts.file_bytes >= 16384);
    /* The tables are all there is: nothing else may reach the index. */
    assert_ok(store_check_writable(f->store, &f->err));
}

static void an_open_store_opens_again_and_keeps_what_it_has(void **state)
{
    struct fixture *f = *state;
    struct store *second;
    int64_t page;
    fixture_open(f, STORE_CREATE);
    int64_t saved = fixture_save(f, "https://example.com/", "T", "text");
    assert_ok(store_open(f->path, STORE_CREATE, &second, &f->err));
    assert_ok(pages_find(second, "https://example.com/", &page, &f->err));
    assert_int_equal(page, saved);
    store_close(second);
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    assert_ok(pages_find(f->store, "https://example.com/", &page, &f->err));
    assert_int_equal(page, saved);
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    assert_ok(pages_find(f->store, "https://example.com/", &page, &f->err));
    assert_int_equal(page, saved);
    assert_error(store_check_writable(f->store, &f->err), ERR_STORE_READONLY);
    assert_error(pages_trash(f->store, page, &f->err), ERR_STORE_READONLY);
    struct snapshot_new new = fixture_snapshot("https://example.com/2", "T", "text");
    struct snapshot_ids ids;
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_STORE_READONLY);
}

static void a_missing_file_is_not_made_unless_asked(void **state)
{
    struct fixture *f = *state;
    char inside[400];
    assert_error(store_open(f->path, STORE_EXISTING, &f->store, &f->err), ERR_NOT_FOUND);
    assert_error(store_open(f->path, STORE_READ_ONLY, &f->store, &f->err), ERR_NOT_FOUND);
    assert_int_equal(access(f->path, F_OK), -1);
    snprintf(inside, sizeof inside, "%s/no/such.db", f->folder);
    assert_error(store_open(inside, STORE_CREATE, &f->store, &f->err), ERR_STORE);
    assert_error(store_open(inside, STORE_EXISTING, &f->store, &f->err), ERR_NOT_FOUND);
    assert_error(store_open(f->folder, STORE_EXISTING, &f->store, &f->err), ERR_STORE_CORRUPT);
}

static void names_with_odd_characters_open(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"a?b#c%41.db", "file:x?mode=memory", "存储 库.db"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(f->path, sizeof f->path, "%s/%s", f->folder, names[i]);
        fixture_open(f, STORE_CREATE);
        fixture_close(f);
        assert_int_equal(access(f->path, F_OK), 0);
        assert_int_equal(unlink(f->path), 0);
    }
}

static void files_that_are_no_store_are_left_alone(void **state)
{
    struct fixture *f = *state;
    static const enum store_mode modes[] = {STORE_CREATE, STORE_EXISTING, STORE_READ_ONLY};
    char garbage[20000];
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char)(i * 7 + i / 3);
    /* garbage, something short, SQLite's magic alone, and another program's database */
    for (int kind = 0; kind < 4; kind++) {
        unlink(f->path);
        if (kind == 0)
            write_file(f->path, garbage, sizeof garbage);
        else if (kind == 1)
            write_file(f->path, "hello", 5);
        else if (kind == 2)
            write_file(f->path, "SQLite format 3\0....................................", 50);
        else
            fixture_sql(f, "CREATE TABLE moz_places (id INTEGER); PRAGMA user_version = 1");
        struct buf before = read_file(f->path);
        for (size_t m = 0; m < sizeof modes / sizeof *modes; m++)
            assert_error(store_open(f->path, modes[m], &f->store, &f->err), ERR_STORE_CORRUPT);
        struct buf after = read_file(f->path);
        assert_true(slice_equal(buf_slice(&before), buf_slice(&after)));
        buf_finish(&before);
        buf_finish(&after);
    }
}

static void an_empty_file_becomes_a_store_only_when_it_can_be_written(void **state)
{
    struct fixture *f = *state;
    write_file(f->path, "", 0);
    assert_error(store_open(f->path, STORE_READ_ONLY, &f->store, &f->err), ERR_STORE_CORRUPT);
    fixture_open(f, STORE_EXISTING);
    fixture_save(f, "https://example.com/", "T", "text");
}

static void a_store_from_the_future_is_not_touched(void **state)
{
    struct fixture *f = *state;
    static const enum store_mode modes[] = {STORE_CREATE, STORE_EXISTING, STORE_READ_ONLY};
    fixture_open(f, STORE_CREATE);
    fixture_close(f);
    fixture_sql(f, "PRAGMA user_version = 2; PRAGMA journal_mode = DELETE");
    struct buf before = read_file(f->path);
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++)
        assert_error(store_open(f->path, modes[m], &f->store, &f->err), ERR_STORE_NEWER);
    struct buf after = read_file(f->path);
    assert_true(slice_equal(buf_slice(&before), buf_slice(&after)));
    buf_finish(&before);
    buf_finish(&after);
}

static void a_store_of_no_version_or_a_negative_one_is_damaged_or_migrated(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, STORE_CREATE);
    fixture_close(f);
    fixture_sql(f, "PRAGMA user_version = -1");
    assert_error(store_open(f->path, STORE_EXISTING, &f->store, &f->err), ERR_STORE_CORRUPT);
    unlink(f->path);
    /* What a crash between two steps of the very first opening may leave. */
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA journal_mode = WAL",
             SCHEMA_APPLICATION_ID);
    fixture_sql(f, sql);
    assert_error(store_open(f->path, STORE_READ_ONLY, &f->store, &f->err), ERR_STORE_READONLY);
    fixture_open(f, STORE_EXISTING);
    fixture_save(f, "https://example.com/", "T", "text");
}

static void a_file_cut_short_is_noticed_at_once(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, STORE_CREATE);
    for (int i = 0; i < 30; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        fixture_save(f, url, "T", "text");
    }
    fixture_close(f);
    struct stat info;
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(truncate(f->path, info.st_size - 16384), 0);
    assert_error(store_open(f->path, STORE_EXISTING, &f->store, &f->err), ERR_STORE_CORRUPT);
    assert_error(store_open(f->path, STORE_READ_ONLY, &f->store, &f->err), ERR_STORE_CORRUPT);
    assert_int_equal(truncate(f->path, 100), 0);
    assert_error(store_open(f->path, STORE_EXISTING, &f->store, &f->err), ERR_STORE_CORRUPT);
}

static bool nothing_hit(const struct search_hit *hit, void *arg)
{
    (void)hit;
    (void)arg;
    return true;
}

static bool nothing_page(const struct page_row *row, void *arg)
{
    (void)row;
    (void)arg;
    return true;
}

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

static void tables_that_are_not_ours_are_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const changes[] = {
        "DROP VIEW search_source; CREATE VIEW search_source AS WITH RECURSIVE r(ord) AS"
        " (SELECT 1 UNION ALL SELECT ord FROM r) SELECT ord, 1 AS page, '' AS title, '' AS tags,"
        " '' AS note, '' AS url, '' AS text FROM r",
        "DROP TABLE jobs",
        "DROP INDEX pages_live; CREATE INDEX pages_live ON pages(title)",
        "ALTER TABLE tags RENAME TO t; CREATE VIEW tags AS SELECT * FROM t",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        fixture_open(f, STORE_CREATE);
        fixture_close(f);
        fixture_sql(f, changes[i]);
        assert_error(store_open(f->path, STORE_EXISTING, &f->store, &f->err), ERR_STORE_CORRUPT);
        unlink(f->path);
    }
    /* What a person adds for himself does no harm, and triggers never fire. */
    fixture_open(f, STORE_CREATE);
    fixture_close(f);
    fixture_sql(f, "CREATE TABLE mine (x); CREATE TRIGGER t AFTER INSERT ON pages BEGIN"
                   " DELETE FROM pages; END; ANALYZE");
    fixture_open(f, STORE_EXISTING);
    int64_t page;
    fixture_save(f, "https://example.com/", "T", "text");
    assert_ok(pages_find(f->store, "https://example.com/", &page, &f->err));
    assert_int_equal(page, 1);
}

static void an_index_of_another_tokenizer_is_rebuilt(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, STORE_CREATE);
    fixture_save(f, "https://example.com/", "T", "needle");
    assert_ok(db_execute(f->store,
                         "UPDATE meta SET value = '0/1.0' WHERE key = 'tokenizer';"
                         "INSERT INTO search(search) VALUES ('delete-all')",
                         &f->err));
    struct search_request request = {.query = slice_of("needle"), .limit = 1};
    struct search_end end;
    assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err));
    assert_int_equal(end.total, 0);
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err));
    assert_int_equal(end.total, 0);
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err));
    assert_int_equal(end.total, 1);
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

/* Runs `work` in a child and returns its exit code. */
static int in_child(struct fixture *f, int (*work)(struct fixture *))
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(work(f));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* In a folder that the process may not write. Root may write everywhere, so it becomes nobody. */
static int open_without_rights(struct fixture *f)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 10;
    if (store_open(f->path, STORE_EXISTING, &f->store, &f->err) ||
        f->err.code != ERR_STORE_READONLY)
        return 1;
    char other[320];
    snprintf(other, sizeof other, "%s/other.db", f->folder);
    if (store_open(other, STORE_CREATE, &f->store, &f->err) || f->err.code != ERR_STORE_READONLY)
        return 2;
    int64_t page;
    if (!store_open(f->path, STORE_READ_ONLY, &f->store, &f->err))
        return 3;
    if (!pages_find(f->store, "https://example.com/", &page, &f->err) || page == 0)
        return 4;
    if (store_check_writable(f->store, &f->err) || f->err.code != ERR_STORE_READONLY)
        return 5;
    store_close(f->store);
    return 0;
}

static void a_folder_that_cannot_be_written_can_still_be_read(void **state)
{
    struct fixture *f = *state;
    snprintf(f->path, sizeof f->path, "%s/a?b%%41#.db", f->folder);
    fixture_open(f, STORE_CREATE);
    fixture_save(f, "https://example.com/", "T", "text");
    fixture_close(f);
    assert_int_equal(chmod(f->path, 0444), 0);
    assert_int_equal(chmod(f->folder, 0555), 0);
    int code = in_child(f, open_without_rights);
    assert_int_equal(chmod(f->folder, 0755), 0);
    assert_int_equal(code, 0);
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
        in_folder(a_new_store_is_private_and_set_up),
        in_folder(an_open_store_opens_again_and_keeps_what_it_has),
        in_folder(a_missing_file_is_not_made_unless_asked),
        in_folder(names_with_odd_characters_open),
        in_folder(files_that_are_no_store_are_left_alone),
        in_folder(an_empty_file_becomes_a_store_only_when_it_can_be_written),
        in_folder(a_store_from_the_future_is_not_touched),
        in_folder(a_store_of_no_version_or_a_negative_one_is_damaged_or_migrated),
        in_folder(a_file_cut_short_is_noticed_at_once),
        in_folder(damaged_pages_are_errors_never_crashes),
        in_folder(tables_that_are_not_ours_are_refused),
        in_folder(an_index_of_another_tokenizer_is_rebuilt),
        in_folder(a_full_disk_is_told_and_loses_nothing),
        in_folder(a_held_lock_is_waited_for_and_then_told),
        in_folder(callbacks_may_call_the_store),
        in_folder(a_folder_that_cannot_be_written_can_still_be_read),
        in_folder(several_processes_create_and_save_at_once),
        in_folder(what_was_acknowledged_survives_a_death),
    };
#undef in_folder
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}

/* store: clean: what nothing refers to goes, and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/clean.h"
#include "store/fsck.h"
#include "store/tagging.h"
#include "store/undo.h"
#include "store_fixture.h"

#include <signal.h>
#include <sys/stat.h>

#define FAR INT64_C(9000000000000) /* ms UTC: later than any test */

static void fail_on_finding(const struct fsck_finding *finding, void *arg)
{
    (void)arg;
    if (finding->fault)
        fail_msg("%s: %s", finding->code, finding->text);
}

/* Every reference, count and hash is right, and the index too. */
static void assert_whole(struct fixture *f)
{
    const struct fsck_hooks hooks = {.found = fail_on_finding};
    struct fsck_result result;
    assert_ok(fsck_run(f->store, false, &hooks, &result, &f->err));
    assert_int_equal(result.faults, 0);
}

static struct clean_result collect(struct fixture *f)
{
    struct clean_result result;
    assert_ok(clean_collect(f->store, NULL, &result, &f->err));
    return result;
}

static struct clean_result empty_trash(struct fixture *f, int64_t before)
{
    struct clean_result result;
    assert_ok(clean_trash(f->store, before, NULL, &result, &f->err));
    return result;
}

static void ref_of(char out[33], unsigned number)
{
    snprintf(out, 33, "%032x", number);
}

/* Saves a page with `count` assets; bytes of the same `seed` are the same. */
static struct snapshot_ids save(struct store *store, const char *url, unsigned seed, size_t count,
                                struct error *err)
{
    struct snapshot_ids ids = {0};
    struct put_counts counts = {0};
    static char bytes[8][2000];
    char refs[8][33];
    struct asset_row rows[8] = {{.ref = NULL}};
    struct snapshot_new new = fixture_snapshot(url, "title 标题", "some text 一些文字");
    new.document = slice_of(url);
    for (size_t i = 0; i < count; i++) {
        uint32_t x = seed + (unsigned)i * 7919 + 1;
        for (size_t k = 0; k < sizeof bytes[i]; k++) {
            x = x * 1664525 + 1013904223;
            bytes[i][k] = (char)(x >> 24);
        }
        ref_of(refs[i], (unsigned)i);
        rows[i] = (struct asset_row){.ref = refs[i],
                                     .url = "https://example.com/a",
                                     .kind = "image",
                                     .state = "stored",
                                     .media_type = "image/png",
                                     .bytes = slice_make(bytes[i], sizeof bytes[i])};
    }
    if (!snapshots_begin(store, &new, &ids, err) ||
        !snapshots_put_assets(store, ids.snapshot, rows, count, &counts, err) ||
        !snapshots_end(store, ids.snapshot, err))
        ids.page = 0;
    return ids;
}

static int64_t save_page(struct fixture *f, const char *url, unsigned seed, size_t count)
{
    struct snapshot_ids ids = save(f->store, url, seed, count, &f->err);
    assert_true(ids.page > 0);
    return ids.page;
}

/* ---- What refers to what ---- */

/* Who writes a migration with a new reference sees this fail: CLEAN_UNUSED, clean_trash() and
 * fsck's checks of references have to learn of it. */
static void all_references_of_the_schema_are_known(void **state)
{
    struct fixture *f = *state;
    static const char known[] = "highlights.page>pages highlights.snapshot>snapshots"
                                " page_health.page>pages page_tags.page>pages page_tags.tag>tags"
                                " page_urls.page>pages pages.snapshot>snapshots"
                                " snapshot_assets.blob>blobs snapshot_assets.snapshot>snapshots"
                                " snapshot_hops.snapshot>snapshots"
                                " snapshot_notes.snapshot>snapshots snapshots.document>blobs"
                                " snapshots.icon>blobs snapshots.page>pages snapshots.text>blobs"
                                " snapshots.thumbnail>blobs"
                                " undo_rows.step>undo_steps";
    sqlite3_stmt *statement = db_prepare(
        f->store,
        "SELECT group_concat(name, ' ') FROM (SELECT t.name || '.' || k.\"from\" || '>' ||"
        " k.\"table\" AS name FROM sqlite_schema t, pragma_foreign_key_list(t.name) k"
        " WHERE t.type = 'table' ORDER BY 1)",
        &f->err);
    bool row;
    assert_non_null(statement);
    assert_ok(db_step(f->store, statement, &row, &f->err));
    assert_string_equal(sqlite3_column_text(statement, 0), known);
    db_done(f->store, statement);
}

static void each_reference_keeps_a_blob(void **state)
{
    struct fixture *f = *state;
    /* What takes away the last reference of one kind. */
    static const char *const cuts[] = {
        "UPDATE snapshots SET document = (SELECT min(document) FROM snapshots) WHERE id = 2",
        "UPDATE snapshots SET text = (SELECT min(text) FROM snapshots) WHERE id = 2",
        "UPDATE snapshots SET icon = NULL WHERE id = 2",
        "UPDATE snapshots SET thumbnail = NULL WHERE id = 2",
        "UPDATE snapshot_assets SET blob = NULL, state = 'failed' WHERE snapshot = 2",
    };
    save_page(f, "https://example.com/1", 1, 1);
    save_page(f, "https://example.com/2", 2, 1);
    fixture_sql(f, "INSERT INTO blobs VALUES (50, x'01', 4, 4, 0, x'41414141'),"
                   " (51, x'02', 4, 4, 0, x'41414142'), (52, x'03', 4, 4, 0, x'41414143'),"
                   " (53, x'04', 4, 4, 0, x'41414144')");
    fixture_sql(f, "UPDATE snapshots SET document = 50, text = 51, icon = 52, thumbnail = 53"
                   " WHERE id = 2");
    assert_int_equal(collect(f).blobs, 1); /* the document that 50 replaced */
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        assert_int_equal(collect(f).blobs, 0);
        fixture_sql(f, cuts[i]);
        struct clean_result left;
        assert_ok(clean_measure(f->store, &left, &f->err));
        assert_int_equal(left.blobs, 1);
        struct clean_result removed = collect(f);
        assert_int_equal(removed.blobs, 1);
        assert_int_equal(removed.bytes, left.bytes);
        assert_true(removed.bytes == 4 || removed.bytes == 2000);
    }
    assert_int_equal(collect(f).blobs, 0);
}

static bool stop_at_three(void *arg)
{
    int *asked = arg;
    return ++*asked == 3;
}

static void many_blobs_go_in_batches_and_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    int asked = 0;
    const struct clean_hooks hooks = {.interrupted = stop_at_three, .arg = &asked};
    struct clean_result result;
    fixture_sql(f, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                   " INSERT INTO blobs (hash, size, stored, packed, data)"
                   " SELECT CAST(i AS BLOB), 4, 4, 0, x'41414141' FROM n");
    assert_error(clean_collect(f->store, &hooks, &result, &f->err), ERR_CANCELLED);
    int64_t left = pragma(f, "SELECT count(*) FROM blobs");
    assert_int_equal(left, 5000 - 128);
    assert_int_equal(collect(f).blobs, left);
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs"), 0);
}

static void a_store_that_cannot_be_written_is_not_cleaned(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    int64_t bytes;
    fixture_sql(f, "INSERT INTO blobs VALUES (50, x'01', 4, 4, 0, x'41414141')");
    assert_ok(pages_trash(f->store, save_page(f, "https://example.com/1", 1, 1), &f->err));
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    assert_error(clean_collect(f->store, NULL, &result, &f->err), ERR_STORE_READONLY);
    assert_error(clean_trash(f->store, FAR, NULL, &result, &f->err), ERR_STORE_READONLY);
    assert_error(clean_compact(f->store, NULL, &bytes, &f->err), ERR_STORE_READONLY);
}

/* ---- The trash ---- */

static void an_emptied_trash_leaves_nothing_of_its_pages(void **state)
{
    struct fixture *f = *state;
    int64_t first = save_page(f, "https://example.com/1", 1, 3);
    int64_t second = save_page(f, "https://example.com/2", 1, 3);
    save_page(f, "https://example.com/2", 9, 3);
    save_page(f, "https://example.com/3", 3, 1);
    fixture_tag(f, second, "标签");
    fixture_sql(f, "INSERT INTO page_urls VALUES ('https://example.com/other', 2);"
                   "INSERT INTO page_health VALUES (2, 1, 'ok', 0, 0, '', '');"
                   "INSERT INTO snapshot_notes VALUES (2, 'flattened', 1);"
                   "INSERT INTO snapshot_hops VALUES (2, 0, '301', 'https://example.com/h')");
    const char *tag = "more";
    const int64_t pages[] = {first, second};
    const struct pages_edit edit = {.pages = pages, .count = 2, .add = &tag, .add_count = 1};
    const struct pages_edit trash = {.pages = pages + 1, .count = 1, .trash = EDIT_TRASH};
    int64_t changed;
    int64_t kept;
    int64_t redo;
    int64_t tagged;
    int64_t trashed;
    assert_ok(tagging_edit(f->store, &edit, &changed, &tagged, &f->err));
    assert_ok(tagging_edit(f->store, &trash, &changed, &trashed, &f->err));

    struct clean_result result;
    assert_ok(clean_count_trash(f->store, FAR, &result, &f->err));
    assert_int_equal(result.pages, 1);
    assert_int_equal(result.snapshots, 2);
    result = empty_trash(f, FAR);
    assert_int_equal(result.pages, 1);
    assert_int_equal(result.snapshots, 2);
    assert_error(pages_get(f->store, second, nothing_page, NULL, &f->err), ERR_NOT_FOUND);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots"), 2);
    assert_int_equal(pragma(f, "SELECT count(*) FROM page_urls"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM page_health"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshot_notes"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshot_hops"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_rows WHERE page = 2"), 0);
    assert_int_equal(fixture_hits(f, "文字"), 2);
    assert_whole(f);
    /* The documents of both versions, and the assets that nobody shares. */
    assert_int_equal(collect(f).blobs, 2 - 1 + 3);
    assert_whole(f);

    /* A step about two pages can still be undone on the other, one about this alone is gone. */
    assert_error(undo_apply(f->store, trashed, &changed, &kept, &redo, &f->err), ERR_NOT_FOUND);
    assert_ok(undo_apply(f->store, tagged, &changed, &kept, &redo, &f->err));
    assert_int_equal(fixture_hits(f, "tag:more"), 0);
    assert_whole(f);
    /* Its URL can be saved again, as a page of another number. */
    assert_true(save_page(f, "https://example.com/2", 1, 3) > second);
    assert_whole(f);
}

static void only_what_is_old_enough_goes(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 1; i <= 5; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%u", i);
        save_page(f, url, i, 1);
    }
    fixture_sql(f, "UPDATE pages SET trashed = id * 1000 WHERE id < 5");
    assert_int_equal(empty_trash(f, 0).pages, 0);
    assert_int_equal(empty_trash(f, 1000).pages, 0);
    assert_int_equal(empty_trash(f, 1001).pages, 1);
    assert_ok(pages_restore(f->store, 3, &f->err));
    assert_int_equal(empty_trash(f, 4000).pages, 1);
    assert_int_equal(empty_trash(f, 4001).pages, 1);
    assert_int_equal(empty_trash(f, FAR).pages, 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE id IN (3, 5)"), 2);
    assert_whole(f);
}

static void a_page_saved_again_out_of_the_trash_stays(void **state)
{
    struct fixture *f = *state;
    int64_t page = save_page(f, "https://example.com/1", 1, 2);
    assert_ok(pages_trash(f->store, page, &f->err));
    assert_int_equal(save_page(f, "https://example.com/1", 1, 2), page);
    assert_int_equal(empty_trash(f, FAR).pages, 0);
    assert_whole(f);
}

static void an_interrupted_emptying_is_whole(void **state)
{
    struct fixture *f = *state;
    int asked = 0;
    const struct clean_hooks hooks = {.interrupted = stop_at_three, .arg = &asked};
    struct clean_result result;
    for (unsigned i = 1; i <= 5; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%u", i);
        assert_ok(pages_trash(f->store, save_page(f, url, i, 1), &f->err));
    }
    assert_error(clean_trash(f->store, FAR, &hooks, &result, &f->err), ERR_CANCELLED);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages"), 3);
    assert_whole(f);
    assert_int_equal(empty_trash(f, FAR).pages, 3);
    assert_whole(f);
}

/* ---- The file ---- */

static int64_t file_size(struct fixture *f)
{
    struct stat info;
    assert_int_equal(stat(f->path, &info), 0);
    return info.st_size;
}

static void fill_and_trash(struct fixture *f)
{
    for (unsigned i = 0; i < 60; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%u", i);
        int64_t page = save_page(f, url, i * 100, 8);
        if (i % 3 != 0)
            assert_ok(pages_trash(f->store, page, &f->err));
    }
    assert_int_equal(empty_trash(f, FAR).pages, 40);
    assert_int_equal(collect(f).blobs, 40 * 9);
    fixture_sql(f, "PRAGMA wal_checkpoint(TRUNCATE)");
}

static void freed_room_is_given_back(void **state)
{
    struct fixture *f = *state;
    int64_t bytes;
    fill_and_trash(f);
    int64_t before = file_size(f);
    assert_ok(clean_release(f->store, NULL, &bytes, &f->err));
    assert_true(bytes > 300000);
    assert_int_equal(file_size(f), before - bytes);
    assert_int_equal(pragma(f, "PRAGMA freelist_count"), 0);
    assert_ok(clean_release(f->store, NULL, &bytes, &f->err));
    assert_int_equal(bytes, 0);
    assert_whole(f);
}

static void a_compacted_store_is_smaller_and_the_same(void **state)
{
    struct fixture *f = *state;
    int64_t bytes;
    fill_and_trash(f);
    int64_t before = file_size(f);
    assert_ok(clean_compact(f->store, NULL, &bytes, &f->err));
    assert_true(bytes > 300000);
    assert_true(file_size(f) <= before - bytes);
    assert_int_equal(pragma(f, "PRAGMA auto_vacuum"), 2);
    assert_int_equal(pragma(f, "PRAGMA page_size"), 16384);
    assert_int_equal(pragma(f, "PRAGMA temp_store"), 2);
    assert_int_equal(fixture_hits(f, "文字"), 20);
    assert_whole(f);
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    assert_whole(f);
}

static void nobody_compacts_while_another_writes(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    int64_t bytes;
    save_page(f, "https://example.com/1", 1, 1);
    assert_ok(store_open(f->path, STORE_EXISTING, &other, &f->err));
    sqlite3_busy_timeout(f->store->db, 50);
    assert_ok(db_begin(other, &f->err));
    assert_error(clean_compact(f->store, NULL, &bytes, &f->err), ERR_STORE_BUSY);
    assert_false(db_end(other, false, &f->err));
    store_close(other);
    assert_ok(clean_compact(f->store, NULL, &bytes, &f->err));
}

/* ---- A writer beside it ---- */

enum { WRITER_MS = 2500, KEPT_EVERY = 5 };

/* Saves pages whose assets were let go of a moment before, and throws most of them away again.
 * Tells each that it keeps once it is saved. */
static int write_beside(struct fixture *f, unsigned number, int out)
{
    struct error err;
    struct store *store;
    if (!store_open(f->path, STORE_EXISTING, &store, &err))
        return 1;
    int64_t end = clock_steady() + WRITER_MS;
    int status = 0;
    for (unsigned i = 0; status == 0 && clock_steady() < end; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%u/%u", number, i);
        struct snapshot_ids ids = save(store, url, i % 7, 4, &err);
        if (ids.page == 0)
            status = 2;
        else if (i % KEPT_EVERY == 0)
            status = write(out, &ids.page, sizeof ids.page) == sizeof ids.page ? 0 : 3;
        else if (!pages_trash(store, ids.page, &err))
            status = 4;
    }
    store_close(store);
    return status;
}

static void writers_lose_nothing_to_a_clean_up_beside_them(void **state)
{
    struct fixture *f = *state;
    enum { WRITERS = 2 };
    int pipes[2];
    pid_t writers[WRITERS];
    assert_int_equal(pipe(pipes), 0);
    fixture_close(f);
    for (unsigned i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        assert_true(writers[i] >= 0);
        if (writers[i] == 0)
            _exit(write_beside(f, i, pipes[1]));
    }
    close(pipes[1]);
    fixture_open(f, STORE_EXISTING);
    struct clean_result removed = {0};
    for (int64_t end = clock_steady() + WRITER_MS; clock_steady() < end;) {
        int64_t bytes;
        removed.pages += empty_trash(f, FAR).pages;
        removed.blobs += collect(f).blobs;
        assert_ok(clean_release(f->store, NULL, &bytes, &f->err));
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    int64_t kept = 0;
    for (int64_t page; read(pipes[0], &page, sizeof page) == sizeof page; kept++)
        assert_ok(pages_get(f->store, page, nothing_page, NULL, &f->err));
    close(pipes[0]);
    assert_true(kept > 0);
    assert_true(removed.pages > 0 && removed.blobs > 0);
    empty_trash(f, FAR);
    collect(f);
    assert_whole(f);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages"), kept);
    assert_int_equal(collect(f).blobs, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
        TEST(all_references_of_the_schema_are_known),
        TEST(each_reference_keeps_a_blob),
        TEST(many_blobs_go_in_batches_and_can_be_stopped),
        TEST(a_store_that_cannot_be_written_is_not_cleaned),
        TEST(an_emptied_trash_leaves_nothing_of_its_pages),
        TEST(only_what_is_old_enough_goes),
        TEST(a_page_saved_again_out_of_the_trash_stays),
        TEST(an_interrupted_emptying_is_whole),
        TEST(freed_room_is_given_back),
        TEST(a_compacted_store_is_smaller_and_the_same),
        TEST(nobody_compacts_while_another_writes),
        TEST(writers_lose_nothing_to_a_clean_up_beside_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

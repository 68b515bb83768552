/* store: fsck: every kind of damage is found, and mended where it can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/digest.h"
#include "fsck_fixture.h"
#include "store/tagging.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

/* ---- A store in order ---- */

static void a_store_in_order_has_no_findings(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    assert_clean(f);
    look(f, &seen, true);
    assert_int_equal(seen.count, 0);
    assert_int_equal(seen.prepared, 0);
    assert_int_equal(seen.result.pages, 3);
    assert_int_equal(seen.result.snapshots, 4);
    assert_int_equal(seen.result.blobs, pragma(f, "SELECT count(*) FROM blobs"));
    assert_int_equal(seen.result.bytes, pragma(f, "SELECT sum(size) FROM blobs"));
}

static void an_empty_store_has_none_either(void **state)
{
    assert_clean(*state);
}

static void looking_needs_no_right_to_write_and_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "UPDATE pages SET versions = 9 WHERE id = 1");
    fixture_close(f);
    struct buf before = read_file(f->path);
    fixture_open(f, STORE_READ_ONLY);
    look(f, &seen, false);
    assert_int_equal(seen.result.faults, 1);
    assert_int_equal(seen.result.mended, 0);
    assert_true(seen.rows[0].mendable && !seen.rows[0].mended);
    assert_error(run(f, &seen, true), ERR_STORE_READONLY);
    fixture_close(f);
    struct buf after = read_file(f->path);
    assert_true(slice_equal(buf_slice(&before), buf_slice(&after)));
    buf_finish(&before);
    buf_finish(&after);
}

/* Whatever moment it is stopped at. */
static void it_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.stop_after = 1};
    for (; seen.stop_after < 200; seen.stop_after += 3) {
        seen.asked = 0;
        if (run(f, &seen, seen.stop_after % 2 == 0))
            break;
        assert_int_equal(f->err.code, ERR_CANCELLED);
    }
    assert_in_range(seen.stop_after, 4, 199);
    assert_clean(f);
}

static void no_backup_no_repair(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.refuse = true};
    damage(f, "UPDATE pages SET versions = 9 WHERE id = 1");
    assert_error(run(f, &seen, true), ERR_STORE_FULL);
    assert_int_equal(pragma(f, "SELECT versions FROM pages WHERE id = 1"), 9);
}

/* ---- Rows ---- */

struct row_damage {
    const char *sql;
    const char *code;
    int64_t page;
    int64_t snapshot;
};

static const struct row_damage row_damages[] = {
    {"UPDATE pages SET versions = 7 WHERE id = 2", "page_versions", 2, 0},
    {"UPDATE pages SET snapshot = 1 WHERE id = 1", "page_version", 1, 1},
    {"UPDATE pages SET snapshot = NULL WHERE id = 3", "page_version", 3, 0},
    {"UPDATE pages SET snapshot = 99 WHERE id = 3", "page_version", 3, 99},
    {"UPDATE pages SET ord = 0 WHERE id = 3", "page_order", 3, 0},
    {"UPDATE pages SET ord = 9223372036854775807 WHERE id = 3", "page_order", 3, 0},
    {"UPDATE pages SET title = CAST(x'41ff42' AS TEXT) WHERE id = 3", "page_text", 3, 0},
    {"UPDATE pages SET note = CAST(x'c3' AS TEXT) WHERE id = 3", "page_text", 3, 0},
    {"DELETE FROM pages WHERE id = 1", "page_lost", 1, 4},
    {"INSERT INTO page_tags VALUES (77, 1)", "tag_reference", 77, 0},
    {"INSERT INTO page_tags VALUES (3, 77)", "tag_reference", 3, 0},
    {"DELETE FROM tags WHERE name = '其他'", "tag_reference", 2, 0},
    {"UPDATE tags SET name = CAST(x'ff' AS TEXT) WHERE name = '其他'", "tag_text", 0, 0},
    {"UPDATE page_urls SET page = 77", "url_reference", 77, 0},
    {"INSERT INTO page_urls VALUES ('https://example.com/2', 1)", "url_double", 2, 0},
    {"UPDATE page_health SET page = 77", "health_reference", 77, 0},
    {"UPDATE snapshot_notes SET snapshot = 77 WHERE snapshot = 1", "report_reference", 0, 77},
    {"UPDATE snapshot_hops SET snapshot = 77 WHERE snapshot = 1", "report_reference", 0, 77},
    {"UPDATE snapshot_assets SET snapshot = 77 WHERE snapshot = 1", "asset_reference", 0, 77},
    {"UPDATE snapshot_assets SET state = 'failed' WHERE snapshot = 1", "asset_state", 1, 1},
    {"UPDATE snapshot_assets SET state = 'zzz' WHERE snapshot = 1", "asset_state", 1, 1},
    {"UPDATE snapshot_assets SET blob = NULL WHERE snapshot = 1", "asset_state", 1, 1},
    {"UPDATE snapshot_assets SET url = CAST(x'ff' AS TEXT) WHERE snapshot = 1", "asset_text", 1, 1},
    {"UPDATE snapshots SET stored = 1 WHERE id = 2", "snapshot_counts", 2, 2},
    {"UPDATE snapshots SET assets = 9 WHERE id = 2", "snapshot_counts", 2, 2},
    {"UPDATE snapshots SET bytes = 1 WHERE id = 2", "snapshot_counts", 2, 2},
    {"UPDATE snapshots SET state = 'odd' WHERE id = 2", "snapshot_state", 2, 2},
    {"UPDATE snapshots SET title = CAST(x'ff' AS TEXT) WHERE id = 2", "snapshot_text", 2, 2},
    {"UPDATE undo_steps SET rows = 40", "undo_counts", 0, 0},
    {"UPDATE undo_rows SET step = 40 WHERE step = 1", "undo_reference", 0, 0},
    {"INSERT INTO undo_rows VALUES (1, 90, 0, 0, 0, '', '', '', '')", "undo_damaged", 0, 0},
    {"UPDATE jobs SET state = 'odd'", "job_state", 0, 0},
    {"UPDATE jobs SET state = 'running'", "job_state", 0, 0},
    {"UPDATE jobs SET title = CAST(x'ff' AS TEXT)", "job_text", 0, 0},
    {"UPDATE blobs SET stored = stored + 1 WHERE id = 1", "blob_size", 0, 0},
    {"UPDATE pages SET trashed = -5 WHERE id = 3", "page_trash", 3, 0},
    {"UPDATE pages SET trashed = 4102444800000 WHERE id = 2", "page_trash", 2, 0},
    {"UPDATE snapshots SET trashed = -5 WHERE id = 3", "snapshot_trash", 3, 3},
    {"UPDATE snapshots SET trashed = 4102444800000 WHERE id = 1", "snapshot_trash", 1, 1},
    {"UPDATE snapshots SET trashed = 1 WHERE id = 3", "versions_trashed", 3, 3},
    {"UPDATE snapshots SET trashed = 1 WHERE id = 4", "page_version", 1, 4},
    {"UPDATE snapshots SET trashed = 1 WHERE id = 1", "page_versions", 1, 0},
    {"UPDATE highlights SET page = 3", "highlight_reference", 3, 1},
    {"UPDATE highlights SET page = 77", "highlight_reference", 77, 1},
    {"UPDATE highlights SET snapshot = 77", "highlight_reference", 1, 77},
    {"UPDATE highlights SET snapshot = 77, page = 77", "highlight_reference", 77, 77},
    {"UPDATE highlights SET quote = CAST(x'ff' AS TEXT)", "highlight_text", 1, 1},
    {"UPDATE highlights SET deleted = -1", "highlight_deleted", 1, 1},
    {"UPDATE highlights SET note = 'another'", "index_page", 1, 0},
    {"UPDATE snapshots SET thumbnail = 77, thumbnail_type = 'image/png' WHERE id = 2",
     "thumbnail_damaged", 2, 2},
    {"UPDATE search_docsize SET id = 77 WHERE id = 2", "index_strange", 0, 0},
    {"DELETE FROM search_docsize", "index_strange", 0, 0},
    {"UPDATE pages SET title = 'another' WHERE id = 3", "index_page", 3, 0},
    {"UPDATE tags SET name = 'another' WHERE name = '其他'", "index_page", 2, 0},
    {"UPDATE pages SET ord = 50 WHERE id = 3", "index_page", 3, 0},
};

static void what_is_wrong_with_rows_is_found_and_mended(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof row_damages / sizeof *row_damages; i++) {
        const struct row_damage *d = &row_damages[i];
        struct seen seen = {.count = 0};
        shelf_setup(state);
        f = *state;
        damage(f, d->sql);
        look(f, &seen, false);
        const struct fsck_finding *found = find(&seen, d->code);
        if (found == NULL)
            fail_msg("%s: not found, %zu others", d->sql, seen.count);
        assert_true(found->fault && found->mendable && !found->mended);
        assert_int_equal(found->page, d->page);
        assert_int_equal(found->snapshot, d->snapshot);
        look(f, &seen, true);
        found = find(&seen, d->code);
        if (found == NULL || !found->mended || seen.result.faults != seen.result.mended)
            fail_msg("%s: not mended", d->sql);
        assert_int_equal(seen.prepared, 1);
        assert_clean(f);
        assert_true(fixture_hits(f, "图书馆") >= 2);
        fixture_teardown(state);
    }
    fixture_setup(state);
}

static void hundreds_of_rows_are_mended_in_batches(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    for (int i = 0; i < 150; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/many/%d", i);
        fixture_save(f, url, "title", "text");
    }
    damage(f, "UPDATE pages SET versions = 7; UPDATE snapshots SET state = 'complete'");
    look(f, &seen, true);
    assert_int_equal(seen.result.faults, 150);
    assert_int_equal(seen.result.mended, 150);
    assert_clean(f);
}

static void a_lost_page_comes_back_with_what_is_left_of_it(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "DELETE FROM pages WHERE id IN (1, 3)");
    look(f, &seen, true);
    assert_clean(f);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE site = 'example.com'"), 3);
    assert_int_equal(pragma(f, "SELECT snapshot FROM pages WHERE id = 1"), 4);
    assert_int_equal(pragma(f, "SELECT versions FROM pages WHERE id = 1"), 2);
    assert_int_equal(fixture_hits(f, "second version"), 1);
    assert_int_equal(fixture_hits(f, "tag:阅读"), 2);
    assert_int_equal(fixture_hits(f, "site:example.com"), 2);
}

static void what_is_no_fault_is_told_as_such(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "UPDATE snapshots SET state = 'pending' WHERE id = 1;"
              "UPDATE snapshots SET state = 'incomplete' WHERE id = 2;"
              "INSERT INTO blobs VALUES (900, x'01', 3, 3, 0, x'414243')");
    damage(f, "UPDATE blobs SET hash = "
              "x'b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78'"
              " WHERE id = 900");
    look(f, &seen, false);
    assert_int_equal(seen.result.faults, 0);
    assert_int_equal(seen.result.notes, 3);
    assert_false(find(&seen, "snapshot_pending")->mendable);
    assert_true(find(&seen, "snapshot_behind")->mendable);
    assert_non_null(find(&seen, "blobs_unused"));
    assert_int_equal(seen.result.orphans, 1);
    assert_int_equal(seen.result.orphan_bytes, 3);
    look(f, &seen, true);
    assert_true(find(&seen, "blobs_unused")->mended);
    assert_int_equal(seen.result.orphans, 1);
    look(f, &seen, false);
    assert_int_equal(seen.result.orphans, 0);
    assert_int_equal(seen.result.notes, 1);
}

static void a_page_without_a_version_stays_a_fault(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "DELETE FROM snapshots WHERE page = 3; UPDATE pages SET versions = 0 WHERE id = 3");
    look(f, &seen, true);
    assert_false(find(&seen, "page_empty")->mended);
    look(f, &seen, true);
    assert_int_equal(seen.result.faults, 1);
    assert_int_equal(seen.result.mended, 0);
    assert_ok(pages_trash(f->store, 3, &f->err));
    assert_clean(f);
}

/* ---- The index ---- */

/* More than fit into one piece of the index. */
static void save_many_words(struct fixture *f)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "word%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
    save(f, "https://example.com/words", text.ptr);
    buf_finish(&text);
}

static void a_broken_index_is_made_anew(void **state)
{
    static const char *const damages[] = {
        "DELETE FROM search_data WHERE id > 1",
        "UPDATE search_data SET block = randomblob(length(block)) WHERE id > 10",
        "DELETE FROM search_idx",
        "UPDATE search_data SET block = x'00' WHERE id = 10",
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct seen seen = {.count = 0};
        if (i > 0)
            shelf_setup(state);
        struct fixture *f = *state;
        save_many_words(f);
        damage(f, damages[i]);
        fixture_close(f);
        fixture_open(f, STORE_EXISTING);
        look(f, &seen, false);
        if (seen.result.faults == 0)
            fail_msg("%s: not found", damages[i]);
        look(f, &seen, true);
        assert_int_equal(seen.result.faults, seen.result.mended);
        assert_clean(f);
        assert_int_equal(fixture_hits(f, "图书馆"), 3);
        assert_int_equal(fixture_hits(f, "wordqqq"), 0);
        assert_int_equal(fixture_hits(f, "wordqqc"), 1);
        if (i + 1 < sizeof damages / sizeof *damages)
            shelf_teardown(state);
    }
}

static void words_of_all_scripts_agree_with_the_index(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {"the of and to in the of the the a",
                                        "ＡＢＣ ｶﾞ ｱ ﬁ ①②③ İstanbul ß",
                                        "中文english混排123再来",
                                        "𠀀𠀁 emoji 😀😀 C++ C#",
                                        "ไทย ລາວ ខ្មែរ မြန်မာ 한국어 ひらがな",
                                        "",
                                        "a\tb\nc\xc2\xa0 z"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%%E4%%B8%%AD/%zu?q=a#b", i);
        int64_t page = fixture_save(f, url, texts[i], texts[i]);
        if (texts[i][0] != '\0') {
            const struct page_change change = {.note = texts[i]};
            assert_ok(pages_update(f->store, page, &change, NULL, &f->err));
        }
    }
    damage(f, "UPDATE snapshots SET state = 'complete'");
    assert_clean(f);
}

static void an_index_of_another_version_is_no_fault(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "UPDATE meta SET value = 'old' WHERE key = 'tokenizer';"
              "UPDATE pages SET title = 'another' WHERE id = 3");
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    look(f, &seen, false);
    assert_int_equal(seen.result.faults, 0);
    assert_non_null(find(&seen, "index_outdated"));
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    assert_clean(f);
    assert_int_equal(fixture_hits(f, "another"), 1);
}

/* ---- The file ---- */

static void an_index_that_lost_rows_is_made_anew(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    fixture_close(f);
    /* An index over fewer rows, then as the schema has it. */
    fixture_sql(f, "PRAGMA writable_schema = ON;"
                   "UPDATE sqlite_schema SET sql = replace(sql, ')', ') WHERE saved < 0')"
                   " WHERE name = 'pages_saved'");
    fixture_sql(f, "REINDEX pages_saved");
    fixture_sql(f, "PRAGMA writable_schema = ON;"
                   "UPDATE sqlite_schema SET sql = replace(sql, ' WHERE saved < 0', '')"
                   " WHERE name = 'pages_saved'");
    fixture_open(f, STORE_EXISTING);
    look(f, &seen, false);
    assert_non_null(find(&seen, "file_index"));
    assert_true(find(&seen, "file_index")->detail[0] != '\0');
    look(f, &seen, true);
    assert_true(find(&seen, "file_index")->mended);
    assert_clean(f);
}

/* Overwrites a page of the file that belongs to `table`. */
static void break_page(struct fixture *f, const char *table)
{
    char sql[200];
    sqlite3 *db;
    sqlite3_stmt *statement;
    char junk[512];
    memset(junk, 0x5A, sizeof junk);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    snprintf(sql, sizeof sql, "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    off_t at = (off_t)(sqlite3_column_int64(statement, 0) - 1) * 16384;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    int fd = open(f->path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, junk, sizeof junk, at), (ssize_t)sizeof junk);
    assert_int_equal(close(fd), 0);
}

static void a_file_with_broken_pages_is_told_of_and_left(void **state)
{
    static const char *const tables[] = {"blobs", "snapshot_assets", "pages", "undo_rows",
                                         "jobs_order"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct seen seen = {.count = 0};
        if (i > 0)
            shelf_setup(state);
        struct fixture *f = *state;
        fixture_close(f);
        break_page(f, tables[i]);
        fixture_open(f, STORE_READ_ONLY);
        look(f, &seen, false);
        assert_true(find(&seen, "file_damaged") != NULL || find(&seen, "file_unreadable") != NULL);
        assert_true(seen.result.faults > 0);
        fixture_close(f);
        fixture_open(f, STORE_EXISTING);
        look(f, &seen, true);
        assert_true(seen.result.faults > seen.result.mended);
        if (i + 1 < sizeof tables / sizeof *tables)
            shelf_teardown(state);
    }
}

int main(void)
{
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        SHELF(a_store_in_order_has_no_findings),
        EMPTY(an_empty_store_has_none_either),
        SHELF(looking_needs_no_right_to_write_and_changes_nothing),
        SHELF(it_can_be_stopped),
        SHELF(no_backup_no_repair),
        cmocka_unit_test_teardown(what_is_wrong_with_rows_is_found_and_mended, fixture_teardown),
        EMPTY(hundreds_of_rows_are_mended_in_batches),
        SHELF(a_lost_page_comes_back_with_what_is_left_of_it),
        SHELF(what_is_no_fault_is_told_as_such),
        SHELF(a_page_without_a_version_stays_a_fault),
        SHELF(a_broken_index_is_made_anew),
        SHELF(an_index_of_another_version_is_no_fault),
        EMPTY(words_of_all_scripts_agree_with_the_index),
        SHELF(an_index_that_lost_rows_is_made_anew),
        SHELF(a_file_with_broken_pages_is_told_of_and_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

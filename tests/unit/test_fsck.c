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

/* A store with a little of everything: three pages, one in the trash, tags, a step, a job. */
static int shelf_setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    struct fixture *f = *state;
    static const char *const urls[] = {"https://example.com/1", "https://example.com/2",
                                       "https://example.com/3"};
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof text, "光明区图书馆 reading room number %zu, and its catalogue", i);
        int64_t page = save(f, urls[i], text).page;
        fixture_tag(f, page, i == 1 ? "其他" : "阅读");
    }
    save(f, urls[0], "光明区图书馆 second version of the page");
    const char *tag = "later";
    const int64_t pages[] = {2};
    const struct pages_edit edit = {
        .pages = pages, .count = 1, .add = &tag, .add_count = 1, .trash = EDIT_TRASH};
    int64_t changed;
    int64_t step;
    assert_ok(tagging_edit(f->store, &edit, &changed, &step, &f->err));
    damage(f, "INSERT INTO jobs (kind, again, media_limit, created, updated, page, host, title,"
              " tags, url, normalized) VALUES ('save', 0, -1, 1, 1, 0, 'example.com', 't', '',"
              " 'https://example.com/4', 'https://example.com/4');"
              "INSERT INTO page_urls VALUES ('https://example.com/other', 1);"
              "INSERT INTO page_health VALUES (1, 1, 'ok', 0, 0, '', '')");
    return 0;
}

static int64_t hits(struct fixture *f, const char *query)
{
    struct search_end end = {0};
    const struct search_request request = {
        .query = slice_of(query), .limit = 10, .now = 1795200000000};
    assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err));
    return end.total;
}

static bool note_row(const struct snapshot_row *row, void *arg)
{
    struct snapshot_row *out = arg;
    *out = *row;
    out->state = strcmp(row->state, "complete") == 0 ? "complete" : "other";
    return true;
}

static struct snapshot_row snapshot(struct fixture *f, int64_t id)
{
    struct snapshot_row row;
    assert_ok(snapshots_get(f->store, id, note_row, &row, &f->err));
    return row;
}

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
    {"UPDATE undo_rows SET step = 40", "undo_reference", 0, 0},
    {"INSERT INTO undo_rows VALUES (1, 90, 0, 0, 0, '', '', '')", "undo_damaged", 0, 0},
    {"UPDATE jobs SET state = 'odd'", "job_state", 0, 0},
    {"UPDATE jobs SET state = 'running'", "job_state", 0, 0},
    {"UPDATE jobs SET title = CAST(x'ff' AS TEXT)", "job_text", 0, 0},
    {"UPDATE blobs SET stored = stored + 1 WHERE id = 1", "blob_size", 0, 0},
    {"UPDATE pages SET trashed = -5 WHERE id = 3", "page_trash", 3, 0},
    {"UPDATE pages SET trashed = 4102444800000 WHERE id = 2", "page_trash", 2, 0},
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
        assert_true(hits(f, "图书馆") >= 2);
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
    assert_int_equal(hits(f, "second version"), 1);
    assert_int_equal(hits(f, "tag:阅读"), 2);
    assert_int_equal(hits(f, "site:example.com"), 2);
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

/* ---- Blobs ---- */

static int64_t blob_of(struct fixture *f, const char *what, int64_t snapshot_id)
{
    sqlite3_stmt *statement = db_prepare_once(f->store, slice_of(what), &f->err);
    bool row;
    assert_non_null(statement);
    db_bind_int(f->store, statement, 1, snapshot_id);
    assert_ok(db_step(f->store, statement, &row, &f->err));
    assert_true(row);
    int64_t blob = sqlite3_column_int64(statement, 0);
    db_done(f->store, statement);
    return blob;
}

#define DOCUMENT "SELECT document FROM snapshots WHERE id = ?1"
#define TEXT     "SELECT text FROM snapshots WHERE id = ?1"
#define ICON     "SELECT icon FROM snapshots WHERE id = ?1"
#define PICTURE  "SELECT blob FROM snapshot_assets WHERE kind = 'image' AND snapshot = ?1"

/* The ways in which a blob goes bad. */
static const char *const blob_damages[] = {
    /* a byte flipped; the packed ones have no sum of their own */
    "UPDATE blobs SET data = CAST(substr(data, 1, length(data) - 9) || x'00' ||"
    " substr(data, length(data) - 7) AS BLOB) WHERE id = ?1",
    "UPDATE blobs SET data = substr(data, 1, length(data) / 2), stored = length(data) / 2"
    " WHERE id = ?1",
    "UPDATE blobs SET data = x'' WHERE id = ?1",
    "UPDATE blobs SET size = size + 1 WHERE id = ?1",
    "UPDATE blobs SET size = 99999999999 WHERE id = ?1",
    "UPDATE blobs SET size = -1 WHERE id = ?1",
    "UPDATE blobs SET packed = 1 - packed WHERE id = ?1",
    "UPDATE blobs SET hash = x'00' WHERE id = ?1",
    "DELETE FROM blobs WHERE id = ?1",
};
enum { BLOB_DAMAGES = sizeof blob_damages / sizeof *blob_damages };

static void damage_blob(struct fixture *f, size_t how, int64_t blob)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, blob_damages[how], -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_int64(statement, 1, blob);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void remove_damaged(struct fixture *f)
{
    DIR *folder = opendir(f->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char file[800];
        snprintf(file, sizeof file, "%s/%s", f->folder, entry->d_name);
        if (strncmp(entry->d_name, "store.db.damaged-", 17) == 0)
            assert_int_equal(unlink(file), 0);
    }
    closedir(folder);
}

static int shelf_teardown(void **state)
{
    remove_damaged(*state);
    return fixture_teardown(state);
}

/* Damages the blob of a version in each way, one store after the other; `after` looks at what
 * became of it. */
static void each_blob_damage(void **state, const char *which, int64_t snapshot_id, const char *code,
                             void (*after)(struct fixture *))
{
    for (size_t how = 0; how < BLOB_DAMAGES; how++) {
        struct seen seen = {.count = 0};
        shelf_setup(state);
        struct fixture *f = *state;
        int64_t blob = blob_of(f, which, snapshot_id);
        damage_blob(f, how, blob);
        look(f, &seen, false);
        const struct fsck_finding *found = find(&seen, code);
        if (found == NULL)
            fail_msg("%s: not found", blob_damages[how]);
        assert_int_equal(found->blob, blob);
        assert_true(found->snapshot > 0 && found->page > 0 && found->fault && found->mendable);
        look(f, &seen, true);
        if (seen.result.faults != seen.result.mended)
            fail_msg("%s: not mended", blob_damages[how]);
        assert_int_equal(seen.prepared, 1);
        assert_clean(f);
        after(f);
        shelf_teardown(state);
    }
    fixture_setup(state);
}

static void the_picture_can_be_had_again(struct fixture *f)
{
    struct snapshot_row row = snapshot(f, 2);
    assert_string_equal(row.state, "other");
    assert_int_equal(row.failed, 1);
    save(f, "https://example.com/2", "the same picture, which is stored anew");
    assert_clean(f);
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    assert_ok(snapshots_asset(f->store, 5, REF_1, &bytes, NULL, NULL, &f->err));
    assert_int_equal(bytes.len, 3000);
    buf_finish(&bytes);
}

static void a_damaged_asset_is_missing_and_can_be_fetched_again(void **state)
{
    each_blob_damage(state, PICTURE, 2, "asset_damaged", the_picture_can_be_had_again);
}

static void the_icon_is_gone_and_nothing_else(struct fixture *f)
{
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots WHERE icon IS NOT NULL"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots WHERE state = 'incomplete'"), 4);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshot_assets WHERE state = 'failed'"), 4);
    assert_int_equal(hits(f, "图书馆"), 2);
}

static void a_damaged_icon_of_many_versions_is_given_up(void **state)
{
    each_blob_damage(state, ICON, 2, "icon_damaged", the_icon_is_gone_and_nothing_else);
}

static void the_text_is_that_of_the_document(struct fixture *f)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    assert_ok(snapshots_text(f->store, 3, &text, &f->err));
    assert_true(slice_find(buf_slice(&text), 0, slice_of("reading room")) < text.len);
    buf_finish(&text);
    assert_int_equal(hits(f, "reading room"), 1);
    assert_int_equal(hits(f, "catalogue"), 0);
}

static void a_damaged_text_is_made_anew_from_the_document(void **state)
{
    each_blob_damage(state, TEXT, 3, "text_damaged", the_text_is_that_of_the_document);
}

static void the_document_shows_the_text(struct fixture *f)
{
    for (int64_t id = 1; id <= 4; id++) {
        struct buf html;
        buf_init(&html, 1 << 20);
        assert_ok(snapshots_document(f->store, id, &html, &f->err));
        struct slice s = buf_slice(&html);
        assert_true(slice_find(s, 0, slice_of("was damaged")) < s.len);
        assert_true(slice_find(s, 0, slice_of("光明区图书馆")) < s.len);
        buf_finish(&html);
    }
    assert_int_equal(hits(f, "reading room"), 1);
    assert_int_equal(hits(f, "图书馆"), 2);
}

static void a_damaged_document_is_stood_in_for_by_its_text(void **state)
{
    each_blob_damage(state, DOCUMENT, 3, "document_damaged", the_document_shows_the_text);
}

static void damaged_bytes_are_kept_aside(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    char name[700];
    int64_t blob = blob_of(f, PICTURE, 2);
    damage_blob(f, 0, blob);
    sqlite3_stmt *statement =
        db_prepare(f->store, "SELECT hex(hash), data FROM blobs WHERE id = ?1", &f->err);
    bool row;
    db_bind_int(f->store, statement, 1, blob);
    assert_ok(db_step(f->store, statement, &row, &f->err));
    char hex[80];
    snprintf(hex, sizeof hex, "%s", sqlite3_column_text(statement, 0));
    for (char *c = hex; *c != '\0'; c++)
        *c = ascii_lower(*c);
    struct slice data = db_blob(statement, 1);
    struct buf was;
    buf_init(&was, 1 << 20);
    buf_add_slice(&was, data);
    db_done(f->store, statement);
    look(f, &seen, true);
    snprintf(name, sizeof name, "%s.damaged-%s", f->path, hex);
    struct buf kept = read_file(name);
    assert_true(slice_equal(buf_slice(&kept), buf_slice(&was)));
    struct stat info;
    assert_int_equal(stat(name, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    buf_finish(&kept);
    buf_finish(&was);
    assert_clean(f);
}

static void document_and_text_lost_together_leave_a_page_that_says_so(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage_blob(f, 1, blob_of(f, DOCUMENT, 3));
    damage_blob(f, 1, blob_of(f, TEXT, 3));
    look(f, &seen, true);
    assert_int_equal(seen.result.faults, seen.result.mended);
    assert_clean(f);
    struct buf html;
    buf_init(&html, 1 << 20);
    assert_ok(snapshots_document(f->store, 3, &html, &f->err));
    assert_true(slice_find(buf_slice(&html), 0, slice_of("was damaged")) < html.len);
    buf_finish(&html);
    assert_int_equal(hits(f, "title:图书馆"), 2);
}

/* What a person saved as it was found: the text in the index is the document's own. */
static void a_text_that_comes_out_the_same_is_put_where_it_was(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    struct buf text;
    buf_init(&text, 1 << 20);
    assert_ok(remake_text(slice_of(document_1), "https://example.com/9", &text, NULL, &f->err));
    assert_true(buf_add_char(&text, '\0'));
    struct snapshot_ids ids = save(f, "https://example.com/9", text.ptr);
    buf_finish(&text);
    int64_t blob = blob_of(f, TEXT, ids.snapshot);
    damage_blob(f, 1, blob);
    look(f, &seen, true);
    assert_int_equal(seen.result.faults, 1);
    assert_int_equal(seen.result.mended, 1);
    assert_int_equal(blob_of(f, TEXT, ids.snapshot), blob);
    assert_clean(f);
}

static void damage_that_others_mended_meanwhile_is_no_fault(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "INSERT INTO blobs VALUES (900, x'01', 3, 3, 0, x'414243')");
    look(f, &seen, false);
    assert_non_null(find(&seen, "blob_damaged"));
    look(f, &seen, true);
    assert_true(find(&seen, "blob_damaged")->mended);
    assert_clean(f);
    damage(f, "DELETE FROM snapshot_assets WHERE snapshot = 2 AND kind = 'image';"
              "UPDATE snapshots SET assets = 1, stored = 1, bytes = bytes - 3000 WHERE id = 2");
    look(f, &seen, false);
    assert_int_equal(seen.result.faults, 0);
    assert_non_null(find(&seen, "asset_unlisted"));
    assert_int_equal(find(&seen, "asset_unlisted")->snapshot, 2);
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
        assert_int_equal(hits(f, "图书馆"), 3);
        assert_int_equal(hits(f, "wordqqq"), 0);
        assert_int_equal(hits(f, "wordqqc"), 1);
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
            assert_ok(pages_update(f->store, page, &change, &f->err));
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
    assert_int_equal(hits(f, "another"), 1);
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
    const struct CMUnitTest tests[] = {
#define SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_setup, shelf_teardown)
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
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
        cmocka_unit_test_teardown(a_damaged_asset_is_missing_and_can_be_fetched_again,
                                  fixture_teardown),
        cmocka_unit_test_teardown(a_damaged_icon_of_many_versions_is_given_up, fixture_teardown),
        cmocka_unit_test_teardown(a_damaged_text_is_made_anew_from_the_document, fixture_teardown),
        cmocka_unit_test_teardown(a_damaged_document_is_stood_in_for_by_its_text, fixture_teardown),
        SHELF(damaged_bytes_are_kept_aside),
        SHELF(document_and_text_lost_together_leave_a_page_that_says_so),
        SHELF(a_text_that_comes_out_the_same_is_put_where_it_was),
        SHELF(damage_that_others_mended_meanwhile_is_no_fault),
        SHELF(a_broken_index_is_made_anew),
        SHELF(an_index_of_another_version_is_no_fault),
        EMPTY(words_of_all_scripts_agree_with_the_index),
        SHELF(an_index_that_lost_rows_is_made_anew),
        SHELF(a_file_with_broken_pages_is_told_of_and_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* store: fsck: bytes that went bad, and what is made in their place. */
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
    assert_int_equal(fixture_hits(f, "图书馆"), 2);
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
    assert_int_equal(fixture_hits(f, "reading room"), 1);
    assert_int_equal(fixture_hits(f, "catalogue"), 0);
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
    assert_int_equal(fixture_hits(f, "reading room"), 1);
    assert_int_equal(fixture_hits(f, "图书馆"), 2);
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
    assert_int_equal(fixture_hits(f, "title:图书馆"), 2);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_damaged_asset_is_missing_and_can_be_fetched_again,
                                  fixture_teardown),
        cmocka_unit_test_teardown(a_damaged_icon_of_many_versions_is_given_up, fixture_teardown),
        cmocka_unit_test_teardown(a_damaged_text_is_made_anew_from_the_document, fixture_teardown),
        cmocka_unit_test_teardown(a_damaged_document_is_stood_in_for_by_its_text, fixture_teardown),
        SHELF(damaged_bytes_are_kept_aside),
        SHELF(document_and_text_lost_together_leave_a_page_that_says_so),
        SHELF(a_text_that_comes_out_the_same_is_put_where_it_was),
        SHELF(damage_that_others_mended_meanwhile_is_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

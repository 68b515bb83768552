/* store: fsck: what cannot be mended keeps nothing else from it, and no mending mixes up pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/cli.h"
#include "base/digest.h"
#include "fsck_fixture.h"

#include <dirent.h>

/* Page 1, 2, ... with a document, a text and an asset of its own. */
static struct snapshot_ids save_own(struct fixture *f, int number)
{
    char url[64];
    char title[64];
    char text[200];
    char document[300];
    char picture[2000];
    struct put_counts counts = {0};
    snprintf(url, sizeof url, "https://example.com/own/%d", number);
    snprintf(title, sizeof title, "Page own%d", number);
    snprintf(text, sizeof text, "words of own%d and no other page of them all, number %d", number,
             number);
    snprintf(document, sizeof document, "<!DOCTYPE html><title>own%d</title><p>%s", number, text);
    for (size_t i = 0; i < sizeof picture; i++)
        picture[i] = (char)(i * i + 7 * i + (size_t)number);
    const struct asset_row row = {.ref = REF_1,
                                  .url = "https://example.com/i.png",
                                  .kind = "image",
                                  .state = "stored",
                                  .media_type = "image/png",
                                  .bytes = slice_make(picture, sizeof picture)};
    struct snapshot_new new = fixture_snapshot(url, title, text);
    new.document = slice_of(document);
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_ok(snapshots_put_assets(f->store, ids.snapshot, &row, 1, &counts, &f->err));
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    return ids;
}

static int own_setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    for (int i = 1; i <= 4; i++)
        save_own(*state, i);
    return 0;
}

/* With what was put aside. */
static int own_teardown(void **state)
{
    struct fixture *f = *state;
    DIR *folder = opendir(f->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char file[800];
        snprintf(file, sizeof file, "%s/%s", f->folder, entry->d_name);
        if (strncmp(entry->d_name, "store.db.damaged-", 17) == 0)
            assert_int_equal(unlink(file), 0);
    }
    closedir(folder);
    return fixture_teardown(state);
}

static size_t count(const struct seen *seen, const char *code, bool mended)
{
    size_t found = 0;
    for (size_t i = 0; i < seen->count; i++)
        found += strcmp(seen->codes[i], code) == 0 && seen->rows[i].mended == mended;
    return found;
}

/* ---- Numbers of blobs ---- */

static bool document_has(struct fixture *f, int64_t snapshot, const char *words)
{
    struct buf html;
    buf_init(&html, 1 << 20);
    assert_ok(snapshots_document(f->store, snapshot, &html, &f->err));
    bool has = slice_find(buf_slice(&html), 0, slice_of(words)) < html.len;
    buf_finish(&html);
    return has;
}

static void a_repair_never_shows_a_page_in_place_of_a_lost_one(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "DELETE FROM blobs WHERE id = (SELECT document FROM snapshots WHERE id = 2)"
              " OR id >= (SELECT document FROM snapshots WHERE id = 4)");
    look(f, &seen, true);
    assert_int_equal(seen.result.faults, seen.result.mended);
    assert_clean(f);
    assert_true(document_has(f, 2, "words of own2"));
    assert_true(document_has(f, 4, "was damaged"));
    assert_true(document_has(f, 4, "Page own4"));
    assert_false(document_has(f, 4, "own2"));
}

static void what_is_saved_never_gets_the_number_of_a_lost_blob(void **state)
{
    static const char *const columns[] = {"document", "text", "icon"};
    struct fixture *f = *state;
    struct buf html;
    buf_init(&html, 1 << 20);
    damage(f, "DELETE FROM blobs WHERE id >= (SELECT document FROM snapshots WHERE id = 4)");
    struct snapshot_ids ids = save_own(f, 5);
    assert_true(document_has(f, ids.snapshot, "own5"));
    assert_error(snapshots_document(f->store, 4, &html, &f->err), ERR_STORE_CORRUPT);
    assert_error(snapshots_text(f->store, 4, &html, &f->err), ERR_STORE_CORRUPT);
    assert_error(snapshots_asset(f->store, 4, REF_1, &html, NULL, NULL, &f->err),
                 ERR_STORE_CORRUPT);
    buf_finish(&html);
    /* Whatever column names it; one that is no number of ours does not use up the others. */
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char sql[200];
        snprintf(sql, sizeof sql, "UPDATE snapshots SET %s = %zu000 WHERE id = 1;", columns[i],
                 i + 1);
        damage(f, sql);
        ids = save_own(f, 6 + (int)i);
        snprintf(sql, sizeof sql, "SELECT min(document) > %zu000 FROM snapshots WHERE id = %lld",
                 i + 1, (long long)ids.snapshot);
        assert_int_equal(pragma(f, sql), 1);
    }
    damage(f, "UPDATE snapshots SET icon = 9223372036854775807 WHERE id = 2");
    ids = save_own(f, 20);
    assert_int_equal(pragma(f, "SELECT max(id) < 4000 FROM blobs"), 1);
}

static void numbers_of_lost_blobs_may_be_anything(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "UPDATE snapshots SET document = 9223372036854775807 WHERE id = 1;"
              "UPDATE snapshots SET text = -3 WHERE id = 2;"
              "UPDATE blobs SET data = x'00' WHERE id ="
              " (SELECT blob FROM snapshot_assets WHERE snapshot = 3)");
    look(f, &seen, true);
    assert_int_equal(count(&seen, "document_damaged", true), 1);
    assert_int_equal(count(&seen, "text_damaged", true), 1);
    assert_int_equal(count(&seen, "asset_damaged", true), 1);
    assert_clean(f);
}

/* ---- Values that are none ---- */

static void sizes_that_are_none_stop_nothing(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    const struct asset_row row = {.ref = REF_2,
                                  .url = "https://example.com/2.png",
                                  .kind = "image",
                                  .state = "stored",
                                  .media_type = "image/png",
                                  .bytes = slice_of("another picture of the same page")};
    struct put_counts counts = {0};
    struct snapshot_new new = fixture_snapshot("https://example.com/own/1", "t", "x");
    struct snapshot_ids ids = fixture_begin(f, &new);
    struct asset_row rows[] = {row, row};
    rows[1].ref = REF_1;
    rows[1].bytes = slice_of("and one more");
    assert_ok(snapshots_put_assets(f->store, ids.snapshot, rows, 2, &counts, &f->err));
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    damage(f, "UPDATE blobs SET size = 9223372036854775807, stored = 9223372036854775807");
    damage(f, "UPDATE pages SET versions = 9 WHERE id = 4;"
              "INSERT INTO blobs VALUES (900, x'01', 3, 9223372036854775807, 0, x'414243'),"
              " (901, x'02', 3, 9223372036854775807, 0, x'414243')");
    look(f, &seen, false);
    assert_int_equal(count(&seen, "page_versions", false), 1);
    look(f, &seen, true);
    assert_int_equal(seen.result.faults, seen.result.mended);
    assert_clean(f);
}

static bool refuse_document(struct slice text, const char *title, const char *url, struct buf *out,
                            void *arg, struct error *err)
{
    (void)arg;
    if (strstr(url, "own/1") == NULL)
        return remake_document(text, title, url, out, NULL, err);
    return error_set(err, ERR_LIMIT, "Too much");
}

static void a_document_that_nothing_stands_in_for_stays_alone(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "UPDATE snapshots SET url = CAST(x'687474703a2f2fff00' AS TEXT) WHERE id = 2;"
              "UPDATE blobs SET data = x'00' WHERE id IN"
              " (SELECT document FROM snapshots WHERE id < 4 UNION"
              "  SELECT blob FROM snapshot_assets WHERE snapshot = 3)");
    const struct fsck_hooks hooks = {
        .found = note, .make_text = remake_text, .make_document = refuse_document, .arg = &seen};
    assert_ok(fsck_run(f->store, true, &hooks, &seen.result, &f->err));
    assert_int_equal(count(&seen, "document_damaged", false), 2);
    assert_int_equal(count(&seen, "document_damaged", true), 1);
    assert_int_equal(count(&seen, "asset_damaged", true), 1);
    assert_int_equal(count(&seen, "snapshot_text", true), 1);
    assert_int_equal(seen.result.faults - seen.result.mended, 2);
}

static void values_larger_than_the_store_takes_are_damage(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "UPDATE blobs SET data = zeroblob(3000000) WHERE id ="
              " (SELECT blob FROM snapshot_assets WHERE snapshot = 2);"
              "UPDATE blobs SET data = zeroblob(3000000) WHERE id ="
              " (SELECT document FROM snapshots WHERE id = 3);"
              "INSERT INTO blobs VALUES (900, x'01', 3, 3, 0, zeroblob(3000000));"
              "UPDATE pages SET versions = 9 WHERE id = 4");
    sqlite3_limit(f->store->db, SQLITE_LIMIT_LENGTH, 1000000);
    look(f, &seen, false);
    assert_int_equal(count(&seen, "asset_damaged", false), 1);
    assert_int_equal(count(&seen, "document_damaged", false), 1);
    assert_int_equal(count(&seen, "page_versions", false), 1);
    look(f, &seen, true);
    assert_int_equal(count(&seen, "asset_damaged", true), 1);
    assert_int_equal(count(&seen, "document_damaged", true), 1);
    assert_int_equal(count(&seen, "page_versions", true), 1);
    assert_clean(f);
}

static void places_at_the_end_of_the_order_are_no_dead_end(void **state)
{
    static const char *const damages[] = {
        "UPDATE pages SET ord = 9223372036854775807 WHERE id = 1; DELETE FROM pages WHERE id = 2",
        "UPDATE pages SET ord = 9007199254740991 WHERE id = 1;"
        "UPDATE pages SET ord = -id WHERE id IN (2, 3)",
        "UPDATE pages SET ord = 9007199254740992 WHERE id = 1;"
        "DELETE FROM pages WHERE id = 2; UPDATE pages SET ord = -id WHERE id = 3",
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct seen seen = {.count = 0};
        if (i > 0)
            own_setup(state);
        struct fixture *f = *state;
        damage(f, damages[i]);
        damage(f, "UPDATE pages SET versions = 9 WHERE id = 4");
        look(f, &seen, true);
        assert_int_equal(seen.result.faults, seen.result.mended);
        assert_int_equal(count(&seen, "page_versions", true), 1);
        assert_clean(f);
        assert_int_equal(pragma(f, "SELECT count(*) FROM pages"), 4);
        if (i + 1 < sizeof damages / sizeof *damages)
            own_teardown(state);
    }
}

/* Either it is no store of ours, or its words stay what they are. */
static void a_database_of_another_encoding_keeps_its_words(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    fixture_sql(f, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE x (y); DROP TABLE x");
    if (!store_open(f->path, STORE_CREATE, &f->store, &f->err)) {
        assert_int_equal(f->err.code, ERR_STORE_CORRUPT);
        return;
    }
    fixture_save(f, "https://example.com/1", "Pägé 图书馆", "words");
    damage(f, "UPDATE snapshots SET state = 'complete'");
    look(f, &seen, true);
    assert_int_equal(seen.result.faults, 0);
    assert_int_equal(pragma(f, "SELECT title = 'Pägé 图书馆' FROM pages"), 1);
}

/* ---- Rows that cannot be mended ---- */

static void one_stubborn_row_keeps_no_other_from_being_mended(void **state)
{
    enum { PAGES = 150 };
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    for (int i = 1; i <= PAGES; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/many/%d", i);
        fixture_save(f, url, "title", "text");
    }
    damage(f, "UPDATE snapshots SET state = 'complete';"
              "UPDATE pages SET title = CAST(x'41ff42' AS TEXT) WHERE id > 1;"
              "UPDATE pages SET normalized = CAST(x'61ff' AS TEXT) WHERE id = 2;"
              "UPDATE pages SET normalized = 'a' || char(65533) WHERE id = 1");
    look(f, &seen, true);
    assert_int_equal(count(&seen, "page_text", true), PAGES - 2);
    assert_int_equal(count(&seen, "page_text", false), 1);
    assert_int_equal(
        pragma(f, "SELECT count(*) FROM pages WHERE title = 'A' || char(65533) || 'B'"), PAGES - 2);
    for (size_t i = 0; i < seen.count; i++)
        if (strcmp(seen.codes[i], "page_text") == 0)
            assert_int_equal(seen.rows[i].mended, seen.rows[i].page != 2);
}

static void what_the_schema_refuses_ends_no_repair(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    damage(f, "DELETE FROM pages WHERE id IN (1, 2);"
              "UPDATE pages SET normalized = 'https://example.com/own/1' WHERE id = 3;"
              "UPDATE pages SET normalized = 'https://example.com/own/1#1', versions = 9"
              " WHERE id = 4");
    look(f, &seen, true);
    assert_int_equal(count(&seen, "page_lost", false), 1);
    assert_int_equal(count(&seen, "page_lost", true), 1);
    assert_int_equal(count(&seen, "page_versions", true), 1);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE id = 2"), 1);
}

struct locked {
    bool inside;
    int scans;
    int mends;
};

static int trace(unsigned event, void *arg, void *statement, void *text)
{
    struct locked *locked = arg;
    const char *sql = text;
    (void)event;
    (void)statement;
    if (strcmp(sql, "BEGIN IMMEDIATE") == 0)
        locked->inside = true;
    else if (strcmp(sql, "COMMIT") == 0)
        locked->inside = false;
    else if (locked->inside && strncmp(sql, "SELECT id, page, id FROM snapshots s", 36) == 0)
        locked->scans++;
    else if (locked->inside && strncmp(sql, "UPDATE snapshots AS s SET bytes", 31) == 0)
        locked->mends++;
    return 0;
}

static void a_repair_does_not_look_for_rows_while_it_keeps_others_from_writing(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    struct locked locked = {.scans = 0};
    damage(f, "UPDATE snapshots SET stored = 9");
    sqlite3_trace_v2(f->store->db, SQLITE_TRACE_STMT, trace, &locked);
    look(f, &seen, true);
    sqlite3_trace_v2(f->store->db, 0, NULL, NULL);
    assert_int_equal(count(&seen, "snapshot_counts", true), 4);
    assert_int_equal(locked.mends, 4);
    assert_int_equal(locked.scans, 0);
}

/* ---- What is told and kept of blobs ---- */

static void all_uses_of_a_damaged_blob_are_told(void **state)
{
    enum { PAGES = 100 };
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    for (int i = 1; i <= PAGES; i++) {
        char url[64];
        char text[64];
        snprintf(url, sizeof url, "https://example.com/many/%d", i);
        snprintf(text, sizeof text, "the text of page %d", i);
        fixture_save(f, url, "title", text);
    }
    damage(f, "UPDATE blobs SET data = x'00' WHERE id = (SELECT min(document) FROM snapshots)");
    look(f, &seen, false);
    assert_int_equal(count(&seen, "document_damaged", false), PAGES);
    look(f, &seen, true);
    assert_int_equal(count(&seen, "document_damaged", true), PAGES);
}

static void bytes_are_put_aside_beside_a_file_that_took_their_name(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.count = 0};
    char hex[2 * DIGEST_SIZE + 1];
    char name[700];
    bool row;
    sqlite3_stmt *statement = db_prepare(
        f->store,
        "SELECT hash FROM blobs WHERE id = (SELECT blob FROM snapshot_assets WHERE snapshot = 2)",
        &f->err);
    assert_ok(db_step(f->store, statement, &row, &f->err));
    digest_hex((const uint8_t *)db_blob(statement, 0).ptr, DIGEST_SIZE, hex);
    db_done(f->store, statement);
    snprintf(name, sizeof name, "%s.damaged-%s", f->path, hex);
    write_file(name, "", 0);
    snprintf(name, sizeof name, "%s.damaged-%s-2", f->path, hex);
    write_file(name, "junK", 4);
    damage(f, "UPDATE blobs SET data = CAST('junk' AS BLOB) WHERE id ="
              " (SELECT blob FROM snapshot_assets WHERE snapshot = 2)");
    look(f, &seen, true);
    assert_int_equal(seen.result.mended, 1);
    snprintf(name, sizeof name, "%s.damaged-%s-3", f->path, hex);
    struct buf kept = read_file(name);
    assert_true(slice_equal(buf_slice(&kept), slice_of("junk")));
    buf_finish(&kept);
}

/* The command confines its process, so that it runs in one of its own. */
static void names_in_a_damaged_file_command_no_terminal(void **state)
{
    struct fixture *f = *state;
    char file[320];
    int status;
    fixture_close(f);
    fixture_sql(f, "CREATE INDEX \"x\x1b]0;PWN\a\x1b[2J\xc2\x9b\" ON pages(saved)");
    fixture_sql(f, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
                   " replace(sql, '(saved)', '(saved) WHERE saved < 0') WHERE name LIKE 'x%PWN%'");
    fixture_sql(f, "REINDEX");
    fixture_sql(f, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
                   " replace(sql, ' WHERE saved < 0', '') WHERE name LIKE 'x%PWN%'");
    snprintf(file, sizeof file, "%s/store.db.damaged-told", f->folder);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char *args[] = {(char[]){"fsck"}, NULL};
        struct cli cli = {.db = f->path};
        if (freopen(file, "w", stdout) == NULL)
            _exit(9);
        status = (int)cmd_fsck(&cli, 1, args);
        fflush(stdout);
        _exit(status);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    struct buf told = read_file(file);
    assert_int_equal(WEXITSTATUS(status), CLI_FAILED);
    assert_true(slice_find(buf_slice(&told), 0, slice_of("x?]0;PWN??[2J?")) < told.len);
    for (size_t i = 0; i < told.len; i++)
        assert_true((unsigned char)told.ptr[i] >= ' ' || told.ptr[i] == '\n');
    buf_finish(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define OWN(test)   cmocka_unit_test_setup_teardown(test, own_setup, own_teardown)
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, fixture_setup, own_teardown)
        OWN(a_repair_never_shows_a_page_in_place_of_a_lost_one),
        OWN(what_is_saved_never_gets_the_number_of_a_lost_blob),
        OWN(numbers_of_lost_blobs_may_be_anything),
        OWN(sizes_that_are_none_stop_nothing),
        OWN(a_document_that_nothing_stands_in_for_stays_alone),
        OWN(values_larger_than_the_store_takes_are_damage),
        OWN(places_at_the_end_of_the_order_are_no_dead_end),
        cmocka_unit_test_setup_teardown(a_database_of_another_encoding_keeps_its_words,
                                        folder_setup, own_teardown),
        EMPTY(one_stubborn_row_keeps_no_other_from_being_mended),
        OWN(what_the_schema_refuses_ends_no_repair),
        OWN(a_repair_does_not_look_for_rows_while_it_keeps_others_from_writing),
        EMPTY(all_uses_of_a_damaged_blob_are_told),
        OWN(bytes_are_put_aside_beside_a_file_that_took_their_name),
        OWN(names_in_a_damaged_file_command_no_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

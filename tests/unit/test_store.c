/* store: store, schema, verify: opening, migrating, files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/schema.h"
#include "store/verify.h"
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

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
    assert_int_equal(pragma(f, "PRAGMA user_version"), 6);
    assert_int_equal(pragma(f, "PRAGMA auto_vacuum"), 2);
    assert_int_equal(pragma(f, "PRAGMA synchronous"), 1);
    assert_int_equal(pragma(f, "PRAGMA foreign_keys"), 1);
    assert_int_equal(pragma(f, "PRAGMA trusted_schema"), 0);
    assert_int_equal(pragma(f, "PRAGMA busy_timeout"), 10000);
    struct store_counts counts;
    assert_ok(store_count(f->store, &counts, &f->err));
    assert_int_equal(counts.pages + counts.trashed + counts.snapshots, 0);
    struct store_sizes sizes;
    assert_ok(store_measure(f->store, &sizes, &f->err));
    assert_int_equal(sizes.blobs, 0);
    assert_true(sizes.file_bytes >= 16384);
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
    fixture_sql(f, "PRAGMA user_version = 7; PRAGMA journal_mode = DELETE");
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

enum { NOT_POSSIBLE = 77 };

/* In a folder that the process may not write. Root may write everywhere, so it becomes nobody. */
static int open_without_rights(struct fixture *f)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return NOT_POSSIBLE;
    if (access(f->path, R_OK) != 0)
        return NOT_POSSIBLE; /* the folders above are root's alone */
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
    if (code == NOT_POSSIBLE) {
        print_message("# SKIP: the temporary folder is out of an ordinary user's reach\n");
        skip();
    }
    assert_int_equal(code, 0);
}

static void the_schema_has_the_digest_that_is_written_down(void **state)
{
    struct fixture *f = *state;
    uint8_t digest[DIGEST_SIZE];
    char hex[2 * DIGEST_SIZE + 1];
    fixture_open(f, STORE_CREATE);
    assert_ok(verify_digest(f->store, digest, &f->err));
    digest_hex(digest, sizeof digest, hex);
    assert_string_equal(hex, VERIFY_LATEST);
}

static void a_journal_that_names_another_is_not_played_back(void **state)
{
    struct fixture *f = *state;
    assert_ok(store_open(f->path, STORE_CREATE, &f->store, &f->err));
    static const unsigned char end[] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    char name[sizeof f->path + 16];
    store_close(f->store);
    f->store = NULL;
    snprintf(name, sizeof name, "%s-journal", f->path);
    FILE *journal = fopen(name, "wb");
    assert_non_null(journal);
    assert_int_equal(fwrite(end, sizeof end, 1, journal), 1);
    assert_int_equal(fclose(journal), 0);
    assert_error(store_open(f->path, STORE_EXISTING, &f->store, &f->err), ERR_STORE_CORRUPT);
    assert_int_equal(access(name, F_OK), 0);
    assert_int_equal(unlink(name), 0);
    assert_ok(store_open(f->path, STORE_EXISTING, &f->store, &f->err));
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
        in_folder(tables_that_are_not_ours_are_refused),
        in_folder(the_schema_has_the_digest_that_is_written_down),
        in_folder(an_index_of_another_tokenizer_is_rebuilt),
        in_folder(a_folder_that_cannot_be_written_can_still_be_read),
        in_folder(a_journal_that_names_another_is_not_played_back),
    };
#undef in_folder
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}

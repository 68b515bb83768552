/* store: backup: files to restore that are not as backup_write makes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backup_fixture.h"
#include "store/backup.h"
#include "store/schema.h"

#include <fcntl.h>

static const struct backup_options plain = {0};

static void back_up(struct fixture *f, const char *name)
{
    char file[600];
    struct backup_facts facts;
    name_file(f, name, file);
    assert_ok(backup_write(f->store, file, &plain, NULL, &facts, &f->err));
}

/* Runs SQL on another file of the folder. */
static void change(struct fixture *f, const char *name, const char *sql)
{
    struct fixture other = *f;
    snprintf(other.path, sizeof other.path, "%s/%s", f->folder, name);
    fixture_sql(&other, sql);
}

static void restore(struct fixture *f, const char *name)
{
    char file[600];
    struct backup_restored restored = {0};
    name_file(f, name, file);
    assert_ok(backup_restore(f->path, file, NULL, &restored, &f->err));
    free(restored.kept);
}

static bool is_refused(struct fixture *f, const char *name, enum error_code code)
{
    char file[600];
    char before[1024];
    struct backup_restored restored;
    list_folder(f->folder, before, sizeof before);
    name_file(f, name, file);
    assert_error(backup_restore(f->path, file, NULL, &restored, &f->err), code);
    assert_files(f, before);
    return true;
}

static void copy(struct fixture *f, const char *from, const char *to)
{
    char name[600];
    name_file(f, from, name);
    struct buf bytes = read_file(name);
    name_file(f, to, name);
    write_file(name, bytes.ptr, bytes.len);
    buf_finish(&bytes);
}

/* ---- Copied by hand ---- */

static void a_store_copied_with_its_log_comes_back_where_nothing_can_be_made(void **state)
{
    struct fixture *f = *state;
    char link[600];
    save_many(f, 0, 3);
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    save_many(f, 3, 6);
    copy(f, "store.db", "kept.db");
    copy(f, "store.db-wal", "kept.db-wal");
    fixture_close(f);
    fixture_sql(f, "UPDATE pages SET title = 'other'");
    restore(f, "kept.db");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 6);
    assert_int_equal(found(f, "number5"), 1);
    fixture_close(f);
    /* Neither was anything made beside it. */
    name_file(f, "kept.db-shm", link);
    assert_int_not_equal(access(link, F_OK), 0);
    /* A link leads to where its log lies. */
    char file[600];
    name_file(f, "kept.db", file);
    name_file(f, "kept.link", link);
    assert_int_equal(symlink(file, link), 0);
    fixture_sql(f, "DELETE FROM page_tags");
    restore(f, "kept.link");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 6);
}

static void a_store_copied_with_its_journal_is_as_it_was_before_it(void **state)
{
    struct fixture *f = *state;
    sqlite3 *db;
    save_many(f, 0, 3);
    back_up(f, "kept.store.db");
    fixture_close(f);
    char file[600];
    name_file(f, "kept.store.db", file);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    /* Writes pages before it ends. */
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA cache_size = 1; PRAGMA journal_mode = DELETE; BEGIN;"
                                  "DELETE FROM snapshot_assets; UPDATE pages SET title = 'wrong',"
                                  " url = hex(zeroblob(90000)); UPDATE pages SET note ="
                                  " hex(zeroblob(90000))",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    copy(f, "kept.store.db", "kept.db");
    copy(f, "kept.store.db-journal", "kept.db-journal");
    sqlite3_close(db);
    restore(f, "kept.db");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE title <> 'wrong'"), 3);
    fixture_close(f);
    /* One that names another file is not played back. */
    static const unsigned char magic[8] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    name_file(f, "kept.db-journal", file);
    FILE *journal = fopen(file, "ab");
    assert_non_null(journal);
    assert_int_equal(fwrite(magic, 1, sizeof magic, journal), sizeof magic);
    assert_int_equal(fclose(journal), 0);
    is_refused(f, "kept.db", ERR_STORE_CORRUPT);
}

/* ---- A log of another database beside it ---- */

static void a_backup_is_not_put_beside_the_log_of_another_file(void **state)
{
    struct fixture *f = *state;
    static const char *const logs[] = {"kept.db-wal", "kept.db-journal"};
    static const struct backup_options again = {.replace = true};
    char file[600];
    char log[600];
    struct backup_facts facts;
    save_many(f, 0, 2);
    name_file(f, "kept.db", file);
    for (size_t i = 0; i < 2; i++) {
        name_file(f, logs[i], log);
        write_file(log, "frames of an older file", 23);
        assert_error(backup_write(f->store, file, &plain, NULL, &facts, &f->err), ERR_IO);
        assert_non_null(strstr(f->err.text, logs[i]));
        assert_error(backup_write(f->store, file, &again, NULL, &facts, &f->err), ERR_IO);
        assert_int_not_equal(access(file, F_OK), 0);
        /* An empty one says nothing. */
        write_file(log, "", 0);
        assert_ok(backup_write(f->store, file, &plain, NULL, &facts, &f->err));
        assert_int_equal(unlink(file), 0);
        assert_int_equal(unlink(log), 0);
    }
}

/* ---- Not a store of Linksnap ---- */

static void a_store_whose_texts_are_utf_16_is_refused(void **state)
{
    struct fixture *f = *state;
    char file[600];
    sqlite3 *db;
    save_many(f, 0, 2);
    fixture_close(f);
    name_file(f, "kept.db", file);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA encoding = 'UTF-16le'", NULL, NULL, NULL), SQLITE_OK);
    struct buf text = read_file("tests/fixtures/store/version_6.sql");
    assert_true(buf_add_char(&text, '\0'));
    assert_int_equal(sqlite3_exec(db, text.ptr, NULL, NULL, NULL), SQLITE_OK);
    buf_finish(&text);
    sqlite3_close(db);
    assert_int_equal(ask(file, "SELECT encoding = 'UTF-16le' FROM pragma_encoding"), 1);
    is_refused(f, "kept.db", ERR_STORE_CORRUPT);
    assert_non_null(strstr(f->err.text, "UTF-16"));
    /* Nor is one opened. */
    assert_int_equal(rename(file, f->path), 0);
    assert_error(store_open(f->path, STORE_EXISTING, &f->store, &f->err), ERR_STORE_CORRUPT);
}

static void a_file_that_never_was_a_store_is_not_replaced(void **state)
{
    struct fixture *f = *state;
    char wal[620];
    save_many(f, 0, 2);
    back_up(f, "kept.db");
    fixture_close(f);
    write_file(f->path, "PK and what an office program writes", 36);
    is_refused(f, "kept.db", ERR_STORE_CORRUPT);
    assert_non_null(strstr(f->err.text, "move it away first"));
    assert_int_equal(unlink(f->path), 0);
    fixture_sql(f, "CREATE TABLE photos (id INTEGER PRIMARY KEY, bytes BLOB);"
                   "PRAGMA application_id = 77");
    is_refused(f, "kept.db", ERR_STORE_CORRUPT);
    assert_int_equal(ask(f->path, "SELECT count(*) FROM photos"), 0);
    /* A store that lost its first block has its log, or nothing, there. */
    write_file(f->path, "what a disk may give in its place", 33);
    snprintf(wal, sizeof wal, "%s-wal", f->path);
    write_file(wal, "log", 3);
    restore(f, "kept.db");
    struct buf zeros;
    buf_init(&zeros, 65536);
    while (zeros.len < 20000)
        assert_true(buf_add_char(&zeros, '\0'));
    write_file(f->path, zeros.ptr, zeros.len);
    buf_finish(&zeros);
    restore(f, "kept.db");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 2);
}

static void what_is_none_of_a_stores_does_not_come_with_it(void **state)
{
    struct fixture *f = *state;
    save_many(f, 0, 3);
    back_up(f, "kept.db");
    fixture_close(f);
    change(f, "kept.db",
           "CREATE UNIQUE INDEX evil ON snapshots(version, how, kind) WHERE id > 3;"
           "CREATE INDEX \"a \"\" quote\" ON pages(title);"
           "CREATE TABLE holds (page REFERENCES pages(id), blob REFERENCES blobs(id));"
           "INSERT INTO holds SELECT 1, id FROM blobs;"
           "CREATE VIEW looks AS SELECT * FROM holds;"
           "CREATE VIRTUAL TABLE more USING fts5(a);"
           "CREATE TRIGGER fires AFTER INSERT ON pages BEGIN DELETE FROM blobs; END;"
           "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'pages';"
           "UPDATE snapshots SET version = 9223372036854775807 WHERE id = 2");
    restore(f, "kept.db");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(pragma(f, "SELECT count(*) FROM sqlite_schema WHERE name IN ('evil', 'holds',"
                               " 'looks', 'fires', 'a \" quote') OR name LIKE 'more%'"),
                     0);
    assert_int_equal(pragma(f, "SELECT version FROM snapshots WHERE id = 2"), 1);
    assert_int_equal(fixture_save(f, "https://example.com/1", "T", "again"), 2);
    assert_int_equal(fixture_save(f, "https://example.com/new", "T", "new"), 4);
    assert_int_equal(pragma(f, "SELECT max(version) FROM snapshots"), 2);
    fixture_close(f);
    /* Nor does the store that is there hand such a number on. */
    fixture_sql(f, "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'pages'");
    restore(f, "kept.db");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(fixture_save(f, "https://example.com/newer", "T", "new"), 4);
    fixture_close(f);
    change(f, "kept.db",
           "UPDATE undo_steps SET id = 9223372036854775807; INSERT INTO undo_steps"
           " VALUES (9223372036854775806, 1, 0, 'x')");
    is_refused(f, "kept.db", ERR_STORE_CORRUPT);
}

static void a_page_whose_versions_are_used_up_gets_no_other(void **state)
{
    struct fixture *f = *state;
    struct snapshot_ids ids;
    save_many(f, 0, 1);
    assert_ok(db_execute(f->store, "UPDATE snapshots SET version = 9223372036854775807", &f->err));
    struct snapshot_new new = fixture_snapshot("https://example.com/0", "T", "again");
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_STORE_CORRUPT);
}

static void a_backup_with_pages_of_another_size_is_restored(void **state)
{
    struct fixture *f = *state;
    save_many(f, 0, 4);
    back_up(f, "kept.db");
    fixture_close(f);
    change(f, "kept.db", "PRAGMA page_size = 4096; VACUUM");
    char file[600];
    name_file(f, "kept.db", file);
    assert_int_equal(ask(file, "PRAGMA page_size"), 4096);
    restore(f, "kept.db");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(pragma(f, "PRAGMA page_size"), 16384);
    assert_int_equal(found(f, "number3"), 1);
}

/* ---- Damaged ---- */

static void what_was_kept_with_its_damage_comes_back_when_asked(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_restored restored = {0};
    save_many(f, 0, 4);
    back_up(f, "kept.db");
    fixture_close(f);
    name_file(f, "kept.db", file);
    change(f, "kept.db",
           "PRAGMA foreign_keys = OFF;"
           "UPDATE blobs SET data = zeroblob(length(data)) WHERE id = 2;"
           "DELETE FROM blobs WHERE id = 3");
    is_refused(f, "kept.db", ERR_STORE_CORRUPT);
    assert_non_null(strstr(f->err.text, "2 of its blobs"));
    assert_non_null(strstr(f->err.text, "restore --damaged"));
    assert_ok(backup_restore_damaged(f->path, file, NULL, &restored, &f->err));
    free(restored.kept);
    assert_int_equal(restored.damaged_blobs, 2);
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 4);
    fixture_close(f);
    /* Its tables have to be whole all the same. */
    change(f, "kept.db", "DROP TABLE tags");
    assert_error(backup_restore_damaged(f->path, file, NULL, &restored, &f->err),
                 ERR_STORE_CORRUPT);
}

/* ---- Stopped ---- */

struct watch {
    struct fixture *f;
    bool verified;
    bool keeping; /* the store as it was is being kept already */
};

static void see_progress(const char *stage, int64_t done, int64_t total, void *arg)
{
    struct watch *watch = arg;
    if (strcmp(stage, "verifying") == 0 && total > 0 && done == total)
        watch->verified = true;
}

static bool stop_when_verified(void *arg)
{
    struct watch *watch = arg;
    char path[600];
    if (watch->verified && find_file(watch->f, "store.db.before-restore", path))
        watch->keeping = true;
    return watch->verified;
}

static void bringing_a_backup_up_to_date_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_restored restored;
    save_many(f, 0, 300);
    back_up(f, "kept.db");
    fixture_close(f);
    name_file(f, "kept.db", file);
    /* Its index is made anew. */
    change(f, "kept.db", "DELETE FROM meta WHERE key = 'tokenizer'");
    struct watch watch = {.f = f};
    const struct backup_hooks hooks = {see_progress, stop_when_verified, &watch};
    assert_error(backup_restore(f->path, file, &hooks, &restored, &f->err), ERR_CANCELLED);
    assert_false(watch.keeping);
    assert_files(f, "kept.db store.db ");
}

/* ---- Somebody goes on ---- */

static int go_on(struct fixture *f, int told, int tell)
{
    const char ref[] = "0123456789abcdef0123456789abcdef";
    struct asset_row row = {.ref = ref, .url = "u", .kind = "image", .state = "stored"};
    struct put_counts counts = {0};
    struct snapshot_hold hold = {0};
    struct snapshot_hold same = {0};
    struct snapshot_ids ids = {0};
    struct snapshot_ids one_before = {0};
    char byte;
    row.bytes = slice_of("of the old library");
    fixture_open(f, STORE_EXISTING);
    struct snapshot_new new = fixture_snapshot("https://example.com/1", "T", "of this library");
    new.taken = 7;
    new.hold = &hold;
    if (!snapshots_begin(f->store, &new, &ids, &f->err) || ids.snapshot != 2 ||
        !snapshots_hold(f->store, 1, &same, &f->err))
        return 2;
    if (write(tell, "x", 1) != 1 || read(told, &byte, 1) != 1)
        return 3;
    if (snapshots_put_assets(f->store, 2, &row, 1, &counts, &f->err) ||
        f->err.code != ERR_NOT_FOUND)
        return 4;
    if (snapshots_end(f->store, 2, &f->err) || f->err.code != ERR_NOT_FOUND)
        return 5;
    if (snapshots_drop_unchanged(f->store, 2, &one_before, &f->err) || f->err.code != ERR_NOT_FOUND)
        return 6;
    /* One that the backup has, too, goes on. */
    if (!snapshots_put_assets(f->store, 1, &row, 1, &counts, &f->err) ||
        !snapshots_end(f->store, 1, &f->err))
        return 7;
    snapshots_release(f->store, &hold);
    snapshots_release(f->store, &hold);
    snapshots_release(f->store, &same);
    if (!snapshots_end(f->store, 2, &f->err))
        return 8;
    fixture_close(f);
    return 0;
}

static void a_capture_does_not_go_on_in_the_snapshot_of_a_backup(void **state)
{
    struct fixture *f = *state;
    int told[2];
    int tell[2];
    int status;
    char byte;
    save_many(f, 0, 1);
    back_up(f, "kept.first.db");
    save_many(f, 1, 3);
    back_up(f, "kept.db");
    fixture_close(f);
    restore(f, "kept.first.db");
    fixture_sql(f, "UPDATE sqlite_sequence SET seq = 1");
    assert_int_equal(pipe(told), 0);
    assert_int_equal(pipe(tell), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(go_on(f, told[0], tell[1]));
    assert_int_equal(read(tell[0], &byte, 1), 1);
    restore(f, "kept.db");
    assert_int_equal(write(told[1], "x", 1), 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(ask(f->path, "SELECT count(*) FROM snapshot_assets WHERE snapshot = 2"), 0);
    assert_int_equal(ask(f->path, "SELECT count(*) FROM snapshot_assets WHERE snapshot = 1"), 1);
    for (int i = 0; i < 2; i++) {
        close(told[i]);
        close(tell[i]);
    }
}

int main(void)
{
#define in_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, backup_teardown)
    const struct CMUnitTest tests[] = {
        in_store(a_store_copied_with_its_log_comes_back_where_nothing_can_be_made),
        in_store(a_store_copied_with_its_journal_is_as_it_was_before_it),
        in_store(a_backup_is_not_put_beside_the_log_of_another_file),
        in_store(a_store_whose_texts_are_utf_16_is_refused),
        in_store(a_file_that_never_was_a_store_is_not_replaced),
        in_store(what_is_none_of_a_stores_does_not_come_with_it),
        in_store(a_page_whose_versions_are_used_up_gets_no_other),
        in_store(a_backup_with_pages_of_another_size_is_restored),
        in_store(what_was_kept_with_its_damage_comes_back_when_asked),
        in_store(bringing_a_backup_up_to_date_can_be_stopped),
        in_store(a_capture_does_not_go_on_in_the_snapshot_of_a_backup),
    };
#undef in_store
    return cmocka_run_group_tests_name("restore sources", tests, NULL, NULL);
}

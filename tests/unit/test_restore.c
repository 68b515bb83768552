/* store: backup: what was kept, back again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backup_fixture.h"
#include "store/backup.h"
#include "store/schema.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>

static const struct backup_options plain = {0};

/* A store whose header is damaged, but for the number that tells whose it is. */
#define BROKEN                                                                                     \
    "this is no store any more, alas, whatever it was before it broke ***" /* 68 bytes */          \
    "LnkS and so on"

/* ---- Restoring ---- */

static void back_up(struct fixture *f, const char *name)
{
    char file[600];
    struct backup_facts facts;
    name_file(f, name, file);
    assert_ok(backup_write(f->store, file, &plain, NULL, &facts, &f->err));
}

static struct backup_restored restore(struct fixture *f, const char *name)
{
    char file[600];
    struct backup_restored restored = {0};
    name_file(f, name, file);
    assert_ok(backup_restore(f->path, file, NULL, &restored, &f->err));
    return restored;
}

static void a_backup_comes_back_and_the_store_of_before_is_kept(void **state)
{
    struct fixture *f = *state;
    save_many(f, 0, 10);
    back_up(f, "kept.db");
    save_many(f, 10, 15);
    fixture_close(f);
    struct backup_restored restored = restore(f, "kept.db");
    assert_int_equal(restored.facts.pages, 10);
    assert_false(restored.damaged);
    assert_non_null(restored.kept);
    assert_non_null(strstr(restored.kept, "/store.db.before-restore-20"));
    assert_int_equal(ask(restored.kept, "SELECT count(*) FROM pages"), 15);
    assert_true(is_whole(restored.kept));
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 10);
    assert_int_equal(found(f, "number12"), 0);
    assert_int_equal(found(f, "number3"), 1);
    /* Numbers given since then are not given again. */
    assert_int_equal(fixture_save(f, "https://example.com/new", "T", "new"), 16);
    fixture_close(f);
    /* And back once more. */
    struct backup_restored again = {0};
    assert_ok(backup_restore(f->path, restored.kept, NULL, &again, &f->err));
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 15);
    free(restored.kept);
    free(again.kept);
}

static void who_has_the_store_open_sees_what_was_restored(void **state)
{
    struct fixture *f = *state;
    int answer[2];
    int question[2];
    char byte;
    save_many(f, 0, 10);
    back_up(f, "kept.db");
    save_many(f, 10, 400);
    fixture_close(f);
    assert_int_equal(pipe(question), 0);
    assert_int_equal(pipe(answer), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        fixture_open(f, STORE_EXISTING);
        int64_t before = count_pages(f);
        int64_t hits = found(f, "number15");
        if (write(answer[1], "x", 1) != 1 || read(question[0], &byte, 1) != 1)
            _exit(9);
        int64_t after = count_pages(f);
        int64_t page = fixture_save(f, "https://example.com/new", "T", "fresh");
        bool ok = before == 400 && hits == 1 && after == 10 && page == 401 &&
                  found(f, "number15") == 0 && found(f, "number5") == 1 && found(f, "fresh") == 1;
        fixture_close(f);
        _exit(ok ? 0 : 1);
    }
    assert_int_equal(read(answer[0], &byte, 1), 1);
    struct backup_restored restored = restore(f, "kept.db");
    free(restored.kept);
    assert_int_equal(write(question[1], "x", 1), 1);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 11);
    assert_int_equal(pragma(f, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    for (int i = 0; i < 2; i++) {
        close(question[i]);
        close(answer[i]);
    }
}

static void a_store_that_is_not_there_is_made(void **state)
{
    struct fixture *f = *state;
    save_many(f, 0, 3);
    back_up(f, "kept.db");
    fixture_close(f);
    assert_int_equal(unlink(f->path), 0);
    struct backup_restored restored = restore(f, "kept.db");
    assert_null(restored.kept);
    assert_files(f, "kept.db store.db ");
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 3);
}

static void a_damaged_store_is_moved_aside(void **state)
{
    struct fixture *f = *state;
    char wal[620];
    save_many(f, 0, 3);
    back_up(f, "kept.db");
    fixture_close(f);
    write_file(f->path, BROKEN, sizeof BROKEN - 1);
    snprintf(wal, sizeof wal, "%s-wal", f->path);
    write_file(wal, "what was in its log", 19);
    struct backup_restored restored = restore(f, "kept.db");
    assert_true(restored.damaged);
    assert_non_null(strstr(restored.kept, "/store.db.damaged-20"));
    struct buf bytes = read_file(restored.kept);
    assert_true(slice_starts_nocase(buf_slice(&bytes), "this is no store"));
    buf_finish(&bytes);
    snprintf(wal, sizeof wal, "%s-wal", restored.kept);
    assert_int_equal(access(wal, F_OK), 0);
    free(restored.kept);
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 3);
    assert_int_equal(found(f, "number2"), 1);
}

static void a_damaged_store_that_is_in_use_is_left_alone(void **state)
{
    struct fixture *f = *state;
    char file[600];
    int ready[2];
    char byte;
    struct backup_restored restored;
    name_file(f, "kept.db", file);
    save_many(f, 0, 3);
    back_up(f, "kept.db");
    fixture_close(f);
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        fixture_open(f, STORE_EXISTING);
        count_pages(f);
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    int fd = open(f->path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "garbage garbage ", 16, 0), 16);
    close(fd);
    f->err = (struct error){0};
    assert_error(backup_restore(f->path, file, NULL, &restored, &f->err), ERR_STORE_BUSY);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_ok(backup_restore(f->path, file, NULL, &restored, &f->err));
    assert_true(restored.damaged);
    free(restored.kept);
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(count_pages(f), 3);
    close(ready[0]);
    close(ready[1]);
}

static void make_file(struct fixture *f, int version, const char *sql)
{
    char store[300];
    snprintf(store, sizeof store, "%s", f->path);
    snprintf(f->path, sizeof f->path, "%s/kept.db", f->folder);
    load_version(f, version);
    fixture_sql(f, sql);
    snprintf(f->path, sizeof f->path, "%s", store);
}

static void a_backup_of_every_version_comes_back(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    for (int version = 1; version <= schema_latest(); version++) {
        char file[600];
        make_file(f, version, "SELECT 1");
        struct backup_restored restored = restore(f, "kept.db");
        assert_int_equal(restored.facts.version, schema_latest());
        free(restored.kept);
        fixture_open(f, STORE_EXISTING);
        assert_int_equal(found(f, "needle tag:读书"), 1);
        assert_int_equal(found(f, "快照"), 1);
        fixture_close(f);
        name_file(f, "kept.db", file);
        assert_int_equal(ask(file, "PRAGMA user_version"), version);
        assert_int_equal(unlink(file), 0);
    }
}

static void refuse(struct fixture *f, const char *name, enum error_code code)
{
    char file[600];
    char before[1024];
    struct backup_restored restored;
    list_folder(f->folder, before, sizeof before);
    struct buf bytes = read_file(f->path);
    name_file(f, name, file);
    f->err = (struct error){0};
    if (backup_restore(f->path, file, NULL, &restored, &f->err) || f->err.code != code)
        fail_msg("%s: %d %s", name, f->err.code, f->err.text);
    struct buf after = read_file(f->path);
    assert_true(slice_equal(buf_slice(&bytes), buf_slice(&after)));
    buf_finish(&bytes);
    buf_finish(&after);
    assert_files(f, before);
}

static void what_is_no_backup_is_refused_and_changes_nothing(void **state)
{
    struct fixture *f = *state;
    static const char *const faults[] = {
        "UPDATE blobs SET hash = randomblob(32) WHERE id = 2",
        "UPDATE blobs SET data = zeroblob(length(data)) WHERE id = 1",
        "UPDATE blobs SET size = 1099511627776 WHERE id = 1",
        "PRAGMA foreign_keys = OFF; DELETE FROM blobs WHERE id = 1",
        "DROP TABLE tags",
        "DROP TABLE blobs",
        "PRAGMA application_id = 7",
    };
    static const char endless[] =
        "DROP VIEW search_source; CREATE VIEW search_source AS WITH RECURSIVE n(x) AS (SELECT 1"
        " UNION ALL SELECT x + 1 FROM n) SELECT x AS ord, x AS page, '' AS title, '' AS tags,"
        " '' AS note, '' AS url, '' AS text FROM n";
    char file[600];
    save_many(f, 0, 3);
    fixture_close(f);
    name_file(f, "kept.db", file);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        for (int version = 3; version <= 6; version += 3) {
            make_file(f, version, faults[i]);
            refuse(f, "kept.db", ERR_STORE_CORRUPT);
            assert_int_equal(unlink(file), 0);
        }
    }
    make_file(f, 6, endless);
    refuse(f, "kept.db", ERR_STORE_CORRUPT);
    assert_int_equal(unlink(file), 0);
    make_file(f, 6, "PRAGMA user_version = 7");
    refuse(f, "kept.db", ERR_STORE_NEWER);
    write_file(file, "", 0);
    refuse(f, "kept.db", ERR_STORE_CORRUPT);
    write_file(file, "<!DOCTYPE html><p>a page that was saved as a file", 49);
    refuse(f, "kept.db", ERR_STORE_CORRUPT);
    refuse(f, "kept.none", ERR_NOT_FOUND);
    refuse(f, "store.db", ERR_PARAMS);
    refuse(f, ".", ERR_STORE_CORRUPT);
}

/* Whatever byte is wrong: refused, or what is restored is whole. */
static void a_backup_with_wrong_bytes_is_refused_or_harmless(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_restored restored;
    uint32_t seed = 6;
    int refused = 0;
    save_many(f, 0, 3);
    back_up(f, "kept.db");
    fixture_close(f);
    name_file(f, "kept.db", file);
    struct buf whole = read_file(file);
    for (int i = 0; i < 40; i++) {
        size_t at = next_random(&seed) % (i % 2 == 0 ? 400 : whole.len);
        char saved = whole.ptr[at];
        whole.ptr[at] = (char)(saved ^ (1 << next_random(&seed) % 8));
        write_file(file, whole.ptr, whole.len);
        whole.ptr[at] = saved;
        f->err = (struct error){0};
        if (!backup_restore(f->path, file, NULL, &restored, &f->err)) {
            refused++;
            continue;
        }
        assert_int_equal(unlink(restored.kept), 0);
        free(restored.kept);
        assert_true(is_whole(f->path));
    }
    assert_true(refused > 0);
    buf_finish(&whole);
}

static void a_newer_store_is_not_replaced(void **state)
{
    struct fixture *f = *state;
    save_many(f, 0, 3);
    back_up(f, "kept.db");
    fixture_close(f);
    fixture_sql(f, "PRAGMA user_version = 7");
    refuse(f, "kept.db", ERR_STORE_NEWER);
}

static void a_stopped_restore_changes_nothing(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_restored restored;
    name_file(f, "kept.db", file);
    save_many(f, 0, 10);
    back_up(f, "kept.db");
    save_many(f, 10, 12);
    fixture_close(f);
    bool stopped = true;
    for (int after = 0; stopped && after < 200; after++) {
        int left = after;
        struct backup_hooks hooks = {.interrupted = stop_at_once, .arg = &left};
        f->err = (struct error){0};
        stopped = !backup_restore(f->path, file, &hooks, &restored, &f->err);
        if (!stopped)
            break;
        assert_int_equal(f->err.code, ERR_CANCELLED);
        assert_files(f, "kept.db store.db ");
        fixture_open(f, STORE_EXISTING);
        assert_int_equal(count_pages(f), 12);
        fixture_close(f);
    }
    assert_false(stopped);
    free(restored.kept);
}

static void a_backup_made_by_hand_is_restored_where_nothing_can_be_written(void **state)
{
    struct fixture *f = *state;
    char folder[600];
    char file[700];
    struct backup_restored restored;
    name_file(f, "kept.folder", folder);
    snprintf(file, sizeof file, "%s/a %% copy?.db", folder);
    save_many(f, 0, 4);
    fixture_close(f);
    assert_int_equal(mkdir(folder, 0700), 0);
    struct buf bytes = read_file(f->path);
    write_file(file, bytes.ptr, bytes.len);
    buf_finish(&bytes);
    fixture_open(f, STORE_EXISTING);
    save_many(f, 4, 6);
    fixture_close(f);
    assert_int_equal(chmod(folder, 0500), 0);
    assert_ok(backup_restore(f->path, file, NULL, &restored, &f->err));
    assert_int_equal(restored.facts.pages, 4);
    free(restored.kept);
    assert_int_equal(chmod(folder, 0700), 0);
    char path[800];
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", file, suffixes[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* ---- Sudden deaths ---- */

static int restore_in_child(struct fixture *f)
{
    char file[600];
    struct backup_restored restored;
    name_file(f, "kept.db", file);
    return backup_restore(f->path, file, NULL, &restored, &f->err) ? 0 : 1;
}

static void remove_asides(struct fixture *f)
{
    char path[600];
    while (find_file(f, "store.db.before-restore-", path) ||
           find_file(f, "store.db.damaged-", path))
        assert_int_equal(unlink(path), 0);
}

/* Kills a restore after a random time, about as long as one takes. */
static void kill_one(struct fixture *f, uint32_t *seed, long longest)
{
    long wait = (long)(next_random(seed) % (uint32_t)longest);
    const struct timespec pause = {.tv_nsec = wait * 1000};
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(restore_in_child(f));
    nanosleep(&pause, NULL);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static long microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static void a_killed_restore_leaves_the_old_store_or_the_new_one(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 30;
    int old = 0;
    save_many(f, 0, 40);
    back_up(f, "kept.db");
    save_many(f, 40, 60);
    fixture_close(f);
    long begun = microseconds();
    assert_int_equal(in_child(f, restore_in_child), 0);
    long longest = microseconds() - begun + 1000;
    for (int i = 0; i < 30; i++) {
        kill_one(f, &seed, longest > 900000 ? 900000 : longest);
        fixture_open(f, STORE_EXISTING);
        int64_t pages = count_pages(f);
        assert_int_equal(pragma(f, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
        old += pages > 40;
        assert_true(pages == 40 || pages == 41);
        assert_int_equal(found(f, "number39"), 1);
        /* What tells the old store from the new one, the next time. */
        if (pages == 40)
            fixture_save(f, "https://example.com/once", "T", "text");
        fixture_close(f);
        remove_asides(f);
    }
    assert_true(old > 0);
    assert_int_equal(in_child(f, restore_in_child), 0);
    remove_asides(f);
    assert_files(f, "kept.db store.db ");
}

/* The store cannot be opened: what is at its name is the damaged one, or the new one. */
static void a_killed_restore_of_a_damaged_store_can_be_done_again(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 31;
    save_many(f, 0, 40);
    back_up(f, "kept.db");
    fixture_close(f);
    for (int i = 0; i < 15; i++) {
        write_file(f->path, BROKEN, sizeof BROKEN - 1);
        kill_one(f, &seed, 30000);
        struct buf bytes = read_file(f->path);
        if (bytes.len > sizeof BROKEN)
            assert_true(is_whole(f->path));
        else
            assert_true(slice_starts_nocase(buf_slice(&bytes), "this is no store"));
        buf_finish(&bytes);
        assert_int_equal(in_child(f, restore_in_child), 0);
        fixture_open(f, STORE_EXISTING);
        assert_int_equal(count_pages(f), 40);
        fixture_close(f);
        remove_asides(f);
    }
}

int main(void)
{
#define in_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, backup_teardown)
    const struct CMUnitTest tests[] = {
        in_store(a_backup_comes_back_and_the_store_of_before_is_kept),
        in_store(who_has_the_store_open_sees_what_was_restored),
        in_store(a_store_that_is_not_there_is_made),
        in_store(a_damaged_store_is_moved_aside),
        in_store(a_damaged_store_that_is_in_use_is_left_alone),
        in_store(a_backup_of_every_version_comes_back),
        in_store(what_is_no_backup_is_refused_and_changes_nothing),
        in_store(a_backup_with_wrong_bytes_is_refused_or_harmless),
        in_store(a_newer_store_is_not_replaced),
        in_store(a_stopped_restore_changes_nothing),
        in_store(a_backup_made_by_hand_is_restored_where_nothing_can_be_written),
        in_store(a_killed_restore_leaves_the_old_store_or_the_new_one),
        in_store(a_killed_restore_of_a_damaged_store_can_be_done_again),
    };
#undef in_store
    return cmocka_run_group_tests_name("restore", tests, NULL, NULL);
}

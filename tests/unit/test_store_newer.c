/* store: files that later versions wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backup_fixture.h"

#include <time.h>

enum { LATEST = 6 };

struct seen {
    char names[1024];
    struct timespec folder;
    struct timespec file;
    struct buf bytes;
};

static struct seen look(const struct fixture *f)
{
    struct seen seen;
    struct stat info;
    list_folder(f->folder, seen.names, sizeof seen.names);
    assert_int_equal(stat(f->folder, &info), 0);
    seen.folder = info.st_mtim;
    assert_int_equal(stat(f->path, &info), 0);
    seen.file = info.st_mtim;
    seen.bytes = read_file(f->path);
    return seen;
}

static void assert_unseen(const struct fixture *f, struct seen *before)
{
    struct seen now = look(f);
    assert_string_equal(now.names, before->names);
    assert_memory_equal(&now.folder, &before->folder, sizeof now.folder);
    assert_memory_equal(&now.file, &before->file, sizeof now.file);
    assert_true(slice_equal(buf_slice(&now.bytes), buf_slice(&before->bytes)));
    buf_finish(&now.bytes);
    buf_finish(&before->bytes);
}

static void refuse_in_every_mode(struct fixture *f)
{
    static const enum store_mode modes[] = {STORE_CREATE, STORE_EXISTING, STORE_READ_ONLY};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct seen before = look(f);
        assert_error(store_open(f->path, modes[i], &f->store, &f->err), ERR_STORE_NEWER);
        assert_unseen(f, &before);
    }
}

static void a_newer_store_is_refused_without_being_touched(void **state)
{
    struct fixture *f = *state;
    load_version(f, LATEST);
    fixture_sql(f, "PRAGMA user_version = 7");
    assert_files(f, "store.db ");
    refuse_in_every_mode(f);
    assert_int_equal(chmod(f->path, 0400), 0);
    assert_int_equal(chmod(f->folder, 0500), 0);
    refuse_in_every_mode(f);
    fixture_sql(f, "SELECT 1");
    assert_int_equal(chmod(f->folder, 0700), 0);
}

/* A later program that was killed leaves its number in the WAL alone. */
static void a_newer_store_whose_wal_says_so_is_refused_as_it_is(void **state)
{
    struct fixture *f = *state;
    sqlite3 *later;
    char wal[320];
    snprintf(wal, sizeof wal, "%s-wal", f->path);
    load_version(f, LATEST);
    assert_int_equal(sqlite3_open(f->path, &later), SQLITE_OK);
    assert_int_equal(sqlite3_exec(later, "PRAGMA user_version = 7", NULL, NULL, NULL), SQLITE_OK);
    struct buf before = read_file(wal);
    assert_true(before.len > 0);
    refuse_in_every_mode(f);
    struct buf after = read_file(wal);
    assert_true(slice_equal(buf_slice(&before), buf_slice(&after)));
    buf_finish(&before);
    buf_finish(&after);
    sqlite3_close(later);
}

int main(void)
{
#define in_folder(test) cmocka_unit_test_setup_teardown(test, folder_setup, backup_teardown)
    const struct CMUnitTest tests[] = {
        in_folder(a_newer_store_is_refused_without_being_touched),
        in_folder(a_newer_store_whose_wal_says_so_is_refused_as_it_is),
    };
#undef in_folder
    return cmocka_run_group_tests_name("store_newer", tests, NULL, NULL);
}

/* store: every call that SQLite makes of the system fails, one after the other: each fault is told,
 * what was told to be done is done, and what was told to have failed has not happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "faulty_vfs.h"
#include "store/tagging.h"
#include "store_fixture.h"

#include <dirent.h>

/* What a person does, and the question whether it is done. A step builds on those before it. */
enum { BEGIN, ASSET, END, EDIT, RENAME, TRASH, STEPS };
static const char *const step_done[STEPS] = {
    [BEGIN] = "SELECT count(*) FROM pages JOIN snapshots ON snapshots.id = pages.snapshot"
              " WHERE normalized = 'https://example.com/new'",
    [ASSET] = "SELECT count(*) FROM snapshot_assets JOIN blobs ON blobs.id = blob"
              " WHERE size = 100000",
    [END] = "SELECT count(*) FROM snapshots WHERE page = 2 AND state = 'complete'",
    [EDIT] = "SELECT count(*) FROM pages WHERE title = 'edited' AND note = 'noted'",
    [RENAME] = "SELECT count(*) FROM undo_steps WHERE kind = 'rename'",
    [TRASH] = "SELECT count(*) FROM pages WHERE id = 2 AND trashed > 0",
};

struct deed {
    struct snapshot_ids ids;
    bool done[STEPS];
};

static bool put_asset(struct store *store, int64_t snapshot, struct error *err)
{
    static char bytes[100000];
    uint32_t seed = 1;
    struct put_counts counts;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)((seed = seed * 1664525 + 1013904223) >> 24);
    struct asset_row asset = {.ref = "00000000000000000000000000000000",
                              .url = "https://example.com/a",
                              .kind = "image",
                              .state = "stored",
                              .media_type = "image/png",
                              .bytes = slice_make(bytes, sizeof bytes)};
    return snapshots_put_assets(store, snapshot, &asset, 1, &counts, err);
}

static bool do_step(struct store *store, int step, struct deed *deed, struct error *err)
{
    static const char *const tags[] = {"from", "other"};
    const struct page_change change = {
        .title = "edited", .note = "noted", .tags = tags, .tag_count = 2, .set_tags = true};
    struct snapshot_new new = fixture_snapshot("https://example.com/new", "T", "快照 needle");
    bool merged;
    int64_t undo;
    switch (step) {
    case BEGIN:
        return snapshots_begin(store, &new, &deed->ids, err);
    case ASSET:
        return put_asset(store, deed->ids.snapshot, err);
    case END:
        return snapshots_end(store, deed->ids.snapshot, err);
    case EDIT:
        return pages_update(store, deed->ids.page, &change, NULL, err);
    case RENAME:
        return tagging_rename(store, "from", "to", &merged, &undo, err);
    default:
        return pages_trash(store, deed->ids.page, err);
    }
}

/* Opens, does what is not done yet up to the first fault, and closes. */
static bool do_steps(struct fixture *f, struct deed *deed)
{
    bool ok = store_open(f->path, STORE_EXISTING, &f->store, &f->err);
    for (int step = 0; ok && step < STEPS; step++) {
        ok = deed->done[step] || do_step(f->store, step, deed, &f->err);
        deed->done[step] = ok;
    }
    store_close(f->store);
    f->store = NULL;
    return ok;
}

static void assert_as_told(struct fixture *f, const struct deed *deed)
{
    fixture_open(f, STORE_EXISTING);
    for (int step = 0; step < STEPS; step++)
        assert_int_equal(pragma(f, step_done[step]), deed->done[step]);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_integrity_check"
                               " WHERE integrity_check <> 'ok'"),
                     0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE title = 'before'"), 1);
    assert_ok(db_execute(f->store, "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)",
                         &f->err));
    fixture_close(f);
}

static void remove_all(struct fixture *f)
{
    DIR *folder = opendir(f->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[600];
        snprintf(name, sizeof name, "%s/%s", f->folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(name);
    }
    closedir(folder);
}

static void fail_everywhere(struct fixture *f, enum faulty_kind kind, bool lasting,
                            enum error_code expected)
{
    bool fired = true;
    int64_t n;
    int faults = 0;
    fixture_open(f, STORE_CREATE);
    fixture_tag(f, fixture_save(f, "https://example.com/", "before", "text"), "from");
    fixture_close(f);
    struct buf before = read_file(f->path);
    for (n = 1; fired; n++) {
        struct deed deed = {0};
        remove_all(f);
        write_file(f->path, before.ptr, before.len);
        f->err = (struct error){0};
        faulty_arm(kind, n, lasting);
        bool ok = do_steps(f, &deed);
        fired = faulty_fired();
        faulty_arm(kind, 0, false);
        faults += !ok;
        if (!ok && f->err.code != expected)
            fail_msg("call %lld: %d %s", (long long)n, f->err.code, f->err.text);
        assert_as_told(f, &deed);
        assert_ok(do_steps(f, &deed));
        assert_as_told(f, &deed);
    }
    print_message("# %lld calls failed, %d of them were told\n", (long long)n - 2, faults);
    assert_true(faults > 0);
    buf_finish(&before);
}

static void a_write_that_finds_no_room_is_told_and_loses_nothing(void **state)
{
    fail_everywhere(*state, FAULTY_ROOM, false, ERR_STORE_FULL);
}

static void a_disk_without_room_from_then_on_is_told_and_loses_nothing(void **state)
{
    fail_everywhere(*state, FAULTY_ROOM, true, ERR_STORE_FULL);
}

static void a_write_or_sync_that_fails_is_told_and_loses_nothing(void **state)
{
    fail_everywhere(*state, FAULTY_WRITE, false, ERR_STORE);
}

static void a_disk_that_fails_from_then_on_is_told_and_loses_nothing(void **state)
{
    fail_everywhere(*state, FAULTY_WRITE, true, ERR_STORE);
}

static void a_read_that_fails_is_told_and_loses_nothing(void **state)
{
    fail_everywhere(*state, FAULTY_READ, false, ERR_STORE);
}

static void a_file_that_cannot_be_opened_is_told_and_loses_nothing(void **state)
{
    fail_everywhere(*state, FAULTY_OPEN, false, ERR_STORE);
}

/* What version 3 wrote: its tables are changed, and its index is filled anew. */
static int64_t make_old(struct fixture *f)
{
    remove_all(f);
    struct buf sql = read_file("tests/fixtures/store/version_3.sql");
    assert_true(buf_add_char(&sql, '\0'));
    fixture_sql(f, sql.ptr);
    buf_finish(&sql);
    struct buf old = read_file(f->path);
    fixture_open(f, STORE_EXISTING);
    int64_t pages = pragma(f, "SELECT count(*) FROM pages");
    fixture_close(f);
    write_file(f->path, old.ptr, old.len);
    buf_finish(&old);
    assert_true(pages > 0);
    return pages;
}

static void migrate_under_faults(struct fixture *f, enum faulty_kind kind, bool lasting)
{
    bool fired = true;
    int64_t n;
    int faults = 0;
    int64_t pages = make_old(f);
    struct buf before = read_file(f->path);
    for (n = 1; fired; n++) {
        remove_all(f);
        write_file(f->path, before.ptr, before.len);
        f->err = (struct error){0};
        faulty_arm(kind, n, lasting);
        bool ok = store_open(f->path, STORE_EXISTING, &f->store, &f->err);
        fixture_close(f);
        fired = faulty_fired();
        faulty_arm(kind, 0, false);
        faults += !ok;
        if (!ok && f->err.code != ERR_STORE_FULL && f->err.code != ERR_STORE &&
            f->err.code != ERR_IO)
            fail_msg("call %lld: %d %s", (long long)n, f->err.code, f->err.text);
        fixture_open(f, STORE_EXISTING);
        assert_int_equal(pragma(f, "SELECT count(*) FROM pages"), pages);
        assert_ok(db_execute(
            f->store, "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)", &f->err));
        assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_integrity_check"
                                   " WHERE integrity_check <> 'ok'"),
                         0);
        fixture_close(f);
    }
    print_message("# %lld calls failed, %d of them were told\n", (long long)n - 2, faults);
    assert_true(faults > 0);
    buf_finish(&before);
    remove_all(f);
}

static void a_migration_survives_every_call_that_fails(void **state)
{
    migrate_under_faults(*state, FAULTY_ROOM, false);
    migrate_under_faults(*state, FAULTY_ROOM, true);
    migrate_under_faults(*state, FAULTY_WRITE, false);
    migrate_under_faults(*state, FAULTY_READ, false);
    migrate_under_faults(*state, FAULTY_OPEN, false);
}

static int faulty_setup(void **state)
{
    faulty_install();
    return folder_setup(state);
}

static int faulty_teardown(void **state)
{
    int status = fixture_teardown(state);
    faulty_remove();
    return status;
}

int main(void)
{
#define with_faults(test) cmocka_unit_test_setup_teardown(test, faulty_setup, faulty_teardown)
    const struct CMUnitTest tests[] = {
        with_faults(a_write_that_finds_no_room_is_told_and_loses_nothing),
        with_faults(a_disk_without_room_from_then_on_is_told_and_loses_nothing),
        with_faults(a_write_or_sync_that_fails_is_told_and_loses_nothing),
        with_faults(a_disk_that_fails_from_then_on_is_told_and_loses_nothing),
        with_faults(a_read_that_fails_is_told_and_loses_nothing),
        with_faults(a_file_that_cannot_be_opened_is_told_and_loses_nothing),
        with_faults(a_migration_survives_every_call_that_fails),
    };
#undef with_faults
    return cmocka_run_group_tests_name("store_calls", tests, NULL, NULL);
}

/* store: schema, backup: files that other versions wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backup_fixture.h"
#include "search_fixture.h"
#include "store/backup.h"
#include "store/health.h"
#include "store/jobs.h"
#include "store/schema.h"
#include "store/tagging.h"
#include "store/undo.h"
#include "store/verify.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

enum { LATEST = 6 };

static const char first_ref[] = "00000000000000000000000000000001";
static const char second_ref[] = "00000000000000000000000000000002";

static void assert_found(struct fixture *f, const char *query, const char *expected)
{
    struct buf ids;
    buf_init(&ids, 4096);
    run(f, slice_of(query), SEARCH_RANK, 10, "", &ids);
    if (strcmp(ids.ptr == NULL ? "" : ids.ptr, expected) != 0)
        fail_msg("<%s> found <%s>", query, ids.ptr == NULL ? "" : ids.ptr);
    buf_finish(&ids);
}

static bool show_page(const struct page_row *row, void *arg)
{
    buf_printf(arg, "%s|%s|%s|%lld", row->title, row->note, row->state, (long long)row->versions);
    for (size_t i = 0; i < row->tag_count; i++)
        buf_printf(arg, "|%s", row->tags[i]);
    return buf_printf(arg, "|%s", row->health == NULL ? "" : row->health->state);
}

static bool show_snapshot(const struct snapshot_row *row, void *arg)
{
    return buf_printf(arg, "%lld.%lld %s '%s' %s; ", (long long)row->page, (long long)row->version,
                      row->state, row->file_name, row->kind);
}

static bool show_note(const struct note_row *row, void *arg)
{
    return buf_printf(arg, "%s %lld ", row->name, (long long)row->count);
}

static bool show_hop(const struct hop_row *row, void *arg)
{
    return buf_printf(arg, "%s %s ", row->how, row->url);
}

static bool show_tag(const struct tag_info *tag, void *arg)
{
    return buf_printf(arg, "%s %s ", tag->name, tag->colour);
}

#define assert_shown(call, expected)                                                               \
    do {                                                                                           \
        struct buf out;                                                                            \
        buf_init(&out, 1 << 20);                                                                   \
        assert_ok(call);                                                                           \
        assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);                             \
        buf_finish(&out);                                                                          \
    } while (0)

/* Bytes are read with their hashes compared. */
static void assert_bytes(struct fixture *f)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(snapshots_document(f->store, 1, &out, &f->err));
    assert_int_equal(out.len, 312);
    assert_true(slice_find(buf_slice(&out), 0, slice_of("搜索引擎能找到中文与 English")) < out.len);
    for (int snapshot = 1; snapshot <= 3; snapshot++) {
        buf_reset(&out);
        assert_ok(snapshots_asset(f->store, snapshot, first_ref, &out, NULL, NULL, &f->err));
        assert_true(slice_starts_nocase(buf_slice(&out), "body{color:#123456}"));
        assert_int_equal(out.len, 105);
    }
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs WHERE size = 105"), 1);
    buf_reset(&out);
    assert_ok(snapshots_asset(f->store, 1, second_ref, &out, NULL, NULL, &f->err));
    assert_int_equal(out.len, 22);
    assert_memory_equal(out.ptr, "\x89PNG\r\n\x1a\n\0\0old picture\0", 22);
    buf_finish(&out);
}

static void assert_schema(struct fixture *f)
{
    uint8_t digest[DIGEST_SIZE];
    char hex[2 * DIGEST_SIZE + 1];
    assert_int_equal(pragma(f, "PRAGMA user_version"), LATEST);
    assert_ok(verify_digest(f->store, digest, &f->err));
    digest_hex(digest, sizeof digest, hex);
    assert_string_equal(hex, VERIFY_LATEST);
    assert_ok(
        db_execute(f->store, "INSERT INTO search(search) VALUES ('integrity-check')", &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(pragma(f, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

/* All that the version could keep is there. */
static void assert_kept(struct fixture *f, int version)
{
    const char *health = version >= 4 ? "gone" : "";
    char page[200];
    snprintf(page, sizeof page, "旧的一页，改过|备注 about it|incomplete|2|work/notes|读书|%s",
             health);
    assert_shown(pages_get(f->store, 1, show_page, &out, &f->err), page);
    assert_shown(snapshots_get(f->store, 1, show_snapshot, &out, &f->err),
                 "1.1 complete '' page; ");
    assert_shown(snapshots_get(f->store, 4, show_snapshot, &out, &f->err), "3.1 pending '' page; ");
    assert_shown(snapshots_notes(f->store, 4, show_note, &out, &f->err),
                 version >= 2 ? "canvas 2 video 1 " : "");
    assert_shown(snapshots_hops(f->store, 4, show_hop, &out, &f->err),
                 version >= 4 ? "301 http://example.net/pending " : "");
    int64_t page_number;
    assert_ok(pages_find(f->store, "http://example.net/pending", &page_number, &f->err));
    assert_int_equal(page_number, version >= 4 ? 3 : 0);
    struct job_counts counts;
    assert_ok(jobs_count(f->store, NOW, &counts, &f->err));
    assert_int_equal(counts.states[JOB_WAITING], version >= 4);
    assert_int_equal(counts.states[JOB_CANCELLED], version >= 4);
    const struct tags_request all = {.limit = 10, .by_name = true};
    assert_shown(tagging_list(f->store, &all, show_tag, &out, &f->err),
                 version >= 5 ? "work/notes  读书 #c04000 " : "work/notes  读书  ");
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights WHERE snapshot = 1 AND place = 20"
                               " AND deleted = 0 AND colour = 'green'"),
                     version >= 6);
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights WHERE deleted > 0"), version >= 6);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots JOIN blobs ON blobs.id = thumbnail"
                               " WHERE snapshots.id = 2 AND thumbnail_type = 'image/png'"),
                     version >= 6);
    assert_found(f, "marked 为什么 ", version >= 6 ? "1 " : "");
}

static void assert_searched(struct fixture *f, int version)
{
    assert_found(f, "needle", "1 ");
    assert_found(f, "快", "1 ");
    assert_found(f, "快照 tag:读书", "1 ");
    assert_found(f, "未完成", "3 ");
    assert_found(f, "繁体", "3 ");
    assert_found(f, "full", "3 ");
    assert_found(f, "note:备注", "1 ");
    assert_found(f, "#work/notes", "1 ");
    assert_found(f, "rubbish", "");
    assert_found(f, "is:trashed 垃圾", "2 ");
    assert_found(f, "is:pdf words", version >= 4 ? "4 " : "");
    assert_found(f, "is:broken", version >= 4 ? "1 " : "");
}

/* What is new works in it too. */
static void use(struct fixture *f)
{
    const char *spelling = "http://example.com/a";
    struct snapshot_new new = fixture_snapshot("https://example.com/a", "新的一页", "newer");
    new.kind = "pdf";
    new.spellings = &spelling;
    new.spelling_count = 1;
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_int_equal(ids.page, 1);
    assert_int_equal(ids.version, 3);
    assert_found(f, "is:pdf newer", "1 ");
    const struct health_row health = {
        .page = 1, .state = "gone", .checked = 1, .reason = "404", .url = ""};
    assert_ok(health_put(f->store, &health, &f->err));
    assert_found(f, "is:broken", "1 ");
    const struct job_new job = {.kind = "save",
                                .url = spelling,
                                .normalized = spelling,
                                .host = "example.com",
                                .title = ""};
    int64_t id;
    assert_ok(jobs_add(f->store, &job, 1, &id, &f->err));
    assert_true(id >= 1);
    bool merged;
    int64_t step;
    int64_t changed;
    int64_t kept;
    int64_t redo;
    assert_ok(tagging_colour(f->store, "读书", "#00ff00", &f->err));
    assert_ok(tagging_rename(f->store, "读书", "阅读", &merged, &step, &f->err));
    assert_found(f, "tag:阅读 newer", "1 ");
    assert_ok(undo_apply(f->store, step, &changed, &kept, &redo, &f->err));
    assert_found(f, "tag:读书 newer", "1 ");
    const struct page_change change = {.note = "改了的备注"};
    assert_ok(pages_update(f->store, 3, &change, NULL, &f->err));
    assert_found(f, "改了", "3 ");
    assert_ok(pages_restore(f->store, 2, &f->err));
    assert_found(f, "rubbish", "2 ");
}

/* The store as it was lies beside it, and nothing else does. */
static void assert_backup(struct fixture *f, int version)
{
    char *name = backup_name(f->path, version);
    char files[128];
    struct stat info;
    assert_non_null(name);
    if (version < LATEST) {
        assert_int_equal(stat(name, &info), 0);
        assert_int_equal(info.st_mode & 07777, 0600);
        assert_int_equal(ask(name, "PRAGMA user_version"), version);
        assert_int_equal(ask(name, "PRAGMA application_id"), SCHEMA_APPLICATION_ID);
        assert_int_equal(ask(name, "SELECT count(*) FROM pages"), version >= 4 ? 4 : 3);
        assert_true(is_whole(name));
        snprintf(files, sizeof files, "store.db store.db.v%d.backup ", version);
    } else {
        assert_int_equal(stat(name, &info), -1);
        snprintf(files, sizeof files, "store.db ");
    }
    free(name);
    assert_files(f, files);
}

static void bring_up_to_date(struct fixture *f, int version)
{
    load_version(f, version);
    fixture_open(f, STORE_EXISTING);
    assert_schema(f);
    assert_kept(f, version);
    assert_bytes(f);
    assert_searched(f, version);
    use(f);
    fixture_close(f);
    assert_backup(f, version);
    fixture_open(f, STORE_EXISTING);
    assert_found(f, "is:pdf newer", "1 ");
    assert_schema(f);
    fixture_close(f);
    assert_backup(f, version);
}

static void a_store_of_version_1_is_brought_up_to_date(void **state)
{
    bring_up_to_date(*state, 1);
}

static void a_store_of_version_2_is_brought_up_to_date(void **state)
{
    bring_up_to_date(*state, 2);
}

static void a_store_of_version_3_is_brought_up_to_date(void **state)
{
    bring_up_to_date(*state, 3);
}

static void a_store_of_version_4_is_brought_up_to_date(void **state)
{
    bring_up_to_date(*state, 4);
}

static void a_store_of_version_5_is_brought_up_to_date(void **state)
{
    bring_up_to_date(*state, 5);
}

static void a_store_of_version_6_is_up_to_date(void **state)
{
    bring_up_to_date(*state, 6);
}

static void every_version_has_its_fixture(void **state)
{
    char name[64];
    (void)state;
    assert_int_equal(schema_latest(), LATEST);
    snprintf(name, sizeof name, "tests/fixtures/store/version_%d.sql", (int)schema_latest());
    assert_int_equal(access(name, R_OK), 0);
}

static void an_old_store_cannot_be_opened_for_reading_alone(void **state)
{
    struct fixture *f = *state;
    load_version(f, 3);
    assert_error(store_open(f->path, STORE_READ_ONLY, &f->store, &f->err), ERR_STORE_READONLY);
    fixture_open(f, STORE_EXISTING);
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    assert_found(f, "needle", "1 ");
}

/* ---- Backups before migrations ---- */

static int open_and_search(struct fixture *f)
{
    bool ok = store_open(f->path, STORE_EXISTING, &f->store, &f->err);
    int64_t page = 0;
    ok = ok && pages_find(f->store, "https://example.com/a", &page, &f->err);
    store_close(f->store);
    return ok && page == 1 ? 0 : 1;
}

static void processes_bring_it_up_to_date_at_once_and_keep_it_once(void **state)
{
    struct fixture *f = *state;
    enum { PROCESSES = 4 };
    pid_t pids[PROCESSES];
    load_version(f, 3);
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            _exit(open_and_search(f));
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_backup(f, 3);
    fixture_open(f, STORE_EXISTING);
    assert_schema(f);
    assert_kept(f, 3);
}

static void a_store_without_pages_is_not_kept(void **state)
{
    struct fixture *f = *state;
    load_version(f, 1);
    fixture_sql(f, "DELETE FROM page_tags; DELETE FROM snapshot_assets; PRAGMA foreign_keys = OFF;"
                   "DELETE FROM snapshots; DELETE FROM pages");
    fixture_open(f, STORE_EXISTING);
    fixture_close(f);
    assert_files(f, "store.db ");
}

static void only_the_last_two_backups_are_kept(void **state)
{
    struct fixture *f = *state;
    static const int versions[] = {1, 2, 3, 4};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        unlink(f->path);
        load_version(f, versions[i]);
        fixture_open(f, STORE_EXISTING);
        fixture_close(f);
    }
    assert_files(f, "store.db store.db.v3.backup store.db.v4.backup ");
}

static void a_backup_that_is_there_already_makes_way(void **state)
{
    struct fixture *f = *state;
    char name[320];
    snprintf(name, sizeof name, "%s.v3.backup", f->path);
    write_file(name, "old", 3);
    load_version(f, 3);
    fixture_open(f, STORE_EXISTING);
    fixture_close(f);
    assert_backup(f, 3);
}

static void what_a_killed_process_left_is_removed(void **state)
{
    struct fixture *f = *state;
    char name[340];
    snprintf(name, sizeof name, "%s.v3.backup.linksnap-part", f->path);
    write_file(name, "half", 4);
    load_version(f, 3);
    fixture_open(f, STORE_EXISTING);
    fixture_close(f);
    assert_backup(f, 3);
}

/* No file may grow beyond a few pages: the backup cannot be written. */
static int open_in_little_room(struct fixture *f)
{
    const struct rlimit little = {100000, 100000};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &little) != 0)
        return 2;
    bool ok = store_open(f->path, STORE_EXISTING, &f->store, &f->err);
    return !ok && f->err.code == ERR_STORE_FULL ? 0 : 1;
}

static void without_room_for_its_backup_a_store_stays_as_it_was(void **state)
{
    struct fixture *f = *state;
    load_version(f, 2);
    struct buf before = read_file(f->path);
    assert_int_equal(in_child(f, open_in_little_room), 0);
    assert_int_equal(ask(f->path, "PRAGMA user_version"), 2);
    struct buf after = read_file(f->path);
    assert_true(slice_equal(buf_slice(&before), buf_slice(&after)));
    buf_finish(&before);
    buf_finish(&after);
    /* And a later start does it. */
    fixture_open(f, STORE_EXISTING);
    assert_schema(f);
    fixture_close(f);
    assert_backup(f, 2);
}

/* Killed at any moment, it is of the old version or the new one, and its backup is whole or not
 * there. */
static void a_killed_migration_can_be_done_again(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 33;
    char *name = backup_name(f->path, 2);
    assert_non_null(name);
    for (int i = 0; i < 20; i++) {
        const struct timespec pause = {.tv_nsec = (long)(next_random(&seed) % 40000) * 1000};
        load_version(f, 2);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            _exit(open_and_search(f));
        nanosleep(&pause, NULL);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        int64_t version = ask(f->path, "PRAGMA user_version");
        assert_true(version == 2 || version == LATEST);
        assert_true(is_whole(f->path));
        if (access(name, F_OK) == 0)
            assert_true(ask(name, "PRAGMA user_version") == 2 && is_whole(name));
        else
            assert_int_equal(version, 2);
        fixture_open(f, STORE_EXISTING);
        assert_schema(f);
        assert_searched(f, 2);
        fixture_close(f);
        assert_backup(f, 2);
        assert_int_equal(unlink(f->path), 0);
        assert_int_equal(unlink(name), 0);
    }
    free(name);
}

int main(void)
{
#define in_folder(test) cmocka_unit_test_setup_teardown(test, folder_setup, backup_teardown)
    const struct CMUnitTest tests[] = {
        in_folder(a_store_of_version_1_is_brought_up_to_date),
        in_folder(a_store_of_version_2_is_brought_up_to_date),
        in_folder(a_store_of_version_3_is_brought_up_to_date),
        in_folder(a_store_of_version_4_is_brought_up_to_date),
        in_folder(a_store_of_version_5_is_brought_up_to_date),
        in_folder(a_store_of_version_6_is_up_to_date),
        cmocka_unit_test(every_version_has_its_fixture),
        in_folder(an_old_store_cannot_be_opened_for_reading_alone),
        in_folder(processes_bring_it_up_to_date_at_once_and_keep_it_once),
        in_folder(a_store_without_pages_is_not_kept),
        in_folder(only_the_last_two_backups_are_kept),
        in_folder(a_backup_that_is_there_already_makes_way),
        in_folder(what_a_killed_process_left_is_removed),
        in_folder(without_room_for_its_backup_a_store_stays_as_it_was),
        in_folder(a_killed_migration_can_be_done_again),
    };
#undef in_folder
    return cmocka_run_group_tests_name("store_versions", tests, NULL, NULL);
}

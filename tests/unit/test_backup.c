/* store: backup: one file to keep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backup_fixture.h"
#include "store/backup.h"
#include "store/backup_part.h"
#include "store/schema.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

static const struct backup_options plain = {0};
static const struct backup_options over = {.replace = true};

/* ---- Writing ---- */

static void a_backup_is_a_store_of_its_own(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_facts facts;
    struct stat info;
    name_file(f, "kept.db", file);
    save_many(f, 0, 20);
    assert_ok(backup_write(f->store, file, &plain, NULL, &facts, &f->err));
    assert_int_equal(facts.pages, 20);
    assert_int_equal(facts.snapshots, 20);
    assert_int_equal(facts.version, schema_latest());
    assert_int_equal(stat(file, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(info.st_size, facts.bytes);
    assert_files(f, "kept.db store.db store.db-shm store.db-wal ");
    assert_int_equal(ask(file, "SELECT journal_mode = 'delete' FROM pragma_journal_mode"), 1);
    assert_int_equal(ask(file, "SELECT count(*) FROM pages"), 20);
    assert_true(is_whole(file));
    assert_files(f, "kept.db store.db store.db-shm store.db-wal ");
    fixture_close(f);
    assert_ok(store_open(file, STORE_EXISTING, &f->store, &f->err));
    assert_int_equal(found(f, "number7"), 1);
    save_many(f, 20, 21);
    assert_int_equal(found(f, "正文"), 21);
}

static void a_backup_in_a_folder_that_cannot_be_written_is_read(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_facts facts;
    save_many(f, 0, 3);
    name_file(f, "kept.db", file);
    assert_ok(backup_write(f->store, file, &plain, NULL, &facts, &f->err));
    fixture_close(f);
    assert_int_equal(chmod(f->folder, 0500), 0);
    assert_ok(store_open(file, STORE_READ_ONLY, &f->store, &f->err));
    assert_int_equal(found(f, "number1"), 1);
    assert_files(f, "kept.db store.db ");
}

struct writing {
    struct fixture *f;
    struct store *other;
    int steps;
    int saved;
};

/* Another connection saves a page at each step of the backup. */
static void save_meanwhile(const char *stage, int64_t done, int64_t total, void *arg)
{
    struct writing *writing = arg;
    struct fixture *f = writing->f;
    char url[64];
    assert_true(done <= total);
    writing->steps += strcmp(stage, "copying") == 0;
    snprintf(url, sizeof url, "https://example.com/more/%d", writing->saved++);
    struct snapshot_new new = fixture_snapshot(url, "T", "more");
    struct snapshot_ids ids;
    assert_ok(snapshots_begin(writing->other, &new, &ids, &f->err));
}

static void save_noise(struct fixture *f, const char *url, size_t len)
{
    char *noise = malloc(len);
    uint32_t seed = (uint32_t)len;
    assert_non_null(noise);
    for (size_t i = 0; i < len; i++)
        noise[i] = (char)(next_random(&seed) >> 16);
    struct snapshot_new new = fixture_snapshot(url, "Noise", "noise");
    new.document = slice_make(noise, len);
    fixture_begin(f, &new);
    free(noise);
}

static void writers_go_on_and_the_backup_is_of_one_moment(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_facts facts;
    struct writing writing = {.f = f};
    struct backup_hooks hooks = {.progress = save_meanwhile, .arg = &writing};
    name_file(f, "kept.db", file);
    for (int i = 0; i < 6; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        save_noise(f, url, 4000000 + (size_t)i);
    }
    assert_ok(store_open(f->path, STORE_EXISTING, &writing.other, &f->err));
    assert_ok(backup_write(f->store, file, &plain, &hooks, &facts, &f->err));
    assert_true(writing.steps > 3);
    assert_int_equal(facts.pages, 6);
    assert_int_equal(ask(file, "SELECT count(*) FROM pages"), 6);
    assert_true(is_whole(file));
    assert_int_equal(count_pages(f), 6 + writing.saved);
    store_close(writing.other);
}

static void a_file_that_is_there_stays(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_facts facts;
    name_file(f, "kept.db", file);
    save_many(f, 0, 2);
    write_file(file, "mine", 4);
    assert_error(backup_write(f->store, file, &plain, NULL, &facts, &f->err), ERR_IO);
    struct buf bytes = read_file(file);
    assert_true(slice_equal(buf_slice(&bytes), slice_of("mine")));
    buf_finish(&bytes);
    assert_ok(backup_write(f->store, file, &over, NULL, &facts, &f->err));
    assert_int_equal(ask(file, "SELECT count(*) FROM pages"), 2);
    assert_files(f, "kept.db store.db store.db-shm store.db-wal ");
}

static void the_store_itself_is_no_place_for_its_backup(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {
        "store.db",      "store.db-wal",  "store.db-shm", "store.db-journal",
        "store.db-work", "./store.db",    "../store.db",  "store.db.linksnap-part",
        "kept.hard",     "kept.link",     "kept.folder/", "",
        "kept.hard/x",   "kept.none/x.db"};
    char file[600];
    char folder[64];
    struct backup_facts facts;
    save_many(f, 0, 2);
    name_file(f, "kept.hard", file);
    assert_int_equal(link(f->path, file), 0);
    name_file(f, "kept.link", file);
    assert_int_equal(symlink(f->path, file), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        name_file(f, names[i], file);
        if (strcmp(names[i], "../store.db") == 0) {
            snprintf(folder, sizeof folder, "%s", strrchr(f->folder, '/') + 1);
            snprintf(file, sizeof file, "%s/../%s/store.db", f->folder, folder);
        }
        f->err = (struct error){0};
        assert_false(backup_write(f->store, names[i][0] ? file : "", &over, NULL, &facts, &f->err));
        if (i < 12)
            assert_int_equal(f->err.code, ERR_PARAMS);
    }
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    assert_int_equal(count_pages(f), 2);
    assert_files(f, "kept.hard kept.link store.db store.db-shm store.db-wal ");
}

static void a_store_named_like_a_part_is_not_taken_for_one(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct store *other;
    struct backup_facts facts;
    name_file(f, "kept.db.linksnap-part", file);
    assert_ok(store_open(file, STORE_CREATE, &other, &f->err));
    name_file(f, "kept.db", file);
    assert_error(backup_write(other, file, &plain, NULL, &facts, &f->err), ERR_PARAMS);
    store_close(other);
}

static void a_stopped_backup_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_facts facts = {.pages = -1};
    name_file(f, "kept.db", file);
    save_many(f, 0, 30);
    bool stopped = true;
    for (int after = 0; stopped && after < 200; after++) {
        int left = after;
        struct backup_hooks hooks = {.interrupted = stop_at_once, .arg = &left};
        f->err = (struct error){0};
        stopped = !backup_write(f->store, file, &plain, &hooks, &facts, &f->err);
        if (!stopped)
            break;
        assert_int_equal(f->err.code, ERR_CANCELLED);
        assert_int_equal(facts.pages, -1);
        assert_files(f, "store.db store.db-shm store.db-wal ");
    }
    assert_false(stopped);
    assert_int_equal(facts.pages, 30);
}

/* Neither the backup, nor with `arg` what is there already, may grow. */
static int back_up_in_little_room(struct fixture *f)
{
    const struct rlimit little = {200000, 200000};
    char file[600];
    struct backup_facts facts;
    name_file(f, "kept.db", file);
    signal(SIGXFSZ, SIG_IGN);
    if (!store_open(f->path, STORE_EXISTING, &f->store, &f->err) ||
        setrlimit(RLIMIT_FSIZE, &little) != 0)
        return 2;
    bool ok = backup_write(f->store, file, &over, NULL, &facts, &f->err);
    if (!ok && f->err.code != ERR_STORE_FULL)
        fprintf(stderr, "%d %s\n", f->err.code, f->err.text);
    return !ok && f->err.code == ERR_STORE_FULL ? 0 : 1;
}

static void without_room_there_is_no_backup_and_the_old_one_stays(void **state)
{
    struct fixture *f = *state;
    char file[600];
    name_file(f, "kept.db", file);
    save_many(f, 0, 30);
    fixture_close(f);
    write_file(file, "mine", 4);
    assert_int_equal(in_child(f, back_up_in_little_room), 0);
    assert_files(f, "kept.db store.db store.db-shm store.db-wal ");
    struct buf bytes = read_file(file);
    assert_true(slice_equal(buf_slice(&bytes), slice_of("mine")));
    buf_finish(&bytes);
}

static void damage_in_the_store_is_told_and_not_kept(void **state)
{
    struct fixture *f = *state;
    char file[600];
    struct backup_facts facts;
    const struct backup_options quick = {.quick = true};
    name_file(f, "kept.db", file);
    save_many(f, 0, 5);
    assert_ok(db_execute(f->store, "UPDATE blobs SET data = zeroblob(length(data)) WHERE id = 3",
                         &f->err));
    assert_error(backup_write(f->store, file, &plain, NULL, &facts, &f->err), ERR_STORE_CORRUPT);
    assert_files(f, "store.db store.db-shm store.db-wal ");
    assert_ok(backup_write(f->store, file, &quick, NULL, &facts, &f->err));
    assert_int_equal(facts.pages, 5);
}

static void two_backups_into_one_file_do_not_meet(void **state)
{
    struct fixture *f = *state;
    char file[600];
    char part[700];
    struct backup_facts facts;
    int ready[2];
    char byte;
    name_file(f, "kept.db", file);
    snprintf(part, sizeof part, "%s.linksnap-part", file);
    save_many(f, 0, 2);
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct part taken = {.fd = -1};
        struct error err;
        if (!part_create(&taken, file, &err) || write(ready[1], "x", 1) != 1)
            _exit(1);
        pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_error(backup_write(f->store, file, &plain, NULL, &facts, &f->err), ERR_STORE_BUSY);
    assert_int_equal(access(part, F_OK), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_ok(backup_write(f->store, file, &plain, NULL, &facts, &f->err));
    assert_int_equal(access(part, F_OK), -1);
    close(ready[0]);
    close(ready[1]);
}

static int back_up_in_child(struct fixture *f)
{
    char file[600];
    struct backup_facts facts;
    name_file(f, "kept.db", file);
    return store_open(f->path, STORE_EXISTING, &f->store, &f->err) &&
                   backup_write(f->store, file, &over, NULL, &facts, &f->err)
               ? 0
               : 1;
}

static void a_killed_backup_leaves_the_one_before(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 32;
    char file[600];
    name_file(f, "kept.db", file);
    save_many(f, 0, 40);
    fixture_close(f);
    assert_int_equal(in_child(f, back_up_in_child), 0);
    for (int i = 0; i < 20; i++) {
        const struct timespec pause = {.tv_nsec = (long)(next_random(&seed) % 20000) * 1000};
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            _exit(back_up_in_child(f));
        nanosleep(&pause, NULL);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        assert_int_equal(ask(file, "SELECT count(*) FROM pages"), 40);
        assert_true(is_whole(file));
    }
    assert_int_equal(in_child(f, back_up_in_child), 0);
    fixture_open(f, STORE_EXISTING);
    fixture_close(f);
    assert_files(f, "kept.db store.db ");
}

int main(void)
{
#define in_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, backup_teardown)
    const struct CMUnitTest tests[] = {
        in_store(a_backup_is_a_store_of_its_own),
        in_store(a_backup_in_a_folder_that_cannot_be_written_is_read),
        in_store(writers_go_on_and_the_backup_is_of_one_moment),
        in_store(a_file_that_is_there_stays),
        in_store(the_store_itself_is_no_place_for_its_backup),
        in_store(a_store_named_like_a_part_is_not_taken_for_one),
        in_store(a_stopped_backup_leaves_nothing),
        in_store(without_room_there_is_no_backup_and_the_old_one_stays),
        in_store(damage_in_the_store_is_told_and_not_kept),
        in_store(two_backups_into_one_file_do_not_meet),
        in_store(a_killed_backup_leaves_the_one_before),
    };
#undef in_store
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}

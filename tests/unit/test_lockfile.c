#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/lockfile.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    char folder[256];
    char path[300];
    struct lockfile *lock;
    int64_t parent; /* a worker's number */
    struct error err;
};

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %d %s", #call, f->err.code, f->err.text);                                \
    } while (0)

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    snprintf(f->folder, sizeof f->folder, "%s/linksnap-lock-XXXXXX", base == NULL ? "/tmp" : base);
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/lock", f->folder);
    assert_ok(lockfile_open(f->path, &f->lock, &f->err));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    lockfile_close(f->lock);
    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* A child that has done some work, of which it said the result, and waits to be killed. */
struct child {
    pid_t pid;
    int64_t said;
};

static struct child start(struct fixture *f, int64_t (*work)(struct fixture *f))
{
    int ends[2];
    struct child child = {0};
    assert_int_equal(pipe(ends), 0);
    child.pid = fork();
    assert_true(child.pid >= 0);
    if (child.pid == 0) {
        alarm(60);
        int64_t said = work(f);
        if (write(ends[1], &said, sizeof said) != (ssize_t)sizeof said)
            _exit(1);
        for (;;)
            pause();
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &child.said, sizeof child.said), sizeof child.said);
    close(ends[0]);
    return child;
}

static void stop(struct child child)
{
    assert_int_equal(kill(child.pid, SIGKILL), 0);
    assert_int_equal(waitpid(child.pid, NULL, 0), child.pid);
}

static bool taken(struct fixture *f, int64_t offset)
{
    bool is_taken = false;
    assert_ok(lockfile_is_taken(f->lock, offset, &is_taken, &f->err));
    return is_taken;
}

static bool take(struct fixture *f, int64_t offset)
{
    bool mine = false;
    assert_ok(lockfile_take(f->lock, offset, &mine, &f->err));
    return mine;
}

static int64_t take_seven(struct fixture *f)
{
    bool mine = false;
    return lockfile_take(f->lock, 7, &mine, &f->err) && mine;
}

static int64_t become_worker(struct fixture *f)
{
    int64_t number = 0;
    return lockfile_worker(f->lock, &number, &f->err) ? number : 0;
}

static void a_file_is_made_for_its_owner_alone_and_opens_again(void **state)
{
    struct fixture *f = *state;
    struct stat info;
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    lockfile_close(f->lock);
    f->lock = NULL;
    assert_ok(lockfile_open(f->path, &f->lock, &f->err));
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_size, 0);
    lockfile_close(NULL);
}

static void a_file_that_cannot_be_made_is_an_error(void **state)
{
    struct fixture *f = *state;
    char path[400];
    struct lockfile *lock = NULL;
    snprintf(path, sizeof path, "%s/none/lock", f->folder);
    assert_false(lockfile_open(path, &lock, &f->err));
    assert_int_equal(f->err.code, ERR_IO);
    assert_null(lock);
    /* A link put there by somebody else is not followed. */
    snprintf(path, sizeof path, "%s/link", f->folder);
    assert_int_equal(symlink(f->path, path), 0);
    assert_false(lockfile_open(path, &lock, &f->err));
    assert_int_equal(f->err.code, ERR_IO);
    unlink(path);
}

static void a_byte_belongs_to_one_process(void **state)
{
    struct fixture *f = *state;
    assert_false(taken(f, 7));
    struct child child = start(f, take_seven);
    assert_int_equal(child.said, 1);
    assert_true(taken(f, 7));
    assert_false(take(f, 7));
    assert_false(taken(f, 6));
    assert_false(taken(f, 8));
    assert_true(take(f, 8));
    struct child other = start(f, take_seven);
    assert_int_equal(other.said, 0);
    stop(other);
    stop(child);
    assert_false(taken(f, 7));
    assert_true(take(f, 7));
}

static void a_byte_taken_twice_is_given_back_once(void **state)
{
    struct fixture *f = *state;
    assert_true(take(f, 7));
    assert_true(take(f, 7));
    assert_false(taken(f, 7)); /* by another process */
    struct child child = start(f, take_seven);
    assert_int_equal(child.said, 0);
    stop(child);
    lockfile_give(f->lock, 7);
    child = start(f, take_seven);
    assert_int_equal(child.said, 1);
    stop(child);
    lockfile_give(f->lock, 7);
    lockfile_give(f->lock, 9);
}

static void an_offset_that_no_file_has_is_an_error(void **state)
{
    struct fixture *f = *state;
    bool answer;
    assert_false(lockfile_take(f->lock, -1, &answer, &f->err));
    assert_int_equal(f->err.code, ERR_IO);
    f->err = (struct error){0};
    assert_false(lockfile_is_taken(f->lock, -1, &answer, &f->err));
    assert_int_equal(f->err.code, ERR_IO);
}

static void a_worker_keeps_its_number(void **state)
{
    struct fixture *f = *state;
    int64_t first = become_worker(f);
    assert_true(first >= LOCKFILE_WORKERS);
    assert_int_equal(become_worker(f), first);
}

static void a_child_is_a_worker_of_its_own(void **state)
{
    struct fixture *f = *state;
    int64_t own = become_worker(f);
    struct child a = start(f, become_worker);
    struct child b = start(f, become_worker);
    assert_true(a.said >= LOCKFILE_WORKERS && b.said >= LOCKFILE_WORKERS);
    assert_true(a.said != own && b.said != own && a.said != b.said);
    assert_true(taken(f, a.said));
    assert_true(taken(f, b.said));
    assert_int_equal(become_worker(f), own);
    stop(a);
    assert_false(taken(f, a.said));
    assert_true(taken(f, b.said));
    stop(b);
    assert_false(taken(f, b.said));
}

static int64_t parent_lives(struct fixture *f)
{
    return become_worker(f) != 0 && taken(f, f->parent);
}

static void a_child_sees_that_its_parent_lives(void **state)
{
    struct fixture *f = *state;
    f->parent = become_worker(f);
    struct child child = start(f, parent_lives);
    assert_int_equal(child.said, 1);
    stop(child);
}

static void another_program_does_not_inherit_the_file(void **state)
{
    struct fixture *f = *state;
    struct stat ours;
    assert_int_equal(stat(f->path, &ours), 0);
    int seen = 0;
    for (int fd = 0; fd < 64; fd++) {
        struct stat info;
        if (fstat(fd, &info) == 0 && info.st_dev == ours.st_dev && info.st_ino == ours.st_ino) {
            seen++;
            assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        }
    }
    assert_int_equal(seen, 1);
}

int main(void)
{
#define with_file(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        with_file(a_file_is_made_for_its_owner_alone_and_opens_again),
        with_file(a_file_that_cannot_be_made_is_an_error),
        with_file(a_byte_belongs_to_one_process),
        with_file(a_byte_taken_twice_is_given_back_once),
        with_file(an_offset_that_no_file_has_is_an_error),
        with_file(a_worker_keeps_its_number),
        with_file(a_child_is_a_worker_of_its_own),
        with_file(a_child_sees_that_its_parent_lives),
        with_file(another_program_does_not_inherit_the_file),
    };
#undef with_file
    return cmocka_run_group_tests_name("lockfile", tests, NULL, NULL);
}

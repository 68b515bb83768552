/* base: confine: files, programs, limits, in children that confine themselves. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "confine_fixture.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* ---- Files ---- */

static int open_close(const char *path, int flags)
{
    int fd = open(path, flags, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0 ? 0 : -1;
}

static int try_files(void)
{
    EXPECT(open_close(at("own/mine"), O_RDWR) == 0);
    EXPECT(open_close(at("own/new"), O_RDWR | O_CREAT | O_EXCL) == 0);
    EXPECT(rename(at("own/new"), at("own/newer")) == 0);
    EXPECT(open_close(at("own/newer"), O_WRONLY | O_TRUNC) == 0);
    EXPECT(unlink(at("own/newer")) == 0);
    EXPECT(open_close(at("own"), O_RDONLY | O_DIRECTORY) == 0);
    EXPECT(open_close(at("shared/kept"), O_RDONLY) == 0);
    EXPECT(open_close(at("shared"), O_RDONLY | O_DIRECTORY) == 0);
    EXPECT(open_close("/dev/null", O_RDWR) == 0);
    REFUSED(open_close(at("shared/kept"), O_WRONLY), EACCES);
    REFUSED(open_close(at("shared/new"), O_WRONLY | O_CREAT), EACCES);
    REFUSED(unlink(at("shared/kept")), EACCES);
    REFUSED(open_close(at("secret/key"), O_RDONLY), EACCES);
    REFUSED(open_close(at("secret/key"), O_WRONLY), EACCES);
    REFUSED(open_close(at("secret"), O_RDONLY | O_DIRECTORY), EACCES);
    REFUSED(open_close(at("own/../secret/key"), O_RDONLY), EACCES);
    REFUSED(open_close(at("new"), O_WRONLY | O_CREAT), EACCES);
    REFUSED(open_close("/etc/shadow", O_RDONLY), EACCES);
    REFUSED(open_close("/tmp", O_RDONLY | O_DIRECTORY), EACCES);
    REFUSED(mkdir(at("secret/more"), 0700), EACCES);
    EXPECT(rename(at("secret/key"), at("own/key")) == -1 && (errno == EXDEV || errno == EACCES));
    EXPECT(link(at("secret/key"), at("own/key")) == -1 && (errno == EXDEV || errno == EACCES));
    EXPECT(rename(at("own/mine"), at("secret/mine")) == -1 && (errno == EXDEV || errno == EACCES));
    EXPECT(symlink(at("secret/key"), at("own/link")) == -1);
    EXPECT(mkfifo(at("own/fifo"), 0600) == -1);
    return 0;
}

static void only_what_was_named_can_be_opened(void **state)
{
    (void)state;
    need(LANDLOCK);
    assert_child(try_files, true, true);
}

static int try_names(void)
{
    REFUSED(chmod(at("own/mine"), 0644), EPERM);
    REFUSED(chown(at("own/mine"), 1, 1), EPERM);
    REFUSED(symlink("/etc", at("own/link")), EPERM);
    REFUSED(mknod(at("own/node"), S_IFREG | 0600, 0), EPERM);
    /* Landlock knows of the first only since Linux 6.2, of the others nothing. */
    REFUSED(truncate(at("own/mine"), 0), EPERM);
    REFUSED(utimensat(AT_FDCWD, at("own/mine"), NULL, 0), EPERM);
    int watch = inotify_init1(IN_CLOEXEC);
    REFUSED(inotify_add_watch(watch, at("own"), IN_CREATE), EPERM);
    close(watch);
    int fd = open(at("own/mine"), O_RDWR);
    EXPECT(fd >= 0 && fchmod(fd, 0600) == 0);
    close(fd);
    return 0;
}

static void rights_are_changed_only_by_descriptor(void **state)
{
    (void)state;
    need(FILTER);
    assert_child(try_names, true, true);
}

/* ---- Programs and processes ---- */

static int try_programs(void)
{
    char *const arguments[] = {(char[]){"sh"}, (char[]){"-c"}, (char[]){"exit 0"}, NULL};
    char *const none[] = {NULL};
    REFUSED(execve("/bin/sh", arguments, none), EPERM);
    REFUSED(syscall(SYS_execveat, AT_FDCWD, "/bin/sh", arguments, none, 0), EPERM);
    int memory = (int)syscall(SYS_memfd_create, "x", 0);
    EXPECT(memory >= 0);
    REFUSED(fexecve(memory, arguments, none), EPERM);
    return 0;
}

static void no_program_can_be_run(void **state)
{
    (void)state;
    need(FILTER);
    assert_child(try_programs, true, true);
}

static int try_other_name(void)
{
    char *const arguments[] = {(char[]){"true"}, NULL};
    char *const none[] = {NULL};
    /* Not the string that was named, though it says the same. */
    char other[] = "/bin/true";
    REFUSED(execve(other, arguments, none), EPERM);
    return 0;
}

static void one_program_can_be_run_by_its_own_name_alone(void **state)
{
    (void)state;
    need(FILTER);
    static const char program[] = "/bin/true";
    for (int named = 0; named < 2; named++) {
        pid_t pid = fork();
        if (pid == 0) {
            const struct confine_path paths[] = {{"/usr", CONFINE_READ},
                                                 {"/lib", CONFINE_READ},
                                                 {"/lib64", CONFINE_READ},
                                                 {"/bin/true", CONFINE_RUN},
                                                 {"/lib64/ld-linux-x86-64.so.2", CONFINE_RUN},
                                                 {"/lib/ld-linux-aarch64.so.1", CONFINE_RUN}};
            struct confine_state state_in_force;
            char *const arguments[] = {(char[]){"true"}, NULL};
            char *const none[] = {NULL};
            confine_self(&(struct confine){.paths = paths,
                                           .path_count = sizeof paths / sizeof *paths,
                                           .program = program},
                         &state_in_force);
            if (named == 0)
                _exit(try_other_name() == 0 ? 0 : 1);
            execve(program, arguments, none);
            _exit(2);
        }
        assert_int_equal(wait_for(pid), 0);
    }
}

static int try_others_limits(void)
{
    struct rlimit limit;
    struct sched_param param = {0};
    pid_t other = getppid();
    REFUSED(prlimit(other, RLIMIT_CPU, NULL, &limit), EPERM);
    EXPECT(prlimit(0, RLIMIT_CPU, NULL, &limit) == 0 && getrlimit(RLIMIT_AS, &limit) == 0);
    REFUSED(setpriority(PRIO_PROCESS, (id_t)other, 19), EPERM);
    REFUSED(sched_setscheduler(other, SCHED_IDLE, &param), EPERM);
    return 0;
}

static void nobody_else_is_given_limits(void **state)
{
    (void)state;
    need(FILTER);
    assert_child(try_others_limits, true, true);
}

static void *nothing(void *arg)
{
    return arg;
}

static int try_processes(void)
{
    pthread_t thread;
    REFUSED(fork(), EPERM);
    REFUSED(syscall(SYS_clone3, NULL, 0), ENOSYS);
    EXPECT(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    return 0;
}

static void without_processes_there_are_threads(void **state)
{
    (void)state;
    need(FILTER);
    assert_child(try_processes, true, false);
}

static int try_children(void)
{
    pthread_t thread;
    int status = 1;
    EXPECT(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(try_programs() == 0 && open("/etc/shadow", O_RDONLY) < 0 ? 0 : 1);
    EXPECT(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
    pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    EXPECT(pid > 0 && kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid);
    return 0;
}

static void children_are_confined_too_and_can_be_ended(void **state)
{
    (void)state;
    need(FILTER | LANDLOCK);
    assert_child(try_children, true, true);
}

static int try_signals(void)
{
    REFUSED(kill(getppid(), 0), EPERM);
    REFUSED(kill(getppid(), SIGWINCH), EPERM);
    EXPECT(kill(getpid(), 0) == 0);
    return 0;
}

static void nobody_else_can_be_signalled(void **state)
{
    (void)state;
    need(SCOPES);
    assert_child(try_signals, true, true);
}

/* ---- Limits ---- */

static int try_limits(void)
{
    struct rlimit limits;
    EXPECT(getrlimit(RLIMIT_CORE, &limits) == 0 && limits.rlim_max == 0);
    EXPECT(getrlimit(RLIMIT_MEMLOCK, &limits) == 0 && limits.rlim_max == 0);
    return 0;
}

static void no_memory_gets_into_a_file(void **state)
{
    (void)state;
    assert_child(try_limits, true, true);
}

static void a_ceiling_of_memory_holds(void **state)
{
    (void)state;
    if (CONFINE_SANITIZED) {
        print_message("# SKIP: sanitizers need more memory than any ceiling\n");
        skip();
    }
    pid_t pid = fork();
    if (pid == 0) {
        struct confine_state in_force;
        confine_self(&(struct confine){.memory = (size_t)256 << 20}, &in_force);
        void *small = malloc(1 << 20);
        void *large = malloc((size_t)512 << 20);
        _exit(small != NULL && large == NULL ? 0 : 1);
    }
    assert_int_equal(wait_for(pid), 0);
}

static void twice_is_no_harm(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        confine(true, true);
        confine(true, true);
        _exit(open_close(at("own/mine"), O_RDWR) == 0 ? 0 : 1);
    }
    assert_int_equal(wait_for(pid), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_named_can_be_opened),
        cmocka_unit_test(rights_are_changed_only_by_descriptor),
        cmocka_unit_test(no_program_can_be_run),
        cmocka_unit_test(one_program_can_be_run_by_its_own_name_alone),
        cmocka_unit_test(nobody_else_is_given_limits),
        cmocka_unit_test(without_processes_there_are_threads),
        cmocka_unit_test(children_are_confined_too_and_can_be_ended),
        cmocka_unit_test(nobody_else_can_be_signalled),
        cmocka_unit_test(no_memory_gets_into_a_file),
        cmocka_unit_test(a_ceiling_of_memory_holds),
        cmocka_unit_test(twice_is_no_harm),
    };
    return cmocka_run_group_tests_name("confine", tests, set_up, tear_down);
}

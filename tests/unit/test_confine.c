/* base: confine. What is refused, and what stays, in children that confine themselves. */
#define _GNU_SOURCE
#include "base/confine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder with: own/ (to be written), shared/kept (to be read), secret/key (neither). */
static char root[64];

static const char *at(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", root, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(at(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(root, "/tmp/linksnap-confine-XXXXXX");
    assert_non_null(mkdtemp(root));
    assert_int_equal(mkdir(at("own"), 0700), 0);
    assert_int_equal(mkdir(at("shared"), 0700), 0);
    assert_int_equal(mkdir(at("secret"), 0700), 0);
    put("own/mine", "mine");
    put("shared/kept", "kept");
    put("secret/key", "key");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

/* ---- Children ---- */

/* Which part must be in force for what a child asserts. */
enum need { LANDLOCK = 1, FILTER = 2, SCOPES = 4 };

static struct confine_state available(void)
{
    static struct confine_state state;
    static bool known;
    int ends[2];
    if (known)
        return state;
    assert_int_equal(pipe(ends), 0);
    if (fork() == 0) {
        confine_self(&(struct confine){.processes = true}, &state);
        _exit(write(ends[1], &state, sizeof state) == (ssize_t)sizeof state ? 0 : 1);
    }
    assert_int_equal(read(ends[0], &state, sizeof state), sizeof state);
    assert_true(wait(NULL) > 0);
    close(ends[0]);
    close(ends[1]);
    known = true;
    return state;
}

static void need(int what)
{
    struct confine_state state = available();
    const char *lacking = NULL;
    if ((what & LANDLOCK) != 0 && state.landlock == 0)
        lacking = "Landlock";
    else if ((what & SCOPES) != 0 && state.landlock < 6)
        lacking = "Landlock 6";
    else if ((what & FILTER) != 0 && !state.filter)
        lacking = "seccomp";
    if (lacking == NULL)
        return;
    print_message("# SKIP: this kernel lacks %s\n", lacking);
    skip();
}

static void confine(bool network, bool processes)
{
    const struct confine_path paths[] = {{at("own"), CONFINE_WRITE},
                                         {at("shared"), CONFINE_READ},
                                         {"/usr", CONFINE_READ},
                                         {"/lib", CONFINE_READ},
                                         {"/lib64", CONFINE_READ},
                                         {"/etc/hosts", CONFINE_READ},
                                         {"/etc/nsswitch.conf", CONFINE_READ},
                                         {"/dev/null", CONFINE_WRITE},
                                         {"/proc", CONFINE_READ},
                                         {"/nowhere", CONFINE_READ}};
    const struct confine rules = {.paths = paths,
                                  .path_count = sizeof paths / sizeof *paths,
                                  .network = network,
                                  .processes = processes};
    struct confine_state state;
    confine_self(&rules, &state);
}

static int wait_for(pid_t pid)
{
    int status = 0;
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

/* The line of the first thing that is not as it should be; 0: none. */
#define EXPECT(what)                                                                               \
    do {                                                                                           \
        errno = 0;                                                                                 \
        if (!(what))                                                                               \
            return __LINE__;                                                                       \
    } while (0)
#define REFUSED(call, why) EXPECT((call) == -1 && errno == (why))

typedef int act_fn(void);

static void assert_child(act_fn *act, bool network, bool processes)
{
    int ends[2];
    int line = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        confine(network, processes);
        line = act();
        _exit(write(ends[1], &line, sizeof line) == (ssize_t)sizeof line ? 0 : 1);
    }
    close(ends[1]);
    ssize_t count = read(ends[0], &line, sizeof line);
    close(ends[0]);
    assert_int_equal(wait_for(pid), 0);
    assert_int_equal(count, sizeof line);
    if (line != 0)
        print_error("not as expected: line %d\n", line);
    assert_int_equal(line, 0);
}

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

/* ---- The kernel ---- */

static int try_kernel(void)
{
    char byte = 0;
    struct iovec here = {&byte, 1};
    REFUSED(unshare(CLONE_NEWUSER), EPERM);
    REFUSED(unshare(CLONE_NEWNS), EPERM);
    REFUSED(setns(0, 0), EPERM);
    REFUSED((int)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL), EPERM);
    REFUSED(mount("none", at("own"), "tmpfs", 0, NULL), EPERM);
    REFUSED(chroot(at("own")), EPERM);
    REFUSED(process_vm_readv(getppid(), &here, 1, &here, 1, 0), EPERM);
    REFUSED((int)syscall(SYS_bpf, 0, NULL, 0), EPERM);
    REFUSED((int)syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0), EPERM);
    REFUSED((int)syscall(SYS_userfaultfd, 0), EPERM);
    REFUSED((int)syscall(SYS_keyctl, 0, 0), EPERM);
    REFUSED((int)syscall(SYS_personality, 0xFFFFFFFF), EPERM);
    REFUSED((int)syscall(425, 1, NULL), EPERM);             /* io_uring_setup */
    REFUSED((int)syscall(438, 0, 0, 0), EPERM);             /* pidfd_getfd */
    REFUSED((int)syscall(452, AT_FDCWD, "/", 0, 0), EPERM); /* fchmodat2 */
    REFUSED(shmget(IPC_PRIVATE, 4096, 0600), EPERM);
    REFUSED(setuid(getuid()), EPERM);
    REFUSED(setgid(getgid()), EPERM);
    REFUSED(ioctl(0, TIOCSTI, &byte), EPERM);
    /* The kernel looks at 32 bits of it. */
    REFUSED((int)syscall(SYS_ioctl, 0, 0x100000000UL + TIOCSTI, &byte), EPERM);
#if !CONFINE_SANITIZED
    REFUSED((int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL), EPERM);
    REFUSED((int)ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM);
#endif
    return 0;
}

static void the_kernels_deep_end_is_closed(void **state)
{
    (void)state;
    need(FILTER);
    assert_child(try_kernel, true, true);
}

/* ---- The network ---- */

static int try_network(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct addrinfo *found = NULL;
    int pair[2];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT(fd >= 0);
    REFUSED(listen(fd, 1), EPERM);
    REFUSED(accept(fd, NULL, NULL), EPERM);
    any.sin_port = htons(9);
    /* Refused by nobody but the other end, which is not there. */
    EXPECT(connect(fd, (struct sockaddr *)&any, sizeof any) == 0 || errno == ECONNREFUSED);
    EXPECT(socket(AF_INET6, SOCK_DGRAM, 0) >= 0 || errno == EAFNOSUPPORT);
    EXPECT(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE) >= 0);
    EXPECT(getaddrinfo("localhost", "80", NULL, &found) == 0);
    freeaddrinfo(found);
    REFUSED(socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT), EACCES);
    REFUSED(socket(AF_UNIX, SOCK_STREAM, 0), EACCES);
    REFUSED((int)syscall(SYS_socket, 0x100000000UL + AF_UNIX, SOCK_STREAM, 0), EACCES);
    REFUSED(socket(AF_PACKET, SOCK_RAW, 0), EACCES);
    REFUSED(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), EACCES);
    REFUSED(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), EACCES);
    REFUSED(socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP), EACCES);
    REFUSED(socket(AF_INET, SOCK_PACKET, 0), EACCES);
    EXPECT(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP) >= 0);
    for (int family = 0; family < 64; family++)
        if (family != AF_INET && family != AF_INET6 && family != AF_NETLINK)
            REFUSED(socket(family, SOCK_DGRAM, 0), EACCES);
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    REFUSED(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), EACCES);
    return 0;
}

static void the_network_is_for_calling_out(void **state)
{
    (void)state;
    need(FILTER);
    assert_child(try_network, true, true);
}

static int try_serving(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    REFUSED(bind(fd, (struct sockaddr *)&any, sizeof any), EACCES);
    return 0;
}

static void no_port_can_be_taken(void **state)
{
    (void)state;
    if (available().landlock < 4) {
        print_message("# SKIP: this kernel lacks Landlock 4\n");
        skip();
    }
    assert_child(try_serving, true, true);
}

static int try_no_network(void)
{
    int pair[2];
    REFUSED(socket(AF_INET, SOCK_STREAM, 0), EACCES);
    REFUSED(socket(AF_INET, SOCK_DGRAM, 0), EACCES);
    REFUSED(socket(AF_NETLINK, SOCK_RAW, 0), EACCES);
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    EXPECT(write(pair[0], "x", 1) == 1);
    return 0;
}

static void without_the_network_there_is_none(void **state)
{
    (void)state;
    need(FILTER);
    assert_child(try_no_network, false, true);
}

/* ---- Workers ---- */

/* How a worker ends that does this. */
static int worker(int (*act)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        confine_work();
        _exit(act());
    }
    return wait_for(pid);
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int compute(void)
{
    enum { COUNT = 100000 };
    int *numbers = malloc(COUNT * sizeof *numbers);
    void *large = malloc(64 << 20);
    if (numbers == NULL || large == NULL)
        return 1;
    memset(large, 1, 64 << 20);
    for (int i = 0; i < COUNT; i++)
        numbers[i] = (i * 7919) % COUNT;
    qsort(numbers, COUNT, sizeof *numbers, compare);
    numbers = realloc(numbers, 2 * COUNT * sizeof *numbers);
    bool ok = numbers != NULL && numbers[1] == 1 && clock() >= 0 && time(NULL) > 0;
    free(numbers);
    free(large);
    return ok && open("/etc/hosts", O_RDONLY) < 0 ? 0 : 1;
}

static int call_out(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 0 : 1;
}

static int start(void)
{
    return fork() < 0 ? 0 : 1;
}

static int change_code(void)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? 0 : 1;
}

static int run(void)
{
    char *const none[] = {NULL};
    execve("/bin/true", none, none);
    return 0;
}

static int look_elsewhere(void)
{
    char byte;
    struct iovec here = {&byte, 1};
    return process_vm_readv(getppid(), &here, 1, &here, 1, 0) < 0 ? 0 : 1;
}

static int kill_parent(void)
{
    return kill(getppid(), 0) < 0 ? 0 : 1;
}

static void a_worker_computes_and_can_do_nothing_else(void **state)
{
    (void)state;
    need(FILTER);
    int (*const fatal[])(void) = {call_out, start, change_code, run, look_elsewhere, kill_parent};
    assert_int_equal(worker(compute), 0);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        int status = worker(fatal[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
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
        cmocka_unit_test(the_kernels_deep_end_is_closed),
        cmocka_unit_test(the_network_is_for_calling_out),
        cmocka_unit_test(no_port_can_be_taken),
        cmocka_unit_test(without_the_network_there_is_none),
        cmocka_unit_test(a_worker_computes_and_can_do_nothing_else),
        cmocka_unit_test(no_memory_gets_into_a_file),
        cmocka_unit_test(a_ceiling_of_memory_holds),
        cmocka_unit_test(twice_is_no_harm),
    };
    return cmocka_run_group_tests_name("confine", tests, set_up, tear_down);
}

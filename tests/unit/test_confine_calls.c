/* base: confine: calls of the kernel, the network, workers that only compute. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "confine_fixture.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernels_deep_end_is_closed),
        cmocka_unit_test(the_network_is_for_calling_out),
        cmocka_unit_test(no_port_can_be_taken),
        cmocka_unit_test(without_the_network_there_is_none),
        cmocka_unit_test(a_worker_computes_and_can_do_nothing_else),
    };
    return cmocka_run_group_tests_name("confine_calls", tests, set_up, tear_down);
}

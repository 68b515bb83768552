#define _GNU_SOURCE /* CLONE_... */
#include "base/confine_bpf.h"
#include "base/confine_parts.h"

#ifdef __linux__

#include <errno.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h> /* the numbers of calls, and which of them this machine has not */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* Calls newer than that header: since 5.1 they have one number on every machine. */
enum { NEW_FCHMODAT2 = 452, NEW_SETXATTRAT = 463, NEW_REMOVEXATTRAT = 466, NEW_FILE_SETATTR = 469 };

#define CALL(name) SCMP_SYS(name)

/* Never needed by a program of ours, whatever it is at. */
static const int refused[] = {
    /* Looking into other processes. */
    CALL(process_vm_readv), CALL(process_vm_writev), CALL(process_madvise), CALL(kcmp),
    CALL(pidfd_getfd), CALL(pidfd_send_signal), CALL(perf_event_open),
    /* Slowing them down, or ending them by a limit (prlimit is below). */
    CALL(setpriority), CALL(sched_setscheduler), CALL(sched_setparam), CALL(sched_setattr),
    CALL(sched_setaffinity), CALL(ioprio_set),
    /* Another view of the machine. */
    CALL(unshare), CALL(setns), CALL(mount), CALL(umount), CALL(umount2), CALL(pivot_root),
    CALL(chroot), CALL(move_mount), CALL(open_tree), CALL(fsopen), CALL(fsconfig), CALL(fsmount),
    CALL(fspick), CALL(mount_setattr), CALL(open_by_handle_at), CALL(name_to_handle_at),
    CALL(fanotify_init), CALL(quotactl), CALL(quotactl_fd), CALL(swapon), CALL(swapoff), CALL(acct),
    CALL(personality),
    /* The kernel's deep end. */
    CALL(bpf), CALL(userfaultfd), CALL(io_uring_setup), CALL(io_uring_enter),
    CALL(io_uring_register), CALL(add_key), CALL(request_key), CALL(keyctl), CALL(kexec_load),
    CALL(kexec_file_load), CALL(init_module), CALL(finit_module), CALL(delete_module),
    CALL(modify_ldt), CALL(iopl), CALL(ioperm), CALL(vm86), CALL(vm86old), CALL(splice), CALL(tee),
    CALL(vmsplice), CALL(memfd_secret), CALL(migrate_pages), CALL(move_pages), CALL(syslog),
    CALL(reboot), CALL(clock_settime), CALL(clock_settime64), CALL(settimeofday), CALL(stime),
    CALL(clock_adjtime), CALL(clock_adjtime64), CALL(adjtimex), CALL(sethostname),
    CALL(setdomainname), CALL(vhangup), CALL(lookup_dcookie),
    /* Memory and messages that other programs share. */
    CALL(shmget), CALL(shmat), CALL(shmctl), CALL(semget), CALL(semctl), CALL(msgget), CALL(msgsnd),
    CALL(msgrcv), CALL(msgctl), CALL(ipc), CALL(mq_open), CALL(mq_unlink),
    /* Being somebody else. */
    CALL(setuid), CALL(setgid), CALL(setreuid), CALL(setregid), CALL(setresuid), CALL(setresgid),
    CALL(setfsuid), CALL(setfsgid), CALL(setgroups), CALL(setuid32), CALL(setgid32),
    CALL(setreuid32), CALL(setregid32), CALL(setresuid32), CALL(setresgid32), CALL(setfsuid32),
    CALL(setfsgid32), CALL(setgroups32), CALL(capset),
    /* What Landlock does not look at: who may use a file that is not ours to open, by its name; and
     * names that lead elsewhere. SQLite has descriptors for its own. */
    CALL(chmod), CALL(fchmodat), CALL(chown), CALL(chown32), CALL(lchown), CALL(lchown32),
    CALL(fchownat), CALL(setxattr), CALL(lsetxattr), CALL(removexattr), CALL(lremovexattr),
    CALL(symlink), CALL(symlinkat), CALL(mknod), CALL(mknodat), CALL(truncate), CALL(truncate64),
    CALL(utime), CALL(utimes), CALL(futimesat), CALL(utimensat), CALL(utimensat_time64),
    CALL(inotify_add_watch), NEW_FCHMODAT2, NEW_SETXATTRAT, NEW_REMOVEXATTRAT, NEW_FILE_SETATTR,
    /* Taking calls. */
    CALL(listen), CALL(accept), CALL(accept4), CALL(execveat)};

#define REFUSAL(error) (SECCOMP_RET_ERRNO | ((uint32_t)(error)&SECCOMP_RET_DATA))

static void refuse(struct bpf_rules *rules, int call, int error)
{
    bpf_add(rules, &(struct bpf_rule){.call = call, .action = REFUSAL(error)});
}

static void when(struct bpf_rules *rules, int call, uint32_t action, struct bpf_test test)
{
    bpf_add(rules,
            &(struct bpf_rule){.call = call, .test_count = 1, .tests = {test}, .action = action});
}

static void when_both(struct bpf_rules *rules, int call, uint32_t action, struct bpf_test first,
                      struct bpf_test second)
{
    bpf_add(rules, &(struct bpf_rule){
                       .call = call, .test_count = 2, .tests = {first, second}, .action = action});
}

static void when_all(struct bpf_rules *rules, int call, uint32_t action, struct bpf_test first,
                     struct bpf_test second, struct bpf_test third)
{
    bpf_add(rules,
            &(struct bpf_rule){
                .call = call, .test_count = 3, .tests = {first, second, third}, .action = action});
}

/* (argument & mask) == value, and its contrary. */
static struct bpf_test has(unsigned argument, uint32_t mask, uint32_t value)
{
    return (struct bpf_test){.argument = argument, .is = true, .mask = mask, .value = value & mask};
}

static struct bpf_test lacks(unsigned argument, uint32_t mask, uint32_t value)
{
    struct bpf_test test = has(argument, mask, value);
    test.is = false;
    return test;
}

static struct bpf_test is(unsigned argument, uint32_t value)
{
    return has(argument, UINT32_MAX, value);
}

/* New namespaces, and with `processes` off all but threads. clone3 hides its flags behind a
 * pointer; libc does with clone what it is not given with clone3. */
static void refuse_clones(struct bpf_rules *rules, bool processes)
{
    const uint32_t spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                            CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
#if defined(__s390__) || defined(__CRIS__)
    const unsigned flags = 1;
#else
    const unsigned flags = 0;
#endif
    refuse(rules, CALL(clone3), ENOSYS);
    when(rules, CALL(clone), REFUSAL(EPERM), lacks(flags, spaces, 0));
    if (processes)
        return;
    when(rules, CALL(clone), REFUSAL(EPERM), has(flags, CLONE_THREAD, 0));
    refuse(rules, CALL(fork), EPERM);
    refuse(rules, CALL(vfork), EPERM);
}

/* TCP and UDP: other protocols are parts of the kernel that few use and holes are found in. */
static void allow_internet(struct bpf_rules *rules, uint32_t family)
{
    enum { TYPE = 0xF };
    static const struct {
        uint32_t type;
        uint32_t protocol;
    } kinds[] = {
        {SOCK_STREAM, 0}, {SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, 0}, {SOCK_DGRAM, IPPROTO_UDP}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        when_all(rules, CALL(socket), SECCOMP_RET_ALLOW, is(0, family), has(1, TYPE, kinds[i].type),
                 is(2, kinds[i].protocol));
}

/* With the network there are IPv4, IPv6 and the part of netlink where libc asks for this machine's
 * addresses. Pairs of streams there are always; a datagram socket of a pair could write to any
 * other one. */
static void refuse_sockets(struct bpf_rules *rules, bool network)
{
    enum { TYPE = 0xF };
    when(rules, CALL(socketpair), REFUSAL(EACCES), has(1, TYPE, SOCK_DGRAM));
    when(rules, CALL(socketpair), REFUSAL(EACCES), has(1, TYPE, SOCK_RAW));
    if (network) {
        allow_internet(rules, AF_INET);
        allow_internet(rules, AF_INET6);
        when_both(rules, CALL(socket), SECCOMP_RET_ALLOW, is(0, AF_NETLINK), is(2, 0));
    } else {
        refuse(rules, CALL(connect), EACCES);
        refuse(rules, CALL(bind), EACCES);
    }
    refuse(rules, CALL(socket), EACCES);
    /* Machines of 32 bits have one call for all of these, its arguments behind a pointer. */
    if (!network)
        refuse(rules, CALL(socketcall), EACCES);
}

/* By the address of the one string that names it. */
static void refuse_programs(struct bpf_rules *rules, const char *program)
{
    const uint64_t at = (uintptr_t)program;
    const struct bpf_test upper = {.argument = 0,
                                   .upper = true,
                                   .is = true,
                                   .mask = UINT32_MAX,
                                   .value = (uint32_t)(at >> 32)};
    if (program != NULL)
        when_both(rules, CALL(execve), SECCOMP_RET_ALLOW, is(0, (uint32_t)at), upper);
    refuse(rules, CALL(execve), EPERM);
}

/* Typing for the person at the terminal. */
static void refuse_terminals(struct bpf_rules *rules)
{
    enum { PASTE = 0x541C }; /* TIOCLINUX */
    when(rules, CALL(ioctl), REFUSAL(EPERM), is(1, TIOCSTI));
    when(rules, CALL(ioctl), REFUSAL(EPERM), is(1, PASTE));
}

bool confine_filter(const struct confine *confine)
{
    struct bpf_rules rules = {.otherwise = SECCOMP_RET_ALLOW};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuse(&rules, refused[i], EPERM);
    if (!CONFINE_SANITIZED)
        refuse(&rules, CALL(ptrace), EPERM);
    refuse_programs(&rules, confine->program);
    refuse_clones(&rules, confine->processes);
    refuse_sockets(&rules, confine->network);
    refuse_terminals(&rules);
    /* What others could then run, or write. */
    enum { SHARED = 06022 };
    when(&rules, CALL(fchmod), REFUSAL(EPERM), lacks(1, SHARED, 0));
    when(&rules, CALL(prlimit64), REFUSAL(EPERM), lacks(0, UINT32_MAX, 0)); /* 0: its own */
    return bpf_load(&rules);
}

bool confine_filter_work(void)
{
    static const int allowed[] = {CALL(read),
                                  CALL(write),
                                  CALL(writev),
                                  CALL(close),
                                  CALL(munmap),
                                  CALL(brk),
                                  CALL(mremap),
                                  CALL(madvise),
                                  CALL(exit),
                                  CALL(exit_group),
                                  CALL(rt_sigreturn),
                                  CALL(sigreturn),
                                  CALL(rt_sigprocmask),
                                  CALL(sigaltstack),
                                  CALL(clock_gettime),
                                  CALL(clock_gettime64),
                                  CALL(gettimeofday),
                                  CALL(time),
                                  CALL(futex),
                                  CALL(futex_time64),
                                  CALL(restart_syscall),
                                  CALL(getpid),
                                  CALL(gettid),
                                  CALL(sched_yield),
                                  CALL(getrandom),
                                  CALL(sysinfo)};
    /* What libc and sanitizers ask in passing, and can do without. */
    static const int unheard[] = {CALL(open),
                                  CALL(openat),
                                  CALL(fstat),
                                  CALL(fstat64),
                                  CALL(newfstatat),
                                  CALL(fstatat64),
                                  CALL(statx),
                                  CALL(lseek),
                                  CALL(ioctl),
                                  CALL(prctl),
                                  CALL(readlink),
                                  CALL(readlinkat),
                                  CALL(sched_getaffinity),
                                  CALL(rt_sigaction)};
    static const int memory[] = {CALL(mmap), CALL(mmap2), CALL(mprotect)};
    struct bpf_rules rules = {.otherwise = SECCOMP_RET_KILL_PROCESS};
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        bpf_add(&rules, &(struct bpf_rule){.call = allowed[i], .action = SECCOMP_RET_ALLOW});
    for (size_t i = 0; i < sizeof unheard / sizeof *unheard; i++)
        refuse(&rules, unheard[i], EPERM);
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        when(&rules, memory[i], SECCOMP_RET_ALLOW, has(2, PROT_EXEC, 0));
    return bpf_load(&rules);
}

#else

bool confine_filter(const struct confine *confine)
{
    (void)confine;
    return false;
}

bool confine_filter_work(void)
{
    return false;
}

#endif

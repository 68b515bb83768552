#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include "page/launcher.h"

#include "base/clock.h"
#include "page/program_run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#ifndef MSG_CMSG_CLOEXEC
#define MSG_CMSG_CLOEXEC 0
#endif

/* What goes with a request: the program's input and output, and where its end is told. */
enum { IN, OUT, STATUS, PASSED };

enum {
    STOP_MS = 2000,  /* for a program that was killed to be gone */
    GRACE_MS = 1000, /* the keeper lets the other end be the first to find it late */
    SOCKET = 3       /* the launcher's only descriptor past the three */
};

static int launcher = -1; /* our end of its socket */

union control {
    char bytes[CMSG_SPACE(PASSED * sizeof(int))];
    struct cmsghdr align;
};

/* ---- One program's keeper ---- */

static void on_child(int signal_number)
{
    (void)signal_number;
}

/* Whether the one who asked is gone, or wants no more. */
static bool is_unwanted(int status, const struct timespec *wait, const sigset_t *waiting)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(status, &set);
    return pselect(status + 1, &set, NULL, NULL, wait, waiting) > 0;
}

static unsigned char judge(int how)
{
    if (!WIFEXITED(how))
        return LAUNCHER_FAILED;
    int code = WEXITSTATUS(how);
    return code == 0                     ? LAUNCHER_DONE
           : code == PROGRAM_EXIT_ABSENT ? LAUNCHER_ABSENT
                                         : LAUNCHER_FAILED;
}

static _Noreturn void keep(const struct program_row *program, const int passed[PASSED])
{
    struct sigaction action = {.sa_handler = on_child};
    sigset_t child;
    sigset_t waiting;
    int64_t deadline = clock_steady() + program->ms + GRACE_MS;
    int how = 0;
    bool killed = false;
    close(SOCKET);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &waiting);
    sigaction(SIGCHLD, &action, NULL);
    pid_t keeper = getpid();
    pid_t pid = fork();
    if (pid < 0)
        _exit(1);
    if (pid == 0)
        program_become(program, passed[IN], passed[OUT], keeper);
    setpgid(pid, pid); /* whichever of the two comes first */
    close(passed[IN]);
    close(passed[OUT]);
    while (waitpid(pid, &how, WNOHANG) == 0) {
        int64_t left = deadline - clock_steady();
        struct timespec wait = {.tv_sec = left > 0 ? left / 1000 : 0,
                                .tv_nsec = left > 0 ? left % 1000 * 1000000 : 0};
        if (!killed && (is_unwanted(passed[STATUS], &wait, &waiting) || left <= 0)) {
            kill(-pid, SIGKILL);
            kill(pid, SIGKILL);
            killed = true;
        } else if (killed) {
            while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
                continue;
            break;
        }
    }
    /* What it started may live on. */
    kill(-pid, SIGKILL);
    unsigned char end = killed ? LAUNCHER_LATE : judge(how);
    (void)send(passed[STATUS], &end, 1, MSG_NOSIGNAL);
    _exit(0);
}

/* ---- The launcher ---- */

static void close_all(int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* The number of a program and what goes with it; PROGRAM_NONE for what is no request. False at the
 * end. */
static bool receive(unsigned char *program_out, int passed[PASSED])
{
    union control control;
    struct iovec part = {.iov_base = program_out, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    *program_out = PROGRAM_NONE;
    ssize_t count = recvmsg(SOCKET, &message, MSG_CMSG_CLOEXEC);
    if (count <= 0)
        return count < 0 && errno == EINTR;
    /* The padding behind what is asked for has room for more. */
    int given[sizeof control.bytes / sizeof(int)];
    size_t given_count = 0;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) {
        given_count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(given, CMSG_DATA(head), given_count * sizeof(int));
    }
    bool whole = given_count == PASSED && (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0;
    if (!whole || *program_out == PROGRAM_NONE || *program_out >= program_count) {
        close_all(given, given_count);
        *program_out = PROGRAM_NONE;
        return true;
    }
    memcpy(passed, given, PASSED * sizeof(int));
    return true;
}

/* A session of its own: what is typed at a terminal is for the one who asks. */
static _Noreturn void serve(int socket)
{
    unsigned char program;
    int passed[PASSED];
    setsid();
#ifdef __linux__
    prctl(PR_SET_NAME, LAUNCHER_NAME);
#endif
    if (!program_forget(socket, SOCKET) || chdir("/") != 0)
        _exit(1);
    signal(SIGCHLD, SIG_IGN); /* keepers need nobody to wait for them */
    signal(SIGPIPE, SIG_IGN);
    while (receive(&program, passed)) {
        if (program == PROGRAM_NONE)
            continue;
        if (fork() == 0)
            keep(&programs[program], passed);
        close_all(passed, PASSED);
    }
    _exit(0);
}

/* ---- Those who ask ---- */

bool launcher_start(struct error *err)
{
    int ends[2];
    if (launcher >= 0)
        return true;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set(err, ERR_INTERNAL, "No socket to the launcher: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        serve(ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error_set(err, ERR_INTERNAL, "No process for the launcher");
    }
    launcher = ends[0];
    return true;
}

static bool request(enum program program, const int passed[PASSED])
{
    unsigned char number = (unsigned char)program;
    union control control = {.bytes = {0}};
    struct iovec part = {.iov_base = &number, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(PASSED * sizeof(int));
    memcpy(CMSG_DATA(head), passed, PASSED * sizeof(int));
    ssize_t sent;
    do
        sent = sendmsg(launcher, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == 1;
}

bool launcher_run(enum program program, int in, int out, int *status_out, struct error *err)
{
    int status[2];
    if (!launcher_start(err))
        return false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, status) != 0)
        return error_set(err, ERR_INTERNAL, "No socket to a program");
    const int passed[PASSED] = {[IN] = in, [OUT] = out, [STATUS] = status[1]};
    bool ok = request(program, passed);
    close(status[1]);
    if (!ok) {
        close(status[0]);
        return error_set(err, ERR_INTERNAL, "The launcher of programs is gone");
    }
    *status_out = status[0];
    return true;
}

/* Whether something came, or the other end is closed. */
static bool await(int status, int64_t deadline)
{
    struct pollfd polled = {.fd = status, .events = POLLIN};
    for (;;) {
        int64_t left = deadline - clock_steady();
        int ready = poll(&polled, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return true;
        if (left <= 0)
            return false;
    }
}

enum launcher_end launcher_wait(int status, int64_t deadline)
{
    unsigned char end;
    bool late = !await(status, deadline);
    if (late) {
        shutdown(status, SHUT_WR);
        (void)await(status, clock_steady() + STOP_MS);
    }
    ssize_t count = recv(status, &end, 1, MSG_DONTWAIT);
    if (late)
        return LAUNCHER_LATE;
    return count == 1 && end <= LAUNCHER_LATE ? (enum launcher_end)end : LAUNCHER_FAILED;
}

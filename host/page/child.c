#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include "page/child.h"

#include "base/clock.h"
#include "base/confine.h"
#include "page/launcher.h"
#include "page/program_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A child that ends early must not end us with a signal; where send() cannot say so, the socket
 * does. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

bool child_find(const char *name, char path_out[CHILD_PATH_SIZE])
{
    static const char *const folders[] = {"/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[CHILD_PATH_SIZE];
        int len = snprintf(path, sizeof path, "%s/%s", folders[i], name);
        if (len > 0 && (size_t)len < sizeof path && access(path, X_OK) == 0) {
            memcpy(path_out, path, sizeof path);
            return true;
        }
    }
    return false;
}

/* ---- A function of ours in a child ---- */

/* Nothing here may be what is not safe after fork(). */
static _Noreturn void work(const struct child *child, int out, pid_t parent)
{
    program_detach(parent);
    program_take_ends(-1, out);
    if (chdir("/") != 0)
        _exit(1);
    program_limit(child->ms, 0);
    confine_work();
    _exit(child->work(child->in, 1) ? 0 : 1);
}

bool child_write(int out, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t count = write(out, bytes.ptr, bytes.len);
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0)
            bytes = slice_sub(bytes, (size_t)count, bytes.len);
    }
    return true;
}

/* ---- The parent ---- */

/* Our ends of both ways; -1 when closed. */
struct ends {
    int in;
    int out;
    struct slice rest; /* of what it is to read */
};

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void feed(struct ends *ends)
{
    ssize_t count = send(ends->in, ends->rest.ptr, ends->rest.len, MSG_NOSIGNAL);
    if (count > 0)
        ends->rest = slice_sub(ends->rest, (size_t)count, ends->rest.len);
    bool again = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    if (ends->rest.len == 0 || (count < 0 && !again))
        shut(&ends->in);
}

/* False when there is no room for more. */
static bool take(struct ends *ends, struct buf *out)
{
    char bytes[16384];
    ssize_t count = read(ends->out, bytes, sizeof bytes);
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
        shut(&ends->out);
    if (count <= 0)
        return true;
    size_t room = out->max - out->len;
    size_t fits = (size_t)count < room ? (size_t)count : room;
    return buf_add(out, bytes, fits) && fits == (size_t)count;
}

/* Until it has said all. */
static enum child_end talk(struct ends *ends, int64_t deadline, struct buf *out)
{
    while (ends->out >= 0) {
        struct pollfd polled[2] = {{.fd = ends->out, .events = POLLIN},
                                   {.fd = ends->in, .events = POLLOUT}};
        int64_t left = deadline - clock_steady();
        if (left <= 0)
            return CHILD_LATE;
        int ready = poll(polled, 2, (int)left);
        if (ready < 0 && errno != EINTR)
            return CHILD_FAILED;
        if (ready <= 0)
            continue;
        if (polled[1].revents != 0)
            feed(ends);
        if (polled[0].revents != 0 && !take(ends, out))
            return CHILD_FULL;
    }
    return CHILD_DONE;
}

/* Until it has ended, too: it may close its output and live on. */
static enum child_end await(pid_t pid, int64_t deadline)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    siginfo_t seen = {0};
    while (waitid(P_PID, (id_t)pid, &seen, WEXITED | WNOWAIT | WNOHANG) == 0 && seen.si_pid == 0) {
        if (clock_steady() >= deadline)
            return CHILD_LATE;
        nanosleep(&pause, NULL);
    }
    return CHILD_DONE;
}

static enum child_end finish_work(pid_t pid, enum child_end end, int64_t deadline)
{
    int status = 0;
    if (end == CHILD_DONE)
        end = await(pid, deadline);
    /* Its number is its own until it is waited for: nobody else's group is hit. */
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (end != CHILD_DONE)
        return end;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? CHILD_DONE : CHILD_FAILED;
}

static enum child_end finish_program(int status, enum child_end end, int64_t deadline)
{
    static const enum child_end ends[] = {[LAUNCHER_DONE] = CHILD_DONE,
                                          [LAUNCHER_FAILED] = CHILD_FAILED,
                                          [LAUNCHER_ABSENT] = CHILD_ABSENT,
                                          [LAUNCHER_LATE] = CHILD_LATE};
    enum launcher_end said = launcher_wait(status, end == CHILD_DONE ? deadline : 0);
    return end == CHILD_DONE ? ends[said] : end;
}

static void prepare(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

static bool run_work(const struct child *child, struct buf *out, enum child_end *end_out,
                     struct error *err)
{
    int back[2];
    int64_t deadline = clock_steady() + child->ms;
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, back) != 0)
        return error_set(err, ERR_INTERNAL, "No socket to a reader");
    pid_t pid = fork();
    if (pid == 0)
        work(child, back[1], parent);
    shut(&back[1]);
    struct ends ends = {.in = -1, .out = back[0]};
    if (pid > 0) {
        setpgid(pid, pid); /* whichever of the two comes first */
        prepare(ends.out);
        *end_out = finish_work(pid, talk(&ends, deadline, out), deadline);
    }
    shut(&ends.out);
    return pid > 0 || error_set(err, ERR_INTERNAL, "No process for a reader");
}

static bool run_program(const struct child *child, struct buf *out, enum child_end *end_out,
                        struct error *err)
{
    int in[2] = {-1, -1};
    int back[2] = {-1, -1};
    int status = -1;
    const struct program_row *program = &programs[child->program];
    int64_t deadline = clock_steady() + program->ms;
    bool ok = (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == 0 &&
               socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, back) == 0) ||
              error_set(err, ERR_INTERNAL, "No socket to %s", program->name);
    ok = ok && launcher_run(child->program, in[1], back[1], &status, err);
    shut(&in[1]);
    shut(&back[1]);
    struct ends ends = {.in = in[0], .out = back[0], .rest = child->in};
    if (ok) {
        prepare(ends.in);
        prepare(ends.out);
        if (child->in.len == 0)
            shut(&ends.in);
        *end_out = finish_program(status, talk(&ends, deadline, out), deadline);
    }
    shut(&ends.in);
    shut(&ends.out);
    shut(&status);
    return ok;
}

bool child_run(const struct child *child, struct buf *out, enum child_end *end_out,
               struct error *err)
{
    bool program = child->program != PROGRAM_NONE;
    if (!(program ? run_program : run_work)(child, out, end_out, err))
        return false;
    return out->failed != ERR_NO_MEMORY || error_no_memory(err);
}

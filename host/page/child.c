#include "page/child.h"

#include "base/clock.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

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

/* ---- The child: nothing here may be what is not safe after fork() ---- */

enum { EXIT_ABSENT = 127, FIRST_FREE = 3 };

static void limit(int resource, rlim_t value)
{
    struct rlimit limits = {.rlim_cur = value, .rlim_max = value};
    setrlimit(resource, &limits);
}

/* It goes when its parent goes, gains no rights by what it runs, and is the first of a group that
 * can be ended as one. */
static void detach(pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (getppid() != parent)
        _exit(1);
#else
    (void)parent;
#endif
}

/* Standard input and output are its two ends; what it complains of is nobody's to read. */
static void take_ends(int in, int out)
{
    enum { HIGHEST = 65536 };
    struct rlimit files;
    int null = open("/dev/null", O_RDWR);
    /* Past the three first, so that none is closed by what takes its place. */
    in = fcntl(in >= 0 ? in : null, F_DUPFD, FIRST_FREE);
    out = fcntl(out, F_DUPFD, FIRST_FREE);
    null = fcntl(null, F_DUPFD, FIRST_FREE);
    if (in < 0 || out < 0 || null < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(null, 2) < 0)
        _exit(1);
    int highest = HIGHEST;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < HIGHEST)
        highest = (int)files.rlim_cur;
    for (int other = FIRST_FREE; other < highest; other++)
        close(other);
}

static void renounce(const struct child *child)
{
    enum { FILES = 32 }; /* its libraries, fonts and tables */
    bool program = child->program != NULL;
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NPROC, 0);
    limit(RLIMIT_NOFILE, program ? FILES : 0);
    limit(RLIMIT_CPU, (rlim_t)(child->ms / 1000) + 1);
    if (program && child->memory > 0)
        limit(RLIMIT_AS, child->memory);
}

static void work(const struct child *child, int in, int out, pid_t parent)
{
    static char path[] = "PATH=/usr/bin:/bin";
    static char locale[] = "LC_ALL=C.UTF-8";
    char *const environment[] = {path, locale, NULL};
    detach(parent);
    take_ends(in, out);
    if (chdir("/") != 0)
        _exit(1);
    renounce(child);
    if (child->program == NULL)
        _exit(child->work(child->in, 1) ? 0 : 1);
    union {
        const char **given;
        char *const *wanted; /* execve() changes nothing of it */
    } arguments = {child->arguments};
    execve(child->program, arguments.wanted, environment);
    _exit(EXIT_ABSENT);
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

static enum child_end finish(pid_t pid, enum child_end end, int64_t deadline)
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
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_ABSENT)
        return CHILD_ABSENT;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? CHILD_DONE : CHILD_FAILED;
}

static void prepare(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

bool child_run(const struct child *child, struct buf *out, enum child_end *end_out,
               struct error *err)
{
    int in[2] = {-1, -1};
    int back[2] = {-1, -1};
    int64_t deadline = clock_steady() + child->ms;
    pid_t parent = getpid();
    pid_t pid = -1;
    bool reads = child->program != NULL;
    if ((!reads || socketpair(AF_UNIX, SOCK_STREAM, 0, in) == 0) &&
        socketpair(AF_UNIX, SOCK_STREAM, 0, back) == 0)
        pid = fork();
    if (pid == 0)
        work(child, in[1], back[1], parent);
    shut(&in[1]);
    shut(&back[1]);
    struct ends ends = {.in = in[0], .out = back[0], .rest = child->in};
    if (pid > 0) {
        setpgid(pid, pid); /* whichever of the two comes first */
        if (reads)
            prepare(ends.in);
        prepare(ends.out);
        if (child->in.len == 0)
            shut(&ends.in);
        *end_out = finish(pid, talk(&ends, deadline, out), deadline);
    }
    shut(&ends.in);
    shut(&ends.out);
    if (pid < 0)
        return error_set(err, ERR_INTERNAL, "No process for %s",
                         child->program != NULL ? child->program : "a reader");
    return out->failed != ERR_NO_MEMORY || error_no_memory(err);
}

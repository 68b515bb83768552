/* What somebody would try who has taken over one of our processes. As a library that is preloaded
 * (LD_PRELOAD) it stands in the way of functions that a capture calls in its midst, and tries
 * there; as a program (-DPLANTED_PROGRAM) it tries without any confinement, to show that it could.
 *
 * PLANTED_AT names the function; PLANTED_HOME, PLANTED_STORE and PLANTED_SOCKET what is tried for.
 * Each attempt is a line on stderr: "planted NAME ERRNO", 0 for success. In a child that computes
 * (PLANTED_AT=parser:NAME or markdown:NAME) one attempt is made, and told by the parent: "planted
 * NAME begun" and, when the child lived on, its errno. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- The attempts: 0, or the errno that they end with ---- */

static const char *in(const char *variable, const char *name)
{
    static char path[4096];
    const char *folder = getenv(variable);
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "/nonexistent", name);
    return path;
}

static int result(int value)
{
    return value < 0 ? errno : 0;
}

static int opened(const char *path, int flags)
{
    char byte;
    int fd = open(path, flags, 0600);
    int fault = result(fd);
    if (fault == 0 && (flags & O_ACCMODE) == O_RDONLY && (flags & O_DIRECTORY) == 0)
        fault = result((int)read(fd, &byte, 1));
    if (fd >= 0)
        close(fd);
    return fault;
}

static int read_key(void)
{
    return opened(in("PLANTED_HOME", ".ssh/id_rsa"), O_RDONLY);
}

/* To the length that it has. */
static int shorten_key(void)
{
    struct stat st;
    const char *key = in("PLANTED_HOME", ".ssh/id_rsa");
    return stat(key, &st) != 0 || truncate(key, st.st_size) != 0 ? errno : 0;
}

/* To the limit that it has. */
static int limit_browser(void)
{
    struct rlimit limit;
    pid_t browser = getppid();
    return prlimit(browser, RLIMIT_CORE, NULL, &limit) != 0 ||
                   prlimit(browser, RLIMIT_CORE, &limit, NULL) != 0
               ? errno
               : 0;
}

static int watch_home(void)
{
    int fd = inotify_init1(IN_CLOEXEC);
    int fault = inotify_add_watch(fd, getenv("PLANTED_HOME"), IN_CREATE) < 0 ? errno : 0;
    close(fd);
    return fault;
}

static int read_cookies(void)
{
    return opened(in("PLANTED_HOME", ".mozilla/firefox/cookies.sqlite"), O_RDONLY);
}

static int list_home(void)
{
    return opened(in("PLANTED_HOME", "."), O_RDONLY | O_DIRECTORY);
}

static int write_home(void)
{
    return opened(in("PLANTED_HOME", ".bashrc"), O_WRONLY | O_APPEND);
}

static int make_home(void)
{
    return opened(in("PLANTED_HOME", "made"), O_WRONLY | O_CREAT);
}

static int make_tmp(void)
{
    char name[64];
    snprintf(name, sizeof name, "/tmp/linksnap-planted-%d", (int)getpid());
    int fault = opened(name, O_WRONLY | O_CREAT);
    unlink(name);
    return fault;
}

static int delete_home(void)
{
    return result(unlink(in("PLANTED_HOME", "victim")));
}

static int open_to_all(void)
{
    return result(chmod(in("PLANTED_HOME", ".ssh/id_rsa"), 0644));
}

static int read_browser_memory(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)getppid());
    int fd = open(path, O_RDONLY);
    int fault = result(fd);
    if (fd >= 0)
        close(fd);
    return fault;
}

static int read_browser_environment(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", (int)getppid());
    return opened(path, O_RDONLY);
}

static int make_symlink(void)
{
    char to[4096];
    snprintf(to, sizeof to, "%s", in("PLANTED_STORE", "symlink"));
    int fault = result(symlink("/etc", to));
    unlink(to);
    return fault;
}

static int make_hardlink(void)
{
    char from[4096];
    char to[4096];
    snprintf(from, sizeof from, "%s", in("PLANTED_HOME", ".ssh/id_rsa"));
    snprintf(to, sizeof to, "%s", in("PLANTED_STORE", "hardlink"));
    int fault = result(link(from, to));
    unlink(to);
    return fault;
}

static int child_ends(pid_t pid)
{
    int status;
    if (pid < 0)
        return errno;
    if (waitpid(pid, &status, 0) != pid)
        return errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static int run_shell(void)
{
    char *const arguments[] = {"sh", "-c", "exit 0", NULL};
    pid_t pid = fork();
    if (pid == 0) {
        execve("/bin/sh", arguments, environ);
        _exit(errno);
    }
    return child_ends(pid);
}

static int spawn_shell(void)
{
    char *const arguments[] = {"sh", "-c", "exit 0", NULL};
    pid_t pid;
    int fault = posix_spawn(&pid, "/bin/sh", NULL, NULL, arguments, environ);
    return fault != 0 ? fault : child_ends(pid);
}

static int run_memory(void)
{
    char *const arguments[] = {"true", NULL};
    char bytes[65536];
    ssize_t count;
    int from = open("/usr/bin/true", O_RDONLY);
    int memory = memfd_create("x", 0);
    while ((count = read(from, bytes, sizeof bytes)) > 0)
        if (write(memory, bytes, (size_t)count) != count)
            return errno;
    pid_t pid = fork();
    if (pid == 0) {
        fexecve(memory, arguments, environ);
        _exit(errno);
    }
    close(from);
    close(memory);
    return child_ends(pid);
}

static int new_namespace(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(result(unshare(CLONE_NEWUSER)));
    return child_ends(pid);
}

static int trace(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    int fault = result((int)ptrace(PTRACE_SEIZE, pid, NULL, NULL));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return fault;
}

static int peek(void)
{
    static char here[8];
    struct iovec ours = {here, sizeof here};
    struct iovec theirs = {here, sizeof here};
    pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    int fault = result((int)process_vm_readv(pid, &ours, 1, &theirs, 1, 0));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return fault;
}

static int signal_browser(void)
{
    return result(kill(getppid(), 0));
}

static int serve(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int fault = fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) != 0 || listen(fd, 1) != 0
                    ? errno
                    : 0;
    if (fd >= 0)
        close(fd);
    return fault;
}

/* As the session bus listens, which starts programs for whoever asks. */
static int call_bus(void)
{
    struct sockaddr_un bus = {.sun_family = AF_UNIX};
    const char *path = getenv("PLANTED_SOCKET");
    snprintf(bus.sun_path, sizeof bus.sun_path, "%s", path ? path : "/nonexistent");
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    int fault = fd < 0 || connect(fd, (struct sockaddr *)&bus, sizeof bus) != 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    return fault;
}

static int ring(void)
{
    char parameters[256] = {0};
    int fd = (int)syscall(SYS_io_uring_setup, 1, parameters);
    int fault = result(fd);
    if (fd >= 0)
        close(fd);
    return fault;
}

static int compute_only(void)
{
    return 0;
}

/* What a capture needs, so that it must work. */
static int use_certificates(void)
{
    return opened("/etc/ssl/certs/ca-certificates.crt", O_RDONLY);
}

static int use_resolver(void)
{
    return opened("/etc/resolv.conf", O_RDONLY);
}

static int use_store(void)
{
    int fault = opened(in("PLANTED_STORE", "use"), O_WRONLY | O_CREAT);
    unlink(in("PLANTED_STORE", "use"));
    return fault;
}

static const struct {
    const char *name;
    int (*act)(void);
} attempts[] = {
    {"read_key", read_key},
    {"shorten_key", shorten_key},
    {"limit_browser", limit_browser},
    {"watch_home", watch_home},
    {"read_cookies", read_cookies},
    {"list_home", list_home},
    {"write_home", write_home},
    {"make_home", make_home},
    {"make_tmp", make_tmp},
    {"delete_home", delete_home},
    {"open_to_all", open_to_all},
    {"read_browser_memory", read_browser_memory},
    {"read_browser_environment", read_browser_environment},
    {"make_symlink", make_symlink},
    {"make_hardlink", make_hardlink},
    {"run_shell", run_shell},
    {"spawn_shell", spawn_shell},
    {"run_memory", run_memory},
    {"new_namespace", new_namespace},
    {"trace", trace},
    {"peek", peek},
    {"signal_browser", signal_browser},
    {"serve", serve},
    {"call_bus", call_bus},
    {"ring", ring},
    {"use_certificates", use_certificates},
    {"use_resolver", use_resolver},
    {"use_store", use_store},
};
enum { ATTEMPTS = sizeof attempts / sizeof *attempts };

static void try_all(void)
{
    for (size_t i = 0; i < ATTEMPTS; i++)
        dprintf(2, "planted %s %d\n", attempts[i].name, attempts[i].act());
}

#ifdef PLANTED_PROGRAM

int main(void)
{
    try_all();
    return 0;
}

#else

/* ---- In the way of a capture ---- */

/* Shared with the children, who have nothing else to tell it by. */
static volatile struct {
    int begun;
    int ended;
    int fault;
} * notes;

__attribute__((constructor)) static void begin(void)
{
    notes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static int is_at(const char *place)
{
    const char *at = getenv("PLANTED_AT");
    return at != NULL && strcmp(at, place) == 0;
}

/* "read_key" of PLANTED_AT=parser:read_key; NULL when it is another place. */
static const char *asked(const char *place)
{
    const char *at = getenv("PLANTED_AT");
    size_t len = strlen(place);
    return at != NULL && strncmp(at, place, len) == 0 && at[len] == ':' ? at + len + 1 : NULL;
}

static void try_one(const char *name)
{
    int (*act)(void) = compute_only;
    for (size_t i = 0; name != NULL && i < ATTEMPTS; i++)
        if (strcmp(attempts[i].name, name) == 0)
            act = attempts[i].act;
    if (name == NULL)
        return;
    notes->begun++;
    notes->fault = act();
    notes->ended++;
}

/* Once in each process. */
static void try_here(const char *place)
{
    static pid_t tried;
    if (!is_at(place) || tried == getpid())
        return;
    tried = getpid();
    try_all();
}

static void tell_of_children(void)
{
    static int told;
    if (notes->begun == 0 || told++ > 0)
        return;
    const char *at = getenv("PLANTED_AT");
    dprintf(2, "planted child begun\n");
    if (notes->ended > 0)
        dprintf(2, "planted %s %d\n", strchr(at, ':') + 1, notes->fault);
}

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

int curl_multi_perform(void *multi, int *running)
{
    union {
        void *found;
        int (*call)(void *, int *);
    } real = {next("curl_multi_perform")};
    try_here("transfer");
    return real.call(multi, running);
}

int sqlite3_step(void *statement)
{
    union {
        void *found;
        int (*call)(void *);
    } real = {next("sqlite3_step")};
    try_here("store");
    tell_of_children();
    return real.call(statement);
}

void *gumbo_parse_with_options(const void *options, const char *text, size_t len)
{
    union {
        void *found;
        void *(*call)(const void *, const char *, size_t);
    } real = {next("gumbo_parse_with_options")};
    try_one(asked("parser"));
    return real.call(options, text, len);
}

int md_html(const char *text, unsigned len, void (*out)(const char *, unsigned, void *), void *arg,
            unsigned dialect, unsigned flags)
{
    union {
        void *found;
        int (*call)(const char *, unsigned, void (*)(const char *, unsigned, void *), void *,
                    unsigned, unsigned);
    } real = {next("md_html")};
    try_one(asked("markdown"));
    return real.call(text, len, out, arg, dialect, flags);
}

#endif

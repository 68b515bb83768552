#define _GNU_SOURCE /* syscall, dl_iterate_phdr */
#include "page/program_run.h"

#include "base/confine.h"
#include "page/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __linux__
#include <link.h>
#include <sys/prctl.h>
#endif

enum { FIRST_FREE = 3 };

/* ---- Descriptors ---- */

static void close_from(int first)
{
    enum { HIGHEST = 65536 };
    struct rlimit files;
    int highest = HIGHEST;
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0U, 0) == 0)
        return;
#endif
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < HIGHEST)
        highest = (int)files.rlim_cur;
    for (int other = first; other < highest; other++)
        close(other);
}

/* Past `first`, so that nothing is closed by what takes its place. */
static int lift(int fd, int first)
{
    return fcntl(fd, F_DUPFD, first);
}

bool program_forget(int fd, int as)
{
    fd = lift(fd, as);
    int null = lift(open("/dev/null", O_RDWR), as);
    if (fd < 0 || null < 0)
        return false;
    for (int i = 0; i < FIRST_FREE; i++)
        if (dup2(null, i) < 0)
            return false;
    if (fd != as && dup2(fd, as) < 0)
        return false;
    close_from(as + 1);
    return true;
}

void program_take_ends(int in, int out)
{
    int null = open("/dev/null", O_RDWR);
    in = lift(in >= 0 ? in : null, FIRST_FREE);
    out = lift(out, FIRST_FREE);
    null = lift(null, FIRST_FREE);
    if (in < 0 || out < 0 || null < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(null, 2) < 0)
        _exit(1);
    close_from(FIRST_FREE);
}

/* ---- Ceilings ---- */

void program_detach(pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
#else
    (void)parent;
#endif
}

static void limit(int resource, rlim_t value)
{
    struct rlimit limits = {.rlim_cur = value, .rlim_max = value};
    setrlimit(resource, &limits);
}

void program_limit(long ms, unsigned files)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NPROC, 0);
    limit(RLIMIT_NOFILE, files);
    limit(RLIMIT_CPU, (rlim_t)(ms / 1000) + 1);
}

/* ---- A program ---- */

#ifdef __linux__
/* The loader that our own program names: others of this system name the same. */
static int find_loader(struct dl_phdr_info *info, size_t size, void *arg)
{
    const char **loader = arg;
    (void)size;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *head = &info->dlpi_phdr[i];
        const uintptr_t at = info->dlpi_addr + head->p_vaddr;
        if (head->p_type == PT_INTERP)
            *loader = (const char *)at;
    }
    return 1; /* the first is the program itself */
}
#endif

static void confine(const struct program_row *program, const char *path)
{
    const char *loader = path;
    struct confine_state state;
#ifdef __linux__
    dl_iterate_phdr(find_loader, &loader);
#endif
    const struct confine_path paths[] = {
        {path, CONFINE_RUN},          {loader, CONFINE_RUN},
        {"/usr", CONFINE_READ}, /* libraries, fonts, the tables of poppler-data */
        {"/lib", CONFINE_READ},       {"/lib32", CONFINE_READ},
        {"/lib64", CONFINE_READ},     {"/etc/ld.so.cache", CONFINE_READ},
        {"/etc/fonts", CONFINE_READ}, {"/etc/localtime", CONFINE_READ},
        {"/dev/null", CONFINE_WRITE}, {"/dev/urandom", CONFINE_READ},
    };
    const struct confine rules = {.paths = paths,
                                  .path_count = sizeof paths / sizeof *paths,
                                  .program = path,
                                  .memory = program->memory};
    confine_self(&rules, &state);
}

_Noreturn void program_become(const struct program_row *program, int in, int out, pid_t parent)
{
    enum { FILES = 32 }; /* its libraries, fonts and tables */
    static char search[] = "PATH=/usr/bin:/bin";
    static char locale[] = "LC_ALL=C.UTF-8";
    char *const environment[] = {search, locale, NULL};
    char path[CHILD_PATH_SIZE];
    program_detach(parent);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    program_take_ends(in, out);
    if (chdir("/") != 0)
        _exit(1);
    if (!child_find(program->name, path))
        _exit(PROGRAM_EXIT_ABSENT);
    confine(program, path);
    program_limit(program->ms, FILES);
    union {
        const char *const *given;
        char *const *wanted; /* execve() changes nothing of it */
    } arguments = {program->arguments};
    execve(path, arguments.wanted, environment);
    _exit(PROGRAM_EXIT_ABSENT);
}

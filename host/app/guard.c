#define _GNU_SOURCE /* realpath, dl_iterate_phdr */
#include "app/guard.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/slice.h"
#include "page/child.h"
#include "page/launcher.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <link.h>
#endif

/* Far above what a capture takes: threads that resolve names reserve much and use little. */
#if SIZE_MAX > UINT32_MAX
#define MEMORY ((size_t)8192 * MIB)
#else
#define MEMORY ((size_t)0)
#endif

/* For every command. */
static const struct confine_path system_paths[] = {
    {"/usr", CONFINE_READ},
    {"/lib", CONFINE_READ},
    {"/lib32", CONFINE_READ},
    {"/lib64", CONFINE_READ},
    {"/etc/ld.so.cache", CONFINE_READ},
    {"/etc/ld.so.preload", CONFINE_READ},
    {"/etc/localtime", CONFINE_READ},
    {"/dev/null", CONFINE_WRITE},
    {"/dev/urandom", CONFINE_READ},
    {"/dev/random", CONFINE_READ},
#if CONFINE_SANITIZED
    {"/proc", CONFINE_READ}, /* it looks for what was not freed */
#endif
};

/* For those that use the network: certificates, and what names are resolved by. Folders, since a
 * change of network puts new files in the place of resolv.conf and what it leads to; in /etc there
 * is nothing that only this person can read. The last three are where links of /etc lead on some
 * systems. */
static const struct confine_path network_paths[] = {
    {"/etc", CONFINE_READ},
    {"/run/systemd/resolve", CONFINE_READ},
    {"/run/resolvconf", CONFINE_READ},
    {"/run/NetworkManager", CONFINE_READ},
    {"/var/lib/ca-certificates", CONFINE_READ},
    {"/nix/store", CONFINE_READ},
    {"/gnu/store", CONFINE_READ},
};

enum { PATHS = 48 };

/* The list under construction; what was made for it. */
struct list {
    struct confine_path paths[PATHS];
    size_t count;
    char *made[PATHS];
    size_t made_count;
};

static void add(struct list *list, const char *path, enum confine_right right)
{
    if (path != NULL && list->count < PATHS)
        list->paths[list->count++] = (struct confine_path){path, right};
}

/* Takes `path` over. */
static void add_made(struct list *list, char *path, enum confine_right right)
{
    if (path == NULL || list->made_count == PATHS) {
        free(path);
        return;
    }
    list->made[list->made_count++] = path;
    add(list, path, right);
}

static void add_all(struct list *list, const struct confine_path *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(list, paths[i].path, paths[i].right);
}

/* The folder that a file is in, or is to be in; its name is cut off in place. */
static char *folder_of(char *file)
{
    char *slash = file != NULL ? strrchr(file, '/') : NULL;
    if (slash == NULL) {
        free(file);
        return file != NULL ? slice_dup(slice_of(".")) : NULL;
    }
    slash[slash == file] = '\0';
    return file;
}

/* SQLite follows links, and keeps what belongs to a store beside the file that they lead to. */
static void add_folder(struct list *list, const char *file)
{
    char real[PATH_MAX];
    const char *target = realpath(file, real) != NULL ? real : file;
    add_made(list, folder_of(slice_dup(slice_of(target))), CONFINE_WRITE);
}

/* The folder that a file really is in. */
static void add_real_folder(struct list *list, const char *file)
{
    char real[PATH_MAX];
    if (realpath(file, real) != NULL)
        add_made(list, folder_of(slice_dup(slice_of(real))), CONFINE_READ);
}

/* A file; were it a database that was copied by hand, what it has beside it. */
static void add_read(struct list *list, const char *file)
{
    static const char *const suffixes[] = {"-wal", "-journal"};
    char real[PATH_MAX];
    add(list, file, CONFINE_READ);
    if (file == NULL || realpath(file, real) == NULL)
        return;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        struct buf name;
        buf_init(&name, PATH_MAX);
        if (buf_printf(&name, "%s%s", real, suffixes[i]))
            add_made(list, buf_take(&name), CONFINE_READ);
        buf_finish(&name);
    }
}

#ifdef __linux__
/* Modules of libc and libcrypto that are opened later lie where these do, wherever that is (NixOS,
 * Guix, a private prefix). */
static int add_library(struct dl_phdr_info *info, size_t size, void *arg)
{
    static const char *const names[] = {"/libc.so", "/libc.musl-", "/libcrypto.so"};
    (void)size;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (info->dlpi_name != NULL && strstr(info->dlpi_name, names[i]) != NULL)
            add_made(arg, folder_of(slice_dup(slice_of(info->dlpi_name))), CONFINE_READ);
    return 0;
}
#endif

static void build(struct list *list, const struct guard *guard)
{
    add_all(list, system_paths, sizeof system_paths / sizeof *system_paths);
#ifdef __linux__
    dl_iterate_phdr(add_library, list);
#endif
    if (guard->captures) {
        add_all(list, network_paths, sizeof network_paths / sizeof *network_paths);
        add_real_folder(list, "/etc/resolv.conf");
        add(list, getenv("SSL_CERT_FILE"), CONFINE_READ);
        add(list, getenv("SSL_CERT_DIR"), CONFINE_READ);
    }
    add_read(list, guard->reads);
    if (guard->writes != NULL) {
        add_folder(list, guard->writes);
        /* A link is replaced by what is made anew. */
        add_made(list, folder_of(slice_dup(slice_of(guard->writes))), CONFINE_WRITE);
    }
    add_folder(list, guard->store);
}

/* Where no program of the table is installed, none needs somebody to start it. */
static void start_launcher(void)
{
    char path[CHILD_PATH_SIZE];
    struct error fault = {0};
    for (size_t i = 1; i < program_count; i++)
        if (child_find(programs[i].name, path)) {
            if (!launcher_start(&fault))
                log_warn("%s", fault.text);
            return;
        }
}

void guard_enter(const struct guard *guard, struct confine_state *state_out)
{
    struct list list = {.count = 0};
    if (guard->captures)
        start_launcher();
    build(&list, guard);
    const struct confine rules = {.paths = list.paths,
                                  .path_count = list.count,
                                  .network = guard->captures,
                                  .processes = true,
                                  .memory = MEMORY};
    confine_self(&rules, state_out);
    for (size_t i = 0; i < list.made_count; i++)
        free(list.made[i]);
    log_debug("confined: Landlock %d, seccomp %s", state_out->landlock,
              state_out->filter ? "yes" : "no");
}

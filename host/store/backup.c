#define _XOPEN_SOURCE 700 /* realpath */
#include "store/backup.h"

#include "store/backup_copy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Where it goes ---- */

/* The file's name with its folder's links followed, or NULL where there is no such folder. */
static char *resolve(const char *file)
{
    const char *slash = strrchr(file, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - file);
    char *folder = slice_dup(slash == NULL ? slice_of(".") : slice_make(file, len > 0 ? len : 1));
    char *real = folder == NULL ? NULL : realpath(folder, NULL);
    struct buf name;
    buf_init(&name, PATH_MAX);
    if (real != NULL)
        buf_printf(&name, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
                   slash == NULL ? file : slash + 1);
    char *resolved = real != NULL && name.failed == ERR_NONE ? buf_take(&name) : NULL;
    buf_finish(&name);
    free(folder);
    free(real);
    return resolved;
}

static bool same_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* Whether the name is the store's, or that of a file which belongs to it, there already or not. */
static bool is_of_store(const char *store, const char *file)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal", "-work", PART_SUFFIX};
    bool same = false;
    char *resolved = resolve(file);
    for (size_t i = 0; !same && i < sizeof suffixes / sizeof *suffixes; i++) {
        struct buf name;
        buf_init(&name, PATH_MAX);
        if (buf_printf(&name, "%s%s", store, suffixes[i]))
            same =
                same_file(name.ptr, file) || (resolved != NULL && strcmp(name.ptr, resolved) == 0);
        buf_finish(&name);
    }
    free(resolved);
    return same;
}

/* Or the name of the part that is to become the file. */
static bool is_taken(const char *store, const char *file)
{
    struct buf part;
    buf_init(&part, PATH_MAX);
    bool taken = is_of_store(store, file) ||
                 (buf_printf(&part, "%s" PART_SUFFIX, file) && is_of_store(store, part.ptr));
    buf_finish(&part);
    return taken;
}

static bool check_target(struct store *store, const char *file, bool replace, struct error *err)
{
    struct stat info;
    size_t len = strlen(file);
    if (len == 0 || file[len - 1] == '/')
        return error_set(err, ERR_PARAMS, "A backup needs the name of a file");
    if (is_taken(store_file(store), file))
        return error_set(err, ERR_PARAMS, "%s belongs to the store itself", file);
    if (!part_check_alone(file, err))
        return false;
    if (lstat(file, &info) != 0)
        return errno == ENOENT || part_error(file, errno, err);
    if (!replace)
        return error_set(err, ERR_IO, "There is already a file %s", file);
    return S_ISREG(info.st_mode) || error_set(err, ERR_IO, "%s is no regular file", file);
}

/* ---- Making it ---- */

/* `from` is inside a read. */
static bool make(struct store *from, const char *file, const struct backup_options *options,
                 const struct backup_hooks *hooks, struct backup_facts *facts_out,
                 struct error *err)
{
    struct part part = {.fd = -1};
    struct backup_facts facts;
    bool ok = backup_count(from, &facts, err) && part_create(&part, file, err) &&
              backup_copy(from, &part, hooks, err) &&
              backup_verify_part(&part, &facts, options->quick, hooks, err) &&
              part_publish(&part, options->replace, err);
    part_finish(&part);
    if (ok)
        *facts_out = facts;
    return ok;
}

static const struct backup_hooks no_hooks;

bool backup_write(struct store *store, const char *file, const struct backup_options *options,
                  const struct backup_hooks *hooks, struct backup_facts *facts_out,
                  struct error *err)
{
    if (!check_target(store, file, options->replace, err) || !db_begin_read(store, err))
        return false;
    bool ok = make(store, file, options, hooks == NULL ? &no_hooks : hooks, facts_out, err);
    db_end_read(store);
    return ok;
}

/* ---- Before a migration ---- */

char *backup_name(const char *path, int64_t version)
{
    struct buf name;
    buf_init(&name, PATH_MAX);
    bool ok = buf_printf(&name, "%s.v%lld.backup", path, (long long)version);
    char *taken = ok ? buf_take(&name) : NULL;
    buf_finish(&name);
    return taken;
}

bool backup_before_migration(struct store *store, int64_t version, struct error *err)
{
    /* A backup is not made of a connection that writes; this one sees what was there before. */
    struct store reader = {0};
    struct backup_facts facts;
    const struct backup_options options = {.replace = true, .quick = true};
    int64_t worth = 0;
    if (!db_get_int(store, "SELECT EXISTS (SELECT 1 FROM pages) OR EXISTS (SELECT 1 FROM jobs)", 0,
                    &worth, err))
        return false;
    if (worth == 0)
        return true;
    char *file = backup_name(store_file(store), version);
    bool ok = file != NULL || error_no_memory(err);
    ok = ok && backup_open(&reader, store_file(store), SQLITE_OPEN_READONLY, err);
    if (ok && db_begin_read(&reader, err)) {
        ok = make(&reader, file, &options, &no_hooks, &facts, err);
        db_end_read(&reader);
    } else {
        ok = false;
    }
    backup_close(&reader);
    free(file);
    return ok;
}

void backup_forget_old(const char *path, int64_t version)
{
    bool kept = false;
    for (int64_t older = version - 1; older > 0; older--) {
        char *file = backup_name(path, older);
        struct stat info;
        if (file != NULL && lstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
            if (kept)
                unlink(file);
            kept = true;
        }
        free(file);
    }
}

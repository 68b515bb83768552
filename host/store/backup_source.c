#define _XOPEN_SOURCE 700 /* realpath */
#include "store/backup_source.h"

#include "store/backup_copy.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024 };

bool backup_source_check(const char *path, const char *file, struct error *err)
{
    struct stat source;
    struct stat store;
    if (stat(file, &source) != 0)
        return error_set(err, errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO,
                         "%s cannot be read: %s", file, strerror(errno));
    if (!S_ISREG(source.st_mode))
        return error_set(err, ERR_STORE_CORRUPT, "%s is no regular file", file);
    if (stat(path, &store) == 0 && store.st_dev == source.st_dev && store.st_ino == source.st_ino)
        return error_set(err, ERR_PARAMS, "%s is the store itself", file);
    return true;
}

static bool open_source(const char *name, int flags, struct store *source, struct error *err)
{
    enum schema_kind kind;
    return backup_open(source, name, flags, err) && schema_identify(source, &kind, err) &&
           (kind == SCHEMA_OURS ||
            error_set(err, ERR_STORE_CORRUPT, "The file is no Linksnap store"));
}

/* ---- As it lies ---- */

/* A store that was copied by hand asks for lock files even of who reads it, and lies perhaps where
 * none can be made. */
static bool copy_alone(const char *file, struct part *part, const struct backup_hooks *hooks,
                       struct error *err)
{
    struct store source = {0};
    struct buf uri;
    buf_init(&uri, 4 * LIMIT_URL);
    bool ok = db_immutable_name(file, &uri, err) &&
              open_source(uri.ptr, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, &source, err) &&
              db_begin_read(&source, err);
    if (ok) {
        ok = backup_copy(&source, part, hooks, err);
        db_end_read(&source);
    }
    backup_close(&source);
    buf_finish(&uri);
    return ok;
}

/* ---- With its -wal or -journal ---- */

static bool read_error(const char *file, int os_error, struct error *err)
{
    return error_set(err, ERR_IO, "%s cannot be read: %s", file, strerror(os_error));
}

static bool same_state(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool write_chunk(int to, const char *bytes, size_t len, off_t at)
{
    size_t done = 0;
    while (done < len) {
        ssize_t wrote = pwrite(to, bytes + done, len - done, at + (off_t)done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static bool copy_bytes(int from, int to, const char *file, const struct part *part,
                       const struct backup_hooks *hooks, struct error *err)
{
    char *chunk = malloc(CHUNK);
    bool ok = chunk != NULL || error_no_memory(err);
    off_t at = 0;
    while (ok) {
        ssize_t len = pread(from, chunk, CHUNK, at);
        if (len == 0)
            break;
        if (backup_interrupted(hooks))
            ok = error_set(err, ERR_CANCELLED, "Stopped");
        else if (len < 0)
            ok = errno == EINTR || read_error(file, errno, err);
        else if (!write_chunk(to, chunk, (size_t)len, at))
            ok = part_error(part->file, errno, err);
        at += len > 0 ? len : 0;
    }
    free(chunk);
    return ok;
}

/* One of the files, into the descriptor, or when that is -1 into one beside the part. */
static bool copy_file(const char *file, const char *suffix, int to, const struct part *part,
                      const struct backup_hooks *hooks, struct error *err)
{
    struct stat info;
    struct buf from;
    struct buf beside;
    buf_init(&from, PATH_MAX);
    buf_init(&beside, PATH_MAX);
    buf_printf(&from, "%s%s", file, suffix);
    buf_printf(&beside, "%s%s", part->path, suffix);
    bool ok = buf_ok(&from, "A name", err) && buf_ok(&beside, "A name", err);
    int fd = ok ? open(from.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    if (ok && fd < 0)
        ok = (errno == ENOENT && suffix[0] != '\0') || read_error(from.ptr, errno, err);
    if (ok && fd >= 0) {
        int own =
            to >= 0 ? -1
                    : open(beside.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        ok = to >= 0 || own >= 0 || part_error(beside.ptr, errno, err);
        ok = ok && (fstat(fd, &info) == 0 || read_error(from.ptr, errno, err)) &&
             (S_ISREG(info.st_mode) || error_set(err, ERR_IO, "%s is no regular file", from.ptr)) &&
             backup_check_room(part, info.st_size, err) &&
             copy_bytes(fd, to >= 0 ? to : own, from.ptr, part, hooks, err);
        if (own >= 0)
            close(own);
    }
    if (fd >= 0)
        close(fd);
    buf_finish(&from);
    buf_finish(&beside);
    return ok;
}

/* The files that make it up, and whether they are there with something in them. */
static const char *const suffixes[] = {"", "-wal", "-journal"};
enum { FILES = sizeof suffixes / sizeof *suffixes };

static bool look(const char *file, struct stat states[FILES], bool *alone_out, struct error *err)
{
    *alone_out = true;
    for (size_t i = 0; i < FILES; i++) {
        struct buf name;
        buf_init(&name, PATH_MAX);
        buf_printf(&name, "%s%s", file, suffixes[i]);
        bool ok = buf_ok(&name, "A name", err);
        if (ok && stat(name.ptr, &states[i]) != 0)
            states[i] = (struct stat){0};
        buf_finish(&name);
        if (!ok)
            return false;
        *alone_out = *alone_out && (i == 0 || states[i].st_size == 0);
    }
    return true;
}

/* SQLite makes the copies one file, beside the store, where it may. */
static bool put_together(const struct part *part, struct error *err)
{
    struct store copy = {0};
    bool ok = db_refuse_super_journal(part->path, err) &&
              open_source(part->path, SQLITE_OPEN_READWRITE, &copy, err);
    if (ok) {
        int code = sqlite3_wal_checkpoint_v2(copy.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        ok = code == SQLITE_OK || db_error(&copy, code, err);
    }
    ok = ok && db_execute(&copy, "PRAGMA journal_mode = DELETE", err);
    backup_close(&copy);
    return ok;
}

static bool copy_together(const char *file, struct part *part, const struct backup_hooks *hooks,
                          struct stat before[FILES], struct error *err)
{
    struct stat after[FILES];
    bool alone;
    bool ok = copy_file(file, "", part->fd, part, hooks, err) &&
              copy_file(file, "-wal", -1, part, hooks, err) &&
              copy_file(file, "-journal", -1, part, hooks, err) && look(file, after, &alone, err);
    for (size_t i = 0; ok && i < FILES; i++)
        ok = same_state(&before[i], &after[i]) ||
             error_set(err, ERR_STORE_BUSY, "Another program is writing %s", file);
    return ok && put_together(part, err);
}

bool backup_source_copy(const char *file, struct part *part, const struct backup_hooks *hooks,
                        struct error *err)
{
    struct stat before[FILES];
    bool alone;
    /* What belongs to a database lies beside the file that a link leads to. */
    char *real = realpath(file, NULL);
    if (real == NULL)
        return error_set(err, ERR_IO, "%s cannot be read: %s", file, strerror(errno));
    bool ok =
        look(real, before, &alone, err) && (alone ? copy_alone(real, part, hooks, err)
                                                  : copy_together(real, part, hooks, before, err));
    free(real);
    return ok;
}

#define _XOPEN_SOURCE 700 /* realpath */
#include "store/backup.h"

#include "base/clock.h"
#include "store/backup_copy.h"
#include "store/backup_source.h"
#include "store/schema.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    NAMES = 9,           /* tried for one second's file */
    HEADER = 100,        /* bytes, of a database */
    APPLICATION_ID = 68, /* where in it */
};

static char *join(const char *path, const char *suffix)
{
    struct buf name;
    buf_init(&name, PATH_MAX);
    char *joined = buf_printf(&name, "%s%s", path, suffix) ? buf_take(&name) : NULL;
    buf_finish(&name);
    return joined;
}

/* "PATH.before-restore-20261122T101500Z", or with a number when there is one of that second. */
static bool name_aside(const char *path, const char *what, char **name_out, struct error *err)
{
    char when[32] = "";
    struct tm utc;
    time_t now = (time_t)(clock_now() / 1000);
    if (gmtime_r(&now, &utc) != NULL)
        strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
    for (int i = 1; i <= NAMES; i++) {
        char suffix[96];
        struct stat info;
        snprintf(suffix, sizeof suffix, i == 1 ? ".%s-%s" : ".%s-%s-%d", what, when, i);
        char *name = join(path, suffix);
        if (name == NULL)
            return error_no_memory(err);
        struct error taken;
        if (lstat(name, &info) != 0 && part_check_alone(name, &taken)) {
            *name_out = name;
            return true;
        }
        free(name);
    }
    return error_set(err, ERR_IO, "There are already files %s.%s-%s", path, what, when);
}

/* Says of which file a fault is. */
static bool of_backup(const char *file, struct error *err)
{
    const struct error why = *err;
    if (why.code == ERR_STORE_NEWER)
        error_set(err, why.code, "%s was written by a later version of Linksnap", file);
    else if (why.code == ERR_STORE_CORRUPT || why.code == ERR_STORE)
        error_set(err, ERR_STORE_CORRUPT, "%s is no whole backup: %s", file, why.text);
    return false;
}

/* ---- In place of a store that opens ---- */

/* Numbers that were given since the backup was made are somebody's still: of a capture that goes
 * on, in an open tab of the library. */
static bool keep_numbers(struct store *old, struct store *copy, struct error *err)
{
    sqlite3_stmt *from = db_prepare(old,
                                    "SELECT name, seq FROM sqlite_sequence"
                                    " WHERE seq < " BACKUP_NUMBER_MAX_TEXT,
                                    err);
    sqlite3_stmt *raise =
        db_prepare(copy, "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", err);
    sqlite3_stmt *add = db_prepare(copy,
                                   "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2 WHERE NOT"
                                   " EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
                                   err);
    bool row = false;
    bool ok = from != NULL && raise != NULL && add != NULL;
    while (ok && (ok = db_step(old, from, &row, err)) && row) {
        sqlite3_stmt *const both[] = {raise, add};
        for (int i = 0; ok && i < 2; i++) {
            db_bind_text(copy, both[i], 1, db_text(from, 0));
            db_bind_int(copy, both[i], 2, sqlite3_column_int64(from, 1));
            ok = db_run(copy, both[i], err);
        }
    }
    db_done(old, from);
    db_done(copy, raise);
    db_done(copy, add);
    return ok;
}

/* What the store holds at this moment, and nobody can change now. Its faults are kept with it. */
static bool keep_old(const char *path, struct store *copy, const struct backup_hooks *hooks,
                     char **kept_out, struct error *err)
{
    struct store old = {0};
    struct part part = {.fd = -1};
    char *name = NULL;
    /* Under a name without the time: what a killed restore leaves is removed by the next one. */
    char *base = join(path, ".before-restore");
    bool ok = base != NULL || error_no_memory(err);
    ok = ok && name_aside(path, "before-restore", &name, err) && part_create(&part, base, err) &&
         part_set_file(&part, name, err) && backup_open(&old, path, SQLITE_OPEN_READONLY, err) &&
         db_begin_read(&old, err);
    if (ok) {
        ok = keep_numbers(&old, copy, err) && backup_copy(&old, &part, hooks, err) &&
             part_publish(&part, false, err);
        db_end_read(&old);
    }
    part_finish(&part);
    backup_close(&old);
    free(base);
    if (ok)
        *kept_out = name;
    else
        free(name);
    return ok;
}

/* Inside sqlite3_backup's transaction, which begins with its first step and is committed by its
 * last one. */
static bool replace_content(struct store *store, struct store *copy, bool keep,
                            const struct backup_hooks *hooks, char **kept_out, struct error *err)
{
    sqlite3_backup *work = sqlite3_backup_init(store->db, "main", copy->db, "main");
    if (work == NULL)
        return db_error(store, sqlite3_extended_errcode(store->db), err);
    char *kept = NULL;
    /* Takes the store's write lock, and copies nothing. */
    int code = sqlite3_backup_step(work, 0);
    bool ok = code == SQLITE_OK || db_error(store, code, err);
    ok = ok && (!keep || keep_old(store->path, copy, hooks, &kept, err)) &&
         backup_steps(work, "replacing", STORE_PAGE_SIZE, hooks, &code, err) &&
         (code == SQLITE_OK || db_error(store, code, err));
    code = sqlite3_backup_finish(work);
    ok = ok && (code == SQLITE_OK || db_error(store, code, err));
    if (ok) {
        *kept_out = kept;
        return true;
    }
    if (kept != NULL)
        unlink(kept);
    free(kept);
    return false;
}

static bool put_into(struct store *store, const struct part *part, bool keep,
                     const struct backup_hooks *hooks, char **kept_out, struct error *err)
{
    struct store copy;
    bool ok = backup_open(&copy, part->path, SQLITE_OPEN_READWRITE, err) &&
              db_execute(&copy, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF", err) &&
              db_execute(store, "PRAGMA synchronous = FULL", err) &&
              replace_content(store, &copy, keep, hooks, kept_out, err);
    backup_close(&copy);
    /* Gives the room of the WAL back, unless somebody reads in it just now. */
    if (ok)
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return ok;
}

/* ---- In place of one that does not ---- */

/* Every connection to a store in WAL mode, and every one that reads or writes in another, holds a
 * lock in this range (SQLite's os.h). The descriptor that is returned holds all of it. */
static bool lock_out(const char *path, int *fd_out, struct error *err)
{
    struct flock range = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000000, .l_len = 512};
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return part_error(path, errno, err);
    if (fcntl(fd, F_SETLK, &range) != 0) {
        close(fd);
        return error_set(err, ERR_STORE_BUSY,
                         "The store is damaged, and another program has it open: close the browser "
                         "and try again");
    }
    *fd_out = fd;
    return true;
}

/* A second name, so that the first is there at every moment. */
static bool link_aside(const char *path, const char *aside, const char *suffix, struct error *err)
{
    char *from = join(path, suffix);
    char *to = join(aside, suffix);
    bool ok = from != NULL && to != NULL ? true : error_no_memory(err);
    if (ok && link(from, to) != 0 && !(errno == ENOENT && suffix[0] != '\0'))
        ok = error_set(err, ERR_IO, "The damaged store cannot be kept as %s: %s", to,
                       strerror(errno));
    free(from);
    free(to);
    return ok;
}

static bool remove_beside(const char *path, const char *suffix, struct error *err)
{
    char *name = join(path, suffix);
    if (name == NULL)
        return error_no_memory(err);
    bool ok = unlink(name) == 0 || errno == ENOENT || part_error(name, errno, err);
    free(name);
    return ok;
}

static bool is_there(const char *path, const char *suffix)
{
    struct stat info;
    char *name = join(path, suffix);
    bool there = name != NULL && lstat(name, &info) == 0 && info.st_size > 0;
    free(name);
    return there;
}

/* Whether a restore that was killed has begun to move the file aside: it has its second name. */
static bool is_half_aside(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slice_dup(slash == NULL ? slice_of(".") : slice_make(path, (size_t)(slash + 1 - path)));
    char *start = join(slash == NULL ? path : slash + 1, ".damaged-");
    DIR *names = folder != NULL ? opendir(folder) : NULL;
    struct stat store;
    struct stat info;
    bool found = false;
    if (names != NULL && start != NULL && stat(path, &store) == 0)
        for (struct dirent *entry; !found && (entry = readdir(names)) != NULL;)
            found = strncmp(entry->d_name, start, strlen(start)) == 0 &&
                    fstatat(dirfd(names), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                    info.st_dev == store.st_dev && info.st_ino == store.st_ino;
    if (names != NULL)
        closedir(names);
    free(folder);
    free(start);
    return found;
}

/* Whether the file, which does not open as a store, can be one that broke: its number is in the
 * header, which may have been lost as a whole, or its log lies beside it. Any other is somebody's
 * whom a wrong path must not cost it. */
static bool was_store(const char *path)
{
    static const unsigned char id[] = {
        SCHEMA_APPLICATION_ID >> 24, SCHEMA_APPLICATION_ID >> 16 & 0xFF,
        SCHEMA_APPLICATION_ID >> 8 & 0xFF, SCHEMA_APPLICATION_ID & 0xFF};
    static const unsigned char nothing[HEADER];
    unsigned char header[HEADER] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t len = pread(fd, header, sizeof header, 0);
    close(fd);
    return len >= 0 && (memcmp(header + APPLICATION_ID, id, sizeof id) == 0 ||
                        memcmp(header, nothing, sizeof nothing) == 0 || is_there(path, "-wal") ||
                        is_there(path, "-journal") || is_half_aside(path));
}

/* The WAL goes before the new file comes: SQLite would play it into any file of that name. */
static bool put_in_place(const char *path, struct part *part, char **kept_out, struct error *err)
{
    int fd = -1;
    char *aside = NULL;
    if (!lock_out(path, &fd, err))
        return false;
    bool ok = name_aside(path, "damaged", &aside, err) && link_aside(path, aside, "", err) &&
              link_aside(path, aside, "-wal", err) && link_aside(path, aside, "-journal", err) &&
              part_sync_folder(path, err) && remove_beside(path, "-wal", err) &&
              remove_beside(path, "-journal", err) && remove_beside(path, "-shm", err) &&
              part_sync_folder(path, err) && part_publish(part, true, err);
    close(fd);
    if (ok)
        *kept_out = aside;
    else
        free(aside);
    return ok;
}

/* ---- All of it ---- */

/* Follows the store's own symbolic link, so that files go where the store is. */
static bool resolve_store(const char *path, char **real_out, bool *there_out, struct error *err)
{
    char *real = realpath(path, NULL);
    *there_out = real != NULL;
    if (real == NULL && errno != ENOENT)
        return error_set(err, ERR_IO, "%s cannot be read: %s", path, strerror(errno));
    *real_out = real != NULL ? real : slice_dup(slice_of(path));
    return *real_out != NULL || error_no_memory(err);
}

static bool replace(const char *path, bool there, struct part *part,
                    const struct backup_hooks *hooks, struct backup_restored *restored,
                    struct error *err)
{
    struct store *store = NULL;
    if (store_open(path, STORE_CREATE, &store, err)) {
        bool ok = put_into(store, part, there, hooks, &restored->kept, err);
        store_close(store);
        return ok;
    }
    if (err->code != ERR_STORE_CORRUPT)
        return false;
    if (!was_store(path))
        return error_set(err, ERR_STORE_CORRUPT,
                         "%s is no store, not even a damaged one: move it away first", path);
    *err = (struct error){0};
    restored->damaged = true;
    return put_in_place(path, part, &restored->kept, err);
}

static bool restore(const char *path, const char *file, bool may_be_damaged,
                    const struct backup_hooks *hooks, struct backup_restored *restored_out,
                    struct error *err)
{
    static const struct backup_hooks none;
    struct backup_restored restored = {0};
    struct part part = {.fd = -1};
    struct store copy = {0};
    char *real = NULL;
    bool there;
    bool ok = false;
    if (hooks == NULL)
        hooks = &none;
    if (!backup_source_check(path, file, err) || !resolve_store(path, &real, &there, err) ||
        !part_create(&part, real, err))
        goto out;
    if (!backup_source_copy(file, &part, hooks, err) ||
        !backup_open(&copy, part.path, SQLITE_OPEN_READWRITE, err) ||
        !backup_make_good(&copy, hooks, &restored.facts,
                          may_be_damaged ? &restored.damaged_blobs : NULL, err)) {
        of_backup(file, err);
        goto out;
    }
    backup_close(&copy);
    ok = replace(real, there, &part, hooks, &restored, err);
out:
    backup_close(&copy);
    part_finish(&part);
    free(real);
    if (ok)
        *restored_out = restored;
    return ok;
}

bool backup_restore(const char *path, const char *file, const struct backup_hooks *hooks,
                    struct backup_restored *restored_out, struct error *err)
{
    return restore(path, file, false, hooks, restored_out, err);
}

bool backup_restore_damaged(const char *path, const char *file, const struct backup_hooks *hooks,
                            struct backup_restored *restored_out, struct error *err)
{
    return restore(path, file, true, hooks, restored_out, err);
}

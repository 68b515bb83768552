#include "store/store.h"

#include "base/limits.h"
#include "store/backup.h"
#include "store/db.h"
#include "store/fts.h"
#include "store/jobs_rows.h"
#include "store/schema.h"
#include "store/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* With less than this on its disk a store counts as full, bytes. */
enum { ROOM = 256 * 1024 };

/* Makes the file, empty and for its owner alone; -wal and -shm take over its mode. An existing one
 * is not even opened: closing it would drop the locks this process holds on it elsewhere. */
static bool create_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        return close(fd) == 0 || error_set(err, ERR_IO, "close: %s", strerror(errno));
    switch (errno) {
    case EEXIST:
        return true;
    case EACCES:
    case EPERM:
    case EROFS:
        return error_set(err, ERR_STORE_READONLY, "The store's folder cannot be written");
    case ENOSPC:
    case EDQUOT:
        return error_set(err, ERR_STORE_FULL, "There is no room on the disk for the store");
    default:
        return error_set(err, ERR_STORE, "The store cannot be created: %s", strerror(errno));
    }
}

static bool check_exists(const char *path, struct error *err)
{
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISREG(info.st_mode))
            return true;
        return error_set(err, ERR_STORE_CORRUPT, "The store is no regular file");
    }
    if (errno == ENOENT || errno == ENOTDIR)
        return error_set(err, ERR_NOT_FOUND, "There is no store yet");
    if (errno == EACCES)
        return error_set(err, ERR_STORE_READONLY, "The store's folder cannot be read");
    return error_set(err, ERR_STORE, "The store cannot be opened: %s", strerror(errno));
}

static bool open_handle(struct store *store, const char *name, int flags, struct error *err)
{
    if (!db_open(store, name, flags, err))
        return false;
    sqlite3_busy_timeout(store->db, LIMIT_BUSY_MS);
    /* Until the file is known to be ours, closing must not write to it. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return fts_register(store, err);
}

static bool wal_is_empty(const struct store *store)
{
    struct buf name;
    struct stat info;
    buf_init(&name, LIMIT_URL);
    bool ok = buf_add_text(&name, store->path) && buf_add_text(&name, "-wal");
    bool empty = ok && (stat(name.ptr, &info) != 0 || info.st_size == 0);
    buf_finish(&name);
    return empty;
}

enum { AS_IT_LIES = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI };

/* Reads a WAL store in a folder where not even its lock files can be made. That is safe only when
 * nothing waits in the WAL and, the folder being read-only or its disk full, nobody can write. */
static bool open_immutable(struct store *store, enum schema_kind *kind_out, struct error *err)
{
    struct buf uri;
    buf_init(&uri, 4 * LIMIT_URL);
    db_close(store);
    bool ok = db_immutable_name(store->path, &uri, err) &&
              open_handle(store, uri.ptr, AS_IT_LIES, err) && schema_identify(store, kind_out, err);
    store->immutable = true;
    buf_finish(&uri);
    return ok;
}

bool store_is_immutable(const struct store *store)
{
    return store->immutable;
}

/* A store from the future is not even opened in the usual way, which makes files beside it. What
 * the file alone does not tell, schema_identify does. */
static bool refuse_newer(struct store *store, struct error *err)
{
    struct error fault = {0};
    struct buf uri;
    buf_init(&uri, 4 * LIMIT_URL);
    bool newer = db_immutable_name(store->path, &uri, &fault) &&
                 db_open(store, uri.ptr, AS_IT_LIES, &fault) && !schema_check_age(store, &fault) &&
                 fault.code == ERR_STORE_NEWER;
    buf_finish(&uri);
    db_close(store);
    if (newer)
        *err = fault;
    return !newer;
}

static bool open_and_identify(struct store *store, enum schema_kind *kind_out, struct error *err)
{
    if (!db_refuse_super_journal(store->path, err))
        return false;
    int flags = store->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (!open_handle(store, store->path, flags, err))
        return false;
    if (!store->read_only && sqlite3_db_readonly(store->db, "main") == 1)
        return error_set(err, ERR_STORE_READONLY, "The store's file cannot be written");
    if (schema_identify(store, kind_out, err))
        return true;
    bool no_locks =
        err->code == ERR_STORE_READONLY || err->code == ERR_STORE_FULL || err->code == ERR_STORE;
    if (store->read_only && no_locks && wal_is_empty(store))
        return open_immutable(store, kind_out, err);
    return false;
}

/* SQLite does not wait for another process when it changes the journal mode. */
static bool use_wal(struct store *store, struct error *err)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    for (int waited = 0;; waited += 10) {
        if (db_execute(store, "PRAGMA journal_mode = WAL", err))
            return true;
        if (err->code != ERR_STORE_BUSY || waited >= LIMIT_BUSY_MS)
            return false;
        nanosleep(&pause, NULL);
    }
}

static bool configure(struct store *store, struct error *err)
{
    return db_execute(store,
                      "PRAGMA synchronous = NORMAL;"
                      "PRAGMA foreign_keys = ON;"
                      "PRAGMA cell_size_check = ON;"
                      "PRAGMA temp_store = MEMORY;"
                      "PRAGMA cache_size = -16384;"
                      "PRAGMA wal_autocheckpoint = 2000;"
                      "PRAGMA journal_size_limit = 67108864;",
                      err);
}

static bool migrate(struct store *store, struct error *err)
{
    int64_t before;
    if (!db_get_int(store, "PRAGMA user_version", 0, &before, err) ||
        !schema_migrate(store, backup_before_migration, err))
        return false;
    if (before > 0 && before < schema_latest())
        backup_forget_old(store_file(store), before);
    return true;
}

static bool prepare_store(struct store *store, enum schema_kind kind, struct error *err)
{
    if (kind == SCHEMA_EMPTY) {
        if (store->read_only)
            return error_set(err, ERR_STORE_CORRUPT, "The file is no Linksnap store");
        if (!db_execute(store, "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL", err))
            return false;
    }
    if (!configure(store, err) || (!store->read_only && !use_wal(store, err)))
        return false;
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return migrate(store, err) && verify_schema(store, err) && fts_bring_up_to_date(store, err);
}

bool store_open(const char *path, enum store_mode mode, struct store **store_out, struct error *err)
{
    if (mode == STORE_CREATE && !create_file(path, err))
        return false;
    if (!check_exists(path, err))
        return false;
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return error_no_memory(err);
    store->read_only = mode == STORE_READ_ONLY;
    store->path = slice_dup(slice_of(path));
    enum schema_kind kind;
    bool ok = store->path != NULL || error_no_memory(err);
    ok = ok && refuse_newer(store, err) && folder_create(&store->folder, err) &&
         open_and_identify(store, &kind, err) && prepare_store(store, kind, err);
    if (ok)
        *store_out = store;
    else
        store_close(store);
    return ok;
}

const char *store_file(const struct store *store)
{
    return sqlite3_db_filename(store->db, "main");
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    db_close(store);
    folder_destroy(store->folder);
    free(store->path);
    free(store);
}

bool store_count(struct store *store, struct store_counts *counts_out, struct error *err)
{
    struct store_counts counts = {0};
    if (!db_begin_read(store, err))
        return false;
    bool ok =
        db_get_int(store, "SELECT count(*) FROM pages WHERE trashed = 0", 0, &counts.pages, err) &&
        db_get_int(store, "SELECT count(*) FROM pages WHERE trashed > 0", 0, &counts.trashed,
                   err) &&
        db_get_int(store, "SELECT count(*) FROM snapshots", 0, &counts.snapshots, err) &&
        db_get_int(store, "SELECT count(*) FROM snapshots WHERE state = 'pending' AND trashed = 0",
                   0, &counts.pending, err) &&
        db_get_int(store, "SELECT count(*) FROM jobs INDEXED BY jobs_open WHERE " JOBS_OPEN, 0,
                   &counts.open, err);
    db_end_read(store);
    if (ok)
        *counts_out = counts;
    return ok;
}

bool store_measure(struct store *store, struct store_sizes *sizes_out, struct error *err)
{
    struct store_sizes sizes = {0};
    int64_t page_size = 0;
    int64_t pages = 0;
    if (!db_begin_read(store, err))
        return false;
    bool ok = db_get_int(store, "SELECT count(*) FROM blobs", 0, &sizes.blobs, err) &&
              db_get_int(store, "SELECT coalesce(sum(stored), 0) FROM blobs", 0, &sizes.blob_bytes,
                         err) &&
              db_get_int(store, "PRAGMA page_size", 0, &page_size, err) &&
              db_get_int(store, "PRAGMA page_count", 0, &pages, err);
    db_end_read(store);
    if (ok) {
        sizes.file_bytes = pages * page_size;
        *sizes_out = sizes;
    }
    return ok;
}

/* SQLite finds out that a disk is full only when it writes. */
static bool check_room(const struct store *store, struct error *err)
{
    struct statvfs disk;
    if (statvfs(store->path, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize < ROOM)
        return error_set(err, ERR_STORE_FULL, "There is no room left on the store's disk");
    return true;
}

bool store_check_writable(struct store *store, struct error *err)
{
    if (!check_room(store, err) || !db_begin(store, err))
        return false;
    bool ok =
        db_execute(store, "INSERT OR REPLACE INTO meta (key, value) VALUES ('probe', 1)", err);
    /* Rolled back, so nothing changes. */
    return !db_end(store, false, err) && ok;
}

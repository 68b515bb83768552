#include "store/backup_copy.h"

#include "base/digest.h"
#include "store/blobs.h"
#include "store/fts.h"
#include "store/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    STEP = 256,     /* pages copied between two looks at the hooks */
    TICKS = 10000,  /* SQLite's own steps between two such looks */
    ROOM = 4 * MIB, /* that must be left on the disk */
    VERSION_BYTES =
        18, /* in a database's header: 2 and 2 for WAL, 1 and 1 for a rollback journal */
};

bool backup_interrupted(const struct backup_hooks *hooks)
{
    return hooks->interrupted != NULL && hooks->interrupted(hooks->arg);
}

static void tell(const struct backup_hooks *hooks, const char *stage, int64_t done, int64_t total)
{
    if (hooks->progress != NULL)
        hooks->progress(stage, done, total, hooks->arg);
}

static bool cancelled(struct error *err)
{
    return error_set(err, ERR_CANCELLED, "Stopped");
}

/* ---- Opening and counting ---- */

bool backup_open(struct store *store, const char *path, int flags, struct error *err)
{
    *store = (struct store){.read_only = (flags & SQLITE_OPEN_READONLY) != 0};
    if (!folder_create(&store->folder, err) || !db_open(store, path, flags, err))
        return false;
    sqlite3_busy_timeout(store->db, LIMIT_BUSY_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return fts_register(store, err) && db_execute(store, "PRAGMA cell_size_check = ON", err);
}

void backup_close(struct store *store)
{
    db_close(store);
    folder_destroy(store->folder);
    *store = (struct store){0};
}

bool backup_count(struct store *store, struct backup_facts *facts_out, struct error *err)
{
    struct backup_facts facts = {0};
    int64_t count = 0;
    int64_t size = 0;
    if (!db_get_int(store, "PRAGMA user_version", 0, &facts.version, err) ||
        !db_get_int(store, "PRAGMA page_count", 0, &count, err) ||
        !db_get_int(store, "PRAGMA page_size", 0, &size, err) ||
        !db_get_int(store, "SELECT count(*) FROM pages", 0, &facts.pages, err) ||
        !db_get_int(store, "SELECT count(*) FROM snapshots", 0, &facts.snapshots, err) ||
        !db_get_int(store, "SELECT count(*) FROM blobs", 0, &facts.blobs, err))
        return false;
    facts.bytes = count * size;
    *facts_out = facts;
    return true;
}

/* ---- Copying ---- */

static int64_t free_bytes(const struct part *part)
{
    struct statvfs disk;
    if (fstatvfs(part->fd, &disk) != 0)
        return INT64_MAX;
    uint64_t blocks = disk.f_bavail;
    return blocks > INT64_MAX / (disk.f_frsize + 1) ? INT64_MAX : (int64_t)(blocks * disk.f_frsize);
}

static bool too_full(const struct part *part, int64_t needed, struct error *err)
{
    struct stat info;
    int64_t there = free_bytes(part);
    if (fstat(part->fd, &info) == 0)
        there += (int64_t)info.st_blocks * 512;
    int64_t lacking = needed + ROOM > there ? needed + ROOM - there : ROOM;
    return error_set(err, ERR_STORE_FULL,
                     "There is no room for %s: it takes %.1f MB, and %.1f MB more must be free",
                     part->file, (double)needed / 1e6, (double)lacking / 1e6);
}

bool backup_check_room(const struct part *part, int64_t needed, struct error *err)
{
    return free_bytes(part) >= needed + ROOM || too_full(part, needed, err);
}

bool backup_steps(sqlite3_backup *copy, const char *stage, int64_t page_size,
                  const struct backup_hooks *hooks, int *code_out, struct error *err)
{
    int code;
    do {
        if (backup_interrupted(hooks))
            return cancelled(err);
        code = sqlite3_backup_step(copy, STEP);
        int64_t total = sqlite3_backup_pagecount(copy);
        tell(hooks, stage, (total - sqlite3_backup_remaining(copy)) * page_size, total * page_size);
    } while (code == SQLITE_OK);
    *code_out = code == SQLITE_DONE ? SQLITE_OK : code;
    return true;
}

/* A fault of the disk is the new file's, any other the store's. */
static bool copy_error(struct store *from, struct store *to, const struct part *part, int code,
                       int64_t needed, struct error *err)
{
    int os_error = sqlite3_system_errno(to->db);
    if (code == SQLITE_FULL || os_error == ENOSPC || os_error == EDQUOT)
        return too_full(part, needed, err);
    if ((code & 0xFF) == SQLITE_IOERR && os_error != 0)
        return part_error(part->file, os_error, err);
    return db_error(from, code, err);
}

static bool copy_into(struct store *from, struct store *to, const struct part *part,
                      const struct backup_hooks *hooks, struct error *err)
{
    int64_t page_size;
    int64_t count;
    int code;
    if (!db_get_int(from, "PRAGMA page_size", 0, &page_size, err) ||
        !db_get_int(from, "PRAGMA page_count", 0, &count, err))
        return false;
    if (!backup_check_room(part, count * page_size, err))
        return false;
    /* Nobody sees the file before it is whole: it needs neither a journal nor order on disk. */
    if (!db_execute(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", err))
        return false;
    sqlite3_backup *copy = sqlite3_backup_init(to->db, "main", from->db, "main");
    if (copy == NULL)
        return copy_error(from, to, part, sqlite3_extended_errcode(to->db), count * page_size, err);
    bool ok = backup_steps(copy, "copying", page_size, hooks, &code, err);
    int end = sqlite3_backup_finish(copy);
    if (ok && code == SQLITE_OK)
        code = end;
    if (ok && code != SQLITE_OK)
        ok = copy_error(from, to, part, code, count * page_size, err);
    return ok;
}

bool backup_copy(struct store *from, struct part *to, const struct backup_hooks *hooks,
                 struct error *err)
{
    struct store target = {0};
    bool ok = db_open(&target, to->path, SQLITE_OPEN_READWRITE, err) &&
              copy_into(from, &target, to, hooks, err);
    db_close(&target);
    if (!ok)
        return false;
    /* SQLite file format §1.3.3. With WAL's numbers even a reader would make two files beside it.
     */
    static const unsigned char versions[] = {1, 1};
    if (pwrite(to->fd, versions, sizeof versions, VERSION_BYTES) != (ssize_t)sizeof versions)
        return part_error(to->file, errno, err);
    return true;
}

/* ---- Being stopped ---- */

static int stop(void *arg)
{
    return backup_interrupted(arg);
}

void backup_watch(struct store *store, struct backup_hooks *hooks)
{
    sqlite3_progress_handler(store->db, TICKS, stop, hooks);
}

bool backup_unwatch(struct store *store, const struct backup_hooks *hooks, bool ok,
                    struct error *err)
{
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    if (!ok && err->code == ERR_STORE && backup_interrupted(hooks))
        cancelled(err);
    return ok;
}

/* ---- Verifying ---- */

static bool verify_structure(struct store *store, int64_t *astray_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "PRAGMA integrity_check(1)", err);
    if (statement == NULL)
        return false;
    bool row = false;
    bool ok = db_step(store, statement, &row, err);
    if (ok && !(row && slice_equal(db_text(statement, 0), slice_of("ok"))))
        ok = error_set(err, ERR_STORE_CORRUPT, "Its tables or indexes are damaged");
    db_done(store, statement);
    return ok &&
           db_get_int(store, "SELECT count(*) FROM pragma_foreign_key_check", 0, astray_out, err);
}

static bool verify_blob(struct store *store, sqlite3_stmt *row, struct buf *bytes,
                        struct error *err)
{
    uint8_t digest[DIGEST_SIZE];
    bytes->len = 0;
    if (!blobs_unpack(store, sqlite3_column_int64(row, 1), sqlite3_column_int(row, 2) != 0,
                      db_blob(row, 3), bytes, err) ||
        !digest_bytes(buf_slice(bytes), digest, err))
        return false;
    return slice_equal(db_blob(row, 0), slice_make(digest, sizeof digest)) ||
           error_set(err, ERR_STORE_CORRUPT, "A blob does not have its hash");
}

static bool verify_blobs(struct store *store, const struct backup_hooks *hooks,
                         int64_t *damaged_out, struct error *err)
{
    struct buf bytes;
    int64_t total;
    int64_t done = 0;
    bool row = false;
    if (!db_get_int(store, "SELECT coalesce(sum(stored), 0) FROM blobs", 0, &total, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT hash, size, packed, data FROM blobs ORDER BY id", err);
    if (statement == NULL)
        return false;
    buf_init(&bytes, DB_BLOB_MAX);
    bool ok;
    int64_t damaged = 0;
    while ((ok = db_step(store, statement, &row, err)) && row) {
        ok =
            backup_interrupted(hooks) ? cancelled(err) : verify_blob(store, statement, &bytes, err);
        bool bad = !ok && (err->code == ERR_STORE_CORRUPT || err->code == ERR_LIMIT);
        if (bad && damaged_out != NULL) {
            *err = (struct error){0};
            damaged++;
            ok = true;
        }
        if (!ok)
            break;
        done += sqlite3_column_bytes(statement, 3);
        tell(hooks, "verifying", done, total);
    }
    buf_finish(&bytes);
    db_done(store, statement);
    if (ok && damaged_out != NULL)
        *damaged_out = damaged;
    return ok;
}

bool backup_verify(struct store *store, const struct backup_hooks *hooks, int64_t *damaged_out,
                   struct error *err)
{
    struct backup_hooks kept = *hooks;
    int64_t astray = 0;
    int64_t damaged = 0;
    tell(hooks, "verifying", 0, 0);
    backup_watch(store, &kept);
    bool ok = db_begin_read(store, err);
    if (ok) {
        ok = verify_structure(store, &astray, err) &&
             (astray == 0 || damaged_out != NULL ||
              error_set(err, ERR_STORE_CORRUPT, "%lld rows name something that is not there",
                        (long long)astray)) &&
             verify_blobs(store, hooks, damaged_out == NULL ? NULL : &damaged, err);
        db_end_read(store);
    }
    ok = backup_unwatch(store, hooks, ok, err);
    if (ok && damaged_out != NULL)
        *damaged_out = astray + damaged;
    return ok;
}

static bool same_facts(struct store *store, const struct backup_facts *expected, struct error *err)
{
    struct backup_facts facts;
    enum schema_kind kind;
    if (!db_begin_read(store, err))
        return false;
    bool ok = schema_identify(store, &kind, err) && backup_count(store, &facts, err);
    db_end_read(store);
    if (!ok)
        return false;
    return (kind == SCHEMA_OURS && facts.version == expected->version &&
            facts.bytes == expected->bytes && facts.pages == expected->pages &&
            facts.snapshots == expected->snapshots && facts.blobs == expected->blobs) ||
           error_set(err, ERR_STORE_CORRUPT, "It does not hold what the store holds");
}

bool backup_verify_part(const struct part *part, const struct backup_facts *expected, bool quick,
                        const struct backup_hooks *hooks, struct error *err)
{
    struct store copy;
    bool ok = backup_open(&copy, part->path, SQLITE_OPEN_READONLY, err) &&
              same_facts(&copy, expected, err) && (quick || backup_verify(&copy, hooks, NULL, err));
    backup_close(&copy);
    if (!ok && err->code == ERR_STORE_CORRUPT) {
        const struct error why = *err;
        error_set(err, ERR_STORE_CORRUPT,
                  "The backup was not kept, since it is damaged as the store may be: %s", why.text);
    }
    return ok;
}

#include "store/clean.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/highlights.h"
#include "store/ords.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum {
    LIST = 4096,            /* blobs that are found at once */
    BATCH_BLOBS = 64,       /* and removed in one transaction: some tens of milliseconds, */
    BATCH_BYTES = 16 << 20, /* though some are large */
    RELEASE = 256,          /* pages given back in one transaction */
    STEPS = 20000           /* of SQLite's machine, between two looks at whether to stop */
};

static bool goes_on(const struct clean_hooks *hooks, struct error *err)
{
    if (hooks != NULL && hooks->interrupted != NULL && hooks->interrupted(hooks->arg))
        return error_set(err, ERR_CANCELLED, "Stopped");
    return true;
}

static void tell(const struct clean_hooks *hooks, int64_t done, int64_t total)
{
    if (hooks != NULL && hooks->progress != NULL)
        hooks->progress(done, total, hooks->arg);
}

/* ---- Blobs ---- */

/* A size that is none must not be one too many for the sum: a terabyte is more than any has. */
#define STORED "min(max(stored, 0), 1099511627776)"

bool clean_measure(struct store *store, struct clean_result *result_out, struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT count(*), coalesce(sum(" STORED "), 0)"
                   " FROM blobs b INDEXED BY blobs_stored WHERE " CLEAN_UNUSED("b.id"),
                   err);
    if (statement == NULL)
        return false;
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *result_out = (struct clean_result){.blobs = sqlite3_column_int64(statement, 0),
                                            .bytes = sqlite3_column_int64(statement, 1)};
    db_done(store, statement);
    return ok;
}

static bool stored_bytes(struct store *store, int64_t blob, int64_t *bytes_out, struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(store, "SELECT " STORED " FROM blobs WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, blob);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *bytes_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

/* Removes one unless something refers to it by now; adds to *result when it was there. Its size is
 * asked for first: RETURNING would read all of it, which may be more than can be read. */
static bool remove_blob(struct store *store, int64_t blob, struct clean_result *result,
                        struct error *err)
{
    int64_t bytes;
    if (!stored_bytes(store, blob, &bytes, err) ||
        !db_run_with_int(store, "DELETE FROM blobs WHERE id = ?1 AND " CLEAN_UNUSED("?1"), blob,
                         err))
        return false;
    if (sqlite3_changes(store->db) > 0) {
        result->blobs++;
        result->bytes += bytes;
    }
    return true;
}

/* Removes some of the list, from *at on. */
static bool remove_batch(struct store *store, const struct ords *list, size_t *at,
                         struct clean_result *result, struct error *err)
{
    struct clean_result batch = {0};
    size_t next = *at;
    if (!db_begin(store, err))
        return false;
    bool ok = true;
    while (ok && next < ords_count(list) && next - *at < BATCH_BLOBS && batch.bytes < BATCH_BYTES)
        ok = remove_blob(store, ords_list(list)[next++], &batch, err);
    if (!db_end(store, ok, err))
        return false;
    *at = next;
    result->blobs += batch.blobs;
    result->bytes += batch.bytes;
    return true;
}

/* The last blob that was looked at, in the order of the index. */
struct place {
    int64_t stored;
    int64_t id;
};

static bool list_unused(struct store *store, struct place *last, struct ords *list,
                        struct error *err)
{
    bool row;
    bool ok;
    sqlite3_stmt *statement = db_prepare(
        store,
        "SELECT id, stored FROM blobs b INDEXED BY blobs_stored"
        " WHERE (stored, id) > (?1, ?2) AND " CLEAN_UNUSED("b.id") " ORDER BY stored, id LIMIT ?3",
        err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, last->stored);
    db_bind_int(store, statement, 2, last->id);
    db_bind_int(store, statement, 3, LIST);
    while ((ok = db_step(store, statement, &row, err)) && row) {
        last->id = sqlite3_column_int64(statement, 0);
        last->stored = sqlite3_column_int64(statement, 1);
        if (!ords_add(list, last->id) && !(ok = buf_ok(&list->bytes, "A list of blobs", err)))
            break;
    }
    db_done(store, statement);
    return ok;
}

/* Finds some after the last and removes them; *more_out: there may be others. */
static bool collect_some(struct store *store, const struct clean_hooks *hooks, struct place *last,
                         struct clean_result *result, bool *more_out, struct error *err)
{
    struct ords list;
    size_t at = 0;
    ords_init(&list);
    bool ok = list_unused(store, last, &list, err);
    while (ok && at < ords_count(&list)) {
        tell(hooks, result->blobs, 0);
        ok = goes_on(hooks, err) && remove_batch(store, &list, &at, result, err);
    }
    *more_out = ords_count(&list) == LIST;
    ords_finish(&list);
    return ok;
}

static bool forget_highlights(struct store *store, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    return db_end(store, highlights_forget(store, clock_now(), err), err);
}

bool clean_collect(struct store *store, const struct clean_hooks *hooks,
                   struct clean_result *result_out, struct error *err)
{
    struct clean_result result = {0};
    struct place last = {INT64_MIN, INT64_MIN};
    bool more = true;
    bool ok = forget_highlights(store, err);
    while (ok && more)
        ok = collect_some(store, hooks, &last, &result, &more, err);
    if (ok)
        *result_out = result;
    return ok;
}

/* ---- The file ---- */

static bool file_bytes(struct store *store, const char *count, int64_t *bytes_out,
                       struct error *err)
{
    int64_t pages;
    int64_t size;
    if (!db_get_int(store, count, 0, &pages, err) ||
        !db_get_int(store, "PRAGMA page_size", 0, &size, err))
        return false;
    *bytes_out = pages * size;
    return true;
}

/* The file itself becomes shorter when the WAL goes into it; a reader may be in the way, and then
 * somebody's next checkpoint does it. */
static bool shorten(struct store *store, struct error *err)
{
    if (db_execute(store, "PRAGMA wal_checkpoint(TRUNCATE)", err))
        return true;
    if (err->code != ERR_STORE_BUSY)
        return false;
    *err = (struct error){0};
    return true;
}

static bool release_some(struct store *store, struct error *err)
{
    static const char sql[] = "PRAGMA incremental_vacuum(256)";
    _Static_assert(RELEASE == 256, "as the statement says");
    if (!db_begin(store, err))
        return false;
    return db_end(store, db_execute(store, sql, err), err);
}

bool clean_release(struct store *store, const struct clean_hooks *hooks, int64_t *bytes_out,
                   struct error *err)
{
    int64_t before;
    int64_t left;
    int64_t last;
    if (!file_bytes(store, "PRAGMA freelist_count", &before, err))
        return false;
    left = before;
    do {
        last = left;
        tell(hooks, before - left, before);
        if (left > 0 && !(goes_on(hooks, err) && release_some(store, err) &&
                          file_bytes(store, "PRAGMA freelist_count", &left, err)))
            return false;
    } while (left > 0 && left < last);
    *bytes_out = left < before ? before - left : 0;
    return left == before || shorten(store, err);
}

/* Once in the folder of the store, and once in its WAL. */
static bool check_room(const char *folder, int64_t size, struct error *err)
{
    struct statvfs disk;
    if (statvfs(folder, &disk) != 0 ||
        (uint64_t)disk.f_bavail * disk.f_frsize / 2 > (uint64_t)size + (uint64_t)size / 16)
        return true;
    return error_set(err, ERR_STORE_FULL,
                     "There is no room to write the store anew: %lld MB free are needed",
                     (long long)(size / 1000000 + 1) * 2);
}

static int stop_vacuum(void *arg)
{
    struct error ignored;
    return !goes_on(arg, &ignored);
}

static bool vacuum(struct store *store, char *folder, const struct clean_hooks *hooks,
                   struct error *err)
{
    /* What it makes first may be as large as the store: not into memory, and not to where other
     * people's disks end. One database is attached to do so. */
    sqlite3_temp_directory = folder;
    sqlite3_limit(store->db, SQLITE_LIMIT_ATTACHED, 1);
    sqlite3_progress_handler(store->db, STEPS, stop_vacuum, (void *)(uintptr_t)hooks);
    bool ok =
        db_execute(store, "PRAGMA temp_store = FILE", err) && db_execute(store, "VACUUM", err);
    if (!ok && (sqlite3_errcode(store->db) & 0xFF) == SQLITE_INTERRUPT)
        error_set(err, ERR_CANCELLED, "Stopped");
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    struct error ignored;
    (void)!db_execute(store, "PRAGMA temp_store = MEMORY", &ignored);
    sqlite3_limit(store->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_temp_directory = NULL;
    return ok;
}

bool clean_compact(struct store *store, const struct clean_hooks *hooks, int64_t *bytes_out,
                   struct error *err)
{
    int64_t before;
    int64_t after = 0;
    const char *file = store_file(store);
    const char *slash = strrchr(file, '/');
    if (store->read_only)
        return error_set(err, ERR_STORE_READONLY, "The store was opened for reading only");
    if (!file_bytes(store, "PRAGMA page_count", &before, err))
        return false;
    char *folder = slice_dup(slice_make(file, slash == NULL ? 0 : (size_t)(slash - file)));
    if (folder == NULL)
        return error_no_memory(err);
    bool ok = check_room(folder, before, err) && vacuum(store, folder, hooks, err) &&
              shorten(store, err) && file_bytes(store, "PRAGMA page_count", &after, err);
    free(folder);
    if (ok)
        *bytes_out = before > after ? before - after : 0;
    return ok;
}

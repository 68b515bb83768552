/* Looking at snapshots. */
#include "base/limits.h"
#include "store/blobs.h"
#include "store/db.h"
#include "store/row_strings.h"
#include "store/snapshots.h"

#define ROW_COLUMNS                                                                                \
    "SELECT id, page, version, taken, assets, assets - stored, bytes, how, url, title, lang,"      \
    " state, kind, file_name, trashed, (SELECT count(*) FROM highlights h"                         \
    " WHERE h.snapshot = snapshots.id AND h.deleted = 0) FROM snapshots "

static bool hand_over(sqlite3_stmt *statement, struct row_strings *strings, snapshot_fn fn,
                      void *arg)
{
    struct snapshot_row snapshot = {
        .id = sqlite3_column_int64(statement, 0),
        .page = sqlite3_column_int64(statement, 1),
        .version = sqlite3_column_int64(statement, 2),
        .taken = sqlite3_column_int64(statement, 3),
        .assets = sqlite3_column_int64(statement, 4),
        .failed = sqlite3_column_int64(statement, 5),
        .bytes = sqlite3_column_int64(statement, 6),
        .how = row_strings_at(strings, 0),
        .url = row_strings_at(strings, 1),
        .title = row_strings_at(strings, 2),
        .lang = row_strings_at(strings, 3),
        .state = row_strings_at(strings, 4),
        .kind = row_strings_at(strings, 5),
        .file_name = row_strings_at(strings, 6),
        .trashed = sqlite3_column_int64(statement, 14),
        .highlights = sqlite3_column_int64(statement, 15),
    };
    return fn(&snapshot, arg);
}

/* Hands the rows of one of the statements below to `fn`. */
static bool list_rows(struct store *store, const char *sql, int64_t key, snapshot_fn fn, void *arg,
                      size_t *count_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    struct row_strings strings;
    row_strings_init(&strings);
    *count_out = 0;
    if (sqlite3_bind_parameter_count(statement) > 0)
        db_bind_int(store, statement, 1, key);
    while ((ok = db_step(store, statement, &row, err)) && row) {
        row_strings_reset(&strings);
        for (int i = 7; i < 14; i++)
            row_strings_add(&strings, db_text(statement, i), LIMIT_URL);
        ok = row_strings_ok(&strings, err);
        ++*count_out;
        if (!ok || !hand_over(statement, &strings, fn, arg))
            break;
    }
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

bool snapshots_get(struct store *store, int64_t snapshot, snapshot_fn fn, void *arg,
                   struct error *err)
{
    size_t count;
    return list_rows(store, ROW_COLUMNS "WHERE id = ?1", snapshot, fn, arg, &count, err) &&
           (count > 0 || error_set(err, ERR_NOT_FOUND, "There is no such snapshot"));
}

bool snapshots_list(struct store *store, int64_t page, snapshot_fn fn, void *arg, struct error *err)
{
    size_t count;
    return list_rows(store, ROW_COLUMNS "WHERE page = ?1 AND trashed = 0 ORDER BY version DESC",
                     page, fn, arg, &count, err);
}

bool snapshots_list_trashed(struct store *store, int64_t page, snapshot_fn fn, void *arg,
                            struct error *err)
{
    size_t count;
    return list_rows(store, ROW_COLUMNS "WHERE page = ?1 AND trashed > 0 ORDER BY version DESC",
                     page, fn, arg, &count, err);
}

bool snapshots_list_pending(struct store *store, snapshot_fn fn, void *arg, struct error *err)
{
    size_t count;
    return list_rows(store, ROW_COLUMNS "WHERE state = 'pending' AND trashed = 0 ORDER BY id", 0,
                     fn, arg, &count, err);
}

bool snapshots_notes(struct store *store, int64_t snapshot, note_fn fn, void *arg,
                     struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store, "SELECT name, count FROM snapshot_notes WHERE snapshot = ?1 ORDER BY name", err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    bool more = true;
    struct row_strings strings;
    row_strings_init(&strings);
    db_bind_int(store, statement, 1, snapshot);
    while ((ok = db_step(store, statement, &row, err)) && row && more) {
        row_strings_reset(&strings);
        row_strings_add(&strings, db_text(statement, 0), LIMIT_URL);
        if (!(ok = row_strings_ok(&strings, err)))
            break;
        struct note_row note = {.name = row_strings_at(&strings, 0),
                                .count = sqlite3_column_int64(statement, 1)};
        more = fn(&note, arg);
    }
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

static bool read_named(struct store *store, const char *sql, int64_t snapshot, struct buf *out,
                       struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &row, err);
    int64_t blob = ok && row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    if (ok && !row)
        return error_set(err, ERR_NOT_FOUND, "There is no such snapshot");
    return ok && blobs_read(store, blob, out, err);
}

/* Appends the blob that `sql` names for a snapshot. One look: once the snapshot is gone, its number
 * may be another blob's. */
static bool read_part(struct store *store, const char *sql, int64_t snapshot, struct buf *out,
                      struct error *err)
{
    if (!db_begin_read(store, err))
        return false;
    bool ok = read_named(store, sql, snapshot, out, err);
    db_end_read(store);
    return ok;
}

bool snapshots_hops(struct store *store, int64_t snapshot, hop_fn fn, void *arg, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store, "SELECT url, how FROM snapshot_hops WHERE snapshot = ?1 ORDER BY step", err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    bool more = true;
    struct row_strings strings;
    row_strings_init(&strings);
    db_bind_int(store, statement, 1, snapshot);
    while ((ok = db_step(store, statement, &row, err)) && row && more) {
        row_strings_reset(&strings);
        row_strings_add(&strings, db_text(statement, 0), LIMIT_URL);
        row_strings_add(&strings, db_text(statement, 1), LIMIT_URL);
        if (!(ok = row_strings_ok(&strings, err)))
            break;
        struct hop_row hop = {.url = row_strings_at(&strings, 0),
                              .how = row_strings_at(&strings, 1)};
        more = fn(&hop, arg);
    }
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

bool snapshots_document(struct store *store, int64_t snapshot, struct buf *out, struct error *err)
{
    return read_part(store, "SELECT document FROM snapshots WHERE id = ?1", snapshot, out, err);
}

bool snapshots_text(struct store *store, int64_t snapshot, struct buf *out, struct error *err)
{
    return read_part(store, "SELECT text FROM snapshots WHERE id = ?1", snapshot, out, err);
}

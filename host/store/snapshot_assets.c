#include "store/snapshot_assets.h"

#include "base/digest.h"
#include "base/limits.h"
#include "store/blobs.h"
#include "store/row_strings.h"
#include "store/snapshot_hold.h"

enum { REF_BYTES = 16 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Only lower case: a ref is compared byte by byte elsewhere. */
static bool parse_ref(const char *text, uint8_t ref_out[REF_BYTES], struct error *err)
{
    bool ok = strlen(text) == 2 * REF_BYTES;
    for (size_t i = 0; ok && i < REF_BYTES; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);
        ok = high >= 0 && low >= 0;
        ref_out[i] = (uint8_t)((unsigned)(high & 15) << 4 | (unsigned)(low & 15));
    }
    return ok || error_set(err, ERR_PARAMS, "An asset's name is not 32 hexadecimal digits");
}

static bool is_state(const char *state, const char *name)
{
    return strcmp(state, name) == 0;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* A batch being written, and what it adds to the snapshot's own counts. */
struct writer {
    struct store *store;
    int64_t snapshot;
    sqlite3_stmt *find;
    sqlite3_stmt *insert;
    struct put_counts *counts;
    int64_t assets;
    int64_t settled; /* stored or left out */
    int64_t bytes;
    bool icon;
};

/* The row as it is. */
struct before {
    bool known;
    bool stored;
    bool left_out;
};

static bool find_row(struct writer *writer, struct slice ref, struct before *before_out,
                     struct error *err)
{
    bool row;
    db_bind_int(writer->store, writer->find, 1, writer->snapshot);
    db_bind_blob(writer->store, writer->find, 2, ref);
    bool ok = db_step(writer->store, writer->find, &row, err);
    if (ok) {
        struct slice state = row ? db_text(writer->find, 0) : (struct slice){0};
        before_out->known = row;
        before_out->stored = slice_equal(state, slice_of("stored"));
        before_out->left_out = slice_equal(state, slice_of("left_out"));
    }
    db_reset(writer->find);
    return ok;
}

static bool put_bytes(struct writer *writer, const struct asset_row *row, int64_t *blob_out,
                      struct error *err)
{
    bool written;
    if (!blobs_put(writer->store, row->bytes, or_empty(row->media_type), blob_out, &written, err))
        return false;
    writer->counts->written += written;
    writer->counts->reused += !written;
    writer->bytes += (int64_t)row->bytes.len;
    return true;
}

static bool insert_row(struct writer *writer, struct slice ref, const struct asset_row *row,
                       int64_t blob, struct error *err)
{
    struct store *store = writer->store;
    sqlite3_stmt *insert = writer->insert;
    bool missing = is_state(row->state, "failed") || is_state(row->state, "left_out");
    db_bind_int(store, insert, 1, writer->snapshot);
    db_bind_blob(store, insert, 2, ref);
    if (blob > 0)
        db_bind_int(store, insert, 3, blob);
    else
        db_bind_null(store, insert, 3);
    db_bind_string(store, insert, 4, row->state);
    db_bind_string(store, insert, 5, or_empty(row->kind));
    db_bind_string(store, insert, 6, or_empty(row->media_type));
    db_bind_int(store, insert, 7, missing ? row->fault : 0);
    db_bind_int(store, insert, 8, missing ? row->status : 0);
    db_bind_string(store, insert, 9, missing ? or_empty(row->reason) : "");
    db_bind_string(store, insert, 10, or_empty(row->url));
    return db_run(store, insert, err);
}

static bool write_one(struct writer *writer, const struct asset_row *row, struct error *err)
{
    uint8_t ref[REF_BYTES];
    struct slice key = slice_make(ref, sizeof ref);
    int64_t blob = 0;
    struct before before = {0};
    bool storing = is_state(row->state, "stored");
    bool leaving_out = is_state(row->state, "left_out");
    if (!parse_ref(row->ref, ref, err) || !find_row(writer, key, &before, err))
        return false;
    if (!storing && !leaving_out && !is_state(row->state, "failed") &&
        !is_state(row->state, "wanted"))
        return error_set(err, ERR_PARAMS, "An asset has no such state");
    if (storing)
        writer->counts->bytes += (int64_t)row->bytes.len;
    if (before.stored) { /* stays so, whatever a later attempt says */
        writer->counts->reused += storing;
        return true;
    }
    if (storing && !put_bytes(writer, row, &blob, err))
        return false;
    writer->assets += !before.known;
    writer->settled += (storing || leaving_out) - before.left_out;
    writer->icon = writer->icon || (storing && strcmp(or_empty(row->kind), "icon") == 0);
    return insert_row(writer, key, row, blob, err);
}

static bool add_counts(struct writer *writer, struct error *err)
{
    struct store *store = writer->store;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE snapshots SET assets = assets + ?2, stored = stored + ?3,"
                   " bytes = bytes + ?4 WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, writer->snapshot);
    db_bind_int(store, statement, 2, writer->assets);
    db_bind_int(store, statement, 3, writer->settled);
    db_bind_int(store, statement, 4, writer->bytes);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

/* The largest picture that is small enough to travel with every listing. */
static bool choose_icon(struct store *store, int64_t snapshot, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE snapshots SET icon = i.blob, icon_type = i.media_type FROM"
                   " (SELECT a.blob AS blob, a.media_type AS media_type FROM snapshot_assets a"
                   "   JOIN blobs b ON b.id = a.blob"
                   "   WHERE a.snapshot = ?1 AND a.kind = 'icon' AND a.media_type LIKE 'image/%'"
                   "   AND b.size BETWEEN 1 AND 8192 ORDER BY b.size DESC, a.ref LIMIT 1) AS i"
                   " WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool assets_write(struct store *store, int64_t snapshot, const struct asset_row *rows, size_t count,
                  struct put_counts *counts, struct error *err)
{
    if (count == 0)
        return true;
    struct writer writer = {.store = store, .snapshot = snapshot, .counts = counts};
    writer.find = db_prepare(store,
                             "SELECT state FROM snapshot_assets"
                             " WHERE snapshot = ?1 AND ref = ?2",
                             err);
    if (writer.find == NULL)
        return false;
    writer.insert = db_prepare(store,
                               "INSERT OR REPLACE INTO snapshot_assets (snapshot, ref, blob, state,"
                               " kind, media_type, fault, status, reason, url)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                               err);
    bool ok = writer.insert != NULL;
    for (size_t i = 0; ok && i < count; i++)
        ok = write_one(&writer, &rows[i], err);
    db_done(store, writer.find);
    db_done(store, writer.insert);
    return ok && add_counts(&writer, err) && (!writer.icon || choose_icon(store, snapshot, err));
}

bool snapshots_put_assets(struct store *store, int64_t snapshot, const struct asset_row *rows,
                          size_t count, struct put_counts *counts, struct error *err)
{
    struct put_counts added = {0};
    if (!db_begin(store, err))
        return false;
    bool ok = snapshot_check(store, snapshot, err) &&
              assets_write(store, snapshot, rows, count, &added, err);
    if (!db_end(store, ok, err))
        return false;
    counts->written += added.written;
    counts->reused += added.reused;
    counts->bytes += added.bytes;
    return true;
}

#define ASSET_COLUMNS                                                                              \
    "SELECT a.ref, a.url, a.kind, a.state, a.media_type, coalesce(b.size, 0), a.fault, a.status,"  \
    " a.reason, a.blob FROM snapshot_assets a LEFT JOIN blobs b ON b.id = a.blob"                  \
    " WHERE a.snapshot = ?1 "

static bool hand_over(sqlite3_stmt *statement, asset_fn fn, void *arg, bool *more_out,
                      struct error *err)
{
    static const int columns[] = {1, 2, 3, 4, 8};
    char ref[2 * REF_BYTES + 1] = "";
    struct slice bytes = db_blob(statement, 0);
    struct row_strings strings;
    row_strings_init(&strings);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        row_strings_add(&strings, db_text(statement, columns[i]), LIMIT_URL);
    bool ok = row_strings_ok(&strings, err);
    if (bytes.len == REF_BYTES)
        digest_hex((const uint8_t *)bytes.ptr, REF_BYTES, ref);
    struct asset_row asset = {
        .ref = ref,
        .url = row_strings_at(&strings, 0),
        .kind = row_strings_at(&strings, 1),
        .state = row_strings_at(&strings, 2),
        .media_type = row_strings_at(&strings, 3),
        .size = sqlite3_column_int64(statement, 5),
        .fault = sqlite3_column_int(statement, 6),
        .status = sqlite3_column_int64(statement, 7),
        .reason = row_strings_at(&strings, 4),
    };
    *more_out = ok && fn(&asset, arg);
    row_strings_finish(&strings);
    return ok;
}

bool snapshots_assets(struct store *store, int64_t snapshot, const char *state, asset_fn fn,
                      void *arg, struct error *err)
{
    if (!snapshot_exists(store, snapshot, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store, ASSET_COLUMNS "AND (?2 IS NULL OR a.state = ?2) ORDER BY a.ref", err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok = true;
    bool more = true;
    db_bind_int(store, statement, 1, snapshot);
    if (state != NULL)
        db_bind_string(store, statement, 2, state);
    while (more && (ok = db_step(store, statement, &row, err)) && row)
        ok = hand_over(statement, fn, arg, &more, err);
    db_done(store, statement);
    return ok;
}

bool snapshots_kinds(struct store *store, int64_t snapshot, kind_fn fn, void *arg,
                     struct error *err)
{
    if (!snapshot_exists(store, snapshot, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT a.kind, sum(a.state = 'stored'), sum(a.state IN ('failed', 'wanted')),"
                   " sum(a.state = 'left_out'), coalesce(sum(b.size), 0)"
                   " FROM snapshot_assets a LEFT JOIN blobs b ON b.id = a.blob"
                   " WHERE a.snapshot = ?1 GROUP BY a.kind ORDER BY a.kind",
                   err);
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
        struct kind_row kind = {
            .kind = row_strings_at(&strings, 0),
            .kept = sqlite3_column_int64(statement, 1),
            .failed = sqlite3_column_int64(statement, 2),
            .left_out = sqlite3_column_int64(statement, 3),
            .bytes = sqlite3_column_int64(statement, 4),
        };
        more = fn(&kind, arg);
    }
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

bool snapshots_asset(struct store *store, int64_t snapshot, const char *ref, struct buf *out,
                     asset_fn fn, void *arg, struct error *err)
{
    uint8_t key[REF_BYTES];
    if (!parse_ref(ref, key, err))
        return error_set(err, ERR_NOT_FOUND, "The snapshot has no such asset");
    sqlite3_stmt *statement = db_prepare(store, ASSET_COLUMNS "AND a.ref = ?2", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, snapshot);
    db_bind_blob(store, statement, 2, slice_make(key, sizeof key));
    bool ok = db_step(store, statement, &row, err);
    if (ok && !row)
        ok = error_set(err, ERR_NOT_FOUND, "The snapshot has no such asset");
    if (ok && sqlite3_column_type(statement, 9) != SQLITE_NULL)
        ok = blobs_read(store, sqlite3_column_int64(statement, 9), out, err);
    bool more;
    ok = ok && (fn == NULL || hand_over(statement, fn, arg, &more, err));
    db_done(store, statement);
    return ok;
}

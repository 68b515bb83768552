#include "store/blobs.h"

#include "base/compress.h"
#include "base/digest.h"
#include "base/limits.h"

enum {
    TINY = 64,          /* bytes below which a frame's own cost eats the gain */
    SAMPLE = 64 * 1024, /* bytes tried first when the type does not say */
    WORTH_PERCENT = 95  /* of the size: what packing must get below */
};

/* Formats that are packed already; trying costs time and gains nothing. */
static bool packed_by_nature(struct slice type)
{
    static const char *const prefixes[] = {
        "image/png",  "image/jpeg", "image/gif",       "image/webp",       "image/avif",
        "image/heic", "image/jxl",  "video/",          "audio/mpeg",       "audio/ogg",
        "audio/mp4",  "audio/aac",  "audio/webm",      "audio/opus",       "audio/flac",
        "font/woff",  "font/woff2", "application/zip", "application/gzip", "application/font-woff"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (slice_starts_nocase(type, prefixes[i]))
            return true;
    }
    return false;
}

static bool text_by_nature(struct slice type)
{
    return slice_starts_nocase(type, "text/") || slice_starts_nocase(type, "image/svg") ||
           slice_starts_nocase(type, "application/json");
}

static bool worth(size_t packed, size_t size)
{
    return packed < size / 100 * WORTH_PERCENT;
}

static bool pack(struct slice bytes, struct buf *out, struct error *err)
{
    buf_init(out, bytes.len + bytes.len / 128 + 1024);
    return compress_append(out, bytes, err);
}

/* Packs into *out, or leaves it empty where that does not pay. */
static bool pack_if_worth(struct slice bytes, struct slice type, struct buf *out, struct error *err)
{
    buf_init(out, 0);
    if (bytes.len < TINY || packed_by_nature(type))
        return true;
    if (bytes.len > 2 * SAMPLE && !text_by_nature(type)) {
        struct slice sample = slice_sub(bytes, bytes.len / 2, SAMPLE);
        bool ok = pack(sample, out, err);
        bool promising = worth(out->len, sample.len);
        buf_finish(out);
        if (!ok || !promising)
            return ok;
    }
    if (!pack(bytes, out, err))
        return false;
    if (!worth(out->len, bytes.len))
        buf_finish(out);
    return true;
}

static bool find(struct store *store, struct slice hash, int64_t *blob_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "SELECT id FROM blobs WHERE hash = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_blob(store, statement, 1, hash);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *blob_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

/* A number that no row names, not even one whose blob was lost: what comes to have that number
 * would be shown in its place. Each is one look into an index. Numbers that no store of ours gives
 * are passed over, so that one of them cannot use up the rest. */
#define BELOW " < 9007199254740991"
#define NEW_BLOB                                                                                   \
    "(1 + max(coalesce((SELECT max(id) FROM blobs WHERE id" BELOW "), 0),"                         \
    " coalesce((SELECT max(document) FROM snapshots WHERE document" BELOW "), 0),"                 \
    " coalesce((SELECT max(text) FROM snapshots WHERE text" BELOW "), 0),"                         \
    " coalesce((SELECT max(icon) FROM snapshots WHERE icon" BELOW "), 0),"                         \
    " coalesce((SELECT max(thumbnail) FROM snapshots WHERE thumbnail" BELOW "), 0),"               \
    " coalesce((SELECT max(blob) FROM snapshot_assets WHERE blob" BELOW "), 0)))"

static bool insert(struct store *store, struct slice hash, struct slice bytes, const char *type,
                   int64_t *blob_out, struct error *err)
{
    struct buf packed;
    bool ok = false;
    sqlite3_stmt *statement = NULL;
    if (!pack_if_worth(bytes, slice_of(type), &packed, err))
        goto out;
    statement = db_prepare(store,
                           "INSERT INTO blobs (id, hash, size, stored, packed, data)"
                           " VALUES (" NEW_BLOB ", ?1, ?2, ?3, ?4, ?5)",
                           err);
    if (statement == NULL)
        goto out;
    struct slice data = packed.len > 0 ? buf_slice(&packed) : bytes;
    db_bind_blob(store, statement, 1, hash);
    db_bind_int(store, statement, 2, (int64_t)bytes.len);
    db_bind_int(store, statement, 3, (int64_t)data.len);
    db_bind_int(store, statement, 4, packed.len > 0);
    db_bind_blob(store, statement, 5, data);
    ok = db_run(store, statement, err);
    if (ok)
        *blob_out = sqlite3_last_insert_rowid(store->db);
out:
    db_done(store, statement);
    buf_finish(&packed);
    return ok;
}

bool blobs_put(struct store *store, struct slice bytes, const char *media_type, int64_t *blob_out,
               bool *written_out, struct error *err)
{
    uint8_t digest[DIGEST_SIZE];
    struct slice hash = slice_make(digest, sizeof digest);
    int64_t blob;
    if (bytes.len > DB_BLOB_MAX)
        return error_set(err, ERR_LIMIT, "%zu bytes are more than the store takes in one piece",
                         bytes.len);
    if (!digest_bytes(bytes, digest, err) || !find(store, hash, &blob, err))
        return false;
    bool fresh = blob == 0;
    if (fresh && !insert(store, hash, bytes, media_type, &blob, err))
        return false;
    *blob_out = blob;
    *written_out = fresh;
    return true;
}

bool blobs_unpack(struct store *store, int64_t size, bool packed, struct slice data,
                  struct buf *out, struct error *err)
{
    if (size < 0 || (uint64_t)size > DB_BLOB_MAX || (!packed && (size_t)size != data.len))
        return error_set(err, ERR_STORE_CORRUPT, "A blob does not have its size");
    if (packed)
        return unpacker_unpack(&store->unpacker, out, data, (size_t)size, err);
    return buf_add_slice(out, data) || buf_ok(out, "The blob", err);
}

bool blobs_read(struct store *store, int64_t blob, struct buf *out, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT hash, size, packed, data FROM blobs WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    size_t before = out->len;
    bool ok = false;
    bool row;
    db_bind_int(store, statement, 1, blob);
    if (!db_step(store, statement, &row, err))
        goto out;
    if (!row) {
        error_set(err, ERR_STORE_CORRUPT, "A blob is missing");
        goto out;
    }
    if (!blobs_unpack(store, sqlite3_column_int64(statement, 1),
                      sqlite3_column_int(statement, 2) != 0, db_blob(statement, 3), out, err))
        goto out;
    uint8_t digest[DIGEST_SIZE];
    struct slice read = {out->ptr + before, out->len - before};
    if (!digest_bytes(read, digest, err))
        goto out;
    ok = slice_equal(db_blob(statement, 0), slice_make(digest, sizeof digest)) ||
         error_set(err, ERR_STORE_CORRUPT, "A blob does not have its hash");
out:
    if (!ok)
        out->len = before;
    db_done(store, statement);
    return ok;
}

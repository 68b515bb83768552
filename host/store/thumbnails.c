#include "store/thumbnails.h"

#include "base/limits.h"
#include "store/blobs.h"
#include "store/clean.h"
#include "store/db.h"

#include <stdio.h>

/* As thumbnail_type: a browser has tried, in vain. */
#define NONE "none"

/* What begins so is of that type. */
static const struct {
    const char *media_type;
    struct slice start;
    size_t mark_at; /* and has this further on, where it is not empty */
    struct slice mark;
} types[] = {
    {"image/webp", {"RIFF", 4}, 8, {"WEBP", 4}},
    {"image/jpeg", {"\xFF\xD8\xFF", 3}, 0, {"", 0}},
    {"image/png", {"\x89PNG\r\n\x1A\n", 8}, 0, {"", 0}},
};
enum { TYPES = sizeof types / sizeof *types };

static bool is_of_type(size_t type, struct slice bytes)
{
    struct slice start = slice_sub(bytes, 0, types[type].start.len);
    struct slice mark = slice_sub(bytes, types[type].mark_at, types[type].mark.len);
    return slice_equal(start, types[type].start) && slice_equal(mark, types[type].mark);
}

static size_t find_type(struct slice name)
{
    size_t type = 0;
    while (type < TYPES && !slice_equal(name, slice_of(types[type].media_type)))
        type++;
    return type;
}

/* ---- Reading ---- */

enum { PICTURE_SIZE = 33 };

/* Smaller ones are marks and buttons, larger ones take a browser longer than a list may. What is
 * no page but a picture is the picture itself. */
static const char picture_sql[] =
    "SELECT lower(hex(a.ref)) FROM snapshots s JOIN snapshot_assets a ON a.snapshot = s.id"
    " JOIN blobs b ON b.id = a.blob"
    " WHERE s.id = ?1 AND s.state <> 'pending' AND a.state = 'stored'"
    " AND a.kind IN ('image', 'file')"
    " AND a.media_type IN ('image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif',"
    "  'image/bmp')"
    " AND b.size BETWEEN 2048 AND 8388608 ORDER BY b.size DESC, a.ref LIMIT 1";

static bool find_picture(struct store *store, int64_t snapshot, char picture_out[PICTURE_SIZE],
                         struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(store, picture_sql, err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &row, err);
    struct slice ref = ok && row ? db_text(statement, 0) : (struct slice){0};
    snprintf(picture_out, PICTURE_SIZE, "%.*s", (int)ref.len, ref.ptr == NULL ? "" : ref.ptr);
    db_done(store, statement);
    return ok;
}

struct found {
    bool there;
    int64_t blob;
    size_t type;
    bool none; /* nobody is to look for a picture */
};

static bool look_up(struct store *store, int64_t snapshot, struct found *found_out,
                    struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store, "SELECT coalesce(thumbnail, 0), thumbnail_type FROM snapshots WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    struct found found = {.there = false};
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &found.there, err);
    if (ok && found.there) {
        found.blob = sqlite3_column_int64(statement, 0);
        found.type = find_type(db_text(statement, 1));
        found.none = slice_equal(db_text(statement, 1), slice_of(NONE));
    }
    db_done(store, statement);
    if (ok)
        *found_out = found;
    return ok;
}

/* One that is damaged is none: it is decoration, and another can be made. */
static bool read_bytes(struct store *store, const struct found *found, struct buf *bytes,
                       bool *has_out, struct error *err)
{
    struct error fault = {0};
    buf_reset(bytes);
    *has_out = false;
    if (found->blob == 0 || found->type == TYPES)
        return true;
    if (blobs_read(store, found->blob, bytes, &fault)) {
        *has_out = is_of_type(found->type, buf_slice(bytes));
        return true;
    }
    if (fault.code == ERR_STORE_CORRUPT || fault.code == ERR_LIMIT)
        return true;
    *err = fault;
    return false;
}

static bool get_one(struct store *store, int64_t snapshot, struct buf *bytes, thumbnail_fn fn,
                    void *arg, bool *more, struct error *err)
{
    struct found found;
    bool has;
    char picture[PICTURE_SIZE] = "";
    if (!look_up(store, snapshot, &found, err))
        return false;
    if (!found.there)
        return true;
    if (!read_bytes(store, &found, bytes, &has, err) ||
        (!has && !found.none && !find_picture(store, snapshot, picture, err)))
        return false;
    struct thumbnail_row row = {.snapshot = snapshot,
                                .media_type = has ? types[found.type].media_type : "",
                                .bytes = has ? buf_slice(bytes) : (struct slice){0},
                                .picture = picture};
    *more = fn(&row, arg);
    return true;
}

bool thumbnails_get(struct store *store, const int64_t *snapshots, size_t count, thumbnail_fn fn,
                    void *arg, struct error *err)
{
    struct buf bytes;
    bool more = true;
    if (!db_begin_read(store, err))
        return false;
    buf_init(&bytes, LIMIT_THUMBNAIL);
    bool ok = true;
    for (size_t i = 0; ok && more && i < count; i++)
        ok = get_one(store, snapshots[i], &bytes, fn, arg, &more, err);
    buf_finish(&bytes);
    db_end_read(store);
    return ok;
}

/* ---- Writing ---- */

static bool write_row(struct store *store, int64_t snapshot, int64_t blob, const char *type,
                      struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store, "UPDATE snapshots SET thumbnail = ?2, thumbnail_type = ?3 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, snapshot);
    if (blob != 0)
        db_bind_int(store, statement, 2, blob);
    else
        db_bind_null(store, statement, 2);
    db_bind_string(store, statement, 3, type);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

static bool set(struct store *store, int64_t snapshot, const char *type, struct slice bytes,
                struct error *err)
{
    struct found before;
    int64_t blob = 0;
    bool written;
    if (!look_up(store, snapshot, &before, err))
        return false;
    if (!before.there)
        return error_set(err, ERR_NOT_FOUND, "There is no such snapshot");
    return (bytes.len == 0 || blobs_put(store, bytes, type, &blob, &written, err)) &&
           write_row(store, snapshot, blob, bytes.len == 0 ? NONE : type, err) &&
           (before.blob == 0 ||
            db_run_with_int(store, "DELETE FROM blobs WHERE id = ?1 AND " CLEAN_UNUSED("?1"),
                            before.blob, err));
}

bool thumbnails_set(struct store *store, int64_t snapshot, const char *media_type,
                    struct slice bytes, struct error *err)
{
    if (bytes.len > LIMIT_THUMBNAIL)
        return error_set(err, ERR_LIMIT, "A small picture has more than %zu bytes",
                         LIMIT_THUMBNAIL);
    size_t type = bytes.len > 0 ? find_type(slice_of(media_type)) : 0;
    if (type == TYPES)
        return error_set_field(err, ERR_PARAMS, "media_type",
                               "A small picture is WebP, JPEG or PNG");
    if (bytes.len > 0 && !is_of_type(type, bytes))
        return error_set_field(err, ERR_PARAMS, "data", "The bytes are not of the type %s",
                               types[type].media_type);
    if (!db_begin(store, err))
        return false;
    return db_end(store, set(store, snapshot, types[type].media_type, bytes, err), err);
}

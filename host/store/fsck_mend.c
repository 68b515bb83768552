/* What is done about a blob that cannot be read. */
#include "store/fsck_run.h"

#include "base/digest.h"
#include "base/limits.h"
#include "store/blobs.h"
#include "store/clean.h"
#include "store/put_aside.h"

#include <stdlib.h>

struct mend {
    struct fsck *run;
    int64_t blob;
    uint8_t hash[DIGEST_SIZE]; /* that its bytes should have */
    bool has_hash;
};

/* ---- Reading ---- */

/* Appends a blob's bytes, or nothing when they cannot be read. */
static bool try_read(struct mend *mend, int64_t blob, struct buf *out, bool *whole_out,
                     struct error *err)
{
    *whole_out = blobs_read(mend->run->store, blob, out, err);
    return *whole_out || fsck_is_damage(err);
}

static bool read_hash(struct mend *mend, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(mend->run->store, "SELECT hash FROM blobs WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(mend->run->store, statement, 1, mend->blob);
    bool ok = db_step(mend->run->store, statement, &row, err);
    struct slice hash = ok && row ? db_blob(statement, 0) : (struct slice){0};
    mend->has_hash = hash.len == sizeof mend->hash;
    if (mend->has_hash)
        memcpy(mend->hash, hash.ptr, sizeof mend->hash);
    db_done(mend->run->store, statement);
    return ok;
}

/* The numbers that `sql` gives for the blob. */
static bool list(struct mend *mend, const char *sql, struct ords *out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(mend->run->store, sql, err);
    if (statement != NULL)
        db_bind_int(mend->run->store, statement, 1, mend->blob);
    return fsck_fill(out, mend->run->store, statement, err);
}

struct version {
    int64_t document;
    int64_t text;
    char *title;
    char *url;
};

static bool read_version(struct mend *mend, int64_t snapshot, struct version *version_out,
                         struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        mend->run->store, "SELECT document, text, title, url FROM snapshots WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(mend->run->store, statement, 1, snapshot);
    bool ok = db_step(mend->run->store, statement, &row, err) &&
              (row || error_set(err, ERR_STORE_CORRUPT, "A version is missing"));
    if (ok) {
        *version_out = (struct version){.document = sqlite3_column_int64(statement, 0),
                                        .text = sqlite3_column_int64(statement, 1),
                                        .title = slice_dup(db_text(statement, 2)),
                                        .url = slice_dup(db_text(statement, 3))};
        ok = (version_out->title != NULL && version_out->url != NULL) || error_no_memory(err);
    }
    db_done(mend->run->store, statement);
    return ok;
}

static void version_finish(struct version *version)
{
    free(version->title);
    free(version->url);
}

/* ---- Writing ---- */

/* Puts bytes where the damaged ones were: they turned out to be the same. */
static bool rewrite(struct mend *mend, struct slice bytes, struct error *err)
{
    struct store *store = mend->run->store;
    sqlite3_stmt *statement = db_prepare(
        store, "UPDATE blobs SET size = ?2, stored = ?2, packed = 0, data = ?3 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, mend->blob);
    db_bind_int(store, statement, 2, (int64_t)bytes.len);
    db_bind_blob(store, statement, 3, bytes);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

/* Stores what takes the place of the blob in a column of a version; `sql` has the version as ?1 and
 * the new blob as ?2. */
static bool replace(struct mend *mend, int64_t snapshot, struct slice bytes, const char *type,
                    const char *sql, struct error *err)
{
    struct store *store = mend->run->store;
    uint8_t digest[DIGEST_SIZE];
    int64_t blob;
    bool written;
    if (!digest_bytes(bytes, digest, err))
        return false;
    if (mend->has_hash && memcmp(digest, mend->hash, sizeof digest) == 0)
        return rewrite(mend, bytes, err);
    if (!blobs_put(store, bytes, type, &blob, &written, err))
        return false;
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, snapshot);
    db_bind_int(store, statement, 2, blob);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok && fsck_recount(store, snapshot, err);
}

/* ---- What needs it ---- */

/* Whether making something failed for what it was to be made of: *err is cleared then. */
static bool cannot_be_made(struct error *err)
{
    if (err->code == ERR_NO_MEMORY || err->code == ERR_CANCELLED)
        return false;
    *err = (struct error){0};
    return true;
}

/* A document that cannot be understood has no text: what is left is the page's title. */
static bool make_text(struct mend *mend, const struct version *version, struct buf *out,
                      struct error *err)
{
    const struct fsck_hooks *hooks = mend->run->hooks;
    struct buf document;
    bool whole;
    buf_init(&document, DB_BLOB_MAX);
    bool ok = try_read(mend, version->document, &document, &whole, err);
    if (ok && whole && hooks->make_text != NULL &&
        !hooks->make_text(buf_slice(&document), version->url, out, hooks->arg, err)) {
        ok = cannot_be_made(err);
        buf_reset(out);
    }
    buf_finish(&document);
    return ok;
}

static bool mend_text(struct mend *mend, int64_t snapshot, struct error *err)
{
    struct version version = {0};
    struct buf text;
    buf_init(&text, LIMIT_TEXT);
    bool ok = read_version(mend, snapshot, &version, err) &&
              make_text(mend, &version, &text, err) &&
              replace(mend, snapshot, buf_slice(&text), "text/plain",
                      "UPDATE snapshots SET text = ?2 WHERE id = ?1", err);
    buf_finish(&text);
    version_finish(&version);
    return ok;
}

/* Stays damaged where nothing can stand in for it. */
static bool mend_document(struct mend *mend, int64_t snapshot, struct error *err)
{
    const struct fsck_hooks *hooks = mend->run->hooks;
    struct version version = {0};
    struct buf text;
    struct buf document;
    bool whole;
    if (hooks->make_document == NULL)
        return true;
    buf_init(&text, LIMIT_TEXT);
    buf_init(&document, DB_BLOB_MAX);
    bool ok = read_version(mend, snapshot, &version, err) &&
              try_read(mend, version.text, &text, &whole, err);
    if (ok && hooks->make_document(buf_slice(&text), version.title, version.url, &document,
                                   hooks->arg, err))
        ok = replace(mend, snapshot, buf_slice(&document), "text/html",
                     "UPDATE snapshots SET document = ?2 WHERE id = ?1", err);
    else if (ok)
        ok = cannot_be_made(err);
    buf_finish(&text);
    buf_finish(&document);
    version_finish(&version);
    return ok;
}

static bool each(struct mend *mend, const char *sql,
                 bool (*fn)(struct mend *, int64_t, struct error *), struct error *err)
{
    struct ords snapshots;
    ords_init(&snapshots);
    bool ok = list(mend, sql, &snapshots, err);
    for (size_t i = 0; ok && i < ords_count(&snapshots); i++)
        ok = fn(mend, ords_list(&snapshots)[i], err);
    ords_finish(&snapshots);
    return ok;
}

/* They are missing from now on, and can be fetched again. */
static bool give_up_assets(struct mend *mend, struct error *err)
{
    struct ords snapshots;
    ords_init(&snapshots);
    bool ok = list(mend, "SELECT DISTINCT snapshot FROM snapshot_assets WHERE blob = ?1",
                   &snapshots, err) &&
              db_run_with_int(mend->run->store,
                              "UPDATE snapshot_assets SET blob = NULL, state = 'failed',"
                              " fault = 1205, status = 0, reason = '" FSCK_LOST "' WHERE blob = ?1",
                              mend->blob, err) &&
              db_run_with_int(mend->run->store,
                              "UPDATE snapshots SET icon = NULL, icon_type = '' WHERE icon = ?1",
                              mend->blob, err) &&
              db_run_with_int(mend->run->store,
                              "UPDATE snapshots SET thumbnail = NULL, thumbnail_type = ''"
                              " WHERE thumbnail = ?1",
                              mend->blob, err);
    for (size_t i = 0; ok && i < ords_count(&snapshots); i++)
        ok = fsck_recount(mend->run->store, ords_list(&snapshots)[i], err);
    ords_finish(&snapshots);
    return ok;
}

/* Texts come first: made anew they may turn out to be the very bytes that were lost. Documents are
 * last, since nothing is like them. */
static bool mend_uses(struct mend *mend, struct error *err)
{
    struct store *store = mend->run->store;
    struct buf bytes;
    bool whole;
    buf_init(&bytes, DB_BLOB_MAX);
    bool ok = each(mend, "SELECT id FROM snapshots WHERE text = ?1", mend_text, err) &&
              try_read(mend, mend->blob, &bytes, &whole, err);
    buf_finish(&bytes);
    return ok && (whole ||
                  (give_up_assets(mend, err) &&
                   each(mend, "SELECT id FROM snapshots WHERE document = ?1", mend_document, err) &&
                   db_run_with_int(store,
                                   "DELETE FROM blobs WHERE id = ?1"
                                   " AND " CLEAN_UNUSED("?1"),
                                   mend->blob, err)));
}

static bool is_mended(struct mend *mend, bool *mended_out, struct error *err)
{
    struct ords left;
    struct buf bytes;
    buf_init(&bytes, DB_BLOB_MAX);
    ords_init(&left);
    bool ok = list(mend, "SELECT 1 WHERE NOT " CLEAN_UNUSED("?1"), &left, err) &&
              try_read(mend, mend->blob, &bytes, mended_out, err);
    *mended_out = ok && (*mended_out || ords_count(&left) == 0);
    ords_finish(&left);
    buf_finish(&bytes);
    return ok;
}

/* Another process may have mended it meanwhile, or its number may be another blob's by now. */
static bool mend_if_bad(struct mend *mend, bool *mended_out, struct error *err)
{
    struct buf bytes;
    bool whole;
    buf_init(&bytes, DB_BLOB_MAX);
    bool ok = try_read(mend, mend->blob, &bytes, &whole, err);
    buf_finish(&bytes);
    if (ok && whole)
        *mended_out = true;
    else if (ok)
        ok = read_hash(mend, err) && put_aside(mend->run->store, mend->blob, err) &&
             mend_uses(mend, err) && is_mended(mend, mended_out, err);
    return ok;
}

bool fsck_mend_blob(struct fsck *run, int64_t blob, bool *mended_out, struct error *err)
{
    struct mend mend = {.run = run, .blob = blob};
    bool mended = false;
    if (!fsck_begin(run, err))
        return false;
    if (!db_end(run->store, mend_if_bad(&mend, &mended, err), err)) {
        mended = false;
        if (!fsck_is_damage(err))
            return false;
    }
    *mended_out = mended;
    return true;
}

/* Every blob's bytes. */
#include "store/fsck_run.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "store/blobs.h"

enum {
    BATCH = 256,  /* blobs that are asked for at once */
    REF_HEX = 32, /* digits of an asset's name */
    REF_BYTES = REF_HEX / 2
};

static const char reference[] = "linksnap-asset:";

enum verdict { WHOLE, COUNTED_WRONG, DAMAGED };

struct scan {
    struct fsck *run;
    struct ords bad;   /* blobs, by number */
    struct ords wrong; /* those whose sizes are written down wrong */
    struct buf bytes;  /* of the blob at hand */
    int64_t last;
    int64_t total;
};

/* ---- One blob ---- */

/* Leaves the blob's bytes in scan->bytes. */
static bool judge(struct scan *scan, sqlite3_stmt *statement, enum verdict *verdict_out,
                  struct error *err)
{
    uint8_t digest[DIGEST_SIZE];
    struct slice data = db_blob(statement, 4);
    int64_t size = sqlite3_column_int64(statement, 1);
    *verdict_out = DAMAGED;
    if (!blobs_unpack(scan->run->store, size, sqlite3_column_int(statement, 3) != 0, data,
                      &scan->bytes, err)) {
        if (err->code != ERR_STORE_CORRUPT && err->code != ERR_LIMIT)
            return false;
        *err = (struct error){0};
        buf_reset(&scan->bytes);
        return true;
    }
    if (!digest_bytes(buf_slice(&scan->bytes), digest, err))
        return false;
    if (slice_equal(db_blob(statement, 0), slice_make(digest, sizeof digest)))
        *verdict_out =
            sqlite3_column_int64(statement, 2) == (int64_t)data.len ? WHOLE : COUNTED_WRONG;
    return true;
}

static bool read_blob(struct scan *scan, int64_t blob, enum verdict *verdict_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        scan->run->store, "SELECT hash, size, stored, packed, data FROM blobs WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    buf_reset(&scan->bytes);
    db_bind_int(scan->run->store, statement, 1, blob);
    bool ok = db_step(scan->run->store, statement, &row, err);
    if (ok && row)
        ok = judge(scan, statement, verdict_out, err);
    else if (ok) /* removed by somebody meanwhile */
        *verdict_out = WHOLE;
    else if (fsck_is_damage(err)) {
        *verdict_out = DAMAGED;
        ok = true;
    }
    db_done(scan->run->store, statement);
    return ok;
}

/* ---- What documents and texts must be ---- */

static bool is_ref(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return text.len == REF_HEX;
}

static bool has_asset(struct store *store, int64_t snapshot, struct slice hex, bool *has_out,
                      struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT 1 FROM snapshot_assets WHERE snapshot = ?1 AND ref = ?2", err);
    if (statement == NULL)
        return false;
    uint8_t ref[REF_BYTES] = {0};
    for (size_t i = 0; i < REF_HEX; i++) {
        char c = hex.ptr[i];
        unsigned digit = (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        ref[i / 2] = (uint8_t)(ref[i / 2] << 4 | digit);
    }
    db_bind_int(store, statement, 1, snapshot);
    db_bind_blob(store, statement, 2, slice_make(ref, sizeof ref));
    bool ok = db_step(store, statement, has_out, err);
    db_done(store, statement);
    return ok;
}

/* Tells, once for a version, that its document names an asset that it has no row of. */
static bool check_references(struct scan *scan, int64_t snapshot, int64_t page, int64_t blob,
                             struct error *err)
{
    struct slice document = buf_slice(&scan->bytes);
    struct slice mark = slice_of(reference);
    bool has = true;
    for (size_t at = slice_find(document, 0, mark); at < document.len && has;
         at = slice_find(document, at, mark)) {
        at += mark.len;
        struct slice ref = slice_sub(document, at, REF_HEX);
        if (is_ref(ref) && !has_asset(scan->run->store, snapshot, ref, &has, err))
            return false;
    }
    if (!has)
        fsck_report(scan->run, &(struct fsck_finding){
                                   .code = "asset_unlisted",
                                   .text = "A document names an asset that nothing is known of.",
                                   .page = page,
                                   .snapshot = snapshot,
                                   .blob = blob,
                               });
    return true;
}

static void report_encoding(struct scan *scan, int64_t snapshot, int64_t page, int64_t blob)
{
    fsck_report(scan->run,
                &(struct fsck_finding){
                    .code = "blob_text",
                    .text = "A document or its text was written as something that is no UTF-8.",
                    .page = page,
                    .snapshot = snapshot,
                    .blob = blob,
                });
}

/* Looks at a whole blob as what versions take it for. */
static bool check_uses(struct scan *scan, int64_t blob, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(scan->run->store,
                   "SELECT id, page, 1 FROM snapshots WHERE document = ?1"
                   " UNION ALL SELECT id, page, 0 FROM snapshots WHERE text = ?1",
                   err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    bool first = true;
    db_bind_int(scan->run->store, statement, 1, blob);
    while ((ok = db_step(scan->run->store, statement, &row, err)) && row) {
        int64_t snapshot = sqlite3_column_int64(statement, 0);
        int64_t page = sqlite3_column_int64(statement, 1);
        if (first && !utf8_valid(buf_slice(&scan->bytes)))
            report_encoding(scan, snapshot, page, blob);
        first = false;
        if (sqlite3_column_int(statement, 2) != 0 &&
            !(ok = check_references(scan, snapshot, page, blob, err)))
            break;
    }
    db_done(scan->run->store, statement);
    return ok;
}

/* ---- All of them ---- */

static bool look_at(struct scan *scan, int64_t blob, struct error *err)
{
    enum verdict verdict;
    if (!read_blob(scan, blob, &verdict, err))
        return false;
    scan->run->result->blobs++;
    scan->run->result->bytes += (int64_t)scan->bytes.len;
    if (verdict == DAMAGED)
        return ords_add(&scan->bad, blob) || buf_ok(&scan->bad.bytes, "A list of blobs", err);
    if (verdict == COUNTED_WRONG && !ords_add(&scan->wrong, blob))
        return buf_ok(&scan->wrong.bytes, "A list of blobs", err);
    return check_uses(scan, blob, err);
}

/* A batch is looked at in one transaction, and no longer: one that reads for minutes keeps what
 * others write from going into the file. */
static bool look_at_batch(struct scan *scan, bool *more_out, struct error *err)
{
    struct ords ids;
    ords_init(&ids);
    if (!db_begin_read(scan->run->store, err))
        return false;
    sqlite3_stmt *statement = db_prepare(
        scan->run->store, "SELECT id FROM blobs WHERE id > ?1 ORDER BY id LIMIT ?2", err);
    bool ok = statement != NULL;
    if (ok) {
        db_bind_int(scan->run->store, statement, 1, scan->last);
        db_bind_int(scan->run->store, statement, 2, BATCH);
    }
    ok = ok && fsck_fill(&ids, scan->run->store, statement, err);
    for (size_t i = 0; ok && i < ords_count(&ids); i++) {
        scan->last = ords_list(&ids)[i];
        fsck_progress(scan->run, "blobs", scan->run->result->blobs, scan->total);
        ok = fsck_goes_on(scan->run, err) && look_at(scan, scan->last, err);
    }
    *more_out = ords_count(&ids) == BATCH;
    db_end_read(scan->run->store);
    ords_finish(&ids);
    return ok;
}

/* Those that rows name and that are not there. */
static bool find_missing(struct scan *scan, struct error *err)
{
    return fsck_fill(&scan->bad, scan->run->store,
                     db_prepare(scan->run->store,
                                "SELECT document FROM snapshots s"
                                " WHERE NOT EXISTS (SELECT 1 FROM blobs WHERE id = s.document)"
                                " UNION SELECT text FROM snapshots s"
                                " WHERE NOT EXISTS (SELECT 1 FROM blobs WHERE id = s.text)"
                                " UNION SELECT icon FROM snapshots s WHERE icon IS NOT NULL"
                                " AND NOT EXISTS (SELECT 1 FROM blobs WHERE id = s.icon)"
                                " UNION SELECT thumbnail FROM snapshots s"
                                " WHERE thumbnail IS NOT NULL"
                                " AND NOT EXISTS (SELECT 1 FROM blobs WHERE id = s.thumbnail)"
                                " UNION SELECT blob FROM snapshot_assets a WHERE blob IS NOT NULL"
                                " AND NOT EXISTS (SELECT 1 FROM blobs WHERE id = a.blob)",
                                err),
                     err);
}

/* ---- What is told, and mended ---- */

static bool correct_sizes(struct scan *scan, int64_t blob, struct error *err)
{
    if (!fsck_begin(scan->run, err))
        return false;
    return db_end(scan->run->store,
                  db_run_with_int(scan->run->store,
                                  "UPDATE blobs SET stored = length(data) WHERE id = ?1", blob,
                                  err),
                  err);
}

static bool tell_wrong(struct scan *scan, struct error *err)
{
    for (size_t i = 0; i < ords_count(&scan->wrong); i++) {
        int64_t blob = ords_list(&scan->wrong)[i];
        if (scan->run->repair && !correct_sizes(scan, blob, err))
            return false;
        fsck_report(scan->run, &(struct fsck_finding){
                                   .code = "blob_size",
                                   .text = "The room that a blob takes is written down wrong.",
                                   .blob = blob,
                                   .fault = true,
                                   .mendable = true,
                                   .mended = scan->run->repair,
                               });
    }
    return true;
}

/* Those of `uses_sql`, as it numbers them. */
static const char *const uses[][2] = {
    {"blob_damaged", "A blob that nothing refers to is damaged."},
    {"document_damaged", "The document of a version is damaged."},
    {"text_damaged", "The text of a version, for searches, is damaged."},
    {"icon_damaged", "The icon of a page is damaged."},
    {"asset_damaged", "Assets are damaged: linksnap retry fetches them anew."},
    {"thumbnail_damaged", "The small picture of a version is damaged."},
};

/* Who needs a blob. */
static const char uses_sql[] =
    "SELECT 1, id, page FROM snapshots WHERE document = ?1"
    " UNION ALL SELECT 2, id, page FROM snapshots WHERE text = ?1"
    " UNION ALL SELECT 3, id, page FROM snapshots WHERE icon = ?1"
    " UNION ALL SELECT 4, s.id, s.page FROM snapshots s"
    "  WHERE s.id IN (SELECT snapshot FROM snapshot_assets WHERE blob = ?1)"
    " UNION ALL SELECT 5, id, page FROM snapshots WHERE thumbnail = ?1";

/* Kept while the blob is mended. */
struct use {
    size_t kind;
    int64_t snapshot;
    int64_t page;
};
enum { USES_MIB = 400 };

static bool list_uses(struct scan *scan, int64_t blob, struct buf *list, struct error *err)
{
    bool row;
    bool ok;
    sqlite3_stmt *statement = db_prepare(scan->run->store, uses_sql, err);
    if (statement == NULL)
        return false;
    db_bind_int(scan->run->store, statement, 1, blob);
    while ((ok = db_step(scan->run->store, statement, &row, err)) && row) {
        const struct use use = {.kind = (size_t)sqlite3_column_int(statement, 0),
                                .snapshot = sqlite3_column_int64(statement, 1),
                                .page = sqlite3_column_int64(statement, 2)};
        buf_add(list, &use, sizeof use);
    }
    db_done(scan->run->store, statement);
    const struct use none = {.kind = 0};
    if (ok && list->len == 0)
        buf_add(list, &none, sizeof none);
    return ok && buf_ok(list, "A list of versions", err);
}

static void tell_use(struct scan *scan, int64_t blob, const struct use *use, bool mended)
{
    fsck_report(scan->run, &(struct fsck_finding){
                               .code = uses[use->kind][0],
                               .text = uses[use->kind][1],
                               .page = use->page,
                               .snapshot = use->snapshot,
                               .blob = blob,
                               .fault = true,
                               .mendable = true,
                               .mended = mended,
                           });
}

static bool tell_bad(struct scan *scan, int64_t blob, struct error *err)
{
    struct buf list;
    bool mended = false;
    buf_init(&list, (size_t)USES_MIB * MIB);
    bool ok = fsck_goes_on(scan->run, err) && list_uses(scan, blob, &list, err) &&
              (!scan->run->repair || fsck_mend_blob(scan->run, blob, &mended, err));
    for (size_t at = 0; ok && at < list.len; at += sizeof(struct use)) {
        struct use use;
        memcpy(&use, list.ptr + at, sizeof use);
        tell_use(scan, blob, &use, mended);
    }
    buf_finish(&list);
    return ok;
}

static bool scan_all(struct scan *scan, struct error *err)
{
    bool more = true;
    bool ok = db_get_int(scan->run->store, "SELECT count(*) FROM blobs", 0, &scan->total, err);
    while (ok && more)
        ok = look_at_batch(scan, &more, err);
    ok = ok && find_missing(scan, err) && tell_wrong(scan, err);
    for (size_t i = 0; ok && i < ords_count(&scan->bad); i++)
        ok = tell_bad(scan, ords_list(&scan->bad)[i], err);
    return ok;
}

bool fsck_blobs(struct fsck *run, struct error *err)
{
    struct scan scan = {.run = run};
    ords_init(&scan.bad);
    ords_init(&scan.wrong);
    buf_init(&scan.bytes, DB_BLOB_MAX);
    bool ok = scan_all(&scan, err);
    ords_finish(&scan.bad);
    ords_finish(&scan.wrong);
    buf_finish(&scan.bytes);
    return ok;
}

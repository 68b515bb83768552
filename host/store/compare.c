#include "store/compare.h"

#include "base/digest.h"
#include "base/limits.h"
#include "store/db.h"
#include "store/row_strings.h"
#include "store/snapshot_hold.h"

enum { REF_BYTES = 16 };

/* ?1 has what ?2 lacks: no asset of that URL and kind, and none with those bytes. */
#define ONLY_IN_FIRST                                                                              \
    "SELECT a.ref, NULL, a.url, a.kind, a.media_type, b.size"                                      \
    " FROM snapshot_assets a JOIN blobs b ON b.id = a.blob"                                        \
    " WHERE a.snapshot = ?1 AND a.state = 'stored' AND NOT EXISTS (SELECT 1 FROM them t"           \
    "  WHERE t.url = a.url AND t.kind = a.kind)"                                                   \
    " AND a.blob NOT IN (SELECT blob FROM them) ORDER BY a.url, a.ref LIMIT ?3"

#define OTHERS                                                                                     \
    "WITH them AS MATERIALIZED (SELECT ref, url, kind, blob FROM snapshot_assets"                  \
    " WHERE snapshot = ?2 AND state = 'stored' AND blob IS NOT NULL) "

static const char only_sql[] = OTHERS ONLY_IN_FIRST;

/* A URL may stand in one snapshot more than once, as the base of it was another: then it has
 * changed only when none of those has the bytes. */
static const char changed_sql[] =
    OTHERS "SELECT a.ref, min(t.ref), a.url, a.kind, a.media_type, b.size"
           " FROM snapshot_assets a JOIN them t ON t.url = a.url AND t.kind = a.kind"
           " JOIN blobs b ON b.id = a.blob"
           " WHERE a.snapshot = ?1 AND a.state = 'stored'"
           " GROUP BY a.ref HAVING max(t.blob = a.blob) = 0 ORDER BY a.url, a.ref LIMIT ?3";

static void read_ref(sqlite3_stmt *statement, int column, char out[2 * REF_BYTES + 1])
{
    struct slice bytes = db_blob(statement, column);
    out[0] = '\0';
    if (bytes.len == REF_BYTES)
        digest_hex((const uint8_t *)bytes.ptr, REF_BYTES, out);
}

static bool hand_over(sqlite3_stmt *statement, enum compare_kind kind, compare_fn fn, void *arg,
                      bool *more_out, struct error *err)
{
    char ref[2 * REF_BYTES + 1];
    char was[2 * REF_BYTES + 1];
    struct row_strings strings;
    row_strings_init(&strings);
    for (int column = 2; column < 5; column++)
        row_strings_add(&strings, db_text(statement, column), LIMIT_URL);
    bool ok = row_strings_ok(&strings, err);
    read_ref(statement, 0, ref);
    read_ref(statement, 1, was);
    struct compare_row row = {.kind = kind,
                              .ref = ref,
                              .was = kind == COMPARE_CHANGED ? was : NULL,
                              .url = row_strings_at(&strings, 0),
                              .asset_kind = row_strings_at(&strings, 1),
                              .media_type = row_strings_at(&strings, 2),
                              .bytes = sqlite3_column_int64(statement, 5)};
    *more_out = ok && fn(&row, arg);
    row_strings_finish(&strings);
    return ok;
}

/* Rows of one kind; *going_out is false when nobody wants more. */
static bool list(struct store *store, enum compare_kind kind, int64_t first, int64_t second,
                 compare_fn fn, void *arg, bool *going_out, bool *more_out, struct error *err)
{
    sqlite3_stmt *rows = db_prepare(store, kind == COMPARE_CHANGED ? changed_sql : only_sql, err);
    if (rows == NULL)
        return false;
    bool row;
    bool ok;
    size_t count = 0;
    db_bind_int(store, rows, 1, first);
    db_bind_int(store, rows, 2, second);
    db_bind_int(store, rows, 3, COMPARE_MOST + 1);
    while ((ok = db_step(store, rows, &row, err)) && row && *going_out) {
        if (count++ == COMPARE_MOST) {
            *more_out = true;
            break;
        }
        if (!(ok = hand_over(rows, kind, fn, arg, going_out, err)))
            break;
    }
    db_done(store, rows);
    return ok;
}

bool compare_snapshots(struct store *store, int64_t from, int64_t to, compare_fn fn, void *arg,
                       bool *more_out, struct error *err)
{
    bool going = true;
    bool more = false;
    if (!db_begin_read(store, err))
        return false;
    bool ok = snapshot_exists(store, from, err) && snapshot_exists(store, to, err) &&
              list(store, COMPARE_ADDED, to, from, fn, arg, &going, &more, err) &&
              list(store, COMPARE_GONE, from, to, fn, arg, &going, &more, err) &&
              list(store, COMPARE_CHANGED, to, from, fn, arg, &going, &more, err);
    db_end_read(store);
    if (ok)
        *more_out = more;
    return ok;
}

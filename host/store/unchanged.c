#include "store/snapshots.h"

#include "store/clean.h"
#include "store/db.h"
#include "store/snapshot_hold.h"

/* A snapshot and the version before it. */
struct pair {
    int64_t page;
    int64_t snapshot;
    int64_t document;  /* blob of the snapshot */
    int64_t thumbnail; /* another, or 0 */
    int64_t before;    /* 0: none that may stand for it */
    int64_t version;   /* of the one before */
};

/* The version before that is not in the trash, when it is of the same text and kind and both were
 * ended. Texts are the same when their blobs are. */
static bool find_before(struct store *store, int64_t snapshot, struct pair *pair_out,
                        struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT new.page, new.document, old.id, old.version,"
                   " coalesce(new.thumbnail, 0)"
                   " FROM snapshots new JOIN pages p ON p.id = new.page AND p.snapshot = new.id"
                   " JOIN snapshots old ON old.page = new.page AND old.version ="
                   "  (SELECT max(version) FROM snapshots"
                   "   WHERE page = new.page AND version < new.version AND trashed = 0)"
                   " WHERE new.id = ?1 AND new.state <> 'pending' AND old.state <> 'pending'"
                   " AND new.text = old.text AND new.kind = old.kind",
                   err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &row, err);
    if (ok) {
        *pair_out = (struct pair){.snapshot = snapshot};
        if (row) {
            pair_out->page = sqlite3_column_int64(statement, 0);
            pair_out->document = sqlite3_column_int64(statement, 1);
            pair_out->before = sqlite3_column_int64(statement, 2);
            pair_out->version = sqlite3_column_int64(statement, 3);
            pair_out->thumbnail = sqlite3_column_int64(statement, 4);
        }
    }
    db_done(store, statement);
    return ok;
}

static void bind_pair(struct store *store, sqlite3_stmt *statement, const struct pair *pair)
{
    db_bind_int(store, statement, 1, pair->snapshot);
    db_bind_int(store, statement, 2, pair->before);
}

/* Whether an asset is wanted by one of the two alone, or has bytes in the new one that are others
 * in the one before. */
static bool assets_differ(struct store *store, const struct pair *pair, bool *differ_out,
                          struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT 1 FROM snapshot_assets new LEFT JOIN snapshot_assets old"
                   "  ON old.snapshot = ?2 AND old.ref = new.ref"
                   " WHERE new.snapshot = ?1 AND (old.ref IS NULL OR"
                   "  (new.blob IS NOT NULL AND new.blob IS NOT old.blob))"
                   " UNION ALL"
                   " SELECT 1 FROM snapshot_assets old WHERE old.snapshot = ?2 AND NOT EXISTS"
                   "  (SELECT 1 FROM snapshot_assets new"
                   "   WHERE new.snapshot = ?1 AND new.ref = old.ref)"
                   " LIMIT 1",
                   err);
    if (statement == NULL)
        return false;
    bind_pair(store, statement, pair);
    bool ok = db_step(store, statement, differ_out, err);
    db_done(store, statement);
    return ok;
}

static bool run_with_pair(struct store *store, const char *sql, const struct pair *pair,
                          struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bind_pair(store, statement, pair);
    if (sqlite3_bind_parameter_count(statement) > 2)
        db_bind_int(store, statement, 3, pair->page);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

static bool forget_blob(struct store *store, int64_t blob, struct error *err)
{
    return db_run_with_int(store, "DELETE FROM blobs WHERE id = ?1 AND " CLEAN_UNUSED("?1"), blob,
                           err);
}

/* The search index need not be told: of a page it holds title, tags, note and address, which stay
 * as they are, and the text, which is the same. The version that stays takes over the title, since
 * the page's is compared with it to see whether a person changed it, what somebody has marked
 * already, and the small picture where it has none. Of the blobs, only the document and the small
 * picture can be the dropped snapshot's own. */
static bool drop(struct store *store, const struct pair *pair, struct error *err)
{
    return run_with_pair(store,
                         "UPDATE snapshots SET title = n.title FROM"
                         " (SELECT title FROM snapshots WHERE id = ?1) AS n"
                         " WHERE id = ?2 AND n.title <> ''",
                         pair, err) &&
           run_with_pair(store,
                         "UPDATE pages SET snapshot = ?2, versions = versions - 1"
                         " WHERE id = ?3 AND snapshot = ?1",
                         pair, err) &&
           run_with_pair(store,
                         "UPDATE snapshots SET thumbnail = n.thumbnail,"
                         " thumbnail_type = n.thumbnail_type FROM"
                         " (SELECT thumbnail, thumbnail_type FROM snapshots WHERE id = ?1) AS n"
                         " WHERE id = ?2 AND snapshots.thumbnail IS NULL"
                         " AND n.thumbnail IS NOT NULL",
                         pair, err) &&
           run_with_pair(store, "UPDATE highlights SET snapshot = ?2 WHERE snapshot = ?1", pair,
                         err) &&
           db_run_with_int(store, "DELETE FROM snapshot_assets WHERE snapshot = ?1", pair->snapshot,
                           err) &&
           db_run_with_int(store, "DELETE FROM snapshot_notes WHERE snapshot = ?1", pair->snapshot,
                           err) &&
           db_run_with_int(store, "DELETE FROM snapshot_hops WHERE snapshot = ?1", pair->snapshot,
                           err) &&
           db_run_with_int(store, "DELETE FROM snapshots WHERE id = ?1", pair->snapshot, err) &&
           forget_blob(store, pair->document, err) &&
           (pair->thumbnail == 0 || forget_blob(store, pair->thumbnail, err));
}

static bool drop_if_same(struct store *store, int64_t snapshot, struct snapshot_ids *same_out,
                         struct error *err)
{
    struct pair pair;
    bool differ = true;
    if (!snapshot_check(store, snapshot, err) || !find_before(store, snapshot, &pair, err) ||
        (pair.before != 0 && !assets_differ(store, &pair, &differ, err)))
        return false;
    if (!differ)
        *same_out = (struct snapshot_ids){pair.page, pair.before, pair.version};
    return differ || drop(store, &pair, err);
}

bool snapshots_drop_unchanged(struct store *store, int64_t snapshot, struct snapshot_ids *same_out,
                              struct error *err)
{
    struct snapshot_ids same = {0};
    if (!db_begin(store, err))
        return false;
    if (!db_end(store, drop_if_same(store, snapshot, &same, err), err))
        return false;
    *same_out = same;
    return true;
}

/* Single versions of a page, put into the trash and brought back. */
#include "base/clock.h"
#include "store/db.h"
#include "store/fts.h"
#include "store/snapshots.h"

struct version {
    int64_t page;
    int64_t trashed;
    int64_t others; /* versions of the page that are not in the trash */
};

static bool look_up(struct store *store, int64_t snapshot, struct version *version_out,
                    struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT page, trashed, (SELECT count(*) FROM snapshots o"
                   "  WHERE o.page = s.page AND o.id <> s.id AND o.trashed = 0)"
                   " FROM snapshots s WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &row, err);
    if (ok && row)
        *version_out = (struct version){.page = sqlite3_column_int64(statement, 0),
                                        .trashed = sqlite3_column_int64(statement, 1),
                                        .others = sqlite3_column_int64(statement, 2)};
    db_done(store, statement);
    return ok && (row || error_set(err, ERR_NOT_FOUND, "There is no such snapshot"));
}

static bool write_trashed(struct store *store, int64_t snapshot, int64_t when, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "UPDATE snapshots SET trashed = ?2 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, snapshot);
    db_bind_int(store, statement, 2, when);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

/* A title that is not the shown version's is a person's own, and stays; so it does where the other
 * version has none. */
static bool show_latest(struct store *store, int64_t page, struct error *err)
{
    return db_run_with_int(
        store,
        "UPDATE pages SET snapshot = n.id, versions = (SELECT count(*) FROM snapshots"
        "  WHERE page = ?1 AND trashed = 0), title = CASE WHEN n.title <> '' AND EXISTS"
        "  (SELECT 1 FROM snapshots o WHERE o.id = pages.snapshot AND o.title = pages.title)"
        "  THEN n.title ELSE pages.title END"
        " FROM (SELECT id, title FROM snapshots WHERE page = ?1 AND trashed = 0"
        "  ORDER BY version DESC LIMIT 1) AS n WHERE pages.id = ?1",
        page, err);
}

static bool read_shown(struct store *store, int64_t page, struct snapshot_shown *shown_out,
                       struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT coalesce(snapshot, 0), versions FROM pages WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    bool ok = db_step(store, statement, &row, err) &&
              (row || error_set(err, ERR_STORE_CORRUPT, "A version has no page"));
    if (ok)
        *shown_out = (struct snapshot_shown){.page = page,
                                             .snapshot = sqlite3_column_int64(statement, 0),
                                             .versions = sqlite3_column_int64(statement, 1)};
    db_done(store, statement);
    return ok;
}

static bool set_trashed(struct store *store, int64_t snapshot, bool trash,
                        struct snapshot_shown *shown_out, struct error *err)
{
    struct version version = {0};
    if (!look_up(store, snapshot, &version, err))
        return false;
    bool changes = trash != (version.trashed > 0);
    if (changes && trash && version.others == 0)
        return error_set(err, ERR_ORDER,
                         "It is the only version of its page: the page itself can be put into the "
                         "trash");
    return (!changes ||
            (fts_remove(store, version.page, err) &&
             write_trashed(store, snapshot, trash ? clock_now() : 0, err) &&
             show_latest(store, version.page, err) && fts_add(store, version.page, err))) &&
           read_shown(store, version.page, shown_out, err);
}

static bool change(struct store *store, int64_t snapshot, bool trash,
                   struct snapshot_shown *shown_out, struct error *err)
{
    struct snapshot_shown shown = {0};
    if (!db_begin(store, err))
        return false;
    if (!db_end(store, set_trashed(store, snapshot, trash, &shown, err), err))
        return false;
    *shown_out = shown;
    return true;
}

bool snapshots_trash(struct store *store, int64_t snapshot, struct snapshot_shown *shown_out,
                     struct error *err)
{
    return change(store, snapshot, true, shown_out, err);
}

bool snapshots_restore(struct store *store, int64_t snapshot, struct snapshot_shown *shown_out,
                       struct error *err)
{
    return change(store, snapshot, false, shown_out, err);
}

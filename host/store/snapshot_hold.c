#include "store/snapshot_hold.h"

/* What tells it from those of other stores: the millisecond and the document's number. */
static bool read_facts(struct store *store, int64_t snapshot, struct snapshot_hold *facts_out,
                       struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT taken, document FROM snapshots WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &row, err);
    if (ok && row)
        *facts_out = (struct snapshot_hold){.snapshot = snapshot,
                                            .taken = sqlite3_column_int64(statement, 0),
                                            .document = sqlite3_column_int64(statement, 1)};
    db_done(store, statement);
    return ok && (row || error_set(err, ERR_NOT_FOUND, "There is no such snapshot"));
}

bool snapshots_hold(struct store *store, int64_t snapshot, struct snapshot_hold *hold,
                    struct error *err)
{
    if (!read_facts(store, snapshot, hold, err))
        return false;
    hold->next = store->holds;
    store->holds = hold;
    return true;
}

void snapshots_release(struct store *store, struct snapshot_hold *hold)
{
    struct snapshot_hold **at = &store->holds;
    while (*at != NULL && *at != hold)
        at = &(*at)->next;
    if (*at != NULL)
        *at = hold->next;
}

bool snapshot_check(struct store *store, int64_t snapshot, struct error *err)
{
    struct snapshot_hold now;
    if (!read_facts(store, snapshot, &now, err))
        return false;
    for (const struct snapshot_hold *hold = store->holds; hold != NULL; hold = hold->next)
        if (hold->snapshot == snapshot &&
            (hold->taken != now.taken || hold->document != now.document))
            return error_set(err, ERR_NOT_FOUND,
                             "The snapshot is another one now: was a backup restored?");
    return true;
}

bool snapshot_exists(struct store *store, int64_t snapshot, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "SELECT 1 FROM snapshots WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &row, err);
    db_done(store, statement);
    return ok && (row || error_set(err, ERR_NOT_FOUND, "There is no such snapshot"));
}

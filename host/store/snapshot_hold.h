/* Whether a number is still the snapshot's that somebody means. For store/ only; what app calls is
 * in snapshots.h. */
#ifndef STORE_SNAPSHOT_HOLD_H
#define STORE_SNAPSHOT_HOLD_H

#include "store/db.h"
#include "store/snapshots.h"

/* Inside the transaction that is to change it. ERR_NOT_FOUND when there is no such snapshot, or
 * another one than what is held under that number. */
bool snapshot_check(struct store *store, int64_t snapshot, struct error *err) MUST_CHECK;

/* ERR_NOT_FOUND when there is no snapshot of this number. */
bool snapshot_exists(struct store *store, int64_t snapshot, struct error *err) MUST_CHECK;

#endif

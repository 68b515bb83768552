/* The rows of snapshot_assets. For store/ only; what app calls is in snapshots.h. */
#ifndef STORE_SNAPSHOT_ASSETS_H
#define STORE_SNAPSHOT_ASSETS_H

#include "store/db.h"
#include "store/snapshots.h"

/* snapshots_put_assets, inside a transaction that writes. */
bool assets_write(struct store *store, int64_t snapshot, const struct asset_row *rows, size_t count,
                  struct put_counts *counts, struct error *err) MUST_CHECK;

#endif

/* A stored snapshot as one HTML file: the store's rows, page/standalone's writing. */
#ifndef APP_VIEW_H
#define APP_VIEW_H

#include "base/buf.h"
#include "store/snapshots.h"

/* Appends the file. *left_out_out counts assets past LIMIT_SELF_CONTAINED. ERR_NOT_FOUND, the
 * store's errors. */
bool view_snapshot(struct store *store, int64_t snapshot, struct buf *out, size_t *left_out_out,
                   struct error *err) MUST_CHECK;

#endif

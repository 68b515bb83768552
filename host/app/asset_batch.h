/* Assets on their way into the store: small ones wait for each other, since a transaction costs
 * what many of them do. */
#ifndef APP_ASSET_BATCH_H
#define APP_ASSET_BATCH_H

#include "store/snapshots.h"

enum { ASSET_BATCH = 32 };

/* A row that waits: where its texts and bytes begin in the batch's buffers. */
struct asset_waiting {
    struct asset_row row; /* `kind` and `state` are static; the other pointers are not set */
    size_t ref;
    size_t url;
    size_t media_type;
    size_t reason;
    size_t bytes;
};

struct asset_batch {
    struct store *store;
    int64_t snapshot;
    struct asset_waiting waiting[ASSET_BATCH];
    size_t count;
    struct buf texts;
    struct buf bytes;
    int64_t since; /* ms, steady, of the oldest */
};

void asset_batch_init(struct asset_batch *batch, struct store *store, int64_t snapshot);
/* What still waits is forgotten. */
void asset_batch_finish(struct asset_batch *batch);

/* Takes a row over, copying what it needs, and writes all that waits when it is time. *counts is
 * added to when something was written. */
bool asset_batch_add(struct asset_batch *batch, const struct asset_row *row,
                     struct put_counts *counts, struct error *err) MUST_CHECK;
bool asset_batch_write(struct asset_batch *batch, struct put_counts *counts,
                       struct error *err) MUST_CHECK;

#endif

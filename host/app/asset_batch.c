#include "app/asset_batch.h"

#include "base/clock.h"
#include "base/limits.h"

/* What may wait together, and for how long after the first: a kill loses no more than that. */
enum { WAITING_BYTES = 1024 * 1024, WAITING_MS = 250 };

void asset_batch_init(struct asset_batch *batch, struct store *store, int64_t snapshot)
{
    *batch = (struct asset_batch){.store = store, .snapshot = snapshot};
    buf_init(&batch->texts, ASSET_BATCH * (LIMIT_URL + 4 * KIB));
    buf_init(&batch->bytes, 2 * WAITING_BYTES);
}

void asset_batch_finish(struct asset_batch *batch)
{
    buf_finish(&batch->texts);
    buf_finish(&batch->bytes);
    batch->count = 0;
}

static size_t keep_text(struct asset_batch *batch, const char *text)
{
    size_t at = batch->texts.len;
    buf_add_text(&batch->texts, text);
    buf_add_char(&batch->texts, '\0');
    return at;
}

bool asset_batch_write(struct asset_batch *batch, struct put_counts *counts, struct error *err)
{
    struct asset_row rows[ASSET_BATCH];
    size_t count = batch->count;
    if (count == 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        const struct asset_waiting *w = &batch->waiting[i];
        rows[i] = w->row;
        rows[i].ref = batch->texts.ptr + w->ref;
        rows[i].url = batch->texts.ptr + w->url;
        rows[i].media_type = batch->texts.ptr + w->media_type;
        rows[i].reason = batch->texts.ptr + w->reason;
        rows[i].bytes = slice_sub(buf_slice(&batch->bytes), w->bytes, w->row.bytes.len);
    }
    batch->count = 0;
    bool ok = snapshots_put_assets(batch->store, batch->snapshot, rows, count, counts, err);
    buf_reset(&batch->texts);
    buf_reset(&batch->bytes);
    return ok;
}

bool asset_batch_add(struct asset_batch *batch, const struct asset_row *row,
                     struct put_counts *counts, struct error *err)
{
    if (row->bytes.len > WAITING_BYTES - batch->bytes.len && !asset_batch_write(batch, counts, err))
        return false;
    if (row->bytes.len > WAITING_BYTES)
        return snapshots_put_assets(batch->store, batch->snapshot, row, 1, counts, err);
    if (batch->count == 0)
        batch->since = clock_steady();
    struct asset_waiting *w = &batch->waiting[batch->count++];
    w->row = *row;
    w->ref = keep_text(batch, row->ref);
    w->url = keep_text(batch, row->url);
    w->media_type = keep_text(batch, row->media_type);
    w->reason = keep_text(batch, row->reason);
    w->bytes = batch->bytes.len;
    buf_add_slice(&batch->bytes, row->bytes);
    if (!buf_ok(&batch->texts, "An asset", err) || !buf_ok(&batch->bytes, "An asset", err)) {
        batch->count--; /* those before it are whole, and may still be written */
        return false;
    }
    return (batch->count < ASSET_BATCH && clock_steady() - batch->since < WAITING_MS) ||
           asset_batch_write(batch, counts, err);
}

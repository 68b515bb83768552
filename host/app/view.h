/* A stored snapshot as people take it out. */
#ifndef APP_VIEW_H
#define APP_VIEW_H

#include "page/media.h"
#include "store/snapshots.h"

/* Appends the snapshot as one self-contained HTML file. `left_out_out` counts assets that would
 * have made it too large. ERR_NOT_FOUND, the store's. */
bool view_snapshot(struct store *store, int64_t snapshot, struct buf *out, size_t *left_out_out,
                   struct error *err) MUST_CHECK;

/* The original of a snapshot of what is no web page. */
struct view_file {
    char ref[33]; /* of the asset; "" when there is none */
    char *name;
    struct media_type type;
    int64_t bytes;
};
void view_file_finish(struct view_file *file);

/* What is known of it; `ref` is "" for the snapshot of a page. ERR_NOT_FOUND, the store's. */
bool view_find_file(struct store *store, int64_t snapshot, struct view_file *file_out,
                    struct error *err) MUST_CHECK;
/* Appends its bytes. ERR_NOT_FOUND when there is none. */
bool view_read_file(struct store *store, int64_t snapshot, struct buf *out,
                    struct media_type *type_out, struct error *err) MUST_CHECK;

/* Appends the bytes of one asset as they are stored. ERR_NOT_FOUND when the snapshot has none of
 * that name, or lacks its bytes. */
bool view_read_asset(struct store *store, int64_t snapshot, const char *ref, struct buf *out,
                     struct media_type *type_out, struct error *err) MUST_CHECK;

#endif

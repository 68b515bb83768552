/* Small pictures of snapshots, which browsers make. */
#ifndef STORE_THUMBNAILS_H
#define STORE_THUMBNAILS_H

#include "store/store.h"

struct thumbnail_row {
    int64_t snapshot;
    const char *media_type; /* "": there is none */
    struct slice bytes;
    /* Of those that have none: 32 hexadecimal digits, the asset that one can be made of, or "". */
    const char *picture;
};
typedef bool (*thumbnail_fn)(const struct thumbnail_row *row, void *arg);

/* In the order in which they are asked for; snapshots that do not exist are passed over. A picture
 * is the largest of the snapshot's own that a browser can read, once its capture has ended. */
bool thumbnails_get(struct store *store, const int64_t *snapshots, size_t count, thumbnail_fn fn,
                    void *arg, struct error *err) MUST_CHECK;

/* "image/webp", "image/jpeg" or "image/png", in the place of one that was there. Empty bytes: none
 * can be made, and no picture is named again. ERR_NOT_FOUND, ERR_LIMIT, ERR_PARAMS (the bytes are
 * of another type). */
bool thumbnails_set(struct store *store, int64_t snapshot, const char *media_type,
                    struct slice bytes, struct error *err) MUST_CHECK;

#endif

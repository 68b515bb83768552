/* What two snapshots keep: the assets of one against those of the other. */
#ifndef STORE_COMPARE_H
#define STORE_COMPARE_H

#include "store/store.h"

enum compare_kind {
    COMPARE_ADDED,  /* only the later one has it */
    COMPARE_GONE,   /* only the earlier one has it */
    COMPARE_CHANGED /* both have one of its URL and kind, with other bytes */
};
enum { COMPARE_KINDS = COMPARE_CHANGED + 1 };

/* Rows of each kind that are given. */
enum { COMPARE_MOST = 200 };

struct compare_row {
    enum compare_kind kind;
    const char *ref; /* in `to`; of one that is gone, in `from` */
    const char *was; /* changed: in `from`; else NULL */
    const char *url;
    const char *asset_kind; /* "image", "style", ... */
    const char *media_type;
    int64_t bytes;
};
typedef bool (*compare_fn)(const struct compare_row *row, void *arg);

/* Only assets whose bytes are stored are looked at. What only its URL has changed of, its bytes
 * being the same, is neither added nor gone. In the order of their URLs: added ones, gone ones,
 * changed ones; *more_out: there are others past COMPARE_MOST. ERR_NOT_FOUND. */
bool compare_snapshots(struct store *store, int64_t from, int64_t to, compare_fn fn, void *arg,
                       bool *more_out, struct error *err) MUST_CHECK;

#endif

/* The pages whose texts share the most with a text, quickly. For store/ only.
 *
 * As store/similar.h, for many texts a minute: words that hundreds of pages have say nothing here,
 * so that a few thousand rows of the index are all that is looked at, however large the store. */
#ifndef STORE_TAGGING_NEAR_H
#define STORE_TAGGING_NEAR_H

#include "store/db.h"

enum { NEAR_MAX = 10 };

struct near_page {
    int64_t page;
    double weight; /* more than 0 */
};

/* Fills `near_out` with up to NEAR_MAX live pages other than `page`, the nearest first. */
bool near_find(struct store *store, struct slice title, struct slice text, int64_t page,
               struct near_page near_out[NEAR_MAX], size_t *count_out,
               struct error *err) MUST_CHECK;

#endif

/* "More like this": the pages whose texts share the most with one. */
#ifndef STORE_SIMILAR_H
#define STORE_SIMILAR_H

#include "store/pages.h"

enum { SIMILAR_MAX = 50 };

/* Hands over up to `limit` pages (1 to SIMILAR_MAX), the most alike first, without trashed ones and
 * `page` itself. Alike are pages that share words which are frequent in this page and rare
 * elsewhere; pages that share too little are left out. A common word counts for nothing, so that
 * the time is bounded: some 40 ms in a store of 100,000 pages. ERR_NOT_FOUND, ERR_LIMIT. */
bool similar_pages(struct store *store, int64_t page, size_t limit, page_fn fn, void *arg,
                   struct error *err) MUST_CHECK;

#endif

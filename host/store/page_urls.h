/* The normalized URLs of pages: each page's own key, and others that lead to it. For store/ only.
 */
#ifndef STORE_PAGE_URLS_H
#define STORE_PAGE_URLS_H

#include "store/db.h"

/* The page that has the URL as its key or, else, as another of its URLs; 0 for none. */
bool page_urls_find(struct store *store, const char *normalized, int64_t *page_out,
                    struct error *err) MUST_CHECK;

/* Notes that the URL leads to the page too, unless it belongs to a page already. Inside a
 * transaction that writes. */
bool page_urls_add(struct store *store, const char *normalized, int64_t page,
                   struct error *err) MUST_CHECK;

#endif

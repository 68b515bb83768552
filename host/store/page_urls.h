/* The normalized URLs of pages: each page's own key, and others that lead to it. For store/ only.
 */
#ifndef STORE_PAGE_URLS_H
#define STORE_PAGE_URLS_H

#include "store/db.h"

/* The page that has the URL as its key or, else, as another of its URLs; 0 for none. */
bool page_urls_find(struct store *store, const char *normalized, int64_t *page_out,
                    struct error *err) MUST_CHECK;

/* The page that has the URL as its key, 0 for none. Where a URL leads to is its server's to say and
 * may change, so that only keys say which page something belongs to. */
bool page_urls_key(struct store *store, const char *normalized, int64_t *page_out,
                   struct error *err) MUST_CHECK;

/* The URL is a page's key from here on, and leads nowhere else. Inside a transaction that writes.
 */
bool page_urls_forget(struct store *store, const char *normalized, struct error *err) MUST_CHECK;

/* Notes that the URL leads to the page now, unless it is a page's key. Inside a transaction that
 * writes. */
bool page_urls_add(struct store *store, const char *normalized, int64_t page,
                   struct error *err) MUST_CHECK;

#endif

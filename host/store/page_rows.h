/* Rows of pages read into memory. For store/ only. */
#ifndef STORE_PAGE_ROWS_H
#define STORE_PAGE_ROWS_H

#include "store/db.h"
#include "store/pages.h"
#include "store/row_strings.h"

enum page_key { PAGE_BY_ID, PAGE_BY_ORD };

struct page_loader {
    struct store *store;
    struct row_strings strings;
    struct buf icon;
    struct buf tags;      /* const char *: into `strings` */
    int64_t text_blob;    /* what search looks through, or 0 */
    struct page_row page; /* valid until the next load */
    struct health_row health;
};

void page_loader_init(struct page_loader *loader, struct store *store);
void page_loader_finish(struct page_loader *loader);

/* Whether there is a page of that number. */
bool page_exists(struct store *store, int64_t page, bool *exists_out, struct error *err) MUST_CHECK;
/* The same; ERR_NOT_FOUND when there is none. */
bool page_check(struct store *store, int64_t page, struct error *err) MUST_CHECK;

bool page_load(struct page_loader *loader, enum page_key by, int64_t key, bool *found_out,
               struct error *err) MUST_CHECK;

#endif

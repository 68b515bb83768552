/* Tags read into memory, with the pages that have them. For store/ only. */
#ifndef STORE_TAGGING_ROWS_H
#define STORE_TAGGING_ROWS_H

#include "store/db.h"
#include "store/row_strings.h"
#include "store/tagging.h"

struct tag_loader {
    struct store *store;
    struct row_strings strings;
    struct tag_info info; /* valid until the next load */
};

void tag_loader_init(struct tag_loader *loader, struct store *store);
void tag_loader_finish(struct tag_loader *loader);

/* `pages` is how many live ones have it, or negative: to be counted. */
bool tag_load(struct tag_loader *loader, int64_t tag, int64_t pages, bool *found_out,
              struct error *err) MUST_CHECK;

#endif

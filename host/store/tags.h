/* Tags of pages. For store/ only; tags_list is in pages.h. */
#ifndef STORE_TAGS_H
#define STORE_TAGS_H

#include "store/db.h"

/* Both inside a transaction that writes, with the page out of the index. ERR_PARAMS for an empty
 * tag or one with a control character, ERR_LIMIT. */
bool tags_add(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err) MUST_CHECK;
bool tags_set(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err) MUST_CHECK;

/* Appends the form in which a tag's name is compared: white space at the ends off, runs of it one
 * space, then folded. */
bool tags_fold(struct store *store, struct slice name, struct buf *out,
               struct error *err) MUST_CHECK;

#endif

/* Tags of pages. For store/ only; lists of them are in tagging.h.
 *
 * A tag that its last page loses stays, with its colour, until tagging_delete forgets it. It is not
 * listed among those in use, and takes the writing in which it is used again. */
#ifndef STORE_TAGS_H
#define STORE_TAGS_H

#include "store/db.h"
#include "store/ords.h"

/* Both inside a transaction that writes, with the page out of the index. ERR_PARAMS for an empty
 * tag or one with a control character, ERR_LIMIT. */
bool tags_add(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err) MUST_CHECK;
bool tags_set(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err) MUST_CHECK;

/* Appends a tag's name as it is stored, with white space tidied, and the form in which it is
 * compared. ERR_PARAMS and ERR_LIMIT as above. */
bool tags_check(struct store *store, const char *tag, struct buf *name, struct buf *folded,
                struct error *err) MUST_CHECK;

/* Appends the form in which a tag's name is compared: white space at the ends off, runs of it one
 * space, then folded. */
bool tags_fold(struct store *store, struct slice name, struct buf *out,
               struct error *err) MUST_CHECK;

/* ---- Single tags, by number; what changes something as above ---- */

/* *tag_out is 0 when there is none. */
bool tags_find(struct store *store, struct slice folded, int64_t *tag_out,
               struct error *err) MUST_CHECK;
/* Finds it, or makes it. */
bool tags_make(struct store *store, struct slice name, struct slice folded, int64_t *tag_out,
               bool *made_out, struct error *err) MUST_CHECK;
/* Appends its name and its colour; either may be NULL. */
bool tags_read(struct store *store, int64_t tag, struct buf *name, struct buf *colour,
               struct error *err) MUST_CHECK;
bool tags_rename(struct store *store, int64_t tag, struct slice name, struct slice folded,
                 struct error *err) MUST_CHECK;
bool tags_set_colour(struct store *store, int64_t tag, struct slice colour,
                     struct error *err) MUST_CHECK;
/* No page may have it. */
bool tags_forget(struct store *store, int64_t tag, struct error *err) MUST_CHECK;

bool tags_has(struct store *store, int64_t page, int64_t tag, bool *has_out,
              struct error *err) MUST_CHECK;
bool tags_put(struct store *store, int64_t page, int64_t tag, struct error *err) MUST_CHECK;
bool tags_take(struct store *store, int64_t page, int64_t tag, struct error *err) MUST_CHECK;
/* ERR_LIMIT when the page has more than LIMIT_TAGS. */
bool tags_check_count(struct store *store, int64_t page, struct error *err) MUST_CHECK;

/* Adds the pages that have it, live or in the trash. */
bool tags_pages(struct store *store, int64_t tag, struct ords *pages, struct error *err) MUST_CHECK;
/* Puts pages in the order of the index, which takes them much faster so; each once, and those that
 * do not exist go. */
bool tags_order(struct store *store, struct ords *pages, struct error *err) MUST_CHECK;
/* Takes pages out of the index, or puts them in. */
bool tags_index(struct store *store, const struct ords *pages, bool in,
                struct error *err) MUST_CHECK;

#endif

/* Steps that can be undone: what a person's work was before tagging.h or pages_update changed it.
 */
#ifndef STORE_UNDO_H
#define STORE_UNDO_H

#include "store/store.h"

/* Steps kept, the latest ones, as long as they have so many changes of single things together;
 * the latest step is kept whatever it has. */
enum { UNDO_STEPS = 50, UNDO_ROWS = 500000 };

/* Puts back what the step changed (tags, trash, title and note of each page, names of tags; a tag
 * that comes back has its colour) where nobody has changed the same since, and makes a step of that
 * in turn (*redo_out, 0 when nothing was put back). *changed_out counts pages and tags put back,
 * *kept_out what was changed since and stays. A step that puts nothing back can be tried again.
 * ERR_NOT_FOUND when the step is none, or undone already. */
bool undo_apply(struct store *store, int64_t step, int64_t *changed_out, int64_t *kept_out,
                int64_t *redo_out, struct error *err) MUST_CHECK;

#endif

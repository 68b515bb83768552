/* Writes down what changes, so that store/undo.h can put it back. For store/ only.
 *
 * One row for each change, in the order in which they are made; undone from the last to the first.
 * Tags are known by their names: numbers of tags are used again. All calls stand inside a
 * transaction that writes. */
#ifndef STORE_UNDO_LOG_H
#define STORE_UNDO_LOG_H

#include "store/db.h"

struct undo_log {
    struct store *store;
    int64_t step;
    int64_t rows;
};

/* `kind` is a literal: "rename", "delete", "edit", "page", "undo". */
bool undo_log_begin(struct undo_log *log, struct store *store, const char *kind,
                    struct error *err) MUST_CHECK;
/* A step without rows is none: *step_out is 0. Steps past what undo.h keeps are forgotten. */
bool undo_log_end(struct undo_log *log, int64_t *step_out, struct error *err) MUST_CHECK;

/* A tag got another name; was made (`was` empty); was forgotten (`now` empty). */
bool undo_log_tag(struct undo_log *log, struct slice was, struct slice now, struct slice colour,
                  struct error *err) MUST_CHECK;
bool undo_log_page_tag(struct undo_log *log, int64_t page, struct slice name, bool has_now,
                       struct error *err) MUST_CHECK;
bool undo_log_trash(struct undo_log *log, int64_t page, int64_t was, int64_t now,
                    struct error *err) MUST_CHECK;

/* A page's "title" or "note". */
bool undo_log_words(struct undo_log *log, int64_t page, const char *field, struct slice was,
                    struct slice now, struct error *err) MUST_CHECK;

/* Takes a step's rows away, and the step. */
bool undo_log_forget(struct store *store, int64_t step, struct error *err) MUST_CHECK;

#endif

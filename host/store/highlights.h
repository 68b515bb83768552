/* What a person marked in snapshots: a quote, where it stands, a colour, a note. */
#ifndef STORE_HIGHLIGHTS_H
#define STORE_HIGHLIGHTS_H

#include "store/store.h"

/* How long a deleted one can come back. */
#define HIGHLIGHTS_KEPT_MS (INT64_C(30) * 24 * 3600 * 1000)

struct highlight_row {
    int64_t id;
    int64_t page;
    int64_t snapshot;
    int64_t version;
    const char *title; /* the page's */
    const char *url;   /* the page's */
    int64_t made;      /* ms UTC */
    int64_t changed;
    int64_t place; /* of the quote's beginning in the document's text, in UTF-16 code units */
    const char *colour;
    const char *quote;
    const char *prefix; /* what stands before it */
    const char *suffix;
    const char *note;
};

/* False: the row is not taken, and no other is wanted now. */
typedef bool (*highlight_fn)(const struct highlight_row *row, void *arg);

struct highlight_new {
    int64_t snapshot;
    int64_t place;
    const char *colour; /* yellow, green, blue, pink, purple; NULL: yellow */
    const char *quote;
    const char *prefix; /* NULL: "" */
    const char *suffix;
    const char *note;
};

/* The page's words in the search index follow each of the functions below. ERR_NOT_FOUND (no such
 * snapshot), ERR_PARAMS (an empty quote, a colour that is none), ERR_LIMIT (a text is too long, the
 * page has LIMIT_HIGHLIGHTS). */
bool highlights_add(struct store *store, const struct highlight_new *highlight, int64_t *id_out,
                    struct error *err) MUST_CHECK;

/* NULL: stays. ERR_NOT_FOUND (a deleted one too), ERR_PARAMS, ERR_LIMIT. */
bool highlights_update(struct store *store, int64_t id, const char *colour, const char *note,
                       struct error *err) MUST_CHECK;

/* It is out of lists and searches, and can come back for HIGHLIGHTS_KEPT_MS. Twice is once.
 * ERR_NOT_FOUND. */
bool highlights_delete(struct store *store, int64_t id, struct error *err) MUST_CHECK;
/* ERR_NOT_FOUND, also when it was deleted too long ago; ERR_LIMIT. */
bool highlights_restore(struct store *store, int64_t id, struct error *err) MUST_CHECK;

/* ERR_NOT_FOUND, also of a deleted one. */
bool highlights_get(struct store *store, int64_t id, highlight_fn fn, void *arg,
                    struct error *err) MUST_CHECK;

struct highlights_request {
    int64_t page;       /* of one page, without versions in the trash; 0: not so */
    int64_t snapshot;   /* of one snapshot; 0: not so */
    size_t limit;       /* 1 to LIMIT_RESULTS */
    const char *cursor; /* of the answer before; NULL or "": the beginning */
};
enum { HIGHLIGHTS_CURSOR_SIZE = 64 };

/* Those of a page or a snapshot in the order of the text; without either all, the newest first,
 * without those of pages and versions in the trash. `cursor_out` goes on after the last one that
 * was taken, and is "" when there is none after it. ERR_PARAMS for a cursor that is none. */
bool highlights_list(struct store *store, const struct highlights_request *request, highlight_fn fn,
                     void *arg, char cursor_out[HIGHLIGHTS_CURSOR_SIZE],
                     struct error *err) MUST_CHECK;

/* Inside a transaction that writes: those that can come back no more are gone. */
bool highlights_forget(struct store *store, int64_t now, struct error *err) MUST_CHECK;

#endif

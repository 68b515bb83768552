/* Pages: one for each normalized URL, with what the person says of it. */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include "store/health.h"

struct page_row {
    int64_t id;
    const char *url;  /* as the person saw it last, not normalized */
    const char *site; /* "example.com" */
    const char *title;
    const char *note;
    const char *const *tags; /* sorted by name */
    size_t tag_count;
    int64_t created; /* ms UTC: first saved */
    int64_t saved;   /* ms UTC: last snapshot */
    int64_t trashed; /* ms UTC, or 0 */
    int64_t versions;
    /* The latest snapshot. */
    int64_t snapshot;
    const char *state; /* "complete", "incomplete" (some assets failed), "pending" */
    int64_t assets;    /* all it wants */
    int64_t failed;    /* of them, not stored */
    int64_t bytes;     /* document and assets, unpacked */
    const char *lang;
    const char *description;
    const char *kind;                /* of the latest snapshot */
    const struct health_row *health; /* NULL: never checked */
    int64_t highlights;              /* in its versions */
    const char *icon_type;           /* media type of the icon, or "" */
    struct slice icon;               /* its bytes when they are at most 8 KiB, else empty */
};

typedef bool (*page_fn)(const struct page_row *row, void *arg);

/* ERR_NOT_FOUND when there is none. */
bool pages_get(struct store *store, int64_t page, page_fn fn, void *arg,
               struct error *err) MUST_CHECK;

/* By its normalized URL, or another that is known to lead to it. *page_out is 0 when it is not
 * saved. Trashed pages are found too. */
bool pages_find(struct store *store, const char *normalized_url, int64_t *page_out,
                struct error *err) MUST_CHECK;

struct page_change {
    const char *title; /* NULL: as it is */
    const char *note;
    const char *const *tags; /* the whole new set, when `set_tags` */
    size_t tag_count;
    bool set_tags;
};

/* Tags are made as needed, compared after folding (case, width, diacritics stay apart), and shown
 * as first written. *step_out (NULL: nobody asks) is for undo_apply, 0 when nothing has changed.
 * ERR_NOT_FOUND, ERR_LIMIT, ERR_PARAMS (an empty tag, a control character). */
bool pages_update(struct store *store, int64_t page, const struct page_change *change,
                  int64_t *step_out, struct error *err) MUST_CHECK;

/* A trashed page is out of lists and searches, nothing is deleted. Twice is once. */
bool pages_trash(struct store *store, int64_t page, struct error *err) MUST_CHECK;
bool pages_restore(struct store *store, int64_t page, struct error *err) MUST_CHECK;

#endif

/* Everything counted: what is in the store, when it came there, what it takes. */
#ifndef STORE_STATISTICS_H
#define STORE_STATISTICS_H

#include "store/store.h"

enum {
    STATISTICS_TOP = 20,     /* the largest pages, and sites */
    STATISTICS_MONTHS = 1200 /* the latest; a clock that was wrong makes no more of them */
};

/* Bytes are unpacked unless said otherwise. What lies in the trash counts as `trashed`, and among
 * `bytes` and kinds; nowhere else. */
struct statistics_sums {
    int64_t pages;
    int64_t trashed; /* pages */
    int64_t snapshots;
    int64_t highlights;
    int64_t tags;
    int64_t file;       /* what the file takes */
    int64_t stored;     /* all blobs as they lie in it */
    int64_t unpacked;   /* all blobs */
    int64_t referenced; /* what they would be if each snapshot kept bytes of its own */
    /* Pages by the state of their latest snapshot. */
    int64_t complete;
    int64_t incomplete;
    int64_t pending;
};

/* Blobs by what the first of their users, the one of the lowest number, calls them: "document",
 * "text", "thumbnail", or the kind of an asset; "unused" when nothing refers to them any more. */
struct statistics_kind {
    const char *kind;
    int64_t count;
    int64_t bytes;
    int64_t stored;
};

struct statistics_month {
    char month[8];     /* "2026-11", local time */
    int64_t pages;     /* saved for the first time */
    int64_t snapshots; /* taken */
    int64_t bytes;     /* of those snapshots */
};

struct statistics_page {
    int64_t page;
    const char *title;
    const char *site;
    int64_t bytes; /* of all its versions */
};

struct statistics_site {
    const char *site;
    int64_t pages;
    int64_t bytes;
};

struct statistics_health {
    const char *state; /* of store/health.h, or "unchecked" */
    int64_t pages;
};

/* Who gets it: each list in its order (kinds and largest by bytes, months from the first on), the
 * sums in the end. `progress` and `interrupted` may be NULL. */
struct statistics_hooks {
    void (*kind)(const struct statistics_kind *kind, void *arg);
    void (*month)(const struct statistics_month *month, void *arg);
    void (*page)(const struct statistics_page *page, void *arg);
    void (*site)(const struct statistics_site *site, void *arg);
    void (*health)(const struct statistics_health *health, void *arg);
    void (*progress)(int64_t done, int64_t total, void *arg);
    bool (*interrupted)(void *arg);
    void *arg;
};

/* One look at the store: nothing is changed, and what others write meanwhile is not in it.
 * ERR_CANCELLED. */
bool statistics_count(struct store *store, const struct statistics_hooks *hooks,
                      struct statistics_sums *sums_out, struct error *err) MUST_CHECK;

#endif

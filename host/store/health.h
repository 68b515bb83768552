/* Whether saved links still lead where they led: what the last check found. */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include "store/store.h"

struct health_row {
    int64_t page;
    const char *state; /* "ok", "moved", "changed", "gone", "error", "walled" (nobody can tell) */
    int64_t checked;   /* ms UTC */
    int fault;         /* enum error_code, 0: none */
    int64_t status;    /* HTTP status, or 0 */
    const char *reason;
    const char *url; /* where it leads now, or "" */
};
typedef bool (*health_fn)(const struct health_row *row, void *arg);

/* One row for a page, the last check's, which page_row.health then is. A new snapshot fetched by
 * the host (how: "link") makes a page that was checked before "ok" again. ERR_NOT_FOUND when there
 * is no such page. */
bool health_put(struct store *store, const struct health_row *row, struct error *err) MUST_CHECK;
/* What was checked at `since` (ms UTC) or later, in the order of the pages' numbers. */
bool health_list(struct store *store, int64_t since, health_fn fn, void *arg,
                 struct error *err) MUST_CHECK;

/* Pages to check: live ones that were not checked since `before` (ms UTC), by their numbers, from
 * the one behind `after` on. */
typedef bool (*health_page_fn)(int64_t page, const char *url, void *arg);
bool health_due(struct store *store, int64_t before, int64_t after, int64_t limit,
                health_page_fn fn, void *arg, struct error *err) MUST_CHECK;

#endif

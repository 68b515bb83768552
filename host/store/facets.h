/* What an answer consists of: its tags, sites and years, each with its number of pages. */
#ifndef STORE_FACETS_H
#define STORE_FACETS_H

#include "store/store.h"

enum facet_kind { FACET_TAG, FACET_SITE, FACET_YEAR };
enum { FACETS_MAX = 100 };

struct facets_request {
    struct slice query; /* as in search.h */
    size_t limit;       /* of each kind, 1 to FACETS_MAX */
    int64_t now;        /* ms UTC */
};

struct facet {
    enum facet_kind kind;
    const char *name; /* a tag as it is written, a site, "2026": when a page was saved last */
    int64_t pages;
};
typedef bool (*facet_fn)(const struct facet *facet, void *arg);

/* Hands over tags and then sites, those of the most pages first, and years, the latest first. All
 * pages that answer are counted, which takes some 50 ms when they are 100,000. ERR_LIMIT for the
 * limit. */
bool facets_list(struct store *store, const struct facets_request *request, facet_fn fn, void *arg,
                 struct error *err) MUST_CHECK;

#endif

/* Search: what a person types, run over pages, best or newest first. */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/pages.h"

/* By rank, the best first; by when a page was saved last; by title or site, and there newest first.
 * Without words to rank, SEARCH_RANK is SEARCH_NEWEST. A page whose title or site changes between
 * two pages of an answer that is sorted by it may come twice, or not at all. */
enum search_sort { SEARCH_RANK, SEARCH_NEWEST, SEARCH_OLDEST, SEARCH_TITLE, SEARCH_SITE };

/* Past all that a store of a person has. */
enum { SEARCH_SKIP = 50000000 };

/* By its name: "rank", "newest", ... */
bool search_sort_parse(struct slice name, enum search_sort *sort_out);

struct search_request {
    struct slice query; /* UTF-8; empty lists everything */
    enum search_sort sort;
    size_t skip;        /* hits passed over first, SEARCH_SKIP at most */
    size_t limit;       /* 1 to LIMIT_RESULTS */
    const char *cursor; /* NULL or "": from the start; else search_end.cursor of the page before */
    int64_t now;        /* ms UTC, for after:7d */
};

/* A part of a snippet or title; hits are to be marked. */
struct search_span {
    struct slice text;
    bool hit;
};

struct search_hit {
    const struct page_row *page;
    const struct search_span *title; /* the title cut into spans */
    size_t title_count;
    const struct search_span *snippet; /* from the text where the hits are densest; may be none */
    size_t snippet_count;
};
typedef bool (*search_fn)(const struct search_hit *hit, void *arg);

struct search_end {
    int64_t total;   /* pages that match, exact */
    char cursor[64]; /* "" when this was the last */
    char hint[128];  /* "" or what was not understood, such as "date: 2026-13" */
};

/* The query's language is described in store/query.h. A hit for which `fn` gives false is the first
 * one of the next cursor. `fn` may read the store, not change it: that is ERR_INTERNAL. Never fails
 * for what the query says: what cannot be parsed is searched as words and named in the hint, and so
 * is what goes past LIMIT_QUERY or LIMIT_TERMS. ERR_PARAMS for a cursor that is none, or of another
 * order; ERR_LIMIT for the limit and what is passed over. */
bool search_pages(struct store *store, const struct search_request *request, search_fn fn,
                  void *arg, struct search_end *end_out, struct error *err) MUST_CHECK;

#endif

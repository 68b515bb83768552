/* Which pages answer a search, and in what order. For store/ only.
 *
 * FTS5's own ranking scores every match, up to a second for a common word. Here the newest
 * WALK_RANKED hits are ranked together with as many of those that have a word in title, tags, note
 * or address however old they are; the others follow, newest first. Counting all is cheap. */
#ifndef STORE_FINDER_H
#define STORE_FINDER_H

#include "base/limits.h"
#include "store/cursor.h"
#include "store/ords.h"
#include "store/query_sql.h"
#include "store/search.h"

struct finder_result {
    int64_t ords[LIMIT_RESULTS];
    size_t count;
    int64_t total;
    struct cursor next; /* CURSOR_START: this was the last */
};

struct finder_request {
    bool trashed; /* only what lies in the trash, else what does not */
    enum search_sort sort;
    size_t skip;  /* passed over first, SEARCH_SKIP at most */
    size_t limit; /* 1 to LIMIT_RESULTS */
    struct cursor from;
};

/* Inside a read. ERR_PARAMS for a cursor of another kind of search. */
bool finder_run(struct store *store, const struct query_sql *sql,
                const struct finder_request *request, struct finder_result *result_out,
                struct error *err) MUST_CHECK;

/* All pages that answer, newest first, into an empty list. Inside a read. */
bool finder_all(struct store *store, const struct query_sql *sql, bool trashed, struct ords *ords,
                struct error *err) MUST_CHECK;

#endif

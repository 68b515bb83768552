/* All pages that answer a search, walked over. For store/ only.
 *
 * Words are answered by the index, which gives its matches one after the other. Where other
 * conditions hold too, there are two ways, and the cheaper one is taken: each match is held against
 * them, or the pages that meet them are listed first. */
#ifndef STORE_MATCHES_H
#define STORE_MATCHES_H

#include "store/query_sql.h"
#include "store/walk.h"

struct matches {
    struct store *store;
    const struct query_sql *sql;
    const struct buf *match; /* FTS5 expression that is walked over */
    bool trashed;            /* only what lies in the trash, else what does not */
};

/* Compiles "SELECT `columns` FROM pages p" that lie in the trash or not and, when `conditions`,
 * meet them, `rest`. NULL on failure. */
sqlite3_stmt *matches_pages(const struct matches *matches, const char *columns, bool conditions,
                            const char *rest, struct error *err);

/* Adds the pages that meet the conditions, newest first, or oldest first. */
bool matches_list(const struct matches *matches, bool ascending, struct ords *ords,
                  struct error *err) MUST_CHECK;

/* Runs a walk over all matches that meet the conditions. Of WALK_TIME, the order and the total are
 * right, though not all was walked over one by one. */
bool matches_walk(const struct matches *matches, struct walk *walk, struct error *err) MUST_CHECK;

/* The same over those in `only` alone, whatever the conditions are. */
bool matches_walk_list(const struct matches *matches, struct walk *walk, struct ords *only,
                       struct error *err) MUST_CHECK;

#endif

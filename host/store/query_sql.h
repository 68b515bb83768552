/* A parsed search as SQL and FTS5 expressions. For store/ only.
 *
 * All that a person typed becomes a bound parameter, or a quoted string inside one. */
#ifndef STORE_QUERY_SQL_H
#define STORE_QUERY_SQL_H

#include "store/db.h"
#include "store/query.h"

enum {
    QUERY_SQL_FIRST = 11, /* parameters of `where` are numbered from here: ?1 to ?10 are free */
    QUERY_SQL_PARAMS = 3 * 3 * 64
};

struct query_sql {
    /* The part of the search that the index answers by itself, as a FTS5 expression; empty when
     * there is none. All of the search is this and `where`. */
    struct buf match;
    /* Without that: all words that are looked for, one OR the other; they rank what `where` finds.
     */
    struct buf any;
    bool gathers;   /* a long beginning is in it, whose words are gathered before its first row */
    bool narrowed;  /* `match` looks for the words of a tag's name too: few others are found */
    size_t phrases; /* leaves in one of the two, in the order FTS5 numbers them */
    /* The rest, as a SQL condition over `pages p`; empty when there is none. */
    struct buf where;
    /* The same in a form that is quicker for a few pages, one by one. */
    struct buf each;
    /* A tag that all pages have, folded, or empty; then `others` is `each` without it. */
    struct slice tag; /* lives in the query */
    struct buf others;
    struct buf values;
    struct {
        bool text;
        int64_t number;
        size_t start; /* of a text, in `values` */
        size_t len;
    } params[QUERY_SQL_PARAMS];
    size_t param_count;
};

bool query_sql_make(struct query_sql *sql, const struct query *query, struct error *err) MUST_CHECK;
void query_sql_finish(struct query_sql *sql);

/* Binds the parameters of `where`, `each` and `others`: those that the statement has. */
void query_sql_bind(struct store *store, const struct query_sql *sql, sqlite3_stmt *statement);

#endif

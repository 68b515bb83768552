/* The part of a parsed search that the index answers, as a FTS5 expression. For store/ only. */
#ifndef STORE_QUERY_MATCH_H
#define STORE_QUERY_MATCH_H

#include "store/query.h"

struct query_match {
    const struct query *query;
    struct buf *out;
    size_t phrases; /* leaves that were added, in the order FTS5 numbers them */
    bool narrowed;  /* words of a tag's name were */
    bool gathers;   /* a long beginning was, whose words are gathered before its first row */
};

/* Whether FTS5 alone can answer a node. FTS5 knows "a NOT b", but no NOT by itself. */
bool query_is_match(const struct query *query, size_t index);

/* Whether it has a part in an AND. */
bool query_has_match(const struct query *query, const struct query_node *node);

/* Adds the expression for a node that FTS5 can answer. */
void query_match_add(struct query_match *match, size_t index);

/* The same for an AND in which FTS5 has a part. Where a tag is asked for too, the words of its name
 * are looked for among the tags, which leaves far fewer pages to be held against the tag itself;
 * they are no phrases that count. */
void query_match_add_and(struct query_match *match, const struct query_node *node);

/* Adds the words that are looked for under a node, any of them: what ranks pages where words are
 * not all there is. */
void query_match_add_any(struct query_match *match, size_t index);

#endif

#include "store/query_match.h"

#include "base/utf8.h"
#include "store/fts.h"
#include "store/index_tokens.h"

/* Functions here recurse over the tree, which is at most three levels deep for each of QUERY_DEPTH
 * groups. */

static const struct query_node *node_at(const struct query *query, size_t index)
{
    return &query->nodes[index];
}

bool query_is_match(const struct query *query, size_t index)
{
    const struct query_node *node = node_at(query, index);
    bool some = false;
    switch (node->kind) {
    case QUERY_WORDS:
        return true;
    case QUERY_OR:
        for (size_t i = node->child; i != 0; i = node_at(query, i)->next) {
            if (!query_is_match(query, i))
                return false;
        }
        return true;
    case QUERY_AND:
        for (size_t i = node->child; i != 0; i = node_at(query, i)->next) {
            const struct query_node *child = node_at(query, i);
            bool negative = child->kind == QUERY_NOT && query_is_match(query, child->child);
            bool positive = query_is_match(query, i);
            some = some || positive;
            if (!positive && !negative)
                return false;
        }
        return some;
    default:
        return false;
    }
}

bool query_has_match(const struct query *query, const struct query_node *node)
{
    bool positive = false;
    for (size_t i = node->child; i != 0; i = node_at(query, i)->next)
        positive = positive || query_is_match(query, i);
    return positive;
}

/* A string of FTS5's query language. */
static void add_quoted(struct buf *out, const char *before, struct slice text)
{
    buf_add_char(out, '"');
    buf_add_text(out, before);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, text.ptr[i]);
    }
    buf_add_char(out, '"');
}

static void add_words(struct query_match *match, const struct query_node *node)
{
    static const char *const names[FTS_COLUMNS] = {"text", "title", "tags", "note", "url"};
    match->phrases++;
    if (node->columns != 0) {
        buf_add_text(match->out, "{");
        for (size_t i = 0; i < FTS_COLUMNS; i++) {
            if (node->columns & 1u << i)
                buf_printf(match->out, "%s ", names[i]);
        }
        buf_add_text(match->out, "} : ");
    }
    static const char beginning[] = {BEGINNING_QUERY, '\0'};
    add_quoted(match->out, node->beginning ? beginning : "", query_text(match->query, node));
    if (node->prefix && !node->beginning) {
        buf_add_text(match->out, " *");
        match->gathers = true;
    }
}

/* Children of `node` that are negated, or those that are not, joined by `sign`. */
static void add_children(struct query_match *match, const struct query_node *node, bool negated,
                         const char *sign)
{
    size_t count = 0;
    for (size_t i = node->child; i != 0; i = node_at(match->query, i)->next) {
        const struct query_node *child = node_at(match->query, i);
        bool negative = child->kind == QUERY_NOT;
        size_t inner = negative ? child->child : i;
        if (negative != negated || !query_is_match(match->query, inner))
            continue;
        if (count++ > 0)
            buf_add_text(match->out, sign);
        query_match_add(match, inner);
    }
}

static bool has_negated_match(const struct query *query, const struct query_node *node)
{
    for (size_t i = node->child; i != 0; i = node_at(query, i)->next) {
        const struct query_node *child = node_at(query, i);
        if (child->kind == QUERY_NOT && query_is_match(query, child->child))
            return true;
    }
    return false;
}

static bool is_letter(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 0x4E00 && cp <= 0x9FFF) ||
           (cp >= 0xAC00 && cp <= 0xD7A3);
}

/* Whether the index has the words of a tag's name wherever the tag is: what this name consists of
 * becomes the same tokens in all the spellings that fold to it. */
static bool is_plain_tag(const struct query *query, const struct query_node *node)
{
    struct slice name = query_text(query, node);
    bool letters = false;
    if (node->kind != QUERY_TAG || node->prefix)
        return false;
    for (size_t at = 0; at < name.len;) {
        uint32_t cp;
        at += utf8_decode(name, at, &cp);
        if (cp > 0x7E && !is_letter(cp))
            return false;
        letters = letters || is_letter(cp);
    }
    return letters;
}

static size_t count_plain_tags(const struct query *query, const struct query_node *node)
{
    size_t count = 0;
    for (size_t i = node->child; i != 0; i = node_at(query, i)->next)
        count += is_plain_tag(query, node_at(query, i));
    return count;
}

static void add_tags(struct query_match *match, const struct query_node *node)
{
    for (size_t i = node->child; i != 0; i = node_at(match->query, i)->next) {
        const struct query_node *child = node_at(match->query, i);
        if (!is_plain_tag(match->query, child))
            continue;
        buf_add_text(match->out, " AND {tags } : ");
        add_quoted(match->out, "", query_text(match->query, child));
    }
}

void query_match_add_and(struct query_match *match, const struct query_node *node)
{
    bool minus = has_negated_match(match->query, node);
    bool tags = count_plain_tags(match->query, node) > 0;
    buf_add_text(match->out, tags ? "(" : "");
    buf_add_text(match->out, minus ? "((" : "(");
    add_children(match, node, false, " AND ");
    if (minus) {
        buf_add_text(match->out, ") NOT (");
        add_children(match, node, true, " OR ");
        buf_add_text(match->out, ")");
    }
    buf_add_text(match->out, ")");
    if (tags) {
        match->narrowed = true;
        add_tags(match, node);
        buf_add_text(match->out, ")");
    }
}

void query_match_add(struct query_match *match, size_t index)
{
    const struct query_node *node = node_at(match->query, index);
    switch (node->kind) {
    case QUERY_AND:
        query_match_add_and(match, node);
        break;
    case QUERY_OR:
        buf_add_text(match->out, "(");
        add_children(match, node, false, " OR ");
        buf_add_text(match->out, ")");
        break;
    default:
        add_words(match, node);
        break;
    }
}

void query_match_add_any(struct query_match *match, size_t index)
{
    const struct query_node *node = node_at(match->query, index);
    if (node->kind == QUERY_WORDS) {
        buf_add_text(match->out, match->phrases > 0 ? " OR " : "");
        add_words(match, node);
    }
    if (node->kind != QUERY_AND && node->kind != QUERY_OR)
        return;
    for (size_t i = node->child; i != 0; i = node_at(match->query, i)->next)
        query_match_add_any(match, i);
}

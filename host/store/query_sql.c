#include "store/query_sql.h"

#include "store/fts.h"
#include "store/index_tokens.h"

#include <stdio.h>

/* Functions here recurse over the tree, which is at most three levels deep for each of QUERY_DEPTH
 * groups. */

struct maker {
    struct query_sql *sql;
    const struct query *query;
    struct buf *out; /* for conditions */
    bool each;       /* they test one page after the other, instead of naming sets of pages */
    size_t without;  /* a child of the AND at the root that is left out */
};

static const struct query_node *node_at(const struct maker *m, size_t index)
{
    return &m->query->nodes[index];
}

/* Whether FTS5 alone can answer it. FTS5 knows "a NOT b", but no NOT by itself. */
static bool is_match(const struct maker *m, size_t index)
{
    const struct query_node *node = node_at(m, index);
    bool some = false;
    switch (node->kind) {
    case QUERY_WORDS:
        return true;
    case QUERY_OR:
        for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
            if (!is_match(m, i))
                return false;
        }
        return true;
    case QUERY_AND:
        for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
            const struct query_node *child = node_at(m, i);
            bool negative = child->kind == QUERY_NOT && is_match(m, child->child);
            bool positive = is_match(m, i);
            some = some || positive;
            if (!positive && !negative)
                return false;
        }
        return some;
    default:
        return false;
    }
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

static void add_words(const struct maker *m, const struct query_node *node, struct buf *out)
{
    static const char *const names[FTS_COLUMNS] = {"text", "title", "tags", "note", "url"};
    m->sql->phrases += out == &m->sql->match;
    if (node->columns != 0) {
        buf_add_text(out, "{");
        for (size_t i = 0; i < FTS_COLUMNS; i++) {
            if (node->columns & 1u << i)
                buf_printf(out, "%s ", names[i]);
        }
        buf_add_text(out, "} : ");
    }
    static const char beginning[] = {BEGINNING_QUERY, '\0'};
    add_quoted(out, node->beginning ? beginning : "", query_text(m->query, node));
    if (node->prefix && !node->beginning) {
        buf_add_text(out, " *");
        m->sql->gathers = true;
    }
}

static void add_match(struct maker *m, size_t index, struct buf *out);

/* Children of `node` that are negated, or those that are not, joined by `sign`. */
static size_t add_children(struct maker *m, const struct query_node *node, bool negated,
                           const char *sign, struct buf *out)
{
    size_t count = 0;
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
        const struct query_node *child = node_at(m, i);
        bool negative = child->kind == QUERY_NOT;
        size_t inner = negative ? child->child : i;
        if (negative != negated || !is_match(m, inner))
            continue;
        if (count++ > 0)
            buf_add_text(out, sign);
        add_match(m, inner, out);
    }
    return count;
}

static bool has_negated_match(const struct maker *m, const struct query_node *node)
{
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
        const struct query_node *child = node_at(m, i);
        if (child->kind == QUERY_NOT && is_match(m, child->child))
            return true;
    }
    return false;
}

/* The FTS5 part of an AND: its children that FTS5 can answer, if any of them is positive. */
static void add_and(struct maker *m, const struct query_node *node, struct buf *out)
{
    bool minus = has_negated_match(m, node);
    buf_add_text(out, minus ? "((" : "(");
    add_children(m, node, false, " AND ", out);
    if (minus) {
        buf_add_text(out, ") NOT (");
        add_children(m, node, true, " OR ", out);
        buf_add_text(out, ")");
    }
    buf_add_text(out, ")");
}

/* The expression for a node that is_match. */
static void add_match(struct maker *m, size_t index, struct buf *out)
{
    const struct query_node *node = node_at(m, index);
    switch (node->kind) {
    case QUERY_AND:
        add_and(m, node, out);
        break;
    case QUERY_OR:
        buf_add_text(out, "(");
        add_children(m, node, false, " OR ", out);
        buf_add_text(out, ")");
        break;
    default:
        add_words(m, node, out);
        break;
    }
}

static size_t add_param(struct maker *m, bool text, int64_t number, size_t start)
{
    struct query_sql *sql = m->sql;
    if (sql->param_count == QUERY_SQL_PARAMS) {
        sql->where.failed = ERR_LIMIT;
        return QUERY_SQL_FIRST;
    }
    size_t index = sql->param_count++;
    sql->params[index].text = text;
    sql->params[index].number = number;
    sql->params[index].start = start;
    sql->params[index].len = sql->values.len - start;
    return QUERY_SQL_FIRST + index;
}

static size_t add_text_param(struct maker *m, struct slice text)
{
    size_t start = m->sql->values.len;
    buf_add_slice(&m->sql->values, text);
    return add_param(m, true, 0, start);
}

static void add_tag(struct maker *m, const struct query_node *node)
{
    size_t name = add_text_param(m, query_text(m->query, node));
    buf_add_text(m->out, m->each ? "EXISTS (SELECT 1 FROM page_tags pt JOIN tags t"
                                   " ON t.id = pt.tag WHERE pt.page = p.id AND "
                                 : "p.id IN (SELECT pt.page FROM tags t JOIN page_tags pt"
                                   " ON pt.tag = t.id WHERE ");
    if (node->prefix)
        buf_printf(m->out, "substr(t.folded, 1, length(?%zu)) = ?%zu)", name, name);
    else /* '0' comes right after '/' */
        buf_printf(m->out,
                   "(t.folded = ?%zu OR (t.folded >= ?%zu || '/' AND t.folded < ?%zu || '0')))",
                   name, name, name);
}

/* ".example.com." in ".www.example.com.", ".github." in ".github.com.": whole labels. There are few
 * sites, so the set is made of all by going from one to the next. */
static void add_site(struct maker *m, const struct query_node *node)
{
    static const char sites[] =
        "p.site IN (WITH RECURSIVE s(site) AS (SELECT min(site) FROM pages UNION ALL"
        " SELECT (SELECT min(site) FROM pages WHERE site > s.site) FROM s WHERE s.site IS NOT NULL)"
        " SELECT site FROM s WHERE instr('.' || replace(site, ':', '.') || '.', ?%zu) > 0)";
    struct slice text = query_text(m->query, node);
    size_t start = m->sql->values.len;
    buf_add_char(&m->sql->values, '.');
    for (size_t i = 0; i < text.len; i++)
        buf_add_char(&m->sql->values, text.ptr[i] == ':' ? '.' : text.ptr[i]);
    if (!node->prefix)
        buf_add_char(&m->sql->values, '.');
    size_t name = add_param(m, true, 0, start);
    if (m->each)
        buf_printf(m->out, "instr('.' || replace(p.site, ':', '.') || '.', ?%zu) > 0", name);
    else
        buf_printf(m->out, sites, name);
}

/* A condition over `snapshots s`, for the latest one. */
static void add_snapshot(struct maker *m, const char *condition)
{
    buf_printf(m->out,
               m->each ? "EXISTS (SELECT 1 FROM snapshots s WHERE s.id = p.snapshot AND %s)"
                       : "p.snapshot IN (SELECT s.id FROM snapshots s WHERE %s)",
               condition);
}

/* "zh" in "zh", "zh-TW", "ZH-Hans"; '.' comes right after '-'. */
static void add_lang(struct maker *m, const struct query_node *node)
{
    char condition[160];
    size_t name = add_text_param(m, query_text(m->query, node));
    snprintf(condition, sizeof condition,
             "(s.lang COLLATE NOCASE = ?%zu OR (s.lang COLLATE NOCASE >= ?%zu || '-'"
             " AND s.lang COLLATE NOCASE < ?%zu || '.'))",
             name, name, name);
    add_snapshot(m, condition);
}

static void add_time(struct maker *m, const struct query_node *node)
{
    size_t from = add_param(m, false, node->from, 0);
    size_t to = add_param(m, false, node->to, 0);
    buf_printf(m->out, "(p.saved >= ?%zu AND p.saved < ?%zu)", from, to);
}

/* A part for FTS5 in a place where only SQL can join it to the rest. */
static void add_inner_match(struct maker *m, size_t index)
{
    size_t start = m->sql->values.len;
    add_match(m, index, &m->sql->values);
    size_t expression = add_param(m, true, 0, start);
    buf_printf(m->out, "p.ord IN (SELECT rowid FROM search WHERE search MATCH ?%zu)", expression);
}

/* The names stand in the SQL itself, so that the partial indexes are used. */
static const char incomplete[] = "s.state = 'incomplete'";
static const char pending[] = "s.state = 'pending'";

static void add_condition(struct maker *m, size_t index);

static void add_conditions(struct maker *m, const struct query_node *node, const char *sign)
{
    buf_add_text(m->out, "(");
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
        if (i != node->child)
            buf_add_text(m->out, sign);
        add_condition(m, i);
    }
    buf_add_text(m->out, ")");
}

static void add_condition(struct maker *m, size_t index)
{
    const struct query_node *node = node_at(m, index);
    if (is_match(m, index)) {
        add_inner_match(m, index);
        return;
    }
    switch (node->kind) {
    case QUERY_AND:
        add_conditions(m, node, " AND ");
        break;
    case QUERY_OR:
        add_conditions(m, node, " OR ");
        break;
    case QUERY_NOT:
        buf_add_text(m->out, "NOT ");
        add_condition(m, node->child);
        break;
    case QUERY_TAG:
        add_tag(m, node);
        break;
    case QUERY_SITE:
        add_site(m, node);
        break;
    case QUERY_LANG:
        add_lang(m, node);
        break;
    case QUERY_TIME:
        add_time(m, node);
        break;
    case QUERY_UNTAGGED:
        buf_add_text(m->out, "NOT EXISTS (SELECT 1 FROM page_tags WHERE page = p.id)");
        break;
    case QUERY_INCOMPLETE:
        add_snapshot(m, incomplete);
        break;
    case QUERY_PENDING:
        add_snapshot(m, pending);
        break;
    case QUERY_COMPLETE:
        buf_add_text(m->out, "NOT (");
        add_snapshot(m, incomplete);
        buf_add_text(m->out, " OR ");
        add_snapshot(m, pending);
        buf_add_text(m->out, ")");
        break;
    case QUERY_NOTED:
        buf_add_text(m->out, "p.note <> ''");
        break;
    case QUERY_AGAIN:
        buf_add_text(m->out, "p.versions > 1");
        break;
    case QUERY_WORDS:
        break; /* is_match */
    }
}

/* Whether FTS5 has a part in an AND, for which one of its children must be positive. */
static bool has_match(const struct maker *m, const struct query_node *node)
{
    bool positive = false;
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next)
        positive = positive || is_match(m, i);
    return positive;
}

/* The children of an AND that FTS5 does not answer. */
static void add_others(struct maker *m, const struct query_node *node, bool matched)
{
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
        const struct query_node *child = node_at(m, i);
        bool negative = child->kind == QUERY_NOT && is_match(m, child->child);
        if (i == m->without || (matched && (negative || is_match(m, i))))
            continue;
        if (m->out->len > 0)
            buf_add_text(m->out, " AND ");
        add_condition(m, i);
    }
}

/* The conditions, in one of their two forms, `without` one of them. */
static void add_where(struct maker *m, struct buf *out, bool each, size_t without)
{
    size_t index = m->query->root;
    const struct query_node *root = node_at(m, index);
    m->out = out;
    m->each = each;
    m->without = without;
    if (root->kind == QUERY_AND)
        add_others(m, root, has_match(m, root));
    else if (index != without)
        add_condition(m, index);
}

/* A tag that is asked for beside all else: its pages are found at once. */
static size_t find_tag(const struct maker *m)
{
    const struct query_node *root = node_at(m, m->query->root);
    size_t first = root->kind == QUERY_AND ? root->child : m->query->root;
    for (size_t i = first; i != 0; i = root->kind == QUERY_AND ? node_at(m, i)->next : 0) {
        if (node_at(m, i)->kind == QUERY_TAG && !node_at(m, i)->prefix)
            return i;
    }
    return 0;
}

/* All that FTS5 does not answer. */
static void add_conditions_of_root(struct maker *m)
{
    size_t tag = find_tag(m);
    add_where(m, &m->sql->where, false, 0);
    if (m->sql->match.len > 0)
        add_where(m, &m->sql->each, true, 0);
    if (tag != 0) {
        m->sql->tag = query_text(m->query, node_at(m, tag));
        add_where(m, &m->sql->others, true, tag);
    }
}

/* The words that are looked for, any of them: what ranks pages where words are not all there is. */
static void add_any_words(struct maker *m, size_t index)
{
    const struct query_node *node = node_at(m, index);
    if (node->kind == QUERY_WORDS) {
        buf_add_text(&m->sql->any, m->sql->any.len > 0 ? " OR " : "");
        add_words(m, node, &m->sql->any);
        m->sql->phrases++;
    }
    if (node->kind != QUERY_AND && node->kind != QUERY_OR)
        return;
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next)
        add_any_words(m, i);
}

bool query_sql_make(struct query_sql *sql, const struct query *query, struct error *err)
{
    struct maker m = {.sql = sql, .query = query};
    memset(sql, 0, sizeof *sql);
    buf_init(&sql->match, MIB);
    buf_init(&sql->any, MIB);
    buf_init(&sql->where, MIB);
    buf_init(&sql->each, MIB);
    buf_init(&sql->others, MIB);
    buf_init(&sql->values, MIB);
    if (query->root != 0) {
        const struct query_node *root = node_at(&m, query->root);
        bool whole = is_match(&m, query->root);
        if (whole)
            add_match(&m, query->root, &sql->match);
        else if (root->kind == QUERY_AND && has_match(&m, root))
            add_and(&m, root, &sql->match);
        if (!whole)
            add_conditions_of_root(&m);
        if (sql->match.len == 0)
            add_any_words(&m, query->root);
    }
    return buf_ok(&sql->match, "The search", err) && buf_ok(&sql->any, "The search", err) &&
           buf_ok(&sql->where, "The search", err) && buf_ok(&sql->each, "The search", err) &&
           buf_ok(&sql->others, "The search", err) && buf_ok(&sql->values, "The search", err);
}

void query_sql_finish(struct query_sql *sql)
{
    buf_finish(&sql->match);
    buf_finish(&sql->any);
    buf_finish(&sql->where);
    buf_finish(&sql->each);
    buf_finish(&sql->others);
    buf_finish(&sql->values);
}

void query_sql_bind(struct store *store, const struct query_sql *sql, sqlite3_stmt *statement)
{
    int last = sqlite3_bind_parameter_count(statement);
    for (size_t i = 0; i < sql->param_count; i++) {
        int index = (int)(QUERY_SQL_FIRST + i);
        if (index > last)
            break;
        if (sql->params[i].text)
            db_bind_text(
                store, statement, index,
                slice_sub(buf_slice(&sql->values), sql->params[i].start, sql->params[i].len));
        else
            db_bind_int(store, statement, index, sql->params[i].number);
    }
}

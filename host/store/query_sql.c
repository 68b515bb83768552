#include "store/query_sql.h"

#include "store/query_match.h"

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
    buf_add_text(m->out, m->each ? "EXISTS (SELECT 1 FROM page_tags pt WHERE pt.page = p.id"
                                   " AND pt.tag IN (SELECT t.id FROM tags t WHERE "
                                 : "p.id IN (SELECT pt.page FROM page_tags pt"
                                   " WHERE pt.tag IN (SELECT t.id FROM tags t WHERE ");
    if (node->prefix)
        buf_printf(m->out, "substr(t.folded, 1, length(?%zu)) = ?%zu))", name, name);
    else /* '0' comes right after '/' */
        buf_printf(m->out,
                   "t.folded = ?%zu OR (t.folded >= ?%zu || '/' AND t.folded < ?%zu || '0')))",
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
    struct query_match match = {.query = m->query, .out = &m->sql->values};
    query_match_add(&match, index);
    m->sql->gathers = m->sql->gathers || match.gathers;
    size_t expression = add_param(m, true, 0, start);
    buf_printf(m->out, "p.ord IN (SELECT rowid FROM search WHERE search MATCH ?%zu)", expression);
}

/* The names stand in the SQL itself, so that the partial indexes are used. */
static const char incomplete[] = "s.state = 'incomplete'";
static const char pending[] = "s.state = 'pending'";

/* What the last check of a link found, and what kinds of document a word stands for. */
static const char *const lists[] = {
    [QUERY_BROKEN] = "'gone', 'error'",
    [QUERY_MOVED] = "'moved'",
    [QUERY_CHANGED] = "'changed'",
    [QUERY_PDF] = "'pdf'",
    [QUERY_IMAGE] = "'image'",
    [QUERY_AUDIO] = "'audio'",
    [QUERY_VIDEO] = "'video'",
    [QUERY_TEXT] = "'text', 'markdown', 'json', 'xml'",
    [QUERY_FEED] = "'feed'",
    [QUERY_FILE] = "'file'",
};

static void add_health(struct maker *m, const struct query_node *node)
{
    buf_printf(m->out,
               m->each ? "EXISTS (SELECT 1 FROM page_health h WHERE h.page = p.id"
                         " AND h.state IN (%s))"
                       : "p.id IN (SELECT h.page FROM page_health h WHERE h.state IN (%s))",
               lists[node->kind]);
}

/* The first term is the partial index's own. */
static void add_kind(struct maker *m, const struct query_node *node)
{
    char condition[96];
    snprintf(condition, sizeof condition, "s.kind <> 'page' AND s.kind IN (%s)", lists[node->kind]);
    add_snapshot(m, condition);
}

static void add_highlighted(struct maker *m)
{
    static const char marked[] = "highlights h JOIN snapshots v ON v.id = h.snapshot"
                                 " WHERE h.deleted = 0 AND v.trashed = 0";
    buf_printf(m->out,
               m->each ? "EXISTS (SELECT 1 FROM %s AND h.page = p.id)"
                       : "p.id IN (SELECT h.page FROM %s)",
               marked);
}

/* What neither FTS5 answers nor has children. */
static void add_leaf(struct maker *m, const struct query_node *node)
{
    switch (node->kind) {
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
    case QUERY_HIGHLIGHTED:
        add_highlighted(m);
        break;
    case QUERY_AGAIN:
        buf_add_text(m->out, "p.versions > 1");
        break;
    case QUERY_BROKEN:
    case QUERY_MOVED:
    case QUERY_CHANGED:
        add_health(m, node);
        break;
    case QUERY_PDF:
    case QUERY_IMAGE:
    case QUERY_AUDIO:
    case QUERY_VIDEO:
    case QUERY_TEXT:
    case QUERY_FEED:
    case QUERY_FILE:
        add_kind(m, node);
        break;
    case QUERY_AND:
    case QUERY_OR:
    case QUERY_NOT:
    case QUERY_WORDS:
        break;
    }
}

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
    if (query_is_match(m->query, index)) {
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
    default:
        add_leaf(m, node);
        break;
    }
}

/* The children of an AND that FTS5 does not answer. */
static void add_others(struct maker *m, const struct query_node *node, bool matched)
{
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
        const struct query_node *child = node_at(m, i);
        bool negative = child->kind == QUERY_NOT && query_is_match(m->query, child->child);
        if (i == m->without || (matched && (negative || query_is_match(m->query, i))))
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
        add_others(m, root, query_has_match(m->query, root));
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

static void make(struct maker *m)
{
    struct query_sql *sql = m->sql;
    size_t index = m->query->root;
    const struct query_node *root = node_at(m, index);
    struct query_match match = {.query = m->query, .out = &sql->match};
    struct query_match any = {.query = m->query, .out = &sql->any};
    bool whole = query_is_match(m->query, index);
    if (whole)
        query_match_add(&match, index);
    else if (root->kind == QUERY_AND && query_has_match(m->query, root))
        query_match_add_and(&match, root);
    if (!whole)
        add_conditions_of_root(m);
    if (sql->match.len == 0)
        query_match_add_any(&any, index);
    sql->phrases = match.phrases + any.phrases;
    sql->narrowed = match.narrowed;
    sql->gathers = sql->gathers || match.gathers || any.gathers;
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
    if (query->root != 0)
        make(&m);
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

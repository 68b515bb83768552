#include "store/query_sql.h"

#include "store/fts.h"

/* Functions here recurse over the tree, which is at most three levels deep for each of QUERY_DEPTH
 * groups. */

struct maker {
    struct query_sql *sql;
    const struct query *query;
    /* Before a column that is looked up in a set: where FTS5 gives the rows, the set only tests
     * them, and a plus keeps SQLite from running through it for each one. */
    const char *sign;
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
static void add_quoted(struct buf *out, struct slice text)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, text.ptr[i]);
    }
    buf_add_char(out, '"');
}

static void add_words(const struct maker *m, const struct query_node *node, struct buf *out)
{
    static const char *const names[FTS_COLUMNS] = {"title", "tags", "note", "url", "text"};
    m->sql->phrases += out == &m->sql->match;
    if (node->columns != 0) {
        buf_add_text(out, "{");
        for (size_t i = 0; i < FTS_COLUMNS; i++) {
            if (node->columns & 1u << i)
                buf_printf(out, "%s ", names[i]);
        }
        buf_add_text(out, "} : ");
    }
    add_quoted(out, query_text(m->query, node));
    if (node->prefix)
        buf_add_text(out, " *");
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
    buf_printf(&m->sql->where,
               "%sp.id IN (SELECT pt.page FROM tags t JOIN page_tags pt ON pt.tag = t.id WHERE ",
               m->sign);
    if (node->prefix)
        buf_printf(&m->sql->where, "substr(t.folded, 1, length(?%zu)) = ?%zu)", name, name);
    else /* '0' comes right after '/' */
        buf_printf(&m->sql->where,
                   "t.folded = ?%zu OR (t.folded >= ?%zu || '/' AND t.folded < ?%zu || '0'))", name,
                   name, name);
}

/* ".example.com." in ".www.example.com.", ".github." in ".github.com.": whole labels. */
static void add_site(struct maker *m, const struct query_node *node)
{
    struct slice text = query_text(m->query, node);
    size_t start = m->sql->values.len;
    buf_add_char(&m->sql->values, '.');
    for (size_t i = 0; i < text.len; i++)
        buf_add_char(&m->sql->values, text.ptr[i] == ':' ? '.' : text.ptr[i]);
    if (!node->prefix)
        buf_add_char(&m->sql->values, '.');
    size_t name = add_param(m, true, 0, start);
    buf_printf(&m->sql->where, "instr('.' || replace(p.site, ':', '.') || '.', ?%zu) > 0", name);
}

static void add_time(struct maker *m, const struct query_node *node)
{
    size_t from = add_param(m, false, node->from, 0);
    size_t to = add_param(m, false, node->to, 0);
    buf_printf(&m->sql->where, "(p.saved >= ?%zu AND p.saved < ?%zu)", from, to);
}

/* A part for FTS5 in a place where only SQL can join it to the rest. */
static void add_inner_match(struct maker *m, size_t index)
{
    size_t start = m->sql->values.len;
    add_match(m, index, &m->sql->values);
    size_t expression = add_param(m, true, 0, start);
    buf_printf(&m->sql->where, "%sp.ord IN (SELECT rowid FROM search WHERE search MATCH ?%zu)",
               m->sign, expression);
}

/* The name stands in the SQL itself, so that the partial indexes are used. */
static void add_state(struct maker *m, const char *state)
{
    buf_printf(&m->sql->where, "%sp.snapshot IN (SELECT id FROM snapshots WHERE state = '%s')",
               m->sign, state);
}

static void add_condition(struct maker *m, size_t index);

static void add_conditions(struct maker *m, const struct query_node *node, const char *sign)
{
    buf_add_text(&m->sql->where, "(");
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
        if (i != node->child)
            buf_add_text(&m->sql->where, sign);
        add_condition(m, i);
    }
    buf_add_text(&m->sql->where, ")");
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
        buf_add_text(&m->sql->where, "NOT ");
        add_condition(m, node->child);
        break;
    case QUERY_TAG:
        add_tag(m, node);
        break;
    case QUERY_SITE:
        add_site(m, node);
        break;
    case QUERY_TIME:
        add_time(m, node);
        break;
    case QUERY_UNTAGGED:
        buf_add_text(&m->sql->where, "NOT EXISTS (SELECT 1 FROM page_tags WHERE page = p.id)");
        break;
    case QUERY_INCOMPLETE:
        add_state(m, "incomplete");
        break;
    case QUERY_PENDING:
        add_state(m, "pending");
        break;
    case QUERY_WORDS:
        break; /* is_match */
    }
}

/* An AND whose children are partly FTS5's: those go into `match`, the others into `where`. */
static void split_and(struct maker *m, const struct query_node *node)
{
    bool positive = false;
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next)
        positive = positive || is_match(m, i);
    if (positive) {
        add_and(m, node, &m->sql->match);
        m->sign = "+";
    }
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next) {
        const struct query_node *child = node_at(m, i);
        bool negative = child->kind == QUERY_NOT && is_match(m, child->child);
        if (positive && (negative || is_match(m, i)))
            continue;
        if (m->sql->where.len > 0)
            buf_add_text(&m->sql->where, " AND ");
        add_condition(m, i);
    }
}

/* The words that are looked for, each by itself, where they may stand outside the text. */
static void add_outside(struct maker *m, size_t index)
{
    const struct query_node *node = node_at(m, index);
    if (node->kind == QUERY_WORDS && node->columns != 1u << FTS_TEXT) {
        buf_add_text(&m->sql->outside, m->sql->outside.len > 0 ? " OR " : "");
        add_words(m, node, &m->sql->outside);
    }
    if (node->kind != QUERY_AND && node->kind != QUERY_OR)
        return;
    for (size_t i = node->child; i != 0; i = node_at(m, i)->next)
        add_outside(m, i);
}

bool query_sql_make(struct query_sql *sql, const struct query *query, struct error *err)
{
    struct maker m = {sql, query, ""};
    memset(sql, 0, sizeof *sql);
    buf_init(&sql->match, MIB);
    buf_init(&sql->outside, MIB);
    buf_init(&sql->where, MIB);
    buf_init(&sql->values, MIB);
    if (query->root != 0) {
        const struct query_node *root = node_at(&m, query->root);
        if (is_match(&m, query->root))
            add_match(&m, query->root, &sql->match);
        else if (root->kind == QUERY_AND)
            split_and(&m, root);
        else
            add_condition(&m, query->root);
        add_outside(&m, query->root);
    }
    return buf_ok(&sql->match, "The search", err) && buf_ok(&sql->outside, "The search", err) &&
           buf_ok(&sql->where, "The search", err) && buf_ok(&sql->values, "The search", err);
}

void query_sql_finish(struct query_sql *sql)
{
    buf_finish(&sql->match);
    buf_finish(&sql->outside);
    buf_finish(&sql->where);
    buf_finish(&sql->values);
}

void query_sql_bind(struct store *store, const struct query_sql *sql, sqlite3_stmt *statement)
{
    for (size_t i = 0; i < sql->param_count; i++) {
        int index = (int)(QUERY_SQL_FIRST + i);
        if (sql->params[i].text)
            db_bind_text(
                store, statement, index,
                slice_sub(buf_slice(&sql->values), sql->params[i].start, sql->params[i].len));
        else
            db_bind_int(store, statement, index, sql->params[i].number);
    }
}

#include "store/matches.h"

/* What it takes to hold one match against conditions, in units of finding a page by them. */
enum { COST_OF_EACH = 3, FEW_AT_LEAST = 200 };
/* Pages of a tag up to which those that match beside it are not counted first. */
enum { SMALL_TAG = 3000 };

static void add_trash(const struct matches *m, struct buf *text)
{
    buf_printf(text, "p.trashed %s 0", m->trashed ? ">" : "=");
}

static sqlite3_stmt *compile(const struct matches *m, struct buf *text, bool bound,
                             struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (buf_ok(text, "The search", err))
        statement = db_prepare_once(m->store, buf_slice(text), err);
    buf_finish(text);
    if (statement != NULL && bound)
        query_sql_bind(m->store, m->sql, statement);
    return statement;
}

sqlite3_stmt *matches_pages(const struct matches *m, const char *columns, bool conditions,
                            const char *rest, struct error *err)
{
    struct buf text;
    buf_init(&text, MIB);
    buf_printf(&text, "SELECT %s FROM pages p WHERE ", columns);
    add_trash(m, &text);
    conditions = conditions && m->sql->where.len > 0;
    if (conditions) {
        buf_add_text(&text, " AND ");
        buf_add_slice(&text, buf_slice(&m->sql->where));
    }
    buf_add_text(&text, rest);
    return compile(m, &text, conditions, err);
}

/* How a statement goes through the matches. */
struct way {
    const char *columns;
    const char *visitor; /* NULL, or what sees each match and turns it down, which gives no rows */
    bool joined;         /* each match is held against the conditions */
    bool ascending;
};

static sqlite3_stmt *prepare(const struct matches *m, const struct way *way, struct error *err)
{
    struct buf text;
    buf_init(&text, MIB);
    buf_printf(&text, "SELECT %s FROM search ", way->columns);
    /* By the index that holds most of what conditions ask. */
    if (way->joined)
        buf_add_text(&text, "CROSS JOIN pages p INDEXED BY pages_facts ON p.ord = search.rowid ");
    buf_add_text(&text, "WHERE search MATCH ?1 ");
    if (way->visitor != NULL)
        buf_printf(&text, "AND %s", way->visitor);
    if (way->joined) {
        buf_add_text(&text, "AND ");
        add_trash(m, &text);
        buf_add_text(&text, " AND ");
        buf_add_slice(&text, buf_slice(&m->sql->each));
    }
    buf_add_text(&text, way->ascending ? " ORDER BY search.rowid" : " ORDER BY search.rowid DESC");
    sqlite3_stmt *statement = compile(m, &text, way->joined, err);
    if (statement != NULL)
        db_bind_text(m->store, statement, 1, buf_slice(m->match));
    return statement;
}

/* Walks until all was seen, or the walk has enough. */
static bool run(const struct matches *m, struct walk *walk, bool joined, struct error *err)
{
    static const char visit[] = "linksnap_visit(search, ?2)";
    bool ranks = walk->kind == WALK_RANK;
    /* Beside conditions, a visitor would see matches that do not meet them. */
    const struct way way = {.columns = ranks && joined ? visit : "search.rowid",
                            .visitor = ranks && !joined ? visit : NULL,
                            .joined = joined,
                            .ascending = walk->ascending};
    bool row = true;
    sqlite3_stmt *rows = prepare(m, &way, err);
    bool ok = rows != NULL;
    if (ok && ranks)
        sqlite3_bind_pointer(rows, 2, walk, WALK_POINTER, NULL);
    while (ok && !walk->enough && (ok = db_step(m->store, rows, &row, err)) && row) {
        if (!ranks)
            ok = walk_take(walk, sqlite3_column_int64(rows, 0), err);
    }
    db_done(m->store, rows);
    if (ok)
        walk_end(walk);
    return ok;
}

/* Counts matches up to `most`. */
static bool count_some(const struct matches *m, int64_t most, int64_t *count_out, struct error *err)
{
    const struct way way = {.columns = "1", .ascending = true};
    sqlite3_stmt *rows = prepare(m, &way, err);
    bool row = true;
    bool ok = rows != NULL;
    int64_t count = 0;
    while (ok && count < most && (ok = db_step(m->store, rows, &row, err)) && row)
        count++;
    db_done(m->store, rows);
    *count_out = count;
    return ok;
}

/* How many pages at most meet the conditions, without looking at them. */
static bool estimate_pages(const struct matches *m, int64_t *count_out, struct error *err)
{
    if (m->sql->tag.len == 0)
        return db_get_int(m->store, "SELECT coalesce(max(id), 0) FROM pages", 0, count_out, err);
    sqlite3_stmt *statement =
        db_prepare(m->store,
                   "SELECT count(*) FROM tags t JOIN page_tags pt ON pt.tag = t.id"
                   " WHERE t.folded = ?1 OR (t.folded >= ?1 || '/' AND t.folded < ?1 || '0')",
                   err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_text(m->store, statement, 1, m->sql->tag);
    bool ok = db_step(m->store, statement, &row, err);
    if (ok)
        *count_out = sqlite3_column_int64(statement, 0);
    db_done(m->store, statement);
    return ok;
}

/* Whether so few match that each is to be held against the conditions. */
static bool are_few(const struct matches *m, bool *few_out, struct error *err)
{
    int64_t pages;
    int64_t found;
    if (!estimate_pages(m, &pages, err))
        return false;
    if (m->sql->narrowed && m->sql->tag.len > 0 && pages <= SMALL_TAG) {
        *few_out = true;
        return true;
    }
    int64_t most = pages / COST_OF_EACH + FEW_AT_LEAST;
    if (!count_some(m, most, &found, err))
        return false;
    *few_out = found < most;
    return true;
}

/* The pages of a tag, with those of its parts, that meet the other conditions. A page may come
 * twice. */
static sqlite3_stmt *prepare_tagged(const struct matches *m, struct error *err)
{
    struct buf text;
    buf_init(&text, MIB);
    buf_add_text(&text, "SELECT p.ord FROM page_tags pt"
                        " CROSS JOIN pages p INDEXED BY pages_order ON p.id = pt.page WHERE "
                        "pt.tag IN (SELECT id FROM tags WHERE folded = ?1"
                        " OR (folded >= ?1 || '/' AND folded < ?1 || '0')) AND ");
    add_trash(m, &text);
    if (m->sql->others.len > 0) {
        buf_add_text(&text, " AND ");
        buf_add_slice(&text, buf_slice(&m->sql->others));
    }
    sqlite3_stmt *statement = compile(m, &text, true, err);
    if (statement != NULL)
        db_bind_text(m->store, statement, 1, m->sql->tag);
    return statement;
}

static sqlite3_stmt *prepare_list(const struct matches *m, struct error *err)
{
    if (m->sql->tag.len > 0)
        return prepare_tagged(m, err);
    if (m->sql->where.len > 0)
        return matches_pages(m, "p.ord", true, "", err);
    return db_prepare(m->store, "SELECT ord FROM pages WHERE trashed > 0 ORDER BY ord", err);
}

bool matches_list(const struct matches *m, bool ascending, struct ords *ords, struct error *err)
{
    if (!ords_fill(ords, m->store, prepare_list(m, err), err))
        return false;
    ords_sort(ords, ascending);
    return true;
}

/* How many match, where nothing else decides: quicker than going through them one by one. */
static bool count_all(const struct matches *m, int64_t *count_out, struct error *err)
{
    const struct way way = {.columns = "count(*)", .ascending = true};
    sqlite3_stmt *count = prepare(m, &way, err);
    bool row;
    bool ok = count != NULL && db_step(m->store, count, &row, err);
    if (ok)
        *count_out = sqlite3_column_int64(count, 0);
    db_done(m->store, count);
    return ok;
}

bool matches_walk_list(const struct matches *m, struct walk *walk, struct ords *only,
                       struct error *err)
{
    walk->only = only;
    bool ok = run(m, walk, false, err);
    walk->only = NULL;
    return ok;
}

/* Over all that are not in the trash. */
static bool walk_live(const struct matches *m, struct walk *walk, struct error *err)
{
    struct ords trash;
    int64_t total = 0;
    ords_init(&trash);
    bool ok = matches_list(m, walk->ascending, &trash, err);
    /* Going twice is quicker, since counting is, and the other way ends soon. */
    bool counted = walk->kind == WALK_TIME && ords_count(&trash) == 0 && !m->sql->gathers;
    walk->never = &trash;
    walk->stops = counted;
    ok = ok && (!counted || count_all(m, &total, err)) && run(m, walk, false, err);
    walk->never = NULL;
    if (counted)
        walk->total = total;
    ords_finish(&trash);
    return ok;
}

bool matches_walk(const struct matches *m, struct walk *walk, struct error *err)
{
    bool few = false;
    if (m->sql->where.len == 0 && !m->trashed)
        return walk_live(m, walk, err);
    if (m->sql->where.len > 0 && !are_few(m, &few, err))
        return false;
    if (few)
        return run(m, walk, true, err);
    struct ords list;
    ords_init(&list);
    bool ok =
        matches_list(m, walk->ascending, &list, err) && matches_walk_list(m, walk, &list, err);
    ords_finish(&list);
    return ok;
}

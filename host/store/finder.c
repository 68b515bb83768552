#include "store/finder.h"

#include "store/rank.h"

#include <stdlib.h>

struct finder {
    struct store *store;
    const struct query_sql *sql;
    bool trashed;
    size_t limit;
    const struct cursor *from;
    struct finder_result *result;
};

struct ranked {
    int64_t score;
    int64_t ord;
};

/* The hits of one search that are ranked. */
struct ranking {
    struct ranked rows[2 * FINDER_RANKED];
    size_t count;
    struct cursor bounds;
    int64_t outside[FINDER_RANKED]; /* ords of the others, descending */
    size_t outside_count;
};

/* Compiles "SELECT `columns` FROM the index WHERE it matches ?1 and `condition`", newest first. */
static sqlite3_stmt *prepare_hits(struct finder *f, const char *columns, const char *condition,
                                  struct error *err)
{
    struct buf text;
    sqlite3_stmt *statement = NULL;
    bool joined = f->sql->where.len > 0;
    buf_init(&text, MIB);
    buf_printf(&text, "SELECT %s FROM search ", columns);
    if (joined)
        buf_add_text(&text, "CROSS JOIN pages p ON p.ord = search.rowid ");
    buf_printf(&text, "WHERE search MATCH ?1 AND %s AND ", condition);
    if (joined) {
        buf_printf(&text, "p.trashed %s 0 AND ", f->trashed ? ">" : "=");
        buf_add_slice(&text, buf_slice(&f->sql->where));
    } else {
        /* The plus keeps SQLite from running the match once for each row in the trash. */
        buf_printf(&text, "+search.rowid %s (SELECT ord FROM pages WHERE trashed > 0)",
                   f->trashed ? "IN" : "NOT IN");
    }
    buf_add_text(&text, " ORDER BY search.rowid DESC");
    if (buf_ok(&text, "The search", err))
        statement = db_prepare_once(f->store, buf_slice(&text), err);
    buf_finish(&text);
    if (statement != NULL)
        query_sql_bind(f->store, f->sql, statement);
    return statement;
}

static sqlite3_stmt *prepare_pages(struct finder *f, const char *columns, const char *rest,
                                   struct error *err)
{
    struct buf text;
    sqlite3_stmt *statement = NULL;
    buf_init(&text, MIB);
    buf_printf(&text, "SELECT %s FROM pages p WHERE p.trashed %s 0", columns,
               f->trashed ? ">" : "=");
    if (f->sql->where.len > 0) {
        buf_add_text(&text, " AND ");
        buf_add_slice(&text, buf_slice(&f->sql->where));
    }
    buf_add_text(&text, rest);
    if (buf_ok(&text, "The search", err))
        statement = db_prepare_once(f->store, buf_slice(&text), err);
    buf_finish(&text);
    if (statement != NULL)
        query_sql_bind(f->store, f->sql, statement);
    return statement;
}

/* Where a row stands. What a foreign store makes up must not get into a cursor. */
static bool read_ord(sqlite3_stmt *statement, int64_t *ord_out, struct error *err)
{
    int64_t ord = sqlite3_column_int64(statement, 0);
    if (ord < 0 || ord > CURSOR_ORD_MAX)
        return error_set(err, ERR_STORE_CORRUPT, "The store's numbering is damaged");
    *ord_out = ord;
    return true;
}

/* Takes a row into the result and moves `after` behind it. When the result is full, that is where
 * the next page begins: returns false. */
static bool take(struct finder *f, int64_t ord, int64_t score, struct cursor *after)
{
    struct finder_result *result = f->result;
    if (result->count == f->limit) {
        result->next = *after;
        return false;
    }
    result->ords[result->count++] = ord;
    after->ord = ord;
    after->score = score;
    return true;
}

/* Takes from rows that come newest first those after the cursor; `counting` them all, or only until
 * the result is full. */
static bool take_newest(struct finder *f, sqlite3_stmt *rows, bool counting, struct error *err)
{
    struct cursor after = {.kind = CURSOR_NEWEST};
    int64_t from = f->from->kind == CURSOR_START ? INT64_MAX : f->from->ord;
    bool row = false;
    bool more = true;
    bool ok = true;
    while (ok && (more || counting)) {
        int64_t ord = 0;
        if (!(ok = db_step(f->store, rows, &row, err)) || !row)
            break;
        ok = read_ord(rows, &ord, err);
        f->result->total += counting;
        if (ok && more && ord < from)
            more = take(f, ord, 0, &after);
    }
    return ok;
}

/* Everything: counted by an index, and read no further than needed. */
static bool find_all(struct finder *f, struct error *err)
{
    bool row = false;
    bool ok = false;
    sqlite3_stmt *list = NULL;
    sqlite3_stmt *count = prepare_pages(f, "count(*)", "", err);
    if (count == NULL || !db_step(f->store, count, &row, err))
        goto out;
    f->result->total = sqlite3_column_int64(count, 0);
    list = prepare_pages(f, "p.ord", " AND p.ord < ?1 ORDER BY p.ord DESC", err);
    if (list == NULL)
        goto out;
    db_bind_int(f->store, list, 1, f->from->kind == CURSOR_START ? INT64_MAX : f->from->ord);
    ok = take_newest(f, list, false, err);
out:
    db_done(f->store, count);
    db_done(f->store, list);
    return ok;
}

/* Pages that meet a condition which the index knows nothing of. */
static bool find_pages(struct finder *f, struct error *err)
{
    sqlite3_stmt *list = prepare_pages(f, "p.ord", " ORDER BY p.ord DESC", err);
    if (list == NULL)
        return false;
    bool ok = take_newest(f, list, true, err);
    db_done(f->store, list);
    return ok;
}

/* All matches, newest first. */
static bool find_newest(struct finder *f, struct error *err)
{
    sqlite3_stmt *hits = prepare_hits(f, "search.rowid", "1", err);
    if (hits == NULL)
        return false;
    db_bind_text(f->store, hits, 1, buf_slice(&f->sql->match));
    bool ok = take_newest(f, hits, true, err);
    db_done(f->store, hits);
    return ok;
}

static bool add_ranked(struct ranking *ranking, sqlite3_stmt *hits, struct error *err)
{
    struct ranked *row = &ranking->rows[ranking->count];
    if (!read_ord(hits, &row->ord, err))
        return false;
    row->score = sqlite3_column_int64(hits, 1);
    ranking->count++;
    return true;
}

/* Counts all matches and scores the newest. */
static bool rank_window(struct finder *f, struct ranking *ranking, struct error *err)
{
    struct cursor *bounds = &ranking->bounds;
    sqlite3_stmt *hits = prepare_hits(f,
                                      "search.rowid, CASE WHEN search.rowid BETWEEN ?4 AND ?5"
                                      " THEN linksnap_score(search, ?2, ?3) END",
                                      "1", err);
    if (hits == NULL)
        return false;
    bool row;
    bool ok;
    db_bind_text(f->store, hits, 1, buf_slice(&f->sql->match));
    db_bind_int(f->store, hits, 2, (int64_t)f->sql->phrases);
    db_bind_int(f->store, hits, 3, FINDER_RANKED);
    db_bind_int(f->store, hits, 4, bounds->low);
    db_bind_int(f->store, hits, 5, bounds->top);
    while ((ok = db_step(f->store, hits, &row, err)) && row) {
        f->result->total++;
        if (sqlite3_column_type(hits, 1) != SQLITE_NULL && ranking->count < FINDER_RANKED &&
            !(ok = add_ranked(ranking, hits, err)))
            break;
    }
    db_done(f->store, hits);
    if (f->from->kind == CURSOR_START && ranking->count > 0) {
        bounds->top = ranking->rows[0].ord;
        bounds->low = f->result->total > FINDER_RANKED ? ranking->rows[ranking->count - 1].ord : 0;
    }
    return ok;
}

/* Scores those older hits that have a word outside the text. */
static bool rank_outside(struct finder *f, struct ranking *ranking, struct error *err)
{
    struct cursor *bounds = &ranking->bounds;
    struct buf match;
    bool row;
    bool ok = false;
    sqlite3_stmt *hits = NULL;
    buf_init(&match, 2 * MIB);
    buf_add_slice(&match, buf_slice(&f->sql->match));
    buf_printf(&match, " AND {title tags note url} : (%s)", f->sql->outside.ptr);
    if (!buf_ok(&match, "The search", err))
        goto out;
    hits = prepare_hits(f, "search.rowid, linksnap_score(search, ?2, ?3)",
                        "search.rowid < ?4 AND search.rowid >= ?5", err);
    if (hits == NULL)
        goto out;
    db_bind_text(f->store, hits, 1, buf_slice(&match));
    db_bind_int(f->store, hits, 2, (int64_t)f->sql->phrases);
    db_bind_int(f->store, hits, 3, FINDER_RANKED);
    db_bind_int(f->store, hits, 4, bounds->low);
    db_bind_int(f->store, hits, 5, bounds->outside_low);
    while ((ok = db_step(f->store, hits, &row, err)) && row &&
           ranking->outside_count < FINDER_RANKED) {
        if (!(ok = add_ranked(ranking, hits, err)))
            break;
        ranking->outside[ranking->outside_count++] = ranking->rows[ranking->count - 1].ord;
    }
    if (ok && row && f->from->kind == CURSOR_START)
        bounds->outside_low = ranking->outside[ranking->outside_count - 1];
out:
    db_done(f->store, hits);
    buf_finish(&match);
    return ok;
}

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->ord > y->ord ? -1 : x->ord < y->ord;
}

static bool is_outside(const struct ranking *ranking, int64_t ord)
{
    size_t low = 0;
    size_t high = ranking->outside_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranking->outside[middle] == ord)
            return true;
        if (ranking->outside[middle] > ord)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Hits that were not ranked, after all that were. */
static bool take_tail(struct finder *f, const struct ranking *ranking, struct error *err)
{
    struct cursor after = ranking->bounds;
    after.kind = CURSOR_TAIL;
    after.ord = f->from->kind == CURSOR_TAIL ? f->from->ord : after.low;
    sqlite3_stmt *hits = prepare_hits(f, "search.rowid", "search.rowid < ?4", err);
    if (hits == NULL)
        return false;
    bool row;
    bool ok;
    db_bind_text(f->store, hits, 1, buf_slice(&f->sql->match));
    db_bind_int(f->store, hits, 4, after.ord);
    while ((ok = db_step(f->store, hits, &row, err)) && row) {
        int64_t ord = 0;
        if (!(ok = read_ord(hits, &ord, err)) ||
            (!is_outside(ranking, ord) && !take(f, ord, 0, &after)))
            break;
    }
    db_done(f->store, hits);
    return ok;
}

static bool take_ranked(struct finder *f, const struct ranking *ranking)
{
    struct ranked last = {f->from->score, f->from->ord};
    struct cursor after = ranking->bounds;
    after.kind = CURSOR_RANKED;
    for (size_t i = 0; i < ranking->count && f->from->kind != CURSOR_TAIL; i++) {
        const struct ranked *row = &ranking->rows[i];
        if (f->from->kind == CURSOR_RANKED && compare_ranked(&last, row) >= 0)
            continue;
        if (!take(f, row->ord, row->score, &after))
            return false;
    }
    return true;
}

static bool find_best(struct finder *f, struct error *err)
{
    struct ranking *ranking = malloc(sizeof *ranking);
    if (ranking == NULL)
        return error_no_memory(err);
    ranking->count = 0;
    ranking->outside_count = 0;
    ranking->bounds = *f->from;
    if (f->from->kind == CURSOR_START)
        ranking->bounds.top = INT64_MAX;
    bool ok = rank_window(f, ranking, err);
    bool more = ok && ranking->bounds.low > 0;
    if (more && f->sql->outside.len > 0)
        ok = rank_outside(f, ranking, err);
    if (ok) {
        qsort(ranking->rows, ranking->count, sizeof *ranking->rows, compare_ranked);
        if (take_ranked(f, ranking) && more)
            ok = take_tail(f, ranking, err);
    }
    free(ranking);
    return ok;
}

bool finder_run(struct store *store, const struct query_sql *sql, bool trashed,
                enum search_sort sort, size_t limit, const struct cursor *from,
                struct finder_result *result_out, struct error *err)
{
    struct finder finder = {store, sql, trashed, limit, from, result_out};
    bool indexed = sql->match.len > 0;
    bool ranked = indexed && sort == SEARCH_RANK;
    if (from->kind != CURSOR_START && (from->kind == CURSOR_NEWEST) == ranked)
        return error_set(err, ERR_PARAMS, "The cursor is of another search");
    result_out->count = 0;
    result_out->total = 0;
    result_out->next = (struct cursor){.kind = CURSOR_START};
    if (!indexed)
        return sql->where.len > 0 ? find_pages(&finder, err) : find_all(&finder, err);
    return ranked ? find_best(&finder, err) : find_newest(&finder, err);
}

#include "store/finder.h"

#include "store/matches.h"

#include <stdlib.h>

/* The rows of an answer as they are found: some are passed over, the next ones taken. */
struct taking {
    struct finder_result *result;
    size_t skip;
    size_t limit;
    struct cursor after; /* behind the last row */
};

/* Takes a row and moves `after` behind it. When the result is full, that is where the next page
 * begins: returns false. */
static bool take(struct taking *taking, int64_t ord)
{
    struct finder_result *result = taking->result;
    if (taking->skip > 0) {
        taking->skip--;
    } else if (result->count == taking->limit) {
        result->next = taking->after;
        return false;
    } else {
        result->ords[result->count++] = ord;
    }
    taking->after.ord = ord;
    return true;
}

/* All matches by time. */
static bool find_by_time(const struct matches *matches, struct walk *walk, struct taking *taking,
                         struct error *err)
{
    taking->after.kind = walk->ascending ? CURSOR_OLDEST : CURSOR_NEWEST;
    if (!matches_walk(matches, walk, err))
        return false;
    taking->result->total = walk->total;
    for (size_t i = 0; i < ords_count(&walk->taken); i++) {
        if (!take(taking, ords_list(&walk->taken)[i]))
            break;
    }
    return true;
}

/* The best of a walk, then the first of those that were not ranked. */
static void take_ranked(const struct walk *walk, const struct ords *tail, int64_t tail_from,
                        struct taking *taking)
{
    bool more = true;
    taking->after = walk->bounds;
    taking->after.kind = CURSOR_RANKED;
    for (size_t i = 0; i < walk->best_count && more; i++) {
        more = take(taking, walk->best[i].ord);
        if (more)
            taking->after.score = walk->best[i].score;
    }
    if (more) {
        taking->after.kind = CURSOR_TAIL;
        taking->after.ord = tail_from;
    }
    for (size_t i = 0; i < ords_count(tail) && more; i++)
        more = take(taking, ords_list(tail)[i]);
}

static bool find_best(const struct matches *matches, struct walk *walk, struct taking *taking,
                      struct error *err)
{
    walk->phrases = matches->sql->phrases;
    walk->bounds = walk->from;
    if (!matches_walk(matches, walk, err))
        return false;
    taking->result->total = walk->total;
    take_ranked(walk, &walk->tail, walk->bounds.low, taking);
    return true;
}

/* Pages that meet conditions of which words are only a part, `word OR tag:x`: those that have a
 * word are ranked, the others follow. */
static bool find_best_of_list(const struct matches *matches, struct walk *walk,
                              struct taking *taking, struct error *err)
{
    struct ords list;
    struct ords tail;
    ords_init(&list);
    ords_init(&tail);
    walk->phrases = matches->sql->phrases;
    walk->bounds = walk->from;
    walk->lists_ranked = true;
    bool ok =
        matches_list(matches, false, &list, err) && matches_walk_list(matches, walk, &list, err);
    for (size_t i = 0; ok && i < ords_count(&list) && ords_count(&tail) <= walk->limit; i++) {
        int64_t ord = ords_list(&list)[i];
        bool after = walk->from.kind != CURSOR_TAIL || ord < walk->from.ord;
        if (!ords_next_is(&walk->taken, ord, false) && after)
            ok = ords_add(&tail, ord) || buf_ok(&tail.bytes, "A list of pages", err);
    }
    if (ok) {
        taking->result->total = (int64_t)ords_count(&list);
        take_ranked(walk, &tail, CURSOR_ORD_MAX, taking);
    }
    ords_finish(&list);
    ords_finish(&tail);
    return ok;
}

/* How pages stand in a list by a column; equal ones newest first. */
struct order {
    enum cursor_kind kind;
    const char *order;   /* from the start */
    const char *onwards; /* after the key ?3 and the ord ?4 */
    const char *key;     /* of the page ?1 */
};

static const struct order orders[] = {
    [SEARCH_NEWEST] = {CURSOR_NEWEST, " ORDER BY p.ord DESC", " AND p.ord < ?4 ORDER BY p.ord DESC",
                       NULL},
    [SEARCH_OLDEST] = {CURSOR_OLDEST, " ORDER BY p.ord", " AND p.ord > ?4 ORDER BY p.ord", NULL},
    [SEARCH_TITLE] = {CURSOR_TITLE, " ORDER BY p.title COLLATE NOCASE, p.ord DESC",
                      " AND p.title COLLATE NOCASE >= ?3"
                      " AND (p.title COLLATE NOCASE > ?3 OR p.ord < ?4)"
                      " ORDER BY p.title COLLATE NOCASE, p.ord DESC",
                      "SELECT ord, title FROM pages WHERE id = ?1"},
    [SEARCH_SITE] = {CURSOR_SITE, " ORDER BY p.site, p.ord DESC",
                     " AND p.site >= ?3 AND (p.site > ?3 OR p.ord < ?4)"
                     " ORDER BY p.site, p.ord DESC",
                     "SELECT ord, site FROM pages WHERE id = ?1"},
};

/* Binds where an ordered list goes on. A cursor by title or site names its page, since what it
 * stands for may be long. */
static bool bind_start(struct store *store, const struct order *order, const struct cursor *from,
                       sqlite3_stmt *list, struct error *err)
{
    bool row;
    if (order->key == NULL) {
        db_bind_int(store, list, 4, from->ord);
        return true;
    }
    sqlite3_stmt *key = db_prepare(store, order->key, err);
    if (key == NULL)
        return false;
    db_bind_int(store, key, 1, from->ord);
    bool ok = db_step(store, key, &row, err) &&
              (row || error_set(err, ERR_PARAMS, "The page that the cursor names is gone"));
    if (ok) {
        int code = sqlite3_bind_value(list, 3, sqlite3_column_value(key, 1));
        db_bind_int(store, list, 4, sqlite3_column_int64(key, 0));
        ok = code == SQLITE_OK || db_error(store, code, err);
    }
    db_done(store, key);
    return ok;
}

static bool check_number(int64_t number, struct error *err)
{
    return (number >= 0 && number <= CURSOR_ORD_MAX) ||
           error_set(err, ERR_STORE_CORRUPT, "The store's numbering is damaged");
}

/* Pages by a column of theirs: those in `only` (newest first), or when that is NULL all. */
static bool find_in_order(const struct matches *matches, const struct order *order,
                          const struct cursor *from, const struct ords *only, struct taking *taking,
                          struct error *err)
{
    bool start = from->kind == CURSOR_START;
    bool row = true;
    bool more = true;
    taking->after.kind = order->kind;
    sqlite3_stmt *list =
        matches_pages(matches, "p.ord, p.id", false, start ? order->order : order->onwards, err);
    bool ok = list != NULL && (start || bind_start(matches->store, order, from, list, err));
    while (ok && more && (ok = db_step(matches->store, list, &row, err)) && row) {
        int64_t ord = sqlite3_column_int64(list, 0);
        int64_t page = sqlite3_column_int64(list, 1);
        ok = check_number(ord, err) && check_number(page, err);
        if (!ok || (only != NULL && !ords_have(only, ord)))
            continue;
        more = take(taking, ord);
        if (more && order->key != NULL)
            taking->after.ord = page;
    }
    db_done(matches->store, list);
    return ok;
}

/* Pages that meet conditions, without words to look for. */
static bool find_listed(const struct matches *matches, enum search_sort sort,
                        const struct cursor *from, struct taking *taking, struct error *err)
{
    struct ords list;
    bool ascending = sort == SEARCH_OLDEST;
    taking->after.kind = orders[sort].kind;
    ords_init(&list);
    bool ok = matches_list(matches, ascending, &list, err);
    taking->result->total = (int64_t)ords_count(&list);
    if (ok && orders[sort].key != NULL) {
        ok = find_in_order(matches, &orders[sort], from, &list, taking, err);
    } else if (ok) {
        for (size_t i = 0; i < ords_count(&list); i++) {
            int64_t ord = ords_list(&list)[i];
            bool on = from->kind == CURSOR_START || (ascending ? ord > from->ord : ord < from->ord);
            if (on && !take(taking, ord))
                break;
        }
    }
    ords_finish(&list);
    return ok;
}

static bool count_pages(const struct matches *matches, int64_t *total_out, struct error *err)
{
    bool row;
    sqlite3_stmt *count = matches_pages(matches, "count(*)", false, "", err);
    bool ok = count != NULL && db_step(matches->store, count, &row, err);
    if (ok)
        *total_out = sqlite3_column_int64(count, 0);
    db_done(matches->store, count);
    return ok;
}

/* What needs a walk. `matches->match` is not empty. */
static bool find_by_walk(const struct matches *matches, enum search_sort sort, struct walk *walk,
                         struct taking *taking, struct error *err)
{
    switch (sort) {
    case SEARCH_RANK:
        walk->kind = WALK_RANK;
        return matches->sql->match.len > 0 ? find_best(matches, walk, taking, err)
                                           : find_best_of_list(matches, walk, taking, err);
    case SEARCH_TITLE:
    case SEARCH_SITE:
        walk->kind = WALK_ALL;
        if (!matches_walk(matches, walk, err))
            return false;
        taking->result->total = walk->total;
        return find_in_order(matches, &orders[sort], &walk->from, &walk->taken, taking, err);
    default:
        walk->kind = WALK_TIME;
        walk->ascending = sort == SEARCH_OLDEST;
        return find_by_time(matches, walk, taking, err);
    }
}

static bool cursor_fits(const struct cursor *cursor, enum search_sort sort)
{
    if (cursor->kind == CURSOR_START)
        return true;
    if (sort == SEARCH_RANK)
        return cursor->kind == CURSOR_RANKED || cursor->kind == CURSOR_TAIL;
    return cursor->kind == orders[sort].kind;
}

bool finder_run(struct store *store, const struct query_sql *sql,
                const struct finder_request *request, struct finder_result *result_out,
                struct error *err)
{
    enum search_sort sort = request->sort;
    const struct cursor *from = &request->from;
    bool indexed = sql->match.len > 0;
    bool words = indexed || sql->any.len > 0;
    const struct matches matches = {store, sql, indexed ? &sql->match : &sql->any,
                                    request->trashed};
    struct taking taking = {.result = result_out, .skip = request->skip, .limit = request->limit};
    /* Without words there is nothing to rank. */
    if (!words && sort == SEARCH_RANK)
        sort = SEARCH_NEWEST;
    if (!cursor_fits(from, sort))
        return error_set(err, ERR_PARAMS, "The cursor is of another search");
    memset(result_out, 0, sizeof *result_out);
    if (!indexed && sort != SEARCH_RANK && sql->where.len > 0)
        return find_listed(&matches, sort, from, &taking, err);
    if (!indexed && sort != SEARCH_RANK)
        return count_pages(&matches, &result_out->total, err) &&
               find_in_order(&matches, &orders[sort], from, NULL, &taking, err);
    struct walk *walk = malloc(sizeof *walk);
    if (walk == NULL)
        return error_no_memory(err);
    walk_init(walk, WALK_ALL, request->skip + request->limit);
    walk->from = *from;
    bool ok = find_by_walk(&matches, sort, walk, &taking, err);
    walk_finish(walk);
    free(walk);
    return ok;
}

bool finder_all(struct store *store, const struct query_sql *sql, bool trashed, struct ords *ords,
                struct error *err)
{
    const struct matches matches = {store, sql, &sql->match, trashed};
    if (sql->match.len == 0 && sql->where.len > 0)
        return matches_list(&matches, false, ords, err);
    if (sql->match.len == 0)
        return ords_fill(ords, store,
                         matches_pages(&matches, "p.ord", false, " ORDER BY p.ord DESC", err), err);
    struct walk *walk = malloc(sizeof *walk);
    if (walk == NULL)
        return error_no_memory(err);
    walk_init(walk, WALK_ALL, 0);
    bool ok = matches_walk(&matches, walk, err);
    if (ok) {
        ords_finish(ords);
        *ords = walk->taken;
        ords_init(&walk->taken);
    }
    walk_finish(walk);
    free(walk);
    return ok;
}

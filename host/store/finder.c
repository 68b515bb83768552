#include "store/finder.h"

#include "store/matches.h"

#include <stdlib.h>

/* Takes a row into the result and moves `after` behind it. When the result is full, that is where
 * the next page begins: returns false. */
static bool take(struct finder_result *result, size_t limit, int64_t ord, struct cursor *after)
{
    if (result->count == limit) {
        result->next = *after;
        return false;
    }
    result->ords[result->count++] = ord;
    after->ord = ord;
    return true;
}

/* All matches by time. */
static bool find_by_time(const struct matches *matches, struct walk *walk,
                         struct finder_result *result, struct error *err)
{
    struct cursor after = {.kind = walk->ascending ? CURSOR_OLDEST : CURSOR_NEWEST};
    if (!matches_walk(matches, walk, err))
        return false;
    result->total = walk->total;
    for (size_t i = 0; i < ords_count(&walk->taken); i++) {
        if (!take(result, walk->limit, ords_list(&walk->taken)[i], &after))
            break;
    }
    return true;
}

/* The best of a walk, then the first of those that were not ranked. */
static void take_ranked(const struct walk *walk, const int64_t *tail, size_t tail_count,
                        int64_t tail_from, struct finder_result *result)
{
    bool more = true;
    struct cursor after = walk->bounds;
    after.kind = CURSOR_RANKED;
    for (size_t i = 0; i < walk->best_count && more; i++) {
        more = take(result, walk->limit, walk->best[i].ord, &after);
        if (more)
            after.score = walk->best[i].score;
    }
    if (more) {
        after.kind = CURSOR_TAIL;
        after.ord = tail_from;
    }
    for (size_t i = 0; i < tail_count && more; i++)
        more = take(result, walk->limit, tail[i], &after);
}

static bool find_best(const struct matches *matches, struct walk *walk,
                      struct finder_result *result, struct error *err)
{
    walk->phrases = matches->sql->phrases;
    walk->bounds = walk->from;
    if (!matches_walk(matches, walk, err))
        return false;
    result->total = walk->total;
    take_ranked(walk, walk->tail, walk->tail_count, walk->bounds.low, result);
    return true;
}

/* Pages that meet conditions of which words are only a part, `word OR tag:x`: those that have a
 * word are ranked, the others follow. */
static bool find_best_of_list(const struct matches *matches, struct walk *walk,
                              struct finder_result *result, struct error *err)
{
    int64_t tail[LIMIT_RESULTS + 1];
    size_t tail_count = 0;
    struct ords list;
    ords_init(&list);
    walk->phrases = matches->sql->phrases;
    walk->bounds = walk->from;
    walk->lists_ranked = true;
    bool ok =
        matches_list(matches, false, &list, err) && matches_walk_list(matches, walk, &list, err);
    for (size_t i = 0; ok && i < ords_count(&list) && tail_count <= walk->limit; i++) {
        int64_t ord = ords_list(&list)[i];
        bool after = walk->from.kind != CURSOR_TAIL || ord < walk->from.ord;
        if (!ords_next_is(&walk->taken, ord, false) && after)
            tail[tail_count++] = ord;
    }
    if (ok) {
        result->total = (int64_t)ords_count(&list);
        take_ranked(walk, tail, tail_count, CURSOR_ORD_MAX, result);
    }
    ords_finish(&list);
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
static bool find_in_order(const struct matches *matches, const struct order *order, size_t limit,
                          const struct cursor *from, const struct ords *only,
                          struct finder_result *result, struct error *err)
{
    struct cursor after = {.kind = order->kind};
    bool start = from->kind == CURSOR_START;
    bool row = true;
    bool more = true;
    sqlite3_stmt *list =
        matches_pages(matches, "p.ord, p.id", false, start ? order->order : order->onwards, err);
    bool ok = list != NULL && (start || bind_start(matches->store, order, from, list, err));
    while (ok && more && (ok = db_step(matches->store, list, &row, err)) && row) {
        int64_t ord = sqlite3_column_int64(list, 0);
        int64_t page = sqlite3_column_int64(list, 1);
        ok = check_number(ord, err) && check_number(page, err);
        if (!ok || (only != NULL && !ords_have(only, ord)))
            continue;
        more = take(result, limit, ord, &after);
        if (more && order->key != NULL)
            after.ord = page;
    }
    db_done(matches->store, list);
    return ok;
}

/* Pages that meet conditions, without words to look for. */
static bool find_listed(const struct matches *matches, enum search_sort sort, size_t limit,
                        const struct cursor *from, struct finder_result *result, struct error *err)
{
    struct ords list;
    bool ascending = sort == SEARCH_OLDEST;
    struct cursor after = {.kind = orders[sort].kind};
    ords_init(&list);
    bool ok = matches_list(matches, ascending, &list, err);
    result->total = (int64_t)ords_count(&list);
    if (ok && orders[sort].key != NULL) {
        ok = find_in_order(matches, &orders[sort], limit, from, &list, result, err);
    } else if (ok) {
        for (size_t i = 0; i < ords_count(&list); i++) {
            int64_t ord = ords_list(&list)[i];
            bool on = from->kind == CURSOR_START || (ascending ? ord > from->ord : ord < from->ord);
            if (on && !take(result, limit, ord, &after))
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
                         struct finder_result *result, struct error *err)
{
    switch (sort) {
    case SEARCH_RANK:
        walk->kind = WALK_RANK;
        return matches->sql->match.len > 0 ? find_best(matches, walk, result, err)
                                           : find_best_of_list(matches, walk, result, err);
    case SEARCH_TITLE:
    case SEARCH_SITE:
        walk->kind = WALK_ALL;
        if (!matches_walk(matches, walk, err))
            return false;
        result->total = walk->total;
        return find_in_order(matches, &orders[sort], walk->limit, &walk->from, &walk->taken, result,
                             err);
    default:
        walk->kind = WALK_TIME;
        walk->ascending = sort == SEARCH_OLDEST;
        return find_by_time(matches, walk, result, err);
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

bool finder_run(struct store *store, const struct query_sql *sql, bool trashed,
                enum search_sort sort, size_t limit, const struct cursor *from,
                struct finder_result *result_out, struct error *err)
{
    bool indexed = sql->match.len > 0;
    bool words = indexed || sql->any.len > 0;
    const struct matches matches = {store, sql, indexed ? &sql->match : &sql->any, trashed};
    /* Without words there is nothing to rank. */
    if (!words && sort == SEARCH_RANK)
        sort = SEARCH_NEWEST;
    if (!cursor_fits(from, sort))
        return error_set(err, ERR_PARAMS, "The cursor is of another search");
    memset(result_out, 0, sizeof *result_out);
    if (!indexed && sort != SEARCH_RANK && sql->where.len > 0)
        return find_listed(&matches, sort, limit, from, result_out, err);
    if (!indexed && sort != SEARCH_RANK)
        return count_pages(&matches, &result_out->total, err) &&
               find_in_order(&matches, &orders[sort], limit, from, NULL, result_out, err);
    struct walk *walk = malloc(sizeof *walk);
    if (walk == NULL)
        return error_no_memory(err);
    walk_init(walk, WALK_ALL, limit);
    walk->from = *from;
    bool ok = find_by_walk(&matches, sort, walk, result_out, err);
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

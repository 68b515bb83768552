#include "store/walk.h"

#include "store/rank.h"

#include <stdlib.h>

void walk_init(struct walk *walk, enum walk_kind kind, size_t limit)
{
    memset(walk, 0, sizeof *walk);
    walk->kind = kind;
    walk->limit = limit;
    ords_init(&walk->taken);
    ords_init(&walk->tail);
}

void walk_finish(struct walk *walk)
{
    ords_finish(&walk->taken);
    ords_finish(&walk->tail);
}

/* Whether `a` stands before `b` in the answer. */
static bool better(struct ranked a, struct ranked b)
{
    return a.score != b.score ? a.score > b.score : a.ord > b.ord;
}

static void sift_down(struct ranked *heap, size_t count)
{
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            return;
        if (child + 1 < count && better(heap[child], heap[child + 1]))
            child++;
        if (!better(heap[at], heap[child]))
            return;
        struct ranked swapped = heap[at];
        heap[at] = heap[child];
        heap[child] = swapped;
        at = child;
    }
}

static void sift_up(struct ranked *heap, size_t at)
{
    while (at > 0 && better(heap[(at - 1) / 2], heap[at])) {
        struct ranked swapped = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = swapped;
        at = (at - 1) / 2;
    }
}

static bool full(const struct walk *walk)
{
    return walk->best_count > walk->limit;
}

static void keep_best(struct walk *walk, struct ranked row)
{
    if (!full(walk)) {
        walk->best[walk->best_count] = row;
        sift_up(walk->best, walk->best_count++);
    } else if (better(row, walk->best[0])) {
        walk->best[0] = row;
        sift_down(walk->best, walk->best_count);
    }
}

/* Scores a row, unless it can be seen that it is not among the best. */
static int score(struct walk *walk, const Fts5ExtensionApi *api, Fts5Context *row, int64_t ord)
{
    struct rank_hits hits;
    struct ranked scored = {.ord = ord};
    const struct ranked last = {(int)walk->from.score, walk->from.ord};
    int code = rank_collect(api, row, walk->phrases, &hits);
    if (code != SQLITE_OK)
        return code;
    scored.score = rank_bound(api, row, &hits);
    if (full(walk) && !better(scored, walk->best[0]))
        return SQLITE_OK;
    code = rank_score(api, row, &hits, &scored.score);
    if (code == SQLITE_OK && (walk->from.kind != CURSOR_RANKED || better(last, scored)))
        keep_best(walk, scored);
    return code;
}

/* Whether a row is one of the newest, which are ranked whatever they are. */
static bool in_window(struct walk *walk, int64_t ord)
{
    bool start = walk->from.kind == CURSOR_START;
    if (walk->ranked == WALK_RANKED ||
        (!start && (ord > walk->bounds.top || ord < walk->bounds.low)))
        return false;
    if (start && walk->ranked == 0)
        walk->bounds.top = ord;
    walk->ranked++;
    walk->oldest_ranked = ord;
    return true;
}

/* Whether an older one is ranked for a hit outside its text. */
static int older_is_ranked(struct walk *walk, const Fts5ExtensionApi *api, Fts5Context *row,
                           int64_t ord, bool *ranked_out)
{
    bool outside = false;
    int code = SQLITE_OK;
    if (walk->outside < WALK_RANKED &&
        (walk->from.kind == CURSOR_START || ord >= walk->bounds.outside_low))
        code = rank_outside(api, row, walk->phrases, &outside);
    if (outside && ++walk->outside == WALK_RANKED && walk->from.kind == CURSOR_START)
        walk->bounds.outside_low = ord;
    *ranked_out = outside;
    return code;
}

static int rank_row(struct walk *walk, const Fts5ExtensionApi *api, Fts5Context *row, int64_t ord)
{
    bool ranked = in_window(walk, ord);
    if (!ranked) {
        /* What was saved since the first page of the answer is not in it. */
        if (walk->from.kind != CURSOR_START && ord >= walk->bounds.low)
            return SQLITE_OK;
        int code = older_is_ranked(walk, api, row, ord, &ranked);
        if (code != SQLITE_OK)
            return code;
    }
    if (ranked && walk->lists_ranked && !ords_add(&walk->taken, ord))
        return SQLITE_NOMEM;
    if (ranked)
        return walk->from.kind == CURSOR_TAIL ? SQLITE_OK : score(walk, api, row, ord);
    bool after = walk->from.kind != CURSOR_TAIL || ord < walk->from.ord;
    if (after && ords_count(&walk->tail) <= walk->limit && !ords_add(&walk->tail, ord))
        return SQLITE_NOMEM;
    return SQLITE_OK;
}

static bool is_sane(int64_t ord)
{
    /* What a foreign store makes up must not get into a cursor. */
    return ord >= 0 && ord <= CURSOR_ORD_MAX;
}

static bool counts(struct walk *walk, int64_t ord)
{
    return (walk->only == NULL || ords_next_is(walk->only, ord, walk->ascending)) &&
           (walk->never == NULL || !ords_next_is(walk->never, ord, walk->ascending));
}

bool walk_take(struct walk *walk, int64_t ord, struct error *err)
{
    if (!is_sane(ord))
        return error_set(err, ERR_STORE_CORRUPT, "The store's numbering is damaged");
    if (!counts(walk, ord))
        return true;
    walk->total++;
    if (walk->kind == WALK_TIME) {
        bool after = walk->from.kind == CURSOR_START ||
                     (walk->ascending ? ord > walk->from.ord : ord < walk->from.ord);
        if (!after || ords_count(&walk->taken) > walk->limit)
            return true;
    }
    bool ok = ords_add(&walk->taken, ord);
    walk->enough = walk->stops && ords_count(&walk->taken) > walk->limit;
    return ok || buf_ok(&walk->taken.bytes, "A list of pages", err);
}

static int visit(struct walk *walk, const Fts5ExtensionApi *api, Fts5Context *row)
{
    int64_t ord = api->xRowid(row);
    if (!is_sane(ord))
        return SQLITE_CORRUPT;
    if (!counts(walk, ord))
        return SQLITE_OK;
    walk->total++;
    return rank_row(walk, api, row, ord);
}

void walk_visit(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context, int count,
                sqlite3_value **values)
{
    struct walk *walk = count == 1 ? sqlite3_value_pointer(values[0], WALK_POINTER) : NULL;
    int code = walk == NULL ? SQLITE_MISUSE : visit(walk, api, row);
    if (code != SQLITE_OK)
        sqlite3_result_error_code(context, code);
}

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    return better(*x, *y) ? -1 : better(*y, *x);
}

void walk_end(struct walk *walk)
{
    qsort(walk->best, walk->best_count, sizeof *walk->best, compare_ranked);
    if (walk->from.kind == CURSOR_START)
        walk->bounds.low = walk->total > (int64_t)walk->ranked ? walk->oldest_ranked : 0;
}

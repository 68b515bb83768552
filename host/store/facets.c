#include "store/facets.h"

#include "base/limits.h"
#include "store/finder.h"
#include "store/query.h"
#include "store/query_time.h"
#include "store/row_strings.h"
#include "store/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Looking up one row costs as much as passing so many. */
enum { COST_OF_LOOKUP = 5 };

struct facets {
    struct store *store;
    struct query query;
    struct query_sql sql;
    struct ords ords;  /* the answer, newest first */
    struct ords pages; /* the same by page number, ascending */
    struct tally sites;
    struct tally tags; /* by number: int64_t */
    struct tally years;
    /* The year that the last page was of: the next one is likely of the same. */
    int64_t year_from;
    int64_t year_to;
    char year[8];
};

static struct facets *create(struct store *store, struct error *err)
{
    struct facets *facets = calloc(1, sizeof *facets);
    if (facets == NULL) {
        error_no_memory(err);
        return NULL;
    }
    facets->store = store;
    ords_init(&facets->ords);
    ords_init(&facets->pages);
    tally_init(&facets->sites);
    tally_init(&facets->tags);
    tally_init(&facets->years);
    return facets;
}

static void destroy(struct facets *facets)
{
    if (facets == NULL)
        return;
    query_finish(&facets->query);
    query_sql_finish(&facets->sql);
    ords_finish(&facets->ords);
    ords_finish(&facets->pages);
    tally_finish(&facets->sites);
    tally_finish(&facets->tags);
    tally_finish(&facets->years);
    free(facets);
}

static bool add_year(struct facets *facets, int64_t saved)
{
    if (saved < facets->year_from || saved >= facets->year_to) {
        time_t seconds = (time_t)(saved / 1000);
        struct tm tm;
        if (localtime_r(&seconds, &tm) == NULL || tm.tm_year < 70 || tm.tm_year > 9999 - 1900)
            return true; /* no year that could be asked for */
        snprintf(facets->year, sizeof facets->year, "%d", tm.tm_year + 1900);
        if (!query_time(slice_of(facets->year), 0, &facets->year_from, &facets->year_to))
            return true;
    }
    return tally_add(&facets->years, slice_of(facets->year), 1);
}

/* A row of ord, saved, site, id. */
static bool count_row(struct facets *facets, sqlite3_stmt *row, struct error *err)
{
    return (add_year(facets, sqlite3_column_int64(row, 1)) &&
            tally_add(&facets->sites, db_text(row, 2), 1) &&
            ords_add(&facets->pages, sqlite3_column_int64(row, 3))) ||
           error_no_memory(err);
}

static bool count_tag(struct facets *facets, int64_t tag, struct error *err)
{
    return tally_add(&facets->tags, slice_make(&tag, sizeof tag), 1) || error_no_memory(err);
}

/* Whether it is quicker to look up each of `count` rows than to go through `all`. */
static bool are_few(size_t count, int64_t all)
{
    return (int64_t)count < all / COST_OF_LOOKUP;
}

/* Rows of `sql` for each number of a list as ?1. */
static bool look_up_each(struct facets *facets, const char *sql, const struct ords *list,
                         bool (*fn)(struct facets *, sqlite3_stmt *, struct error *),
                         struct error *err)
{
    sqlite3_stmt *statement = db_prepare(facets->store, sql, err);
    bool ok = statement != NULL;
    for (size_t i = 0; ok && i < ords_count(list); i++) {
        bool row = true;
        db_bind_int(facets->store, statement, 1, ords_list(list)[i]);
        while (ok && (ok = db_step(facets->store, statement, &row, err)) && row)
            ok = fn(facets, statement, err);
        db_reset(statement);
    }
    db_done(facets->store, statement);
    return ok;
}

/* All rows of `sql`, of which those count whose first column is in the list. */
static bool go_through(struct facets *facets, const char *sql, struct ords *list, bool ascending,
                       bool (*fn)(struct facets *, sqlite3_stmt *, struct error *),
                       struct error *err)
{
    sqlite3_stmt *statement = db_prepare(facets->store, sql, err);
    bool ok = statement != NULL;
    bool row = true;
    list->at = 0;
    while (ok && (ok = db_step(facets->store, statement, &row, err)) && row) {
        if (ords_next_is(list, sqlite3_column_int64(statement, 0), ascending))
            ok = fn(facets, statement, err);
    }
    db_done(facets->store, statement);
    return ok;
}

static bool count_tag_row(struct facets *facets, sqlite3_stmt *row, struct error *err)
{
    return count_tag(facets, sqlite3_column_int64(row, 1), err);
}

#define FACTS "SELECT ord, saved, site, id FROM pages INDEXED BY pages_facts WHERE "

static bool count_answer(struct facets *facets, int64_t all, struct error *err)
{
    static const char page_sql[] = FACTS "ord = ?1";
    static const char pages_sql[] = FACTS "ord >= 0 ORDER BY ord DESC";
    static const char tag_sql[] = "SELECT page, tag FROM page_tags WHERE page = ?1";
    static const char tags_sql[] = "SELECT page, tag FROM page_tags ORDER BY page";
    bool few = are_few(ords_count(&facets->ords), all);
    if (few ? !look_up_each(facets, page_sql, &facets->ords, count_row, err)
            : !go_through(facets, pages_sql, &facets->ords, false, count_row, err))
        return false;
    ords_sort(&facets->pages, true);
    return few ? look_up_each(facets, tag_sql, &facets->pages, count_tag_row, err)
               : go_through(facets, tags_sql, &facets->pages, true, count_tag_row, err);
}

/* Who gets the facets. */
struct receiver {
    facet_fn fn;
    void *arg;
    bool done; /* wants no more */
};

static bool hand_over(struct receiver *to, enum facet_kind kind, struct slice name, double pages,
                      struct error *err)
{
    struct row_strings strings;
    row_strings_init(&strings);
    row_strings_add(&strings, name, LIMIT_QUERY);
    bool ok = row_strings_ok(&strings, err);
    struct facet facet = {kind, row_strings_at(&strings, 0), (int64_t)pages};
    if (ok && !to->done)
        to->done = !to->fn(&facet, to->arg);
    row_strings_finish(&strings);
    return ok;
}

static bool give_tag(struct facets *facets, struct receiver *to, size_t index, struct error *err)
{
    int64_t tag;
    memcpy(&tag, tally_key(&facets->tags, index).ptr, sizeof tag);
    sqlite3_stmt *statement = db_prepare(facets->store, "SELECT name FROM tags WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(facets->store, statement, 1, tag);
    bool ok = db_step(facets->store, statement, &row, err);
    /* A tag without its row is one that a damaged store left behind. */
    if (ok && row)
        ok = hand_over(to, FACET_TAG, db_text(statement, 0),
                       tally_entry(&facets->tags, index)->weight, err);
    db_done(facets->store, statement);
    return ok;
}

static bool give_years(struct facets *facets, struct receiver *to, size_t limit, struct error *err)
{
    const struct tally *years = &facets->years;
    size_t last = tally_count(years);
    for (size_t given = 0; given < limit && !to->done; given++) {
        size_t next = tally_count(years);
        for (size_t i = 0; i < tally_count(years); i++) {
            /* All have four digits. */
            const char *year = tally_key(years, i).ptr;
            bool before =
                last == tally_count(years) || memcmp(year, tally_key(years, last).ptr, 4) < 0;
            if (before &&
                (next == tally_count(years) || memcmp(year, tally_key(years, next).ptr, 4) > 0))
                next = i;
        }
        if (next == tally_count(years))
            break;
        if (!hand_over(to, FACET_YEAR, tally_key(years, next), tally_entry(years, next)->weight,
                       err))
            return false;
        last = next;
    }
    return true;
}

static bool give_all(struct facets *facets, struct receiver *to, size_t limit, struct error *err)
{
    size_t top[FACETS_MAX];
    size_t count = tally_top(&facets->tags, limit, top);
    for (size_t i = 0; i < count && !to->done; i++) {
        if (!give_tag(facets, to, top[i], err))
            return false;
    }
    count = tally_top(&facets->sites, limit, top);
    for (size_t i = 0; i < count && !to->done; i++) {
        if (!hand_over(to, FACET_SITE, tally_key(&facets->sites, top[i]),
                       tally_entry(&facets->sites, top[i])->weight, err))
            return false;
    }
    return give_years(facets, to, limit, err);
}

static bool run(struct facets *facets, const struct facets_request *request, struct receiver *to,
                struct error *err)
{
    int64_t all;
    return query_parse(&facets->query, facets->store->folder, request->query, request->now, err) &&
           query_sql_make(&facets->sql, &facets->query, err) &&
           db_get_int(facets->store, "SELECT coalesce(max(id), 0) FROM pages", 0, &all, err) &&
           finder_all(facets->store, &facets->sql, facets->query.trashed, &facets->ords, err) &&
           count_answer(facets, all, err) && give_all(facets, to, request->limit, err);
}

bool facets_list(struct store *store, const struct facets_request *request, facet_fn fn, void *arg,
                 struct error *err)
{
    if (request->limit == 0 || request->limit > FACETS_MAX)
        return error_set(err, ERR_LIMIT, "A search has 1 to %d facets of a kind", FACETS_MAX);
    struct facets *facets = create(store, err);
    if (facets == NULL)
        return false;
    struct receiver to = {.fn = fn, .arg = arg};
    bool ok = db_begin_read(store, err);
    if (ok) {
        ok = run(facets, request, &to, err);
        db_end_read(store);
    }
    destroy(facets);
    return ok;
}

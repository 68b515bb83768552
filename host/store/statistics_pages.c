/* Pages with their versions: when they came, what they take. */
#include "store/statistics_run.h"

#include "base/limits.h"
#include "store/query_time.h"
#include "store/row_strings.h"

#include <stdio.h>
#include <time.h>

/* ---- Months ---- */

/* Makes `month` that of a time; false when it is in none that a calendar of ours has. */
static bool find_month(struct statistics_run *run, int64_t ms)
{
    if (ms >= run->month_from && ms < run->month_to)
        return true;
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    if (localtime_r(&seconds, &tm) == NULL || tm.tm_year < 70 || tm.tm_year > 9999 - 1900)
        return false;
    snprintf(run->month, sizeof run->month, "%04u-%02u", (unsigned)(tm.tm_year + 1900) % 10000,
             (unsigned)(tm.tm_mon + 1) % 100);
    return query_time(slice_of(run->month), 0, &run->month_from, &run->month_to);
}

/* The row of `month`, made when it is new; NULL when all are taken by later ones. They are kept in
 * order: most of what comes is of the latest. */
static struct statistics_month *month_row(struct statistics_run *run)
{
    struct statistics_month *months = run->months;
    size_t at = run->month_count;
    while (at > 0 && strcmp(months[at - 1].month, run->month) > 0)
        at--;
    if (at > 0 && strcmp(months[at - 1].month, run->month) == 0)
        return &months[at - 1];
    if (run->month_count == STATISTICS_MONTHS) {
        if (at == 0)
            return NULL;
        memmove(months, months + 1, (at - 1) * sizeof *months);
        at--;
    } else {
        memmove(months + at + 1, months + at, (run->month_count - at) * sizeof *months);
        run->month_count++;
    }
    months[at] = (struct statistics_month){0};
    memcpy(months[at].month, run->month, sizeof run->month);
    return &months[at];
}

static struct statistics_month *month_of(struct statistics_run *run, int64_t ms)
{
    return find_month(run, ms) ? month_row(run) : NULL;
}

/* ---- Rows ---- */

static bool add_page(struct statistics_run *run, sqlite3_stmt *row, struct error *err)
{
    struct statistics_month *month = month_of(run, sqlite3_column_int64(row, 2));
    run->sums.pages++;
    if (month != NULL)
        month->pages++;
    return (tally_add(&run->site_pages, db_text(row, 1), 1) &&
            tally_add(&run->site_bytes, db_text(row, 1), 0)) ||
           error_no_memory(err);
}

static void add_state(struct statistics_sums *sums, struct slice state)
{
    if (slice_equal(state, slice_of("complete")))
        sums->complete++;
    else if (slice_equal(state, slice_of("incomplete")))
        sums->incomplete++;
    else
        sums->pending++;
}

/* A page's number as a key: in the order of the numbers. */
struct page_key {
    unsigned char bytes[8];
};

static struct page_key key_of(int64_t page)
{
    struct page_key key;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (unsigned char)((uint64_t)page >> (56 - 8 * i));
    return key;
}

static int64_t page_of(struct slice key)
{
    uint64_t page = 0;
    for (size_t i = 0; i < key.len; i++)
        page = page << 8 | (unsigned char)key.ptr[i];
    return (int64_t)page;
}

static bool add_snapshot(struct statistics_run *run, sqlite3_stmt *row, struct error *err)
{
    const struct page_key page = key_of(sqlite3_column_int64(row, 0));
    int64_t bytes = sqlite3_column_int64(row, 5);
    struct statistics_month *month = month_of(run, sqlite3_column_int64(row, 3));
    run->sums.snapshots++;
    if (month != NULL) {
        month->snapshots++;
        month->bytes += bytes;
    }
    if (sqlite3_column_int(row, 6) != 0)
        add_state(&run->sums, db_text(row, 4));
    return (tally_add(&run->page_bytes, slice_make(page.bytes, sizeof page.bytes), (double)bytes) &&
            tally_add(&run->site_bytes, db_text(row, 1), (double)bytes)) ||
           error_no_memory(err);
}

/* A page comes with each of its versions. */
static bool walk(struct statistics_run *run, struct error *err)
{
    bool row = true;
    int64_t page = 0;
    sqlite3_stmt *rows =
        db_prepare(run->store,
                   "SELECT p.id, p.site, p.created, s.taken, s.state,"
                   " min(max(s.bytes, 0), 1099511627776), s.id = p.snapshot"
                   " FROM pages p LEFT JOIN snapshots s ON s.page = p.id AND s.trashed = 0"
                   " WHERE p.trashed = 0 ORDER BY p.id",
                   err);
    bool ok = rows != NULL;
    while (ok && (ok = db_step(run->store, rows, &row, err)) && row) {
        if (sqlite3_column_int64(rows, 0) != page) {
            page = sqlite3_column_int64(rows, 0);
            ok = add_page(run, rows, err);
        }
        if (ok && sqlite3_column_type(rows, 3) != SQLITE_NULL)
            ok = add_snapshot(run, rows, err);
        ok = ok && statistics_go_on(run, 1, err);
    }
    db_done(run->store, rows);
    return ok;
}

/* ---- What is given of it ---- */

static bool give_page(struct statistics_run *run, size_t index, struct error *err)
{
    struct statistics_page page = {
        .page = page_of(tally_key(&run->page_bytes, index)),
        .bytes = (int64_t)tally_entry(&run->page_bytes, index)->weight,
    };
    sqlite3_stmt *find = db_prepare(run->store, "SELECT title, site FROM pages WHERE id = ?1", err);
    if (find == NULL)
        return false;
    bool row;
    struct row_strings strings;
    row_strings_init(&strings);
    db_bind_int(run->store, find, 1, page.page);
    bool ok = db_step(run->store, find, &row, err);
    if (ok && row) {
        row_strings_add(&strings, db_text(find, 0), LIMIT_TITLE);
        row_strings_add(&strings, db_text(find, 1), LIMIT_QUERY);
        ok = row_strings_ok(&strings, err);
        page.title = row_strings_at(&strings, 0);
        page.site = row_strings_at(&strings, 1);
        if (ok)
            run->hooks->page(&page, run->hooks->arg);
    }
    row_strings_finish(&strings);
    db_done(run->store, find);
    return ok;
}

/* The tallies of sites have their entries in one order. */
static bool give_site(struct statistics_run *run, size_t index, struct error *err)
{
    struct row_strings strings;
    row_strings_init(&strings);
    row_strings_add(&strings, tally_key(&run->site_bytes, index), LIMIT_QUERY);
    bool ok = row_strings_ok(&strings, err);
    struct statistics_site site = {
        .site = row_strings_at(&strings, 0),
        .pages = (int64_t)tally_entry(&run->site_pages, index)->weight,
        .bytes = (int64_t)tally_entry(&run->site_bytes, index)->weight,
    };
    if (ok)
        run->hooks->site(&site, run->hooks->arg);
    row_strings_finish(&strings);
    return ok;
}

static bool give_all(struct statistics_run *run, struct error *err)
{
    size_t top[STATISTICS_TOP];
    for (size_t i = 0; i < run->month_count; i++)
        run->hooks->month(&run->months[i], run->hooks->arg);
    size_t count = tally_top(&run->page_bytes, STATISTICS_TOP, top);
    for (size_t i = 0; i < count; i++)
        if (!give_page(run, top[i], err))
            return false;
    count = tally_top(&run->site_bytes, STATISTICS_TOP, top);
    for (size_t i = 0; i < count; i++)
        if (!give_site(run, top[i], err))
            return false;
    return true;
}

bool statistics_of_pages(struct statistics_run *run, struct error *err)
{
    tally_init(&run->page_bytes);
    tally_init(&run->site_bytes);
    tally_init(&run->site_pages);
    bool ok = walk(run, err) && give_all(run, err);
    tally_finish(&run->page_bytes);
    tally_finish(&run->site_bytes);
    tally_finish(&run->site_pages);
    return ok;
}

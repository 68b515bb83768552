#include "store/statistics.h"

#include "base/limits.h"
#include "store/row_strings.h"
#include "store/statistics_run.h"

#include <stdlib.h>

enum {
    STEPS = 100000, /* of SQLite's machine, between two looks at whether to stop */
    ROWS = 1024     /* between two words of progress */
};

static bool is_stopped(const struct statistics_hooks *hooks)
{
    return hooks->interrupted != NULL && hooks->interrupted(hooks->arg);
}

bool statistics_go_on(struct statistics_run *run, int64_t rows, struct error *err)
{
    int64_t before = run->done;
    run->done += rows;
    if (before / ROWS == run->done / ROWS)
        return true;
    if (run->hooks->progress != NULL)
        run->hooks->progress(run->done < run->total ? run->done : run->total, run->total,
                             run->hooks->arg);
    return !is_stopped(run->hooks) || error_set(err, ERR_CANCELLED, "Stopped");
}

/* ---- Health ---- */

static bool give_health(struct statistics_run *run, struct error *err)
{
    sqlite3_stmt *rows = db_prepare(run->store,
                                    "SELECT coalesce(h.state, 'unchecked'), count(*) FROM pages p"
                                    " LEFT JOIN page_health h ON h.page = p.id"
                                    " WHERE p.trashed = 0 GROUP BY 1 ORDER BY 1 LIMIT 64",
                                    err);
    if (rows == NULL)
        return false;
    bool row;
    bool ok;
    struct row_strings strings;
    row_strings_init(&strings);
    while ((ok = db_step(run->store, rows, &row, err)) && row) {
        row_strings_reset(&strings);
        row_strings_add(&strings, db_text(rows, 0), 64);
        if (!(ok = row_strings_ok(&strings, err)))
            break;
        struct statistics_health health = {.state = row_strings_at(&strings, 0),
                                           .pages = sqlite3_column_int64(rows, 1)};
        run->hooks->health(&health, run->hooks->arg);
    }
    row_strings_finish(&strings);
    db_done(run->store, rows);
    return ok;
}

/* ---- All of it ---- */

static bool count_simple(struct statistics_run *run, struct error *err)
{
    struct store *store = run->store;
    struct statistics_sums *sums = &run->sums;
    int64_t pages;
    int64_t size;
    int64_t blobs;
    int64_t snapshots;
    if (!db_get_int(store, "SELECT count(*) FROM pages WHERE trashed > 0", 0, &sums->trashed,
                    err) ||
        !db_get_int(store,
                    "SELECT count(*) FROM highlights h JOIN pages p ON p.id = h.page"
                    " JOIN snapshots s ON s.id = h.snapshot"
                    " WHERE h.deleted = 0 AND p.trashed = 0 AND s.trashed = 0",
                    0, &sums->highlights, err) ||
        !db_get_int(store,
                    "SELECT count(*) FROM tags t WHERE EXISTS"
                    " (SELECT 1 FROM page_tags pt JOIN pages p ON p.id = pt.page"
                    "  WHERE pt.tag = t.id AND p.trashed = 0)",
                    0, &sums->tags, err) ||
        !db_get_int(store, "PRAGMA page_count", 0, &pages, err) ||
        !db_get_int(store, "PRAGMA page_size", 0, &size, err) ||
        !db_get_int(store, "SELECT count(*) FROM blobs INDEXED BY blobs_sizes", 0, &blobs, err) ||
        !db_get_int(store, "SELECT count(*) FROM snapshots", 0, &snapshots, err))
        return false;
    sums->file = pages * size;
    run->total = blobs + snapshots;
    return true;
}

/* SQLite ends the statement that is at work with an error of its own. */
static int stop(void *arg)
{
    struct statistics_run *run = arg;
    run->stopped = run->stopped || is_stopped(run->hooks);
    return run->stopped;
}

static bool count(struct statistics_run *run, struct error *err)
{
    return count_simple(run, err) && statistics_of_blobs(run, err) &&
           statistics_of_pages(run, err) && give_health(run, err);
}

bool statistics_count(struct store *store, const struct statistics_hooks *hooks,
                      struct statistics_sums *sums_out, struct error *err)
{
    struct statistics_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return error_no_memory(err);
    run->store = store;
    run->hooks = hooks;
    bool ok = db_begin_read(store, err);
    if (ok) {
        sqlite3_progress_handler(store->db, STEPS, stop, run);
        ok = count(run, err);
        if (!ok && run->stopped)
            error_set(err, ERR_CANCELLED, "Stopped");
        sqlite3_progress_handler(store->db, 0, NULL, NULL);
        db_end_read(store);
    }
    if (ok)
        *sums_out = run->sums;
    free(run);
    return ok;
}

#include "store/jobs.h"

#include "store/jobs_rows.h"

/* ---- Counts ---- */

static bool count_states(struct store *store, struct job_counts *counts, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store, "SELECT state, count(*) FROM jobs INDEXED BY jobs_order GROUP BY state", err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    while ((ok = db_step(store, statement, &row, err)) && row) {
        enum job_state state;
        if (job_state_parse(db_text(statement, 0), &state))
            counts->states[state] = sqlite3_column_int64(statement, 1);
    }
    db_done(store, statement);
    return ok;
}

/* The first column of a statement with the time as ?1 and the places of a host as ?2. */
static bool ask(struct store *store, const char *sql, int64_t now, int64_t *value_out,
                struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, now);
    db_bind_int(store, statement, 2, JOBS_EACH_HOST);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *value_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

/* Of each host as many as it has places. */
static bool count_due(struct store *store, int64_t now, struct job_counts *counts,
                      struct error *err)
{
    return ask(
        store,
        "SELECT coalesce(sum(max(0, min(w.waiting, ?2 - (SELECT count(*) FROM jobs"
        "  INDEXED BY jobs_running WHERE state = 'running' AND host = w.host)))), 0)"
        " FROM (SELECT host, count(*) AS waiting FROM jobs INDEXED BY jobs_waiting"
        "  WHERE state = 'waiting' AND " JOBS_TIME_COME(
            "?1") " GROUP BY host) AS w"
                  " WHERE w.host NOT IN"
                  "  (SELECT host FROM job_hosts WHERE until > ?1 AND until <= ?1 + 7200000)",
        now, &counts->due, err);
}

/* When all wait for their time or their host's; for a place no time is known. */
static bool find_next(struct store *store, int64_t now, struct job_counts *counts,
                      struct error *err)
{
    return ask(store,
               "SELECT max(?1, min(max(j.not_before, coalesce(h.until, 0)))), ?2"
               " FROM jobs j INDEXED BY jobs_waiting LEFT JOIN job_hosts h ON h.host = j.host"
               " WHERE j.state = 'waiting'",
               now, &counts->next, err);
}

bool jobs_count(struct store *store, int64_t now, struct job_counts *counts_out, struct error *err)
{
    struct job_counts counts = {0};
    int64_t paused = 0;
    if (!db_begin_read(store, err))
        return false;
    bool ok =
        count_states(store, &counts, err) &&
        db_get_int(store, "SELECT seq FROM sqlite_sequence WHERE name = 'jobs'", 0, &counts.last,
                   err) &&
        db_get_int(store,
                   "SELECT count(*) FROM jobs INDEXED BY jobs_order"
                   " WHERE state = 'running' AND browser = 0",
                   0, &counts.fetching, err) &&
        db_get_int(store, "SELECT count(*) FROM meta WHERE key = 'queue_paused'", 0, &paused, err);
    counts.paused = paused > 0;
    if (ok && counts.states[JOB_WAITING] > 0)
        ok = (counts.paused || count_due(store, now, &counts, err)) &&
             (counts.due > 0 || find_next(store, now, &counts, err));
    if (counts.due > 0)
        counts.next = now;
    db_end_read(store);
    if (ok)
        *counts_out = counts;
    return ok;
}

/* ---- Lists ---- */

bool jobs_get(struct store *store, int64_t job, job_fn fn, void *arg, struct error *err)
{
    bool found;
    struct job_loader loader;
    job_loader_init(&loader, store);
    bool ok = job_loader_get(&loader, job, &found, err) &&
              (found || error_set(err, ERR_NOT_FOUND, "There is no such job"));
    if (ok)
        fn(&loader.row, arg);
    job_loader_finish(&loader);
    return ok;
}

struct lister {
    struct job_loader loader;
    job_fn fn;
    void *arg;
    int64_t offset; /* rows still to be skipped */
    int64_t limit;  /* rows still to be given */
};

/* Gives the rows of a statement, which has limit and offset as ?1 and ?2 and perhaps a state. */
static bool list_rows(struct lister *lister, const char *sql, const enum job_state *state,
                      struct error *err)
{
    struct store *store = lister->loader.store;
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    db_bind_int(store, statement, 1, lister->limit);
    db_bind_int(store, statement, 2, lister->offset);
    if (state != NULL)
        db_bind_string(store, statement, 3, job_state_name(*state));
    while ((ok = db_step(store, statement, &row, err)) && row) {
        if (!(ok = job_loader_take(&lister->loader, statement, err)))
            break;
        lister->limit--;
        if (!lister->fn(&lister->loader.row, lister->arg))
            lister->limit = 0;
        if (lister->limit == 0)
            break;
    }
    db_done(store, statement);
    return ok;
}

static bool is_open(enum job_state state)
{
    return state == JOB_WAITING || state == JOB_RUNNING || state == JOB_BROWSER;
}

static bool list_state(struct lister *lister, enum job_state state, struct error *err)
{
    static const char open_sql[] =
        JOBS_COLUMNS "INDEXED BY jobs_order WHERE state = ?3 ORDER BY id LIMIT ?1 OFFSET ?2";
    static const char ended_sql[] =
        JOBS_COLUMNS "INDEXED BY jobs_ended WHERE " JOBS_ENDED
                     " AND state = ?3 ORDER BY updated DESC, id DESC LIMIT ?1 OFFSET ?2";
    return list_rows(lister, is_open(state) ? open_sql : ended_sql, &state, err);
}

/* One state, of which there are `count`, between those before and those after it. */
static bool list_group(struct lister *lister, enum job_state state, int64_t count,
                       struct error *err)
{
    if (lister->limit == 0)
        return true;
    if (lister->offset < count && !list_state(lister, state, err))
        return false;
    lister->offset -= count < lister->offset ? count : lister->offset;
    return true;
}

static bool list_all(struct lister *lister, struct error *err)
{
    static const enum job_state open[] = {JOB_RUNNING, JOB_BROWSER, JOB_WAITING};
    struct job_counts counts = {0};
    if (!count_states(lister->loader.store, &counts, err))
        return false;
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        if (!list_group(lister, open[i], counts.states[open[i]], err))
            return false;
    }
    return lister->limit == 0 ||
           list_rows(lister,
                     JOBS_COLUMNS "INDEXED BY jobs_ended WHERE " JOBS_ENDED
                                  " ORDER BY updated DESC, id DESC LIMIT ?1 OFFSET ?2",
                     NULL, err);
}

bool jobs_list(struct store *store, const enum job_state *state, int64_t offset, int64_t limit,
               job_fn fn, void *arg, struct error *err)
{
    struct lister lister = {
        .fn = fn, .arg = arg, .offset = offset > 0 ? offset : 0, .limit = limit > 0 ? limit : 0};
    if (lister.limit == 0)
        return true;
    if (!db_begin_read(store, err))
        return false;
    job_loader_init(&lister.loader, store);
    bool ok = state != NULL ? list_state(&lister, *state, err) : list_all(&lister, err);
    job_loader_finish(&lister.loader);
    db_end_read(store);
    return ok;
}

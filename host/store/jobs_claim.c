#include "store/jobs.h"

#include "base/clock.h"
#include "base/limits.h"
#include "store/jobs_rows.h"

/* ---- Workers that are gone ---- */

static bool free_jobs_of(struct store *store, int64_t worker, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE jobs SET state = CASE WHEN crashes + 1 >= ?2 THEN 'failed'"
                   "  WHEN browser THEN 'browser' ELSE 'waiting' END,"
                   " crashes = crashes + 1, attempts = min(attempts, 1000) + 1, claimed_by = NULL,"
                   " not_before = 0, stage = '', done = 0, total = 0, updated = ?3,"
                   " fault = ?4, status = 0, reason = 'The program that worked on it ended'"
                   " WHERE state = 'running' AND claimed_by = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, worker);
    db_bind_int(store, statement, 2, JOBS_CRASHES);
    db_bind_int(store, statement, 3, clock_now());
    db_bind_int(store, statement, 4, ERR_INTERNAL);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

/* Those of the workers in a list that hold their byte no longer; numbers are never given twice, so
 * one that is gone stays so. */
static bool keep_dead(struct job_worker self, struct buf *workers, struct error *err)
{
    size_t kept = 0;
    for (size_t at = 0; at < workers->len; at += sizeof(int64_t)) {
        int64_t worker;
        bool alive;
        memcpy(&worker, workers->ptr + at, sizeof worker);
        if (worker == self.id)
            continue;
        alive = false;
        if (worker >= LOCKFILE_WORKERS && !lockfile_is_taken(self.lock, worker, &alive, err))
            return false;
        if (!alive) {
            memcpy(workers->ptr + kept, &worker, sizeof worker);
            kept += sizeof worker;
        }
    }
    workers->len = kept;
    return true;
}

static bool list_workers(struct store *store, struct buf *workers, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store,
        "SELECT DISTINCT claimed_by FROM jobs INDEXED BY jobs_running WHERE state = 'running'",
        err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    while ((ok = db_step(store, statement, &row, err)) && row) {
        int64_t worker = sqlite3_column_int64(statement, 0);
        buf_add(workers, &worker, sizeof worker);
    }
    db_done(store, statement);
    return ok && buf_ok(workers, "The list of workers", err);
}

static bool free_all(struct store *store, const struct buf *workers, struct error *err)
{
    for (size_t at = 0; at < workers->len; at += sizeof(int64_t)) {
        int64_t worker;
        memcpy(&worker, workers->ptr + at, sizeof worker);
        if (!free_jobs_of(store, worker, err))
            return false;
    }
    return jobs_forget_old(store, err);
}

bool jobs_free_dead(struct store *store, struct job_worker worker, struct error *err)
{
    struct buf workers;
    buf_init(&workers, MIB);
    bool ok = list_workers(store, &workers, err) && keep_dead(worker, &workers, err);
    if (ok && workers.len > 0) {
        ok = db_begin(store, err);
        if (ok)
            ok = db_end(store, free_all(store, &workers, err), err);
    }
    buf_finish(&workers);
    return ok;
}

/* ---- Claims ---- */

/* The oldest job from `from` on in a state that is due and whose host has a place, or 0. Only an
 * index is walked, so that many jobs of hosts without a place cost little. */
static bool find(struct store *store, enum job_state state, int64_t now, int64_t from,
                 int64_t *job_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store,
        "SELECT id FROM jobs INDEXED BY jobs_order"
        " WHERE state = ?1 AND id >= ?3 AND " JOBS_TIME_COME("?2") " AND " JOBS_HOST_FREE(
            "?2", "?4") " AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'queue_paused')"
                        " ORDER BY id LIMIT 1",
        err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_string(store, statement, 1, job_state_name(state));
    db_bind_int(store, statement, 2, now);
    db_bind_int(store, statement, 3, from);
    db_bind_int(store, statement, 4, JOBS_EACH_HOST);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *job_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

static bool take(struct job_loader *loader, struct job_worker worker, int64_t job, int64_t now,
                 struct error *err)
{
    struct store *store = loader->store;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE jobs SET state = 'running', claimed_by = ?2, updated = ?3, joined = 0,"
                   " stage = '', done = 0, total = 0 WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    bool found;
    db_bind_int(store, statement, 1, job);
    db_bind_int(store, statement, 2, worker.id);
    db_bind_int(store, statement, 3, now);
    bool ok = db_run(store, statement, err) && job_loader_get(loader, job, &found, err);
    db_done(store, statement);
    return ok;
}

/* Claims the oldest, with the write lock held. `hint` is what was the oldest a moment ago. */
static bool take_oldest(struct job_loader *loader, struct job_worker worker, enum job_state state,
                        int64_t now, int64_t hint, int64_t *job_out, struct error *err)
{
    int64_t job;
    if (!find(loader->store, state, now, hint, &job, err) ||
        (job == 0 && !find(loader->store, state, now, 0, &job, err)))
        return false;
    *job_out = job;
    return job == 0 || take(loader, worker, job, now, err);
}

static bool claim(struct store *store, struct job_worker worker, enum job_state state, int64_t now,
                  job_fn fn, void *arg, bool *found_out, struct error *err)
{
    int64_t job = 0;
    struct job_loader loader;
    job_loader_init(&loader, store);
    /* Nobody is kept from writing where there is nothing to claim. */
    bool ok = jobs_free_dead(store, worker, err) && find(store, state, now, 0, &job, err);
    if (ok && job != 0) {
        ok = db_begin(store, err);
        if (ok)
            ok = db_end(store, take_oldest(&loader, worker, state, now, job, &job, err), err);
    }
    if (ok)
        *found_out = job != 0;
    if (ok && job != 0)
        fn(&loader.row, arg);
    job_loader_finish(&loader);
    return ok;
}

bool jobs_claim(struct store *store, struct job_worker worker, int64_t now, job_fn fn, void *arg,
                bool *found_out, struct error *err)
{
    return claim(store, worker, JOB_WAITING, now, fn, arg, found_out, err);
}

bool jobs_claim_browser(struct store *store, struct job_worker worker, int64_t now, job_fn fn,
                        void *arg, bool *found_out, struct error *err)
{
    return claim(store, worker, JOB_BROWSER, now, fn, arg, found_out, err);
}

static bool take_one(struct job_loader *loader, struct job_worker worker, int64_t job,
                     bool *found_out, struct error *err)
{
    bool found;
    if (!job_loader_get(loader, job, &found, err))
        return false;
    enum job_state state = loader->row.state;
    found = found && (state == JOB_WAITING || state == JOB_BROWSER);
    *found_out = found;
    return !found || take(loader, worker, job, clock_now(), err);
}

bool jobs_claim_one(struct store *store, struct job_worker worker, int64_t job, job_fn fn,
                    void *arg, bool *found_out, struct error *err)
{
    bool found = false;
    struct job_loader loader;
    job_loader_init(&loader, store);
    bool ok = jobs_free_dead(store, worker, err) && db_begin(store, err);
    if (ok)
        ok = db_end(store, take_one(&loader, worker, job, &found, err), err);
    if (ok)
        *found_out = found;
    if (ok && found)
        fn(&loader.row, arg);
    job_loader_finish(&loader);
    return ok;
}

/* ---- While it runs ---- */

static bool is_mine(struct store *store, struct job_worker worker, int64_t job, bool *mine_out,
                    struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store, "SELECT 1 FROM jobs WHERE id = ?1 AND state = 'running' AND claimed_by = ?2", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, job);
    db_bind_int(store, statement, 2, worker.id);
    bool ok = db_step(store, statement, mine_out, err);
    db_done(store, statement);
    return ok;
}

bool jobs_progress(struct store *store, struct job_worker worker, int64_t job, const char *stage,
                   int64_t done, int64_t total, bool *mine_out, struct error *err)
{
    if (stage == NULL)
        return is_mine(store, worker, job, mine_out, err);
    if (!db_begin(store, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE jobs SET stage = ?3, done = ?4, total = ?5, updated = ?6"
                   " WHERE id = ?1 AND state = 'running' AND claimed_by = ?2",
                   err);
    bool ok = statement != NULL;
    bool mine = false;
    if (ok) {
        db_bind_int(store, statement, 1, job);
        db_bind_int(store, statement, 2, worker.id);
        db_bind_string(store, statement, 3, stage);
        db_bind_int(store, statement, 4, done);
        db_bind_int(store, statement, 5, total);
        db_bind_int(store, statement, 6, clock_now());
        ok = db_run(store, statement, err);
        mine = ok && sqlite3_changes(store->db) > 0;
    }
    db_done(store, statement);
    if (!db_end(store, ok, err))
        return false;
    *mine_out = mine;
    return true;
}

#include "store/jobs.h"

#include "base/clock.h"
#include "store/jobs_rows.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* Runs one of two statements, for some jobs or for all, with the time as ?1 and a job as ?2; gives
 * how many rows it changed. */
static bool change_at(struct store *store, int64_t now, const char *one, const char *all,
                      const int64_t *ids, size_t count, int64_t *done_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, ids == NULL ? all : one, err);
    if (statement == NULL)
        return false;
    bool ok = true;
    int64_t done = 0;
    size_t times = ids == NULL ? 1 : count;
    for (size_t i = 0; ok && i < times; i++) {
        db_bind_int(store, statement, 1, now);
        if (ids != NULL)
            db_bind_int(store, statement, 2, ids[i]);
        ok = db_run(store, statement, err);
        done += ok ? sqlite3_changes(store->db) : 0;
    }
    db_done(store, statement);
    if (ok)
        *done_out = done;
    return ok;
}

static bool change(struct store *store, const char *one, const char *all, const int64_t *ids,
                   size_t count, int64_t *done_out, struct error *err)
{
    return change_at(store, clock_now(), one, all, ids, count, done_out, err);
}

#define CANCEL                                                                                     \
    "UPDATE jobs SET state = 'cancelled', claimed_by = NULL, updated = ?1, not_before = 0,"        \
    " stage = '', done = 0, total = 0 WHERE " JOBS_OPEN

bool jobs_cancel(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                 struct error *err)
{
    int64_t done = 0;
    if (!db_begin(store, err))
        return false;
    bool ok = change(store, CANCEL " AND id = ?2", CANCEL, ids, count, &done, err) &&
              jobs_forget_old(store, err);
    if (!db_end(store, ok, err))
        return false;
    *done_out = done;
    return true;
}

/* OR IGNORE: of several that are about the same, one waits. */
#define RETRY_ENDED                                                                                \
    "UPDATE OR IGNORE jobs SET state = 'waiting', attempts = 0, crashes = 0, not_before = 0,"      \
    " browser = 0, updated = ?1, fault = 0, status = 0, reason = '', snapshot = 0, unchanged = 0," \
    " missing = 0 WHERE state IN ('failed', 'cancelled')"
#define RETRY_OPEN                                                                                 \
    "UPDATE jobs SET state = 'waiting', not_before = 0, browser = 0, updated = ?1"                 \
    " WHERE (state = 'browser' OR (state = 'waiting' AND not_before > ?1))"

/* Hosts that asked to be left alone are asked again, since a person wants it. */
static bool open_hosts(struct store *store, const int64_t *ids, size_t count, struct error *err)
{
    int64_t ignored;
    return change(store,
                  "DELETE FROM job_hosts WHERE ?1 > 0"
                  " AND host = (SELECT host FROM jobs WHERE id = ?2)",
                  "DELETE FROM job_hosts WHERE ?1 > 0", ids, count, &ignored, err);
}

bool jobs_retry(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                struct error *err)
{
    int64_t open = 0;
    int64_t ended = 0;
    if (!db_begin(store, err))
        return false;
    /* In this order, since ended ones are open afterwards. */
    bool ok = change(store, RETRY_OPEN " AND id = ?2", RETRY_OPEN, ids, count, &open, err) &&
              open_hosts(store, ids, count, err) &&
              change(store, RETRY_ENDED " AND id = ?2", RETRY_ENDED, ids, count, &ended, err);
    if (!db_end(store, ok, err))
        return false;
    *done_out = open + ended;
    return true;
}

/* `updated` stays: of an ended job, not_before is free. */
#define CLEAR "UPDATE jobs SET state = 'cleared_' || state, not_before = ?1 WHERE " JOBS_ENDED

bool jobs_clear(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                struct error *err)
{
    int64_t done = 0;
    int64_t last;
    if (!db_begin(store, err))
        return false;
    /* Its time is what tells one clearing from the others. */
    bool ok = db_get_int(store, "SELECT max(" JOBS_CLEARED_AT ") FROM jobs WHERE " JOBS_CLEARED, 0,
                         &last, err);
    int64_t now = clock_now();
    if (ok && now <= last)
        now = last + 1;
    ok = ok && change_at(store, now, CLEAR " AND id = ?2", CLEAR, ids, count, &done, err) &&
         jobs_forget_old(store, err);
    if (!db_end(store, ok, err))
        return false;
    *done_out = done;
    return true;
}

bool jobs_unclear(struct store *store, int64_t *done_out, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    bool ok =
        db_execute(store,
                   "UPDATE jobs SET state = substr(state, 9), not_before = 0 WHERE " JOBS_CLEARED
                   " AND " JOBS_CLEARED_AT " = (SELECT max(" JOBS_CLEARED_AT
                   ") FROM jobs WHERE " JOBS_CLEARED ")",
                   err);
    int64_t done = ok ? sqlite3_changes(store->db) : 0;
    if (!db_end(store, ok, err))
        return false;
    *done_out = done;
    return true;
}

bool jobs_pause(struct store *store, bool paused, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    bool ok =
        db_execute(store,
                   paused ? "INSERT OR REPLACE INTO meta (key, value) VALUES ('queue_paused', 1)"
                          : "DELETE FROM meta WHERE key = 'queue_paused'",
                   err);
    return db_end(store, ok, err);
}

bool jobs_leave_host(struct store *store, const char *host, int64_t until, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "INSERT INTO job_hosts (host, until) VALUES (?1, ?2)"
                   " ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)",
                   err);
    bool ok = statement != NULL;
    if (ok) {
        db_bind_string(store, statement, 1, host);
        db_bind_int(store, statement, 2, until);
        ok = db_run(store, statement, err);
    }
    db_done(store, statement);
    /* Those whose time is long over are of no use. */
    ok =
        ok && db_run_with_int(store, "DELETE FROM job_hosts WHERE until < ?1", until - DAY_MS, err);
    return db_end(store, ok, err);
}

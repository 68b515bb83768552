#include "store/jobs.h"

#include "base/clock.h"
#include "store/fts.h"
#include "store/jobs_rows.h"
#include "store/page_rows.h"
#include "store/tags.h"

/* What was given for a job while it ran, when it has come to a page in the meantime. */
static bool put_on_page(struct job_loader *loader, int64_t page, struct error *err)
{
    struct store *store = loader->store;
    const struct job_row *row = &loader->row;
    if (!fts_remove(store, page, err) || !tags_add(store, page, row->tags, row->tag_count, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store, "UPDATE pages SET note = coalesce(?2, note) WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    if (row->note != NULL)
        db_bind_string(store, statement, 2, row->note);
    bool ok = db_run(store, statement, err) && fts_add(store, page, err);
    db_done(store, statement);
    return ok;
}

static bool was_joined(struct store *store, int64_t job, bool *joined_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "SELECT joined FROM jobs WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, job);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *joined_out = row && sqlite3_column_int(statement, 0) != 0;
    db_done(store, statement);
    return ok;
}

/* A page that has no room for more tags is no reason for the job not to end. */
static bool join_page(struct store *store, int64_t job, int64_t page, struct error *err)
{
    bool joined;
    bool found = false;
    if (!was_joined(store, job, &joined, err) || (joined && !page_exists(store, page, &found, err)))
        return false;
    if (!joined || !found)
        return true;
    struct job_loader loader;
    job_loader_init(&loader, store);
    bool ok =
        job_loader_get(&loader, job, &found, err) && db_execute(store, "SAVEPOINT joined", err);
    if (ok && !put_on_page(&loader, page, err))
        ok = err->code == ERR_LIMIT && db_execute(store, "ROLLBACK TO joined", err);
    ok = ok && db_execute(store, "RELEASE joined", err);
    job_loader_finish(&loader);
    return ok;
}

static bool write_end(struct store *store, struct job_worker worker, int64_t job,
                      const struct job_end *end, bool *mine_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store,
        "UPDATE jobs SET state = ?3, claimed_by = NULL, crashes = 0, attempts = min(attempts, "
        "1000) + ?4,"
        " not_before = ?5, fault = ?6, status = ?7, reason = ?8,"
        " title = CASE WHEN title = '' THEN coalesce((SELECT title FROM pages WHERE id = ?9), '')"
        "  ELSE title END, page = CASE WHEN ?9 > 0 THEN ?9 ELSE page END, snapshot = ?10, "
        "unchanged = ?11,"
        " missing = ?12, updated = ?13, stage = '', done = 0, total = 0,"
        " browser = CASE ?3 WHEN 'browser' THEN 1 WHEN 'waiting' THEN 0 ELSE browser END"
        " WHERE id = ?1 AND state = 'running' AND claimed_by = ?2",
        err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, job);
    db_bind_int(store, statement, 2, worker.id);
    db_bind_string(store, statement, 3, job_state_name(end->state));
    db_bind_int(store, statement, 4, end->counts);
    db_bind_int(store, statement, 5, end->not_before);
    db_bind_int(store, statement, 6, end->fault);
    db_bind_int(store, statement, 7, end->status);
    db_bind_string(store, statement, 8, end->reason == NULL ? "" : end->reason);
    db_bind_int(store, statement, 9, end->page);
    db_bind_int(store, statement, 10, end->snapshot);
    db_bind_int(store, statement, 11, end->unchanged);
    db_bind_int(store, statement, 12, end->missing);
    db_bind_int(store, statement, 13, clock_now());
    bool ok = db_run(store, statement, err);
    *mine_out = ok && sqlite3_changes(store->db) > 0;
    db_done(store, statement);
    return ok;
}

bool jobs_end(struct store *store, struct job_worker worker, int64_t job, const struct job_end *end,
              struct error *err)
{
    bool mine = false;
    if (end->state == JOB_RUNNING || end->state == JOB_CANCELLED)
        return error_set(err, ERR_INTERNAL, "A job cannot end so");
    if (!db_begin(store, err))
        return false;
    bool ok = write_end(store, worker, job, end, &mine, err);
    if (ok && mine && end->state == JOB_DONE && end->page > 0)
        ok = join_page(store, job, end->page, err);
    ok = ok && (!mine || jobs_forget_old(store, err));
    return db_end(store, ok, err);
}

/* Rows of jobs read into memory. For store/ only; what app calls is in jobs.h. */
#ifndef STORE_JOBS_ROWS_H
#define STORE_JOBS_ROWS_H

#include "store/db.h"
#include "store/jobs.h"
#include "store/row_strings.h"

/* As the partial indexes of the schema have them, word for word. */
#define JOBS_OPEN  "state IN ('waiting', 'running', 'browser')"
#define JOBS_ENDED "state IN ('done', 'failed', 'cancelled')"
/* Ended ones that a person has cleared: in no list, and kept for a while to be brought back. */
#define JOBS_CLEARED "state IN ('cleared_done', 'cleared_failed', 'cleared_cancelled')"
/* When. Those that an earlier version cleared have it in `updated`. */
#define JOBS_CLEARED_AT "coalesce(nullif(not_before, 0), updated)"

/* That the time of a job has come. One further away than anything asks for was written by a clock
 * that was wrong. */
#define JOBS_TIME_COME(now) "(not_before <= " now " OR not_before > " now " + 7200000)"

/* That a host has a place and is not being left alone, at the time `now` with `places` for each.
 * Both sets are small: what runs, and who asked for it. */
#define JOBS_HOST_FREE(now, places)                                                                \
    "host NOT IN (SELECT host FROM job_hosts WHERE until > " now " AND until <= " now              \
    " + 7200000)"                                                                                  \
    " AND host NOT IN (SELECT host FROM jobs INDEXED BY jobs_running WHERE state = 'running'"      \
    "  GROUP BY host HAVING count(*) >= " places ")"

#define JOBS_COLUMNS                                                                               \
    "SELECT state, kind, url, title, stage, reason, note, user_agent, language, tags, id,"         \
    " media_limit, again, browser, attempts, not_before, created, updated, done, total, fault,"    \
    " status, page, snapshot, unchanged, missing, fonts FROM jobs "

struct job_loader {
    struct store *store;
    struct row_strings strings;
    struct buf tags;    /* const char *: into `strings` */
    struct job_row row; /* valid until the next load */
};

void job_loader_init(struct job_loader *loader, struct store *store);
void job_loader_finish(struct job_loader *loader);

/* Takes the row that a statement of JOBS_COLUMNS stands at. */
bool job_loader_take(struct job_loader *loader, sqlite3_stmt *statement,
                     struct error *err) MUST_CHECK;
/* Takes the job of that number, if there is one. */
bool job_loader_get(struct job_loader *loader, int64_t job, bool *found_out,
                    struct error *err) MUST_CHECK;

/* Forgets done jobs past JOBS_KEPT, and cleared ones after JOBS_CLEARED_MS; inside a transaction
 * that writes. */
bool jobs_forget_old(struct store *store, struct error *err) MUST_CHECK;

/* Joins the tags of `lines` (a line each) and others, each once however it is written, into `out`.
 * ERR_PARAMS, ERR_LIMIT. */
bool jobs_join_tags(struct store *store, struct slice lines, const char *const *tags, size_t count,
                    struct buf *out, struct error *err) MUST_CHECK;

#endif

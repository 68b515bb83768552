/* Jobs: work that survives whoever began it. One row each, claimed by one worker at a time.
 *
 * A worker is a process, known by a byte that it holds in a lock file (base/lockfile.h). A job
 * whose worker is gone is free again; no clock decides that.
 *
 *   waiting -> running -> done | failed | waiting (again, later) | browser
 *   browser -> running (by a browser) -> done | failed | browser
 *   waiting, running, browser -> cancelled;  failed, cancelled -> waiting (retried by a person)
 */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "base/lockfile.h"
#include "store/store.h"

/* Pages that are fetched from one host at a time, by all workers together. */
enum { JOBS_EACH_HOST = 2 };
/* A job that took so many workers with it is given up. */
enum { JOBS_CRASHES = 3 };
/* Done jobs that are kept for people to see; failed and cancelled ones stay until they are cleared.
 */
enum { JOBS_KEPT = 1000 };
/* For so long what was cleared can be brought back. */
enum { JOBS_CLEARED_MS = 7 * 24 * 3600 * 1000 };

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_BROWSER, JOB_DONE, JOB_FAILED, JOB_CANCELLED };
enum { JOB_STATES = JOB_CANCELLED + 1 };
/* "waiting", ...: the name that the store and the protocol use. */
const char *job_state_name(enum job_state state);
bool job_state_parse(struct slice name, enum job_state *state_out);

struct job_new {
    const char *kind;       /* "save", "check"; the store does not look into it */
    const char *url;        /* as the person gave it, made absolute */
    const char *normalized; /* its key */
    const char *host;       /* politeness is by this: "example.com:8080" */
    const char *title;      /* "": the document's own */
    const char *note;       /* NULL: the page's own stays */
    const char *const *tags;
    size_t tag_count;
    const char *user_agent; /* NULL: the host's own */
    const char *language;   /* NULL: none */
    int64_t media_limit;    /* -1: the host's own */
    bool no_fonts;
    int64_t page; /* that it is about, or 0 */
    bool again;   /* a version even when nothing has changed */
};

struct job_row {
    int64_t id;
    enum job_state state;
    const char *kind;
    const char *url;
    const char *title;
    const char *note; /* NULL: none given */
    const char *const *tags;
    size_t tag_count;
    const char *user_agent; /* NULL, NULL: none given */
    const char *language;
    int64_t media_limit;
    bool no_fonts;
    bool again;
    bool browser;     /* needs one, or is done by one */
    int64_t attempts; /* claims that came to an end; a crash and a failure count, a stop does not */
    int64_t not_before; /* ms UTC */
    int64_t created;
    int64_t updated;
    const char *stage; /* running: of struct capture_progress */
    int64_t done;
    int64_t total;
    /* How it ended, or why it is waiting again or needs a browser. */
    int fault; /* enum error_code, 0: none */
    int64_t status;
    const char *reason;
    int64_t page; /* 0: none yet */
    int64_t snapshot;
    bool unchanged;  /* the page was as it had been: no new version */
    int64_t missing; /* assets */
};
typedef bool (*job_fn)(const struct job_row *row, void *arg);

/* Adds all or none. A job of the same kind and key that is open (waiting, running, browser) is not
 * added again: its tags are joined, a note replaces, and its number is given. What comes while it
 * runs is put on its page by jobs_end. ERR_LIMIT, ERR_PARAMS as snapshots_begin. */
bool jobs_add(struct store *store, const struct job_new *jobs, size_t count, int64_t *ids_out,
              struct error *err) MUST_CHECK;

struct job_worker {
    struct lockfile *lock;
    int64_t id; /* of lockfile_worker() */
};

/* Frees the jobs of workers that are gone: back to waiting (or browser) with one attempt more, or
 * failed (ERR_INTERNAL) at JOBS_CRASHES in a row. */
bool jobs_free_dead(struct store *store, struct job_worker worker, struct error *err) MUST_CHECK;

/* Claims the oldest job that is due, whose host has a place (JOBS_EACH_HOST) and is not being left
 * alone (jobs_leave_host); frees dead workers' first. Nothing when the queue is paused. */
bool jobs_claim(struct store *store, struct job_worker worker, int64_t now, job_fn fn, void *arg,
                bool *found_out, struct error *err) MUST_CHECK;
/* The oldest that needs a browser, by the same rules. */
bool jobs_claim_browser(struct store *store, struct job_worker worker, int64_t now, job_fn fn,
                        void *arg, bool *found_out, struct error *err) MUST_CHECK;
/* This one, whatever its host, and paused or not: a person waits for it. *found_out is false when
 * it is not open or somebody has it. */
bool jobs_claim_one(struct store *store, struct job_worker worker, int64_t job, job_fn fn,
                    void *arg, bool *found_out, struct error *err) MUST_CHECK;

/* Notes how far it is. *mine_out is false when the job is this worker's no longer: it was
 * cancelled, and nothing more is to be done for it. `stage` NULL: only asks. */
bool jobs_progress(struct store *store, struct job_worker worker, int64_t job, const char *stage,
                   int64_t done, int64_t total, bool *mine_out, struct error *err) MUST_CHECK;

struct job_end {
    enum job_state state; /* done, failed, waiting, browser */
    bool counts;          /* as an attempt */
    int64_t not_before;   /* waiting: ms UTC */
    int fault;
    int64_t status;
    const char *reason; /* NULL: "" */
    int64_t page;
    int64_t snapshot;
    bool unchanged;
    int64_t missing;
};
/* Does nothing (no error) when the job is this worker's no longer. Forgets the oldest done
 * jobs past JOBS_KEPT. */
bool jobs_end(struct store *store, struct job_worker worker, int64_t job, const struct job_end *end,
              struct error *err) MUST_CHECK;

/* No page of this host is claimed before `until` (ms UTC): what a server asks for by Retry-After.
 */
bool jobs_leave_host(struct store *store, const char *host, int64_t until,
                     struct error *err) MUST_CHECK;

struct job_counts {
    int64_t states[JOB_STATES];
    int64_t last; /* the greatest number that a job has had; they only grow */
    bool paused;
    int64_t fetching; /* running ones that no browser does */
    int64_t due;      /* how many jobs_claim would give now, one after the other */
    /* ms UTC when the next waiting one may be due, 0: none waits. It is `now` when one waits for
     * nothing but a place of its host. */
    int64_t next;
};
bool jobs_count(struct store *store, int64_t now, struct job_counts *counts_out,
                struct error *err) MUST_CHECK;

bool jobs_get(struct store *store, int64_t job, job_fn fn, void *arg, struct error *err) MUST_CHECK;

/* Open ones first (running, browser, waiting; the oldest first), then ended ones, the newest first.
 * `state` NULL: all. Goes on after `offset` rows. */
bool jobs_list(struct store *store, const enum job_state *state, int64_t offset, int64_t limit,
               job_fn fn, void *arg, struct error *err) MUST_CHECK;

/* Each takes numbers, or with `ids` NULL all that it can be done to, and gives how many it was. */
bool jobs_cancel(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                 struct error *err) MUST_CHECK;
/* Failed and cancelled ones wait again, with no attempts counted; those that wait for their time or
 * for a browser are due now, without one. */
bool jobs_retry(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                struct error *err) MUST_CHECK;
/* Takes done, failed and cancelled ones out of all lists. */
bool jobs_clear(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                struct error *err) MUST_CHECK;
/* Brings back what the last jobs_clear() took, in the state it was in. */
bool jobs_unclear(struct store *store, int64_t *done_out, struct error *err) MUST_CHECK;

/* A paused queue gives out nothing; what runs goes on. Kept in the store. */
bool jobs_pause(struct store *store, bool paused, struct error *err) MUST_CHECK;

#endif

/* The queue of links: rows of store/jobs.h turned into captures and checks. */
#ifndef APP_QUEUE_H
#define APP_QUEUE_H

#include "app/capture.h"
#include "store/jobs.h"

#define QUEUE_SAVE  "save"
#define QUEUE_CHECK "check"

/* The lock file in which an open store's workers are known: beside the store, whatever name that
 * was opened by. One for a process, as base/lockfile.h wants it. */
bool queue_open_lock(const struct store *store, struct lockfile **lock_out,
                     struct error *err) MUST_CHECK;

/* What is asked for with each of some links. */
struct queue_link {
    struct slice url;
    const struct capture_wish *wish;
    const char *kind; /* QUEUE_SAVE, QUEUE_CHECK */
    int64_t page;     /* 0: none */
};

/* Makes jobs of links. One that no job can be made of is told to `refused` (NULL: it is passed
 * over) and is none; *ids_out gets 0 for it. ERR_QUOTA when nothing may be
 * saved. */
typedef bool (*queue_refused_fn)(struct slice url, const struct error *fault, void *arg);
bool queue_add(struct store *store, const struct queue_link *links, size_t count, int64_t *ids_out,
               queue_refused_fn refused, void *arg, struct error *err) MUST_CHECK;

/* A link is not looked after again for so many days. */
enum { QUEUE_CHECK_DAYS = 30 };

/* Adds checks of these pages, or with `pages` NULL of those whose last one is more than `days` ago.
 */
bool queue_add_checks(struct store *store, const int64_t *pages, size_t count, int64_t days,
                      int64_t *added_out, struct error *err) MUST_CHECK;

/* A job that this process has claimed, with texts of its own. */
struct queue_job {
    int64_t id;
    bool check;
    int64_t page;
    int64_t attempts;
    char *url;
    char *title;
    char *note; /* NULL: the page's own stays */
    char **tags;
    size_t tag_count;
    char *user_agent; /* NULL: the host's own */
    char *language;
    int64_t media_limit; /* -1: the host's own */
    bool no_fonts;
    bool again;
    enum capture_private private; /* of the person who waits; the row does not keep it */
    bool failed;                  /* out of memory while it was copied */
};
/* A job_fn; `arg` is the struct queue_job, which is to be finished. */
bool queue_job_keep(const struct job_row *row, void *arg);
void queue_job_finish(struct queue_job *job);

/* Makes a job of one link and claims it, for a person who waits for it: the link's own fault,
 * ERR_ORDER when somebody is at work on it. */
bool queue_begin(struct store *store, struct job_worker worker, const struct queue_link *link,
                 struct queue_job *job_out, struct error *err) MUST_CHECK;

/* Does the job, which the worker has claimed, and writes down how it ended. `once` is for a person
 * who waits: no other attempt is made by itself. Gives the capture's own result in *ok_out,
 * *report_out and *fault_out; false when the store failed beneath it. A job that is interrupted
 * waits again. */
bool queue_do(struct store *store, struct job_worker worker, const struct queue_job *job, bool once,
              const struct capture_hooks *hooks, bool *ok_out, struct capture_report *report_out,
              struct error *fault_out, struct error *err) MUST_CHECK;

/* Checks one saved link and writes down its health: queue_check.c. What may be a passing fault is
 * one of the page's only when no other attempt follows (`last`), and an error of this function
 * before. */
bool queue_check_page(struct store *store, int64_t page, bool last,
                      const struct capture_hooks *hooks, struct error *err) MUST_CHECK;

/* ---- Working on all of it: queue_run.c ---- */

enum { QUEUE_WORKERS = 8 };

struct queue_progress {
    int64_t done;  /* jobs that have ended since the run began */
    int64_t total; /* and those that are still before it */
    struct job_counts counts;
};

struct queue_watch {
    void (*progress)(const struct queue_progress *progress, void *arg); /* when something changed */
    bool (*interrupted)(void *arg); /* asked ten times a second */
    void *arg;
    int quiet[2]; /* descriptors that workers must not hold open; -1: none */
};

/* Works on the queue with processes of its own until nothing is left that can be done without a
 * browser. `lock` is this process's own, of queue_open_lock(). No connection to the store may be
 * open in this process meanwhile. ERR_CANCELLED when it was interrupted: what was at work waits
 * again. */
bool queue_run(const char *store_path, struct lockfile *lock, const struct queue_watch *watch,
               struct job_counts *counts_out, struct error *err) MUST_CHECK;

#endif

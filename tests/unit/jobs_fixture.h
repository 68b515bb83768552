/* A store with a queue, and this process as a worker on it. Include after <cmocka.h>. */
#ifndef TESTS_JOBS_FIXTURE_H
#define TESTS_JOBS_FIXTURE_H

#include "store_fixture.h"

#include "store/jobs.h"

#include <sys/stat.h>

struct queue {
    struct fixture base;
    char lock_path[300];
    struct job_worker worker;
};

enum { MINUTE = 60000 };
/* Far past the clock, so that what the store writes down by itself is due. */
#define QUEUE_NOW INT64_C(4102444800000)

static inline int queue_setup(void **state)
{
    struct queue *q = calloc(1, sizeof *q);
    assert_non_null(q);
    struct fixture *f = &q->base;
    fixture_folder(f);
    fixture_open(f, STORE_CREATE);
    snprintf(q->lock_path, sizeof q->lock_path, "%s/lock", f->folder);
    assert_ok(lockfile_open(q->lock_path, &q->worker.lock, &f->err));
    assert_ok(lockfile_worker(q->worker.lock, &q->worker.id, &f->err));
    *state = q;
    return 0;
}

static inline int queue_teardown(void **state)
{
    struct queue *q = *state;
    lockfile_close(q->worker.lock);
    unlink(q->lock_path);
    fixture_remove(&q->base);
    free(q);
    return 0;
}

static inline struct job_new new_job(const char *url, const char *host)
{
    return (struct job_new){.kind = "save",
                            .url = url,
                            .normalized = url,
                            .host = host,
                            .title = "",
                            .media_limit = -1};
}

static inline int64_t add_job(struct queue *q, const struct job_new *job)
{
    struct fixture *f = &q->base;
    int64_t id = 0;
    assert_ok(jobs_add(f->store, job, 1, &id, &f->err));
    return id;
}

static inline int64_t add_url(struct queue *q, const char *url, const char *host)
{
    struct job_new job = new_job(url, host);
    return add_job(q, &job);
}

/* `count` jobs of one host. */
static inline void add_many(struct queue *q, const char *host, int count)
{
    struct fixture *f = &q->base;
    enum { BATCH = 100 };
    static char urls[BATCH][96];
    static struct job_new jobs[BATCH];
    int64_t ids[BATCH];
    for (int done = 0; done < count;) {
        int n = 0;
        for (; n < BATCH && done < count; n++, done++) {
            snprintf(urls[n], sizeof urls[n], "https://%s/%d", host, done);
            jobs[n] = new_job(urls[n], host);
        }
        assert_ok(jobs_add(f->store, jobs, (size_t)n, ids, &f->err));
    }
}

static inline bool keep_id(const struct job_row *row, void *arg)
{
    *(int64_t *)arg = row->id;
    return true;
}

/* The number of what was claimed, or 0. */
static inline int64_t claim_at(struct queue *q, int64_t now)
{
    struct fixture *f = &q->base;
    int64_t id = 0;
    bool found = false;
    assert_ok(jobs_claim(f->store, q->worker, now, keep_id, &id, &found, &f->err));
    assert_int_equal(found, id != 0);
    return id;
}

static inline int64_t claim(struct queue *q)
{
    return claim_at(q, QUEUE_NOW);
}

static inline int64_t claim_browser(struct queue *q)
{
    struct fixture *f = &q->base;
    int64_t id = 0;
    bool found = false;
    assert_ok(jobs_claim_browser(f->store, q->worker, QUEUE_NOW, keep_id, &id, &found, &f->err));
    assert_int_equal(found, id != 0);
    return id;
}

static inline int64_t claim_one(struct queue *q, int64_t job)
{
    struct fixture *f = &q->base;
    int64_t id = 0;
    bool found = false;
    assert_ok(jobs_claim_one(f->store, q->worker, job, keep_id, &id, &found, &f->err));
    assert_int_equal(found, id != 0);
    return id;
}

static inline void end_job(struct queue *q, int64_t job, enum job_state state)
{
    struct fixture *f = &q->base;
    const struct job_end end = {.state = state, .counts = true};
    assert_ok(jobs_end(f->store, q->worker, job, &end, &f->err));
}

static inline bool is_mine(struct queue *q, int64_t job)
{
    struct fixture *f = &q->base;
    bool mine = false;
    assert_ok(jobs_progress(f->store, q->worker, job, NULL, 0, 0, &mine, &f->err));
    return mine;
}

static inline struct job_counts count_at(struct queue *q, int64_t now)
{
    struct fixture *f = &q->base;
    struct job_counts counts;
    assert_ok(jobs_count(f->store, now, &counts, &f->err));
    return counts;
}

/* A job in one line: "state attempts browser due? fault status reason page snapshot ...". */
static inline bool show_job(const struct job_row *row, void *arg)
{
    buf_printf(arg, "%lld %s", (long long)row->id, job_state_name(row->state));
    if (row->attempts > 0)
        buf_printf(arg, " attempts=%lld", (long long)row->attempts);
    if (row->browser)
        buf_add_text(arg, " browser");
    if (row->again)
        buf_add_text(arg, " again");
    if (row->not_before > 0)
        buf_printf(arg, " at=%lld", (long long)row->not_before);
    if (row->stage[0] != '\0')
        buf_printf(arg, " %s %lld/%lld", row->stage, (long long)row->done, (long long)row->total);
    if (row->fault != 0 || row->reason[0] != '\0')
        buf_printf(arg, " (%d %lld %s)", row->fault, (long long)row->status, row->reason);
    if (row->page != 0)
        buf_printf(arg, " page=%lld", (long long)row->page);
    if (row->snapshot != 0)
        buf_printf(arg, " snapshot=%lld missing=%lld", (long long)row->snapshot,
                   (long long)row->missing);
    if (row->unchanged)
        buf_add_text(arg, " unchanged");
    return buf_add_text(arg, ";");
}

#define assert_job(q, job, expected)                                                               \
    do {                                                                                           \
        struct buf shown_;                                                                         \
        char line_[512];                                                                           \
        buf_init(&shown_, 4096);                                                                   \
        if (!jobs_get((q)->base.store, (job), show_job, &shown_, &(q)->base.err))                  \
            fail_msg("%s", (q)->base.err.text);                                                    \
        snprintf(line_, sizeof line_, "%lld %s;", (long long)(job), (expected));                   \
        assert_string_equal(shown_.ptr, line_);                                                    \
        buf_finish(&shown_);                                                                       \
    } while (0)

#endif

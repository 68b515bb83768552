/* queue.*: the queue as a browser's extension sees it. */
#include "app/service.h"
#include "base/clock.h"
#include "store/health.h"
#include "wire/fields.h"

#include <stdlib.h>

#define NUMBER_MAX (INT64_C(1) << 53)

/* ---- Checking ---- */

struct check_params {
    struct field_ints pages;
    int64_t days;
};
static const struct field check_fields[] = {
    FIELD(FIELD_INTS, check_params, pages, .min = 1, .max = NUMBER_MAX, .max_items = LIMIT_LINKS),
    FIELD(FIELD_INT, check_params, days, .max = 36500),
};
enum { CHECK_FIELDS = sizeof check_fields / sizeof *check_fields };

bool handle_queue_check(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    struct check_params p = {.days = QUEUE_CHECK_DAYS};
    int64_t added = 0;
    bool ok = fields_read(params, check_fields, CHECK_FIELDS, &p, err) &&
              service_store(s, true, err) &&
              queue_add_checks(s->store, p.pages.given ? p.pages.items : NULL, p.pages.count,
                               p.days, &added, err);
    if (ok)
        reply_int(reply, reply->root, "added", added);
    fields_finish(check_fields, CHECK_FIELDS, &p);
    return ok;
}

/* ---- Running ---- */

static void tell(const struct queue_progress *progress, void *arg)
{
    struct reply reply;
    const int64_t *states = progress->counts.states;
    reply_init(&reply);
    reply_text(&reply, reply.root, "stage", "queue");
    reply_int(&reply, reply.root, "done", progress->done);
    reply_int(&reply, reply.root, "total", progress->total);
    reply_int(&reply, reply.root, "bytes", 0);
    reply_int(&reply, reply.root, "open",
              states[JOB_WAITING] + states[JOB_RUNNING] + states[JOB_BROWSER]);
    reply_int(&reply, reply.root, "browser", states[JOB_BROWSER]);
    reply_int(&reply, reply.root, "failed", states[JOB_FAILED]);
    service_notify(arg, &reply);
    reply_finish(&reply);
}

static bool no_params(const cJSON *params, struct error *err)
{
    return fields_read(params, NULL, 0, NULL, err);
}

bool handle_queue_run(struct service *s, const cJSON *params, struct reply *reply,
                      struct error *err)
{
    struct job_counts counts;
    struct job_worker worker;
    if (!no_params(params, err) || !service_store(s, true, err) || !service_worker(s, &worker, err))
        return false;
    struct queue_watch watch = {
        .progress = tell, .interrupted = service_interrupted, .arg = s, .quiet = {s->in, s->out}};
    /* Workers are forked, and an open store must not be. */
    store_close(s->store);
    s->store = NULL;
    if (!queue_run(s->store_path, s->lock, &watch, &counts, err))
        return false;
    reply_counts(reply, reply->root, &counts);
    return true;
}

/* ---- Looking ---- */

struct list_params {
    struct slice state;
    int64_t offset;
    int64_t limit;
};
static const struct field list_fields[] = {
    FIELD(FIELD_TEXT, list_params, state, .max = 20),
    FIELD(FIELD_INT, list_params, offset, .max = NUMBER_MAX),
    FIELD(FIELD_INT, list_params, limit, .min = 1, .max = (int64_t)LIMIT_RESULTS),
};

/* Of one answer's jobs; the rest of a frame is for what surrounds them. */
enum { JOBS_BYTES = 768 * 1024 };

struct listing {
    struct reply *reply;
    cJSON *jobs;
    size_t bytes;
    int64_t count;
    bool full;
};

static bool add_job(const struct job_row *row, void *arg)
{
    struct listing *list = arg;
    size_t tags = 0;
    for (size_t i = 0; i < row->tag_count; i++)
        tags += strlen(row->tags[i]) + 4;
    /* JSON spends at most six bytes on one of these. */
    list->bytes += 6 * (strlen(row->url) + strlen(row->title) + tags + strlen(row->reason) +
                        (row->note ? strlen(row->note) : 0)) +
                   1024;
    list->full = list->bytes > JOBS_BYTES && list->count > 0;
    if (list->full)
        return false;
    reply_job(list->reply, reply_object(list->reply, list->jobs, NULL), row);
    list->count++;
    return true;
}

static bool reply_counted(struct service *s, struct reply *reply, cJSON *parent, struct error *err)
{
    struct job_counts counts;
    if (!jobs_count(s->store, clock_now(), &counts, err))
        return false;
    reply_counts(reply, parent, &counts);
    return true;
}

/* What somebody has who is gone waits, and is to be shown so. A store that only can be read is
 * shown as it is. */
static void free_dead(struct service *s)
{
    struct job_worker worker;
    struct error ignored = {0};
    if (!s->read_only && service_worker(s, &worker, &ignored))
        (void)!jobs_free_dead(s->store, worker, &ignored);
}

bool handle_queue_list(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    struct list_params p = {.limit = 50};
    enum job_state state;
    if (!fields_read(params, list_fields, 3, &p, err) || !service_store(s, false, err))
        return false;
    if (p.state.ptr != NULL && !job_state_parse(p.state, &state))
        return error_set_field(err, ERR_PARAMS, "state", "\"state\" is no state of a job");
    free_dead(s);
    struct listing list = {.reply = reply};
    if (!reply_counted(s, reply, reply_object(reply, reply->root, "counts"), err))
        return false;
    list.jobs = reply_array(reply, reply->root, "jobs");
    if (!jobs_list(s->store, p.state.ptr ? &state : NULL, p.offset, p.limit, add_job, &list, err))
        return false;
    if (list.full || list.count == p.limit)
        reply_int(reply, reply->root, "next", p.offset + list.count);
    else
        reply_null(reply, reply->root, "next");
    return true;
}

/* ---- Changing ---- */

struct jobs_params {
    struct field_ints jobs;
};
static const struct field jobs_fields[] = {
    FIELD(FIELD_INTS, jobs_params, jobs, .min = 1, .max = NUMBER_MAX, .max_items = LIMIT_LINKS),
};

typedef bool (*change_fn)(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                          struct error *err);

static bool change(struct service *s, const cJSON *params, change_fn fn, struct reply *reply,
                   struct error *err)
{
    struct jobs_params p = {0};
    int64_t done = 0;
    bool ok = fields_read(params, jobs_fields, 1, &p, err) && service_store(s, true, err) &&
              fn(s->store, p.jobs.given ? p.jobs.items : NULL, p.jobs.count, &done, err);
    if (ok)
        reply_int(reply, reply->root, "jobs", done);
    fields_finish(jobs_fields, 1, &p);
    return ok;
}

bool handle_queue_cancel(struct service *s, const cJSON *params, struct reply *reply,
                         struct error *err)
{
    return change(s, params, jobs_cancel, reply, err);
}

bool handle_queue_retry(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    return change(s, params, jobs_retry, reply, err);
}

bool handle_queue_clear(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    return change(s, params, jobs_clear, reply, err);
}

bool handle_queue_restore(struct service *s, const cJSON *params, struct reply *reply,
                          struct error *err)
{
    int64_t done = 0;
    (void)params;
    if (!service_store(s, true, err) || !jobs_unclear(s->store, &done, err))
        return false;
    reply_int(reply, reply->root, "jobs", done);
    return true;
}

struct pause_params {
    bool paused;
};
static const struct field pause_fields[] = {
    FIELD(FIELD_BOOL, pause_params, paused, .required = true),
};

bool handle_queue_pause(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    struct pause_params p = {0};
    return fields_read(params, pause_fields, 1, &p, err) && service_store(s, true, err) &&
           jobs_pause(s->store, p.paused, err) && reply_counted(s, reply, reply->root, err);
}

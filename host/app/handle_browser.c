/* queue.take, queue.fail: jobs that only a browser can do, and the captures that end them. */
#include "app/service.h"
#include "base/clock.h"
#include "base/log.h"
#include "wire/fields.h"

#include <stdio.h>

static bool add_job(const struct job_row *row, void *arg)
{
    struct reply *reply = arg;
    reply_job(reply, reply_object(reply, reply->root, "job"), row);
    return true;
}

bool handle_queue_take(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    struct job_worker worker;
    bool found = false;
    if (!fields_read(params, NULL, 0, NULL, err) || !service_store(s, true, err) ||
        !service_worker(s, &worker, err) ||
        !jobs_claim_browser(s->store, worker, clock_now(), add_job, reply, &found, err))
        return false;
    s->took = s->took || found;
    if (!found)
        reply_null(reply, reply->root, "job");
    return true;
}

bool service_has_job(struct service *s, int64_t job, struct error *err)
{
    struct job_worker worker;
    bool mine = false;
    return service_store(s, true, err) && service_worker(s, &worker, err) &&
           jobs_progress(s->store, worker, job, NULL, 0, 0, &mine, err) &&
           (mine || error_set_field(err, ERR_ORDER, "job", "The job is not this port's"));
}

static bool end_job(struct service *s, int64_t job, const struct job_end *end, struct error *err)
{
    struct job_worker worker;
    return service_worker(s, &worker, err) && jobs_end(s->store, worker, job, end, err);
}

/* Why a job needs a browser. */
struct reason {
    struct job_end end;
    char text[ERROR_TEXT_SIZE];
};

static bool keep_reason(const struct job_row *row, void *arg)
{
    struct reason *reason = arg;
    snprintf(reason->text, sizeof reason->text, "%s", row->reason);
    reason->end = (struct job_end){
        .state = JOB_BROWSER, .fault = row->fault, .status = row->status, .reason = reason->text};
    return true;
}

/* A store that failed is given so long before the same is tried again. */
enum { PAUSE_MS = 30000 };

/* The job waits for a browser again, for the reason that it had; after a fault for a while, and
 * counted as an attempt. */
static bool give_back(struct service *s, int64_t job, bool fault, struct error *err)
{
    struct reason reason = {.end = {.state = JOB_BROWSER}};
    if (!jobs_get(s->store, job, keep_reason, &reason, err))
        return false;
    reason.end.counts = fault;
    reason.end.not_before = fault ? clock_now() + PAUSE_MS : 0;
    return end_job(s, job, &reason.end, err);
}

struct taken {
    int64_t ids[64];
    size_t count;
};

static bool note_taken(const struct job_row *row, void *arg)
{
    struct taken *taken = arg;
    if (row->browser)
        taken->ids[taken->count++] = row->id;
    return taken->count < sizeof taken->ids / sizeof *taken->ids;
}

void service_give_back(struct service *s)
{
    static const enum job_state running = JOB_RUNNING;
    struct taken taken = {0};
    struct error err = {0};
    bool ok = service_store(s, true, &err) &&
              jobs_list(s->store, &running, 0, JOBS_KEPT, note_taken, &taken, &err);
    /* What is another's is left alone by jobs_end(). */
    for (size_t i = 0; ok && i < taken.count; i++)
        ok = give_back(s, taken.ids[i], false, &err);
    if (!ok)
        log_warn("jobs cannot be given back: %s", err.text);
}

bool service_end_job(struct service *s, int64_t job, bool ok, const struct capture_report *report,
                     struct error *err)
{
    struct error ignored;
    struct job_end end = {.state = JOB_DONE,
                          .counts = true,
                          .page = report->ids.page,
                          .snapshot = report->ids.snapshot,
                          .unchanged = report->unchanged,
                          .missing = (int64_t)report->failed};
    if (ok)
        return end_job(s, job, &end, err);
    end = (struct job_end){.state = JOB_FAILED,
                           .counts = true,
                           .fault = err->code,
                           .status = err->status,
                           .reason = err->code == ERR_BROWSER ? err->field : err->text};
    bool fault = err->code >= ERR_STORE && err->code <= ERR_STORE_NEWER;
    return fault || err->code == ERR_CANCELLED ? give_back(s, job, fault, &ignored)
                                               : end_job(s, job, &end, &ignored);
}

struct fail_params {
    int64_t job;
    struct slice name;
    struct slice message;
};
static const struct field fail_fields[] = {
    FIELD(FIELD_INT, fail_params, job, .required = true, .min = 1, .max = INT64_C(1) << 53),
    FIELD(FIELD_TEXT, fail_params, name, .required = true, .max = 40),
    FIELD(FIELD_TEXT, fail_params, message, .max = (int64_t)LIMIT_TITLE),
};

/* A name of the table in PROTOCOL.md; what only the extension knows is a fault of the browser. */
static enum error_code code_named(struct slice name)
{
    for (int code = ERR_NO_MEMORY; code <= ERR_QUOTA; code++)
        if (slice_equal(name, slice_of(error_name((enum error_code)code))))
            return (enum error_code)code;
    return ERR_INTERNAL;
}

bool handle_queue_fail(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    (void)reply;
    struct fail_params p = {0};
    if (!fields_read(params, fail_fields, 3, &p, err) || !service_has_job(s, p.job, err))
        return false;
    enum error_code code = code_named(p.name);
    struct job_end end = {.state = JOB_FAILED,
                          .counts = true,
                          .fault = code,
                          .reason = p.message.ptr ? p.message.ptr : p.name.ptr};
    return code == ERR_CANCELLED ? give_back(s, p.job, false, err) : end_job(s, p.job, &end, err);
}

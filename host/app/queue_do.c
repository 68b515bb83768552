/* One job of the queue: its claim copied, the work done, the end written down. */
#include "app/queue.h"

#include "base/clock.h"
#include "page/url.h"

#include <stdlib.h>

/* ---- A claimed job ---- */

static char *copy(struct queue_job *job, const char *text)
{
    char *own = text ? slice_dup(slice_of(text)) : NULL;
    job->failed = job->failed || (text != NULL && own == NULL);
    return own;
}

bool queue_job_keep(const struct job_row *row, void *arg)
{
    struct queue_job *job = arg;
    *job = (struct queue_job){.id = row->id,
                              .check = strcmp(row->kind, QUEUE_CHECK) == 0,
                              .page = row->page,
                              .attempts = row->attempts,
                              .media_limit = row->media_limit,
                              .no_fonts = row->no_fonts,
                              .again = row->again};
    job->url = copy(job, row->url);
    job->title = copy(job, row->title);
    job->note = copy(job, row->note);
    job->user_agent = copy(job, row->user_agent);
    job->language = copy(job, row->language);
    job->tags = calloc(row->tag_count + 1, sizeof *job->tags);
    job->failed = job->failed || job->tags == NULL;
    for (size_t i = 0; job->tags != NULL && i < row->tag_count; i++) {
        job->tags[i] = copy(job, row->tags[i]);
        job->tag_count = i + 1;
    }
    return true;
}

void queue_job_finish(struct queue_job *job)
{
    for (size_t i = 0; i < job->tag_count; i++)
        free(job->tags[i]);
    free(job->tags);
    free(job->url);
    free(job->title);
    free(job->note);
    free(job->user_agent);
    free(job->language);
    *job = (struct queue_job){0};
}

static bool take_fault(struct slice url, const struct error *fault, void *arg)
{
    (void)url;
    *(struct error *)arg = *fault;
    return true;
}

bool queue_begin(struct store *store, struct job_worker worker, const struct queue_link *link,
                 struct queue_job *job_out, struct error *err)
{
    struct error fault = {0};
    int64_t id = 0;
    bool found = false;
    if (!queue_add(store, link, 1, &id, take_fault, &fault, err))
        return false;
    if (id == 0) {
        *err = fault;
        return false;
    }
    if (!jobs_claim_one(store, worker, id, queue_job_keep, job_out, &found, err))
        return false;
    job_out->private = link->wish->private;
    return found || error_set(err, ERR_ORDER, "Somebody is saving this link already");
}

/* Its strings are borrowed. */
static struct capture_wish wish_of(const struct queue_job *job)
{
    return (struct capture_wish){.title = slice_of(job->title),
                                 .note = job->note ? slice_of(job->note) : (struct slice){0},
                                 .tags = (const char *const *)job->tags,
                                 .tag_count = job->tag_count,
                                 .user_agent = job->user_agent,
                                 .language = job->language,
                                 .media_limit = job->media_limit >= 0 ? &job->media_limit : NULL,
                                 .private = job->private,
                                 .no_fonts = job->no_fonts,
                                 .again = job->again};
}

/* ---- Doing it ---- */

enum { ATTEMPTS = 4 };

/* How often the row is told of progress, and asked whether the job was cancelled. */
enum { TELL_MS = 300, ASK_MS = 500 };

struct watching {
    struct store *store;
    struct job_worker worker;
    int64_t job;
    const struct capture_hooks *outer;
    int64_t last;
    const char *stage; /* what the row is to be told, NULL: nothing new */
    size_t done;
    size_t total;
    bool cancelled;
};

static void ask(struct watching *w)
{
    bool mine = true;
    struct error ignored;
    w->last = clock_steady();
    /* A store that is busy for a moment is no reason to stop. */
    if (jobs_progress(w->store, w->worker, w->job, w->stage, (int64_t)w->done, (int64_t)w->total,
                      &mine, &ignored) &&
        !mine)
        w->cancelled = true;
    w->stage = NULL;
}

static void tell(const struct capture_progress *progress, void *arg)
{
    struct watching *w = arg;
    w->stage = progress->stage;
    w->done = progress->done;
    w->total = progress->total;
    if (clock_steady() - w->last >= TELL_MS)
        ask(w);
    if (w->outer->progress != NULL)
        w->outer->progress(progress, w->outer->arg);
}

static bool stopped(void *arg)
{
    struct watching *w = arg;
    if (w->outer->interrupted != NULL && w->outer->interrupted(w->outer->arg))
        return true;
    if (clock_steady() - w->last >= (w->stage != NULL ? TELL_MS : ASK_MS))
        ask(w);
    return w->cancelled;
}

/* What may pass: another attempt later is worth it. */
static bool may_pass(const struct error *fault)
{
    switch (fault->code) {
    case ERR_DNS:
    case ERR_CONNECT:
    case ERR_TIMEOUT:
    case ERR_SERVER:
    case ERR_NO_MEMORY:
        return true;
    case ERR_STATUS:
    case ERR_BROWSER:
        return fault->status == 408 || fault->status == 425 || fault->status == 429 ||
               fault->status == 500 || fault->status == 502 || fault->status == 503 ||
               fault->status == 504;
    default:
        return false;
    }
}

static bool is_store_fault(enum error_code code)
{
    return code >= ERR_STORE && code <= ERR_STORE_NEWER;
}

/* 30 s, 2 min, 8 min, and up to a quarter more, so that what failed together does not come back
 * together. */
static int64_t pause_ms(int64_t attempts, int64_t job)
{
    int64_t ms = 30000;
    for (int64_t i = 0; i < attempts && i < 4; i++)
        ms *= 4;
    return ms + ms / 4 * (job % 16) / 16;
}

static struct job_end end_of_failure(const struct queue_job *job, bool once, int64_t retry_after_ms,
                                     const struct error *fault)
{
    struct job_end end = {.state = JOB_FAILED,
                          .counts = true,
                          .fault = fault->code,
                          .status = fault->status,
                          .reason = fault->text,
                          .page = job->page};
    /* A server that names a time means it; one that does not may never let a program in. */
    bool wall = fault->code == ERR_BROWSER && retry_after_ms < 0;
    bool more = job->attempts + 1 < ATTEMPTS;
    if (fault->code == ERR_CANCELLED || is_store_fault(fault->code)) {
        end = (struct job_end){.state = JOB_WAITING, .page = job->page};
    } else if (!once && !wall && more && may_pass(fault)) {
        end.state = JOB_WAITING;
        end.not_before =
            clock_now() + (retry_after_ms > 0 ? retry_after_ms : pause_ms(job->attempts, job->id));
    } else if (fault->code == ERR_BROWSER) {
        end.state = JOB_BROWSER;
    }
    /* The name of a wall says all: its sentence is made from it. */
    if (end.fault == ERR_BROWSER)
        end.reason = fault->field;
    return end;
}

static bool leave_host(struct store *store, const char *url, int64_t ms, struct error *err)
{
    char *host = NULL;
    bool ok = url_site(url, &host, err) && jobs_leave_host(store, host, clock_now() + ms, err);
    free(host);
    return ok;
}

static bool perform(struct store *store, const struct queue_job *job,
                    const struct capture_hooks *hooks, struct capture_report *report,
                    struct error *fault)
{
    if (job->failed)
        return error_no_memory(fault);
    if (job->check)
        return queue_check_page(store, job->page, job->attempts + 1 >= ATTEMPTS, hooks, fault);
    struct capture_wish wish = wish_of(job);
    return capture_link(store, slice_of(job->url), &wish, hooks, report, fault);
}

bool queue_do(struct store *store, struct job_worker worker, const struct queue_job *job, bool once,
              const struct capture_hooks *hooks, bool *ok_out, struct capture_report *report_out,
              struct error *fault_out, struct error *err)
{
    struct watching w = {
        .store = store, .worker = worker, .job = job->id, .outer = hooks, .last = clock_steady()};
    struct capture_hooks inner = {.progress = tell,
                                  .interrupted = stopped,
                                  .arg = &w,
                                  .wake_fd = hooks->wake_fd,
                                  .places = hooks->places};
    *report_out = (struct capture_report){.retry_after_ms = -1};
    *ok_out = perform(store, job, &inner, report_out, fault_out);
    struct job_end end = {.state = JOB_DONE,
                          .counts = true,
                          .page = job->check ? job->page : report_out->ids.page,
                          .snapshot = report_out->ids.snapshot,
                          .unchanged = report_out->unchanged,
                          .missing = (int64_t)report_out->failed};
    if (!*ok_out)
        end = end_of_failure(job, once, report_out->retry_after_ms, fault_out);
    bool told = *ok_out || report_out->retry_after_ms <= 0 ||
                leave_host(store, report_out->answered ? report_out->answered : job->url,
                           report_out->retry_after_ms, err);
    if (!told || !jobs_end(store, worker, job->id, &end, err))
        return false;
    if (!*ok_out && is_store_fault(fault_out->code)) {
        *err = *fault_out;
        return false;
    }
    return true;
}

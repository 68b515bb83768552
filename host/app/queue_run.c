/* Working on the queue with several processes: each takes one job after the other until none is
 * due. A page that kills its worker costs that worker; what it had claimed is free again. */
#include "app/queue.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a worker ends that the store failed: from here on, the code counts. */
enum { EXIT_STORE = 64 };

enum {
    LOOK_MS = 100,  /* how often the queue and the workers are looked at */
    IDLE_MS = 1000, /* the same while nothing is due */
    FREE_MS = 1000, /* how often it is asked who is gone */
    STOP_MS = 5000, /* for workers to give back what they have, before they are left to it */
};

/* ---- A worker ---- */

/* The other end of `leash` is the parent's alone: it closes when the parent ends, however. */
static bool leash_is_cut(void *arg)
{
    struct pollfd leash = {.fd = *(int *)arg, .events = POLLIN};
    return poll(&leash, 1, 0) > 0;
}

static bool work(struct store *store, struct lockfile *lock, int leash, struct error *err)
{
    struct job_worker worker = {.lock = lock};
    struct capture_hooks hooks = {
        .interrupted = leash_is_cut, .arg = &leash, .wake_fd = leash, .places = lock};
    if (!lockfile_worker(lock, &worker.id, err))
        return false;
    while (!leash_is_cut(&leash)) {
        struct queue_job job = {0};
        struct capture_report report = {0};
        struct error fault;
        bool found = false;
        bool done;
        bool ok = jobs_claim(store, worker, clock_now(), queue_job_keep, &job, &found, err);
        if (ok && !found)
            return true;
        ok = ok && queue_do(store, worker, &job, false, &hooks, &done, &report, &fault, err);
        if (ok && !done)
            log_info("job %lld: %s", (long long)job.id, fault.text);
        capture_report_finish(&report);
        queue_job_finish(&job);
        if (!ok)
            return false;
    }
    return true;
}

static _Noreturn void run_worker(const char *store_path, struct lockfile *lock, int leash)
{
    struct store *store = NULL;
    struct error err = {0};
    bool ok =
        store_open(store_path, STORE_EXISTING, &store, &err) && work(store, lock, leash, &err);
    if (!ok)
        log_warn("a worker of the queue: %s", err.text);
    store_close(store);
    bool of_store = err.code >= ERR_STORE && err.code <= ERR_STORE_NEWER;
    _exit(ok ? EXIT_SUCCESS : of_store ? EXIT_STORE + err.code - ERR_STORE : EXIT_FAILURE);
}

/* ---- The parent ---- */

struct run {
    const char *store_path;
    const struct queue_watch *watch;
    struct lockfile *lock;
    struct store *store; /* closed whenever a worker is begun */
    int leash[2];
    pid_t workers[QUEUE_WORKERS];
    size_t worker_count;
    int64_t free_next;     /* ms, steady */
    size_t failures;       /* workers that could not work, since a job has ended */
    enum error_code fault; /* of the store, that a worker has met; ERR_NONE when none has */
    struct job_counts before;
    struct queue_progress told;
    bool has_told;
};

/* Jobs that are still before a run without a browser. */
static int64_t count_ahead(const struct job_counts *counts)
{
    return counts->states[JOB_WAITING] + counts->fetching;
}

static void forget_descriptors(const struct run *run)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (size_t i = 0; null >= 0 && i < 2; i++)
        if (run->watch->quiet[i] >= 0)
            (void)dup2(null, run->watch->quiet[i]);
}

static bool begin_worker(struct run *run, struct error *err)
{
    store_close(run->store);
    run->store = NULL;
    pid_t pid = fork();
    if (pid < 0)
        return error_set(err, ERR_INTERNAL, "No worker can be started");
    if (pid == 0) {
        close(run->leash[1]);
        forget_descriptors(run);
        run_worker(run->store_path, run->lock, run->leash[0]);
    }
    run->workers[run->worker_count++] = pid;
    return true;
}

static void note_end(struct run *run, int status)
{
    bool failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    run->failures += failed;
    if (WIFEXITED(status) && WEXITSTATUS(status) >= EXIT_STORE)
        run->fault = (enum error_code)(ERR_STORE + WEXITSTATUS(status) - EXIT_STORE);
    if (WIFSIGNALED(status))
        log_warn("a worker of the queue was ended by signal %d", WTERMSIG(status));
}

static void reap(struct run *run)
{
    for (size_t i = 0; i < run->worker_count;) {
        int status;
        pid_t pid = waitpid(run->workers[i], &status, WNOHANG);
        if (pid == 0 || (pid < 0 && errno == EINTR)) {
            i++;
            continue;
        }
        if (pid > 0)
            note_end(run, status);
        run->workers[i] = run->workers[--run->worker_count];
    }
}

/* A worker in the middle of a parse gives its job back when that is done, parent or no parent:
 * killed, it would count as a crash of the page. */
static void stop_workers(struct run *run)
{
    int64_t until = clock_steady() + STOP_MS;
    close(run->leash[1]);
    while (run->worker_count > 0 && clock_steady() < until) {
        (void)poll(NULL, 0, 10);
        reap(run);
    }
    close(run->leash[0]);
}

/* What workers had that are gone, of this process or of another, is free from here on. */
static bool look(struct run *run, struct job_counts *counts, struct error *err)
{
    struct job_worker self = {.lock = run->lock};
    int64_t now = clock_steady();
    if (run->store == NULL && !store_open(run->store_path, STORE_EXISTING, &run->store, err))
        return false;
    if (now >= run->free_next) {
        run->free_next = now + FREE_MS;
        if (!lockfile_worker(run->lock, &self.id, err) || !jobs_free_dead(run->store, self, err))
            return false;
    }
    return jobs_count(run->store, clock_now(), counts, err);
}

static void tell(struct run *run, const struct job_counts *counts)
{
    const struct queue_watch *watch = run->watch;
    int64_t ahead = count_ahead(counts);
    int64_t came = counts->last - run->before.last;
    struct queue_progress now = {.done = count_ahead(&run->before) + came - ahead,
                                 .counts = *counts};
    /* What somebody retried was done nevertheless. */
    if (now.done < run->told.done)
        now.done = run->told.done;
    if (now.done > run->told.done)
        run->failures = 0;
    now.total = now.done + ahead;
    now.counts.due = 0;
    now.counts.next = 0;
    if (run->has_told && memcmp(&now, &run->told, sizeof now) == 0)
        return;
    run->told = now;
    run->has_told = true;
    if (watch->progress != NULL)
        watch->progress(&now, watch->arg);
}

/* Whether there is, or will be, something to do: others may be at work on what is running. */
static bool is_over(const struct run *run, const struct job_counts *counts)
{
    bool waits = counts->states[JOB_WAITING] > 0 && !counts->paused;
    return run->worker_count == 0 && !waits && counts->fetching == 0;
}

static bool check_failures(const struct run *run, struct error *err)
{
    switch (run->fault) {
    case ERR_NONE:
        break;
    case ERR_STORE_FULL:
        return error_set(err, ERR_STORE_FULL, "There is no room on the disk");
    case ERR_STORE_READONLY:
        return error_set(err, ERR_STORE_READONLY, "The store cannot be written");
    default:
        return error_set(err, run->fault, "The store failed while the queue was at work");
    }
    return run->failures < QUEUE_WORKERS ||
           error_set(err, ERR_INTERNAL, "The workers of the queue end at once");
}

static bool step(struct run *run, bool *over_out, struct job_counts *counts, struct error *err)
{
    reap(run);
    if (!check_failures(run, err) || !look(run, counts, err))
        return false;
    tell(run, counts);
    *over_out = is_over(run, counts);
    int64_t busy = (int64_t)run->worker_count;
    bool more = counts->due > 0 && run->worker_count < QUEUE_WORKERS;
    /* One that has just begun has not claimed anything yet. */
    if (!more || (busy > counts->states[JOB_RUNNING] && busy > counts->due))
        return true;
    int64_t wanted = counts->due < QUEUE_WORKERS - busy ? counts->due : QUEUE_WORKERS - busy;
    for (int64_t i = 0; i < wanted; i++)
        if (!begin_worker(run, err))
            return false;
    return true;
}

/* Until there may be something to see; while all that is left waits for its time, that is seldom.
 */
static bool wait_a_little(const struct run *run, const struct job_counts *counts, struct error *err)
{
    const struct queue_watch *watch = run->watch;
    bool idle = run->worker_count == 0 && counts->due == 0;
    for (int ms = 0; ms < (idle ? IDLE_MS : LOOK_MS); ms += LOOK_MS) {
        if (watch->interrupted != NULL && watch->interrupted(watch->arg))
            return error_set(err, ERR_CANCELLED, "Stopped");
        (void)poll(NULL, 0, LOOK_MS);
    }
    return true;
}

bool queue_run(const char *store_path, struct lockfile *lock, const struct queue_watch *watch,
               struct job_counts *counts_out, struct error *err)
{
    struct run run = {.store_path = store_path, .watch = watch, .lock = lock};
    struct job_counts counts = {0};
    bool over = false;
    if (pipe(run.leash) != 0)
        return error_set(err, ERR_INTERNAL, "No pipe can be made");
    bool ok = look(&run, &run.before, err);
    while (ok && !over) {
        ok = step(&run, &over, &counts, err);
        if (ok && !over)
            ok = wait_a_little(&run, &counts, err);
    }
    stop_workers(&run);
    store_close(run.store);
    if (ok)
        *counts_out = counts;
    return ok;
}

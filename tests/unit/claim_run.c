#include "claim_run.h"

#include "base/clock.h"
#include "store/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What a line of the log says: a worker has a job, is through with it, has ended it, or is about to
 * be killed. */
enum { BEGUN = 'b', WORKED = 'w', ENDED = 'e', KILLED = 'k' };
enum { LINE = 32, BATCH = 500 };

struct runner {
    const struct claim_run *run;
    struct lockfile *lock;
    int log; /* O_APPEND */
    uint32_t seed;
    pid_t workers[CLAIM_RUN_WORKERS];
};

static void pause_us(int64_t us)
{
    const struct timespec pause = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&pause, NULL);
}

static uint32_t next_number(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static bool say(int log, pid_t pid, int what, int64_t job)
{
    char line[LINE + 1];
    int len = snprintf(line, sizeof line, "%c %9ld %18lld\n", what, (long)pid, (long long)job);
    return len == LINE - 1 && write(log, line, (size_t)len) == len;
}

/* ---- A worker ---- */

static bool keep_id(const struct job_row *row, void *arg)
{
    *(int64_t *)arg = row->id;
    return true;
}

static bool work_on(struct runner *runner, struct store *store, struct job_worker worker,
                    int64_t job, struct error *err)
{
    const struct job_end end = {.state = JOB_DONE, .counts = true};
    bool mine = false;
    if (!say(runner->log, getpid(), BEGUN, job))
        return error_set(err, ERR_IO, "The log cannot be written");
    pause_us(next_number(&runner->seed) % (runner->run->pause_us + 1));
    return jobs_progress(store, worker, job, "page", 1, 2, &mine, err) &&
           (mine || error_set(err, ERR_ORDER, "A job was taken away from a living worker")) &&
           (say(runner->log, getpid(), WORKED, job) || error_set(err, ERR_IO, "The log")) &&
           jobs_end(store, worker, job, &end, err) &&
           (say(runner->log, getpid(), ENDED, job) || error_set(err, ERR_IO, "The log"));
}

static bool work(struct runner *runner, struct error *err)
{
    struct store *store = NULL;
    struct job_worker worker = {.lock = runner->lock};
    struct job_counts counts;
    bool ok = store_open(runner->run->store, STORE_EXISTING, &store, err) &&
              lockfile_worker(runner->lock, &worker.id, err);
    while (ok) {
        int64_t job = 0;
        bool found = false;
        int64_t now = clock_now();
        ok = jobs_claim(store, worker, now, keep_id, &job, &found, err);
        if (ok && found) {
            ok = work_on(runner, store, worker, job, err);
            continue;
        }
        ok = ok && jobs_count(store, now, &counts, err);
        if (ok && counts.states[JOB_WAITING] + counts.states[JOB_RUNNING] == 0)
            break;
        pause_us(500);
    }
    store_close(store);
    return ok;
}

static bool start_worker(struct runner *runner, int index, struct error *err)
{
    uint32_t seed = next_number(&runner->seed);
    pid_t pid = fork();
    if (pid < 0)
        return error_set(err, ERR_IO, "fork: %s", strerror(errno));
    if (pid == 0) {
        struct error fault = {0};
        runner->seed = seed;
        alarm((unsigned)(runner->run->deadline_ms / 1000 + 60));
        bool ok = work(runner, &fault);
        if (!ok)
            fprintf(stderr, "worker: %s\n", fault.text);
        _exit(ok ? 0 : 1);
    }
    runner->workers[index] = pid;
    return true;
}

/* ---- The one that kills them ---- */

static bool fill(const struct claim_run *run, struct error *err)
{
    static char urls[BATCH][64];
    static char hosts[BATCH][32];
    static struct job_new jobs[BATCH];
    int64_t ids[BATCH];
    struct store *store = NULL;
    bool ok = store_open(run->store, STORE_CREATE, &store, err);
    for (int done = 0; ok && done < run->jobs;) {
        size_t n = 0;
        for (; n < BATCH && done < run->jobs; n++, done++) {
            snprintf(hosts[n], sizeof hosts[n], "h%d.example", done % run->hosts);
            snprintf(urls[n], sizeof urls[n], "https://%s/%d", hosts[n], done);
            jobs[n] = (struct job_new){.kind = "save",
                                       .url = urls[n],
                                       .normalized = urls[n],
                                       .host = hosts[n],
                                       .title = "",
                                       .media_limit = -1};
        }
        ok = jobs_add(store, jobs, n, ids, err);
        /* The log is read by the numbers of the jobs. */
        if (ok && ids[n - 1] != done)
            ok = error_set(err, ERR_INTERNAL, "The queue was not empty");
    }
    store_close(store);
    return ok;
}

/* Takes note of workers that ended by themselves: all is done, or one has failed. */
static bool reap(struct runner *runner, int *left, struct error *err)
{
    for (int i = 0; i < runner->run->workers; i++) {
        int status;
        if (runner->workers[i] == 0 || waitpid(runner->workers[i], &status, WNOHANG) <= 0)
            continue;
        runner->workers[i] = 0;
        --*left;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return error_set(err, ERR_INTERNAL, "A worker failed");
    }
    return true;
}

static void kill_worker(struct runner *runner, int index)
{
    if (runner->workers[index] == 0)
        return;
    kill(runner->workers[index], SIGKILL);
    waitpid(runner->workers[index], NULL, 0);
    runner->workers[index] = 0;
}

static int64_t lines_of(const struct runner *runner)
{
    struct stat info;
    return fstat(runner->log, &info) == 0 ? info.st_size / (LINE - 1) : 0;
}

static bool run_workers(struct runner *runner, int64_t deadline, struct error *err)
{
    const struct claim_run *run = runner->run;
    int left = run->workers;
    int64_t lines = 0;
    int64_t killed = clock_steady();
    bool ok = true;
    for (int i = 0; ok && i < run->workers; i++)
        ok = start_worker(runner, i, err);
    while (ok && left > 0 && clock_steady() < deadline) {
        pause_us(500);
        ok = reap(runner, &left, err);
        int64_t now = clock_steady();
        int index = (int)(next_number(&runner->seed) % (uint32_t)run->workers);
        int64_t jitter = next_number(&runner->seed) % 4;
        if (!ok || runner->workers[index] == 0 || now < killed + run->kill_ms + jitter ||
            lines_of(runner) < lines + run->lines)
            continue;
        /* Said before it is done: from then on the job may be somebody else's. */
        ok = say(runner->log, runner->workers[index], KILLED, 0) ||
             error_set(err, ERR_IO, "The log cannot be written");
        kill_worker(runner, index);
        ok = ok && start_worker(runner, index, err);
        killed = now;
        lines = lines_of(runner);
    }
    for (int i = 0; i < run->workers; i++)
        kill_worker(runner, i);
    return ok;
}

/* ---- What the log says ---- */

struct job_seen {
    long worker; /* that has it, as far as the log says */
    int worked;
    int ended;
};

struct reader {
    const struct claim_run *run;
    struct claim_figures *figures;
    struct job_seen *jobs; /* by number; 0 is not used */
    int *running;          /* by host */
    long *killed;
    int64_t killed_count;
};

static bool was_killed(const struct reader *reader, long worker)
{
    for (int64_t i = reader->killed_count; i > 0; i--) {
        if (reader->killed[i - 1] == worker)
            return true;
    }
    return false;
}

static void set_worker(struct reader *reader, int64_t job, long worker)
{
    struct job_seen *seen = &reader->jobs[job];
    int *running = &reader->running[(job - 1) % reader->run->hosts];
    *running += (worker != 0) - (seen->worker != 0);
    reader->figures->crowded += worker != 0 && *running > JOBS_EACH_HOST;
    seen->worker = worker;
}

static void read_line(struct reader *reader, int what, long worker, int64_t job)
{
    struct job_seen *seen = &reader->jobs[job];
    switch (what) {
    case BEGUN:
        reader->figures->claims++;
        reader->figures->at_once += seen->worker != 0;
        /* One that was about to be killed may have been quicker; nobody knows when it died. */
        set_worker(reader, job, was_killed(reader, worker) ? 0 : worker);
        break;
    case WORKED:
        reader->figures->at_once += seen->worker != 0 && seen->worker != worker;
        seen->worked++;
        set_worker(reader, job, 0);
        break;
    case ENDED:
        seen->ended++;
        break;
    default:
        reader->figures->kills++;
        reader->killed[reader->killed_count++] = worker;
        for (int64_t i = 1; i <= reader->run->jobs; i++) {
            if (reader->jobs[i].worker == worker)
                set_worker(reader, i, 0);
        }
        break;
    }
}

static bool read_log(struct reader *reader, FILE *log, struct error *err)
{
    char line[LINE + 1];
    while (fgets(line, sizeof line, log) != NULL) {
        char what;
        long worker;
        long long job;
        if (sscanf(line, "%c %ld %lld", &what, &worker, &job) != 3 || job < 0 ||
            job > reader->run->jobs)
            return error_set(err, ERR_INTERNAL, "The log is damaged");
        read_line(reader, what, worker, job);
    }
    return true;
}

static bool mark_kept(const struct job_row *row, void *arg)
{
    struct reader *reader = arg;
    bool open = row->state == JOB_WAITING || row->state == JOB_RUNNING;
    reader->figures->open += open;
    reader->figures->given_up += row->state == JOB_FAILED;
    if (open || row->state == JOB_FAILED)
        reader->jobs[row->id].worked++; /* is not lost */
    return true;
}

/* Ended jobs are forgotten past JOBS_KEPT, so that the store alone cannot tell what was done. */
static bool compare_with_store(struct reader *reader, struct error *err)
{
    struct store *store = NULL;
    bool ok = store_open(reader->run->store, STORE_EXISTING, &store, err) &&
              jobs_list(store, NULL, 0, INT32_MAX, mark_kept, reader, err);
    store_close(store);
    for (int64_t i = 1; i <= reader->run->jobs; i++) {
        reader->figures->lost += reader->jobs[i].worked == 0;
        reader->figures->twice += reader->jobs[i].ended > 1;
    }
    return ok;
}

static bool read_figures(const struct claim_run *run, const char *path,
                         struct claim_figures *figures, struct error *err)
{
    struct stat info;
    struct reader reader = {.run = run, .figures = figures};
    bool ok = false;
    FILE *log = fopen(path, "r");
    if (log == NULL || fstat(fileno(log), &info) != 0) {
        error_set(err, ERR_IO, "The log cannot be read");
        goto out;
    }
    reader.jobs = calloc((size_t)run->jobs + 1, sizeof *reader.jobs);
    reader.running = calloc((size_t)run->hosts, sizeof *reader.running);
    reader.killed = calloc((size_t)info.st_size / (LINE - 1) + 1, sizeof *reader.killed);
    if (reader.jobs == NULL || reader.running == NULL || reader.killed == NULL) {
        error_no_memory(err);
        goto out;
    }
    ok = read_log(&reader, log, err) && compare_with_store(&reader, err);
out:
    free(reader.jobs);
    free(reader.running);
    free(reader.killed);
    if (log != NULL)
        fclose(log);
    return ok;
}

bool claim_run(const struct claim_run *run, struct claim_figures *figures_out, struct error *err)
{
    char path[512];
    struct runner runner = {.run = run, .seed = run->seed, .log = -1};
    struct claim_figures figures = {0};
    int64_t start;
    bool ok = false;
    if (run->workers < 1 || run->workers > CLAIM_RUN_WORKERS || run->jobs < 1 || run->hosts < 1)
        return error_set(err, ERR_PARAMS, "Too many workers, or nothing to do");
    if (!fill(run, err))
        goto out;
    snprintf(path, sizeof path, "%s.lock", run->store);
    if (!lockfile_open(path, &runner.lock, err))
        goto out;
    snprintf(path, sizeof path, "%s.log", run->store);
    runner.log = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (runner.log < 0) {
        error_set(err, ERR_IO, "The log cannot be made: %s", strerror(errno));
        goto out;
    }
    start = clock_steady();
    ok = run_workers(&runner, start + run->deadline_ms, err);
    figures.ms = clock_steady() - start;
    ok = ok && read_figures(run, path, &figures, err);
out:
    if (runner.log >= 0)
        close(runner.log);
    lockfile_close(runner.lock);
    if (ok)
        *figures_out = figures;
    return ok;
}

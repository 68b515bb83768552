/* Jobs of workers that go away, and many workers at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "claim_run.h"
#include "jobs_fixture.h"

#include <signal.h>

/* Lets a child of its own claim a job, and dies with it. SQLite does not go over a fork, so that
 * the store is closed meanwhile. */
static int64_t claim_and_die(struct queue *q, bool browser)
{
    struct fixture *f = &q->base;
    int ends[2];
    int64_t job = 0;
    fixture_close(f);
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        bool found = false;
        alarm(60);
        bool ok = store_open(f->path, STORE_EXISTING, &f->store, &f->err) &&
                  lockfile_worker(q->worker.lock, &q->worker.id, &f->err) &&
                  (browser ? jobs_claim_browser : jobs_claim)(f->store, q->worker, QUEUE_NOW,
                                                              keep_id, &job, &found, &f->err);
        if (!ok || write(ends[1], &job, sizeof job) != (ssize_t)sizeof job)
            _exit(1);
        for (;;)
            pause();
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &job, sizeof job), sizeof job);
    close(ends[0]);
    fixture_open(f, STORE_EXISTING);
    /* As long as it lives, nobody takes its job away. */
    assert_ok(jobs_free_dead(f->store, q->worker, &f->err));
    assert_int_equal(count_at(q, QUEUE_NOW).states[JOB_RUNNING], 1);
    assert_int_equal(claim_one(q, job), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return job;
}

#define CRASHED "(-32603 0 The program that worked on it ended)"

static void the_job_of_a_worker_that_is_gone_waits_again(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int64_t id = add_url(q, "https://a.example/", "a.example");
    assert_int_equal(claim_and_die(q, false), id);
    assert_job(q, id, "running");
    assert_ok(jobs_free_dead(f->store, q->worker, &f->err));
    assert_job(q, id, "waiting attempts=1 " CRASHED);
    assert_int_equal(claim_and_die(q, false), id);
    /* A claim does so by itself. */
    assert_int_equal(claim(q), id);
    assert_job(q, id, "running attempts=2 " CRASHED);
    end_job(q, id, JOB_DONE);
    assert_job(q, id, "done attempts=3");
}

static void a_job_that_takes_its_workers_with_it_is_given_up(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int64_t id = add_url(q, "https://a.example/", "a.example");
    for (int i = 0; i < JOBS_CRASHES; i++)
        assert_int_equal(claim_and_die(q, false), id);
    assert_int_equal(claim(q), 0);
    assert_job(q, id, "failed attempts=3 " CRASHED);
    /* A person may try again, with as many attempts. */
    int64_t done;
    assert_ok(jobs_retry(f->store, &id, 1, &done, &f->err));
    assert_int_equal(claim_and_die(q, false), id);
    assert_ok(jobs_free_dead(f->store, q->worker, &f->err));
    assert_job(q, id, "waiting attempts=1 " CRASHED);
}

static void only_crashes_in_a_row_count(void **state)
{
    struct queue *q = *state;
    int64_t id = add_url(q, "https://a.example/", "a.example");
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < JOBS_CRASHES - 1; i++)
            assert_int_equal(claim_and_die(q, false), id);
        assert_int_equal(claim(q), id);
        end_job(q, id, JOB_WAITING);
    }
    assert_job(q, id, "waiting attempts=6");
}

static void a_browsers_job_waits_for_a_browser_again(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int64_t id = add_url(q, "https://a.example/", "a.example");
    assert_int_equal(claim(q), id);
    end_job(q, id, JOB_BROWSER);
    assert_int_equal(claim_and_die(q, true), id);
    assert_ok(jobs_free_dead(f->store, q->worker, &f->err));
    assert_job(q, id, "browser attempts=2 browser " CRASHED);
    assert_int_equal(claim_browser(q), id);
}

static void a_claim_of_one_job_frees_it_first(void **state)
{
    struct queue *q = *state;
    int64_t id = add_url(q, "https://a.example/", "a.example");
    assert_int_equal(claim_and_die(q, false), id);
    assert_int_equal(claim_one(q, id), id);
}

static void a_process_is_never_dead_to_itself(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", 2);
    assert_int_equal(claim(q), 1);
    /* Its own byte does not look taken to itself. */
    bool taken = true;
    assert_ok(lockfile_is_taken(q->worker.lock, q->worker.id, &taken, &f->err));
    assert_false(taken);
    assert_ok(jobs_free_dead(f->store, q->worker, &f->err));
    assert_true(is_mine(q, 1));
    assert_int_equal(claim(q), 2);
    assert_true(is_mine(q, 1));
}

static void what_joined_a_job_before_a_crash_is_seen_by_the_next_worker(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    const char *tag = "later";
    struct job_new job = new_job("https://a.example/", "a.example");
    int64_t id = add_job(q, &job);
    assert_int_equal(claim_and_die(q, false), id);
    job.tags = &tag;
    job.tag_count = 1;
    assert_int_equal(add_job(q, &job), id);
    assert_int_equal(claim(q), id);
    assert_int_equal(pragma(f, "SELECT tags = 'later' || char(10) AND joined = 0 FROM jobs"), 1);
}

static void remove_run(const char *store)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", ".log"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[400];
        snprintf(name, sizeof name, "%s%s", store, suffixes[i]);
        unlink(name);
    }
}

static void workers_killed_at_random_do_each_job_once(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    struct claim_figures figures = {0};
    const struct claim_run run = {.store = f->path,
                                  .workers = 4,
                                  .jobs = 400,
                                  .hosts = 40,
                                  .pause_us = 1000,
                                  .kill_ms = 2,
                                  .lines = 20,
                                  .deadline_ms = 120000,
                                  .seed = 20261122};
    fixture_close(f);
    remove_run(f->path);
    bool ok = claim_run(&run, &figures, &f->err);
    remove_run(f->path);
    if (!ok)
        fail_msg("%s", f->err.text);
    assert_true(figures.kills >= 10);
    assert_true(figures.claims >= 400);
    assert_int_equal(figures.at_once, 0);
    assert_int_equal(figures.crowded, 0);
    assert_int_equal(figures.twice, 0);
    assert_int_equal(figures.lost, 0);
    assert_int_equal(figures.open, 0);
    fixture_open(f, STORE_CREATE);
}

int main(void)
{
#define with_queue(test) cmocka_unit_test_setup_teardown(test, queue_setup, queue_teardown)
    const struct CMUnitTest tests[] = {
        with_queue(the_job_of_a_worker_that_is_gone_waits_again),
        with_queue(a_job_that_takes_its_workers_with_it_is_given_up),
        with_queue(only_crashes_in_a_row_count),
        with_queue(a_browsers_job_waits_for_a_browser_again),
        with_queue(a_claim_of_one_job_frees_it_first),
        with_queue(a_process_is_never_dead_to_itself),
        with_queue(what_joined_a_job_before_a_crash_is_seen_by_the_next_worker),
        with_queue(workers_killed_at_random_do_each_job_once),
    };
#undef with_queue
    return cmocka_run_group_tests_name("jobs workers", tests, NULL, NULL);
}

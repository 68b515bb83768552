/* The queue as a whole: whose turn it is, lists, and what a person does to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "jobs_fixture.h"

#include <time.h>

static void the_oldest_is_claimed_first_and_a_host_has_two_places(void **state)
{
    struct queue *q = *state;
    add_many(q, "a.example", 3);
    add_many(q, "b.example", 1);
    assert_int_equal(claim(q), 1);
    assert_int_equal(claim(q), 2);
    assert_int_equal(claim(q), 4);
    assert_int_equal(claim(q), 0);
    end_job(q, 1, JOB_DONE);
    assert_int_equal(claim(q), 3);
    assert_int_equal(claim(q), 0);
}

static void a_port_is_another_host(void **state)
{
    struct queue *q = *state;
    add_many(q, "a.example", 2);
    add_many(q, "a.example:8080", 2);
    for (int64_t id = 1; id <= 4; id++)
        assert_int_equal(claim(q), id);
}

static void what_a_browser_does_takes_a_place_too(void **state)
{
    struct queue *q = *state;
    add_many(q, "a.example", 4);
    for (int64_t id = 1; id <= 2; id++)
        assert_int_equal(claim(q), id);
    end_job(q, 1, JOB_BROWSER);
    end_job(q, 2, JOB_BROWSER);
    assert_int_equal(claim_browser(q), 1);
    assert_int_equal(claim(q), 3);
    assert_int_equal(claim(q), 0);
    assert_int_equal(claim_browser(q), 0);
    end_job(q, 3, JOB_DONE);
    assert_int_equal(claim_browser(q), 2);
}

static void a_host_that_asks_for_it_is_left_alone(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", 2);
    add_many(q, "b.example", 1);
    assert_ok(jobs_leave_host(f->store, "a.example", QUEUE_NOW + MINUTE, &f->err));
    /* What is asked for first does not become shorter. */
    assert_ok(jobs_leave_host(f->store, "a.example", QUEUE_NOW + 1, &f->err));
    assert_int_equal(claim(q), 3);
    assert_int_equal(claim_at(q, QUEUE_NOW + MINUTE - 1), 0);
    struct job_counts counts = count_at(q, QUEUE_NOW);
    assert_int_equal(counts.due, 0);
    assert_int_equal(counts.next, QUEUE_NOW + MINUTE);
    assert_int_equal(claim_at(q, QUEUE_NOW + MINUTE), 1);
    /* Long over: not kept for ever. */
    assert_ok(jobs_leave_host(f->store, "c.example", QUEUE_NOW + 2000 * MINUTE, &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM job_hosts"), 1);
}

static void a_paused_queue_gives_out_nothing(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", 2);
    add_many(q, "b.example", 1);
    assert_int_equal(claim(q), 1);
    assert_int_equal(claim(q), 2);
    end_job(q, 2, JOB_BROWSER);
    assert_ok(jobs_pause(f->store, true, &f->err));
    assert_ok(jobs_pause(f->store, true, &f->err));
    assert_int_equal(claim(q), 0);
    assert_int_equal(claim_browser(q), 0);
    assert_true(is_mine(q, 1));
    end_job(q, 1, JOB_DONE);
    struct job_counts counts = count_at(q, QUEUE_NOW);
    assert_true(counts.paused);
    assert_int_equal(counts.due, 0);
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(claim(q), 0);
    assert_ok(jobs_pause(f->store, false, &f->err));
    assert_false(count_at(q, QUEUE_NOW).paused);
    assert_int_equal(claim(q), 3);
    assert_int_equal(claim_browser(q), 2);
}

static void counts_say_what_is_due_and_when(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    struct store_counts all;
    assert_int_equal(count_at(q, QUEUE_NOW).next, 0);
    add_many(q, "a.example", 4);
    assert_int_equal(claim(q), 1);
    assert_int_equal(claim(q), 2);
    struct job_counts counts = count_at(q, QUEUE_NOW);
    assert_int_equal(counts.states[JOB_WAITING], 2);
    assert_int_equal(counts.states[JOB_RUNNING], 2);
    assert_int_equal(counts.due, 0);
    /* A place may become free at any time. */
    assert_int_equal(counts.next, QUEUE_NOW);
    const struct job_end later = {.state = JOB_WAITING, .not_before = QUEUE_NOW + 5};
    assert_ok(jobs_end(f->store, q->worker, 1, &later, &f->err));
    counts = count_at(q, QUEUE_NOW);
    assert_int_equal(counts.due, 1); /* of two, for one place */
    assert_int_equal(counts.next, QUEUE_NOW);
    end_job(q, 2, JOB_FAILED);
    assert_int_equal(count_at(q, QUEUE_NOW).due, 2);
    assert_int_equal(count_at(q, QUEUE_NOW + 5).due, 2); /* of three, for two places */
    add_many(q, "b.example", 1);
    assert_int_equal(count_at(q, QUEUE_NOW).due, 3);
    /* More than its places run, since a person asked for one. */
    for (int64_t id = 1; id <= 4; id++)
        claim_one(q, id);
    assert_int_equal(count_at(q, QUEUE_NOW).due, 1);
    assert_int_equal(claim(q), 5);
    end_job(q, 5, JOB_DONE);
    for (int64_t id = 3; id <= 4; id++)
        end_job(q, id, JOB_WAITING);
    assert_ok(jobs_end(f->store, q->worker, 1, &later, &f->err));
    for (int64_t id = 3; id <= 4; id++) {
        assert_int_equal(claim(q), id);
        end_job(q, id, id == 3 ? JOB_BROWSER : JOB_DONE);
    }
    counts = count_at(q, QUEUE_NOW);
    assert_int_equal(counts.next, QUEUE_NOW + 5);
    assert_int_equal(counts.states[JOB_BROWSER], 1);
    assert_int_equal(counts.states[JOB_FAILED], 1);
    assert_int_equal(counts.states[JOB_DONE], 2);
    assert_ok(store_count(f->store, &all, &f->err));
    assert_int_equal(all.open, 2);
}

static int64_t cancel(struct queue *q, const int64_t *ids, size_t count)
{
    struct fixture *f = &q->base;
    int64_t done = -1;
    assert_ok(jobs_cancel(f->store, ids, count, &done, &f->err));
    return done;
}

static int64_t retry(struct queue *q, const int64_t *ids, size_t count)
{
    struct fixture *f = &q->base;
    int64_t done = -1;
    assert_ok(jobs_retry(f->store, ids, count, &done, &f->err));
    return done;
}

static int64_t clear(struct queue *q, const int64_t *ids, size_t count)
{
    struct fixture *f = &q->base;
    int64_t done = -1;
    assert_ok(jobs_clear(f->store, ids, count, &done, &f->err));
    return done;
}

static void a_job_cancelled_while_it_runs_is_its_workers_no_longer(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    bool mine = true;
    int64_t id = add_url(q, "https://a.example/", "a.example");
    assert_int_equal(claim(q), id);
    assert_int_equal(cancel(q, &id, 1), 1);
    assert_false(is_mine(q, id));
    assert_ok(jobs_progress(f->store, q->worker, id, "assets", 1, 2, &mine, &f->err));
    assert_false(mine);
    end_job(q, id, JOB_DONE);
    assert_job(q, id, "cancelled");
    assert_int_equal(cancel(q, &id, 1), 0);
    /* The same link may be added again, and the place of its host is free. */
    assert_int_equal(add_url(q, "https://a.example/", "a.example"), id + 1);
    assert_int_equal(claim(q), id + 1);
}

static void jobs_are_cancelled_by_number_or_all(void **state)
{
    struct queue *q = *state;
    add_many(q, "a.example", 6);
    const int64_t ids[] = {2, 4, 99};
    assert_int_equal(cancel(q, ids, 3), 2);
    assert_int_equal(cancel(q, ids, 0), 0);
    assert_int_equal(claim(q), 1);
    end_job(q, 1, JOB_DONE);
    assert_int_equal(claim(q), 3);
    assert_int_equal(cancel(q, NULL, 0), 3);
    assert_int_equal(cancel(q, NULL, 0), 0);
    assert_job(q, 1, "done attempts=1");
    struct job_counts counts = count_at(q, QUEUE_NOW);
    assert_int_equal(counts.states[JOB_CANCELLED], 5);
    assert_int_equal(counts.next, 0);
}

static void failed_and_cancelled_jobs_wait_again(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", 1);
    add_many(q, "b.example", 1);
    add_many(q, "c.example", 1);
    const struct job_end failed = {
        .state = JOB_FAILED, .counts = true, .fault = ERR_DNS, .reason = "no such host"};
    assert_int_equal(claim(q), 1);
    assert_ok(jobs_end(f->store, q->worker, 1, &failed, &f->err));
    assert_job(q, 1, "failed attempts=1 (1104 0 no such host)");
    assert_int_equal(claim(q), 2);
    end_job(q, 2, JOB_DONE);
    const int64_t ids[] = {1, 2, 3, 99};
    assert_int_equal(cancel(q, ids + 2, 1), 1);
    assert_int_equal(retry(q, ids, 4), 2);
    assert_job(q, 1, "waiting");
    assert_job(q, 2, "done attempts=1");
    assert_job(q, 3, "waiting");
    assert_int_equal(retry(q, NULL, 0), 0);
}

static void what_waits_for_its_time_or_a_browser_is_due_at_once_when_asked(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", 2);
    assert_int_equal(claim(q), 1);
    assert_int_equal(claim(q), 2);
    const struct job_end later = {
        .state = JOB_WAITING, .counts = true, .not_before = QUEUE_NOW + MINUTE};
    assert_ok(jobs_end(f->store, q->worker, 1, &later, &f->err));
    end_job(q, 2, JOB_BROWSER);
    assert_int_equal(retry(q, NULL, 0), 2);
    assert_job(q, 1, "waiting attempts=1");
    assert_job(q, 2, "waiting attempts=1");
    assert_int_equal(claim(q), 1);
    assert_int_equal(claim(q), 2);
    assert_int_equal(retry(q, NULL, 0), 0);
}

static void a_link_that_failed_twice_waits_once(void **state)
{
    struct queue *q = *state;
    for (int64_t id = 1; id <= 2; id++) {
        assert_int_equal(add_url(q, "https://a.example/", "a.example"), id);
        assert_int_equal(claim(q), id);
        end_job(q, id, JOB_FAILED);
    }
    assert_int_equal(retry(q, NULL, 0), 1);
    assert_int_equal(claim(q), 1);
    assert_int_equal(claim(q), 0);
    const int64_t second = 2;
    assert_int_equal(retry(q, &second, 1), 0);
}

static void ended_jobs_are_cleared_when_asked(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int64_t id;
    add_many(q, "a.example", 4);
    assert_int_equal(claim(q), 1);
    end_job(q, 1, JOB_DONE);
    assert_int_equal(claim(q), 2);
    end_job(q, 2, JOB_FAILED);
    assert_int_equal(claim(q), 3);
    const int64_t ids[] = {1, 3, 4};
    assert_int_equal(clear(q, ids, 3), 1);
    assert_error(jobs_get(f->store, 1, keep_id, &id, &f->err), ERR_NOT_FOUND);
    assert_int_equal(cancel(q, ids + 2, 1), 1);
    assert_int_equal(clear(q, NULL, 0), 2);
    assert_job(q, 3, "running");
    /* Numbers are never used again. */
    assert_int_equal(add_url(q, "https://b.example/", "b.example"), 5);
}

static int64_t unclear(struct queue *q)
{
    struct fixture *f = &q->base;
    int64_t done = -1;
    assert_ok(jobs_unclear(f->store, &done, &f->err));
    return done;
}

static void what_was_cleared_last_comes_back(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    const int64_t ids[] = {1, 2};
    add_many(q, "a.example", 3);
    assert_int_equal(unclear(q), 0);
    assert_int_equal(claim(q), 1);
    end_job(q, 1, JOB_FAILED);
    assert_int_equal(cancel(q, ids + 1, 1), 1);
    assert_ok(db_execute(f->store, "UPDATE jobs SET updated = 1000 + id", &f->err));
    assert_int_equal(clear(q, ids, 1), 1);
    assert_int_equal(clear(q, NULL, 0), 1);
    assert_int_equal(unclear(q), 1);
    assert_job(q, 2, "cancelled");
    assert_int_equal(unclear(q), 1);
    assert_job(q, 1, "failed attempts=1");
    assert_int_equal(unclear(q), 0);
    /* In the list's order, with their times as they were. */
    assert_int_equal(pragma(f, "SELECT count(*) FROM jobs WHERE id < 3 AND updated = 1000 + id"
                               " AND not_before = 0"),
                     2);
    /* It can be retried as before, also when the same link was added meanwhile. */
    assert_int_equal(clear(q, ids, 1), 1);
    assert_int_equal(retry(q, ids, 1), 0);
    assert_int_equal(unclear(q), 1);
    assert_int_equal(retry(q, ids, 1), 1);
    assert_job(q, 1, "waiting");
    /* After a week it is gone. */
    assert_int_equal(clear(q, NULL, 0), 1);
    assert_ok(db_execute(
        f->store, "UPDATE jobs SET not_before = not_before - 604800001 WHERE id = 2", &f->err));
    assert_int_equal(cancel(q, ids, 1), 1);
    assert_int_equal(unclear(q), 0);
}

static void assert_list(struct queue *q, const enum job_state *state, int64_t offset, int64_t limit,
                        const char *expected)
{
    struct fixture *f = &q->base;
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_ok(jobs_list(f->store, state, offset, limit, show_job, &out, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

/* Two jobs that end in the same millisecond are in no order but their numbers'. */
static void wait_a_little(void)
{
    const struct timespec pause = {.tv_nsec = 3000000};
    nanosleep(&pause, NULL);
}

static void lists_have_open_jobs_first_and_go_on_where_they_ended(void **state)
{
    struct queue *q = *state;
    static const enum job_state waiting = JOB_WAITING;
    static const enum job_state failed = JOB_FAILED;
    assert_list(q, NULL, 0, 10, "");
    add_many(q, "a.example", 2);
    add_many(q, "b.example", 2);
    add_many(q, "c.example", 4);
    for (int64_t id = 1; id <= 6; id++)
        assert_int_equal(claim(q), id);
    end_job(q, 3, JOB_BROWSER);
    end_job(q, 6, JOB_DONE);
    wait_a_little();
    end_job(q, 1, JOB_FAILED);
    wait_a_little();
    end_job(q, 4, JOB_DONE);
    static const char all[] =
        "2 running;5 running;3 browser attempts=1 browser;7 waiting;8 waiting;"
        "4 done attempts=1;1 failed attempts=1;6 done attempts=1;";
    assert_list(q, NULL, 0, 100, all);
    assert_list(q, NULL, 0, 0, "");
    assert_list(q, NULL, 8, 10, "");
    struct buf pages;
    for (int64_t size = 1; size <= 4; size++) {
        struct fixture *f = &q->base;
        buf_init(&pages, 1 << 16);
        for (int64_t at = 0; at < 8; at += size)
            assert_ok(jobs_list(f->store, NULL, at, size, show_job, &pages, &f->err));
        assert_string_equal(pages.ptr, all);
        buf_finish(&pages);
    }
    assert_list(q, &waiting, 0, 10, "7 waiting;8 waiting;");
    assert_list(q, &waiting, 1, 10, "8 waiting;");
    assert_list(q, &failed, 0, 10, "1 failed attempts=1;");
}

static bool stop_after_two(const struct job_row *row, void *arg)
{
    (void)row;
    return ++*(int *)arg < 2;
}

static void a_list_ends_when_its_reader_has_enough(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int seen = 0;
    add_many(q, "a.example", 1);
    add_many(q, "b.example", 4);
    assert_int_equal(claim(q), 1);
    assert_ok(jobs_list(f->store, NULL, 0, 10, stop_after_two, &seen, &f->err));
    assert_int_equal(seen, 2);
}

static void so_many_done_jobs_are_kept_and_all_others(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", JOBS_KEPT + 3);
    assert_int_equal(claim(q), 1);
    end_job(q, 1, JOB_FAILED);
    assert_int_equal(claim(q), 2);
    end_job(q, 2, JOB_DONE);
    assert_ok(db_execute(f->store, "UPDATE jobs SET state = 'done' WHERE id BETWEEN 3 AND 1001",
                         &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM jobs WHERE state = 'done'"), JOBS_KEPT);
    assert_int_equal(claim(q), JOBS_KEPT + 2);
    end_job(q, JOBS_KEPT + 2, JOB_DONE);
    assert_int_equal(pragma(f, "SELECT count(*) FROM jobs WHERE state = 'done'"), JOBS_KEPT);
    int64_t id;
    assert_job(q, 1, "failed attempts=1");
    assert_error(jobs_get(f->store, 2, keep_id, &id, &f->err), ERR_NOT_FOUND);
    assert_ok(db_execute(f->store, "UPDATE jobs SET state = 'failed'", &f->err));
    assert_int_equal(claim(q), 0);
    assert_int_equal(cancel(q, NULL, 0), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM jobs WHERE state = 'failed'"), JOBS_KEPT + 2);
}

static void a_person_who_retries_need_not_wait_for_the_host(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", 1);
    assert_ok(jobs_leave_host(f->store, "a.example", QUEUE_NOW + 600000, &f->err));
    assert_int_equal(claim(q), 0);
    assert_ok(db_execute(f->store, "UPDATE jobs SET not_before = 4102444860000", &f->err));
    int64_t done;
    assert_ok(jobs_retry(f->store, NULL, 0, &done, &f->err));
    assert_int_equal(claim(q), 1);
}

static void a_time_that_a_wrong_clock_wrote_holds_nothing_up(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    struct job_counts counts;
    add_many(q, "a.example", 1);
    assert_ok(jobs_leave_host(f->store, "a.example", QUEUE_NOW + INT64_C(31536000000), &f->err));
    assert_ok(
        db_execute(f->store, "UPDATE jobs SET not_before = not_before + 31536000000000", &f->err));
    assert_ok(jobs_count(f->store, QUEUE_NOW, &counts, &f->err));
    assert_int_equal(counts.due, 1);
    assert_int_equal(claim(q), 1);
}

static void rows_of_another_hand_stop_nothing(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "a.example", 2);
    assert_ok(db_execute(f->store,
                         "UPDATE jobs SET state = 'running', claimed_by = -1,"
                         " attempts = 9223372036854775807 WHERE id = 1",
                         &f->err));
    assert_int_equal(claim(q), 1);
    end_job(q, 1, JOB_FAILED);
    assert_int_equal(claim(q), 2);
}

int main(void)
{
#define with_queue(test) cmocka_unit_test_setup_teardown(test, queue_setup, queue_teardown)
    const struct CMUnitTest tests[] = {
        with_queue(the_oldest_is_claimed_first_and_a_host_has_two_places),
        with_queue(a_port_is_another_host),
        with_queue(what_a_browser_does_takes_a_place_too),
        with_queue(a_host_that_asks_for_it_is_left_alone),
        with_queue(a_paused_queue_gives_out_nothing),
        with_queue(counts_say_what_is_due_and_when),
        with_queue(a_job_cancelled_while_it_runs_is_its_workers_no_longer),
        with_queue(jobs_are_cancelled_by_number_or_all),
        with_queue(failed_and_cancelled_jobs_wait_again),
        with_queue(what_waits_for_its_time_or_a_browser_is_due_at_once_when_asked),
        with_queue(a_link_that_failed_twice_waits_once),
        with_queue(ended_jobs_are_cleared_when_asked),
        with_queue(what_was_cleared_last_comes_back),
        with_queue(lists_have_open_jobs_first_and_go_on_where_they_ended),
        with_queue(a_list_ends_when_its_reader_has_enough),
        with_queue(so_many_done_jobs_are_kept_and_all_others),
        with_queue(a_person_who_retries_need_not_wait_for_the_host),
        with_queue(a_time_that_a_wrong_clock_wrote_holds_nothing_up),
        with_queue(rows_of_another_hand_stop_nothing),
    };
#undef with_queue
    return cmocka_run_group_tests_name("jobs queue", tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "jobs_fixture.h"

#include "base/limits.h"

static void states_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < JOB_STATES; i++) {
        enum job_state parsed = JOB_WAITING;
        assert_true(job_state_parse(slice_of(job_state_name((enum job_state)i)), &parsed));
        assert_int_equal(parsed, i);
    }
    enum job_state parsed = JOB_DONE;
    assert_false(job_state_parse(slice_of("Waiting"), &parsed));
    assert_false(job_state_parse(slice_of(""), &parsed));
    assert_int_equal(parsed, JOB_DONE);
}

static bool check_all_members(const struct job_row *row, void *arg)
{
    bool *checked = arg;
    assert_int_equal(row->state, JOB_WAITING);
    assert_string_equal(row->kind, "save");
    assert_string_equal(row->url, "https://Example.com/a#b");
    assert_string_equal(row->title, "题");
    assert_string_equal(row->note, "备注");
    assert_int_equal(row->tag_count, 2);
    assert_string_equal(row->tags[0], "读 书");
    assert_string_equal(row->tags[1], "Work");
    assert_string_equal(row->user_agent, "Agent/1");
    assert_string_equal(row->language, "zh");
    assert_int_equal(row->media_limit, 5);
    assert_true(row->no_fonts);
    assert_int_equal(row->page, 17);
    assert_true(row->again);
    assert_false(row->browser);
    assert_true(row->created > 0);
    assert_int_equal(row->updated, row->created);
    assert_string_equal(row->stage, "");
    assert_string_equal(row->reason, "");
    *checked = true;
    return true;
}

static void a_job_keeps_what_it_was_given(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    static const char *const tags[] = {" 读\n书 ", "Work", "ＷＯＲＫ"};
    const struct job_new job = {.kind = "save",
                                .url = "https://Example.com/a#b",
                                .normalized = "https://example.com/a",
                                .host = "example.com",
                                .title = "题",
                                .note = "备注",
                                .tags = tags,
                                .tag_count = 3,
                                .user_agent = "Agent/1",
                                .language = "zh",
                                .media_limit = 5,
                                .no_fonts = true,
                                .page = 17,
                                .again = true};
    bool checked = false;
    int64_t id = add_job(q, &job);
    assert_ok(jobs_get(f->store, id, check_all_members, &checked, &f->err));
    assert_true(checked);
    assert_error(jobs_get(f->store, id + 1, keep_id, &id, &f->err), ERR_NOT_FOUND);
}

static bool check_nothing_given(const struct job_row *row, void *arg)
{
    assert_null(row->note);
    assert_null(row->user_agent);
    assert_null(row->language);
    assert_int_equal(row->tag_count, 0);
    *(bool *)arg = true;
    return true;
}

static void what_was_not_given_is_told_from_what_is_empty(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    bool checked = false;
    int64_t id = add_url(q, "https://example.com/", "example.com");
    assert_ok(jobs_get(f->store, id, check_nothing_given, &checked, &f->err));
    assert_true(checked);
}

static void bad_jobs_are_refused_and_none_of_their_batch_is_added(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    char *url = calloc(1, LIMIT_URL + 2);
    char *note = calloc(1, LIMIT_NOTE + 2);
    const char *empty = "  ";
    const char *control = "a\x01";
    assert_non_null(url);
    assert_non_null(note);
    memset(url, 'u', LIMIT_URL + 1);
    memset(note, 'n', LIMIT_NOTE + 1);
    struct job_new jobs[2] = {new_job("https://example.com/", "example.com")};
    int64_t ids[2] = {0};
    static const enum error_code codes[] = {ERR_LIMIT,  ERR_LIMIT,  ERR_LIMIT, ERR_LIMIT,
                                            ERR_PARAMS, ERR_PARAMS, ERR_LIMIT};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        jobs[1] = new_job("https://example.com/2", "example.com");
        if (i == 0)
            jobs[1].url = url;
        else if (i == 1)
            jobs[1].normalized = "";
        else if (i == 2)
            jobs[1].note = note;
        else if (i == 3)
            jobs[1].user_agent = note;
        else if (i == 6)
            jobs[1].tag_count = LIMIT_TAGS + 1;
        else {
            jobs[1].tags = i == 4 ? &empty : &control;
            jobs[1].tag_count = 1;
        }
        assert_error(jobs_add(f->store, jobs, 2, ids, &f->err), codes[i]);
    }
    assert_int_equal(count_at(q, QUEUE_NOW).states[JOB_WAITING], 0);
    /* At the limits they are taken. */
    url[LIMIT_URL] = '\0';
    note[LIMIT_NOTE] = '\0';
    jobs[1] = new_job(url, "example.com");
    jobs[1].note = note;
    assert_ok(jobs_add(f->store, jobs, 2, ids, &f->err));
    assert_true(ids[0] > 0 && ids[1] > ids[0]);
    free(url);
    free(note);
}

static bool show_given(const struct job_row *row, void *arg)
{
    for (size_t i = 0; i < row->tag_count; i++)
        buf_printf(arg, "%s,", row->tags[i]);
    buf_printf(arg, "%s%s", row->note == NULL ? "-" : row->note, row->again ? " again" : "");
    return true;
}

static void assert_given(struct queue *q, int64_t job, const char *expected)
{
    struct fixture *f = &q->base;
    struct buf out;
    buf_init(&out, MIB);
    assert_ok(jobs_get(f->store, job, show_given, &out, &f->err));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void what_is_open_is_not_added_again_but_joined(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    static const char *const first[] = {"a", "读书"};
    static const char *const second[] = {"b", "Ａ"};
    struct job_new job = new_job("https://example.com/", "example.com");
    job.note = "one";
    job.tags = first;
    job.tag_count = 2;
    int64_t id = add_job(q, &job);
    job.note = NULL;
    job.tags = second;
    assert_int_equal(add_job(q, &job), id);
    assert_given(q, id, "a,读书,b,one");
    job.note = "two";
    job.tag_count = 0;
    job.again = true;
    assert_int_equal(add_job(q, &job), id);
    assert_given(q, id, "a,读书,b,two again");
    /* Of the same batch too; another kind is another job. */
    struct job_new batch[3] = {job, job, job};
    int64_t ids[3];
    batch[1].kind = "check";
    assert_ok(jobs_add(f->store, batch, 3, ids, &f->err));
    assert_int_equal(ids[0], id);
    assert_int_equal(ids[2], id);
    assert_true(ids[1] > id);
    assert_int_equal(count_at(q, QUEUE_NOW).states[JOB_WAITING], 2);
    /* What has ended is. */
    assert_int_equal(claim(q), id);
    end_job(q, id, JOB_DONE);
    assert_true(add_job(q, &job) > ids[1]);
}

static void a_job_joined_past_the_number_of_tags_is_refused(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    char names[LIMIT_TAGS + 1][16];
    const char *tags[LIMIT_TAGS + 1];
    for (size_t i = 0; i <= LIMIT_TAGS; i++) {
        snprintf(names[i], sizeof names[i], "t%zu", i);
        tags[i] = names[i];
    }
    struct job_new job = new_job("https://example.com/", "example.com");
    job.tags = tags;
    job.tag_count = LIMIT_TAGS;
    int64_t id = add_job(q, &job);
    assert_int_equal(add_job(q, &job), id);
    job.tags = tags + 1;
    assert_error(jobs_add(f->store, &job, 1, &id, &f->err), ERR_LIMIT);
}

static void what_is_given_while_a_job_runs_comes_to_its_page(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    static const char *const tags[] = {"later"};
    int64_t id = add_url(q, "https://example.com/", "example.com");
    assert_int_equal(claim(q), id);
    int64_t page = fixture_save(f, "https://example.com/", "T", "needle");
    struct job_new job = new_job("https://example.com/", "example.com");
    job.tags = tags;
    job.tag_count = 1;
    job.note = "said later";
    assert_int_equal(add_job(q, &job), id);
    const struct job_end end = {.state = JOB_DONE, .page = page, .snapshot = 1};
    assert_ok(jobs_end(f->store, q->worker, id, &end, &f->err));
    const struct search_request request = {.query = slice_of("tag:later note:said needle "),
                                           .sort = SEARCH_RANK,
                                           .limit = 10,
                                           .cursor = ""};
    struct search_end last;
    assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &last, &f->err));
    assert_int_equal(last.total, 1);
    assert_ok(
        db_execute(f->store, "INSERT INTO search(search) VALUES ('integrity-check')", &f->err));
}

static void tags_that_a_page_has_no_room_for_do_not_keep_a_job_from_its_end(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    char names[LIMIT_TAGS][16];
    const char *tags[LIMIT_TAGS];
    for (size_t i = 0; i < LIMIT_TAGS; i++) {
        snprintf(names[i], sizeof names[i], "t%zu", i);
        tags[i] = names[i];
    }
    struct snapshot_new new = fixture_snapshot("https://example.com/", "T", "needle");
    new.tags = tags;
    new.tag_count = LIMIT_TAGS;
    int64_t id = add_url(q, "https://example.com/", "example.com");
    assert_int_equal(claim(q), id);
    int64_t page = fixture_begin(f, &new).page;
    const char *one = "one more";
    struct job_new job = new_job("https://example.com/", "example.com");
    job.tags = &one;
    job.tag_count = 1;
    assert_int_equal(add_job(q, &job), id);
    const struct job_end end = {.state = JOB_DONE, .page = page, .snapshot = 1};
    assert_ok(jobs_end(f->store, q->worker, id, &end, &f->err));
    assert_job(q, id, "done page=1 snapshot=1 missing=0");
    assert_int_equal(pragma(f, "SELECT count(*) FROM page_tags"), LIMIT_TAGS);
    assert_ok(
        db_execute(f->store, "INSERT INTO search(search) VALUES ('integrity-check')", &f->err));
}

static void a_job_goes_through_its_states(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int64_t id = add_url(q, "https://example.com/", "example.com");
    assert_job(q, id, "waiting");
    assert_int_equal(claim(q), id);
    assert_job(q, id, "running");
    bool mine = false;
    assert_ok(jobs_progress(f->store, q->worker, id, "assets", 3, 43, &mine, &f->err));
    assert_true(mine);
    assert_job(q, id, "running assets 3/43");
    struct job_end end = {.state = JOB_WAITING,
                          .counts = true,
                          .not_before = QUEUE_NOW + MINUTE,
                          .fault = ERR_STATUS,
                          .status = 503,
                          .reason = "503"};
    assert_ok(jobs_end(f->store, q->worker, id, &end, &f->err));
    assert_job(q, id, "waiting attempts=1 at=4102444860000 (1108 503 503)");
    assert_int_equal(claim(q), 0);
    assert_int_equal(claim_at(q, QUEUE_NOW + MINUTE - 1), 0);
    assert_int_equal(claim_at(q, QUEUE_NOW + MINUTE), id);
    end = (struct job_end){.state = JOB_BROWSER, .fault = ERR_BROWSER, .reason = "shell"};
    assert_ok(jobs_end(f->store, q->worker, id, &end, &f->err));
    assert_job(q, id, "browser attempts=1 browser (1113 0 shell)");
    assert_int_equal(claim(q), 0);
    assert_int_equal(claim_browser(q), id);
    assert_job(q, id, "running attempts=1 browser (1113 0 shell)");
    assert_int_equal(claim_browser(q), 0);
    end_job(q, id, JOB_BROWSER);
    assert_int_equal(claim_browser(q), id);
    end = (struct job_end){
        .state = JOB_DONE, .page = 17, .snapshot = 23, .missing = 2, .unchanged = true};
    assert_ok(jobs_end(f->store, q->worker, id, &end, &f->err));
    assert_job(q, id, "done attempts=2 browser page=17 snapshot=23 missing=2 unchanged");
    assert_int_equal(claim(q), 0);
    assert_int_equal(claim_browser(q), 0);
    assert_int_equal(claim_one(q, id), 0);
}

static void a_job_ends_only_as_a_job_may(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int64_t id = add_url(q, "https://example.com/", "example.com");
    assert_int_equal(claim(q), id);
    struct job_end end = {.state = JOB_RUNNING};
    assert_error(jobs_end(f->store, q->worker, id, &end, &f->err), ERR_INTERNAL);
    end.state = JOB_CANCELLED;
    assert_error(jobs_end(f->store, q->worker, id, &end, &f->err), ERR_INTERNAL);
    assert_job(q, id, "running");
}

static void what_is_somebody_elses_is_left_alone(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    int64_t id = add_url(q, "https://example.com/", "example.com");
    end_job(q, id, JOB_DONE); /* not claimed */
    assert_job(q, id, "waiting");
    assert_int_equal(claim(q), id);
    struct job_worker other = {.lock = q->worker.lock, .id = q->worker.id + 1};
    const struct job_end end = {.state = JOB_DONE};
    bool mine = true;
    assert_ok(jobs_progress(f->store, other, id, "page", 1, 2, &mine, &f->err));
    assert_false(mine);
    assert_ok(jobs_end(f->store, other, id, &end, &f->err));
    assert_job(q, id, "running");
    assert_int_equal(claim_one(q, id), 0);
    assert_true(is_mine(q, id));
    assert_false(is_mine(q, id + 1));
}

static void one_job_can_be_asked_for(void **state)
{
    struct queue *q = *state;
    struct fixture *f = &q->base;
    add_many(q, "example.com", 4);
    assert_int_equal(claim(q), 1);
    assert_int_equal(claim(q), 2);
    assert_int_equal(claim(q), 0);
    assert_ok(jobs_pause(f->store, true, &f->err));
    assert_ok(jobs_leave_host(f->store, "example.com", QUEUE_NOW + MINUTE, &f->err));
    assert_int_equal(claim_one(q, 3), 3);
    assert_int_equal(claim_one(q, 3), 0);
    assert_int_equal(claim_one(q, 5), 0);
    end_job(q, 3, JOB_BROWSER);
    assert_int_equal(claim_one(q, 3), 3);
}

int main(void)
{
#define with_queue(test) cmocka_unit_test_setup_teardown(test, queue_setup, queue_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_names),
        with_queue(a_job_keeps_what_it_was_given),
        with_queue(what_was_not_given_is_told_from_what_is_empty),
        with_queue(bad_jobs_are_refused_and_none_of_their_batch_is_added),
        with_queue(what_is_open_is_not_added_again_but_joined),
        with_queue(a_job_joined_past_the_number_of_tags_is_refused),
        with_queue(what_is_given_while_a_job_runs_comes_to_its_page),
        with_queue(tags_that_a_page_has_no_room_for_do_not_keep_a_job_from_its_end),
        with_queue(a_job_goes_through_its_states),
        with_queue(a_job_ends_only_as_a_job_may),
        with_queue(what_is_somebody_elses_is_left_alone),
        with_queue(one_job_can_be_asked_for),
    };
#undef with_queue
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}

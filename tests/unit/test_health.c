/* store: health, and the searches for it and for kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "search_fixture.h"
#include "store/health.h"

static void put(struct fixture *f, int64_t page, const char *state, int64_t checked)
{
    const struct health_row row = {.page = page,
                                   .state = state,
                                   .checked = checked,
                                   .fault = ERR_STATUS,
                                   .status = 404,
                                   .reason = "404 Not Found",
                                   .url = "https://example.com/new"};
    assert_ok(health_put(f->store, &row, &f->err));
}

static bool show(const struct health_row *row, void *arg)
{
    return buf_printf(arg, "%lld %s %lld %d %lld %s %s", (long long)row->page, row->state,
                      (long long)row->checked, row->fault, (long long)row->status, row->reason,
                      row->url);
}

static bool show_if_checked(const struct page_row *row, void *arg)
{
    return row->health == NULL || show(row->health, arg);
}

static void assert_health(struct fixture *f, int64_t page, const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    assert_ok(pages_get(f->store, page, show_if_checked, &out, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static bool show_of_page(const struct page_row *row, void *arg)
{
    return row->health == NULL ? buf_add_text(arg, "none") : show(row->health, arg);
}

static void assert_health_of_page(struct fixture *f, int64_t page, const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    assert_ok(pages_get(f->store, page, show_of_page, &out, &f->err));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void the_last_check_of_a_page_is_kept(void **state)
{
    struct fixture *f = *state;
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    assert_health(f, page, "");
    assert_health_of_page(f, page, "none");
    put(f, page, "error", 5);
    put(f, page, "gone", 7);
    static const char gone[] = "1 gone 7 1108 404 404 Not Found https://example.com/new";
    assert_health(f, page, gone);
    assert_health_of_page(f, page, gone);
}

static void a_page_that_is_not_there_has_none(void **state)
{
    struct fixture *f = *state;
    struct health_row row = {.page = 7, .state = "ok", .reason = "", .url = ""};
    assert_error(health_put(f->store, &row, &f->err), ERR_NOT_FOUND);
}

static void its_url_has_a_ceiling(void **state)
{
    struct fixture *f = *state;
    char *url = calloc(1, LIMIT_URL + 2);
    assert_non_null(url);
    memset(url, 'u', LIMIT_URL + 1);
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    struct health_row row = {.page = page, .state = "moved", .reason = "", .url = url};
    assert_error(health_put(f->store, &row, &f->err), ERR_LIMIT);
    url[LIMIT_URL] = '\0';
    assert_ok(health_put(f->store, &row, &f->err));
    free(url);
}

static void a_snapshot_that_the_host_fetched_makes_it_well_again(void **state)
{
    struct fixture *f = *state;
    struct snapshot_new new = fixture_snapshot("https://example.com/", "T", "text");
    int64_t page = fixture_begin(f, &new).page;
    new.how = "link";
    fixture_begin(f, &new);
    assert_health(f, page, ""); /* it was not checked */
    put(f, page, "gone", 7);
    new.how = "tab";
    fixture_begin(f, &new);
    assert_health(f, page, "1 gone 7 1108 404 404 Not Found https://example.com/new");
    new.how = "link";
    fixture_begin(f, &new);
    assert_health(f, page, "1 ok 1795200000000 0 0  ");
}

static bool add_page(int64_t page, const char *url, void *arg)
{
    return buf_printf(arg, "%lld %s;", (long long)page, url);
}

static bool first_page(int64_t page, const char *url, void *arg)
{
    (void)url;
    *(int64_t *)arg = page;
    return false;
}

static void assert_due(struct fixture *f, int64_t before, int64_t after, int64_t limit,
                       const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    assert_ok(health_due(f->store, before, after, limit, add_page, &out, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void pages_are_due_by_their_numbers(void **state)
{
    struct fixture *f = *state;
    for (int i = 1; i <= 5; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://%d/", i);
        fixture_save(f, url, "T", "text");
    }
    put(f, 1, "ok", 100);
    put(f, 2, "gone", 200);
    assert_ok(pages_trash(f->store, 4, &f->err));
    assert_due(f, 100, 0, 10, "3 https://3/;5 https://5/;");
    assert_due(f, 101, 0, 10, "1 https://1/;3 https://3/;5 https://5/;");
    assert_due(f, 201, 0, 2, "1 https://1/;2 https://2/;");
    assert_due(f, 201, 2, 2, "3 https://3/;5 https://5/;");
    assert_due(f, 201, 5, 2, "");
    assert_due(f, 201, 0, 0, "");
    int64_t page = 0;
    assert_ok(health_due(f->store, 201, 1, 10, first_page, &page, &f->err));
    assert_int_equal(page, 2);
}

static void assert_found(struct fixture *f, const char *query, const char *expected)
{
    struct buf ids;
    buf_init(&ids, 4096);
    struct search_end end = run(f, slice_of(query), SEARCH_NEWEST, 20, "", &ids);
    if (strcmp(ids.ptr == NULL ? "" : ids.ptr, expected) != 0)
        fail_msg("<%s>: %s, not %s", query, ids.ptr == NULL ? "" : ids.ptr, expected);
    assert_string_equal(end.hint, "");
    buf_finish(&ids);
}

static void pages_are_found_by_what_became_of_them(void **state)
{
    struct fixture *f = *state;
    static const char *const states[] = {"ok", "moved", "changed", "gone", "error", "walled"};
    for (int i = 0; i < 7; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://%d/", i);
        int64_t page = fixture_save(f, url, "T", i % 2 == 0 ? "even word" : "odd word");
        if (i < 6)
            put(f, page, states[i], 100);
    }
    assert_found(f, "is:broken", "5 4 ");
    assert_found(f, "is:broken even ", "5 ");
    assert_found(f, "-is:broken even ", "7 3 1 ");
    assert_found(f, "is:失效 OR is:已迁移 ", "5 4 2 ");
    assert_found(f, "is:moved ", "2 ");
    assert_found(f, "is:changed word ", "3 ");
    assert_found(f, "-(is:有变化 OR is:broken) ", "7 6 2 1 ");
    assert_ok(pages_trash(f->store, 4, &f->err));
    assert_found(f, "is:broken ", "5 ");
    assert_found(f, "is:broken is:trashed ", "4 ");
}

static void pages_are_found_by_what_they_are(void **state)
{
    struct fixture *f = *state;
    static const char *const kinds[] = {"page",     "pdf",  "image", "audio", "video", "text",
                                        "markdown", "json", "xml",   "feed",  "file"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://%zu/", i);
        struct snapshot_new new = fixture_snapshot(url, "T", i % 2 == 0 ? "even" : "odd");
        new.kind = kinds[i];
        fixture_begin(f, &new);
    }
    assert_found(f, "is:pdf", "2 ");
    assert_found(f, "is:pdf even ", "");
    assert_found(f, "is:pdf odd ", "2 ");
    assert_found(f, "is:图片 ", "3 ");
    assert_found(f, "is:audio OR is:视频 ", "5 4 ");
    assert_found(f, "is:text ", "9 8 7 6 ");
    assert_found(f, "is:文本 even ", "9 7 ");
    assert_found(f, "is:feed ", "10 ");
    assert_found(f, "is:文件 ", "11 ");
    assert_found(f, "-is:text -is:file odd ", "10 4 2 ");
    /* It is the latest version that counts. */
    fixture_save(f, "https://1/", "T", "odd");
    assert_found(f, "is:pdf ", "");
}

/* How SQLite goes about it: never by looking at each page. */
static void assert_plan(struct fixture *f, const char *condition, const char *part)
{
    char sql[512];
    bool found = false;
    sqlite3_stmt *statement = NULL;
    snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN SELECT count(*) FROM pages p WHERE %s",
             condition);
    assert_int_equal(sqlite3_prepare_v2(f->store->db, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(statement, 3);
        found = found || strstr(step, part) != NULL;
        if (strncmp(step, "SCAN p", 6) == 0)
            fail_msg("%s: %s", condition, step);
    }
    sqlite3_finalize(statement);
    if (!found)
        fail_msg("%s does not use %s", condition, part);
}

static void conditions_go_by_their_indexes(void **state)
{
    struct fixture *f = *state;
    assert_plan(f, "p.id IN (SELECT h.page FROM page_health h WHERE h.state IN ('gone', 'error'))",
                "page_health_state");
    assert_plan(f,
                "p.snapshot IN (SELECT s.id FROM snapshots s WHERE s.kind <> 'page'"
                " AND s.kind IN ('pdf'))",
                "snapshots_kind");
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(the_last_check_of_a_page_is_kept),
        with_store(a_page_that_is_not_there_has_none),
        with_store(its_url_has_a_ceiling),
        with_store(a_snapshot_that_the_host_fetched_makes_it_well_again),
        with_store(pages_are_due_by_their_numbers),
        with_store(pages_are_found_by_what_became_of_them),
        with_store(pages_are_found_by_what_they_are),
        with_store(conditions_go_by_their_indexes),
    };
#undef with_store
    return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}

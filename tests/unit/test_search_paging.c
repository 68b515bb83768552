/* store: search, finder, cursor: how an answer is paged, and what nobody should ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "base/limits.h"
#include "search_fixture.h"
#include "store/finder.h"
#include "store/walk.h"

/* Pages 1 to `count`, straight into the tables: every one has "common" in its text, every 50th
 * "common" in its title, every 3rd is tagged. */
static void fill(struct fixture *f, int count)
{
    char sql[2048];
    fixture_save(f, "https://example.com/0", "first", "first");
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO pages (id, ord, created, saved, site, title, url, normalized, note)"
             " SELECT i, i, 0, 0, 's', CASE WHEN i %% 50 = 0 THEN 'common ' || i ELSE 'p' END,"
             " 'u' || i, 'u' || i, CASE WHEN i %% 7 = 0 THEN 'seven' ELSE '' END FROM n;"
             "INSERT INTO snapshots (id, page, version, taken, bytes, document, text, how, lang,"
             " title, url, description) SELECT id, id, 1, 0, 0, 1, 2, 'tab', '', '', '', ''"
             " FROM pages WHERE id > 1;"
             "UPDATE pages SET snapshot = id, versions = 1;"
             "INSERT INTO tags (id, name, folded) VALUES (1, 'third', 'third');"
             "INSERT INTO page_tags SELECT id, 1 FROM pages WHERE id %% 3 = 0;",
             count);
    assert_ok(db_execute(f->store, sql, &f->err));
    assert_ok(db_execute(f->store,
                         "UPDATE blobs SET data = CAST('common' AS BLOB), size = 6, packed = 0"
                         " WHERE id = 2;"
                         "INSERT INTO search(search) VALUES ('rebuild')",
                         &f->err));
}

/* Walks all pages of an answer and checks that every page comes exactly once. */
static void assert_walk(struct fixture *f, const char *query, enum search_sort sort, size_t limit,
                        int64_t total, bool descending)
{
    char cursor[64] = "";
    bool *seen = calloc(5000, 1);
    int64_t count = 0;
    long last = 5000;
    assert_non_null(seen);
    do {
        struct buf ids;
        buf_init(&ids, 1 << 16);
        struct search_end end = run(f, slice_of(query), sort, limit, cursor, &ids);
        assert_int_equal(end.total, total);
        assert_true(strlen(end.cursor) < sizeof cursor);
        char *at = ids.ptr;
        for (char *next; at != NULL && *at != '\0'; at = next + 1) {
            long id = strtol(at, &next, 10);
            assert_true(id > 0 && id < 5000);
            if (seen[id])
                fail_msg("<%s>: %ld comes twice", query, id);
            if (descending)
                assert_true(id < last);
            seen[id] = true;
            last = id;
            count++;
        }
        memcpy(cursor, end.cursor, sizeof cursor);
        buf_finish(&ids);
    } while (cursor[0] != '\0');
    assert_int_equal(count, total);
    free(seen);
}

static void pages_of_an_answer_have_no_gaps_and_no_repeats(void **state)
{
    struct fixture *f = *state;
    enum { COUNT = WALK_RANKED + 500 };
    fill(f, COUNT);
    /* limits that end a page within, at and past the ranked ones */
    static const size_t limits[] = {200, 97, 100, 1};
    for (size_t i = 0; i < 3; i++) {
        assert_walk(f, "common ", SEARCH_RANK, limits[i], COUNT, false);
        assert_walk(f, "common ", SEARCH_NEWEST, limits[i], COUNT, true);
        assert_walk(f, "", SEARCH_RANK, limits[i], COUNT, true);
        assert_walk(f, "tag:third", SEARCH_RANK, limits[i], COUNT / 3, true);
        assert_walk(f, "common -third ", SEARCH_RANK, limits[i], COUNT - COUNT / 3, false);
        assert_walk(f, "seven OR tag:third", SEARCH_RANK, limits[i],
                    COUNT / 3 + COUNT / 7 - COUNT / 21, false);
        assert_walk(f, "seven OR tag:third", SEARCH_NEWEST, limits[i],
                    COUNT / 3 + COUNT / 7 - COUNT / 21, true);
        assert_walk(f, "common OR tag:third", SEARCH_RANK, limits[i], COUNT, false);
        for (int sort = SEARCH_OLDEST; sort <= SEARCH_SITE; sort++) {
            assert_walk(f, "common ", (enum search_sort)sort, limits[i], COUNT, false);
            assert_walk(f, "", (enum search_sort)sort, limits[i], COUNT, false);
            assert_walk(f, "tag:third", (enum search_sort)sort, limits[i], COUNT / 3, false);
            assert_walk(f, "seven -tag:third", (enum search_sort)sort, limits[i],
                        COUNT / 7 - COUNT / 21, false);
        }
    }
    assert_walk(f, "seven third ", SEARCH_RANK, limits[3], COUNT / 21, false);
    /* An old title still comes before what is new but only mentions it. */
    struct buf ids;
    buf_init(&ids, 1 << 16);
    run(f, slice_of("common "), SEARCH_RANK, 51, NULL, &ids);
    assert_non_null(strstr(ids.ptr, " 50 "));
    buf_finish(&ids);
}

/* Of a small tag, each page that has the words is looked at; of a large one, they are counted
 * first, and where they are many, the tag's pages are listed. */
static void words_meet_tags_of_any_size(void **state)
{
    struct fixture *f = *state;
    enum { COUNT = 3200 };
    fill(f, COUNT);
    assert_ok(db_execute(f->store,
                         "INSERT INTO tags (id, name, folded) VALUES (2, 'All', 'all');"
                         "INSERT INTO page_tags SELECT id, 2 FROM pages;"
                         "INSERT INTO search(search) VALUES ('rebuild')",
                         &f->err));
    for (int sort = SEARCH_RANK; sort <= SEARCH_SITE; sort++) {
        bool newest = sort == SEARCH_NEWEST;
        assert_walk(f, "common tag:all", (enum search_sort)sort, 200, COUNT, newest);
        assert_walk(f, "seven tag:all", (enum search_sort)sort, 200, COUNT / 7, newest);
        assert_walk(f, "common tag:third", (enum search_sort)sort, 200, COUNT / 3, newest);
        assert_walk(f, "common tag:all -tag:third", (enum search_sort)sort, 200, COUNT - COUNT / 3,
                    newest);
        assert_walk(f, "seven #all #third", (enum search_sort)sort, 200, COUNT / 21, newest);
        assert_walk(f, "-seven common #all", (enum search_sort)sort, 200, COUNT - COUNT / 7,
                    newest);
    }
}

static void exactly_as_many_as_are_ranked_leave_no_tail(void **state)
{
    struct fixture *f = *state;
    fill(f, WALK_RANKED);
    assert_walk(f, "common ", SEARCH_RANK, 200, WALK_RANKED, false);
    assert_walk(f, "common ", SEARCH_RANK, 199, WALK_RANKED, false);
}

static void what_is_saved_in_between_does_not_disturb(void **state)
{
    struct fixture *f = *state;
    fill(f, 400);
    for (int sort = 0; sort < 2; sort++) {
        char cursor[64] = "";
        bool seen[1000] = {false};
        int rounds = 0;
        do {
            struct buf ids;
            char url[64];
            buf_init(&ids, 1 << 16);
            struct search_end end =
                run(f, slice_of("common "), (enum search_sort)sort, 50, cursor, &ids);
            char *at = ids.ptr;
            for (char *next; at != NULL && *at != '\0'; at = next + 1) {
                long id = strtol(at, &next, 10);
                assert_true(id < 1000 && !seen[id]);
                seen[id] = true;
            }
            memcpy(cursor, end.cursor, sizeof cursor);
            buf_finish(&ids);
            snprintf(url, sizeof url, "https://example.com/new/%d/%d", sort, rounds++);
            fixture_save(f, url, "common common", "common");
        } while (cursor[0] != '\0');
        for (int id = 1; id <= 400; id++)
            assert_true(seen[id]);
    }
}

static void cursors_that_no_search_gave_are_refused(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    static const char *const bad[] = {"x",
                                      "n",
                                      "n.",
                                      "o.1.1",
                                      "a.",
                                      "s.1.2",
                                      "a.-1",
                                      "q.1",
                                      "n.-1",
                                      "n.1.2",
                                      "n.G",
                                      "n.zzzzzzzzzzzz",
                                      " .1",
                                      "n.1 ",
                                      "t.1",
                                      "r.1.1.1.1",
                                      "r.1.1.1.1.1",
                                      "r.1.1.1.1.1.1",
                                      "n.zzzzzzzzzzz",
                                      "\xFF\xFE"};
    struct search_end end;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct search_request request = {
            .query = slice_of("sqlite"), .sort = SEARCH_NEWEST, .limit = 10, .cursor = bad[i]};
        assert_error(search_pages(f->store, &request, add_id, NULL, &end, &f->err), ERR_PARAMS);
    }
    struct search_request request = {.query = slice_of("sqlite"), .limit = 10, .cursor = "n.1"};
    assert_error(search_pages(f->store, &request, add_id, NULL, &end, &f->err), ERR_PARAMS);
    /* One that was made up but could have been given only shifts the answer. */
    struct buf ids;
    buf_init(&ids, 1 << 16);
    run(f, slice_of("sqlite "), SEARCH_RANK, 10, "r.0.0.0.0.0", &ids);
    run(f, slice_of("sqlite "), SEARCH_RANK, 10, "t.1.1.1.1.1", &ids);
    run(f, slice_of("sqlite "), SEARCH_NEWEST, 10, "n.0", &ids);
    assert_int_equal(ids.len, 0);
    buf_finish(&ids);
}

static void ceilings_are_told(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    struct search_end end;
    struct search_request request = {.query = slice_of("x"), .limit = 0};
    assert_error(search_pages(f->store, &request, add_id, NULL, &end, &f->err), ERR_LIMIT);
    request.limit = LIMIT_RESULTS + 1;
    assert_error(search_pages(f->store, &request, add_id, NULL, &end, &f->err), ERR_LIMIT);
}

/* What a program might send: each is answered at once, with a hint where something was left out. */
static void huge_and_broken_queries_are_answered(void **state)
{
    struct fixture *f = *state;
    static const char *const units[] = {
        "x ",          "数",      "数据 ",   "\"",           "(",    ")",        "-",
        "(a OR ",      "OR ",     "\0",      "\xED\xA0\x80", "\x01", "a* ",      "tag:",
        "on:2026-99 ", "{ NEAR ", "the of ", "\xF0\x9F\x98", "é",    "AND NOT ", "\x01t ",
        "lang:zh ",    "is:x ",   ":"};
    struct buf query;
    struct buf ids;
    buf_init(&query, 1 << 20);
    buf_init(&ids, 1 << 20);
    save_samples(f);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = units[i][0] == '\0' ? 1 : strlen(units[i]);
        buf_reset(&query);
        while (query.len < 100000)
            buf_add(&query, units[i], len);
        for (int sort = SEARCH_RANK; sort <= SEARCH_SITE; sort++) {
            struct timespec from;
            struct timespec to;
            clock_gettime(CLOCK_MONOTONIC, &from);
            struct search_end end =
                run(f, buf_slice(&query), (enum search_sort)sort, 10, NULL, &ids);
            clock_gettime(CLOCK_MONOTONIC, &to);
            assert_true(to.tv_sec - from.tv_sec < 5);
            assert_string_not_equal(end.hint, "");
        }
    }
    buf_finish(&query);
    buf_finish(&ids);
}

static void no_query_is_an_error_of_the_index(void **state)
{
    struct fixture *f = *state;
    static const char *const parts[] = {"(",    ")",         " ",   "\"",      "\u201C",     "-",
                                        " OR ", "tag:",      "#",   "title:",  "is:trashed", "*",
                                        "sql",  "数据",      "库",  "{title}", ":",          "^",
                                        "+",    "NEAR(a b)", "'",   "AND",     "NOT ",       "\xFF",
                                        "\0",   "、",        "c++", "7d",      "after:",     "，",
                                        "😀",    "\u0301"};
    uint32_t seed = 9;
    struct buf ids;
    buf_init(&ids, 1 << 20);
    save_samples(f);
    for (int round = 0; round < 1500; round++) {
        struct buf query;
        buf_init(&query, 4096);
        for (int i = 0; i < 25; i++)
            buf_add_text(&query, parts[next_random(&seed) % (sizeof parts / sizeof *parts)]);
        buf_reset(&ids);
        run(f, buf_slice(&query), (enum search_sort)(round % 5), 10, NULL, &ids);
        buf_finish(&query);
    }
    /* The longest and deepest that are allowed. */
    static const char *const towers[] = {
        "数据库", "(a OR (b ", "(a (-b OR -(c ", "a -(b OR ", "-(tag:a OR ", "\"a\"",
        "a*",     "x.",        "tag:x OR (a ",   "\u0301",    "#a -",        "ａ（ｂ OR "};
    for (size_t t = 0; t < sizeof towers / sizeof *towers; t++) {
        struct buf query;
        buf_init(&query, LIMIT_QUERY);
        struct search_request request = {.limit = 10, .now = NOW};
        struct search_end end;
        while (buf_add_text(&query, towers[t]))
            ;
        request.query = buf_slice(&query);
        if (!search_pages(f->store, &request, add_id, &ids, &end, &f->err))
            assert_int_equal(f->err.code, ERR_LIMIT);
        /* and as many as there may be words */
        request.query.len = 0;
        for (int i = 0; i < 20 && request.query.len + strlen(towers[t]) <= query.len; i++)
            request.query.len += strlen(towers[t]);
        assert_ok(search_pages(f->store, &request, add_id, &ids, &end, &f->err));
        buf_finish(&query);
    }
    buf_finish(&ids);
}

static void a_foreign_index_cannot_break_the_search(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    struct search_end end;
    struct buf ids;
    buf_init(&ids, 1 << 16);
    /* A row of the index without its page counts, but is not shown. */
    assert_ok(db_execute(f->store,
                         "INSERT INTO search (rowid, title, text) VALUES (99, 'sqlite', 'sqlite')",
                         &f->err));
    end = run(f, slice_of("sqlite "), SEARCH_RANK, 10, NULL, &ids);
    assert_string_equal(ids.ptr, "1 ");
    assert_int_equal(end.total, 2);
    /* Numbers that no cursor can hold. */
    static const char *const numbers[] = {"-5", "9007199254740993", "9223372036854775806"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char sql[128];
        snprintf(sql, sizeof sql, "UPDATE pages SET ord = %s WHERE id = 4", numbers[i]);
        assert_ok(db_execute(f->store, sql, &f->err));
        snprintf(sql, sizeof sql, "INSERT INTO search (rowid, text) VALUES (%s, 'odd')",
                 numbers[i]);
        assert_ok(db_execute(f->store, sql, &f->err));
        struct search_request request = {.query = slice_of(""), .limit = 10};
        assert_error(search_pages(f->store, &request, add_id, &ids, &end, &f->err),
                     ERR_STORE_CORRUPT);
        for (int sort = 0; sort < 2; sort++) {
            request.query = slice_of("odd ");
            request.sort = (enum search_sort)sort;
            buf_reset(&ids);
            if (search_pages(f->store, &request, add_id, &ids, &end, &f->err))
                assert_int_equal(ids.len + strlen(end.cursor), 0);
            else
                assert_int_equal(f->err.code, ERR_STORE_CORRUPT);
        }
        if (i == 0)
            continue;
        struct snapshot_new new = fixture_snapshot("https://example.com/n", "T", "text");
        struct snapshot_ids made;
        assert_error(snapshots_begin(f->store, &new, &made, &f->err), ERR_STORE_CORRUPT);
    }
    buf_finish(&ids);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(pages_of_an_answer_have_no_gaps_and_no_repeats),
        with_store(words_meet_tags_of_any_size),
        with_store(exactly_as_many_as_are_ranked_leave_no_tail),
        with_store(what_is_saved_in_between_does_not_disturb),
        with_store(cursors_that_no_search_gave_are_refused),
        with_store(ceilings_are_told),
        with_store(huge_and_broken_queries_are_answered),
        with_store(no_query_is_an_error_of_the_index),
        with_store(a_foreign_index_cannot_break_the_search),
    };
#undef with_store
    return cmocka_run_group_tests_name("search_paging", tests, NULL, NULL);
}

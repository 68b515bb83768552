/* store: spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "search_fixture.h"
#include "store/spelling.h"

static void assert_better(struct fixture *f, const char *query, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_ok(spelling_better(f->store, slice_of(query), &out, &f->err));
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("<%s> gives <%s>, not <%s>", query, out.ptr, expected);
    buf_finish(&out);
}

static void one_error_in_a_word_is_put_right(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"databas ", "database "},
        {"databasse ", "database "},
        {"datebase ", "database "},
        {"dtaabase ", "database "},
        {"atabase ", "database "},
        {"xdatabase ", "database "},
        {"databases ", "database "},
        {"DataBsae Engine ", "database Engine "},
        {"egnine (datbase OR sqlite) ", "engine (database OR sqlite) "},
        {"\"egnine database\" ", "\"engine database\" "},
        {"title:egnine ", "title:engine "},
        {"数据 egnine ", "数据 engine "},
        {"数据egnine ", "数据engine "},
        {"engnie", "engine"},
        /* nothing to put right */
        {"", ""},
        {"database ", ""},
        {"datab", ""},  /* being typed */
        {"datbs ", ""}, /* two errors */
        {"datb ", ""},
        {"sql ", ""},
        {"数剧 ", ""},
        {"-egnine database ", ""},
        {"tag:egnine ", ""},
        {"site:egnine ", ""},
        {"egnine* ", ""},
        {"\xFF\xFE(((\"", ""},
    };
    fixture_save(f, "https://example.com/1", "database engine", "sqlite 数据");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_better(f, cases[i][0], cases[i][1]);
}

static void the_word_of_the_most_pages_is_meant(void **state)
{
    struct fixture *f = *state;
    fixture_save(f, "https://example.com/1", "T", "form");
    fixture_save(f, "https://example.com/2", "T", "from");
    fixture_save(f, "https://example.com/3", "T", "from");
    assert_better(f, "forn ", "form ");
    assert_better(f, "fron ", "from ");
    assert_better(f, "frm from ", "");
    assert_better(f, "frrm ", "from ");
}

/* Somebody else's slip of the pen does not make it a word. */
static void a_word_that_hardly_any_page_has_may_be_misspelt(void **state)
{
    struct fixture *f = *state;
    char url[64];
    for (int i = 0; i < 39; i++) {
        snprintf(url, sizeof url, "https://example.com/%d", i);
        fixture_save(f, url, "T", i < 2 ? "receive recieve" : "receive");
    }
    assert_better(f, "recieve ", ""); /* 39 are not 20 times 2 */
    fixture_save(f, "https://example.com/39", "T", "receive");
    assert_better(f, "recieve ", "receive ");
    assert_better(f, "receive ", "");
    fixture_save(f, "https://example.com/40", "T", "recieve");
    assert_better(f, "recieve ", "");
}

static void the_commonest_word_is_meant_among_common_ones(void **state)
{
    struct fixture *f = *state;
    assert_ok(db_execute(f->store, "BEGIN", &f->err));
    for (int i = 0; i < 1300; i++) {
        assert_ok(db_execute(f->store,
                             i < 1200 ? "INSERT INTO search (text) VALUES ('directly directory')"
                                      : "INSERT INTO search (text) VALUES ('directory')",
                             &f->err));
    }
    assert_better(f, "directry ", "directory ");
    assert_ok(db_execute(f->store, "ROLLBACK", &f->err));
}

static void only_a_few_words_are_looked_at(void **state)
{
    struct fixture *f = *state;
    struct buf query;
    struct buf out;
    fixture_save(f, "https://example.com/1", "T", "alpha beta gamma delta abcdefghijklmnopqrst");
    assert_better(f, "alpa btea gama delt ", "alpha beta gamma delt ");
    assert_better(f, "abcdefghijklmnopqrts ", "abcdefghijklmnopqrst ");
    assert_better(f, "abcdefghijklmnopqrstu ", "");
    buf_init(&query, 1 << 20);
    buf_init(&out, 1 << 20);
    for (int i = 0; i < 20000; i++)
        buf_add_text(&query, "alpa ");
    assert_ok(spelling_better(f->store, buf_slice(&query), &out, &f->err));
    assert_true(slice_starts(buf_slice(&out), "alpha alpha alpha alpa "));
    assert_true(out.len <= LIMIT_QUERY + 3);
    buf_finish(&query);
    buf_finish(&out);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(one_error_in_a_word_is_put_right),
        with_store(the_word_of_the_most_pages_is_meant),
        with_store(a_word_that_hardly_any_page_has_may_be_misspelt),
        with_store(the_commonest_word_is_meant_among_common_ones),
        with_store(only_a_few_words_are_looked_at),
    };
#undef with_store
    return cmocka_run_group_tests_name("spelling", tests, NULL, NULL);
}

/* store: similar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search_fixture.h"
#include "store/similar.h"

static bool add_page(const struct page_row *row, void *arg)
{
    return buf_printf(arg, "%lld ", (long long)row->id);
}

static void assert_similar(struct fixture *f, int64_t page, size_t limit, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_ok(similar_pages(f->store, page, limit, add_page, &out, &f->err));
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("%lld is like <%s>, not <%s>", (long long)page, out.ptr, expected);
    buf_finish(&out);
}

/* Pages 1 to 8 on four subjects, then 30 about nothing. */
static void save_subjects(struct fixture *f)
{
    static const char *const texts[][2] = {
        {"SQLite", "sqlite is a database engine with pages and btree indexes"},
        {"Databases", "the btree of a database engine like sqlite stores pages"},
        {"Gardening", "tulips and roses want water in the garden"},
        {"Roses", "how to water roses in a dry garden"},
        {"快照平台", "网页快照保存下来，全文搜索标签"},
        {"保存网页", "保存网页快照，用标签整理，全文搜索"},
        {"Empty", ""},
        {"Alone", "quixotic zephyrs juxtapose"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%zu", i);
        fixture_save(f, url, texts[i][0], texts[i][1]);
    }
    for (int i = 0; i < 30; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/filler/%d", i);
        fixture_save(f, url, "filler", "the and with into 的 filler");
    }
}

static void pages_about_the_same_are_alike(void **state)
{
    struct fixture *f = *state;
    save_subjects(f);
    assert_similar(f, 1, 10, "2 ");
    assert_similar(f, 2, 10, "1 ");
    assert_similar(f, 3, 10, "4 ");
    assert_similar(f, 5, 10, "6 ");
    assert_similar(f, 6, 10, "5 ");
    assert_similar(f, 7, 10, "");
    assert_similar(f, 8, 10, "");
}

static void what_shares_more_comes_first_and_the_newer_of_equals(void **state)
{
    struct fixture *f = *state;
    save_subjects(f);
    fixture_save(f, "https://example.com/a", "Notes", "btree pages");
    fixture_save(f, "https://example.com/b", "Notes", "btree pages");
    assert_similar(f, 1, 10, "2 40 39 ");
    assert_similar(f, 1, 1, "2 ");
    assert_similar(f, 1, 2, "2 40 ");
    assert_ok(pages_trash(f->store, 2, &f->err));
    assert_similar(f, 1, 1, "40 ");
    /* What lies in the trash can still be compared. */
    assert_similar(f, 2, 1, "1 ");
}

static bool stop(const struct page_row *row, void *arg)
{
    (void)row;
    ++*(int *)arg;
    return false;
}

static void limits_and_missing_pages_are_errors(void **state)
{
    struct fixture *f = *state;
    int calls = 0;
    save_subjects(f);
    fixture_save(f, "https://example.com/a", "Notes", "btree pages");
    assert_ok(similar_pages(f->store, 1, 10, stop, &calls, &f->err));
    assert_int_equal(calls, 1);
    assert_error(similar_pages(f->store, 99, 10, stop, &calls, &f->err), ERR_NOT_FOUND);
    assert_error(similar_pages(f->store, 1, 0, stop, &calls, &f->err), ERR_LIMIT);
    assert_error(similar_pages(f->store, 1, SIMILAR_MAX + 1, stop, &calls, &f->err), ERR_LIMIT);
    assert_ok(similar_pages(f->store, 1, SIMILAR_MAX, stop, &calls, &f->err));
}

static void a_damaged_text_leaves_the_title(void **state)
{
    struct fixture *f = *state;
    save_subjects(f);
    fixture_save(f, "https://example.com/c", "sqlite engine", "broken");
    assert_ok(db_execute(f->store,
                         "UPDATE blobs SET data = x'00' WHERE id = (SELECT text FROM snapshots"
                         " ORDER BY id DESC LIMIT 1)",
                         &f->err));
    assert_similar(f, 39, 10, "2 1 ");
    assert_similar(f, 1, 10, "2 39 ");
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(pages_about_the_same_are_alike),
        with_store(what_shares_more_comes_first_and_the_newer_of_equals),
        with_store(limits_and_missing_pages_are_errors),
        with_store(a_damaged_text_leaves_the_title),
    };
#undef with_store
    return cmocka_run_group_tests_name("similar", tests, NULL, NULL);
}

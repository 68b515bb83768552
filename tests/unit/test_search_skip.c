/* store: searches that begin in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "search_fixture.h"
#include "store/walk.h"

enum { PAGES = 2600, PLACES = 12 };

static const char *const queries[] = {"",     "common",    "common rare",     "tag:some",
                                      "rare", "is:tagged", "rare OR tag:some"};
enum { QUERIES = sizeof queries / sizeof *queries };

/* Every page has the common word; some have it in the title, some a rare one. */
static void fill(struct fixture *f)
{
    for (int i = 0; i < PAGES; i++) {
        char path[32];
        char title[32];
        char site[32];
        snprintf(path, sizeof path, "/%d", i);
        snprintf(title, sizeof title, "%s %d", i % 7 == 0 ? "Common" : "page", i * 7919 % PAGES);
        snprintf(site, sizeof site, "s%d.example", i % 5);
        const struct sample sample = {site,
                                      path,
                                      title,
                                      NULL,
                                      i % 3 == 0 ? "some" : NULL,
                                      i % 4 == 0 ? "common common rare" : "common",
                                      NOW + i};
        char url[128];
        snprintf(url, sizeof url, "https://%s%s", sample.site, sample.path);
        struct snapshot_new new = fixture_snapshot(url, sample.title, sample.text);
        struct snapshot_ids ids;
        new.site = sample.site;
        new.tags = &sample.tag;
        new.tag_count = sample.tag != NULL;
        new.taken = sample.taken;
        assert_ok(snapshots_begin(f->store, &new, &ids, &f->err));
        if (i % 100 == 99)
            assert_ok(pages_trash(f->store, ids.page, &f->err));
    }
}

static bool add_number(const struct search_hit *hit, void *arg)
{
    return buf_add(arg, &hit->page->id, sizeof hit->page->id);
}

static struct search_end find(struct fixture *f, const char *query, enum search_sort sort,
                              size_t skip, size_t limit, const char *cursor, struct buf *ids)
{
    const struct search_request request = {.query = slice_of(query),
                                           .sort = sort,
                                           .skip = skip,
                                           .limit = limit,
                                           .cursor = cursor,
                                           .now = NOW};
    struct search_end end = {0};
    buf_reset(ids);
    assert_ok(search_pages(f->store, &request, add_number, ids, &end, &f->err));
    return end;
}

static size_t count_of(const struct buf *ids)
{
    return ids->len / sizeof(int64_t);
}

/* The whole answer, page by page. */
static void find_all(struct fixture *f, const char *query, enum search_sort sort, struct buf *all)
{
    struct buf ids;
    struct search_end end = {0};
    buf_init(&ids, 1 << 20);
    buf_reset(all);
    do {
        char cursor[sizeof end.cursor];
        memcpy(cursor, end.cursor, sizeof cursor);
        end = find(f, query, sort, 0, LIMIT_RESULTS, cursor, &ids);
        assert_true(buf_add_slice(all, buf_slice(&ids)));
    } while (end.cursor[0] != '\0');
    assert_int_equal(count_of(all), end.total);
    buf_finish(&ids);
}

static void assert_part(const struct buf *all, const struct buf *part, size_t from, size_t limit)
{
    size_t count = count_of(all);
    size_t left = from < count ? count - from : 0;
    size_t expected = left < limit ? left : limit;
    assert_int_equal(count_of(part), expected);
    if (expected > 0)
        assert_memory_equal(part->ptr, all->ptr + from * sizeof(int64_t),
                            expected * sizeof(int64_t));
}

/* Wherever it begins, from the start or from a cursor, an answer is a part of the whole; and goes
 * on as that does. */
static void check_skips(struct fixture *f, const char *query, enum search_sort sort)
{
    static const size_t skips[PLACES] = {1,    7,    199,  200,  201,  999,
                                         1000, 1001, 2001, 2100, 2599, 5000};
    struct buf all;
    struct buf part;
    buf_init(&all, 1 << 20);
    buf_init(&part, 1 << 20);
    find_all(f, query, sort, &all);
    for (size_t i = 0; i < PLACES; i++) {
        size_t skip = skips[i];
        struct search_end end = find(f, query, sort, skip, 20, NULL, &part);
        assert_part(&all, &part, skip, 20);
        assert_int_equal(end.total, count_of(&all));
        assert_int_equal(end.cursor[0] != '\0', skip + 20 < count_of(&all));
        if (end.cursor[0] == '\0')
            continue;
        char cursor[sizeof end.cursor];
        memcpy(cursor, end.cursor, sizeof cursor);
        find(f, query, sort, 0, 20, cursor, &part);
        assert_part(&all, &part, skip + 20, 20);
        find(f, query, sort, 33, 20, cursor, &part);
        assert_part(&all, &part, skip + 53, 20);
    }
    buf_finish(&all);
    buf_finish(&part);
}

static void every_order_can_be_entered_anywhere(void **state)
{
    struct fixture *f = *state;
    fill(f);
    for (size_t q = 0; q < QUERIES; q++)
        for (int sort = SEARCH_RANK; sort <= SEARCH_SITE; sort++)
            check_skips(f, queries[q], (enum search_sort)sort);
}

struct taker {
    struct buf ids;
    size_t most;
};

static bool take_some(const struct search_hit *hit, void *arg)
{
    struct taker *taker = arg;
    return count_of(&taker->ids) < taker->most &&
           buf_add(&taker->ids, &hit->page->id, sizeof hit->page->id);
}

static void what_was_not_taken_comes_next(void **state)
{
    struct fixture *f = *state;
    struct buf all;
    struct buf rest;
    struct taker taker = {.most = 0};
    fill(f);
    buf_init(&all, 1 << 20);
    buf_init(&rest, 1 << 20);
    buf_init(&taker.ids, 1 << 20);
    for (size_t q = 0; q < 3; q++) {
        for (int sort = SEARCH_RANK; sort <= SEARCH_SITE; sort++) {
            find_all(f, queries[q], (enum search_sort)sort, &all);
            for (taker.most = 0; taker.most < 4; taker.most++) {
                const struct search_request request = {.query = slice_of(queries[q]),
                                                       .sort = (enum search_sort)sort,
                                                       .skip = 3,
                                                       .limit = 10,
                                                       .now = NOW};
                struct search_end end = {0};
                buf_reset(&taker.ids);
                assert_ok(search_pages(f->store, &request, take_some, &taker, &end, &f->err));
                assert_part(&all, &taker.ids, 3, taker.most);
                find(f, queries[q], (enum search_sort)sort, 0, 10, end.cursor, &rest);
                assert_part(&all, &rest, 3 + taker.most, 10);
            }
        }
    }
    buf_finish(&all);
    buf_finish(&rest);
    buf_finish(&taker.ids);
}

static void too_far_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct search_end end;
    struct buf ids;
    struct search_request request = {.limit = 1, .skip = (size_t)SEARCH_SKIP + 1};
    buf_init(&ids, 100);
    assert_error(search_pages(f->store, &request, add_number, &ids, &end, &f->err), ERR_LIMIT);
    request.skip = SEARCH_SKIP;
    assert_ok(search_pages(f->store, &request, add_number, &ids, &end, &f->err));
    assert_int_equal(ids.len, 0);
    buf_finish(&ids);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_order_can_be_entered_anywhere),
        TEST(what_was_not_taken_comes_next),
        TEST(too_far_is_an_error),
    };
    return cmocka_run_group_tests_name("search skip", tests, NULL, NULL);
}

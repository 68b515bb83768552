/* store: facets, tally. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search_fixture.h"
#include "store/facets.h"
#include "store/tally.h"

#include <time.h>

/* "#tag 2 @site 1 2026 3 " */
static bool add_facet(const struct facet *facet, void *arg)
{
    static const char *const signs[] = {"#", "@", ""};
    return buf_printf(arg, "%s%s %lld ", signs[facet->kind], facet->name, (long long)facet->pages);
}

static void assert_facets(struct fixture *f, const char *query, size_t limit, const char *expected)
{
    struct buf out;
    struct facets_request request = {.query = slice_of(query), .limit = limit, .now = NOW};
    buf_init(&out, 1 << 16);
    assert_ok(facets_list(f->store, &request, add_facet, &out, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void an_answer_is_counted_by_tag_site_and_year(void **state)
{
    struct fixture *f = *state;
    save_samples(f); /* NOW is November 2026 */
    assert_facets(f, "", 10,
                  "#读书 1 #work/reading 1 #Work 1 @github.com 1 @localhost:8080 1"
                  " @www.example.com 1 @zh.wikipedia.org 1 2026 3 2025 1 ");
    assert_facets(f, "read ", 10, "@localhost:8080 1 2026 1 ");
    assert_facets(f, "work ", 10,
                  "#work/reading 1 #Work 1 @github.com 1 @zh.wikipedia.org 1"
                  " 2026 1 2025 1 ");
    assert_facets(f, "tag:work before:30d", 10, "#Work 1 @zh.wikipedia.org 1 2025 1 ");
    assert_facets(f, "absent ", 10, "");
    assert_facets(f, "is:trashed", 10, "");
    assert_ok(pages_trash(f->store, 2, &f->err));
    assert_facets(f, "is:trashed", 10, "#work/reading 1 @github.com 1 2026 1 ");
    assert_facets(f, "work ", 10, "#Work 1 @zh.wikipedia.org 1 2025 1 ");
    assert_facets(f, "", 1, "#读书 1 @localhost:8080 1 2026 2 ");
}

static void many_and_few_pages_are_counted_alike(void **state)
{
    struct fixture *f = *state;
    char url[64];
    /* Every page has "all", every 9th "few", and a tag of its number modulo 3. */
    for (int i = 0; i < 90; i++) {
        char site[32];
        const char *tag = i % 3 == 0 ? "zero" : "other";
        snprintf(url, sizeof url, "https://example.com/%d", i);
        snprintf(site, sizeof site, "s%d.example", i % 2);
        struct snapshot_new new = fixture_snapshot(url, "T", i % 9 == 0 ? "all few" : "all");
        new.site = site;
        new.tags = &tag;
        new.tag_count = i % 3 < 2;
        new.taken = INT64_C(1600000000000) + i *INT64_C(86400000) * 30;
        fixture_begin(f, &new);
    }
    assert_facets(f, "all ", 2, "#zero 30 #other 30 @s0.example 45 @s1.example 45 2028 1 2027 12 ");
    assert_facets(f, "few ", 2, "#zero 10 @s0.example 5 @s1.example 5 2027 1 2026 1 ");
}

static bool stop_after(const struct facet *facet, void *arg)
{
    (void)facet;
    return --*(int *)arg > 0;
}

static void a_listing_can_be_ended_and_has_a_ceiling(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    for (int calls = 1; calls < 9; calls++) {
        int left = calls;
        struct facets_request request = {.limit = 10, .now = NOW};
        assert_ok(facets_list(f->store, &request, stop_after, &left, &f->err));
        assert_int_equal(left, 0);
    }
    struct facets_request request = {.limit = FACETS_MAX + 1};
    assert_error(facets_list(f->store, &request, add_facet, NULL, &f->err), ERR_LIMIT);
    request.limit = 0;
    assert_error(facets_list(f->store, &request, add_facet, NULL, &f->err), ERR_LIMIT);
    request.limit = FACETS_MAX;
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_ok(facets_list(f->store, &request, add_facet, &out, &f->err));
    buf_finish(&out);
}

static void times_of_a_foreign_store_are_no_years(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    static const char *const times[] = {"-1000000000000", "-9223372036854775808",
                                        "9223372036854775807", "253402300800000"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char sql[128];
        snprintf(sql, sizeof sql, "UPDATE pages SET saved = %s WHERE id > 1", times[i]);
        assert_ok(db_execute(f->store, sql, &f->err));
        assert_facets(f, "tag:读书 OR site:github.com", 10,
                      "#读书 1 #work/reading 1 @github.com 1 @www.example.com 1 2026 1 ");
    }
}

static void weights_add_up_by_key(void **state)
{
    (void)state;
    struct tally tally;
    size_t top[5];
    tally_init(&tally);
    assert_int_equal(tally_top(&tally, 5, top), 0);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5000; i++) {
            char key[16];
            int len = snprintf(key, sizeof key, "%d", i);
            assert_true(tally_add(&tally, slice_make(key, (size_t)len), i % 100 == 7 ? 2 : 1));
        }
    }
    assert_true(tally_add(&tally, slice_of(""), 4));
    assert_int_equal(tally_count(&tally), 5001);
    assert_int_equal(tally_top(&tally, 5, top), 5);
    static const char *const heaviest[] = {"1007", "107", "1107", "1207", "1307"};
    for (size_t i = 0; i < 5; i++) {
        assert_true(slice_equal(tally_key(&tally, top[i]), slice_of(heaviest[i])));
        assert_true(tally_entry(&tally, top[i])->weight == 6);
    }
    assert_int_equal(tally_top(&tally, 0, top), 0);
    tally_finish(&tally);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(an_answer_is_counted_by_tag_site_and_year),
        with_store(many_and_few_pages_are_counted_alike),
        with_store(a_listing_can_be_ended_and_has_a_ceiling),
        with_store(times_of_a_foreign_store_are_no_years),
        cmocka_unit_test(weights_add_up_by_key),
    };
#undef with_store
    return cmocka_run_group_tests_name("facets", tests, NULL, NULL);
}

/* app: capture_tab: what a browser hands in for a link of the queue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/capture.h"
#include "base/limits.h"
#include "store_fixture.h"

static bool hand_in(struct fixture *f, const char *asked, const char *shown,
                    const struct capture_wish *wish)
{
    static const char page[] = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>T</title>"
                               "<link rel=\"icon\" href=\"data:,\"/></head>"
                               "<body><p>The words of a page, enough of them.</p></body></html>";
    struct buf bytes;
    const struct capture_item item = {.document = true,
                                      .url = slice_of(shown),
                                      .doctype = slice_of("<!DOCTYPE html>"),
                                      .bytes = &bytes};
    const struct capture_hooks hooks = {.wake_fd = -1};
    struct capture_report report = {0};
    buf_init(&bytes, LIMIT_DOCUMENT);
    assert_true(buf_add_text(&bytes, page));
    bool ok = capture_tab(f->store, slice_of(asked), &item, 1, wish, &hooks, &report, &f->err);
    capture_report_finish(&report);
    buf_finish(&bytes);
    return ok;
}

static int64_t saved_pages(struct fixture *f)
{
    struct store_counts counts;
    assert_ok(store_count(f->store, &counts, &f->err));
    return counts.pages;
}

static void a_job_whose_tab_was_led_into_the_private_network_fails(void **state)
{
    struct fixture *f = *state;
    static const char *const inside[] = {"http://192.168.1.1/admin", "http://localhost:631/",
                                         "http://nas/", "http://[::1]/"};
    struct capture_wish wish = {.refuse_walls = true};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        assert_error(hand_in(f, "https://example.com/a", inside[i], &wish), ERR_PRIVATE);
    assert_int_equal(saved_pages(f), 0);
    /* Where the link itself names such a place, and where the person has allowed it. */
    assert_ok(hand_in(f, "http://127.0.0.1:1/start", inside[0], &wish));
    wish.private = CAPTURE_PRIVATE_ALLOWED;
    assert_ok(hand_in(f, "https://example.com/a", inside[3], &wish));
    assert_int_equal(saved_pages(f), 2);
}

static void a_page_that_a_person_has_open_is_where_it_is(void **state)
{
    struct fixture *f = *state;
    const struct capture_wish wish = {.refuse_walls = false};
    assert_ok(hand_in(f, "http://192.168.1.1/admin", "http://192.168.1.1/admin", &wish));
    assert_int_equal(saved_pages(f), 1);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(a_job_whose_tab_was_led_into_the_private_network_fails),
        with_store(a_page_that_a_person_has_open_is_where_it_is),
    };
#undef with_store
    return cmocka_run_group_tests_name("capture_tab", tests, NULL, NULL);
}

/* page/referrer: what a request says of where it comes from. */
#include "page/referrer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void policies_have_the_names_of_the_standard_and_older_ones(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum referrer_policy policy;
    } known[] = {
        {"no-referrer", REFERRER_NONE},
        {" Same-Origin\n", REFERRER_SAME},
        {"origin", REFERRER_ORIGIN},
        {"strict-origin", REFERRER_STRICT},
        {"origin-when-cross-origin", REFERRER_CROSS},
        {"strict-origin-when-cross-origin", REFERRER_STRICT_CROSS},
        {"no-referrer-when-downgrade", REFERRER_SECURE},
        {"UNSAFE-URL", REFERRER_WHOLE},
        {"never", REFERRER_NONE},
        {"always", REFERRER_WHOLE},
        {"default", REFERRER_STRICT_CROSS},
        {"origin-when-crossorigin", REFERRER_CROSS},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        enum referrer_policy policy = REFERRER_SECURE;
        assert_true(referrer_policy_parse(slice_of(known[i].text), &policy));
        assert_int_equal(policy, known[i].policy);
    }
}

static void an_unknown_word_changes_nothing(void **state)
{
    (void)state;
    static const char *const unknown[] = {"", " ", "no referrer", "origin,no-referrer", "none"};
    enum referrer_policy policy = REFERRER_ORIGIN;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_false(referrer_policy_parse(slice_of(unknown[i]), &policy));
    assert_false(referrer_policy_parse(slice_make("origin\0x", 8), &policy));
    assert_int_equal(policy, REFERRER_ORIGIN);
}

static void assert_sent(enum referrer_policy policy, const char *to, const char *expected)
{
    char *referer = NULL;
    struct error err = {0};
    static const char from[] = "https://me:pass@a.example/dir/page?q=1#part";
    assert_true(referrer_header(policy, from, to, &referer, &err));
    if (expected == NULL)
        assert_null(referer);
    else
        assert_string_equal(referer, expected);
    free(referer);
}

static void each_policy_says_what_it_allows(void **state)
{
    (void)state;
    static const char whole[] = "https://a.example/dir/page?q=1";
    static const char origin[] = "https://a.example/";
    static const struct {
        enum referrer_policy policy;
        const char *same;  /* to the same origin */
        const char *other; /* to another */
        const char *down;  /* to http */
    } rules[] = {
        {REFERRER_STRICT_CROSS, whole, origin, NULL}, {REFERRER_NONE, NULL, NULL, NULL},
        {REFERRER_SAME, whole, NULL, NULL},           {REFERRER_ORIGIN, origin, origin, origin},
        {REFERRER_STRICT, origin, origin, NULL},      {REFERRER_CROSS, whole, origin, origin},
        {REFERRER_SECURE, whole, whole, NULL},        {REFERRER_WHOLE, whole, whole, whole},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        assert_sent(rules[i].policy, "https://a.example/x.png", rules[i].same);
        assert_sent(rules[i].policy, "https://b.example/x.png", rules[i].other);
        assert_sent(rules[i].policy, "http://a.example/x.png", rules[i].down);
    }
}

static void a_page_without_an_address_of_the_web_says_nothing(void **state)
{
    (void)state;
    static const char *const pages[] = {"about:blank", "data:text/html,x", "", "file:///etc/x"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char *referer = NULL;
        struct error err = {0};
        assert_true(
            referrer_header(REFERRER_WHOLE, pages[i], "https://a.example/", &referer, &err));
        assert_null(referer);
    }
}

static void an_address_that_is_too_long_is_cut_to_its_origin(void **state)
{
    (void)state;
    char from[8192] = "https://a.example/?";
    size_t start = strlen(from);
    memset(from + start, 'x', sizeof from - 1 - start);
    from[sizeof from - 1] = '\0';
    char *referer = NULL;
    struct error err = {0};
    assert_true(referrer_header(REFERRER_WHOLE, from, "https://b.example/", &referer, &err));
    assert_string_equal(referer, "https://a.example/");
    free(referer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_have_the_names_of_the_standard_and_older_ones),
        cmocka_unit_test(an_unknown_word_changes_nothing),
        cmocka_unit_test(each_policy_says_what_it_allows),
        cmocka_unit_test(a_page_without_an_address_of_the_web_says_nothing),
        cmocka_unit_test(an_address_that_is_too_long_is_cut_to_its_origin),
    };
    return cmocka_run_group_tests_name("referrer", tests, NULL, NULL);
}

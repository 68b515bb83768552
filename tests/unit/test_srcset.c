/* page/srcset: the candidates of srcset="". */
#include "page/srcset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool mark(struct slice url, struct buf *replacement, void *arg, struct error *err)
{
    (void)arg;
    (void)err;
    if (slice_equal(url, slice_of("drop")))
        return true;
    buf_add_char(replacement, '<');
    buf_add_slice(replacement, url);
    buf_add_char(replacement, '>');
    return true;
}

static bool identity(struct slice url, struct buf *replacement, void *arg, struct error *err)
{
    (void)arg;
    (void)err;
    buf_add_slice(replacement, url);
    return true;
}

static bool refuse(struct slice url, struct buf *replacement, void *arg, struct error *err)
{
    (void)replacement;
    (void)arg;
    return error_set(err, ERR_IO, "%zu", url.len);
}

static void check(const char *in, srcset_url_fn fn, const char *expected)
{
    struct error err = {0};
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(srcset_rewrite(slice_of(in), fn, NULL, &out, &err));
    assert_string_equal(out.len > 0 ? out.ptr : "", expected);
    buf_finish(&out);
}

static void candidates_are_split_as_the_standard_says(void **state)
{
    (void)state;
    check("", mark, "");
    check(" ,, , ", mark, "");
    check("a.png", mark, "<a.png>");
    check("a.png 1x, b.png 2x", mark, "<a.png> 1x, <b.png> 2x");
    check("\n a.png\t480w ,b.png   800w\n", mark, "<a.png> 480w, <b.png> 800w");
    check("a.png, b.png,c.png 2x", mark, "<a.png>, <b.png,c.png> 2x");
    check("a.png,,, b.png", mark, "<a.png>, <b.png>");
    check("a.png 1x,b.png 2x,", mark, "<a.png> 1x, <b.png> 2x");
    check("a.png 100w 50h, b.png", mark, "<a.png> 100w 50h, <b.png>");
}

static void commas_in_data_urls_and_parentheses_separate_nothing(void **state)
{
    (void)state;
    check("data:image/png;base64,AAAA 1x, b.png 2x", mark,
          "<data:image/png;base64,AAAA> 1x, <b.png> 2x");
    check("a.png x(1, 2) 3x, b.png", mark, "<a.png> x(1, 2) 3x, <b.png>");
    check("a.png x(1, 2, b.png", mark, "<a.png> x(1, 2, b.png");
}

static void what_is_not_replaced_is_left_out(void **state)
{
    (void)state;
    check("drop 1x, b.png 2x, drop", mark, "<b.png> 2x");
    check("drop", mark, "");
}

static bool odd(struct slice url, struct buf *replacement, void *arg, struct error *err)
{
    (void)url;
    (void)arg;
    (void)err;
    return buf_add_text(replacement, ",a b,c,");
}

static void a_replacement_cannot_break_the_list(void **state)
{
    (void)state;
    check("x 1x", odd, "%2Ca%20b,c%2C 1x");
}

static void writing_twice_changes_nothing(void **state)
{
    (void)state;
    static const char *const lists[] = {"a,b, c 2x", "a 1x ,, b (,) , c", "a ( b", "a, , ,b"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct error err = {0};
        struct buf once;
        buf_init(&once, 1000);
        assert_true(srcset_rewrite(slice_of(lists[i]), identity, NULL, &once, &err));
        check(once.ptr, identity, once.ptr);
        buf_finish(&once);
    }
}

static void one_candidate_is_chosen(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        const char *chosen;
    } cases[] = {
        {"", ""},
        {"a", "a"},
        {"a 1x, b 2x, c 3x", "b 2x"},
        {"a, b 1.5x", "b 1.5x"},
        {"a 3x, b 4x", "a 3x"},
        {"a 320w, b 1600w, c 1599w, d 3200w", "b 1600w"},
        {"a 320w,b 640w 480h ,c 480w", "b 640w 480h"},
        {"a 2400w, b 1800w", "b 1800w"},
        {"a nonsense, b 1x", "b 1x"},
        {"a nonsense", ""},
        {"a 0w, b -1x, c x, d 1.x", "d 1.x"},
        {"a 99999999999999999999w, b 1w", "a 99999999999999999999w"},
        {"data:,x 2x, b", "data:,x 2x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice chosen = srcset_choose(slice_of(cases[i].list));
        if (!slice_equal(chosen, slice_of(cases[i].chosen)))
            fail_msg("%s: %.*s", cases[i].list, (int)chosen.len, chosen.ptr);
    }
}

static void faults_are_passed_on(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf out;
    buf_init(&out, 4);
    assert_false(srcset_rewrite(slice_of("a"), refuse, NULL, &out, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_false(srcset_rewrite(slice_of("abcde"), identity, NULL, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_finish(&out);
}

static void a_million_commas_take_linear_time(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf in;
    struct buf out;
    buf_init(&in, 8 << 20);
    buf_init(&out, 32 << 20);
    for (int i = 0; i < 1000000; i++)
        assert_true(buf_add_text(&in, i % 3 ? "," : " a( "));
    assert_true(srcset_rewrite(buf_slice(&in), identity, NULL, &out, &err));
    buf_finish(&in);
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(candidates_are_split_as_the_standard_says),
        cmocka_unit_test(commas_in_data_urls_and_parentheses_separate_nothing),
        cmocka_unit_test(what_is_not_replaced_is_left_out),
        cmocka_unit_test(a_replacement_cannot_break_the_list),
        cmocka_unit_test(writing_twice_changes_nothing),
        cmocka_unit_test(one_candidate_is_chosen),
        cmocka_unit_test(faults_are_passed_on),
        cmocka_unit_test(a_million_commas_take_linear_time),
    };
    return cmocka_run_group_tests_name("srcset", tests, NULL, NULL);
}

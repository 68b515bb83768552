/* base: lines. */
#include "base/buf.h"
#include "base/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static bool show(enum lines_change change, struct slice line, void *arg)
{
    static const char marks[] = {[LINES_SAME] = ' ', [LINES_GONE] = '-', [LINES_ADDED] = '+'};
    return buf_printf(arg, "%c%.*s|", marks[change], (int)line.len, line.ptr ? line.ptr : "");
}

static void assert_lines(const char *first, const char *second, const char *expected)
{
    struct error err = {0};
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(lines_compare(slice_of(first), slice_of(second), show, &out, &err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void what_is_the_same_is_told_as_such(void **state)
{
    (void)state;
    assert_lines("", "", "");
    assert_lines("a", "a", " a|");
    assert_lines("a\nb\n", "a\nb\n", " a| b|");
    assert_lines("a\nb", "a\nb\n", " a| b|");
    assert_lines("\n\na", "\n\na", " | | a|");
}

static void lines_are_added_gone_and_changed(void **state)
{
    (void)state;
    assert_lines("", "a\nb", "+a|+b|");
    assert_lines("a\nb", "", "-a|-b|");
    assert_lines("a\nc", "a\nb\nc", " a|+b| c|");
    assert_lines("a\nb\nc", "a\nc", " a|-b| c|");
    assert_lines("a\nb\nc", "a\nx\nc", " a|-b|+x| c|");
    assert_lines("a\nb", "x\ny", "-a|-b|+x|+y|");
    assert_lines("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc", "-a|-b| c|+b| a| b|-b| a|+c|");
    assert_lines("旧的一行\n不变", "新的一行\n不变", "-旧的一行|+新的一行| 不变|");
}

static bool stop_at_second(enum lines_change change, struct slice line, void *arg)
{
    (void)change;
    (void)line;
    return ++*(int *)arg < 2;
}

static void whoever_has_enough_ends_it(void **state)
{
    (void)state;
    int count = 0;
    struct error err = {0};
    assert_true(
        lines_compare(slice_of("a\nb\nc"), slice_of("a\nx\ny"), stop_at_second, &count, &err));
    assert_int_equal(count, 2);
}

struct sums {
    size_t same;
    size_t gone;
    size_t added;
};

static bool count(enum lines_change change, struct slice line, void *arg)
{
    struct sums *sums = arg;
    (void)line;
    *(change == LINES_SAME ? &sums->same : change == LINES_GONE ? &sums->gone : &sums->added) += 1;
    return true;
}

/* `changes` lines of the first are gone, all that differ. */
static struct sums count_gone(size_t changes)
{
    struct buf first;
    struct buf second;
    struct sums sums = {0};
    struct error err = {0};
    buf_init(&first, 1 << 24);
    buf_init(&second, 1 << 24);
    for (size_t i = 0; i < changes; i++) {
        buf_printf(&first, "same %zu\ngone %zu\n", i, i);
        buf_printf(&second, "same %zu\n", i);
    }
    buf_add_text(&first, "end\n");
    buf_add_text(&second, "end\n");
    assert_true(lines_compare(buf_slice(&first), buf_slice(&second), count, &sums, &err));
    buf_finish(&first);
    buf_finish(&second);
    return sums;
}

static void past_the_ceiling_all_between_the_ends_has_changed(void **state)
{
    (void)state;
    struct sums at = count_gone(LINES_CHANGES);
    assert_int_equal(at.same, LINES_CHANGES + 1);
    assert_int_equal(at.gone, LINES_CHANGES);
    assert_int_equal(at.added, 0);
    struct sums past = count_gone(LINES_CHANGES + 1);
    assert_int_equal(past.same, 2);
    assert_int_equal(past.gone, 2 * (LINES_CHANGES + 1) - 1);
    assert_int_equal(past.added, LINES_CHANGES);
}

struct rebuilt {
    struct buf first;
    struct buf second;
    size_t changes;
};

static bool rebuild(enum lines_change change, struct slice line, void *arg)
{
    struct rebuilt *r = arg;
    r->changes += change != LINES_SAME;
    return (change == LINES_ADDED ||
            (buf_add_slice(&r->first, line) && buf_add_char(&r->first, '\n'))) &&
           (change == LINES_GONE ||
            (buf_add_slice(&r->second, line) && buf_add_char(&r->second, '\n')));
}

/* The fewest changes, by a table of all beginnings. */
static size_t fewest(const char *a, size_t n, const char *b, size_t m)
{
    size_t table[32][32];
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            size_t best = i == 0 ? j : j == 0 ? i : 1 + table[i - 1][j];
            if (i > 0 && j > 0 && 1 + table[i][j - 1] < best)
                best = 1 + table[i][j - 1];
            if (i > 0 && j > 0 && a[i - 1] == b[j - 1] && table[i - 1][j - 1] < best)
                best = table[i - 1][j - 1];
            table[i][j] = best;
        }
    return table[n][m];
}

static void random_texts_come_out_whole_with_the_fewest_changes(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 2000; round++) {
        char letters[2][32];
        size_t counts[2];
        struct buf texts[2];
        for (int t = 0; t < 2; t++) {
            buf_init(&texts[t], 1000);
            seed = seed * 1664525 + 1013904223;
            counts[t] = (seed >> 16) % 20;
            for (size_t i = 0; i < counts[t]; i++) {
                seed = seed * 1664525 + 1013904223;
                letters[t][i] = (char)('a' + (seed >> 16) % 4);
                buf_printf(&texts[t], "%c\n", letters[t][i]);
            }
        }
        struct rebuilt r = {.changes = 0};
        struct error err = {0};
        buf_init(&r.first, 1000);
        buf_init(&r.second, 1000);
        assert_true(lines_compare(buf_slice(&texts[0]), buf_slice(&texts[1]), rebuild, &r, &err));
        assert_true(slice_equal(buf_slice(&r.first), buf_slice(&texts[0])));
        assert_true(slice_equal(buf_slice(&r.second), buf_slice(&texts[1])));
        assert_int_equal(r.changes, fewest(letters[0], counts[0], letters[1], counts[1]));
        buf_finish(&r.first);
        buf_finish(&r.second);
        buf_finish(&texts[0]);
        buf_finish(&texts[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_the_same_is_told_as_such),
        cmocka_unit_test(lines_are_added_gone_and_changed),
        cmocka_unit_test(whoever_has_enough_ends_it),
        cmocka_unit_test(past_the_ceiling_all_between_the_ends_has_changed),
        cmocka_unit_test(random_texts_come_out_whole_with_the_fewest_changes),
    };
    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}

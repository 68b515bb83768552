/* page: likeness. */
#include "base/limits.h"
#include "page/likeness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int like(struct slice old, struct slice now)
{
    struct error err = {0};
    int thousandths = -1;
    if (!likeness(old, now, &thousandths, &err))
        fail_msg("%s", err.text);
    assert_in_range(thousandths, 0, 1000);
    return thousandths;
}

static void assert_like(const char *old, const char *now, int want)
{
    int got = like(slice_of(old), slice_of(now));
    if (got != want)
        fail_msg("of \"%s\" in \"%s\" there is %d, not %d", old, now, got, want);
}

static void the_share_is_counted_by_runs(void **state)
{
    (void)state;
    static const struct {
        const char *old;
        const char *now;
        int want;
    } cases[] = {
        {"", "", 1000},
        {"", "anything", 1000},
        {" ,.!。，", "anything", 1000},
        {"anything", "", 0},
        {"The quick brown fox", "The quick brown fox", 1000},
        {"The quick brown fox", "the  QUICK, brown fox!", 1000},
        {"The quick brown fox", "Menu. The quick brown fox. Footer", 1000},
        {"abcdefgh", "abcdefxx", 500}, /* abcde bcdef of four */
        {"abcdefgh", "hgfedcba", 0},
        {"今天天气很好", "今天天气很好", 1000},
        {"今天天气很好", "今天，天气。很好！", 1000},
        {"今天天气很好", "今天天气不好", 500}, /* 今天天 天天气 of four */
        {"今天天气很好", "昨日有雨", 0},
        {"ひらがなカタカナ", "ひらがなカタカナ。", 1000},
        {"한국어 문장", "한국어 문장입니다", 1000},
        {"linux内核源代码", "linux内核源代码", 1000},
        {"linux内核源代码", "内核源代码", 750}, /* three of four */
        {"abc", "abc", 1000},
        {"abc", "abcd", 0},
        {"好", "好", 1000},
        {"好", "坏", 0},
        {"aaaaaaaaaa", "aaaaa", 1000}, /* one run, however often */
        {"\xFF\xFE", "x", 1000},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_like(cases[i].old, cases[i].now, cases[i].want);
}

static char *numbers(size_t from, size_t to, size_t max)
{
    struct buf text;
    buf_init(&text, max);
    for (size_t i = from; i < to; i++)
        buf_printf(&text, "word%zuend ", i * 7919 % 1000003);
    return buf_take(&text);
}

static void half_a_page_is_about_half(void **state)
{
    (void)state;
    char *old = numbers(0, 2000, MIB);
    char *now = numbers(1000, 3000, MIB);
    int share = like(slice_of(old), slice_of(now));
    assert_in_range(share, 450, 750);
    free(now);
    free(old);
}

static void only_the_first_mebibyte_is_looked_at(void **state)
{
    (void)state;
    struct buf old;
    struct buf now;
    buf_init(&old, 3 * MIB);
    buf_init(&now, 3 * MIB);
    while (old.len < MIB)
        buf_add_text(&old, "abcdefgh"); /* 1 MiB is a multiple of 8 */
    while (now.len < MIB)
        buf_add_text(&now, "........");
    buf_add_text(&now, "abcdefgh");
    assert_int_equal(like(buf_slice(&old), buf_slice(&now)), 0);
    int before = like(buf_slice(&old), slice_of("abcdefghabcdefgh"));
    buf_add_text(&old, "something else that is not there");
    assert_int_equal(like(buf_slice(&old), slice_of("abcdefghabcdefgh")), before);
    assert_int_equal(before, 1000);
    buf_finish(&now);
    buf_finish(&old);
}

static void many_different_runs_take_linear_time(void **state)
{
    (void)state;
    char *old = numbers(0, 80000, 2 * MIB);
    assert_int_equal(like(slice_of(old), slice_of(old)), 1000);
    free(old);
}

static void notices_say_that_a_page_is_gone(void **state)
{
    (void)state;
    static const char *const gone[][2] = {
        {"404", ""},
        {"404 Not Found", "404 Not Found\nnginx"},
        {"Error 404", ""},
        {"Example - 404", ""},
        {"HTTP 410", ""},
        {"410 Gone | Example", "x"},
        {"Page not found · Example", "Home News Sport"},
        {"PAGE NOT FOUND", ""},
        {"Example", "Sorry, the page you are looking for could not be found."},
        {"Example", "This video\n is   no longer available"},
        {"Example", "This account doesn’t exist"},
        {"", "404"},
        {"页面不存在", ""},
        {"微信公众平台", "该内容已被发布者删除"},
        {"知乎", "你似乎来到了没有知识存在的荒原，您访问的页面不存在"},
        {"提示信息", "抱歉，指定的主题不存在或已被删除或正在被审核"},
        {"內容已刪除", ""},
        {"", "抱歉，您要找的頁面不存在"},
        {"ページが見つかりません", ""},
        {"お知らせ", "お探しのページは移動または削除された可能性があります。"},
    };
    static const char *const there[][2] = {
        {"", ""},
        {"Example", "A page about trains."},
        {"Area code 404", "Atlanta"},
        {"404 errors and how to write them down in your own words, with many examples of "
         "good ones, and bad",
         "x"},
        {"Boeing 410 x", "planes"},
        {"Chapter", "The treasure was not found that day."},
        {"", "410 people came to the feast"},
        {"1404", ""},
        {"快照", "今天天气很好"},
    };
    for (size_t i = 0; i < COUNT(gone); i++)
        if (!likeness_says_gone(slice_of(gone[i][0]), slice_of(gone[i][1])))
            fail_msg("\"%s\", \"%s\" is no notice", gone[i][0], gone[i][1]);
    for (size_t i = 0; i < COUNT(there); i++)
        if (likeness_says_gone(slice_of(there[i][0]), slice_of(there[i][1])))
            fail_msg("\"%s\", \"%s\" is taken for a notice", there[i][0], there[i][1]);
}

/* A text of `count` code points that ends with `end`. */
static char *text_of(size_t count, const char *end, size_t end_count)
{
    struct buf text;
    buf_init(&text, MIB);
    while (count-- > end_count)
        buf_add_text(&text, "文");
    buf_add_text(&text, end);
    return buf_take(&text);
}

static void long_texts_say_it_of_something_else(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        char *text = text_of(400 + over, "页面不存在", 5);
        assert_int_equal(likeness_says_gone(slice_of("x"), slice_of(text)), over == 0);
        free(text);
        text = text_of(2000 + over, "", 0);
        assert_int_equal(likeness_says_gone(slice_of("404"), slice_of(text)), over == 0);
        free(text);
        char *title = text_of(80 + over, "页面不存在", 5);
        assert_int_equal(likeness_says_gone(slice_of(title), slice_of("x")), over == 0);
        free(title);
    }
    char *huge = text_of(200000, "页面不存在", 5);
    assert_false(likeness_says_gone(slice_of("404"), slice_of(huge)));
    assert_false(likeness_says_gone(slice_of(huge), slice_of("")));
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_share_is_counted_by_runs),
        cmocka_unit_test(half_a_page_is_about_half),
        cmocka_unit_test(only_the_first_mebibyte_is_looked_at),
        cmocka_unit_test(many_different_runs_take_linear_time),
        cmocka_unit_test(notices_say_that_a_page_is_gone),
        cmocka_unit_test(long_texts_say_it_of_something_else),
    };
    return cmocka_run_group_tests_name("likeness", tests, NULL, NULL);
}

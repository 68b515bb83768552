/* store: marks, snippet: where the words of a search are shown. */
#include "base/utf8.h"
#include "store/snippet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct folder *folder;

static int set_up(void **state)
{
    (void)state;
    struct error err;
    return folder_create(&folder, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    folder_destroy(folder);
    return 0;
}

/* What is shown, hits in square brackets. Checks what every cut must keep to. */
static void cut(const char *typed, struct slice text, bool title, struct buf *out)
{
    struct query query;
    struct marks marks;
    struct snippet *snippet = calloc(1, sizeof *snippet);
    struct error err;
    assert_non_null(snippet);
    assert_true(query_parse(&query, folder, slice_of(typed), 0, &err));
    marks_init(&marks, folder, &query, title ? FTS_TITLE : FTS_TEXT);
    snippet_init(snippet);
    /* Twice, since one object serves a whole answer. */
    for (int i = 0; i < 2; i++)
        assert_true(title ? snippet_of_title(snippet, &marks, text, &err)
                          : snippet_of_text(snippet, &marks, text, &err));
    const struct search_span *spans = snippet_spans(snippet);
    for (size_t i = 0; i < snippet_count(snippet); i++) {
        assert_true(spans[i].text.len > 0);
        assert_true(i == 0 || !spans[i].hit || !spans[i - 1].hit);
        assert_true(!utf8_valid(text) || utf8_valid(spans[i].text));
        buf_printf(out, spans[i].hit ? "[%.*s]" : "%.*s", (int)spans[i].text.len,
                   spans[i].text.ptr);
    }
    snippet_finish(snippet);
    free(snippet);
    marks_finish(&marks);
    query_finish(&query);
}

static void assert_cut(const char *typed, const char *text, bool title, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    cut(typed, slice_of(text), title, &out);
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void titles_are_shown_whole_with_every_hit(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"sqlite ", "SQLite and SQLite3", "[SQLite] and [SQLite]3"},
        {"sql", "SQLite SQL NoSQL", "[SQLite] [SQL] NoSQL"},
        {"存储", "SQLite存储引擎存储", "SQLite[存储]引擎[存储]"},
        {"引", "引引 引", "[引引] [引]"},
        {"存储引擎", "存储 引擎 存储引擎", "存储 引擎 [存储引擎]"},
        {"存储 储引", "存储引擎", "[存储引]擎"},
        {"台湾", "臺灣與台灣", "[臺灣]與[台灣]"},
        {"データ", "ﾃﾞｰﾀﾍﾞｰｽ", "[ﾃﾞｰﾀ]ﾍﾞｰｽ"},
        {"c++ ", "C, C+ and C++ 17", "C, C+ and [C++] 17"},
        {"\"a b\" ", "a b, a. B a c b", "[a b], [a. B] a c b"},
        {"node.js ", "Node.js", "[Node.js]"},
        {"cafe ", "Cafe\u0301s Cafe\u0301", "Cafe\u0301s [Cafe\u0301]"},
        {"x -sqlite ", "SQLite", "SQLite"},
        {"x OR (sqlite -y) ", "SQLite", "[SQLite]"},
        {"-(-sqlite) ", "SQLite", "[SQLite]"},
        {"a b c d ", "a b c d e", "[a] [b] [c] [d] e"},
        {"a (b OR c OR -d) -(e f) g ", "a b c d e f g", "[a] [b] [c] d e f [g]"},
        {"text:sqlite note:sqlite ", "SQLite", "SQLite"},
        {"title:sqlite ", "SQLite", "[SQLite]"},
        {"tag:sqlite ", "SQLite", "SQLite"},
        {"", "SQLite", "SQLite"},
        {"sqlite ", "", ""},
        {"sqlite ", "a\nb\tc", "a b c"},
        {"株", "㈱会社", "[㈱]会社"},
        {"\U0001F600", "a\U0001F600\U0001F600b", "a[\U0001F600\U0001F600]b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_cut(cases[i][0], cases[i][1], true, cases[i][2]);
}

static void a_short_text_is_shown_whole(void **state)
{
    (void)state;
    assert_cut("储", "存储。", false, "存[储]。");
    assert_cut("word ", "one word", false, "one [word]");
    assert_cut("absent ", "one word", false, "");
    assert_cut("", "one word", false, "");
    assert_cut("title:word ", "one word", false, "");
    assert_cut("word ", "", false, "");
}

static void passages_begin_with_their_sentence(void **state)
{
    (void)state;
    assert_cut("引擎", "第一句话。第二句是存储引擎。第三句。", false,
               "第二句是存储[引擎]。第三句。");
    assert_cut("three ", "One. Two two! And three comes\nnext line", false,
               "And [three] comes next line");
    assert_cut("two ", "Version 1.5 is two. Three", false, "Version 1.5 is [two]. Three");
    assert_cut("行", "标题\n\n  第二行", false, "第二[行]");
}

static void long_sentences_are_cut_between_words(void **state)
{
    (void)state;
    struct buf text;
    struct buf out;
    buf_init(&text, 1 << 16);
    buf_init(&out, 1 << 16);
    for (int i = 0; i < 60; i++)
        buf_add_text(&text, "wording ");
    buf_add_text(&text, "needle");
    for (int i = 0; i < 60; i++)
        buf_add_text(&text, " wording");
    cut("needle ", buf_slice(&text), false, &out);
    assert_true(slice_starts(buf_slice(&out), "…wording wording"));
    assert_non_null(strstr(out.ptr, "wording [needle] wording"));
    assert_true(slice_equal(slice_sub(buf_slice(&out), out.len - 10, 10), slice_of("wording…")));
    assert_true(out.len < 260);

    buf_reset(&text);
    buf_reset(&out);
    for (int i = 0; i < 100; i++)
        buf_add_text(&text, "长");
    buf_add_text(&text, "针");
    for (int i = 0; i < 100; i++)
        buf_add_text(&text, "句");
    cut("针", buf_slice(&text), false, &out);
    assert_true(slice_starts(buf_slice(&out), "…长长"));
    assert_non_null(strstr(out.ptr, "长[针]句"));
    assert_true(utf8_count(buf_slice(&out)) <= 84);
    buf_finish(&text);
    buf_finish(&out);
}

static void the_densest_place_is_chosen(void **state)
{
    (void)state;
    struct buf text;
    struct buf out;
    buf_init(&text, 1 << 16);
    buf_init(&out, 1 << 16);
    buf_add_text(&text, "alpha alpha alpha at the start. ");
    for (int i = 0; i < 50; i++)
        buf_add_text(&text, "some filling between. ");
    buf_add_text(&text, "Here alpha meets beta. ");
    for (int i = 0; i < 50; i++)
        buf_add_text(&text, "some filling between. ");
    buf_add_text(&text, "beta beta.");
    cut("alpha beta ", buf_slice(&text), false, &out);
    assert_true(slice_starts(buf_slice(&out), "Here [alpha] meets [beta]. some filling"));
    buf_reset(&out);
    cut("beta ", buf_slice(&text), false, &out);
    assert_non_null(strstr(out.ptr, "[beta] [beta]."));
    buf_finish(&text);
    buf_finish(&out);
}

static void a_hit_far_into_a_long_text_is_found(void **state)
{
    (void)state;
    struct buf text;
    struct buf out;
    buf_init(&text, 4 << 20);
    buf_init(&out, 1 << 16);
    for (int i = 0; i < 40000; i++)
        buf_add_text(&text, "数据库，存储 filling. ");
    buf_add_text(&text, "The needle.");
    cut("needle ", buf_slice(&text), false, &out);
    assert_non_null(strstr(out.ptr, "The [needle]."));
    buf_reset(&out);
    /* More hits than are looked at. */
    cut("存储", buf_slice(&text), false, &out);
    assert_non_null(strstr(out.ptr, "[存储]"));
    buf_finish(&text);
    buf_finish(&out);
}

static void a_long_phrase_is_shown_even_when_it_is_longer_than_a_passage(void **state)
{
    (void)state;
    struct buf text;
    struct buf out;
    buf_init(&text, 1 << 16);
    buf_init(&out, 1 << 16);
    buf_add_char(&text, '"');
    for (int i = 0; i < 100; i++)
        buf_printf(&text, "word%d ", i);
    buf_add_char(&text, '"');
    cut(text.ptr, slice_sub(buf_slice(&text), 1, text.len - 2), false, &out);
    assert_true(slice_starts(buf_slice(&out), "[word0 word1 "));
    /* Of more tokens than are followed, the first ones are marked. */
    buf_reset(&text);
    buf_reset(&out);
    uint32_t seed = 3;
    for (int i = 0; i < 900; i++) {
        seed = seed * 1664525 + 1013904223;
        buf_add_text(&text, seed >> 31 ? "据" : "数");
    }
    cut(text.ptr, buf_slice(&text), true, &out);
    assert_int_equal(out.len, text.len + 2);
    assert_true(slice_starts(buf_slice(&out), "["));
    assert_int_equal(out.ptr[1 + 129 * 3], ']');
    buf_reset(&out);
    cut(text.ptr, buf_slice(&text), false, &out);
    assert_true(slice_starts(buf_slice(&out), "["));
    /* A phrase that finds no room any more is not marked in part. */
    buf_reset(&text);
    buf_reset(&out);
    for (int leaf = 0; leaf < 3; leaf++) {
        buf_add_char(&text, '"');
        for (int i = 0; i < 100; i++)
            buf_printf(&text, "%c%d ", 'a' + leaf, i);
        buf_add_text(&text, "\" ");
    }
    cut(text.ptr, slice_of("c0"), true, &out);
    assert_string_equal(out.ptr, "c0");
    buf_finish(&text);
    buf_finish(&out);
}

static void any_bytes_can_be_cut(void **state)
{
    (void)state;
    static const char *const parts[] = {"数",         "据",     "，", "。",    " ",        "\n",
                                        "a",          "needle", ".",  "\xFF",  "\xE4\xB8", "\u0301",
                                        "\U0001F600", "ﾃﾞ",     "㈱", "\u3000"};
    static const char *const typed[] = {"数据", "数",    "needle a", "\"a needle\"",
                                        "ne",   "株 デ", "😀"};
    uint32_t seed = 5;
    for (int round = 0; round < 4000; round++) {
        struct buf text;
        struct buf out;
        buf_init(&text, 1 << 16);
        buf_init(&out, 1 << 16);
        seed = seed * 1664525 + 1013904223;
        for (uint32_t i = 0, count = (seed >> 8) % 300; i < count; i++) {
            seed = seed * 1664525 + 1013904223;
            buf_add_text(&text, parts[(seed >> 8) % (sizeof parts / sizeof *parts)]);
        }
        cut(typed[round % 7], buf_slice(&text), round % 3 == 0, &out);
        buf_finish(&text);
        buf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_are_shown_whole_with_every_hit),
        cmocka_unit_test(a_short_text_is_shown_whole),
        cmocka_unit_test(passages_begin_with_their_sentence),
        cmocka_unit_test(long_sentences_are_cut_between_words),
        cmocka_unit_test(the_densest_place_is_chosen),
        cmocka_unit_test(a_hit_far_into_a_long_text_is_found),
        cmocka_unit_test(a_long_phrase_is_shown_even_when_it_is_longer_than_a_passage),
        cmocka_unit_test(any_bytes_can_be_cut),
    };
    return cmocka_run_group_tests_name("search_snippets", tests, set_up, tear_down);
}

/* store: borders, snippet: passages begin and end where people would cut them. */
#include "base/utf8.h"
#include "store/borders.h"
#include "store/snippet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define MIDDLE "\xC2\xA6" /* U+00A6: where the border is */

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

/* Asks for the border at the sign in `text`, which is taken out. */
static void assert_border(bool (*border)(struct slice, size_t), const char *text, bool expected)
{
    struct buf plain;
    struct slice whole = slice_of(text);
    size_t at = slice_find(whole, 0, slice_of(MIDDLE));
    buf_init(&plain, 1 << 16);
    buf_add_slice(&plain, slice_sub(whole, 0, at));
    buf_add_slice(&plain, slice_sub(whole, at + 2, whole.len));
    if (border(buf_slice(&plain), at) != expected)
        fail_msg("<%s> %s", text, expected ? "is no border" : "is a border");
    buf_finish(&plain);
}

static void sentences_end_where_they_end(void **state)
{
    (void)state;
    static const char *const ends[] = {
        MIDDLE "a",
        "a" MIDDLE,
        "第一句。" MIDDLE "第二句",
        "什么！" MIDDLE "好",
        "什么？" MIDDLE "好",
        "其一；" MIDDLE "其二",
        "等等……" MIDDLE "后来",
        "等等…" MIDDLE "后来",
        "真的？！" MIDDLE "好",
        "他说：“好。”" MIDDLE "然后",
        "（见上。）" MIDDLE "然后",
        "「はい。」" MIDDLE "と",
        "end." MIDDLE " Next",
        "end!" MIDDLE " next",
        "end?" MIDDLE " Next",
        "end!" MIDDLE "中文",
        "(end.)" MIDDLE " Next",
        "\"End.\"" MIDDLE " Next",
        "in 2024." MIDDLE " Then",
        "etc." MIDDLE " Then",
        "end." MIDDLE "\nnext",
        "no stop\n" MIDDLE "next",
    };
    static const char *const none[] = {
        "pi is 3." MIDDLE "14 here",
        "e." MIDDLE "g. this",
        "e.g." MIDDLE " this",
        "e.g." MIDDLE " This",
        "i.e." MIDDLE " one",
        "Dr." MIDDLE " Who",
        "vs." MIDDLE " them",
        "No." MIDDLE " 5",
        "J." MIDDLE " Doe",
        "the U.S." MIDDLE " Army",
        "1." MIDDLE " First",
        "end." MIDDLE " lower case",
        "node." MIDDLE "js",
        "example.org/a?" MIDDLE "b=c",
        "wow!" MIDDLE "!",
        "等等…" MIDDLE "…后来",
        "好。" MIDDLE "”然后",
        "end." MIDDLE ") Next",
        "逗号，" MIDDLE "后面",
        "a" MIDDLE " b",
        "." MIDDLE ".",
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        assert_border(borders_sentences, ends[i], true);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_border(borders_sentences, none[i], false);
}

static void words_and_characters_are_not_cut(void **state)
{
    (void)state;
    static const char *const words[] = {"one" MIDDLE " two", "one " MIDDLE "two", "中" MIDDLE "文",
                                        "SQL" MIDDLE "存储", "存储" MIDDLE "SQL", "。" MIDDLE "a",
                                        "\u3000" MIDDLE "a", "か" MIDDLE "な",    "한 " MIDDLE "국",
                                        "a" MIDDLE "\u2014b"};
    static const char *const no_words[] = {
        "wo" MIDDLE "rd",       "3." MIDDLE "14",  "don" MIDDLE "'t",
        "don" MIDDLE "\u2019t", "10," MIDDLE "0",  "foo" MIDDLE "_b",
        "한" MIDDLE "국",       "кни" MIDDLE "га", "か" MIDDLE "\u3099"};
    static const char *const graphemes[] = {"a" MIDDLE "b",
                                            "中" MIDDLE "文",
                                            "e\u0301" MIDDLE "a",
                                            "한" MIDDLE "국",
                                            "\U0001F1E8\U0001F1F3" MIDDLE "\U0001F1EF\U0001F1F5",
                                            "\U0001F600" MIDDLE "\U0001F600",
                                            "\n" MIDDLE "\u0301"};
    static const char *const no_graphemes[] = {
        "e" MIDDLE "\u0301",
        "か" MIDDLE "\u3099",
        "\u845B" MIDDLE "\U000E0100",
        "\u2764" MIDDLE "\uFE0F",
        "1" MIDDLE "\uFE0F\u20E3",
        "\U0001F44D" MIDDLE "\U0001F3FD",
        "\U0001F468" MIDDLE "\u200D\U0001F469",
        "\U0001F468\u200D" MIDDLE "\U0001F469",
        "\U0001F1E8" MIDDLE "\U0001F1F3",
        "\U0001F1E8\U0001F1F3\U0001F1EF" MIDDLE "\U0001F1F5",
        "\u1100" MIDDLE "\u1161",
        "\u1100\u1161" MIDDLE "\u11A8",
        "\r" MIDDLE "\n",
        "\u0915" MIDDLE "\u093E",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_border(borders_words, words[i], true);
    for (size_t i = 0; i < sizeof no_words / sizeof *no_words; i++)
        assert_border(borders_words, no_words[i], false);
    for (size_t i = 0; i < sizeof graphemes / sizeof *graphemes; i++)
        assert_border(borders_graphemes, graphemes[i], true);
    for (size_t i = 0; i < sizeof no_graphemes / sizeof *no_graphemes; i++)
        assert_border(borders_graphemes, no_graphemes[i], false);
}

/* A passage, hits in square brackets. */
static void cut(const char *typed, struct slice text, struct buf *out)
{
    struct query query;
    struct marks marks;
    struct snippet *snippet = calloc(1, sizeof *snippet);
    struct error err;
    assert_non_null(snippet);
    assert_true(query_parse(&query, folder, slice_of(typed), 0, &err));
    marks_init(&marks, folder, &query, FTS_TEXT);
    snippet_init(snippet);
    assert_true(snippet_of_text(snippet, &marks, text, &err));
    const struct search_span *spans = snippet_spans(snippet);
    for (size_t i = 0; i < snippet_count(snippet); i++) {
        buf_add_text(out, spans[i].hit ? "[" : "");
        buf_add_slice(out, spans[i].text);
        buf_add_text(out, spans[i].hit ? "]" : "");
    }
    buf_add_char(out, '\0');
    snippet_finish(snippet);
    free(snippet);
    marks_finish(&marks);
    query_finish(&query);
}

static void assert_passage(const char *typed, const char *text, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    cut(typed, slice_of(text), &out);
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void passages_are_whole_sentences_where_those_are_short(void **state)
{
    (void)state;
    assert_passage("版本", "他问：“哪个？”我说版本3.14，e.g. 最新的。“好。”他说。",
                   "我说[版本]3.14，e.g. 最新的。“好。”他说。");
    assert_passage("value ", "First one. The value, e.g. 3.14 of Dr. Foo, is good! Next.",
                   "The [value], e.g. 3.14 of Dr. Foo, is good! Next.");
    assert_passage("sqlite 引擎", "前面。SQLite的存储引擎很快……后面",
                   "[SQLite]的存储[引擎]很快……后面");
    assert_passage("b ", "A（甲）。“b 乙！”丙", "“[b] 乙！”丙");
    /* A hit is never a part of what is seen as one character. */
    assert_passage("\U0001F44D", "ok \U0001F44D\U0001F3FD\U0001F3FD!",
                   "ok [\U0001F44D\U0001F3FD\U0001F3FD]!");
    assert_passage("\U0001F469", "a \U0001F468\u200D\U0001F469\u200D\U0001F467 b",
                   "a [\U0001F468\u200D\U0001F469\u200D\U0001F467] b");
    assert_passage("\u2764", "a \u2764\uFE0F b", "a [\u2764\uFE0F] b");
}

static void hits_that_have_room_are_not_cut_off(void **state)
{
    (void)state;
    struct buf text;
    struct buf out;
    buf_init(&text, 1 << 16);
    buf_init(&out, 1 << 16);
    /* The sentence of the first two ends in the last third of the passage; the third stands behind
     * it. */
    buf_add_text(&text, "Alpha and beta ");
    for (int i = 0; i < 19; i++)
        buf_add_text(&text, "filling ");
    buf_add_text(&text, "end. Then gamma comes, and more");
    for (int i = 0; i < 50; i++)
        buf_add_text(&text, " of it");
    cut("alpha beta gamma ", buf_slice(&text), &out);
    assert_non_null(strstr(out.ptr, "[Alpha] and [beta] "));
    assert_non_null(strstr(out.ptr, "Then [gamma] comes"));
    buf_finish(&text);
    buf_finish(&out);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Every passage is a piece of the text between borders, and every hit in it is marked. */
static void assert_good_passage(const struct buf *text, const char *word)
{
    struct buf marked;
    struct buf plain;
    buf_init(&marked, 1 << 16);
    buf_init(&plain, 1 << 16);
    cut(word, buf_slice(text), &marked);
    bool inside = false;
    size_t marks = 0;
    for (size_t i = 0; i + 1 < marked.len; i++) {
        char c = marked.ptr[i];
        marks += c == '[';
        inside = c == '[' || (inside && c != ']');
        if (c == '[' || c == ']')
            continue;
        buf_add_char(&plain, c);
    }
    struct slice shown = buf_slice(&plain);
    struct slice whole = buf_slice(text);
    bool open_start = slice_starts(shown, "…");
    bool open_end = shown.len > 3 && memcmp(shown.ptr + shown.len - 3, "…", 3) == 0;
    shown = slice_sub(shown, open_start ? 3 : 0, shown.len - (open_start ? 3u : 0u));
    shown.len -= open_end ? 3 : 0;
    assert_true(shown.len > 0 && shown.len <= 400);
    size_t at = slice_find(whole, 0, shown);
    if (at == whole.len)
        fail_msg("<%s> is no piece of <%s>", marked.ptr, text->ptr);
    bool fits = false;
    for (; at < whole.len && !fits; at = slice_find(whole, at + 1, shown)) {
        size_t start = at;
        while (start > 0 && ascii_space(whole.ptr[start - 1]))
            start--;
        fits = borders_words(whole, at) && borders_words(whole, at + shown.len) &&
               (open_start || borders_sentences(whole, start) || borders_sentences(whole, at));
    }
    if (!fits)
        fail_msg("<%s> is cut inside a word or sentence of <%s>", marked.ptr, text->ptr);
    /* The words are such that they occur nowhere by accident. */
    size_t hits = 0;
    for (size_t i = slice_find(shown, 0, slice_of(word)); i < shown.len;
         i = slice_find(shown, i + 1, slice_of(word)))
        hits++;
    if (marks != hits)
        fail_msg("<%s> has %zu hits", marked.ptr, hits);
    buf_finish(&marked);
    buf_finish(&plain);
}

static void passages_of_any_text_keep_to_borders(void **state)
{
    (void)state;
    static const char *const chinese[] = {"数据", "库",      "，", "。", "存储引擎", "！", "“好。”",
                                          "很快", "３.１４", "……", "；", "\n",       "的"};
    static const char *const english[] = {"word ",  "3.14 ",       "e.g. ",    "stop. ",
                                          "Next ",  "really? ",    "Dr. Who ", "don't ",
                                          "end.\n", "cafe\u0301 ", "(so.) ",   "10,000 "};
    static const char *const mixed[] = {"数据库", "SQLite ",  "是",    "e.g. ",
                                        "快。",   "Node.js ", "v2.0 ", "\U0001F44D\U0001F3FD ",
                                        "！ ",    "版本",     "end. ", "，and "};
    static const struct {
        const char *const *parts;
        size_t count;
        const char *word; /* followed by what makes it stand alone */
        const char *set;
    } kinds[] = {{chinese, sizeof chinese / sizeof *chinese, "针", "针"},
                 {english, sizeof english / sizeof *english, "needle", "needle "},
                 {mixed, sizeof mixed / sizeof *mixed, "针", "针"},
                 {mixed, sizeof mixed / sizeof *mixed, "needle", "needle "}};
    uint32_t seed = 11;
    for (int round = 0; round < 2000; round++) {
        struct buf text;
        buf_init(&text, 1 << 16);
        size_t kind = (size_t)round % 4;
        size_t count = 1 + next_random(&seed) % 120;
        for (size_t i = 0; i < count; i++) {
            if (next_random(&seed) % 25 == 0)
                buf_add_text(&text, kinds[kind].set);
            buf_add_text(&text, kinds[kind].parts[next_random(&seed) % kinds[kind].count]);
        }
        buf_add_text(&text, kinds[kind].set);
        for (size_t i = 0; i < count; i++)
            buf_add_text(&text, kinds[kind].parts[next_random(&seed) % kinds[kind].count]);
        /* Passages show line breaks as spaces. */
        for (size_t i = 0; i < text.len; i++)
            text.ptr[i] = text.ptr[i] == '\n' ? ' ' : text.ptr[i];
        assert_good_passage(&text, kinds[kind].word);
        buf_finish(&text);
    }
}

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void the_longest_text_takes_bounded_time(void **state)
{
    (void)state;
    enum { MEGABYTE = 1 << 20, LONGEST = 16 };
    static const char *const parts[] = {"a", "数据库", "word ", "\u0301", "\U0001F1E8", "。"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (int place = 0; place < 3; place++) {
            struct buf text;
            struct buf out;
            size_t length = (i == 1 ? LONGEST : 1) * MEGABYTE;
            buf_init(&text, length + 100);
            buf_init(&out, 1 << 16);
            if (place == 1)
                buf_add_text(&text, "needle ");
            while (text.len < length)
                buf_add_text(&text, parts[i]);
            if (place == 2)
                buf_add_text(&text, " needle");
            double start = seconds();
            cut("needle ", buf_slice(&text), &out);
            assert_true(seconds() - start < 20); /* under the sanitizers, on any machine */
            assert_true(out.len < 1000);
            assert_true((place > 0) == (strstr(out.ptr, "[needle]") != NULL) || i == 3);
            buf_finish(&text);
            buf_finish(&out);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_end_where_they_end),
        cmocka_unit_test(words_and_characters_are_not_cut),
        cmocka_unit_test(passages_are_whole_sentences_where_those_are_short),
        cmocka_unit_test(hits_that_have_room_are_not_cut_off),
        cmocka_unit_test(passages_of_any_text_keep_to_borders),
        cmocka_unit_test(the_longest_text_takes_bounded_time),
    };
    return cmocka_run_group_tests_name("search_passages", tests, set_up, tear_down);
}

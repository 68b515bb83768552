/* store: query, query_lex, query_time. */
#include "store/fts.h"
#include "store/query.h"
#include "store/query_sql.h"
#include "store/query_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

/* 2026-11-21 12:00 in Shanghai, which has no summer time. */
#define NOW  INT64_C(1795233600000)
#define DAY  INT64_C(86400000)
#define HOUR INT64_C(3600000)

static struct folder *folder;

static int set_up(void **state)
{
    (void)state;
    struct error err;
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    return folder_create(&folder, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    folder_destroy(folder);
    return 0;
}

/* (and word "tag:x" ...): the tree as text. */
static void show(const struct query *query, size_t index, struct buf *out)
{
    static const char *const names[] = {
        "and",   "or",       "not",        "",        "tag:",     "site:", "lang:",
        "time:", "untagged", "incomplete", "pending", "complete", "noted", "highlighted",
        "again", "broken",   "moved",      "changed", "pdf",      "image", "audio",
        "video", "text",     "feed",       "file"};
    const struct query_node *node = &query->nodes[index];
    struct slice text = query_text(query, node);
    switch (node->kind) {
    case QUERY_AND:
    case QUERY_OR:
    case QUERY_NOT:
        buf_printf(out, "(%s", names[node->kind]);
        for (size_t i = node->child; i != 0; i = query->nodes[i].next) {
            buf_add_char(out, ' ');
            show(query, i, out);
        }
        buf_add_char(out, ')');
        return;
    case QUERY_TIME:
        buf_printf(out, "[%lld,%lld)", node->from == INT64_MIN ? 0 : (long long)node->from,
                   node->to == INT64_MAX ? 0 : (long long)node->to);
        return;
    default:
        break;
    }
    static const char *const columns[] = {"text:", "title:", "tags:", "note:", "url:"};
    for (size_t i = 0; i < FTS_COLUMNS; i++) {
        if (node->columns & 1u << i)
            buf_add_text(out, columns[i]);
    }
    buf_printf(out, "%s%.*s%s", names[node->kind], (int)text.len, text.ptr,
               node->prefix ? "*" : "");
}

static void assert_query(const char *text, const char *expected, const char *hint)
{
    struct query query;
    struct buf out;
    struct error err;
    buf_init(&out, 1 << 16);
    assert_true(query_parse(&query, folder, slice_of(text), NOW, &err));
    if (query.trashed)
        buf_add_text(&out, "trash ");
    if (query.root != 0)
        show(&query, query.root, &out);
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("<%s> gave <%s>, not <%s>", text, out.ptr, expected);
    if (strcmp(query.hint, hint) != 0)
        fail_msg("<%s> hints <%s>, not <%s>", text, query.hint, hint);
    query_finish(&query);
    buf_finish(&out);
}

static void words_phrases_and_operators_nest(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"  \t\n\u3000 ", ""},
        {"foo ", "foo"},
        {"foo bar ", "(and foo bar)"},
        {"foo AND bar ", "(and foo bar)"},
        {"foo && bar ", "(and foo bar)"},
        {"foo OR bar ", "(or foo bar)"},
        {"foo | bar || baz ", "(or foo bar baz)"},
        {"a b OR c d ", "(or (and a b) (and c d))"},
        {"a (b OR c) d ", "(and a (or b c) d)"},
        {"快照（开源 OR 工具）网页 ", "(and 快照 (or 开源 工具) 网页)"},
        {"快照 （开源 OR 工具） 网页", "(and 快照 (or 开源 工具) 网页)"},
        {"-foo ", "(not foo)"},
        {"NOT foo bar ", "(and (not foo) bar)"},
        {"－foo \u2212bar ", "(and (not foo) (not bar))"},
        {"-(a b) ", "(not (and a b))"},
        {"-(-a) ", "a"},
        {"- foo ", "foo"},
        {"--verbose ", "--verbose"},
        {"e-mail ", "e-mail"},
        {"OR ", ""},
        {"OR foo OR ", "foo"},
        {"foo ＯＲ bar ", "(or foo bar)"},
        {"foo ｜ bar ", "(or foo bar)"},
        {"foo ＡＮＤ ＮＯＴ bar ", "(and foo (not bar))"},
        {"ｔｉｔｌｅ：foo ", "title:foo"},
        {"a OR OR b ", "(or a b)"},
        {"or and not ", "(and or and not)"},
        {"() (()) foo ", "foo"},
        {"(foo", "foo*"},
        {"((a b", "(and a b)"},
        {"f(x) g() ", "(and f(x) g())"},
        {"(f(x) OR y) ", "(or f(x) y)"},
        {"f(x", "(and f x)"},
        {"f((x) y)z ", "(and f (and x y) z)"},
        {"\"a b\" ", "a b"},
        {"\"a b", "a b"},
        {"-\"a b\"c ", "(and (not a b) c)"},
        {"“数据 库”「存储」『引擎』 ", "(and 数据 库 存储 引擎)"},
        {"“a\"b„c“ ", "(and a b c)"},
        {"\u300C你\u300D\u300C", "你"},
        {"＂a b＂ ", "a b"},
        {"平台，提供、安全。 ", "(and 平台 提供 安全)"},
        {"foo,bar ", "foo,bar"},
        {"C++ c# ", "(and C++ c#)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_query(cases[i][0], cases[i][1], "");
}

static void the_last_word_is_a_beginning_while_it_is_typed(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"sql", "sql*"},
        {"sq", "sq"},
        {"sql ", "sql"},
        {"foo sql", "(and foo sql*)"},
        {"-sql", "(not sql)"},
        {"\"sql\"", "sql"},
        {"快照", "快照"},
        {"快照sql", "快照sql*"},
        {"sql快照", "sql快照"},
        {"node.jsx", "node.jsx*"},
        {"c++", "c++"},
        {"(foo sql", "(and foo sql*)"},
        {"title:sql", "title:sql*"},
        {"s*", "s*"},
        {"s* ", "s*"},
        {"s＊ ", "s*"},
        {"快* ", "快"},
        {"* ** ", ""},
        {"\"two wor\"* ", "two wor*"},
        {"-s* ", "(not s*)"},
        {"écl", "écl*"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_query(cases[i][0], cases[i][1], "");
}

static void fields_bind_what_follows_at_once(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"title:foo ", "title:foo"},
        {"TITLE:foo ", "title:foo"},
        {"标题：快照 ", "title:快照"},
        {"標題:快照 ", "title:快照"},
        {"note:a url:b text:c ", "(and note:a url:b text:c)"},
        {"title:\"a b\" c ", "(and title:a b c)"},
        {"title:(a OR b) c ", "(and (or title:a title:b) c)"},
        {"title:(a note:b) ", "(and title:a note:b)"},
        {"-title:a ", "(not title:a)"},
        {"title:-a ", "title:-a"},
        {"title: foo ", "foo"},
        {"title:", ""},
        {"tag:", ""},
        {"-tag:", ""},
        {"(tag:) foo ", "foo"},
        {"tag:Work/Reading ", "tag:work/reading"},
        {"tag:work", "tag:work"},
        {"tag:wor* ", "tag:wor*"},
        {"tag:“Ｗeb 2” ", "tag:web 2"},
        {"tag:(a OR b) ", "(or tag:a tag:b)"},
        {"标签：读书 ", "tag:读书"},
        {"#读书 ＃Web ", "(and tag:读书 tag:web)"},
        {"#\"a b\" ", "tag:a b"},
        {"-#a ", "(not tag:a)"},
        {"# a ", "a"},
        {"##a ", "##a"},
        {"site:Example.com ", "site:example.com"},
        {"site:https://www.example.com/a/b?c ", "site:www.example.com"},
        {"site:*.example.com ", "site:example.com"},
        {"site:localhost:8080 ", "site:localhost:8080"},
        {"site:exa* ", "site:exa*"},
        {"url:https://x.org/a ", "url:https://x.org/a"},
        {"is:untagged is:incomplete is:broken is:pending ",
         "(and untagged incomplete broken pending)"},
        {"is:highlighted -is:有划线 ", "(and highlighted (not highlighted))"},
        {"is:Moved -is:changed 是：失效 is:已迁移 is:有变化 ",
         "(and moved (not changed) broken moved changed)"},
        {"is:pdf is:image is:audio is:video is:text is:feed is:file ",
         "(and pdf image audio video text feed file)"},
        {"is:PDF is:图片 is:音频 is:视频 is:文本 is:订阅 is:文件 ",
         "(and pdf image audio video text feed file)"},
        {"IS:Trashed foo ", "trash foo"},
        {"-is:trashed foo ", "foo"},
        {"-(a is:trashed) ", "(not a)"},
        {"-(-is:trashed) ", "trash "},
        {"-(sql", "(not sql)"},
        {"is:trashed ", "trash "},
        {"foo:bar 12:30 std::vector https://x.org ",
         "(and foo:bar 12:30 std::vector https://x.org)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_query(cases[i][0], cases[i][1], "");
}

static void what_is_not_understood_is_searched_and_named(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"after:2026-13 x ", "(and after:2026-13 x)", "date: 2026-13"},
        {"before:2026-02-30 ", "before:2026-02-30", "date: 2026-02-30"},
        {"on:yesterday ", "on:yesterday", "date: yesterday"},
        {"-after:7q ", "(not after:7q)", "date: 7q"},
        {"is:shiny ", "is:shiny", "is: shiny"},
        {"foo) bar ", "(and foo bar)", ")"},
        {"foo ??? ", "foo", "???"},
        {"。 ... ", "", "..."},
        {"is:a after:b ", "(and is:a after:b)", "is: a"},
        {"((((((((((a b)))))))))) c ", "(and (and a b) c)", "( ( ("},
        {"after:(2026 OR 2027) ", "(or 2026 2027)", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_query(cases[i][0], cases[i][1], cases[i][2]);
    /* The hint is cut between code points. */
    struct query query;
    struct error err;
    struct buf text;
    buf_init(&text, 4096);
    buf_add_text(&text, "is:");
    for (int i = 0; i < 100; i++)
        buf_add_text(&text, "长");
    assert_true(query_parse(&query, folder, buf_slice(&text), NOW, &err));
    assert_int_equal(strlen(query.hint), 4 + 41 * 3);
    query_finish(&query);
    buf_finish(&text);
}

static void assert_time(const char *text, int64_t from, int64_t to)
{
    int64_t got_from = -1;
    int64_t got_to = -1;
    if (!query_time(slice_of(text), NOW, &got_from, &got_to))
        fail_msg("<%s> is no time", text);
    if (got_from != from || got_to != to)
        fail_msg("<%s> is [%lld, %lld)", text, (long long)got_from, (long long)got_to);
}

static void times_are_local(void **state)
{
    (void)state;
    const int64_t today = NOW - 12 * HOUR;
    assert_time("2026-11-21", today, today + DAY);
    assert_time("2026/11/21", today, today + DAY);
    assert_time("2026.11.21", today, today + DAY);
    assert_time("2026年11月21日", today, today + DAY);
    assert_time("2026年11月21", today, today + DAY);
    assert_time("2026-11", today - 20 * DAY, today + 10 * DAY);
    assert_time("2026年11月", today - 20 * DAY, today + 10 * DAY);
    assert_time("2026-1", today - 324 * DAY, today - 293 * DAY);
    assert_time("2026", today - 324 * DAY, today + 41 * DAY);
    assert_time("2026年", today - 324 * DAY, today + 41 * DAY);
    assert_time("2024-02-29", today - 996 * DAY, today - 995 * DAY);
    assert_time("12h", NOW - 12 * HOUR, NOW - 12 * HOUR);
    assert_time("7d", NOW - 7 * DAY, NOW - 7 * DAY);
    assert_time("2w", NOW - 14 * DAY, NOW - 14 * DAY);
    assert_time("1m", NOW - 31 * DAY, NOW - 31 * DAY);
    assert_time("1y", NOW - 365 * DAY, NOW - 365 * DAY);
    assert_time("0d", NOW, NOW);
    static const char *const none[] = {
        "",        "x",         "d",          "7",          "26-11",       "2026-00",     "2026-13",
        "2026-1x", "2026-11-0", "2026-11-31", "2025-02-29", "2026-11-21x", "1969",        "20261",
        "12345d",  "7dd",       "-7d",        "7 d",        "2026--11",    "2026-11-21-1"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int64_t from;
        int64_t to;
        if (query_time(slice_of(none[i]), NOW, &from, &to))
            fail_msg("<%s> is a time", none[i]);
    }
}

static void assert_span(const char *text, int64_t from, int64_t to)
{
    char expected[64];
    snprintf(expected, sizeof expected, "[%lld,%lld)", (long long)from, (long long)to);
    assert_query(text, expected, "");
}

static void dates_bound_when_a_page_was_saved(void **state)
{
    (void)state;
    const int64_t today = NOW - 12 * HOUR;
    assert_span("on:2026-11-21 ", today, today + DAY);
    assert_span("after:2026-11-21 ", today, 0);
    assert_span("before:2026-11-21 ", 0, today);
    assert_span("after:7d ", NOW - 7 * DAY, 0);
    assert_span("before:7d ", 0, NOW - 7 * DAY);
    assert_span("on:7d ", today - 7 * DAY, today - 6 * DAY);
    assert_span("在：２０２６－１１－２１ ", today, today + DAY);
    assert_span("晚于:2026年11月 ", today - 20 * DAY, 0);
    assert_span("早于:\"2026-11\" ", 0, today - 20 * DAY);
}

static void days_of_summer_time_are_whole(void **state)
{
    (void)state;
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    int64_t from;
    int64_t to;
    assert_true(query_time(slice_of("2026-03-29"), NOW, &from, &to));
    assert_int_equal(to - from, 23 * HOUR);
    assert_true(query_time(slice_of("2026-10-25"), NOW, &from, &to));
    assert_int_equal(to - from, 25 * HOUR);
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
}

static bool parses(const char *ptr, size_t len, struct error *err)
{
    struct query query;
    struct query_sql sql = {0};
    bool ok = query_parse(&query, folder, slice_make(ptr, len), NOW, err);
    if (ok) {
        ok = query_sql_make(&sql, &query, err);
        query_sql_finish(&sql);
    }
    query_finish(&query);
    return ok;
}

/* Parses `text`, which cannot fail, and returns its number of leaves. */
static size_t count_leaves(const char *text, size_t len, const char *hint)
{
    struct query query;
    struct error err;
    assert_true(query_parse(&query, folder, slice_make(text, len), NOW, &err));
    assert_string_equal(query.hint, hint);
    size_t leaves = query.leaves;
    query_finish(&query);
    return leaves;
}

static void what_goes_past_the_ceilings_is_left_out_with_a_hint(void **state)
{
    (void)state;
    char text[4099];
    memset(text, 'a', sizeof text);
    assert_int_equal(count_leaves(text, 4096, ""), 1);
    assert_int_equal(count_leaves(text, 4097, "> 4096 B"), 1);
    /* not in the middle of a character */
    memcpy(text + 4095, "中", 3);
    assert_int_equal(count_leaves(text, 4098, "> 4096 B"), 1);
    for (size_t i = 0; i < 65; i++)
        memcpy(text + 2 * i, "x ", 2);
    assert_int_equal(count_leaves(text, 128, ""), 64);
    assert_int_equal(count_leaves(text, 130, "> 64"), 64);
    struct buf huge;
    buf_init(&huge, 1 << 20);
    for (int i = 0; i < 10000; i++)
        buf_printf(&huge, "word%d ", i);
    assert_int_equal(count_leaves(huge.ptr, huge.len, "> 4096 B"), 64);
    /* The last of the 64 is negated; what comes after it is not there, negated or not. */
    buf_reset(&huge);
    for (int i = 0; i < 63; i++)
        buf_add_text(&huge, "a ");
    buf_add_text(&huge, "-b -c -(d OR e) (f) tag:g on:2026 is:pending h");
    assert_int_equal(count_leaves(huge.ptr, huge.len, "> 64"), 64);
    /* 64 leaves, each negated and taken back as often as groups can be nested */
    buf_reset(&huge);
    for (size_t i = 0; i < 64; i++)
        buf_add_text(&huge, "-(-(-(-(-(-(-(-(-a)))))))) ");
    assert_int_equal(count_leaves(huge.ptr, huge.len, ""), 64);
    buf_finish(&huge);
}

static void any_bytes_can_be_typed(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "(",   ")",     "（",     "）",   "\"",   "“",     "」",       "「",        "-",
        "－",  " OR ",  " AND",   "NOT ", "tag:", "#",     "：",       "title:",    "is:",
        "on:", "7d",    "*",      "a",    "中文", "\xFF",  "\xE4\xB8", "\0\x01",    " ",
        "　",  "site:", "{x} :",  "^",    "+",    "NEAR(", "'",        "\\",        ";--",
        "%",   "sql",   "2026-1", "|",    "&&",   ":",     "，",       "\U0001F600"};
    uint32_t seed = 3;
    for (int round = 0; round < 20000; round++) {
        struct buf text;
        struct error err = {0};
        buf_init(&text, 4096);
        for (int i = 0; i < 30; i++) {
            seed = seed * 1664525 + 1013904223;
            buf_add_text(&text, parts[(seed >> 8) % (sizeof parts / sizeof *parts)]);
        }
        assert_true(parses(text.ptr, text.len, &err));
        buf_finish(&text);
    }
    char deep[4096];
    struct error err = {0};
    static const char *const towers[] = {"(", "-(", "（",     "\"",  "tag:(",
                                         "-", "a(", "(a OR ", "((a "};
    for (size_t t = 0; t < sizeof towers / sizeof *towers; t++) {
        size_t len = strlen(towers[t]);
        size_t at = 0;
        for (; at + len <= sizeof deep; at += len)
            memcpy(deep + at, towers[t], len);
        assert_true(parses(deep, at, &err) || err.code == ERR_LIMIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_phrases_and_operators_nest),
        cmocka_unit_test(the_last_word_is_a_beginning_while_it_is_typed),
        cmocka_unit_test(fields_bind_what_follows_at_once),
        cmocka_unit_test(what_is_not_understood_is_searched_and_named),
        cmocka_unit_test(times_are_local),
        cmocka_unit_test(dates_bound_when_a_page_was_saved),
        cmocka_unit_test(days_of_summer_time_are_whole),
        cmocka_unit_test(what_goes_past_the_ceilings_is_left_out_with_a_hint),
        cmocka_unit_test(any_bytes_can_be_typed),
    };
    return cmocka_run_group_tests_name("query", tests, set_up, tear_down);
}

/* store: search: whatever people write and type, well or badly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "search_fixture.h"

#include <time.h>

static bool add_mark_of(const struct search_hit *hit, void *arg)
{
    for (size_t i = 0; i < hit->snippet_count; i++) {
        if (hit->snippet[i].hit)
            buf_add_slice(arg, hit->snippet[i].text);
    }
    return true;
}

/* Whether `query` finds the one page of this text, and shows a hit in it. */
static void assert_meets(struct fixture *f, const char *query, bool expected)
{
    struct buf marked;
    struct search_end end;
    struct search_request request = {.query = slice_of(query), .limit = 5, .now = NOW};
    buf_init(&marked, 1 << 16);
    for (int sort = SEARCH_RANK; sort <= SEARCH_SITE; sort++) {
        request.sort = (enum search_sort)sort;
        buf_reset(&marked);
        assert_ok(search_pages(f->store, &request, add_mark_of, &marked, &end, &f->err));
        if ((end.total == 1) != expected)
            fail_msg("%lld pages for <%.200s>", (long long)end.total, query);
        if (expected && marked.len == 0)
            fail_msg("nothing is marked for <%.200s>", query);
    }
    buf_finish(&marked);
}

struct meeting {
    const char *text;
    const char *finds[8];
    const char * not [4];
};

static void assert_meetings(struct fixture *f, const struct meeting *meetings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fixture_save(f, "https://page.invalid/", "-", meetings[i].text);
        for (size_t k = 0; k < 8 && meetings[i].finds[k] != NULL; k++)
            assert_meets(f, meetings[i].finds[k], true);
        for (size_t k = 0; k < 4 && meetings[i].not [k] != NULL; k++)
            assert_meets(f, meetings[i].not [k], false);
    }
}

static void mixed_scripts_are_cut_at_their_borders(void **state)
{
    static const struct meeting meetings[] = {
        {"SQLite存储引擎v3正式版",
         {"sqlite ", "存储", "SQLite存储", "存储引擎v3 ", "v3 ", "3正式", "v3正式版", "sqlit"},
         {"存储v ", "引擎正式", "qlite "}},
        {"iPhone15手机と写真アプリ",
         {"iphone ", "iphone15 ", "手机", "手机と", "写真", "アプリ", "と写真アプリ", "15手 "},
         {"iphone手机", "手写"}},
        {"在GitHub上的Pull-Request里用C++写的한국어도",
         {"github上", "上的pull ", "\"pull request\"", "里用c++ ", "c++写的", "한국어", "写的한국",
          "在github "},
         {"c上", "github的"}},
    };
    assert_meetings(*state, meetings, sizeof meetings / sizeof *meetings);
}

static void all_spellings_of_a_text_meet(void **state)
{
    static const struct meeting meetings[] = {
        {"ＳＱＬｉｔｅ　１２３", {"sqlite ", "ｓｑｌｉｔｅ ", "123 ", "sqlite１２３ "}, {"12 "}},
        {"臺灣的資料庫", {"台湾", "臺灣", "台灣", "资料库", "資料庫", "台湾的資料库"}, {"台的"}},
        {"台湾的资料库", {"臺灣", "資料庫", "台灣的资料庫"}, {NULL}},
        {"ﾃﾞｰﾀﾍﾞｰｽとデータ",
         {"データ", "ﾃﾞｰﾀ", "データベース", "ﾍﾞｰｽ", "テ\u3099ータ"},
         {"テータ"}},
        {"㎏ ﬁle Ⅷ ½ ㍻ ℡", {"kg ", "file ", "viii ", "平成", "tel ", "㎏ ", "Ⅷ "}, {NULL}},
        {"Crème BRÛLÉE naïve",
         {"creme ", "brulee ", "naive ", "CRÈME ", "bru\u0302le\u0301e "},
         {NULL}},
        {"שלום العَرَبِيَّة", {"שלום ", "العَرَبِيَّة "}, {NULL}},
    };
    assert_meetings(*state, meetings, sizeof meetings / sizeof *meetings);
}

static void signs_are_kept_and_found(void **state)
{
    static const struct meeting meetings[] = {
        {"party 🎉🎉 time", {"🎉", "🎉🎉", "party🎉 ", "\"🎉 time\""}, {"🎊", "🎉🎉🎉"}},
        {"C++, C# and .NET cost $100",
         {"C++ ", "C# ", "c++", ".NET ", ".net", "$100 ", "$100", "c "},
         {"d++ ", "c+++ "}},
        {"第①条 → 50€ ≠ 60£", {"①", "第①条", "→", "50€", "≠", "60£", "1条"}, {"←", "50£"}},
        {"👍🏽 ❤️ 1️⃣ 🇨🇳 👨‍👩‍👧",
         {"👍", "👍🏽", "❤", "❤️", "1️⃣", "🇨🇳", "👨‍👩‍👧", "👩"},
         {"🇯🇵"}},
        {"F# g++ a+b x#y 100%", {"f# ", "g++ ", "a+b ", "x#y ", "100% ", "100 "}, {"g# "}},
        {"node.js user@mail.example 10.0.0.1 1,000 C:\\Temp\\a_b",
         {"node.js ", "user@mail.example ", "10.0.0.1 ", "1,000 ", "c:\\temp ", "a_b ", "@mail "},
         {"js.node "}},
    };
    assert_meetings(*state, meetings, sizeof meetings / sizeof *meetings);
}

static void words_of_any_length_are_found(void **state)
{
    struct fixture *f = *state;
    struct buf text;
    struct buf query;
    buf_init(&text, 1 << 20);
    buf_init(&query, 1 << 20);
    buf_add_text(&text, "before ");
    for (int i = 0; i < 100000; i++)
        buf_add_char(&text, (char)('a' + i % 23));
    buf_add_text(&text, " behind");
    fixture_save(f, "https://page.invalid/", "-", text.ptr);
    buf_add_slice(&query, slice_sub(buf_slice(&text), 7, 3000));
    buf_add_char(&query, '\0');
    assert_meets(f, query.ptr, true); /* as far as it is typed */
    query.ptr[2999] = '\0';
    query.ptr[2998] = query.ptr[2998] == 'q' ? 'r' : 'q';
    assert_meets(f, query.ptr, false);
    assert_meets(f, "behind ", true);
    assert_meets(f, "abcd", true);
    buf_finish(&text);
    buf_finish(&query);
}

static void signs_of_chinese_keyboards_work(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *typed;
        int64_t total;
    } cases[] = {
        {"“存储引擎”", 1}, {"「存储引擎」", 1},  {"『引擎』", 1},         {"＂存储引擎＂", 1},
        {"－存储", 3},     {"＃读书", 1},        {"标签：读书", 1},       {"ＴＡＧ：读书", 1},
        {"标题：存储", 1}, {"正文：轻量级", 1},  {"（存储 OR 台湾）", 2}, {"存储，轻量级。", 1},
        {"rea＊ ", 2},     {"网站：github ", 1}, {"是：无标签", 1},       {"晚于：７d", 2},
        {"备注：值得", 1}, {"早于：2025年", 0},
    };
    save_samples(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf ids;
        buf_init(&ids, 1 << 10);
        struct search_end end = run(f, slice_of(cases[i].typed), SEARCH_RANK, 20, NULL, &ids);
        if (end.total != cases[i].total)
            fail_msg("<%s> finds %lld", cases[i].typed, (long long)end.total);
        buf_finish(&ids);
    }
}

/* Nothing that is typed has a meaning to SQLite. */
static void no_syntax_but_ours_is_heard(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {
        "x OR 1 1 y",      /* 1 */
        "near a b",        /* 2 */
        "title x text",    /* 3 */
        "rowid match 1",   /* 4 */
        "drop table pages" /* 5 */
    };
    static const char *const cases[][2] = {
        {"\" OR 1=1 --", "1 "},
        {"' OR '1'='1 ", "1 "},
        {"NEAR(a b) ", "2 "},
        {"NEAR(a b, 10) ", ""},
        {"a NEAR b ", "2 "},
        {"near/2 ", ""},
        {"title : x ", "3 "},
        {"title :x ", "3 "},
        {"-title : x ", "1 "},
        {"{title text} : x ", "3 "},
        {"{a b} ", "2 "},
        {"- {a b} : near ", "2 "},
        {"^x ", "3 1 "},
        {"^drop ", "5 "},
        {"a + b ", "2 "},
        {"\"a\" + \"b\" ", "2 "},
        {"'; DROP TABLE pages; -- ", "5 "},
        {"'); DROP TABLE pages; -- ", "5 "},
        {"rowid:1 MATCH ", ""},
        {"rowid MATCH 1 ", "4 "},
        {"x* y ", "1 "},
        {"\"x\"* y ", "1 "},
        {"\"\"\"x\"\"\" y ", "1 "},
        {"x\\ y ", "1 "},
        {"% ", "5 4 3 2 1 "},
        {"_ ", "5 4 3 2 1 "},
        {"?1 ", "4 1 "},
        {"$x ", "3 1 "},
        {":x ", "3 1 "},
        {"@x ", "3 1 "},
        {"rank MATCH 'bm25()' ", ""},
        {"linksnap_visit(search, 1) ", ""},
        {"\x01x ", "3 1 "},
        {"\"\x01x\" ", "3 1 "},
        {"\x02th* ", ""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://page.invalid/%.*s", (int)i + 1, "zzzzzzzz");
        fixture_save(f, url, "-", texts[i]);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf ids;
        buf_init(&ids, 1 << 10);
        run(f, slice_of(cases[i][0]), SEARCH_NEWEST, 20, NULL, &ids);
        if (!slice_equal(buf_slice(&ids), slice_of(cases[i][1])))
            fail_msg("<%s> finds <%.*s>, not <%s>", cases[i][0], (int)ids.len, ids.ptr,
                     cases[i][1]);
        buf_finish(&ids);
    }
}

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* An answer in bounded time, in every order, with the hint that is expected ("" for any). */
static void assert_answered(struct fixture *f, struct slice query, const char *hint)
{
    struct buf ids;
    buf_init(&ids, 1 << 16);
    for (int sort = SEARCH_RANK; sort <= SEARCH_SITE; sort++) {
        double start = seconds();
        struct search_end end = run(f, query, (enum search_sort)sort, 20, NULL, &ids);
        assert_true(seconds() - start < 5); /* under the sanitizers, on any machine */
        assert_true(end.total >= 0 && end.total <= 4);
        if (*hint != '\0')
            assert_string_equal(end.hint, hint);
    }
    buf_finish(&ids);
}

static void huge_searches_are_answered(void **state)
{
    struct fixture *f = *state;
    static const char *const repeated[] = {
        "a", "sqlite ", "存",           "a OR ",   "-a ",     "a* ",  "\"",         "(",
        ")", "tag:x ",  "is:pending ",  "-(",      "title:(", "\xFF", "site:a OR ", "of the ",
        "+", "“",       "\xED\xA0\x80", "e\u0301", "\u0301",  "#",    "lang:z ",    "after:1d OR ",
        "🎉", "( a OR "};
    struct buf query;
    save_samples(f);
    for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++) {
        buf_init(&query, 1 << 20);
        while (query.len < 100000)
            buf_add_text(&query, repeated[i]);
        assert_answered(f, buf_slice(&query), "> 4096 B");
        query.len = LIMIT_QUERY;
        assert_answered(f, buf_slice(&query), "");
        buf_finish(&query);
    }
    buf_init(&query, 1 << 20);
    for (int i = 0; i < 10000; i++)
        buf_printf(&query, "w%d ", i);
    assert_answered(f, buf_slice(&query), "> 4096 B");
    buf_reset(&query);
    for (int i = 0; i < 65; i++)
        buf_printf(&query, "sqlite%s ", i % 2 ? "*" : "");
    assert_answered(f, buf_slice(&query), "> 64");
    buf_finish(&query);
}

static void bad_bytes_are_answered(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *bytes;
        size_t len;
        int64_t total;
        const char *hint;
    } cases[] = {
        {"sqlite\0lightweight ", 20, 0, ""},
        {"sqlite\0存储 ", 14, 1, ""},
        {"\0", 1, 4, ""},
        {"\xED\xA0\x80", 3, 4, "\uFFFD\uFFFD\uFFFD"}, /* CESU-8 */
        {"sqlite\xED\xA0\xBD\xED\xB8\x80 ", 13, 1, ""},
        {"\xFF\xFE sqlite ", 10, 1, "\uFFFD\uFFFD"},
        {"\xF4\x90\x80\x80", 4, 4, "\uFFFD\uFFFD\uFFFD\uFFFD"},
        {"sql\x1B[31mite ", 12, 0, ""},
        {"\x7F\x08 sqlite\r\n", 11, 1, ""},
        {"sqlite \xE5\xAD", 9, 1, "\uFFFD"},
        {"after:2026-13-45 ", 17, 0, "date: 2026-13-45"},
        {"before:\0 ", 9, 4, ""},
        {"on:99999999999999999999 ", 24, 0, "date: 99999999999999999999"},
        {"after:9999y ", 12, 4, ""},
        {"OR ", 3, 4, ""},
        {"AND OR NOT ", 11, 4, ""},
        {"- ", 2, 4, ""},
        {"\" ", 2, 4, ""},
        {"( OR ) sqlite ", 14, 1, ""},
        {"\"sqlite", 7, 1, ""},
        {"((sqlite", 8, 1, ""},
        {"sqlite)) ", 9, 1, ")"},
        {"is: ", 4, 4, ""},
        {"tag: ", 5, 4, ""},
    };
    save_samples(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf ids;
        buf_init(&ids, 1 << 10);
        struct slice typed = slice_make(cases[i].bytes, cases[i].len);
        struct search_end end = run(f, typed, SEARCH_RANK, 20, NULL, &ids);
        if (end.total != cases[i].total || strcmp(end.hint, cases[i].hint) != 0)
            fail_msg("%zu: <%s> finds %lld, hint <%s>", i, cases[i].bytes, (long long)end.total,
                     end.hint);
        buf_finish(&ids);
    }
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(mixed_scripts_are_cut_at_their_borders),
        with_store(all_spellings_of_a_text_meet),
        with_store(signs_are_kept_and_found),
        with_store(words_of_any_length_are_found),
        with_store(signs_of_chinese_keyboards_work),
        with_store(no_syntax_but_ours_is_heard),
        with_store(huge_searches_are_answered),
        with_store(bad_bytes_are_answered),
    };
#undef with_store
    return cmocka_run_group_tests_name("search_input", tests, NULL, NULL);
}

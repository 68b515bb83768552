/* store: fold, tokenizer. */
#include "base/utf8.h"
#include "store/tokenizer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct folder *folder;

static int open_folder(void **state)
{
    (void)state;
    struct error err;
    return folder_create(&folder, &err) ? 0 : -1;
}

static int close_folder(void **state)
{
    (void)state;
    folder_destroy(folder);
    return 0;
}

/* "a b=c": b at the second position with c in the same place. */
static bool append_token(const struct token *token, void *arg)
{
    struct buf *out = arg;
    if (token->colocated)
        buf_add_char(out, '=');
    else if (out->len > 0)
        buf_add_char(out, ' ');
    return buf_add_slice(out, token->text);
}

static void assert_tokens(const char *text, enum tokenizer_use use, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(tokenize(folder, slice_of(text), use, append_token, &out));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void words_are_split_at_borders_and_folded(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Hello, World", "hello world"},
        {"SQLite3 utf8 UTF-8", "sqlite 3 utf 8 utf 8"},
        {"node.js foo_bar e-mail", "node js foo bar e mail"},
        {"C++ c# F#; g++.", "c + + c # f # g + +"},
        {"# title + 1", "title 1"},
        {"don't l\u2019amour", "don t l amour"},
        {"10,000.5", "10 000 5"},
        {"Stra\u00DFe \uFB01n", "strasse fin"},
        {"\u00C9t\u00E9 e\u0301te\u0301", "ete ete"},
        {"\u0141\u00F3d\u017A K\u00F8benhavn \u0130stanbul \u0131", "lodz kobenhavn istanbul i"},
        {"\u039F\u03B4\u03CC\u03C2", "\u03BF\u03B4\u03BF\u03C3"},
        {"\u0401\u0436 \u0439 \u0438\u0306", "\u0435\u0436 \u0439 \u0439"},
        {"\uFF21\uFF22\uFF23\uFF11\uFF12\uFF13", "abc 123"},
        {"\u0663\u0967", "31"},
        {"so\u00ADft a\u200Bb\uFEFF", "soft ab"},
        {"\u2160\u2163 x\u00B2", "iiv x 2"},
        {"", ""},
        {" \t\n.,;!?\u2026\u3002\uFF0C", ""},
        {"\uE000x\u2500\u2588y", "x y"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_tokens(cases[i][0], TOKENIZE_TEXT, cases[i][1]);
}

static void runs_without_spaces_become_pairs_and_singles(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"中", "中", "中"},
        {"中文", "中文=中 文", "中文"},
        {"数据库", "数据=数 据库=据 库", "数据 据库"},
        {"数据，库", "数据=数 据 库", "数据 据 库"},
        {"SQLite存储引擎v3", "sqlite 存储=存 储引=储 引擎=引 擎 v 3",
         "sqlite 存储 储引 引擎 擎 v 3"},
        {"2026年11月", "2026 年 11 月", "2026 年 11 月"},
        {"日本語のテキスト", "日本=日 本语=本 语の=语 のテ=の テキ=テ キス=キ スト=ス ト",
         "日本 本语 语の のテ テキ キス スト"},
        {"한국어", "한국=한 국어=국 어", "한국 국어"},
        {"ไทย", "ไท=ไ ทย=ท ย", "ไท ทย"},
        {"佐々木〇ー", "佐々=佐 々木=々 木〇=木 〇ー=〇 ー", "佐々 々木 木〇 〇ー"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_tokens(cases[i][0], TOKENIZE_TEXT, cases[i][1]);
        assert_tokens(cases[i][0], TOKENIZE_QUERY, cases[i][2]);
    }
}

static void pairs_can_be_had_without_singles(void **state)
{
    (void)state;
    assert_tokens("数据库", TOKENIZE_PAIRS, "数据 据库 库");
    assert_tokens("中", TOKENIZE_PAIRS, "中");
    assert_tokens("a中文, b", TOKENIZE_PAIRS, "a 中文 文 b");
}

static void signs_are_tokens_of_their_own(void **state)
{
    (void)state;
    assert_tokens("a\u2192b 5\u20AC \u2603", TOKENIZE_TEXT, "a \u2192 b 5 \u20AC \u2603");
    assert_tokens("\U0001F600\U0001F600", TOKENIZE_TEXT, "\U0001F600 \U0001F600");
    /* skin tone, variation selector, keycap, joiner */
    assert_tokens("\U0001F44D\U0001F3FD \u2764\uFE0F 1\uFE0F\u20E3", TOKENIZE_TEXT,
                  "\U0001F44D \u2764 1");
    assert_tokens("\U0001F468\u200D\U0001F469", TOKENIZE_TEXT, "\U0001F468 \U0001F469");
    assert_tokens("$5 < 6 = ^`|~", TOKENIZE_TEXT, "5 6");
    /* reserved for emoji yet to come */
    assert_tokens("\U0001FAFF", TOKENIZE_TEXT, "\U0001FAFF");
}

static void spellings_meet(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"臺灣軟體", "台湾软体"},
        {"頭髮發現", "头发发现"},
        {"ﾃﾞｰﾀﾍﾞｰｽ", "データベース"},
        {"ｶﾞ", "ガ"},
        {"ＳＱＬ", "sql"},
        {"㍿㈱", "株式会社 株"},
        {"①②", "12"},
        {"\uF900", "\u8C48"},
        {"\u2F00", "\u4E00"},
        {"か\u3099", "が"},
        {"\u1100\u1161\u11A8", "각"},
        {"\u1EAF", "a"},
        {"葛\U000E0100", "葛"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct buf expected;
        buf_init(&expected, 4096);
        assert_true(tokenize(folder, slice_of(same[i][1]), TOKENIZE_TEXT, append_token, &expected));
        assert_tokens(same[i][0], TOKENIZE_TEXT, expected.ptr);
        buf_finish(&expected);
    }
}

/* Appends "token[start,end]". */
static bool append_offsets(const struct token *token, void *arg)
{
    return buf_printf(arg, "%.*s[%zu,%zu]", (int)token->text.len, token->text.ptr, token->start,
                      token->end);
}

static void tokens_know_the_bytes_they_came_from(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {" ab 12", "ab[1,3]12[4,6]"},
        {"x中文", "x[0,1]中文[1,7]中[1,4]文[4,7]"},
        {"e\u0301t", "et[0,4]"},
        {"ﾃﾞ", "デ[0,6]"},
        {"a\u00ADb", "ab[0,4]"},
        {"㈱", "株[0,3]"},
        {"臺", "台[0,3]"},
        {"\U0001F600!", "\U0001F600[0,4]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, 4096);
        assert_true(tokenize(folder, slice_of(cases[i][0]), TOKENIZE_TEXT, append_offsets, &out));
        assert_string_equal(out.ptr, cases[i][1]);
        buf_finish(&out);
    }
}

static bool count_bytes(const struct token *token, void *arg)
{
    assert_true(token->text.len <= TOKEN_MAX);
    *(size_t *)arg += token->text.len;
    return true;
}

static void long_words_go_on_in_the_next_token(void **state)
{
    (void)state;
    char word[TOKEN_MAX + 2];
    memset(word, 'a', sizeof word);
    word[TOKEN_MAX] = '\0';
    assert_tokens(word, TOKENIZE_TEXT, word);
    word[TOKEN_MAX] = 'a';
    word[TOKEN_MAX + 1] = '\0';
    struct buf out;
    buf_init(&out, 4096);
    assert_true(tokenize(folder, slice_of(word), TOKENIZE_TEXT, append_token, &out));
    assert_int_equal(out.len, TOKEN_MAX + 2);
    assert_memory_equal(out.ptr + TOKEN_MAX, " a", 2);
    buf_finish(&out);
    size_t total = 0;
    char *huge = malloc(1 << 20);
    assert_non_null(huge);
    memset(huge, 'z', 1 << 20);
    assert_true(tokenize(folder, slice_make(huge, 1 << 20), TOKENIZE_TEXT, count_bytes, &total));
    assert_int_equal(total, 1 << 20);
    free(huge);
}

static bool stop_at_once(const struct token *token, void *arg)
{
    (void)token;
    ++*(size_t *)arg;
    return false;
}

static void a_callback_can_end_it(void **state)
{
    (void)state;
    static const char *const texts[] = {"a b", "中文字", "\u2192 x", "1a", "中 b"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t calls = 0;
        assert_false(tokenize(folder, slice_of(texts[i]), TOKENIZE_TEXT, stop_at_once, &calls));
        assert_int_equal(calls, 1);
    }
}

/* Offsets lie inside the text, do not cut code points, and starts never go back. */
struct check {
    struct slice text;
    size_t last;
    bool valid;
};

static bool check_token(const struct token *token, void *arg)
{
    struct check *check = arg;
    assert_true(token->start < token->end);
    assert_true(token->end <= check->text.len);
    assert_true(token->start >= check->last || token->colocated);
    assert_true(utf8_valid(token->text));
    assert_true(token->text.len > 0);
    if (check->valid)
        assert_true(utf8_valid(slice_sub(check->text, token->start, token->end - token->start)));
    check->last = token->start;
    return true;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void any_bytes_can_be_tokenized(void **state)
{
    (void)state;
    uint32_t seed = 7;
    char bytes[200];
    for (int round = 0; round < 3000; round++) {
        size_t len = next_random(&seed) % sizeof bytes;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)next_random(&seed);
        struct check check = {.text = {bytes, len}};
        assert_true(tokenize(folder, check.text, TOKENIZE_TEXT, check_token, &check));
    }
    /* well-formed text of all of Unicode, marks and joiners in strange places */
    for (int round = 0; round < 3000; round++) {
        struct buf text;
        buf_init(&text, 4096);
        for (int i = 0; i < 40; i++) {
            static const uint32_t odd[] = {0x0301, 0x3099, 0x200D, 0xFE0F, 0xFDFA, 0x1161,
                                           0x00AD, 0x0345, 0x20E3, 'a',    0x4E2D, 0xAC00};
            uint32_t cp = next_random(&seed) % 3 == 0
                              ? next_random(&seed) % 0x110000
                              : odd[next_random(&seed) % (sizeof odd / sizeof *odd)];
            char out[4];
            buf_add(&text, out, utf8_encode(cp, out));
        }
        struct check check = {.text = buf_slice(&text), .valid = true};
        assert_true(tokenize(folder, check.text, TOKENIZE_TEXT, check_token, &check));
        buf_finish(&text);
    }
}

static void every_code_point_folds_to_what_folds_to_itself(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        struct slice text = {bytes, utf8_encode(cp, bytes)};
        struct fold_unit unit;
        fold_next(folder, text, 0, &unit);
        assert_int_equal(unit.end, text.len);
        assert_true(unit.count <= FOLD_MAX);
        for (size_t i = 0; i < unit.count; i++) {
            struct folded once = unit.out[i];
            if (once.class == FOLD_BREAK)
                continue;
            char again[4];
            struct slice folded = {again, utf8_encode(once.cp, again)};
            struct fold_unit second;
            fold_next(folder, folded, 0, &second);
            if (second.count != 1 || second.out[0].cp != once.cp)
                fail_msg("U+%04X folds to U+%04X, which does not stay", (unsigned)cp,
                         (unsigned)once.cp);
            assert_int_equal(second.out[0].class, once.class);
        }
    }
}

static void the_short_way_folds_as_the_long_one_does(void **state)
{
    (void)state;
    size_t short_ways = 0;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        struct slice text = {bytes, utf8_encode(cp, bytes)};
        struct fold_unit unit;
        struct folded folded;
        size_t end;
        if (text.len == 0 || !fold_one(folder, text, 0, &folded, &end))
            continue;
        short_ways++;
        fold_next(folder, text, 0, &unit);
        assert_int_equal(unit.count, 1);
        assert_int_equal(unit.end, end);
        if (unit.out[0].cp != folded.cp || unit.out[0].class != folded.class)
            fail_msg("U+%04X folds to U+%04X or U+%04X", (unsigned)cp, (unsigned)folded.cp,
                     (unsigned)unit.out[0].cp);
    }
    assert_true(short_ways > FOLD_HAN_END - FOLD_HAN);
}

static void a_long_tail_of_marks_is_no_trouble(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_char(&text, 'e');
    for (int i = 0; i < 20000; i++)
        buf_add_text(&text, "\u0301");
    buf_add_char(&text, 'x');
    struct check check = {.text = buf_slice(&text), .valid = true};
    assert_true(tokenize(folder, check.text, TOKENIZE_TEXT, check_token, &check));
    struct fold_unit unit;
    fold_next(folder, check.text, 0, &unit);
    assert_true(unit.end < 100);
    assert_int_equal(unit.count, 1);
    assert_int_equal(unit.out[0].cp, 'e');
    buf_finish(&text);
}

static void names_fold_by_case_and_width_only(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Work/ＷＥＢ", "work/web"}, {"caf\u00E9", "caf\u00E9"}, {"讀書", "讀書"}, {"", ""}};
    struct error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, 4096);
        assert_true(fold_name(folder, slice_of(cases[i][0]), &out, &err));
        assert_true(slice_equal(buf_slice(&out), slice_of(cases[i][1])));
        buf_finish(&out);
    }
    struct buf out;
    buf_init(&out, 1 << 20);
    char *longest = calloc(1, 4097);
    assert_non_null(longest);
    assert_true(fold_name(folder, slice_make(longest, 4096), &out, &err));
    assert_false(fold_name(folder, slice_make(longest, 4097), &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    free(longest);
    buf_finish(&out);
    char version[32];
    fold_version(version);
    assert_int_equal(version[0], '0' + FOLD_VERSION);
    assert_int_equal(version[1], '/');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_split_at_borders_and_folded),
        cmocka_unit_test(runs_without_spaces_become_pairs_and_singles),
        cmocka_unit_test(pairs_can_be_had_without_singles),
        cmocka_unit_test(signs_are_tokens_of_their_own),
        cmocka_unit_test(spellings_meet),
        cmocka_unit_test(tokens_know_the_bytes_they_came_from),
        cmocka_unit_test(long_words_go_on_in_the_next_token),
        cmocka_unit_test(a_callback_can_end_it),
        cmocka_unit_test(any_bytes_can_be_tokenized),
        cmocka_unit_test(every_code_point_folds_to_what_folds_to_itself),
        cmocka_unit_test(the_short_way_folds_as_the_long_one_does),
        cmocka_unit_test(a_long_tail_of_marks_is_no_trouble),
        cmocka_unit_test(names_fold_by_case_and_width_only),
    };
    return cmocka_run_group_tests_name("tokenizer", tests, open_folder, close_folder);
}

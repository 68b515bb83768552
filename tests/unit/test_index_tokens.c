/* store: index_tokens: what the index holds beside the words. */
#include "base/utf8.h"
#include "store/index_tokens.h"

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

/* "a b=c": b at the second position with c in the same place; a beginning of n characters is
 * <n beginning>, and two words in one token have an underscore. */
static bool append_token(const struct token *token, void *arg)
{
    struct buf *out = arg;
    if (token->colocated)
        buf_add_char(out, '=');
    else if (out->len > 0)
        buf_add_char(out, ' ');
    if ((unsigned char)token->text.ptr[0] > BEGINNING_MAX) {
        size_t space = out->len + slice_find_byte(token->text, 0, ' ');
        bool ok = buf_add_slice(out, token->text);
        if (space < out->len)
            out->ptr[space] = '_';
        return ok;
    }
    return buf_printf(out, "<%d%.*s>", token->text.ptr[0], (int)token->text.len - 1,
                      token->text.ptr + 1);
}

static void assert_text(const char *text, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(index_text(folder, slice_of(text), append_token, &out));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void assert_query(const char *text, bool by_beginning, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(index_query(folder, slice_of(text), by_beginning, append_token, &out));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void the_first_word_with_a_beginning_gives_it(void **state)
{
    (void)state;
    assert_text("", "");
    assert_text("x", "x=<1x>");
    assert_text("Tree", "tree=<1t>=<2tr>=<3tre>");
    assert_text("tree trap tree two", "tree=<1t>=<2tr>=<3tre> trap=<3tra> tree two=<2tw>=<3two>");
    assert_text("v12 2026", "v=<1v> 12=<11>=<212> 2026=<12>=<220>=<3202>");
    assert_text("数据 \u2192", "数据=数 据 \u2192");
    assert_text("\u0439\u043E\u0433\u0430",
                "\u0439\u043E\u0433\u0430=<1\u0439>=<2\u0439\u043E>=<3\u0439\u043E\u0433>");
}

static void common_words_in_a_row_are_one_token_too(void **state)
{
    (void)state;
    assert_text("of the", "of=<1o>=<2of>=of_the the=<1t>=<2th>=<3the>");
    assert_text("of, The", "of=<1o>=<2of>=of_the the=<1t>=<2th>=<3the>");
    assert_text("is it to", "is=<1i>=<2is>=is_it it=<2it>=it_to to=<1t>=<2to>");
    /* Something stands in between. */
    assert_text("of 1 the", "of=<1o>=<2of> 1=<11> the=<1t>=<2th>=<3the>");
    assert_text("of数the", "of=<1o>=<2of> 数 the=<1t>=<2th>=<3the>");
}

static void a_query_asks_for_the_fewest_tokens(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"the", "the"},
        {"of the", "of_the"},
        {"is it to", "is_it it_to"},
        {"out of the box", "out of_the the box"},
        {"the box", "the box"},
        {"box the", "box the"},
        {"数据 of the", "数据 据 of_the"},
        {"the 数据", "the 数据"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_query(cases[i][0], false, cases[i][1]);
    /* Its last word is only the beginning of one. */
    assert_query("of the", true, "of the");
}

static void a_short_beginning_is_asked_for_as_one_token(void **state)
{
    (void)state;
    assert_query("\x01T", false, "<1t>");
    assert_query("\x01Th", false, "<2th>");
    assert_query("\x01\u00C9t\u00E9", false, "<3ete>");
    assert_query("\x01", false, "");
    /* A longer one is none; nobody asks for it so. */
    assert_query("\x01tree", false, "");
}

static bool count_token(const struct token *token, void *arg)
{
    assert_true(token->start < token->end);
    ++*(size_t *)arg;
    return true;
}

static void more_beginnings_than_are_remembered_are_given_again(void **state)
{
    (void)state;
    struct buf text;
    size_t once = 0;
    buf_init(&text, 4 << 20);
    for (char a = 'a'; a <= 'z'; a++)
        for (char b = 'a'; b <= 'z'; b++)
            for (char c = 'a'; c <= 'z'; c++)
                buf_printf(&text, "%c%c%c ", a, b, c);
    assert_true(index_text(folder, buf_slice(&text), count_token, &once));
    assert_in_range(once, 2 * 26 * 26 * 26, 4 * 26 * 26 * 26);
    buf_finish(&text);
}

static bool stop_at(const struct token *token, void *arg)
{
    (void)token;
    return --*(int *)arg > 0;
}

static void a_callback_can_end_it(void **state)
{
    (void)state;
    static const char *const texts[] = {"of the box", "tree", "数据 of the", "a"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (int calls = 1; calls <= 2; calls++) {
            int left = calls;
            assert_false(index_text(folder, slice_of(texts[i]), stop_at, &left));
            assert_int_equal(left, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_word_with_a_beginning_gives_it),
        cmocka_unit_test(common_words_in_a_row_are_one_token_too),
        cmocka_unit_test(a_query_asks_for_the_fewest_tokens),
        cmocka_unit_test(a_short_beginning_is_asked_for_as_one_token),
        cmocka_unit_test(more_beginnings_than_are_remembered_are_given_again),
        cmocka_unit_test(a_callback_can_end_it),
    };
    return cmocka_run_group_tests_name("index_tokens", tests, open_folder, close_folder);
}

/* app: markdown: what people marked, for other programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/markdown.h"

static void assert_written(struct buf *out, const char *expected)
{
    assert_true(buf_add_char(out, '\0'));
    assert_string_equal(out->ptr, expected);
    buf_finish(out);
}

static void assert_quote(const char *quote, const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    markdown_quote(&out, slice_of(quote));
    assert_written(&out, expected);
}

static void quotes_show_what_was_marked(void **state)
{
    (void)state;
    assert_quote("一个字也能找到", "> 一个字也能找到\n\n");
    assert_quote("two\nlines", "> two  \n> lines\n\n");
    assert_quote("\r\n one \r\n\r\n  two\n", "> one  \n> two\n\n");
    assert_quote("", "");
    assert_quote(" \n\t\n", "");
    assert_quote("😀 العربية", "> 😀 العربية\n\n");
}

static void nothing_in_a_quote_is_taken_for_markdown(void **state)
{
    (void)state;
    assert_quote("# no heading", "> \\# no heading\n\n");
    assert_quote("- + = a-b 1+1=2", "> \\- + = a-b 1+1=2\n\n");
    assert_quote("> a\n+ b\n=== c", "> \\> a  \n> \\+ b  \n> \\=== c\n\n");
    assert_quote("1. a\n2) b\n2026 c\n3.5", "> 1\\. a  \n> 2\\) b  \n> 2026 c  \n> 3\\.5\n\n");
    assert_quote(
        "*a* _b_ `c` [d](e) <f> &amp; a|b ~g~ \\ $h$",
        "> \\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\&amp; a\\|b \\~g\\~ \\\\ \\$h\\$\n\n");
    assert_quote("1", "> 1\n\n");
}

static void a_heading_is_one_line_with_its_address(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, 4096);
    markdown_heading(&out, slice_of("光明\n *图书馆*"), slice_of("https://example.com/a?b=<c d>"));
    assert_written(&out, "## 光明 \\*图书馆\\*\n\n<https://example.com/a?b=%3Cc%20d%3E>\n\n");
    buf_init(&out, 4096);
    markdown_heading(&out, slice_of(""), slice_of("https://example.com/"));
    assert_written(&out, "##\n\n<https://example.com/>\n\n");
}

static void notes_stay_what_they_are(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, 4096);
    markdown_note(&out, slice_of("\n- *mine*\n- too \n"));
    markdown_note(&out, slice_of("  "));
    assert_written(&out, "- *mine*\n- too\n\n");
}

static void a_text_that_does_not_fit_is_no_crash(void **state)
{
    (void)state;
    for (size_t room = 0; room < 40; room++) {
        struct buf out;
        buf_init(&out, room);
        markdown_heading(&out, slice_of("*title*"), slice_of("https://example.com/"));
        markdown_quote(&out, slice_of("1. a\n*b*"));
        assert_int_equal(out.failed, ERR_LIMIT);
        buf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_show_what_was_marked),
        cmocka_unit_test(nothing_in_a_quote_is_taken_for_markdown),
        cmocka_unit_test(a_heading_is_one_line_with_its_address),
        cmocka_unit_test(notes_stay_what_they_are),
        cmocka_unit_test(a_text_that_does_not_fit_is_no_crash),
    };
    return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}

/* page: document_extract_text. */
#include "base/limits.h"
#include "base/utf8.h"
#include "page/document.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct document_text text_of(enum fixture_form form, const char *html)
{
    struct error err = {0};
    struct document_text text;
    struct document *doc = page_fixture_document(form, html, "<!DOCTYPE html>");
    if (!document_extract_text(doc, &text, &err))
        fail_msg("%s", err.text);
    document_destroy(doc);
    return text;
}

static void assert_text(enum fixture_form form, const char *html, const char *expected)
{
    struct document_text text = text_of(form, html);
    if (strcmp(text.text, expected) != 0)
        fail_msg("%s\ngives\n%s\nnot\n%s", html, text.text, expected);
    document_text_finish(&text);
}

static void blocks_are_lines_and_inline_elements_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        const char *text;
    } cases[] = {
        {"", ""},
        {"<p></p> \n <p> </p>", ""},
        {"<p>one</p><p>two</p>", "one\ntwo"},
        {"<div><div><p>one</p></div></div>two", "one\ntwo"},
        {"<p> a \n\t b  <b> c</b>  </p>", "a b c"},
        {"<p>wo<b>r</b>d <i>next</i></p>", "word next"},
        {"<p>网<b>页</b>快<span>照</span></p>", "网页快照"},
        {"<p>网页\n  快照</p>", "网页 快照"},
        {"a<br>b<hr>c", "a\nb\nc"},
        {"a&nbsp;&nbsp;b&#160;", "a b"},
        {"<i>&#xE003;</i> a&#xF8FF;b\xEF\xA4\x80", "a b\xEF\xA4\x80"}, /* an icon font's pictures */
        {"<ul><li>a<li>b</ul>", "a\nb"},
        {"<table><tr><td>a<td>b<tr><th>c<td>d</table>", "a b\nc d"},
        {"<h1>t</h1>x<address>y</address>z", "t\nx\ny\nz"},
        {"<pre>a\n  b\n\nc</pre>", "a\nb\nc"},
        {"<textarea>a\nb</textarea>", "a\nb"},
        {"<a>Home</a><a>News</a>", "Home News"},
        {"<a>首<b>页</b></a>文", "首页文"},
        {"<x-title>One</x-title><x-body>Two</x-body>", "One Two"},
        {"<details><summary>s</summary>hidden too</details>", "s\nhidden too"},
        {"<button>a</button><button>b</button>", "a b"},
        {"<select><option>a<option>b</select>", "a\nb"},
        {"<p>x</p>&#x3000;y", "x\n\xE3\x80\x80y"},
        {"<svg><text>in svg</text><title>name</title></svg>", "in svg\nname"},
        {"<math><mi>x</mi><annotation>tex</annotation></math>", "x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(FIXTURE_WEB, cases[i].html, cases[i].text);
}

static void what_nobody_sees_is_left_out(void **state)
{
    (void)state;
    assert_text(FIXTURE_WEB,
                "<title>t</title>a<script>s</script><style>c</style><template>n</template>"
                "<iframe>f</iframe><noembed>e</noembed><noframes>r</noframes><!-- c -->"
                "<video>v</video><audio>u</audio><datalist><option>d</datalist>"
                "<input type=hidden value=h><input type=password value=p><input type=checkbox "
                "value=k><svg><style>x</style><metadata>m</metadata></svg>b",
                "ab");
    assert_text(FIXTURE_WEB, "a<noscript>shown</noscript>", "ashown");
    char *page = page_fixture_wire_page("a<noscript>not</noscript>b");
    assert_text(FIXTURE_WIRE, page, "ab");
    free(page);
}

static void shadow_roots_alternatives_and_fields_are_text(void **state)
{
    (void)state;
    char *page = page_fixture_wire_page(
        "<x-a><template ls:shadow=\"open\"><p>shadow</p></template>light</x-a>"
        "<template><p>no</p></template><template shadowrootmode=\"open\">no</template>");
    assert_text(FIXTURE_WIRE, page, "shadow\nlight");
    free(page);
    assert_text(FIXTURE_WEB, "<div><template shadowrootmode=open>s</template>l</div>", "sl");
    assert_text(FIXTURE_WEB,
                "x<img alt='a  picture'>y<map><area alt=area></map><input value='typed in'>"
                "<input type=submit value=Send><optgroup label=group></optgroup>",
                "x a picture y area typed in Send\ngroup");
}

static void annotations_do_not_cut_words(void **state)
{
    (void)state;
    assert_text(
        FIXTURE_WEB,
        "x<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>y",
        "x漢字 かん じ y");
    assert_text(FIXTURE_WEB, "<ruby>a<ruby>b<rt>c</ruby><rt>d</ruby><rt>e</rt>", "ab c d e");
}

static void titles_have_their_order(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        const char *title;
    } cases[] = {
        {"<title>  a\n b </title><meta property=og:title content=o><h1>h</h1>", "a b"},
        {"<title> </title><meta property=og:title content=' o  g '><h1>h</h1>", "o g"},
        {"<title></title><h1>first <b>heading</b><br>x</h1><h1>second</h1>", "first heading x"},
        {"<meta name=og:title content=named>", "named"},
        {"<svg><title>not this</title></svg>", ""},
        {"<svg><title>not this</title></svg><title>late</title>", "late"},
        {"<title>one</title><title>two</title>", "one"},
        {"<h1><img alt='logo text'></h1>", "logo text"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document_text text = text_of(FIXTURE_WEB, cases[i].html);
        assert_string_equal(text.title, cases[i].title);
        document_text_finish(&text);
    }
}

static void head_tells_description_language_and_canonical(void **state)
{
    (void)state;
    struct document_text text =
        text_of(FIXTURE_WEB, "<html lang=' zh-Hant '><meta name=Description content=' the\n page '>"
                             "<meta property=og:description content=other>"
                             "<link rel=canonical href='/real?a=1'>");
    assert_string_equal(text.description, "the page");
    assert_string_equal(text.lang, "zh-Hant");
    assert_string_equal(text.canonical, "http://example.test/real?a=1");
    document_text_finish(&text);
    text = text_of(FIXTURE_WEB, "<base href=https://b.test/x/><meta http-equiv=content-language "
                                "content=en><meta property=og:description content=other>"
                                "<link rel=canonical href=y>");
    assert_string_equal(text.description, "other");
    assert_string_equal(text.lang, "en");
    assert_string_equal(text.canonical, "https://b.test/x/y");
    document_text_finish(&text);
    text = text_of(FIXTURE_WEB, "<link rel=canonical href=javascript:alert(1)>");
    assert_string_equal(text.canonical, "");
    assert_string_equal(text.description, "");
    assert_string_equal(text.lang, "");
    document_text_finish(&text);
}

static void a_prepared_document_has_the_same_text(void **state)
{
    (void)state;
    char *in = page_fixture_read("tests/fixtures/page/web-article.in.html");
    char *out = page_fixture_read("tests/fixtures/page/web-article.out.html");
    struct document_text before = text_of(FIXTURE_WEB, in);
    struct document_text after = text_of(FIXTURE_WEB, out);
    assert_string_equal(before.title, "网页 快照");
    assert_string_equal(before.title, after.title);
    assert_string_equal(before.text, after.text);
    document_text_finish(&before);
    document_text_finish(&after);
    free(in);
    free(out);
}

static void text_stops_at_its_ceiling_on_a_whole_character(void **state)
{
    (void)state;
    struct buf page;
    buf_init(&page, 4 * LIMIT_TEXT);
    buf_add_text(&page, "<title>");
    for (size_t i = 0; i < LIMIT_TITLE; i++)
        buf_add_text(&page, "题");
    buf_add_text(&page, "</title><p>");
    for (size_t i = 0; i < LIMIT_TEXT / 16 + 100; i++)
        buf_add_text(&page, "一二三四五 ");
    buf_add_text(&page, "<p>last</p>");
    struct document_text text = text_of(FIXTURE_WEB, page.ptr);
    size_t len = strlen(text.text);
    assert_true(len <= LIMIT_TEXT && len > LIMIT_TEXT - 100);
    assert_true(utf8_valid(slice_of(text.text)));
    assert_null(strstr(text.text, "last"));
    len = strlen(text.title);
    assert_true(len <= LIMIT_TITLE && len > LIMIT_TITLE - 4);
    assert_true(utf8_valid(slice_of(text.title)));
    document_text_finish(&text);
    buf_finish(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_lines_and_inline_elements_are_none),
        cmocka_unit_test(what_nobody_sees_is_left_out),
        cmocka_unit_test(shadow_roots_alternatives_and_fields_are_text),
        cmocka_unit_test(annotations_do_not_cut_words),
        cmocka_unit_test(titles_have_their_order),
        cmocka_unit_test(head_tells_description_language_and_canonical),
        cmocka_unit_test(a_prepared_document_has_the_same_text),
        cmocka_unit_test(text_stops_at_its_ceiling_on_a_whole_character),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}

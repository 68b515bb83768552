/* page/xml_plain, page/html_read: documents that were sent as XML. */
#include "base/limits.h"
#include "page/assets.h"
#include "page/tree.h"
#include "page/xml_plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define XHTML(head, body)                                                                          \
    "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head>" head "</head><body>" body "</body></"    \
    "html>"

/* Reads, prepares and writes. The caller frees. */
static char *store(const char *text)
{
    struct error err = {0};
    struct assets *assets;
    struct document *doc;
    struct buf out;
    const struct document_origin origin = {.url = slice_of("https://example.com/dir/page"),
                                           .xml = true};
    const struct assets_options options = {.page_url = "https://example.com/dir/page", .web = true};
    assert_true(assets_create(&options, &assets, &err));
    buf_init(&out, LIMIT_CAPTURE);
    if (!document_read_web(slice_of(text), &origin, &doc, &err) ||
        !document_prepare(doc, assets, &err) || !document_write(doc, &out, &err))
        fail_msg("%s", err.text);
    document_destroy(doc);
    assets_destroy(assets);
    return buf_take(&out);
}

static void check(const char *text, const char *expected)
{
    char *stored = store(text);
    if (strstr(stored, expected) == NULL)
        fail_msg("%s\nis not in\n%s", expected, stored);
    free(stored);
}

static void xhtml_is_read_as_xml(void **state)
{
    (void)state;
    check(XHTML("<title>a &amp; b</title>", "<p>c<br/>d<i/>e</p>"),
          "<p>c<br>d<i></i>e</p>"); /* <i/> would stay open in HTML */
    check(XHTML("<style>/*<![CDATA[*/ a > b { c: d } /*]]>*/</style>", ""),
          "<style>/**/ a > b { c: d } /**/</style>");
    check(XHTML("<style>a &gt; b { c: d }</style>", ""), "<style>a > b { c: d }</style>");
    check(XHTML("<script>//<![CDATA[\nif (a < b) c(\"</p>\");\n//]]></script>", "x"), "<body>x");
    check(XHTML("", "<![CDATA[<b>&amp;]]><!-- <i> --><?x <u> ?>"), "<body>&lt;b&gt;&amp;amp;<!--");
    check(XHTML("", "<a:svg xmlns:a=\"http://www.w3.org/2000/svg\"><a:path d=\"M0 0\"/></a:svg>"),
          "<svg><path d=\"M0 0\"></path></svg>");
    check(XHTML("", "<noscript><p>x</p></noscript>"), "<body><p>x</p>");
}

static void entities_of_html_are_known(void **state)
{
    (void)state;
    check("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "
          "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">" XHTML(
              "", "&nbsp;&copy;&hearts;&lt;<i title=\"&eacute;&quot;\">x</i>"),
          "<body>&nbsp;\xC2\xA9\xE2\x99\xA5&lt;<i title=\"\xC3\xA9&quot;\">x</i>");
}

static void xml_has_no_quirks_mode(void **state)
{
    (void)state;
    char *stored = store("<?xml version=\"1.0\"?>" XHTML("", "x"));
    assert_memory_equal(stored, "<!DOCTYPE html><html>", 21);
    free(stored);
    /* Nor does a parser take the table out of the paragraph. */
    stored = store(XHTML("", "<p>a<table><tr><td>b</td></tr></table></p>"));
    assert_null(strstr(stored, "<p>a<table>"));
    free(stored);
}

static void sheets_of_instructions_become_links(void **state)
{
    (void)state;
    check("<?xml-stylesheet href=\"a.css?x&amp;y\" media='print' type=\"text/css\"?>"
          "<?xml-stylesheet href='b.css' alternate=\"yes\"?>"
          "<?xml-stylesheet href='c.xsl' type='text/xsl'?><?xml-stylesheets href='d'?>"
          "<?xml-stylesheet href='#e'?>" XHTML("<title>t</title>", "<?xml-stylesheet href='f'?>"),
          "<head><!--linksnap-head--><link rel=\"stylesheet\" "
          "href=\"linksnap-asset:");
    char *stored =
        store("<?xml-stylesheet href='b.css' alternate=\"yes\" media=\"a\"?>" XHTML("", ""));
    assert_non_null(strstr(stored, "<link rel=\"alternate stylesheet\" href=\"linksnap-asset:"));
    assert_non_null(strstr(stored, "\" media=\"a\">"));
    free(stored);
    stored = store(XHTML("", "<?xml-stylesheet href='f'?>"));
    assert_null(strstr(stored, "stylesheet"));
    free(stored);
}

static void sheets_past_the_limit_are_left_out(void **state)
{
    (void)state;
    for (size_t count = XML_PLAIN_SHEETS; count <= XML_PLAIN_SHEETS + 1; count++) {
        struct error err = {0};
        struct xml_plain plain;
        struct buf text;
        buf_init(&text, 10000);
        for (size_t i = 0; i < count; i++)
            assert_true(buf_printf(&text, "<?xml-stylesheet href='%zu'?>", i));
        assert_true(buf_add_text(&text, "<a/>"));
        assert_true(xml_plain_make(buf_slice(&text), &plain, &err));
        assert_int_equal(plain.sheet_count, XML_PLAIN_SHEETS);
        assert_string_equal(plain.text.ptr, "<a/>");
        xml_plain_finish(&plain);
        buf_finish(&text);
    }
}

static void entities_that_write_nothing_are_work_too(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20, FIT = 63, PAST = 65 }; /* LIMIT_DOCUMENT is 64 MiB */
    char *comment = malloc(SIZE + 1);
    assert_non_null(comment);
    memset(comment, 'x', SIZE);
    comment[SIZE] = '\0';
    for (int count = FIT; count <= PAST; count += PAST - FIT) {
        struct error err = {0};
        struct xml_plain plain;
        struct buf text;
        buf_init(&text, 2 * SIZE);
        assert_true(buf_printf(&text, "<!DOCTYPE a [<!ENTITY e \"<!--%s-->\">]><a>", comment));
        for (int i = 0; i < count; i++)
            assert_true(buf_add_text(&text, "&e;"));
        assert_true(buf_add_text(&text, "</a>"));
        assert_int_equal(xml_plain_make(buf_slice(&text), &plain, &err), count == FIT);
        assert_int_equal(err.code, count == FIT ? ERR_NONE : ERR_LIMIT);
        xml_plain_finish(&plain);
        buf_finish(&text);
    }
    free(comment);
}

static void a_picture_fills_the_window(void **state)
{
    (void)state;
    check("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" style=\"color:red\"/>",
          "<body style=\"margin:0\"><svg viewBox=\"0 0 1 1\" "
          "style=\"display:block;width:100vw;height:100vh;color:red\"></svg><!--");
    check("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"5\" height=\"100%\"/>",
          "<svg width=\"5\" height=\"100%\" style=\"display:block;height:100vh;\"></svg>");
}

static void what_is_not_well_formed_is_read_as_html(void **state)
{
    (void)state;
    check(XHTML("", "<p>a<br>b"), "<p>a<br>b</p>");
    check(XHTML("", "a &unknown; b"), "a &amp;unknown; b");
    check("<html><body><p/>x</body></html>", "<p>x</p>"); /* in no namespace: no page in XML */
    check("<!DOCTYPE html [<!ENTITY a \"&a;\">]>" XHTML("", "&a;x"), "x");
}

static void only_the_walker_speaks_for_the_walker(void **state)
{
    (void)state;
    char *stored = store(
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:l=\"urn:linksnap:1\"><head/><body>"
        "<iframe l:frame=\"1\"/><div><template l:shadow=\"open\">x</template></div>"
        "</body></html>");
    assert_null(strstr(stored, "srcdoc"));
    assert_null(strstr(stored, "shadowrootmode"));
    free(stored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xhtml_is_read_as_xml),
        cmocka_unit_test(entities_of_html_are_known),
        cmocka_unit_test(xml_has_no_quirks_mode),
        cmocka_unit_test(sheets_of_instructions_become_links),
        cmocka_unit_test(sheets_past_the_limit_are_left_out),
        cmocka_unit_test(entities_that_write_nothing_are_work_too),
        cmocka_unit_test(a_picture_fills_the_window),
        cmocka_unit_test(what_is_not_well_formed_is_read_as_html),
        cmocka_unit_test(only_the_walker_speaks_for_the_walker),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}

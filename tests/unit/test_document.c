/* page: reading both forms, writing the third. */
#include "page/assets.h"
#include "page/document_make.h"
#include "page/tree_edit.h"
#include "page_audit.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WIRE_ROOT "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:ls=\"urn:linksnap:1\">"

/* ---- Fixtures ---- */

static void replay_fixture(const char *name, const char *end, enum fixture_form form)
{
    char path[256];
    char why[256] = "";
    int stem = (int)(strlen(name) - strlen(end));
    snprintf(path, sizeof path, "tests/fixtures/page/%s", name);
    char *in = page_fixture_read(path);
    snprintf(path, sizeof path, "tests/fixtures/page/%.*s.out.html", stem, name);
    char *expected = page_fixture_read(path);
    size_t len = strlen(expected);
    assert_true(len > 0 && expected[len - 1] == '\n');
    expected[len - 1] = '\0';
    char *stored = page_fixture_store(form, in, "<!DOCTYPE html>");
    if (strcmp(stored, expected) != 0)
        fail_msg("%s gives\n%s\n", name, stored);
    if (!page_audit(stored, why, sizeof why))
        fail_msg("%s: %s", name, why);
    /* What a browser makes of it is written the same way again. */
    char *again = page_fixture_store(FIXTURE_WEB, stored, NULL);
    char *third = page_fixture_store(FIXTURE_WEB, again, NULL);
    assert_string_equal(again, third);
    if (form == FIXTURE_WEB)
        assert_string_equal(stored, again);
    free(third);
    free(again);
    free(stored);
    free(expected);
    free(in);
}

static void every_page_fixture_gives_its_stored_form(void **state)
{
    (void)state;
    static const struct {
        const char *end;
        enum fixture_form form;
    } kinds[] = {{".in.xml", FIXTURE_WIRE}, {".in.html", FIXTURE_WEB}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t count;
        char **names = page_fixture_names("page", kinds[i].end, &count);
        assert_true(count > 0);
        for (size_t j = 0; j < count; j++)
            replay_fixture(names[j], kinds[i].end, kinds[i].form);
        page_fixture_free_names(names, count);
    }
}

/* ---- The wire form ---- */

static void the_wire_form_refuses_what_the_walker_never_sends(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "text",
        "<html",
        "<html>",
        "<html></body>",
        "<html><p></html>",
        "<html/><html/>",
        "<html>&nbsp;</html>",
        "<html a=1/>",
        "<html a='1' a='2'/>",
        "<html a='<'/>",
        "<html @click='x'/>",
        "<html>\x01</html>",
        "<html>&#0;</html>",
        "<html>\xFF</html>",
        "<html>\xC0\x80</html>",
        "<html xmlns:a='b'><a:b c:d='e'/></html>trailing",
        "<?xml version='1.0'?><html/>",
        "<?xml version='1.0' encoding='UTF-16'?><html/>",
        "<html><?php x ?></html>",
        "<html><!-- x --></html>",
        "<html><![CDATA[x]]></html>",
        "<!DOCTYPE html><html/>",
        "<!doctype html><html/>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><x>&a;</x>",
        "<html><!DOCTYPE x></html>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        page_fixture_refused(FIXTURE_WIRE, slice_of(bad[i]), ERR_DOCUMENT);
    page_fixture_refused(FIXTURE_WIRE, slice_make("<html>\0</html>", 14), ERR_DOCUMENT);
    page_fixture_refused(FIXTURE_WIRE, slice_make("\xFF\xFE<\0h\0t\0m\0l\0/\0>\0", 16),
                         ERR_DOCUMENT);
    page_fixture_refused(FIXTURE_WIRE, slice_make("<\0h\0t\0m\0l\0/\0>\0", 14), ERR_DOCUMENT);
}

static void the_wire_form_is_read_exactly(void **state)
{
    (void)state;
    struct document *doc = page_fixture_document(
        FIXTURE_WIRE,
        WIRE_ROOT "<head/><body><p title=\"&amp;amp; &lt;&gt;&quot;&apos; &#38;#38; a&#10;b&#9;c\" "
                  "data-x=\"\">&amp;lt; &#x4E2D;&#128512; ]]&gt; &#13;end</p></body></html>",
        "");
    xmlNodePtr p = xmlDocGetRootElement(doc->tree)->last->children;
    assert_true(tree_is(p, NS_HTML, "p"));
    assert_string_equal(tree_value(tree_find_attribute(p, "title")).ptr,
                        "&amp; <>\"' &#38; a\nb\tc");
    assert_string_equal(tree_value(tree_find_attribute(p, "data-x")).ptr, "");
    assert_string_equal((const char *)p->children->content,
                        "&lt; \xE4\xB8\xAD\xF0\x9F\x98\x80 ]]> \rend");
    assert_string_equal(doc->doctype, "");
    assert_false(doc->web);
    char *text = page_fixture_write(doc);
    assert_string_equal(text,
                        "<html><head><!--linksnap-head--></head><body>"
                        "<p title=\"&amp;amp; &lt;&gt;&quot;' &amp;#38; a\nb\tc\" data-x=\"\">"
                        "&amp;lt; \xE4\xB8\xAD\xF0\x9F\x98\x80 ]]&gt; &#13;end</p>"
                        "<!--linksnap-end--></body></html>");
    free(text);
    document_destroy(doc);
}

static void a_document_always_gets_one_head_and_one_body(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"<html xmlns='http://www.w3.org/1999/xhtml'/>", "<html><head></head><body></body></html>"},
        {"<p xmlns='http://www.w3.org/1999/xhtml'>x</p>",
         "<html><head></head><body><p>x</p></body></html>"},
        {WIRE_ROOT "a<body>b</body>c<p>d</p></html>",
         "<html><head></head><body>bac<p>d</p></body></html>"},
        {WIRE_ROOT " <body>b</body> <head><title>t</title></head></html>",
         "<html><head><title>t</title></head><body>b</body></html>"},
        {WIRE_ROOT "<head/><body>1</body><body>2</body><head><title>3</title></head></html>",
         "<html><head></head><body>1<div style=\"margin:8px;\">2</div><div "
         "style=\"display:none;\"><title>3</title>"
         "</div></body></html>"},
        {"<rss><item>x</item></rss>",
         "<html><head></head><body><rss><item>x</item></rss></body></html>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *stored = page_fixture_store(FIXTURE_WIRE, cases[i].in, "");
        char *mark = strstr(stored, DOCUMENT_HEAD_MARK);
        assert_non_null(mark);
        memmove(mark, mark + strlen(DOCUMENT_HEAD_MARK),
                strlen(mark) + 1 - strlen(DOCUMENT_HEAD_MARK));
        mark = strstr(stored, DOCUMENT_END_MARK);
        assert_non_null(mark);
        memmove(mark, mark + strlen(DOCUMENT_END_MARK),
                strlen(mark) + 1 - strlen(DOCUMENT_END_MARK));
        assert_string_equal(stored, cases[i].out);
        free(stored);
    }
}

static void doctypes_keep_their_mode_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"", ""},
        {"<!DOCTYPE html>", "<!DOCTYPE html>"},
        {"<!doctype HTML >", "<!DOCTYPE html>"},
        {"<!DOCTYPE html SYSTEM \"about:legacy-compat\">",
         "<!DOCTYPE html SYSTEM \"about:legacy-compat\">"},
        {"<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'>",
         "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">"},
        {"<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" "
         "\"http://www.w3.org/TR/html4/strict.dtd\">",
         "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" "
         "\"http://www.w3.org/TR/html4/strict.dtd\">"},
        {"<!DOCTYPE svg>", ""},
        {"<!DOCTYPE htmlx>", ""},
        {"<!DOCTYPE html PUBLIC \"><script>alert(1)</script>\">", "<!DOCTYPE html>"},
        {"<!DOCTYPE html SYSTEM 'a\"b'>", "<!DOCTYPE html>"},
        {"<!DOCTYPE html PUBLIC \"\" \"\">", "<!DOCTYPE html>"},
        {"<!DOCTYPE html PUBLIC \"linksnap-asset:0123\">", "<!DOCTYPE html>"},
        {"<script>alert(1)</script>", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document *doc =
            page_fixture_document(FIXTURE_WIRE, WIRE_ROOT "</html>", cases[i].in);
        assert_string_equal(doc->doctype, cases[i].out);
        document_destroy(doc);
    }
}

/* ---- The web form ---- */

static void the_web_form_finds_its_base_and_its_mode(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *base;
        const char *doctype;
    } cases[] = {
        {"<!doctype html><p>", "http://example.test/dir/page.html", "<!DOCTYPE html>"},
        {"<p>", "http://example.test/dir/page.html", ""},
        {"<!doctype html><base target=x><base href=sub/><base href=/other/>",
         "http://example.test/dir/sub/", "<!DOCTYPE html>"},
        {"<!doctype html><base href='https://cdn.test/x/y?z'>", "https://cdn.test/x/y?z",
         "<!DOCTYPE html>"},
        {"<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\"><p>",
         "http://example.test/dir/page.html",
         "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\">"},
        {"<!DOCTYPE html PUBLIC><p>", "http://example.test/dir/page.html", ""},
        {"<!DOCTYPE html SYSTEM \"about:legacy-compat\">", "http://example.test/dir/page.html",
         "<!DOCTYPE html SYSTEM \"about:legacy-compat\">"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document *doc = page_fixture_document(FIXTURE_WEB, cases[i].in, NULL);
        assert_string_equal(doc->url, "http://example.test/dir/page.html");
        assert_string_equal(doc->base, cases[i].base);
        assert_string_equal(doc->doctype, cases[i].doctype);
        assert_true(doc->web);
        document_destroy(doc);
    }
}

static void the_web_form_is_decoded_as_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *charset;
    } cases[] = {
        {"<!doctype html><p>\xD6\xD0\xCE\xC4", "gbk"},
        {"<!doctype html><meta charset=gb2312><p>\xD6\xD0\xCE\xC4", ""},
        {"\xEF\xBB\xBF<!doctype html><p>\xE4\xB8\xAD\xE6\x96\x87", "gbk"},
        {"<!doctype html><p>\xE4\xB8\xAD\xE6\x96\x87", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct document *doc = NULL;
        struct document_origin origin = {.url = slice_of("http://example.test/"),
                                         .charset = slice_of(cases[i].charset)};
        assert_true(document_read_web(slice_of(cases[i].bytes), &origin, &doc, &err));
        char *text = page_fixture_write(doc);
        assert_non_null(strstr(text, "<p>\xE4\xB8\xAD\xE6\x96\x87</p>"));
        free(text);
        document_destroy(doc);
    }
}

static void controls_and_nuls_do_not_get_into_the_tree(void **state)
{
    (void)state;
    struct error err = {0};
    struct document *doc = NULL;
    struct document_origin origin = {.url = slice_of("http://example.test/"),
                                     .charset = slice_of("utf-8")};
    static const char bytes[] = "<p title='a\0b&#1;c&#0;'>d\0e&#x1F;f\x08\x0Bg</p><a\0b>h";
    assert_true(document_read_web(slice_make(bytes, sizeof bytes - 1), &origin, &doc, &err));
    assert_true(sanitize_document(doc, &err));
    char *text = page_fixture_write(doc);
    for (const char *c = text; *c != '\0'; c++)
        assert_true((unsigned char)*c >= ' ' || *c == '\n');
    assert_non_null(strstr(text, "d"));
    assert_non_null(strstr(text, "h"));
    free(text);
    document_destroy(doc);
}

static void text_at_the_end_of_a_form_stays_in_it(void **state)
{
    (void)state;
    char *stored = page_fixture_store(FIXTURE_WEB, "<form>a<b>b</b> c > d</FORM>e</form>f", NULL);
    assert_non_null(
        strstr(stored, "<body><form method=\"dialog\">a<b>b</b> c &gt; d</form>ef<!--"));
    free(stored);
}

/* ---- Canvases ---- */

static void a_canvas_becomes_the_picture_it_shows(void **state)
{
    (void)state;
    struct error err = {0};
    char *page = page_fixture_wire_page(
        "<canvas id=\"a\" width=\"20\" height=\"10\" style=\"width:100%; background-image: "
        "url(linksnap:canvas/3); background-size: 100% 100%\">fallback</canvas>"
        "<canvas width=\"7\"></canvas>");
    struct document *doc = page_fixture_document(FIXTURE_WIRE, page, "");
    assert_true(document_settle_canvases(doc, &err));
    xmlNodePtr image = xmlDocGetRootElement(doc->tree)->last->children;
    assert_true(tree_is(image, NS_HTML, "img"));
    assert_string_equal(tree_value(tree_find_attribute(image, "src")).ptr, "linksnap:canvas/3");
    assert_string_equal(tree_value(tree_find_attribute(image, "style")).ptr,
                        "width:100%; background-image: none; background-size: 100% 100%");
    assert_null(tree_find_attribute(image, "width"));
    assert_null(image->children);
    image = image->next;
    assert_true(tree_is(image, NS_HTML, "img"));
    assert_string_equal(tree_value(tree_find_attribute(image, "src")).ptr,
                        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='7' "
                        "height='150'/%3E");
    document_destroy(doc);
    free(page);
}

/* ---- Preparing ---- */

static char *prepare(struct document *doc, struct assets *assets)
{
    struct error err = {0};
    if (!document_prepare(doc, assets, &err))
        fail_msg("%s", err.text);
    return page_fixture_write(doc);
}

static void preparing_twice_changes_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    char why[256] = "";
    struct assets *assets = NULL;
    struct assets_options options = {.page_url = "http://example.test/dir/page.html"};
    assert_true(assets_create(&options, &assets, &err));
    char *page = page_fixture_wire_page(
        "<style>@import \"a.css\"; p { background: url(b.png) }</style>"
        "<img src=\"c.png\" srcset=\"d.png 2x\"/><img src=\"javascript:alert(1)\"/>"
        "<a href=\"e\">x</a><a href=\"#f\">y</a><a href=\"javascript:alert(1)\">z</a>"
        "<iframe ls:frame=\"2\" src=\"g\"/><iframe src=\"h\"/><object data=\"i.svg\"/>"
        "<video src=\"j.mp4\" poster=\"k.jpg\" autoplay=\"\"/><div style=\"mask:url(l.svg#m)\"/>"
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"n.svg#o\"/><image "
        "xlink:href=\"p.png\"/>"
        "<rect fill=\"url(q.svg#r)\"/></svg><p>linksnap-asset:0123456789abcdef0123456789abcdef</p>"
        "<canvas style=\"background-image: url(linksnap:canvas/0); background-size: 100% 100%\"/>"
        "<form action=\"s\"><input type=\"image\" src=\"t.gif\"/></form>");
    struct document *doc = page_fixture_document(FIXTURE_WIRE, page, "<!DOCTYPE html>");
    char *once = prepare(doc, assets);
    size_t count = assets_count(assets);
    char *twice = prepare(doc, assets);
    assert_string_equal(once, twice);
    assert_int_equal(assets_count(assets), count);
    if (!page_audit(once, why, sizeof why))
        fail_msg("%s in %s", why, once);
    static const char *const wanted[] = {"a.css", "b.png", "c.png", "d.png", "i.svg",
                                         "j.mp4", "k.jpg", "n.svg", "p.png", "t.gif"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        size_t at = 0;
        while (at < count && strstr(assets_at(assets, at)->url, wanted[i]) == NULL)
            at++;
        if (at == count || strstr(once, assets_at(assets, at)->ref) == NULL)
            fail_msg("%s is not in %s", wanted[i], once);
    }
    assert_null(strstr(once, "example.test/h"));
    free(once);
    free(twice);
    free(page);
    document_destroy(doc);
    assets_destroy(assets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_fixture_gives_its_stored_form),
        cmocka_unit_test(the_wire_form_refuses_what_the_walker_never_sends),
        cmocka_unit_test(the_wire_form_is_read_exactly),
        cmocka_unit_test(a_document_always_gets_one_head_and_one_body),
        cmocka_unit_test(doctypes_keep_their_mode_and_nothing_else),
        cmocka_unit_test(the_web_form_finds_its_base_and_its_mode),
        cmocka_unit_test(the_web_form_is_decoded_as_it_says),
        cmocka_unit_test(controls_and_nuls_do_not_get_into_the_tree),
        cmocka_unit_test(text_at_the_end_of_a_form_stays_in_it),
        cmocka_unit_test(a_canvas_becomes_the_picture_it_shows),
        cmocka_unit_test(preparing_twice_changes_nothing),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}

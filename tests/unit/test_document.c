/* page: reading both forms, writing the third. */
#include "base/limits.h"
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
#include <time.h>

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

static void assert_refused(enum fixture_form form, struct slice text, enum error_code code)
{
    struct error err = {0};
    struct document *doc = NULL;
    struct document_origin origin = {.url = slice_of("http://example.test/")};
    bool ok = form == FIXTURE_WIRE ? document_read_wire(text, &origin, &doc, &err)
                                   : document_read_web(text, &origin, &doc, &err);
    if (ok)
        fail_msg("not refused: %.*s", text.len < 200 ? (int)text.len : 200, text.ptr);
    assert_null(doc);
    if (err.code != code)
        fail_msg("refused with %s: %s", error_name(err.code), err.text);
    assert_true(err.text[0] != '\0');
}

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
        assert_refused(FIXTURE_WIRE, slice_of(bad[i]), ERR_DOCUMENT);
    assert_refused(FIXTURE_WIRE, slice_make("<html>\0</html>", 14), ERR_DOCUMENT);
    assert_refused(FIXTURE_WIRE, slice_make("\xFF\xFE<\0h\0t\0m\0l\0/\0>\0", 16), ERR_DOCUMENT);
    assert_refused(FIXTURE_WIRE, slice_make("<\0h\0t\0m\0l\0/\0>\0", 14), ERR_DOCUMENT);
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
         "<html><head></head><body>12<title>3</title></body></html>"},
        {"<rss><item>x</item></rss>",
         "<html><head></head><body><span><span>x</span></span></body></html>"},
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

/* ---- Ceilings ---- */

/* `head`, `part` so many times, `tail`. */
static struct buf repeat(const char *head, const char *part, size_t count, const char *tail)
{
    struct buf text;
    buf_init(&text, 2 * LIMIT_DOCUMENT);
    buf_add_text(&text, head);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&text, part);
    buf_add_text(&text, tail);
    assert_int_equal(text.failed, ERR_NONE);
    return text;
}

static struct buf nested(size_t depth)
{
    struct buf text = repeat(WIRE_ROOT "<body>", "<b>", depth - 2, "");
    for (size_t i = 0; i < depth - 2; i++)
        buf_add_text(&text, "</b>");
    buf_add_text(&text, "</body></html>");
    return text;
}

static void assert_wire_read(struct slice text)
{
    struct error err = {0};
    struct document *doc = NULL;
    struct document_origin origin = {.url = slice_of("http://example.test/")};
    if (!document_read_wire(text, &origin, &doc, &err))
        fail_msg("%s", err.text);
    document_destroy(doc);
}

static void the_wire_form_has_ceilings_of_depth_attributes_and_size(void **state)
{
    (void)state;
    struct buf text = nested(LIMIT_DEPTH);
    assert_wire_read(buf_slice(&text));
    buf_finish(&text);
    text = nested(LIMIT_DEPTH + 1);
    assert_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
    buf_finish(&text);
    text = nested(100000);
    assert_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
    buf_finish(&text);
    for (size_t extra = 0; extra < 2; extra++) {
        buf_init(&text, LIMIT_DOCUMENT);
        buf_add_text(&text, "<html xmlns='http://www.w3.org/1999/xhtml'><p");
        for (size_t i = 0; i < LIMIT_ATTRIBUTES + extra; i++)
            buf_printf(&text, " a%zu='='", i);
        buf_add_text(&text, "/></html>");
        if (extra == 0)
            assert_wire_read(buf_slice(&text));
        else
            assert_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
        buf_finish(&text);
    }
    size_t rest = LIMIT_DOCUMENT - strlen("<html></html>");
    text = repeat("<html>", "", 0, "");
    assert_true(buf_reserve(&text, rest + 10));
    memset(text.ptr + text.len, 'x', rest);
    text.len += rest;
    buf_add_text(&text, "</html>");
    assert_int_equal(text.len, LIMIT_DOCUMENT);
    assert_wire_read(buf_slice(&text));
    buf_finish(&text);
    text = repeat("<html>", "", 0, "");
    assert_true(buf_reserve(&text, rest + 10));
    memset(text.ptr + text.len, 'x', rest + 1);
    text.len += rest + 1;
    buf_add_text(&text, "</html>");
    assert_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
    buf_finish(&text);
}

static size_t depth_of(const struct document *doc)
{
    size_t deepest = 0;
    const xmlNode *root = xmlDocGetRootElement(doc->tree);
    for (const xmlNode *node = root; node != NULL; node = tree_next(node, root)) {
        size_t depth = 0;
        if (node->type != XML_ELEMENT_NODE || node->children != NULL)
            continue;
        for (const xmlNode *up = node; up->type == XML_ELEMENT_NODE; up = up->parent)
            depth++;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static void the_web_form_is_capped_in_depth_within_bounded_time(void **state)
{
    (void)state;
    static const char *const parts[] = {"<div>",
                                        "<b>",
                                        "<span>x",
                                        "<table><tr><td>",
                                        "<x-y>",
                                        "<table><tr><td></div><div>",
                                        "<b><div></b>",
                                        "<svg><g>",
                                        "<p><button>",
                                        "<ul><li>",
                                        "<font size=1><p>",
                                        "<a><p>",
                                        "<math><mi>",
                                        "<div></p>",
                                        "<select><option>",
                                        "<i></div></b><em>",
                                        "<ruby><rt>",
                                        "<h1><section>"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct buf text = repeat("<!doctype html>", parts[i], 60000, "end");
        struct error err = {0};
        struct document *doc = NULL;
        struct document_origin origin = {.url = slice_of("http://example.test/")};
        clock_t started = clock();
        bool ok = document_read_web(buf_slice(&text), &origin, &doc, &err);
        double seconds = (double)(clock() - started) / CLOCKS_PER_SEC;
        if (!ok && err.code != ERR_LIMIT)
            fail_msg("%s: %s", parts[i], err.text);
        if (ok && depth_of(doc) > LIMIT_HTML_DEPTH)
            fail_msg("%s: depth %zu", parts[i], depth_of(doc));
        if (seconds > 60)
            fail_msg("%s: %.1f s", parts[i], seconds);
        document_destroy(doc);
        buf_finish(&text);
    }
}

static void the_web_form_has_ceilings_of_attributes_size_and_memory(void **state)
{
    (void)state;
    struct buf text;
    for (size_t extra = 0; extra < 2; extra++) {
        buf_init(&text, LIMIT_DOCUMENT);
        buf_add_text(&text, "<p");
        for (size_t i = 0; i < LIMIT_ATTRIBUTES + extra; i++)
            buf_printf(&text, " a%zu=x", i);
        buf_add_text(&text, ">x");
        if (extra == 0)
            document_destroy(page_fixture_document(FIXTURE_WEB, text.ptr, NULL));
        else
            assert_refused(FIXTURE_WEB, buf_slice(&text), ERR_LIMIT);
        buf_finish(&text);
    }
    buf_init(&text, 2 * LIMIT_PAGE_BODY);
    assert_true(buf_reserve(&text, LIMIT_PAGE_BODY + 1));
    memset(text.ptr, ' ', LIMIT_PAGE_BODY + 1);
    text.len = LIMIT_PAGE_BODY + 1;
    assert_refused(FIXTURE_WEB, buf_slice(&text), ERR_LIMIT);
    buf_finish(&text);
    /* The text in each <div> opens all of the formatting elements again. */
    buf_init(&text, LIMIT_PAGE_BODY);
    buf_add_text(&text, "<div>");
    for (size_t i = 0; i < 400; i++)
        buf_printf(&text, "<b id=%zu>", i);
    for (size_t i = 0; i < 100000; i++)
        buf_add_text(&text, "</div><div>x");
    assert_refused(FIXTURE_WEB, buf_slice(&text), ERR_LIMIT);
    buf_finish(&text);
}

static void paragraphs_and_cells_that_are_never_closed_are_no_depth(void **state)
{
    (void)state;
    struct buf text = repeat("<!doctype html><table>", "<tr><td>a<td><p>b<p>c<ul><li>d<li>e</ul>",
                             2000, "</table><dl>");
    for (size_t i = 0; i < 2000; i++)
        buf_add_text(&text, "<dt>x<dd>y<p>z");
    struct document *doc = page_fixture_document(FIXTURE_WEB, text.ptr, NULL);
    assert_true(depth_of(doc) < 20);
    xmlNodePtr root = xmlDocGetRootElement(doc->tree);
    size_t paragraphs = 0;
    for (xmlNodePtr node = root; node != NULL; node = tree_next(node, root))
        paragraphs += tree_is(node, NS_HTML, "p");
    assert_int_equal(paragraphs, 6000);
    document_destroy(doc);
    buf_finish(&text);
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

/* An assertion of gumbo 0.10.1 fails here; another parser may read it. */
static void a_page_that_ends_the_parser_ends_nothing_else(void **state)
{
    (void)state;
    static const char page[] =
        "<table><svg><select><desc><img><select><table><form><button>x</button>"
        "</form><body>";
    struct document_origin origin = {.url = slice_of("http://example.test/")};
    for (size_t i = 0; i < 3; i++) {
        struct error err = {0};
        struct document *doc = NULL;
        if (!document_read_web(slice_of(page), &origin, &doc, &err))
            assert_int_equal(err.code, ERR_DOCUMENT);
        document_destroy(doc);
        doc = page_fixture_document(FIXTURE_WEB, "<p>still here", NULL);
        document_destroy(doc);
    }
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

/* ---- Speed ---- */

static void a_large_document_takes_linear_time(void **state)
{
    (void)state;
    double seconds[2];
    for (size_t i = 0; i < 2; i++) {
        size_t count = i == 0 ? 10000 : 80000;
        struct buf text =
            repeat(WIRE_ROOT "<body>",
                   "<p class='c'>text <a href='http://example.test/?a&amp;b'>link</a></p>", count,
                   "</body></html>");
        clock_t started = clock();
        char *stored = page_fixture_store(FIXTURE_WIRE, text.ptr, "<!DOCTYPE html>");
        seconds[i] = (double)(clock() - started) / CLOCKS_PER_SEC;
        free(stored);
        buf_finish(&text);
    }
    /* Eight times the size; a quadratic step would take 64 times as long. */
    assert_true(seconds[1] < 30 * seconds[0] + 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_fixture_gives_its_stored_form),
        cmocka_unit_test(the_wire_form_refuses_what_the_walker_never_sends),
        cmocka_unit_test(the_wire_form_is_read_exactly),
        cmocka_unit_test(a_document_always_gets_one_head_and_one_body),
        cmocka_unit_test(doctypes_keep_their_mode_and_nothing_else),
        cmocka_unit_test(the_wire_form_has_ceilings_of_depth_attributes_and_size),
        cmocka_unit_test(the_web_form_is_capped_in_depth_within_bounded_time),
        cmocka_unit_test(the_web_form_has_ceilings_of_attributes_size_and_memory),
        cmocka_unit_test(paragraphs_and_cells_that_are_never_closed_are_no_depth),
        cmocka_unit_test(the_web_form_finds_its_base_and_its_mode),
        cmocka_unit_test(the_web_form_is_decoded_as_it_says),
        cmocka_unit_test(controls_and_nuls_do_not_get_into_the_tree),
        cmocka_unit_test(text_at_the_end_of_a_form_stays_in_it),
        cmocka_unit_test(a_page_that_ends_the_parser_ends_nothing_else),
        cmocka_unit_test(a_canvas_becomes_the_picture_it_shows),
        cmocka_unit_test(a_large_document_takes_linear_time),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}

/* page: what reading a document may cost. */
#include "base/limits.h"
#include "page/tree_edit.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define WIRE_ROOT "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:ls=\"urn:linksnap:1\">"

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
    page_fixture_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
    buf_finish(&text);
    text = nested(100000);
    page_fixture_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
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
            page_fixture_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
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
    page_fixture_refused(FIXTURE_WIRE, buf_slice(&text), ERR_LIMIT);
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
            page_fixture_refused(FIXTURE_WEB, buf_slice(&text), ERR_LIMIT);
        buf_finish(&text);
    }
    buf_init(&text, 2 * LIMIT_PAGE_BODY);
    assert_true(buf_reserve(&text, LIMIT_PAGE_BODY + 1));
    memset(text.ptr, ' ', LIMIT_PAGE_BODY + 1);
    text.len = LIMIT_PAGE_BODY + 1;
    page_fixture_refused(FIXTURE_WEB, buf_slice(&text), ERR_LIMIT);
    buf_finish(&text);
    /* The text in each <div> opens all of the formatting elements again. */
    buf_init(&text, LIMIT_PAGE_BODY);
    buf_add_text(&text, "<div>");
    for (size_t i = 0; i < 400; i++)
        buf_printf(&text, "<b id=%zu>", i);
    for (size_t i = 0; i < 100000; i++)
        buf_add_text(&text, "</div><div>x");
    page_fixture_refused(FIXTURE_WEB, buf_slice(&text), ERR_LIMIT);
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
        cmocka_unit_test(the_wire_form_has_ceilings_of_depth_attributes_and_size),
        cmocka_unit_test(the_web_form_is_capped_in_depth_within_bounded_time),
        cmocka_unit_test(the_web_form_has_ceilings_of_attributes_size_and_memory),
        cmocka_unit_test(paragraphs_and_cells_that_are_never_closed_are_no_depth),
        cmocka_unit_test(a_page_that_ends_the_parser_ends_nothing_else),
        cmocka_unit_test(a_large_document_takes_linear_time),
    };
    return cmocka_run_group_tests_name("document limits", tests, NULL, NULL);
}

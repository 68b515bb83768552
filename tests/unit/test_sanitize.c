/* page: policy, sanitize_document, document_write against hostile pages. */
#include "base/limits.h"
#include "page/css_harden.h"
#include "page/policy.h"
#include "page/sanitize.h"
#include "page/tree.h"
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

/* ---- The corpus ---- */

/* Sanitized, written, sanitized again as it stands and written again. */
static char *store_twice(enum fixture_form form, const char *text, bool *same_out)
{
    struct error err = {0};
    struct document *doc = page_fixture_document(form, text, "<!DOCTYPE html>");
    assert_true(sanitize_document(doc, &err));
    char *once = page_fixture_write(doc);
    assert_true(sanitize_document(doc, &err));
    char *twice = page_fixture_write(doc);
    *same_out = strcmp(once, twice) == 0;
    document_destroy(doc);
    free(twice);
    return once;
}

/* Stored once and again, a page is inert both times and does not change any more. */
static bool survives(enum fixture_form form, const char *vector, const char *place)
{
    char why[256] = "is changed by a second run";
    bool same;
    char *page = form == FIXTURE_WIRE ? page_fixture_wire_page(vector) : NULL;
    char *once = store_twice(form, page != NULL ? page : vector, &same);
    char *twice = page_fixture_store(FIXTURE_WEB, once, NULL);
    bool ok = same && page_audit(once, why, sizeof why) && page_audit(twice, why, sizeof why);
    if (!ok)
        print_error("%s: %s\n%s\n=> %s\n", place, why, vector, once);
    if (ok && form == FIXTURE_WEB && strcmp(once, twice) != 0) {
        print_error("%s: changes when read again\n%s\n1> %s\n2> %s\n", place, vector, once, twice);
        ok = false;
    }
    free(page);
    free(once);
    free(twice);
    return ok;
}

/* The vectors of a file stand between lines of three hyphens. */
static size_t replay(const char *file, size_t *failed)
{
    char path[256];
    size_t count = 0;
    bool wire = strncmp(file, "wire-", 5) == 0;
    snprintf(path, sizeof path, "tests/fixtures/hostile/%s", file);
    char *text = page_fixture_read(path);
    for (char *at = text; at != NULL;) {
        char place[300];
        char *end = strstr(at, "\n---\n");
        if (end != NULL)
            *end = '\0';
        snprintf(place, sizeof place, "%s, number %zu", file, ++count);
        *failed += !survives(wire ? FIXTURE_WIRE : FIXTURE_WEB, at, place);
        at = end != NULL ? end + 5 : NULL;
    }
    free(text);
    return count;
}

static void every_hostile_vector_is_made_inert_and_stays_so(void **state)
{
    (void)state;
    size_t files;
    size_t count = 0;
    size_t failed = 0;
    char **names = page_fixture_names("hostile", ".txt", &files);
    for (size_t i = 0; i < files; i++)
        count += replay(names[i], &failed);
    page_fixture_free_names(names, files);
    print_message("%zu vectors in %zu files\n", count, files);
    assert_true(count >= 1000);
    assert_int_equal(failed, 0);
}

/* ---- Tables ---- */

/* Rows look like `{"name", ...`; a table ends at the next `static`. */
static size_t check_order(const char *path)
{
    size_t rows = 0;
    char last[64] = "";
    char *source = page_fixture_read(path);
    for (char *line = strtok(source, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (strncmp(line, "static", 6) == 0)
            last[0] = '\0';
        for (char *at = line; (at = strstr(at, "{\"")) != NULL; at += 2) {
            char name[64] = "";
            size_t len = strcspn(at + 2, "\"");
            assert_true(len < sizeof name);
            memcpy(name, at + 2, len);
            if (strcmp(last, name) > 0)
                fail_msg("%s: %s stands before %s", path, last, name);
            memcpy(last, name, sizeof last);
            rows++;
        }
    }
    free(source);
    return rows;
}

static void the_tables_are_in_order(void **state)
{
    (void)state;
    assert_true(check_order("host/page/policy_elements.c") > 200);
    assert_true(check_order("host/page/policy_attributes.c") > 100);
}

static void no_table_knows_a_handler_and_none_lets_one_stay(void **state)
{
    (void)state;
    static const char *const names[] = {"onclick", "ONLOAD", "onFutureEvent", "on", "On-x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(policy_attribute("div", names[i]), ATTRIBUTE_DROP);
        assert_int_equal(policy_attribute("x-y", names[i]), ATTRIBUTE_DROP);
    }
    assert_int_equal(policy_attribute("a", "HREF"), ATTRIBUTE_LINK);
    assert_int_equal(policy_attribute("A", "href"), ATTRIBUTE_LINK);
    assert_int_equal(policy_attribute("abbr", "href"), ATTRIBUTE_DROP);
    assert_int_equal(policy_attribute("feImage", "xlink:href"), ATTRIBUTE_ASSET);
    assert_int_equal(policy_attribute("div", "xlink:href"), ATTRIBUTE_DROP);
    assert_int_equal(policy_attribute("div", "v-on:click"), ATTRIBUTE_DROP);
    assert_int_equal(policy_attribute("div", "@click"), ATTRIBUTE_DROP);
    assert_int_equal(policy_attribute("div", ""), ATTRIBUTE_DROP);
    assert_int_equal(policy_attribute("div", "data-anything"), ATTRIBUTE_KEEP);
    assert_int_equal(policy_attribute("div", "theme"), ATTRIBUTE_UNKNOWN);
}

static void unknown_names_stay_only_when_every_parser_reads_them_alike(void **state)
{
    (void)state;
    static const char *const good[] = {"x", "my-card", "o:p", "a.b", "a_b", "x-\xE4\xB8\xAD"};
    static const char *const bad[] = {
        "",         "script",      "svg",        "set",     "mglyph",         "X-y",
        "1x",       "a b",         "a>b",        "a/b",     "a\"b",           "-x",
        "div",      "image",       "plaintext",  "feimage", "lineargradient", "\xE4\xB8\xAD",
        "x:script", "ev:listener", "a:b:iframe", "install"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(policy_element_name(slice_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(policy_element_name(slice_of(bad[i])));
    assert_false(policy_element_name(slice_make("a\0b", 3)));
}

/* ---- Cases ---- */

#define REF  "0123456789abcdef0123456789abcdef"
#define AWAY " target=\"_blank\" rel=\"noopener noreferrer\""

static void links_lead_where_a_person_may_go_or_nowhere(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"<a href=http://a.test/>x</a>", "<a href=\"http://a.test/\"" AWAY ">x</a>"},
        {"<a href=' HTTPS://a.test/'>x</a>", "<a href=\" HTTPS://a.test/\"" AWAY ">x</a>"},
        {"<a href=mailto:a@b.test>x</a>", "<a href=\"mailto:a@b.test\"" AWAY ">x</a>"},
        {"<a href=tel:+1>x</a>", "<a href=\"tel:+1\"" AWAY ">x</a>"},
        {"<a href=#x target=_top rel=me>x</a>", "<a href=\"#x\">x</a>"},
        {"<a href=''>x</a>", "<a href=\"#\">x</a>"},
        {"<a href=relative>x</a>", "<a href=\"#\">x</a>"},
        {"<a href=//a.test/>x</a>", "<a href=\"#\">x</a>"},
        {"<a href=ht%74p://a.test/>x</a>", "<a href=\"#\">x</a>"},
        {"<a href=javascript:;>x</a>", "<a href=\"#\">x</a>"},
        {"<a href='java\nscript:x'>x</a>", "<a href=\"#\">x</a>"},
        {"<a href=x-httpx:y>x</a>", "<a href=\"#\">x</a>"},
        {"<a>x</a>", "<a>x</a>"},
        {"<area href=ftp://a.test/ ping=/p>", "<area href=\"ftp://a.test/\"" AWAY ">"},
        {"<a href=blob:http://a.test/1>x</a>", "<a href=\"#\">x</a>"},
        {"<a href=linksnap-asset:" REF ">x</a>", "<a href=\"#\">x</a>"},
    };
    PAGE_FIXTURE_BODIES(FIXTURE_WEB, cases);
}

static void references_are_ours_or_go(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"<img src=linksnap-asset:" REF ">", "<img src=\"linksnap-asset:" REF "\">"},
        {"<img src=linksnap-asset:" REF "#a>", "<img src=\"linksnap-asset:" REF "#a\">"},
        {"<img src=linksnap-asset:" REF "0>", "<img>"},
        {"<img src=linksnap-asset:" REF "?x>", "<img>"},
        {"<img src=' linksnap-asset:" REF "'>", "<img>"},
        {"<img src=linksnap-frame:" REF ">", "<img>"},
        {"<img src=data:image/gif;base64,R0>", "<img src=\"data:image/gif;base64,R0\">"},
        {"<img src=data:text/html,x>", "<img>"},
        {"<img src=http://a.test/x alt=a>", "<img alt=\"a\">"},
        {"<img srcset='linksnap-asset:" REF " 1x, http://a.test/ 2x'>",
         "<img srcset=\"linksnap-asset:" REF " 1x\">"},
        {"<img srcset='http://a.test/ 2x'>", "<img>"},
        {"<div src=linksnap-asset:" REF ">x</div>", "<div>x</div>"},
        {"<iframe srcdoc=linksnap-frame:" REF "></iframe>",
         "<iframe srcdoc=\"linksnap-frame:" REF
         "\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>"},
        {"<iframe srcdoc=linksnap-frame:" REF "#x></iframe>",
         "<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>"},
        {"<svg><use href=linksnap-asset:" REF "#i></use></svg>",
         "<svg><use href=\"linksnap-asset:" REF "#i\"></use></svg>"},
        {"<svg><use href=data:image/svg+xml,x></use></svg>", "<svg><use></use></svg>"},
        {"<svg><feImage href=#a></feImage><image href=#a></image></svg>",
         "<svg><feImage href=\"#a\"></feImage><image></image></svg>"},
        {"<body background=linksnap-asset:" REF "><p>x</p>", NULL},
        {"<p style='background:url(linksnap-asset:" REF ")'>x</p>",
         "<p style=\"background:url(&quot;linksnap-asset:" REF "&quot;)\">x</p>"},
        {"<p style='background:url(data:image/png,x)'>x</p>",
         "<p style=\"background:url(&quot;data:image/png,x&quot;)\">x</p>"},
        {"<p style='background:url(data:text/html,x)'>x</p>",
         "<p style=\"background:url(&quot;&quot;)\">x</p>"},
        {"<p style='color:red;width:calc(1px + 2px)'>x</p>",
         "<p style=\"color:red;width:calc(1px + 2px)\">x</p>"},
        {"<audio src=data:audio/mpeg,x></audio>", "<audio></audio>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cases[i].out != NULL)
            page_fixture_bodies(FIXTURE_WEB, &cases[i], 1);
    char *stored = page_fixture_store(FIXTURE_WEB, cases[17].in, NULL);
    assert_non_null(strstr(stored, "<body background=\"linksnap-asset:" REF "\">"));
    free(stored);
}

static void forged_references_are_broken_up_and_true_ones_are_not(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"linksnap-asset:" REF, "linksnap&#45;asset:" REF},
        {"<b title=linksnap-frame:" REF ">x</b>", "<b title=\"linksnap&#45;frame:" REF "\">x</b>"},
        {"<a href='http://a.test/linksnap-asset:" REF "'>x</a>",
         "<a href=\"http://a.test/linksnap&#45;asset:" REF "\"" AWAY ">x</a>"},
        {"<p style=\"--x:'linksnap-asset:" REF "'\">x</p>",
         "<p style=\"--x:'linksnap\\2d asset:" REF "'\">x</p>"},
        {"link<script></script>snap-asset:" REF, "linksnap&#45;asset:" REF},
        {"<p> srcdoc=\"linksnap<embed>-frame:" REF "\"</p>",
         "<p> srcdoc=\"linksnap&#45;frame:" REF "\"</p>"},
        {"link<b>snap-asset:</b>", "link<b>snap-asset:</b>"},
        {"<textarea>linksnap-asset:" REF "</textarea>",
         "<textarea>linksnap&#45;asset:" REF "</textarea>"},
        {"<style>a{content:'linksnap-asset:" REF "';background:url(linksnap-asset:" REF
         ")}</style>",
         "<style>a{content:'linksnap\\2d asset:" REF "';background:url(\"linksnap-asset:" REF
         "\")}</style>"},
    };
    for (size_t i = 0; i + 1 < sizeof cases / sizeof *cases; i++)
        page_fixture_bodies(FIXTURE_WEB, &cases[i], 1);
    char *stored =
        page_fixture_store(FIXTURE_WEB, cases[sizeof cases / sizeof *cases - 1].in, NULL);
    assert_non_null(strstr(stored, cases[sizeof cases / sizeof *cases - 1].out));
    free(stored);
}

static void attributes_that_look_and_feel_stay(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"<p id=i class='a b' lang=zh dir=rtl role=note aria-label=l data-u=http://a.test/ "
         "hidden inert tabindex=0 theme=dark align=left>x</p>",
         "<p id=\"i\" class=\"a b\" lang=\"zh\" dir=\"rtl\" role=\"note\" aria-label=\"l\" "
         "data-u=\"http://a.test/\" hidden=\"\" inert=\"\" tabindex=\"0\" theme=\"dark\" "
         "align=\"left\">x</p>"},
        {"<x-y kind=primary url=http://a.test/ u2=//a.test u3='\\\\a' u4='mailto: x' u5='a "
         "b'>x</x-y>",
         "<x-y kind=\"primary\" u5=\"a b\">x</x-y>"},
        {"<input value=javascript:x placeholder=http://x>",
         "<input value=\"javascript:x\" placeholder=\"http://x\">"},
        {"<div contenteditable=plaintext-only>x</div>",
         "<div contenteditable=\"plaintext-only\">x</div>"},
        {"<x-a part=\"b c\" exportparts=\"d:e\" slot=\"f:g\" is=\"h-i\"></x-a>",
         "<x-a part=\"b c\" exportparts=\"d:e\" slot=\"f:g\" is=\"h-i\"></x-a>"},
        {"<font face=\"a: b\">x</font>", "<font face=\"a: b\">x</font>"},
        {"<svg><switch><g requiredExtensions=\"http://x/\"/></switch></svg>",
         "<svg><switch><g requiredExtensions=\"http://x/\"></g></switch></svg>"},
        {"<td>x", "x"},
        {"<font color=red size=2>x</font>", "<font color=\"red\" size=\"2\">x</font>"},
        {"<ol start=3 reversed type=a><li value=7>x</ol>",
         "<ol start=\"3\" reversed=\"\" type=\"a\"><li value=\"7\">x</li></ol>"},
    };
    PAGE_FIXTURE_BODIES(FIXTURE_WEB, cases);
}

static void names_that_a_parser_would_change_go(void **state)
{
    (void)state;
    static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
    static const struct page_fixture_case cases[] = {
        {" viewBox=\"0 0 1 1\" viewbox=\"x\" VIEWBOX=\"y\"/>", "<svg viewBox=\"0 0 1 1\"></svg>"},
        {"><a HREF=\"#a\" Href=\"#b\" href=\"#c\"/></svg>", "<svg><a href=\"#c\"></a></svg>"},
        {"><set ATTRIBUTENAME=\"href\" attributeName=\"fill\" to=\"red\"/></svg>",
         "<svg><set attributeName=\"fill\" to=\"red\"></set></svg>"},
        {"><set attributename=\"href\" attributeName=\"fill\" to=\"red\"/></svg>",
         "<svg><set attributeName=\"fill\" to=\"red\"></set></svg>"},
        {"><set attributename=\"fill\" to=\"red\"/></svg>", "<svg></svg>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char in[256];
        snprintf(in, sizeof in, "%s%s", svg, cases[i].in);
        const struct page_fixture_case whole = {in, cases[i].out};
        page_fixture_bodies(FIXTURE_WIRE, &whole, 1);
    }
    assert_true(policy_attribute_survives(POLICY_MATHML, "definitionURL"));
    assert_false(policy_attribute_survives(POLICY_MATHML, "definitionurl"));
    assert_false(policy_attribute_survives(POLICY_HTML, "viewBox"));
}

static void nothing_stands_close_to_the_url_of_an_import(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"@import url(\"x\")layer(a);", "@import url(\"x\") layer(a);"},
        {"@import url( \"x\" /**/ )supports(a>b);", "@import url(\"x\") supports(a>b);"},
        {"@import url(\"x\")/**/print;", "@import url(\"x\") /**/print;"},
        {"@import url(\"x\") print;", "@import url(\"x\") print;"},
        {"@import url(\"x\");", "@import url(\"x\");"},
        {"@import url(\"x\")", "@import url(\"x\")"},
        {"p{a:url( \"x\" )b}", "p{a:url( \"x\" )b}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, KIB);
        css_harden(slice_of(cases[i][0]), false, &out);
        char *text = buf_take(&out);
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

static void css_that_only_other_readers_run_goes(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"width:expression(alert(1))", "width:none(alert(1))"},
        {"width:EXP\\72 ession(1)", "width:none(1)"},
        {"filter:progid:X.Y.AlphaImageLoader(src='a')", "filter:progid:X.Y.none(src='a')"},
        {"-ms-filter:'PROGID:X.Y(src=a)'", "-ms-filter:\"\""},
        {"width:attr(data-w px)", NULL},
        {"width:attr(data-w type(<length>),calc(1px * 2))", NULL},
        {"content:attr(url) attr(image)", NULL},
        {"background:attr(data-u url)", "background:none(data-u url)"},
        {"background:attr(data-u type(*))", "background:none(data-u type(*))"},
        {"background:attr(data-u type(< image >),none)",
         "background:none(data-u type(< image >),none)"},
        {"a:-moz-image-rect('http://evil.test/',0,0)", "a:-moz-image-rect(url(\"\"),0,0)"},
        {"@import('x') 'y' \"z\"; b:'c'", "@import(\"\") \"\" \"\"; b:'c'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct buf checked;
        bool changed;
        bool sheet = cases[i].in[0] == '@';
        struct sanitizer s = {.err = &err};
        const char *expected = cases[i].out != NULL ? cases[i].out : cases[i].in;
        buf_init(&s.css, KIB);
        buf_init(&checked, KIB);
        assert_true(sanitize_css(&s, slice_of(cases[i].in), sheet, &changed));
        buf_add_slice(&checked, buf_slice(&s.css));
        if (!slice_equal(buf_slice(&checked), slice_of(expected)))
            fail_msg("%s\ngives\n%s", cases[i].in, checked.ptr);
        assert_int_equal(changed, cases[i].out != NULL);
        assert_true(sanitize_css(&s, buf_slice(&checked), sheet, &changed));
        assert_false(changed);
        buf_finish(&s.css);
        buf_finish(&checked);
    }
}

static void raw_text_cannot_hold_a_tag(void **state)
{
    (void)state;
    static const struct {
        const char *css;
        const char *out;
    } cases[] = {
        {"a > b { c: d }", "a > b { c: d }"},
        {"<!-- a{} -->", "  a{} -->"},
        {"a{b:'<x>'}", "a{b:'\\3c x>'}"},
        {"a{b:\"\\<x>\"}", "a{b:\"\\3c x>\"}"},
        {"/*<x>*/", "/*< x>*/"},
        {"@media (1px<width){}", "@media (1px< width){}"},
        {"@media (1px<=width<2px){}", "@media (1px<=width<2px){}"},
        {"a{b:c<d}", "a{b:c< d}"},
        {"a{b:'<'}", "a{b:'<'}"},
        {"a{b:'x<", "a{b:'x\\3c "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char html[256];
        char out[256];
        snprintf(html, sizeof html, "<style>%s</style>", cases[i].css);
        snprintf(out, sizeof out, "<style>%s</style>", cases[i].out);
        char *stored = page_fixture_store(FIXTURE_WEB, html, NULL);
        if (strstr(stored, out) == NULL)
            fail_msg("%s\ngives\n%s", html, stored);
        free(stored);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hostile_vector_is_made_inert_and_stays_so),
        cmocka_unit_test(the_tables_are_in_order),
        cmocka_unit_test(no_table_knows_a_handler_and_none_lets_one_stay),
        cmocka_unit_test(unknown_names_stay_only_when_every_parser_reads_them_alike),
        cmocka_unit_test(links_lead_where_a_person_may_go_or_nowhere),
        cmocka_unit_test(references_are_ours_or_go),
        cmocka_unit_test(forged_references_are_broken_up_and_true_ones_are_not),
        cmocka_unit_test(attributes_that_look_and_feel_stay),
        cmocka_unit_test(names_that_a_parser_would_change_go),
        cmocka_unit_test(nothing_stands_close_to_the_url_of_an_import),
        cmocka_unit_test(css_that_only_other_readers_run_goes),
        cmocka_unit_test(raw_text_cannot_hold_a_tag),
    };
    return cmocka_run_group_tests_name("sanitize", tests, NULL, NULL);
}

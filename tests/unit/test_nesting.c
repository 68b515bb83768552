/* page/nesting and page/wire_read: trees that HTML text cannot say. */
#include "base/limits.h"
#include "page/tree.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define NO_BOX "style=\"all:unset;display:contents\""
#define WALL   "<applet " NO_BOX ">"
#define TABLE  "<table " NO_BOX ">"
#define TBODY  "<tbody " NO_BOX ">"
#define TR     "<tr " NO_BOX ">"
#define TD     "<td " NO_BOX ">"
#define FORM   "<form method=\"dialog\">"

static void what_a_parser_would_close_stands_behind_a_wall(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"<p>a<div>b</div>c</p>", "<p>a" WALL "<div>b</div></applet>c</p>"},
        {"<p><div>a</div> <hr/>b<ul/></p>",
         "<p>" WALL "<div>a</div> <hr></applet>b" WALL "<ul></ul></applet></p>"},
        {"<p><button><div>b</div></button></p>", "<p><button><div>b</div></button></p>"},
        {"<p><b><ul><li>x</li></ul></b>y</p>",
         "<p><b>" WALL "<ul><li>x</li></ul></applet></b>y</p>"},
        {"<p>a<p>b<p>c</p></p></p>", "<p>a" WALL "<p>b" WALL "<p>c</p></applet></p></applet></p>"},
        {"<p>a<object><div>b</div></object></p>", "<p>a<object><div>b</div></object></p>"},
        {"<a>x<b><a>y</a></b></a>", "<a>x<b>" WALL "<a>y</a></applet></b></a>"},
        {"<button><i><button>b</button></i></button>",
         "<button><i>" WALL "<button>b</button></applet></i></button>"},
        {"<nobr>a<nobr>b</nobr></nobr>", "<nobr>a" WALL "<nobr>b</nobr></applet></nobr>"},
        {"<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"},
        {"<ul><li>a<div><li>b</li><li>c</li></div></li></ul>",
         "<ul><li>a<div>" WALL "<li>b</li><li>c</li></applet></div></li></ul>"},
        {"<dl><dd>a<dt>b</dt></dd></dl>", "<dl><dd>a" WALL "<dt>b</dt></applet></dd></dl>"},
        {"<h2>a<h3>b</h3></h2>", "<h2>a" WALL "<h3>b</h3></applet></h2>"},
        {"<h2>a<span><h3>b</h3></span></h2>", "<h2>a<span><h3>b</h3></span></h2>"},
        {"<ruby>a<rt>b<rp>c</rp></rt></ruby>",
         "<ruby>a<rt>b" WALL "<rp>c</rp></applet></rt></ruby>"},
        {"<ruby><rtc><rt>a</rt></rtc></ruby><rt><rt>b</rt></rt>",
         "<ruby><rtc><rt>a</rt></rtc></ruby><rt><rt>b</rt></rt>"},
        {"<div><template ls:shadow='open'/><p><div slot='x'>a</div><div>b</div></p></div>",
         "<div><template shadowrootmode=\"open\"></template><p><applet " NO_BOX " slot=\"x\">"
         "<div slot=\"x\">a</div></applet>" WALL "<div>b</div></applet></p></div>"},
        {"<applet code='x' codebase='y'>a</applet>", "<applet>a</applet>"},
    };
    PAGE_FIXTURE_BODIES(FIXTURE_WIRE, cases);
}

static void parts_of_tables_get_the_places_that_parsers_want(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"<a><table><tbody><tr><td><a>y</a></td></tr></tbody></table></a>",
         "<a><table><tbody><tr><td><a>y</a></td></tr></tbody></table></a>"},
        {"<table><tr><td>a</td></tr>b<i>c</i> <tr><td>d</td></tr></table>",
         "<table>" TBODY "<tr><td>a</td></tr></tbody>" TBODY TR TD
         "b<i>c</i></td></tr></tbody> " TBODY "<tr><td>d</td></tr></tbody></table>"},
        {"<table><td>a</td> <th>b</th></table>",
         "<table>" TBODY TR "<td>a</td> <th>b</th></tr></tbody></table>"},
        {"<table><table><tr><td>a</td></tr></table></table>",
         "<table>" TBODY TR TD "<table>" TBODY "<tr><td>a</td></tr></tbody></table></td></tr>"
         "</tbody></table>"},
        {"<table><tbody><tr><tr>a</tr></tr></tbody></table>",
         "<table><tbody><tr>" TD TABLE TBODY "<tr>" TD "a</td></tr></tbody></table></td></tr>"
         "</tbody></table>"},
        {"<table><form>a<tr/></form><tbody><form/></tbody></table>",
         "<table>" FORM "</form><tbody>" FORM "</form></tbody></table>"},
        {"<table><col/> <col/><colgroup>a<col/></colgroup></table>",
         "<table><colgroup " NO_BOX "><col><col></colgroup><colgroup><col></colgroup></table>"},
        {"<div><col/><tr style='color:red'><td>x</td></tr>y</div>",
         "<div>" TABLE "<colgroup " NO_BOX "><col></colgroup></table>" TABLE TBODY
         "<tr style=\"color:red\"><td>x</td></tr></tbody></table>y</div>"},
        {"<p><td>a</td><td>b</td></p>",
         "<p>" WALL TABLE TBODY TR "<td>a</td><td>b</td></tr></tbody></table></applet></p>"},
        {"<p>a<table/></p>", "<p>a" WALL "<table></table></applet></p>"},
        {"<table><tbody><tr><td><caption>a</caption></td></tr></tbody></table>",
         "<table><tbody><tr><td>" TABLE "<caption>a</caption></table></td></tr></tbody></table>"},
        {"<table> <style/><template/><tbody><input type='hidden'/></tbody></table>",
         "<table> <style></style><template></template><tbody><input type=\"hidden\"></tbody>"
         "</table>"},
    };
    PAGE_FIXTURE_BODIES(FIXTURE_WIRE, cases);
}

static void forms_may_stand_in_forms(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"<form>a<form>b</form>c</form>d",
         WALL FORM "a" WALL "</form>" FORM "b</form></applet>c</form></applet>d"},
        {"<form><p><form>a<form>b</form></form><i><form>c</form></i></p></form>",
         WALL FORM "<p>" WALL "</form>" FORM "a" WALL "</form>" FORM "b</form></applet></form>"
                   "</applet><i>" WALL "</form>" FORM "c</form></applet></i></p></form></applet>"},
        {"<form>a</form><form>b</form>", FORM "a</form>" FORM "b</form>"},
        {"<form><table><tbody><form>a</form></tbody></table></form>",
         FORM "<table><tbody><template></template></tbody></table></form>"},
        {"<applet ls:ends='form'><form>a</form></applet>", "<applet>" FORM "a</form></applet>"},
    };
    PAGE_FIXTURE_BODIES(FIXTURE_WIRE, cases);
}

static void names_that_parsers_read_as_others_become_boxes(void **state)
{
    (void)state;
    static const struct page_fixture_case cases[] = {
        {"<br>x</br><img alt='a'>y</img>", "<br><img alt=\"a\">"},
        {"<hr style='color:red'>x</hr><source>y</source>",
         "<div style=\"display:block;overflow:hidden;margin:.5em auto;border:1px inset;color:gray;"
         "color:red\">x</div><span>y</span>"},
        {"<select><option>a<b>b</b></option><div><option>c</option></div></select>",
         "<select><option>ab</option><option>c</option></select>"},
        {"<body class='b'>x<html>y</html></body><head style='top:0'>z</head>",
         "<div style=\"margin:8px;\" class=\"b\">x<div style=\"display:block;\">y</div></div>"
         "<div style=\"display:none;top:0\">z</div>"},
        {"<image id='a'>x</image><circle>y</circle><DIV id='b'>z</DIV>",
         "<span id=\"a\">x</span><span>y</span><span id=\"b\">z</span>"},
        {"<dc xmlns='urn:x'>a<title>b</title></dc>", "<dc>a<span>b</span></dc>"},
        {"<p xml:lang='zh'>a</p><p xml:lang='zh' lang='en'>b</p>",
         "<p lang=\"zh\">a</p><p xml:lang=\"zh\" lang=\"en\">b</p>"},
    };
    PAGE_FIXTURE_BODIES(FIXTURE_WIRE, cases);
}

/* ---- Trees that no parser makes ---- */

/* A generator of its own: a tree that fails is the same everywhere. */
static unsigned next_random(uint32_t *seed, unsigned below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (unsigned)((*seed >> 8) % below);
}

enum { TREE_NODES = 40, TREE_DEPTH = 12 };

/* Closed at its end: a stack of names, not of calls. */
static char *random_tree(uint32_t seed)
{
    static const char *const names[] = {
        "p",       "div",   "a",     "b",     "i",        "font",    "nobr",   "span",
        "ul",      "li",    "dl",    "dd",    "dt",       "h1",      "h2",     "button",
        "form",    "table", "tbody", "thead", "tr",       "td",      "th",     "caption",
        "ruby",    "rt",    "rp",    "rb",    "rtc",      "section", "pre",    "center",
        "details", "label", "table", "tr",    "td",       "marquee", "applet", "form",
        "a",       "p",     "col",   "hr",    "colgroup", "template"};
    struct buf out;
    buf_init(&out, LIMIT_DOCUMENT);
    const char *open[TREE_DEPTH];
    size_t depth = 0;
    for (int i = 0; i < TREE_NODES; i++) {
        unsigned choice = next_random(&seed, 8);
        if (choice == 0)
            buf_printf(&out, "t%d", i);
        else if (choice == 1)
            buf_add_char(&out, ' ');
        else if (choice < 4 && depth > 0)
            buf_printf(&out, "</%s>", open[--depth]);
        else if (depth < TREE_DEPTH) {
            open[depth] = names[next_random(&seed, sizeof names / sizeof *names)];
            buf_printf(&out, "<%s>", open[depth++]);
        }
    }
    while (depth > 0)
        buf_printf(&out, "</%s>", open[--depth]);
    return buf_take(&out);
}

/* What is written is read back as just that: a parser moves, closes and adds nothing. */
static void a_parser_builds_the_very_tree_that_was_written(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 3000; seed++) {
        char *body = random_tree(seed);
        char *page = page_fixture_wire_page(body);
        char *once = page_fixture_store(FIXTURE_WIRE, page, "<!DOCTYPE html>");
        char *twice = page_fixture_store(FIXTURE_WEB, once, NULL);
        if (strcmp(once, twice) != 0)
            fail_msg("seed %u: %s\n1> %s\n2> %s", (unsigned)seed, body, once, twice);
        free(twice);
        free(once);
        free(page);
        free(body);
    }
}

static void a_wide_page_of_odd_nesting_takes_linear_time(void **state)
{
    (void)state;
    static const char *const parts[] = {"<p>a<div>b</div></p>",
                                        "<a>1<a>2</a></a>",
                                        "<foo>x</foo>",
                                        "<table>x<tr>y</tr></table>",
                                        "<form>a<form>b</form></form>",
                                        "<ul><li><li>a</li></li></ul>",
                                        "<template ls:shadow='open'><b/></template>",
                                        "x<tr/>"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct buf body;
        buf_init(&body, LIMIT_DOCUMENT);
        buf_add_text(&body, "<div>");
        for (size_t j = 0; j < 30000; j++)
            buf_add_text(&body, parts[i]);
        buf_add_text(&body, "</div>");
        char *page = page_fixture_wire_page(body.ptr);
        clock_t started = clock();
        free(page_fixture_store(FIXTURE_WIRE, page, NULL));
        assert_true((clock() - started) / CLOCKS_PER_SEC < 5);
        free(page);
        buf_finish(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_parser_would_close_stands_behind_a_wall),
        cmocka_unit_test(parts_of_tables_get_the_places_that_parsers_want),
        cmocka_unit_test(forms_may_stand_in_forms),
        cmocka_unit_test(names_that_parsers_read_as_others_become_boxes),
        cmocka_unit_test(a_parser_builds_the_very_tree_that_was_written),
        cmocka_unit_test(a_wide_page_of_odd_nesting_takes_linear_time),
    };
    return cmocka_run_group_tests_name("nesting", tests, NULL, NULL);
}

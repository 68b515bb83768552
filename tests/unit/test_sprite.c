/* page/sprite: SVG files that <use> points into. */
#include "base/limits.h"
#include "page/sprite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define REF  "0123456789abcdef0123456789abcdef"
#define P    "ls-" REF "-"
#define MARK ":where(." P ")"
#define URL  "https://example.com/icons.svg"
#define SVG                                                                                        \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">"
#define OPEN                                                                                       \
    "<svg aria-hidden=\"true\" style=\"position:absolute;width:0;height:0;overflow:hidden\">"

static enum error_code write(const char *xml, struct buf *out, size_t *wanted_out)
{
    struct error err = {0};
    struct assets *assets;
    const struct assets_options options = {.page_url = "https://example.com/"};
    assert_true(assets_create(&options, &assets, &err));
    buf_init(out, LIMIT_CAPTURE);
    bool ok = sprite_write(slice_of(xml), URL, REF, assets, out, &err);
    *wanted_out = assets_count(assets);
    assets_destroy(assets);
    assert_int_equal(ok, err.code == ERR_NONE);
    return err.code;
}

/* `inner`: what the file's own <svg> holds then. */
static void check(const char *xml, const char *inner, size_t wanted)
{
    struct buf out;
    struct buf expected;
    size_t count;
    assert_int_equal(write(xml, &out, &count), ERR_NONE);
    buf_init(&expected, 100000);
    assert_true(buf_printf(&expected, OPEN "<svg>%s</svg></svg>", inner));
    assert_string_equal(out.ptr, expected.ptr);
    assert_int_equal(count, wanted);
    buf_finish(&out);
    buf_finish(&expected);
}

static void refuse(const char *xml, enum error_code code)
{
    struct buf out;
    size_t count;
    assert_int_equal(write(xml, &out, &count), code);
    buf_finish(&out);
}

static void ids_and_what_points_to_them_are_prefixed(void **state)
{
    (void)state;
    check(SVG "<symbol id=\"a\"><use href=\"#b\"/><use xlink:href=\"#c\"/><g fill=\"url(#d)\" "
              "style=\"mask: url('#e') , red\" clip-path='url(\"#f\")'/></symbol></svg>",
          "<symbol id=\"ls-" REF "-a\"><use href=\"#ls-" REF "-b\"></use><use xlink:href=\"#ls-" REF
          "-c\"></use><g fill=\"url(&quot;#ls-" REF "-d&quot;)\" style=\"mask: url(&quot;#ls-" REF
          "-e&quot;) , red\" clip-path=\"url(&quot;#ls-" REF "-f&quot;)\"></g></symbol>",
          0);
    check(SVG "<use href=\"icons.svg#a\"/><use href=\"" URL "#b\"/></svg>",
          "<use href=\"#ls-" REF "-a\"></use><use href=\"#ls-" REF "-b\"></use>", 0);
}

static void what_files_begin_with_is_passed_over(void **state)
{
    (void)state;
    static const char *const prologs[] = {
        " \n",
        "<?xml version=\"1.0\" encoding=\"gbk\"?>\n",
        "<!-- <svg> -- > -->",
        "<!DOCTYPE svg>",
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://x/>\">\n",
        "<!DOCTYPE svg [<!ENTITY a \"]>\"><!-- x --> ]>",
    };
    for (size_t i = 0; i < sizeof prologs / sizeof *prologs; i++) {
        struct buf xml;
        buf_init(&xml, 10000);
        assert_true(buf_printf(&xml, "%s%s<g/></svg><!-- end --><?x?>", prologs[i], SVG));
        check(xml.ptr, "<g></g>", 0);
        buf_finish(&xml);
    }
}

static void cdata_is_text(void **state)
{
    (void)state;
    check(SVG "<text>a<![CDATA[<b>&amp;]]>c</text></svg>", "<text>a&lt;b&gt;&amp;amp;c</text>", 0);
}

static void nothing_that_runs_is_left(void **state)
{
    (void)state;
    check(SVG "<script>evil()</script><g onload=\"evil()\"/>"
              "<a xlink:href=\"javascript:evil()\"/><animate attributeName=\"href\"/></svg>",
          "<g></g><a xlink:href=\"#\"></a>", 0);
}

static void classes_are_prefixed(void **state)
{
    (void)state;
    check(SVG "<g class=\" a  b \"/></svg>", "<g class=\"" P "a " P "b\"></g>", 0);
}

static void a_sheet_styles_what_the_file_holds_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
    } cases[] = {
        {".a{b:c}", "." P "a{b:c}"},
        {"#a > .b.c , d{e:#f}", "#" P "a > ." P "b." P "c , d" MARK "{e:#f}"},
        {"*,[x],:hover{}", "*" MARK "," MARK "[x]," MARK ":hover{}"},
        {":root,svg:root{}", "." P "root,svg" MARK "." P "root{}"},
        {"a:not(.b, c):nth-child(2n + 1) d{}",
         "a" MARK ":not(." P "b, c" MARK "):nth-child(2n + 1) d" MARK "{}"},
        {"a[b=\"c\"][d=e]::f{}", "a" MARK "[b=\"c\"][d=e]::f{}"},
        {"g>a+b~c{}", "g" MARK ">a" MARK "+b" MARK "~c" MARK "{}"},
        {"@media print{.a{b:c}}", "@media print{." P "a{b:c}}"},
        {"@font-face{font-family:x;src:url(y)}a{b:c}", "a" MARK "{b:c}"},
        {"@keyframes k{from{a:b}50%{}}", "@keyframes k{from{a:b}50%{}}"},
        {".a{fill:url(#g);& .b{c:d}}", "." P "a{fill:url(\"#" P "g\");&" MARK " ." P "b{c:d}}"},
        {"&{a:b}@supports (c:d){&>*{}}", "&" MARK "{a:b}@supports (c:d){&" MARK ">*" MARK "{}}"},
        {"@import url(x);@scope (body){p{}}@page{}@property --x{}a{}", "a" MARK "{}"},
        {"}.a{", "}." P "a{"},
        {".a", ".a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf xml;
        struct buf out;
        struct buf expected;
        size_t count;
        buf_init(&xml, 10000);
        buf_init(&expected, 10000);
        assert_true(buf_printf(&xml, SVG "<style><![CDATA[%s]]></style></svg>", cases[i].from));
        assert_true(buf_printf(&expected, "<style>%s</style>", cases[i].to));
        assert_int_equal(write(xml.ptr, &out, &count), ERR_NONE);
        /* In SVG a parser reads the text of <style> as any other. */
        for (char *at; (at = strstr(out.ptr, "&gt;")) != NULL;)
            memmove(at + 1, at + 4, strlen(at + 3)), *at = '>';
        for (char *at; (at = strstr(out.ptr, "&amp;")) != NULL;)
            memmove(at + 1, at + 5, strlen(at + 4));
        if (strstr(out.ptr, expected.ptr) == NULL)
            fail_msg("%s gives %s, not %s", cases[i].from, out.ptr, expected.ptr);
        assert_non_null(strstr(out.ptr, "<svg class=\"" P " " P "root\">"));
        buf_finish(&xml);
        buf_finish(&out);
        buf_finish(&expected);
    }
}

static void what_only_the_walker_may_write_is_left_out(void **state)
{
    (void)state;
    check("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:ls=\"urn:linksnap:1\">"
          "<foreignObject><iframe xmlns=\"http://www.w3.org/1999/xhtml\" ls:frame=\"1\"/>"
          "</foreignObject></svg>",
          "<foreignObject><iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>"
          "</foreignObject>",
          0);
}

static void its_own_pictures_are_wanted(void **state)
{
    (void)state;
    struct buf out;
    size_t count;
    assert_int_equal(write(SVG "<image href=\"a.png\"/></svg>", &out, &count), ERR_NONE);
    assert_int_equal(count, 1);
    assert_non_null(strstr(out.ptr, "<image href=\"linksnap-asset:"));
    buf_finish(&out);
}

static void what_is_no_svg_is_refused(void **state)
{
    (void)state;
    refuse("", ERR_DOCUMENT);
    refuse("<svg", ERR_DOCUMENT);
    refuse("<!DOCTYPE svg [", ERR_DOCUMENT);
    refuse("<!--", ERR_DOCUMENT);
    refuse("<svg xmlns=\"http://www.w3.org/2000/svg\"><![CDATA[", ERR_DOCUMENT);
    refuse("<svg/>", ERR_DOCUMENT);
    refuse("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", ERR_TYPE);
    refuse(SVG "<g></svg>", ERR_DOCUMENT);
}

static void its_own_entities_are_known(void **state)
{
    (void)state;
    check("<!DOCTYPE svg PUBLIC \"x\" \"y\" [<!-- ' --><!ENTITY % p \"no\"><!ELEMENT svg ANY>"
          "<!ENTITY ns 'http://www.w3.org/2000/svg'><!ENTITY st \"fill:red;\"><!ENTITY st \"no\">"
          "<!ENTITY in \"a&st;&#98;\"> %p; ]><svg xmlns=\"&ns;\"><g style=\"&st;\"/>"
          "<text>&in;&eacute;&amp;</text></svg>",
          "<g style=\"fill:red;\"></g><text>afill:red;b\xC3\xA9&amp;</text>", 0);
    /* In a value quotes are data, in text tags are tags. */
    check("<!DOCTYPE svg [<!ENTITY q '\"&#39;>'><!ENTITY g '<g id=\"x\"/>'>]>" SVG
          "<text a=\"&q;\">&g;</text></svg>",
          "<text a=\"&quot;'&gt;\"><g id=\"" P "x\"></g></text>", 0);
}

static void foreign_and_endless_entities_are_refused(void **state)
{
    (void)state;
    struct buf xml;
    refuse("<!DOCTYPE svg [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" SVG
           "<text>&e;</text></svg>",
           ERR_DOCUMENT);
    refuse(SVG "<text>&e;</text></svg>", ERR_DOCUMENT);
    refuse("<!DOCTYPE svg [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]>" SVG "&a;</svg>", ERR_LIMIT);
    buf_init(&xml, 1 << 20);
    assert_true(buf_add_text(&xml, "<!DOCTYPE svg [<!ENTITY e0 \"\">"));
    for (int i = 1; i < 7; i++) /* nothing, 10 million times */
        assert_true(buf_printf(&xml,
                               "<!ENTITY e%d \"&e%d;&e%d;&e%d;&e%d;&e%d;&e%d;&e%d;&e%d;&e%d;"
                               "&e%d;\">",
                               i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1,
                               i - 1));
    assert_true(buf_add_text(&xml, "]>" SVG "&e6;</svg>"));
    refuse(xml.ptr, ERR_LIMIT);
    buf_finish(&xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_and_what_points_to_them_are_prefixed),
        cmocka_unit_test(what_files_begin_with_is_passed_over),
        cmocka_unit_test(cdata_is_text),
        cmocka_unit_test(nothing_that_runs_is_left),
        cmocka_unit_test(classes_are_prefixed),
        cmocka_unit_test(a_sheet_styles_what_the_file_holds_and_nothing_else),
        cmocka_unit_test(what_only_the_walker_may_write_is_left_out),
        cmocka_unit_test(its_own_pictures_are_wanted),
        cmocka_unit_test(what_is_no_svg_is_refused),
        cmocka_unit_test(its_own_entities_are_known),
        cmocka_unit_test(foreign_and_endless_entities_are_refused),
    };
    return cmocka_run_group_tests_name("sprite", tests, NULL, NULL);
}

/* page/sprite: SVG files that <use> points into. */
#include "base/limits.h"
#include "page/sprite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define REF "0123456789abcdef0123456789abcdef"
#define URL "https://example.com/icons.svg"
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

static void nothing_that_runs_or_styles_the_page_is_left(void **state)
{
    (void)state;
    check(SVG "<style>*{display:none}</style><script>evil()</script><g onload=\"evil()\"/>"
              "<a xlink:href=\"javascript:evil()\"/><animate attributeName=\"href\"/></svg>",
          "<g></g><a xlink:href=\"#\"></a>", 0);
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
    refuse("<svg/>", ERR_TYPE);
    refuse("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", ERR_TYPE);
    refuse(SVG "<g></svg>", ERR_DOCUMENT);
}

static void entities_are_never_expanded(void **state)
{
    (void)state;
    refuse("<!DOCTYPE svg [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" SVG
           "<text>&e;</text></svg>",
           ERR_DOCUMENT);
    refuse("<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>" SVG "&b;</svg>",
           ERR_DOCUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_and_what_points_to_them_are_prefixed),
        cmocka_unit_test(what_files_begin_with_is_passed_over),
        cmocka_unit_test(cdata_is_text),
        cmocka_unit_test(nothing_that_runs_or_styles_the_page_is_left),
        cmocka_unit_test(what_only_the_walker_may_write_is_left_out),
        cmocka_unit_test(its_own_pictures_are_wanted),
        cmocka_unit_test(what_is_no_svg_is_refused),
        cmocka_unit_test(entities_are_never_expanded),
    };
    return cmocka_run_group_tests_name("sprite", tests, NULL, NULL);
}

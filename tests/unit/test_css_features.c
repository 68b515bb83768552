/* page/css: one row for each feature of CSS that can hold a URL, or that must not be taken for one.
 */
#include "page/css.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Stands for each URL: I, F or U by its use, then the URL. */
static bool mark(struct slice url, enum css_use use, struct buf *replacement_out, void *arg,
                 struct error *err)
{
    (void)arg;
    (void)err;
    buf_add_char(replacement_out, "IFU"[use]);
    return buf_add_slice(replacement_out, url);
}

/* `to`: NULL when nothing of it may change. */
struct row {
    const char *feature;
    const char *from;
    const char *to;
};

static void check(const struct row *rows, size_t count, enum css_syntax syntax)
{
    for (size_t i = 0; i < count; i++) {
        struct error err = {0};
        struct buf out;
        const char *expected = rows[i].to != NULL ? rows[i].to : rows[i].from;
        buf_init(&out, 1 << 20);
        assert_true(css_rewrite(slice_of(rows[i].from), syntax, mark, NULL, &out, &err));
        if (!slice_equal(buf_slice(&out), slice_of(expected)))
            fail_msg("%s:\n%s\nwanted\n%s", rows[i].feature, out.ptr, expected);
        buf_finish(&out);
    }
}

static void every_way_to_name_an_image_is_found(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"url() quoted", "a{b:url(\"x\")}", "a{b:url(\"Ux\")}"},
        {"url() in single quotes", "a{b:url( 'x' )}", "a{b:url(\"Ux\" )}"},
        {"url() unquoted", "a{b:url( x )}", "a{b:url(\"Ux\")}"},
        {"url() escaped", "a{b:url(\\78)}", "a{b:url(\"Ux\")}"},
        {"its name escaped", "a{b:u\\72 l(x)}", "a{b:url(\"Ux\")}"},
        {"url() over two lines", "a{b:url(\"x\\\ny\")}", "a{b:url(\"Uxy\")}"},
        {"url() with modifiers", "a{b:url(\"x\" cross-origin(anonymous))}",
         "a{b:url(\"Ux\" cross-origin(anonymous))}"},
        {"src()", "a{b:src(\"x\")}", "a{b:src(\"Ux\")}"},
        {"image-set() of strings", "a{b:image-set(\"x\" 1x,'y' 2x)}",
         "a{b:image-set(url(\"Ux\") 1x,url(\"Uy\") 2x)}"},
        {"image-set() of url()", "a{b:image-set(url(x) 1x)}", "a{b:image-set(url(\"Ux\") 1x)}"},
        {"image-set() with type()", "a{b:image-set(\"x\" type(\"image/avif\") 1x)}",
         "a{b:image-set(url(\"Ux\") type(\"image/avif\") 1x)}"},
        {"-webkit-image-set()", "a{b:-webkit-image-set(url(x) 1x)}",
         "a{b:-webkit-image-set(url(\"Ux\") 1x)}"},
        {"cross-fade()", "a{b:cross-fade(url(x) 20%,url(y))}",
         "a{b:cross-fade(url(\"Ux\") 20%,url(\"Uy\"))}"},
        {"-webkit-cross-fade()", "a{b:-webkit-cross-fade(url(x),url(y),5%)}",
         "a{b:-webkit-cross-fade(url(\"Ux\"),url(\"Uy\"),5%)}"},
        {"image()", "a{b:image(ltr \"x\",red)}", "a{b:image(ltr url(\"Ux\"),red)}"},
        {"a gradient between two", "a{b:url(x),linear-gradient(red,blue),url(y)}",
         "a{b:url(\"Ux\"),linear-gradient(red,blue),url(\"Uy\")}"},
        {"border-image, cursor, content, list-style",
         "a{border-image:url(w) 5;cursor:url(x) 1 2,auto;content:url(y)/\"z\";list-style:url(z)}",
         "a{border-image:url(\"Uw\") 5;cursor:url(\"Ux\") 1 2,auto;content:url(\"Uy\")/\"z\";"
         "list-style:url(\"Uz\")}"},
        {"mask, filter, clip-path, shape-outside",
         "a{mask:url(w);filter:url(x#f) blur(1px);clip-path:url(y#c);shape-outside:url(z)}",
         "a{mask:url(\"Uw\");filter:url(\"Ux#f\") blur(1px);clip-path:url(\"Uy#c\");"
         "shape-outside:url(\"Uz\")}"},
        {"a fragment alone", "a{filter:url(#f);fill:url('#g') red}",
         "a{filter:url(\"U#f\");fill:url(\"U#g\") red}"},
        {"a comment inside", "a{b:url(/*x*/)/* url(y) */}", "a{b:url(\"U/*x*/\")/* url(y) */}"},
        {"an empty one", "a{b:url()}", "a{b:url(\"U\")}"},
        {"!important", "a{b:url(x)!important}", "a{b:url(\"Ux\")!important}"},
    };
    check(rows, COUNT(rows), CSS_SHEET);
    for (size_t i = 0; i < COUNT(rows); i++) { /* and as a style attribute */
        struct row row = rows[i];
        char *from = slice_dup(slice_sub(slice_of(row.from), 2, strlen(row.from) - 3));
        char *to = slice_dup(slice_sub(slice_of(row.to), 2, strlen(row.to) - 3));
        row.from = from;
        row.to = to;
        check(&row, 1, CSS_DECLARATIONS);
        free(from);
        free(to);
    }
}

static void urls_are_found_in_every_rule(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"@media", "@media print{a{b:url(x)}}", "@media print{a{b:url(\"Ux\")}}"},
        {"@supports", "@supports (a:b) or (c:d){a{b:url(x)}}",
         "@supports (a:b) or (c:d){a{b:url(\"Ux\")}}"},
        {"@supports selector()", "@supports selector(a > b){a{b:url(x)}}",
         "@supports selector(a > b){a{b:url(\"Ux\")}}"},
        {"@container", "@container card (width > 1px) and style(--a: b){a{b:url(x)}}",
         "@container card (width > 1px) and style(--a: b){a{b:url(\"Ux\")}}"},
        {"@layer", "@layer a,b;@layer b{a{b:url(x)}}@layer{a{b:url(y)}}",
         "@layer a,b;@layer b{a{b:url(\"Ux\")}}@layer{a{b:url(\"Uy\")}}"},
        {"@scope", "@scope (.a) to (.b){:scope{b:url(x)}}",
         "@scope (.a) to (.b){:scope{b:url(\"Ux\")}}"},
        {"@starting-style", "@starting-style{a{b:url(x)}}", "@starting-style{a{b:url(\"Ux\")}}"},
        {"@property", "@property --a{syntax:\"<image>\";inherits:false;initial-value:url(x)}",
         "@property --a{syntax:\"<image>\";inherits:false;initial-value:url(\"Ux\")}"},
        {"@keyframes", "@keyframes a{from,50%{b:url(x)}to{b:url(y)}}",
         "@keyframes a{from,50%{b:url(\"Ux\")}to{b:url(\"Uy\")}}"},
        {"@counter-style", "@counter-style a{symbols:url(x) \"y\"}",
         "@counter-style a{symbols:url(\"Ux\") \"y\"}"},
        {"@page", "@page :first{background:url(x);@top-left{content:\"y\"}}",
         "@page :first{background:url(\"Ux\");@top-left{content:\"y\"}}"},
        {"@view-transition, @position-try",
         "@position-try --a{top:1px}@view-transition{navigation:auto}", NULL},
        {"nesting", "a{b:url(w);& c{b:url(x)}>d{b:url(y)}@media print{b:url(z)}}",
         "a{b:url(\"Uw\");& c{b:url(\"Ux\")}>d{b:url(\"Uy\")}@media print{b:url(\"Uz\")}}"},
        {"custom properties", ":root{--a:url(x);--b:{c:url(y)};--c: \"z\"}",
         ":root{--a:url(\"Ux\");--b:{c:url(\"Uy\")};--c: \"z\"}"},
        {"var() with a fallback", "a{b:var(--a,url(x))}", "a{b:var(--a,url(\"Ux\"))}"},
        {"a rule nobody knows", "@unknown \"w\" x{a{b:url(x)}}",
         "@unknown \"w\" x{a{b:url(\"Ux\")}}"},
    };
    check(rows, COUNT(rows), CSS_SHEET);
}

static void fonts_are_told_from_images(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"every src",
         "@font-face{src:local(\"a\"),url(x) format(\"woff2\") tech(variations),url('y')}",
         "@font-face{src:local(\"a\"),url(\"Fx\") format(\"woff2\") tech(variations),url(\"Fy\")}"},
        {"format() as a word", "@font-face{src:url(x)format(woff2)}",
         "@font-face{src:url(\"Fx\")format(woff2)}"},
        {"inside @media", "@media all{@font-face{src:url(x)}a{b:url(y)}}",
         "@media all{@font-face{src:url(\"Fx\")}a{b:url(\"Uy\")}}"},
        {"behind a font", "@font-face{src:url(x)}a{b:url(y)}",
         "@font-face{src:url(\"Fx\")}a{b:url(\"Uy\")}"},
        {"@font-feature-values", "@font-feature-values a{@styleset{b:1}}", NULL},
        {"@font-palette-values", "@font-palette-values --a{font-family:b;base-palette:1}", NULL},
    };
    check(rows, COUNT(rows), CSS_SHEET);
}

static void imports_are_found_with_all_conditions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a string", "@import \"x\";", "@import url(\"Ix\");"},
        {"url()", "@import url(x);", "@import url(\"Ix\");"},
        {"src()", "@import src(\"x\");", "@import src(\"Ix\");"},
        {"media", "@import 'x' print;", "@import url(\"Ix\") print;"},
        {"layer", "@import 'x' layer;", "@import url(\"Ix\") layer;"},
        {"layer()", "@import 'x' layer(a.b);", "@import url(\"Ix\") layer(a.b);"},
        {"supports()", "@import 'x' supports(a:url(y));",
         "@import url(\"Ix\") supports(a:url(\"Uy\"));"},
        {"supports(not)", "@import 'x' supports(not (a:b)) print;",
         "@import url(\"Ix\") supports(not (a:b)) print;"},
        {"all of them", "@import url('x')layer(a)supports(a:b)screen and (width>1px);",
         "@import url(\"Ix\")layer(a)supports(a:b)screen and (width>1px);"},
        {"a URL with a semicolon", "@import url(x?a=1;b);@import 'y;z';",
         "@import url(\"Ix?a=1;b\");@import url(\"Iy;z\");"},
        {"behind @charset and @layer", "@charset \"utf-8\";@layer a;@import 'x';",
         "@layer a;@import url(\"Ix\");"},
        {"none inside a block", "a{@import 'x';}", NULL},
    };
    check(rows, COUNT(rows), CSS_SHEET);
}

static void what_is_no_reference_stays(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"@namespace", "@namespace url(http://www.w3.org/1999/xhtml);", NULL},
        {"@namespace with a prefix", "@namespace svg url(\"http://www.w3.org/2000/svg\");", NULL},
        {"@namespace of a string", "@namespace svg 'http://www.w3.org/2000/svg';", NULL},
        {"strings", "a{content:\"url(x)\";quotes:'\"' '\"';font-family:'x y'}", NULL},
        {"attribute selectors", "a[href=\"x.png\"],a[src='url(y)']{b:c}", NULL},
        {"names that look like one", "a{b:my-url(x);c:url;d:#url}", NULL},
        {"@charset elsewhere", "a{}@charset \"x\";", NULL},
        {"hacks of old browsers", "a{*b:c;_d:e;filter:progid:A.B(c='d');f:g\\9}", NULL},
        {"comments of HTML", "<!-- a{b:c} -->", "<!-- a{b:c} -->"},
        {"brackets left open", "a{b:(c", NULL},
        {"a bad string", "a{b:\"c\n;d:e}", NULL},
        {"a bad url", "a{b:url(c \"d);e:f}", NULL},
    };
    check(rows, COUNT(rows), CSS_SHEET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_name_an_image_is_found),
        cmocka_unit_test(urls_are_found_in_every_rule),
        cmocka_unit_test(fonts_are_told_from_images),
        cmocka_unit_test(imports_are_found_with_all_conditions),
        cmocka_unit_test(what_is_no_reference_stays),
    };
    return cmocka_run_group_tests_name("css_features", tests, NULL, NULL);
}

/* page/css_states: pseudo-classes that only a script makes true. */
#include "page/css_states.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define IS(word)     "[ls-is~=\"" word "\"]"

static void check(const char *from, const char *to)
{
    struct buf out;
    buf_init(&out, 64u << 20);
    css_states_rewrite(slice_of(from), &out);
    if (!slice_equal(buf_slice(&out), slice_of(to)))
        fail_msg("%s\nbecame\n%s\nwanted\n%s", from, out.ptr, to);
    buf_finish(&out);
}

static void states_ask_for_the_attribute_as_well(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"x-a:not(:defined){}", "x-a:not(:not(" IS("undefined") ")){}"},
        {":defined>b,c{}", ":not(" IS("undefined") ")>b,c{}"},
        {":DEFINED{}", ":not(" IS("undefined") "){}"},
        {":host(:state(on)) i{}", ":host(" IS("state-on") ") i{}"},
        {"x-a:state( on ){}", "x-a" IS("state-on") "{}"},
        {"[popover]:not(:popover-open){}",
         "[popover]:not(:is(:popover-open," IS("popover-open") ")){}"},
        {"a:user-invalid b:modal{}",
         "a:is(:user-invalid," IS("user-invalid") ") b:is(:modal," IS("modal") "){}"},
        {"@media print{a{b:c}d:modal{e:f}}",
         "@media print{a{b:c}d:is(:modal," IS("modal") "){e:f}}"},
        {"a{color:red;&:modal{b:c}}", "a{color:red;&:is(:modal," IS("modal") "){b:c}}"},
        {"a::before,b:modal{}", "a::before,b:is(:modal," IS("modal") "){}"},
        {"::slotted(b) c:modal{}", "::slotted(b) c:is(:modal," IS("modal") "){}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(css_states_named(slice_of(rows[i][0])));
        check(rows[i][0], rows[i][1]);
        check(rows[i][1], rows[i][1]);
    }
}

#define WAS(name) ":is(" name ",:where([ls-is~=\"" name "\"]))"
#define IMG       "img:not(:where([ls-is~=\"stand-in\"]))"

static void an_element_is_asked_for_by_what_stands_for_it(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"canvas{}", WAS("canvas") "{}"},
        {"a canvas.b:hover>object{}", "a " WAS("canvas") ".b:hover>" WAS("object") "{}"},
        {"audio,canvas,img,svg{a:b}", "audio," WAS("canvas") "," IMG ",svg{a:b}"},
        {"@media print{embed{}img{}}", "@media print{" WAS("embed") "{}" IMG "{}}"},
        {":is(canvas,b):not(img) c{}", ":is(" WAS("canvas") ",b):not(" IMG ") c{}"},
        {"a{color:red;img{b:c}}", "a{color:red;" IMG "{b:c}}"},
        {"/**/canvas/**/+img{}", "/**/" WAS("canvas") "/**/+" IMG "{}"},
        {"li:nth-child(2 of canvas){}", "li:nth-child(2 of " WAS("canvas") "){}"},
        {"img[src]{}", IMG "[src]{}"},
        {"IMG,P{}", "IMG:not(:where([ls-is~=\"stand-in\"])),P{}"},
        {"CANVAS{}", ":is(CANVAS,:where([ls-is~=\"canvas\"])){}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(css_states_named(slice_of(rows[i][0])));
        check(rows[i][0], rows[i][1]);
        check(rows[i][1], rows[i][1]);
    }
}

static void what_is_no_such_selector_stays(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "a{animation:modal}",
        "a{animation:modal;b:c}",
        ".canvas #img a[img],a[x=canvas]{}",
        "a:lang(img) ::part(b canvas){}",
        "@layer canvas{a{}}@container img (a){b{}}@keyframes img{from{}}",
        "a{will-change:canvas;--x:img}",
        "svg|img canvas|*{}",
        "canvas-x,ximg{}",
        "a{x:defined",
        "a:hover{b:fullscreen}",
        "a{content:':modal'}/* :modal{} */",
        "a::part(b):state(c){}",
        "a::part(b):modal,d{}",
        "a:state(b c){}",
        "a:state(\\62){}",
        "a:state(){}",
        "a:--on{}", /* browsers of today know no such */
        ":defined-else{}",
        ":modal(b){}",
        ":",
        "a:state(",
        "",
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check(rows[i], rows[i]);
}

static void a_sheet_without_states_is_not_read(void **state)
{
    (void)state;
    assert_false(css_states_named(slice_of("a:hover{--x:url(b)}")));
    assert_false(css_states_named(slice_of("")));
}

static void many_states_in_a_row_take_no_longer_than_their_length(void **state)
{
    (void)state;
    static const char word[] = ":modal";
    struct buf in;
    struct buf out;
    buf_init(&in, 8u << 20);
    buf_init(&out, 64u << 20);
    for (size_t i = 0; i < 200000; i++)
        buf_add_text(&in, word);
    css_states_rewrite(buf_slice(&in), &out);
    assert_true(slice_equal(buf_slice(&in), buf_slice(&out)));
    buf_add_text(&in, "{}");
    buf_reset(&out);
    css_states_rewrite(buf_slice(&in), &out);
    assert_int_equal(out.failed, ERR_NONE);
    assert_true(out.len > in.len);
    buf_finish(&in);
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_ask_for_the_attribute_as_well),
        cmocka_unit_test(an_element_is_asked_for_by_what_stands_for_it),
        cmocka_unit_test(what_is_no_such_selector_stays),
        cmocka_unit_test(a_sheet_without_states_is_not_read),
        cmocka_unit_test(many_states_in_a_row_take_no_longer_than_their_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

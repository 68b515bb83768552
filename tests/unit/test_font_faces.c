/* page/font_faces, page/codepoints: which font files a page can do without. */
#include "page/font_faces.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Checks that of the URLs a, b, c, ... in the sheet just these are unneeded. */
static void check_use(const char *css, const char *text, const char *unused, const char *unneeded)
{
    struct error err = {0};
    struct font_faces faces;
    struct codepoints *set = calloc(1, sizeof *set);
    char found[64] = "";
    assert_non_null(set);
    if (text != NULL)
        codepoints_add(set, slice_of(text));
    const struct font_use use = {
        .text = text ? set : NULL, .unused = &unused, .unused_count = unused != NULL};
    assert_true(font_faces_scan(slice_of(css), &use, &faces, &err));
    for (size_t i = 0; css[i] != '\0'; i++) {
        size_t len = strlen(found);
        if (font_faces_unneeded(&faces, i)) {
            assert_in_range(len, 0, 60);
            found[len] = css[i];
            found[len + 1] = '\0';
        }
    }
    assert_string_equal(found, unneeded);
    font_faces_finish(&faces);
    free(set);
}

static void check(const char *css, const char *text, const char *unneeded)
{
    check_use(css, text, NULL, unneeded);
}

static void codepoints_are_found_in_ranges(void **state)
{
    (void)state;
    struct codepoints *set = calloc(1, sizeof *set);
    assert_non_null(set);
    assert_false(codepoints_meet(set, 0, 0x10FFFF));
    codepoints_add(set, slice_of("a\xE4\xB8\xAD\xF4\x8F\xBF\xBF")); /* U+4E2D, U+10FFFF */
    assert_true(codepoints_meet(set, 'a', 'a'));
    assert_false(codepoints_meet(set, 'b', 0x4E2C));
    assert_true(codepoints_meet(set, 'b', 0x4E2D));
    assert_true(codepoints_meet(set, 0x4E2D, 0x4E2D));
    assert_true(codepoints_meet(set, 0x4D00, 0x4F00));
    assert_false(codepoints_meet(set, 0x4E2E, 0x10FFFE));
    assert_true(codepoints_meet(set, 0x4E2E, 0xFFFFFFFF));
    assert_false(codepoints_meet(set, 0x4E2D, 0x4E2C));
    codepoints_add(set, slice_of("\xE4\xB9\x80")); /* U+4E40 */
    assert_true(codepoints_meet(set, 0x4E2E, 0x10FFFE));
    free(set);
}

static void a_face_without_its_characters_is_unneeded(void **state)
{
    (void)state;
    static const char han[] = "\xE4\xB8\xAD"; /* U+4E2D */
    check("@font-face{src:url(a);unicode-range:U+4E2D}", han, "");
    check("@font-face{src:url(a);unicode-range:U+4E2E}", han, "a");
    check("@font-face{unicode-range:U+4E00-4EFF;src:url(a)}", han, "");
    check("@font-face{unicode-range: u+5?? , U+4e3?;src:url(a)}", han, "a");
    check("@font-face{unicode-range:U+4e2?;src:url(a)}", han, "");
    check("@font-face{unicode-range:U+3000-30FF,\nU+4E2D;src:url('a')}", han, "");
    check("@FONT-FACE{}@font-face{src:url(\"a\"),url( b );unicode-range:U+AC00}", han, "ab");
    check("@media x{@font-face /**/ {src:local(y),url(a);unicode-range:U+AC00}}", han, "a");
    check("@font-face{src:url(a)}", han, "");
    check("@font-face{src:url(a);unicode-range:U+AC00", han, "a");
}

static void latin_and_symbols_always_count(void **state)
{
    (void)state;
    check("@font-face{src:url(a);unicode-range:U+0041}", "", "");
    check("@font-face{src:url(a);unicode-range:U+36F}", "", "");
    check("@font-face{src:url(a);unicode-range:U+370-1FFF}", "", "a");
    check("@font-face{src:url(a);unicode-range:U+2191}", "", "");
    check("@font-face{src:url(a);unicode-range:U+2C00}", "", "a");
    check("@font-face{src:url(a);unicode-range:U+400-FFFF}", "", "");
}

static void without_a_text_all_faces_are_needed(void **state)
{
    (void)state;
    check("@font-face{src:url(a);unicode-range:U+AC00}", NULL, "");
}

static void what_is_no_range_is_taken_for_needed(void **state)
{
    (void)state;
    static const char *const ranges[] = {"x",        "U+",   "U+-1",    "U+AC00-",
                                         "U+AC00 x", "AC00", "var(--r)"};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct buf css;
        buf_init(&css, 1000);
        assert_true(buf_printf(&css, "@font-face{src:url(a);unicode-range:%s}", ranges[i]));
        check(css.ptr, "", "");
        buf_finish(&css);
    }
}

static void what_stands_behind_woff2_is_unneeded(void **state)
{
    (void)state;
    check("@font-face{src:url(a.woff),url(b.ttf)}", "", "");
    check("@font-face{src:url(a.woff2?x#y) format('woff2'),url(b.woff),url('c.ttf')}", "", "bc");
    check("@font-face{src:url(a.eot);src:url(b.woff2),url(c.woff)}@font-face{src:url(d)}", "", "c");
    check("@font-face{src:url(a.woff2) tech(incremental),url(b.woff)}", "", "");
    check("a{b:url(c.woff2),url(d)}", "", "");
}

static void hostile_sheets_take_linear_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {"@font-face",
                                         "@font-face{",
                                         "@font-face{src:url(a);unicode-range:U+400-10FFFF}",
                                         "@font-face{src:",
                                         "@font-face{unicode-range:u+1,",
                                         "url(a),",
                                         "@font-face{src:url(",
                                         "@font-face{src:url(a.woff2),((("};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct error err = {0};
        struct font_faces faces;
        struct buf css;
        struct codepoints *set = calloc(1, sizeof *set);
        assert_non_null(set);
        buf_init(&css, 3 << 20);
        while (css.len < 2 << 20)
            assert_true(buf_add_text(&css, pieces[i]));
        const struct font_use use = {.text = set};
        assert_true(font_faces_scan(buf_slice(&css), &use, &faces, &err));
        for (size_t n = 1; n < faces.count; n++)
            assert_true(faces.unneeded[n - 1] < faces.unneeded[n]);
        font_faces_finish(&faces);
        buf_finish(&css);
        free(set);
    }
}

static void a_face_that_the_browser_found_no_text_for_is_not_needed(void **state)
{
    (void)state;
    check_use("@font-face{font-family:A B;src:url(x.woff2)}", NULL, "a b|400|normal", "x");
    check_use("@font-face{font-family:'A\\20 B';font-weight:Normal;font-style:Normal;src:url(x)}",
              NULL, "a b|400|normal", "x");
    check_use("@font-face{font-family:\"A\";font-weight: 100  900 ;src:url(x)}", NULL,
              "a|100 900|normal", "x");
    check_use("@font-face{src:url(x);font-weight:bold;font-family:A;font-style:oblique 10deg}",
              NULL, "a|700|oblique 10deg", "x");
    check_use("@font-face{font-family:A;src:url(x)}@font-face{font-family:A;font-weight:500;"
              "src:url(y)}",
              NULL, "a|500|normal", "y");
    check_use("@font-face{font-family:A;src:url(x)}", NULL, "b|400|normal", "");
    check_use("@font-face{src:url(x)}", NULL, "|400|normal", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_face_that_the_browser_found_no_text_for_is_not_needed),
        cmocka_unit_test(codepoints_are_found_in_ranges),
        cmocka_unit_test(a_face_without_its_characters_is_unneeded),
        cmocka_unit_test(latin_and_symbols_always_count),
        cmocka_unit_test(without_a_text_all_faces_are_needed),
        cmocka_unit_test(what_is_no_range_is_taken_for_needed),
        cmocka_unit_test(what_stands_behind_woff2_is_unneeded),
        cmocka_unit_test(hostile_sheets_take_linear_time),
    };
    return cmocka_run_group_tests_name("font_faces", tests, NULL, NULL);
}

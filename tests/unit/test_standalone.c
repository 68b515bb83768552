/* page/standalone: a stored document as one file. */
#include "base/base64.h"
#include "base/limits.h"
#include "page/document.h"
#include "page/standalone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define REF_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define REF_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define REF_C "cccccccccccccccccccccccccccccccc"
#define REF_0 "00000000000000000000000000000000"
#define HEAD  "<!DOCTYPE html><html><head><!--linksnap-head--></head><body>"
#define END   "<!--linksnap-end--></body></html>"

struct stored {
    const char *ref;
    enum asset_kind kind;
    const char *type;
    const char *text;
};

struct shelf {
    const struct stored *stored;
    size_t count;
    size_t asked;
    size_t size; /* of REF_A instead of its text, when not 0 */
};

static bool find(const char ref[ASSET_REF_SIZE], struct buf *bytes, enum asset_kind *kind,
                 struct media_type *type, void *arg, struct error *err)
{
    struct shelf *shelf = arg;
    shelf->asked++;
    for (size_t i = 0; i < shelf->count; i++) {
        const struct stored *stored = &shelf->stored[i];
        if (strcmp(ref, stored->ref) != 0)
            continue;
        if (stored->type == NULL)
            return error_set(err, ERR_STORE_CORRUPT, "damaged");
        *kind = stored->kind;
        snprintf(type->essence, sizeof type->essence, "%s", stored->type);
        if (shelf->size == 0 || i > 0)
            return buf_add_text(bytes, stored->text);
        while (bytes->len < shelf->size)
            assert_true(buf_add(bytes, REF_0 REF_0 REF_0 REF_0, 128));
        return true;
    }
    return false;
}

static const struct standalone_source source = {
    .url = "https://example.com/a--b>c",
    .saved_at = "2025-11-21T12:00:00Z",
};

/* The file without what stands before the contents of the body; freed by the caller. */
static char *body_of(const char *html, struct shelf *shelf, size_t *left_out)
{
    struct error err = {0};
    struct buf out;
    buf_init(&out, LIMIT_SELF_CONTAINED);
    if (!standalone_write(slice_of(html), &source, find, shelf, &out, left_out, &err))
        fail_msg("%s", err.text);
    char *start = strstr(out.ptr, "<body>");
    assert_non_null(start);
    char *body = slice_dup(slice_of(start + strlen("<body>")));
    assert_non_null(body);
    buf_finish(&out);
    return body;
}

static void check_body(const char *html, struct shelf *shelf, const char *expected)
{
    size_t left_out = 99;
    char *body = body_of(html, shelf, &left_out);
    assert_string_equal(body, expected);
    assert_int_equal(left_out, 0);
    free(body);
}

static void doctype_comes_first_then_origin_then_rules(void **state)
{
    (void)state;
    struct error err = {0};
    struct shelf shelf = {0};
    struct buf out;
    size_t left_out;
    buf_init(&out, LIMIT_SELF_CONTAINED);
    assert_true(
        standalone_write(slice_of(HEAD "x" END), &source, find, &shelf, &out, &left_out, &err));
    assert_string_equal(
        out.ptr,
        "<!DOCTYPE html><!--\n Page saved with Linksnap\n url: https://example.com/a%2D-b%3Ec\n"
        " saved date: 2025-11-21T12:00:00Z\n--><html><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "img-src data:; style-src 'unsafe-inline' data:; font-src data:; media-src data:; "
        "frame-src data:; form-action 'none'; base-uri 'none'\">"
        "<meta name=\"referrer\" content=\"no-referrer\">"
        "<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\"></head><body>x</body></html>");
    buf_finish(&out);
}

/* Behind more than 1024 bytes browsers look for no encoding. */
static void a_mark_says_the_encoding_where_the_rules_come_late(void **state)
{
    (void)state;
    static const struct {
        int size; /* of an attribute of <html> */
        const char *style;
        bool marked;
    } cases[] = {{0, "", false},
                 {300, "", false},
                 {1024, "", true},
                 {9000, "", true},
                 {0, " style=\"a:url(linksnap-asset:" REF_A ")\"", true}};
    static const struct stored stored[] = {{REF_A, ASSET_IMAGE, "image/png", "abc"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct shelf shelf = {stored, 1, 0, 2000};
        struct buf html;
        struct buf out;
        size_t left_out;
        buf_init(&html, 16 * KIB);
        buf_init(&out, LIMIT_SELF_CONTAINED);
        buf_printf(&html, "<!DOCTYPE html><html class=\"%0*d\"%s><head><!--linksnap-head--></head>",
                   cases[i].size, 0, cases[i].style);
        assert_true(
            standalone_write(buf_slice(&html), &source, find, &shelf, &out, &left_out, &err));
        assert_int_equal(strncmp(out.ptr, "\xEF\xBB\xBF<!DOCTYPE html>", 18) == 0, cases[i].marked);
        size_t at = slice_find(buf_slice(&out), 0, slice_of("<meta charset=\"utf-8\">"));
        assert_true(cases[i].marked || at + 22 <= 1024);
        buf_finish(&html);
        buf_finish(&out);
    }
}

static void lists_of_streams_are_left_out_of_whatever_type(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_MEDIA, "video/mp4", "#EXTM3U\nhttp://evil.test/a.ts"},
        {REF_B, ASSET_FILE, "audio/x-mpegurl", "\xEF\xBB\xBF\n#EXTM3U"},
        {REF_C, ASSET_MEDIA, "video/mp4", "#EXT"},
    };
    struct shelf shelf = {stored, 3, 0, 0};
    check_body(HEAD "<video src=\"linksnap-asset:" REF_A
                    "\"></video><audio src=\"linksnap-asset:" REF_B
                    "\"></audio><video src=\"linksnap-asset:" REF_C "\"></video>" END,
               &shelf,
               "<video src=\"data:,%20\"></video><audio src=\"data:,%20\"></audio>"
               "<video src=\"data:video/mp4;base64,I0VYVA==\"></video></body></html>");
}

static void rules_stand_even_where_no_mark_does(void **state)
{
    (void)state;
    static const char *const documents[] = {"", "<p>", "<!DOCTYPE html><p>", "<!DOCTYPE", "<html>"};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct error err = {0};
        struct shelf shelf = {0};
        struct buf out;
        size_t left_out;
        buf_init(&out, LIMIT_SELF_CONTAINED);
        assert_true(
            standalone_write(slice_of(documents[i]), &source, find, &shelf, &out, &left_out, &err));
        char *rules = strstr(out.ptr, "Content-Security-Policy");
        char *content = strstr(out.ptr, "<p>");
        assert_non_null(rules);
        assert_true(content == NULL || rules < content);
        buf_finish(&out);
    }
}

static void assets_become_data_urls(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_IMAGE, "image/png", "abc"},
        {REF_B, ASSET_FONT, "x/<>", "d"},
    };
    struct shelf shelf = {stored, 2, 0, 0};
    check_body(HEAD "<img src=\"linksnap-asset:" REF_A
                    "\"><i style=\"a:url(&quot;linksnap-asset:" REF_B
                    "#f&quot;)\">linksnap- linksnap-asset:xyz linksnap-frame" END,
               &shelf,
               "<img src=\"data:image/png;base64,YWJj\"><i "
               "style=\"a:url(&quot;data:application/octet-stream;base64,ZA==#f&quot;)\">linksnap- "
               "linksnap-asset:xyz linksnap-frame</body></html>");
}

static void missing_assets_load_nothing(void **state)
{
    (void)state;
    struct shelf shelf = {0};
    check_body(HEAD "<img src=\"linksnap-asset:" REF_A "\"><iframe srcdoc=\"linksnap-frame:" REF_B
                    "\"></iframe>" END,
               &shelf, "<img src=\"data:,%20\"><iframe srcdoc=\"\"></iframe></body></html>");
}

static void a_repeated_asset_is_asked_for_once(void **state)
{
    (void)state;
    static const struct stored stored[] = {{REF_A, ASSET_IMAGE, "image/gif", "a"}};
    struct shelf shelf = {stored, 1, 0, 0};
    check_body(
        HEAD "linksnap-asset:" REF_A " linksnap-asset:" REF_B " linksnap-asset:" REF_A
             " linksnap-asset:" REF_B END,
        &shelf,
        "data:image/gif;base64,YQ== data:,%20 data:image/gif;base64,YQ== data:,%20</body></html>");
    assert_int_equal(shelf.asked, 2);
}

static void a_frame_named_where_a_picture_belongs_is_missing(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_FRAME, "text/html", "<!DOCTYPE html><p id=\"x onfocus=y \">q"},
        {REF_B, ASSET_FRAME, "text/html", "<html>quirks"},
        {REF_0, ASSET_IMAGE, "image/gif", "a"},
    };
    struct shelf shelf = {stored, 3, 0, 0};
    size_t left_out;
    char *body = body_of(HEAD "<img src=\"linksnap-asset:" REF_A "\">"
                              "<iframe srcdoc=\"linksnap-frame:" REF_A "\"></iframe>"
                              "<iframe srcdoc=\"linksnap-frame:" REF_B "\"></iframe>"
                              "<img src=\"linksnap-asset:" REF_A "\"><b style=\"--x:url("
                              "linksnap-asset:" REF_B ")\"><img src=\"linksnap-asset:" REF_0 "\">"
                              "<iframe srcdoc=\"linksnap-frame:" REF_0 "\"></iframe>" END,
                         &shelf, &left_out);
    static const char lost[] = "<img src=\"data:,%20\">";
    assert_memory_equal(body, lost, strlen(lost));
    assert_non_null(strstr(body, "x onfocus=y"));
    assert_null(strstr(strstr(body, "x onfocus=y") + 1, "x onfocus=y"));
    assert_non_null(strstr(body, "</iframe><img src=\"data:,%20\"><b style=\"--x:url(data:,%20)\">"
                                 "<img src=\"data:image/gif;base64,YQ==\">"
                                 "<iframe srcdoc=\"\"></iframe></body>"));
    free(body);
}

static void sheets_are_expanded_inside_out(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_STYLE, "text/css", "@import url(\"linksnap-asset:" REF_B "\");"},
        {REF_B, ASSET_STYLE, "text/css", "a{b:url(\"linksnap-asset:" REF_C "\")}"},
        {REF_C, ASSET_IMAGE, "image/png", "abc"},
    };
    struct shelf shelf = {stored, 3, 0, 0};
    size_t left_out;
    char *body = body_of(HEAD "[linksnap-asset:" REF_A "]" END, &shelf, &left_out);
    struct buf inner;
    struct buf expected;
    buf_init(&inner, 10000);
    buf_init(&expected, 10000);
    assert_true(buf_add_text(&inner, "@import url(\"data:text/css;charset=utf-8;base64,"));
    assert_true(base64_append(&inner, slice_of("a{b:url(\"data:image/png;base64,YWJj\")}")));
    assert_true(buf_add_text(&inner, "\");"));
    assert_true(buf_add_text(&expected, "[data:text/css;charset=utf-8;base64,"));
    assert_true(base64_append(&expected, buf_slice(&inner)));
    assert_true(buf_add_text(&expected, "]</body></html>"));
    assert_string_equal(body, expected.ptr);
    buf_finish(&inner);
    buf_finish(&expected);
    free(body);
}

static void frames_carry_their_own_rules(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_FRAME, "text/html",
         HEAD "<p title=\"&amp;\"><iframe srcdoc=\"linksnap-frame:" REF_B "\"></iframe>" END},
        {REF_B, ASSET_FRAME, "text/html", HEAD "<b>" END},
    };
    struct shelf shelf = {stored, 2, 0, 0};
    size_t left_out;
    char *body = body_of(HEAD "<iframe srcdoc=\"linksnap-frame:" REF_A "\"></iframe>" END, &shelf,
                         &left_out);
    assert_non_null(strstr(body, "<iframe srcdoc=\"<!DOCTYPE html><html><head><meta charset="
                                 "&quot;utf-8&quot;><meta http-equiv=&quot;Content-Security-"));
    assert_non_null(strstr(body, "<p title=&quot;&amp;amp;&quot;><iframe srcdoc=&quot;<!DOCTYPE "
                                 "html><html><head><meta charset=&amp;quot;utf-8&amp;quot;>"));
    assert_non_null(strstr(body, "<b></body></html>&quot;></iframe></body></html>\"></iframe>"));
    assert_null(strstr(body, "linksnap-"));
    free(body);
}

static void frames_in_quirks_mode_have_a_url(void **state)
{
    (void)state;
    static const char quirks[] = "<html><head><!--linksnap-head--></head><body>q" END;
    static const struct stored stored[] = {
        {REF_A, ASSET_FRAME, "text/html", quirks},
        {REF_B, ASSET_FRAME, "text/html",
         "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"><html>b</html>"},
    };
    struct shelf shelf = {stored, 2, 0, 0};
    size_t left_out;
    char *body =
        body_of(HEAD "<iframe srcdoc=\"linksnap-frame:" REF_A "\"></iframe><iframe id=\"x\" "
                     "srcdoc=\"linksnap-frame:" REF_A "\"></iframe><iframe "
                     "srcdoc=\"linksnap-frame:" REF_B "\"></iframe>" END,
                &shelf, &left_out);
    static const char start[] = "<iframe src=\"data:text/html;charset=utf-8;base64,";
    assert_memory_equal(body, start, strlen(start));
    const char *second =
        strstr(body, "<iframe id=\"x\" src=\"data:text/html;charset=utf-8;base64,");
    assert_non_null(second);
    const char *third = strstr(second, "</iframe><iframe src=\"data:text/html;");
    assert_non_null(third);
    assert_null(strstr(body, "srcdoc"));
    struct error err = {0};
    struct buf inner;
    buf_init(&inner, 100000);
    struct slice data = slice_make(body + strlen(start), strcspn(body + strlen(start), "\""));
    assert_true(base64_decode(data, &inner, &err));
    assert_non_null(strstr(inner.ptr, "Content-Security-Policy"));
    assert_memory_equal(inner.ptr, "<html><head>", 12);
    assert_non_null(strstr(inner.ptr, "<body>q</body></html>"));
    buf_finish(&inner);
    free(body);
}

static void a_url_that_browsers_would_not_open_is_not_written(void **state)
{
    (void)state;
    struct stored stored[] = {{REF_A, ASSET_FRAME, "text/html", NULL}};
    for (size_t len = 1499980; len <= 1500020; len += 40) {
        char *text = malloc(len + 1);
        assert_non_null(text);
        memset(text, 'x', len);
        text[len] = '\0';
        stored[0].text = text;
        struct shelf shelf = {stored, 1, 0, 0};
        size_t left_out;
        char *body = body_of(HEAD "<iframe srcdoc=\"linksnap-frame:" REF_A "\"></iframe>" END,
                             &shelf, &left_out);
        /* The rules that each document is given count. */
        assert_memory_equal(body, "<iframe srcdoc=\"<meta", 21);
        free(body);
        text[1490000] = '\0';
        body = body_of(HEAD "<iframe srcdoc=\"linksnap-frame:" REF_A "\"></iframe>" END, &shelf,
                       &left_out);
        assert_memory_equal(body, "<iframe src=\"data:", 18);
        free(body);
        free(text);
    }
}

static void each_tree_has_its_own_sprites(void **state)
{
    (void)state;
    static const struct stored stored[] = {{REF_A, ASSET_SPRITE, "image/svg+xml", "<svg>s</svg>"}};
    struct shelf shelf = {stored, 1, 0, 0};
    check_body(
        HEAD "<use href=\"linksnap-asset:" REF_A
             "#i\"></use><template-x></template-x><template></template><div><template "
             "shadowrootmode=\"open\"><use href=\"linksnap-asset:" REF_A "#j\"></use><p><template "
             "shadowrootmode=\"closed\">x</template></p><use href=\"linksnap-asset:" REF_A
             "#k\"></use></template></div><use href=\"linksnap-asset:" REF_A "#l\"></use>" END,
        &shelf,
        "<use href=\"#ls-" REF_A
        "-i\"></use><template-x></template-x><template></template><div><template "
        "shadowrootmode=\"open\"><use href=\"#ls-" REF_A "-j\"></use><p><template "
        "shadowrootmode=\"closed\">x</template></p><use href=\"#ls-" REF_A "-k\"></use>"
        "<svg>s</svg></template></div><use href=\"#ls-" REF_A
        "-l\"></use><svg>s</svg></body></html>");
}

static void circles_are_cut(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_STYLE, "text/css", "a linksnap-asset:" REF_B},
        {REF_B, ASSET_STYLE, "text/css", "b linksnap-asset:" REF_A " linksnap-asset:" REF_B},
        {REF_C, ASSET_FRAME, "text/html",
         "<html><head><!--linksnap-head--></head><body><i srcdoc=\"linksnap-frame:" REF_C
         "\"></i>" END},
    };
    struct shelf shelf = {stored, 3, 0, 0};
    size_t left_out;
    char *body =
        body_of(HEAD "linksnap-asset:" REF_A " <i srcdoc=\"linksnap-frame:" REF_C "\">" END, &shelf,
                &left_out);
    assert_int_equal(left_out, 0);
    assert_null(strstr(body, "linksnap-"));
    free(body);
}

static void a_word_that_is_no_reference_stays(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_IMAGE, "image/gif", "a"},
        {REF_C, ASSET_FRAME, "text/html", HEAD "<b title=\"x onclick=alert(1)\">" END},
    };
    static const char *const words[] = {
        "<linksnap-frame:" REF_C ">",
        "</linksnap-frame:" REF_C ">",
        "<i srcdoc=\"x linksnap-frame:" REF_C "\">",
        "<i srcdoc=\"linksnap-frame:" REF_C " x\">",
        "<i title=\"linksnap-frame:" REF_C "\">",
        "linksnap-frame:" REF_C,
        "<linksnap-asset:" REF_A ">",
        "</linksnap-asset:" REF_A ">",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct shelf shelf = {stored, 2, 0, 0};
        struct buf html;
        size_t left_out;
        buf_init(&html, 4096);
        buf_printf(&html, HEAD "%s" END, words[i]);
        char *body = body_of(html.ptr, &shelf, &left_out);
        assert_non_null(strstr(body, words[i]));
        free(body);
        buf_finish(&html);
    }
}

static void sprites_stand_once_at_the_end_of_their_document(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_SPRITE, "image/svg+xml",
         "<svg>a linksnap-asset:" REF_C " <use href=\"linksnap-asset:" REF_B "#y\"></svg>"},
        {REF_B, ASSET_SPRITE, "image/svg+xml", "<svg>b</svg>"},
        {REF_C, ASSET_IMAGE, "image/png", "abc"},
    };
    struct shelf shelf = {stored, 3, 0, 0};
    check_body(HEAD "<use href=\"linksnap-asset:" REF_A "#x\"><use href=\"linksnap-asset:" REF_A
                    "#z\">" END,
               &shelf,
               "<use href=\"#ls-" REF_A "-x\"><use href=\"#ls-" REF_A "-z\">"
               "<svg>a data:image/png;base64,YWJj <use href=\"#ls-" REF_B "-y\"></svg>"
               "<svg>b</svg></body></html>");
}

static void only_the_last_end_mark_counts(void **state)
{
    (void)state;
    static const struct stored stored[] = {{REF_A, ASSET_SPRITE, "image/svg+xml", "<svg></svg>"}};
    struct shelf shelf = {stored, 1, 0, 0};
    check_body(HEAD "<!--linksnap-end--><!--linksnap-head--><use href=\"linksnap-asset:" REF_A
                    "#x\">" END,
               &shelf,
               "<!--linksnap-end--><!--linksnap-head--><use href=\"#ls-" REF_A
               "-x\"><svg></svg></body></html>");
}

static void a_store_fault_ends_the_work(void **state)
{
    (void)state;
    static const struct stored stored[] = {{REF_A, ASSET_IMAGE, NULL, ""}};
    struct shelf shelf = {stored, 1, 0, 0};
    struct error err = {0};
    struct buf out;
    size_t left_out = 7;
    buf_init(&out, LIMIT_SELF_CONTAINED);
    assert_false(standalone_write(slice_of(HEAD "linksnap-asset:" REF_A END), &source, find, &shelf,
                                  &out, &left_out, &err));
    assert_int_equal(err.code, ERR_STORE_CORRUPT);
    assert_int_equal(left_out, 7);
    buf_finish(&out);
}

static void deep_levels_are_left_out(void **state)
{
    (void)state;
    struct stored stored[64];
    char refs[64][ASSET_REF_SIZE];
    char texts[64][64];
    for (int i = 0; i < 64; i++) {
        snprintf(refs[i], sizeof refs[i], "%032x", i + 1);
        snprintf(texts[i], sizeof texts[i], "linksnap-asset:%032x", i + 2);
        stored[i] = (struct stored){refs[i], ASSET_STYLE, "text/css", texts[i]};
    }
    struct shelf shelf = {stored, 64, 0, 0};
    char html[256];
    snprintf(html, sizeof html, HEAD "linksnap-asset:%s" END, refs[0]);
    size_t left_out;
    char *body = body_of(html, &shelf, &left_out);
    assert_int_equal(left_out, 1);
    assert_int_equal(shelf.asked, 40);
    free(body);
}

static void past_the_ceiling_assets_are_left_out_and_counted(void **state)
{
    (void)state;
    static const struct stored stored[] = {
        {REF_A, ASSET_IMAGE, "image/png", ""},
        {REF_B, ASSET_IMAGE, "image/gif", "b"},
    };
    struct shelf shelf = {stored, 2, 0, 150 * MIB};
    size_t left_out;
    char *body = body_of(HEAD "[linksnap-asset:" REF_A "][linksnap-asset:" REF_A
                              "][linksnap-asset:" REF_A "][linksnap-asset:" REF_B "]" END,
                         &shelf, &left_out);
    assert_int_equal(left_out, 1);
    assert_in_range(strlen(body), 400 * MIB, LIMIT_SELF_CONTAINED);
    assert_non_null(strstr(body + 399 * MIB, "][data:,%20][data:image/gif;base64,Yg==]</body>"));
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doctype_comes_first_then_origin_then_rules),
        cmocka_unit_test(a_mark_says_the_encoding_where_the_rules_come_late),
        cmocka_unit_test(lists_of_streams_are_left_out_of_whatever_type),
        cmocka_unit_test(rules_stand_even_where_no_mark_does),
        cmocka_unit_test(assets_become_data_urls),
        cmocka_unit_test(missing_assets_load_nothing),
        cmocka_unit_test(a_repeated_asset_is_asked_for_once),
        cmocka_unit_test(a_frame_named_where_a_picture_belongs_is_missing),
        cmocka_unit_test(sheets_are_expanded_inside_out),
        cmocka_unit_test(frames_carry_their_own_rules),
        cmocka_unit_test(frames_in_quirks_mode_have_a_url),
        cmocka_unit_test(a_url_that_browsers_would_not_open_is_not_written),
        cmocka_unit_test(each_tree_has_its_own_sprites),
        cmocka_unit_test(circles_are_cut),
        cmocka_unit_test(a_word_that_is_no_reference_stays),
        cmocka_unit_test(sprites_stand_once_at_the_end_of_their_document),
        cmocka_unit_test(only_the_last_end_mark_counts),
        cmocka_unit_test(a_store_fault_ends_the_work),
        cmocka_unit_test(deep_levels_are_left_out),
        cmocka_unit_test(past_the_ceiling_assets_are_left_out_and_counted),
    };
    return cmocka_run_group_tests_name("standalone", tests, NULL, NULL);
}

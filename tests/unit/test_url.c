/* page: url, url_parts, url_host: parsing and joining, origins, Referer. */
#include "base/limits.h"
#include "page/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct join_case {
    const char *base;
    const char *ref;
    const char *want; /* NULL: ERR_URL */
};

static void check_joins(const struct join_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *url = NULL;
        struct error err = {0};
        bool ok = url_join(slice_of(cases[i].base), slice_of(cases[i].ref), &url, &err);
        const char *got = ok ? url : NULL;
        const char *want = cases[i].want;
        if ((got == NULL) != (want == NULL) || (got != NULL && strcmp(got, want) != 0))
            fail_msg("\"%s\" on \"%s\" gives \"%s\", not \"%s\"", cases[i].ref, cases[i].base,
                     got ? got : err.text, want ? want : "ERR_URL");
        if (!ok)
            assert_int_equal(err.code, ERR_URL);
        free(url);
    }
}

static void references_resolve_as_in_browsers(void **state)
{
    (void)state;
    static const char page[] = "http://example.org/a/b/c?q=1#f";
    static const struct join_case cases[] = {
        {page, "", "http://example.org/a/b/c?q=1"},
        {page, "   ", "http://example.org/a/b/c?q=1"},
        {page, "#", "http://example.org/a/b/c?q=1#"},
        {page, "#top", "http://example.org/a/b/c?q=1#top"},
        {page, "?", "http://example.org/a/b/c?"},
        {page, "?x=2", "http://example.org/a/b/c?x=2"},
        {page, "?x#y?z", "http://example.org/a/b/c?x#y?z"},
        {page, "d", "http://example.org/a/b/d"},
        {page, "./d", "http://example.org/a/b/d"},
        {page, "d/", "http://example.org/a/b/d/"},
        {page, ".", "http://example.org/a/b/"},
        {page, "./", "http://example.org/a/b/"},
        {page, "..", "http://example.org/a/"},
        {page, "../", "http://example.org/a/"},
        {page, "../d", "http://example.org/a/d"},
        {page, "../../d", "http://example.org/d"},
        {page, "../../../../d", "http://example.org/d"},
        {page, "/d", "http://example.org/d"},
        {page, "/", "http://example.org/"},
        {page, "/./d/../e", "http://example.org/e"},
        {page, "/d/.", "http://example.org/d/"},
        {page, "/d/..", "http://example.org/"},
        {page, "/.d/..e/...", "http://example.org/.d/..e/..."},
        {page, "/%2e/d/%2E%2e/e", "http://example.org/e"},
        {page, "/a//b", "http://example.org/a//b"},
        {page, "/a//../b", "http://example.org/a/b"},
        {page, "//other.com/x", "http://other.com/x"},
        {page, "//other.com", "http://other.com/"},
        {page, "///other.com/x", "http://other.com/x"},
        {page, "\\\\other.com\\x", "http://other.com/x"},
        {page, "\\x\\y", "http://example.org/x/y"},
        {page, "x\\..\\y", "http://example.org/a/b/y"},
        {page, "?a\\b", "http://example.org/a/b/c?a\\b"},
        {page, "http:d", "http://example.org/a/b/d"},
        {page, "http:/d", "http://example.org/d"},
        {page, "http:", "http://example.org/a/b/c?q=1"},
        {page, "http:?y", "http://example.org/a/b/c?y"},
        {page, "https:d", "https://d/"},
        {page, "https:/d", "https://d/"},
        {page, "https://d", "https://d/"},
        {page, "HTTP://OTHER.com/X", "http://other.com/X"},
        {page, "mailto:a@b", "mailto:a@b"},
        {page, "MailTo:A@B", "mailto:A@B"},
        {page, "javascript:alert(1)", "javascript:alert(1)"},
        {page, "about:blank#x", "about:blank#x"},
        {page, "blob:http://a/1-2", "blob:http://a/1-2"},
        {page, "tel:+86 10", "tel:+86 10"},
        {page, "x-y.z+1:opaque", "x-y.z+1:opaque"},
        {page, "1x:y", "http://example.org/a/b/1x:y"},
        {page, "a:b", "a:b"},
        {page, "./a:b", "http://example.org/a/b/a:b"},
        {page, ":80/x", "http://example.org/a/b/:80/x"},
        {page, "foo://H/../x", "foo://H/x"},
        {page, "foo:/a/./b/../c", "foo:/a/c"},
        {page, "foo:/..//x", "foo:/.//x"},
        {page, "//", NULL},
        {page, "http://", NULL},
        {page, "https://:80/", NULL},
        {page, "//@/x", NULL},
        {"https://u:p@h.cn:8443/x/y", "z", "https://u:p@h.cn:8443/x/z"},
        {"https://h/x", "//u:p@i/z", "https://u:p@i/z"},
        {"http://h", "x", "http://h/x"},
        {"http://h?q", "x", "http://h/x"},
        {"http://h:8080/", "//h:80/", "http://h/"},
        {"file:///a/b", "c", "file:///a/c"},
        {"file:///a/b", "//h/c", "file://h/c"},
        {"file:///a", "//localhost/c", "file:///c"},
        {"foo:/a/b", "c", "foo:/a/c"},
        {"foo://h/a", "/c", "foo://h/c"},
        {"foo://h", "c", "foo://h/c"},
        {"about:blank", "x", NULL},
        {"about:blank", "#x", "about:blank#x"},
        {"about:srcdoc", "//h/x", NULL},
        {"mailto:x", "", NULL},
        {"not a base", "x", NULL},
        {"", "http://h/", NULL},
        {"/relative", "http://h/", NULL},
    };
    check_joins(cases, COUNT(cases));
}

static void bytes_are_cleaned_and_encoded(void **state)
{
    (void)state;
    static const char page[] = "http://h/p";
    static const struct join_case cases[] = {
        {page, " \t\n http://x/y \r\n", "http://x/y"},
        {page, "\x01\x1F /y", "http://h/y"},
        {page, "ht\ntp://x/\ta\r\nb", "http://x/ab"},
        {page, "a b", "http://h/a%20b"},
        {page, "a b?c d#e f", "http://h/a%20b?c%20d#e%20f"},
        {page, "\xE4\xB8\xAD\xE6\x96\x87", "http://h/%E4%B8%AD%E6%96%87"},
        {page, "?q=\xE4\xB8\xAD", "http://h/p?q=%E4%B8%AD"},
        {page, "#\xE4\xB8\xAD", "http://h/p#%E4%B8%AD"},
        {page, "\xF0\x9F\x98\x80", "http://h/%F0%9F%98%80"},
        {page, "\xD6\xD0", "http://h/%EF%BF%BD%EF%BF%BD"}, /* GBK bytes: not UTF-8 */
        {page, "a%20b%zz%", "http://h/a%20b%zz%"},
        {page, "%e4%b8%ad", "http://h/%e4%b8%ad"},
        {page, "\"<>`{}^", "http://h/%22%3C%3E%60%7B%7D%5E"},
        {page, "?\"<>`{}'|", "http://h/p?%22%3C%3E`{}%27|"},
        {page, "#\"<>`{}'|", "http://h/p#%22%3C%3E%60{}'|"},
        {page, "foo:?'", "foo:?'"},
        {page,
         "a\x7F"
         "b",
         "http://h/a%7Fb"},
        {page, "[x]|!$&'()*+,;=:@", "http://h/[x]|!$&'()*+,;=:@"},
        {page, "http://u ser:p:w@x/", "http://u%20ser:p%3Aw@x/"},
        {page, "http://a@b@x/", "http://a%40b@x/"},
        {page, "http://u:@x/", "http://u@x/"},
        {page, "http://:@x/", "http://x/"},
        {page, "foo:a b", "foo:a b"},
        {page, "foo:a b #c", "foo:a b%20#c"},
        {page, "foo:\xC3\xA9", "foo:%C3%A9"},
    };
    check_joins(cases, COUNT(cases));
}

static void hosts_come_out_in_one_form(void **state)
{
    (void)state;
    static const char page[] = "http://h/";
    static const struct join_case cases[] = {
        {page, "//EXAMPLE.Com", "http://example.com/"},
        {page, "//\xE4\xB8\xAD\xE6\x96\x87.com", "http://xn--fiq228c.com/"},
        {page, "//\xE4\xBE\x8B\xE5\xAD\x90\xE3\x80\x82\xE4\xB8\xAD\xE5\x9B\xBD/",
         "http://xn--fsqu00a.xn--fiqs8s/"},
        {page, "//\xEF\xBD\x85\xEF\xBD\x98.com", "http://ex.com/"},
        {page,
         "//B\xC3\xBC"
         "cher.de",
         "http://xn--bcher-kva.de/"},
        {page, "//fa\xC3\x9F.de", "http://xn--fa-hia.de/"},
        {page, "//%E4%B8%AD.com", "http://xn--fiq.com/"},
        {page, "//%45x.com", "http://ex.com/"},
        {page, "//XN--FIQ228C.com", "http://xn--fiq228c.com/"},
        {page, "//xn--a", NULL},
        {page,
         "//a\xC2\xAD"
         "b.com",
         "http://ab.com/"}, /* soft hyphen */
        {page, "//a_b-c.com", "http://a_b-c.com/"},
        {page, "//-a.com", "http://-a.com/"},
        {page, "//a..b", "http://a..b/"},
        {page, "//a.", "http://a./"},
        {page, "//a b", NULL},
        {page, "//a%20b", NULL},
        {page, "//a%00b", NULL},
        {page, "//a<b", NULL},
        {page, "//a^b", NULL},
        {page, "//a|b", NULL},
        {page, "//a%b", NULL},
        {page, "//[a]", NULL},
        {page, "//[::1", NULL},
        {page, "//\xEF\xBC\x85\xEF\xBC\x94\xEF\xBC\x91.com", NULL}, /* full-width %41 */
        {page, "//\xC2\xAD", NULL},
        {page, "//1.2.3.4", "http://1.2.3.4/"},
        {page, "//1.2.3.4.", "http://1.2.3.4/"},
        {page, "//0x7f.1", "http://127.0.0.1/"},
        {page, "//0177.0.0.01", "http://127.0.0.1/"},
        {page, "//2130706433", "http://127.0.0.1/"},
        {page, "//0xFFFFFFFF", "http://255.255.255.255/"},
        {page, "//0x100000000", NULL},
        {page, "//0", "http://0.0.0.0/"},
        {page, "//0x", "http://0.0.0.0/"},
        {page, "//1.2", "http://1.0.0.2/"},
        {page, "//256", "http://0.0.1.0/"},
        {page, "//256.1", NULL},
        {page, "//1.2.3.256", NULL},
        {page, "//1.2.3.4.5", NULL},
        {page, "//08", NULL},
        {page, "//1..2", NULL},
        {page, "//a.1", NULL},
        {page, "//1.a", "http://1.a/"},
        {page, "//99999999999999999999999999", NULL},
        {page, "//\xEF\xBC\x91\xE3\x80\x82\xEF\xBC\x92", "http://1.0.0.2/"},
        {page, "//[::]", "http://[::]/"},
        {page, "//[0:0:0:0:0:0:0:1]", "http://[::1]/"},
        {page, "//[1:2:0:0:5:0:0:0]", "http://[1:2:0:0:5::]/"},
        {page, "//[1:0:0:2:0:0:0:3]:80", "http://[1:0:0:2::3]/"},
        {page, "//[0:0:1::]", "http://[0:0:1::]/"},
        {page, "//[1:0:2:3:4:5:6:7]", "http://[1:0:2:3:4:5:6:7]/"},
        {page, "//[::FFFF:1.2.3.4]", "http://[::ffff:102:304]/"},
        {page, "//[::1%25eth0]", NULL},
        {page, "//[1::2::3]", NULL},
        {page, "//[12345::]", NULL},
        {page, "foo://A%20B\xC3\xA9/", "foo://A%20B%C3%A9/"},
        {page, "foo://a b/", NULL},
        {page, "foo://[::1]/", "foo://[::1]/"},
        {page, "//h:0/", "http://h:0/"},
        {page, "//h:/", "http://h/"},
        {page, "//h:0080/", "http://h/"},
        {page, "//h:65535/", "http://h:65535/"},
        {page, "//h:65536/", NULL},
        {page, "//h:99999999999999999999/", NULL},
        {page, "//h:8a/", NULL},
        {page, "//h:-1/", NULL},
        {page, "https://h:443/", "https://h/"},
        {page, "https://h:80/", "https://h:80/"},
        {page, "ws://h:80/", "ws://h/"},
        {page, "ftp://h:21/", "ftp://h/"},
        {page, "foo://h:80/", "foo://h:80/"},
    };
    check_joins(cases, COUNT(cases));
}

static void data_urls_come_out_unchanged(void **state)
{
    (void)state;
    static const struct join_case cases[] = {
        {"http://h/", "data:text/plain,a b\n<\xE4\xB8\xAD>", "data:text/plain,a b\n<\xE4\xB8\xAD>"},
        {"http://h/", "  DATA:,x#y  ", "DATA:,x#y"},
        {"no base at all", "data:,x", "data:,x"},
    };
    check_joins(cases, COUNT(cases));
    struct error err = {0};
    char *url = NULL;
    char *big = malloc(LIMIT_DATA_URL + 1);
    assert_non_null(big);
    memset(big, 'x', LIMIT_DATA_URL + 1);
    memcpy(big, "data:,", 6);
    assert_true(url_join(slice_of("http://h/"), slice_make(big, LIMIT_DATA_URL), &url, &err));
    assert_int_equal(strlen(url), LIMIT_DATA_URL);
    free(url);
    assert_false(url_join(slice_of("http://h/"), slice_make(big, LIMIT_DATA_URL + 1), &url, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    free(big);
}

static void a_nul_in_a_reference_is_data(void **state)
{
    (void)state;
    struct error err = {0};
    char *url = NULL;
    assert_true(url_join(slice_of("http://h/"), slice_make("a\0b", 3), &url, &err));
    assert_string_equal(url, "http://h/a%00b");
    free(url);
    assert_true(url_join(slice_of("http://h/"), slice_make("data:,a\0b", 9), &url, &err));
    assert_string_equal(url, "data:,a%00b");
    free(url);
    assert_false(url_join(slice_of("http://h/"), slice_make("//a\0b", 5), &url, &err));
    assert_int_equal(err.code, ERR_URL);
}

static void origins_compare(void **state)
{
    (void)state;
    assert_true(url_same_origin("http://a/x", "http://A:80/y?z#"));
    assert_true(url_same_origin("https://a:8443/", "https://a:8443/q"));
    assert_false(url_same_origin("http://a/", "https://a/"));
    assert_false(url_same_origin("http://a/", "http://b/"));
    assert_false(url_same_origin("http://a/", "http://a:81/"));
    assert_false(url_same_origin("file:///a", "file:///a"));
    assert_false(url_same_origin("about:blank", "about:blank"));
    assert_false(url_same_origin("", ""));
    assert_true(url_is_http(slice_of("HTTP://x")));
    assert_true(url_is_http(slice_of("https://x")));
    assert_false(url_is_http(slice_of("httpx://x")));
    assert_false(url_is_http(slice_of("http:x")));
    assert_false(url_is_http(slice_of("")));
}

static void the_referer_tells_no_more_than_it_should(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"https://a/p?q#f", "https://a/x", "https://a/p?q"},
        {"https://u:p@a/p", "https://a/x", "https://a/p"},
        {"https://a/p?q", "https://b/x", "https://a/"},
        {"https://a/p?q", "https://a:8443/x", "https://a/"},
        {"http://a:81/p?q", "https://a/x", "http://a:81/"},
        {"http://a/p?q", "http://b/x", "http://a/"},
        {"https://a/p?q", "http://a/x", NULL},
        {"https://a/p?q", "http://b/x", NULL},
        {"file:///p", "http://b/x", NULL},
        {"about:blank", "http://b/x", NULL},
        {"", "http://b/x", NULL},
    };
    struct error err = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *referer = NULL;
        assert_true(url_referer(cases[i][0], cases[i][1], &referer, &err));
        if (cases[i][2] == NULL)
            assert_null(referer);
        else
            assert_string_equal(referer, cases[i][2]);
        free(referer);
    }
    char page[4200] = "https://a/";
    memset(page + 10, 'x', 4096);
    char *referer = NULL;
    page[10 + 4095] = '\0'; /* the path is 4096 bytes */
    assert_true(url_referer(page, "https://a/y", &referer, &err));
    assert_string_equal(referer, page);
    free(referer);
    page[10 + 4095] = 'x';
    assert_true(url_referer(page, "https://a/y", &referer, &err));
    assert_string_equal(referer, "https://a/");
    free(referer);
}

/* Whatever comes in: what comes out parses again to itself. */
static void results_are_stable(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "http:", "https:", "foo:", "file:", "/", "//", "\\", "?",  "#",    "@",        ":",    ".",
        "..",    "%2e",    "a",    "B.c",   "[", "]",  " ",  "\t", "'",    "\"",       "%",    "|",
        "80",    "1.2",    "0x7f", "[::1]", "^", "`",  "{",  "\n", "\x7F", "\xC3\xA9", "\xFF",
    };
    static const char *const bases[] = {"http://h/a/b?c#d", "foo://h/a/b", "foo:/a", "mailto:x",
                                        "file:///a/b"};
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        struct buf ref;
        buf_init(&ref, 1000);
        for (int i = 0; i < 6; i++) {
            seed = seed * 1664525 + 1013904223;
            buf_add_text(&ref, parts[(seed >> 16) % COUNT(parts)]);
        }
        struct error err = {0};
        char *once = NULL;
        char *twice = NULL;
        const char *base = bases[(seed >> 8) % COUNT(bases)];
        if (url_join(slice_of(base), buf_slice(&ref), &once, &err)) {
            if (!url_join(slice_of("about:blank"), slice_of(once), &twice, &err))
                fail_msg("\"%s\" on \"%s\" gives \"%s\": %s", ref.ptr, base, once, err.text);
            assert_string_equal(once, twice);
        }
        free(twice);
        free(once);
        buf_finish(&ref);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_resolve_as_in_browsers),
        cmocka_unit_test(bytes_are_cleaned_and_encoded),
        cmocka_unit_test(hosts_come_out_in_one_form),
        cmocka_unit_test(data_urls_come_out_unchanged),
        cmocka_unit_test(a_nul_in_a_reference_is_data),
        cmocka_unit_test(origins_compare),
        cmocka_unit_test(the_referer_tells_no_more_than_it_should),
        cmocka_unit_test(results_are_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

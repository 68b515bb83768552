/* page: url, url_accept, url_tracking, url_host: what people give, and what they are shown. */
#include "base/limits.h"
#include "page/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct accept_case {
    const char *text;
    const char *want; /* NULL: ERR_URL */
};

static void check_accepts(const struct accept_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *url = NULL;
        struct error err = {0};
        bool ok = url_accept(slice_of(cases[i].text), &url, &err);
        const char *got = ok ? url : NULL;
        const char *want = cases[i].want;
        if ((got == NULL) != (want == NULL) || (got != NULL && strcmp(got, want) != 0))
            fail_msg("\"%s\" gives \"%s\", not \"%s\"", cases[i].text, got ? got : err.text,
                     want ? want : "ERR_URL");
        if (!ok) {
            assert_int_equal(err.code, ERR_URL);
            assert_true(strlen(err.text) > 10);
        }
        free(url);
    }
}

static void what_people_paste_becomes_a_url(void **state)
{
    (void)state;
    static const struct accept_case cases[] = {
        {"https://example.com/a?b#c", "https://example.com/a?b#c"},
        {"http://example.com", "http://example.com/"},
        {"HTTPS://EXAMPLE.COM", "https://example.com/"},
        {"https:example.com/x", "https://example.com/x"},
        {"https:\\\\example.com\\x", "https://example.com/x"},
        {"//example.com/x", "https://example.com/x"},
        {"example.com", "https://example.com/"},
        {"example.com/x y", "https://example.com/x%20y"},
        {"example.com?q=1", "https://example.com/?q=1"},
        {"example.com:8080/x", "https://example.com:8080/x"},
        {"example.com:443", "https://example.com/"},
        {"www.\xE4\xB8\xAD\xE6\x96\x87.com", "https://www.xn--fiq228c.com/"},
        {"\xE4\xB8\xAD\xE6\x96\x87\xE3\x80\x82\xE4\xB8\xAD\xE5\x9B\xBD",
         "https://xn--fiq228c.xn--fiqs8s/"},
        {"localhost", "http://localhost/"},
        {"localhost:8080/x", "http://localhost:8080/x"},
        {"app.localhost/x", "http://app.localhost/x"},
        {"localhost:443", "https://localhost/"},
        {"nas:5000", "http://nas:5000/"},
        {"nas:5000/photo?id=1", "http://nas:5000/photo?id=1"},
        {"192.168.1.1", "http://192.168.1.1/"},
        {"192.168.1.1:8080/x", "http://192.168.1.1:8080/x"},
        {"[::1]", "http://[::1]/"},
        {"[::1]:8080/x", "http://[::1]:8080/x"},
        {"http://[fe80::1]/", "http://[fe80::1]/"},
        {"http://2130706433/", "http://127.0.0.1/"},
        {"  example.com \r\n", "https://example.com/"},
        {"\xE3\x80\x80"
         "example.com\xC2\xA0",
         "https://example.com/"},
        {"\xE2\x80\x8B"
         "example.com\xEF\xBB\xBF",
         "https://example.com/"},
        {"\"https://example.com/\"", "https://example.com/"},
        {"'example.com'", "https://example.com/"},
        {"<https://example.com/>", "https://example.com/"},
        {"( example.com )", "https://example.com/"},
        {"\xE2\x80\x9Chttps://example.com/\xE2\x80\x9D", "https://example.com/"},
        {"\xE3\x80\x8A"
         "example.com\xE3\x80\x8B",
         "https://example.com/"},
        {"\xE3\x80\x90\"example.com\"\xE3\x80\x91", "https://example.com/"},
        {"https://example.com/(x)", "https://example.com/(x)"},
        {"https://example.com/x)", "https://example.com/x)"},
        /* https：／／example。com／路？a＝1 */
        {"https\xEF\xBC\x9A\xEF\xBC\x8F\xEF\xBC\x8F"
         "example\xE3\x80\x82"
         "com\xEF\xBC\x8F"
         "\xE8\xB7\xAF",
         "https://example.com/%E8%B7%AF"},
        {"example\xEF\xBC\x8E"
         "com\xEF\xBC\x9F"
         "a=1",
         "https://example.com/?a=1"},
        {"localhost\xEF\xBC\x9A"
         "8080/x",
         "http://localhost:8080/x"},
        /* beyond the host, full width is the page's own */
        {"https://example.com/\xEF\xBC\x88"
         "a\xEF\xBC\x89",
         "https://example.com/%EF%BC%88a%EF%BC%89"},
        {"https://example.com/a\xE3\x80\x82", "https://example.com/a%E3%80%82"},
    };
    check_accepts(cases, COUNT(cases));
}

static void what_is_no_link_is_refused(void **state)
{
    (void)state;
    static const struct accept_case cases[] = {
        {"", NULL},
        {" \t ", NULL},
        {"\"\"", NULL},
        {"javascript:alert(1)", NULL},
        {"javascript:1", NULL},
        {"JavaScript://example.com/%0Aalert(1)", NULL},
        {"data:text/html,x", NULL},
        {"file:///etc/passwd", NULL},
        {"chrome://settings", NULL},
        {"about:blank", NULL},
        {"moz-extension://a-b/c", NULL},
        {"view-source:https://example.com/", NULL},
        {"ftp://example.com/", NULL},
        {"mailto:a@example.com", NULL},
        {"tel:110", NULL},
        {"C:\\x", NULL},
        {"a@example.com", NULL},
        {"https://u@example.com/", NULL},
        {"https://u:p@example.com/", NULL},
        {"https://:p@example.com/", NULL},
        {"https://", NULL},
        {"https:///", NULL},
        {"http://?x", NULL},
        {"http://:80/", NULL},
        {"http://.", NULL},
        {"http://a..b/", NULL},
        {"http://a b/", NULL},
        {"http://a%2fb/", NULL},
        {"http://1.2.3.400/", NULL},
        {"http://[::1/", NULL},
        {"http://h:0/", NULL},
        {"http://h:65536/", NULL},
        {"hello", NULL},
        {"hello world", NULL},
        {"and/or", NULL},
        {"3.14", NULL},
        {"42", NULL},
        {"/path", NULL},
        {"?q", NULL},
        {"#f", NULL},
        {".", NULL},
        {"//", NULL},
        {"\xE4\xBD\xA0\xE5\xA5\xBD", NULL},
    };
    check_accepts(cases, COUNT(cases));
    struct error err = {0};
    char *url = NULL;
    assert_false(url_accept(slice_of("Chrome://flags"), &url, &err));
    assert_string_equal(err.text, "Only http and https links can be saved, not Chrome:");
}

static void hosts_longer_than_dns_allows_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    char *url = NULL;
    char text[400];
    snprintf(text, sizeof text, "http://%.*s.com/", 63,
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_true(url_accept(slice_of(text), &url, &err));
    free(url);
    snprintf(text, sizeof text, "http://%.*s.com/", 64,
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_false(url_accept(slice_of(text), &url, &err));
    assert_int_equal(err.code, ERR_URL);
    for (size_t len = 253; len <= 254; len++) {
        char host[300];
        for (size_t i = 0; i < len; i++)
            host[i] = i % 50 == 49 ? '.' : 'a';
        host[len] = '\0';
        snprintf(text, sizeof text, "http://%s/", host);
        assert_int_equal(url_accept(slice_of(text), &url, &err), len == 253);
        if (len == 253)
            free(url);
    }
}

static void urls_past_the_limit_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    char *url = NULL;
    char *text = malloc(LIMIT_URL + 10);
    assert_non_null(text);
    memset(text, 'x', LIMIT_URL + 10);
    memcpy(text, "https://example.com/", 20);
    assert_true(url_accept(slice_make(text, LIMIT_URL), &url, &err));
    assert_int_equal(strlen(url), LIMIT_URL);
    free(url);
    assert_false(url_accept(slice_make(text, LIMIT_URL + 1), &url, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    text[LIMIT_URL - 1] = ' '; /* inside: becomes three bytes */
    text[LIMIT_URL - 2] = '"';
    assert_false(url_accept(slice_make(text, LIMIT_URL), &url, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    memset(text, '/', LIMIT_URL);
    assert_false(url_accept(slice_make(text, LIMIT_URL), &url, &err));
    memset(text, '(', LIMIT_URL / 2);
    memset(text + LIMIT_URL / 2, ')', LIMIT_URL / 2);
    assert_false(url_accept(slice_make(text, LIMIT_URL), &url, &err));
    assert_int_equal(err.code, ERR_URL);
    free(text);
}

static void pages_have_one_key(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"http://Example.com", "http://example.com/"},
        {"http://example.com:80/#top", "http://example.com/"},
        {"https://example.com:443/a/../b", "https://example.com/b"},
        {"https://example.com:80/", "https://example.com:80/"},
        {"https://example.com/?", "https://example.com/"},
        {"https://example.com/?#", "https://example.com/"},
        {"https://u:p@example.com/", "https://example.com/"},
        {"https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"},
        {"https://example.com/?utm_source=x", "https://example.com/"},
        {"https://example.com/?utm_source=x&id=7", "https://example.com/?id=7"},
        {"https://example.com/?id=7&UTM_Medium=y&p=2", "https://example.com/?id=7&p=2"},
        {"https://example.com/?gclid=1&fbclid=2&msclkid=3&yclid=4&dclid=5", "https://example.com/"},
        {"https://example.com/?mc_cid=1&a&mc_eid=2&b=", "https://example.com/?a&b="},
        {"https://example.com/?spm=a2c4g.1&igshid=1&_hsenc=2&vero_id=3&wt_mc=4",
         "https://example.com/"},
        {"https://www.bilibili.com/video/BV1/?p=2&vd_source=ab&share_source=copy_web",
         "https://www.bilibili.com/video/BV1/?p=2"},
        {"https://mp.weixin.qq.com/s?__biz=a&mid=1&idx=1&sn=x&from=singlemessage&"
         "isappinstalled=0",
         "https://mp.weixin.qq.com/s?__biz=a&mid=1&idx=1&sn=x"},
        {"https://example.com/?from=timeline&from=2024-01-01",
         "https://example.com/?from=2024-01-01"},
        {"https://example.com/?scm=1007.13339.169490.0.0&scm=git", "https://example.com/?scm=git"},
        {"https://example.com/?xutm_source=1&utm=2", "https://example.com/?xutm_source=1&utm=2"},
        {"https://example.com/?a=utm_source&&b", "https://example.com/?a=utm_source&&b"},
        {"https://example.com/utm_source=1", "https://example.com/utm_source=1"},
        {"https://example.com/?id=%E4%B8%AD+x", "https://example.com/?id=%E4%B8%AD+x"},
        {"https://example.com/a?amp", "https://example.com/a"},
        {"https://example.com/a?amp=1&id=2", "https://example.com/a?id=2"},
        {"https://example.com/a?outputType=amp&amp=true", "https://example.com/a"},
        {"https://example.com/a?amp=50&outputType=pdf&ampere",
         "https://example.com/a?amp=50&outputType=pdf&ampere"},
        {"https://example.com/a/amp/", "https://example.com/a/amp/"},
        /* names that are one site's */
        {"https://www.youtube.com/watch?v=a&t=9&si=b&pp=c&feature=share",
         "https://www.youtube.com/watch?v=a&t=9"},
        {"https://youtu.be/a?si=b&t=9", "https://youtu.be/a?t=9"},
        {"https://notyoutube.com/?si=b&feature=share",
         "https://notyoutube.com/?si=b&feature=share"},
        {"https://example.com/?si=b&feature=c&from=d&ref=e&s=f&t=g",
         "https://example.com/?si=b&feature=c&from=d&ref=e&s=f&t=g"},
        {"https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1"},
        {"https://netflix.com/?s=20", "https://netflix.com/?s=20"},
        {"https://www.facebook.com/a?__cft__%5B0%5D=x&__tn__=y&id=1",
         "https://www.facebook.com/a?id=1"},
        {"https://www.amazon.co.uk/dp/B0?pd_rd_r=1&qid=2&psc=1",
         "https://www.amazon.co.uk/dp/B0?psc=1"},
        {"https://www.amazon.de/s?k=x&crid=1", "https://www.amazon.de/s?k=x"},
        {"https://amazon.example.com/?qid=2", "https://amazon.example.com/?qid=2"},
        {"https://amazon/?qid=2", "https://amazon/?qid=2"},
        {"https://www.google.com/search?q=a&ved=1&ei=2&start=10",
         "https://www.google.com/search?q=a&start=10"},
        {"https://www.baidu.com/s?wd=a&rsv_bp=1&inputT=3&pn=10",
         "https://www.baidu.com/s?wd=a&pn=10"},
        {"https://item.taobao.com/item.htm?id=1&abbucket=2&skuId=3",
         "https://item.taobao.com/item.htm?id=1&skuId=3"},
        {"https://mp.weixin.qq.com/s?__biz=a&mid=1&idx=1&sn=x&chksm=y&scene=21&pass_ticket=z",
         "https://mp.weixin.qq.com/s?__biz=a&mid=1&idx=1&sn=x"},
        {"https://weibo.com/1/a?from=page_1&wvr=6&type=comment",
         "https://weibo.com/1/a?type=comment"},
        {"https://www.xiaohongshu.com/explore/1?xsec_token=a&xsec_source=b",
         "https://www.xiaohongshu.com/explore/1"},
        {"https://movie.douban.com/subject/1/?from=showing&_i=1",
         "https://movie.douban.com/subject/1/"},
        {"https://music.163.com/song?id=1&userid=2", "https://music.163.com/song?id=1"},
        {"https://open.163.com/x?userid=2", "https://open.163.com/x?userid=2"},
        /* caches of AMP pages */
        {"https://www.google.com/amp/s/example.com/x", "https://example.com/x"},
        {"https://www.google.co.uk/amp/s/example.com/x?a=1&usqp=mq331#x",
         "https://example.com/x?a=1"},
        {"https://www.google.com/amp/example.com/x", "http://example.com/x"},
        {"https://google.com.hk/amp/s/example.com/x", "https://example.com/x"},
        {"https://www.google.de/amp/s/example.com/x", "https://example.com/x"},
        {"https://google.evil.com/amp/s/a.example/x", "https://google.evil.com/amp/s/a.example/x"},
        {"https://google.com.evil.com/amp/s/a.example/x",
         "https://google.com.evil.com/amp/s/a.example/x"},
        {"https://google.co.evil.uk/amp/s/a.example/x",
         "https://google.co.evil.uk/amp/s/a.example/x"},
        {"https://google.evil/amp/s/a.example/x", "https://google.evil/amp/s/a.example/x"},
        {"https://www.google.com/amp/s/u:p@example.com:8443/x", "https://example.com:8443/x"},
        {"https://www.google.com/amp/s/example.com", "https://example.com/"},
        {"https://www.google.com/amp/spec/v1.html", "https://www.google.com/amp/spec/v1.html"},
        {"https://www.google.com/amp/s/", "https://www.google.com/amp/s/"},
        {"https://www.google.com/amp/s/a..b^/x", "https://www.google.com/amp/s/a..b%5E/x"},
        {"https://www.googol.com/amp/s/example.com/x",
         "https://www.googol.com/amp/s/example.com/x"},
        {"https://www.bing.com/amp/s/www.example.com/x", "https://www.example.com/x"},
        {"https://example-com.cdn.ampproject.org/c/s/example.com/x", "https://example.com/x"},
        {"https://example-com.cdn.ampproject.org/c/example.com/x?q", "http://example.com/x?q"},
        {"https://cdn.ampproject.org/v/s/example.com/x?amp_js_v=0.1&id=2",
         "https://example.com/x?id=2"},
        {"https://example-com.cdn.ampproject.org/i/s/example.com/x.png",
         "https://example-com.cdn.ampproject.org/i/s/example.com/x.png"},
        {"https://cdn.ampproject.org/v0.js", "https://cdn.ampproject.org/v0.js"},
        {"https://www.google.com/amp/s/e-com.cdn.ampproject.org/c/s/e.com/x", "https://e.com/x"},
        {"file:///a/b#c", "file:///a/b"},
        {"https://example.com/app#/inbox?x=1", "https://example.com/app#/inbox?x=1"},
        {"https://example.com/app#!inbox", "https://example.com/app#!inbox"},
        {"https://example.com/app#inbox/", "https://example.com/app"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        char *url = NULL;
        char *again = NULL;
        assert_true(url_normalize(cases[i][0], &url, &err));
        assert_string_equal(url, cases[i][1]);
        assert_true(url_normalize(url, &again, &err));
        assert_string_equal(again, url);
        free(again);
        free(url);
    }
    struct error err = {0};
    char *url = NULL;
    assert_false(url_normalize("not a url", &url, &err));
    assert_int_equal(err.code, ERR_URL);
}

static void sites_are_shown_for_people(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"https://example.com/x", "example.com"},
        {"https://www.example.com:443/x", "www.example.com"},
        {"http://example.com:8080/", "example.com:8080"},
        {"https://example.com:80/", "example.com:80"},
        {"http://[::1]:81/", "[::1]:81"},
        {"http://1.2.3.4/", "1.2.3.4"},
        {"https://xn--fiq228c.com/", "\xE4\xB8\xAD\xE6\x96\x87.com"},
        {"https://www.xn--fsqu00a.xn--fiqs8s/",
         "www.\xE4\xBE\x8B\xE5\xAD\x90.\xE4\xB8\xAD\xE5\x9B\xBD"},
        {"https://xn--bcher-kva.de/", "b\xC3\xBC"
                                      "cher.de"},
        {"https://xn--r8jz45g.jp/", "\xE4\xBE\x8B\xE3\x81\x88.jp"},
        {"https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"}, /* Cyrillic "apple" */
        {"https://xn--80ak6aa92e.xn--p1ai/",
         "\xD0\xB0\xD1\x80\xD1\x80\xD3\x8F\xD0\xB5.\xD1\x80\xD1\x84"},
        {"https://xn--pple-43d.com/", "xn--pple-43d.com"}, /* mixed scripts */
        {"https://xn--vi8h.ws/", "xn--vi8h.ws"},           /* an emoji */
        {"https://xn--fiq228c./", "\xE4\xB8\xAD\xE6\x96\x87."},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        char *site = NULL;
        assert_true(url_site(cases[i][0], &site, &err));
        assert_string_equal(site, cases[i][1]);
        free(site);
    }
    struct error err = {0};
    char *site = NULL;
    assert_false(url_site("file:///x", &site, &err));
    assert_int_equal(err.code, ERR_URL);
    assert_false(url_site("nothing", &site, &err));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_paste_becomes_a_url),
        cmocka_unit_test(what_is_no_link_is_refused),
        cmocka_unit_test(hosts_longer_than_dns_allows_are_refused),
        cmocka_unit_test(urls_past_the_limit_are_refused),
        cmocka_unit_test(pages_have_one_key),
        cmocka_unit_test(sites_are_shown_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

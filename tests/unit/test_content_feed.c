/* page/content: feeds, and HTML from elsewhere that keeps to its place. */
#include "base/limits.h"
#include "content_fixture.h"
#include "page/content_fragment.h"
#include "page/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define FEED "https://feeds.example.com/dir/feed"

static void rss_is_a_list_of_its_entries(void **state)
{
    (void)state;
    static const char rss[] =
        "<?xml version='1.0' encoding='gbk'?>\n<rss version='2.0' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:atom='http://www.w3.org/2005/Atom'>"
        "<channel><title>\xD6\xD0 &amp; \xCE\xC4</title><link>https://example.com/</link>"
        "<atom:link rel='self' href='https://example.com/self'/><language>zh-CN</language>"
        "<description>About &lt;b&gt;this&lt;/b&gt;</description>"
        "<image><title>pic</title><link>https://example.com/pic</link></image>"
        "<item><title>1 &lt; 2</title><link>/one/</link><dc:creator>Ann</dc:creator>"
        "<pubDate>Sun, 22 Nov 2026 03:00:00 +0800</pubDate><description>short</description>"
        "<content:encoded><![CDATA[<p>Long <img src=\"a.png\" onerror=\"evil()\">"
        "<script>evil()</script><a href='javascript:evil()'>bad</a><b>open</article>"
        "<base href='https://evil.example/'><template>seen</template>]]></content:encoded>"
        "<enclosure url='https://example.com/a.mp3' type='audio/mpeg'/></item>"
        "<item><guid>https://example.com/two</guid><description>&lt;p&gt;two&amp;nbsp;2"
        "</description></item></channel></rss>";
    struct content_fixture f;
    content_fixture_make(&f, slice_of(rss), "application/rss+xml", FEED);
    assert_int_equal(f.kind, CONTENT_FEED);
    assert_string_equal(f.text.title, "中 & 文");
    assert_string_equal(f.text.lang, "zh-CN");
    content_fixture_has(&f.stored, "<h1><a href=\"https://example.com/\"");
    content_fixture_has(&f.stored, "About <b>this</b>");
    content_fixture_has(&f.stored, "<h2><a href=\"https://feeds.example.com/one/\"");
    content_fixture_has(&f.stored, "1 &lt; 2</a></h2>");
    content_fixture_has(&f.stored, "Ann · <time datetime=\"2026-11-21T19:00:00Z\">2026-11-21 "
                                   "19:00 UTC</time>");
    content_fixture_has(&f.stored, "<b>openseen</b></p></div>\n<p class=\"note\"><a href=\""
                                   "https://example.com/a.mp3\"");
    content_fixture_has(&f.stored, "<h2><a href=\"https://example.com/two\"");
    content_fixture_has(&f.stored, "<p>two&nbsp;2</p>");
    content_fixture_lacks(&f.stored, "evil");
    content_fixture_lacks(&f.stored, "short");
    content_fixture_lacks(&f.stored, "pic");
    bool found = false;
    for (size_t i = 0; i < assets_count(f.assets); i++)
        found |= strcmp(assets_at(f.assets, i)->url, "https://feeds.example.com/one/a.png") == 0;
    assert_true(found);
    content_fixture_finish(&f);
}

static void atom_is_a_list_of_its_entries(void **state)
{
    (void)state;
    static const char atom[] =
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en' "
        "xml:base='https://base.example/x/'><title type='html'>T &amp;amp; &lt;i>x&lt;/i></title>"
        "<link href='../home'/><link rel='self' href='self'/><author><name>Editor</name></author>"
        "<subtitle>sub</subtitle><updated>2026-11-22</updated>"
        "<entry xml:base='e/'><title>E1</title><link href='one'/><author><name>A1</name>"
        "<uri>u</uri></author><updated>2026-11-21T00:00:00Z</updated>"
        "<published>2026-11-20T01:02:03.5+08:00</published><updated>2026-11-21T00:00:00Z</updated>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Hi "
        "<a href='rel'>r</a><br/><span/>tail</p></div></content></entry>"
        "<entry><title>a &lt; b</title><summary>plain\ntext &lt;b></summary></entry></feed>";
    struct content_fixture f;
    content_fixture_make(&f, slice_of(atom), "application/atom+xml", FEED);
    assert_string_equal(f.text.title, "T & x");
    assert_string_equal(f.text.lang, "en");
    content_fixture_has(&f.stored, "<h1><a href=\"https://base.example/home\"");
    content_fixture_has(&f.stored, "Editor · <time datetime=\"2026-11-22T00:00:00Z\">2026-11-22<");
    content_fixture_has(&f.stored, "<h2><a href=\"https://base.example/x/e/one\"");
    content_fixture_has(&f.stored, "A1 · <time datetime=\"2026-11-19T17:02:03Z\">");
    content_fixture_has(&f.stored, "<p>Hi <a href=\"https://base.example/x/e/rel\"");
    content_fixture_has(&f.stored, "<br><span></span>tail</p>");
    content_fixture_has(&f.stored, "<h2>a &lt; b</h2>");
    content_fixture_has(&f.stored, "<div class=\"plain\">plain\ntext &lt;b&gt;</div>");
    content_fixture_finish(&f);
}

static void rdf_and_json_feeds_are_lists_too(void **state)
{
    (void)state;
    static const char rdf[] =
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/'><channel><title>RDF</title></channel><item>"
        "<title>I</title><link>http://r.example/1</link><dc:date>2026-11-22</dc:date>"
        "<description>desc</description></item></rdf:RDF>";
    static const char json[] =
        "{\"version\":\"https:\\/\\/jsonfeed.org\\/version\\/1.1\",\"title\":\"JF\","
        "\"home_page_url\":\"https://j.example/\",\"description\":\"d < e\",\"language\":\"en\","
        "\"authors\":[{\"name\":\"Ed\"}],\"items\":[{\"id\":\"1\",\"url\":\"https://j.example/1/\","
        "\"title\":\"\\u4e00\",\"content_text\":\"not\",\"content_html\":\"<p>Hi <img "
        "src=\\\"i.png\\\"><script>evil()</script>\",\"date_modified\":\"2026-11-23\","
        "\"date_published\":\"2026-11-22T03:00:00Z\",\"authors\":[{\"name\":\"Al\"},"
        "{\"name\":\"Bo\"}],\"tags\":[\"x\"],\"attachments\":[{\"url\":\"https://j.example/a.mp3\"}"
        "],\"_x\":{\"title\":\"no\",\"items\":[{\"title\":\"no\"}]}},"
        "{\"id\":\"2\",\"summary\":\"a < b\",\"author\":{\"name\":\"Cy\"}}]}";
    struct content_fixture f;
    content_fixture_make(&f, slice_of(rdf), "application/rdf+xml", FEED);
    assert_string_equal(f.text.title, "RDF");
    content_fixture_has(&f.stored, "<h2><a href=\"http://r.example/1\"");
    content_fixture_has(&f.stored, "<time datetime=\"2026-11-22T00:00:00Z\">2026-11-22</time>");
    content_fixture_has(&f.stored, "<div>desc</div>");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of(json), "application/feed+json", FEED);
    assert_string_equal(f.text.title, "JF");
    content_fixture_has(&f.stored, "<div class=\"plain\">d &lt; e</div>");
    content_fixture_has(&f.stored, "一</a></h2>");
    content_fixture_has(&f.stored, "Al, Bo · <time datetime=\"2026-11-22T03:00:00Z\">");
    content_fixture_has(&f.stored, "<p>Hi <img src=\"linksnap-asset:");
    content_fixture_has(&f.stored, "<a href=\"https://j.example/a.mp3\"");
    content_fixture_has(&f.stored, "Cy</p>\n<div class=\"plain\">a &lt; b</div>");
    content_fixture_lacks(&f.stored, "evil");
    content_fixture_lacks(&f.stored, "no</h2>");
    content_fixture_finish(&f);
}

static void what_only_claims_to_be_a_feed_is_shown_as_what_it_is(void **state)
{
    (void)state;
    struct content_fixture f;
    content_fixture_make(&f, slice_of("{\"version\":\"https://jsonfeed.org/version/1\",\"a\":[1}"),
                         "application/feed+json", FEED);
    content_fixture_has(&f.stored, "\"a\":[1}</pre>");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of("<rss><a/></rss>"), "text/xml", FEED);
    content_fixture_has(&f.stored, "&lt;rss&gt;\n  &lt;a/&gt;\n&lt;/rss&gt;</pre>");
    content_fixture_finish(&f);
}

static void a_feed_that_is_cut_short_shows_what_came(void **state)
{
    (void)state;
    struct content_fixture f;
    content_fixture_make(&f,
                         slice_of("<rss><channel><title>T</title><item><title>One</title></item>"
                                  "<item><title>Two</title><description>half a"),
                         "text/xml", FEED);
    assert_string_equal(f.text.title, "T");
    content_fixture_has(&f.stored, "<h2>One</h2>");
    content_fixture_finish(&f);
}

static void entities_of_a_feed_do_not_explode(void **state)
{
    (void)state;
    struct buf bytes;
    struct content_fixture f;
    buf_init(&bytes, MIB);
    buf_add_text(&bytes, "<!DOCTYPE rss [<!ENTITY e0 \"lol\">");
    for (int i = 1; i < 12; i++) {
        buf_printf(&bytes, "<!ENTITY e%d \"", i);
        for (int n = 0; n < 10; n++)
            buf_printf(&bytes, "&e%d;", i - 1);
        buf_add_text(&bytes, "\">");
    }
    buf_add_text(&bytes, "<!ENTITY out SYSTEM \"file:///etc/passwd\">]><rss><channel>"
                         "<title>&e11;&out;</title></channel></rss>");
    content_fixture_make(&f, buf_slice(&bytes), "text/xml", FEED);
    content_fixture_lacks(&f.stored, "root:");
    assert_true(f.html.len < MIB);
    content_fixture_finish(&f);
    buf_finish(&bytes);
}

static void html_from_elsewhere_keeps_to_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
        bool xml;
    } cases[] = {
        {"plain &amp; simple", "plain &amp; simple", false},
        {"<p>a<p>b", "<p>a</p><p>b</p>", false},
        {"<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c", false},
        {"<table><tr><td>1<td>2<tr><td>3",
         "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr>"
         "</table>",
         false},
        {"<b><i>x</b>y</i>", "<b><i>x</i></b>y", false},
        {"</div></article></body>x", "x", false},
        {"<body><html><base href=x><meta charset=x><link><title>t</title>x", "x", false},
        {"<template><select><option>x", "x", false},
        {"<script>a</script><style>b</style>x", "x", false},
        {"<script>a", "a", false},
        {"<textarea><b></textarea>x", "&lt;b&gt;x", false},
        {"<plaintext>x<b>y", "x<b>y</b>", false},
        {"<iframe src=a>b</iframe>c", "<iframe src=\"a\"></iframe>c", false},
        {"<!-- x -->a<!doctype b><?php c ?>d", "ad", false},
        {"a<!-- x", "a&lt;!-- x", false},
        {"a<b", "a&lt;b", false},
        {"a<a href=\"b", "a&lt;a href=\"b", false},
        {"1 < 2 <3", "1 &lt; 2 &lt;3", false},
        {"<a title='\"' onclick=x href=y x\"z=1>t", "<a title=\"&quot;\" href=\"y\">t</a>", false},
        {"<a href=\"x\"\">t</a>'<b title='>'>", "<a href=\"x\">t</a>'<b title=\">\"></b>", false},
        {"<br/><hr></br>", "<br><hr>", false},
        {"<div/>x", "<div>x</div>", false},
        {"<div/>x", "<div></div>x", true},
        {"<x:p>x</x:p>", "<p>x</p>", true},
        {"<svg viewBox=\"0 0 1 1\"><path d=\"M0\"/><g/></svg>",
         "<svg viewBox=\"0 0 1 1\"><path d=\"M0\"></path><g></g></svg>", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct content_fragment fragment = {.html = slice_of(cases[i].in),
                                                  .xml = cases[i].xml};
        struct error err = {0};
        struct buf out;
        buf_init(&out, MIB);
        assert_true(content_fragment_write(&fragment, &out, MIB - KIB, &err));
        if (!slice_equal(buf_slice(&out), slice_of(cases[i].out)))
            fail_msg("%s gives %s", cases[i].in, out.ptr);
        buf_finish(&out);
    }
}

static void links_from_elsewhere_start_where_they_stood(void **state)
{
    (void)state;
    const struct content_fragment fragment = {
        .html = slice_of("<a href='b?x=1&amp;y'><img src=\"/c\" srcset=\"d 2x\" alt=\"e\">"
                         "<a href='http://['>"),
        .base = slice_of("https://a.example/x/y")};
    struct error err = {0};
    struct buf out;
    buf_init(&out, MIB);
    assert_true(content_fragment_write(&fragment, &out, MIB - KIB, &err));
    assert_string_equal(out.ptr, "<a href=\"https://a.example/x/b?x=1&amp;y\"><img "
                                 "src=\"https://a.example/c\" alt=\"e\"><a></a></a>");
    buf_finish(&out);
}

static void dates_are_read_in_the_forms_that_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-22T03:00:00Z", 1795316400000},
        {"2026-11-22t03:00:00.25z", 1795316400250},
        {"2026-11-22 11:00+08:00", 1795316400000},
        {"2026-11-21T23:00:00-0400", 1795316400000},
        {"2024-02-29", 1709164800000},
        {"Sun, 22 Nov 2026 03:00:00 GMT", 1795316400000},
        {"Sun, 22 Nov 2026 11:00:00 +0800", 1795316400000},
        {" Sun Nov 22 2026 03:00:00 GMT+0000 (Coordinated Universal Time)\n", 1795316400000},
        {"Sun Nov 22 2026 11:00:00 GMT+0800 (中国标准时间)", 1795316400000},
    };
    int64_t ms = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!date_parse(slice_of(cases[i].text), &ms) || ms != cases[i].ms)
            fail_msg("%s: %lld", cases[i].text, (long long)ms);
    }
    static const char *const none[] = {
        "", "soon", "2026-13-01", "2026-11-22T25:00:00Z", "2026-11-22T03:00:00+99:00", "(", "GMT+"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (date_parse(slice_of(none[i]), &ms))
            fail_msg("%s is a date", none[i]);
    assert_false(date_parse(slice_make("22 Nov 2026\0 03:00:00", 21), &ms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rss_is_a_list_of_its_entries),
        cmocka_unit_test(atom_is_a_list_of_its_entries),
        cmocka_unit_test(rdf_and_json_feeds_are_lists_too),
        cmocka_unit_test(what_only_claims_to_be_a_feed_is_shown_as_what_it_is),
        cmocka_unit_test(a_feed_that_is_cut_short_shows_what_came),
        cmocka_unit_test(entities_of_a_feed_do_not_explode),
        cmocka_unit_test(html_from_elsewhere_keeps_to_its_place),
        cmocka_unit_test(links_from_elsewhere_start_where_they_stood),
        cmocka_unit_test(dates_are_read_in_the_forms_that_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

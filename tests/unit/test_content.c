/* page/content: what is what, what it is called, and how text, code and data are shown. */
#include "base/limits.h"
#include "base/utf8.h"
#include "content_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define SITE "https://example.com/dir/"

static void a_kind_follows_from_type_name_and_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *type, *url, *bytes, *kind;
    } cases[] = {
        {"text/html", SITE, "<p>x", "page"},
        {"application/xhtml+xml", SITE, "<html/>", "page"},
        {"image/svg+xml", SITE, "<svg/>", "page"},
        {"", SITE, "<!doctype html><p>x", "page"},
        {"application/xml", SITE, "<?xml version='1.0'?><html><p/></html>", "page"},
        {"application/pdf", SITE, "%PDF-1.4", "pdf"},
        {"text/html", SITE "a.pdf", "%PDF-1.4", "pdf"},
        {"image/png", SITE, "\x89PNG\r\n\x1A\n", "image"},
        {"audio/mpeg", SITE, "ID3\3", "audio"},
        {"video/mp4", SITE, "\1\2\3\4", "video"},
        {"application/ogg", SITE "a.ogv", "OggS\2", "video"},
        {"application/ogg", SITE "a", "OggS\2", "audio"},
        {"video/mp2t", SITE "main.ts", "const a = 1;\n", "text"},
        {"text/plain", SITE "a.txt", "# x", "text"},
        {"text/csv", SITE, "a,b", "text"},
        {"application/javascript", SITE, "x()", "text"},
        {"text/plain", SITE "README.md", "# x", "markdown"},
        {"text/plain", SITE "README.md?raw=1#top", "# x", "markdown"},
        {"text/plain", SITE "?f=README.md", "# x", "text"},
        {"text/markdown", SITE, "# x", "markdown"},
        {"application/octet-stream", SITE "a.MD", "# x", "markdown"},
        {"application/json", SITE, "{}", "json"},
        {"application/ld+json", SITE, "{}", "json"},
        {"text/plain", SITE "a.json", "{}", "json"},
        {"application/json", SITE, "{\"version\":\"https:\\/\\/jsonfeed.org\\/version\\/1.1\"}",
         "feed"},
        {"application/feed+json", SITE, "{\"version\":\"https://jsonfeed.org/version/1\"}", "feed"},
        {"text/xml", SITE, "<?xml version='1.0'?><!-- c --><rss version='2.0'>", "feed"},
        {"application/rss+xml", SITE, "\n<rss>", "feed"},
        {"text/html", SITE, "<?xml version='1.0'?><rss version='2.0'>", "feed"},
        {"application/xml", SITE, "<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"},
        {"application/xml", SITE, "<feed xmlns='urn:x'>", "xml"},
        {"application/xml", SITE,
         "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
         "xmlns='http://purl.org/rss/1.0/'>",
         "feed"},
        {"application/rdf+xml", SITE, "<r:RDF xmlns:r='x'/>", "xml"},
        {"text/xml", SITE, "<a/>", "xml"},
        {"text/plain", SITE "a.xsd", "<a/>", "xml"},
        {"multipart/related", SITE,
         "From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n",
         "archive"},
        {"text/plain", SITE "a.mht", "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>",
         "archive"},
        {"", "", "MIME-Version: 1.0\nContent-Type: multipart/related;boundary=b\n\n", "archive"},
        {"text/plain", SITE "mime.txt", "MIME-Version: 1.0\nContent-Type: text/html\n\n", "text"},
        {"message/rfc822", SITE, "From: x\n\ntext", "text"},
        {"application/zip", SITE, "PK\3\4", "file"},
        {"application/octet-stream", SITE, "\1\2\3", "file"},
        {"font/woff2", SITE, "wOF2", "file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *kind =
            content_fixture_kind(slice_of(cases[i].bytes), cases[i].type, cases[i].url);
        if (strcmp(kind, cases[i].kind) != 0)
            fail_msg("%s of %s is %s", cases[i].bytes, cases[i].type, kind);
    }
    assert_string_equal(content_kind_name(CONTENT_FILE), "file");
}

static void assert_name(const char *disposition, const char *url, const char *type,
                        const char *expected)
{
    struct media_type parsed;
    struct error err = {0};
    char *name;
    media_parse(slice_of(type), &parsed);
    assert_true(content_file_name(disposition, url, &parsed, &name, &err));
    assert_true(utf8_valid(slice_of(name)));
    if (strcmp(name, expected) != 0)
        fail_msg("%s, %s: %s", disposition != NULL ? disposition : "-", url, name);
    free(name);
}

static void a_file_is_named_by_what_the_server_says_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *disposition, *name;
    } cases[] = {
        {"attachment; filename=\"report.pdf\"", "report.pdf"},
        {"inline;filename=plain.txt", "plain.txt"},
        {"attachment; filename=\"a.txt\"; filename*=UTF-8''%E4%B8%AD%E6%96%87.txt", "中文.txt"},
        {"attachment; FileName*=utf-8'zh'%e4%b8%ad.txt; filename=a", "中.txt"},
        {"attachment; filename*=iso-8859-1'en'%A3%20rates.txt", "£ rates.txt"},
        {"attachment; filename*=GBK''%D6%D0%CE%C4.txt", "中文.txt"},
        {"attachment; filename*=broken; filename=b.txt", "b.txt"},
        {"attachment; filename=\"中文.txt\"", "中文.txt"},
        {"attachment; filename=\"\xD6\xD0\xCE\xC4\xCE\xC4\xBC\xFE\xD5\xAA\xD2\xAA.txt\"",
         "中文文件摘要.txt"},
        {"attachment; filename=\"caf\xE9.txt\"", "café.txt"},
        {"attachment; filename=%E4%B8%AD.txt", "中.txt"},
        {"attachment; filename=\"100%.txt\"", "100%.txt"},
        {"attachment; filename=\"a\\\"b.txt\"", "a_b.txt"},
        {"attachment; filename=\"a;b.txt\"; x=y", "a;b.txt"},
        {"attachment; filename=\"../../etc/passwd\"", "passwd"},
        {"attachment; filename=\"C:\\dir\\x.doc\"", "x.doc"},
        {"attachment; filename=\"...hidden\"", "hidden"},
        {"attachment; filename=\"a\tb\1.txt\"", "ab.txt"},
        {"attachment; filename=\"gpj\xE2\x80\xAE.exe\"", "gpj.exe"},
        {"attachment; filename=\"a:b*c?.txt \"", "a_b_c_.txt"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_name(cases[i].disposition, SITE "other", "", cases[i].name);
}

static void without_a_word_of_the_server_the_url_names_it(void **state)
{
    (void)state;
    assert_name(NULL, SITE "a%20b.pdf?x=/y#/z", "application/pdf", "a b.pdf");
    assert_name("", SITE "%E4%B8%AD.pdf", "", "中.pdf");
    assert_name("attachment", SITE "%2e%2e%2fup", "", "up");
    assert_name("attachment; filename=\"..\"", SITE "x", "", "x");
    assert_name(NULL, "https://example.com", "application/pdf", "file.pdf");
    assert_name(NULL, SITE, "", "file");
    assert_name(NULL, SITE "%00%01", "image/png", "file.png");
    assert_name(NULL, "", "", "file");
}

static void a_long_name_is_cut_before_its_extension(void **state)
{
    (void)state;
    char url[1200] = SITE;
    struct media_type type = {0};
    struct error err = {0};
    char *name;
    for (int i = 0; i < 100; i++)
        strcat(url, "%E4%B8%AD");
    strcat(url, ".html");
    assert_true(content_file_name(NULL, url, &type, &name, &err));
    assert_true(strlen(name) <= 200 && strlen(name) > 195);
    assert_true(utf8_valid(slice_of(name)));
    assert_string_equal(name + strlen(name) - 5, ".html");
    free(name);
}

static void text_is_shown_as_it_stands(void **state)
{
    (void)state;
    struct content_fixture f;
    static const char text[] = "\nfirst\r\n\ttab <b>&amp;\rlast \0 \x1B[1m \xFF end";
    content_fixture_make(&f, slice_make(text, sizeof text - 1), "text/css; charset=utf-8",
                         SITE "a.css");
    content_fixture_has(&f.stored, "<pre>\n\nfirst\n\ttab &lt;b&gt;&amp;amp;\nlast \xEF\xBF\xBD "
                                   "\xEF\xBF\xBD[1m \xEF\xBF\xBD end</pre>");
    assert_string_equal(f.text.title, "a.css");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of("\xC4\xE3\xBA\xC3\xA3\xAC\xCA\xC0\xBD\xE7"),
                         "text/plain; charset=gbk", SITE "a");
    content_fixture_has(&f.stored, "你好，世界");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_make("\xFF\xFE\x2D\x4E", 4), "text/plain", SITE "a");
    content_fixture_has(&f.stored, "中");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of(""), "text/plain", SITE "empty.txt");
    assert_string_equal(f.text.title, "empty.txt");
    content_fixture_finish(&f);
}

static void text_past_its_limit_is_cut_and_says_so(void **state)
{
    (void)state;
    char *bytes = malloc(LIMIT_TEXT + 1);
    struct content_fixture f;
    assert_non_null(bytes);
    memset(bytes, 'a', LIMIT_TEXT + 1);
    content_fixture_write(&f, slice_make(bytes, LIMIT_TEXT), "text/plain", SITE "a.txt");
    content_fixture_lacks(&f.html, "…");
    content_fixture_finish(&f);
    content_fixture_write(&f, slice_make(bytes, LIMIT_TEXT + 1), "text/plain", SITE "a.txt");
    content_fixture_has(&f.html, "</pre>\n<p>…</p>\n<p class=\"note\"><a href=\"" SITE "a.txt\">");
    content_fixture_finish(&f);
    memset(bytes, '&', LIMIT_TEXT);
    content_fixture_write(&f, slice_make(bytes, LIMIT_TEXT), "text/plain", SITE "a.txt");
    assert_true(f.html.len <= LIMIT_PAGE_BODY);
    content_fixture_has(&f.html, "<p>…</p>");
    content_fixture_finish(&f);
    free(bytes);
}

static void json_is_indented_and_says_what_it_said(void **state)
{
    (void)state;
    struct content_fixture f;
    content_fixture_make(&f,
                         slice_of("{\"a\":[1, -2.50e+10,{\"k\":\"\\u4e2d\\ud83d\\ude00\\n\\u0041"
                                  "\\ud800\"}],\"c\":{},\"d\":[ ],\"n\":12345678901234567890123}"),
                         "application/json", SITE "a.json");
    content_fixture_has(&f.stored, "{\n  \"a\": [\n    1,\n    -2.50e+10,\n    {\n      \"k\": "
                                   "\"中😀\\n\\u0041\\ud800\"\n    }\n  ],\n  \"c\": {},\n  "
                                   "\"d\": [],\n  \"n\": 12345678901234567890123\n}</pre>");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of("{\"a\":1}\n{\"a\":2}\n"), "application/x-ndjson", SITE "l");
    content_fixture_has(&f.stored, "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}</pre>");
    content_fixture_finish(&f);
}

static void what_is_no_json_is_shown_as_text(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{a:1}", "[1,]",        "[1 2]", "{\"a\"}",    "{\"a\":1,}",
        "[",     "]",           "[}",    "{\"a\":\"b", "nul",
        "NaN",   "{\"a\":'b'}", "[1]]",  "\"a\nb\"",   "{\"a\":1 \"b\":2}",
        "[,1]",  ",",           "-",     "",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct content_fixture f;
        char shown[64] = "<pre>\n";
        strcat(strcat(shown, texts[i]), "</pre>");
        content_fixture_write(&f, slice_of(texts[i]), "application/json", SITE "a");
        content_fixture_has(&f.html, shown);
        content_fixture_finish(&f);
    }
}

static void xml_is_indented_and_its_entities_stay_what_they_are(void **state)
{
    (void)state;
    struct content_fixture f;
    content_fixture_make(&f,
                         slice_of("<?xml version=\"1.0\" encoding=\"gbk\"?><!DOCTYPE r [<!ENTITY a "
                                  "\"]>\"><!-- ' -->]><r k='>'><a>\xD6\xD0 &#20013;&a;&lt;</a><b/>"
                                  "<p>x <i>y</i> z</p><e></e><![CDATA[<raw>&]]></r>"),
                         "text/xml", SITE "a.xml");
    content_fixture_has(&f.stored, "&lt;r k='&gt;'&gt;\n  &lt;a&gt;中 中&amp;a;&amp;lt;&lt;/a&gt;\n"
                                   "  &lt;b/&gt;\n  &lt;p&gt;x &lt;i&gt;y&lt;/i&gt; z&lt;/p&gt;\n"
                                   "  &lt;e&gt;&lt;/e&gt;&lt;![CDATA[&lt;raw&gt;&amp;]]&gt;"
                                   "&lt;/r&gt;</pre>");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of("<a></a></b>"), "text/xml", SITE "a.xml");
    content_fixture_has(&f.stored, "<pre>&lt;a&gt;&lt;/a&gt;&lt;/b&gt;</pre>");
    content_fixture_finish(&f);
}

static void pictures_and_films_refer_to_the_original(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *type, *name, *html;
    } cases[] = {
        {"\x89PNG\r\n\x1A\n", "image/png", "a.png",
         "<img src=\"linksnap-asset:%s\" alt=\"a.png\">"},
        {"\1\2", "video/mp4", "a.mp4",
         "<video controls=\"\" "
         "src=\"linksnap-asset:%s\"></video>"},
        {"ID3\3", "audio/mpeg", "a.mp3",
         "<audio controls=\"\" "
         "src=\"linksnap-asset:%s\"></audio>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct content_fixture f;
        struct error err = {0};
        char url[64] = SITE;
        char html[256];
        char ref[ASSET_REF_SIZE];
        strcat(url, cases[i].name);
        content_fixture_make(&f, slice_of(cases[i].bytes), cases[i].type, url);
        assert_true(assets_want(f.assets, slice_of(url), ASSET_FILE, ref, &err));
        const char *mark = strstr(cases[i].html, "%s");
        size_t front = (size_t)(mark - cases[i].html);
        memcpy(html, cases[i].html, front);
        strcpy(html + front, ref);
        strcat(html, mark + 2);
        content_fixture_has(&f.stored, html);
        assert_int_equal(assets_count(f.assets), 2); /* and the site's icon */
        assert_string_equal(f.text.title, cases[i].name);
        content_fixture_finish(&f);
    }
}

static void any_other_file_is_named_with_its_type_and_size(void **state)
{
    (void)state;
    struct content_fixture f;
    content_fixture_make(&f, slice_of("PK\3\4 and more"), "application/zip", SITE "a%20%3Cb.zip");
    assert_int_equal(f.kind, CONTENT_FILE);
    assert_int_equal(f.gap, CONTENT_WHOLE);
    content_fixture_has(&f.stored, "<h1>a _b.zip</h1>");
    content_fixture_has(&f.stored, "application/zip · 13 B");
    content_fixture_finish(&f);
}

static void markdown_becomes_a_page(void **state)
{
    (void)state;
    struct content_fixture f;
    content_fixture_make(
        &f,
        slice_of("# A *title* &amp; 中\n\n- [x] done\n\n|a|b|\n|---|---|\n|1|~~2~~|\n\n"
                 "[rel](docs/x.md) www.example.org\n\n```c\nint x < 3;\n```\n"
                 "<div align=center>raw <script>evil()</script>\n\nlast"),
        "text/plain; charset=utf-8", SITE "README.md");
    assert_int_equal(f.kind, CONTENT_MARKDOWN);
    assert_string_equal(f.text.title, "A title & 中");
    content_fixture_has(&f.stored, "<h1 id=\"a-title--中\">A <em>title</em> &amp; 中</h1>");
    content_fixture_has(&f.stored, "<td><del>2</del></td>");
    content_fixture_has(&f.stored, "type=\"checkbox\"");
    content_fixture_has(&f.stored, "<a href=\"" SITE "docs/x.md\"");
    content_fixture_has(&f.stored, "int x &lt; 3;");
    content_fixture_has(&f.stored, "<div align=\"center\">raw");
    content_fixture_has(&f.stored, "<p>last</p>\n</div>");
    content_fixture_lacks(&f.stored, "evil");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of("---\r\ntitle: 'In front'\r\ntags: x\r\n---\r\ntext\r\n"),
                         "text/markdown", SITE "a.md");
    assert_string_equal(f.text.title, "In front");
    content_fixture_has(&f.stored, "tags: x</pre>");
    content_fixture_has(&f.stored, "<p>text</p>");
    content_fixture_finish(&f);
    content_fixture_make(&f, slice_of("---\n\n## Second\n"), "text/markdown", SITE "a.md");
    assert_string_equal(f.text.title, "Second");
    content_fixture_has(&f.stored, "<hr>");
    content_fixture_finish(&f);
}

static void a_table_of_contents_leads_to_its_headings(void **state)
{
    (void)state;
    struct content_fixture f;
    content_fixture_make(
        &f,
        slice_of("[a](#how-to-start)\n\n# How to `start`?\n## How To Start\n### 安装，"
                 "使用\n#### !\n<h2 id=own>own</h2>\n\n## How to start\n"),
        "text/markdown", SITE "README.md");
    content_fixture_has(&f.stored, "<a href=\"#how-to-start\"");
    content_fixture_has(&f.stored, "<h1 id=\"how-to-start\">How to <code>start</code>?</h1>");
    content_fixture_has(&f.stored, "<h2 id=\"how-to-start-1\">How To Start</h2>");
    content_fixture_has(&f.stored, "<h3 id=\"安装使用\">");
    content_fixture_has(&f.stored, "<h4>!</h4>");
    content_fixture_has(&f.stored, "<h2 id=\"own\">own</h2>");
    content_fixture_has(&f.stored, "<h2 id=\"how-to-start-2\">How to start</h2>");
    content_fixture_finish(&f);
}

static void markdown_past_its_limit_is_shown_as_text(void **state)
{
    (void)state;
    char *bytes = malloc(LIMIT_MARKDOWN + 1);
    struct content_fixture f;
    assert_non_null(bytes);
    memset(bytes, '\n', LIMIT_MARKDOWN + 1);
    memcpy(bytes, "# x", 3);
    content_fixture_write(&f, slice_make(bytes, LIMIT_MARKDOWN), "text/markdown", SITE "a.md");
    content_fixture_has(&f.html, "<h1 id=\"x\">x</h1>");
    content_fixture_finish(&f);
    content_fixture_write(&f, slice_make(bytes, LIMIT_MARKDOWN + 1), "text/markdown", SITE "a.md");
    content_fixture_has(&f.html, "<pre>\n# x\n");
    content_fixture_finish(&f);
    free(bytes);
}

/* ---- Hostile ---- */

static struct buf repeated(const char *front, const char *text, size_t times, const char *end)
{
    struct buf bytes;
    buf_init(&bytes, LIMIT_FILE_BODY);
    buf_add_text(&bytes, front);
    for (size_t i = 0; i < times; i++)
        buf_add_text(&bytes, text);
    buf_add_text(&bytes, end);
    assert_int_equal(bytes.failed, ERR_NONE);
    return bytes;
}

static void bombs_end_in_time_and_within_bounds(void **state)
{
    (void)state;
    enum { SECONDS = 60 }; /* of a slow and busy machine; none takes one second on a quiet one */
    static const struct {
        const char *type, *front, *text;
        size_t times;
        const char *end;
    } cases[] = {
        {"application/json", "", "[", 100000000, ""},
        {"application/json", "", "[1,", 2000000, ""},
        {"application/json", "[", "1,", 4000000, "1]"},
        {"application/json", "\"", "&", 15000000, "\""},
        {"application/json", "", "\\u", 1000000, ""},
        {"text/xml", "", "<a>", 2000000, ""},
        {"text/xml", "", "<!", 2000000, ""},
        {"text/xml", "<a>", "<![CDATA[", 1000000, ""},
        {"text/xml", "<a ", "b=\"\" ", 2000000, "/>"},
        {"text/xml", "<!DOCTYPE a [", "<!ENTITY a \"&a;&a;\">", 100000, "]><a>&a;</a>"},
        {"text/markdown", "", "[", 1000000, ""},
        {"text/markdown", "", ">", 200000, "a\n"},
        {"text/markdown", "", "*a_ ", 500000, ""},
        {"text/markdown", "", "<!--", 500000, ""},
        {"text/markdown", "", "[a](<b", 300000, ""},
        {"text/markdown", "", "# x\n", 300000, ""},
        {"text/markdown", "", "<h1>", 300000, ""},
        {"text/markdown", "", "[a]: x\n", 200000, "[a]"},
        {"application/rss+xml", "<rss><channel><item><description>", "&lt;a\"", 500000, ""},
        {"application/rss+xml", "<rss><channel><item><description>", "&lt;!--", 500000, ""},
        {"application/rss+xml", "<rss><channel><item><description>", "&lt;script&gt;", 500000, ""},
        {"application/rss+xml", "<rss><channel>", "<item><title>x</title></item>", 200000, ""},
        {"application/rss+xml", "<rss><channel>", "<item>", 500000, ""},
        {"application/rss+xml", "<rss ", "xml:lang='' ", 500000, "><channel>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf bytes = repeated(cases[i].front, cases[i].text, cases[i].times, cases[i].end);
        struct content_fixture f;
        struct timespec begun;
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &begun);
        content_fixture_write(&f, buf_slice(&bytes), cases[i].type, SITE "a");
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - begun.tv_sec > SECONDS)
            fail_msg("case %zu took %ld s", i, (long)(now.tv_sec - begun.tv_sec));
        assert_true(f.html.len <= LIMIT_PAGE_BODY);
        content_fixture_finish(&f);
        buf_finish(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_follows_from_type_name_and_bytes),
        cmocka_unit_test(a_file_is_named_by_what_the_server_says_of_it),
        cmocka_unit_test(without_a_word_of_the_server_the_url_names_it),
        cmocka_unit_test(a_long_name_is_cut_before_its_extension),
        cmocka_unit_test(text_is_shown_as_it_stands),
        cmocka_unit_test(text_past_its_limit_is_cut_and_says_so),
        cmocka_unit_test(json_is_indented_and_says_what_it_said),
        cmocka_unit_test(what_is_no_json_is_shown_as_text),
        cmocka_unit_test(xml_is_indented_and_its_entities_stay_what_they_are),
        cmocka_unit_test(pictures_and_films_refer_to_the_original),
        cmocka_unit_test(any_other_file_is_named_with_its_type_and_size),
        cmocka_unit_test(markdown_becomes_a_page),
        cmocka_unit_test(a_table_of_contents_leads_to_its_headings),
        cmocka_unit_test(markdown_past_its_limit_is_shown_as_text),
        cmocka_unit_test(bombs_end_in_time_and_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

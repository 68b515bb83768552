/* page/collect, page/references, page/lazy: which references a document has and what stands for
 * them. */
#include "base/limits.h"
#include "page/assets_table.h"
#include "page/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PAGE "https://example.com/dir/page"
#define WIRE                                                                                       \
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:ls=\"urn:linksnap:1\"><head/><body>"
#define SVG                                                                                        \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">"

struct page {
    struct assets *assets;
    struct document *doc;
    char *html; /* contents of the body */
};

static void page_begin(struct page *page, bool web)
{
    struct error err = {0};
    const struct assets_options options = {.page_url = PAGE, .web = web};
    *page = (struct page){0};
    assert_true(assets_create(&options, &page->assets, &err));
}

static void page_read(struct page *page, const char *body, const char *base, bool web)
{
    struct error err = {0};
    struct buf text;
    const struct document_origin origin = {.url = slice_of(PAGE), .base = slice_of(base)};
    buf_init(&text, 1 << 24);
    if (web) {
        assert_true(buf_add_text(&text, body));
        if (!document_read_web(buf_slice(&text), &origin, &page->doc, &err))
            fail_msg("%s", err.text);
    } else {
        assert_true(buf_add_text(&text, WIRE));
        assert_true(buf_add_text(&text, body));
        assert_true(buf_add_text(&text, "</body></html>"));
        if (!document_read_wire(buf_slice(&text), &origin, &page->doc, &err))
            fail_msg("%s", err.text);
    }
    buf_finish(&text);
}

static void page_write(struct page *page)
{
    struct error err = {0};
    struct buf out;
    buf_init(&out, 1 << 26);
    if (!collect_references(page->doc, page->assets, &err) ||
        !document_write(page->doc, &out, &err))
        fail_msg("%s", err.text);
    char *start = strstr(out.ptr, "<body>");
    assert_non_null(start);
    start += strlen("<body>");
    char *end = strstr(start, DOCUMENT_END_MARK);
    assert_non_null(end);
    free(page->html);
    page->html = slice_dup(slice_make(start, (size_t)(end - start)));
    assert_non_null(page->html);
    buf_finish(&out);
}

static void page_end(struct page *page)
{
    document_destroy(page->doc);
    assets_destroy(page->assets);
    free(page->html);
}

static const struct asset *find_asset(const struct assets *assets, enum asset_kind kind,
                                      const char *url)
{
    for (size_t i = 0; i < assets_count(assets); i++) {
        const struct asset *asset = assets_at(assets, i);
        if (asset->kind == kind && strcmp(asset->url, url) == 0)
            return asset;
    }
    return NULL;
}

/* Replaces each {kind URL} by the reference to that asset, which must be wanted; {frame URL} by
 * that of a frame. The default icon is there besides. */
static void expand(const struct page *page, const char *template, struct buf *out, size_t *used)
{
    buf_init(out, 1 << 24);
    *used = 0;
    for (const char *at = template; *at != '\0'; at++) {
        const char *end = strchr(at, '}');
        const char *space = strchr(at, ' ');
        if (*at != '{' || end == NULL || space == NULL || space > end) {
            assert_true(buf_add_char(out, *at));
            continue;
        }
        enum asset_kind kind;
        char url[2048];
        if (!asset_kind_parse(slice_make(at + 1, (size_t)(space - at - 1)), &kind)) {
            assert_true(buf_add_char(out, *at));
            continue;
        }
        snprintf(url, sizeof url, "%.*s", (int)(end - space - 1), space + 1);
        const struct asset *asset = find_asset(page->assets, kind, url);
        if (asset == NULL)
            fail_msg("%s %s is not wanted", asset_kind_name(kind), url);
        assert_true(buf_add_text(out, kind == ASSET_FRAME ? FRAME_SCHEME : ASSET_SCHEME));
        assert_true(buf_add_text(out, asset->ref));
        ++*used;
        at = end;
    }
    if (out->ptr == NULL)
        assert_true(buf_add_text(out, ""));
}

static void check_form(const char *body, const char *expected, bool web)
{
    struct page page;
    struct buf html;
    size_t used;
    page_begin(&page, web);
    page_read(&page, body, "", web);
    page_write(&page);
    expand(&page, expected, &html, &used);
    assert_string_equal(page.html, html.ptr);
    size_t count = assets_count(page.assets);
    assert_non_null(find_asset(page.assets, ASSET_ICON, "https://example.com/favicon.ico"));
    page_write(&page); /* a second time nothing changes */
    assert_string_equal(page.html, html.ptr);
    assert_int_equal(assets_count(page.assets), count);
    buf_finish(&html);
    page_end(&page);
}

static void check(const char *body, const char *expected)
{
    check_form(body, expected, false);
}

static void check_web(const char *body, const char *expected)
{
    check_form(body, expected, true);
}

static void pictures_of_every_kind_are_wanted(void **state)
{
    (void)state;
    check("<img src=\"a.png\"/>", "<img src=\"{image https://example.com/dir/a.png}\">");
    check("<img src=\" //cdn.example.com/a.png?x#y \"/>",
          "<img src=\"{image https://cdn.example.com/a.png?x}#y\">");
    check("<img srcset=\"a.png 1x, /b.png 2x\"/>",
          "<img srcset=\"{image https://example.com/dir/a.png} 1x, {image "
          "https://example.com/b.png} 2x\">");
    check("<picture><source srcset=\"a.webp\" src=\"no.png\"/><img/></picture>",
          "<picture><source srcset=\"{image https://example.com/dir/a.webp}\"><img></picture>");
    check("<input type=\"Image\" src=\"a.png\"/><input src=\"b.png\"/>",
          "<input type=\"Image\" src=\"{image https://example.com/dir/a.png}\"><input>");
    check("<table background=\"a.png\"/>",
          "<table background=\"{image https://example.com/dir/a.png}\"></table>");
    check("<object data=\"a.svg\"><b/></object><embed type=\"image/png\" src=\"b\"/>",
          "<img src=\"{image https://example.com/dir/a.svg}\" ls-is=\"object stand-in\">"
          "<img type=\"image/png\" src=\"{image https://example.com/dir/b}\" "
          "ls-is=\"embed stand-in\">");
    check("<object data=\"a.png\"> <b>what</b> it is </object>",
          "<img src=\"{image https://example.com/dir/a.png}\" alt=\"what it is\" "
          "ls-is=\"object stand-in\">");
}

static void media_and_their_posters_are_wanted(void **state)
{
    (void)state;
    check("<video poster=\"b.jpg\"><source src=\"c.webm\"/><track "
          "src=\"d.vtt\"/></video><audio src=\"e.mp3\"/>",
          "<video poster=\"{image "
          "https://example.com/dir/b.jpg}\"><source src=\"{media "
          "https://example.com/dir/c.webm}\"><track src=\"{media "
          "https://example.com/dir/d.vtt}\"></video><audio src=\"{media "
          "https://example.com/dir/e.mp3}\"></audio>");
}

static void one_form_of_a_recording_is_enough(void **state)
{
    (void)state;
#define MEDIA(name) "{media https://example.com/dir/" name "}"
    check("<video><source src=\"a.mp4\" type=\"video/mp4; codecs='hvc1.1'\"/><source src=\"b.mp4\" "
          "type=\"Video/MP4\"/><source src=\"c.webm\" type=\"video/webm\"/><track "
          "src=\"d.vtt\"/></video>",
          "<video><source src=\"" MEDIA(
              "a.mp4") "\" type=\"video/mp4; codecs='hvc1.1'\"><source "
                       "src=\"" MEDIA(
                           "b.mp4") "\" type=\"Video/MP4\"><source type=\"video/webm\"><track "
                                    "src=\"" MEDIA("d.vtt") "\"></video>");
    check("<audio src=\"a.mp3\"><source src=\"b.mp3\"/></audio>",
          "<audio src=\"" MEDIA("a.mp3") "\"><source></audio>");
    check(
        "<audio><source src=\"a.opus\"/><source src=\"b.mp3?x#y\"/><source src=\"c.wav\"/></audio>",
        "<audio><source src=\"" MEDIA("a.opus") "\"><source src=\"" MEDIA(
            "b.mp3?x") "#y\"><source></audio>");
    check("<video><source media=\"(width > 1px)\" src=\"a.mp4\"/><source src=\"b.mp4\"/></video>",
          "<video><source media=\"(width &gt; 1px)\" src=\"" MEDIA(
              "a.mp4") "\"><source src=\"" MEDIA("b.mp4") "\"></video>");
#undef MEDIA
}

static void styles_are_rewritten_wherever_they_stand(void **state)
{
    (void)state;
    check("<i style=\"color: red\"/>", "<i style=\"color: red\"></i>");
    check("<i style=\"background: url(a.png) , url('#x')\"/>",
          "<i style=\"background: url(&quot;{image https://example.com/dir/a.png}&quot;) , "
          "url(&quot;#x&quot;)\"></i>");
    check("<style>@import 'a.css'; @font-face { src: url(b.woff2), url(c.eot?#iefix) } i { d: "
          "url(e.png) }</style>",
          "<style>@import url(\"{style https://example.com/dir/a.css}\"); @font-face { src: "
          "url(\"{font https://example.com/dir/b.woff2}\"), url(\"\") } i { d: url(\"{image "
          "https://example.com/dir/e.png}\") }</style>");
}

static void svg_points_into_itself_or_into_sprites(void **state)
{
    (void)state;
    check(SVG "<use href=\"#a\"/><use xlink:href=\"icons.svg#b\"/><use href=\"" PAGE "#c\"/>"
              "<use href=\"whole.svg\"/></svg>",
          "<svg><use href=\"#a\"></use><use xlink:href=\"{sprite "
          "https://example.com/dir/icons.svg}#b\"></use><use href=\"#c\"></use><use></use></svg>");
    check(SVG "<image xlink:href=\"a.png\"/><rect fill=\"url(#g)\" filter=\"url(f.svg#x)\"/>"
              "<linearGradient xlink:href=\"#g\"/><linearGradient href=\"g.svg#g\"/></svg>",
          "<svg><image xlink:href=\"{image https://example.com/dir/a.png}\"></image><rect "
          "fill=\"url(&quot;#g&quot;)\" filter=\"url(&quot;{image "
          "https://example.com/dir/f.svg}#x&quot;)\"></rect><linearGradient "
          "xlink:href=\"#g\"></linearGradient><linearGradient></linearGradient></svg>");
}

static void what_cannot_be_fetched_is_not_wanted(void **state)
{
    (void)state;
    static const char *const urls[] = {"file:///etc/passwd",
                                       "chrome://x/y.png",
                                       "about:blank",
                                       "javascript:alert(1)",
                                       "blob:https://example.com/1",
                                       "linksnap:canvas/1",
                                       "ftp://example.com/a.png",
                                       "http://",
                                       "",
                                       "#x",
                                       PAGE,
                                       "linksnap-asset:00000000000000000000000000000000",
                                       "data:image/png"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls - 1; i++) {
        char body[512];
        snprintf(body, sizeof body, "<img src=\"%s\"/><i style=\"a: url(%s)\"/>", urls[i], urls[i]);
        struct page page;
        page_begin(&page, true);
        page_read(&page, body, "", true);
        page_write(&page);
        if (assets_count(page.assets) != 1) /* the default icon */
            fail_msg("%s is wanted", urls[i]);
        assert_memory_equal(page.html, "<img><i style=\"a: url(", 22);
        page_end(&page);
    }
}

static void data_urls_stay_when_small_and_become_assets_when_not(void **state)
{
    (void)state;
    check("<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"/>",
          "<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">");
    struct page page;
    struct buf body;
    page_begin(&page, false);
    buf_init(&body, 1 << 20);
    for (int i = 0; i < 2; i++) {
        assert_true(buf_add_text(&body, "<img src=\"data:image/gif;base64,"));
        for (int n = 0; n < 600; n++)
            assert_true(buf_add_text(&body, "AAAA"));
        assert_true(buf_add_text(&body, "\"/>"));
    }
    assert_true(buf_add_text(&body, "<style>@import 'data:text/css,a{}'</style>"));
    page_read(&page, body.ptr, "", false);
    page_write(&page);
    assert_int_equal(assets_count(page.assets), 3); /* picture, sheet, default icon */
    assert_memory_equal(assets_at(page.assets, 0)->url, "linksnap:data/", 14);
    assert_int_equal(assets_at(page.assets, 1)->kind, ASSET_STYLE);
    assert_null(strstr(page.html, "data:"));
    buf_finish(&body);
    page_end(&page);
}

static void what_the_browser_hands_in_is_wanted(void **state)
{
    (void)state;
    struct page page;
    struct error err = {0};
    struct buf html;
    size_t used;
    page_begin(&page, false);
    assert_true(assets_supply(page.assets, slice_of("blob:https://example.com/2"),
                              slice_of("video/mp4"), slice_of("x"), &err));
    /* The pictures may still come; a stream that has not come cannot. */
    page_read(&page,
              "<canvas style=\"background-image: url(linksnap:canvas/1)\"/>"
              "<img src=\"blob:https://example.com/1\"/><video "
              "src=\"blob:https://example.com/2\"/><video src=\"blob:https://example.com/3\"/>",
              "", false);
    page_write(&page);
    expand(
        &page,
        "<canvas style=\"background-image: url(&quot;{image linksnap:canvas/1}&quot;)\"></canvas>"
        "<img src=\"{image blob:https://example.com/1}\"><video src=\"{media "
        "blob:https://example.com/2}\"></video><video></video>",
        &html, &used);
    assert_string_equal(page.html, html.ptr);
    buf_finish(&html);
    page_end(&page);
}

static void check_base(const char *head, const char *url)
{
    struct page page;
    char body[1024];
    page_begin(&page, true);
    snprintf(body, sizeof body, "<!DOCTYPE html><head>%s</head><body><img src=i.png>", head);
    page_read(&page, body, "", true);
    page_write(&page);
    if (find_asset(page.assets, ASSET_IMAGE, url) == NULL)
        fail_msg("%s: not %s", head, url);
    page_end(&page);
}

static void what_no_browser_asks_for_is_not_wanted(void **state)
{
    (void)state;
    check("<style>a{behavior:url(x.htc);*behavior: url( 'y' "
          ");-moz-binding:url(z#b);b:url(u)}</style>",
          "<style>a{behavior:url(\"\");*behavior: url(\"\" );-moz-binding:url(\"\");b:url(\"{image "
          "https://example.com/dir/u}\")}</style>");
    check("<i style=\"my-behavior:url(x)\"/>",
          "<i style=\"my-behavior:url(&quot;{image https://example.com/dir/x}&quot;)\"></i>");
    check("<img src=\"data:,\"/>", "<img src=\"data:,\">");
}

static void one_candidate_stands_alone(void **state)
{
    (void)state;
    check_web("<!DOCTYPE html><body><img srcset=\"a.png, b.png 2x\" src=\"c.png\">",
              "<img srcset=\"{image https://example.com/dir/b.png} 2x\">");
    check_web("<!DOCTYPE html><body><img srcset=\"\" src=\"c.png\">",
              "<img srcset=\"\" src=\"{image https://example.com/dir/c.png}\">");
}

static void the_first_base_counts(void **state)
{
    (void)state;
    check_base("<base target=_blank><base href=\" ../x/ \"><base href=/y/>",
               "https://example.com/x/i.png");
    check_base("<base href=//cdn.example/a/b>", "https://cdn.example/a/i.png");
    check_base("<base href=\"data:text/html,x\"><base href=/y/>", "https://example.com/dir/i.png");
    check_base("<base href=javascript:x>", "https://example.com/dir/i.png");
    check_base("<base href=\"http://[\">", "https://example.com/dir/i.png");
}

static void a_live_page_says_what_it_was_in(void **state)
{
    (void)state;
    static const struct {
        const char *meta;
        const char *charset;
    } cases[] = {
        {"<meta charset=\"GB2312\"/>", "GBK"},
        {"<title/><meta http-equiv=\"Content-Type\" content=\"text/html; charset=euc-kr\"/>",
         "EUC-KR"},
        {"<meta charset=\"utf-8\"/>", NULL},
        {"<meta charset=\"nonsense\"/>", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page page;
        struct error err = {0};
        char text[1024];
        const struct document_origin origin = {.url = slice_of(PAGE)};
        snprintf(text, sizeof text,
                 "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head>%s<link rel=\"stylesheet\" "
                 "href=\"a.css\"/></head><body/></html>",
                 cases[i].meta);
        page_begin(&page, false);
        assert_true(document_read_wire(slice_of(text), &origin, &page.doc, &err));
        page_write(&page);
        const char *charset = page.assets->entries[0]->charset;
        assert_int_equal(page.assets->entries[0]->asset.kind, ASSET_STYLE);
        if (cases[i].charset == NULL)
            assert_null(charset);
        else
            assert_string_equal(charset, cases[i].charset);
        page_end(&page);
    }
}

static void links_are_absolute_or_lead_within_the_page(void **state)
{
    (void)state;
    struct page page;
    page_begin(&page, false);
    page_read(&page, "<a href=\"x\">1</a><a href=\"#s\">2</a><a href=\"page#t\">3</a>", "", false);
    page_write(&page);
    assert_non_null(strstr(page.html, "href=\"https://example.com/dir/x\""));
    assert_non_null(strstr(page.html, "<a href=\"#s\">2"));
    assert_non_null(strstr(page.html, "<a href=\"#t\">3"));
    page_end(&page);
    page_begin(&page, false);
    page_read(&page, "<a href=\"x\">1</a><a href=\"#s\">2</a>", "https://other.example/b/", false);
    page_write(&page);
    assert_non_null(strstr(page.html, "href=\"https://other.example/b/x\""));
    assert_non_null(strstr(page.html, "href=\"https://other.example/b/#s\""));
    page_end(&page);
}

static void frames_of_a_capture_are_named_by_their_number(void **state)
{
    (void)state;
    check(
        "<iframe ls:frame=\"3\" src=\"x\"/><object ls:frame=\"04\" data=\"y\"><b/></object>"
        "<iframe src=\"z\" srcdoc=\"w\"/>",
        "<iframe srcdoc=\"{frame linksnap:frame/3}\"></iframe><iframe frameborder=\"0\" "
        "ls-is=\"object stand-in\" srcdoc=\"{frame linksnap:frame/4}\"></iframe><iframe></iframe>");
}

static void frames_of_a_fetched_page_are_followed(void **state)
{
    (void)state;
    check_web("<!DOCTYPE html><body><iframe src=\"x#y\"></iframe><iframe src=\"page#z\"></iframe>",
              "<iframe srcdoc=\"{frame https://example.com/dir/x}\"></iframe><iframe></iframe>");
    struct page page;
    page_begin(&page, true);
    page_read(&page, "<body><iframe srcdoc='<b>x</b>'></iframe><iframe srcdoc='<b>x</b>'></iframe>",
              "", true);
    page_write(&page);
    assert_int_equal(assets_count(page.assets), 2);
    assert_int_equal(assets_at(page.assets, 0)->kind, ASSET_FRAME);
    assert_memory_equal(assets_at(page.assets, 0)->url, "linksnap:srcdoc/", 16);
    assert_null(strstr(page.html, "x</b>"));
    page_end(&page);
}

static void pictures_that_wait_for_a_script_are_promoted(void **state)
{
    (void)state;
    static const char *const waiting[] = {
        "<img data-src=\"a.png\">",
        "<img src=\"\" data-original=\"a.png\">",
        "<img src=\"data:image/gif;base64,AAAA\" data-actualsrc=\"a.png\">",
        "<img src=\"/img/Loading.gif\" data-lazy-src=\"a.png\">",
        "<img class=\"x LazyLoad\" src=\"tiny.jpg\" data-src=\" a.png \">",
        "<img data-src=\"{{url}}\" data-original=\"a.png\">",
        "<img src=\"app:x\" data-src=\"a.png\">",
        "<img native-src=\"a.png\" src=\"data:,\">",
        "<img data-flickity-lazyload=\"a.png\">",
        "<img class=lazy src=\"b.png\" srcset=\"data:,x 1w\" data-orig-src=\"a.png\">",
        "<picture><source data-srcset=\"a.png 1x\"><img></picture>",
        "<amp-img src=\"a.png\" width=1 height=1></amp-img>",
        "<div data-lazy-background=\"a.png\"></div>",
        "<div data-bg=\"url('a.png')\"></div>",
        "<div data-bgset=\"a.png [(min-width: 1px)]\"></div>",
        "<div class=lazy data-src=\"a.png\" style=\"background:url(b.png)\"></div>",
    };
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++) {
        struct page page;
        page_begin(&page, true);
        page_read(&page, waiting[i], "", true);
        page_write(&page);
        if (find_asset(page.assets, ASSET_IMAGE, "https://example.com/dir/a.png") == NULL)
            fail_msg("%s: not promoted", waiting[i]);
        page_end(&page);
    }
    struct page page;
    page_begin(&page, true);
    page_read(&page,
              "<img src=\"b.png\" data-src=\"a.png\"><div data-bg=\"c.png\"></div><img "
              "data-srcset=\"d.png 1x\"><video poster=\"\" data-poster=\"e.png\"></video>",
              "", true);
    page_write(&page);
    assert_null(find_asset(page.assets, ASSET_IMAGE, "https://example.com/dir/a.png"));
    assert_non_null(find_asset(page.assets, ASSET_IMAGE, "https://example.com/dir/b.png"));
    assert_non_null(find_asset(page.assets, ASSET_IMAGE, "https://example.com/dir/c.png"));
    assert_non_null(find_asset(page.assets, ASSET_IMAGE, "https://example.com/dir/d.png"));
    assert_non_null(find_asset(page.assets, ASSET_IMAGE, "https://example.com/dir/e.png"));
    page_end(&page);
}

static void check_start(const char *body, const char *expected)
{
    struct page page;
    page_begin(&page, true);
    page_read(&page, body, "", true);
    page_write(&page);
    if (strncmp(page.html, expected, strlen(expected)) != 0)
        fail_msg("%s: %s", body, page.html);
    char *first = slice_dup(slice_of(page.html));
    page_write(&page);
    assert_string_equal(page.html, first);
    free(first);
    page_end(&page);
}

static void what_hides_a_waiting_picture_says_that_it_has_come(void **state)
{
    (void)state;
    check_start("<img class=\"a lazyload b\" data-src=x>", "<img class=\"a lazyloaded b\"");
    check_start("<img class=\"lazyload lazyloading\" data-src=x>", "<img class=\"lazyloaded\"");
    check_start("<img class=lazy data-src=x>", "<img class=\"lazy loaded\"");
    check_start("<img class=lozad data-src=x>", "<img class=\"lozad loaded\"");
    check_start("<div class=b-lazy data-bg=x></div>", "<div class=\"b-lazy b-loaded\"");
    check_start("<img data-lazyloaded=1 data-src=x>", "<img data-lazyloaded=\"1\" data-src=\"x\" "
                                                      "src=\"linksnap-asset:");
    check_start("<img lazy=loading data-src=x>", "<img lazy=\"loaded\"");
    /* Nothing has come where nothing was waiting. */
    check_start("<div class=\"lazy lazyload\"></div>", "<div class=\"lazy lazyload\"></div>");
}

static void a_live_page_is_taken_as_it_is(void **state)
{
    (void)state;
    check("<img src=\"b.gif\" class=\"lazy\"/>",
          "<img src=\"{image https://example.com/dir/b.gif}\" class=\"lazy\">");
    check("<div data-bg=\"a.png\"/><iframe data-src=\"a.html\"/>",
          "<div data-bg=\"a.png\"></div><iframe data-src=\"a.html\"></iframe>");
    /* But nobody has scrolled to these. */
    check("<img data-src=\"a.png\"/><img src=\"data:image/gif;base64,R0lG\" class=\"lazyload\" "
          "data-src=\"b.png\"/>",
          "<img data-src=\"a.png\" src=\"{image https://example.com/dir/a.png}\"><img "
          "src=\"{image https://example.com/dir/b.png}\" class=\"lazyloaded\" "
          "data-src=\"b.png\">");
}

static void a_promoted_picture_is_not_shown_twice(void **state)
{
    (void)state;
    struct page page;
    page_begin(&page, true);
    page_read(&page,
              "<img data-src=\"a.png\"><noscript><img src=\"a.png\"></noscript>"
              "<p><noscript><img src=\"b.png\"></noscript></p>",
              "", true);
    page_write(&page);
    const char *first = strstr(page.html, "<img");
    assert_non_null(first);
    const char *second = strstr(first + 1, "<img");
    assert_non_null(second);
    assert_null(strstr(second + 1, "<img"));
    page_end(&page);
    check_start("<body><noscript><img src=x/a.png></noscript><img data-src=y/a.png>",
                "<noscript></noscript><img");
    check_start("<img data-src=a.png> <noscript> <a><img src=a.png></a> </noscript>",
                "<img data-src=\"a.png\" src=\"linksnap-asset:");
    check_start("<body><noscript><img src=b.png></noscript><img data-src=a.png>", "<noscript><img");
    check_start("<body><noscript><p>b<img src=a.png></noscript><img data-src=a.png>",
                "<noscript><p>");
    check_start("<picture><img data-src=a.png></picture><noscript><picture><source srcset=b.png>"
                "<img src=a.png></picture></noscript>",
                "<picture><img data-src=\"a.png\" src=\"linksnap-asset:");
}

static void head_links_are_kept_by_what_they_are(void **state)
{
    (void)state;
    struct page page;
    page_begin(&page, true);
    page_read(&page,
              "<link rel=\"Stylesheet alternate\" href=\"a.css\"><link rel=\"shortcut icon\" "
              "href=\"b.ico\"><link rel=preload as=style href=\"c.css\" "
              "onload=\"this.rel='stylesheet'\"><link rel=preload as=font href=\"d.woff2\"><link "
              "rel=stylesheet href=\"\"><link rel=manifest href=\"e.json\">",
              "", true);
    page_write(&page);
    assert_int_equal(assets_count(page.assets), 3);
    assert_non_null(find_asset(page.assets, ASSET_STYLE, "https://example.com/dir/a.css"));
    assert_non_null(find_asset(page.assets, ASSET_STYLE, "https://example.com/dir/c.css"));
    assert_non_null(find_asset(page.assets, ASSET_ICON, "https://example.com/dir/b.ico"));
    page_end(&page);
}

static void shadow_roots_load_and_templates_do_not(void **state)
{
    (void)state;
    check("<div><template ls:shadow=\"open\"><img src=\"a.png\"/></template></div>"
          "<template><img src=\"b.png\"/></template>",
          "<div><template shadowrootmode=\"open\"><img src=\"{image "
          "https://example.com/dir/a.png}\"></template></div><template><img "
          "src=\"b.png\"></template>");
}

static void the_words_of_our_schemes_cannot_be_forged(void **state)
{
    (void)state;
    struct page page;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    char body[2048];
    page_begin(&page, false);
    assert_true(
        assets_want(page.assets, slice_of("https://example.com/secret"), ASSET_IMAGE, ref, &err));
    snprintf(body, sizeof body,
             "<p title=\"linksnap-asset:%s\">linksnap-asset:%s</p><style>p::before { content: "
             "\"linksnap-asset:%s\" }</style><iframe srcdoc=\"linksnap-frame:"
             "00000000000000000000000000000000\"/><i style=\"content: 'linksnap-asset:%s'\"/>",
             ref, ref, ref, ref);
    page_read(&page, body, "", false);
    assert_true(document_prepare(page.doc, page.assets, &err));
    page_write(&page);
    assert_null(strstr(page.html, "linksnap-asset:"));
    assert_null(strstr(page.html, "linksnap-frame:"));
    page_end(&page);
}

static void assets_past_the_limit_fail_and_then_go_unnoted(void **state)
{
    (void)state;
    struct page page;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    page_begin(&page, false);
    for (size_t i = 0; i < 2 * LIMIT_ASSETS + 5; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%zu", i);
        assert_true(assets_want(page.assets, slice_of(url), ASSET_IMAGE, ref, &err));
    }
    assert_int_equal(assets_count(page.assets), 2 * LIMIT_ASSETS);
    assert_int_equal(assets_at(page.assets, LIMIT_ASSETS - 1)->state, ASSET_WANTED);
    assert_int_equal(assets_at(page.assets, LIMIT_ASSETS)->state, ASSET_FAILED);
    assert_int_equal(assets_at(page.assets, LIMIT_ASSETS)->fault, ERR_LIMIT);
    page_end(&page);
}

static void a_ref_is_the_digest_of_class_and_url(void **state)
{
    (void)state;
    struct page page;
    struct error err = {0};
    char image[ASSET_REF_SIZE];
    char font[ASSET_REF_SIZE];
    char style[ASSET_REF_SIZE];
    page_begin(&page, false);
    struct slice url = slice_of("https://example.com/a#b");
    assert_true(assets_want(page.assets, url, ASSET_IMAGE, image, &err));
    assert_true(assets_want(page.assets, url, ASSET_FONT, font, &err));
    assert_true(assets_want(page.assets, url, ASSET_STYLE, style, &err));
    assert_string_equal(image, "a02988e0ce7396b2a0837858d83ad152");
    assert_string_equal(font, image);
    assert_string_equal(style, "f33fa7670afae56094d65e6be9e8da67");
    assert_int_equal(assets_count(page.assets), 2);
    assert_string_equal(assets_at(page.assets, 0)->url, "https://example.com/a");
    page_end(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_of_every_kind_are_wanted),
        cmocka_unit_test(media_and_their_posters_are_wanted),
        cmocka_unit_test(one_form_of_a_recording_is_enough),
        cmocka_unit_test(styles_are_rewritten_wherever_they_stand),
        cmocka_unit_test(svg_points_into_itself_or_into_sprites),
        cmocka_unit_test(what_cannot_be_fetched_is_not_wanted),
        cmocka_unit_test(data_urls_stay_when_small_and_become_assets_when_not),
        cmocka_unit_test(what_the_browser_hands_in_is_wanted),
        cmocka_unit_test(what_no_browser_asks_for_is_not_wanted),
        cmocka_unit_test(one_candidate_stands_alone),
        cmocka_unit_test(the_first_base_counts),
        cmocka_unit_test(a_live_page_says_what_it_was_in),
        cmocka_unit_test(links_are_absolute_or_lead_within_the_page),
        cmocka_unit_test(frames_of_a_capture_are_named_by_their_number),
        cmocka_unit_test(frames_of_a_fetched_page_are_followed),
        cmocka_unit_test(pictures_that_wait_for_a_script_are_promoted),
        cmocka_unit_test(what_hides_a_waiting_picture_says_that_it_has_come),
        cmocka_unit_test(a_live_page_is_taken_as_it_is),
        cmocka_unit_test(a_promoted_picture_is_not_shown_twice),
        cmocka_unit_test(head_links_are_kept_by_what_they_are),
        cmocka_unit_test(shadow_roots_load_and_templates_do_not),
        cmocka_unit_test(the_words_of_our_schemes_cannot_be_forged),
        cmocka_unit_test(assets_past_the_limit_fail_and_then_go_unnoted),
        cmocka_unit_test(a_ref_is_the_digest_of_class_and_url),
    };
    return cmocka_run_group_tests_name("collect", tests, NULL, NULL);
}

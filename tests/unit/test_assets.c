/* page/assets: fetching what a snapshot loads, and what becomes of the answers. */
#include "base/limits.h"
#include "page/assets.h"
#include "page/document.h"

#include "http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PNG      "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"
#define PNG_SIZE 16

/* What the callback saw. */
struct seen {
    char url[256];
    enum asset_kind kind;
    enum asset_state state;
    enum error_code fault;
    long status;
    char reason[128];
    char media_type[96];
    char *bytes;
    size_t len;
};

struct run {
    struct http_server *server;
    struct assets *assets;
    struct fetcher *fetcher;
    struct seen seen[64];
    size_t count;
    size_t stop_after; /* the callback refuses this one; 0: none */
    bool cancelled;
};

static bool keep(const struct asset *asset, void *arg, struct error *err)
{
    struct run *run = arg;
    assert_in_range(run->count, 0, 63);
    struct seen *seen = &run->seen[run->count++];
    snprintf(seen->url, sizeof seen->url, "%s", asset->url);
    snprintf(seen->reason, sizeof seen->reason, "%s", asset->reason);
    snprintf(seen->media_type, sizeof seen->media_type, "%s", asset->media_type);
    seen->kind = asset->kind;
    seen->state = asset->state;
    seen->fault = asset->fault;
    seen->status = asset->status;
    seen->bytes = slice_dup(asset->bytes);
    seen->len = asset->bytes.len;
    assert_non_null(seen->bytes);
    return run->count != run->stop_after || error_set(err, ERR_STORE_FULL, "full");
}

static bool is_cancelled(void *arg)
{
    return ((struct run *)arg)->cancelled;
}

static const char *url_of(const struct run *run, const char *path)
{
    static char url[256];
    return http_server_url(run->server, path, url, sizeof url);
}

static void begin(struct run *run, const struct http_route *routes, size_t count, bool web)
{
    struct error err = {0};
    *run = (struct run){0};
    run->server = http_server_start(routes, count);
    const struct fetcher_options fetching = {
        .allow_private = true, .interrupted = is_cancelled, .interrupted_arg = run, .wake_fd = -1};
    assert_true(fetcher_create(&fetching, &run->fetcher, &err));
    const struct assets_options options = {.page_url = url_of(run, "/page"), .web = web};
    assert_true(assets_create(&options, &run->assets, &err));
}

static void end(struct run *run)
{
    fetcher_destroy(run->fetcher);
    assets_destroy(run->assets);
    http_server_stop(run->server);
    for (size_t i = 0; i < run->count; i++)
        free(run->seen[i].bytes);
}

static void want(struct run *run, const char *path, enum asset_kind kind, char *ref)
{
    struct error err = {0};
    char unused[ASSET_REF_SIZE];
    assert_true(
        assets_want(run->assets, slice_of(url_of(run, path)), kind, ref ? ref : unused, &err));
}

static void fetch(struct run *run)
{
    struct error err = {0};
    if (!assets_fetch(run->assets, run->fetcher, keep, run, &err))
        fail_msg("%s", err.text);
}

static const struct seen *look(const struct run *run, const char *path)
{
    const struct seen *found = NULL;
    for (size_t i = 0; i < run->count; i++) {
        if (strcmp(run->seen[i].url, path[0] == '/' ? url_of(run, path) : path) != 0)
            continue;
        assert_null(found); /* told of once */
        found = &run->seen[i];
    }
    if (found == NULL)
        fail_msg("nothing about %s", path);
    return found;
}

static void assert_stored(const struct run *run, const char *path, const char *type)
{
    const struct seen *seen = look(run, path);
    if (seen->state != ASSET_STORED)
        fail_msg("%s: %s", path, seen->reason);
    assert_string_equal(seen->media_type, type);
}

static void assert_failed(const struct run *run, const char *path, enum error_code fault)
{
    const struct seen *seen = look(run, path);
    assert_int_equal(seen->state, ASSET_FAILED);
    assert_int_equal(seen->fault, fault);
    assert_true(seen->reason[0] != '\0');
    assert_int_equal(seen->len, 0);
}

static void sheets_are_followed_to_their_end(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/css/a.css", .type = "text/css", .body = "@import 'b.css';i{c:url(../i.png)}"},
        {.path = "/css/b.css", .type = "text/css", .body = "@font-face{src:url(f.woff2)}"},
        {.path = "/i.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
        {.path = "/css/f.woff2", .type = "font/woff2", .body = "wOF2abcd"},
    };
    struct run run;
    char a[ASSET_REF_SIZE];
    char b[ASSET_REF_SIZE];
    char i[ASSET_REF_SIZE];
    char expected[256];
    begin(&run, routes, 4, false);
    want(&run, "/css/a.css", ASSET_STYLE, a);
    fetch(&run);
    assert_int_equal(run.count, 4);
    assert_stored(&run, "/css/a.css", "text/css");
    assert_stored(&run, "/css/b.css", "text/css");
    assert_stored(&run, "/i.png", "image/png");
    assert_stored(&run, "/css/f.woff2", "font/woff2");
    want(&run, "/css/b.css", ASSET_STYLE, b);
    want(&run, "/i.png", ASSET_IMAGE, i);
    snprintf(expected, sizeof expected,
             "@import url(\"linksnap-asset:%s\");i{c:url(\"linksnap-asset:%s\")}", b, i);
    assert_string_equal(look(&run, "/css/a.css")->bytes, expected);
    assert_memory_equal(look(&run, "/i.png")->bytes, PNG, PNG_SIZE);
    assert_int_equal(assets_count(run.assets), 4);
    char header[300];
    snprintf(header, sizeof header, "Referer: %s\r\n", url_of(&run, "/css/b.css"));
    assert_non_null(strstr(http_server_request(run.server, "/css/f.woff2"), header));
    snprintf(header, sizeof header, "Referer: %s\r\n", url_of(&run, "/page"));
    assert_non_null(strstr(http_server_request(run.server, "/css/a.css"), header));
    end(&run);
}

static void linked_sheets_are_hardened_as_those_of_the_page(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a.css",
         .type = "text/css",
         .body = "a{b:expression(1);c:attr(d url);e:'<b>'}@media (1px<width){}@import('x');"},
    };
    struct run run;
    begin(&run, routes, 1, false);
    want(&run, "/a.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_string_equal(look(&run, "/a.css")->bytes,
                        "a{b:none(1);c:none(d url);e:'<b>'}@media (1px<width){}@import(\"\");");
    end(&run);
}

static void a_wrong_type_is_refused(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/soft404*", .type = "text/html; charset=utf-8", .body = "<!DOCTYPE html><p>Gone"},
        {.path = "/odd.css", .type = "text/plain", .body = "a{}"},
        {.path = "/vague.png",
         .type = "application/octet-stream",
         .body = PNG,
         .body_len = PNG_SIZE},
        {.path = "/list.mp4", .type = "video/mp4", .body = "#EXTM3U\nhttp://example.test/a.ts"},
    };
    struct run run;
    begin(&run, routes, 4, true);
    want(&run, "/list.mp4", ASSET_MEDIA, NULL);
    want(&run, "/soft404.css", ASSET_STYLE, NULL);
    want(&run, "/soft404.png", ASSET_IMAGE, NULL);
    want(&run, "/soft404.woff", ASSET_FONT, NULL);
    want(&run, "/soft404.mp4", ASSET_MEDIA, NULL);
    want(&run, "/soft404.svg", ASSET_SPRITE, NULL);
    want(&run, "/odd.css", ASSET_STYLE, NULL);
    want(&run, "/odd.css?", ASSET_FRAME, NULL);
    want(&run, "/vague.png", ASSET_IMAGE, NULL);
    fetch(&run);
    assert_failed(&run, "/list.mp4", ERR_TYPE);
    assert_failed(&run, "/soft404.css", ERR_TYPE);
    assert_string_equal(look(&run, "/soft404.css")->reason,
                        "The server sent text/html instead of a style sheet");
    assert_failed(&run, "/soft404.png", ERR_TYPE);
    assert_failed(&run, "/soft404.woff", ERR_TYPE);
    assert_failed(&run, "/soft404.mp4", ERR_TYPE);
    assert_failed(&run, "/soft404.svg", ERR_TYPE);
    assert_stored(&run, "/odd.css", "text/css");
    assert_stored(&run, "/vague.png", "image/png");
    end(&run);
}

static void a_failure_says_why_and_spares_the_rest(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/no.png", .status = 403, .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
        {.path = "/close.png", .manner = HTTP_CLOSE},
        {.path = "/yes.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
    };
    struct run run;
    begin(&run, routes, 3, false);
    want(&run, "/no.png", ASSET_IMAGE, NULL);
    want(&run, "/close.png", ASSET_IMAGE, NULL);
    want(&run, "/yes.png", ASSET_IMAGE, NULL);
    fetch(&run);
    assert_int_equal(run.count, 3);
    assert_failed(&run, "/no.png", ERR_STATUS);
    assert_int_equal(look(&run, "/no.png")->status, 403);
    assert_int_equal(look(&run, "/close.png")->state, ASSET_FAILED);
    assert_stored(&run, "/yes.png", "image/png");
    end(&run);
}

static void a_guessed_icon_may_be_absent_and_a_linked_one_not(void **state)
{
    (void)state;
    struct run run;
    begin(&run, NULL, 0, false);
    want(&run, "/favicon.ico", ASSET_ICON, NULL);
    want(&run, "/linked.ico", ASSET_ICON, NULL);
    fetch(&run);
    assert_int_equal(look(&run, "/favicon.ico")->state, ASSET_STORED);
    assert_int_equal(look(&run, "/favicon.ico")->len, 0);
    assert_failed(&run, "/linked.ico", ERR_STATUS);
    end(&run);
}

static void what_was_handed_in_is_not_fetched(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/*", .type = "image/png", .body = "no"}};
    struct run run;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    begin(&run, routes, 1, false);
    assert_true(assets_supply(run.assets, slice_of("linksnap:canvas/1"), slice_of("image/png"),
                              slice_make(PNG, PNG_SIZE), &err));
    assert_true(assets_supply(run.assets, slice_of(url_of(&run, "/s.css#x")), slice_of("text/css"),
                              slice_of("a{b:url(c.png)}"), &err));
    assert_true(assets_supply(run.assets, slice_of(url_of(&run, "/c.png")), slice_of("image/png"),
                              slice_make(PNG, PNG_SIZE), &err));
    assert_true(assets_supply_frame(run.assets, 2, slice_of("<html>ready"), &err));
    assert_true(assets_want(run.assets, slice_of("linksnap:canvas/1"), ASSET_IMAGE, ref, &err));
    assert_true(assets_want(run.assets, slice_of("linksnap:frame/2"), ASSET_FRAME, ref, &err));
    assert_true(assets_want(run.assets, slice_of("linksnap:frame/3"), ASSET_FRAME, ref, &err));
    want(&run, "/s.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_int_equal(run.count, 5);
    assert_stored(&run, "linksnap:canvas/1", "image/png");
    assert_stored(&run, "linksnap:frame/2", "text/html");
    assert_string_equal(look(&run, "linksnap:frame/2")->bytes, "<html>ready");
    assert_failed(&run, "linksnap:frame/3", ERR_URL);
    assert_stored(&run, "/s.css", "text/css");
    assert_stored(&run, "/c.png", "image/png");
    assert_int_equal(http_server_hits(run.server, "/*"), 0);
    end(&run);
}

static void data_sheets_are_rewritten_too(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a.css",
         .type = "text/css",
         .body = "@import url(data:text/css,i%7Bb:url(/c.png)%7D)"},
        {.path = "/b.css",
         .type = "text/css",
         .body = "@import url('data:text/css,@import%20\"data:text/css,x%7B%7D\";y%7B%7D')"},
    };
    struct run run;
    begin(&run, routes, 2, false);
    want(&run, "/b.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_int_equal(run.count, 3);
    assert_memory_equal(run.seen[1].url, "linksnap:data/", 14);
    assert_non_null(strstr(run.seen[1].bytes, "@import url(\"linksnap-asset:"));
    assert_string_equal(run.seen[2].bytes, "x{}");
    end(&run);
}

static void circles_of_imports_end(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a.css", .type = "text/css", .body = "@import 'b.css';@import 'a.css'"},
        {.path = "/b.css", .type = "text/css", .body = "@import 'a.css'"},
    };
    struct run run;
    begin(&run, routes, 2, false);
    want(&run, "/a.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_int_equal(run.count, 2);
    assert_int_equal(http_server_hits(run.server, "/a.css"), 1);
    end(&run);
}

enum { CHAIN = 20 };

static void imports_are_followed_to_their_bound(void **state)
{
    (void)state;
    static char paths[CHAIN][16];
    static char bodies[CHAIN][32];
    struct http_route routes[CHAIN] = {{0}};
    for (int i = 0; i < CHAIN; i++) {
        snprintf(paths[i], sizeof paths[i], "/%d.css", i);
        snprintf(bodies[i], sizeof bodies[i], "@import '%d.css'", i + 1);
        routes[i] = (struct http_route){.path = paths[i], .type = "text/css", .body = bodies[i]};
    }
    struct run run;
    begin(&run, routes, CHAIN, false);
    want(&run, "/0.css", ASSET_STYLE, NULL);
    fetch(&run);
    char path[16];
    snprintf(path, sizeof path, "/%zu.css", LIMIT_IMPORT_DEPTH);
    assert_stored(&run, path, "text/css");
    snprintf(path, sizeof path, "/%zu.css", LIMIT_IMPORT_DEPTH + 1);
    assert_failed(&run, path, ERR_LIMIT);
    assert_int_equal(run.count, LIMIT_IMPORT_DEPTH + 2);
    end(&run);
}

static void frames_are_documents_of_their_own(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/f.html",
         .type = "text/html",
         .body = "<!DOCTYPE html><script>x</script><img src=i.png><iframe src=f.html></iframe>"
                 "<iframe srcdoc='<img src=j.png>'></iframe>"},
        {.path = "/i.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
        {.path = "/j.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
    };
    struct run run;
    begin(&run, routes, 3, true);
    want(&run, "/f.html", ASSET_FRAME, NULL);
    fetch(&run);
    assert_int_equal(run.count, 4);
    assert_stored(&run, "/f.html", "text/html");
    const char *html = look(&run, "/f.html")->bytes;
    assert_memory_equal(html, "<!DOCTYPE html>", 15);
    assert_null(strstr(html, "script"));
    assert_non_null(strstr(html, "<img src=\"linksnap-asset:"));
    assert_non_null(strstr(html, DOCUMENT_HEAD_MARK));
    assert_stored(&run, "/i.png", "image/png");
    assert_stored(&run, "/j.png", "image/png");
    end(&run);
}

static void frames_may_show_a_picture_or_a_text(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
        {.path = "/b.txt", .type = "text/plain", .body = "<b> & \xE4\xB8\xAD"},
        {.path = "/c.zip", .type = "application/zip", .body = "PK"},
        {.path = "/d.svg",
         .type = "image/svg+xml",
         .delay_ms = 200, /* the picture in it is there by then */
         .body = "<?xml-stylesheet href='e.css' type='text/css'?><!DOCTYPE svg [<!ENTITY n "
                 "\"http://www.w3.org/2000/svg\">]><svg xmlns=\"&n;\" height=\"5\"><image "
                 "href=\"a.png\"/></svg>"},
        {.path = "/e.css", .type = "text/css", .body = "a{}"},
    };
    struct run run;
    char ref[ASSET_REF_SIZE];
    char text[128];
    begin(&run, routes, 5, true);
    want(&run, "/a.png", ASSET_FRAME, NULL);
    want(&run, "/b.txt", ASSET_FRAME, NULL);
    want(&run, "/c.zip", ASSET_FRAME, NULL);
    want(&run, "/d.svg", ASSET_FRAME, NULL);
    fetch(&run);
    want(&run, "/a.png", ASSET_IMAGE, ref);
    assert_int_equal(run.count, 6);
    assert_int_equal(http_server_hits(run.server, "/a.png"), 1);
    snprintf(text, sizeof text, "<img style=\"display:block\" src=\"linksnap-asset:%s\">", ref);
    for (size_t i = 0; i < run.count; i++)
        if (strcmp(run.seen[i].url, url_of(&run, "/a.png")) == 0)
            assert_true(run.seen[i].kind == ASSET_IMAGE ? run.seen[i].len == PNG_SIZE
                                                        : strstr(run.seen[i].bytes, text) != NULL);
    assert_non_null(strstr(look(&run, "/b.txt")->bytes, ">&lt;b&gt; &amp; \xE4\xB8\xAD</pre>"));
    /* A picture that is XML loads what it names, as documents do. */
    const char *svg = look(&run, "/d.svg")->bytes;
    assert_non_null(strstr(svg, "<!DOCTYPE html>"));
    assert_non_null(strstr(svg, "<link rel=\"stylesheet\" href=\"linksnap-asset:"));
    assert_non_null(strstr(svg,
                           "<body style=\"margin:0\"><svg height=\"5\" "
                           "style=\"display:block;width:100vw;\"><image href=\"linksnap-asset:"));
    assert_non_null(look(&run, "/e.css"));
    assert_failed(&run, "/c.zip", ERR_TYPE);
    end(&run);
}

/* `<link rel=stylesheet href=w.css>` */
#define WIDE_PAGE                                                                                  \
    "<\0l\0i\0n\0k\0 \0r\0e\0l\0=\0s\0t\0y\0l\0e\0s\0h\0e\0e\0t\0 "                                \
    "\0h\0r\0e\0f\0=\0w\0.\0c\0s\0s\0>\0"

static void sheets_that_do_not_say_are_in_the_encoding_of_what_names_them(void **state)
{
    (void)state;
    /* Three letters of windows-1251, too few to guess by. */
    static const struct http_route routes[] = {
        {.path = "/page",
         .type = "text/html; charset=windows-1251",
         .body = "<link rel=stylesheet href=plain.css><link rel=stylesheet href=said.css>"},
        {.path = "/plain.css", .type = "text/css", .body = "@import 'deep.css';.\xE0\xE1\xE2{}"},
        {.path = "/deep.css", .type = "text/css", .body = ".\xE3\xE4\xE5{}"},
        {.path = "/said.css",
         .type = "text/css",
         .body = "@charset \"iso-8859-5\";@import 'deeper.css';.\xD0{}"},
        {.path = "/deeper.css", .type = "text/css", .body = ".\xD1{}"},
        {.path = "/utf8.css", .type = "text/css", .body = ".\xD0\xB0{}"},
        {.path = "/wide",
         .type = "text/html; charset=utf-16le",
         .body = WIDE_PAGE,
         .body_len = sizeof WIDE_PAGE - 1},
        {.path = "/w.css", .type = "text/css", .body = ".\0\x30\x04{\0}\0", .body_len = 8},
    };
    struct run run;
    begin(&run, routes, 8, true);
    want(&run, "/wide", ASSET_FRAME, NULL);
    want(&run, "/page", ASSET_FRAME, NULL);
    want(&run, "/utf8.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_non_null(strstr(look(&run, "/plain.css")->bytes, ".\xD0\xB0\xD0\xB1\xD0\xB2{}"));
    assert_string_equal(look(&run, "/deep.css")->bytes, ".\xD0\xB3\xD0\xB4\xD0\xB5{}");
    assert_non_null(strstr(look(&run, "/said.css")->bytes, ".\xD0\xB0{}"));
    assert_string_equal(look(&run, "/deeper.css")->bytes, ".\xD0\xB1{}");
    assert_string_equal(look(&run, "/utf8.css")->bytes, ".\xD0\xB0{}");
    assert_string_equal(look(&run, "/w.css")->bytes, ".\xD0\xB0{}");
    end(&run);
}

static void outside_of_quirks_mode_sheets_are_sent_as_css(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/strict",
         .type = "text/html",
         .body = "<!DOCTYPE html><link rel=stylesheet href=a><link rel=stylesheet href=b>"},
        {.path = "/quirks", .type = "text/html", .body = "<link rel=stylesheet href=c>"},
        {.path = "/a", .type = "text/plain", .body = "a{}"},
        {.path = "/b", .type = "text/css", .body = "@import 'd';"},
        {.path = "/c", .type = "text/plain", .body = "c{}"},
        {.path = "/d", .type = "text/plain", .body = "d{}"},
    };
    struct run run;
    begin(&run, routes, 6, true);
    want(&run, "/strict", ASSET_FRAME, NULL);
    want(&run, "/quirks", ASSET_FRAME, NULL);
    fetch(&run);
    assert_string_equal(look(&run, "/a")->bytes, "");
    assert_string_equal(look(&run, "/d")->bytes, "");
    assert_string_equal(look(&run, "/c")->bytes, "c{}");
    end(&run);
}

static void fonts_that_no_text_needs_are_not_fetched(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/s.css",
         .type = "text/css",
         .body = "@font-face{src:url(han1.woff2);unicode-range:u+4e2d}"
                 "@font-face{src:url(han2.woff2);unicode-range:U+4E00-4E2C}"
                 "@font-face{src:url(latin.woff2),url(latin.woff);unicode-range:U+0-FF}"},
        {.path = "/*", .type = "font/woff2", .body = "wOF2"},
    };
    struct run run;
    struct error err = {0};
    begin(&run, routes, 2, false);
    assert_true(assets_note_text(run.assets, slice_of("\xE4\xB8\xAD"), &err)); /* U+4E2D */
    want(&run, "/s.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_int_equal(run.count, 3);
    assert_stored(&run, "/han1.woff2", "font/woff2");
    assert_stored(&run, "/latin.woff2", "font/woff2");
    const char *css = look(&run, "/s.css")->bytes;
    for (int i = 0; i < 4; i++) {
        css = strstr(css, "url(\"linksnap-asset:");
        assert_non_null(css);
        css++;
    }
    end(&run);
}

static void frames_are_followed_to_their_bound(void **state)
{
    (void)state;
    static char paths[CHAIN][16];
    static char bodies[CHAIN][64];
    struct http_route routes[CHAIN] = {{0}};
    for (int i = 0; i < CHAIN; i++) {
        snprintf(paths[i], sizeof paths[i], "/%d.html", i);
        snprintf(bodies[i], sizeof bodies[i], "<iframe src='%d.html'></iframe>", i + 1);
        routes[i] = (struct http_route){.path = paths[i], .type = "text/html", .body = bodies[i]};
    }
    struct run run;
    begin(&run, routes, CHAIN, true);
    want(&run, "/1.html", ASSET_FRAME, NULL);
    fetch(&run);
    char path[16];
    snprintf(path, sizeof path, "/%zu.html", LIMIT_FRAME_DEPTH);
    assert_stored(&run, path, "text/html");
    snprintf(path, sizeof path, "/%zu.html", LIMIT_FRAME_DEPTH + 1);
    assert_failed(&run, path, ERR_LIMIT);
    end(&run);
}

static void sprites_are_stored_in_a_form_of_their_own(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/s.svg",
         .type = "image/svg+xml",
         .body = "<svg xmlns=\"http://www.w3.org/2000/svg\"><symbol id=\"a\"/></svg>"},
        {.path = "/broken.svg", .type = "image/svg+xml", .body = "<svg><g></svg>"},
    };
    struct run run;
    char ref[ASSET_REF_SIZE];
    char text[128];
    begin(&run, routes, 2, false);
    want(&run, "/s.svg", ASSET_SPRITE, ref);
    want(&run, "/broken.svg", ASSET_SPRITE, NULL);
    fetch(&run);
    assert_stored(&run, "/s.svg", "image/svg+xml");
    snprintf(text, sizeof text, "<symbol id=\"ls-%s-a\">", ref);
    assert_non_null(strstr(look(&run, "/s.svg")->bytes, text));
    assert_failed(&run, "/broken.svg", ERR_DOCUMENT);
    end(&run);
}

static void a_refusing_store_ends_the_fetch(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/*", .type = "image/png", .body = PNG, .body_len = PNG_SIZE}};
    struct run run;
    struct error err = {0};
    begin(&run, routes, 1, false);
    run.stop_after = 1;
    want(&run, "/a.png", ASSET_IMAGE, NULL);
    want(&run, "/b.png", ASSET_IMAGE, NULL);
    assert_false(assets_fetch(run.assets, run.fetcher, keep, &run, &err));
    assert_int_equal(err.code, ERR_STORE_FULL);
    assert_int_equal(run.count, 1);
    end(&run);
}

static void cancelling_ends_the_fetch(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/*", .manner = HTTP_SILENT}};
    struct run run;
    struct error err = {0};
    begin(&run, routes, 1, false);
    run.cancelled = true;
    want(&run, "/a.png", ASSET_IMAGE, NULL);
    assert_false(assets_fetch(run.assets, run.fetcher, keep, &run, &err));
    assert_int_equal(err.code, ERR_CANCELLED);
    assert_int_equal(run.count, 0);
    assert_int_equal(assets_at(run.assets, 0)->state, ASSET_WANTED);
    end(&run);
}

static void a_second_fetch_takes_only_what_is_new(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
        {.path = "/b.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
    };
    struct run run;
    begin(&run, routes, 2, false);
    want(&run, "/a.png", ASSET_IMAGE, NULL);
    want(&run, "/gone.png", ASSET_IMAGE, NULL);
    fetch(&run);
    want(&run, "/a.png", ASSET_IMAGE, NULL);
    want(&run, "/gone.png", ASSET_IMAGE, NULL);
    want(&run, "/b.png", ASSET_IMAGE, NULL);
    fetch(&run);
    assert_int_equal(run.count, 3);
    assert_int_equal(http_server_hits(run.server, "/a.png"), 1);
    assert_int_equal(http_server_hits(run.server, ""), 1);
    end(&run);
}

static void the_assets_of_a_snapshot_have_a_ceiling(void **state)
{
    (void)state;
    struct run run;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    begin(&run, NULL, 0, false);
    char *zeros = calloc(1, LIMIT_ASSETS_BODY);
    assert_non_null(zeros);
    assert_true(assets_supply(run.assets, slice_of("blob:a"), slice_of(""),
                              slice_make(zeros, LIMIT_ASSETS_BODY), &err));
    free(zeros);
    assert_true(
        assets_supply(run.assets, slice_of("blob:b"), slice_of(""), slice_of("wOF2"), &err));
    assert_true(assets_want(run.assets, slice_of("blob:a"), ASSET_FONT, ref, &err));
    assert_true(assets_want(run.assets, slice_of("blob:b"), ASSET_FONT, ref, &err));
    want(&run, "/c.woff", ASSET_FONT, NULL);
    fetch(&run);
    assert_int_equal(look(&run, "blob:a")->state, ASSET_STORED);
    assert_failed(&run, "blob:b", ERR_TOO_LARGE);
    assert_failed(&run, "/c.woff", ERR_TOO_LARGE);
    assert_int_equal(http_server_hits(run.server, ""), 0);
    end(&run);
}

static void kinds_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < ASSET_KIND_COUNT; i++) {
        enum asset_kind kind;
        assert_true(asset_kind_parse(slice_of(asset_kind_name((enum asset_kind)i)), &kind));
        assert_int_equal(kind, i);
    }
    enum asset_kind kind;
    assert_false(asset_kind_parse(slice_of("Image"), &kind));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_are_followed_to_their_end),
        cmocka_unit_test(linked_sheets_are_hardened_as_those_of_the_page),
        cmocka_unit_test(a_wrong_type_is_refused),
        cmocka_unit_test(a_failure_says_why_and_spares_the_rest),
        cmocka_unit_test(a_guessed_icon_may_be_absent_and_a_linked_one_not),
        cmocka_unit_test(what_was_handed_in_is_not_fetched),
        cmocka_unit_test(data_sheets_are_rewritten_too),
        cmocka_unit_test(circles_of_imports_end),
        cmocka_unit_test(imports_are_followed_to_their_bound),
        cmocka_unit_test(frames_are_documents_of_their_own),
        cmocka_unit_test(frames_may_show_a_picture_or_a_text),
        cmocka_unit_test(sheets_that_do_not_say_are_in_the_encoding_of_what_names_them),
        cmocka_unit_test(outside_of_quirks_mode_sheets_are_sent_as_css),
        cmocka_unit_test(fonts_that_no_text_needs_are_not_fetched),
        cmocka_unit_test(frames_are_followed_to_their_bound),
        cmocka_unit_test(sprites_are_stored_in_a_form_of_their_own),
        cmocka_unit_test(a_refusing_store_ends_the_fetch),
        cmocka_unit_test(cancelling_ends_the_fetch),
        cmocka_unit_test(a_second_fetch_takes_only_what_is_new),
        cmocka_unit_test(the_assets_of_a_snapshot_have_a_ceiling),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests_name("assets", tests, NULL, NULL);
}

/* page/assets: what a snapshot has from earlier, what a browser hands in for it, what a person
 * leaves out, and the end of it all. */
#include "base/limits.h"
#include "page/assets.h"

#include "http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define PNG      "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"
#define PNG_SIZE 16

struct run {
    struct http_server *server;
    struct assets *assets;
    struct fetcher *fetcher;
    int calls;
    bool refuse;
};

static bool count(const struct asset *asset, void *arg, struct error *err)
{
    (void)asset;
    struct run *run = arg;
    run->calls++;
    return !run->refuse || error_set(err, ERR_STORE_FULL, "full");
}

static const char *url_of(const struct run *run, const char *path)
{
    static char url[256];
    return http_server_url(run->server, path, url, sizeof url);
}

static void begin(struct run *run, const struct http_route *routes, size_t routes_count,
                  const int64_t *media_limit)
{
    struct error err = {0};
    *run = (struct run){.server = http_server_start(routes, routes_count)};
    const struct fetcher_options fetching = {.allow_private = true, .wake_fd = -1};
    assert_true(fetcher_create(&fetching, &run->fetcher, &err));
    const struct assets_options options = {
        .page_url = url_of(run, "/page"), .web = true, .media_limit = media_limit};
    assert_true(assets_create(&options, &run->assets, &err));
}

static void end(struct run *run)
{
    fetcher_destroy(run->fetcher);
    assets_destroy(run->assets);
    http_server_stop(run->server);
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
    if (!assets_fetch(run->assets, run->fetcher, count, run, &err))
        fail_msg("%s", err.text);
}

static const struct asset *look(const struct run *run, const char *path)
{
    for (size_t i = 0; i < assets_count(run->assets); i++)
        if (strcmp(assets_at(run->assets, i)->url, url_of(run, path)) == 0)
            return assets_at(run->assets, i);
    fail_msg("nothing about %s", path);
    return NULL;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_refusing_store_ends_the_fetch_at_once(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
        {.path = "/*", .manner = HTTP_SILENT}};
    struct run run;
    struct error err = {0};
    begin(&run, routes, 2, NULL);
    run.refuse = true;
    want(&run, "/a.png", ASSET_IMAGE, NULL);
    want(&run, "/b.png", ASSET_IMAGE, NULL);
    want(&run, "/c.png", ASSET_IMAGE, NULL);
    int64_t begun = now_ms();
    assert_false(assets_fetch(run.assets, run.fetcher, count, &run, &err));
    assert_true(now_ms() - begun < 3000);
    assert_int_equal(err.code, ERR_STORE_FULL);
    assert_int_equal(run.calls, 1);
    end(&run);
}

static void what_is_settled_is_not_wanted_again(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/s.css", .type = "text/css", .body = "a{b:url(i.png);c:url(n.png)}"},
        {.path = "/*", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
    };
    struct run run;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    begin(&run, routes, 2, NULL);
    /* The REF of an image, from a table of its own. */
    struct assets *other;
    const struct assets_options options = {.page_url = "http://127.0.0.1/"};
    assert_true(assets_create(&options, &other, &err));
    assert_true(assets_want(other, slice_of(url_of(&run, "/i.png")), ASSET_IMAGE, ref, &err));
    assets_destroy(other);
    assert_true(assets_settle(run.assets, slice_of(ref), 10, &err));
    assert_true(assets_settle(run.assets, slice_of("x"), -1, &err));
    assert_true(assets_knows(run.assets, slice_of(ref)));
    want(&run, "/i.png", ASSET_IMAGE, NULL);
    assert_int_equal(assets_count(run.assets), 0);
    want(&run, "/s.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_int_equal(run.calls, 2);
    assert_int_equal(look(&run, "/n.png")->state, ASSET_STORED);
    assert_int_equal(http_server_hits(run.server, "/*"), 1);
    end(&run);
}

static void the_bytes_of_earlier_runs_count(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/*", .type = "image/png", .body = PNG}};
    static const char ref[] = "0123456789abcdef0123456789abcdef";
    struct run run;
    struct error err = {0};
    begin(&run, routes, 1, NULL);
    assert_true(assets_settle(run.assets, slice_of(ref), (int64_t)LIMIT_ASSETS_BODY + 1, &err));
    want(&run, "/i.png", ASSET_IMAGE, NULL);
    fetch(&run);
    assert_int_equal(look(&run, "/i.png")->fault, ERR_TOO_LARGE);
    assert_int_equal(http_server_hits(run.server, "/*"), 0);
    end(&run);
}

static void what_is_handed_in_is_resolved_against_where_it_came_from(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/cdn/i.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE}};
    struct run run;
    struct error err = {0};
    char cdn[256];
    begin(&run, routes, 1, NULL);
    snprintf(cdn, sizeof cdn, "%s", url_of(&run, "/cdn/final.css"));
    assert_true(assets_supply_from(run.assets, slice_of(url_of(&run, "/s.css")), slice_of(cdn),
                                   slice_of("text/css"), slice_of("a{b:url(i.png)}"), &err));
    want(&run, "/s.css", ASSET_STYLE, NULL);
    fetch(&run);
    assert_true(look(&run, "/s.css")->supplied);
    assert_int_equal(look(&run, "/cdn/i.png")->state, ASSET_STORED);
    assert_false(look(&run, "/cdn/i.png")->supplied);
    end(&run);
}

static void media_has_a_limit_of_its_own(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/at.mp4", .type = "video/mp4", .body = "12345"},
        {.path = "/past.mp4", .type = "video/mp4", .body = "123456"},
        {.path = "/late.mp4", .type = "video/mp4", .body = "123456", .manner = HTTP_CHUNKED},
        {.path = "/long.png", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
    };
    static const int64_t limits[] = {5, 0};
    for (size_t i = 0; i < 2; i++) {
        struct run run;
        struct error err = {0};
        begin(&run, routes, 4, &limits[i]);
        assert_true(assets_supply(run.assets, slice_of("blob:a"), slice_of("video/mp4"),
                                  slice_of("123456"), &err));
        char ref[ASSET_REF_SIZE];
        assert_true(assets_want(run.assets, slice_of("blob:a"), ASSET_MEDIA, ref, &err));
        want(&run, "/at.mp4", ASSET_MEDIA, NULL);
        want(&run, "/past.mp4", ASSET_MEDIA, NULL);
        want(&run, "/late.mp4", ASSET_MEDIA, NULL);
        want(&run, "/long.png", ASSET_IMAGE, NULL);
        fetch(&run);
        assert_int_equal(assets_at(run.assets, 0)->state, ASSET_LEFT_OUT);
        assert_int_equal(look(&run, "/at.mp4")->state, i == 0 ? ASSET_STORED : ASSET_LEFT_OUT);
        assert_int_equal(look(&run, "/past.mp4")->state, ASSET_LEFT_OUT);
        assert_int_equal(look(&run, "/past.mp4")->fault, ERR_TOO_LARGE);
        assert_int_equal(look(&run, "/late.mp4")->state, ASSET_LEFT_OUT);
        assert_int_equal(look(&run, "/long.png")->state, ASSET_STORED);
        assert_int_equal(http_server_hits(run.server, "/past.mp4"), i == 0 ? 1 : 0);
        end(&run);
    }
}

static void an_empty_data_url_is_nothing(void **state)
{
    (void)state;
    struct run run;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    begin(&run, NULL, 0, NULL);
    assert_false(assets_want_data(run.assets, slice_of("data:,"), ASSET_ICON, ref, &err));
    assert_int_equal(err.code, ERR_URL);
    assert_int_equal(assets_count(run.assets), 0);
    end(&run);
}

static void the_referrer_is_the_document_and_its_policy_counts(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/closed.png", .status = 403},
        {.path = "/*", .type = "image/png", .body = PNG, .body_len = PNG_SIZE},
    };
    struct run run;
    struct error err = {0};
    char header[300];
    begin(&run, routes, 2, NULL);
    assert_true(assets_enter(run.assets, url_of(&run, "/frame#x"), &err));
    want(&run, "/closed.png", ASSET_IMAGE, NULL);
    assets_set_policy(run.assets, REFERRER_ORIGIN);
    want(&run, "/i.png", ASSET_IMAGE, NULL);
    assets_leave(run.assets);
    fetch(&run);
    snprintf(header, sizeof header, "Referer: %s\r\n", url_of(&run, "/"));
    assert_non_null(strstr(http_server_request(run.server, "/*"), header));
    /* The second time, without one. */
    assert_int_equal(http_server_hits(run.server, "/closed.png"), 2);
    assert_null(strstr(http_server_request(run.server, "/closed.png"), "Referer:"));
    assert_int_equal(look(&run, "/closed.png")->status, 403);
    end(&run);
}

static void fonts_are_left_out_where_nobody_wants_them(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/*", .type = "image/png", .body = PNG, .body_len = PNG_SIZE}};
    struct run run;
    struct error err = {0};
    begin(&run, routes, 1, NULL);
    assets_destroy(run.assets);
    const struct assets_options options = {
        .page_url = url_of(&run, "/page"), .web = true, .no_fonts = true};
    assert_true(assets_create(&options, &run.assets, &err));
    want(&run, "/f.woff2", ASSET_FONT, NULL);
    want(&run, "/handed-in.woff2", ASSET_FONT, NULL);
    want(&run, "/a.png", ASSET_IMAGE, NULL);
    assert_true(assets_supply(run.assets, slice_of(url_of(&run, "/handed-in.woff2")),
                              slice_of("font/woff2"), slice_of("wOF2"), &err));
    fetch(&run);
    assert_int_equal(look(&run, "/f.woff2")->state, ASSET_LEFT_OUT);
    assert_string_equal(look(&run, "/f.woff2")->reason, "Fonts are left out");
    assert_int_equal(look(&run, "/handed-in.woff2")->state, ASSET_LEFT_OUT);
    assert_int_equal(look(&run, "/a.png")->state, ASSET_STORED);
    assert_int_equal(http_server_hits(run.server, "/*"), 1);
    end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusing_store_ends_the_fetch_at_once),
        cmocka_unit_test(what_is_settled_is_not_wanted_again),
        cmocka_unit_test(the_bytes_of_earlier_runs_count),
        cmocka_unit_test(what_is_handed_in_is_resolved_against_where_it_came_from),
        cmocka_unit_test(media_has_a_limit_of_its_own),
        cmocka_unit_test(fonts_are_left_out_where_nobody_wants_them),
        cmocka_unit_test(an_empty_data_url_is_nothing),
        cmocka_unit_test(the_referrer_is_the_document_and_its_policy_counts),
    };
    return cmocka_run_group_tests_name("assets_again", tests, NULL, NULL);
}

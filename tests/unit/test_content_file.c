/* page/assets: what a link leads to, stored whole, and what a snapshot shows of it. */
#include "base/limits.h"
#include "page/assets.h"
#include "page/document.h"
#include "page/standalone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define URL "https://example.com/original"

struct seen {
    size_t count;
    enum asset_kind kind;
    enum asset_state state;
    enum error_code fault;
    char type[96];
    size_t len;
};

static bool note(const struct asset *asset, void *arg, struct error *err)
{
    (void)err;
    struct seen *seen = arg;
    seen->count++;
    seen->kind = asset->kind;
    seen->state = asset->state;
    seen->fault = asset->fault;
    seen->len = asset->bytes.len;
    snprintf(seen->type, sizeof seen->type, "%s", asset->media_type);
    return true;
}

/* Wants the URL as a file and as `also`; the bytes are taken. */
static void fetch(struct buf *bytes, const char *type, const int64_t *media_limit,
                  enum asset_kind also, struct seen *seen)
{
    const struct fetcher_options fetching = {.wake_fd = -1};
    const struct assets_options options = {
        .page_url = URL, .web = true, .media_limit = media_limit};
    struct fetcher *fetcher;
    struct assets *assets;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    char again[ASSET_REF_SIZE];
    *seen = (struct seen){0};
    assert_true(fetcher_create(&fetching, &fetcher, &err));
    assert_true(assets_create(&options, &assets, &err));
    assert_true(assets_supply_take(assets, slice_of(URL), slice_of(type), bytes, &err));
    assert_int_equal(bytes->len, 0);
    assert_true(assets_want(assets, slice_of(URL), ASSET_FILE, ref, &err));
    assert_true(assets_want(assets, slice_of(URL "#x"), also, again, &err));
    assert_string_equal(ref, again);
    assert_true(assets_fetch(assets, fetcher, note, seen, &err));
    assert_int_equal(seen->count, 1);
    assert_int_equal(seen->kind, ASSET_FILE);
    assets_destroy(assets);
    fetcher_destroy(fetcher);
    buf_finish(bytes);
}

static void fetch_text(const char *text, const char *type, struct seen *seen)
{
    struct buf bytes;
    buf_init(&bytes, MIB);
    buf_add_text(&bytes, text);
    fetch(&bytes, type, NULL, ASSET_IMAGE, seen);
}

static void a_file_is_stored_whatever_it_is(void **state)
{
    (void)state;
    static const char *const types[] = {"application/pdf", "text/html", "image/png",
                                        "application/x-own+thing"};
    struct seen seen;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        fetch_text("%PDF-1.4", types[i], &seen);
        assert_int_equal(seen.state, ASSET_STORED);
        assert_string_equal(seen.type, types[i]);
        assert_int_equal(seen.len, 8);
    }
    fetch_text("x", "", &seen);
    assert_string_equal(seen.type, "application/octet-stream");
}

static void a_file_of_the_limit_is_stored_and_one_past_it_is_not(void **state)
{
    (void)state;
    for (size_t past = 0; past < 2; past++) {
        struct buf bytes;
        struct seen seen;
        buf_init(&bytes, LIMIT_FILE_BODY + 1);
        assert_true(buf_reserve(&bytes, LIMIT_FILE_BODY + past));
        memset(bytes.ptr, 'x', LIMIT_FILE_BODY + past);
        bytes.len = LIMIT_FILE_BODY + past;
        fetch(&bytes, "application/zip", NULL, ASSET_IMAGE, &seen);
        assert_int_equal(seen.state, past ? ASSET_FAILED : ASSET_STORED);
        assert_int_equal(seen.fault, past ? ERR_TOO_LARGE : ERR_NONE);
    }
}

static void a_film_is_held_to_the_limit_for_films(void **state)
{
    (void)state;
    static const int64_t limit = 4;
    static const struct {
        const char *type, *text;
        enum asset_state state;
    } cases[] = {{"video/mp4", "1234", ASSET_STORED},
                 {"video/mp4", "12345", ASSET_LEFT_OUT},
                 {"audio/mpeg", "12345", ASSET_LEFT_OUT},
                 {"application/zip", "12345", ASSET_STORED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf bytes;
        struct seen seen;
        buf_init(&bytes, KIB);
        buf_add_text(&bytes, cases[i].text);
        fetch(&bytes, cases[i].type, &limit, ASSET_MEDIA, &seen);
        assert_int_equal(seen.state, cases[i].state);
    }
}

/* ---- Shown ---- */

#define REF "0123456789abcdef0123456789abcdef"

static bool find(const char ref[ASSET_REF_SIZE], struct buf *bytes, enum asset_kind *kind,
                 struct media_type *type, void *arg, struct error *err)
{
    (void)ref;
    (void)err;
    *kind = ASSET_FILE;
    snprintf(type->essence, sizeof type->essence, "%s", (const char *)arg);
    return buf_add_text(bytes, "<b>");
}

/* The body of the file that is made of this body. */
static void expand(const char *body, char *type, struct buf *out)
{
    const struct standalone_source source = {.url = URL, .saved_at = "2026-11-22T03:00:00Z"};
    struct error err = {0};
    struct buf stored;
    size_t left_out;
    buf_init(&stored, KIB);
    buf_init(out, 64 * KIB);
    buf_printf(&stored,
               "<!DOCTYPE html><html><head>" DOCUMENT_HEAD_MARK "</head><body>%s" DOCUMENT_END_MARK
               "</body></html>",
               body);
    assert_true(standalone_write(buf_slice(&stored), &source, find, type, out, &left_out, &err));
    assert_int_equal(left_out, 0);
    buf_finish(&stored);
}

static void a_file_is_shown_where_a_picture_or_a_player_shows_it(void **state)
{
    (void)state;
    static char types[][32] = {"image/png", "video/mp4", "audio/mpeg", "application/ogg"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct buf out;
        char expected[256];
        snprintf(expected, sizeof expected, "src=\"data:%s;base64,PGI+\"", types[i]);
        expand("<img src=\"" ASSET_SCHEME REF "\">", types[i], &out);
        assert_non_null(strstr(out.ptr, expected));
        buf_finish(&out);
    }
}

static void no_file_is_ever_a_document(void **state)
{
    (void)state;
    static char types[][32] = {"text/html", "image/svg+xml",   "application/xhtml+xml",
                               "text/xml",  "application/pdf", "text/css"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct buf out;
        expand("<img src=\"" ASSET_SCHEME REF "\"><iframe srcdoc=\"" FRAME_SCHEME REF
               "\"></iframe>",
               types[i], &out);
        assert_non_null(strstr(out.ptr, "<img src=\"data:,%20\"><iframe srcdoc=\"\"></iframe>"));
        assert_null(strstr(out.ptr, "PGI"));
        buf_finish(&out);
    }
    struct buf out;
    static char png[] = "image/png";
    expand("<iframe srcdoc=\"" FRAME_SCHEME REF "\"></iframe>", png, &out);
    assert_non_null(strstr(out.ptr, "<iframe srcdoc=\"\"></iframe>"));
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_stored_whatever_it_is),
        cmocka_unit_test(a_file_of_the_limit_is_stored_and_one_past_it_is_not),
        cmocka_unit_test(a_film_is_held_to_the_limit_for_films),
        cmocka_unit_test(a_file_is_shown_where_a_picture_or_a_player_shows_it),
        cmocka_unit_test(no_file_is_ever_a_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

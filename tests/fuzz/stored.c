#include "stored.h"

#include "../unit/page_audit.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "page/assets.h"
#include "page/landing.h"
#include "page/standalone.h"
#include "page/tree.h"
#include "page/url.h"
#include "page/wall.h"

#include <stdlib.h>

static void read_text(const struct document *doc)
{
    struct document_text text;
    struct error err = {0};
    char *refresh = NULL;
    bool ok = document_extract_text(doc, &text, &err);
    fuzz_check_error(ok, &err);
    if (!ok)
        return;
    FUZZ_CHECK(utf8_valid(slice_of(text.title)) && utf8_valid(slice_of(text.description)));
    FUZZ_CHECK(utf8_valid(slice_of(text.lang)) && utf8_valid(slice_of(text.text)));
    FUZZ_CHECK(text.canonical[0] == '\0' || url_is_http(slice_of(text.canonical)));
    wall_of_document(doc, &text, FUZZ_PAGE_URL, FUZZ_PAGE_URL);
    ok = landing_refresh(doc, &refresh, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(!ok || refresh == NULL || url_is_http(slice_of(refresh)));
    free(refresh);
    document_text_finish(&text);
}

static char *write(const struct document *doc)
{
    struct buf out;
    struct error err = {0};
    buf_init(&out, 2 * LIMIT_DOCUMENT);
    bool ok = document_write(doc, &out, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(ok && utf8_valid(buf_slice(&out)));
    FUZZ_CHECK(memchr(out.ptr, '\0', out.len) == NULL);
    return buf_take(&out);
}

static void audit(const char *stored)
{
    char why[256];
    if (!page_audit(stored, why, sizeof why))
        fuzz_fault("alive: %s\n%s", why, stored);
}

static void compare(const char *once, const char *twice, const char *when)
{
    if (strcmp(once, twice) != 0)
        fuzz_fault("changes %s:\n%s\n--- then ---\n%s", when, once, twice);
}

/* Its text, read as any other page. */
static void read_again(const char *stored, bool same)
{
    const struct document_origin origin = {.url = slice_of(FUZZ_PAGE_URL),
                                           .charset = slice_of("utf-8")};
    struct document *doc;
    struct error err = {0};
    FUZZ_CHECK(document_read_web(slice_of(stored), &origin, &doc, &err));
    FUZZ_CHECK(sanitize_document(doc, &err));
    char *again = write(doc);
    audit(again);
    if (same)
        compare(stored, again, "when it is read again");
    free(again);
    document_destroy(doc);
}

static bool no_asset(const char ref[ASSET_REF_SIZE], struct buf *bytes_out,
                     enum asset_kind *kind_out, struct media_type *type_out, void *arg,
                     struct error *err)
{
    (void)ref;
    (void)bytes_out;
    (void)kind_out;
    (void)type_out;
    (void)arg;
    err->code = ERR_NONE;
    return false;
}

static void take_out(const char *stored)
{
    const struct standalone_source source = {.url = FUZZ_PAGE_URL, .saved_at = "2026-11-21"};
    struct buf out;
    struct error err = {0};
    size_t left_out;
    buf_init(&out, LIMIT_SELF_CONTAINED);
    FUZZ_CHECK(standalone_write(slice_of(stored), &source, no_asset, NULL, &out, &left_out, &err));
    FUZZ_CHECK(utf8_valid(buf_slice(&out)));
    FUZZ_CHECK(slice_find(buf_slice(&out), 0, slice_of("linksnap-asset:")) == out.len ||
               strstr(stored, "linksnap-asset:") != NULL);
    buf_finish(&out);
}

/* What the document wants is an address that may be asked for, or one of ours. */
static void check_assets(const struct assets *assets)
{
    for (size_t i = 0; i < assets_count(assets); i++) {
        const struct asset *asset = assets_at(assets, i);
        struct slice url = slice_of(asset->url);
        FUZZ_CHECK(asset->state != ASSET_WANTED || url_is_http(url) ||
                   slice_starts(url, "linksnap:"));
        FUZZ_CHECK(strlen(asset->ref) == ASSET_REF_SIZE - 1);
    }
}

void fuzz_page_store(struct document *doc, bool text_form)
{
    const struct assets_options options = {.page_url = FUZZ_PAGE_URL, .web = true};
    struct assets *assets;
    struct error err = {0};
    read_text(doc);
    FUZZ_CHECK(assets_create(&options, &assets, &err));
    bool ok = document_prepare(doc, assets, &err);
    fuzz_check_error(ok, &err);
    if (ok) {
        check_assets(assets);
        char *once = write(doc);
        audit(once);
        read_text(doc);
        FUZZ_CHECK(sanitize_document(doc, &err));
        char *twice = write(doc);
        compare(once, twice, "when it is sanitized again");
        free(twice);
        read_again(once, text_form);
        take_out(once);
        free(once);
    }
    assets_destroy(assets);
    document_destroy(doc);
}

/* What becomes of an answer: judged by its kind, rewritten where it refers to more. */
#include "page/assets_table.h"
#include "page/css_harden.h"
#include "page/document.h"
#include "page/references.h"
#include "page/sprite.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Which type may be what ---- */

static bool is_html(const char *essence)
{
    return strcmp(essence, "text/html") == 0 || strcmp(essence, "application/xhtml+xml") == 0;
}

static bool is_top(const char *essence, const char *top)
{
    return strncmp(essence, top, strlen(top)) == 0;
}

static bool is_vague(const char *essence)
{
    return essence[0] == '\0' || strcmp(essence, "application/octet-stream") == 0;
}

static bool fits(enum asset_kind kind, const char *essence)
{
    switch (kind) {
    case ASSET_IMAGE:
    case ASSET_ICON:
        return is_top(essence, "image/") || is_vague(essence);
    case ASSET_FONT:
        return is_top(essence, "font/") || is_top(essence, "application/") || is_vague(essence);
    case ASSET_MEDIA:
        return is_top(essence, "audio/") || is_top(essence, "video/") || is_vague(essence) ||
               strcmp(essence, "text/vtt") == 0 || strcmp(essence, "application/ogg") == 0 ||
               strcmp(essence, "text/plain") == 0;
    case ASSET_STYLE:
        return !is_html(essence) && !is_top(essence, "image/");
    default:
        return true;
    }
}

static const char *kind_words(enum asset_kind kind)
{
    static const char *const words[ASSET_KIND_COUNT] = {
        "an image",       "an icon",    "a style sheet", "a font",
        "audio or video", "a document", "an SVG image",  "a file"};
    return words[kind];
}

static bool refuse_type(struct entry *entry, const char *essence, struct error *err)
{
    char reason[ERROR_TEXT_SIZE];
    snprintf(reason, sizeof reason, "The server sent %s instead of %s",
             essence[0] ? essence : "something unknown", kind_words(entry->asset.kind));
    return assets_refuse(entry, ERR_TYPE, 0, reason, err);
}

/* A fault in what the server sent is the asset's; only want of memory is ours. */
static bool refuse_fault(struct entry *entry, const struct error *fault, struct error *err)
{
    if (fault->code == ERR_NO_MEMORY || fault->code == ERR_INTERNAL) {
        *err = *fault;
        return false;
    }
    enum error_code code = fault->code == ERR_LIMIT ? ERR_TOO_LARGE : fault->code;
    return assets_refuse(entry, code, 0, fault->text, err);
}

/* ---- What is stored ---- */

static bool store(struct assets *assets, struct entry *entry, const char *essence,
                  struct slice bytes, struct error *err)
{
    if (bytes.len > LIMIT_ASSETS_BODY - assets->bytes)
        return assets_refuse(entry, ERR_TOO_LARGE, 0, "The page's assets are too large together",
                             err);
    assets->bytes += bytes.len;
    snprintf(entry->media_type, sizeof entry->media_type, "%s", essence);
    entry->asset.state = ASSET_STORED;
    entry->asset.bytes = bytes;
    return true;
}

static bool accept_style(struct assets *assets, struct entry *entry, const struct answer *answer,
                         const struct media_type *type, struct buf *out, struct error *err)
{
    struct buf text;
    struct buf rewritten;
    struct error fault = {0};
    struct reference_scope scope = {.assets = assets, .base = slice_of(answer->url)};
    buf_init(&text, 3 * LIMIT_STYLE_BODY);
    buf_init(&rewritten, out->max);
    struct slice label = slice_of(type->charset);
    assets_set_strict(assets, entry->strict);
    assets_set_live(assets, entry->live);
    assets_set_charset(assets, media_charset(answer->body, MEDIA_CSS, label, entry->charset));
    bool ok = media_decode(answer->body, MEDIA_CSS, label, entry->charset, &text, &fault) &&
              reference_rewrite_css(&scope, buf_slice(&text), CSS_SHEET, &rewritten, &fault);
    if (ok) {
        css_harden(buf_slice(&rewritten), false, out);
        ok = buf_ok(out, "A style sheet", &fault);
    }
    assets_set_charset(assets, NULL);
    assets_set_strict(assets, false);
    assets_set_live(assets, false);
    buf_finish(&text);
    buf_finish(&rewritten);
    if (!ok)
        return refuse_fault(entry, &fault, err);
    return store(assets, entry, "text/css", buf_slice(out), err);
}

static bool write_document(struct assets *assets, const char *url, struct slice html,
                           const struct media_type *type, struct buf *out, struct error *err)
{
    struct document *doc;
    const struct document_origin origin = {.url = slice_of(url),
                                           .charset = slice_of(type->charset),
                                           .xml = document_is_xml(type->essence)};
    if (!document_read_web(html, &origin, &doc, err))
        return false;
    bool ok = document_prepare(doc, assets, err) && document_write(doc, out, err);
    document_destroy(doc);
    return ok;
}

static void write_escaped(struct buf *out, struct slice text)
{
    size_t plain = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c != '<' && c != '&')
            continue;
        buf_add(out, text.ptr + plain, at - plain);
        buf_add_text(out, c == '<' ? "&lt;" : "&amp;");
        plain = at + 1;
    }
    buf_add_slice(out, slice_sub(text, plain, text.len));
}

/* A picture or a text as the document that browsers make of it (HTML §7.5). */
static bool wrap(struct assets *assets, const struct answer *answer, const struct media_type *type,
                 struct buf *html, struct error *err)
{
    char ref[ASSET_REF_SIZE];
    struct slice url = slice_of(answer->url);
    buf_add_text(html, "<!DOCTYPE html>");
    if (is_top(type->essence, "image/")) {
        if (!assets_supply(assets, url, slice_of(type->essence), answer->body, err) ||
            !assets_want(assets, url, ASSET_IMAGE, ref, err))
            return false;
        buf_printf(html,
                   "<body style=\"margin:0\"><img style=\"display:block\" src=\"" ASSET_SCHEME
                   "%s\">",
                   ref);
    } else {
        struct buf text;
        buf_init(&text, 3 * LIMIT_PAGE_BODY);
        bool ok = media_decode(answer->body, MEDIA_TEXT, slice_of(type->charset), NULL, &text, err);
        buf_add_text(html, "<pre style=\"white-space:pre-wrap;overflow-wrap:break-word\">");
        write_escaped(html, buf_slice(&text));
        buf_finish(&text);
        if (!ok)
            return false;
    }
    return buf_ok(html, "A frame", err);
}

static bool accept_frame(struct assets *assets, struct entry *entry, const struct answer *answer,
                         const struct media_type *type, struct buf *out, struct error *err)
{
    struct error fault = {0};
    if (answer->prepared)
        return store(assets, entry, "text/html", answer->body, err);
    bool ok;
    if (is_html(type->essence) || document_is_xml(type->essence)) {
        ok = write_document(assets, answer->url, answer->body, type, out, &fault);
    } else if (is_top(type->essence, "image/") || is_top(type->essence, "text/") ||
               strcmp(type->essence, "application/json") == 0) {
        static const struct media_type made = {.essence = "text/html", .charset = "utf-8"};
        struct buf html;
        buf_init(&html, LIMIT_DOCUMENT);
        ok = wrap(assets, answer, type, &html, &fault) &&
             write_document(assets, answer->url, buf_slice(&html), &made, out, &fault);
        buf_finish(&html);
    } else {
        return refuse_type(entry, type->essence, err);
    }
    if (!ok)
        return refuse_fault(entry, &fault, err);
    return store(assets, entry, "text/html", buf_slice(out), err);
}

static bool accept_sprite(struct assets *assets, struct entry *entry, const struct answer *answer,
                          const struct media_type *type, struct buf *out, struct error *err)
{
    struct error fault = {0};
    struct buf text;
    buf_init(&text, 3 * LIMIT_ASSET_BODY);
    if (is_html(type->essence))
        return refuse_type(entry, type->essence, err);
    bool ok =
        media_decode(answer->body, MEDIA_TEXT, slice_of(type->charset), NULL, &text, &fault) &&
        sprite_write(buf_slice(&text), answer->url, entry->asset.ref, assets, out, &fault);
    buf_finish(&text);
    if (!ok)
        return refuse_fault(entry, &fault, err);
    return store(assets, entry, "image/svg+xml", buf_slice(out), err);
}

/* What is stored as it came. */
static bool accept_bytes(struct assets *assets, struct entry *entry, const struct answer *answer,
                         const struct media_type *header, struct error *err)
{
    struct media_type type;
    media_sniff(answer->body, header, &type);
    if (media_is_playlist(answer->body))
        return refuse_type(entry, "a list of streams", err);
    if (!fits(entry->asset.kind, type.essence))
        return refuse_type(entry, type.essence, err);
    return store(assets, entry, type.essence, answer->body, err);
}

/* What a link leads to: its type is the caller's to find, and nobody refuses it. */
static bool accept_file(struct assets *assets, struct entry *entry, const struct answer *answer,
                        const struct media_type *header, struct error *err)
{
    const char *type = header->essence;
    if (is_top(type, "audio/") || is_top(type, "video/")) {
        if (answer->body.len > assets->media_limit)
            return assets_leave_out(assets, entry, err);
    } else if (answer->body.len > LIMIT_FILE_BODY) {
        return assets_refuse(entry, ERR_TOO_LARGE, 0, "The file is too large", err);
    }
    return store(assets, entry, type[0] ? type : "application/octet-stream", answer->body, err);
}

static bool accept(struct assets *assets, struct entry *entry, const struct answer *answer,
                   struct buf *out, struct error *err)
{
    struct media_type header;
    struct media_type type;
    media_parse(slice_of(answer->content_type), &header);
    switch (entry->asset.kind) {
    case ASSET_MEDIA:
        if (answer->body.len > assets->media_limit)
            return assets_leave_out(assets, entry, err);
        return accept_bytes(assets, entry, answer, &header, err);
    case ASSET_STYLE:
        if (!fits(ASSET_STYLE, header.essence))
            return refuse_type(entry, header.essence, err);
        /* A browser applies none of it (HTML §4.6.7.9), so nothing is missing. */
        if (entry->strict && header.essence[0] && strcmp(header.essence, "text/css") != 0)
            return store(assets, entry, "text/css", slice_of(""), err);
        return accept_style(assets, entry, answer, &header, out, err);
    case ASSET_FRAME:
        media_sniff(answer->body, &header, &type);
        return accept_frame(assets, entry, answer, &type, out, err);
    case ASSET_SPRITE:
        return accept_sprite(assets, entry, answer, &header, out, err);
    case ASSET_FILE:
        return accept_file(assets, entry, answer, &header, err);
    default:
        return accept_bytes(assets, entry, answer, &header, err);
    }
}

bool assets_accept(struct assets *assets, struct entry *entry, const struct answer *answer,
                   struct buf *scratch, struct error *err)
{
    free(entry->final_url);
    entry->final_url = slice_dup(slice_of(answer->url));
    if (entry->final_url == NULL)
        return error_no_memory(err);
    buf_reset(scratch);
    assets->parent = entry;
    bool ok = accept(assets, entry, answer, scratch, err);
    assets->parent = NULL;
    return ok;
}

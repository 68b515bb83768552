#include "page/standalone_levels.h"

#include "base/base64.h"
#include "base/limits.h"
#include "page/document.h"

#include <stdio.h>
#include <stdlib.h>

/* All bytes written on the way to the file: a sheet inside a sheet is written once for each. What
 * would take more is not expanded, so hostile snapshots end in time. */
#define MAX_WORK (3 * LIMIT_SELF_CONTAINED)

/* Nothing runs, nothing is loaded, nothing is sent; nor are the names that links lead to looked up,
 * which Firefox does beforehand. */
static const char rules[] =
    "<meta charset=\"utf-8\">"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline' data:; font-src data:; media-src data:; frame-src data:; "
    "form-action 'none'; "
    "base-uri 'none'\">"
    "<meta name=\"referrer\" content=\"no-referrer\">"
    "<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">";

/* Browsers look so far for the encoding (HTML §13.2.3.2). */
enum { PRESCAN = 1024 };

/* Harmless as a sheet, broken as a picture, and in srcset no comma at its end. */
static const char missing[] = "data:,%20";

/* ---- Room ---- */

/* What is still to be copied whatever happens. */
static size_t reserved(const struct writer *w)
{
    size_t sum = sizeof rules;
    for (size_t i = 0; i < w->depth; i++)
        sum += w->levels[i].source.len - w->levels[i].at;
    return sum;
}

bool level_has_room(const struct writer *w, const struct level *level, size_t size)
{
    size_t used = level->out->len + reserved(w);
    return used < LIMIT_SELF_CONTAINED && size <= LIMIT_SELF_CONTAINED - used &&
           w->work <= MAX_WORK;
}

static bool copy(struct writer *w, struct level *level, struct slice text)
{
    w->work += text.len;
    return buf_add_slice(level->out, text);
}

bool level_copy_to(struct writer *w, struct level *level, size_t to)
{
    struct slice text = slice_sub(level->source, level->at, to - level->at);
    level->at = to;
    return copy(w, level, text);
}

bool level_write_rules(struct level *level)
{
    return buf_add_text(level->out, rules);
}

bool level_write_missing(struct level *level, bool document)
{
    return buf_add_text(level->out, document ? LEVEL_SRCDOC : missing);
}

bool level_leave_out(struct writer *w, struct level *level, bool document)
{
    w->left_out++;
    return level_write_missing(level, document);
}

/* ---- What was written already ---- */

bool level_remember(struct writer *w, struct level *level, const char *ref, size_t from,
                    bool document)
{
    size_t index = level->seen.count;
    if (index == level->span_cap) {
        size_t cap = level->span_cap ? level->span_cap * 2 : 32;
        struct span *grown = realloc(level->spans, cap * sizeof *grown);
        if (grown == NULL)
            return error_no_memory(w->err);
        level->spans = grown;
        level->span_cap = cap;
    }
    level->spans[index] = (struct span){from, level->out->len - from, document};
    return ref_map_put(&level->seen, ref, index) || error_no_memory(w->err);
}

bool level_repeat(struct writer *w, struct level *level, size_t index, bool document)
{
    struct span span = level->spans[index];
    if (span.document != document)
        return level_write_missing(level, document);
    if (!level_has_room(w, level, span.len))
        return level_leave_out(w, level, document);
    /* The bytes stand in the buffer that grows: they are looked for after it has. */
    if (!buf_reserve(level->out, span.len))
        return false;
    return copy(w, level, slice_make(level->out->ptr + span.from, span.len));
}

/* ---- Encoding ---- */

/* A type may come from a server: only what a type is made of goes out. */
static const char *safe_type(const char *essence)
{
    for (const char *c = essence; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || strchr("/.+-", *c) != NULL))
            return "application/octet-stream";
    return essence[0] ? essence : "application/octet-stream";
}

static bool write_base64(struct writer *w, struct level *level, const char *head,
                         struct slice bytes)
{
    size_t size = strlen(head) + (bytes.len + 2) / 3 * 4;
    if (!level_has_room(w, level, size))
        return level_leave_out(w, level, false);
    w->work += size;
    return buf_add_text(level->out, head) && base64_append(level->out, bytes);
}

bool level_write_data(struct writer *w, struct level *level, const char *type, struct slice bytes)
{
    char head[MEDIA_TYPE_SIZE + 16];
    /* What a player would fetch more for is no part of a file that needs nothing else. */
    if (bytes.len == 0 || media_is_playlist(bytes))
        return level_write_missing(level, false);
    snprintf(head, sizeof head, "data:%s;base64,", safe_type(type));
    return write_base64(w, level, head, bytes);
}

/* A document in srcdoc is never in quirks mode (HTML §13.2.6.4.1), one under a data: URL is as its
 * doctype says. Chromium opens no URL of more than 2 MiB. */
static bool needs_url(struct slice html)
{
    enum { URL_MAX = 2000000 };
    return html.len / 3 * 4 < URL_MAX && !slice_starts_nocase(html, "<!DOCTYPE html>");
}

static bool write_srcdoc(struct writer *w, struct level *level, struct slice html)
{
    size_t size = strlen(LEVEL_SRCDOC) + html.len;
    for (size_t i = 0; i < html.len; i++)
        size += html.ptr[i] == '&' ? 4 : html.ptr[i] == '"' ? 5 : 0;
    if (!level_has_room(w, level, size) || !buf_reserve(level->out, size))
        return level_leave_out(w, level, true);
    w->work += size;
    buf_add_text(level->out, LEVEL_SRCDOC);
    for (size_t at = 0; at < html.len;) {
        size_t plain = at;
        while (at < html.len && html.ptr[at] != '&' && html.ptr[at] != '"')
            at++;
        buf_add(level->out, html.ptr + plain, at - plain);
        if (at < html.len)
            buf_add_text(level->out, html.ptr[at++] == '&' ? "&amp;" : "&quot;");
    }
    return level->out->failed == ERR_NONE;
}

/* ---- Levels ---- */

struct level *level_top(struct writer *w)
{
    return &w->levels[w->depth - 1];
}

static struct level *innermost_document(struct writer *w)
{
    size_t i = w->depth - 1;
    while (w->levels[i].kind != ASSET_FRAME)
        i--;
    return &w->levels[i];
}

struct scope *level_scope(struct writer *w)
{
    struct level *document = innermost_document(w);
    return &document->scopes[document->scope_count - 1];
}

bool level_open_scope(struct writer *w, struct level *document)
{
    if (document->scope_count == document->scope_cap) {
        size_t cap = document->scope_cap ? document->scope_cap * 2 : 4;
        struct scope *grown = realloc(document->scopes, cap * sizeof *grown);
        if (grown == NULL)
            return error_no_memory(w->err);
        document->scopes = grown;
        document->scope_cap = cap;
    }
    document->scopes[document->scope_count++] = (struct scope){0};
    return true;
}

void level_close_scope(struct level *document)
{
    struct scope *scope = &document->scopes[--document->scope_count];
    for (size_t i = 0; i < scope->sprites.count; i++)
        buf_finish(&scope->bytes[i]);
    free(scope->bytes);
    ref_map_finish(&scope->sprites);
}

bool level_is_open(const struct writer *w, const char *ref)
{
    for (size_t i = 0; i < w->depth; i++)
        if (memcmp(w->levels[i].ref, ref, ASSET_REF_SIZE) == 0)
            return true;
    return false;
}

void level_finish(struct level *level)
{
    while (level->scope_count > 0)
        level_close_scope(level);
    free(level->scopes);
    free(level->spans);
    ref_map_finish(&level->seen);
    buf_finish(&level->bytes);
    buf_finish(&level->own);
    *level = (struct level){0};
}

bool level_push(struct writer *w, const char *ref, enum asset_kind kind, struct buf *bytes)
{
    if (w->depth == MAX_LEVELS)
        return false;
    struct level *level = &w->levels[w->depth++];
    *level = (struct level){.kind = kind, .bytes = *bytes, .source = buf_slice(bytes)};
    *bytes = (struct buf){0};
    snprintf(level->ref, sizeof level->ref, "%s", ref);
    buf_init(&level->own, LIMIT_SELF_CONTAINED);
    level->out = &level->own;
    return true;
}

/* Puts what a level has come to into the one below it. */
static bool deliver(struct writer *w, struct level *level, struct level *done)
{
    struct slice text = buf_slice(&done->own);
    size_t from = level->out->len;
    if (!buf_ok(&done->own, "The snapshot", w->err))
        return false;
    if (done->kind == ASSET_SPRITE) {
        bool fits = level_has_room(w, level, text.len);
        w->left_out += !fits;
        return !fits || copy(w, level, text);
    }
    bool written;
    if (done->kind == ASSET_STYLE)
        written = write_base64(w, level, "data:text/css;charset=utf-8;base64,", text);
    else if (needs_url(text) && level_has_room(w, level, text.len / 3 * 4 + 64))
        written = write_base64(w, level, "src=\"data:text/html;charset=utf-8;base64,", text);
    else
        written = write_srcdoc(w, level, text);
    return written && level_remember(w, level, done->ref, from, done->kind == ASSET_FRAME);
}

bool level_pop(struct writer *w)
{
    struct level done = *level_top(w);
    *level_top(w) = (struct level){0};
    bool ok = --w->depth == 0 || deliver(w, level_top(w), &done);
    level_finish(&done);
    return ok;
}

/* ---- The start of a document ---- */

static size_t find_last(struct slice text, struct slice needle)
{
    for (size_t at = text.len; at >= needle.len; at--)
        if (memcmp(text.ptr + at - needle.len, needle.ptr, needle.len) == 0)
            return at - needle.len;
    return text.len;
}

/* Behind a doctype, which must stay first. */
static size_t doctype_end(struct slice html)
{
    if (!slice_starts_nocase(html, "<!doctype"))
        return 0;
    size_t end = slice_find_byte(html, 0, '>');
    return end < html.len ? end + 1 : 0;
}

/* In a comment a `>` could end it. */
static void write_comment_text(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '>')
            buf_add_text(out, "%3E");
        else if (*text == '-' && text[1] == '-')
            buf_add_text(out, "%2D");
        else
            buf_add_char(out, *text);
    }
}

/* The comment that readers of saved pages look for. */
static void write_origin(struct buf *out, const struct standalone_source *origin)
{
    buf_add_text(out, "<!--\n Page saved with Linksnap\n url: ");
    write_comment_text(out, origin->url);
    buf_add_text(out, "\n saved date: ");
    write_comment_text(out, origin->saved_at);
    buf_add_text(out, "\n-->");
}

/* Whether browsers, looking for the encoding, give up before the rules. A mark at the very start
 * says it then. */
static bool rules_are_far(const struct level *level, size_t comment)
{
    struct slice html = level->source;
    size_t head = level->head < html.len ? level->head : doctype_end(html);
    return head + comment + sizeof rules > PRESCAN ||
           slice_find(slice_sub(html, 0, head), 0, slice_of(ASSET_SCHEME)) < head;
}

bool level_open_document(struct writer *w, const struct standalone_source *origin)
{
    struct level *level = level_top(w);
    struct slice html = level->source;
    level->head = slice_find(html, 0, slice_of(DOCUMENT_HEAD_MARK));
    level->end = find_last(html, slice_of(DOCUMENT_END_MARK));
    level->opens = level->closes = html.len; /* where there is one tree only */
    if (slice_find(html, 0, slice_of(" shadowrootmode=\"")) < html.len) {
        level->opens = slice_find(html, 0, slice_of(LEVEL_TEMPLATE_START));
        level->closes = slice_find(html, 0, slice_of(LEVEL_TEMPLATE_END));
    }
    if (!level_open_scope(w, level))
        return false;
    struct buf comment;
    buf_init(&comment, LIMIT_SELF_CONTAINED);
    if (origin != NULL)
        write_origin(&comment, origin);
    if (origin != NULL && rules_are_far(level, comment.len))
        buf_add_text(level->out, "\xEF\xBB\xBF");
    level_copy_to(w, level, doctype_end(html));
    buf_add_slice(level->out, buf_slice(&comment));
    bool ok = buf_ok(&comment, "The snapshot", w->err);
    buf_finish(&comment);
    if (!ok)
        return false;
    /* Without a mark the rules stand before all else: no document is without them. */
    if (level->head == html.len)
        level_write_rules(level);
    return level->out->failed == ERR_NONE;
}

/* XML, indented. It is shown as its source: no entity is expanded, no rule of its own is heard. */
#include "page/content_html.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/xml_tokens.h"

enum { INDENTED = 40 }; /* deeper ones stand below each other */

struct writer {
    struct buf *out;
    size_t depth;
    bool glued; /* what comes next stands on the same line */
    bool full;
};

static void put(struct writer *w, struct slice text)
{
    w->full |= content_text(w->out, text, CONTENT_ROOM) < text.len;
}

/* A letter that is written as its number is looked for as a letter. */
static void put_text(struct writer *w, struct slice text)
{
    size_t from = 0;
    for (size_t at = slice_find_byte(text, 0, '&'); at < text.len;
         at = slice_find_byte(text, at, '&')) {
        uint32_t cp;
        char bytes[4];
        size_t len = xml_reference(text, at, &cp);
        if (len > 0 && cp >= 0xA0) {
            put(w, slice_sub(text, from, at - from));
            put(w, slice_make(bytes, utf8_encode(cp, bytes)));
            from = at + len;
        }
        at += len > 0 ? len : 1;
    }
    put(w, slice_sub(text, from, text.len));
}

static void new_line(struct writer *w)
{
    if (!w->glued)
        buf_add_char(w->out, '\n');
    for (size_t i = 0; !w->glued && i < w->depth && i < INDENTED; i++)
        buf_add_text(w->out, "  ");
    w->glued = false;
}

/* False when the tags do not close each other. */
static bool put_token(struct writer *w, const struct xml_token *token)
{
    switch (token->kind) {
    case XML_TEXT:
        if (slice_trim(token->text).len == 0)
            return true;
        w->glued = true;
        put_text(w, token->text);
        return true;
    case XML_CDATA:
        w->glued = true;
        put_text(w, slice_of("<![CDATA["));
        put(w, token->text);
        put_text(w, slice_of("]]>"));
        return true;
    case XML_START:
        new_line(w);
        put_text(w, token->text);
        w->depth++;
        return true;
    case XML_END:
        if (w->depth == 0)
            return false;
        w->depth--;
        new_line(w);
        put_text(w, token->text);
        return true;
    default:
        new_line(w);
        put_text(w, token->text);
        return true;
    }
}

static bool write_tokens(struct slice text, struct buf *out)
{
    struct xml_reader reader = {.text = text};
    struct writer w = {.out = out, .glued = true};
    struct xml_token token;
    bool any = false;
    bool opened = false;
    for (xml_next(&reader, &token); token.kind < XML_DONE; xml_next(&reader, &token)) {
        w.glued |= opened && token.kind == XML_END;
        if (!put_token(&w, &token) || w.full || out->len > CONTENT_ROOM - KIB)
            return false;
        opened = token.kind == XML_START;
        any |= token.kind == XML_START || token.kind == XML_EMPTY;
    }
    return token.kind == XML_DONE && any && w.depth == 0;
}

bool content_write_xml(const struct content *content, struct buf *out, struct error *err)
{
    /* As in HTML: the encoding stands in the declaration. */
    return content_sheet(content, MEDIA_HTML, write_tokens, out, err);
}

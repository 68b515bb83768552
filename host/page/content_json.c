/* JSON, indented. */
#include "page/content_html.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/json_tokens.h"

/* Deeper lines stand below each other: their indentation alone would fill the document. */
enum { INDENTED = 40 };

static void new_line(struct buf *out, size_t depth)
{
    static const char spaces[2 * INDENTED + 1] =
        "                                                                                ";
    buf_add_char(out, '\n');
    buf_add(out, spaces, 2 * (depth < INDENTED ? depth : INDENTED));
}

/* What is written as \uXXXX is looked for by its letters; those of ASCII stay, lest the text should
 * say something else. False when there is no room for it. */
static bool write_string(struct buf *out, struct slice text)
{
    buf_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        uint32_t cp = 0;
        char bytes[4];
        size_t back = slice_find_byte(text, at, '\\');
        size_t len = json_unicode(text, back, &cp);
        bool shown = len > 0 && cp >= 0xA0 && (cp < 0xD800 || cp > 0xDFFF);
        size_t end = back < text.len && !shown ? back + 2 : back;
        struct slice plain = slice_sub(text, at, end - at);
        if (content_text(out, plain, CONTENT_ROOM) < plain.len)
            return false;
        if (shown)
            buf_add(out, bytes, utf8_encode(cp, bytes));
        at = shown ? back + len : end;
    }
    return buf_add_char(out, '"');
}

/* False when it is no JSON, or takes too much room. */
static bool write_tokens(struct slice text, struct buf *out)
{
    struct json_reader reader = {.text = text};
    struct slice s;
    bool first = true; /* nothing stands at this depth yet */
    bool keyed = false;
    bool any = false;
    enum json_token token;
    while ((token = json_next(&reader, &s)) < JSON_DONE) {
        bool opens = token == JSON_OBJECT || token == JSON_ARRAY;
        bool ends = token == JSON_OBJECT_END || token == JSON_ARRAY_END;
        size_t depth = reader.depth - opens;
        if (out->len > CONTENT_ROOM - KIB)
            return false;
        if (depth > 0 && !ends && !first && !keyed)
            buf_add_char(out, ',');
        if (any && !keyed && !(ends && first))
            new_line(out, depth);
        any = true;
        keyed = token == JSON_KEY;
        first = opens;
        bool fits = true;
        if (token == JSON_SCALAR)
            fits = content_text(out, s, CONTENT_ROOM) == s.len;
        else if (token == JSON_KEY || token == JSON_STRING)
            fits = write_string(out, s);
        else
            buf_add_char(out, "{}[]"[token]);
        if (!fits)
            return false;
        if (keyed)
            buf_add_text(out, ": ");
    }
    return token == JSON_DONE && any;
}

bool content_write_json(const struct content *content, struct buf *out, struct error *err)
{
    return content_sheet(content, MEDIA_TEXT, write_tokens, out, err);
}

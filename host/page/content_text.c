/* Text and code as they stand. */
#include "page/content_html.h"

#include "base/limits.h"
#include "base/utf8.h"

/* Longer ones are shown in part: no search looks further either. */
static void write_pre(const struct content *content, struct slice text, bool whole, struct buf *out)
{
    struct slice shown = utf8_prefix(text, LIMIT_TEXT);
    content_open(out, slice_of(content->name), slice_of(""), "sheet");
    /* HTML drops a line end that comes first. */
    buf_add_text(out, "<pre>\n");
    size_t fit = content_text(out, shown, CONTENT_ROOM);
    buf_add_text(out, "</pre>\n");
    if (!whole || fit < text.len)
        content_rest(out, content);
    content_close(out);
}

bool content_write_text(const struct content *content, struct buf *out, struct error *err)
{
    struct buf text;
    struct content front = *content;
    front.bytes = slice_sub(content->bytes, 0, 2 * LIMIT_TEXT); /* as UTF-16 takes */
    buf_init(&text, 6 * LIMIT_TEXT);
    bool ok = content_decode(&front, MEDIA_TEXT, &text, err);
    if (ok) {
        write_pre(content, buf_slice(&text), front.bytes.len == content->bytes.len, out);
        ok = buf_ok(out, "The document", err);
    }
    buf_finish(&text);
    return ok;
}

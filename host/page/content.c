#include "page/content_html.h"

#include "base/limits.h"

static const char *const names[CONTENT_KINDS] = {
    "page", "archive",  "pdf",  "image", "audio", "video",
    "text", "markdown", "json", "feed",  "xml",   "file",
};

const char *content_kind_name(enum content_kind kind)
{
    return names[kind];
}

/* ---- Kinds that show what the browser can show itself ---- */

static void write_image(const struct content *content, struct buf *out)
{
    buf_add_text(out, "<img");
    content_attribute(out, "src", slice_of(content->url));
    content_attribute(out, "alt", slice_of(content->name));
    buf_add_text(out, ">\n");
}

static void write_player(const struct content *content, const char *tag, struct buf *out)
{
    buf_printf(out, "<%s controls", tag);
    content_attribute(out, "src", slice_of(content->url));
    buf_printf(out, "></%s>\n", tag);
}

static bool write_shown(const struct content *content, struct buf *out, struct error *err)
{
    bool file = content->kind == CONTENT_FILE;
    content_open(out, slice_of(content->name), slice_of(""), file ? "text" : "media");
    if (file) {
        buf_add_text(out, "<h1>");
        content_text(out, slice_of(content->name), CONTENT_ROOM);
        buf_add_text(out, "</h1>\n");
    } else if (content->kind == CONTENT_IMAGE) {
        write_image(content, out);
    } else {
        write_player(content, content->kind == CONTENT_AUDIO ? "audio" : "video", out);
    }
    content_original(out, content);
    content_close(out);
    return buf_ok(out, "The document", err);
}

/* ---- All kinds ---- */

/* What takes the place of a kind that its bytes are not of. */
static enum content_kind plainer(enum content_kind kind)
{
    return kind == CONTENT_FEED ? CONTENT_XML : CONTENT_TEXT;
}

static bool write_as(const struct content *content, enum content_kind kind, struct buf *out,
                     struct error *err)
{
    switch (kind) {
    case CONTENT_MARKDOWN:
        return content_write_markdown(content, out, err);
    case CONTENT_JSON:
        return content_write_json(content, out, err);
    case CONTENT_FEED:
        return content_write_feed(content, out, err);
    case CONTENT_XML:
        return content_write_xml(content, out, err);
    default:
        return content_write_text(content, out, err);
    }
}

/* Tries one kind after the other; text is what everything is. */
static bool write_readably(const struct content *content, struct buf *out, struct error *err)
{
    for (enum content_kind kind = content->kind;; kind = plainer(kind)) {
        struct error fault = {0};
        buf_reset(out);
        bool ok = write_as(content, kind, out, &fault);
        if (ok)
            return true;
        if (fault.code == ERR_NO_MEMORY || fault.code == ERR_INTERNAL || kind == CONTENT_TEXT) {
            *err = fault;
            return false;
        }
    }
}

bool content_write(const struct content *content, struct buf *html_out, enum content_gap *gap_out,
                   struct error *err)
{
    struct buf html;
    enum content_gap gap = CONTENT_WHOLE;
    bool ok;
    buf_init(&html, LIMIT_PAGE_BODY);
    switch (content->kind) {
    case CONTENT_PDF:
        ok = content_write_pdf(content, &html, &gap, err);
        break;
    case CONTENT_IMAGE:
    case CONTENT_AUDIO:
    case CONTENT_VIDEO:
    case CONTENT_FILE:
        ok = write_shown(content, &html, err);
        break;
    default:
        ok = write_readably(content, &html, err);
        break;
    }
    ok = ok && (buf_add_slice(html_out, buf_slice(&html)) || buf_ok(html_out, "The document", err));
    if (ok)
        *gap_out = gap;
    buf_finish(&html);
    return ok;
}

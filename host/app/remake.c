#include "app/remake.h"

#include "base/limits.h"
#include "page/assets.h"
#include "page/document.h"

static bool read_html(struct slice html, const char *url, struct document **doc_out,
                      struct error *err)
{
    struct document_origin origin = {.url = slice_of(url), .charset = slice_of("utf-8")};
    return document_read_web(html, &origin, doc_out, err);
}

bool remake_text(struct slice document, const char *url, struct buf *out, void *arg,
                 struct error *err)
{
    struct document *doc = NULL;
    struct document_text text = {0};
    (void)arg;
    bool ok = read_html(document, url, &doc, err) && document_extract_text(doc, &text, err) &&
              (buf_add_text(out, text.text) || buf_ok(out, "The text", err));
    document_text_finish(&text);
    document_destroy(doc);
    return ok;
}

static void add_escaped(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&' || c == '<' || c == '>')
            buf_printf(out, "&#%d;", c);
        else
            buf_add_char(out, c);
    }
}

static bool write_html(struct slice text, const char *title, struct buf *out, struct error *err)
{
    buf_add_text(out, "<!DOCTYPE html><meta charset=utf-8><title>");
    add_escaped(out, slice_of(title));
    buf_add_text(out,
                 "</title><p><em>This version was damaged on the disk, and its document could "
                 "not be read any more. This is its text."
                 "<br><span lang=zh>此版本的文档已在磁盘上损坏，无法读取。以下是其文本。</span>"
                 "</em></p><div style=\"white-space:pre-wrap;overflow-wrap:anywhere\">");
    add_escaped(out, text);
    buf_add_text(out, "</div>");
    return buf_ok(out, "The document", err);
}

bool remake_document(struct slice text, const char *title, const char *url, struct buf *out,
                     void *arg, struct error *err)
{
    const struct assets_options options = {.page_url = url};
    struct document *doc = NULL;
    struct assets *assets = NULL;
    struct buf html;
    (void)arg;
    buf_init(&html, LIMIT_PAGE_BODY * 4);
    bool ok = write_html(text, title, &html, err) && read_html(buf_slice(&html), url, &doc, err) &&
              assets_create(&options, &assets, err) && document_prepare(doc, assets, err) &&
              document_write(doc, out, err);
    document_destroy(doc);
    assets_destroy(assets);
    buf_finish(&html);
    return ok;
}

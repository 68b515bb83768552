/* Where no script may run a browser shows a <canvas> as an empty inline element, so the picture of
 * one has to be an <img>. */
#include "base/limits.h"
#include "page/document_make.h"
#include "page/tree_edit.h"

static const char pixels[] = "url(linksnap:canvas/";

/* The `url(...)` that the page walker has put into the style; empty when there is none. */
static struct slice find_pixels(struct slice style)
{
    size_t from = slice_find(style, 0, slice_of(pixels));
    size_t end = slice_find_byte(style, from, ')');
    if (end == style.len)
        return slice_of("");
    return slice_sub(style, from, end + 1 - from);
}

/* The picture carries the canvas's size itself: as attributes of <img> width and height would be
 * style, which those of <canvas> are not. */
static size_t take_size(xmlNodePtr canvas, const char *name, size_t fallback)
{
    xmlAttrPtr attr = tree_find_attribute(canvas, name);
    struct slice text = slice_trim(tree_value(attr));
    size_t size = 0;
    size_t at = 0;
    for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9' && size < 100000; at++)
        size = size * 10 + (size_t)(text.ptr[at] - '0');
    if (attr != NULL)
        tree_remove_attribute(attr);
    return at > 0 ? size : fallback;
}

static bool become_image(xmlNodePtr canvas, struct buf *scratch)
{
    xmlAttrPtr style = tree_find_attribute(canvas, "style");
    struct slice value = tree_value(style);
    struct slice url = find_pixels(value);
    size_t width = take_size(canvas, "width", 300);
    size_t height = take_size(canvas, "height", 150);
    buf_reset(scratch);
    if (url.len > 0)
        buf_add_slice(scratch, slice_sub(url, 4, url.len - 5));
    else
        buf_printf(scratch,
                   "data:image/svg+xml,%%3Csvg xmlns='http://www.w3.org/2000/svg' width='%zu' "
                   "height='%zu'/%%3E",
                   width, height);
    if (scratch->failed != ERR_NONE || !tree_set_attribute(canvas, "src", scratch->ptr))
        return false;
    if (url.len > 0) {
        size_t from = (size_t)(url.ptr - value.ptr);
        buf_reset(scratch);
        buf_add_slice(scratch, slice_sub(value, 0, from));
        buf_add_text(scratch, "none");
        buf_add_slice(scratch, slice_sub(value, from + url.len, value.len));
        if (scratch->failed != ERR_NONE || !tree_set_value(style, buf_slice(scratch)))
            return false;
    }
    tree_clear(canvas);
    return tree_replace(canvas, "img");
}

bool document_settle_canvases(struct document *doc, struct error *err)
{
    xmlNodePtr root = xmlDocGetRootElement(doc->tree);
    struct buf scratch;
    bool ok = true;
    buf_init(&scratch, LIMIT_DOCUMENT);
    for (xmlNodePtr node = root; ok && node != NULL; node = tree_next(node, root))
        if (tree_is(node, NS_HTML, "canvas"))
            ok = become_image(node, &scratch);
    buf_finish(&scratch);
    return ok || error_no_memory(err);
}

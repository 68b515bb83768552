/* A document that is an SVG picture fills its window (SVG 2 §8.2); the one <svg> in a body of the
 * stored form has to be told so. */
#include "base/limits.h"
#include "page/document_make.h"
#include "page/tree_edit.h"

static xmlNodePtr find_picture(const struct document *doc)
{
    xmlNodePtr body = xmlDocGetRootElement(doc->tree)->last;
    xmlNodePtr svg = body != NULL ? body->children : NULL;
    bool alone = svg != NULL && svg->next == NULL && tree_is(svg, NS_SVG, "svg");
    return alone && body->properties == NULL ? svg : NULL;
}

static bool fills(const xmlNode *svg, const char *attribute)
{
    struct slice value = slice_trim(tree_value(tree_find_attribute(svg, attribute)));
    return value.len == 0 || slice_equal(value, slice_of("100%"));
}

bool document_settle_picture(struct document *doc, struct error *err)
{
    xmlNodePtr svg = doc->wrapped ? find_picture(doc) : NULL;
    if (svg == NULL)
        return true;
    struct slice style = tree_value(tree_find_attribute(svg, "style"));
    struct buf text;
    buf_init(&text, LIMIT_DOCUMENT);
    buf_add_text(&text, "display:block;");
    buf_add_text(&text, fills(svg, "width") ? "width:100vw;" : "");
    buf_add_text(&text, fills(svg, "height") ? "height:100vh;" : "");
    buf_add_slice(&text, style);
    bool ok = buf_ok(&text, "A style", err) &&
              ((tree_set_attribute(svg, "style", text.ptr) &&
                tree_set_attribute(svg->parent, "style", "margin:0")) ||
               error_no_memory(err)) &&
              document_set_doctype(doc, slice_of("<!DOCTYPE html>"), err);
    buf_finish(&text);
    return ok;
}

#include "page/sprite.h"

#include "base/limits.h"
#include "page/css.h"
#include "page/css_scope.h"
#include "page/document_make.h"
#include "page/policy.h"
#include "page/tree_edit.h"

#include <stdio.h>

/* ---- In the tree ---- */

static xmlNodePtr find_svg(const struct document *doc)
{
    xmlNodePtr body = xmlDocGetRootElement(doc->tree)->last;
    xmlNodePtr svg = body != NULL ? body->children : NULL;
    return svg != NULL && tree_is(svg, NS_SVG, "svg") ? svg : NULL;
}

struct prefixer {
    char prefix[sizeof SPRITE_PREFIX + ASSET_REF_SIZE];
    struct buf value;
    bool styled; /* the file has a <style>: elements are marked for its selectors */
};

static bool prefix_url(struct slice url, enum css_use use, struct buf *replacement_out, void *arg,
                       struct error *err)
{
    (void)use;
    (void)err;
    const struct prefixer *p = arg;
    if (slice_starts(url, "#") && url.len > 1) {
        buf_add_char(replacement_out, '#');
        buf_add_text(replacement_out, p->prefix);
        url = slice_sub(url, 1, url.len);
    }
    return buf_add_slice(replacement_out, url);
}

static void prefix_classes(struct prefixer *p, struct slice classes)
{
    for (size_t at = 0; at < classes.len; at++) {
        size_t end = at;
        while (end < classes.len && !ascii_space(classes.ptr[end]))
            end++;
        if (end > at) {
            buf_add_text(&p->value, p->value.len > 0 ? " " : "");
            buf_add_text(&p->value, p->prefix);
            buf_add_slice(&p->value, slice_sub(classes, at, end - at));
        }
        at = end;
    }
}

static bool prefix_attribute(struct prefixer *p, const xmlNode *node, xmlAttrPtr attr,
                             struct error *err)
{
    struct slice value = tree_value(attr);
    const char *name = (const char *)attr->name;
    enum attribute_rule rule = policy_attribute((const char *)node->name, name);
    buf_reset(&p->value);
    if (strcmp(name, "id") == 0) {
        buf_add_text(&p->value, p->prefix);
        buf_add_slice(&p->value, value);
    } else if (strcmp(name, "class") == 0) {
        prefix_classes(p, value);
    } else if (strcmp(name, "href") == 0 && slice_starts(value, "#")) {
        if (!prefix_url(value, CSS_USE_IMAGE, &p->value, p, err))
            return error_no_memory(err);
    } else if (rule == ATTRIBUTE_STYLE || rule == ATTRIBUTE_PAINT) {
        if (!css_rewrite(value, CSS_DECLARATIONS, prefix_url, p, &p->value, err))
            return false;
    } else {
        return true;
    }
    return buf_ok(&p->value, "An attribute", err) &&
           (tree_set_value(attr, buf_slice(&p->value)) || error_no_memory(err));
}

/* A sheet of the file styles what the file holds and nothing else of the page. */
static bool scope_style(struct prefixer *p, xmlNodePtr style, struct error *err)
{
    if (style->children == NULL)
        return true;
    struct buf css;
    buf_init(&css, LIMIT_CAPTURE);
    buf_reset(&p->value);
    bool ok = css_rewrite(slice_of((const char *)style->children->content), CSS_SHEET, prefix_url,
                          p, &css, err) &&
              css_scope(buf_slice(&css), p->prefix, &p->value, err);
    buf_finish(&css);
    if (!ok)
        return false;
    xmlNodePtr text = tree_new_text(style->doc, buf_slice(&p->value));
    if (text == NULL)
        return error_no_memory(err);
    tree_clear(style);
    xmlAddChild(style, text);
    return true;
}

/* The marks that css_scope asks for. */
static bool mark_element(struct prefixer *p, xmlNodePtr node, bool root, struct error *err)
{
    struct slice classes = tree_value(tree_find_attribute(node, "class"));
    buf_reset(&p->value);
    buf_add_slice(&p->value, classes);
    buf_printf(&p->value, classes.len > 0 ? " %s" : "%s", p->prefix);
    if (root)
        buf_printf(&p->value, " %sroot", p->prefix);
    return buf_ok(&p->value, "An attribute", err) &&
           (tree_set_attribute(node, "class", p->value.ptr) || error_no_memory(err));
}

static bool prefix_element(struct prefixer *p, xmlNodePtr node, bool root, struct error *err)
{
    for (xmlAttrPtr attr = node->properties; attr != NULL; attr = attr->next)
        if (!prefix_attribute(p, node, attr, err))
            return false;
    if (tree_is(node, NS_SVG, "style") || tree_is(node, NS_HTML, "style"))
        return scope_style(p, node, err);
    return !p->styled || mark_element(p, node, root, err);
}

static bool has_style(const xmlNode *svg)
{
    for (const xmlNode *node = svg; node != NULL; node = tree_next(node, svg))
        if (tree_is(node, NS_SVG, "style") || tree_is(node, NS_HTML, "style"))
            return true;
    return false;
}

static bool prefix_names(const struct document *doc, const char ref[ASSET_REF_SIZE],
                         struct error *err)
{
    const xmlNode *svg = find_svg(doc);
    struct prefixer p = {.styled = has_style(svg)};
    bool ok = true;
    snprintf(p.prefix, sizeof p.prefix, "%s%s-", SPRITE_PREFIX, ref);
    buf_init(&p.value, LIMIT_CAPTURE);
    for (xmlNodePtr node = find_svg(doc); ok && node != NULL; node = tree_next(node, svg))
        if (node->type == XML_ELEMENT_NODE)
            ok = prefix_element(&p, node, node == svg, err);
    buf_finish(&p.value);
    return ok;
}

/* ---- Out ---- */

/* What stands in the body of the stored form. */
static struct slice body_of(struct slice stored)
{
    static const char start[] = "<body>";
    struct slice end = slice_of(DOCUMENT_END_MARK);
    size_t from = slice_find(stored, 0, slice_of(start)) + sizeof start - 1;
    return slice_sub(stored, from, slice_find(stored, from, end) - from);
}

static bool write_svg(struct document *doc, const char ref[ASSET_REF_SIZE], struct assets *assets,
                      struct buf *out, struct error *err)
{
    if (find_svg(doc) == NULL)
        return error_set(err, ERR_TYPE, "The server sent no SVG image");
    if (!collect_references(doc, assets, err) || !sanitize_document(doc, err) ||
        !prefix_names(doc, ref, err))
        return false;
    struct buf stored;
    buf_init(&stored, LIMIT_CAPTURE);
    bool ok = document_write(doc, &stored, err);
    if (ok) {
        buf_add_text(out, "<svg aria-hidden=\"true\" style=\"position:absolute;width:0;height:0;"
                          "overflow:hidden\">");
        buf_add_slice(out, body_of(buf_slice(&stored)));
        buf_add_text(out, "</svg>");
        ok = buf_ok(out, "An SVG image", err);
    }
    buf_finish(&stored);
    return ok;
}

bool sprite_write(struct slice xml, const char *url, const char ref[ASSET_REF_SIZE],
                  struct assets *assets, struct buf *out, struct error *err)
{
    struct document *doc = NULL;
    bool ok =
        document_read_xml(xml, slice_of(url), &doc, err) && write_svg(doc, ref, assets, out, err);
    document_destroy(doc);
    return ok;
}

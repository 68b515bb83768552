#include "page/sprite.h"

#include "base/limits.h"
#include "page/css.h"
#include "page/policy.h"
#include "page/tree_edit.h"

#include <stdio.h>

/* ---- To the wire form: no DTD, comments, CDATA or instructions ---- */

/* Behind a `<!DOCTYPE ...>`, which may hold quotes and an internal subset. */
static size_t skip_doctype(struct slice xml, size_t at)
{
    bool subset = false;
    while (at < xml.len) {
        char c = xml.ptr[at++];
        if (c == '"' || c == '\'') {
            at = slice_find_byte(xml, at, c);
            at += at < xml.len;
        } else if (c == '[' || c == ']') {
            subset = c == '[';
        } else if (c == '>' && !subset) {
            break;
        }
    }
    return at;
}

static size_t skip_to(struct slice xml, size_t at, const char *end)
{
    size_t found = slice_find(xml, at, slice_of(end));
    return found < xml.len ? found + strlen(end) : xml.len;
}

static void write_cdata(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&')
            buf_add_text(out, "&amp;");
        else if (c == '<')
            buf_add_text(out, "&lt;");
        else if (c == '>')
            buf_add_text(out, "&gt;");
        else
            buf_add_char(out, c);
    }
}

static void write_wire(struct buf *out, struct slice xml)
{
    static const char cdata[] = "<![CDATA[";
    for (size_t at = 0; at < xml.len;) {
        size_t next = slice_find_byte(xml, at, '<');
        buf_add(out, xml.ptr + at, next - at);
        struct slice rest = slice_sub(xml, next, sizeof cdata - 1);
        at = next + 1;
        if (slice_starts(rest, "<!--")) {
            at = skip_to(xml, next + 4, "-->");
        } else if (slice_starts(rest, "<?")) {
            at = skip_to(xml, next + 2, "?>");
        } else if (slice_starts(rest, cdata)) {
            size_t start = next + sizeof cdata - 1;
            size_t end = slice_find(xml, start, slice_of("]]>"));
            write_cdata(out, slice_sub(xml, start, end - start));
            at = end < xml.len ? end + 3 : end;
        } else if (slice_starts(rest, "<!")) {
            at = skip_doctype(xml, next + 2);
        } else if (next < xml.len) {
            buf_add_char(out, '<');
        }
    }
}

/* ---- In the tree ---- */

static xmlNodePtr find_svg(const struct document *doc)
{
    xmlNodePtr body = xmlDocGetRootElement(doc->tree)->last;
    xmlNodePtr svg = body != NULL ? body->children : NULL;
    return svg != NULL && tree_is(svg, NS_SVG, "svg") ? svg : NULL;
}

/* What the page walker alone may write, and sheets. */
static void strip(const struct document *doc)
{
    const xmlNode *root = xmlDocGetRootElement(doc->tree);
    xmlNodePtr node = xmlDocGetRootElement(doc->tree);
    while (node != NULL) {
        if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, "style") == 0) {
            node = tree_remove(node, root);
            continue;
        }
        if (node->type == XML_ELEMENT_NODE)
            for (xmlAttrPtr attr = node->properties, next; attr != NULL; attr = next) {
                next = attr->next;
                if (tree_in(attr->ns, NS_WIRE))
                    xmlRemoveProp(attr);
            }
        node = tree_next(node, root);
    }
}

struct prefixer {
    char prefix[sizeof SPRITE_PREFIX + ASSET_REF_SIZE];
    struct buf value;
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

static bool prefix_ids(const struct document *doc, const char ref[ASSET_REF_SIZE],
                       struct error *err)
{
    struct prefixer p;
    bool ok = true;
    snprintf(p.prefix, sizeof p.prefix, "%s%s-", SPRITE_PREFIX, ref);
    buf_init(&p.value, LIMIT_CAPTURE);
    const xmlNode *svg = find_svg(doc);
    for (xmlNodePtr node = find_svg(doc); ok && node != NULL; node = tree_next(node, svg))
        if (node->type == XML_ELEMENT_NODE)
            for (xmlAttrPtr attr = node->properties; ok && attr != NULL; attr = attr->next)
                ok = prefix_attribute(&p, node, attr, err);
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
    strip(doc);
    if (find_svg(doc) == NULL)
        return error_set(err, ERR_TYPE, "The server sent no SVG image");
    if (!document_prepare(doc, assets, err) || !prefix_ids(doc, ref, err))
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
    struct buf wire;
    struct document *doc = NULL;
    const struct document_origin origin = {.url = slice_of(url)};
    buf_init(&wire, LIMIT_DOCUMENT);
    write_wire(&wire, slice_trim(xml));
    bool ok = buf_ok(&wire, "An SVG image", err) &&
              document_read_wire(buf_slice(&wire), &origin, &doc, err) &&
              write_svg(doc, ref, assets, out, err);
    document_destroy(doc);
    buf_finish(&wire);
    return ok;
}

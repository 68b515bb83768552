/* The first half of document_prepare (page/tree.h): one walk over the tree, each attribute treated
 * as page/policy classes it.
 *
 * What sanitize.c removes with all it holds is passed over, so that nothing is fetched for it.
 */
#include "page/collect.h"

#include "base/limits.h"
#include "page/media.h"
#include "page/policy.h"
#include "page/srcset.h"
#include "page/tree_edit.h"
#include "page/url.h"

#include <stdio.h>
#include <stdlib.h>

/* Sets the attribute to what was collected in c->out; nothing there removes it. */
static bool put(struct collector *c, xmlAttrPtr attr, struct error *err)
{
    if (!buf_ok(&c->out, "An attribute", err))
        return false;
    if (c->out.len == 0) {
        tree_remove_attribute(attr);
        return true;
    }
    return tree_set_value(attr, buf_slice(&c->out)) || error_no_memory(err);
}

bool collect_asset(struct collector *c, xmlAttrPtr attr, enum asset_kind kind, struct error *err)
{
    buf_reset(&c->out);
    return reference_rewrite(&c->scope, tree_value(attr), kind, &c->out, err) && put(c, attr, err);
}

static bool collect_candidate(struct slice url, struct buf *replacement_out, void *arg,
                              struct error *err)
{
    struct collector *c = arg;
    return reference_rewrite(&c->scope, url, ASSET_IMAGE, replacement_out, err);
}

static bool collect_srcset(struct collector *c, xmlAttrPtr attr, struct error *err)
{
    buf_reset(&c->out);
    /* The page walker has left one candidate; of a page from the network one is fetched. */
    struct slice value = tree_value(attr);
    /* An empty one names nothing, but rules may ask for the attribute. */
    if (value.len == 0)
        return true;
    if (c->doc->web)
        value = srcset_choose(value);
    return srcset_rewrite(value, collect_candidate, c, &c->out, err) && put(c, attr, err);
}

/* Declarations, or one value of them. Most hold no URL. */
static bool collect_declarations(struct collector *c, xmlAttrPtr attr, struct error *err)
{
    buf_reset(&c->out);
    return reference_rewrite_css(&c->scope, tree_value(attr), CSS_DECLARATIONS, &c->out, err) &&
           put(c, attr, err);
}

bool collect_link(struct collector *c, xmlAttrPtr attr, struct error *err)
{
    buf_reset(&c->out);
    return reference_link(&c->scope, tree_value(attr), &c->out, err) && put(c, attr, err);
}

/* A reference to an element: of this document, or for <use> of an SVG file. */
static bool collect_local(struct collector *c, xmlNodePtr node, xmlAttrPtr attr, struct error *err)
{
    struct slice value = slice_trim(tree_value(attr));
    if (slice_starts(value, "#"))
        return true;
    buf_reset(&c->out);
    if (!reference_link(&c->scope, value, &c->out, err))
        return false;
    if (slice_starts(buf_slice(&c->out), "#"))
        return put(c, attr, err);
    buf_reset(&c->out);
    if (strcmp((const char *)node->name, "use") == 0 &&
        slice_find_byte(value, 0, '#') < value.len &&
        !reference_rewrite(&c->scope, value, ASSET_SPRITE, &c->out, err))
        return false;
    return put(c, attr, err);
}

static enum asset_kind asset_kind_of(const xmlNode *node, const char *attribute)
{
    static const char *const media[] = {"audio", "video", "source", "track"};
    if (strcmp(attribute, "src") == 0)
        for (size_t i = 0; i < sizeof media / sizeof *media; i++)
            if (strcmp((const char *)node->name, media[i]) == 0)
                return ASSET_MEDIA;
    return ASSET_IMAGE;
}

/* What browsers do not load either. */
static bool is_idle(const xmlNode *node, const char *attribute)
{
    if (strcmp(attribute, "src") != 0)
        return false;
    if (tree_is(node, NS_HTML, "input"))
        return !slice_equal_nocase(tree_value(tree_find_attribute(node, "type")), "image");
    return tree_is(node, NS_HTML, "source") && tree_is(node->parent, NS_HTML, "picture");
}

static bool collect_attribute(struct collector *c, xmlNodePtr node, xmlAttrPtr attr,
                              struct error *err)
{
    char name[64];
    const char *prefix = "";
    if (tree_in(attr->ns, NS_XLINK))
        prefix = "xlink:";
    else if (attr->ns != NULL)
        return true;
    if (snprintf(name, sizeof name, "%s%s", prefix, (const char *)attr->name) >= (int)sizeof name)
        return true;
    switch (policy_attribute((const char *)node->name, name)) {
    case ATTRIBUTE_ASSET:
        if (is_idle(node, name)) {
            tree_remove_attribute(attr);
            return true;
        }
        if (tree_in(node->ns, NS_SVG) && slice_starts(slice_trim(tree_value(attr)), "#"))
            return true;
        return collect_asset(c, attr, asset_kind_of(node, name), err);
    case ATTRIBUTE_SRCSET:
        return collect_srcset(c, attr, err);
    case ATTRIBUTE_STYLE:
    case ATTRIBUTE_PAINT:
        return collect_declarations(c, attr, err);
    case ATTRIBUTE_LINK:
        return collect_link(c, attr, err);
    case ATTRIBUTE_LOCAL:
        return collect_local(c, node, attr, err);
    default:
        return true;
    }
}

static bool collect_attributes(struct collector *c, xmlNodePtr node, struct error *err)
{
    xmlAttrPtr next;
    for (xmlAttrPtr attr = node->properties; attr != NULL; attr = next) {
        next = attr->next;
        if (!collect_attribute(c, node, attr, err))
            return false;
    }
    return true;
}

/* The text of <style>, in HTML or SVG. One that stands for a loaded sheet names its URL. */
static bool collect_style(struct collector *c, xmlNodePtr node, struct error *err)
{
    struct buf css;
    struct reference_scope scope = c->scope;
    struct slice base = tree_value(tree_find_attribute_ns(node, NS_WIRE, "base"));
    if (url_is_http(base))
        scope.base = base;
    buf_init(&css, LIMIT_DOCUMENT);
    buf_reset(&c->out);
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
            buf_add_text(&css, (const char *)child->content);
    bool ok = buf_ok(&css, "A style sheet", err) &&
              reference_rewrite_css(&scope, buf_slice(&css), CSS_SHEET, &c->out, err);
    buf_finish(&css);
    if (!ok)
        return false;
    tree_clear(node);
    if (c->out.len == 0)
        return true;
    xmlNodePtr text = tree_new_text(c->doc->tree, buf_slice(&c->out));
    if (text == NULL)
        return error_no_memory(err);
    xmlAddChild(node, text);
    return true;
}

static bool is_shadow_root(const xmlNode *template)
{
    return tree_find_attribute_ns(template, NS_WIRE, "shadow") != NULL ||
           tree_find_attribute(template, "shadowrootmode") != NULL;
}

static bool passed_over(const xmlNode *node)
{
    enum policy_ns ns = tree_in(node->ns, NS_SVG)      ? POLICY_SVG
                        : tree_in(node->ns, NS_MATHML) ? POLICY_MATHML
                                                       : POLICY_HTML;
    const struct element_policy *policy = policy_element(ns, (const char *)node->name);
    if (policy == NULL)
        return false;
    return policy->rule == ELEMENT_DROP ||
           (policy->rule == ELEMENT_TEMPLATE && !is_shadow_root(node));
}

/* Of a page from the network one candidate is kept, for large screens. On others src would count
 * beside it (HTML §4.8.4.3.8) and win. */
static void leave_candidate(xmlNodePtr node)
{
    xmlAttrPtr src = tree_find_attribute(node, "src");
    if (src != NULL && tree_is(node, NS_HTML, "img") &&
        srcset_choose(tree_value(tree_find_attribute(node, "srcset"))).len > 0)
        tree_remove_attribute(src);
}

static int count_sources(const xmlNode *node)
{
    return (tree_find_attribute(node, "src") != NULL) +
           (tree_find_attribute(node, "srcset") != NULL) +
           (tree_find_attribute(node, "poster") != NULL);
}

/* An element of a page whose scripts never ran. Where what it names cannot be loaded, what waits
 * for a script may. */
static bool collect_waiting(struct collector *c, xmlNodePtr node, struct error *err)
{
    if (lazy_is_twin(node))
        tree_clear(node);
    for (int round = 0; round < 2; round++) {
        if (!lazy_promote(node))
            return error_no_memory(err);
        leave_candidate(node);
        int sources = count_sources(node);
        if (!collect_frame(c, node, err) || !collect_attributes(c, node, err))
            return false;
        if (count_sources(node) == sources)
            break;
    }
    return true;
}

/* What the requests for this element's references say of the document they stand in. */
static void collect_policy(struct collector *c, const xmlNode *node)
{
    enum referrer_policy policy;
    struct slice name = tree_value(tree_find_attribute(node, "name"));
    if (tree_is(node, NS_HTML, "meta") && slice_equal_nocase(name, "referrer"))
        referrer_policy_parse(tree_value(tree_find_attribute(node, "content")), &c->policy);
    policy = c->policy;
    referrer_policy_parse(tree_value(tree_find_attribute(node, "referrerpolicy")), &policy);
    assets_set_policy(c->scope.assets, policy);
}

static bool collect_element(struct collector *c, xmlNodePtr node, struct error *err)
{
    collect_policy(c, node);
    collect_media_choice(node);
    if (tree_is(node, NS_HTML, "style") || tree_is(node, NS_SVG, "style"))
        return collect_style(c, node, err);
    if (tree_is(node, NS_HTML, "link"))
        return collect_link_element(c, node, err);
    if (c->doc->web)
        return collect_waiting(c, node, err);
    if (!lazy_promote_unloaded(node))
        return error_no_memory(err);
    return collect_frame(c, node, err) && collect_attributes(c, node, err);
}

/* The characters that the page shows, before its first sheet is looked at. */
static bool collect_text(const struct document *doc, struct assets *assets, struct error *err)
{
    static const char *const shown[] = {"value", "placeholder", "alt", "label"};
    const xmlNode *root = xmlDocGetRootElement(doc->tree);
    const xmlNode *node = root;
    while (node != NULL) {
        bool element = node->type == XML_ELEMENT_NODE;
        if (element && (passed_over(node) || tree_is(node, NS_HTML, "style"))) {
            node = tree_after(node, root);
            continue;
        }
        for (size_t i = 0; element && i < sizeof shown / sizeof *shown; i++)
            if (!assets_note_text(assets, tree_value(tree_find_attribute(node, shown[i])), err))
                return false;
        if (node->type == XML_TEXT_NODE &&
            !assets_note_text(assets, slice_of((const char *)node->content), err))
            return false;
        node = tree_next(node, root);
    }
    return true;
}

static bool collect_tree(struct collector *c, struct error *err)
{
    const xmlNode *root = xmlDocGetRootElement(c->doc->tree);
    xmlNodePtr node = xmlDocGetRootElement(c->doc->tree);
    while (node != NULL) {
        if (node->type != XML_ELEMENT_NODE) {
            node = tree_next(node, root);
        } else if (passed_over(node)) {
            node = tree_after(node, root);
        } else {
            if (!collect_element(c, node, err))
                return false;
            node = tree_next(node, root);
        }
    }
    return true;
}

/* A live page is text by now; what it was in its <meta> still says. */
static const char *charset_of(const struct document *doc)
{
    const xmlNode *root = xmlDocGetRootElement(doc->tree);
    const char *found = doc->charset;
    for (const xmlNode *node = root->children; found == NULL && node != NULL;
         node = tree_next(node, root->children)) {
        struct media_type type;
        if (!tree_is(node, NS_HTML, "meta"))
            continue;
        media_parse(tree_value(tree_find_attribute(node, "content")), &type);
        struct slice label = tree_value(tree_find_attribute(node, "charset"));
        if (label.len == 0 &&
            slice_equal_nocase(tree_value(tree_find_attribute(node, "http-equiv")), "content-type"))
            label = slice_of(type.charset);
        found = media_charset_name(label);
    }
    return found;
}

bool collect_references(struct document *doc, struct assets *assets, struct error *err)
{
    struct collector c = {
        .doc = doc,
        .scope = {.assets = assets, .base = slice_of(doc->base), .self = slice_of(doc->url)},
    };
    buf_init(&c.out, LIMIT_CAPTURE);
    bool ok = assets_enter(assets, doc->url, err);
    assets_set_charset(assets, charset_of(doc));
    assets_set_strict(assets, slice_equal_nocase(slice_of(doc->doctype), "<!DOCTYPE html>"));
    assets_set_live(assets, !doc->web);
    ok = ok && collect_text(doc, assets, err) && collect_tree(&c, err) &&
         collect_default_icon(&c, err);
    assets_leave(assets);
    buf_finish(&c.out);
    return ok;
}

#include "page/collect.h"
#include "page/tree_edit.h"
#include "page/url.h"

#include <stdlib.h>

/* Whether one of the words separated by white space is this one. */
static bool has_word(struct slice text, const char *word)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && !ascii_space(text.ptr[end]))
            end++;
        if (slice_equal_nocase(slice_sub(text, at, end - at), word))
            return true;
        at = end + 1;
    }
    return false;
}

static bool is_icon(struct slice rel)
{
    static const char *const words[] = {"icon", "apple-touch-icon", "apple-touch-icon-precomposed",
                                        "mask-icon"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (has_word(rel, words[i]))
            return true;
    return false;
}

/* Sheets that a script would have switched on: `rel=preload as=style onload="this.rel=..."` and
 * `media=print onload="this.media=..."`. */
static bool switch_on(xmlNodePtr node)
{
    struct slice onload = tree_value(tree_find_attribute(node, "onload"));
    struct slice rel = tree_value(tree_find_attribute(node, "rel"));
    struct slice as = tree_value(tree_find_attribute(node, "as"));
    if (has_word(rel, "preload") && slice_equal_nocase(as, "style") &&
        slice_find(onload, 0, slice_of("rel")) < onload.len)
        return tree_set_attribute(node, "rel", "stylesheet");
    if (has_word(rel, "stylesheet") && slice_find(onload, 0, slice_of("media")) < onload.len)
        return tree_set_attribute(node, "media", "all");
    return true;
}

bool collect_link_element(struct collector *c, xmlNodePtr node, struct error *err)
{
    if (c->doc->web && !switch_on(node))
        return error_no_memory(err);
    xmlAttrPtr href = tree_find_attribute(node, "href");
    struct slice rel = tree_value(tree_find_attribute(node, "rel"));
    if (href == NULL)
        return true;
    if (has_word(rel, "stylesheet"))
        return collect_asset(c, href, ASSET_STYLE, err);
    if (!is_icon(rel))
        return collect_link(c, href, err);
    c->icon = true;
    return collect_asset(c, href, ASSET_ICON, err);
}

static xmlNodePtr find_head(const struct document *doc)
{
    xmlNodePtr node = xmlDocGetRootElement(doc->tree)->children;
    while (node != NULL && !tree_is(node, NS_HTML, "head"))
        node = node->next;
    return node;
}

static bool add_icon(struct collector *c, xmlNodePtr head, struct error *err)
{
    xmlNodePtr node = xmlNewDocNode(c->doc->tree, head->ns, (const xmlChar *)"link", NULL);
    if (node == NULL || xmlAddChild(head, node) == NULL) {
        xmlFreeNode(node);
        return error_no_memory(err);
    }
    return (tree_set_attribute(node, "rel", "icon") &&
            tree_set_attribute(node, "href", c->out.ptr)) ||
           error_no_memory(err);
}

bool collect_default_icon(struct collector *c, struct error *err)
{
    char *url;
    xmlNodePtr head = find_head(c->doc);
    if (c->icon || head == NULL || !assets_is_page(c->scope.assets, c->doc->url) ||
        !url_is_http(c->scope.self))
        return true;
    if (!url_join(c->scope.self, slice_of("/favicon.ico"), &url, err))
        return false;
    buf_reset(&c->out);
    bool ok = reference_rewrite(&c->scope, slice_of(url), ASSET_ICON, &c->out, err) &&
              buf_ok(&c->out, "The icon's URL", err);
    free(url);
    return ok && (c->out.len == 0 || add_icon(c, head, err));
}

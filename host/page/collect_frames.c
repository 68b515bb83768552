#include "page/collect.h"
#include "page/ref_map.h"
#include "page/tree_edit.h"
#include "page/url.h"

#include <stdio.h>
#include <stdlib.h>

static void remove_attribute(xmlNodePtr node, const char *name)
{
    xmlAttrPtr attr = tree_find_attribute(node, name);
    if (attr != NULL)
        tree_remove_attribute(attr);
}

/* Makes the element a frame that shows the document REF. */
static bool show_frame(xmlNodePtr node, const char ref[ASSET_REF_SIZE], struct error *err)
{
    char srcdoc[sizeof FRAME_SCHEME + ASSET_REF_SIZE] = FRAME_SCHEME;
    strcat(srcdoc, ref);
    bool frame = tree_is(node, NS_HTML, "iframe") || tree_is(node, NS_HTML, "frame");
    remove_attribute(node, "src");
    remove_attribute(node, "data");
    tree_clear(node);
    bool ok = frame ? tree_rename(node, "iframe")
                    : tree_set_attribute(node, "frameborder", "0") && tree_replace(node, "iframe");
    return (ok && tree_set_attribute(node, "srcdoc", srcdoc)) || error_no_memory(err);
}

/* Where the picture cannot be had, what an <object> holds would be shown: its words are. */
static bool keep_fallback(struct collector *c, xmlNodePtr node, struct error *err)
{
    enum { ALT_MAX = 1024 };
    buf_reset(&c->out);
    for (const xmlNode *at = tree_next(node, node); at != NULL; at = tree_next(at, node))
        if (at->type == XML_TEXT_NODE && c->out.len < ALT_MAX)
            buf_add_slice(&c->out, slice_of((const char *)at->content));
    struct slice text = slice_trim(buf_slice(&c->out));
    if (text.len == 0 || text.len > ALT_MAX || tree_find_attribute(node, "alt") != NULL)
        return buf_ok(&c->out, "An attribute", err);
    c->out.ptr[text.ptr - c->out.ptr + (ptrdiff_t)text.len] = '\0';
    return tree_set_attribute(node, "alt", text.ptr) || error_no_memory(err);
}

/* Makes an <object> or <embed> of a picture an <img>. */
static bool show_picture(struct collector *c, xmlNodePtr node, xmlAttrPtr source, struct error *err)
{
    buf_reset(&c->out);
    if (!reference_rewrite(&c->scope, tree_value(source), ASSET_IMAGE, &c->out, err) ||
        !buf_ok(&c->out, "An attribute", err))
        return false;
    if (c->out.len == 0)
        return true;
    tree_remove_attribute(source);
    if (!tree_set_attribute(node, "src", c->out.ptr))
        return error_no_memory(err);
    if (!keep_fallback(c, node, err))
        return false;
    tree_clear(node);
    return tree_replace(node, "img") || error_no_memory(err);
}

/* A document of this capture: `ls:frame="N"`. */
static bool collect_captured(struct collector *c, xmlNodePtr node, struct slice number,
                             struct error *err)
{
    char ref[ASSET_REF_SIZE];
    char *text = slice_dup(number);
    if (text == NULL)
        return error_no_memory(err);
    char url[64] = "linksnap:frame/";
    unsigned long item = strtoul(text, NULL, 10);
    snprintf(url + strlen(url), sizeof url - strlen(url), "%lu", item);
    free(text);
    return assets_want(c->scope.assets, slice_of(url), ASSET_FRAME, ref, err) &&
           show_frame(node, ref, err);
}

/* Whether srcdoc holds what an earlier run wrote. */
static bool is_ours(const struct collector *c, struct slice srcdoc)
{
    size_t scheme = sizeof FRAME_SCHEME - 1;
    return slice_starts(srcdoc, FRAME_SCHEME) &&
           assets_knows(c->scope.assets, slice_sub(srcdoc, scheme, srcdoc.len));
}

static bool collect_srcdoc(struct collector *c, xmlNodePtr node, struct slice html,
                           struct error *err)
{
    char ref[ASSET_REF_SIZE];
    return assets_want_srcdoc(c->scope.assets, html, c->scope.base, ref, err) &&
           show_frame(node, ref, err);
}

/* A document by its URL. A frame that shows the page itself is empty, as in browsers. */
static bool collect_url(struct collector *c, xmlNodePtr node, xmlAttrPtr source, struct error *err)
{
    char ref[ASSET_REF_SIZE];
    buf_reset(&c->out);
    if (!reference_rewrite(&c->scope, tree_value(source), ASSET_FRAME, &c->out, err) ||
        !buf_ok(&c->out, "An attribute", err))
        return false;
    tree_remove_attribute(source);
    if (c->out.len < sizeof ASSET_SCHEME - 1 + REF_SIZE - 1)
        return true;
    memcpy(ref, c->out.ptr + sizeof ASSET_SCHEME - 1, REF_SIZE - 1);
    ref[REF_SIZE - 1] = '\0';
    return show_frame(node, ref, err);
}

/* What <object> and <embed> show, by their type or the end of their URL's path. */
enum content { CONTENT_OTHER, CONTENT_PICTURE, CONTENT_DOCUMENT };

static enum content content_of(const xmlNode *node, struct slice url)
{
    static const struct {
        const char *end;
        enum content content;
    } ends[] = {
        {".svg", CONTENT_PICTURE},  {".png", CONTENT_PICTURE},   {".gif", CONTENT_PICTURE},
        {".jpg", CONTENT_PICTURE},  {".jpeg", CONTENT_PICTURE},  {".webp", CONTENT_PICTURE},
        {".avif", CONTENT_PICTURE}, {".html", CONTENT_DOCUMENT}, {".htm", CONTENT_DOCUMENT},
    };
    struct slice type = slice_trim(tree_value(tree_find_attribute(node, "type")));
    if (slice_starts_nocase(type, "image/") || slice_starts_nocase(url, "data:image/"))
        return CONTENT_PICTURE;
    if (slice_starts_nocase(type, "text/html"))
        return CONTENT_DOCUMENT;
    if (type.len > 0)
        return CONTENT_OTHER;
    struct slice path = slice_sub(url, 0, slice_find_byte(url, 0, '#'));
    path = slice_sub(path, 0, slice_find_byte(path, 0, '?'));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t len = strlen(ends[i].end);
        if (path.len > len && slice_equal_nocase(slice_sub(path, path.len - len, len), ends[i].end))
            return ends[i].content;
    }
    return CONTENT_OTHER;
}

static bool collect_plugin(struct collector *c, xmlNodePtr node, xmlAttrPtr source,
                           struct error *err)
{
    if (source == NULL)
        return true;
    switch (content_of(node, slice_trim(tree_value(source)))) {
    case CONTENT_PICTURE:
        return show_picture(c, node, source, err);
    case CONTENT_DOCUMENT:
        return !assets_follow_frames(c->scope.assets) || collect_url(c, node, source, err);
    default:
        return true;
    }
}

bool collect_frame(struct collector *c, xmlNodePtr node, struct error *err)
{
    bool object = tree_is(node, NS_HTML, "object");
    bool plugin = object || tree_is(node, NS_HTML, "embed");
    if (!plugin && !tree_is(node, NS_HTML, "iframe") && !tree_is(node, NS_HTML, "frame"))
        return true;
    xmlAttrPtr number = tree_find_attribute_ns(node, NS_WIRE, "frame");
    if (number != NULL)
        return collect_captured(c, node, tree_value(number), err);
    xmlAttrPtr source = tree_find_attribute(node, object ? "data" : "src");
    if (plugin)
        return collect_plugin(c, node, source, err);
    xmlAttrPtr srcdoc = tree_find_attribute(node, "srcdoc");
    if (srcdoc != NULL && is_ours(c, tree_value(srcdoc)))
        return true;
    if (assets_follow_frames(c->scope.assets)) {
        if (srcdoc != NULL)
            return collect_srcdoc(c, node, tree_value(srcdoc), err);
        if (source != NULL)
            return collect_url(c, node, source, err);
    }
    remove_attribute(node, "src");
    remove_attribute(node, "srcdoc");
    return true;
}

/* Pictures that wait for a script: pages give them a placeholder, and the real source in an
 * attribute that only their script reads. No standard names these; the tables are what lazy-loading
 * libraries and large sites use. */
#include "page/collect.h"
#include "page/tree_edit.h"

#include <stdlib.h>

static const char *const sources[] = {"data-src",
                                      "data-original",
                                      "data-lazy-src",
                                      "data-lazy",
                                      "data-actualsrc",
                                      "data-original-src",
                                      "data-lazyload",
                                      "data-ks-lazyload",
                                      "data-lazyload-src",
                                      "data-cfsrc",
                                      "data-echo",
                                      "data-hi-res-src",
                                      "data-ezsrc",
                                      "data-real-src",
                                      "data-croporisrc",
                                      "data-pagespeed-lazy-src",
                                      "nitro-lazy-src",
                                      "zoomfile",
                                      "file",
                                      "_src",
                                      "data-url",
                                      NULL};

static const char *const source_sets[] = {"data-srcset", "data-lazy-srcset", "data-ezsrcset",
                                          "nitro-lazy-srcset", NULL};

static const char *const posters[] = {"data-poster", NULL};

static const char *const backgrounds[] = {"data-bg",         "data-background-image", "data-bg-src",
                                          "data-background", "data-lazy-bg",          NULL};

static bool holds(struct slice text, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= text.len; i++)
        if (slice_starts_nocase(slice_sub(text, i, len), word))
            return true;
    return false;
}

/* The first of these attributes whose value can be a URL; `spaces` where it may be several. */
static struct slice waiting(const xmlNode *node, const char *const *names, bool spaces)
{
    for (; *names != NULL; names++) {
        struct slice value = slice_trim(tree_value(tree_find_attribute(node, *names)));
        bool plain = value.len > 0;
        for (size_t i = 0; plain && i < value.len; i++)
            plain = memchr("<>{}\"\\", value.ptr[i], 6) == NULL &&
                    (spaces || !ascii_space(value.ptr[i]));
        if (plain)
            return value;
    }
    return slice_of("");
}

static struct slice file_name(struct slice url)
{
    size_t start = 0;
    size_t end = 0;
    for (; end < url.len && url.ptr[end] != '?' && url.ptr[end] != '#'; end++)
        if (url.ptr[end] == '/')
            start = end + 1;
    return slice_sub(url, start, end - start);
}

static bool is_placeholder(const xmlNode *node, struct slice source)
{
    static const char *const words[] = {"placeholder", "loading", "lazy",   "blank", "spacer",
                                        "grey",        "gray",    "1x1",    "pixel", "transparent",
                                        "none.gif",    "empty",   "default"};
    if (source.len == 0 || slice_starts_nocase(source, "data:") ||
        slice_starts_nocase(source, "about:") ||
        holds(tree_value(tree_find_attribute(node, "class")), "lazy"))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds(file_name(source), words[i]))
            return true;
    return false;
}

static bool promote(xmlNodePtr node, const char *name, const char *const *names, bool spaces)
{
    struct slice present = slice_trim(tree_value(tree_find_attribute(node, name)));
    struct slice real = waiting(node, names, spaces);
    if (real.len == 0 || !is_placeholder(node, present))
        return true;
    char *value = slice_dup(real);
    bool ok = value != NULL && tree_set_attribute(node, name, value);
    free(value);
    return ok;
}

static bool promote_background(xmlNodePtr node)
{
    struct slice url = waiting(node, backgrounds, false);
    struct slice style = tree_value(tree_find_attribute(node, "style"));
    if (url.len == 0 || holds(style, "background"))
        return true;
    bool wrapped = slice_starts_nocase(url, "url(");
    struct buf value;
    buf_init(&value, style.len + url.len + 64);
    buf_add_slice(&value, style);
    buf_add_text(&value, style.len > 0 ? ";background-image:" : "background-image:");
    buf_add_text(&value, wrapped ? "" : "url(\"");
    buf_add_slice(&value, url);
    buf_add_text(&value, wrapped ? "" : "\")");
    bool ok = value.failed == ERR_NONE && tree_set_attribute(node, "style", value.ptr);
    buf_finish(&value);
    return ok;
}

bool lazy_promote(xmlNodePtr node)
{
    if (!tree_in(node->ns, NS_HTML))
        return true;
    if (tree_is(node, NS_HTML, "img") || tree_is(node, NS_HTML, "source"))
        return promote(node, "src", sources, false) && promote(node, "srcset", source_sets, true);
    if (tree_is(node, NS_HTML, "iframe"))
        return promote(node, "src", sources, false);
    if (tree_is(node, NS_HTML, "video"))
        return promote(node, "src", sources, false) && promote(node, "poster", posters, false);
    return promote_background(node);
}

static const xmlNode *only_element(const xmlNode *first)
{
    const xmlNode *found = NULL;
    for (const xmlNode *node = first; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (found != NULL)
            return NULL;
        found = node;
    }
    return found;
}

bool lazy_is_twin(const xmlNode *noscript)
{
    if (!tree_is(noscript, NS_HTML, "noscript"))
        return false;
    const xmlNode *held = only_element(noscript->children);
    const xmlNode *before = noscript->prev;
    while (before != NULL && before->type != XML_ELEMENT_NODE)
        before = before->prev;
    return held != NULL && before != NULL && tree_is(held, NS_HTML, "img") &&
           tree_is(before, NS_HTML, "img") &&
           (waiting(before, sources, false).len > 0 || waiting(before, source_sets, true).len > 0);
}

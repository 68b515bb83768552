/* Pictures that wait for a script: pages give them a placeholder, and the real source in an
 * attribute that only their script reads. No standard names these; the tables are what lazy-loading
 * libraries and large sites use. */
#include "base/limits.h"
#include "page/collect.h"
#include "page/tree_edit.h"

#include <stdlib.h>

static const char *const sources[] = {"data-src",
                                      "data-original",
                                      "data-lazy-src",
                                      "data-lazy",
                                      "data-actualsrc",
                                      "data-original-src",
                                      "data-orig-src",
                                      "data-lazyload",
                                      "data-ks-lazyload",
                                      "data-lazyload-src",
                                      "data-lazysrc",
                                      "data-flickity-lazyload",
                                      "data-cfsrc",
                                      "data-echo",
                                      "data-hi-res-src",
                                      "data-ezsrc",
                                      "data-real-src",
                                      "data-defer-src",
                                      "data-delayed-url",
                                      "data-frz-src",
                                      "data-nsrc",
                                      "data-opt-src",
                                      "data-wpfc-original-src",
                                      "data-croporisrc",
                                      "data-pagespeed-lazy-src",
                                      "data-img-src",
                                      "data-image",
                                      "native-src",
                                      "nitro-lazy-src",
                                      "lazy-src",
                                      "zoomfile",
                                      "file",
                                      "_src",
                                      "data-url",
                                      NULL};

static const char *const source_sets[] = {"data-srcset",
                                          "data-lazy-srcset",
                                          "data-lazysrcset",
                                          "data-orig-srcset",
                                          "data-ezsrcset",
                                          "data-opt-srcset",
                                          "data-wpfc-original-srcset",
                                          "native-srcset",
                                          "nitro-lazy-srcset",
                                          "lazy-srcset",
                                          NULL};

static const char *const posters[] = {"data-poster", "data-lazy-poster", NULL};

static const char *const backgrounds[] = {"data-bg",
                                          "data-background-image",
                                          "data-bg-src",
                                          "data-background",
                                          "data-lazy-bg",
                                          "data-lazy-background",
                                          "data-bg-image",
                                          "data-bg-url",
                                          "data-background-url",
                                          "data-background-src",
                                          "data-bgset",
                                          NULL};

/* The classes by which style sheets hide a picture until its library has loaded it, with what
 * stands there then. */
static const struct {
    const char *waiting;
    const char *loaded;
    bool replaced; /* the first class goes */
} states[] = {
    {"lazyload", "lazyloaded", true},
    {"lazyloading", "lazyloaded", true},
    {"lazy-hidden", "lazy-loaded", true},
    {"lazy", "loaded", false},
    {"lozad", "loaded", false},
    {"b-lazy", "b-loaded", false},
    {"rocket-lazyload", "lazyloaded", false},
    {"swiper-lazy", "swiper-lazy-loaded", false},
    {"perfmatters-lazy", "pmloaded", false},
    {"jetpack-lazy-image", "jetpack-lazy-image--handled", false},
};

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

static bool set_copy(xmlNodePtr node, const char *name, struct slice text)
{
    char *value = slice_dup(text);
    bool ok = value != NULL && tree_set_attribute(node, name, value);
    free(value);
    return ok;
}

/* ---- What the library would have said then ---- */

/* The next word of a list, or an empty slice at its end. */
static struct slice next_word(struct slice list, size_t *at)
{
    while (*at < list.len && ascii_space(list.ptr[*at]))
        ++*at;
    size_t from = *at;
    while (*at < list.len && !ascii_space(list.ptr[*at]))
        ++*at;
    return slice_sub(list, from, *at - from);
}

static bool lists(struct slice list, const char *word)
{
    struct slice found;
    for (size_t at = 0; (found = next_word(list, &at)).len > 0;)
        if (slice_equal(found, slice_of(word)))
            return true;
    return false;
}

static void add_word(struct buf *out, struct slice word)
{
    buf_add_text(out, out->len > 0 ? " " : "");
    buf_add_slice(out, word);
}

static bool say_loaded(xmlNodePtr node)
{
    enum { CLASS_MAX = 4096 }; /* no page has more; the work below grows with its square */
    struct slice class = tree_value(tree_find_attribute(node, "class"));
    struct slice word;
    bool changed = false;
    struct buf out;
    if (class.len > CLASS_MAX)
        return true;
    buf_init(&out, 2 * class.len + 512);
    for (size_t at = 0; (word = next_word(class, &at)).len > 0;) {
        size_t i = 0;
        while (i < sizeof states / sizeof *states &&
               !slice_equal(word, slice_of(states[i].waiting)))
            i++;
        bool known = i < sizeof states / sizeof *states;
        if (!known || !states[i].replaced)
            add_word(&out, word);
        if (known && !lists(class, states[i].loaded) && !lists(buf_slice(&out), states[i].loaded))
            add_word(&out, slice_of(states[i].loaded));
        changed |= known;
    }
    if (tree_find_attribute(node, "data-lazyloaded") != NULL && !lists(class, "litespeed-loaded")) {
        add_word(&out, slice_of("litespeed-loaded"));
        changed = true;
    }
    bool lozad = lists(class, "lozad");
    bool ok = out.failed == ERR_NONE && (!changed || tree_set_attribute(node, "class", out.ptr));
    if (ok && lozad)
        ok = tree_set_attribute(node, "data-loaded", "true");
    if (ok && slice_equal(tree_value(tree_find_attribute(node, "lazy")), slice_of("loading")))
        ok = tree_set_attribute(node, "lazy", "loaded");
    buf_finish(&out);
    return ok;
}

/* ---- Promotion ---- */

/* *done_out becomes true when something was promoted. */
static bool promote(xmlNodePtr node, const char *name, const char *const *names, bool spaces,
                    bool *done_out)
{
    struct slice present = slice_trim(tree_value(tree_find_attribute(node, name)));
    struct slice real = waiting(node, names, spaces);
    if (real.len == 0 || !is_placeholder(node, present))
        return true;
    *done_out = true;
    return set_copy(node, name, real);
}

/* An <img>: where its source was promoted, a placeholder in srcset would still win over it. */
static bool promote_picture(xmlNodePtr node, bool *done_out)
{
    if (!promote(node, "src", sources, false, done_out) ||
        !promote(node, "srcset", source_sets, true, done_out))
        return false;
    xmlAttrPtr set = tree_find_attribute(node, "srcset");
    if (*done_out && slice_starts_nocase(slice_trim(tree_value(set)), "data:"))
        tree_remove_attribute(set);
    return true;
}

static bool add_background(xmlNodePtr node, struct slice url)
{
    struct slice style = tree_value(tree_find_attribute(node, "style"));
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

static bool promote_background(xmlNodePtr node, bool *done_out)
{
    static const char *const lazy_sources[] = {"data-src", "data-original", NULL};
    size_t at = 0;
    bool lazy = holds(tree_value(tree_find_attribute(node, "class")), "lazy");
    struct slice style = tree_value(tree_find_attribute(node, "style"));
    struct slice url = waiting(node, backgrounds, true);
    if (url.len == 0 && lazy)
        url = waiting(node, lazy_sources, false);
    if (url.len == 0 || (holds(style, "background") && !lazy) || holds(style, ASSET_SCHEME))
        return true;
    *done_out = true;
    return add_background(node, slice_starts_nocase(url, "url(") ? url : next_word(url, &at));
}

/* AMP's picture, which its script would have filled. */
static bool settle_amp(xmlNodePtr node)
{
    struct slice layout = tree_value(tree_find_attribute(node, "layout"));
    bool fixed =
        slice_equal(layout, slice_of("fixed")) || slice_equal(layout, slice_of("nodisplay"));
    struct buf style;
    buf_init(&style, LIMIT_DOCUMENT);
    if (slice_equal(layout, slice_of("fill")))
        buf_add_text(&style, "position:absolute;inset:0;width:100%;height:100%;");
    else if (layout.len > 0 && !fixed)
        buf_add_text(&style, "display:block;width:100%;height:auto;");
    buf_add_slice(&style, tree_value(tree_find_attribute(node, "style")));
    tree_clear(node);
    bool ok = style.failed == ERR_NONE && tree_rename(node, "img") &&
              (style.len == 0 || tree_set_attribute(node, "style", style.ptr));
    buf_finish(&style);
    return ok;
}

bool lazy_promote(xmlNodePtr node)
{
    bool done = false;
    bool ok;
    if (!tree_in(node->ns, NS_HTML))
        return true;
    if ((tree_is(node, NS_HTML, "amp-img") || tree_is(node, NS_HTML, "amp-anim")) &&
        !settle_amp(node))
        return false;
    if (tree_is(node, NS_HTML, "img") || tree_is(node, NS_HTML, "source"))
        ok = promote_picture(node, &done);
    else if (tree_is(node, NS_HTML, "iframe"))
        ok = promote(node, "src", sources, false, &done);
    else if (tree_is(node, NS_HTML, "video"))
        ok = promote(node, "src", sources, false, &done) &&
             promote(node, "poster", posters, false, &done);
    else
        ok = promote_background(node, &done);
    return ok && (!done || say_loaded(node));
}

bool lazy_promote_unloaded(xmlNodePtr node)
{
    struct slice source = slice_trim(tree_value(tree_find_attribute(node, "src")));
    bool done = false;
    if (!tree_is(node, NS_HTML, "img") || tree_find_attribute(node, "srcset") != NULL ||
        (source.len > 0 && !slice_starts_nocase(source, "data:")))
        return true;
    return promote_picture(node, &done) && (!done || say_loaded(node));
}

/* ---- <noscript> ---- */

static bool is_waiting(const xmlNode *node)
{
    return tree_is(node, NS_HTML, "img") &&
           (waiting(node, sources, false).len > 0 || waiting(node, source_sets, true).len > 0);
}

/* The one picture of a small tree that holds nothing else to see; NULL otherwise. */
static const xmlNode *only_picture(const xmlNode *root)
{
    enum { SMALL = 32 };
    int nodes = 0;
    const xmlNode *found = tree_is(root, NS_HTML, "img") ? root : NULL;
    for (const xmlNode *node = tree_next(root, root); node != NULL; node = tree_next(node, root)) {
        if (++nodes > SMALL || (node->type == XML_TEXT_NODE && !xmlIsBlankNode(node)))
            return NULL;
        if (!tree_is(node, NS_HTML, "img"))
            continue;
        if (found != NULL)
            return NULL;
        found = node;
    }
    return found;
}

static const xmlNode *sibling(const xmlNode *node, bool before)
{
    do
        node = before ? node->prev : node->next;
    while (node != NULL && node->type == XML_TEXT_NODE && xmlIsBlankNode(node));
    return node != NULL && node->type == XML_ELEMENT_NODE ? node : NULL;
}

static bool same_file(const xmlNode *shown, const xmlNode *waits)
{
    struct slice real = waiting(waits, sources, false);
    struct slice name = file_name(slice_trim(tree_value(tree_find_attribute(shown, "src"))));
    return name.len > 0 && slice_equal(name, file_name(real));
}

bool lazy_is_twin(const xmlNode *noscript)
{
    if (!tree_is(noscript, NS_HTML, "noscript"))
        return false;
    const xmlNode *shown = only_picture(noscript);
    const xmlNode *before = sibling(noscript, true);
    const xmlNode *after = sibling(noscript, false);
    const xmlNode *waits = before != NULL ? only_picture(before) : NULL;
    if (shown == NULL || (waits != NULL && is_waiting(waits)))
        return shown != NULL;
    waits = after != NULL ? only_picture(after) : NULL;
    return waits != NULL && is_waiting(waits) && same_file(shown, waits);
}

/* What a person reads on the page, for search and lists. */
#include "base/limits.h"
#include "base/utf8.h"
#include "page/policy.h"
#include "page/tree_edit.h"
#include "page/url.h"

#include <stdlib.h>

/* ---- Lines ---- */

/* Text that comes in pieces, its white space collapsed as CSS does across inline elements. */
struct lines {
    struct buf out;
    bool space; /* one is due before the next character */
    bool line;  /* a new line is due */
    bool full;  /* there was more than there is room for */
};

static void put_break(struct lines *l)
{
    if (l->out.len > 0 && (l->line || l->space))
        buf_add_char(&l->out, l->line ? '\n' : ' ');
    l->line = false;
    l->space = false;
}

/* Length of the white space at `at`: a space of HTML, a no-break space, or a private-use character
 * (U+E000 to U+F8FF: the pictures of an icon font, no words); 0 for none. */
static size_t space_at(struct slice s, size_t at)
{
    unsigned char lead = (unsigned char)s.ptr[at];
    if (ascii_space(s.ptr[at]))
        return 1;
    if (lead != 0xC2 && lead != 0xEE && lead != 0xEF)
        return 0;
    uint32_t cp;
    size_t len = utf8_decode(s, at, &cp);
    return cp == 0xA0 || (cp >= 0xE000 && cp <= 0xF8FF) ? len : 0;
}

static void put_text(struct lines *l, struct slice s, bool keep_lines)
{
    for (size_t at = 0; at < s.len;) {
        size_t space = space_at(s, at);
        if (space > 0) {
            l->space = true;
            l->line |= keep_lines && s.ptr[at] == '\n';
            at += space;
            continue;
        }
        size_t end = at;
        while (end < s.len && space_at(s, end) == 0)
            end++;
        put_break(l);
        struct slice word = slice_sub(s, at, end - at);
        struct slice fits = utf8_prefix(word, l->out.max - l->out.len);
        buf_add_slice(&l->out, fits);
        l->full |= fits.len < word.len;
        if (l->full)
            return;
        at = end;
    }
}

/* ---- The visible text ---- */

struct reading {
    const struct document *doc;
    struct lines lines;
    size_t pre;          /* open elements that keep their line breaks */
    const xmlNode *ruby; /* the outermost <ruby> that is open */
};

static bool is_html(const xmlNode *node, const char *name)
{
    return tree_is(node, NS_HTML, name);
}

static bool any_of(const xmlNode *node, const char *ns, const char *const *names)
{
    if (!tree_in(node->ns, ns))
        return false;
    for (; *names != NULL; names++)
        if (strcmp((const char *)node->name, *names) == 0)
            return true;
    return false;
}

/* Elements whose text nobody sees, whatever the page's style says. Annotations of ruby come behind
 * what they annotate, or no word there would be found. */
static bool hides_text(const struct reading *r, const xmlNode *node)
{
    static const char *const html[] = {"head",     "script",   "style", "iframe", "noembed",
                                       "noframes", "title",    "audio", "video",  "datalist",
                                       "rp",       "frameset", NULL};
    static const char *const foreign[] = {"script",     "style",          "metadata",
                                          "annotation", "annotation-xml", NULL};
    if (is_html(node, "template"))
        return tree_find_attribute_ns(node, NS_WIRE, "shadow") == NULL;
    if (is_html(node, "noscript"))
        return !r->doc->web;
    if (is_html(node, "rt") || is_html(node, "rtc"))
        return r->ruby != NULL;
    return any_of(node, NS_HTML, html) || any_of(node, NS_SVG, foreign) ||
           any_of(node, NS_MATHML, foreign);
}

static bool keeps_lines(const xmlNode *node)
{
    static const char *const names[] = {"pre", "textarea", "listing", "xmp", "plaintext", NULL};
    return any_of(node, NS_HTML, names);
}

static unsigned flags_of(const xmlNode *node)
{
    enum policy_ns ns = tree_in(node->ns, NS_SVG)      ? POLICY_SVG
                        : tree_in(node->ns, NS_MATHML) ? POLICY_MATHML
                                                       : POLICY_HTML;
    const char *name = (const char *)node->name;
    const struct element_policy *policy = policy_element(ns, name);
    if (policy == NULL) /* a custom element is mostly a box of its own */
        return ns == POLICY_HTML && strchr(name, '-') != NULL ? ELEMENT_SPACED : 0;
    return policy->flags;
}

static bool shows_value(const xmlNode *node)
{
    static const char *const hidden[] = {"hidden", "password", "checkbox", "radio",
                                         "file",   "range",    "color",    "image"};
    struct slice type = tree_value(tree_find_attribute(node, "type"));
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (slice_equal_nocase(type, hidden[i]))
            return false;
    return true;
}

/* Text in attributes: what stands for a picture, what a field holds. */
static void put_attributes(struct reading *r, const xmlNode *node)
{
    const char *name = NULL;
    if (is_html(node, "img") || is_html(node, "area"))
        name = "alt";
    else if (is_html(node, "input"))
        name = shows_value(node) ? "value" : "alt";
    else if (is_html(node, "optgroup"))
        name = "label";
    struct slice value = name != NULL ? tree_value(tree_find_attribute(node, name)) : slice_of("");
    if (value.len == 0)
        return;
    r->lines.space = true;
    put_text(&r->lines, value, false);
    r->lines.space = true;
}

static void put_annotations(struct reading *r, const xmlNode *ruby)
{
    for (const xmlNode *node = tree_next(ruby, ruby); node != NULL; node = tree_next(node, ruby)) {
        if (is_html(node, "rt") || is_html(node, "rtc"))
            r->lines.space = true;
        if (node->type != XML_TEXT_NODE)
            continue;
        for (const xmlNode *up = node->parent; up != ruby; up = up->parent) {
            if (is_html(up, "rt")) {
                put_text(&r->lines, slice_of((const char *)node->content), false);
                break;
            }
        }
    }
    r->lines.space = true;
}

static void enter(struct reading *r, const xmlNode *node)
{
    unsigned flags = flags_of(node);
    if ((flags & ELEMENT_BLOCK) != 0 || is_html(node, "br"))
        r->lines.line = true;
    if ((flags & ELEMENT_SPACED) != 0)
        r->lines.space = true;
    r->pre += keeps_lines(node);
    if (r->ruby == NULL && is_html(node, "ruby"))
        r->ruby = node;
    put_attributes(r, node);
}

static void leave(struct reading *r, const xmlNode *node)
{
    unsigned flags = flags_of(node);
    if (r->ruby == node) {
        put_annotations(r, node);
        r->ruby = NULL;
    }
    r->pre -= keeps_lines(node);
    if ((flags & ELEMENT_BLOCK) != 0)
        r->lines.line = true;
    /* Links side by side are no one word: menus are written so. */
    bool beside = is_html(node, "a") && node->next != NULL && is_html(node->next, "a");
    if ((flags & ELEMENT_SPACED) != 0 || beside)
        r->lines.space = true;
}

/* Reads all below `root` in document order until the text is full. */
static void read_below(struct reading *r, const xmlNode *root)
{
    const xmlNode *node = root;
    bool entering = true;
    while (node != NULL && !r->lines.full && r->lines.out.failed == ERR_NONE) {
        if (entering && node->type == XML_TEXT_NODE)
            put_text(&r->lines, slice_of((const char *)node->content), r->pre > 0);
        if (entering && node->type == XML_ELEMENT_NODE && !hides_text(r, node)) {
            enter(r, node);
            if (node->children != NULL) {
                node = node->children;
                continue;
            }
            leave(r, node);
        }
        if (!entering)
            leave(r, node);
        if (node == root)
            break;
        entering = node->next != NULL;
        node = entering ? node->next : node->parent;
    }
}

static bool take(struct lines *l, char **out, struct error *err)
{
    if (l->out.failed == ERR_NO_MEMORY)
        return error_no_memory(err);
    *out = buf_take(&l->out);
    return *out != NULL || error_no_memory(err);
}

static bool read_text(const struct document *doc, const xmlNode *root, size_t max, char **out,
                      struct error *err)
{
    struct reading r = {.doc = doc};
    buf_init(&r.lines.out, max);
    read_below(&r, root);
    bool ok = take(&r.lines, out, err);
    buf_finish(&r.lines.out);
    return ok;
}

/* ---- What the page says of itself ---- */

static bool collapse(struct slice text, char **out, struct error *err)
{
    struct lines l = {0};
    buf_init(&l.out, LIMIT_TITLE);
    put_text(&l, text, false);
    bool ok = take(&l, out, err);
    buf_finish(&l.out);
    return ok;
}

struct head {
    const xmlNode *title;
    const xmlNode *h1;
    struct slice description;
    struct slice og_title;
    struct slice og_description;
    struct slice language;
    struct slice canonical;
};

static void note(struct slice *field, struct slice value)
{
    if (field->len == 0)
        *field = slice_trim(value);
}

static void read_meta(struct head *h, const xmlNode *node)
{
    struct slice content = tree_value(tree_find_attribute(node, "content"));
    struct slice name = tree_value(tree_find_attribute(node, "name"));
    struct slice property = tree_value(tree_find_attribute(node, "property"));
    if (property.len == 0)
        property = name;
    if (slice_equal_nocase(name, "description"))
        note(&h->description, content);
    else if (slice_equal_nocase(property, "og:title"))
        note(&h->og_title, content);
    else if (slice_equal_nocase(property, "og:description"))
        note(&h->og_description, content);
    else if (slice_equal_nocase(tree_value(tree_find_attribute(node, "http-equiv")),
                                "content-language"))
        note(&h->language, content);
}

static void read_head(struct head *h, const xmlNode *root)
{
    for (const xmlNode *node = root; node != NULL; node = tree_next(node, root)) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (h->title == NULL && is_html(node, "title"))
            h->title = node;
        else if (h->h1 == NULL && is_html(node, "h1"))
            h->h1 = node;
        else if (is_html(node, "meta"))
            read_meta(h, node);
        else if (is_html(node, "link") &&
                 slice_equal_nocase(slice_trim(tree_value(tree_find_attribute(node, "rel"))),
                                    "canonical"))
            note(&h->canonical, tree_value(tree_find_attribute(node, "href")));
    }
}

static struct slice only_text(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (child->type == XML_TEXT_NODE)
            return slice_of((const char *)child->content);
    return slice_of("");
}

static bool choose_title(const struct document *doc, const struct head *h, char **out,
                         struct error *err)
{
    if (h->title != NULL && !collapse(only_text(h->title), out, err))
        return false;
    if (*out != NULL && **out != '\0')
        return true;
    free(*out);
    *out = NULL;
    if (h->og_title.len > 0 || h->h1 == NULL)
        return collapse(h->og_title, out, err);
    char *lines;
    if (!read_text(doc, h->h1, LIMIT_TITLE, &lines, err))
        return false;
    bool ok = collapse(slice_of(lines), out, err);
    free(lines);
    return ok;
}

static bool choose_canonical(const struct document *doc, const struct head *h, char **out,
                             struct error *err)
{
    struct error unused;
    char *url = NULL;
    if (h->canonical.len > 0 && url_join(slice_of(doc->base), h->canonical, &url, &unused) &&
        url_is_http(slice_of(url))) {
        *out = url;
        return true;
    }
    free(url);
    *out = slice_dup(slice_of(""));
    return *out != NULL || error_no_memory(err);
}

bool document_extract_text(const struct document *doc, struct document_text *text_out,
                           struct error *err)
{
    const xmlNode *root = xmlDocGetRootElement(doc->tree);
    struct document_text text = {0};
    struct head h = {0};
    read_head(&h, root);
    struct slice lang = slice_trim(tree_value(tree_find_attribute(root, "lang")));
    if (lang.len == 0)
        lang = slice_trim(
            tree_value(tree_find_attribute_ns(root, (const char *)XML_XML_NAMESPACE, "lang")));
    bool ok = choose_title(doc, &h, &text.title, err) &&
              collapse(h.description.len > 0 ? h.description : h.og_description, &text.description,
                       err) &&
              collapse(lang.len > 0 ? lang : h.language, &text.lang, err) &&
              choose_canonical(doc, &h, &text.canonical, err) &&
              read_text(doc, root, LIMIT_TEXT, &text.text, err);
    if (ok)
        *text_out = text;
    else
        document_text_finish(&text);
    return ok;
}

void document_text_finish(struct document_text *text)
{
    free(text->title);
    free(text->description);
    free(text->lang);
    free(text->canonical);
    free(text->text);
    *text = (struct document_text){0};
}

/* The web form: HTML text, parsed by gumbo as browsers do without scripting, copied into our tree.
 *
 * gumbo checks no allocation and bounds nothing, so it gets its memory from an arena that ends the
 * parse when memory or time is used up: a page can make the parser build far more elements than it
 * has tags (HTML §13.2.4.3, formatting elements are opened again in each block).
 */
#include "base/limits.h"
#include "page/document_make.h"
#include "page/html_scan.h"
#include "page/media.h"
#include "page/tree_build.h"
#include "page/tree_edit.h"
#include "page/url.h"

#include <gumbo.h>
#include <setjmp.h>
#include <stdlib.h>
#include <time.h>

/* ---- The arena ---- */

enum { CHUNK = 1 << 20, TICKS = 4096 };

struct chunk {
    struct chunk *next;
    size_t size;
};

struct arena {
    struct chunk *chunks;
    char *free; /* of the newest chunk */
    size_t left;
    char *last; /* the newest block, which alone can be given back */
    size_t used;
    size_t max;
    unsigned ticks;
    clock_t started;
    enum error_code fault;
    jmp_buf stop;
};

static void *arena_allocate(void *arg, size_t size)
{
    struct arena *a = arg;
    size_t need = (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
    if (++a->ticks % TICKS == 0 &&
        (clock() - a->started) / (CLOCKS_PER_SEC / 1000) > LIMIT_HTML_MS) {
        a->fault = ERR_LIMIT;
        longjmp(a->stop, 1);
    }
    if (need > a->left) {
        size_t room = need > CHUNK ? need : CHUNK;
        struct chunk *chunk = NULL;
        a->fault = ERR_LIMIT;
        if (room <= a->max - a->used) {
            a->fault = ERR_NO_MEMORY;
            chunk = malloc(sizeof *chunk + room);
        }
        if (chunk == NULL)
            longjmp(a->stop, 1);
        *chunk = (struct chunk){.next = a->chunks, .size = room};
        a->chunks = chunk;
        a->free = (char *)(chunk + 1);
        a->left = room;
        a->used += room;
    }
    a->last = a->free;
    a->free += need;
    a->left -= need;
    return a->last;
}

static void arena_free(void *arg, void *block)
{
    struct arena *a = arg;
    if (block == NULL || block != a->last)
        return;
    a->left += (size_t)(a->free - a->last);
    a->free = a->last;
    a->last = NULL;
}

static void arena_finish(struct arena *a)
{
    while (a->chunks != NULL) {
        struct chunk *next = a->chunks->next;
        free(a->chunks);
        a->chunks = next;
    }
}

static bool parse(struct arena *a, struct slice html, GumboOutput **output_out, struct error *err)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = arena_allocate;
    options.deallocator = arena_free;
    options.userdata = a;
    options.max_errors = 0;
    /* The smallest elements take 80 times their text. */
    a->max = html.len < LIMIT_HTML_MEMORY / 128 ? 64 * MIB + 100 * html.len : LIMIT_HTML_MEMORY;
    a->started = clock();
    if (setjmp(a->stop) == 0) {
        *output_out = gumbo_parse_with_options(&options, html.ptr, html.len);
        return true;
    }
    if (a->fault == ERR_LIMIT)
        return error_set(err, ERR_LIMIT, "The page takes too much memory or time to be parsed");
    return error_no_memory(err);
}

/* ---- From gumbo's tree to ours ---- */

struct place {
    const GumboNode *node;
    unsigned next; /* index of the child to go on with */
    bool open;     /* stands open in our tree */
    bool hosts;    /* has its shadow root */
};

struct copying {
    struct tree_builder tree;
    struct place *places; /* from the root to the node at work */
    size_t depth;
    size_t room;
    struct buf name;
};

static void add_folded(struct buf *out, GumboStringPiece text)
{
    for (size_t i = 0; i < text.length; i++)
        buf_add_char(out, ascii_lower(text.data[i]));
}

/* The element's name as the DOM has it; gumbo leaves those it does not know in its source. */
static struct slice element_name(struct copying *c, const GumboElement *element)
{
    GumboStringPiece text = element->original_tag;
    bool svg = element->tag_namespace == GUMBO_NAMESPACE_SVG;
    if (element->tag != GUMBO_TAG_UNKNOWN && !svg)
        return slice_of(gumbo_normalized_tagname(element->tag));
    buf_reset(&c->name);
    if (text.data != NULL && text.length > 0) {
        gumbo_tag_from_original_text(&text);
        const char *cased = svg ? gumbo_normalize_svg_tagname(&text) : NULL;
        if (cased != NULL)
            return slice_of(cased);
        add_folded(&c->name, text);
    } else if (element->tag != GUMBO_TAG_UNKNOWN) {
        buf_add_text(&c->name, gumbo_normalized_tagname(element->tag));
    }
    return buf_slice(&c->name);
}

static void add_attributes(struct copying *c, const GumboElement *element)
{
    static const enum tree_ns namespaces[] = {
        [GUMBO_ATTR_NAMESPACE_NONE] = TREE_NONE,
        [GUMBO_ATTR_NAMESPACE_XLINK] = TREE_XLINK,
        [GUMBO_ATTR_NAMESPACE_XML] = TREE_XML,
    };
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attr = element->attributes.data[i];
        if (attr->attr_namespace == GUMBO_ATTR_NAMESPACE_XMLNS ||
            strncmp(attr->name, "xmlns", 5) == 0)
            continue;
        tree_attribute(&c->tree, namespaces[attr->attr_namespace], slice_of(attr->name),
                       slice_of(attr->value));
    }
}

/* Declarative shadow DOM (HTML §13.2.6.4.4): the host's first template that asks for it. */
static void mark_shadow(struct copying *c, const GumboElement *element)
{
    const GumboAttribute *mode = gumbo_get_attribute(&element->attributes, "shadowrootmode");
    struct place *host = c->depth > 0 ? &c->places[c->depth - 1] : NULL;
    if (mode == NULL || host == NULL || host->hosts)
        return;
    struct slice value = slice_of(mode->value);
    if (!slice_equal_nocase(value, "open") && !slice_equal_nocase(value, "closed"))
        return;
    host->hosts = true;
    tree_attribute(&c->tree, TREE_WIRE, slice_of("shadow"),
                   slice_of(slice_equal_nocase(value, "open") ? "open" : "closed"));
}

/* Past the depth that browsers build, an element ends where it begins: what it holds stands beside
 * it. */
static bool enter(struct copying *c, const GumboNode *node)
{
    static const enum tree_ns namespaces[] = {
        [GUMBO_NAMESPACE_HTML] = TREE_HTML,
        [GUMBO_NAMESPACE_SVG] = TREE_SVG,
        [GUMBO_NAMESPACE_MATHML] = TREE_MATHML,
    };
    const GumboElement *element = &node->v.element;
    if (c->depth == c->room) {
        size_t room = c->room > 0 ? 2 * c->room : 64;
        struct place *grown = realloc(c->places, room * sizeof *grown);
        if (grown == NULL)
            return false;
        c->places = grown;
        c->room = room;
    }
    tree_open(&c->tree, namespaces[element->tag_namespace], element_name(c, element));
    add_attributes(c, element);
    if (node->type == GUMBO_NODE_TEMPLATE)
        mark_shadow(c, element);
    bool deep = c->tree.depth >= LIMIT_HTML_DEPTH;
    if (deep)
        tree_close(&c->tree);
    c->places[c->depth++] = (struct place){.node = node, .open = !deep};
    return true;
}

static bool copy(struct copying *c, const GumboNode *root, struct error *err)
{
    bool ok = enter(c, root);
    while (ok && c->depth > 0 && c->tree.failed == ERR_NONE) {
        struct place *place = &c->places[c->depth - 1];
        const GumboVector *children = &place->node->v.element.children;
        if (place->next == children->length) {
            if (place->open)
                tree_close(&c->tree);
            c->depth--;
            continue;
        }
        const GumboNode *child = children->data[place->next++];
        switch (child->type) {
        case GUMBO_NODE_ELEMENT:
        case GUMBO_NODE_TEMPLATE:
            ok = enter(c, child);
            break;
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE:
            tree_text(&c->tree, slice_of(child->v.text.text));
            break;
        case GUMBO_NODE_COMMENT:
        case GUMBO_NODE_DOCUMENT:
            break;
        }
    }
    return ok || error_no_memory(err);
}

/* ---- The document ---- */

/* As it stood, for browsers to choose the mode by; one that they find broken means quirks mode, as
 * none at all does. */
static bool set_doctype(struct document *doc, const GumboDocument *from, struct error *err)
{
    bool quirks = from->doc_type_quirks_mode == GUMBO_DOCTYPE_QUIRKS;
    const char *public_id = from->public_identifier;
    const char *system_id = from->system_identifier;
    if (!from->has_doctype || strcmp(from->name, "html") != 0 ||
        (quirks && public_id[0] == '\0' && system_id[0] == '\0'))
        return document_set_doctype(doc, slice_of(""), err);
    struct buf text;
    buf_init(&text, 4 * KIB);
    buf_add_text(&text, "<!DOCTYPE html");
    if (public_id[0] != '\0')
        buf_printf(&text, " PUBLIC \"%s\"", public_id);
    else if (system_id[0] != '\0')
        buf_add_text(&text, " SYSTEM");
    if (system_id[0] != '\0')
        buf_printf(&text, " \"%s\"", system_id);
    buf_add_char(&text, '>');
    bool ok = buf_ok(&text, "The doctype", err) && document_set_doctype(doc, buf_slice(&text), err);
    if (ok && quirks && strcmp(doc->doctype, "<!DOCTYPE html>") == 0)
        ok = document_set_doctype(doc, slice_of(""), err);
    buf_finish(&text);
    return ok;
}

/* The first <base href> counts (HTML §4.2.3), wherever it stands. */
static bool set_origin(struct document *doc, struct slice url, struct error *err)
{
    xmlNodePtr root = xmlDocGetRootElement(doc->tree);
    xmlAttrPtr href = NULL;
    for (xmlNodePtr node = root; node != NULL && href == NULL; node = tree_next(node, root))
        if (tree_is(node, NS_HTML, "base"))
            href = tree_find_attribute(node, "href");
    char *base = NULL;
    struct error unused;
    if (href != NULL && !url_join(url, slice_trim(tree_value(href)), &base, &unused))
        base = NULL;
    bool ok = document_set_origin(doc, url, slice_of(base), err);
    free(base);
    return ok;
}

static bool build(struct copying *c, const GumboOutput *output,
                  const struct document_origin *origin, struct document **doc_out,
                  struct error *err)
{
    struct document *doc = NULL;
    if (!tree_builder_init(&c->tree, NULL, err) || !copy(c, output->root, err) ||
        !tree_builder_take(&c->tree, &doc, err))
        return false;
    doc->web = true;
    if (!set_origin(doc, origin->url, err) ||
        !set_doctype(doc, &output->document->v.document, err)) {
        document_destroy(doc);
        return false;
    }
    *doc_out = doc;
    return true;
}

bool document_read_web(struct slice bytes, const struct document_origin *origin,
                       struct document **doc_out, struct error *err)
{
    struct arena arena = {0};
    struct copying c = {0};
    struct buf text;
    struct buf cut;
    struct slice html;
    GumboOutput *output = NULL;
    bool ok = false;
    buf_init(&text, 3 * LIMIT_PAGE_BODY);
    buf_init(&cut, 3 * LIMIT_PAGE_BODY);
    buf_init(&c.name, LIMIT_PAGE_BODY);
    if (bytes.len > LIMIT_PAGE_BODY) {
        error_set(err, ERR_LIMIT, "The page is larger than %zu bytes", LIMIT_PAGE_BODY);
        goto out;
    }
    ok = media_decode(bytes, MEDIA_HTML, origin->charset, NULL, &text, err) &&
         html_scan(buf_slice(&text), &cut, &html, err) && parse(&arena, html, &output, err) &&
         build(&c, output, origin, doc_out, err);
out:
    tree_builder_finish(&c.tree);
    free(c.places);
    arena_finish(&arena);
    buf_finish(&c.name);
    buf_finish(&text);
    buf_finish(&cut);
    return ok;
}

/* gumbo's side of page/html_parse: from HTML text to events. */
#include "base/limits.h"
#include "page/html_events.h"
#include "page/tree_build.h"

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
    unsigned fault; /* HTML_END_... */
    jmp_buf stop;
};

static void *arena_allocate(void *arg, size_t size)
{
    struct arena *a = arg;
    size_t need = (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
    if (++a->ticks % TICKS == 0 &&
        (clock() - a->started) / (CLOCKS_PER_SEC / 1000) > LIMIT_HTML_MS) {
        a->fault = HTML_END_LIMIT;
        longjmp(a->stop, 1);
    }
    if (need > a->left) {
        size_t room = need > CHUNK ? need : CHUNK;
        struct chunk *chunk = NULL;
        a->fault = HTML_END_LIMIT;
        if (room <= a->max - a->used) {
            a->fault = HTML_END_NO_MEMORY;
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

/* NULL with a->fault when the memory or the time is used up. */
static const GumboOutput *parse(struct arena *a, struct slice html)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = arena_allocate;
    options.deallocator = arena_free;
    options.userdata = a;
    options.max_errors = 0;
    /* The smallest elements take 80 times their text. */
    a->max = html.len < LIMIT_HTML_MEMORY / 128 ? 64 * MIB + 100 * html.len : LIMIT_HTML_MEMORY;
    a->started = clock();
    if (setjmp(a->stop) != 0)
        return NULL;
    return gumbo_parse_with_options(&options, html.ptr, html.len);
}

/* ---- From gumbo's tree to events ---- */

struct place {
    const GumboNode *node;
    unsigned next; /* index of the child to go on with */
    bool open;     /* is not closed yet */
    bool hosts;    /* has its shadow root */
};

struct walking {
    struct html_sender *sender;
    struct place *places; /* from the root to the node at work */
    size_t depth;
    size_t room;
    size_t open; /* elements that are not closed yet */
    struct buf name;
};

static void add_folded(struct buf *out, GumboStringPiece text)
{
    for (size_t i = 0; i < text.length; i++)
        buf_add_char(out, ascii_lower(text.data[i]));
}

/* The element's name as the DOM has it; gumbo leaves those it does not know in its source. */
static struct slice element_name(struct walking *w, const GumboElement *element)
{
    GumboStringPiece text = element->original_tag;
    bool svg = element->tag_namespace == GUMBO_NAMESPACE_SVG;
    if (element->tag != GUMBO_TAG_UNKNOWN && !svg)
        return slice_of(gumbo_normalized_tagname(element->tag));
    buf_reset(&w->name);
    if (text.data != NULL && text.length > 0) {
        gumbo_tag_from_original_text(&text);
        const char *cased = svg ? gumbo_normalize_svg_tagname(&text) : NULL;
        if (cased != NULL)
            return slice_of(cased);
        add_folded(&w->name, text);
    } else if (element->tag != GUMBO_TAG_UNKNOWN) {
        buf_add_text(&w->name, gumbo_normalized_tagname(element->tag));
    }
    return buf_slice(&w->name);
}

static void add_attributes(struct walking *w, const GumboElement *element)
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
        html_send(w->sender, HTML_ATTR, namespaces[attr->attr_namespace], slice_of(attr->name),
                  slice_of(attr->value));
    }
}

/* Declarative shadow DOM (HTML §13.2.6.4.4): the host's first template that asks for it. */
static void mark_shadow(struct walking *w, const GumboElement *element)
{
    const GumboAttribute *mode = gumbo_get_attribute(&element->attributes, "shadowrootmode");
    struct place *host = w->depth > 0 ? &w->places[w->depth - 1] : NULL;
    if (mode == NULL || host == NULL || host->hosts)
        return;
    struct slice value = slice_of(mode->value);
    if (!slice_equal_nocase(value, "open") && !slice_equal_nocase(value, "closed"))
        return;
    host->hosts = true;
    html_send(w->sender, HTML_ATTR, TREE_WIRE, slice_of("shadow"),
              slice_of(slice_equal_nocase(value, "open") ? "open" : "closed"));
}

/* Past the depth that browsers build, an element ends where it begins: what it holds stands beside
 * it. */
static bool enter(struct walking *w, const GumboNode *node)
{
    static const enum tree_ns namespaces[] = {
        [GUMBO_NAMESPACE_HTML] = TREE_HTML,
        [GUMBO_NAMESPACE_SVG] = TREE_SVG,
        [GUMBO_NAMESPACE_MATHML] = TREE_MATHML,
    };
    const GumboElement *element = &node->v.element;
    if (w->depth == w->room) {
        size_t room = w->room > 0 ? 2 * w->room : 64;
        struct place *grown = realloc(w->places, room * sizeof *grown);
        if (grown == NULL)
            return false;
        w->places = grown;
        w->room = room;
    }
    html_send(w->sender, HTML_OPEN, namespaces[element->tag_namespace], element_name(w, element),
              slice_of(""));
    add_attributes(w, element);
    if (node->type == GUMBO_NODE_TEMPLATE)
        mark_shadow(w, element);
    bool deep = w->open + 1 >= LIMIT_HTML_DEPTH;
    if (deep)
        html_send(w->sender, HTML_CLOSE, 0, slice_of(""), slice_of(""));
    w->open += !deep;
    w->places[w->depth++] = (struct place){.node = node, .open = !deep};
    return true;
}

static void leave(struct walking *w)
{
    if (w->places[--w->depth].open) {
        html_send(w->sender, HTML_CLOSE, 0, slice_of(""), slice_of(""));
        w->open--;
    }
}

static bool send_tree(struct walking *w, const GumboNode *root)
{
    bool ok = enter(w, root);
    while (ok && w->depth > 0 && !w->sender->failed) {
        struct place *place = &w->places[w->depth - 1];
        const GumboVector *children = &place->node->v.element.children;
        if (place->next == children->length) {
            leave(w);
            continue;
        }
        const GumboNode *child = children->data[place->next++];
        switch (child->type) {
        case GUMBO_NODE_ELEMENT:
        case GUMBO_NODE_TEMPLATE:
            ok = enter(w, child);
            break;
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE:
            html_send(w->sender, HTML_TEXT, 0, slice_of(""), slice_of(child->v.text.text));
            break;
        case GUMBO_NODE_COMMENT:
        case GUMBO_NODE_DOCUMENT:
            break;
        }
    }
    return ok;
}

static void send_doctype(struct html_sender *sender, const GumboDocument *from)
{
    if (from->has_doctype && strcmp(from->name, "html") == 0)
        html_send(sender, HTML_DOCTYPE, from->doc_type_quirks_mode == GUMBO_DOCTYPE_QUIRKS,
                  slice_of(from->public_identifier), slice_of(from->system_identifier));
}

void html_gumbo_send(struct slice html, struct html_sender *sender)
{
    struct arena arena = {0};
    struct walking w = {.sender = sender};
    unsigned end = HTML_END_DONE;
    buf_init(&w.name, LIMIT_PAGE_BODY);
    const GumboOutput *output = parse(&arena, html);
    if (output == NULL) {
        end = arena.fault;
    } else {
        send_doctype(sender, &output->document->v.document);
        if (!send_tree(&w, output->root))
            end = HTML_END_NO_MEMORY;
    }
    html_send(sender, HTML_END, end, slice_of(""), slice_of(""));
    free(w.places);
    buf_finish(&w.name);
    arena_finish(&arena);
}

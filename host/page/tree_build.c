#include "page/tree_build.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/tree_edit.h"

#include <libxml/parser.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

static const char *const ns_urls[TREE_NS_COUNT] = {
    [TREE_HTML] = NS_HTML,
    [TREE_SVG] = NS_SVG,
    [TREE_MATHML] = NS_MATHML,
    [TREE_XLINK] = NS_XLINK,
    [TREE_XML] = (const char *)XML_XML_NAMESPACE,
    [TREE_WIRE] = NS_WIRE,
};

static const char *const ns_prefixes[TREE_NS_COUNT] = {
    [TREE_HTML] = "html",   [TREE_SVG] = "svg", [TREE_MATHML] = "math",
    [TREE_XLINK] = "xlink", [TREE_XML] = "xml", [TREE_WIRE] = "ls",
};

const char *tree_ns_url(enum tree_ns ns)
{
    return ns_urls[ns];
}

static xmlParserInputPtr no_external_entity(const char *url, const char *id,
                                            xmlParserCtxtPtr parser)
{
    (void)url;
    (void)id;
    (void)parser;
    return NULL;
}

/* Messages of libxml2 hold page text; what went wrong is in the parser's context. */
static void say_nothing(void *arg, const char *format, ...)
{
    (void)arg;
    (void)format;
}

static void start(void)
{
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, say_nothing);
    xmlSetExternalEntityLoader(no_external_entity);
}

void tree_library_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
}

/* libxml2 frees what hangs on doc->oldNs with the document, and expects the namespace of `xml:` to
 * be its first. */
static bool own_namespaces(struct tree_builder *b, xmlDocPtr tree)
{
    static const enum tree_ns order[] = {TREE_XML,    TREE_HTML,  TREE_SVG,
                                         TREE_MATHML, TREE_XLINK, TREE_WIRE};
    xmlNsPtr *link = &tree->oldNs;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        xmlNsPtr ns = calloc(1, sizeof *ns);
        if (ns == NULL)
            return false;
        *link = ns;
        link = &ns->next;
        ns->type = XML_LOCAL_NAMESPACE;
        ns->context = tree;
        ns->href = xmlStrdup((const xmlChar *)ns_urls[order[i]]);
        ns->prefix = xmlStrdup((const xmlChar *)ns_prefixes[order[i]]);
        if (ns->href == NULL || ns->prefix == NULL)
            return false;
        b->ns[order[i]] = ns;
    }
    return true;
}

bool tree_builder_init(struct tree_builder *b, xmlDictPtr names, struct error *err)
{
    tree_library_start();
    *b = (struct tree_builder){0};
    buf_init(&b->text, LIMIT_PAGE_BODY * 3);
    buf_init(&b->scratch, LIMIT_PAGE_BODY * 3);
    b->doc = calloc(1, sizeof *b->doc);
    if (b->doc == NULL)
        return error_no_memory(err);
    b->doc->tree = xmlNewDoc(NULL);
    if (b->doc->tree == NULL)
        return error_no_memory(err);
    if (names != NULL)
        xmlDictReference(names);
    else
        names = xmlDictCreate();
    b->doc->tree->dict = names;
    if (names == NULL || !own_namespaces(b, b->doc->tree))
        return error_no_memory(err);
    return true;
}

void tree_builder_finish(struct tree_builder *b)
{
    document_destroy(b->doc);
    buf_finish(&b->text);
    buf_finish(&b->scratch);
    *b = (struct tree_builder){0};
}

static bool fail(struct tree_builder *b, enum error_code code)
{
    b->failed = code;
    return false;
}

static bool forbidden(char c)
{
    return (unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r';
}

/* What is no UTF-8 cannot be written later. gumbo gives such for "&#x4e2dBBBBBBBBB;", which its int
 * does not hold. */
static bool add_clean(struct buf *out, struct slice text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!forbidden(text.ptr[i]))
            continue;
        utf8_append_valid(out, slice_sub(text, from, i - from));
        buf_add_text(out, "\xEF\xBF\xBD");
        from = i + 1;
    }
    return utf8_append_valid(out, slice_sub(text, from, text.len));
}

static void append_child(xmlNodePtr parent, xmlNodePtr child)
{
    child->parent = parent;
    child->prev = parent->last;
    if (parent->last != NULL)
        parent->last->next = child;
    else
        parent->children = child;
    parent->last = child;
}

static bool flush_text(struct tree_builder *b)
{
    if (b->text.len == 0 || b->open == NULL) {
        buf_reset(&b->text);
        return true;
    }
    xmlNodePtr node = tree_new_text(b->doc->tree, buf_slice(&b->text));
    if (node == NULL)
        return fail(b, ERR_NO_MEMORY);
    append_child(b->open, node);
    buf_reset(&b->text);
    return true;
}

bool tree_open(struct tree_builder *b, enum tree_ns ns, struct slice name)
{
    if (b->failed != ERR_NONE || !flush_text(b))
        return false;
    if (b->depth >= LIMIT_DEPTH || name.len > INT_MAX)
        return fail(b, ERR_LIMIT);
    xmlDocPtr tree = b->doc->tree;
    /* As no parser says it that is as it was. */
    if ((b->open == NULL && tree->children != NULL) || !utf8_valid(name))
        return fail(b, ERR_DOCUMENT);
    const xmlChar *shared = xmlDictLookup(tree->dict, (const xmlChar *)name.ptr, (int)name.len);
    if (shared == NULL)
        return fail(b, ERR_NO_MEMORY);
    union {
        const xmlChar *shared;
        xmlChar *taken;
    } owned = {shared}; /* libxml2 frees a name only when it is not in the dictionary */
    xmlNodePtr node = xmlNewDocNodeEatName(tree, b->ns[ns], owned.taken, NULL);
    if (node == NULL)
        return fail(b, ERR_NO_MEMORY);
    if (b->open != NULL) {
        append_child(b->open, node);
    } else {
        node->parent = (xmlNodePtr)tree;
        tree->children = node;
        tree->last = node;
    }
    b->open = node;
    b->last = NULL;
    b->depth++;
    return true;
}

/* xmlNewNsProp walks all attributes to the last one for each. */
static void append_attribute(struct tree_builder *b, enum tree_ns ns, xmlAttrPtr attr)
{
    attr->parent = b->open;
    attr->ns = b->ns[ns];
    attr->prev = b->last;
    if (b->last != NULL)
        b->last->next = attr;
    else
        b->open->properties = attr;
    b->last = attr;
}

bool tree_attribute(struct tree_builder *b, enum tree_ns ns, struct slice name, struct slice value)
{
    if (b->failed != ERR_NONE)
        return false;
    if (b->open == NULL || b->open->children != NULL || b->text.len > 0 || !utf8_valid(name))
        return fail(b, ERR_DOCUMENT);
    buf_reset(&b->scratch);
    buf_add_slice(&b->scratch, name);
    buf_add_char(&b->scratch, '\0');
    size_t at = b->scratch.len;
    if (!add_clean(&b->scratch, value))
        return fail(b, b->scratch.failed);
    xmlAttrPtr attr = xmlNewDocProp(b->doc->tree, (const xmlChar *)b->scratch.ptr, NULL);
    if (attr == NULL)
        return fail(b, ERR_NO_MEMORY);
    if (attr->name == NULL ||
        !tree_set_value(attr, slice_make(b->scratch.ptr + at, b->scratch.len - at))) {
        xmlFreeProp(attr);
        return fail(b, ERR_NO_MEMORY);
    }
    append_attribute(b, ns, attr);
    return true;
}

bool tree_text(struct tree_builder *b, struct slice text)
{
    if (b->failed != ERR_NONE)
        return false;
    if (!add_clean(&b->text, text))
        return fail(b, b->text.failed);
    return true;
}

void tree_close(struct tree_builder *b)
{
    if (b->failed != ERR_NONE || b->open == NULL || !flush_text(b))
        return;
    b->depth--;
    b->open = b->depth > 0 ? b->open->parent : NULL;
}

static xmlNodePtr add_element(struct tree_builder *b, xmlNodePtr parent, const char *name)
{
    xmlNodePtr node = xmlNewDocNode(b->doc->tree, b->ns[TREE_HTML], (const xmlChar *)name, NULL);
    if (node == NULL)
        fail(b, ERR_NO_MEMORY);
    else if (parent != NULL)
        append_child(parent, node);
    return node;
}

static xmlNodePtr child_named(xmlNodePtr parent, const char *name)
{
    for (xmlNodePtr child = parent->children; child != NULL; child = child->next)
        if (tree_is(child, NS_HTML, name))
            return child;
    return NULL;
}

/* A document whose root is no <html> (an SVG file, XML) becomes the body's only child. */
static bool settle_root(struct tree_builder *b)
{
    xmlNodePtr root = xmlDocGetRootElement(b->doc->tree);
    xmlNodePtr html = root;
    if (!tree_is(root, NS_HTML, "html")) {
        html = add_element(b, NULL, "html");
        if (html == NULL)
            return false;
        b->doc->wrapped = true;
        xmlUnlinkNode(root);
        xmlDocSetRootElement(b->doc->tree, html);
    }
    xmlNodePtr head = child_named(html, "head");
    xmlNodePtr body = child_named(html, "body");
    if (body == NULL)
        body = child_named(html, "frameset");
    if (head == NULL)
        head = add_element(b, NULL, "head");
    if (body == NULL)
        body = add_element(b, NULL, "body");
    if (head == NULL || body == NULL) {
        if (head != NULL && head->parent == NULL)
            xmlFreeNode(head);
        return false;
    }
    xmlUnlinkNode(head);
    xmlUnlinkNode(body);
    for (xmlNodePtr child = html->children; child != NULL;) {
        xmlNodePtr next = child->next;
        xmlUnlinkNode(child);
        if (child->type == XML_TEXT_NODE && xmlIsBlankNode(child))
            xmlFreeNode(child);
        else
            append_child(body, child);
        child = next;
    }
    append_child(html, head);
    append_child(html, body);
    if (html != root)
        append_child(body, root);
    return true;
}

bool tree_builder_take(struct tree_builder *b, struct document **doc_out, struct error *err)
{
    if (b->failed == ERR_NONE) {
        if (xmlDocGetRootElement(b->doc->tree) == NULL)
            return error_set(err, ERR_DOCUMENT, "The document has no element");
        settle_root(b);
    }
    if (b->failed == ERR_LIMIT)
        return error_set(
            err, ERR_LIMIT,
            "The document is nested deeper than %zu elements or a text in it is too long",
            LIMIT_DEPTH);
    if (b->failed == ERR_DOCUMENT)
        return error_set(err, ERR_DOCUMENT, "The document is none that a parser gives");
    if (b->failed != ERR_NONE)
        return error_no_memory(err);
    *doc_out = b->doc;
    b->doc = NULL;
    return true;
}

/* The wire form: safe XML, read by libxml2's SAX parser straight into our tree.
 *
 * The walker never sends what makes XML dangerous, so a scan before libxml2 sees a byte refuses all
 * of it: `<!` (DTDs, comments, CDATA) and `<?` (encodings, processing instructions). What is left
 * is tags and text, which the scan reads exactly and so can count attributes, in which libxml2 is
 * quadratic before its callback comes.
 */
#include "base/limits.h"
#include "base/utf8.h"
#include "page/document_make.h"
#include "page/policy.h"
#include "page/tree_build.h"
#include "page/tree_edit.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

struct wire_reading {
    xmlParserCtxtPtr parser;
    struct slice rest; /* of the text, not yet handed to the parser */
    struct tree_builder tree;
    struct buf value; /* an attribute's value, decoded */
    struct buf style; /* the same with a style of ours in front */
    bool head;        /* the root's own <head> and <body> have begun */
    bool body;
    const xmlChar *ns_names[TREE_NS_COUNT]; /* from the parser's dictionary: compare by pointer */
    bool dtd;
    bool no_memory; /* the parser says so; what it says later hides it */
};

/* The end of the tag that starts at `at`, or s.len; *attributes_out counts its attributes. */
static size_t scan_tag(struct slice s, size_t at, size_t *attributes_out)
{
    size_t count = 0;
    while (at < s.len && s.ptr[at] != '>') {
        char c = s.ptr[at];
        if (c == '=')
            count++;
        else if (c == '"' || c == '\'')
            at = slice_find_byte(s, at + 1, c);
        if (at < s.len)
            at++;
    }
    *attributes_out = count;
    return at;
}

static bool scan_wire(struct slice xml, struct error *err)
{
    if (xml.len > LIMIT_DOCUMENT)
        return error_set(err, ERR_LIMIT, "The document is larger than %zu bytes", LIMIT_DOCUMENT);
    if (!utf8_valid(xml) || slice_find_byte(xml, 0, '\0') < xml.len)
        return error_set(err, ERR_DOCUMENT, "The document is not UTF-8 text");
    for (size_t at = 0; (at = slice_find_byte(xml, at, '<')) < xml.len;) {
        at++;
        if (at < xml.len && (xml.ptr[at] == '!' || xml.ptr[at] == '?'))
            return error_set(err, ERR_DOCUMENT,
                             "The document holds a DTD, a comment, CDATA or an instruction");
        size_t attributes;
        at = scan_tag(xml, at, &attributes);
        if (attributes > LIMIT_ATTRIBUTES)
            return error_set(err, ERR_LIMIT, "An element has more than %zu attributes",
                             LIMIT_ATTRIBUTES);
    }
    return true;
}

static enum tree_ns namespace_of(const struct wire_reading *r, const xmlChar *url)
{
    if (url == NULL)
        return TREE_NONE;
    for (int ns = TREE_HTML; ns < TREE_NS_COUNT; ns++)
        if (r->ns_names[ns] == url)
            return (enum tree_ns)ns;
    return TREE_NS_COUNT; /* one that HTML cannot express */
}

/* Without DTD handling libxml2 hands a literal ampersand on as `&#38;`, and nothing else so. */
static struct slice decode_value(struct buf *scratch, const xmlChar *from, const xmlChar *to)
{
    static const char escaped[] = "&#38;";
    struct slice raw = slice_make(from, (size_t)(to - from));
    size_t at = slice_find_byte(raw, 0, '&');
    if (at == raw.len)
        return raw;
    buf_reset(scratch);
    for (size_t done = 0; done < raw.len;) {
        buf_add(scratch, raw.ptr + done, at - done);
        done = at;
        if (at == raw.len)
            break;
        buf_add_char(scratch, '&');
        done += slice_starts(slice_sub(raw, at, raw.len), escaped) ? sizeof escaped - 1 : 1;
        at = slice_find_byte(raw, done, '&');
    }
    return buf_slice(scratch);
}

enum { ATTR_NAME, ATTR_PREFIX, ATTR_URL, ATTR_FROM, ATTR_TO, ATTR_FIELDS };

static void fail(struct wire_reading *r, enum error_code code)
{
    if (code != ERR_NONE)
        r->tree.failed = code;
}

/* A style of ours in front of the element's own, which then wins. */
static struct slice join_style(struct wire_reading *r, const char *style, struct slice own)
{
    buf_reset(&r->style);
    buf_add_text(&r->style, style);
    buf_add_slice(&r->style, own);
    fail(r, r->style.failed);
    return buf_slice(&r->style);
}

static bool has_attribute(int count, const xmlChar **fields, const xmlChar *url, const char *name)
{
    for (int i = 0; i < count; i++, fields += ATTR_FIELDS)
        if (fields[ATTR_URL] == url && xmlStrEqual(fields[ATTR_NAME], (const xmlChar *)name))
            return true;
    return false;
}

/* `style`: goes in front of the element's own; NULL for none. */
static void add_attributes(struct wire_reading *r, int count, const xmlChar **fields,
                           const char *style, bool html)
{
    bool lang = has_attribute(count, fields, NULL, "lang");
    if (style != NULL && !has_attribute(count, fields, NULL, "style"))
        tree_attribute(&r->tree, TREE_NONE, slice_of("style"), slice_of(style));
    for (int i = 0; i < count; i++, fields += ATTR_FIELDS) {
        enum tree_ns ns = namespace_of(r, fields[ATTR_URL]);
        if (ns == TREE_NS_COUNT)
            continue;
        struct slice name = slice_of((const char *)fields[ATTR_NAME]);
        struct slice value = decode_value(&r->value, fields[ATTR_FROM], fields[ATTR_TO]);
        fail(r, r->value.failed);
        if (style != NULL && ns == TREE_NONE && slice_equal(name, slice_of("style")))
            value = join_style(r, style, value);
        /* Read from HTML text, xml:lang on an element of HTML means nothing. */
        if (html && !lang && ns == TREE_XML && slice_equal(name, slice_of("lang")))
            ns = TREE_NONE;
        tree_attribute(&r->tree, ns, name, value);
    }
}

/* The name an element had where XML could not hold it. Names that HTML knows are never taken from
 * there: the walker has no reason to send them so. */
static struct slice real_name(struct wire_reading *r, struct slice name, int count,
                              const xmlChar **fields)
{
    for (int i = 0; i < count; i++, fields += ATTR_FIELDS) {
        if (fields[ATTR_URL] == r->ns_names[TREE_WIRE] &&
            xmlStrEqual(fields[ATTR_NAME], (const xmlChar *)"name")) {
            struct slice real = decode_value(&r->value, fields[ATTR_FROM], fields[ATTR_TO]);
            if (policy_element_name(real))
                return real;
        }
    }
    return name;
}

/* ---- Names that HTML text cannot give back ---- */

/* A second <html>, <head> or <body> is a box to browsers, and nothing to parsers. */
static const char *style_of_root(struct wire_reading *r, struct slice *name)
{
    static const struct {
        const char *name;
        const char *style;
    } looks[] = {{"html", "display:block;"}, {"head", "display:none;"}, {"body", "margin:8px;"}};
    bool below_root = r->tree.depth == 1 && tree_is(r->tree.open, NS_HTML, "html");
    bool *seen = slice_equal(*name, slice_of("head"))   ? &r->head
                 : slice_equal(*name, slice_of("body")) ? &r->body
                                                        : NULL;
    if (r->tree.depth == 0)
        return NULL;
    if (below_root && seen != NULL && !*seen) {
        *seen = true;
        return NULL;
    }
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        if (slice_equal(*name, slice_of(looks[i].name))) {
            *name = slice_of("div");
            return looks[i].style;
        }
    }
    return NULL;
}

/* An element of a name that means something else to parsers, or nothing at all, is an inline box to
 * browsers. */
static bool is_plain_box(struct slice name)
{
    char text[32];
    if (name.len >= sizeof text)
        return !policy_element_name(name);
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    const struct element_policy *policy = policy_element(POLICY_HTML, text);
    return policy != NULL ? policy->rule == ELEMENT_UNWRAP : !policy_element_name(name);
}

/* What a void element holds is shown where browsers draw the element as a box; parsers let it hold
 * nothing. */
static void make_room(struct wire_reading *r)
{
    static const char rule[] = "display:block;overflow:hidden;margin:.5em auto;"
                               "border:1px inset;color:gray;";
    xmlNodePtr open = r->tree.open;
    if (open == NULL || !tree_in(open->ns, NS_HTML))
        return;
    bool box = tree_is(open, NS_HTML, "source") || tree_is(open, NS_HTML, "track");
    bool line = tree_is(open, NS_HTML, "hr");
    if (!box && !line)
        return;
    bool done = tree_rename(open, line ? "div" : "span");
    if (done && line) {
        struct slice style = join_style(r, rule, tree_value(tree_find_attribute(open, "style")));
        done = r->style.failed != ERR_NONE || tree_set_attribute(open, "style", style.ptr);
    }
    if (!done)
        fail(r, ERR_NO_MEMORY);
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *url,
                     int namespaces, const xmlChar **namespace_fields, int attributes,
                     int defaulted, const xmlChar **fields)
{
    (void)prefix;
    (void)namespaces;
    (void)namespace_fields;
    (void)defaulted;
    struct wire_reading *r = arg;
    enum tree_ns ns = namespace_of(r, url);
    struct slice element = slice_of((const char *)name);
    const char *style = NULL;
    make_room(r);
    if (ns == TREE_HTML) {
        element = real_name(r, element, attributes, fields);
        style = style_of_root(r, &element);
        if (is_plain_box(element))
            element = slice_of("span");
    } else if (ns != TREE_SVG && ns != TREE_MATHML) {
        ns = TREE_HTML;
        if (!policy_element_name(element))
            element = slice_of("span");
    }
    if (tree_open(&r->tree, ns, element))
        add_attributes(r, attributes, fields, style, ns == TREE_HTML);
    if (r->tree.failed != ERR_NONE)
        xmlStopParser(r->parser);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *url)
{
    (void)name;
    (void)prefix;
    (void)url;
    struct wire_reading *r = arg;
    tree_close(&r->tree);
}

static void on_text(void *arg, const xmlChar *text, int len)
{
    struct wire_reading *r = arg;
    make_room(r);
    if (!tree_text(&r->tree, slice_make(text, (size_t)len)))
        xmlStopParser(r->parser);
}

/* After xmlStopParser the parser reports success: the flag alone says what happened. */
static void on_dtd(void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    struct wire_reading *r = arg;
    r->dtd = true;
    xmlStopParser(r->parser);
}

static void on_error(void *arg, xmlErrorPtr fault)
{
    struct wire_reading *r = arg;
    r->no_memory |= fault->code == XML_ERR_NO_MEMORY;
}

/* Handed over piece by piece: xmlCreateMemoryParserCtxt would copy the whole text first. */
static int read_on(void *arg, char *out, int room)
{
    struct slice *rest = arg;
    struct slice part = slice_sub(*rest, 0, (size_t)room);
    if (part.len > 0)
        memcpy(out, part.ptr, part.len);
    *rest = slice_sub(*rest, part.len, rest->len);
    return (int)part.len;
}

static bool open_parser(struct wire_reading *r, struct slice xml, struct error *err)
{
    tree_library_start();
    if (xml.len == 0)
        return error_set(err, ERR_DOCUMENT, "The document is empty");
    r->rest = xml;
    r->parser = xmlCreateIOParserCtxt(NULL, NULL, read_on, NULL, &r->rest, XML_CHAR_ENCODING_UTF8);
    if (r->parser == NULL)
        return error_no_memory(err);
    xmlCtxtUseOptions(r->parser, XML_PARSE_HUGE | XML_PARSE_NONET | XML_PARSE_NOCDATA |
                                     XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    *r->parser->sax = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_dtd,
        .externalSubset = on_dtd,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .serror = on_error,
    };
    r->parser->userData = r;
    for (int ns = TREE_HTML; ns < TREE_NS_COUNT; ns++) {
        const xmlChar *url = (const xmlChar *)tree_ns_url((enum tree_ns)ns);
        r->ns_names[ns] = xmlDictLookup(r->parser->dict, url, -1);
        if (r->ns_names[ns] == NULL)
            return error_no_memory(err);
    }
    return true;
}

static bool parse(struct wire_reading *r, struct document **doc_out, struct error *err)
{
    xmlParserCtxtPtr parser = r->parser;
    xmlParseDocument(parser);
    if (r->dtd)
        return error_set(err, ERR_DOCUMENT, "The document holds a DTD");
    if (r->no_memory || parser->errNo == XML_ERR_NO_MEMORY)
        return error_no_memory(err);
    if (r->tree.failed == ERR_NONE && !parser->wellFormed)
        return error_set(err, ERR_DOCUMENT,
                         "The document is not well-formed XML: line %d, fault %d",
                         parser->lastError.line, parser->lastError.code);
    return tree_builder_take(&r->tree, doc_out, err);
}

bool document_read_wire(struct slice xml, const struct document_origin *origin,
                        struct document **doc_out, struct error *err)
{
    struct wire_reading r = {0};
    struct document *doc = NULL;
    bool ok = false;
    buf_init(&r.value, LIMIT_DOCUMENT);
    buf_init(&r.style, LIMIT_DOCUMENT);
    if (!scan_wire(xml, err) || !open_parser(&r, xml, err))
        goto out;
    if (!tree_builder_init(&r.tree, r.parser->dict, err) || !parse(&r, &doc, err))
        goto out;
    if (!document_set_origin(doc, origin->url, origin->base, err) ||
        !document_set_doctype(doc, origin->doctype, err))
        goto out;
    *doc_out = doc;
    doc = NULL;
    ok = true;
out:
    document_destroy(doc);
    tree_builder_finish(&r.tree);
    xmlFreeParserCtxt(r.parser);
    buf_finish(&r.value);
    buf_finish(&r.style);
    return ok;
}

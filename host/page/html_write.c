/* The stored form: WHATWG HTML §13.3 ("Serializing HTML fragments") over our tree, and stricter.
 *
 * Every `<` in the output that a parser in any state could take for markup is one that stands here
 * in a string: text and attributes have theirs as references, the text of <style> has none that a
 * letter, `/`, `!` or `?` follows. So a parser may move a tag, but never find one more.
 */
#include "page/assets.h"
#include "page/policy.h"
#include "page/tree_edit.h"

static const char own_schemes[] = "linksnap-";

/* A text's or attribute's special characters (§13.3, "Escaping a string"); carriage returns too,
 * which a parser would take for newlines. */
static const char *escape_of(struct slice s, size_t at, bool attribute)
{
    switch (s.ptr[at]) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return attribute ? "&quot;" : NULL;
    case '\xA0':
        return at > 0 && s.ptr[at - 1] == '\xC2' ? "&nbsp;" : NULL;
    default:
        return NULL;
    }
}

/* Whether the '-' at `at` is that of one of our schemes. Its start may be written already: where an
 * element went, two texts meet. */
static bool scheme_hyphen(const struct buf *out, size_t unwritten, struct slice s, size_t at)
{
    size_t head = sizeof own_schemes - 2;
    size_t here = at < head ? at : head;
    size_t before = head - here;
    if (memcmp(s.ptr + at - here, own_schemes + before, here) != 0)
        return false;
    return before == 0 || (unwritten == 0 && out->len >= before &&
                           memcmp(out->ptr + out->len - before, own_schemes, before) == 0);
}

/* `references`: the value holds references that page/sanitize has checked. Elsewhere the same words
 * are the page's own and are broken up, since page/standalone looks for them in the text. */
static void write_escaped(struct buf *out, struct slice s, bool attribute, bool references)
{
    size_t plain = 0;
    for (size_t at = 0; at < s.len; at++) {
        unsigned char c = (unsigned char)s.ptr[at];
        if (c > '>' && c != 0xA0)
            continue;
        const char *escape = escape_of(s, at, attribute);
        if (c == '-' && !references && scheme_hyphen(out, plain, s, at))
            escape = "&#45;";
        if (escape == NULL)
            continue;
        size_t end = c == 0xA0 ? at - 1 : at; /* U+00A0 is C2 A0 */
        buf_add(out, s.ptr + plain, end - plain);
        buf_add_text(out, escape);
        plain = at + 1;
    }
    buf_add(out, s.ptr + plain, s.len - plain);
}

/* What the policy lets hold references. */
static bool holds_references(const xmlNode *node, const char *prefix, const xmlAttr *attr)
{
    char name[48];
    size_t head = strlen(prefix);
    size_t len = strlen((const char *)attr->name);
    if (head + len >= sizeof name)
        return false;
    memcpy(name, prefix, head);
    memcpy(name + head, attr->name, len + 1);
    switch (policy_attribute((const char *)node->name, name)) {
    case ATTRIBUTE_ASSET:
    case ATTRIBUTE_SRCSET:
    case ATTRIBUTE_LOCAL:
    case ATTRIBUTE_FRAME:
    case ATTRIBUTE_STYLE:
    case ATTRIBUTE_PAINT:
        return true;
    default:
        return false;
    }
}

static void write_attribute(struct buf *out, const xmlNode *node, const xmlAttr *attr)
{
    const char *prefix = "";
    if (tree_in(attr->ns, NS_XLINK))
        prefix = "xlink:";
    else if (tree_in(attr->ns, (const char *)XML_XML_NAMESPACE))
        prefix = "xml:";
    else if (attr->ns != NULL)
        return;
    struct slice value = tree_value(attr);
    bool references = slice_find(value, 0, slice_of(own_schemes)) < value.len &&
                      holds_references(node, prefix, attr);
    buf_add_char(out, ' ');
    buf_add_text(out, prefix);
    buf_add_text(out, (const char *)attr->name);
    buf_add(out, "=\"", 2);
    write_escaped(out, value, true, references);
    buf_add_char(out, '"');
}

static bool html_named(const xmlNode *node, const char *name)
{
    return tree_is(node, NS_HTML, name);
}

static void write_start(struct buf *out, const xmlNode *node)
{
    buf_add_char(out, '<');
    buf_add_text(out, (const char *)node->name);
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next)
        write_attribute(out, node, attr);
    if (html_named(node, "template")) {
        xmlAttrPtr shadow = tree_find_attribute_ns(node, NS_WIRE, "shadow");
        if (shadow != NULL)
            buf_add_text(out, slice_equal(tree_value(shadow), slice_of("closed"))
                                  ? " shadowrootmode=\"closed\""
                                  : " shadowrootmode=\"open\"");
    }
    buf_add_char(out, '>');
    /* A parser drops the first newline here: the page's own needs one in front. */
    const xmlNode *first = node->children;
    if (first != NULL && first->type == XML_TEXT_NODE && first->content[0] == '\n' &&
        (html_named(node, "pre") || html_named(node, "textarea") || html_named(node, "listing")))
        buf_add_char(out, '\n');
    if (html_named(node, "head"))
        buf_add_text(out, DOCUMENT_HEAD_MARK);
    /* A wall behind which another form may begin; see page/nesting. */
    if (html_named(node, "applet") && tree_find_attribute_ns(node, NS_WIRE, "ends") != NULL)
        buf_add_text(out, "</form>");
}

static void write_end(struct buf *out, const xmlNode *node)
{
    if (html_named(node, "body"))
        buf_add_text(out, DOCUMENT_END_MARK);
    buf_add(out, "</", 2);
    buf_add_text(out, (const char *)node->name);
    buf_add_char(out, '>');
}

/* The text of <style>, which a parser takes as it is up to the end tag. page/sanitize leaves no `<`
 * in it that could be markup; this is the last wall. */
static void write_raw(struct buf *out, struct slice text)
{
    for (size_t at = 0; at < text.len;) {
        size_t next = slice_find_byte(text, at, '<');
        buf_add(out, text.ptr + at, next - at);
        if (next == text.len)
            break;
        char after = next + 1 < text.len ? ascii_lower(text.ptr[next + 1]) : '!';
        bool markup = (after >= 'a' && after <= 'z') || memchr("/!?", after, 3) != NULL;
        buf_add(out, "< ", markup ? 2 : 1);
        at = next + 1;
    }
}

static bool is_void(const xmlNode *node)
{
    if (!tree_in(node->ns, NS_HTML))
        return false;
    const struct element_policy *policy = policy_element(POLICY_HTML, (const char *)node->name);
    return policy != NULL && (policy->flags & ELEMENT_VOID) != 0;
}

static void write_node(struct buf *out, const xmlNode *root)
{
    const xmlNode *node = root;
    while (node != NULL && out->failed == ERR_NONE) {
        if (node->type == XML_ELEMENT_NODE) {
            write_start(out, node);
            bool ends = !is_void(node);
            if (ends && node->children != NULL) {
                node = node->children;
                continue;
            }
            if (ends)
                write_end(out, node);
        } else if (node->type == XML_TEXT_NODE) {
            struct slice text = slice_of((const char *)node->content);
            if (html_named(node->parent, "style"))
                write_raw(out, text);
            else
                write_escaped(out, text, false, tree_is(node->parent, NS_SVG, "style"));
        }
        while (node != root && node->next == NULL) {
            node = node->parent;
            write_end(out, node);
        }
        node = node == root ? NULL : node->next;
    }
}

bool document_write(const struct document *doc, struct buf *out, struct error *err)
{
    buf_add_text(out, doc->doctype);
    write_node(out, xmlDocGetRootElement(doc->tree));
    return buf_ok(out, "The stored document", err);
}

/* Trees that scripts build and that HTML text cannot say: a parser would close, move or lose
 * elements. Each is changed, before it is written, into the nearest that it can: another name
 * rather than another place, so that classes and layout stay.
 *
 * What is open around an element is kept in its `_private`, computed from its parent's.
 */
#include "page/sanitize.h"

#include "page/policy.h"

#include <stdint.h>

enum open_around {
    IN_P = 1,
    IN_A = 2,
    IN_FORM = 4,
    IN_BUTTON = 8,
    IN_NOBR = 16,
    IN_LI = 32,
    IN_DD = 64,
    HOSTS_SHADOW = 128
};

static unsigned around(const xmlNode *node)
{
    return (unsigned)(uintptr_t)node->_private;
}

static void set_around(xmlNodePtr node, unsigned bits)
{
    node->_private = (void *)(uintptr_t)bits;
}

bool nesting_host_shadow(xmlNodePtr host)
{
    if ((around(host) & HOSTS_SHADOW) != 0)
        return false;
    set_around(host, around(host) | HOSTS_SHADOW);
    return true;
}

static bool is(const xmlNode *node, const char *name)
{
    return tree_is(node, NS_HTML, name);
}

static unsigned flags_of(const xmlNode *node)
{
    enum policy_ns ns = tree_in(node->ns, NS_SVG)      ? POLICY_SVG
                        : tree_in(node->ns, NS_MATHML) ? POLICY_MATHML
                                                       : POLICY_HTML;
    const struct element_policy *policy = policy_element(ns, (const char *)node->name);
    return policy != NULL ? policy->flags : 0;
}

static bool is_heading(const xmlNode *node)
{
    const char *name = (const char *)node->name;
    return tree_in(node->ns, NS_HTML) && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' &&
           name[2] == '\0';
}

/* Blocks through which a new list item still closes the one around (HTML §13.2.6.4.7): those that
 * are not "special", and three that are. */
static const char passed_by_items[] = " address audio dialog div legend optgroup option p video ";

/* What is open for the children of an element, by what is open for itself. */
static unsigned inside(const xmlNode *node, unsigned outer)
{
    unsigned bits = outer & ~(unsigned)HOSTS_SHADOW;
    unsigned flags = flags_of(node);
    if ((flags & (ELEMENT_WALL | ELEMENT_INTEGRATION)) != 0) {
        bits &= ~(unsigned)(IN_P | IN_BUTTON | IN_NOBR | IN_LI | IN_DD);
        if ((flags & ELEMENT_WALL) != 0 && !is(node, "table"))
            bits &= ~(unsigned)IN_A;
    }
    if (is(node, "template"))
        return 0;
    if (!tree_in(node->ns, NS_HTML))
        return bits;
    if ((flags & ELEMENT_BLOCK) != 0 && !policy_lists(passed_by_items, (const char *)node->name))
        bits &= ~(unsigned)(IN_LI | IN_DD);
    if (is(node, "p"))
        bits |= IN_P;
    else if (is(node, "a"))
        bits |= IN_A;
    else if (is(node, "form"))
        bits |= IN_FORM;
    else if (is(node, "button"))
        bits = (bits & ~(unsigned)IN_P) | IN_BUTTON;
    else if (is(node, "nobr"))
        bits |= IN_NOBR;
    else if (is(node, "li"))
        bits |= IN_LI;
    else if (is(node, "dd") || is(node, "dt"))
        bits |= IN_DD;
    return bits;
}

static bool rename_to(struct sanitizer *s, xmlNodePtr node, const char *name)
{
    return tree_rename(node, name) || error_no_memory(s->err);
}

/* A <p> that holds what would close it becomes a <div>. The elements in between are told, so that
 * their next children need not look for it again. */
static bool open_paragraph(struct sanitizer *s, xmlNodePtr node)
{
    xmlNodePtr at = node->parent;
    while (!is(at, "p")) {
        set_around(at, around(at) & ~(unsigned)IN_P);
        at = at->parent;
    }
    set_around(at, around(at) & ~(unsigned)IN_P);
    return rename_to(s, at, "div");
}

/* ---- Tables ---- */

static bool is_section(const xmlNode *node)
{
    return is(node, "tbody") || is(node, "thead") || is(node, "tfoot");
}

static bool is_cell(const xmlNode *node)
{
    return is(node, "td") || is(node, "th");
}

/* What may stand between the parts of any table: nothing of it is shown there. */
static bool is_unseen(const xmlNode *node)
{
    if (node->type == XML_TEXT_NODE)
        return xmlIsBlankNode(node) == 1;
    if (is(node, "style") || is(node, "template"))
        return true;
    if (is(node, "form"))
        return node->children == NULL;
    return is(node, "input") &&
           slice_equal_nocase(tree_value(tree_find_attribute(node, "type")), "hidden");
}

static bool fits_table(const xmlNode *parent, const xmlNode *child)
{
    if (is_unseen(child) || is(child, "tr") || is_cell(child))
        return !is(parent, "tr") || !is(child, "tr");
    if (!is(parent, "table"))
        return false;
    return is(child, "caption") || is(child, "colgroup") || is(child, "col") || is_section(child);
}

static xmlNodePtr wrap(struct sanitizer *s, xmlNodePtr first, const char *name)
{
    xmlNodePtr parent = first->parent;
    xmlNodePtr wrapper = xmlNewDocNode(first->doc, s->root->ns, (const xmlChar *)name, NULL);
    if (wrapper == NULL) {
        error_no_memory(s->err);
        return NULL;
    }
    xmlAddPrevSibling(first, wrapper);
    while (first != NULL && (first->type != XML_ELEMENT_NODE || !fits_table(parent, first))) {
        xmlNodePtr next = first->next;
        xmlUnlinkNode(first);
        first->parent = wrapper;
        first->prev = wrapper->last;
        if (wrapper->last != NULL)
            wrapper->last->next = first;
        else
            wrapper->children = first;
        wrapper->last = first;
        first = next;
    }
    set_around(wrapper, inside(wrapper, around(parent)));
    return wrapper;
}

/* What stands between the parts of a table is shown in cells of its own: they are written out. */
static bool put_in_cell(struct sanitizer *s, xmlNodePtr node)
{
    xmlNodePtr cell = NULL;
    while (!is(node->parent, "tr")) {
        xmlNodePtr wrapper = wrap(s, node, is(node->parent, "table") ? "tbody" : "tr");
        if (wrapper == NULL)
            return false;
    }
    cell = wrap(s, node, "td");
    return cell != NULL &&
           (tree_set_attribute(cell, "style", "padding:0;border:0") || error_no_memory(s->err));
}

static bool in_table(const xmlNode *node)
{
    return is(node->parent, "table") || is_section(node->parent) || is(node->parent, "tr");
}

/* A part of a table that has no table around it keeps its layout and loses its name. */
static bool stand_alone(struct sanitizer *s, xmlNodePtr node)
{
    static const struct {
        const char *name;
        const char *style;
    } parts[] = {
        {"td", "display:table-cell;"},
        {"th", "display:table-cell;"},
        {"tr", "display:table-row;"},
        {"tbody", "display:table-row-group;"},
        {"thead", "display:table-header-group;"},
        {"tfoot", "display:table-footer-group;"},
        {"caption", "display:table-caption;"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!is(node, parts[i].name))
            continue;
        buf_reset(&s->text);
        buf_add_text(&s->text, parts[i].style);
        buf_add_slice(&s->text, tree_value(tree_find_attribute(node, "style")));
        return buf_ok(&s->text, "A style", s->err) && rename_to(s, node, "div") &&
               (tree_set_attribute(node, "style", s->text.ptr) || error_no_memory(s->err));
    }
    tree_clear(node);
    return rename_to(s, node, "span");
}

static bool part_has_place(const xmlNode *node)
{
    if (is(node, "col"))
        return is(node->parent, "colgroup") || is(node->parent, "table");
    return in_table(node) && fits_table(node->parent, node);
}

/* ---- One node ---- */

/* The doctypes in use that mean quirks mode (HTML §13.2.6.4.1), in which a table stays inside of a
 * paragraph. In the web form a paragraph holds one in no other mode. */
static bool tables_stay_in_paragraphs(const struct document *doc)
{
    static const char *const quirky[] = {
        "\"-//W3C//DTD HTML 3", "\"-//W3C//DTD HTML 4.0 Transitional//",
        "\"-//W3C//DTD HTML 4.0 Frameset//", "\"-//IETF//DTD HTML"};
    struct slice doctype = slice_of(doc->doctype);
    if (doc->web || doctype.len == 0)
        return true;
    for (size_t i = 0; i < sizeof quirky / sizeof *quirky; i++)
        if (slice_find(doctype, 0, slice_of(quirky[i])) < doctype.len)
            return true;
    bool loose = slice_find(doctype, 0, slice_of("HTML 4.01 Transitional//")) < doctype.len ||
                 slice_find(doctype, 0, slice_of("HTML 4.01 Frameset//")) < doctype.len;
    return loose && slice_find(doctype, 0, slice_of("\" \"")) == doctype.len;
}

/* Another name for an element that may not stand inside of another of its kind. */
static const char *other_name(const xmlNode *node, unsigned bits)
{
    if (is(node, "a"))
        return (bits & IN_A) != 0 ? "span" : NULL;
    if (is(node, "form"))
        return (bits & IN_FORM) != 0 ? "div" : NULL;
    if (is(node, "button"))
        return (bits & IN_BUTTON) != 0 ? "span" : NULL;
    if (is(node, "nobr"))
        return (bits & IN_NOBR) != 0 ? "span" : NULL;
    if (is(node, "li"))
        return (bits & IN_LI) != 0 ? "div" : NULL;
    if (is(node, "dd") || is(node, "dt"))
        return (bits & IN_DD) != 0 ? "div" : NULL;
    return is_heading(node) && is_heading(node->parent) ? "div" : NULL;
}

bool nesting_settle_text(struct sanitizer *s, xmlNodePtr node)
{
    if (!in_table(node) || is_unseen(node))
        return true;
    return put_in_cell(s, node);
}

bool nesting_settle(struct sanitizer *s, xmlNodePtr node)
{
    if (node == s->root) {
        set_around(node, 0);
        return true;
    }
    const char *name = other_name(node, around(node->parent));
    if (name != NULL && !rename_to(s, node, name))
        return false;
    if (in_table(node) && !fits_table(node->parent, node) && !put_in_cell(s, node))
        return false;
    unsigned bits = around(node->parent);
    unsigned flags = flags_of(node);
    if ((flags & ELEMENT_TABLE_PART) != 0 && !part_has_place(node) && !stand_alone(s, node))
        return false;
    flags = flags_of(node);
    if ((bits & IN_P) != 0 && (flags & ELEMENT_CLOSES_P) != 0 &&
        !(is(node, "table") && tables_stay_in_paragraphs(s->doc))) {
        if (!open_paragraph(s, node))
            return false;
        bits = around(node->parent);
    }
    set_around(node, inside(node, bits));
    return true;
}

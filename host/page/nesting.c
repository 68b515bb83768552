/* Trees that scripts build and that HTML text cannot say: a parser would close, move or lose
 * elements. Each gets, before it is written, elements in between that have no box and make it one
 * that a parser builds: names, places and rules of the page stay, and so does the look.
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
    IN_RUBY = 128,
    IN_OPEN_FORM = 256, /* a form that its own end tag closes */
    HOSTS_SHADOW = 512,
    IN_TEMPLATE = 1024
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
        bits &= ~(unsigned)(IN_P | IN_BUTTON | IN_NOBR | IN_LI | IN_DD | IN_RUBY);
        if ((flags & ELEMENT_WALL) != 0 && !is(node, "table"))
            bits &= ~(unsigned)IN_A;
    }
    if (is(node, "template"))
        return IN_TEMPLATE;
    if (!tree_in(node->ns, NS_HTML))
        return bits;
    if ((flags & ELEMENT_BLOCK) != 0 && !policy_lists(passed_by_items, (const char *)node->name))
        bits &= ~(unsigned)(IN_LI | IN_DD);
    if (is(node, "p"))
        bits |= IN_P;
    else if (is(node, "a"))
        bits |= IN_A;
    else if (is(node, "form"))
        bits |= IN_FORM | ((bits & IN_FORM) != 0 ? 0U : (unsigned)IN_OPEN_FORM);
    else if (is(node, "button"))
        bits = (bits & ~(unsigned)IN_P) | IN_BUTTON;
    else if (is(node, "nobr"))
        bits |= IN_NOBR;
    else if (is(node, "li"))
        bits |= IN_LI;
    else if (is(node, "dd") || is(node, "dt"))
        bits |= IN_DD;
    else if (is(node, "ruby"))
        bits |= IN_RUBY;
    return bits;
}

/* The doctypes in use that mean quirks mode (HTML §13.2.6.4.1), in which a table stays inside of a
 * paragraph. In the web form a paragraph holds one in no other mode. */
static bool tables_stay_in_paragraphs(const struct document *doc)
{
    static const char *const quirky[] = {
        "\"-//W3C//DTD HTML 3", "\"-//W3C//DTD HTML 4.0 Transitional//",
        "\"-//W3C//DTD HTML 4.0 Frameset//", "\"-//IETF//DTD HTML"};
    struct slice doctype = slice_of(doc->doctype);
    if ((doc->web && !doc->xml) || doctype.len == 0)
        return true;
    for (size_t i = 0; i < sizeof quirky / sizeof *quirky; i++)
        if (slice_find(doctype, 0, slice_of(quirky[i])) < doctype.len)
            return true;
    bool loose = slice_find(doctype, 0, slice_of("HTML 4.01 Transitional//")) < doctype.len ||
                 slice_find(doctype, 0, slice_of("HTML 4.01 Frameset//")) < doctype.len;
    return loose && slice_find(doctype, 0, slice_of("\" \"")) == doctype.len;
}

static bool rename_to(struct sanitizer *s, xmlNodePtr node, const char *name)
{
    return tree_rename(node, name) || error_no_memory(s->err);
}

/* ---- Elements that are not there for the eye ---- */

/* No box of their own, nothing inherited but what is around: rules of the page that name their
 * kind have no effect, and what they hold is laid out in their parent. */
static const char boxless[] = "all:unset;display:contents";

/* To a parser a wall: nothing inside of it closes or splits what is open outside (HTML §13.2.4.2,
 * §13.2.4.3). To a browser an element without a meaning. */
static const char wall_name[] = "applet";

static void move_into(xmlNodePtr parent, xmlNodePtr child)
{
    xmlUnlinkNode(child);
    child->parent = parent;
    child->prev = parent->last;
    if (parent->last != NULL)
        parent->last->next = child;
    else
        parent->children = child;
    parent->last = child;
}

static struct slice slot_of(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE ? tree_value(tree_find_attribute(node, "slot"))
                                          : slice_of("");
}

/* A wrapper stands in one slot of a shadow root: that of what it holds. */
static bool share_slot(const xmlNode *a, const xmlNode *b)
{
    return slice_equal(slot_of(a), slot_of(b));
}

/* Puts a new element without a box in the place of `first` and it, with the siblings up to and with
 * `last`, inside. NULL when out of memory. */
static xmlNodePtr wrap(struct sanitizer *s, xmlNodePtr first, xmlNodePtr last, const char *name)
{
    xmlNodePtr wrapper = xmlNewDocNode(first->doc, s->root->ns, (const xmlChar *)name, NULL);
    struct slice slot = slot_of(first);
    if (wrapper == NULL || !tree_set_attribute(wrapper, "style", boxless) ||
        (slot.len > 0 && !tree_set_attribute(wrapper, "slot", slot.ptr))) {
        xmlFreeNode(wrapper);
        error_no_memory(s->err);
        return NULL;
    }
    xmlAddPrevSibling(first, wrapper);
    for (xmlNodePtr child = first, next; child != NULL; child = next) {
        next = child == last ? NULL : child->next;
        move_into(wrapper, child);
    }
    set_around(wrapper, inside(wrapper, around(wrapper->parent)));
    return wrapper;
}

static bool is_blank_text(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE && xmlIsBlankNode(node) == 1;
}

/* ---- Tables ---- */

/* How deep in a table an element stands: sections, rows, cells. 0 for what is no part of one. */
static int level_of(const xmlNode *node)
{
    static const struct {
        const char *name;
        int level;
    } parts[] = {{"caption", 1}, {"colgroup", 1}, {"tbody", 1}, {"thead", 1}, {"tfoot", 1},
                 {"tr", 2},      {"col", 2},      {"td", 3},    {"th", 3}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (is(node, parts[i].name))
            return parts[i].level;
    return 0;
}

static bool is_section(const xmlNode *node)
{
    return is(node, "tbody") || is(node, "thead") || is(node, "tfoot");
}

/* Whether the children of an element are parts of a table. */
static bool holds_parts(const xmlNode *node)
{
    return is(node, "table") || is(node, "tr") || is(node, "colgroup") || is_section(node);
}

/* What may stand between the parts of any table: nothing of it is shown there. */
static bool is_unseen(const xmlNode *node)
{
    if (node->type == XML_TEXT_NODE)
        return is_blank_text(node);
    if (is(node, "style") || is(node, "template"))
        return true;
    if (is(node, "form"))
        return node->children == NULL;
    return is(node, "input") &&
           slice_equal_nocase(tree_value(tree_find_attribute(node, "type")), "hidden");
}

/* Whether the part belongs below this one, be it with others between. */
static bool is_below(const xmlNode *part, const xmlNode *above)
{
    bool column = is(part, "col");
    if (is(above, "table"))
        return true;
    if (is(above, "colgroup"))
        return column;
    return !column && level_of(part) > level_of(above);
}

/* The last of the siblings from `first` on that `same` says belong together; white space may stand
 * between two of them. */
static xmlNodePtr run_of(xmlNodePtr first, bool (*same)(const xmlNode *, const xmlNode *))
{
    xmlNodePtr last = first;
    for (xmlNodePtr node = first->next; node != NULL; node = node->next) {
        if (same(first, node) && share_slot(first, node))
            last = node;
        else if (!is_blank_text(node))
            break;
    }
    return last;
}

static bool same_level(const xmlNode *first, const xmlNode *node)
{
    return level_of(node) == level_of(first) && is(node, "col") == is(first, "col");
}

/* What no table has a place for, like the first. */
static bool same_stranger(const xmlNode *first, const xmlNode *node)
{
    (void)first;
    return !is_unseen(node) && !(level_of(node) > 0 && is_below(node, node->parent));
}

/* The parts that are missing between a part and the `level` above it, one inside of the other. */
static bool add_levels(struct sanitizer *s, xmlNodePtr first, xmlNodePtr last, int level)
{
    static const char *const rows[] = {"table", "tbody", "tr", "td"};
    int end = level_of(first) > 0 ? level_of(first) : 4;
    for (; level < end; level++) {
        const char *name = is(first, "col") && level == 1 ? "colgroup" : rows[level];
        xmlNodePtr wrapper = wrap(s, first, last, name);
        if (wrapper == NULL)
            return false;
    }
    return true;
}

/* What stands between the parts of a table is shown as in cells: they are written out. */
static bool seat_stranger(struct sanitizer *s, xmlNodePtr node)
{
    xmlNodePtr last = run_of(node, same_stranger);
    for (int level = level_of(node->parent) + 1; level < 4; level++) {
        static const char *const rows[] = {"table", "tbody", "tr", "td"};
        if (wrap(s, node, last, rows[level]) == NULL)
            return false;
    }
    return true;
}

/* What does not tell a parser how to read the rest of a template (HTML §13.2.6.4.18). */
static bool is_silent(const xmlNode *node)
{
    return is_blank_text(node) || is(node, "style") || is(node, "template");
}

/* Whether the part may stand in a template as it is: there is nothing but parts of its level. The
 * first of them looks at all, the others at the one before. */
static bool is_alone_in_template(const xmlNode *node)
{
    bool first = true;
    for (const xmlNode *at = node->prev; first && at != NULL; at = at->prev)
        if (!is_silent(at)) {
            first = false;
            if (!same_level(node, at))
                return false;
        }
    for (const xmlNode *at = node->next; first && at != NULL; at = at->next)
        if (!is_silent(at) && !same_level(node, at))
            return false;
    return true;
}

/* Gives a part of a table the place that a parser wants it in. */
static bool seat_part(struct sanitizer *s, xmlNodePtr node)
{
    xmlNodePtr above = node->parent;
    if (is(above, "template") && is_alone_in_template(node))
        return true;
    if (holds_parts(above) && is_below(node, above))
        return add_levels(s, node, run_of(node, same_level), level_of(above) + 1);
    if (holds_parts(above) && !seat_stranger(s, node))
        return false;
    xmlNodePtr last = run_of(node, same_level);
    if ((around(node->parent) & IN_P) != 0 && !tables_stay_in_paragraphs(s->doc) &&
        wrap(s, node, last, wall_name) == NULL)
        return false;
    return add_levels(s, node, last, 0);
}

/* ---- Walls ---- */

static bool is_wall(const xmlNode *node)
{
    return is(node, wall_name);
}

/* Elements that the tag of another part of ruby ends when it stands right in them (§13.2.6.4.7,
 * "generate implied end tags"). */
static const char implied[] = " dd dt li optgroup option p rb rp rt rtc ";

static bool ends_ruby_part(const xmlNode *node, const xmlNode *parent)
{
    bool text = is(node, "rt") || is(node, "rp");
    if (!text && !is(node, "rb") && !is(node, "rtc"))
        return false;
    return policy_lists(implied, (const char *)parent->name) && !(text && is(parent, "rtc"));
}

/* Whether the start tag would close or split something that is open around it. */
static bool needs_wall(const struct sanitizer *s, const xmlNode *node, const xmlNode *parent)
{
    unsigned bits = around(parent);
    if (!tree_in(node->ns, NS_HTML))
        return false;
    if ((bits & IN_P) != 0 && (flags_of(node) & ELEMENT_CLOSES_P) != 0 &&
        !(is(node, "table") && tables_stay_in_paragraphs(s->doc)))
        return true;
    return (is(node, "a") && (bits & IN_A) != 0) ||
           (is(node, "button") && (bits & IN_BUTTON) != 0) ||
           (is(node, "nobr") && (bits & IN_NOBR) != 0) || (is(node, "li") && (bits & IN_LI) != 0) ||
           ((is(node, "dd") || is(node, "dt")) && (bits & IN_DD) != 0) ||
           (is_heading(node) && is_heading(parent)) ||
           (is(node, "option") && is(parent, "option")) ||
           ((bits & IN_RUBY) != 0 && ends_ruby_part(node, parent));
}

/* One wall for all siblings in a row that need one, so that they stay siblings. */
static bool put_up_wall(struct sanitizer *s, xmlNodePtr node)
{
    xmlNodePtr last = node;
    for (xmlNodePtr next = node->next; next != NULL; next = next->next) {
        if (next->type == XML_ELEMENT_NODE && needs_wall(s, next, node->parent) &&
            share_slot(node, next))
            last = next;
        else if (!is_blank_text(next))
            break;
    }
    return wrap(s, node, last, wall_name) != NULL;
}

/* ---- Forms ---- */

/* A parser forgets the form that is open at its end tag, but closes it only when no wall stands in
 * between (§13.2.6.4.7, `</form>`). So that tag right behind a wall lets another form begin inside
 * of the first. The first is then not closed by its own end tag: a wall around it is. */
static bool nest_form(struct sanitizer *s, xmlNodePtr node)
{
    xmlNodePtr wall = node->parent;
    if (!is_wall(wall) || wall->children != node)
        wall = wrap(s, node, node, wall_name);
    if (wall == NULL)
        return false;
    xmlNsPtr ns = node->doc->oldNs;
    while (ns != NULL && !tree_in(ns, NS_WIRE))
        ns = ns->next;
    if (tree_find_attribute_ns(wall, NS_WIRE, "ends") == NULL &&
        xmlNewNsProp(wall, ns, (const xmlChar *)"ends", (const xmlChar *)"form") == NULL)
        return error_no_memory(s->err);
    if ((around(wall->parent) & IN_OPEN_FORM) == 0)
        return true;
    /* What is in between is told, so that the next form need not look again. */
    xmlNodePtr outer = wall;
    do {
        set_around(outer, around(outer) & ~(unsigned)IN_OPEN_FORM);
        outer = outer->parent;
    } while (!is(outer, "form"));
    set_around(outer, around(outer) & ~(unsigned)IN_OPEN_FORM);
    return (is_wall(outer->parent) && outer->parent->children == outer) ||
           wrap(s, outer, outer, wall_name) != NULL;
}

/* ---- One node ---- */

bool nesting_settle_text(struct sanitizer *s, xmlNodePtr node)
{
    return !holds_parts(node->parent) || is_unseen(node) || seat_stranger(s, node);
}

static bool settle_in_table(struct sanitizer *s, xmlNodePtr node)
{
    bool inside_table = holds_parts(node->parent);
    /* No browser shows a form there (HTML §15.3.12), and a parser leaves it empty. One that stands
     * in another form or a template it does not take at all: a template is seen as little. */
    if (inside_table && is(node, "form")) {
        tree_clear(node);
        if ((around(node->parent) & (IN_FORM | IN_TEMPLATE)) != 0 &&
            !rename_to(s, node, "template"))
            return false;
    }
    int level = level_of(node);
    if (level > 0)
        return (inside_table && is_below(node, node->parent) &&
                level == level_of(node->parent) + 1) ||
               seat_part(s, node);
    return !inside_table || is_unseen(node) || seat_stranger(s, node);
}

bool nesting_settle(struct sanitizer *s, xmlNodePtr node)
{
    if (node == s->root) {
        set_around(node, 0);
        return true;
    }
    if (!settle_in_table(s, node))
        return false;
    if (needs_wall(s, node, node->parent) && !put_up_wall(s, node))
        return false;
    if (is(node, "form") && (around(node->parent) & IN_FORM) != 0 && !nest_form(s, node))
        return false;
    set_around(node, inside(node, around(node->parent)));
    return true;
}

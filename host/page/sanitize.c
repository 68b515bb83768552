/* The last word over a document: one pass in document order that keeps what page/policy names.
 *
 * Elements first find their place: the stored form is read by an HTML parser, which decides by the
 * parent whether a tag becomes HTML, SVG or MathML. What it could not read back as what it is goes,
 * so no text or attribute is ever read in a namespace in which it was not checked.
 */
#include "page/sanitize.h"

#include "base/limits.h"
#include "page/policy.h"

/* What becomes of a node, and where to go on. */
enum verdict { INTO, OVER, REMOVE, UNWRAP, FAILED };

static bool ns_of(const xmlNode *node, enum policy_ns *ns_out)
{
    if (tree_in(node->ns, NS_HTML))
        *ns_out = POLICY_HTML;
    else if (tree_in(node->ns, NS_SVG))
        *ns_out = POLICY_SVG;
    else if (tree_in(node->ns, NS_MATHML))
        *ns_out = POLICY_MATHML;
    else
        return false;
    return true;
}

static const struct element_policy *policy_of(const xmlNode *node)
{
    enum policy_ns ns;
    return ns_of(node, &ns) ? policy_element(ns, (const char *)node->name) : NULL;
}

/* The namespace a parser reads tags in that stand inside of `parent` (HTML §13.2.6). */
static enum policy_ns content_ns(const xmlNode *parent)
{
    enum policy_ns ns = POLICY_HTML;
    const struct element_policy *policy = policy_of(parent);
    if (!ns_of(parent, &ns) || (policy != NULL && (policy->flags & ELEMENT_INTEGRATION) != 0))
        return POLICY_HTML;
    return ns;
}

/* Whether a parser reads the element back in its namespace. <style> is moved to its parent's, in
 * which it styles as well. */
static bool find_place(xmlNodePtr node)
{
    enum policy_ns own;
    if (!ns_of(node, &own))
        return false;
    enum policy_ns expected = content_ns(node->parent);
    if (own == expected)
        return true;
    if (expected == POLICY_HTML)
        if (strcmp((const char *)node->name, own == POLICY_SVG ? "svg" : "math") == 0)
            return true;
    if (strcmp((const char *)node->name, "style") == 0 && expected != POLICY_MATHML &&
        own != POLICY_MATHML) {
        const char *url = expected == POLICY_SVG ? NS_SVG : NS_HTML;
        for (xmlNsPtr ns = node->doc->oldNs; ns != NULL; ns = ns->next)
            if (tree_in(ns, url))
                node->ns = ns;
        return true;
    }
    return false;
}

/* ---- Rules that need more than the table ---- */

/* The elements that attachShadow() and parsers accept as hosts (DOM §4.9, HTML §13.2.6.4.4). */
static bool may_host_shadow(const xmlNode *node)
{
    static const char hosts[] = " article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header"
                                " main nav p section span ";
    if (!tree_in(node->ns, NS_HTML))
        return false;
    const char *name = (const char *)node->name;
    size_t len = strlen(name);
    if (strchr(name, '-') != NULL)
        return policy_of(node) == NULL;
    const char *at = strstr(hosts, name);
    while (at != NULL && !(at > hosts && at[-1] == ' ' && at[len] == ' '))
        at = strstr(at + 1, name);
    return at != NULL;
}

static bool is_shadow_root(xmlNodePtr node)
{
    struct slice mode = tree_value(tree_find_attribute_ns(node, NS_WIRE, "shadow"));
    if (!slice_equal(mode, slice_of("open")) && !slice_equal(mode, slice_of("closed")))
        return false;
    return may_host_shadow(node->parent) && nesting_host_shadow(node->parent);
}

static enum verdict on_template(xmlNodePtr node)
{
    if (is_shadow_root(node))
        return INTO;
    xmlAttrPtr mark = tree_find_attribute_ns(node, NS_WIRE, "shadow");
    if (mark != NULL)
        tree_remove_attribute(mark);
    return INTO;
}

static enum verdict on_animation(xmlNodePtr node)
{
    if (tree_is(node, NS_SVG, "animateMotion"))
        return INTO;
    struct slice target = tree_value(tree_find_attribute(node, "attributeName"));
    return policy_animated(target) ? INTO : REMOVE;
}

static enum verdict on_style(struct sanitizer *s, xmlNodePtr node)
{
    return sanitize_style(s, node) ? OVER : FAILED;
}

/* ---- One element ---- */

static enum verdict apply(struct sanitizer *s, xmlNodePtr node, enum element_rule rule)
{
    switch (rule) {
    case ELEMENT_KEEP:
    case ELEMENT_TEXT:
    case ELEMENT_OPTIONS:
        return INTO;
    case ELEMENT_DROP:
        return REMOVE;
    case ELEMENT_UNWRAP:
        return UNWRAP;
    case ELEMENT_EMPTY:
        tree_clear(node);
        return INTO;
    case ELEMENT_PRE:
        return tree_rename(node, "pre") || error_no_memory(s->err) ? INTO : FAILED;
    case ELEMENT_OBJECT:
        return tree_is(node, NS_HTML, "embed") ? REMOVE : INTO;
    case ELEMENT_FRAME:
        return sanitize_frame(s, node) ? INTO : FAILED;
    case ELEMENT_FRAMESET:
        return sanitize_frameset(s, node) ? INTO : FAILED;
    case ELEMENT_NOSCRIPT:
        return s->doc->web ? UNWRAP : REMOVE;
    case ELEMENT_TEMPLATE:
        return on_template(node);
    case ELEMENT_STYLE:
        return on_style(s, node);
    case ELEMENT_LINK:
        return sanitize_link_stays(node) ? INTO : REMOVE;
    case ELEMENT_META:
        return sanitize_meta_stays(node) ? INTO : REMOVE;
    case ELEMENT_ANIMATION:
        return on_animation(node);
    case ELEMENT_ROOT:
        return node == s->root || node == s->head || node == s->body ? INTO : UNWRAP;
    }
    return REMOVE;
}

/* What the parent leaves of a rule: inside text, options and the head little is possible. */
static enum element_rule narrow(const struct sanitizer *s, const xmlNode *node,
                                const struct element_policy *policy, enum element_rule rule)
{
    const struct element_policy *outer = policy_of(node->parent);
    bool text = outer != NULL && outer->rule == ELEMENT_TEXT;
    bool options = outer != NULL && outer->rule == ELEMENT_OPTIONS;
    if (tree_is(node->parent, NS_HTML, "colgroup"))
        return tree_is(node, NS_HTML, "col") || rule == ELEMENT_TEMPLATE ? rule : ELEMENT_DROP;
    if (rule == ELEMENT_DROP || (!text && !options && node->parent != s->head))
        return rule;
    bool inside = rule == ELEMENT_NOSCRIPT || rule == ELEMENT_ROOT;
    if (node->parent == s->head)
        return inside || (policy != NULL && (policy->flags & ELEMENT_HEAD) != 0) ? rule
                                                                                 : ELEMENT_DROP;
    static const enum element_rule plain[] = {ELEMENT_KEEP,     ELEMENT_UNWRAP, ELEMENT_OPTIONS,
                                              ELEMENT_NOSCRIPT, ELEMENT_ROOT,   ELEMENT_PRE};
    if (options && tree_is(node, NS_HTML, "optgroup") && tree_is(node->parent, NS_HTML, "optgroup"))
        return ELEMENT_UNWRAP;
    if (options && (tree_is(node, NS_HTML, "option") || tree_is(node, NS_HTML, "optgroup") ||
                    tree_is(node, NS_HTML, "hr")))
        return rule;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (rule == plain[i])
            return rule == ELEMENT_NOSCRIPT ? rule : ELEMENT_UNWRAP;
    return ELEMENT_DROP;
}

static bool set_fixed(struct sanitizer *s, xmlNodePtr node)
{
    /* Without an action a form is still sent, to the document's own URL; to a dialog it is not. */
    if (tree_is(node, NS_HTML, "form") && !tree_set_attribute(node, "method", "dialog"))
        return error_no_memory(s->err);
    /* Links of a frame open in a tab of their own, which may be an ordinary one. */
    if (tree_is(node, NS_HTML, "iframe") &&
        !tree_set_attribute(node, "sandbox", "allow-popups allow-popups-to-escape-sandbox"))
        return error_no_memory(s->err);
    return true;
}

static enum verdict visit_element(struct sanitizer *s, xmlNodePtr node)
{
    if (node != s->root && !find_place(node))
        return REMOVE;
    const struct element_policy *policy = policy_of(node);
    enum element_rule rule = ELEMENT_DROP;
    if (policy != NULL)
        rule = policy->rule;
    else if (tree_in(node->ns, NS_HTML))
        rule =
            policy_element_name(slice_of((const char *)node->name)) ? ELEMENT_KEEP : ELEMENT_UNWRAP;
    if (node != s->root)
        rule = narrow(s, node, policy, rule);
    enum verdict verdict = apply(s, node, rule);
    if ((verdict == INTO || verdict == OVER) &&
        (!nesting_settle(s, node) || !sanitize_attributes(s, node) || !set_fixed(s, node)))
        return FAILED;
    return verdict;
}

static enum verdict visit(struct sanitizer *s, xmlNodePtr node)
{
    if (node->type == XML_ELEMENT_NODE)
        return visit_element(s, node);
    if (node->type != XML_TEXT_NODE || node->parent == s->head || node->parent == s->root ||
        tree_is(node->parent, NS_HTML, "colgroup"))
        return REMOVE;
    return nesting_settle_text(s, node) ? OVER : FAILED;
}

static bool walk(struct sanitizer *s)
{
    for (xmlNodePtr node = s->root; node != NULL;) {
        switch (visit(s, node)) {
        case INTO:
            node = tree_next(node, s->root);
            break;
        case OVER:
            node = tree_after(node, s->root);
            break;
        case REMOVE:
            node = tree_remove(node, s->root);
            break;
        case UNWRAP:
            node = tree_unwrap(node, s->root);
            break;
        case FAILED:
            return false;
        }
    }
    return true;
}

bool sanitize_document(struct document *doc, struct error *err)
{
    struct sanitizer s = {.doc = doc, .frame_border = 6, .err = err};
    s.root = xmlDocGetRootElement(doc->tree);
    s.head = s.root->children; /* as page/tree_build leaves it */
    s.body = s.root->last;
    buf_init(&s.text, 4 * LIMIT_DOCUMENT);
    buf_init(&s.css, 4 * LIMIT_DOCUMENT);
    bool ok = walk(&s);
    buf_finish(&s.text);
    buf_finish(&s.css);
    return ok;
}

#include "page/sanitize.h"

#include "page/assets.h"
#include "page/policy.h"
#include "page/srcset.h"

/* ---- Values ---- */

static bool is_reference(struct slice value, const char *scheme, bool fragment)
{
    size_t head = strlen(scheme);
    size_t len = head + ASSET_REF_SIZE - 1;
    if (!slice_starts(value, scheme) || value.len < len)
        return false;
    for (size_t i = head; i < len; i++) {
        char c = value.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return value.len == len || (fragment && value.ptr[len] == '#');
}

bool sanitize_is_asset(struct slice value)
{
    return is_reference(value, ASSET_SCHEME, true);
}

/* `linksnap-frame:REF` */
static bool is_frame(struct slice value)
{
    return is_reference(value, FRAME_SCHEME, false);
}

static bool dropped_by_url_parsers(char c)
{
    return c == '\t' || c == '\n' || c == '\r';
}

/* The scheme as the URL parser (WHATWG URL §4.4) sees it: leading controls and spaces are not
 * there, nor are tabs and newlines anywhere. Empty when there is none; one too long for any that
 * matters comes out cut. */
static struct slice scheme_of(struct slice value, char *room, size_t size)
{
    size_t at = 0;
    while (at < value.len && (unsigned char)value.ptr[at] <= ' ')
        at++;
    size_t len = 0;
    for (; at < value.len; at++) {
        char c = ascii_lower(value.ptr[at]);
        if (dropped_by_url_parsers(c))
            continue;
        if (c == ':')
            return slice_make(room, len);
        bool alpha = c >= 'a' && c <= 'z';
        bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!alpha && (len == 0 || !other))
            break;
        if (len < size)
            room[len++] = c;
    }
    return slice_of("");
}

bool sanitize_is_link(struct slice value)
{
    char room[32];
    return policy_link_scheme(scheme_of(value, room, sizeof room));
}

static bool is_fragment(struct slice value)
{
    return value.len > 0 && value.ptr[0] == '#';
}

bool sanitize_is_data(struct slice value)
{
    if (!slice_starts_nocase(value, "data:"))
        return false;
    size_t end = 5;
    for (; end < value.len && value.ptr[end] != ';' && value.ptr[end] != ','; end++) {
        char c = ascii_lower(value.ptr[end]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && memchr("/+.-", c, 4) == NULL)
            return false;
    }
    return end < value.len && policy_data_type(slice_sub(value, 5, end - 5));
}

/* Anything a browser could go to, were the attribute one that it goes to. */
static bool looks_like_url(struct slice value)
{
    char room[32];
    struct slice trimmed = slice_trim(value);
    return scheme_of(value, room, sizeof room).len > 0 || slice_starts(trimmed, "//") ||
           slice_starts(trimmed, "\\\\") || slice_starts(trimmed, "/\\") ||
           slice_starts(trimmed, "\\/");
}

/* ---- Attributes that are rewritten ---- */

static bool set_value(struct sanitizer *s, xmlAttrPtr attr, struct slice value)
{
    return tree_set_value(attr, value) || error_no_memory(s->err);
}

static bool check_css(struct sanitizer *s, xmlAttrPtr attr)
{
    struct slice value = tree_value(attr);
    if (slice_find_byte(value, 0, '(') == value.len &&
        slice_find(value, 0, slice_of("linksnap-")) == value.len)
        return true;
    bool changed;
    if (!sanitize_css(s, value, false, &changed))
        return false;
    return !changed || set_value(s, attr, buf_slice(&s->css));
}

static bool check_candidate(struct slice url, struct buf *replacement_out, void *arg,
                            struct error *err)
{
    (void)arg;
    (void)err;
    if (sanitize_is_asset(url) || sanitize_is_data(url))
        buf_add_slice(replacement_out, url);
    return true;
}

static bool check_srcset(struct sanitizer *s, xmlAttrPtr attr, bool *stays_out)
{
    buf_reset(&s->text);
    struct slice value = tree_value(attr);
    if (!srcset_rewrite(value, check_candidate, NULL, &s->text, s->err))
        return false;
    *stays_out = s->text.len > 0 || value.len == 0;
    return !*stays_out || slice_equal(value, buf_slice(&s->text)) ||
           set_value(s, attr, buf_slice(&s->text));
}

/* A link that may not be followed keeps a place to lead to, or it would not look like one. */
static bool check_link(struct sanitizer *s, xmlAttrPtr attr)
{
    struct slice value = tree_value(attr);
    if (is_fragment(value))
        return true;
    if (!sanitize_is_link(value))
        return set_value(s, attr, slice_of("#"));
    s->leads_away = true;
    return true;
}

static bool asset_stays(const xmlNode *node, const xmlAttr *attr)
{
    struct slice value = tree_value(attr);
    if (sanitize_is_asset(value) || sanitize_is_data(value))
        return true;
    if (tree_is(node, NS_HTML, "link")) /* sanitize_link_stays has seen which kind it is */
        return slice_equal(tree_value(tree_find_attribute(node, "rel")), slice_of("canonical"));
    return tree_is(node, NS_SVG, "feImage") && is_fragment(value);
}

static bool holds_nocase(struct slice s, const char *word)
{
    for (size_t at = 0; at < s.len; at++)
        if (slice_starts_nocase(slice_sub(s, at, s.len), word))
            return true;
    return false;
}

/* SMIL cuts a list at its semicolons before it reads CSS (SVG Animations §2.2.3), so a quote in one
 * part could hide a url() in the next from a check of the whole: what an animation takes from a URL
 * goes altogether. */
static bool animates_url(const xmlAttr *attr)
{
    static const char *const names[] = {"values", "from", "to", "by"};
    struct slice value = tree_value(attr);
    bool list = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        list |= strcmp((const char *)attr->name, names[i]) == 0;
    return list && slice_find_byte(value, 0, '(') < value.len &&
           (slice_find_byte(value, 0, '\\') < value.len || holds_nocase(value, "url") ||
            holds_nocase(value, "src") || holds_nocase(value, "image") ||
            holds_nocase(value, "attr"));
}

static bool unknown_stays(struct sanitizer *s, xmlAttrPtr attr, bool *stays_out)
{
    *stays_out = !looks_like_url(tree_value(attr)) && !animates_url(attr);
    return !*stays_out || check_css(s, attr);
}

/* ---- One attribute ---- */

static enum attribute_rule rule_of(const xmlNode *node, const xmlAttr *attr)
{
    char name[48];
    const char *prefix = "";
    if (tree_in(attr->ns, NS_XLINK) && !tree_in(node->ns, NS_HTML))
        prefix = "xlink:";
    else if (tree_in(attr->ns, (const char *)XML_XML_NAMESPACE))
        prefix = "xml:";
    else if (attr->ns != NULL)
        return ATTRIBUTE_DROP;
    /* page/standalone looks for this word in the text, where a name would stand unescaped. */
    if (strstr((const char *)attr->name, "linksnap-") != NULL)
        return ATTRIBUTE_DROP;
    size_t head = strlen(prefix);
    size_t len = strlen((const char *)attr->name);
    if (head + len >= sizeof name)
        return head > 0 ? ATTRIBUTE_DROP
                        : policy_attribute((const char *)node->name, (const char *)attr->name);
    memcpy(name, prefix, head);
    memcpy(name + head, attr->name, len + 1);
    return policy_attribute((const char *)node->name, name);
}

static bool name_survives(const xmlNode *node, const xmlAttr *attr)
{
    enum policy_ns ns = POLICY_HTML;
    if (attr->ns == NULL && tree_in(node->ns, NS_SVG))
        ns = POLICY_SVG;
    else if (attr->ns == NULL && tree_in(node->ns, NS_MATHML))
        ns = POLICY_MATHML;
    return policy_attribute_survives(ns, (const char *)attr->name);
}

static bool check(struct sanitizer *s, xmlNodePtr node, xmlAttrPtr attr, enum attribute_rule rule,
                  bool *stays_out)
{
    struct slice value = tree_value(attr);
    *stays_out = true;
    switch (rule) {
    case ATTRIBUTE_KEEP:
        return true;
    case ATTRIBUTE_UNKNOWN:
        return unknown_stays(s, attr, stays_out);
    case ATTRIBUTE_STYLE:
    case ATTRIBUTE_PAINT:
        return check_css(s, attr);
    case ATTRIBUTE_LINK:
        return check_link(s, attr);
    case ATTRIBUTE_SRCSET:
        return check_srcset(s, attr, stays_out);
    case ATTRIBUTE_ASSET:
        *stays_out = asset_stays(node, attr);
        return true;
    case ATTRIBUTE_LOCAL:
        *stays_out = is_fragment(value) || sanitize_is_asset(value);
        return true;
    case ATTRIBUTE_FRAME:
        *stays_out = is_frame(value);
        return true;
    case ATTRIBUTE_DROP:
        break;
    }
    *stays_out = false;
    return true;
}

static bool is_shadow_mark(const xmlNode *node, const xmlAttr *attr)
{
    return tree_in(attr->ns, NS_WIRE) && tree_is(node, NS_HTML, "template") &&
           strcmp((const char *)attr->name, "shadow") == 0;
}

bool sanitize_attributes(struct sanitizer *s, xmlNodePtr node)
{
    s->leads_away = false;
    for (xmlAttrPtr attr = node->properties, next; attr != NULL; attr = next) {
        next = attr->next;
        if (is_shadow_mark(node, attr))
            continue;
        bool stays = name_survives(node, attr);
        if (stays && !check(s, node, attr, rule_of(node, attr), &stays))
            return false;
        if (!stays)
            tree_remove_attribute(attr);
    }
    if (s->leads_away && (!tree_set_attribute(node, "target", "_blank") ||
                          !tree_set_attribute(node, "rel", "noopener noreferrer")))
        return error_no_memory(s->err);
    return true;
}

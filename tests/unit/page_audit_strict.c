#include "page_audit_strict.h"

#include "base/slice.h"
#include "page_audit.h"

#include <gumbo.h>
#include <libxml/HTMLparser.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum space { SPACE_HTML, SPACE_SVG, SPACE_MATHML, SPACE_UNTOLD };

struct strict {
    char *why;
    size_t size;
    bool exported;
    bool bad;
};

static void blame(struct strict *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void blame(struct strict *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!s->bad)
        vsnprintf(s->why, s->size, format, args);
    va_end(args);
    s->bad = true;
}

/* Whether a list of words in lower case, each with a space on both sides, has this one. */
static bool lists(const char *list, const char *word)
{
    char text[64];
    int len = snprintf(text, sizeof text, " %s ", word);
    if (len >= (int)sizeof text || strchr(word, ' ') != NULL)
        return false;
    for (char *c = text; *c != '\0'; c++)
        *c = ascii_lower(*c);
    return strstr(list, text) != NULL;
}

/* ---- Elements ---- */

/* By the standards' own indexes of elements, without those that load, run, navigate or change how
 * the rest is read: HTML §"Elements" and §16.2, SVG 2 appendix G, MathML Core §2. */
static const char html_names[] =
    " a abbr acronym address applet area article aside audio b bdi bdo big blink blockquote body br"
    " button canvas caption center cite code col colgroup data datalist dd del details dfn dialog"
    " dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header"
    " hgroup hr html i iframe img input ins kbd label legend li link listing main map mark marquee"
    " menu meta meter nav nobr object ol optgroup option output p picture pre progress q rb rbc rp"
    " rt rtc ruby s samp search section select slot small source spacer span strike strong style"
    " sub summary sup table tbody td template textarea tfoot th thead time title tr track tt u ul"
    " var video wbr ";
/* Of HTML, SVG and whatever else: none may stand anywhere, as HTML even under a prefix. */
static const char live_names[] =
    " script base embed frame frameset portal fencedframe noscript noembed noframes plaintext xmp"
    " param bgsound basefont keygen isindex nextid image permission geolocation install usermedia"
    " login credential camera microphone model selectedcontent handler listener foreignscript"
    " animatecolor animation annotation-xml color-profile cursor discard font-face font-face-uri"
    " glyph maligngroup malignmark metadata mglyph missing-glyph prefetch tref hatch mesh"
    " command menuitem content shadow altglyph ";
static const char svg_names[] =
    " a animate animatemotion animatetransform circle clippath defs desc ellipse feblend"
    " fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting"
    " fedisplacementmap fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr"
    " fegaussianblur feimage femerge femergenode femorphology feoffset fepointlight"
    " fespecularlighting fespotlight fetile feturbulence filter foreignobject g image line"
    " lineargradient marker mask mpath path pattern polygon polyline radialgradient rect set stop"
    " style svg switch symbol text textpath title tspan use view ";
static const char mathml_names[] =
    " annotation maction math menclose merror mfenced mfrac mi mlabeledtr mmultiscripts mn mo mover"
    " mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd"
    " mtext mtr munder munderover none semantics ";

static void check_element(struct strict *s, enum space space, const char *name)
{
    bool svg_only = lists(svg_names, name) && !lists(html_names, name);
    bool fine = space == SPACE_SVG      ? lists(svg_names, name)
                : space == SPACE_MATHML ? lists(mathml_names, name)
                : space == SPACE_HTML   ? !lists(live_names, name) && !svg_only
                                        : !lists(live_names, name) || strcmp(name, "image") == 0;
    if (space == SPACE_HTML && strcmp(name, "svg") == 0)
        fine = false;
    if (!fine)
        blame(s, "<%s> of kind %d", name, (int)space);
}

/* ---- Attributes ---- */

/* What a URL parser sees of it, lower-cased. */
static void squeeze(const char *value, char *out, size_t size)
{
    size_t len = 0;
    while (*value != '\0' && (unsigned char)*value <= ' ')
        value++;
    for (; *value != '\0' && len + 1 < size; value++)
        if (strchr("\t\n\r", *value) == NULL)
            out[len++] = ascii_lower(*value);
    out[len] = '\0';
}

static bool leads_away(const char *squeezed)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:", "ftp:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncmp(squeezed, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static void check_href(struct strict *s, const char *element, const char *value)
{
    char url[256];
    squeeze(value, url, sizeof url);
    bool link = lists(" a area ", element);
    bool asset = page_audit_is_ref(value, "linksnap-asset:") ||
                 (s->exported && strncmp(value, "data:,%20", 9) == 0);
    bool fine;
    if (link)
        fine = url[0] == '#' || leads_away(url);
    else if (lists(" image feimage img link ", element))
        fine = value[0] == '#' || page_audit_loads_inside(value) ||
               (strcmp(element, "link") == 0 && leads_away(url));
    else
        fine = value[0] == '#' || asset;
    if (!fine)
        blame(s, "<%s href=%s>", element, value);
}

/* Attributes that hold text whatever it looks like. */
static bool holds_text(const char *name)
{
    return lists(" title alt value content placeholder label id class name summary abbr for list"
                 " pattern lang d datetime about property typeof vocab prefix resource itemid"
                 " itemprop itemtype media headers standby sizes usemap type part exportparts slot"
                 " face points transform viewbox requiredextensions requiredfeatures ",
                 name) ||
           strncmp(name, "data-", 5) == 0 || strncmp(name, "aria-", 5) == 0 ||
           strcmp(name, "xml:lang") == 0;
}

/* Each loads, sends, runs, or says how the page is shown to others. */
static const char live_attributes[] =
    " action formaction formmethod formtarget formenctype ping manifest data code codebase archive"
    " classid codetype nonce integrity crossorigin autofocus autoplay allow csp longdesc lowsrc"
    " dynsrc imagesrcset imagesizes attributionsrc cite profile icon download referrerpolicy"
    " adauctionheaders browsingtopics sharedstoragewritable privatetoken environmentmap installurl"
    " patchsrc patchfor contentname blocking fetchpriority loading preload pluginspage xml:base"
    " xlink:actuate xlink:show ev:event enctype credentialless policy charset ";

static void check_value(struct strict *s, const char *element, const char *name, const char *value)
{
    char url[64];
    char why[128];
    squeeze(value, url, sizeof url);
    size_t scheme = strspn(url, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
    bool absolute = (scheme > 0 && url[scheme] == ':') || strncmp(url, "//", 2) == 0;
    bool css = strcmp(name, "style") == 0 || strchr(value, '(') != NULL;
    if (strcmp(name, "style") != 0 && absolute)
        blame(s, "<%s %s=%s>", element, name, value);
    if (css && !page_audit_css(value, false, why, sizeof why))
        blame(s, "<%s %s>: %s", element, name, why);
}

static bool is_frame_url(const struct strict *s, const char *name, const char *value)
{
    return s->exported && (strcmp(name, "srcdoc") == 0 ||
                           strncmp(value, "data:text/html;charset=utf-8;base64,", 36) == 0);
}

static void check_attribute(struct strict *s, const char *element, const char *name,
                            const char *value)
{
    bool meta = s->exported && strcmp(element, "meta") == 0;
    if (meta && strcmp(name, "charset") == 0)
        return;
    if (strncmp(name, "on", 2) == 0 || lists(live_attributes, name) ||
        (strncmp(name, "shadowroot", 10) == 0 && strcmp(name, "shadowrootmode") != 0))
        blame(s, "<%s %s>", element, name);
    if (strcmp(name, "href") == 0 || strcmp(name, "xlink:href") == 0) {
        check_href(s, element, value);
    } else if (strcmp(element, "iframe") == 0 && lists(" src srcdoc ", name)) {
        if (!page_audit_is_ref(value, "linksnap-frame:") && !is_frame_url(s, name, value))
            blame(s, "<iframe %s=%s>", name, value);
    } else if (lists(" src poster background ", name)) {
        if (!lists(" audio img input source track video body table tbody td tfoot th thead tr ",
                   element) ||
            !page_audit_loads_inside(value))
            blame(s, "<%s %s=%s>", element, name, value);
    } else if (strcmp(name, "target") == 0) {
        if (strcmp(value, "_blank") != 0)
            blame(s, "target=%s", value);
    } else if (strcmp(name, "http-equiv") == 0) {
        bool ours = strcmp(value, "Content-Security-Policy") == 0 ||
                    strcmp(value, "x-dns-prefetch-control") == 0;
        if (!lists(" content-language default-style ", value) && !(s->exported && ours))
            blame(s, "http-equiv=%s", value);
    } else if (strcmp(name, "srcset") != 0 && !holds_text(name)) {
        check_value(s, element, name, value);
    }
}

static void check_sheet(struct strict *s, const char *css)
{
    char why[128];
    if (!page_audit_css(css, true, why, sizeof why))
        blame(s, "<style>: %s", why);
}

/* ---- gumbo's tree ---- */

static void name_of(const GumboElement *element, char *out, size_t size)
{
    GumboStringPiece text = element->original_tag;
    if (element->tag != GUMBO_TAG_UNKNOWN || text.data == NULL) {
        snprintf(out, size, "%s", gumbo_normalized_tagname(element->tag));
        return;
    }
    gumbo_tag_from_original_text(&text);
    snprintf(out, size, "%.*s", (int)text.length, text.data);
    for (char *c = out; *c != '\0'; c++)
        *c = ascii_lower(*c);
}

static void check_gumbo_element(struct strict *s, const GumboElement *element)
{
    static const char *const prefixes[] = {"", "xlink:", "xml:", "xmlns:"};
    static const enum space spaces[] = {SPACE_HTML, SPACE_SVG, SPACE_MATHML};
    char name[64];
    char folded[80];
    name_of(element, name, sizeof name);
    check_element(s, spaces[element->tag_namespace], name);
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attr = element->attributes.data[i];
        snprintf(folded, sizeof folded, "%s%s", prefixes[attr->attr_namespace], attr->name);
        for (char *c = folded; *c != '\0'; c++)
            *c = ascii_lower(*c);
        check_attribute(s, name, folded, attr->value);
    }
    if (element->tag == GUMBO_TAG_STYLE && element->children.length > 0) {
        const GumboNode *text = element->children.data[0];
        if (element->children.length > 1 ||
            (text->type != GUMBO_NODE_TEXT && text->type != GUMBO_NODE_WHITESPACE))
            blame(s, "<style> holds more than one text");
        else
            check_sheet(s, text->v.text.text);
    }
}

/* The next node in the order of the document. */
static const GumboNode *after(const GumboNode *node, const GumboNode *root)
{
    bool parent = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
    if (parent && node->v.element.children.length > 0)
        return node->v.element.children.data[0];
    while (node != root) {
        const GumboVector *siblings = &node->parent->v.element.children;
        size_t next = node->index_within_parent + 1;
        if (next < siblings->length)
            return siblings->data[next];
        node = node->parent;
    }
    return NULL;
}

static void check_with_gumbo(struct strict *s, const char *html)
{
    GumboOutput *output = gumbo_parse(html);
    for (const GumboNode *node = output->root; node != NULL; node = after(node, output->root))
        if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE)
            check_gumbo_element(s, &node->v.element);
    gumbo_destroy_output(&kGumboDefaultOptions, output);
}

/* ---- libxml2's ---- */

static void check_libxml_element(struct strict *s, const xmlNode *node)
{
    const char *name = (const char *)node->name;
    check_element(s, SPACE_UNTOLD, name);
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        char folded[80];
        bool empty = attr->children == NULL || attr->children->content == NULL;
        snprintf(folded, sizeof folded, "%s", (const char *)attr->name);
        for (char *c = folded; *c != '\0'; c++)
            *c = ascii_lower(*c);
        check_attribute(s, name, folded, empty ? "" : (const char *)attr->children->content);
    }
    if (strcmp(name, "style") == 0)
        for (const xmlNode *text = node->children; text != NULL; text = text->next)
            if (text->content != NULL)
                check_sheet(s, (const char *)text->content);
}

static void check_with_libxml(struct strict *s, const char *html)
{
    htmlDocPtr doc = htmlReadMemory(html, (int)strlen(html), NULL, "utf-8",
                                    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                        HTML_PARSE_NONET | XML_PARSE_HUGE);
    const xmlNode *node = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    while (node != NULL) {
        if (node->type == XML_ELEMENT_NODE)
            check_libxml_element(s, node);
        if (node->children != NULL && node->type == XML_ELEMENT_NODE) {
            node = node->children;
            continue;
        }
        while (node != NULL && node->next == NULL)
            node = node->parent != NULL && node->parent->type == XML_ELEMENT_NODE ? node->parent
                                                                                  : NULL;
        node = node != NULL ? node->next : NULL;
    }
    xmlFreeDoc(doc);
}

bool page_audit_strict(const char *html, bool exported, char *why, size_t size)
{
    struct strict s = {.why = why, .size = size, .exported = exported};
    check_with_gumbo(&s, html);
    check_with_libxml(&s, html);
    return !s.bad;
}

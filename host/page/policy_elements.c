#include "page/policy.h"

/* Short names keep the tables' rows short. */
#define KEEP   ELEMENT_KEEP
#define DROP   ELEMENT_DROP
#define UNWRAP ELEMENT_UNWRAP
#define EMPTY  ELEMENT_EMPTY
#define TEXT   ELEMENT_TEXT

enum {
    V = ELEMENT_VOID,
    B = ELEMENT_BLOCK,
    H = ELEMENT_HEAD,
    I = ELEMENT_INTEGRATION,
    S = ELEMENT_SPACED,
    P = ELEMENT_CLOSES_P,
    W = ELEMENT_WALL,
    T = ELEMENT_TABLE_PART
};

/* Each table is sorted by name: the look-up is a binary search, and a test checks the order. */
static const struct element_policy html_elements[] = {
    {"a", KEEP, 0},
    {"abbr", KEEP, 0},
    {"acronym", KEEP, 0},
    {"address", KEEP, B | P},
    {"applet", KEEP, W}, /* no browser runs it; page/nesting uses it as a wall */
    {"area", EMPTY, V},
    {"article", KEEP, B | P},
    {"aside", KEEP, B | P},
    {"audio", KEEP, B},
    {"b", KEEP, 0},
    {"base", DROP, V | H},
    {"basefont", DROP, V | H},
    {"bdi", KEEP, 0},
    {"bdo", KEEP, 0},
    {"bgsound", DROP, V | H},
    {"big", KEEP, 0},
    {"blink", KEEP, 0},
    {"blockquote", KEEP, B | P},
    {"body", ELEMENT_ROOT, B},
    {"br", EMPTY, V},
    {"button", KEEP, S},
    {"camera", UNWRAP, 0},
    {"canvas", KEEP, 0},
    {"caption", KEEP, B | W | T},
    {"center", KEEP, B | P},
    {"cite", KEEP, 0},
    {"code", KEEP, 0},
    {"col", EMPTY, V | T},
    {"colgroup", KEEP, T},
    {"command", UNWRAP, 0},
    {"content", UNWRAP, 0},
    {"credential", UNWRAP, 0},
    {"data", KEEP, 0},
    {"datalist", KEEP, 0},
    {"dd", KEEP, B | P},
    {"del", KEEP, 0},
    {"details", KEEP, B | P},
    {"dfn", KEEP, 0},
    {"dialog", KEEP, B | P},
    {"dir", KEEP, B | P},
    {"div", KEEP, B | P},
    {"dl", KEEP, B | P},
    {"dt", KEEP, B | P},
    {"em", KEEP, 0},
    {"embed", ELEMENT_OBJECT, V},
    {"fencedframe", DROP, 0},
    {"fieldset", KEEP, B | P},
    {"figcaption", KEEP, B | P},
    {"figure", KEEP, B | P},
    {"font", KEEP, 0},
    {"footer", KEEP, B | P},
    {"form", KEEP, B | P},
    {"frame", ELEMENT_FRAME, V},
    {"frameset", ELEMENT_FRAMESET, B},
    {"geolocation", UNWRAP, 0},
    {"h1", KEEP, B | P},
    {"h2", KEEP, B | P},
    {"h3", KEEP, B | P},
    {"h4", KEEP, B | P},
    {"h5", KEEP, B | P},
    {"h6", KEEP, B | P},
    {"head", ELEMENT_ROOT, B},
    {"header", KEEP, B | P},
    {"hgroup", KEEP, B | P},
    {"hr", EMPTY, V | B | P},
    {"html", ELEMENT_ROOT, B},
    {"i", KEEP, 0},
    {"iframe", EMPTY, B},
    {"image", UNWRAP, 0}, /* parsers turn the tag into <img> */
    {"img", EMPTY, V},
    {"input", EMPTY, V},
    {"ins", KEEP, 0},
    {"install", UNWRAP, 0},
    {"isindex", UNWRAP, 0},
    {"kbd", KEEP, 0},
    {"keygen", DROP, V},
    {"label", KEEP, 0},
    {"legend", KEEP, B},
    {"li", KEEP, B | P},
    {"link", ELEMENT_LINK, V | H},
    {"listing", KEEP, B | P},
    {"login", UNWRAP, 0},
    {"main", KEEP, B | P},
    {"map", KEEP, 0},
    {"mark", KEEP, 0},
    {"marquee", KEEP, B | W},
    {"menu", KEEP, B | P},
    {"menuitem", UNWRAP, 0},
    {"meta", ELEMENT_META, V | H},
    {"meter", KEEP, 0},
    {"microphone", UNWRAP, 0},
    {"model", UNWRAP, 0},
    {"nav", KEEP, B | P},
    {"nextid", DROP, V},
    {"nobr", KEEP, 0},
    {"noembed", DROP, 0},
    {"noframes", DROP, H},
    {"noscript", ELEMENT_NOSCRIPT, H},
    {"object", ELEMENT_OBJECT, W},
    {"ol", KEEP, B | P},
    {"optgroup", ELEMENT_OPTIONS, B},
    {"option", TEXT, B},
    {"output", KEEP, 0},
    {"p", KEEP, B | P},
    {"param", DROP, V},
    {"permission", UNWRAP, 0},
    {"picture", KEEP, 0},
    {"plaintext", ELEMENT_PRE, B | P},
    {"portal", DROP, 0},
    {"pre", KEEP, B | P},
    {"progress", KEEP, 0},
    {"q", KEEP, 0},
    {"rb", KEEP, 0},
    {"rbc", KEEP, 0},
    {"rp", KEEP, 0},
    {"rt", KEEP, 0},
    {"rtc", KEEP, 0},
    {"ruby", KEEP, 0},
    {"s", KEEP, 0},
    {"samp", KEEP, 0},
    {"script", DROP, H},
    {"search", KEEP, B | P},
    {"section", KEEP, B | P},
    {"select", ELEMENT_OPTIONS, B},
    {"selectedcontent", UNWRAP, 0},
    {"shadow", UNWRAP, 0},
    {"slot", KEEP, 0},
    {"small", KEEP, 0},
    {"source", EMPTY, V},
    {"spacer", KEEP, 0},
    {"span", KEEP, 0},
    {"strike", KEEP, 0},
    {"strong", KEEP, 0},
    {"style", ELEMENT_STYLE, H},
    {"sub", KEEP, 0},
    {"summary", KEEP, B | P},
    {"sup", KEEP, 0},
    {"table", KEEP, B | P | W},
    {"tbody", KEEP, B | T},
    {"td", KEEP, S | W | T},
    {"template", ELEMENT_TEMPLATE, H | W},
    {"textarea", TEXT, B},
    {"tfoot", KEEP, B | T},
    {"th", KEEP, S | W | T},
    {"thead", KEEP, B | T},
    {"time", KEEP, 0},
    {"title", TEXT, B | H},
    {"tr", KEEP, B | T},
    {"track", EMPTY, V},
    {"tt", KEEP, 0},
    {"u", KEEP, 0},
    {"ul", KEEP, B | P},
    {"usermedia", UNWRAP, 0},
    {"var", KEEP, 0},
    {"video", KEEP, B},
    {"wbr", EMPTY, V},
    {"xmp", ELEMENT_PRE, B | P},
};

static const struct element_policy svg_elements[] = {
    {"a", KEEP, 0},
    {"animate", ELEMENT_ANIMATION, 0},
    {"animateMotion", ELEMENT_ANIMATION, 0},
    {"animateTransform", ELEMENT_ANIMATION, 0},
    {"circle", KEEP, 0},
    {"clipPath", KEEP, 0},
    {"defs", KEEP, 0},
    {"desc", TEXT, I},
    {"ellipse", KEEP, 0},
    {"feBlend", KEEP, 0},
    {"feColorMatrix", KEEP, 0},
    {"feComponentTransfer", KEEP, 0},
    {"feComposite", KEEP, 0},
    {"feConvolveMatrix", KEEP, 0},
    {"feDiffuseLighting", KEEP, 0},
    {"feDisplacementMap", KEEP, 0},
    {"feDistantLight", KEEP, 0},
    {"feDropShadow", KEEP, 0},
    {"feFlood", KEEP, 0},
    {"feFuncA", KEEP, 0},
    {"feFuncB", KEEP, 0},
    {"feFuncG", KEEP, 0},
    {"feFuncR", KEEP, 0},
    {"feGaussianBlur", KEEP, 0},
    {"feImage", KEEP, 0},
    {"feMerge", KEEP, 0},
    {"feMergeNode", KEEP, 0},
    {"feMorphology", KEEP, 0},
    {"feOffset", KEEP, 0},
    {"fePointLight", KEEP, 0},
    {"feSpecularLighting", KEEP, 0},
    {"feSpotLight", KEEP, 0},
    {"feTile", KEEP, 0},
    {"feTurbulence", KEEP, 0},
    {"filter", KEEP, 0},
    {"foreignObject", KEEP, B | I},
    {"g", KEEP, 0},
    {"image", KEEP, 0},
    {"line", KEEP, 0},
    {"linearGradient", KEEP, 0},
    {"marker", KEEP, 0},
    {"mask", KEEP, 0},
    {"mpath", KEEP, 0},
    {"path", KEEP, 0},
    {"pattern", KEEP, 0},
    {"polygon", KEEP, 0},
    {"polyline", KEEP, 0},
    {"radialGradient", KEEP, 0},
    {"rect", KEEP, 0},
    {"set", ELEMENT_ANIMATION, 0},
    {"stop", KEEP, 0},
    {"style", ELEMENT_STYLE, 0},
    {"svg", KEEP, 0},
    {"switch", KEEP, 0},
    {"symbol", KEEP, 0},
    {"text", KEEP, B},
    {"textPath", KEEP, 0},
    {"title", TEXT, B | I},
    {"tspan", KEEP, 0},
    {"use", KEEP, 0},
    {"view", KEEP, 0},
};

/* <annotation-xml> is an integration point or none by its attributes, <mglyph> and <malignmark>
 * change namespace by their parent: nothing shown is lost with them. */
static const struct element_policy mathml_elements[] = {
    {"annotation", TEXT, B}, {"maction", KEEP, 0},
    {"math", KEEP, 0},       {"menclose", KEEP, 0},
    {"merror", KEEP, 0},     {"mfenced", KEEP, 0},
    {"mfrac", KEEP, 0},      {"mi", KEEP, I},
    {"mlabeledtr", KEEP, 0}, {"mmultiscripts", KEEP, 0},
    {"mn", KEEP, I},         {"mo", KEEP, I},
    {"mover", KEEP, 0},      {"mpadded", KEEP, 0},
    {"mphantom", KEEP, 0},   {"mprescripts", KEEP, 0},
    {"mroot", KEEP, 0},      {"mrow", KEEP, 0},
    {"ms", KEEP, I},         {"mspace", KEEP, 0},
    {"msqrt", KEEP, 0},      {"mstyle", KEEP, 0},
    {"msub", KEEP, 0},       {"msubsup", KEEP, 0},
    {"msup", KEEP, 0},       {"mtable", KEEP, 0},
    {"mtd", KEEP, 0},        {"mtext", KEEP, I},
    {"mtr", KEEP, 0},        {"munder", KEEP, 0},
    {"munderover", KEEP, 0}, {"none", KEEP, 0},
    {"semantics", KEEP, 0},
};

/* Names of SVG and MathML that are in no table above and yet must not become a name of ours. */
static const char foreign_names[] =
    " altglyph altglyphdef altglyphitem animatecolor animation annotation-xml color-profile"
    " cursor discard "
    " font-face font-face-format font-face-name font-face-src font-face-uri glyph glyphref "
    " handler hatch hatchpath hkern listener maligngroup malignmark mesh meshgradient "
    " meshpatch meshrow metadata mglyph missing-glyph mlongdiv mscarries mscarry msgroup "
    " msline msrow mstack prefetch solidcolor tref unknown vkern ";

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct element_policy *find(const struct element_policy *table, size_t count,
                                         const char *name)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, table[middle].name);
        if (order == 0)
            return &table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool policy_lists(const char *list, const char *word)
{
    size_t len = strlen(word);
    if (len == 0 || strchr(word, ' ') != NULL)
        return false;
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += len)
        if (at > list && at[-1] == ' ' && at[len] == ' ')
            return true;
    return false;
}

static bool foreign_name(const char *name)
{
    if (policy_lists(foreign_names, name))
        return true;
    for (size_t i = 0; i < COUNT(svg_elements); i++)
        if (slice_equal_nocase(slice_of(svg_elements[i].name), name))
            return true;
    return find(mathml_elements, COUNT(mathml_elements), name) != NULL;
}

const struct element_policy *policy_element(enum policy_ns ns, const char *name)
{
    switch (ns) {
    case POLICY_SVG:
        return find(svg_elements, COUNT(svg_elements), name);
    case POLICY_MATHML:
        return find(mathml_elements, COUNT(mathml_elements), name);
    case POLICY_HTML:
        break;
    }
    return find(html_elements, COUNT(html_elements), name);
}

bool policy_element_name(struct slice name)
{
    char text[64];
    if (name.len == 0 || name.len >= sizeof text || name.ptr[0] < 'a' || name.ptr[0] > 'z')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                     c == '_' || c == ':' || (unsigned char)c >= 0x80;
        if (!plain)
            return false;
    }
    /* page/standalone looks for this word in the text, where a name would stand unescaped. */
    if (slice_find(name, 0, slice_of("linksnap-")) < name.len)
        return false;
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    /* Readers that know prefixes in HTML take <x:script> for a <script>. */
    const char *colon = strrchr(text, ':');
    const struct element_policy *local =
        colon != NULL ? find(html_elements, COUNT(html_elements), colon + 1) : NULL;
    if ((local != NULL && local->rule != ELEMENT_KEEP) ||
        (colon != NULL && policy_lists(foreign_names, colon + 1)))
        return false;
    return find(html_elements, COUNT(html_elements), text) == NULL && !foreign_name(text);
}

#include "page/policy.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct attribute_policy {
    const char *name;
    enum attribute_rule rule;
    const char *elements; /* each between spaces; NULL for all that no row above named */
};

/* Sorted by name. What a browser loads, follows, runs or sends by itself, and what may hold a URL
 * without being one. All else is ATTRIBUTE_UNKNOWN. */
static const struct attribute_policy attributes[] = {
    {"abbr", ATTRIBUTE_KEEP, NULL},
    {"about", ATTRIBUTE_KEEP, NULL},
    {"action", ATTRIBUTE_DROP, NULL},
    {"adauctionheaders", ATTRIBUTE_DROP, NULL},
    {"allow", ATTRIBUTE_DROP, NULL},
    {"allowfullscreen", ATTRIBUTE_DROP, NULL},
    {"alt", ATTRIBUTE_KEEP, NULL},
    {"archive", ATTRIBUTE_DROP, NULL},
    {"attributionsrc", ATTRIBUTE_DROP, NULL},
    {"autofocus", ATTRIBUTE_DROP, NULL},
    {"autoplay", ATTRIBUTE_DROP, NULL},
    {"background", ATTRIBUTE_ASSET, " body table tbody td tfoot th thead tr "},
    {"background", ATTRIBUTE_DROP, NULL},
    {"blocking", ATTRIBUTE_DROP, NULL},
    {"browsingtopics", ATTRIBUTE_DROP, NULL},
    {"charset", ATTRIBUTE_DROP, NULL},
    {"cite", ATTRIBUTE_DROP, NULL},
    {"class", ATTRIBUTE_KEEP, NULL},
    {"classid", ATTRIBUTE_DROP, NULL},
    {"clip-path", ATTRIBUTE_PAINT, NULL},
    {"code", ATTRIBUTE_DROP, NULL},
    {"codebase", ATTRIBUTE_DROP, NULL},
    {"codetype", ATTRIBUTE_DROP, NULL},
    {"content", ATTRIBUTE_KEEP, NULL},
    {"contenteditable", ATTRIBUTE_KEEP, NULL}, /* changes how lines break */
    {"contentname", ATTRIBUTE_DROP, NULL},     /* where a <template for> is poured in */
    {"credentialless", ATTRIBUTE_DROP, NULL},
    {"crossorigin", ATTRIBUTE_DROP, NULL},
    {"csp", ATTRIBUTE_DROP, NULL},
    {"cursor", ATTRIBUTE_PAINT, NULL},
    {"d", ATTRIBUTE_KEEP, NULL},
    {"data", ATTRIBUTE_DROP, NULL},
    {"datetime", ATTRIBUTE_KEEP, NULL},
    {"declare", ATTRIBUTE_DROP, NULL},
    {"decoding", ATTRIBUTE_DROP, NULL},
    {"defer", ATTRIBUTE_DROP, NULL},
    {"download", ATTRIBUTE_DROP, NULL},
    {"dynsrc", ATTRIBUTE_DROP, NULL},
    {"enctype", ATTRIBUTE_DROP, NULL},
    {"environmentmap", ATTRIBUTE_DROP, NULL},
    {"exportparts", ATTRIBUTE_KEEP, NULL},
    {"face", ATTRIBUTE_KEEP, " font "},
    {"fetchpriority", ATTRIBUTE_DROP, NULL},
    {"fill", ATTRIBUTE_PAINT, NULL},
    {"filter", ATTRIBUTE_PAINT, NULL},
    {"for", ATTRIBUTE_DROP, " template "},
    {"for", ATTRIBUTE_KEEP, NULL},
    {"formaction", ATTRIBUTE_DROP, NULL},
    {"formenctype", ATTRIBUTE_DROP, NULL},
    {"formmethod", ATTRIBUTE_DROP, NULL},
    {"formnovalidate", ATTRIBUTE_DROP, NULL},
    {"formtarget", ATTRIBUTE_DROP, NULL},
    {"headers", ATTRIBUTE_KEEP, NULL},
    {"href", ATTRIBUTE_LINK, " a area "},
    {"href", ATTRIBUTE_ASSET, " feimage image link "},
    {"href", ATTRIBUTE_LOCAL,
     " animate animatemotion animatetransform filter lineargradient mpath pattern radialgradient"
     " set textpath use "},
    {"href", ATTRIBUTE_DROP, NULL},
    {"http-equiv", ATTRIBUTE_KEEP, " meta "},
    {"http-equiv", ATTRIBUTE_DROP, NULL},
    {"icon", ATTRIBUTE_DROP, NULL},
    {"id", ATTRIBUTE_KEEP, NULL},
    {"imagesizes", ATTRIBUTE_DROP, NULL},
    {"imagesrcset", ATTRIBUTE_DROP, NULL},
    {"installurl", ATTRIBUTE_DROP, NULL},
    {"integrity", ATTRIBUTE_DROP, NULL},
    {"ismap", ATTRIBUTE_DROP, NULL},
    {"itemid", ATTRIBUTE_KEEP, NULL},
    {"itemprop", ATTRIBUTE_KEEP, NULL},
    {"itemtype", ATTRIBUTE_KEEP, NULL},
    {"label", ATTRIBUTE_KEEP, NULL},
    {"lang", ATTRIBUTE_KEEP, NULL},
    {"list", ATTRIBUTE_KEEP, NULL},
    {"loading", ATTRIBUTE_DROP, NULL},
    {"longdesc", ATTRIBUTE_DROP, NULL},
    {"lowsrc", ATTRIBUTE_DROP, NULL},
    {"manifest", ATTRIBUTE_DROP, NULL},
    {"marker", ATTRIBUTE_PAINT, NULL},
    {"marker-end", ATTRIBUTE_PAINT, NULL},
    {"marker-mid", ATTRIBUTE_PAINT, NULL},
    {"marker-start", ATTRIBUTE_PAINT, NULL},
    {"mask", ATTRIBUTE_PAINT, NULL},
    {"media", ATTRIBUTE_KEEP, NULL},
    {"method", ATTRIBUTE_DROP, NULL},
    {"name", ATTRIBUTE_KEEP, NULL},
    {"nonce", ATTRIBUTE_DROP, NULL},
    {"part", ATTRIBUTE_KEEP, NULL},
    {"patchfor", ATTRIBUTE_DROP, NULL},
    {"patchsrc", ATTRIBUTE_DROP, NULL},
    {"pattern", ATTRIBUTE_KEEP, NULL},
    {"ping", ATTRIBUTE_DROP, NULL},
    {"placeholder", ATTRIBUTE_KEEP, NULL},
    {"pluginspage", ATTRIBUTE_DROP, NULL},
    {"pluginurl", ATTRIBUTE_DROP, NULL},
    {"points", ATTRIBUTE_KEEP, NULL},
    {"policy", ATTRIBUTE_DROP, NULL},
    {"poster", ATTRIBUTE_ASSET, " video "},
    {"poster", ATTRIBUTE_DROP, NULL},
    {"prefix", ATTRIBUTE_KEEP, NULL},
    {"preload", ATTRIBUTE_DROP, NULL},
    {"privatetoken", ATTRIBUTE_DROP, NULL},
    {"profile", ATTRIBUTE_DROP, NULL},
    {"property", ATTRIBUTE_KEEP, NULL},
    {"referrerpolicy", ATTRIBUTE_DROP, NULL},
    {"rel", ATTRIBUTE_KEEP, " link "},
    {"rel", ATTRIBUTE_DROP, NULL},
    {"requiredextensions", ATTRIBUTE_KEEP, NULL},
    {"requiredfeatures", ATTRIBUTE_KEEP, NULL},
    {"resource", ATTRIBUTE_KEEP, NULL},
    {"rev", ATTRIBUTE_DROP, NULL},
    {"sandbox", ATTRIBUTE_DROP, NULL},
    {"sharedstoragewritable", ATTRIBUTE_DROP, NULL},
    {"sizes", ATTRIBUTE_KEEP, NULL},
    {"slot", ATTRIBUTE_KEEP, NULL},
    {"src", ATTRIBUTE_ASSET, " audio img input source track video "},
    {"src", ATTRIBUTE_DROP, NULL},
    {"srcdoc", ATTRIBUTE_FRAME, " iframe "},
    {"srcdoc", ATTRIBUTE_DROP, NULL},
    {"srcset", ATTRIBUTE_SRCSET, " img source "},
    {"srcset", ATTRIBUTE_DROP, NULL},
    {"standby", ATTRIBUTE_KEEP, NULL},
    {"stroke", ATTRIBUTE_PAINT, NULL},
    {"style", ATTRIBUTE_STYLE, NULL},
    {"summary", ATTRIBUTE_KEEP, NULL},
    {"target", ATTRIBUTE_DROP, NULL},
    {"title", ATTRIBUTE_KEEP, NULL},
    {"transform", ATTRIBUTE_KEEP, NULL},
    {"type", ATTRIBUTE_KEEP, NULL},
    {"typeof", ATTRIBUTE_KEEP, NULL},
    {"usemap", ATTRIBUTE_KEEP, NULL},
    {"value", ATTRIBUTE_KEEP, NULL},
    {"viewbox", ATTRIBUTE_KEEP, NULL},
    {"virtualkeyboardpolicy", ATTRIBUTE_DROP, NULL},
    {"vocab", ATTRIBUTE_KEEP, NULL},
    {"webkitdropzone", ATTRIBUTE_DROP, NULL},
    {"xlink:href", ATTRIBUTE_LINK, " a "},
    {"xlink:href", ATTRIBUTE_ASSET, " feimage image "},
    {"xlink:href", ATTRIBUTE_LOCAL,
     " animate animatemotion animatetransform filter lineargradient mpath pattern radialgradient"
     " set textpath use "},
    {"xml:lang", ATTRIBUTE_KEEP, NULL},
    {"xml:space", ATTRIBUTE_KEEP, NULL},
};

enum { NAME_SIZE = 40 }; /* longer than any name in the tables */

/* Lower-cased; false when it is longer than all that the tables know. */
static bool fold(const char *name, char out[NAME_SIZE])
{
    size_t len = strlen(name);
    if (len >= NAME_SIZE)
        return false;
    for (size_t i = 0; i <= len; i++)
        out[i] = ascii_lower(name[i]);
    return true;
}

/* Letters, digits, '-', '_' and '.' only: one attribute to every HTML parser. */
static bool plain_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        char low = ascii_lower(*c);
        bool letter = (low >= 'a' && low <= 'z') || low == '_';
        bool other = (low >= '0' && low <= '9') || low == '-' || low == '.';
        if (!letter && (c == name || !other))
            return false;
    }
    return *name != '\0';
}

static size_t first_row(const char *name)
{
    size_t low = 0;
    for (size_t high = COUNT(attributes); low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(attributes[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum attribute_rule policy_attribute(const char *element, const char *attribute)
{
    char name[NAME_SIZE];
    char owner[NAME_SIZE];
    struct slice text = slice_of(attribute);
    /* Handlers, and what turns a template into a shadow root: those of tomorrow too. */
    if (slice_starts_nocase(text, "on") || slice_starts_nocase(text, "shadowroot"))
        return ATTRIBUTE_DROP;
    if (!fold(element, owner))
        owner[0] = '\0';
    if (fold(attribute, name)) {
        for (size_t i = first_row(name); i < COUNT(attributes); i++) {
            const struct attribute_policy *row = &attributes[i];
            if (strcmp(row->name, name) != 0)
                break;
            if (row->elements == NULL || policy_lists(row->elements, owner))
                return row->rule;
        }
    }
    if (!plain_name(attribute))
        return ATTRIBUTE_DROP;
    if (slice_starts_nocase(text, "data-") || slice_starts_nocase(text, "aria-"))
        return ATTRIBUTE_KEEP;
    return ATTRIBUTE_UNKNOWN;
}

bool policy_attribute_survives(enum policy_ns ns, const char *attribute)
{
    static const char *const capitals[] = {"attributeName",
                                           "attributeType",
                                           "baseFrequency",
                                           "baseProfile",
                                           "calcMode",
                                           "clipPathUnits",
                                           "diffuseConstant",
                                           "edgeMode",
                                           "filterUnits",
                                           "glyphRef",
                                           "gradientTransform",
                                           "gradientUnits",
                                           "kernelMatrix",
                                           "kernelUnitLength",
                                           "keyPoints",
                                           "keySplines",
                                           "keyTimes",
                                           "lengthAdjust",
                                           "limitingConeAngle",
                                           "markerHeight",
                                           "markerUnits",
                                           "markerWidth",
                                           "maskContentUnits",
                                           "maskUnits",
                                           "numOctaves",
                                           "pathLength",
                                           "patternContentUnits",
                                           "patternTransform",
                                           "patternUnits",
                                           "pointsAtX",
                                           "pointsAtY",
                                           "pointsAtZ",
                                           "preserveAlpha",
                                           "preserveAspectRatio",
                                           "primitiveUnits",
                                           "refX",
                                           "refY",
                                           "repeatCount",
                                           "repeatDur",
                                           "requiredExtensions",
                                           "requiredFeatures",
                                           "specularConstant",
                                           "specularExponent",
                                           "spreadMethod",
                                           "startOffset",
                                           "stdDeviation",
                                           "stitchTiles",
                                           "surfaceScale",
                                           "systemLanguage",
                                           "tableValues",
                                           "targetX",
                                           "targetY",
                                           "textLength",
                                           "viewBox",
                                           "viewTarget",
                                           "xChannelSelector",
                                           "yChannelSelector",
                                           "zoomAndPan"};
    struct slice name = slice_of(attribute);
    for (size_t i = 0; ns == POLICY_SVG && i < COUNT(capitals); i++)
        if (slice_equal_nocase(name, capitals[i]))
            return strcmp(attribute, capitals[i]) == 0;
    if (ns == POLICY_MATHML && slice_equal_nocase(name, "definitionURL"))
        return strcmp(attribute, "definitionURL") == 0;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z')
            return false;
    return true;
}

static bool listed(const char *list, struct slice word)
{
    char text[NAME_SIZE];
    if (word.len >= sizeof text)
        return false;
    for (size_t i = 0; i < word.len; i++)
        text[i] = ascii_lower(word.ptr[i]);
    text[word.len] = '\0';
    return policy_lists(list, text);
}

bool policy_link_scheme(struct slice scheme)
{
    return listed(" http https mailto tel ftp ", scheme);
}

bool policy_data_type(struct slice essence)
{
    return essence.len == 0 || slice_starts_nocase(essence, "image/") ||
           slice_equal_nocase(essence, "text/plain");
}

bool policy_animated(struct slice attribute)
{
    static const char names[] =
        " x y z x1 x2 y1 y2 cx cy r rx ry fx fy fr dx dy width height d points rotate offset"
        " transform gradienttransform patterntransform viewbox startoffset textlength pathlength"
        " refx refy markerwidth markerheight orient opacity fill fill-opacity fill-rule stroke"
        " stroke-opacity stroke-width stroke-dasharray stroke-dashoffset stroke-linecap"
        " stroke-linejoin stroke-miterlimit stop-color stop-opacity flood-color flood-opacity"
        " lighting-color color visibility display font-size font-weight letter-spacing"
        " word-spacing clip-path mask filter stddeviation basefrequency numoctaves seed scale"
        " radius k1 k2 k3 k4 values result azimuth elevation surfacescale specularconstant"
        " specularexponent diffuseconstant tablevalues slope intercept amplitude exponent"
        " spreadmethod class ";
    return listed(names, slice_trim(attribute));
}

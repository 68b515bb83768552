/* What may stay in a stored document: tables only, no decisions. page/sanitize takes them.
 *
 * The rules hold for an element or attribute wherever a parser may move it: what is harmless in one
 * namespace but alive in another is allowed in neither.
 */
#ifndef PAGE_POLICY_H
#define PAGE_POLICY_H

#include "base/slice.h"

enum policy_ns { POLICY_HTML, POLICY_SVG, POLICY_MATHML };

enum element_rule {
    ELEMENT_KEEP,
    ELEMENT_DROP,    /* goes with all it holds */
    ELEMENT_UNWRAP,  /* goes, what it holds stays */
    ELEMENT_EMPTY,   /* stays, what it holds goes */
    ELEMENT_TEXT,    /* stays and holds text only */
    ELEMENT_OPTIONS, /* stays and holds <option> and its kin only */
    ELEMENT_PRE,     /* becomes <pre>: its content is text that a parser must not see as such */
    ELEMENT_OBJECT,  /* an <iframe>, an <img>, or its fallback */
    ELEMENT_FRAME,   /* becomes an <iframe> */
    ELEMENT_FRAMESET,
    ELEMENT_NOSCRIPT, /* unwrapped where no script has run, dropped where scripts did */
    ELEMENT_TEMPLATE, /* perhaps a shadow root */
    ELEMENT_STYLE,
    ELEMENT_LINK,
    ELEMENT_META,
    ELEMENT_ANIMATION, /* stays when what it changes holds no URL */
    ELEMENT_ROOT       /* html, head, body: stay in their one place */
};

enum element_flag {
    ELEMENT_VOID = 1,        /* never has an end tag (HTML §13.1.2, and the serializer's list) */
    ELEMENT_BLOCK = 2,       /* begins and ends a line of text */
    ELEMENT_HEAD = 4,        /* may stand in <head> */
    ELEMENT_INTEGRATION = 8, /* what it holds is HTML again (HTML §13.2.6, integration points) */
    ELEMENT_SPACED = 16,     /* has a space around it in text, as table cells do */
    ELEMENT_CLOSES_P = 32,   /* its start tag ends an open <p> (HTML §13.2.6.4.7) */
    ELEMENT_WALL = 64,       /* what is open outside of it is out of scope (§13.2.4.2) */
    ELEMENT_TABLE_PART = 128 /* has a meaning in its place of a table only */
};

struct element_policy {
    const char *name;
    enum element_rule rule;
    unsigned flags;
};

/* NULL when the table does not know the name. */
const struct element_policy *policy_element(enum policy_ns ns, const char *name);

/* Whether an HTML element of a name that no table knows may stay under it: lower-case, and parsed
 * by every HTML parser as one tag with just this name. */
bool policy_element_name(struct slice name);

enum attribute_rule {
    ATTRIBUTE_KEEP,
    ATTRIBUTE_DROP,
    ATTRIBUTE_UNKNOWN, /* stays while its value is no URL */
    ATTRIBUTE_STYLE,   /* CSS declarations */
    ATTRIBUTE_PAINT,   /* a CSS value, which may hold url() */
    ATTRIBUTE_LINK,    /* where a click leads */
    ATTRIBUTE_ASSET,   /* one asset */
    ATTRIBUTE_SRCSET,  /* several */
    ATTRIBUTE_LOCAL,   /* #fragment, or a fragment of a sprite */
    ATTRIBUTE_FRAME    /* srcdoc of a frame */
};

/* Names in any case, as parsers fold it; those of xlink: and xml: with their prefix. */
enum attribute_rule policy_attribute(const char *element, const char *attribute);

/* Whether an HTML parser gives an attribute in that namespace this very name: it folds case, and
 * puts back the capitals of a few (HTML §13.2.6.1, "adjust SVG attributes"). A name that it would
 * change could become one that was looked for and not found, and stand before it. */
bool policy_attribute_survives(enum policy_ns ns, const char *attribute);

/* Whether a list of words, each with a space on both sides, has this one. */
bool policy_lists(const char *list, const char *word);

/* Whether a link may lead to a URL of this scheme ("https"). */
bool policy_link_scheme(struct slice scheme);

/* Whether a data: URL of this essence may stay one: what a browser draws and never runs. Sounds,
 * films, tracks and fonts are assets of their own by then (page/references). */
bool policy_data_type(struct slice essence);

/* Whether SMIL may animate this attribute. */
bool policy_animated(struct slice attribute);

#endif

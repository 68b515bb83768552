/* CSS, tokenized by CSS Syntax Module Level 3 §4 and rewritten where it reaches out. */
#ifndef PAGE_CSS_H
#define PAGE_CSS_H

#include "base/buf.h"

enum css_syntax {
    CSS_SHEET,       /* a style sheet */
    CSS_DECLARATIONS /* the value of a style attribute */
};

enum css_use {
    CSS_USE_IMPORT, /* @import */
    CSS_USE_FONT,   /* inside @font-face */
    CSS_USE_IMAGE   /* any other url(), src(), image-set() string, ... */
};

/* Asked for each URL, unescaped, as it stands; gives what is to stand in its place (unescaped; the
 * empty string means nothing may be loaded). */
typedef bool (*css_url_fn)(struct slice url, enum css_use use, struct buf *replacement_out,
                           void *arg, struct error *err);

/* Appends the CSS with every URL replaced; everything else comes out as it went in, byte for byte,
 * what cannot be parsed included. `css` is UTF-8. @charset is left out. When the result is to stand
 * in <style>, no `</style` is in it: a `<` before a `/` inside a token is written as an escape.
 * Nor does a word of our own schemes come out, but for what url_fn gives. @namespace strings are no
 * references. var() and its kin become none() inside functions that load strings, as in
 * image-set(var(--x)): what they stand for could not be seen here. Blocks are followed 1024 deep;
 * what nests deeper is cut off. */
bool css_rewrite(struct slice css, enum css_syntax syntax, css_url_fn url_fn, void *arg,
                 struct buf *out, struct error *err) MUST_CHECK;

#endif

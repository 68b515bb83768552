/* The tokens of CSS Syntax Module Level 3 §4, as places in the text: nothing is copied, nothing
 * unescaped. The text is UTF-8; its preprocessing (§3.3) is done on the fly, so a NUL counts as
 * U+FFFD and CR, LF, FF and CR LF as newlines.
 */
#ifndef PAGE_CSS_TOKENS_H
#define PAGE_CSS_TOKENS_H

#include "base/buf.h"

enum css_token_type {
    CSS_TOKEN_END,
    CSS_TOKEN_IDENT,
    CSS_TOKEN_FUNCTION, /* with its parenthesis; url( before a quote too */
    CSS_TOKEN_AT_KEYWORD,
    CSS_TOKEN_HASH,
    CSS_TOKEN_STRING,     /* closed, or cut by the end of the text */
    CSS_TOKEN_BAD_STRING, /* cut by a newline, which is not part of it */
    CSS_TOKEN_URL,        /* url(...) without quotes, closed or cut by the end of the text */
    CSS_TOKEN_BAD_URL,
    CSS_TOKEN_NUMBER, /* percentages and dimensions too */
    CSS_TOKEN_SPACE,
    CSS_TOKEN_COMMENT,
    CSS_TOKEN_CDO, /* <!-- */
    CSS_TOKEN_CDC, /* --> */
    CSS_TOKEN_CHAR /* any other single character */
};

struct css_token {
    enum css_token_type type;
    struct slice text; /* the whole token as it stands */
    /* ident, function, at-keyword: the name; string: what is between the quotes; url: what is
     * between the parentheses without white space around it. Still escaped. */
    struct slice value;
};

struct css_tokens {
    struct slice css;
    size_t at; /* where the next token starts */
};

/* Gives the next token, at last CSS_TOKEN_END again and again. Linear in the text as a whole. */
void css_tokens_next(struct css_tokens *tokens, struct css_token *token_out);

/* Whether an escaped name is this one, ASCII case aside; `lower` has at most 31 bytes. */
bool css_name_is(struct slice name, const char *lower);

/* Appends a token's value without its escapes (§4.3.7); NUL, surrogates and code points past
 * U+10FFFF become U+FFFD. */
bool css_unescape(struct slice value, struct buf *out);

#endif

/* The words and signs of a search. For store/ only. */
#ifndef STORE_QUERY_LEX_H
#define STORE_QUERY_LEX_H

#include "base/buf.h"

enum query_field {
    FIELD_NONE,
    FIELD_TITLE,
    FIELD_NOTE,
    FIELD_URL,
    FIELD_TEXT,
    FIELD_TAG,
    FIELD_SITE,
    FIELD_LANG,
    FIELD_BEFORE,
    FIELD_AFTER,
    FIELD_ON,
    FIELD_IS
};

enum lex_kind {
    LEX_END,
    LEX_OPEN,
    LEX_CLOSE,
    LEX_AND,
    LEX_OR,
    LEX_NOT,
    LEX_FIELD,
    LEX_WORD,   /* or a phrase */
    LEX_NOTHING /* a field's value that is not there */
};

struct lexeme {
    enum lex_kind kind;
    enum query_field field;
    struct slice text; /* of a word, without star and quotes */
    size_t start;      /* byte offset */
    bool star;
    bool typing; /* a word without star and quotes at the very end */
};

struct lexer {
    struct slice in;
    size_t at;
};

/* Appends `text` as well-formed UTF-8 with a space for each control character. */
bool lex_clean(struct slice text, struct buf *out);

/* The next one. As a `value` it must begin at once, and its text is not looked into for fields or
 * operators: `tag:OR`, `url:https://x`. */
struct lexeme lex_next(struct lexer *lexer, bool value);

/* Puts back the one that came last. */
void lex_back(struct lexer *lexer, const struct lexeme *lexeme);

#endif

#define _GNU_SOURCE /* memmem */
#include "page/css_tokens.h"

#include "base/utf8.h"

enum {
    NAME_START = 1,
    NAME = 2,
    DIGIT = 4,
    HEX = 8,
    SPACE = 16,
    NEWLINE = 32,
    URL_STOP = 64,    /* ends the plain run of an unquoted URL */
    STRING_STOP = 128 /* the same for a string */
};

/* clang-format off */
#define ST (NAME_START | NAME)
#define HX (NAME_START | NAME | HEX)
#define DG (NAME | DIGIT | HEX)
#define US URL_STOP
#define NL (SPACE | NEWLINE | URL_STOP | STRING_STOP)
#define WS (SPACE | URL_STOP)
#define QU (URL_STOP | STRING_STOP)
/* What a byte can be. NUL stands for U+FFFD and so is part of names, as all non-ASCII is. */
static const unsigned char classes[256] = {
    ST, US, US, US, US, US, US, US, US, WS, NL, US, NL, NL, US, US,
    US, US, US, US, US, US, US, US, US, US, US, US, US, US, US, US,
    WS,  0, QU,  0,  0,  0,  0, QU, US, US,  0,  0,  0, NAME, 0,  0,
    DG, DG, DG, DG, DG, DG, DG, DG, DG, DG,  0,  0,  0,  0,  0,  0,
     0, HX, HX, HX, HX, HX, HX, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,  0, QU,  0,  0, ST,
     0, HX, HX, HX, HX, HX, HX, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,  0,  0,  0,  0, US,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
    ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST, ST,
};
/* clang-format on */

static bool is(struct slice css, size_t at, int class)
{
    return at < css.len && (classes[(unsigned char)css.ptr[at]] & class) != 0;
}

static bool at_char(struct slice css, size_t at, char c)
{
    return at < css.len && css.ptr[at] == c;
}

static size_t skip(struct slice css, size_t at, int class)
{
    while (is(css, at, class))
        at++;
    return at;
}

/* §4.3.8; the end of the text after a backslash makes an escape too, of U+FFFD. */
static bool escape_starts(struct slice css, size_t at)
{
    return at_char(css, at, '\\') && !is(css, at + 1, NEWLINE);
}

static size_t skip_newline(struct slice css, size_t at)
{
    return at + (at_char(css, at, '\r') && at_char(css, at + 1, '\n') ? 2 : 1);
}

/* §4.3.7, from the backslash on. The rest of a character of several bytes is left: it is of the
 * same token in any case. */
static size_t skip_escape(struct slice css, size_t at)
{
    at++;
    if (at >= css.len)
        return at;
    if (!is(css, at, HEX))
        return at + 1;
    size_t end = at;
    while (end < at + 6 && is(css, end, HEX))
        end++;
    if (is(css, end, NEWLINE))
        return skip_newline(css, end);
    return is(css, end, SPACE) ? end + 1 : end;
}

/* §4.3.9 */
static bool name_starts(struct slice css, size_t at)
{
    if (!at_char(css, at, '-'))
        return is(css, at, NAME_START) || escape_starts(css, at);
    return is(css, at + 1, NAME_START) || at_char(css, at + 1, '-') || escape_starts(css, at + 1);
}

/* §4.3.10 */
static bool number_starts(struct slice css, size_t at)
{
    if (at_char(css, at, '+') || at_char(css, at, '-'))
        at++;
    return is(css, at, DIGIT) || (at_char(css, at, '.') && is(css, at + 1, DIGIT));
}

/* §4.3.11 */
static size_t skip_name(struct slice css, size_t at)
{
    for (;;) {
        at = skip(css, at, NAME);
        if (!escape_starts(css, at))
            return at;
        at = skip_escape(css, at);
    }
}

/* §4.3.12 and §4.3.3 */
static size_t skip_number(struct slice css, size_t at)
{
    if (at_char(css, at, '+') || at_char(css, at, '-'))
        at++;
    at = skip(css, at, DIGIT);
    if (at_char(css, at, '.') && is(css, at + 1, DIGIT))
        at = skip(css, at + 1, DIGIT);
    if (at_char(css, at, 'e') || at_char(css, at, 'E')) {
        size_t power = at + 1;
        if (at_char(css, power, '+') || at_char(css, power, '-'))
            power++;
        if (is(css, power, DIGIT))
            at = skip(css, power, DIGIT);
    }
    if (name_starts(css, at))
        return skip_name(css, at);
    return at_char(css, at, '%') ? at + 1 : at;
}

/* §4.3.5 */
static size_t skip_string(struct slice css, size_t at, struct css_token *token)
{
    char quote = css.ptr[at];
    size_t start = ++at;
    token->type = CSS_TOKEN_STRING;
    while (at < css.len) {
        char c = css.ptr[at];
        if (!is(css, at, STRING_STOP)) {
            at++;
        } else if (c == quote) {
            token->value = slice_sub(css, start, at - start);
            return at + 1;
        } else if (c == '\\') {
            at = is(css, at + 1, NEWLINE) ? skip_newline(css, at + 1) : skip_escape(css, at);
        } else if (is(css, at, NEWLINE)) {
            token->type = CSS_TOKEN_BAD_STRING;
            break;
        } else {
            at++;
        }
    }
    token->value = slice_sub(css, start, at - start);
    return at;
}

/* §4.3.14 */
static size_t skip_bad_url(struct slice css, size_t at)
{
    while (at < css.len && css.ptr[at] != ')')
        at = escape_starts(css, at) ? skip_escape(css, at) : at + 1;
    return at < css.len ? at + 1 : at;
}

/* §4.3.6, from behind the parenthesis on. */
static size_t skip_url(struct slice css, size_t at, struct css_token *token)
{
    at = skip(css, at, SPACE);
    size_t start = at;
    token->type = CSS_TOKEN_URL;
    for (;;) {
        while (at < css.len && !is(css, at, URL_STOP))
            at++;
        size_t end = at;
        if (at < css.len && escape_starts(css, at)) {
            at = skip_escape(css, at);
            continue;
        }
        at = skip(css, at, SPACE);
        token->value = slice_sub(css, start, end - start);
        if (at >= css.len)
            return at;
        if (css.ptr[at] == ')')
            return at + 1;
        token->type = CSS_TOKEN_BAD_URL;
        return skip_bad_url(css, at);
    }
}

/* §4.3.4 */
static size_t skip_ident_like(struct slice css, size_t at, struct css_token *token)
{
    size_t end = skip_name(css, at);
    token->value = slice_sub(css, at, end - at);
    token->type = CSS_TOKEN_IDENT;
    if (!at_char(css, end, '('))
        return end;
    token->type = CSS_TOKEN_FUNCTION;
    end++;
    if (!css_name_is(token->value, "url"))
        return end;
    size_t first = skip(css, end, SPACE);
    if (at_char(css, first, '"') || at_char(css, first, '\''))
        return end;
    return skip_url(css, end, token);
}

static size_t skip_comment(struct slice css, size_t at)
{
    const char *end = memmem(css.ptr + at + 2, css.len - at - 2, "*/", 2);
    return end ? (size_t)(end - css.ptr) + 2 : css.len;
}

/* A token that starts with punctuation. */
static size_t skip_punctuation(struct slice css, size_t at, struct css_token *token)
{
    struct slice rest = slice_sub(css, at, 4);
    token->type = CSS_TOKEN_CHAR;
    switch (css.ptr[at]) {
    case '#':
        if (!is(css, at + 1, NAME) && !escape_starts(css, at + 1))
            return at + 1;
        token->type = CSS_TOKEN_HASH;
        return skip_name(css, at + 1);
    case '@':
        if (!name_starts(css, at + 1))
            return at + 1;
        token->type = CSS_TOKEN_AT_KEYWORD;
        size_t end = skip_name(css, at + 1);
        token->value = slice_sub(css, at + 1, end - at - 1);
        return end;
    case '/':
        if (!at_char(css, at + 1, '*'))
            return at + 1;
        token->type = CSS_TOKEN_COMMENT;
        return skip_comment(css, at);
    case '<':
        if (!slice_starts(rest, "<!--"))
            return at + 1;
        token->type = CSS_TOKEN_CDO;
        return at + 4;
    case '-':
        if (!number_starts(css, at) && slice_starts(rest, "-->")) {
            token->type = CSS_TOKEN_CDC;
            return at + 3;
        }
        break;
    default:
        break;
    }
    if (number_starts(css, at)) {
        token->type = CSS_TOKEN_NUMBER;
        return skip_number(css, at);
    }
    return name_starts(css, at) ? skip_ident_like(css, at, token) : at + 1;
}

void css_tokens_next(struct css_tokens *tokens, struct css_token *token_out)
{
    struct slice css = tokens->css;
    size_t at = tokens->at;
    size_t end = at;
    token_out->value = (struct slice){0};
    if (at >= css.len) {
        token_out->type = CSS_TOKEN_END;
    } else if (is(css, at, NAME_START)) {
        end = skip_ident_like(css, at, token_out);
    } else if (is(css, at, SPACE)) {
        token_out->type = CSS_TOKEN_SPACE;
        end = skip(css, at, SPACE);
    } else if (is(css, at, DIGIT)) {
        token_out->type = CSS_TOKEN_NUMBER;
        end = skip_number(css, at);
    } else if (css.ptr[at] == '"' || css.ptr[at] == '\'') {
        end = skip_string(css, at, token_out);
    } else {
        end = skip_punctuation(css, at, token_out);
    }
    token_out->text = slice_sub(css, at, end - at);
    tokens->at = end;
}

static uint32_t hex_value(char c)
{
    return (uint32_t)(c <= '9' ? c - '0' : ascii_lower(c) - 'a' + 10);
}

/* The character of the escape at `at`; 0 for a newline that is escaped away. */
static uint32_t escape_value(struct slice text, size_t at)
{
    uint32_t cp = 0;
    at++;
    if (at >= text.len)
        return 0xFFFD;
    if (is(text, at, NEWLINE))
        return 0;
    if (!is(text, at, HEX)) {
        utf8_decode(text, at, &cp);
        return cp ? cp : 0xFFFD;
    }
    for (size_t end = at + 6; at < end && is(text, at, HEX); at++)
        cp = cp * 16 + hex_value(text.ptr[at]);
    return cp ? cp : 0xFFFD;
}

/* Behind the escape at `at`, all bytes of its character included. */
static size_t escape_end(struct slice text, size_t at)
{
    uint32_t cp;
    if (at + 1 >= text.len)
        return text.len;
    if (is(text, at + 1, NEWLINE))
        return skip_newline(text, at + 1);
    if (is(text, at + 1, HEX))
        return skip_escape(text, at);
    return at + 1 + utf8_decode(text, at + 1, &cp);
}

bool css_name_is(struct slice name, const char *lower)
{
    size_t at = 0;
    for (; at < name.len && name.ptr[at] != '\\'; at++, lower++)
        if (ascii_lower(name.ptr[at]) != *lower || *lower == '\0')
            return false;
    if (at == name.len)
        return *lower == '\0';
    while (at < name.len) {
        bool escaped = name.ptr[at] == '\\';
        uint32_t cp = escaped ? escape_value(name, at) : (unsigned char)name.ptr[at];
        if (*lower == '\0' || cp > 0x7F || ascii_lower((char)cp) != *lower)
            return false;
        at = escaped ? escape_end(name, at) : at + 1;
        lower++;
    }
    return *lower == '\0';
}

bool css_unescape(struct slice value, struct buf *out)
{
    size_t at = 0;
    while (at < value.len) {
        size_t plain = at;
        while (at < value.len && value.ptr[at] != '\\' && value.ptr[at] != '\0')
            at++;
        buf_add(out, value.ptr + plain, at - plain);
        if (at >= value.len)
            break;
        char bytes[4];
        bool escaped = value.ptr[at] == '\\';
        uint32_t cp = escaped ? escape_value(value, at) : 0xFFFD;
        at = escaped ? escape_end(value, at) : at + 1;
        if (cp != 0)
            buf_add(out, bytes, utf8_encode(cp, bytes));
    }
    return out->failed == ERR_NONE;
}

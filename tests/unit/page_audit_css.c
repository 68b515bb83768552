/* CSS in tokens, by the letter of CSS Syntax Level 3 §4, and a look at those that load something.
 */
#include "page_audit.h"

#include "base/slice.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 512, DEPTH_MAX = 1024 };

enum prelude { PRELUDE_NONE, PRELUDE_AT, PRELUDE_IMPORT, PRELUDE_NAMESPACE };

/* A block or a function that is open. */
struct level {
    char close;
    char kind; /* 'l' loads strings, 'u' the string it begins with, 't' type(), '(' others */
};

struct reader {
    const char *at;
    char text[TEXT_MAX]; /* the newest name, string or URL, without escapes */
    size_t len;
    struct level open[DEPTH_MAX];
    size_t depth;
    bool fresh; /* a rule may begin here */
    enum prelude prelude;
    bool sheet;
    char *why;
    size_t size;
    bool bad;
};

static bool is_newline(char c)
{
    return c == '\n' || c == '\r' || c == '\f';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

static bool starts_name(char c)
{
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool in_name(char c)
{
    return starts_name(c) || is_digit(c) || c == '-';
}

/* §4.3.8; at the end of the text a backslash is an escape too. */
static bool is_escape(const char *at)
{
    return at[0] == '\\' && !is_newline(at[1]);
}

/* §4.3.9 */
static bool starts_ident(const char *at)
{
    if (*at == '-')
        return starts_name(at[1]) || at[1] == '-' || is_escape(at + 1);
    return starts_name(*at) || is_escape(at);
}

/* §4.3.10 */
static bool starts_number(const char *at)
{
    if (*at == '+' || *at == '-')
        at++;
    return is_digit(*at) || (*at == '.' && is_digit(at[1]));
}

static void keep(struct reader *r, const char *bytes, size_t len)
{
    if (r->len + len < TEXT_MAX) {
        memcpy(r->text + r->len, bytes, len);
        r->len += len;
        r->text[r->len] = '\0';
    }
}

static void clear(struct reader *r)
{
    r->len = 0;
    r->text[0] = '\0';
}

/* §4.3.7, at the backslash. */
static void read_escape(struct reader *r)
{
    uint32_t code = 0;
    size_t digits = 0;
    char bytes[4];
    r->at++;
    for (; digits < 6 && is_hex(*r->at); digits++, r->at++)
        code = code * 16 +
               (uint32_t)(is_digit(*r->at) ? *r->at - '0' : ascii_lower(*r->at) - 'a' + 10);
    if (digits > 0) {
        if (r->at[0] == '\r' && r->at[1] == '\n')
            r->at++;
        if (ascii_space(*r->at))
            r->at++;
        keep(r, bytes, utf8_encode(code > 0 ? code : 0xFFFD, bytes));
    } else if (*r->at != '\0') {
        keep(r, r->at++, 1);
    }
}

/* §4.3.11 */
static void read_name(struct reader *r)
{
    clear(r);
    while (in_name(*r->at) || is_escape(r->at)) {
        if (*r->at != '\\')
            keep(r, r->at++, 1);
        else
            read_escape(r);
    }
}

/* §4.3.5. False for one that a line end breaks off: it is no string. */
static bool read_string(struct reader *r)
{
    char quote = *r->at++;
    clear(r);
    while (*r->at != '\0' && *r->at != quote) {
        if (is_newline(*r->at))
            return false;
        if (*r->at != '\\') {
            keep(r, r->at++, 1);
        } else if (is_newline(r->at[1])) {
            r->at += r->at[1] == '\r' && r->at[2] == '\n' ? 3 : 2;
        } else {
            read_escape(r);
        }
    }
    if (*r->at == quote)
        r->at++;
    return true;
}

static bool ends_url(char c)
{
    unsigned char byte = (unsigned char)c;
    return c == '"' || c == '\'' || c == '(' || byte == 0x7F || byte == 0x0B ||
           (byte < 0x20 && !ascii_space(c));
}

static void skip_space(struct reader *r)
{
    while (ascii_space(*r->at))
        r->at++;
}

/* §4.3.6, behind "url(". False for a bad one (§4.3.14), which loads nothing. */
static bool read_url(struct reader *r)
{
    bool good = true;
    clear(r);
    skip_space(r);
    while (*r->at != '\0' && *r->at != ')') {
        if (ascii_space(*r->at)) {
            skip_space(r);
            good = good && (*r->at == ')' || *r->at == '\0');
        } else if (is_escape(r->at)) {
            read_escape(r);
        } else {
            good = good && *r->at != '\\' && !ends_url(*r->at);
            keep(r, r->at++, 1);
        }
    }
    if (*r->at == ')')
        r->at++;
    return good;
}

static void blame(struct reader *r, const char *what)
{
    if (!r->bad)
        snprintf(r->why, r->size, "CSS %s %.80s", what, r->text);
    r->bad = true;
}

/* What stands in r->text is asked for by who shows this. */
static void on_load(struct reader *r)
{
    char *url = r->text;
    if (r->prelude == PRELUDE_NAMESPACE)
        return;
    url += strspn(url, " \t\n\r\f");
    while (r->len > 0 && ascii_space(r->text[r->len - 1]))
        r->text[--r->len] = '\0';
    bool fine = r->prelude == PRELUDE_IMPORT
                    ? *url == '\0' || page_audit_is_ref(url, "linksnap-asset:")
                    : *url == '#' || page_audit_loads_inside(url);
    if (!fine)
        blame(r, "loads");
}

static char inside(const struct reader *r)
{
    return r->depth > 0 ? r->open[r->depth - 1].kind : '(';
}

static void push(struct reader *r, char close, char kind)
{
    if (r->depth < DEPTH_MAX)
        r->open[r->depth++] = (struct level){close, kind};
    else
        r->at += strlen(r->at); /* the rewriter cuts it off here, too */
}

static bool is(const struct reader *r, const char *name)
{
    return slice_equal_nocase(slice_make(r->text, r->len), name);
}

static void on_string(struct reader *r)
{
    if (inside(r) == 'l' || inside(r) == 'u' || r->prelude == PRELUDE_IMPORT)
        on_load(r);
}

/* A name and its "(", which is read already. */
static void on_function(struct reader *r)
{
    bool loads = inside(r) == 'l';
    if (is(r, "url") || is(r, "src")) {
        push(r, ')', 'u');
    } else if (is(r, "image-set") || is(r, "-webkit-image-set") || is(r, "image")) {
        push(r, ')', 'l');
    } else if (is(r, "type")) {
        push(r, ')', 't');
    } else {
        if (loads && (is(r, "var") || is(r, "attr") || is(r, "env")))
            blame(r, "fills in a URL with");
        push(r, ')', loads ? 'l' : '(');
    }
}

/* §4.3.4 */
static void on_ident(struct reader *r)
{
    read_name(r);
    if (*r->at != '(')
        return;
    r->at++;
    if (!is(r, "url")) {
        on_function(r);
        return;
    }
    const char *at = r->at;
    while (ascii_space(*at))
        at++;
    if (*at == '"' || *at == '\'')
        on_function(r);
    else if (read_url(r))
        on_load(r);
}

/* §4.3.3 */
static void skip_number(struct reader *r)
{
    if (*r->at == '+' || *r->at == '-')
        r->at++;
    while (is_digit(*r->at))
        r->at++;
    if (*r->at == '.' && is_digit(r->at[1]))
        for (r->at++; is_digit(*r->at);)
            r->at++;
    bool sign = ascii_lower(*r->at) == 'e' && (r->at[1] == '+' || r->at[1] == '-');
    if (ascii_lower(*r->at) == 'e' && is_digit(r->at[sign ? 2 : 1]))
        for (r->at += 2; is_digit(*r->at);)
            r->at++;
    if (starts_ident(r->at))
        read_name(r);
}

static void on_at_keyword(struct reader *r)
{
    bool rule = r->fresh && r->sheet;
    r->at++;
    if (!starts_ident(r->at))
        return;
    read_name(r);
    if (rule)
        r->prelude = is(r, "import")      ? PRELUDE_IMPORT
                     : is(r, "namespace") ? PRELUDE_NAMESPACE
                                          : PRELUDE_AT;
}

/* Blocks end at their own sign alone (§5.4.7). A rule ends with its block, one that begins with "@"
 * at a semicolon, too (§5.4.2). */
static void on_sign(struct reader *r)
{
    char now = *r->at++;
    size_t depth = r->depth;
    if (now == '(')
        push(r, ')', inside(r));
    else if (now == '[')
        push(r, ']', inside(r));
    else if (now == '{')
        push(r, '}', inside(r));
    else if (r->depth > 0 && now == r->open[r->depth - 1].close)
        r->depth--;
    bool block = now == '}' && depth == 1;
    if (r->depth == 0 && (block || (now == ';' && r->prelude != PRELUDE_NONE))) {
        r->prelude = PRELUDE_NONE;
        r->fresh = true;
    }
}

/* What holds a broken string is no value (§5.3.6), so that nothing in it is loaded. */
static void on_bad_string(struct reader *r)
{
    for (size_t i = 0; i < r->depth; i++)
        r->open[i].kind = '(';
}

static void skip_comment(struct reader *r)
{
    const char *end = strstr(r->at + 2, "*/");
    r->at = end != NULL ? end + 2 : r->at + strlen(r->at);
}

/* Length of "<!--" or "-->", between rules no more than white space. */
static size_t comment_sign(const char *at)
{
    return strncmp(at, "<!--", 4) == 0 ? 4 : strncmp(at, "-->", 3) == 0 ? 3 : 0;
}

static void on_token(struct reader *r)
{
    char now = *r->at;
    if (now == '"' || now == '\'') {
        if (read_string(r))
            on_string(r);
        else
            on_bad_string(r);
    } else if (now == '#' && (in_name(r->at[1]) || is_escape(r->at + 1))) {
        r->at++;
        read_name(r);
    } else if (starts_number(r->at)) {
        skip_number(r);
    } else if (comment_sign(r->at) > 0) {
        r->at += comment_sign(r->at);
    } else if (now == '@') {
        on_at_keyword(r);
    } else if (starts_ident(r->at)) {
        on_ident(r);
    } else {
        on_sign(r);
    }
}

/* A URL stands at once behind what asks for it, or nothing is loaded. */
static void read_token(struct reader *r)
{
    size_t depth = r->depth;
    bool direct = inside(r) == 'u';
    enum prelude prelude = r->prelude;
    on_token(r);
    if (direct && depth <= r->depth)
        r->open[depth - 1].kind = '(';
    if (prelude == PRELUDE_IMPORT && r->prelude == prelude && inside(r) != 'u')
        r->prelude = PRELUDE_AT;
}

bool page_audit_css(const char *css, bool sheet, char *why, size_t size)
{
    struct reader r = {.at = css, .sheet = sheet, .fresh = true, .why = why, .size = size};
    while (*r.at != '\0' && !r.bad) {
        if (r.at[0] == '/' && r.at[1] == '*') {
            skip_comment(&r);
        } else if (r.fresh && comment_sign(r.at) > 0) {
            r.at += comment_sign(r.at);
        } else if (ascii_space(*r.at)) {
            r.at++;
        } else {
            bool fresh = r.fresh;
            read_token(&r);
            r.fresh = r.fresh && !fresh;
        }
    }
    return !r.bad;
}

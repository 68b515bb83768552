#include "page/css_scope.h"

#include "page/css_tokens.h"

/* Parentheses and brackets inside each other in one selector; what nests deeper stays as it is. */
enum { MAX_NESTED = 32 };

struct scoper {
    struct css_tokens in;
    const char *prefix;
    struct buf *out;

    /* In a selector: */
    bool start;               /* of a compound: a type, or something else that has none */
    enum css_token_type last; /* what came before; CHAR with its character in `last_char` */
    char last_char;
    size_t depth;
    bool foreign[MAX_NESTED + 1]; /* what stands here is no selector */
};

static bool is_char(const struct css_token *token, char c)
{
    return token->type == CSS_TOKEN_CHAR && token->text.ptr[0] == c;
}

/* ---- Selectors ---- */

static void write_mark(struct scoper *s)
{
    buf_printf(s->out, ":where(.%s)", s->prefix);
}

static bool takes_selectors(struct slice function)
{
    static const char *const names[] = {"is", "not", "where", "has", "-webkit-any", "-moz-any"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (css_name_is(function, names[i]))
            return true;
    return false;
}

static void enter(struct scoper *s, bool foreign)
{
    if (s->depth < MAX_NESTED)
        s->foreign[s->depth + 1] = foreign || s->foreign[s->depth];
    s->depth++;
    s->start = true;
}

static void leave(struct scoper *s)
{
    s->depth -= s->depth > 0;
    s->start = false;
}

static bool is_foreign(const struct scoper *s)
{
    return s->depth > MAX_NESTED || s->foreign[s->depth];
}

/* Whether a `|` follows, so that the name before it is a namespace's. */
static bool bar_follows(const struct scoper *s)
{
    return slice_starts(slice_sub(s->in.css, s->in.at, 1), "|");
}

static void on_name(struct scoper *s, const struct css_token *token)
{
    bool after_colon = s->last == CSS_TOKEN_CHAR && s->last_char == ':';
    if (s->last == CSS_TOKEN_CHAR && s->last_char == '.') {
        buf_add_text(s->out, s->prefix);
        buf_add_slice(s->out, token->text);
    } else if (after_colon && css_name_is(token->value, "root")) {
        s->out->len--;
        buf_printf(s->out, ".%sroot", s->prefix);
    } else {
        buf_add_slice(s->out, token->text);
        if (s->start && !after_colon && !bar_follows(s))
            write_mark(s);
    }
    if (!bar_follows(s))
        s->start = false;
}

static void on_delimiter(struct scoper *s, const struct css_token *token)
{
    char c = token->text.ptr[0];
    bool bare = c == '[' || c == ':'; /* what a compound without a type can begin with */
    bool root = c == ':' && slice_starts_nocase(slice_sub(s->in.css, s->in.at, 4), "root");
    if (bare && s->start && !root)
        write_mark(s);
    buf_add_slice(s->out, token->text);
    if (c == '&' && s->start) {
        write_mark(s);
        s->start = false;
    } else if (c == '*') {
        if (s->start && !bar_follows(s))
            write_mark(s);
        s->start = s->start && bar_follows(s);
    } else if (c == '[' || c == '(') {
        enter(s, true);
    } else if (c == ']' || c == ')') {
        leave(s);
    } else if (c == ',' || c == '>' || c == '+' || c == '~') {
        s->start = true;
    } else if (c != '|') {
        s->start = false;
    }
}

static void on_selector_token(struct scoper *s, const struct css_token *token)
{
    bool foreign = is_foreign(s);
    if (foreign && !(is_char(token, ')') || is_char(token, ']') || is_char(token, '(') ||
                     is_char(token, '[') || token->type == CSS_TOKEN_FUNCTION)) {
        buf_add_slice(s->out, token->text);
    } else if (token->type == CSS_TOKEN_IDENT) {
        on_name(s, token);
    } else if (token->type == CSS_TOKEN_HASH) {
        buf_printf(s->out, "#%s", s->prefix);
        buf_add_slice(s->out, slice_sub(token->text, 1, token->text.len));
        s->start = false;
    } else if (token->type == CSS_TOKEN_FUNCTION) {
        buf_add_slice(s->out, token->text);
        enter(s, !takes_selectors(token->value));
    } else if (token->type == CSS_TOKEN_CHAR) {
        on_delimiter(s, token);
    } else {
        buf_add_slice(s->out, token->text);
        if (token->type == CSS_TOKEN_SPACE)
            s->start = true;
    }
    s->last = token->type;
    s->last_char = token->text.ptr[0];
}

static void write_selector(struct scoper *s, size_t end)
{
    struct css_token token;
    s->start = true;
    s->last = CSS_TOKEN_END;
    s->depth = 0;
    s->foreign[0] = false;
    while (s->in.at < end) {
        css_tokens_next(&s->in, &token);
        on_selector_token(s, &token);
    }
}

/* ---- Statements ---- */

/* Where the statement that starts at the tokenizer's place has its `{`, or its end (a `;`, or
 * before a `}`); *block_out says which. */
static size_t find_end(const struct scoper *s, bool *block_out)
{
    struct css_tokens ahead = s->in;
    struct css_token token;
    size_t depth = 0;
    *block_out = false;
    for (;;) {
        size_t at = ahead.at;
        css_tokens_next(&ahead, &token);
        bool opens =
            token.type == CSS_TOKEN_FUNCTION || is_char(&token, '(') || is_char(&token, '[');
        bool closes = is_char(&token, ')') || is_char(&token, ']');
        if (token.type == CSS_TOKEN_END || (depth == 0 && is_char(&token, '}')))
            return at;
        if (depth == 0 && is_char(&token, ';'))
            return ahead.at;
        if (depth == 0 && is_char(&token, '{')) {
            *block_out = true;
            return at;
        }
        depth += opens;
        depth -= closes && depth > 0;
    }
}

/* At-rules whose blocks hold rules. */
static bool holds_rules(struct slice name)
{
    static const char *const names[] = {"media",          "supports", "container",    "layer",
                                        "starting-style", "document", "-moz-document"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (css_name_is(name, names[i]))
            return true;
    return false;
}

/* Whether a rule means the whole page, whatever stands in it. */
static bool reaches_out(struct slice name)
{
    static const char *const names[] = {"import", "font-face", "page",
                                        "scope",  "property",  "view-transition"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (css_name_is(name, names[i]))
            return true;
    return false;
}

static void copy_to(struct scoper *s, size_t end)
{
    buf_add_slice(s->out, slice_sub(s->in.css, s->in.at, end - s->in.at));
    s->in.at = end;
}

/* Behind the block at the tokenizer's place with all it holds. */
static size_t block_end(const struct scoper *s)
{
    struct css_tokens ahead = s->in;
    struct css_token token;
    size_t depth = 0;
    do {
        css_tokens_next(&ahead, &token);
        depth += is_char(&token, '{');
        depth -= is_char(&token, '}') && depth > 0;
    } while (token.type != CSS_TOKEN_END && depth > 0);
    return ahead.at;
}

static void write_statement(struct scoper *s)
{
    struct css_tokens ahead = s->in;
    struct css_token first;
    bool block;
    size_t end = find_end(s, &block);
    css_tokens_next(&ahead, &first);
    bool rule = first.type == CSS_TOKEN_AT_KEYWORD;
    if (rule && reaches_out(first.value)) {
        s->in.at = end;
        s->in.at = block ? block_end(s) : end;
    } else if (!block) {
        copy_to(s, end);
    } else if (!rule) {
        write_selector(s, end);
        copy_to(s, end + 1);
    } else {
        copy_to(s, end);
        copy_to(s, holds_rules(first.value) ? end + 1 : block_end(s));
    }
}

bool css_scope(struct slice css, const char *prefix, struct buf *out, struct error *err)
{
    struct scoper s = {.in = {.css = css}, .prefix = prefix, .out = out};
    while (s.in.at < css.len && out->failed == ERR_NONE) {
        struct css_tokens ahead = s.in;
        struct css_token token;
        css_tokens_next(&ahead, &token);
        bool between = token.type == CSS_TOKEN_SPACE || token.type == CSS_TOKEN_COMMENT ||
                       token.type == CSS_TOKEN_CDO || token.type == CSS_TOKEN_CDC ||
                       is_char(&token, '}') || is_char(&token, ';');
        if (between)
            copy_to(&s, ahead.at);
        else
            write_statement(&s);
    }
    return buf_ok(out, "A style sheet", err);
}

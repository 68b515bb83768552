#define _GNU_SOURCE /* memmem */
#include "page/css.h"

#include "page/css_tokens.h"

#include <stdint.h>

/* Blocks inside each other. No real sheet comes near; what nests deeper is cut off, so that nothing
 * is let through that was not understood. */
enum { MAX_DEPTH = 1024 };

/* The kinds of open blocks; IMAGE_SET stands for every function whose strings are URLs. */
enum { PAREN = '(', BRACKET = '[', BRACE = '{', FONT_FACE = 'f', IMAGE_SET = 'i', TYPE = 't' };

/* Where a style sheet's own level stands (§5.4.1). */
enum statement {
    AT_START,   /* of the next rule */
    AT_IMPORT,  /* behind @import, before its URL */
    IN_NAMES,   /* in @namespace, whose strings are names */
    IN_AT_RULE, /* in another at-rule's prelude */
    IN_RULE     /* in a qualified rule's prelude, which only a block ends */
};

struct rewriter {
    struct css_tokens in;
    size_t copied; /* all before it is in `out` already */
    struct buf *out;
    css_url_fn url_fn;
    void *arg;
    struct error *err;

    bool sheet;
    size_t markup; /* the next '<' and the next word of our own schemes, or in.css.len */
    size_t scheme;
    bool leading;   /* only white space, comments and @charset so far */
    bool font_face; /* behind @font-face, before its block */
    enum statement statement;
    enum css_token_type before; /* of the token before this one; END at the start */
    size_t depth;
    size_t font_faces; /* open blocks of a kind */
    size_t image_sets;
    char open[MAX_DEPTH];

    struct buf url; /* scratch: unescaped */
    struct buf replacement;
};

static bool flush(struct rewriter *r, const char *upto)
{
    size_t end = (size_t)(upto - r->in.css.ptr);
    struct slice run = slice_sub(r->in.css, r->copied, end - r->copied);
    r->copied = end;
    return buf_add_slice(r->out, run);
}

/* ---- What must not come out as it is ---- */

static const char scheme_head[] = "linksnap-";

/* At a '-': whether the bytes around it spell one of our own schemes (page/assets.h). */
static bool scheme_hyphen(struct slice text, size_t at)
{
    size_t head = sizeof scheme_head - 2;
    if (at < head || memcmp(text.ptr + at - head, scheme_head, head) != 0)
        return false;
    struct slice rest = slice_sub(text, at + 1, 5);
    return slice_starts(rest, "asset") || slice_starts(rest, "frame");
}

/* At a '<': whether it could end <style> or begin one of the stored form's marks. */
static bool markup_starts(struct slice text, size_t at)
{
    struct slice next = slice_sub(text, at + 1, 1);
    return slice_starts(next, "/") || slice_starts(next, "!");
}

/* In tokens in which a backslash escapes. */
static void guard_escaped(struct buf *out, struct slice text)
{
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c == '\\' && at + 1 < text.len) {
            at++;
            buf_add_char(out, c);
            if (text.ptr[at] == '<')
                buf_add_text(out, "3c ");
            else
                buf_add_char(out, text.ptr[at]);
        } else if (c == '<' && markup_starts(text, at)) {
            buf_add_text(out, "\\3c ");
        } else if (c == '-' && scheme_hyphen(text, at)) {
            buf_add_text(out, "\\2d ");
        } else {
            buf_add_char(out, c);
        }
    }
}

static void guard_comment(struct buf *out, struct slice text)
{
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        buf_add_char(out, c);
        if ((c == '<' && markup_starts(text, at)) || (c == '-' && scheme_hyphen(text, at)))
            buf_add_char(out, ' ');
    }
}

static void guard_token(struct rewriter *r, const struct css_token *token)
{
    struct slice next = slice_sub(r->in.css, r->in.at, 2);
    flush(r, token->text.ptr);
    r->copied = r->in.at;
    if (token->type == CSS_TOKEN_COMMENT) {
        guard_comment(r->out, token->text);
    } else if (token->type == CSS_TOKEN_CDO || token->type == CSS_TOKEN_CHAR) {
        buf_add_slice(r->out, token->text);
        if (token->type == CSS_TOKEN_CDO ? slice_starts(next, "l")
                                         : slice_starts(next, "/") && !slice_starts(next, "/*"))
            buf_add_text(r->out, "/**/");
    } else {
        guard_escaped(r->out, token->text);
    }
}

/* Moves both places to `from` or behind it. Each is searched for once in any stretch of text. */
static void look_out(struct rewriter *r, size_t from)
{
    if (r->markup < from)
        r->markup = slice_find_byte(r->in.css, from, '<');
    if (r->scheme < from)
        r->scheme = slice_find(r->in.css, from, slice_of(scheme_head));
}

/* The token comes out as it is; where it may not, in a spelling that means the same to CSS and
 * nothing to what reads HTML. */
static bool keep(struct rewriter *r, const struct css_token *token)
{
    if (r->in.at <= r->markup && r->in.at <= r->scheme)
        return true;
    look_out(r, (size_t)(token->text.ptr - r->in.css.ptr));
    if (r->in.at <= r->markup && r->in.at <= r->scheme)
        return true;
    guard_token(r, token);
    look_out(r, r->in.at);
    return r->out->failed == ERR_NONE;
}

/* ---- References ---- */

static void write_string(struct buf *out, struct slice text)
{
    buf_add_char(out, '"');
    size_t plain = 0;
    for (size_t at = 0; at < text.len; at++) {
        unsigned char c = (unsigned char)text.ptr[at];
        if (c >= ' ' && c != '"' && c != '\\' && c != '<' && c != 0x7F)
            continue;
        buf_add(out, text.ptr + plain, at - plain);
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else
            buf_printf(out, "\\%x ", c);
        plain = at + 1;
    }
    buf_add_slice(out, slice_sub(text, plain, text.len));
    buf_add_char(out, '"');
}

/* Writes `url("..."`, or `src("..."` where that stood, for the escaped URL in `value`; all from
 * `from` to the tokenizer's place is replaced by it. */
static bool refer(struct rewriter *r, const char *from, const char *function, struct slice value,
                  enum css_use use)
{
    flush(r, from);
    r->copied = r->in.at;
    struct slice url = value;
    if (slice_find_byte(value, 0, '\\') < value.len ||
        slice_find_byte(value, 0, '\0') < value.len) {
        buf_reset(&r->url);
        css_unescape(value, &r->url);
        if (!buf_ok(&r->url, "A URL in a style sheet", r->err))
            return false;
        url = buf_slice(&r->url);
    }
    buf_reset(&r->replacement);
    if (!r->url_fn(url, use, &r->replacement, r->arg, r->err) ||
        !buf_ok(&r->replacement, "A URL in a style sheet", r->err))
        return false;
    buf_add_text(r->out, function);
    write_string(r->out, buf_slice(&r->replacement));
    return true;
}

/* `url(` may not stand right behind a name, as the string did in `@import"x"`. */
static void separate(const struct rewriter *r)
{
    switch (r->before) {
    case CSS_TOKEN_SPACE:
    case CSS_TOKEN_COMMENT:
    case CSS_TOKEN_FUNCTION:
    case CSS_TOKEN_END:
        return;
    case CSS_TOKEN_CHAR:
        if (memchr("(,:", r->out->ptr[r->out->len - 1], 3) != NULL)
            return;
        break;
    default:
        break;
    }
    buf_add_text(r->out, "/**/");
}

/* As refer(), for a whole token: the parenthesis is closed too. */
static bool refer_token(struct rewriter *r, const struct css_token *token, enum css_use use)
{
    flush(r, token->text.ptr);
    if (token->type == CSS_TOKEN_STRING)
        separate(r);
    if (!refer(r, token->text.ptr, "url(", token->value, use))
        return false;
    buf_add_char(r->out, ')');
    return true;
}

/* ---- Blocks ---- */

static void push(struct rewriter *r, char kind)
{
    if (r->depth == MAX_DEPTH) {
        r->in.css.len = r->in.at;
        return;
    }
    r->open[r->depth++] = kind;
    r->font_faces += kind == FONT_FACE;
    r->image_sets += kind == IMAGE_SET;
}

static void pop(struct rewriter *r)
{
    char kind = r->open[--r->depth];
    r->font_faces -= kind == FONT_FACE;
    r->image_sets -= kind == IMAGE_SET;
}

static char innermost(const struct rewriter *r)
{
    return r->depth > 0 ? r->open[r->depth - 1] : '\0';
}

static bool at_top(const struct rewriter *r)
{
    return r->sheet && r->depth == 0;
}

/* Something that is neither white space nor a comment stands on the sheet's own level. */
static void enter_rule(struct rewriter *r)
{
    r->leading = false;
    if (!at_top(r))
        return;
    if (r->statement == AT_START)
        r->statement = IN_RULE;
    else if (r->statement == AT_IMPORT)
        r->statement = IN_AT_RULE;
}

/* A closing character closes the innermost block when that is of its kind, and nothing else
 * (§5.4.8). */
static void close_block(struct rewriter *r, char c)
{
    char kind = innermost(r);
    bool fits = c == '}'   ? kind == BRACE || kind == FONT_FACE
                : c == ']' ? kind == BRACKET
                           : kind == PAREN || kind == IMAGE_SET || kind == TYPE;
    if (!fits) {
        enter_rule(r);
        return;
    }
    pop(r);
    if (c == '}' && at_top(r))
        r->statement = AT_START;
}

/* ---- Tokens ---- */

static enum css_use image_or_font(const struct rewriter *r)
{
    return r->font_faces > 0 ? CSS_USE_FONT : CSS_USE_IMAGE;
}

/* The next token that is no white space and, where asked, no comment. */
static void peek(struct css_tokens *ahead, bool comments, struct css_token *token_out)
{
    do
        css_tokens_next(ahead, token_out);
    while (token_out->type == CSS_TOKEN_SPACE ||
           (comments && token_out->type == CSS_TOKEN_COMMENT));
}

/* `@charset "x";` before all else: true when it was there and is left out. */
static bool leave_out_charset(struct rewriter *r, const struct css_token *token)
{
    struct css_tokens ahead = r->in;
    struct css_token next;
    if (!r->leading || !css_name_is(token->value, "charset"))
        return false;
    peek(&ahead, true, &next);
    if (next.type != CSS_TOKEN_STRING)
        return false;
    peek(&ahead, true, &next);
    if (next.type != CSS_TOKEN_END && !slice_equal(next.text, slice_of(";")))
        return false;
    flush(r, token->text.ptr);
    r->in.at = r->copied = ahead.at;
    return true;
}

static bool on_at_keyword(struct rewriter *r, const struct css_token *token)
{
    if (at_top(r) && r->statement == AT_START) {
        if (leave_out_charset(r, token))
            return true;
        if (css_name_is(token->value, "import"))
            r->statement = AT_IMPORT;
        else
            r->statement = css_name_is(token->value, "namespace") ? IN_NAMES : IN_AT_RULE;
    }
    r->leading = false;
    r->font_face = css_name_is(token->value, "font-face");
    return keep(r, token);
}

static bool on_url(struct rewriter *r, const struct css_token *token)
{
    if (at_top(r) && r->statement == IN_NAMES)
        return keep(r, token);
    bool import = at_top(r) && r->statement == AT_IMPORT;
    enter_rule(r);
    return refer_token(r, token, import ? CSS_USE_IMPORT : image_or_font(r));
}

static bool on_string(struct rewriter *r, const struct css_token *token)
{
    bool import = at_top(r) && r->statement == AT_IMPORT;
    enter_rule(r);
    if (import)
        return refer_token(r, token, CSS_USE_IMPORT);
    if (r->image_sets > 0 && innermost(r) != TYPE)
        return refer_token(r, token, CSS_USE_IMAGE);
    return keep(r, token);
}

/* What it stands for is known only when the page is shown, and cannot be checked. */
static bool filled_in_later(struct slice name)
{
    static const char *const names[] = {"var", "attr", "env", "if", "inherit", "ident"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (css_name_is(name, names[i]))
            return true;
    return slice_starts(name, "--");
}

/* The kind of block that a function opens which is no url("..."). */
static char function_kind(const struct rewriter *r, struct slice name)
{
    static const char *const loading[] = {
        "image-set", "-webkit-image-set", "-moz-image-set", "-moz-image-rect", "image", "src"};
    for (size_t i = 0; i < sizeof loading / sizeof *loading; i++)
        if (css_name_is(name, loading[i]))
            return IMAGE_SET;
    return r->image_sets > 0 && css_name_is(name, "type") ? TYPE : PAREN;
}

static bool on_function(struct rewriter *r, const struct css_token *token)
{
    bool names = at_top(r) && r->statement == IN_NAMES;
    bool import = at_top(r) && r->statement == AT_IMPORT;
    enter_rule(r);
    /* A browser that does not know src() takes the declaration before it: the name stays. */
    bool src = css_name_is(token->value, "src");
    if (!names && (src || css_name_is(token->value, "url"))) {
        struct css_tokens ahead = r->in;
        struct css_token string;
        peek(&ahead, true, &string);
        if (string.type == CSS_TOKEN_STRING) {
            r->in = ahead;
            enum css_use use = import ? CSS_USE_IMPORT : image_or_font(r);
            if (!refer(r, token->text.ptr, src ? "src(" : "url(", string.value, use))
                return false;
            push(r, PAREN);
            return true;
        }
    }
    if (r->image_sets > 0 && filled_in_later(token->value)) {
        flush(r, token->text.ptr);
        buf_add_text(r->out, "none(");
        r->copied = r->in.at;
        push(r, PAREN);
        return true;
    }
    push(r, function_kind(r, token->value));
    return keep(r, token);
}

static bool on_char(struct rewriter *r, const struct css_token *token)
{
    char c = token->text.ptr[0];
    switch (c) {
    case '(':
    case '[':
        enter_rule(r);
        push(r, c);
        break;
    case '{':
        enter_rule(r);
        push(r, r->font_face ? FONT_FACE : BRACE);
        r->font_face = false;
        break;
    case ')':
    case ']':
    case '}':
        close_block(r, c);
        break;
    case ';':
        r->font_face = false;
        if (at_top(r) && r->statement != IN_RULE && r->statement != AT_START)
            r->statement = AT_START;
        else
            enter_rule(r);
        break;
    default:
        enter_rule(r);
        return keep(r, token);
    }
    return true;
}

static bool on_token(struct rewriter *r, const struct css_token *token)
{
    switch (token->type) {
    case CSS_TOKEN_AT_KEYWORD:
        return on_at_keyword(r, token);
    case CSS_TOKEN_URL:
        return on_url(r, token);
    case CSS_TOKEN_STRING:
        return on_string(r, token);
    case CSS_TOKEN_FUNCTION:
        return on_function(r, token);
    case CSS_TOKEN_CHAR:
        return on_char(r, token);
    case CSS_TOKEN_SPACE:
        return true;
    case CSS_TOKEN_CDO:
    case CSS_TOKEN_CDC:
        /* Between rules they count as white space (§5.4.1). */
        r->leading = false;
        if (!at_top(r) || r->statement != AT_START)
            enter_rule(r);
        break;
    case CSS_TOKEN_COMMENT:
        break;
    default:
        enter_rule(r);
        break;
    }
    return keep(r, token);
}

bool css_rewrite(struct slice css, enum css_syntax syntax, css_url_fn url_fn, void *arg,
                 struct buf *out, struct error *err)
{
    struct rewriter r = {
        .in = {.css = css},
        .out = out,
        .url_fn = url_fn,
        .arg = arg,
        .err = err,
        .before = CSS_TOKEN_END,
        .sheet = syntax == CSS_SHEET,
        .leading = syntax == CSS_SHEET,
        .markup = slice_find_byte(css, 0, '<'),
        .scheme = slice_find(css, 0, slice_of(scheme_head)),
    };
    buf_init(&r.url, SIZE_MAX);
    buf_init(&r.replacement, SIZE_MAX);
    struct css_token token;
    bool ok = true;
    for (css_tokens_next(&r.in, &token); ok && token.type != CSS_TOKEN_END;
         css_tokens_next(&r.in, &token)) {
        ok = on_token(&r, &token) && out->failed == ERR_NONE;
        r.before = token.type;
    }
    if (ok && css.len > 0)
        flush(&r, css.ptr + r.in.css.len);
    buf_finish(&r.url);
    buf_finish(&r.replacement);
    if (out->failed != ERR_NONE)
        return buf_ok(out, "A style sheet", err);
    return ok;
}

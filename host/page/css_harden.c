#include "page/css_harden.h"

#include "page/css_tokens.h"

struct hardening {
    struct css_tokens in;
    struct buf *out;
    size_t depth;
    size_t loading; /* the depth at which a function that loads strings was opened; 0: none */
    enum { NO_IMPORT, IMPORT, BROKEN_IMPORT } import;
};

static bool one_of(struct slice name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (css_name_is(name, *names))
            return true;
    return false;
}

static bool letter(char c)
{
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* A `<` that an HTML parser could take for a tag. */
static bool markup_at(struct slice css, size_t at)
{
    char after = at + 1 < css.len ? css.ptr[at + 1] : '!';
    return letter(after) || memchr("/!?", after, 3) != NULL;
}

/* Inside a string, a URL or a name the `<` is escaped; a space after it changes a comment or a
 * comparison as little. */
static void write_without_markup(struct hardening *h, const struct css_token *token)
{
    struct slice css = h->in.css;
    size_t from = (size_t)(token->text.ptr - css.ptr);
    bool spaced = token->type == CSS_TOKEN_COMMENT || token->type == CSS_TOKEN_CHAR;
    if (token->type == CSS_TOKEN_CDO) {
        buf_add_char(h->out, ' '); /* white space to CSS too; without it tokens would join */
        return;
    }
    for (size_t at = from; at < from + token->text.len; at++) {
        bool markup = css.ptr[at] == '<' && markup_at(css, at);
        if (markup && !spaced)
            buf_add_text(h->out, at > from && css.ptr[at - 1] == '\\' ? "3c " : "\\3c ");
        else
            buf_add_char(h->out, css.ptr[at]);
        if (markup && spaced)
            buf_add_char(h->out, ' ');
    }
}

/* A string that becomes a URL only when the page is shown cannot be checked: inside the functions
 * that load strings nothing may be filled in later. */
static bool filled_in_later(const struct hardening *h, const struct css_token *token)
{
    static const char *const late[] = {"var", "attr", "env", "if", "inherit", "ident", NULL};
    return h->loading > 0 && (one_of(token->value, late) || slice_starts(token->value, "--"));
}

static void track(struct hardening *h, const struct css_token *token)
{
    static const char *const loads[] = {"image-set",
                                        "-webkit-image-set",
                                        "-moz-image-set",
                                        "-moz-image-rect",
                                        "image",
                                        "src",
                                        "url",
                                        NULL};
    char c = token->text.ptr[0];
    if (token->type == CSS_TOKEN_FUNCTION) {
        h->depth++;
        if (h->loading == 0 && one_of(token->value, loads))
            h->loading = h->depth;
    } else if (token->type == CSS_TOKEN_CHAR && c == '(') {
        h->depth++;
    } else if (token->type == CSS_TOKEN_CHAR && c == ')' && h->depth > 0) {
        if (h->loading == h->depth)
            h->loading = 0;
        h->depth--;
    }
}

/* The next token that is neither white space nor a comment. */
static void next_in(struct css_tokens *in, struct css_token *token_out)
{
    do
        css_tokens_next(in, token_out);
    while (token_out->type == CSS_TOKEN_SPACE || token_out->type == CSS_TOKEN_COMMENT);
}

static bool is_char(const struct css_token *token, const char *chars)
{
    return token->type == CSS_TOKEN_CHAR && strchr(chars, token->text.ptr[0]) != NULL;
}

/* Behind @import whose URL was taken out: skips the rest of the rule. What browsers read ahead
 * before they parse is cruder than CSS and finds URLs in such a rest. */
static bool skip_blank_import(struct hardening *h)
{
    struct css_tokens ahead = h->in;
    struct css_token token;
    next_in(&ahead, &token);
    if (token.type != CSS_TOKEN_FUNCTION || !css_name_is(token.value, "url"))
        return false;
    next_in(&ahead, &token);
    if (token.type != CSS_TOKEN_BAD_STRING &&
        (token.type != CSS_TOKEN_STRING || token.value.len > 0))
        return false;
    size_t depth = 1;
    for (; token.type != CSS_TOKEN_END; h->in = ahead) {
        css_tokens_next(&ahead, &token);
        bool closes = is_char(&token, ")]}");
        if (closes && depth == 0)
            break;
        depth += token.type == CSS_TOKEN_FUNCTION || is_char(&token, "([{");
        depth -= closes;
        if (depth == 0 && is_char(&token, ";}")) {
            h->in = ahead;
            break;
        }
    }
    return true;
}

/* Writes the URL of an @import with nothing inside of its parentheses but the string, and a space
 * behind it: what browsers read ahead takes all up to a space or a semicolon for the URL. */
static bool write_import_url(struct hardening *h, const struct css_token *token)
{
    struct css_tokens ahead = h->in;
    struct css_token url;
    struct css_token end;
    if (h->import != IMPORT || token->type != CSS_TOKEN_FUNCTION ||
        !css_name_is(token->value, "url"))
        return false;
    next_in(&ahead, &url);
    next_in(&ahead, &end);
    if (url.type != CSS_TOKEN_STRING || !is_char(&end, ")") ||
        slice_find_byte(url.text, 0, '<') < url.text.len)
        return false;
    struct css_tokens behind = ahead;
    struct css_token next;
    css_tokens_next(&behind, &next);
    bool ends = next.type == CSS_TOKEN_SPACE || next.type == CSS_TOKEN_END || is_char(&next, ";");
    buf_add_text(h->out, "url(");
    buf_add_slice(h->out, url.text);
    buf_add_text(h->out, ends ? ")" : ") ");
    h->import = NO_IMPORT;
    h->in = ahead;
    return true;
}

/* `url(` before a string that a newline cuts, which neither CSS nor page/css takes for a URL. */
static bool opens_bad_string(const struct hardening *h, const struct css_token *token)
{
    struct css_tokens ahead = h->in;
    struct css_token next;
    if (!css_name_is(token->value, "url"))
        return false;
    next_in(&ahead, &next);
    return next.type == CSS_TOKEN_BAD_STRING;
}

/* Old Internet Explorer ran the one and loaded a string of the other. */
static bool dead_function(const struct css_token *token)
{
    static const char *const names[] = {"expression", "alphaimageloader", NULL};
    return one_of(token->value, names);
}

/* Whether attr() is to make a URL, a picture or just anything (CSS Values 5 §7.7) of an attribute,
 * whose text nobody has checked: attr(x url), attr(x type(<image>)), attr(x type(*)). Browsers are
 * to refuse that when it would load. */
static bool reads_url(const struct hardening *h, const struct css_token *token)
{
    static const char *const urls[] = {"url", "image", "src", NULL};
    struct css_tokens ahead = h->in;
    struct css_token next;
    if (!css_name_is(token->value, "attr"))
        return false;
    next_in(&ahead, &next); /* the attribute's name */
    for (size_t depth = 1; depth > 0 && next.type != CSS_TOKEN_END;) {
        next_in(&ahead, &next);
        if (depth == 1 && is_char(&next, ","))
            return false; /* what comes is for want of the attribute */
        if ((next.type == CSS_TOKEN_IDENT && one_of(next.value, urls)) || is_char(&next, "*"))
            return true;
        depth += next.type == CSS_TOKEN_FUNCTION || is_char(&next, "(");
        depth -= is_char(&next, ")");
    }
    return false;
}

/* A filter's text of old Internet Explorer, in quotes. */
static bool names_filter(struct slice text)
{
    static const char word[] = "progid:";
    for (size_t at = 0; at + sizeof word <= text.len; at++)
        if (slice_starts_nocase(slice_sub(text, at, text.len - at), word))
            return true;
    return false;
}

/* IMPORT: @import was the last token that counts. BROKEN_IMPORT: what follows it is no URL, so it
 * is no import to CSS, but one to cruder readers. */
static void follow_import(struct hardening *h, const struct css_token *token)
{
    bool url = token->type == CSS_TOKEN_URL ||
               (token->type == CSS_TOKEN_FUNCTION && css_name_is(token->value, "url"));
    if (token->type == CSS_TOKEN_SPACE || token->type == CSS_TOKEN_COMMENT)
        return;
    if (token->type == CSS_TOKEN_AT_KEYWORD && css_name_is(token->value, "import"))
        h->import = IMPORT;
    else if (is_char(token, ";{}") || (h->import == IMPORT && url))
        h->import = NO_IMPORT;
    else if (h->import == IMPORT)
        h->import = BROKEN_IMPORT;
}

/* What stands for a token that page/css took for none of its business and that a reader with other
 * ideas of CSS could take for a reference; NULL when it may stay. Each is as wrong as what it
 * stands for, so no declaration becomes valid by it. */
static const char *stand_in(struct hardening *h, const struct css_token *token)
{
    bool import = h->import != NO_IMPORT;
    follow_import(h, token);
    switch (token->type) {
    case CSS_TOKEN_FUNCTION:
        return filled_in_later(h, token) || opens_bad_string(h, token) || dead_function(token) ||
                       reads_url(h, token)
                   ? "none("
                   : NULL;
    case CSS_TOKEN_STRING: /* behind @import only where it is no rule: else it is url() by now */
        return import || names_filter(token->text) ? "\"\"" : NULL;
    case CSS_TOKEN_BAD_STRING:
        return "!";
    case CSS_TOKEN_BAD_URL:
        return "none()";
    default:
        return NULL;
    }
}

void css_harden(struct slice css, bool markup, struct buf *out)
{
    struct hardening h = {.in = {.css = css}, .out = out};
    struct css_token token;
    for (css_tokens_next(&h.in, &token); token.type != CSS_TOKEN_END;
         css_tokens_next(&h.in, &token)) {
        if (token.type == CSS_TOKEN_AT_KEYWORD && css_name_is(token.value, "import") &&
            skip_blank_import(&h))
            continue;
        if (write_import_url(&h, &token))
            continue;
        const char *other = stand_in(&h, &token);
        if (other != NULL)
            buf_add_text(out, other);
        else if (markup && slice_find_byte(token.text, 0, '<') < token.text.len)
            write_without_markup(&h, &token);
        else
            buf_add_slice(out, token.text);
        track(&h, &token);
    }
}

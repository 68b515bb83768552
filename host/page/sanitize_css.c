#include "page/sanitize.h"

#include "page/assets.h"
#include "page/css.h"
#include "page/css_tokens.h"
#include "page/policy.h"

/* ---- References: the last word over what page/collect has written ---- */

static bool check_url(struct slice url, enum css_use use, struct buf *replacement_out, void *arg,
                      struct error *err)
{
    (void)arg;
    (void)err;
    bool local = url.len > 0 && url.ptr[0] == '#';
    bool stays = use == CSS_USE_IMPORT ? sanitize_is_asset(url)
                                       : local || sanitize_is_asset(url) || sanitize_is_data(url);
    if (stays)
        buf_add_slice(replacement_out, url);
    return true;
}

/* ---- Tokens that page/css leaves alone ---- */

struct hardening {
    struct css_tokens in;
    struct buf *out;
    size_t depth;
    size_t loading; /* the depth at which a function that loads strings was opened; 0: none */
    bool sheet;
    bool import; /* the last token that counts was @import */
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
    static const char *const loads[] = {"image-set", "-webkit-image-set", "image", "src", "url",
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

/* What stands for a token that page/css took for none of its business and that a reader with other
 * ideas of CSS could take for a reference; NULL when it may stay. Each is as wrong as what it
 * stands for, so no declaration becomes valid by it. */
static const char *stand_in(struct hardening *h, const struct css_token *token)
{
    bool import = h->import;
    if (token->type != CSS_TOKEN_SPACE && token->type != CSS_TOKEN_COMMENT)
        h->import = token->type == CSS_TOKEN_AT_KEYWORD && css_name_is(token->value, "import");
    switch (token->type) {
    case CSS_TOKEN_FUNCTION:
        return filled_in_later(h, token) || opens_bad_string(h, token) ? "none(" : NULL;
    case CSS_TOKEN_STRING: /* behind @import only where it is no rule: else it is url() by now */
        return import ? "\"\"" : NULL;
    case CSS_TOKEN_BAD_STRING:
        return "!";
    case CSS_TOKEN_BAD_URL:
        return "none()";
    default:
        return NULL;
    }
}

static void harden(struct hardening *h)
{
    struct css_token token;
    for (css_tokens_next(&h->in, &token); token.type != CSS_TOKEN_END;
         css_tokens_next(&h->in, &token)) {
        if (token.type == CSS_TOKEN_AT_KEYWORD && css_name_is(token.value, "import") &&
            skip_blank_import(h))
            continue;
        const char *other = stand_in(h, &token);
        if (other != NULL) {
            buf_add_text(h->out, other);
        } else if (h->sheet && slice_find_byte(token.text, 0, '<') < token.text.len) {
            write_without_markup(h, &token);
        } else {
            buf_add_slice(h->out, token.text);
        }
        track(h, &token);
    }
}

bool sanitize_css(struct sanitizer *s, struct slice css, bool sheet, bool *changed_out)
{
    buf_reset(&s->css);
    struct buf checked;
    buf_init(&checked, s->css.max);
    bool ok =
        css_rewrite(css, sheet ? CSS_SHEET : CSS_DECLARATIONS, check_url, NULL, &checked, s->err);
    if (ok) {
        struct hardening h = {.in = {.css = buf_slice(&checked)}, .out = &s->css, .sheet = sheet};
        harden(&h);
        ok = buf_ok(&s->css, "A style sheet", s->err);
    }
    *changed_out = !slice_equal(css, buf_slice(&s->css));
    buf_finish(&checked);
    return ok;
}

bool sanitize_style(struct sanitizer *s, xmlNodePtr node)
{
    buf_reset(&s->text);
    for (const xmlNode *at = tree_next(node, node); at != NULL; at = tree_next(at, node))
        if (at->type == XML_TEXT_NODE)
            buf_add_text(&s->text, (const char *)at->content);
    bool changed;
    if (!buf_ok(&s->text, "A style sheet", s->err) ||
        !sanitize_css(s, buf_slice(&s->text), true, &changed))
        return false;
    bool single = node->children != NULL && node->children->next == NULL &&
                  node->children->type == XML_TEXT_NODE;
    if (!changed && (single || node->children == NULL))
        return true;
    tree_clear(node);
    if (s->css.len == 0)
        return true;
    xmlNodePtr text = tree_new_text(node->doc, buf_slice(&s->css));
    if (text == NULL)
        return error_no_memory(s->err);
    xmlAddChild(node, text);
    return true;
}

#include "page/css_states.h"

#include "page/css_tokens.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* What the page walker writes into `ls-is`; what browsers match by themselves they go on to. */
static const char *const words[] = {
    "popover-open", "modal",    "fullscreen",         "user-invalid",
    "user-valid",   "autofill", "picture-in-picture",
};

static const char mark[] = "[ls-is~=\"";

/* Elements that a snapshot shows as others, and those others. */
static const char *const replaced[] = {"canvas", "object", "embed"};
static const char *const stand_ins[] = {"img", "iframe"};

/* Functions of selectors that hold selectors. */
static const char *const holders[] = {
    "is", "where", "not", "has", "host", "host-context", "slotted", "nth-child", "nth-last-child"};

/* In lower case, or in capitals as old sheets write names. */
static bool has_any(struct slice sheet, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char capitals[24] = "";
        for (size_t k = 0; table[i][k] != '\0'; k++)
            capitals[k] = (char)(table[i][k] >= 'a' && table[i][k] <= 'z' ? table[i][k] - 'a' + 'A'
                                                                          : table[i][k]);
        if (slice_find(sheet, 0, slice_of(table[i])) < sheet.len ||
            slice_find(sheet, 0, slice_of(capitals)) < sheet.len)
            return true;
    }
    return false;
}

bool css_states_named(struct slice sheet)
{
    static const char *const others[] = {":defined", ":state("};
    return has_any(sheet, others, COUNT(others)) || has_any(sheet, words, COUNT(words)) ||
           has_any(sheet, replaced, COUNT(replaced)) || has_any(sheet, stand_ins, COUNT(stand_ins));
}

/* A name that stands in a string and in an attribute as it stands here. */
static bool plain(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = ascii_lower(name.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return name.len > 0;
}

struct rewriting {
    struct css_tokens in;
    struct buf *out;
    size_t copied;
    bool element; /* behind `::`, where no attribute selector may stand, in the same compound */
    size_t depth; /* of the parentheses that opened since */
    size_t end;   /* of the selector or declaration that was looked at last, and which it is */
    bool selector;
    bool type;     /* a name here is that of an element */
    bool at_rule;  /* before its block */
    size_t opaque; /* parentheses and brackets around, within which no selector stands */
};

/* Whether a rule's block comes before the end of a declaration: then this is a selector. Each
 * stretch of text is looked through once. */
static bool in_selector(struct rewriting *r)
{
    struct css_tokens ahead = r->in;
    struct css_token token;
    if (r->in.at < r->end)
        return r->selector;
    r->selector = false;
    for (css_tokens_next(&ahead, &token); token.type != CSS_TOKEN_END;
         css_tokens_next(&ahead, &token))
        if (token.type == CSS_TOKEN_CHAR && memchr("{};", token.text.ptr[0], 3) != NULL) {
            r->selector = token.text.ptr[0] == '{';
            break;
        }
    r->end = ahead.at;
    return r->selector;
}

static void replace(struct rewriting *r, size_t from, size_t to, const char *before,
                    struct slice name, const char *after)
{
    buf_add_slice(r->out, slice_sub(r->in.css, r->copied, from - r->copied));
    buf_add_text(r->out, before);
    buf_add_slice(r->out, name);
    buf_add_text(r->out, after);
    r->copied = r->in.at = to;
}

/* `:word` at `from`, the tokenizer behind it. */
static void on_word(struct rewriting *r, size_t from, struct slice name)
{
    size_t end = r->in.at;
    if (css_name_is(name, "defined")) {
        replace(r, from, end, ":not([ls-is~=\"", slice_of("undefined"), "\"])");
        return;
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        struct slice rest = slice_sub(r->in.css, end, r->in.css.len);
        bool done = slice_starts(rest, ",") && slice_starts(slice_sub(rest, 1, rest.len), mark);
        if (!done && css_name_is(name, words[i])) {
            replace(r, from, from, ":is(", slice_of(""), "");
            r->in.at = end;
            replace(r, end, end, ",[ls-is~=\"", slice_of(words[i]), "\"])");
        }
    }
}

/* `:state(`: all up to its parenthesis. */
static void on_state(struct rewriting *r, size_t from)
{
    struct css_tokens ahead = r->in;
    struct css_token name;
    struct css_token end;
    do
        css_tokens_next(&ahead, &name);
    while (name.type == CSS_TOKEN_SPACE);
    do
        css_tokens_next(&ahead, &end);
    while (end.type == CSS_TOKEN_SPACE);
    if (name.type == CSS_TOKEN_IDENT && plain(name.value) && slice_equal(end.text, slice_of(")")))
        replace(r, from, ahead.at, "[ls-is~=\"state-", name.value, "\"]");
}

/* Right behind a colon, at `from`. */
static void on_colon(struct rewriting *r, size_t from)
{
    struct css_tokens ahead = r->in;
    struct css_token next;
    css_tokens_next(&ahead, &next);
    if (next.type == CSS_TOKEN_CHAR && next.text.ptr[0] == ':') {
        r->in = ahead;
        r->element = true;
        r->depth = 0;
        return;
    }
    bool state = next.type == CSS_TOKEN_FUNCTION && css_name_is(next.value, "state");
    if (r->element || !(state || next.type == CSS_TOKEN_IDENT) || !in_selector(r))
        return;
    r->in = ahead;
    if (state)
        on_state(r, from);
    else
        on_word(r, from, next.value);
}

/* Follows a compound from its pseudo-element to its end. */
static void track(struct rewriting *r, const struct css_token *token)
{
    char c = token->type == CSS_TOKEN_CHAR ? token->text.ptr[0] : '\0';
    if (!r->element)
        return;
    if (token->type == CSS_TOKEN_FUNCTION || c == '(')
        r->depth++;
    else if (c == ')' && r->depth > 0)
        r->depth--;
    else if (r->depth == 0 && (token->type == CSS_TOKEN_SPACE || c == ')' ||
                               (c != '\0' && memchr(",{};>+~", c, 7) != NULL)))
        r->element = false;
}

static bool is_one_of(struct slice name, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (css_name_is(name, table[i]))
            return true;
    return false;
}

/* Follows where the name of an element may stand next. */
static void place(struct rewriting *r, const struct css_token *token)
{
    char c = token->type == CSS_TOKEN_CHAR ? token->text.ptr[0] : '\0';
    if (token->type == CSS_TOKEN_COMMENT)
        return;
    if (c != '\0' && memchr("{};", c, 3) != NULL) {
        r->at_rule = false;
        r->opaque = 0;
        r->type = true;
        return;
    }
    bool function = token->type == CSS_TOKEN_FUNCTION;
    bool holds = function && is_one_of(token->value, holders, COUNT(holders));
    if (c == '[' || ((function || c == '(') && (r->opaque > 0 || (function && !holds))))
        r->opaque++;
    else if ((c == ']' || c == ')') && r->opaque > 0)
        r->opaque--;
    if (token->type == CSS_TOKEN_AT_KEYWORD)
        r->at_rule = true;
    r->type =
        !r->at_rule && r->opaque == 0 &&
        (holds || token->type == CSS_TOKEN_SPACE || (c != '\0' && memchr(",>+~(", c, 5) != NULL));
}

/* A name where that of an element may stand: `canvas` asks for what stands for one as well, `img`
 * for no such. */
static void on_type(struct rewriting *r, const struct css_token *token)
{
    static const char other[] = ":not(:where([ls-is~=\"stand-in\"]))";
    static const char also[] = ",:where([ls-is~=\"";
    size_t from = (size_t)(token->text.ptr - r->in.css.ptr);
    size_t end = r->in.at;
    struct slice rest = slice_sub(r->in.css, end, r->in.css.len);
    bool was = is_one_of(token->value, replaced, COUNT(replaced));
    bool is = is_one_of(token->value, stand_ins, COUNT(stand_ins));
    if (!(was || is) || slice_starts(rest, "|") || slice_starts(rest, was ? also : other) ||
        !plain(token->value) || !in_selector(r))
        return;
    if (is) {
        replace(r, end, end, other, slice_of(""), "");
        return;
    }
    for (size_t i = 0; i < COUNT(replaced); i++)
        if (css_name_is(token->value, replaced[i])) {
            replace(r, from, from, ":is(", slice_of(""), "");
            r->in.at = end;
            replace(r, end, end, also, slice_of(replaced[i]), "\"]))");
        }
}

void css_states_rewrite(struct slice sheet, struct buf *out)
{
    struct rewriting r = {.in = {.css = sheet}, .out = out, .type = true};
    struct css_token token;
    for (css_tokens_next(&r.in, &token); token.type != CSS_TOKEN_END;
         css_tokens_next(&r.in, &token)) {
        bool type = r.type && token.type == CSS_TOKEN_IDENT;
        track(&r, &token);
        place(&r, &token);
        if (type)
            on_type(&r, &token);
        else if (token.type == CSS_TOKEN_CHAR && token.text.ptr[0] == ':')
            on_colon(&r, (size_t)(token.text.ptr - sheet.ptr));
    }
    buf_add_slice(out, slice_sub(sheet, r.copied, sheet.len));
}

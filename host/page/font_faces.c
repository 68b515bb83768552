#include "page/font_faces.h"

#include "page/css_tokens.h"

#include <stdlib.h>

/* One @font-face block while it is read. */
struct face {
    size_t first;        /* its URLs in faces->unneeded stand from here on, whether needed or not */
    bool ranged;         /* has a unicode-range that was understood */
    bool needed;         /* the page has a character in it */
    bool has_woff2;      /* a source of this form was seen */
    struct slice family; /* as they stand */
    struct slice weight;
    struct slice style;
};

struct scan {
    struct css_tokens in;
    const struct font_use *use;
    struct font_faces *faces;
    struct face face;
    bool *spare; /* for each URL since face.first: stands behind a WOFF2 file */
    size_t spare_cap;
};

static bool is_char(const struct css_token *token, char c)
{
    return token->type == CSS_TOKEN_CHAR && token->text.ptr[0] == c;
}

static bool add_url(struct scan *s, size_t offset, bool spare)
{
    struct font_faces *faces = s->faces;
    size_t index = faces->count - s->face.first;
    if (faces->count == faces->cap) {
        size_t cap = faces->cap ? faces->cap * 2 : 64;
        size_t *grown = realloc(faces->unneeded, cap * sizeof *grown);
        if (grown == NULL)
            return false;
        faces->unneeded = grown;
        faces->cap = cap;
    }
    if (index >= s->spare_cap) {
        size_t cap = s->spare_cap ? s->spare_cap * 2 : 16;
        bool *grown = realloc(s->spare, cap * sizeof *grown);
        if (grown == NULL)
            return false;
        s->spare = grown;
        s->spare_cap = cap;
    }
    s->spare[index] = spare;
    faces->unneeded[faces->count++] = offset;
    return true;
}

/* ---- unicode-range ---- */

static size_t read_hex(struct slice s, size_t at, bool wild, uint32_t *low_out, uint32_t *high_out)
{
    size_t end = at;
    *low_out = *high_out = 0;
    for (; end < s.len && end < at + 6; end++) {
        char c = ascii_lower(s.ptr[end]);
        bool any = wild && c == '?';
        if (!any && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            break;
        uint32_t digit = (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
        *low_out = *low_out * 16 + (any ? 0 : digit);
        *high_out = *high_out * 16 + (any ? 15 : digit);
    }
    return end;
}

/* Whether a page always has such characters, or its style sheets may bring them. */
static bool always_needed(uint32_t from, uint32_t to)
{
    return from < 0x370 || (from < 0x2C00 && to >= 0x2000);
}

/* `U+25-ff, u+4??` (CSS Syntax §7); false when it is anything else. */
static bool read_ranges(struct scan *s, struct slice value)
{
    size_t at = 0;
    bool needed = s->use->text == NULL;
    while (at < value.len) {
        uint32_t from;
        uint32_t to;
        uint32_t end;
        while (at < value.len && (ascii_space(value.ptr[at]) || value.ptr[at] == ','))
            at++;
        if (at == value.len)
            break;
        if (!slice_starts_nocase(slice_sub(value, at, 2), "u+"))
            return false;
        size_t behind = read_hex(value, at + 2, true, &from, &to);
        if (behind == at + 2)
            return false;
        at = behind;
        if (at < value.len && value.ptr[at] == '-') {
            behind = read_hex(value, at + 1, false, &end, &to);
            if (behind == at + 1)
                return false;
            at = behind;
        }
        needed = needed || always_needed(from, to) || codepoints_meet(s->use->text, from, to);
    }
    s->face.needed = needed;
    return true;
}

/* ---- One block ---- */

static bool is_woff2(struct slice url)
{
    struct slice path = slice_sub(url, 0, slice_find_byte(url, 0, '#'));
    path = slice_sub(path, 0, slice_find_byte(path, 0, '?'));
    return path.len > 6 && slice_equal_nocase(slice_sub(path, path.len - 6, 6), ".woff2");
}

static bool on_source(struct scan *s, struct slice url)
{
    bool spare = s->face.has_woff2;
    s->face.has_woff2 |= is_woff2(url);
    return add_url(s, (size_t)(url.ptr - s->in.css.ptr), spare);
}

/* Reads a declaration's value, up to the ';' or '}' that ends it, into *token. */
static bool read_value(struct scan *s, bool source, struct css_token *token,
                       struct slice *value_out)
{
    size_t start = s->in.at;
    size_t depth = 0;
    bool url = false; /* the token before this one was url( */
    for (;;) {
        size_t end = s->in.at;
        css_tokens_next(&s->in, token);
        bool closes = is_char(token, '}') || is_char(token, ';');
        if (token->type == CSS_TOKEN_END || (depth == 0 && closes)) {
            *value_out = slice_sub(s->in.css, start, end - start);
            return true;
        }
        if (token->type == CSS_TOKEN_FUNCTION && css_name_is(token->value, "tech"))
            s->face.has_woff2 = false; /* a browser may lack what it asks for */
        if (token->type == CSS_TOKEN_FUNCTION || is_char(token, '('))
            depth++;
        else if (is_char(token, ')') && depth > 0)
            depth--;
        bool loads = token->type == CSS_TOKEN_URL || (url && token->type == CSS_TOKEN_STRING);
        if (source && loads && !on_source(s, token->value))
            return false;
        if (token->type != CSS_TOKEN_SPACE && token->type != CSS_TOKEN_COMMENT)
            url = token->type == CSS_TOKEN_FUNCTION && css_name_is(token->value, "url");
    }
}

static bool read_block(struct scan *s)
{
    struct css_token token;
    struct css_token name = {.type = CSS_TOKEN_END};
    for (;;) {
        css_tokens_next(&s->in, &token);
        if (token.type == CSS_TOKEN_SPACE || token.type == CSS_TOKEN_COMMENT)
            continue;
        if (is_char(&token, ':') && name.type == CSS_TOKEN_IDENT) {
            struct slice value;
            if (!read_value(s, css_name_is(name.value, "src"), &token, &value))
                return false;
            if (css_name_is(name.value, "unicode-range"))
                s->face.ranged = read_ranges(s, value);
            else if (css_name_is(name.value, "font-family"))
                s->face.family = value;
            else if (css_name_is(name.value, "font-weight"))
                s->face.weight = value;
            else if (css_name_is(name.value, "font-style"))
                s->face.style = value;
        }
        if (token.type == CSS_TOKEN_END || is_char(&token, '}'))
            return true;
        name = token;
    }
}

/* ---- Faces without any text ---- */

/* The value's words with one space between them, unescaped, in lower case. */
static void add_words(struct buf *key, struct slice value)
{
    struct css_tokens in = {.css = value};
    struct css_token token;
    size_t start = key->len;
    for (css_tokens_next(&in, &token); token.type != CSS_TOKEN_END; css_tokens_next(&in, &token)) {
        if (token.type == CSS_TOKEN_SPACE || token.type == CSS_TOKEN_COMMENT)
            continue;
        if (key->len > start)
            buf_add_char(key, ' ');
        bool named = token.type == CSS_TOKEN_IDENT || token.type == CSS_TOKEN_STRING;
        size_t from = key->len;
        if (named)
            css_unescape(token.value, key);
        else
            buf_add_slice(key, token.text);
        for (size_t i = from; i < key->len; i++)
            key->ptr[i] = ascii_lower(key->ptr[i]);
    }
}

static void add_weight(struct buf *key, struct slice value)
{
    static const char *const names[][2] = {{"normal", "400"}, {"bold", "700"}};
    struct slice trimmed = slice_trim(value);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(trimmed, names[i][0])) {
            buf_add_text(key, names[i][1]);
            return;
        }
    add_words(key, value.len > 0 ? value : slice_of("400"));
}

static bool is_unused(const struct scan *s)
{
    enum { KEY_MAX = 512 };
    bool found = false;
    if (s->use->unused_count == 0 || s->face.family.len == 0)
        return false;
    struct buf key;
    buf_init(&key, KEY_MAX);
    add_words(&key, s->face.family);
    buf_add_char(&key, '|');
    add_weight(&key, s->face.weight);
    buf_add_char(&key, '|');
    add_words(&key, s->face.style.len > 0 ? s->face.style : slice_of("normal"));
    for (size_t i = 0; !found && key.failed == ERR_NONE && i < s->use->unused_count; i++)
        found = slice_equal(buf_slice(&key), slice_of(s->use->unused[i]));
    buf_finish(&key);
    return found;
}

/* Leaves of the block's URLs those that are not needed. */
static void settle(struct scan *s)
{
    bool unneeded = (s->face.ranged && !s->face.needed) || is_unused(s);
    size_t kept = s->face.first;
    for (size_t i = s->face.first; i < s->faces->count; i++)
        if (unneeded || s->spare[i - s->face.first])
            s->faces->unneeded[kept++] = s->faces->unneeded[i];
    s->faces->count = kept;
}

bool font_faces_scan(struct slice css, const struct font_use *use, struct font_faces *faces_out,
                     struct error *err)
{
    struct font_faces faces = {0};
    struct scan s = {.in = {.css = css}, .use = use, .faces = &faces};
    struct css_token token;
    bool rule = false;
    bool ok = true;
    if (slice_find(css, 0, slice_of("font-face")) == css.len)
        s.in.at = css.len;
    for (css_tokens_next(&s.in, &token); ok && token.type != CSS_TOKEN_END;
         css_tokens_next(&s.in, &token)) {
        if (token.type == CSS_TOKEN_SPACE || token.type == CSS_TOKEN_COMMENT)
            continue;
        if (rule && is_char(&token, '{')) {
            s.face = (struct face){.first = faces.count};
            ok = read_block(&s);
            settle(&s);
        }
        rule = token.type == CSS_TOKEN_AT_KEYWORD && css_name_is(token.value, "font-face");
    }
    free(s.spare);
    if (!ok) {
        font_faces_finish(&faces);
        return error_no_memory(err);
    }
    *faces_out = faces;
    return true;
}

void font_faces_finish(struct font_faces *faces)
{
    free(faces->unneeded);
    *faces = (struct font_faces){0};
}

bool font_faces_unneeded(struct font_faces *faces, size_t offset)
{
    while (faces->next < faces->count && faces->unneeded[faces->next] < offset)
        faces->next++;
    return faces->next < faces->count && faces->unneeded[faces->next] == offset;
}

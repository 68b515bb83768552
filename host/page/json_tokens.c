#include "page/json_tokens.h"

#include "base/utf8.h"

static bool json_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_spaces(struct json_reader *r)
{
    while (r->at < r->text.len && json_space(r->text.ptr[r->at]))
        r->at++;
}

static enum json_token bad(struct json_reader *r)
{
    r->at = r->text.len + 1; /* for good */
    return JSON_BAD;
}

/* At a quote. */
static bool take_string(struct json_reader *r, struct slice *text_out)
{
    size_t start = ++r->at;
    for (; r->at < r->text.len; r->at++) {
        char c = r->text.ptr[r->at];
        if (c == '"') {
            *text_out = slice_sub(r->text, start, r->at++ - start);
            return true;
        }
        if ((unsigned char)c < 0x20)
            return false;
        r->at += c == '\\';
    }
    return false;
}

static bool is_number(struct slice s)
{
    size_t sign = s.len > 0 && s.ptr[0] == '-';
    if (s.len <= sign || s.ptr[sign] < '0' || s.ptr[sign] > '9')
        return false;
    for (size_t i = sign; i < s.len; i++)
        if ((s.ptr[i] < '0' || s.ptr[i] > '9') && strchr("+-.eE", s.ptr[i]) == NULL)
            return false;
    return memchr(s.ptr, '\0', s.len) == NULL;
}

static enum json_token take_scalar(struct json_reader *r, struct slice *text_out)
{
    size_t start = r->at;
    while (r->at < r->text.len && !json_space(r->text.ptr[r->at]) &&
           memchr(",]}[{:\"", r->text.ptr[r->at], 7) == NULL)
        r->at++;
    *text_out = slice_sub(r->text, start, r->at - start);
    if (!is_number(*text_out) && !slice_equal(*text_out, slice_of("true")) &&
        !slice_equal(*text_out, slice_of("false")) && !slice_equal(*text_out, slice_of("null")))
        return bad(r);
    r->state = JSON_AFTER;
    return JSON_SCALAR;
}

static enum json_token open_one(struct json_reader *r, bool object)
{
    if (r->depth == JSON_DEPTH)
        return bad(r);
    r->in_object[r->depth++] = object;
    r->at++;
    r->state = object ? JSON_WANT_FIRST_KEY : JSON_WANT_FIRST;
    return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_token close_one(struct json_reader *r, bool object)
{
    if (r->depth == 0 || r->in_object[r->depth - 1] != object)
        return bad(r);
    r->depth--;
    r->at++;
    r->state = JSON_AFTER;
    return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

static enum json_token take_key(struct json_reader *r, struct slice *text_out)
{
    if (r->text.ptr[r->at] != '"' || !take_string(r, text_out))
        return bad(r);
    skip_spaces(r);
    if (r->at >= r->text.len || r->text.ptr[r->at] != ':')
        return bad(r);
    r->at++;
    r->state = JSON_WANT_VALUE;
    return JSON_KEY;
}

static enum json_token take_value(struct json_reader *r, struct slice *text_out)
{
    switch (r->text.ptr[r->at]) {
    case '{':
        return open_one(r, true);
    case '[':
        return open_one(r, false);
    case '"':
        if (!take_string(r, text_out))
            return bad(r);
        r->state = JSON_AFTER;
        return JSON_STRING;
    default:
        return take_scalar(r, text_out);
    }
}

enum json_token json_next(struct json_reader *r, struct slice *text_out)
{
    *text_out = slice_of("");
    if (r->at > r->text.len)
        return JSON_BAD;
    skip_spaces(r);
    if (r->state == JSON_AFTER && r->depth > 0 && r->at < r->text.len &&
        r->text.ptr[r->at] == ',') {
        r->at++;
        r->state = r->in_object[r->depth - 1] ? JSON_WANT_KEY : JSON_WANT_VALUE;
        skip_spaces(r);
    }
    if (r->at >= r->text.len)
        return r->depth == 0 ? JSON_DONE : bad(r);
    char c = r->text.ptr[r->at];
    if ((c == '}' && (r->state == JSON_AFTER || r->state == JSON_WANT_FIRST_KEY)) ||
        (c == ']' && (r->state == JSON_AFTER || r->state == JSON_WANT_FIRST)))
        return close_one(r, c == '}');
    if (r->state == JSON_WANT_KEY || r->state == JSON_WANT_FIRST_KEY)
        return take_key(r, text_out);
    if (r->state == JSON_AFTER && r->depth > 0)
        return bad(r);
    return take_value(r, text_out);
}

/* ---- Strings ---- */

/* The four digits of "\uXXXX" at `at`; false when there are none. */
static bool take_unit(struct slice text, size_t at, uint32_t *unit_out)
{
    uint32_t unit = 0;
    struct slice s = slice_sub(text, at, 6);
    if (s.len < 6 || s.ptr[0] != '\\' || s.ptr[1] != 'u')
        return false;
    for (size_t i = 2; i < 6; i++) {
        char c = ascii_lower(s.ptr[i]);
        if (c >= '0' && c <= '9')
            unit = unit * 16 + (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            unit = unit * 16 + (uint32_t)(c - 'a' + 10);
        else
            return false;
    }
    *unit_out = unit;
    return true;
}

size_t json_unicode(struct slice text, size_t at, uint32_t *cp_out)
{
    uint32_t high;
    uint32_t low;
    if (!take_unit(text, at, &high))
        return 0;
    if (high >= 0xD800 && high < 0xDC00 && take_unit(text, at + 6, &low) && low >= 0xDC00 &&
        low < 0xE000) {
        *cp_out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return 12;
    }
    *cp_out = high;
    return 6;
}

bool json_unescape(struct buf *out, struct slice text)
{
    static const char names[] = "bfnrt";
    static const char means[] = "\b\f\n\r\t";
    for (size_t at = 0; at < text.len;) {
        size_t plain = slice_find_byte(text, at, '\\');
        buf_add_slice(out, slice_sub(text, at, plain - at));
        at = plain;
        if (at + 1 >= text.len)
            break;
        uint32_t cp;
        char bytes[4];
        size_t len = json_unicode(text, at, &cp);
        if (len > 0) {
            buf_add(out, bytes, utf8_encode(cp, bytes));
            at += len;
            continue;
        }
        char c = text.ptr[at + 1];
        const char *name = c != '\0' ? strchr(names, c) : NULL;
        buf_add_char(out, name != NULL ? means[name - names] : c);
        at += 2;
    }
    return out->failed == ERR_NONE;
}

#include "page/media.h"

#include "base/base64.h"
#include "base/limits.h"
#include "page/charset.h"
#include "page/charset_guess.h"
#include "page/percent.h"
#include "page/prescan.h"

/* ---- Content-Type ---- */

/* RFC 9110 §5.6.2, as MIME Sniffing §3 calls it: an HTTP token code point. */
static bool token_byte(char c)
{
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool token(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!token_byte(s.ptr[i]))
            return false;
    return s.len > 0;
}

static bool quoted_text(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.ptr[i] < 0x20 && s.ptr[i] != '\t') || s.ptr[i] == 0x7F)
            return false;
    return true;
}

static bool http_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct slice http_trim(struct slice s)
{
    while (s.len > 0 && http_space(s.ptr[0]))
        s = slice_sub(s, 1, s.len);
    while (s.len > 0 && http_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

/* False and nothing written when it does not fit. */
static bool copy_lower(struct slice s, char *out, size_t size)
{
    if (s.len >= size)
        return false;
    for (size_t i = 0; i < s.len; i++)
        out[i] = ascii_lower(s.ptr[i]);
    out[s.len] = '\0';
    return true;
}

/* A quoted string at `at`; returns where it ends. Its value is cut to what `out` holds. */
static size_t unquote(struct slice s, size_t at, char *out, size_t size, size_t *len_out)
{
    size_t len = 0;
    for (at++; at < s.len && s.ptr[at] != '"'; at++) {
        if (s.ptr[at] == '\\' && at + 1 < s.len)
            at++;
        if (len < size)
            out[len] = s.ptr[at];
        len++;
    }
    *len_out = len;
    return at;
}

/* Reads "name=value" or "name" between semicolons; the first good charset counts. */
static size_t parse_parameter(struct slice s, size_t at, struct media_type *type)
{
    while (at < s.len && http_space(s.ptr[at]))
        at++;
    size_t start = at;
    while (at < s.len && s.ptr[at] != ';' && s.ptr[at] != '=')
        at++;
    struct slice name = slice_sub(s, start, at - start);
    if (at >= s.len || s.ptr[at] == ';')
        return at;
    at++;
    char text[sizeof type->charset];
    struct slice value = {text, 0};
    if (at < s.len && s.ptr[at] == '"') {
        at = unquote(s, at, text, sizeof text, &value.len);
        at = slice_find_byte(s, at, ';');
    } else {
        start = at;
        at = slice_find_byte(s, at, ';');
        value = http_trim(slice_sub(s, start, at - start));
        if (value.len == 0)
            return at;
    }
    if (slice_equal_nocase(name, "charset") && type->charset[0] == '\0' &&
        value.len < sizeof type->charset && quoted_text(value)) {
        memcpy(type->charset, value.ptr, value.len);
        type->charset[value.len] = '\0';
    }
    return at;
}

void media_parse(struct slice value, struct media_type *type_out)
{
    *type_out = (struct media_type){0};
    struct slice s = http_trim(value);
    size_t end = slice_find_byte(s, 0, ';');
    struct slice essence = http_trim(slice_sub(s, 0, end));
    size_t slash = slice_find_byte(essence, 0, '/');
    if (!token(slice_sub(essence, 0, slash)) ||
        !token(slice_sub(essence, slash + 1, essence.len)) ||
        !copy_lower(essence, type_out->essence, sizeof type_out->essence))
        return;
    for (size_t at = end; at < s.len;)
        at = parse_parameter(s, at + 1, type_out);
}

/* ---- text ---- */

static const struct charset *declared(struct slice bytes, enum media_syntax syntax)
{
    switch (syntax) {
    case MEDIA_HTML:
        return prescan_html(bytes);
    case MEDIA_CSS:
        return prescan_css(bytes);
    case MEDIA_TEXT:
        break;
    }
    return NULL;
}

static const struct charset *undeclared(struct slice bytes, const char *fallback)
{
    const struct charset *wide = fallback != NULL ? charset_find(slice_of(fallback)) : NULL;
    if (wide != NULL && charset_is_utf16(wide) && slice_find_byte(bytes, 0, '\0') < bytes.len)
        return wide; /* NULs are UTF-8 too */
    if (charset_looks_utf8(bytes))
        return charset_find(slice_of("utf-8"));
    const struct charset *charset =
        fallback != NULL ? charset_find(slice_of(fallback)) : charset_guess(bytes);
    return charset != NULL ? charset : charset_find(slice_of("windows-1252"));
}

static const struct charset *find_charset(struct slice bytes, enum media_syntax syntax,
                                          struct slice label, const char *fallback, size_t *bom_out)
{
    *bom_out = 0;
    const struct charset *charset = charset_of_bom(bytes, bom_out);
    if (charset == NULL)
        charset = charset_find(label);
    if (charset == NULL)
        charset = declared(bytes, syntax);
    return charset != NULL ? charset : undeclared(bytes, fallback);
}

const char *media_charset(struct slice bytes, enum media_syntax syntax, struct slice label,
                          const char *fallback)
{
    size_t bom;
    return charset_name(find_charset(bytes, syntax, label, fallback, &bom));
}

const char *media_charset_name(struct slice label)
{
    const struct charset *charset = charset_find(label);
    return charset != NULL ? charset_name(charset) : NULL;
}

bool media_decode(struct slice bytes, enum media_syntax syntax, struct slice label,
                  const char *fallback, struct buf *out, struct error *err)
{
    size_t bom;
    const struct charset *charset = find_charset(bytes, syntax, label, fallback, &bom);
    return charset_decode(charset, slice_sub(bytes, bom, bytes.len), out, err);
}

/* ---- data: URLs ---- */

/* Appends `text` without the tabs and line ends that a URL parser drops. */
static bool add_without_breaks(struct buf *out, struct slice text)
{
    if (!buf_reserve(out, text.len))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\t' && text.ptr[i] != '\n' && text.ptr[i] != '\r')
            out->ptr[out->len++] = text.ptr[i];
    out->ptr[out->len] = '\0';
    return true;
}

/* Infra, "forgiving-base64 decode": white space may stand anywhere, and padding is optional. */
static bool decode_base64(struct buf *text, struct buf *out, struct error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->len; i++)
        if (!ascii_space(text->ptr[i]))
            text->ptr[kept++] = text->ptr[i];
    if (kept > 0 && kept % 4 == 0)
        for (int padding = 0; padding < 2 && text->ptr[kept - 1] == '='; padding++)
            kept--;
    text->len = kept;
    bool ok = kept % 4 != 1 && slice_find_byte(buf_slice(text), 0, '=') == kept;
    while (ok && text->len % 4 != 0)
        buf_add_char(text, '=');
    if (!buf_ok(text, "The data: URL", err))
        return false;
    if (ok && base64_decode(buf_slice(text), out, err))
        return true;
    if (ok && err->code != ERR_PARAMS)
        return false;
    return error_set(err, ERR_URL, "The data: URL is not valid base64");
}

/* Cuts ";base64" from the end of the type. */
static bool cut_base64(struct slice *type)
{
    static const char word[] = "base64";
    size_t len = sizeof word - 1;
    if (type->len <= len || !slice_starts_nocase(slice_sub(*type, type->len - len, len), word))
        return false;
    struct slice front = slice_sub(*type, 0, type->len - len);
    while (front.len > 0 && front.ptr[front.len - 1] == ' ')
        front.len--;
    if (front.len == 0 || front.ptr[front.len - 1] != ';')
        return false;
    *type = slice_sub(front, 0, front.len - 1);
    return true;
}

static void set_data_type(struct slice type, struct media_type *type_out)
{
    char text[sizeof type_out->essence + sizeof type_out->charset + 64];
    static const char plain[] = "text/plain";
    size_t start = type.len > 0 && type.ptr[0] == ';' ? sizeof plain - 1 : 0;
    *type_out = (struct media_type){0};
    if (type.len <= sizeof text - start) {
        memcpy(text, plain, start);
        if (type.len > 0)
            memcpy(text + start, type.ptr, type.len);
        media_parse(slice_make(text, start + type.len), type_out);
    }
    if (type_out->essence[0] == '\0')
        *type_out = (struct media_type){.essence = "text/plain", .charset = "US-ASCII"};
}

/* The URL's path in two parts: type and body. False when there is no comma. */
static bool split_data_url(struct slice url, struct slice *type_out, struct slice *body_out)
{
    struct slice s = http_trim(url);
    if (!slice_starts_nocase(s, "data:"))
        return false;
    s = slice_sub(s, strlen("data:"), s.len);
    s = slice_sub(s, 0, slice_find_byte(s, 0, '#'));
    size_t comma = slice_find_byte(s, 0, ',');
    if (comma == s.len)
        return false;
    *type_out = slice_sub(s, 0, comma);
    *body_out = slice_sub(s, comma + 1, s.len);
    return true;
}

bool media_decode_data_url(struct slice url, struct media_type *type_out, struct buf *out,
                           struct error *err)
{
    struct slice type;
    struct slice body;
    if (url.len > LIMIT_DATA_URL)
        return error_set(err, ERR_LIMIT, "The data: URL is larger than %zu bytes", LIMIT_DATA_URL);
    if (!split_data_url(url, &type, &body))
        return error_set(err, ERR_URL, "This is no data: URL");
    bool ok = false;
    struct buf type_text;
    struct buf body_text;
    buf_init(&type_text, LIMIT_DATA_URL);
    buf_init(&body_text, LIMIT_DATA_URL + 4);
    add_without_breaks(&type_text, type);
    add_without_breaks(&body_text, body);
    if (!buf_ok(&type_text, "The data: URL", err) || !buf_ok(&body_text, "The data: URL", err))
        goto out;
    percent_decode(&body_text);
    struct slice type_left = http_trim(buf_slice(&type_text));
    if (cut_base64(&type_left)) {
        ok = decode_base64(&body_text, out, err);
    } else {
        buf_add_slice(out, buf_slice(&body_text));
        ok = buf_ok(out, "The data: URL", err);
    }
    if (ok)
        set_data_type(type_left, type_out);
out:
    buf_finish(&body_text);
    buf_finish(&type_text);
    return ok;
}

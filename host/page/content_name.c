/* The name of a file, from what a server says of it or from where it lies. */
#include "page/content.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/percent.h"

#include <stdlib.h>

enum { NAME_MAX_BYTES = 200, EXTENSION_MAX = 16 };

/* Appends bytes that nobody says the encoding of; `label` may be empty. */
static bool add_decoded(struct buf *out, struct slice bytes, struct slice label, struct error *err)
{
    if (label.len == 0 && utf8_valid(bytes))
        return buf_add_slice(out, bytes) || buf_ok(out, "The file's name", err);
    return media_decode(bytes, MEDIA_TEXT, label, NULL, out, err);
}

/* ---- Content-Disposition ---- */

/* A value at *at, quoted or up to the next semicolon, without its quotes. */
static void take_value(struct slice s, size_t *at, struct buf *value)
{
    while (*at < s.len && ascii_space(s.ptr[*at]))
        ++*at;
    if (*at < s.len && s.ptr[*at] == '"') {
        for (++*at; *at < s.len && s.ptr[*at] != '"'; ++*at) {
            /* "C:\dir\file" is what old servers mean, and not an escape. */
            bool escaped = s.ptr[*at] == '\\' && *at + 1 < s.len &&
                           (s.ptr[*at + 1] == '"' || s.ptr[*at + 1] == '\\');
            *at += escaped;
            buf_add_char(value, s.ptr[*at]);
        }
        *at = slice_find_byte(s, *at, ';');
        return;
    }
    size_t end = slice_find_byte(s, *at, ';');
    buf_add_slice(value, slice_trim(slice_sub(s, *at, end - *at)));
    *at = end;
}

/* The parameter of this name; false when there is none. */
static bool find_parameter(struct slice s, const char *name, struct buf *value)
{
    for (size_t at = slice_find_byte(s, 0, ';'); at < s.len;) {
        size_t start = ++at;
        while (at < s.len && s.ptr[at] != '=' && s.ptr[at] != ';')
            at++;
        struct slice found = slice_trim(slice_sub(s, start, at - start));
        buf_reset(value);
        if (at < s.len && s.ptr[at] == '=') {
            at++;
            take_value(s, &at, value);
        }
        if (slice_equal_nocase(found, name))
            return value->len > 0;
    }
    return false;
}

/* RFC 8187 §3.2: charset'language'text, percent-encoded. */
static bool add_extended(struct buf *name, struct slice value, struct error *err)
{
    struct buf bytes;
    size_t first = slice_find_byte(value, 0, '\'');
    size_t second = slice_find_byte(value, first + 1, '\'');
    if (second >= value.len)
        return true;
    buf_init(&bytes, LIMIT_HEADERS);
    buf_add_slice(&bytes, slice_sub(value, second + 1, value.len));
    percent_decode(&bytes);
    bool ok = buf_ok(&bytes, "The file's name", err) &&
              add_decoded(name, buf_slice(&bytes), slice_sub(value, 0, first), err);
    buf_finish(&bytes);
    return ok;
}

/* RFC 6266 §4.3 allows ISO 8859-1 alone; what is sent is UTF-8, the server's own encoding, or
 * percent-encoded as in a URL, and browsers take all of these. */
static bool add_plain(struct buf *name, struct slice value, struct error *err)
{
    struct buf bytes;
    buf_init(&bytes, LIMIT_HEADERS);
    buf_add_slice(&bytes, value);
    percent_decode(&bytes);
    bool decoded = utf8_valid(buf_slice(&bytes));
    bool ok = buf_ok(&bytes, "The file's name", err) &&
              add_decoded(name, decoded ? buf_slice(&bytes) : value, slice_of(""), err);
    buf_finish(&bytes);
    return ok;
}

static bool of_disposition(struct buf *name, const char *disposition, struct error *err)
{
    struct buf value;
    struct slice s = slice_sub(slice_of(disposition), 0, LIMIT_HEADERS);
    buf_init(&value, LIMIT_HEADERS);
    bool ok = true;
    if (find_parameter(s, "filename*", &value))
        ok = add_extended(name, buf_slice(&value), err);
    if (ok && name->len == 0 && find_parameter(s, "filename", &value))
        ok = add_plain(name, buf_slice(&value), err);
    ok = ok && buf_ok(&value, "The file's name", err);
    buf_finish(&value);
    return ok;
}

static bool of_url(struct buf *name, const char *url, struct error *err)
{
    struct slice path = slice_of(url);
    struct buf bytes;
    path = slice_sub(path, 0, slice_find_byte(path, 0, '#'));
    path = slice_sub(path, 0, slice_find_byte(path, 0, '?'));
    size_t scheme = slice_find(path, 0, slice_of("://"));
    size_t start = scheme < path.len ? slice_find_byte(path, scheme + 3, '/') : 0;
    for (size_t i = start; i < path.len; i++)
        if (path.ptr[i] == '/')
            start = i + 1;
    buf_init(&bytes, LIMIT_URL);
    buf_add_slice(&bytes, slice_sub(path, start, LIMIT_URL));
    percent_decode(&bytes);
    bool ok = buf_ok(&bytes, "The file's name", err) &&
              add_decoded(name, buf_slice(&bytes), slice_of(""), err);
    buf_finish(&bytes);
    return ok;
}

/* ---- Safe ---- */

/* What cannot be seen, or turns the reading direction so that "exe.fdp" is read. */
static bool is_hidden(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x200E || cp == 0x200F || cp == 0x2028 ||
           cp == 0x2029 || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
           cp == 0xFEFF;
}

/* What follows the last separator, without what no file system or reader takes. */
static void add_safe(struct buf *out, struct slice name)
{
    size_t start = 0;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '/' || name.ptr[i] == '\\')
            start = i + 1;
    for (size_t at = start; at < name.len;) {
        uint32_t cp;
        char bytes[4];
        size_t len = utf8_decode(name, at, &cp);
        at += len;
        if (is_hidden(cp) || (out->len == 0 && (cp == '.' || cp == ' ')))
            continue;
        if (cp < 0x80 && strchr(":*?\"<>|", (int)cp) != NULL)
            cp = '_';
        buf_add(out, bytes, utf8_encode(cp, bytes));
    }
    while (out->len > 0 && strchr(" .", out->ptr[out->len - 1]) != NULL)
        out->len--;
}

/* Cut to NAME_MAX_BYTES, its extension kept. */
static void cut(struct buf *name)
{
    if (name->len <= NAME_MAX_BYTES)
        return;
    size_t dot = name->len;
    for (size_t i = name->len; i > 0 && name->len - i < EXTENSION_MAX; i--) {
        if (name->ptr[i - 1] == '.') {
            dot = i - 1;
            break;
        }
    }
    size_t extension = name->len - dot;
    size_t front = utf8_prefix(buf_slice(name), NAME_MAX_BYTES - extension).len;
    memmove(name->ptr + front, name->ptr + dot, extension);
    name->len = front + extension;
}

/* Of the types that come without a name; the table need not be whole. */
static const char *extension_of(const struct media_type *type)
{
    static const char *const table[][2] = {
        {"application/pdf", ".pdf"},
        {"application/zip", ".zip"},
        {"application/gzip", ".gz"},
        {"application/json", ".json"},
        {"application/xml", ".xml"},
        {"application/ogg", ".ogg"},
        {"application/rss+xml", ".xml"},
        {"application/atom+xml", ".xml"},
        {"audio/mpeg", ".mp3"},
        {"audio/mp4", ".m4a"},
        {"audio/ogg", ".ogg"},
        {"audio/flac", ".flac"},
        {"audio/wav", ".wav"},
        {"image/gif", ".gif"},
        {"image/jpeg", ".jpg"},
        {"image/png", ".png"},
        {"image/webp", ".webp"},
        {"image/avif", ".avif"},
        {"image/bmp", ".bmp"},
        {"image/x-icon", ".ico"},
        {"image/svg+xml", ".svg"},
        {"multipart/related", ".mhtml"},
        {"text/csv", ".csv"},
        {"text/html", ".html"},
        {"text/markdown", ".md"},
        {"text/plain", ".txt"},
        {"text/xml", ".xml"},
        {"video/mp4", ".mp4"},
        {"video/webm", ".webm"},
        {"video/quicktime", ".mov"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(type->essence, table[i][0]) == 0)
            return table[i][1];
    return "";
}

bool content_file_name(const char *disposition, const char *url, const struct media_type *type,
                       char **name_out, struct error *err)
{
    struct buf raw;
    struct buf name;
    buf_init(&raw, LIMIT_HEADERS * 3);
    buf_init(&name, LIMIT_HEADERS * 3);
    bool ok = disposition == NULL || of_disposition(&raw, disposition, err);
    add_safe(&name, buf_slice(&raw));
    if (ok && name.len == 0) {
        buf_reset(&raw);
        ok = of_url(&raw, url, err);
        add_safe(&name, buf_slice(&raw));
    }
    cut(&name);
    if (name.len == 0) {
        buf_add_text(&name, "file");
        buf_add_text(&name, extension_of(type));
    }
    ok = ok && buf_ok(&name, "The file's name", err);
    char *taken = ok ? slice_dup(buf_slice(&name)) : NULL;
    if (ok && taken == NULL)
        ok = error_no_memory(err);
    if (ok)
        *name_out = taken;
    buf_finish(&raw);
    buf_finish(&name);
    return ok;
}

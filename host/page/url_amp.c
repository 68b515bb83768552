#include "page/url_amp.h"

#include "base/limits.h"

static bool ends(struct slice text, const char *suffix)
{
    size_t len = strlen(suffix);
    return text.len >= len && slice_equal(slice_sub(text, text.len - len, len), slice_of(suffix));
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* "https://www.google.de/amp/s/example.com/x", as search results had them. */
static bool search_engine(struct slice host)
{
    if (slice_starts(host, "www."))
        host = slice_sub(host, 4, host.len);
    if (!slice_starts(host, "google."))
        return slice_equal(host, slice_of("bing.com"));
    struct slice rest = slice_sub(host, 7, host.len);
    if (slice_starts(rest, "co."))
        rest = slice_sub(rest, 3, rest.len);
    else if (slice_starts(rest, "com."))
        rest = slice_sub(rest, 4, rest.len);
    bool two = rest.len == 2 && is_letter(rest.ptr[0]) && is_letter(rest.ptr[1]);
    return two || slice_equal(slice_sub(host, 7, host.len), slice_of("com"));
}

/* "https://example-com.cdn.ampproject.org/c/s/example.com/x", and the same at Bing. */
static bool cache(struct slice host)
{
    return slice_equal(host, slice_of("cdn.ampproject.org")) || ends(host, ".cdn.ampproject.org") ||
           ends(host, ".bing-amp.com");
}

/* What stands behind the marker of a cached document ("c" content, "v" viewer, "wp" web package);
 * empty when this is no such address. */
static struct slice held(struct slice host, struct slice path)
{
    static const char *const markers[] = {"/c/", "/v/", "/wp/"};
    if (search_engine(host) && slice_starts(path, "/amp/"))
        return slice_sub(path, 5, path.len);
    for (size_t i = 0; cache(host) && i < sizeof markers / sizeof *markers; i++)
        if (slice_starts(path, markers[i]))
            return slice_sub(path, strlen(markers[i]), path.len);
    return slice_of("");
}

bool url_amp_original(const struct url_parts *parts, struct buf *url)
{
    struct slice path = buf_slice(&parts->path);
    struct slice inner = held(buf_slice(&parts->host), path);
    bool secure = slice_starts(inner, "s/");
    if (secure)
        inner = slice_sub(inner, 2, inner.len);
    size_t host = slice_find_byte(inner, 0, '/');
    if (path.len > LIMIT_URL || slice_find_byte(inner, 0, '.') >= host)
        return false;
    buf_reset(url);
    buf_add_text(url, secure ? "https://" : "http://");
    buf_add_slice(url, inner);
    if (parts->has_query) {
        buf_add_char(url, '?');
        buf_add_slice(url, buf_slice(&parts->query));
    }
    if (parts->has_fragment) {
        buf_add_char(url, '#');
        buf_add_slice(url, buf_slice(&parts->fragment));
    }
    return true;
}

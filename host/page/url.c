#include "page/url.h"

#include "base/limits.h"
#include "page/url_amp.h"
#include "page/url_host.h"
#include "page/url_parts.h"
#include "page/url_tracking.h"

enum { REFERER_MAX = 4096 }; /* Referrer Policy §8.3: past it the origin alone is sent */

static bool take(struct buf *from, char **text_out, struct error *err)
{
    if (!buf_ok(from, "The URL", err))
        return false;
    char *text = buf_take(from);
    if (text == NULL)
        return error_no_memory(err);
    *text_out = text;
    return true;
}

static bool print(const struct url_parts *parts, char **url_out, struct error *err)
{
    struct buf out;
    buf_init(&out, LIMIT_DATA_URL);
    url_parts_print(parts, &out);
    bool ok = take(&out, url_out, err);
    buf_finish(&out);
    return ok;
}

static struct slice trim_controls(struct slice text)
{
    while (text.len > 0 && (unsigned char)text.ptr[0] <= ' ')
        text = slice_sub(text, 1, text.len);
    while (text.len > 0 && (unsigned char)text.ptr[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static bool copy_data_url(struct slice url, char **url_out, struct error *err)
{
    if (url.len > LIMIT_DATA_URL)
        return error_set(err, ERR_LIMIT, "The data: URL is larger than %zu bytes", LIMIT_DATA_URL);
    char *copy = slice_dup(url);
    if (copy == NULL)
        return error_no_memory(err);
    *url_out = copy;
    return true;
}

bool url_join(struct slice base, struct slice ref, char **url_out, struct error *err)
{
    struct slice trimmed = trim_controls(ref);
    if (slice_starts_nocase(trimmed, "data:") &&
        memchr(trimmed.ptr, '\0', trimmed.len) == NULL) /* a NUL would end the copy */
        return copy_data_url(trimmed, url_out, err);
    struct url_parts base_parts;
    struct url_parts parts;
    url_parts_init(&base_parts);
    url_parts_init(&parts);
    bool ok = url_parts_parse(&base_parts, base, NULL, err) &&
              url_parts_parse(&parts, trimmed, &base_parts, err) && print(&parts, url_out, err);
    url_parts_finish(&parts);
    url_parts_finish(&base_parts);
    return ok;
}

/* Parses an absolute URL of any scheme. */
static bool parse(const char *url, struct url_parts *parts, struct error *err)
{
    return url_parts_parse(parts, slice_of(url), NULL, err);
}

static bool parse_http(const char *url, struct url_parts *parts, struct error *err)
{
    if (!parse(url, parts, err))
        return false;
    return url_parts_is_http(parts) ||
           error_set(err, ERR_URL, "Only http and https links can be saved");
}

static void drop_tracking(struct url_parts *parts)
{
    struct buf *query = &parts->query;
    size_t kept = 0;
    for (size_t at = 0; at < query->len;) {
        size_t end = slice_find_byte(buf_slice(query), at, '&');
        struct slice parameter = slice_sub(buf_slice(query), at, end - at);
        if (!url_tracking_parameter(buf_slice(&parts->host), parameter)) {
            if (kept > 0)
                query->ptr[kept++] = '&';
            memmove(query->ptr + kept, parameter.ptr, parameter.len);
            kept += parameter.len;
        }
        at = end + 1;
    }
    while (kept > 0 && query->ptr[kept - 1] == '&') /* what is left of a&&utm_source=b */
        kept--;
    query->len = kept;
    parts->has_query = kept > 0;
}

/* "#/inbox" and "#!inbox" are pages of their own, not places in one. */
static bool is_route(struct slice fragment)
{
    return slice_starts(fragment, "/") || slice_starts(fragment, "!");
}

/* One cache's address may hold another's. Each step makes the path shorter. */
static bool open_amp_caches(struct url_parts *parts, struct error *err)
{
    bool ok = true;
    struct buf url;
    buf_init(&url, LIMIT_DATA_URL);
    while (ok && url_amp_original(parts, &url)) {
        struct error fault;
        struct url_parts inner;
        url_parts_init(&inner);
        ok = buf_ok(&url, "The URL", err);
        if (ok && url_parts_parse(&inner, buf_slice(&url), NULL, &fault)) {
            url_parts_finish(parts);
            *parts = inner;
            continue;
        }
        url_parts_finish(&inner);
        if (ok && fault.code == ERR_NO_MEMORY)
            ok = error_no_memory(err);
        break;
    }
    buf_finish(&url);
    return ok;
}

bool url_normalize(const char *url, char **url_out, struct error *err)
{
    struct url_parts parts;
    url_parts_init(&parts);
    bool ok = parse(url, &parts, err);
    if (ok && url_parts_is_http(&parts))
        ok = open_amp_caches(&parts, err);
    if (ok) {
        buf_reset(&parts.user);
        buf_reset(&parts.password);
        parts.has_fragment = parts.has_fragment && is_route(buf_slice(&parts.fragment));
        if (url_parts_is_http(&parts))
            drop_tracking(&parts);
        ok = print(&parts, url_out, err);
    }
    url_parts_finish(&parts);
    return ok;
}

bool url_site(const char *url, char **site_out, struct error *err)
{
    struct url_parts parts;
    struct buf site;
    url_parts_init(&parts);
    buf_init(&site, LIMIT_URL);
    bool ok = parse_http(url, &parts, err) && url_host_display(buf_slice(&parts.host), &site, err);
    if (ok && parts.port >= 0)
        buf_printf(&site, ":%d", parts.port);
    ok = ok && take(&site, site_out, err);
    buf_finish(&site);
    url_parts_finish(&parts);
    return ok;
}

bool url_is_http(struct slice url)
{
    return slice_starts_nocase(url, "http://") || slice_starts_nocase(url, "https://");
}

static bool same_origin(const struct url_parts *a, const struct url_parts *b)
{
    return slice_equal(buf_slice(&a->scheme), buf_slice(&b->scheme)) &&
           slice_equal(buf_slice(&a->host), buf_slice(&b->host)) && a->port == b->port;
}

bool url_same_origin(const char *a, const char *b)
{
    struct error err;
    struct url_parts first;
    struct url_parts second;
    url_parts_init(&first);
    url_parts_init(&second);
    bool same =
        parse_http(a, &first, &err) && parse_http(b, &second, &err) && same_origin(&first, &second);
    url_parts_finish(&second);
    url_parts_finish(&first);
    return same;
}

bool url_referer(const char *referrer, const char *target, char **referer_out, struct error *err)
{
    struct url_parts from;
    struct url_parts to;
    char *referer = NULL;
    url_parts_init(&from);
    url_parts_init(&to);
    struct error ignored;
    bool ok = true;
    /* A page without an http(s) address has nothing that could be sent. */
    if (!parse_http(referrer, &from, &ignored) || !parse_http(target, &to, &ignored))
        goto out;
    if (slice_equal(buf_slice(&from.scheme), slice_of("https")) &&
        slice_equal(buf_slice(&to.scheme), slice_of("http")))
        goto out;
    buf_reset(&from.user);
    buf_reset(&from.password);
    from.has_fragment = false;
    if (!same_origin(&from, &to) || from.path.len + from.query.len > REFERER_MAX) {
        from.has_query = false;
        buf_reset(&from.path);
        buf_add_char(&from.path, '/');
    }
    ok = print(&from, &referer, err);
out:
    url_parts_finish(&to);
    url_parts_finish(&from);
    if (ok)
        *referer_out = referer;
    return ok;
}

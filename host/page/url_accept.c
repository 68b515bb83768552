/* url_accept(): what people paste, made a URL or refused with a sentence. */
#include "page/url.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/url_host.h"
#include "page/url_parts.h"

enum {
    DNS_NAME_MAX = 253, /* RFC 1035 §2.3.4, without the last dot */
    DNS_LABEL_MAX = 63,
    SHOWN_SCHEME_MAX = 24,
    PREFIX_MAX = 64 /* "https://": past it a slash ends the host without a look at what is before */
};

static bool space(uint32_t cp)
{
    return cp <= 0x20 || cp == 0x7F || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200F) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F ||
           cp == 0x205F || cp == 0x2060 || cp == 0x3000 || cp == 0xFEFF;
}

/* The closing partner of what people put around a link; 0 for anything else. No square brackets:
 * those belong to an IPv6 address. */
static uint32_t closing(uint32_t cp)
{
    static const uint32_t pairs[][2] = {
        {'"', '"'},       {'\'', '\''},     {'`', '`'},       {'<', '>'},       {'(', ')'},
        {'{', '}'},       {0xAB, 0xBB},     {0x2018, 0x2019}, {0x201C, 0x201D}, {0x3008, 0x3009},
        {0x300A, 0x300B}, {0x300C, 0x300D}, {0x300E, 0x300F}, {0x3010, 0x3011}, {0xFF08, 0xFF09},
        {0xFF02, 0xFF02}, {0xFF1C, 0xFF1E},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] == cp)
            return pairs[i][1];
    return 0;
}

static size_t last_cp(struct slice text, uint32_t *cp_out)
{
    size_t at = text.len - 1;
    while (at > 0 && text.len - at < 4 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
        at--;
    return utf8_decode(text, at, cp_out);
}

static struct slice unwrap(struct slice text)
{
    while (text.len > 0) {
        uint32_t first;
        uint32_t last;
        size_t first_len = utf8_decode(text, 0, &first);
        size_t last_len = last_cp(text, &last);
        if (space(first)) {
            text = slice_sub(text, first_len, text.len);
        } else if (space(last)) {
            text.len -= last_len;
        } else if (text.len >= first_len + last_len && closing(first) == last && last != 0) {
            text = slice_sub(text, first_len, text.len - first_len - last_len);
        } else {
            break;
        }
    }
    return text;
}

static uint32_t narrow(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFEE0;
    return cp == 0x3002 || cp == 0xFF61 ? '.' : cp;
}

/* Whether `front` is nothing but a scheme with its colon and slashes, so that one more slash does
 * not end the host yet. */
static bool before_host(struct slice front)
{
    size_t len = url_parts_scheme_len(front);
    for (size_t i = len > 0 ? len + 1 : 0; i < front.len; i++)
        if (front.ptr[i] != '/' && front.ptr[i] != '\\')
            return false;
    return true;
}

/* Scheme and host in ASCII punctuation, as in "http：／／例子。中国／路"; what follows stays. */
static void narrow_front(struct slice text, struct buf *out)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t cp;
        char bytes[4];
        at += utf8_decode(text, at, &cp);
        cp = narrow(cp);
        bool slash = cp == '/' || cp == '\\';
        bool ends = cp == '?' || cp == '#' ||
                    (slash && (out->len > PREFIX_MAX || !before_host(buf_slice(out))));
        buf_add(out, bytes, utf8_encode(cp, bytes));
        if (ends) {
            buf_add_slice(out, slice_sub(text, at, text.len));
            return;
        }
    }
}

/* "localhost:8080/x": what looks like a scheme is a host with its port. */
static bool host_and_port(struct slice text, size_t scheme_len)
{
    static const char *const schemes[] = {"tel", "sms", "javascript", "data", "about"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (slice_equal_nocase(slice_sub(text, 0, scheme_len), schemes[i]))
            return false;
    size_t at = scheme_len + 1;
    size_t digits = 0;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        at++;
        digits++;
    }
    return digits > 0 && digits <= 5 && (at == text.len || strchr("/?#", text.ptr[at]) != NULL);
}

static bool refuse(struct error *err, const char *sentence)
{
    return error_set(err, ERR_URL, "%s", sentence);
}

static bool refuse_scheme(struct error *err, struct slice scheme)
{
    if (scheme.len > SHOWN_SCHEME_MAX)
        return refuse(err, "Only http and https links can be saved");
    return error_set(err, ERR_URL,
                     "Only http and https links can be saved, not %.*s:", (int)scheme.len,
                     scheme.ptr);
}

static bool check_labels(struct slice host, struct error *err)
{
    if (host.len > 0 && host.ptr[host.len - 1] == '.')
        host.len--;
    bool ok = host.len > 0 && host.len <= DNS_NAME_MAX;
    for (size_t at = 0; ok && at <= host.len;) {
        size_t dot = slice_find_byte(host, at, '.');
        ok = dot > at && dot - at <= DNS_LABEL_MAX;
        at = dot + 1;
    }
    return ok || refuse(err, "The link's host name is not valid");
}

static bool check(const struct url_parts *parts, struct error *err)
{
    if (!url_parts_is_http(parts))
        return refuse_scheme(err, buf_slice(&parts->scheme));
    if (parts->user.len > 0 || parts->password.len > 0)
        return refuse(err, "The link carries a user name or a password; take it out first");
    if (parts->port == 0)
        return refuse(err, "The link's port is 0");
    return url_host_is_address(buf_slice(&parts->host)) ||
           check_labels(buf_slice(&parts->host), err);
}

static bool local_name(struct slice host)
{
    static const char suffix[] = ".localhost";
    size_t len = sizeof suffix - 1;
    return slice_equal(host, slice_of("localhost")) ||
           (host.len > len && slice_equal(slice_sub(host, host.len - len, len), slice_of(suffix)));
}

/* Text without a scheme must look like a host: "3.14" and "hello" are none. */
static bool check_bare(struct slice text, const struct url_parts *parts, bool has_port,
                       struct error *err)
{
    struct slice host = buf_slice(&parts->host);
    bool address = url_host_is_address(host);
    bool plain = host.len > 0 && host.ptr[0] != '[' && address;
    bool named = slice_find_byte(host, 0, '.') < host.len || local_name(host) || has_port;
    if (plain ? slice_starts(text, parts->host.ptr) : (address || named))
        return true;
    return refuse(err, "This is not a link: it has no host name such as example.com");
}

static bool parse_bare(struct slice text, bool has_port, struct url_parts *parts, struct error *err)
{
    bool ok = false;
    struct buf whole;
    struct url_parts guess;
    buf_init(&whole, 3 * LIMIT_URL + 16);
    url_parts_init(&guess);
    buf_add_text(&whole, "https://");
    buf_add_slice(&whole, text);
    if (!buf_ok(&whole, "The link", err) ||
        !url_parts_parse(&guess, buf_slice(&whole), NULL, err) ||
        !check_bare(text, &guess, has_port, err))
        goto out;
    struct slice host = buf_slice(&guess.host);
    bool dotted = slice_find_byte(host, 0, '.') < host.len;
    bool port_443 = has_port && guess.port < 0;
    bool plain = (url_host_is_address(host) || local_name(host) || !dotted) && !port_443;
    buf_reset(&whole);
    buf_add_text(&whole, plain ? "http://" : "https://");
    buf_add_slice(&whole, text);
    ok = url_parts_parse(parts, buf_slice(&whole), NULL, err);
out:
    url_parts_finish(&guess);
    buf_finish(&whole);
    return ok;
}

static bool parse_typed(struct slice text, struct url_parts *parts, struct error *err)
{
    if (text.len == 0)
        return refuse(err, "There is no link");
    size_t scheme = url_parts_scheme_len(text);
    bool has_port = scheme > 0 && host_and_port(text, scheme);
    if (scheme > 0 && !has_port) {
        struct slice name = slice_sub(text, 0, scheme);
        if (!slice_equal_nocase(name, "http") && !slice_equal_nocase(name, "https"))
            return refuse_scheme(err, name);
        return url_parts_parse(parts, text, NULL, err);
    }
    if (slice_starts(text, "//"))
        text = slice_sub(text, 2, text.len);
    if (text.len == 0 || strchr("/\\?#@:.", text.ptr[0]) != NULL)
        return refuse(err, "This is not a link: it has no host name such as example.com");
    return parse_bare(text, has_port, parts, err);
}

bool url_accept(struct slice text, char **url_out, struct error *err)
{
    struct slice inner = unwrap(text);
    if (inner.len > LIMIT_URL)
        return error_set(err, ERR_LIMIT, "The link is longer than %zu bytes", LIMIT_URL);
    bool ok = false;
    struct buf ascii;
    struct buf printed;
    struct url_parts parts;
    buf_init(&ascii, 3 * LIMIT_URL); /* U+FFFD is three bytes for one */
    buf_init(&printed, LIMIT_URL);
    url_parts_init(&parts);
    narrow_front(inner, &ascii);
    if (!buf_ok(&ascii, "The link", err) || !parse_typed(buf_slice(&ascii), &parts, err) ||
        !check(&parts, err))
        goto out;
    url_parts_print(&parts, &printed);
    if (!buf_ok(&printed, "The link", err))
        goto out;
    char *url = buf_take(&printed);
    if (url == NULL) {
        error_no_memory(err);
        goto out;
    }
    *url_out = url;
    ok = true;
out:
    url_parts_finish(&parts);
    buf_finish(&printed);
    buf_finish(&ascii);
    return ok;
}

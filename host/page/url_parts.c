#include "page/url_parts.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/url_host.h"

/* What is still to be read, and where it goes. */
struct parser {
    struct slice text;
    size_t at;
    struct url_parts *url;
    const struct url_parts *base; /* or NULL */
    struct error *err;
};

static const struct special {
    const char *scheme;
    int port;
} specials[] = {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}, {"file", -1}};

static const struct special *special_of(const struct url_parts *url)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (slice_equal(buf_slice(&url->scheme), slice_of(specials[i].scheme)))
            return &specials[i];
    return NULL;
}

static bool scheme_is(const struct url_parts *url, const char *scheme)
{
    return slice_equal(buf_slice(&url->scheme), slice_of(scheme));
}

bool url_parts_is_http(const struct url_parts *url)
{
    return scheme_is(url, "http") || scheme_is(url, "https");
}

void url_parts_init(struct url_parts *url)
{
    *url = (struct url_parts){.port = -1};
    struct buf *all[] = {&url->scheme, &url->user,  &url->password, &url->host,
                         &url->path,   &url->query, &url->fragment};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_init(all[i], LIMIT_DATA_URL);
}

void url_parts_finish(struct url_parts *url)
{
    struct buf *all[] = {&url->scheme, &url->user,  &url->password, &url->host,
                         &url->path,   &url->query, &url->fragment};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_finish(all[i]);
}

/* The percent-encode sets of URL §1.3, beyond controls and non-ASCII, which are in all of them. */
static const char set_fragment[] = " \"<>`";
static const char set_query[] = " \"#<>";
static const char set_special_query[] = " \"#<>'";
static const char set_path[] = " \"#<>?^`{}";
static const char set_userinfo[] = " \"#<>?^`{}/:;=@[\\]|";
static const char set_opaque[] = "";

static void add_encoded(struct buf *out, struct slice text, const char *set)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte < 0x20 || byte > 0x7E || strchr(set, byte) != NULL)
            buf_printf(out, "%%%02X", byte);
        else
            buf_add_char(out, text.ptr[i]);
    }
}

static char peek(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->text.len ? p->text.ptr[p->at + ahead] : '\0';
}

static bool slash(const struct parser *p, size_t ahead)
{
    char c = peek(p, ahead);
    return c == '/' || (c == '\\' && special_of(p->url) != NULL);
}

/* Index of the first byte at or after p->at that is one of `stops`. */
static size_t find_any(const struct parser *p, const char *stops)
{
    size_t end = p->at;
    while (end < p->text.len &&
           (p->text.ptr[end] == '\0' || strchr(stops, p->text.ptr[end]) == NULL))
        end++;
    return end;
}

static bool bad_url(const struct parser *p, const char *sentence)
{
    return error_set(p->err, ERR_URL, "%s", sentence);
}

static void parse_fragment(struct parser *p)
{
    if (peek(p, 0) != '#')
        return;
    buf_reset(&p->url->fragment);
    add_encoded(&p->url->fragment, slice_sub(p->text, p->at + 1, p->text.len), set_fragment);
    p->url->has_fragment = true;
    p->at = p->text.len;
}

static void parse_query(struct parser *p)
{
    if (peek(p, 0) != '?')
        return;
    p->at++;
    size_t end = find_any(p, "#");
    buf_reset(&p->url->query);
    add_encoded(&p->url->query, slice_sub(p->text, p->at, end - p->at),
                special_of(p->url) != NULL ? set_special_query : set_query);
    p->url->has_query = true;
    p->at = end;
}

/* "." or "..", with %2e for a dot; 0 for any other segment. */
static size_t dots(struct slice segment)
{
    size_t count = 0;
    for (size_t i = 0; i < segment.len; count++) {
        if (segment.ptr[i] == '.')
            i++;
        else if (slice_starts_nocase(slice_sub(segment, i, 3), "%2e"))
            i += 3;
        else
            return 0;
    }
    return count <= 2 ? count : 0;
}

static void shorten_path(struct buf *path)
{
    while (path->len > 0 && path->ptr[path->len - 1] != '/')
        path->len--;
    if (path->len > 0)
        path->len--;
    if (path->ptr != NULL)
        path->ptr[path->len] = '\0';
}

/* Appends the segments up to '?' or '#'; the slash before the first one has been read. */
static void parse_segments(struct parser *p)
{
    struct buf *path = &p->url->path;
    const char *stops = special_of(p->url) != NULL ? "/\\?#" : "/?#";
    for (;;) {
        size_t end = find_any(p, stops);
        struct slice segment = slice_sub(p->text, p->at, end - p->at);
        p->at = end;
        bool more = slash(p, 0);
        size_t up = dots(segment);
        if (up == 2)
            shorten_path(path);
        if (up == 0 || !more) {
            buf_add_char(path, '/');
            if (up == 0)
                add_encoded(path, segment, set_path);
        }
        if (!more)
            return;
        p->at++;
    }
}

/* The path start state: after the authority. */
static bool parse_path(struct parser *p)
{
    if (slash(p, 0)) {
        p->at++;
        parse_segments(p);
    } else if (special_of(p->url) != NULL ||
               (p->at < p->text.len && peek(p, 0) != '?' && peek(p, 0) != '#')) {
        parse_segments(p);
    }
    parse_query(p);
    parse_fragment(p);
    return true;
}

static bool parse_port(struct parser *p, struct slice digits)
{
    const struct special *special = special_of(p->url);
    long port = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return bad_url(p, "The link's port is not a number");
        port = port * 10 + (digits.ptr[i] - '0');
        if (port > 65535)
            return bad_url(p, "The link's port is past 65535");
    }
    if (digits.len > 0 && !(special != NULL && special->port == port))
        p->url->port = (int)port;
    return true;
}

static void parse_credentials(struct parser *p, struct slice credentials)
{
    size_t colon = slice_find_byte(credentials, 0, ':');
    add_encoded(&p->url->user, slice_sub(credentials, 0, colon), set_userinfo);
    add_encoded(&p->url->password, slice_sub(credentials, colon + 1, credentials.len),
                set_userinfo);
}

static bool parse_authority(struct parser *p)
{
    bool special = special_of(p->url) != NULL;
    size_t end = find_any(p, special ? "/\\?#" : "/?#");
    struct slice authority = slice_sub(p->text, p->at, end - p->at);
    size_t host_at = authority.len;
    while (host_at > 0 && authority.ptr[host_at - 1] != '@')
        host_at--;
    if (host_at > 0)
        parse_credentials(p, slice_sub(authority, 0, host_at - 1));
    struct slice host = slice_sub(authority, host_at, authority.len);
    size_t colon = 0;
    bool bracket = false;
    for (; colon < host.len && (bracket || host.ptr[colon] != ':'); colon++)
        bracket = host.ptr[colon] == '[' || (bracket && host.ptr[colon] != ']');
    if (colon == 0 && (special || host_at > 0 || host.len > 0))
        return bad_url(p, "The link has no host name");
    if (!url_host_parse(slice_sub(host, 0, colon), !special, &p->url->host, p->err) ||
        !parse_port(p, slice_sub(host, colon + 1, host.len)))
        return false;
    p->url->has_host = true;
    p->at = end;
    return parse_path(p);
}

static void skip_slashes(struct parser *p)
{
    while (peek(p, 0) == '/' || peek(p, 0) == '\\')
        p->at++;
}

static void copy_authority(struct url_parts *to, const struct url_parts *from)
{
    buf_add_slice(&to->user, buf_slice(&from->user));
    buf_add_slice(&to->password, buf_slice(&from->password));
    buf_add_slice(&to->host, buf_slice(&from->host));
    to->has_host = from->has_host;
    to->port = from->port;
}

static void copy_query(struct url_parts *to, const struct url_parts *from)
{
    buf_add_slice(&to->query, buf_slice(&from->query));
    to->has_query = from->has_query;
}

/* What is left has no authority and does not start with a slash: it goes against the base. */
static bool parse_against_path(struct parser *p)
{
    buf_add_slice(&p->url->path, buf_slice(&p->base->path));
    if (p->at < p->text.len && peek(p, 0) != '?' && peek(p, 0) != '#') {
        shorten_path(&p->url->path);
        parse_segments(p);
    } else {
        copy_query(p->url, p->base);
    }
    parse_query(p);
    parse_fragment(p);
    return true;
}

static bool parse_relative(struct parser *p)
{
    if (slash(p, 0) && slash(p, 1)) {
        p->at += 2;
        if (special_of(p->url) != NULL)
            skip_slashes(p);
        return parse_authority(p);
    }
    copy_authority(p->url, p->base);
    return slash(p, 0) ? parse_path(p) : parse_against_path(p);
}

static bool parse_file(struct parser *p)
{
    const struct url_parts *base = p->base != NULL && scheme_is(p->base, "file") ? p->base : NULL;
    p->url->has_host = true;
    if (slash(p, 0) && slash(p, 1)) {
        p->at += 2;
        size_t end = find_any(p, "/\\?#");
        struct slice host = slice_sub(p->text, p->at, end - p->at);
        if (host.len > 0 && !url_host_parse(host, false, &p->url->host, p->err))
            return false;
        if (slice_equal(buf_slice(&p->url->host), slice_of("localhost")))
            buf_reset(&p->url->host);
        p->at = end;
        return parse_path(p);
    }
    if (base != NULL)
        buf_add_slice(&p->url->host, buf_slice(&base->host));
    return slash(p, 0) || base == NULL ? parse_path(p) : parse_against_path(p);
}

static bool parse_opaque(struct parser *p)
{
    size_t end = find_any(p, "?#");
    struct slice path = slice_sub(p->text, p->at, end - p->at);
    bool space = path.len > 0 && path.ptr[path.len - 1] == ' ';
    if (space)
        path.len--;
    add_encoded(&p->url->path, path, set_opaque);
    if (space) /* would be lost when the printed URL is parsed again */
        buf_add_text(&p->url->path, "%20");
    p->url->opaque = true;
    p->at = end;
    parse_query(p);
    parse_fragment(p);
    return true;
}

static bool parse_after_scheme(struct parser *p)
{
    if (scheme_is(p->url, "file"))
        return parse_file(p);
    if (special_of(p->url) != NULL) {
        if (p->base != NULL && !(peek(p, 0) == '/' && peek(p, 1) == '/') &&
            slice_equal(buf_slice(&p->url->scheme), buf_slice(&p->base->scheme)))
            return parse_relative(p);
        skip_slashes(p);
        return parse_authority(p);
    }
    if (peek(p, 0) != '/')
        return parse_opaque(p);
    if (peek(p, 1) != '/')
        return parse_path(p);
    p->at += 2;
    return parse_authority(p);
}

static bool parse_without_scheme(struct parser *p)
{
    if (p->base == NULL || (p->base->opaque && peek(p, 0) != '#'))
        return bad_url(p, "The link is not an absolute URL");
    buf_add_slice(&p->url->scheme, buf_slice(&p->base->scheme));
    if (p->base->opaque) {
        p->url->opaque = true;
        return parse_against_path(p);
    }
    return scheme_is(p->url, "file") ? parse_file(p) : parse_relative(p);
}

size_t url_parts_scheme_len(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        bool letter = c >= 'a' && c <= 'z';
        bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (c == ':')
            return i;
        if (!letter && !(other && i > 0))
            return 0;
    }
    return 0;
}

/* Well-formed UTF-8, without controls and spaces around it, tabs and line ends inside. */
static bool clean(struct slice text, struct buf *out, struct error *err)
{
    while (text.len > 0 && (unsigned char)text.ptr[0] <= ' ')
        text = slice_sub(text, 1, text.len);
    while (text.len > 0 && (unsigned char)text.ptr[text.len - 1] <= ' ')
        text.len--;
    utf8_append_valid(out, text);
    size_t kept = 0;
    for (size_t i = 0; i < out->len; i++)
        if (out->ptr[i] != '\t' && out->ptr[i] != '\n' && out->ptr[i] != '\r')
            out->ptr[kept++] = out->ptr[i];
    out->len = kept;
    return buf_ok(out, "The URL", err);
}

static bool parts_ok(const struct url_parts *url, struct error *err)
{
    const struct buf *all[] = {&url->scheme, &url->user,  &url->password, &url->host,
                               &url->path,   &url->query, &url->fragment};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!buf_ok(all[i], "The URL", err))
            return false;
    return true;
}

bool url_parts_parse(struct url_parts *url, struct slice text, const struct url_parts *base,
                     struct error *err)
{
    struct buf cleaned;
    buf_init(&cleaned, LIMIT_DATA_URL);
    bool ok = false;
    if (!clean(text, &cleaned, err))
        goto out;
    struct parser p = {.text = buf_slice(&cleaned), .url = url, .base = base, .err = err};
    size_t len = url_parts_scheme_len(p.text);
    for (size_t i = 0; i < len; i++)
        buf_add_char(&url->scheme, ascii_lower(p.text.ptr[i]));
    p.at = len > 0 ? len + 1 : 0;
    ok = (len > 0 ? parse_after_scheme(&p) : parse_without_scheme(&p)) && parts_ok(url, err);
out:
    buf_finish(&cleaned);
    return ok;
}

bool url_parts_print(const struct url_parts *url, struct buf *out)
{
    buf_add_slice(out, buf_slice(&url->scheme));
    buf_add_char(out, ':');
    if (url->has_host) {
        buf_add_text(out, "//");
        buf_add_slice(out, buf_slice(&url->user));
        if (url->password.len > 0) {
            buf_add_char(out, ':');
            buf_add_slice(out, buf_slice(&url->password));
        }
        if (url->user.len > 0 || url->password.len > 0)
            buf_add_char(out, '@');
        buf_add_slice(out, buf_slice(&url->host));
        if (url->port >= 0)
            buf_printf(out, ":%d", url->port);
    } else if (!url->opaque && slice_starts(buf_slice(&url->path), "//")) {
        buf_add_text(out, "/."); /* else the path would read as an authority */
    }
    buf_add_slice(out, buf_slice(&url->path));
    if (url->has_query) {
        buf_add_char(out, '?');
        buf_add_slice(out, buf_slice(&url->query));
    }
    if (url->has_fragment) {
        buf_add_char(out, '#');
        buf_add_slice(out, buf_slice(&url->fragment));
    }
    return out->failed == ERR_NONE;
}

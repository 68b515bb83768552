/* What a page says of its own address is believed only within its own place: on many hosts each
 * folder, or each value of a parameter, is somebody else's. */
#include "page/landing_canonical.h"

#include "page/percent.h"

static struct slice next_part(struct slice *text, char between)
{
    size_t end = slice_find_byte(*text, 0, between);
    struct slice part = slice_sub(*text, 0, end);
    *text = slice_sub(*text, end + 1, text->len);
    return part;
}

static bool named(struct slice name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_nocase(name, names[i]))
            return true;
    return false;
}

/* ---- Sites ---- */

/* "co.uk", "com.cn": the labels in front of them are whoever asked for them. */
static bool country_suffix(struct slice host)
{
    static const char *const kinds[] = {"co", "com", "net", "org", "edu", "gov", "ac", "or", "ne"};
    struct slice kind = next_part(&host, '.');
    return host.len == 2 && named(kind, kinds, sizeof kinds / sizeof *kinds);
}

/* Hosts of many, who have a label in front or a folder each. */
static bool shared(struct slice host)
{
    static const char *const hosts[] = {"github.io",        "gitlab.io",
                                        "gitee.io",         "codeberg.page",
                                        "blogspot.com",     "wordpress.com",
                                        "tumblr.com",       "substack.com",
                                        "neocities.org",    "netlify.app",
                                        "vercel.app",       "pages.dev",
                                        "workers.dev",      "web.app",
                                        "firebaseapp.com",  "appspot.com",
                                        "herokuapp.com",    "azurewebsites.net",
                                        "cloudfront.net",   "amazonaws.com",
                                        "s3.amazonaws.com", "storage.googleapis.com",
                                        "googleapis.com",   "myqcloud.com",
                                        "aliyuncs.com"};
    return country_suffix(host) || named(host, hosts, sizeof hosts / sizeof *hosts);
}

/* The next label that tells sites apart: "m" in "en.m.example.org" does not, in "m.github.io" it
 * does. */
static struct slice next_label(struct slice *host)
{
    static const char *const dresses[] = {"www", "m", "mobile", "amp"};
    for (;;) {
        struct slice label = next_part(host, '.');
        if (!named(label, dresses, sizeof dresses / sizeof *dresses) ||
            slice_find_byte(*host, 0, '.') >= host->len || shared(*host))
            return label;
    }
}

static bool same_site(const struct url_parts *a, const struct url_parts *b)
{
    struct slice first = buf_slice(&a->host);
    struct slice second = buf_slice(&b->host);
    while (first.len > 0 || second.len > 0)
        if (!slice_equal(next_label(&first), next_label(&second)))
            return false;
    return a->port == b->port;
}

/* ---- Text that may be percent-encoded ---- */

/* Takes a byte off the front, decoded; an encoded "/" stays another than a plain one. */
static int next_byte(struct slice *text)
{
    enum { ENCODED = 0x100 };
    int byte = (unsigned char)text->ptr[0];
    size_t len = 1;
    int encoded = percent_byte(*text, 0);
    if (encoded >= 0) {
        byte = encoded == '/' ? ENCODED + '/' : encoded;
        len = 3;
    }
    *text = slice_sub(*text, len, text->len);
    return byte;
}

static bool same_text(struct slice a, struct slice b)
{
    while (a.len > 0 && b.len > 0)
        if (next_byte(&a) != next_byte(&b))
            return false;
    return a.len == 0 && b.len == 0;
}

/* ---- Paths ---- */

static bool drop_end(struct slice *text, const char *end)
{
    size_t len = strlen(end);
    if (text->len <= len || !slice_equal_nocase(slice_sub(*text, text->len - len, text->len), end))
        return false;
    text->len -= len;
    return true;
}

/* The path without what servers add to a name, and "/amp" at either end; without a slash at either
 * end too. */
static struct slice place(const struct url_parts *url)
{
    static const char *const homes[] = {"/index.html",  "/index.htm",   "/index.shtml",
                                        "/index.php",   "/index.asp",   "/index.aspx",
                                        "/index.jsp",   "/default.htm", "/default.html",
                                        "/default.asp", "/default.aspx"};
    static const char *const types[] = {".html", ".htm", ".shtml", ".amp"};
    struct slice path = buf_slice(&url->path);
    bool dropped = false;
    for (size_t i = 0; i < sizeof homes / sizeof *homes && !dropped; i++)
        if (slice_equal_nocase(path, homes[i]))
            path.len = 1;
        else
            dropped = drop_end(&path, homes[i]);
    if (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    for (size_t i = 0; i < sizeof types / sizeof *types && !dropped; i++) {
        size_t len = strlen(types[i]);
        if (path.len > len + 1 && path.ptr[path.len - len - 1] != '/')
            drop_end(&path, types[i]);
    }
    drop_end(&path, "/amp");
    if (slice_starts(path, "/amp/") && !shared(buf_slice(&url->host)))
        path = slice_sub(path, 4, path.len);
    return slice_sub(path, 1, path.len);
}

/* "article.php" and the root of a site show nothing that is worth a name until the query says
 * what. */
static bool program(const struct url_parts *url)
{
    static const char *const types[] = {".php", ".asp", ".aspx", ".jsp", ".cgi",
                                        ".do",  ".pl",  ".cfm",  ".dll", ".action"};
    struct slice path = buf_slice(&url->path);
    bool found = place(url).len == 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        found |= drop_end(&path, types[i]);
    return found;
}

/* ---- Queries ---- */

/* The value of a parameter in the query; false when it is not there. */
static bool value_of(const struct url_parts *url, struct slice name, struct slice *value_out)
{
    struct slice query = buf_slice(&url->query);
    while (query.len > 0) {
        struct slice value = next_part(&query, '&');
        if (same_text(next_part(&value, '='), name)) {
            *value_out = value;
            return true;
        }
    }
    return false;
}

/* The digits at its start, as far as they fit. */
static long number(struct slice text)
{
    long n = 0;
    for (size_t i = 0; i < text.len && i < 9 && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
        n = 10 * n + (text.ptr[i] - '0');
    return n;
}

/* "id", "oldid", "post_id": but those of visits. */
static bool names_id(struct slice name)
{
    static const char *const visits[] = {"sid",       "sessid",  "phpsessid", "jsessionid",
                                         "sessionid", "visitid", "clickid",   "campaignid"};
    return name.len >= 2 && slice_equal_nocase(slice_sub(name, name.len - 2, name.len), "id") &&
           !named(name, visits, sizeof visits / sizeof *visits);
}

/* Whether the parameter says which of many things is shown. The first of several pages is the page
 * itself; "?p=1" at the root is a post of WordPress; "t" beside "v" is a moment of a video. */
static bool selects(const struct url_parts *url, struct slice name, struct slice value)
{
    static const char *const names[] = {
        "v",       "q",      "s",       "u",     "k",        "no",     "sku",      "isbn",
        "post",    "item",   "article", "story", "topic",    "thread", "product",  "doc",
        "file",    "path",   "url",     "user",  "author",   "name",   "title",    "query",
        "search",  "wd",     "keyword", "sn",    "diff",     "rev",    "revision", "version",
        "variant", "action", "view",    "cat",   "category", "tag",    "chapter",  "lang",
        "hl",      "locale", "date",    "year",  "month",    "day",    "key",      "code"};
    static const char *const pages[] = {"p",       "page",   "pn",       "paged",
                                        "pagenum", "pageno", "pageindex"};
    static const char *const offsets[] = {"start", "offset"};
    struct slice video;
    long n = number(value);
    if (named(name, pages, sizeof pages / sizeof *pages)) {
        bool first = value.len == 0 || (n <= 1 && value.ptr[0] >= '0' && value.ptr[0] <= '9');
        return !first || (place(url).len == 0 && slice_equal_nocase(name, "p"));
    }
    if (named(name, offsets, sizeof offsets / sizeof *offsets))
        return n > 0;
    if (slice_equal_nocase(name, "t"))
        return !value_of(url, slice_of("v"), &video);
    return names_id(name) || named(name, names, sizeof names / sizeof *names);
}

/* Each parameter of `a` (or only those that say what is shown) stands in `b` with the same value.
 */
static bool within(const struct url_parts *a, const struct url_parts *b, bool all)
{
    struct slice query = buf_slice(&a->query);
    while (query.len > 0) {
        struct slice value = next_part(&query, '&');
        struct slice name = next_part(&value, '=');
        struct slice other;
        if ((all || selects(a, name, value)) &&
            (!value_of(b, name, &other) || !same_text(value, other)))
            return false;
    }
    return true;
}

bool landing_canonical_fits(const struct url_parts *canonical, const struct url_parts *page)
{
    if (!same_site(canonical, page) || !same_text(place(canonical), place(page)) ||
        !slice_equal(buf_slice(&canonical->fragment), buf_slice(&page->fragment)))
        return false;
    if (program(page) && page->query.len > 0 && canonical->query.len == 0)
        return false;
    return within(canonical, page, true) && within(page, canonical, false);
}

#include "page/landing.h"

#include "base/limits.h"
#include "page/url.h"
#include "page/url_parts.h"

#include <stdlib.h>

/* A normalized URL and its parts; `text` is NULL when there is none. */
struct spelling {
    char *text;
    struct url_parts parts;
};

static void spelling_finish(struct spelling *s)
{
    free(s->text);
    if (s->text != NULL)
        url_parts_finish(&s->parts);
    *s = (struct spelling){0};
}

/* What is no http(s) URL leaves it without text; false is out of memory. */
static bool spelling_init(struct spelling *s, const char *url, struct error *err)
{
    struct error fault = {0};
    char *text = NULL;
    *s = (struct spelling){0};
    if (!url_is_http(slice_of(url)) || strlen(url) > LIMIT_URL)
        return true;
    url_parts_init(&s->parts);
    if (url_normalize(url, &text, &fault) &&
        url_parts_parse(&s->parts, slice_of(text), NULL, &fault)) {
        s->text = text;
        return true;
    }
    free(text);
    url_parts_finish(&s->parts);
    return fault.code != ERR_NO_MEMORY || error_no_memory(err);
}

/* ---- Sites and their roots ---- */

static struct slice next_part(struct slice *text, char between)
{
    size_t end = slice_find_byte(*text, 0, between);
    struct slice part = slice_sub(*text, 0, end);
    *text = slice_sub(*text, end + 1, text->len);
    return part;
}

/* The next label that tells sites apart: "m" in "en.m.example.org" does not. */
static struct slice next_label(struct slice *host)
{
    static const char *const dresses[] = {"www", "m", "mobile", "amp"};
    for (;;) {
        struct slice label = next_part(host, '.');
        bool dress = false;
        for (size_t i = 0; i < sizeof dresses / sizeof *dresses; i++)
            dress |= slice_equal(label, slice_of(dresses[i]));
        if (!dress || slice_find_byte(*host, 0, '.') >= host->len)
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

/* "en", "zh-CN": what sites have in front of their home in each language. */
static bool language(struct slice name)
{
    static const char known[] = "ar bg bn cn cs da de el en es et fa fi fr he hi hr hu id it ja jp "
                                "kk ko lt lv ms nb nl no pl pt ro ru sk sl sr sv ta th tr tw uk ur "
                                "vi zh ";
    bool region = name.len == 5 && (name.ptr[2] == '-' || name.ptr[2] == '_');
    if (name.len != 2 && !region)
        return false;
    for (const char *at = known; *at != '\0'; at += 3)
        if (slice_starts_nocase(name, (char[]){at[0], at[1], '\0'}))
            return true;
    return false;
}

static bool root(const struct url_parts *url)
{
    static const char *const names[] = {"index.html",  "index.htm",    "index.php", "index.asp",
                                        "index.aspx",  "index.jsp",    "home",      "index",
                                        "default.htm", "default.aspx", "home.html"};
    struct slice route = buf_slice(&url->fragment);
    bool routed = route.len > 0 && !slice_equal(route, slice_of("/")) &&
                  !slice_equal(route, slice_of("!")) && !slice_equal(route, slice_of("!/"));
    struct slice path = slice_sub(buf_slice(&url->path), 1, url->path.len);
    if (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    bool home = path.len == 0 || language(path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        home |= slice_equal_nocase(path, names[i]);
    return home && !routed && !url->has_query;
}

/* Their links may well mean a home page. */
static bool shortener(const struct url_parts *url)
{
    static const char *const hosts[] = {
        "t.co",   "bit.ly", "tinyurl.com", "goo.gl",     "ow.ly",        "is.gd",   "buff.ly",
        "t.cn",   "url.cn", "dwz.cn",      "b23.tv",     "xhslink.com",  "lnkd.in", "fb.me",
        "w.wiki", "aka.ms", "g.co",        "rebrand.ly", "v.douyin.com", "suo.im",  "amzn.to"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (slice_equal(buf_slice(&url->host), slice_of(hosts[i])))
            return true;
    return false;
}

/* ---- What a canonical link may not lose ---- */

static bool named(struct slice name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_nocase(name, names[i]))
            return true;
    return false;
}

/* The value of a parameter in the query; false when it is not there. */
static bool value_of(const struct url_parts *url, struct slice name, struct slice *value_out)
{
    struct slice query = buf_slice(&url->query);
    while (query.len > 0) {
        struct slice value = next_part(&query, '&');
        if (slice_equal(next_part(&value, '='), name)) {
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

/* The page's number in the query, 0 when it has none or is the first. "?p=123" at the root is a
 * post of WordPress. */
static long number_in_query(const struct url_parts *url)
{
    static const char *const pages[] = {"page",   "pn",        "paged", "pagenum",
                                        "pageno", "pageindex", "p"};
    static const char *const offsets[] = {"start", "offset"};
    struct slice query = buf_slice(&url->query);
    size_t count = sizeof pages / sizeof *pages - (url->path.len == 1);
    while (query.len > 0) {
        struct slice value = next_part(&query, '&');
        struct slice name = next_part(&value, '=');
        long n = number(value);
        if ((n > 1 && named(name, pages, count)) ||
            (n > 0 && named(name, offsets, sizeof offsets / sizeof *offsets)))
            return n;
    }
    return 0;
}

/* "/page/2", "/page-2", "/page2" */
static long number_in_path(const struct url_parts *url)
{
    struct slice path = buf_slice(&url->path);
    while (path.len > 0) {
        struct slice part = next_part(&path, '/');
        if (!slice_starts_nocase(part, "page"))
            continue;
        part = slice_sub(part, 4, part.len);
        if (part.len == 0)
            part = slice_sub(path, 0, slice_find_byte(path, 0, '/'));
        else if (part.ptr[0] == '-' || part.ptr[0] == '_')
            part = slice_sub(part, 1, part.len);
        if (number(part) > 1)
            return number(part);
    }
    return 0;
}

/* Whether `n` stands as a number of its own anywhere in path or query. */
static bool holds_number(const struct url_parts *url, long n)
{
    struct slice both[] = {buf_slice(&url->path), buf_slice(&url->query)};
    for (size_t k = 0; k < 2; k++)
        for (size_t at = 0; at < both[k].len; at++) {
            bool starts = at == 0 || both[k].ptr[at - 1] < '0' || both[k].ptr[at - 1] > '9';
            if (starts && number(slice_sub(both[k], at, both[k].len)) == n)
                return true;
        }
    return false;
}

static bool keeps_number(const struct url_parts *canonical, const struct url_parts *page)
{
    long n = number_in_query(page);
    if (n == 0)
        n = number_in_path(page);
    return n == 0 || holds_number(canonical, n);
}

/* Whether both paths are one but for a slash at the end. */
static bool same_path(const struct url_parts *a, const struct url_parts *b)
{
    struct slice first = buf_slice(&a->path);
    struct slice second = buf_slice(&b->path);
    first.len -= first.len > 1 && first.ptr[first.len - 1] == '/';
    second.len -= second.len > 1 && second.ptr[second.len - 1] == '/';
    return slice_equal(first, second);
}

/* Each parameter of `a` (or only those that mostly name what is shown) stands in `b` with the same
 * value. */
static bool within(const struct url_parts *a, const struct url_parts *b, bool all)
{
    static const char *const ids[] = {"id",        "aid",    "tid",   "nid",    "sn", "mid",
                                      "articleid", "newsid", "v",     "q",      "s",  "query",
                                      "search",    "wd",     "oldid", "keyword"};
    struct slice query = buf_slice(&a->query);
    while (query.len > 0) {
        struct slice value = next_part(&query, '&');
        struct slice name = next_part(&value, '=');
        struct slice other;
        if ((all || named(name, ids, sizeof ids / sizeof *ids)) &&
            (!value_of(b, name, &other) || !slice_equal(value, other)))
            return false;
    }
    return true;
}

/* "article.php" shows nothing that is worth a name until its query says what. */
static bool program(const struct url_parts *url)
{
    static const char *const types[] = {".php", ".asp", ".aspx", ".jsp", ".cgi",
                                        ".do",  ".pl",  ".cfm",  ".dll", ".action"};
    struct slice path = buf_slice(&url->path);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t len = strlen(types[i]);
        if (path.len > len && slice_equal_nocase(slice_sub(path, path.len - len, len), types[i]))
            return true;
    }
    return false;
}

static bool can_be(const struct url_parts *canonical, const struct url_parts *page, bool live)
{
    if (!same_site(canonical, page) || (root(canonical) && !root(page)) ||
        !keeps_number(canonical, page))
        return false;
    if (page->has_fragment &&
        !slice_equal(buf_slice(&canonical->fragment), buf_slice(&page->fragment)))
        return false;
    bool same = same_path(canonical, page);
    if (live && (!same || !within(canonical, page, true)))
        return false;
    if (same && program(page) && page->has_query && !canonical->has_query)
        return false;
    return !same || within(page, canonical, false);
}

/* ---- The key ---- */

/* A page that came by https is not to be known by a canonical link that was never changed. */
static bool secured(const struct spelling *canonical, const struct spelling *page, char **url_out,
                    struct error *err)
{
    static const char http[] = "http://";
    struct buf url;
    buf_init(&url, LIMIT_DATA_URL);
    if (slice_starts(slice_of(page->text), "https://") &&
        slice_starts(slice_of(canonical->text), http)) {
        buf_add_text(&url, "https://");
        buf_add_text(&url, canonical->text + sizeof http - 1);
    } else {
        buf_add_text(&url, canonical->text);
    }
    char *text = buf_ok(&url, "The URL", err) ? buf_take(&url) : NULL;
    if (text == NULL && url.failed == ERR_NONE)
        error_no_memory(err);
    buf_finish(&url);
    if (text != NULL)
        *url_out = text;
    return text != NULL;
}

static bool lost(const struct landing *landing, const struct spelling *asked,
                 const struct spelling *final)
{
    if (asked->text == NULL || strcmp(asked->text, final->text) == 0)
        return false;
    return landing_detour(landing->asked, landing->final) != LANDING_STRAIGHT ||
           (root(&final->parts) && !root(&asked->parts) && !shortener(&asked->parts));
}

/* Adds a copy of `text` unless it is the key or there already. */
static bool add_spelling(char *spellings[LANDING_SPELLINGS], size_t *count, const char *key,
                         const char *text, struct error *err)
{
    bool known = text == NULL || strcmp(text, key) == 0;
    for (size_t i = 0; i < *count; i++)
        known |= strcmp(spellings[i], text) == 0;
    if (known)
        return true;
    char *copy = slice_dup(slice_of(text));
    if (copy == NULL)
        return error_no_memory(err);
    spellings[(*count)++] = copy;
    return true;
}

bool landing_key(const struct landing *landing, char **key_out,
                 char *spellings_out[LANDING_SPELLINGS], size_t *count_out, struct error *err)
{
    struct spelling asked = {0};
    struct spelling final = {0};
    struct spelling canonical = {0};
    char *spellings[LANDING_SPELLINGS];
    char *key = NULL;
    size_t count = 0;
    bool ok = spelling_init(&asked, landing->asked, err) &&
              spelling_init(&final, landing->final, err) &&
              spelling_init(&canonical, landing->canonical, err);
    if (!ok)
        goto out;
    bool away = final.text == NULL || lost(landing, &asked, &final);
    const struct spelling *page = away ? &asked : &final;
    if (page->text == NULL) {
        ok = error_set(err, ERR_URL, "Only http and https links can be saved");
        goto out;
    }
    bool known =
        !away && canonical.text != NULL && can_be(&canonical.parts, &final.parts, landing->live);
    ok = secured(known ? &canonical : page, page, &key, err);
    if (ok && known)
        ok = add_spelling(spellings, &count, key, canonical.text, err);
    if (ok && !away)
        ok = add_spelling(spellings, &count, key, final.text, err) &&
             add_spelling(spellings, &count, key, asked.text, err);
out:
    if (ok) {
        *key_out = key;
        memcpy(spellings_out, spellings, count * sizeof *spellings);
        *count_out = count;
    } else {
        free(key);
        while (count > 0)
            free(spellings[--count]);
    }
    spelling_finish(&canonical);
    spelling_finish(&final);
    spelling_finish(&asked);
    return ok;
}

#include "page/landing.h"

#include "base/limits.h"
#include "page/landing_canonical.h"
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

/* ---- Roots of sites ---- */

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
        !away && canonical.text != NULL && landing_canonical_fits(&canonical.parts, &final.parts);
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

/* landing_refresh(): the shared declarative refresh steps (HTML §7.4.6). */
#include "page/landing.h"

#include "base/limits.h"
#include "page/tree_edit.h"
#include "page/url.h"

#include <stdlib.h>

struct refresh {
    long seconds;
    struct slice url; /* empty: the document itself */
};

static struct slice skip_spaces(struct slice text)
{
    while (text.len > 0 && ascii_space(text.ptr[0]))
        text = slice_sub(text, 1, text.len);
    return text;
}

/* Takes `letter` (lower case) off the front in either case. */
static bool take(struct slice *text, char letter)
{
    if (text->len == 0 || ascii_lower(text->ptr[0]) != letter)
        return false;
    *text = slice_sub(*text, 1, text->len);
    return true;
}

static bool digit(struct slice text)
{
    return text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '9';
}

/* "url = " in front of the address may be missing, whole or in part: what is no such mark is the
 * address already. */
static struct slice address(struct slice text)
{
    struct slice rest = text;
    if (take(&rest, 'u')) {
        if (!take(&rest, 'r') || !take(&rest, 'l'))
            return text;
        rest = skip_spaces(rest);
        if (!take(&rest, '='))
            return text;
        rest = skip_spaces(rest);
    }
    if (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'')) {
        char quote = rest.ptr[0];
        rest = slice_sub(rest, 1, rest.len);
        rest.len = slice_find_byte(rest, 0, quote);
    }
    return rest;
}

/* False when it says nothing that browsers act on. */
static bool parse(struct slice content, struct refresh *refresh_out)
{
    struct slice text = skip_spaces(content);
    long seconds = 0;
    if (!digit(text) && (text.len == 0 || text.ptr[0] != '.'))
        return false;
    for (; digit(text); text = slice_sub(text, 1, text.len))
        if (seconds <= LIMIT_REFRESH_S)
            seconds = 10 * seconds + (text.ptr[0] - '0');
    while (digit(text) || (text.len > 0 && text.ptr[0] == '.'))
        text = slice_sub(text, 1, text.len);
    if (text.len > 0 && !ascii_space(text.ptr[0]) && text.ptr[0] != ';' && text.ptr[0] != ',')
        return false;
    text = skip_spaces(text);
    if (text.len > 0 && (text.ptr[0] == ';' || text.ptr[0] == ','))
        text = skip_spaces(slice_sub(text, 1, text.len));
    *refresh_out = (struct refresh){seconds, address(text)};
    return true;
}

/* What is in them is no part of the page where scripts run, or of none. */
static bool inert(const xmlNode *node)
{
    return tree_is(node, NS_HTML, "noscript") || tree_is(node, NS_HTML, "template");
}

/* The absolute address, its fragment and all; NULL when it does not parse. */
static bool resolve(const struct document *doc, struct slice ref, char **url_out, struct error *err)
{
    struct error fault = {0};
    char *url = NULL;
    if (!url_join(slice_of(ref.len > 0 ? doc->base : doc->url), ref, &url, &fault)) {
        if (fault.code == ERR_NO_MEMORY)
            return error_no_memory(err);
        url = NULL;
    }
    *url_out = url;
    return true;
}

static bool same_document(const char *a, const char *b)
{
    struct slice first = slice_of(a);
    struct slice second = slice_of(b);
    first.len = slice_find_byte(first, 0, '#');
    second.len = slice_find_byte(second, 0, '#');
    return slice_equal(first, second);
}

static bool followed(const struct refresh *refresh, const char *url, const char *self)
{
    return refresh->seconds <= LIMIT_REFRESH_S && url_is_http(slice_of(url)) &&
           strlen(url) <= LIMIT_URL && (self == NULL || !same_document(url, self));
}

/* The first one that browsers act on is the only one. Its URL in *url_out, or NULL. */
static bool find(const struct document *doc, struct refresh *refresh_out, char **url_out,
                 struct error *err)
{
    const xmlNode *root = xmlDocGetRootElement(doc->tree);
    for (const xmlNode *node = root; node != NULL;
         node = inert(node) ? tree_after(node, root) : tree_next(node, root)) {
        if (!tree_is(node, NS_HTML, "meta") ||
            !slice_equal_nocase(tree_value(tree_find_attribute(node, "http-equiv")), "refresh") ||
            !parse(tree_value(tree_find_attribute(node, "content")), refresh_out))
            continue;
        char *url;
        if (!resolve(doc, refresh_out->url, &url, err))
            return false;
        if (url != NULL && !slice_starts(slice_of(url), "javascript:")) {
            *url_out = url;
            return true;
        }
        free(url);
    }
    *url_out = NULL;
    return true;
}

bool landing_refresh(const struct document *doc, char **url_out, struct error *err)
{
    struct refresh refresh;
    char *self = NULL;
    char *url = NULL;
    if (!resolve(doc, slice_of(""), &self, err))
        return false;
    bool ok = find(doc, &refresh, &url, err);
    if (ok && url != NULL && !followed(&refresh, url, self)) {
        free(url);
        url = NULL;
    }
    if (ok)
        *url_out = url;
    free(self);
    return ok;
}

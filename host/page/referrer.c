#include "page/referrer.h"

#include "page/url.h"

#include <stdlib.h>

static const struct word {
    const char *text;
    enum referrer_policy policy;
} words[] = {
    {"no-referrer", REFERRER_NONE},
    {"no-referrer-when-downgrade", REFERRER_SECURE},
    {"same-origin", REFERRER_SAME},
    {"origin", REFERRER_ORIGIN},
    {"strict-origin", REFERRER_STRICT},
    {"origin-when-cross-origin", REFERRER_CROSS},
    {"strict-origin-when-cross-origin", REFERRER_STRICT_CROSS},
    {"unsafe-url", REFERRER_WHOLE},
    /* HTML §4.2.5.1, <meta> only; nobody writes them elsewhere. */
    {"never", REFERRER_NONE},
    {"default", REFERRER_STRICT_CROSS},
    {"always", REFERRER_WHOLE},
    {"origin-when-crossorigin", REFERRER_CROSS},
};

bool referrer_policy_parse(struct slice text, enum referrer_policy *policy_out)
{
    struct slice word = slice_trim(text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (slice_equal_nocase(word, words[i].text)) {
            *policy_out = words[i].policy;
            return true;
        }
    }
    return false;
}

static bool is_https(const char *url)
{
    return slice_starts_nocase(slice_of(url), "https:");
}

bool referrer_header(enum referrer_policy policy, const char *referrer, const char *target,
                     char **referer_out, struct error *err)
{
    bool down = is_https(referrer) && !is_https(target);
    bool same = url_same_origin(referrer, target);
    bool none = policy == REFERRER_NONE || (policy == REFERRER_SAME && !same) ||
                (down && (policy == REFERRER_STRICT_CROSS || policy == REFERRER_STRICT ||
                          policy == REFERRER_SECURE));
    *referer_out = NULL;
    /* What a page sends to itself is its whole address, without fragment and credentials. */
    if (none || !url_referer(referrer, referrer, referer_out, err))
        return none;
    bool whole = policy == REFERRER_WHOLE || policy == REFERRER_SECURE || policy == REFERRER_SAME ||
                 (same && (policy == REFERRER_STRICT_CROSS || policy == REFERRER_CROSS));
    char *path = *referer_out != NULL && !whole ? strchr(*referer_out, ':') : NULL;
    if (path != NULL && (path = strchr(path + strlen("://"), '/')) != NULL)
        path[1] = '\0';
    return true;
}

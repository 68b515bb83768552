/* Where a link leads: `<meta refresh>`, and which of its spellings a page is known by. */
#ifndef PAGE_LANDING_H
#define PAGE_LANDING_H

#include "page/document.h"

/* The absolute http(s) URL that a document read from the web form sends its reader to by `<meta
 * http-equiv=refresh>` (HTML §4.2.5.3) within LIMIT_REFRESH_S, in *url_out, the caller's; NULL when
 * there is none, when it stands in <noscript>, or when it leads to the document itself. */
bool landing_refresh(const struct document *doc, char **url_out, struct error *err) MUST_CHECK;

struct landing {
    const char *asked;     /* the URL that was asked for, absolute */
    const char *final;     /* after redirects */
    const char *canonical; /* absolute <link rel=canonical>, or "" */
};

/* What a redirect led to in the page's place, to come back to it afterwards: known by a word in
 * host or path ("passport.", "/login", "captcha") while the query holds the URL or the path that
 * was asked for. */
enum landing_detour { LANDING_STRAIGHT, LANDING_LOGIN, LANDING_CHECK };
enum landing_detour landing_detour(const char *asked, const char *final);

/* Whether a word of the URL's host or path says login. */
bool landing_names_login(const char *url);

enum { LANDING_SPELLINGS = 3 };

/* The key of the page (a normalized URL) and its other spellings, each the caller's and none twice.
 * The final URL is the page's, unless it is the root of a site and the asked one is not (what is
 * gone often leads home, though a link shortener may mean it), or a detour: then the asked one is
 * the key, and the only spelling. The final URL may be anywhere, since the server says so; a
 * canonical URL is only what the page says, and in a tab it may be that of an earlier view: it is
 * the key, or anything at all, only when it is the page's own place. That is the same site but for
 * "www.", "m.", "mobile." and "amp." (not in front of hosts that many share, as github.io), the
 * same "#/route", and the same path but for a slash at the end, index.html and its like, ".html",
 * ".htm", ".shtml", ".amp", "/amp" at either end, and how it is percent-encoded. Its query has
 * nothing that the page's has not, and lacks nothing that says what is shown ("id", "oldid",
 * "page"); at the root, and of "x.php", it is not lost as a whole. It becomes https where the page
 * is. Addresses of AMP caches stand for what they hold. */
bool landing_key(const struct landing *landing, char **key_out,
                 char *spellings_out[LANDING_SPELLINGS], size_t *count_out,
                 struct error *err) MUST_CHECK;

#endif

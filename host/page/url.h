/* URLs: parsed, joined and normalized. The parser is the WHATWG URL standard's (page/url_parts.h),
 * as in browsers: libcurl's reads some of what pages contain otherwise than they do, or not at all.
 */
#ifndef PAGE_URL_H
#define PAGE_URL_H

#include "base/buf.h"

/* Resolves `ref` (as it stands in a page) against the absolute URL `base` and gives the absolute
 * URL, percent-encoded, host in lower-case punycode, fragment kept. The caller frees it. ERR_URL
 * when it does not parse; any scheme may come out. data: URLs come out unchanged. */
bool url_join(struct slice base, struct slice ref, char **url_out, struct error *err) MUST_CHECK;

/* What a person or a browser gave, as one absolute http(s) URL: "example.com/x" becomes https, an
 * address or localhost without scheme http. White space, quotes and brackets around it are dropped,
 * full-width punctuation in scheme and host is understood. The caller frees it. ERR_URL for every
 * other scheme, credentials, an empty or impossible host; ERR_LIMIT past LIMIT_URL. */
bool url_accept(struct slice text, char **url_out, struct error *err) MUST_CHECK;

/* The key of a page: without fragment (but "#/route" and "#!route" stay), credentials, default
 * port, tracking parameters (utm_*, gclid, fbclid, spm, ...) and those that ask for AMP, with the
 * remaining parameters in their order, an empty path as "/". The address of a page in an AMP cache
 * gives that of the page. The caller frees. */
bool url_normalize(const char *url, char **url_out, struct error *err) MUST_CHECK;

/* "example.com" of an http(s) URL (with ":8080" when the port is not the scheme's own; punycode
 * shown in Unicode unless it could pass for another name; "www." kept). The caller frees. */
bool url_site(const char *url, char **site_out, struct error *err) MUST_CHECK;

/* Whether it starts with "http://" or "https://". */
bool url_is_http(struct slice url);

/* The same scheme, host and port; false when either is no http(s) URL. */
bool url_same_origin(const char *a, const char *b);

/* What to send as Referer with a request for `target` from the page `referrer`, by the rule
 * strict-origin-when-cross-origin (Referrer Policy §3.7): the whole URL without fragment and
 * credentials to the same origin, the origin alone to another, nothing from https to http. NULL in
 * *referer_out when nothing is to be sent; the caller frees. */
bool url_referer(const char *referrer, const char *target, char **referer_out,
                 struct error *err) MUST_CHECK;

#endif

/* URLs: parsed, joined and normalized. libcurl's URL API does the parsing (RFC 3986 with WHATWG's
 * leniency where noted); white space, backslashes and non-ASCII are brought into form here first,
 * as the WHATWG URL standard §4.4 does. */
#ifndef PAGE_URL_H
#define PAGE_URL_H

#include "base/buf.h"

/* Resolves `ref` (as it stands in a page) against the absolute URL `base` and gives the absolute
 * URL, percent-encoded, host in lower-case punycode, fragment kept. The caller frees it. ERR_URL
 * when it does not parse; any scheme may come out. data: URLs come out unchanged. */
bool url_join(struct slice base, struct slice ref, char **url_out, struct error *err) MUST_CHECK;

/* What a person or a browser gave, as one absolute http(s) URL: "example.com/x" becomes https. The
 * caller frees it. ERR_URL for every other scheme, credentials, an empty or impossible host;
 * ERR_LIMIT past LIMIT_URL. */
bool url_accept(struct slice text, char **url_out, struct error *err) MUST_CHECK;

/* The key of a page: without fragment, default port, tracking parameters (utm_*, gclid, fbclid,
 * spm, ...), with the remaining parameters in their order, an empty path as "/". The caller frees.
 */
bool url_normalize(const char *url, char **url_out, struct error *err) MUST_CHECK;

/* "example.com" of an http(s) URL (with ":8080" when the port is not the scheme's own; punycode
 * shown in Unicode; "www." kept). The caller frees. */
bool url_site(const char *url, char **site_out, struct error *err) MUST_CHECK;

bool url_is_http(struct slice url);

/* The same scheme, host and port. */
bool url_same_origin(const char *a, const char *b);

#endif

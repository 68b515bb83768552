/* A URL in its parts, parsed and printed as WHATWG URL §4 says. Used by page/url.c alone. */
#ifndef PAGE_URL_PARTS_H
#define PAGE_URL_PARTS_H

#include "base/buf.h"

struct url_parts {
    struct buf scheme; /* lower case, without ':' */
    struct buf user;
    struct buf password;
    struct buf host; /* serialized; empty and !has_host are not the same */
    struct buf path; /* "/a/b", or the opaque path as it is */
    struct buf query;
    struct buf fragment;
    int port; /* -1 when none is given or it is the scheme's own */
    bool has_host;
    bool has_query;
    bool has_fragment;
    bool opaque; /* "mailto:x": no hierarchy to resolve against */
};

/* On the caller's memory. */
void url_parts_init(struct url_parts *parts);
void url_parts_finish(struct url_parts *parts);

/* Parses `text`, against `base` unless that is NULL, into parts that are fresh from
 * url_parts_init(). After a failure they may only be finished. ERR_URL when it does not parse.
 * Deviations from the standard: queries are always UTF-8; Windows drive letters are no special
 * case in file: URLs. */
bool url_parts_parse(struct url_parts *parts, struct slice text, const struct url_parts *base,
                     struct error *err) MUST_CHECK;

/* Appends the serialized URL. */
bool url_parts_print(const struct url_parts *parts, struct buf *out);

/* Length of "scheme" when "scheme:" stands at the start; 0 otherwise. */
size_t url_parts_scheme_len(struct slice text);

bool url_parts_is_http(const struct url_parts *parts);

#endif

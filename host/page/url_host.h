/* The host of a URL (WHATWG URL §3): domain, IPv4, IPv6 or opaque. Used by page/url*.c and
 * page/fetch_private.c alone. */
#ifndef PAGE_URL_HOST_H
#define PAGE_URL_HOST_H

#include "base/buf.h"

/* Appends the host in its serialized form: domains in lower-case punycode, IPv4 with four decimal
 * parts (whatever base and number of parts it was written in), IPv6 compressed in brackets.
 * `opaque`: the host of a scheme that is not special, which is only percent-encoded. */
bool url_host_parse(struct slice text, bool opaque, struct buf *out, struct error *err) MUST_CHECK;

/* Appends a serialized domain for people: each punycode label that cannot be taken for another one
 * in Unicode. That is a label of Han, kana, Hangul and Bopomofo (with ASCII), of Latin letters, or
 * of one other script; in Cyrillic, Greek, Armenian and Cherokee, whose letters look Latin, only
 * when the top-level label is in that script too. */
bool url_host_display(struct slice host, struct buf *out, struct error *err) MUST_CHECK;

/* Whether a serialized host is an IPv4 or IPv6 address. */
bool url_host_is_address(struct slice host);

#endif

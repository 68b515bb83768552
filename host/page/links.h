/* The links in a text that somebody pasted: addresses with and without a scheme, between words of
 * any language, in Markdown, HTML or a list. */
#ifndef PAGE_LINKS_H
#define PAGE_LINKS_H

#include "base/buf.h"

/* A link as url_accept() gives it, or one that was meant as such and is refused (javascript:,
 * file:, credentials, too long): then `url` is its text, cut at 2 KiB, and `fault` says why. */
typedef bool (*links_fn)(const char *url, const struct error *fault, void *arg);

/* Calls back for each once (compared as url_normalize() gives them), in their order; a callback
 * that returns false ends it early, which is no error. A text that is one URL and nothing else is
 * taken whole. "http://", "https://" and "www." begin a link anywhere; a bare "example.com/x" does
 * at the start of a word, when its last label is a top-level domain that people know. Full-width
 * punctuation, Chinese brackets and quotes, closing brackets that were not opened inside, and a
 * final full stop or comma are not part of it. Linear. ERR_LIMIT past LIMIT_LINKS_TEXT. */
bool links_find(struct slice text, links_fn fn, void *arg, struct error *err) MUST_CHECK;

#endif

/* A look at HTML text before gumbo sees it, which is quadratic in depth and in attributes. */
#ifndef PAGE_HTML_SCAN_H
#define PAGE_HTML_SCAN_H

#include "base/buf.h"

/* Follows the nesting of tags roughly as a parser would. Where it passes LIMIT_HTML_DEPTH the tags
 * inside are left out, as browsers put such elements beside each other. An empty comment is put
 * before </form>, without which gumbo moves the text there behind the form. *text_out is
 * the changed text in `out`, or `html` when nothing had to change. ERR_LIMIT when a tag has more
 * than LIMIT_ATTRIBUTES attributes. Linear. */
bool html_scan(struct slice html, struct buf *out, struct slice *text_out,
               struct error *err) MUST_CHECK;

#endif

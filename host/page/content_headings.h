/* Names of headings, so that a table of contents leads somewhere. */
#ifndef PAGE_CONTENT_HEADINGS_H
#define PAGE_CONTENT_HEADINGS_H

#include "base/buf.h"

/* Appends the HTML with an id on each heading that has no attributes: its text in lower case,
 * without punctuation, "-" for spaces, and "-1", "-2", ... behind one that was there before, as
 * GitHub names them. */
bool content_headings(struct slice html, struct buf *out, struct error *err) MUST_CHECK;

#endif

/* The encoding that a document or a style sheet declares inside. Used by page/media.c. */
#ifndef PAGE_PRESCAN_H
#define PAGE_PRESCAN_H

#include "base/slice.h"

struct charset;

/* HTML §13.2.3.2, "prescan a byte stream to determine its encoding", over the first 1024 bytes,
 * and its look at an XML declaration. NULL when nothing is declared. */
const struct charset *prescan_html(struct slice bytes);

/* CSS Syntax §3.2: exactly `@charset "label";` at the very start. */
const struct charset *prescan_css(struct slice bytes);

#endif

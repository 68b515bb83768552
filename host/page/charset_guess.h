/* The encoding of text that does not say. Used by page/media.c. */
#ifndef PAGE_CHARSET_GUESS_H
#define PAGE_CHARSET_GUESS_H

#include "base/slice.h"

struct charset;

/* Whether text is UTF-8, if perhaps with a few faults: pages cut a string in the middle of a
 * character, or paste in one wrong byte. Pure ASCII is UTF-8 too. */
bool charset_looks_utf8(struct slice bytes);

/* GBK, Big5, Shift_JIS, EUC-JP or EUC-KR when the bytes beyond ASCII read well in it, by the share
 * of characters from its common ranges among the first 64 KiB; NULL when none does. */
const struct charset *charset_guess(struct slice bytes);

#endif

/* The encodings of the WHATWG Encoding standard, decoded to UTF-8. ICU does the tables; where they
 * differ from the standard's, page/charset_tables.h has the difference. Used by page/media.c. */
#ifndef PAGE_CHARSET_H
#define PAGE_CHARSET_H

#include "base/buf.h"

struct charset;

/* Encoding §4.2: the encoding of a label, white space around it and ASCII case disregarded. NULL
 * when there is none. */
const struct charset *charset_find(struct slice label);

/* The standard's name, such as "Shift_JIS". */
const char *charset_name(const struct charset *charset);

bool charset_is_utf16(const struct charset *charset);

/* Appends the bytes in UTF-8, what is ill-formed as U+FFFD. A BOM is not looked for. */
bool charset_decode(const struct charset *charset, struct slice bytes, struct buf *out,
                    struct error *err) MUST_CHECK;

/* The encoding of bytes that start with a BOM, and the BOM's length; NULL without one. */
const struct charset *charset_of_bom(struct slice bytes, size_t *len_out);

#endif

/* UTF-8 as the Unicode Standard §3.9 (table 3-7) and WHATWG Encoding define it: no overlong forms,
 * no surrogates, nothing past U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

#include <stdint.h>

/* Decodes one code point at `from` (which must be < s.len) into *cp_out and returns its length in
 * bytes. Ill-formed bytes give U+FFFD and the length of the maximal subpart (1 to 3), as the WHATWG
 * decoder does. */
size_t utf8_decode(struct slice s, size_t from, uint32_t *cp_out);

/* Writes the code point (U+FFFD for surrogates and past U+10FFFF); returns 1 to 4. */
size_t utf8_encode(uint32_t cp, char out[4]);

bool utf8_valid(struct slice s);

/* Appends `s` with each ill-formed sequence replaced by U+FFFD. */
bool utf8_append_valid(struct buf *out, struct slice s);

/* The longest prefix of at most `max` bytes that does not cut a code point. */
struct slice utf8_prefix(struct slice s, size_t max);

/* Number of code points; `s` must be valid. */
size_t utf8_count(struct slice s);

#endif

/* Which characters a page's text is made of. */
#ifndef PAGE_CODEPOINTS_H
#define PAGE_CODEPOINTS_H

#include "base/slice.h"

#include <stdint.h>

enum { CODEPOINTS_END = 0x110000, CODEPOINTS_BLOCK = 256 };

/* Zeroed: the empty set. */
struct codepoints {
    uint64_t bits[CODEPOINTS_END / 64];
    uint16_t below[CODEPOINTS_END / CODEPOINTS_BLOCK + 1]; /* blocks in use before each */
    bool counted;                                          /* `below` is up to date */
};

/* Adds the characters of UTF-8 text. */
void codepoints_add(struct codepoints *set, struct slice text);

/* Whether any of from..to, both included, is in the set. Takes the same time for every range. */
bool codepoints_meet(struct codepoints *set, uint32_t from, uint32_t to);

#endif

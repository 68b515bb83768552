#include "page/codepoints.h"

#include "base/utf8.h"

void codepoints_add(struct codepoints *set, struct slice text)
{
    set->counted = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t cp = (unsigned char)text.ptr[at];
        at += cp < 0x80 ? 1 : utf8_decode(text, at, &cp);
        set->bits[cp / 64] |= (uint64_t)1 << cp % 64;
    }
}

static bool any_in(const struct codepoints *set, uint32_t from, uint32_t to)
{
    for (uint32_t cp = from; cp <= to; cp++)
        if (set->bits[cp / 64] >> cp % 64 & 1)
            return true;
    return false;
}

static void count(struct codepoints *set)
{
    uint16_t sum = 0;
    for (size_t i = 0; i < CODEPOINTS_END / CODEPOINTS_BLOCK; i++) {
        const uint64_t *words = &set->bits[i * (CODEPOINTS_BLOCK / 64)];
        set->below[i] = sum;
        sum = (uint16_t)(sum + ((words[0] | words[1] | words[2] | words[3]) != 0));
    }
    set->below[CODEPOINTS_END / CODEPOINTS_BLOCK] = sum;
    set->counted = true;
}

bool codepoints_meet(struct codepoints *set, uint32_t from, uint32_t to)
{
    if (to >= CODEPOINTS_END)
        to = CODEPOINTS_END - 1;
    if (from > to)
        return false;
    uint32_t first = from / CODEPOINTS_BLOCK;
    uint32_t last = to / CODEPOINTS_BLOCK;
    if (first == last)
        return any_in(set, from, to);
    if (!set->counted)
        count(set);
    return set->below[last] > set->below[first + 1] ||
           any_in(set, from, (first + 1) * CODEPOINTS_BLOCK - 1) ||
           any_in(set, last * CODEPOINTS_BLOCK, to);
}

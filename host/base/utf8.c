#include "base/utf8.h"

enum { REPLACEMENT = 0xFFFD };

static bool continuation(struct slice s, size_t at, unsigned low, unsigned high)
{
    return at < s.len && (unsigned char)s.ptr[at] >= low && (unsigned char)s.ptr[at] <= high;
}

size_t utf8_decode(struct slice s, size_t from, uint32_t *cp_out)
{
    unsigned char lead = (unsigned char)s.ptr[from];
    if (lead < 0x80) {
        *cp_out = lead;
        return 1;
    }
    size_t need;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    uint32_t cp;
    if (lead >= 0xC2 && lead <= 0xDF) {
        need = 1;
        cp = lead & 0x1Fu;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        need = 2;
        cp = lead & 0x0Fu;
        low = lead == 0xE0 ? 0xA0 : 0x80;
        high = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        need = 3;
        cp = lead & 0x07u;
        low = lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
        *cp_out = REPLACEMENT;
        return 1;
    }
    for (size_t i = 1; i <= need; i++) {
        if (!continuation(s, from + i, low, high)) {
            *cp_out = REPLACEMENT;
            return i;
        }
        cp = cp << 6 | ((unsigned char)s.ptr[from + i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *cp_out = cp;
    return need + 1;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

/* A genuine U+FFFD in the text is EF BF BD: three bytes that decode to it, unlike a fault's. */
static bool ill_formed(struct slice s, size_t at, size_t len, uint32_t cp)
{
    return cp == REPLACEMENT &&
           !(len == 3 && (unsigned char)s.ptr[at] == 0xEF && (unsigned char)s.ptr[at + 1] == 0xBF);
}

/* Index of the first ill-formed byte at or after `from`, or s.len. */
static size_t first_fault(struct slice s, size_t from)
{
    while (from < s.len) {
        if ((unsigned char)s.ptr[from] < 0x80) {
            from++;
            continue;
        }
        uint32_t cp;
        size_t len = utf8_decode(s, from, &cp);
        if (ill_formed(s, from, len, cp))
            return from;
        from += len;
    }
    return s.len;
}

bool utf8_valid(struct slice s)
{
    return first_fault(s, 0) == s.len;
}

bool utf8_append_valid(struct buf *out, struct slice s)
{
    for (size_t at = 0; at < s.len;) {
        size_t fault = first_fault(s, at);
        buf_add(out, s.ptr + at, fault - at);
        if (fault == s.len)
            break;
        uint32_t cp;
        at = fault + utf8_decode(s, fault, &cp);
        buf_add_text(out, "\xEF\xBF\xBD");
    }
    return out->failed == ERR_NONE;
}

struct slice utf8_prefix(struct slice s, size_t max)
{
    if (s.len <= max)
        return s;
    size_t len = max;
    while (len > 0 && ((unsigned char)s.ptr[len] & 0xC0) == 0x80)
        len--;
    return (struct slice){s.ptr, len};
}

size_t utf8_count(struct slice s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return count;
}

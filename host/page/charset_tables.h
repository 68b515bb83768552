/* Names and corrections for page/charset.c. */
#ifndef PAGE_CHARSET_TABLES_H
#define PAGE_CHARSET_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum charset_kind {
    CHARSET_UTF8,
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_SINGLE, /* one byte, one code point; below 0x80 ASCII */
    CHARSET_MULTI,
    CHARSET_USER_DEFINED,
    CHARSET_REPLACEMENT
};

struct charset_patch {
    uint16_t key; /* CHARSET_SINGLE: the byte; else see below */
    uint16_t code_point;
};

struct charset_patches {
    const struct charset_patch *at; /* by ascending key */
    size_t count;
};

struct charset {
    const char *name;
    const char *icu;    /* name of ICU's converter */
    const char *labels; /* in lower case, separated by spaces */
    enum charset_kind kind;
    struct charset_patches bytes;   /* key: one byte, or the two that ICU has no character for */
    struct charset_patches private; /* key: the private-use code point that ICU gives */
    struct charset_patches marks;   /* key: the same; what follows the code point */
    bool private_used; /* other private-use code points are right; else they are faults */
};

extern const struct charset charset_table[];
extern const size_t charset_count;

#endif

/* Bytes somebody else owns: a pointer and a length. A NUL inside is data, never an end. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;      /* bytes */
};

/* A slice over a C string's bytes, without its NUL; NULL gives the empty slice. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline struct slice slice_make(const void *ptr, size_t len)
{
    return (struct slice){ptr, len};
}

/* The bytes [from, from + len); both are cut to what there is. */
struct slice slice_sub(struct slice s, size_t from, size_t len);

bool slice_equal(struct slice a, struct slice b);

/* Compares ignoring the case of ASCII letters only, as HTML and HTTP names do. */
bool slice_equal_nocase(struct slice a, const char *b);

bool slice_starts(struct slice s, const char *prefix);
bool slice_starts_nocase(struct slice s, const char *prefix);

/* Index of the first byte `c` at or after `from`, or s.len when there is none. */
size_t slice_find_byte(struct slice s, size_t from, char c);

/* Index of the first occurrence of `needle` at or after `from`, or s.len. */
size_t slice_find(struct slice s, size_t from, struct slice needle);

/* Without ASCII white space (HTML: tab, LF, FF, CR, space) at either end. */
struct slice slice_trim(struct slice s);

/* True for the five characters HTML calls ASCII white space. */
static inline bool ascii_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* A NUL-terminated copy the caller frees; NULL when out of memory. NULs inside are copied. */
char *slice_dup(struct slice s);

#endif

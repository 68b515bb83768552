#define _GNU_SOURCE /* memmem */
#include "base/slice.h"

#include <stdint.h>
#include <stdlib.h>

struct slice slice_sub(struct slice s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct slice){s.ptr ? s.ptr + from : NULL, len};
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static bool equal_nocase(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

bool slice_equal_nocase(struct slice a, const char *b)
{
    return a.len == strlen(b) && equal_nocase(a.ptr, b, a.len);
}

bool slice_starts(struct slice s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && (len == 0 || memcmp(s.ptr, prefix, len) == 0);
}

bool slice_starts_nocase(struct slice s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && equal_nocase(s.ptr, prefix, len);
}

size_t slice_find_byte(struct slice s, size_t from, char c)
{
    if (from >= s.len)
        return s.len;
    const char *hit = memchr(s.ptr + from, c, s.len - from);
    return hit ? (size_t)(hit - s.ptr) : s.len;
}

size_t slice_find(struct slice s, size_t from, struct slice needle)
{
    if (from > s.len || needle.len > s.len - from)
        return s.len;
    if (needle.len == 0)
        return from;
    const char *hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    return hit ? (size_t)(hit - s.ptr) : s.len;
}

struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && ascii_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && ascii_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

char *slice_dup(struct slice s)
{
    if (s.len == SIZE_MAX)
        return NULL;
    char *copy = malloc(s.len + 1);
    if (copy == NULL)
        return NULL;
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

/* From a REF (page/assets.h), or another name of 32 hexadecimal digits, to a number. */
#ifndef PAGE_REF_MAP_H
#define PAGE_REF_MAP_H

#include "base/error.h"
#include "base/slice.h"

enum { REF_SIZE = 33 }; /* 32 digits and a NUL */

struct ref_slot {
    char ref[REF_SIZE]; /* "" when the slot is free */
    size_t value;
};

/* Zeroed: an empty map. */
struct ref_map {
    struct ref_slot *slots;
    size_t count;
    size_t cap; /* a power of two, or 0 */
};

void ref_map_finish(struct ref_map *map);

/* False when the map has no such name. */
bool ref_map_get(const struct ref_map *map, const char *ref, size_t *value_out);

/* Adds the name or gives it another number. False when out of memory. */
bool ref_map_put(struct ref_map *map, const char *ref, size_t value);

/* The first half of SHA-256 over the two texts, in hexadecimal. */
bool ref_make(struct slice first, struct slice second, char ref_out[REF_SIZE],
              struct error *err) MUST_CHECK;

/* Whether all are lower-case hexadecimal digits and there are 32. */
bool ref_valid(struct slice text);

#endif

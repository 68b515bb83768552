#include "page/ref_map.h"

#include "base/buf.h"
#include "base/digest.h"

#include <stdlib.h>

void ref_map_finish(struct ref_map *map)
{
    free(map->slots);
    *map = (struct ref_map){0};
}

/* The slot of this name, or the free one where it belongs. The names are digests: their first
 * digits are spread evenly. */
static struct ref_slot *find(const struct ref_map *map, const char *ref)
{
    size_t at = 0;
    for (size_t i = 0; i < 12; i++)
        at = at * 16 + (size_t)(ref[i] <= '9' ? ref[i] - '0' : ref[i] - 'a' + 10);
    for (at &= map->cap - 1;; at = (at + 1) & (map->cap - 1)) {
        struct ref_slot *slot = &map->slots[at];
        if (slot->ref[0] == '\0' || memcmp(slot->ref, ref, REF_SIZE) == 0)
            return slot;
    }
}

bool ref_map_get(const struct ref_map *map, const char *ref, size_t *value_out)
{
    if (map->cap == 0)
        return false;
    const struct ref_slot *slot = find(map, ref);
    if (slot->ref[0] == '\0')
        return false;
    *value_out = slot->value;
    return true;
}

static bool grow(struct ref_map *map)
{
    struct ref_map grown = {.cap = map->cap ? map->cap * 2 : 64};
    grown.slots = calloc(grown.cap, sizeof *grown.slots);
    if (grown.slots == NULL)
        return false;
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i].ref[0] != '\0')
            *find(&grown, map->slots[i].ref) = map->slots[i];
    grown.count = map->count;
    ref_map_finish(map);
    *map = grown;
    return true;
}

bool ref_map_put(struct ref_map *map, const char *ref, size_t value)
{
    if (map->count + 1 > map->cap / 4 * 3 && !grow(map))
        return false;
    struct ref_slot *slot = find(map, ref);
    if (slot->ref[0] == '\0') {
        memcpy(slot->ref, ref, REF_SIZE);
        map->count++;
    }
    slot->value = value;
    return true;
}

bool ref_make(struct slice first, struct slice second, char ref_out[REF_SIZE], struct error *err)
{
    struct buf text;
    uint8_t digest[DIGEST_SIZE];
    buf_init(&text, first.len + second.len);
    buf_add_slice(&text, first);
    buf_add_slice(&text, second);
    bool ok = buf_ok(&text, "A URL", err) && digest_bytes(buf_slice(&text), digest, err);
    buf_finish(&text);
    if (ok)
        digest_hex(digest, sizeof digest / 2, ref_out);
    return ok;
}

bool ref_valid(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
              (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return false;
    return text.len == REF_SIZE - 1;
}

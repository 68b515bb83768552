#include "store/tally.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 256, KEYS_MAX = 100000000 };

void tally_init(struct tally *tally)
{
    memset(tally, 0, sizeof *tally);
    buf_init(&tally->keys, KEYS_MAX);
    buf_init(&tally->entries, 4 * (size_t)KEYS_MAX);
}

void tally_finish(struct tally *tally)
{
    buf_finish(&tally->keys);
    buf_finish(&tally->entries);
    free(tally->slots);
    tally->slots = NULL;
}

/* FNV-1a, its bits mixed once more. */
static size_t hash_of(struct slice key)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * UINT64_C(0x100000001B3);
    return (size_t)(hash ^ hash >> 32);
}

/* The slot of a key, or the empty one where it belongs. */
static uint32_t *find_slot(const struct tally *tally, struct slice key)
{
    size_t at = hash_of(key) & (tally->slot_count - 1);
    while (tally->slots[at] != 0 && !slice_equal(tally_key(tally, tally->slots[at] - 1), key))
        at = (at + 1) & (tally->slot_count - 1);
    return &tally->slots[at];
}

static bool grow(struct tally *tally)
{
    size_t count = tally->slot_count == 0 ? FIRST_SLOTS : 2 * tally->slot_count;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return false;
    free(tally->slots);
    tally->slots = slots;
    tally->slot_count = count;
    for (size_t i = 0; i < tally_count(tally); i++)
        *find_slot(tally, tally_key(tally, i)) = (uint32_t)i + 1;
    return true;
}

bool tally_add(struct tally *tally, struct slice key, double weight)
{
    if (2 * tally_count(tally) >= tally->slot_count && !grow(tally))
        return false;
    uint32_t *slot = find_slot(tally, key);
    if (*slot != 0) {
        struct tally_entry *entries = (struct tally_entry *)(void *)tally->entries.ptr;
        entries[*slot - 1].weight += weight;
        return true;
    }
    struct tally_entry entry = {weight, tally->keys.len, key.len};
    if (!buf_add_slice(&tally->keys, key) || !buf_add(&tally->entries, &entry, sizeof entry))
        return false;
    *slot = (uint32_t)tally_count(tally);
    return true;
}

bool tally_has(const struct tally *tally, struct slice key)
{
    return tally->slot_count > 0 && *find_slot(tally, key) != 0;
}

static bool heavier(const struct tally *tally, size_t a, size_t b)
{
    double x = tally_entry(tally, a)->weight;
    double y = tally_entry(tally, b)->weight;
    if (x != y)
        return x > y;
    struct slice p = tally_key(tally, a);
    struct slice q = tally_key(tally, b);
    int order = memcmp(p.ptr, q.ptr, p.len < q.len ? p.len : q.len);
    return order != 0 ? order < 0 : p.len < q.len;
}

size_t tally_top(const struct tally *tally, size_t limit, size_t *indexes_out)
{
    size_t count = 0;
    for (size_t i = 0; i < tally_count(tally) && limit > 0; i++) {
        if (count == limit && !heavier(tally, i, indexes_out[count - 1]))
            continue;
        size_t at = count < limit ? count++ : count - 1;
        for (; at > 0 && heavier(tally, i, indexes_out[at - 1]); at--)
            indexes_out[at] = indexes_out[at - 1];
        indexes_out[at] = i;
    }
    return count;
}

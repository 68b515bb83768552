/* Adds up weights by key. For store/ only. */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include "base/buf.h"

#include <stdint.h>

struct tally_entry {
    double weight;
    size_t key; /* in tally.keys */
    size_t len;
};

struct tally {
    struct buf keys;
    struct buf entries; /* struct tally_entry */
    uint32_t *slots;    /* hash table: index of an entry + 1 */
    size_t slot_count;  /* a power of two, or 0 */
};

void tally_init(struct tally *tally);
void tally_finish(struct tally *tally);

/* False when out of memory, or past a hundred million bytes of keys. */
bool tally_add(struct tally *tally, struct slice key, double weight) MUST_CHECK;

bool tally_has(const struct tally *tally, struct slice key);

/* Gives the numbers of the heaviest entries, those first, equal ones by their keys; returns how
 * many there are, `limit` at most. */
size_t tally_top(const struct tally *tally, size_t limit, size_t *indexes_out);

/* The logarithm to base 2, straight between its whole values: near enough to weigh words. */
static inline double tally_log2(double number)
{
    double whole = 0;
    for (; number >= 2; number /= 2)
        whole++;
    return whole + number - 1;
}

static inline size_t tally_count(const struct tally *tally)
{
    return tally->entries.len / sizeof(struct tally_entry);
}

static inline const struct tally_entry *tally_entry(const struct tally *tally, size_t index)
{
    return (const struct tally_entry *)(const void *)tally->entries.ptr + index;
}

static inline struct slice tally_key(const struct tally *tally, size_t index)
{
    const struct tally_entry *entry = tally_entry(tally, index);
    return slice_sub(buf_slice(&tally->keys), entry->key, entry->len);
}

#endif

/* Lists of pages by their place in the order (pages.ord), which is also the row's number in the
 * search index. For store/ only. */
#ifndef STORE_ORDS_H
#define STORE_ORDS_H

#include "store/db.h"

struct ords {
    struct buf bytes; /* int64_t */
    size_t at;        /* of ords_has() */
};

void ords_init(struct ords *ords);
void ords_finish(struct ords *ords);

static inline size_t ords_count(const struct ords *ords)
{
    return ords->bytes.len / sizeof(int64_t);
}

static inline const int64_t *ords_list(const struct ords *ords)
{
    return (const int64_t *)(const void *)ords->bytes.ptr;
}

/* At the end. False when out of memory. */
bool ords_add(struct ords *ords, int64_t ord);

/* Adds the first column of all rows, as they come. The statement is ended in any case; it may be
 * NULL, which is false with *err as it was. ERR_STORE_CORRUPT for a number that no store of ours
 * gives. */
bool ords_fill(struct ords *ords, struct store *store, sqlite3_stmt *statement,
               struct error *err) MUST_CHECK;

/* Puts it in order, each once. */
void ords_sort(struct ords *ords, bool ascending);

/* Whether `ord` is in a list that is sorted `ascending` or descending, when it is asked for one
 * after the other in that order. */
bool ords_next_is(struct ords *ords, int64_t ord, bool ascending);

/* Whether `ord` is in a descending list. */
bool ords_have(const struct ords *ords, int64_t ord);

#endif

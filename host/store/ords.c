#include "store/ords.h"

#include "base/limits.h"
#include "store/cursor.h"

#include <stdlib.h>

/* Fifty million pages: what does not fit is no store of a person. */
enum { ORDS_MAX = 400 };

void ords_init(struct ords *ords)
{
    buf_init(&ords->bytes, ORDS_MAX * MIB);
    ords->at = 0;
}

void ords_finish(struct ords *ords)
{
    buf_finish(&ords->bytes);
}

bool ords_add(struct ords *ords, int64_t ord)
{
    return buf_add(&ords->bytes, &ord, sizeof ord);
}

bool ords_fill(struct ords *ords, struct store *store, sqlite3_stmt *statement, struct error *err)
{
    bool row = true;
    bool ok = statement != NULL;
    while (ok && (ok = db_step(store, statement, &row, err)) && row) {
        int64_t ord = sqlite3_column_int64(statement, 0);
        if (ord < 0 || ord > CURSOR_ORD_MAX)
            ok = error_set(err, ERR_STORE_CORRUPT, "The store's numbering is damaged");
        else
            ok = ords_add(ords, ord) || buf_ok(&ords->bytes, "A list of pages", err);
    }
    db_done(store, statement);
    return ok;
}

static int compare_up(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int compare_down(const void *a, const void *b)
{
    return compare_up(b, a);
}

void ords_sort(struct ords *ords, bool ascending)
{
    int64_t *list = (int64_t *)(void *)ords->bytes.ptr;
    size_t count = ords_count(ords);
    if (count == 0)
        return;
    qsort(list, count, sizeof *list, ascending ? compare_up : compare_down);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++) {
        if (list[i] != list[kept - 1])
            list[kept++] = list[i];
    }
    ords->bytes.len = kept * sizeof *list;
}

bool ords_next_is(struct ords *ords, int64_t ord, bool ascending)
{
    const int64_t *list = ords_list(ords);
    size_t count = ords_count(ords);
    while (ords->at < count && (ascending ? list[ords->at] < ord : list[ords->at] > ord))
        ords->at++;
    return ords->at < count && list[ords->at] == ord;
}

bool ords_have(const struct ords *ords, int64_t ord)
{
    const int64_t *list = ords_list(ords);
    size_t low = 0;
    size_t high = ords_count(ords);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle] == ord)
            return true;
        if (list[middle] > ord)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

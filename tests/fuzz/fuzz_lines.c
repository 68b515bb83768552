/* base/lines: the input is two texts, with a form feed between them. */
#include "base/lines.h"

#include "base/limits.h"
#include "fuzz.h"

#include <stdlib.h>

/* What was handed over, as the two texts again, each line with its line feed. */
struct told {
    struct buf first;
    struct buf second;
    size_t changes;
};

static bool keep(enum lines_change change, struct slice line, void *arg)
{
    struct told *told = arg;
    told->changes += change != LINES_SAME;
    FUZZ_CHECK(memchr(line.len > 0 ? line.ptr : "", '\n', line.len) == NULL);
    if (change != LINES_ADDED)
        buf_printf(&told->first, "%.*s\n", (int)line.len, line.ptr);
    if (change != LINES_GONE)
        buf_printf(&told->second, "%.*s\n", (int)line.len, line.ptr);
    return true;
}

static void check_text(const struct buf *told, struct slice text)
{
    struct slice whole = buf_slice(told);
    bool open = text.len > 0 && text.ptr[text.len - 1] != '\n';
    FUZZ_CHECK(whole.len == text.len + open && slice_equal(slice_sub(whole, 0, text.len), text));
}

/* ---- The fewest changes, found the long way ---- */

enum { SMALL = 48 };

static size_t split(struct slice text, struct slice lines_out[SMALL])
{
    size_t count = 0;
    while (text.len > 0 && count < SMALL)
        lines_out[count++] = fuzz_take_line(&text);
    return text.len > 0 ? SMALL + 1 : count;
}

static void check_fewest(struct slice first, struct slice second, size_t changes)
{
    struct slice a[SMALL];
    struct slice b[SMALL];
    size_t common[SMALL + 1][SMALL + 1] = {{0}};
    size_t a_count = split(first, a);
    size_t b_count = split(second, b);
    if (a_count > SMALL || b_count > SMALL)
        return;
    for (size_t i = a_count; i-- > 0;) {
        for (size_t k = b_count; k-- > 0;) {
            size_t down = common[i + 1][k];
            size_t right = common[i][k + 1];
            common[i][k] = slice_equal(a[i], b[k]) ? common[i + 1][k + 1] + 1
                           : down > right          ? down
                                                   : right;
        }
    }
    FUZZ_CHECK(changes == a_count + b_count - 2 * common[0][0]);
}

static bool stop(enum lines_change change, struct slice line, void *arg)
{
    (void)change;
    (void)line;
    return --*(size_t *)arg > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct told told = {.changes = 0};
    char *text = fuzz_text(slice_make(data, size));
    struct slice both = slice_of(text);
    size_t cut = slice_find_byte(both, 0, '\f');
    struct slice first = slice_sub(both, 0, cut);
    struct slice second = slice_sub(both, cut + 1, both.len);
    buf_init(&told.first, 16 * MIB);
    buf_init(&told.second, 16 * MIB);
    FUZZ_CHECK(lines_compare(first, second, keep, &told, &err));
    check_text(&told.first, first);
    check_text(&told.second, second);
    check_fewest(first, second, told.changes);
    size_t most = 1 + size % 8;
    FUZZ_CHECK(lines_compare(first, second, stop, &most, &err));
    buf_finish(&told.first);
    buf_finish(&told.second);
    free(text);
    return 0;
}

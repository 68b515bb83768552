#include "base/lines.h"

#include <stdint.h>
#include <stdlib.h>

struct line {
    struct slice text;
    uint64_t hash;
};

struct text {
    struct line *lines;
    size_t count;
};

/* FNV-1a */
static uint64_t hash_of(struct slice text)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(0x100000001B3);
    return hash;
}

static bool split(struct slice bytes, struct text *text, struct error *err)
{
    size_t count = bytes.len > 0;
    for (size_t i = 0; i + 1 < bytes.len; i++)
        count += bytes.ptr[i] == '\n';
    text->lines = calloc(count + 1, sizeof *text->lines);
    if (text->lines == NULL)
        return error_no_memory(err);
    for (size_t start = 0; start < bytes.len;) {
        size_t end = slice_find_byte(bytes, start, '\n');
        struct slice line = slice_sub(bytes, start, end - start);
        text->lines[text->count++] = (struct line){line, hash_of(line)};
        start = end + 1;
    }
    return true;
}

static bool same(const struct line *a, const struct line *b)
{
    return a->hash == b->hash && slice_equal(a->text, b->text);
}

/* The lines between what both have at their ends. */
struct middle {
    const struct line *first;
    const struct line *second;
    int64_t first_count;
    int64_t second_count;
    /* How far each diagonal was come with 0, 1, ... changes: row d has 2 d + 1 entries, of the
     * diagonals -d to d, and begins at d * d. */
    int32_t *rows;
    int64_t changes;
};

static int32_t *entry(const struct middle *m, int64_t changes, int64_t diagonal)
{
    return &m->rows[changes * changes + changes + diagonal];
}

/* Whether the way to a diagonal comes from the one above: by a line that was added. */
static bool comes_down(const struct middle *m, int64_t changes, int64_t diagonal)
{
    return diagonal == -changes ||
           (diagonal != changes &&
            *entry(m, changes - 1, diagonal - 1) < *entry(m, changes - 1, diagonal + 1));
}

/* Follows what is the same, from where a way with so many changes has come. */
static int64_t follow(const struct middle *m, int64_t changes, int64_t diagonal)
{
    int64_t x = 0;
    if (changes > 0)
        x = comes_down(m, changes, diagonal) ? *entry(m, changes - 1, diagonal + 1)
                                             : *entry(m, changes - 1, diagonal - 1) + 1;
    int64_t y = x - diagonal;
    while (x >= 0 && y >= 0 && x < m->first_count && y < m->second_count &&
           same(&m->first[x], &m->second[y])) {
        x++;
        y++;
    }
    return x;
}

/* Finds the fewest changes; false in *found_out when they are more than LINES_CHANGES. */
static bool find_way(struct middle *m, bool *found_out, struct error *err)
{
    size_t room = 0;
    *found_out = false;
    for (int64_t d = 0; d <= LINES_CHANGES; d++) {
        size_t needed = ((size_t)d + 1) * ((size_t)d + 1);
        if (needed > room) {
            room = 2 * needed;
            int32_t *grown = realloc(m->rows, room * sizeof *grown);
            if (grown == NULL)
                return error_no_memory(err);
            m->rows = grown;
        }
        for (int64_t k = -d; k <= d; k += 2) {
            int64_t x = follow(m, d, k);
            *entry(m, d, k) = (int32_t)x;
            if (x >= m->first_count && x - k >= m->second_count) {
                m->changes = d;
                *found_out = true;
                return true;
            }
        }
    }
    return true;
}

/* One change on the way, and the lines after it that are the same. */
struct step {
    bool added;
    int64_t same;
};

/* The way back, from the end to the start; `first` lines are the same before the first change. */
static void trace(const struct middle *m, struct step *steps, int64_t *first_out)
{
    int64_t x = m->first_count;
    int64_t y = m->second_count;
    for (int64_t d = m->changes; d > 0; d--) {
        int64_t k = x - y;
        bool added = comes_down(m, d, k);
        int64_t before = added ? *entry(m, d - 1, k + 1) : *entry(m, d - 1, k - 1);
        int64_t at = added ? before : before + 1;
        steps[d - 1] = (struct step){.added = added, .same = x - at};
        x = before;
        y = before - (added ? k + 1 : k - 1);
    }
    *first_out = x;
}

struct telling {
    lines_fn fn;
    void *arg;
    bool done;
};

static void tell(struct telling *to, enum lines_change change, const struct line *lines,
                 int64_t count)
{
    for (int64_t i = 0; i < count && !to->done; i++)
        to->done = !to->fn(change, lines[i].text, to->arg);
}

static bool tell_middle(const struct middle *m, struct telling *to, struct error *err)
{
    int64_t x;
    int64_t y;
    struct step *steps = calloc((size_t)m->changes + 1, sizeof *steps);
    if (steps == NULL)
        return error_no_memory(err);
    trace(m, steps, &x);
    y = x;
    tell(to, LINES_SAME, m->first, x);
    for (int64_t i = 0; i < m->changes; i++) {
        if (steps[i].added)
            tell(to, LINES_ADDED, &m->second[y++], 1);
        else
            tell(to, LINES_GONE, &m->first[x++], 1);
        tell(to, LINES_SAME, &m->first[x], steps[i].same);
        x += steps[i].same;
        y += steps[i].same;
    }
    free(steps);
    return true;
}

static bool compare(const struct text *a, const struct text *b, struct telling *to,
                    struct error *err)
{
    size_t head = 0;
    size_t tail = 0;
    while (head < a->count && head < b->count && same(&a->lines[head], &b->lines[head]))
        head++;
    while (tail < a->count - head && tail < b->count - head &&
           same(&a->lines[a->count - 1 - tail], &b->lines[b->count - 1 - tail]))
        tail++;
    struct middle m = {.first = a->lines + head,
                       .second = b->lines + head,
                       .first_count = (int64_t)(a->count - head - tail),
                       .second_count = (int64_t)(b->count - head - tail)};
    bool found;
    bool ok = find_way(&m, &found, err);
    if (ok) {
        tell(to, LINES_SAME, a->lines, (int64_t)head);
        if (found) {
            ok = tell_middle(&m, to, err);
        } else {
            tell(to, LINES_GONE, m.first, m.first_count);
            tell(to, LINES_ADDED, m.second, m.second_count);
        }
        tell(to, LINES_SAME, a->lines + a->count - tail, (int64_t)tail);
    }
    free(m.rows);
    return ok;
}

bool lines_compare(struct slice first, struct slice second, lines_fn fn, void *arg,
                   struct error *err)
{
    struct text a = {0};
    struct text b = {0};
    struct telling to = {.fn = fn, .arg = arg};
    bool ok = split(first, &a, err) && split(second, &b, err) && compare(&a, &b, &to, err);
    free(a.lines);
    free(b.lines);
    return ok;
}

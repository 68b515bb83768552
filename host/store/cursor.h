/* Where the next page of an answer begins, as an opaque string. For store/ only.
 *
 * A cursor names rows, never an offset: whatever is saved between two pages, no row comes twice and
 * none that was there is left out. */
#ifndef STORE_CURSOR_H
#define STORE_CURSOR_H

#include "base/error.h"

#include <stdint.h>

enum { CURSOR_SIZE = 64 };

/* What a foreign store may not go past: a row's place in the order, so that a cursor has room. */
#define CURSOR_ORD_MAX ((int64_t)1 << 53)

enum cursor_kind {
    CURSOR_START,
    CURSOR_NEWEST, /* after `ord`, newest first */
    CURSOR_RANKED, /* after (`score`, `ord`) among the ranked */
    CURSOR_TAIL,   /* after `ord` among those not ranked, newest first */
    CURSOR_OLDEST, /* after `ord`, oldest first */
    CURSOR_TITLE,  /* after the page `ord` (its number, not its place) in the list by title */
    CURSOR_SITE    /* the same by site */
};

struct cursor {
    enum cursor_kind kind;
    int64_t ord;
    int64_t score;
    /* What was ranked: hits from `low` to `top`, and below `low` those outside texts down to
     * `outside_low`. */
    int64_t top;
    int64_t low;
    int64_t outside_low;
};

/* Reads NULL and "" as the start. ERR_PARAMS. */
bool cursor_read(const char *text, struct cursor *cursor_out, struct error *err) MUST_CHECK;

void cursor_write(const struct cursor *cursor, char out[CURSOR_SIZE]);

#endif

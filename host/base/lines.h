/* What changed between two texts, line by line. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/error.h"
#include "base/slice.h"

enum lines_change {
    LINES_SAME,
    LINES_GONE, /* only the first text has the line */
    LINES_ADDED /* only the second one has it */
};

/* More changes than this between two texts are not told apart: then all that stands between what
 * is the same at both ends is gone, and added. */
enum { LINES_CHANGES = 2000 };

typedef bool (*lines_fn)(enum lines_change change, struct slice line, void *arg);

/* Hands over every line of both, those of a shortest way from the first to the second (Myers, An
 * O(ND) Difference Algorithm), without line feeds. `fn` ends it by giving false. ERR_NO_MEMORY. */
bool lines_compare(struct slice first, struct slice second, lines_fn fn, void *arg,
                   struct error *err) MUST_CHECK;

#endif

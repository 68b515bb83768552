/* The strings of one row, copied so that they outlive the statement, and made fit to be shown: cut
 * at a ceiling and repaired where a foreign store holds ill-formed UTF-8. For store/ only. */
#ifndef STORE_ROW_STRINGS_H
#define STORE_ROW_STRINGS_H

#include "base/buf.h"

struct row_strings {
    struct buf text;   /* each with a NUL */
    struct buf starts; /* size_t: where each begins in `text` */
};

void row_strings_init(struct row_strings *strings);
void row_strings_finish(struct row_strings *strings);
/* None again, memory kept. */
void row_strings_reset(struct row_strings *strings);

void row_strings_add(struct row_strings *strings, struct slice text, size_t max);
size_t row_strings_count(const struct row_strings *strings);
/* Valid until the next add or reset; "" past the end. */
const char *row_strings_at(const struct row_strings *strings, size_t index);

/* False when one could not be added. */
bool row_strings_ok(const struct row_strings *strings, struct error *err) MUST_CHECK;

#endif

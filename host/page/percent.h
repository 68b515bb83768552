/* Percent-encoded bytes (URL §1.3). */
#ifndef PAGE_PERCENT_H
#define PAGE_PERCENT_H

#include "base/buf.h"

/* The value of a hexadecimal digit, or -1. */
int percent_digit(char c);

/* The byte that "%XX" at `at` stands for, or -1 when nothing such stands there. */
int percent_byte(struct slice text, size_t at);

/* Decodes all of it in place: it only gets shorter. */
void percent_decode(struct buf *text);

#endif

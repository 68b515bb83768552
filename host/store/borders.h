/* Where a passage of a text may begin or end. For store/ only.
 *
 * `at` is the offset of a code point; a text has every border at both its ends. A border of
 * sentences is one of words, and that one of graphemes (UAX #29). */
#ifndef STORE_BORDERS_H
#define STORE_BORDERS_H

#include "base/slice.h"

/* Not inside what a person sees as one character: marks, joined emoji, flags, jamo. */
bool borders_graphemes(struct slice text, size_t at);

/* Next to white space, or to a character of a script without spaces. */
bool borders_words(struct slice text, size_t at);

/* Right behind a sentence with its closing marks, or a line. The full stop in 3.14, e.g. and Dr.
 * ends none. */
bool borders_sentences(struct slice text, size_t at);

#endif

/* Folding: the one form in which all spellings of a text meet. For store/ only.
 *
 * NFKC_Casefold (UAX #31: case, full and half width, ligatures, invisible characters), then
 * diacritics off Latin, Greek and Cyrillic letters, decimal digits of all scripts to ASCII, and
 * traditional to simplified Chinese, character by character.
 */
#ifndef STORE_FOLD_H
#define STORE_FOLD_H

#include "base/buf.h"

#include <stdint.h>

/* Raised whenever folding or the tokenizer gives other tokens for some text: stores whose index was
 * made by another version rebuild it. */
enum { FOLD_VERSION = 1 };

enum fold_class {
    FOLD_BREAK,  /* white space, punctuation, controls, private use, box drawing */
    FOLD_LETTER, /* of a script that sets spaces between words */
    FOLD_DIGIT,
    FOLD_PAIR,   /* Han, kana, hangul, bopomofo, Thai, Lao, Khmer, Myanmar: no spaces to rely on */
    FOLD_SYMBOL, /* emoji, signs of currency and mathematics, arrows */
    FOLD_SUFFIX, /* + and #, which count only when they follow a word: C++, C# */
    FOLD_MARK    /* combines with the letter before */
};

struct folded {
    uint32_t cp;
    enum fold_class class;
};

enum { FOLD_MAX = 64 }; /* code points from one unit; what U+FDFA and a long tail of marks give */

/* The smallest piece of text that folds by itself: a character with the marks after it. */
struct fold_unit {
    size_t end;   /* byte offset of the next unit */
    size_t count; /* may be 0: a soft hyphen folds to nothing */
    struct folded out[FOLD_MAX];
};

struct folder;

/* Loads nothing up front: tables are made for the blocks of Unicode that a text uses. */
bool folder_create(struct folder **folder_out, struct error *err) MUST_CHECK;
void folder_destroy(struct folder *folder);

/* Folds the unit that starts at byte `at` (< text.len). Ill-formed UTF-8 is a break. Never fails:
 * out of memory for a table means working without it. */
void fold_next(struct folder *folder, struct slice text, size_t at, struct fold_unit *unit_out);

/* Appends NFKC_Casefold of `text` alone, the form in which names of tags are compared. */
bool fold_name(struct folder *folder, struct slice text, struct buf *out,
               struct error *err) MUST_CHECK;

/* "1/15.0": FOLD_VERSION and the Unicode version of the ICU in use. */
void fold_version(char out[32]);

#endif

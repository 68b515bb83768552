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
enum { FOLD_VERSION = 2 };

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

/* How one code point folds when no mark follows; below, for fold_one(). */
enum fold_kind { FOLD_TO_ONE, FOLD_TO_NOTHING, FOLD_COMPLEX };
struct fold_entry {
    uint32_t cp;
    uint8_t class;
    uint8_t kind;
    bool starts; /* never combines with what stands before */
};
enum { FOLD_BLOCK = 256, FOLD_BLOCKS = 0x110000 / FOLD_BLOCK };
enum { FOLD_HAN = 0x4E00, FOLD_HAN_END = 0xA000 }; /* unified ideographs */

struct folder {
    const struct UNormalizer2 *casefold;
    const struct UNormalizer2 *decompose;
    uint16_t han[FOLD_HAN_END - FOLD_HAN];  /* what they fold to; 0: ask fold_next() */
    struct fold_entry *blocks[FOLD_BLOCKS]; /* made when they are needed */
    struct fold_entry scratch;              /* stands in when a block cannot be allocated */
};

/* Loads next to nothing up front: tables are made for the blocks of Unicode that a text uses. */
bool folder_create(struct folder **folder_out, struct error *err) MUST_CHECK;
void folder_destroy(struct folder *folder);

/* Folds the unit that starts at byte `at` (< text.len). Ill-formed UTF-8 is a break. Never fails:
 * out of memory for a table means working without it. */
void fold_next(struct folder *folder, struct slice text, size_t at, struct fold_unit *unit_out);

/* True when a unit starts at byte `at`; also at the end. */
bool fold_starts(struct folder *folder, struct slice text, size_t at);

/* The same for what texts mostly consist of, without a call: a character that folds to one, with
 * nothing after it that combines. False: ask fold_next(). */
static inline bool fold_one(struct folder *folder, struct slice text, size_t at,
                            struct folded *folded_out, size_t *end_out)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr + at;
    uint32_t cp = bytes[0];
    size_t len = 1;
    if (cp >= 0x80) {
        /* Three bytes; those that could be overlong or surrogates are left to fold_next(). */
        if (cp <= 0xE0 || cp > 0xEF || cp == 0xED || text.len - at < 3 ||
            (bytes[1] & 0xC0) != 0x80 || (bytes[2] & 0xC0) != 0x80)
            return false;
        cp = (cp & 0x0F) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
        len = 3;
    }
    /* Han has a table of its own, small enough to stay in the processor's cache. */
    bool han = cp >= FOLD_HAN && cp < FOLD_HAN_END;
    const struct fold_entry *block = han ? NULL : folder->blocks[cp / FOLD_BLOCK];
    if (han ? folder->han[cp - FOLD_HAN] == 0
            : block == NULL || block[cp % FOLD_BLOCK].kind != FOLD_TO_ONE)
        return false;
    /* ASCII and Han, the bulk of what follows, are known by their first byte. */
    if (at + len < text.len && bytes[len] >= 0x80 && (bytes[len] < 0xE4 || bytes[len] > 0xE9) &&
        !fold_starts(folder, text, at + len))
        return false;
    folded_out->cp = han ? folder->han[cp - FOLD_HAN] : block[cp % FOLD_BLOCK].cp;
    folded_out->class = han ? FOLD_PAIR : (enum fold_class)block[cp % FOLD_BLOCK].class;
    *end_out = at + len;
    return true;
}

/* Appends NFKC_Casefold of `text` alone, the form in which names of tags are compared. */
bool fold_name(struct folder *folder, struct slice text, struct buf *out,
               struct error *err) MUST_CHECK;

/* "1/15.0": FOLD_VERSION and the Unicode version of the ICU in use. */
void fold_version(char out[32]);

#endif

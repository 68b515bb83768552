/* What a person types to be completed, held against names and titles: as it stands, or as the
 * pinyin of the Chinese characters in them. For store/ only.
 *
 * `guangming`, `guang ming`, `gm`, `guangm` and `光m` all find 光明, and `chongqing` 重庆, as
 * `zhongq` does: a character may be read in each way that Unihan knows for it (pinyin_table.h), and
 * a syllable be typed as a whole, as its first letter, as zh, ch or sh, or, where the typing ends,
 * as any beginning. ü is typed v or u. Nothing is kept in the store for it:
 * a name is read in half a microsecond. */
#ifndef STORE_PINYIN_H
#define STORE_PINYIN_H

#include "store/db.h"

enum {
    TYPED_MAX = 63,   /* characters after folding */
    TYPED_SETS = 1024 /* sets of readings, or more */
};
#define TYPED_POINTER "linksnap_typed"

/* Prepared once for many names. */
struct typed {
    size_t count;
    uint32_t chars[TYPED_MAX]; /* folded; 0 for anything between words */
    bool begins[TYPED_SETS];   /* whether a reading of the set has the first character first */
};

/* False when there are more than TYPED_MAX characters, or none that could be found. */
bool typed_read(struct typed *typed, struct folder *folder, struct slice part);

enum typed_place {
    TYPED_NOWHERE,
    TYPED_AT_START, /* of the name */
    TYPED_INSIDE    /* at the start of another word of it, or at a Chinese character */
};
enum typed_place typed_find(const struct typed *typed, struct folder *folder, struct slice name);

/* On every connection: linksnap_typed(name, typed) is typed_find(), `typed` bound with
 * sqlite3_bind_pointer() as TYPED_POINTER; NULL is found nowhere. A SQLite code. */
int typed_register(struct store *store);

#endif

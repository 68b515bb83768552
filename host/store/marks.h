/* Where the words of a search stand in a text. For store/ only. */
#ifndef STORE_MARKS_H
#define STORE_MARKS_H

#include "store/fts.h"
#include "store/query.h"

enum {
    MARKS_TOKENS = 256,
    MARKS_WORDS = MARKS_TOKENS / 64,
    MARKS_LEAF = 128, /* tokens of one phrase: of a longer one, the beginning is marked */
    MARKS_MAX = 4096
};

/* One token of what is looked for. */
struct mark_token {
    size_t text; /* in marks.text */
    size_t len;
    size_t leaf;
    size_t first; /* index of the leaf's first token */
    bool last;    /* of its leaf */
    bool prefix;
};

/* The words of a search, made ready to be found; what goes past MARKS_TOKENS is left out. */
struct marks {
    struct folder *folder;
    struct buf text;
    struct mark_token tokens[MARKS_TOKENS];
    size_t count;
    size_t leaves;
    uint64_t wanted; /* token_bit() of all */
    bool singles;    /* a token of one character is among them */
};

struct mark {
    size_t start; /* bytes of the text it was found in */
    size_t end;
    size_t leaf;
};

struct mark_list {
    struct mark marks[MARKS_MAX];
    size_t count;
};

/* Takes the leaves that are looked for (not those to be left out) in `column`. */
void marks_init(struct marks *marks, struct folder *folder, const struct query *query,
                enum fts_column column);
void marks_finish(struct marks *marks);

/* Finds marks in the order of their ends, until `text` ends, the list is full, or, once something
 * was found, `enough` bytes were looked at. */
void marks_find(const struct marks *marks, struct slice text, size_t enough,
                struct mark_list *list_out);

#endif

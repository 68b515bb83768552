/* The tokens of the search index: those of tokenizer.h, and two kinds more that make what is asked
 * often as quick as what is asked seldom. For store/ only.
 *
 * Two common words in a row, "of the", give a token `of the` beside `of`: a phrase of such words is
 * looked up as that one token, instead of comparing the positions of two words that stand
 * everywhere. The first word of a text with a given beginning of one to three characters gives that
 * beginning as a token: `th*` is one lookup, instead of the union of a thousand words. Neither
 * changes what is found.
 */
#ifndef STORE_INDEX_TOKENS_H
#define STORE_INDEX_TOKENS_H

#include "store/tokenizer.h"

enum {
    BEGINNING_MAX = 3, /* characters */
    /* First byte of a query that asks for one word by its beginning of BEGINNING_MAX at most. */
    BEGINNING_QUERY = 0x01
};

/* What a text puts into the index. */
bool index_text(struct folder *folder, struct slice text, token_fn fn, void *arg);

/* What a query looks up in it, as a phrase. `by_beginning`: its last token is one, and longer than
 * BEGINNING_MAX or not alone. */
bool index_query(struct folder *folder, struct slice text, bool by_beginning, token_fn fn,
                 void *arg);

#endif

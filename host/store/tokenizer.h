/* Text cut into the tokens of the search index. For store/ only.
 *
 * Words of scripts with spaces are one token each, split where letters and digits meet. A run of
 * characters of scripts without spaces, `abc`, gives `ab` at position 1 with `a` in the same place,
 * `bc` at 2 with `b`, `c` at 3: a query of one character is that character, a longer one the phrase
 * of its pairs, and since pairs never reach over the end of a run the answer is exactly the texts
 * that contain it. Symbols are one token each. Text and query go through the same code.
 */
#ifndef STORE_TOKENIZER_H
#define STORE_TOKENIZER_H

#include "store/fold.h"

enum tokenizer_use {
    TOKENIZE_TEXT,
    TOKENIZE_PAIRS, /* as text, without the single characters beside pairs */
    /* No single characters beside pairs, and none at the very end of a run of two or more. */
    TOKENIZE_QUERY
};

enum { TOKEN_MAX = 64 }; /* bytes; a longer word goes on in the next token */

struct token {
    struct slice text; /* folded */
    size_t start;      /* byte offsets of what it was made from */
    size_t end;
    size_t passed;  /* positions before it that were passed over */
    bool colocated; /* at the position of the token before */
    bool word;      /* letters or digits: may be asked for by its beginning */
};

/* False ends the work. */
typedef bool (*token_fn)(const struct token *token, void *arg);

/* False when `fn` ended it. */
bool tokenize(struct folder *folder, struct slice text, enum tokenizer_use use, token_fn fn,
              void *arg);

/* The same for somebody who looks for a few tokens: others may be passed over, which takes less
 * time. `wanted` holds the token_bit() of each. */
bool tokenize_wanted(struct folder *folder, struct slice text, enum tokenizer_use use,
                     uint64_t wanted, token_fn fn, void *arg);

/* A bit that tokens share which begin with the same character. */
static inline uint64_t token_bit(struct slice token)
{
    size_t last = 0;
    while (last + 1 < token.len && ((unsigned char)token.ptr[last + 1] & 0xC0) == 0x80)
        last++;
    return (uint64_t)1 << ((unsigned char)token.ptr[last] & 63);
}

#endif

/* "Did you mean": a search with its misspelt words put right. */
#ifndef STORE_SPELLING_H
#define STORE_SPELLING_H

#include "store/store.h"

/* Appends `query` with each word that hardly any page has replaced by the one that most pages have,
 * among those that differ from it in one letter too many, too few, wrong, or swapped with the next.
 *
 * A word is misspelt when SPELLING_FEW pages at most have it, and another one SPELLING_TIMES as
 * many, or any where none has it. So a search that finds what it says is left alone, however few
 * that may be, and there is no need to ask for a search that finds more than SPELLING_FEW pages.
 * Only words of SPELLING_LETTERS to SPELLING_MOST_LETTERS ASCII letters are looked at, and
 * SPELLING_WORDS that may be misspelt. Nothing is appended when there is nothing better.
 *
 * In a store of 100,000 pages a misspelt word takes 5 to 15 ms by its length, others nothing. */
bool spelling_better(struct store *store, struct slice query, struct buf *out,
                     struct error *err) MUST_CHECK;

enum {
    SPELLING_FEW = 2,
    SPELLING_TIMES = 20,
    SPELLING_LETTERS = 4,
    SPELLING_MOST_LETTERS = 20,
    SPELLING_WORDS = 3
};

#endif

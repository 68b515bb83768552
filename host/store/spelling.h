/* "Did you mean": a search with its misspelt words put right. */
#ifndef STORE_SPELLING_H
#define STORE_SPELLING_H

#include "store/store.h"

/* Appends `query` with each word that no page has replaced by the one that most pages have, among
 * those that differ from it in one letter too many, too few, wrong, or swapped with the next. Only
 * words of ASCII letters, SPELLING_LETTERS of them at least, are looked at, and SPELLING_WORDS that
 * no page has. Nothing is appended when there is nothing better. Takes some 10 ms for each word. */
bool spelling_better(struct store *store, struct slice query, struct buf *out,
                     struct error *err) MUST_CHECK;

enum { SPELLING_LETTERS = 4, SPELLING_MOST_LETTERS = 20, SPELLING_WORDS = 3 };

#endif

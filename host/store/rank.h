/* How well a page answers a search. For store/ only.
 *
 * A row's score depends on that row alone, never on the rest of the store, so that pages of an
 * answer fit together whatever is saved in between. Scores are small whole numbers, so that pages
 * about equally good stand newest first. */
#ifndef STORE_RANK_H
#define STORE_RANK_H

#include "store/fts.h"

enum { RANK_PHRASES = 64 }; /* LIMIT_TERMS */

/* The hits of one row. */
struct rank_hits {
    int phrases;
    int count[RANK_PHRASES][FTS_COLUMNS];
    int narrowest; /* span of the text with all phrases in it, or -1 */
    int title_end; /* tokens up to the last hit there */
    int text_end;
};

/* These return SQLite's codes, for use in an auxiliary function of FTS5. Only the first `phrases`
 * phrases of the expression count. */
int rank_collect(const Fts5ExtensionApi *api, Fts5Context *row, size_t phrases,
                 struct rank_hits *hits_out);
/* What the score is at most: cheap, where the score itself must look up how long the texts are. */
int rank_bound(const Fts5ExtensionApi *api, Fts5Context *row, const struct rank_hits *hits);
int rank_score(const Fts5ExtensionApi *api, Fts5Context *row, const struct rank_hits *hits,
               int *score_out);

/* Whether a phrase hits outside the text. */
int rank_outside(const Fts5ExtensionApi *api, Fts5Context *row, size_t phrases, bool *outside_out);

#endif

/* How well a page answers a search. For store/ only. */
#ifndef STORE_RANK_H
#define STORE_RANK_H

#include "store/db.h"

/* Scores are small whole numbers, so that pages about equally good stand newest first. */
enum { RANK_MAX = 1 << 20 };

/* linksnap_score(search, phrases, rows): an FTS5 auxiliary function. Only the first `phrases`
 * phrases of the expression count; after `rows` rows it gives NULL without looking. A row's score
 * depends on that row alone, never on the rest of the store, so that pages of an answer fit
 * together whatever is saved in between. */
void rank_score(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context, int count,
                sqlite3_value **values);

#endif

/* What SQLite and its FTS5 need to know of us: the tokenizer, and the functions that the schema and
 * the searches use. For store/ only. */
#ifndef STORE_FTS_H
#define STORE_FTS_H

#include "store/db.h"

/* Columns of the index, in the order of the schema: the first one's numbers are not written down
 * for each hit, which saves a quarter of the index. */
enum fts_column { FTS_TEXT, FTS_TITLE, FTS_TAGS, FTS_NOTE, FTS_URL, FTS_COLUMNS };

/* On every connection, before a statement touches the index. */
bool fts_register(struct store *store, struct error *err) MUST_CHECK;

/* Rebuilds the index when another tokenizer, or another Unicode, made it; a store that is open for
 * reading only is left as it is. */
bool fts_bring_up_to_date(struct store *store, struct error *err) MUST_CHECK;

/* Takes a page out of the index and puts it in. Every change of what the index holds of a page
 * stands between the two, in one transaction. */
bool fts_remove(struct store *store, int64_t page, struct error *err) MUST_CHECK;
bool fts_add(struct store *store, int64_t page, struct error *err) MUST_CHECK;

#endif

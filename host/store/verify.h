/* Whether a store's tables are ours. For store/ only. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/db.h"

/* True when tables, views and indexes are those of the migrations, word for word: a file from
 * elsewhere could hold a view that never ends. Else ERR_STORE_CORRUPT. */
bool verify_schema(struct store *store, struct error *err) MUST_CHECK;

#endif

/* Whether a store's tables are ours. For store/ only. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "base/digest.h"
#include "store/db.h"

/* SHA-256 of the latest schema's tables, so that opening a store need not build a second one to
 * compare it with. A test tells when a migration changes it. */
#define VERIFY_LATEST "4471e4a5ca571a92abccab7a40797eda3b6068682207d31344fbd9214ef0ca3d"

bool verify_digest(struct store *store, uint8_t digest_out[DIGEST_SIZE],
                   struct error *err) MUST_CHECK;

/* True when tables, views and indexes are those of the migrations, word for word: a file from
 * elsewhere could hold a view that never ends. Else ERR_STORE_CORRUPT. */
bool verify_schema(struct store *store, struct error *err) MUST_CHECK;

/* Drops every table, view, index and trigger that is none of the migrations': of a file that
 * anybody may have made, they could keep a store from being written. */
bool verify_drop_foreign(struct store *store, struct error *err) MUST_CHECK;

#endif

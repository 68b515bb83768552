/* The tables, as numbered migrations. For store/ only. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/db.h"

/* "LnkS": in the file's header, so that it is told from other SQLite files. */
#define SCHEMA_APPLICATION_ID 0x4C6E6B53

/* What kind of file this is, before anything in it is touched. */
enum schema_kind { SCHEMA_EMPTY, SCHEMA_OURS };

/* ERR_STORE_CORRUPT for a file of another program, ERR_STORE_NEWER for one from the future. */
bool schema_identify(struct store *store, enum schema_kind *kind_out, struct error *err) MUST_CHECK;

/* ERR_STORE_NEWER for a store from the future, by two numbers in its header alone. */
bool schema_check_age(struct store *store, struct error *err) MUST_CHECK;

/* The version that this program writes. */
int64_t schema_latest(void);

/* Inside the transaction, before the first migration of a store that has a version already. */
typedef bool (*schema_before_fn)(struct store *store, int64_t version, struct error *err);

/* Runs the migrations that are missing, all in one transaction: the store is of the version that it
 * was or of the latest. Two processes may do so at once. `before` (NULL: nothing) can stop it. In a
 * read-only store a missing one is ERR_STORE_READONLY. */
bool schema_migrate(struct store *store, schema_before_fn before, struct error *err) MUST_CHECK;

#endif

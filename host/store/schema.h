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

/* Runs the migrations that are missing, each in a transaction of its own. Two processes may do so
 * at once. In a read-only store a missing one is ERR_STORE_READONLY. */
bool schema_migrate(struct store *store, struct error *err) MUST_CHECK;

#endif

/* A file from elsewhere, and a copy of it that can be trusted. For store/ only. */
#ifndef STORE_BACKUP_SOURCE_H
#define STORE_BACKUP_SOURCE_H

#include "store/backup.h"
#include "store/backup_part.h"

/* ERR_NOT_FOUND, ERR_IO, ERR_STORE_CORRUPT for what is no file; ERR_PARAMS when it is the store. */
bool backup_source_check(const char *store, const char *file, struct error *err) MUST_CHECK;

/* Fills the empty part with what the store in `file` holds. One that was copied by hand may have
 * its -wal or -journal beside it; neither there nor in its folder is anything changed or made. */
bool backup_source_copy(const char *file, struct part *part, const struct backup_hooks *hooks,
                        struct error *err) MUST_CHECK;

/* Makes a store that anybody may have made, and nobody else can change now, one of this version
 * that can be worked with: whole, without foreign tables and indexes, with room for more numbers.
 * With `damaged_out` it may have damaged blobs, which are counted. ERR_STORE_CORRUPT,
 * ERR_STORE_NEWER, ERR_CANCELLED. */
bool backup_make_good(struct store *copy, const struct backup_hooks *hooks,
                      struct backup_facts *facts_out, int64_t *damaged_out,
                      struct error *err) MUST_CHECK;

/* Numbers above are of no use: JavaScript cannot tell them from each other. */
#define BACKUP_NUMBER_MAX      9007199254740992
#define BACKUP_NUMBER_MAX_TEXT "9007199254740992"

#endif

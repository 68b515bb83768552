/* One store's content, page for page, into a file; and whether a file holds what it should. For
 * store/ only. */
#ifndef STORE_BACKUP_COPY_H
#define STORE_BACKUP_COPY_H

#include "store/backup.h"
#include "store/backup_part.h"
#include "store/db.h"

/* What is in a store of any version. Inside a read. */
bool backup_count(struct store *store, struct backup_facts *facts_out,
                  struct error *err) MUST_CHECK;

/* Opens a connection with everything that a store's statements need. After a failure too, it is to
 * be closed. */
bool backup_open(struct store *store, const char *path, int flags, struct error *err) MUST_CHECK;
void backup_close(struct store *store);

/* Fills the empty part with what `from`, inside a read, holds. It can be opened without any other
 * file then, whatever journal mode `from` was in. */
bool backup_copy(struct store *from, struct part *to, const struct backup_hooks *hooks,
                 struct error *err) MUST_CHECK;

/* Copies all pages that `copy` has still before it, telling of them as `stage`. */
bool backup_steps(sqlite3_backup *copy, const char *stage, int64_t page_size,
                  const struct backup_hooks *hooks, int *code_out, struct error *err) MUST_CHECK;

/* ERR_STORE_FULL with how much room is lacking for so many bytes. */
bool backup_check_room(const struct part *part, int64_t needed, struct error *err) MUST_CHECK;

/* The structure of everything, keys that lead nowhere, and the hash of each blob.
 * ERR_STORE_CORRUPT says what. With `damaged_out` only the structure has to be whole: the keys and
 * blobs that are not are counted. */
bool backup_verify(struct store *store, const struct backup_hooks *hooks, int64_t *damaged_out,
                   struct error *err) MUST_CHECK;

/* The part, opened anew: it is a store, holds `expected`, and unless `quick` all of it is verified.
 */
bool backup_verify_part(const struct part *part, const struct backup_facts *expected, bool quick,
                        const struct backup_hooks *hooks, struct error *err) MUST_CHECK;

bool backup_interrupted(const struct backup_hooks *hooks);

/* Lets the hooks stop what runs on this connection for long, until backup_unwatch, which says
 * ERR_CANCELLED of what was stopped so and gives `ok` back. */
void backup_watch(struct store *store, struct backup_hooks *hooks);
bool backup_unwatch(struct store *store, const struct backup_hooks *hooks, bool ok,
                    struct error *err);

#endif

/* Byte-range locks in one small file (POSIX fcntl): what a process holds is given back by the
 * kernel the moment the process ends, however it ends. So a worker that was killed is known to be
 * gone without any clock, and processes that know nothing of each other share places that are few.
 *
 * Locks belong to the process, not to the struct: one struct for a file in a process, which is not
 * closed while something is held (closing any descriptor of the file gives all locks back). A child
 * made by fork() has none of its parent's locks and may use the struct for its own.
 */
#ifndef BASE_LOCKFILE_H
#define BASE_LOCKFILE_H

#include "base/error.h"

#include <stdint.h>

struct lockfile;

/* Makes the file (0600) when there is none. ERR_IO, ERR_NO_MEMORY. */
bool lockfile_open(const char *path, struct lockfile **lock_out, struct error *err) MUST_CHECK;
void lockfile_close(struct lockfile *lock);

/* Takes one byte for this process, without waiting. *taken_out is false when another process has
 * it. Taken twice by one process is taken once. ERR_IO. */
bool lockfile_take(struct lockfile *lock, int64_t offset, bool *taken_out,
                   struct error *err) MUST_CHECK;
void lockfile_give(struct lockfile *lock, int64_t offset);

/* Whether another process has the byte. ERR_IO. */
bool lockfile_is_taken(struct lockfile *lock, int64_t offset, bool *taken_out,
                       struct error *err) MUST_CHECK;

/* Offsets from the first one on are workers, those below it places of hosts (page/fetch.h) but for
 * the last, which is held by whoever reads a page that takes very much memory. */
#define LOCKFILE_WORKERS (INT64_C(1) << 48)
#define LOCKFILE_TURN    (LOCKFILE_WORKERS - 1)

/* Takes a byte that nobody has as this process's number among workers: at least LOCKFILE_WORKERS,
 * chosen at random, held until the process ends. Again gives the same one; a child made by fork()
 * gets another. */
bool lockfile_worker(struct lockfile *lock, int64_t *worker_out, struct error *err) MUST_CHECK;

#endif

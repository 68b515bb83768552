/* The store: one SQLite file that holds pages, their snapshots, tags, blobs and the search index.
 *
 * Every function that changes something is one transaction: done whole or not at all, and on disk
 * (WAL, synchronous=NORMAL) before it returns true. Several processes may have the file open.
 * Rows are handed to a callback; their strings are valid during the call only; a callback that
 * returns false ends the listing early, which is no error.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/buf.h"

#include <stdint.h>

struct store;

/* Bytes; a store is made so. */
enum { STORE_PAGE_SIZE = 16384 };

enum store_mode { STORE_CREATE, STORE_EXISTING, STORE_READ_ONLY };

/* Opens, creates (file 0600) and migrates. Errors: ERR_STORE_FULL, _READONLY, _BUSY, _CORRUPT,
 * _NEWER, ERR_STORE, ERR_NOT_FOUND (STORE_EXISTING and STORE_READ_ONLY, no such file). */
bool store_open(const char *path, enum store_mode mode, struct store **store_out,
                struct error *err) MUST_CHECK;
void store_close(struct store *store);
/* True of a store opened with STORE_READ_ONLY where no lock can be taken: what is written once that
 * has changed it does not see, or sees in part. Who keeps it open opens it anew for each look. */
bool store_is_immutable(const struct store *store);
/* The file, absolute and without symbolic links; lives as long as the store is open. */
const char *store_file(const struct store *store);

struct store_counts {
    int64_t pages; /* without trashed ones */
    int64_t trashed;
    int64_t snapshots;
    int64_t pending; /* snapshots whose assets were not fetched to the end */
    int64_t open;    /* jobs of the queue: waiting, running or for a browser */
};
/* By indexes: fast however many there are. */
bool store_count(struct store *store, struct store_counts *counts_out,
                 struct error *err) MUST_CHECK;

struct store_sizes {
    int64_t blobs;
    int64_t blob_bytes; /* as they are stored, compressed */
    int64_t file_bytes;
};
/* Visits every blob. */
bool store_measure(struct store *store, struct store_sizes *sizes_out,
                   struct error *err) MUST_CHECK;

/* True when the store can be written now: there is room on its disk, and the write lock was taken
 * and given back. Else the error says why (full, read-only, busy). Nothing is changed. */
bool store_check_writable(struct store *store, struct error *err) MUST_CHECK;

#endif

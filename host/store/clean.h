/* What takes room and nobody needs: blobs that nothing refers to, pages in the trash, free pages of
 * the file. All of it in short transactions, beside others at work. */
#ifndef STORE_CLEAN_H
#define STORE_CLEAN_H

#include "store/store.h"

/* True of a blob that no row refers to; all columns of the schema that can are named here. A blob
 * is stored in the transaction that refers to it, so that one without a reference is not on its way
 * to get one, and asking this in the statement that deletes it is enough. */
#define CLEAN_UNUSED(blob)                                                                         \
    "(NOT EXISTS (SELECT 1 FROM snapshots WHERE document = " blob ")"                              \
    " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE text = " blob ")"                              \
    " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE icon = " blob ")"                              \
    " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE thumbnail = " blob ")"                         \
    " AND NOT EXISTS (SELECT 1 FROM snapshot_assets WHERE blob = " blob "))"

/* Any may be NULL. */
struct clean_hooks {
    void (*progress)(int64_t done, int64_t total, void *arg);
    bool (*interrupted)(void *arg);
    void *arg;
};

struct clean_result {
    int64_t pages;
    int64_t snapshots;
    int64_t blobs;
    int64_t bytes; /* of the blobs, as they are stored */
};

/* How much clean_collect would remove. */
bool clean_measure(struct store *store, struct clean_result *result_out,
                   struct error *err) MUST_CHECK;

/* Removes the blobs that nothing refers to, and what was marked and deleted too long ago to come
 * back. Stopped in between (ERR_CANCELLED) it has removed some. */
bool clean_collect(struct store *store, const struct clean_hooks *hooks,
                   struct clean_result *result_out, struct error *err) MUST_CHECK;

/* The moment before which all that is in the trash now was put there, though a clock that was wrong
 * may have written later ones: `now` and a little, or after the last of them. */
bool clean_trash_end(struct store *store, int64_t now, int64_t *before_out,
                     struct error *err) MUST_CHECK;

/* What clean_trash would remove: `pages` and `snapshots`. */
bool clean_count_trash(struct store *store, int64_t before, struct clean_result *result_out,
                       struct error *err) MUST_CHECK;

/* Removes for good the pages that were put into the trash before `before` (ms UTC), with their
 * versions and all that is said of them, also by links of the queue that are done with, and single
 * versions, with what was marked in them; each page or version in one transaction, and none that is
 * restored meanwhile. In the end the search index lets go of their words, which takes as long as
 * the index is large. Their tags stay. Their blobs are left to clean_collect. */
bool clean_trash(struct store *store, int64_t before, const struct clean_hooks *hooks,
                 struct clean_result *result_out, struct error *err) MUST_CHECK;

/* Gives the file's free pages back to the file system: *bytes_out. */
bool clean_release(struct store *store, const struct clean_hooks *hooks, int64_t *bytes_out,
                   struct error *err) MUST_CHECK;

/* Writes the file anew, in order. Takes as much room again beside it twice, which is looked for
 * first (ERR_STORE_FULL), and keeps others from writing (ERR_STORE_BUSY when they are). Stopped in
 * between (ERR_CANCELLED) it has changed nothing. */
bool clean_compact(struct store *store, const struct clean_hooks *hooks, int64_t *bytes_out,
                   struct error *err) MUST_CHECK;

#endif

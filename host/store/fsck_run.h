/* What the files of fsck share. For store/ only. */
#ifndef STORE_FSCK_RUN_H
#define STORE_FSCK_RUN_H

#include "store/db.h"
#include "store/fsck.h"
#include "store/ords.h"

struct fsck {
    struct store *store;
    const struct fsck_hooks *hooks;
    struct fsck_result *result;
    bool repair;
    bool prepared; /* before_repair was called */
};

/* What is written into rows whose bytes were lost. */
#define FSCK_LOST "Damaged on disk"

void fsck_report(struct fsck *run, const struct fsck_finding *finding);
void fsck_progress(struct fsck *run, const char *stage, int64_t done, int64_t total);
/* ERR_CANCELLED once the person has had enough. */
bool fsck_goes_on(struct fsck *run, struct error *err) MUST_CHECK;
/* As db_begin; the first time, after before_repair. */
bool fsck_begin(struct fsck *run, struct error *err) MUST_CHECK;
/* Whether a failure is damage that the look through a store lives with: *err is cleared then. */
bool fsck_is_damage(struct error *err);

/* As ords_fill, of numbers that may be anything. */
bool fsck_fill(struct ords *list, struct store *store, sqlite3_stmt *statement,
               struct error *err) MUST_CHECK;

/* The file as SQLite sees it: b-trees, indexes, types. */
bool fsck_file(struct fsck *run, struct error *err) MUST_CHECK;
/* References from row to row; before the blobs are looked at. */
bool fsck_references(struct fsck *run, struct error *err) MUST_CHECK;
/* Counts, states, texts of rows; after the blobs. */
bool fsck_rows(struct fsck *run, struct error *err) MUST_CHECK;
/* Every blob's bytes, and that those that rows name are there. */
bool fsck_blobs(struct fsck *run, struct error *err) MUST_CHECK;
/* The search index, word by word. */
bool fsck_index(struct fsck *run, struct error *err) MUST_CHECK;

/* Counts a snapshot's assets anew. Inside a transaction that writes. */
bool fsck_recount(struct store *store, int64_t snapshot, struct error *err) MUST_CHECK;

/* A blob cannot be read, or is not there: what needs it gets something else, or goes without. The
 * one reading it last looked at is `blob`; all of it is one transaction. *mended_out is false when
 * something still needs it. */
bool fsck_mend_blob(struct fsck *run, int64_t blob, bool *mended_out, struct error *err) MUST_CHECK;

#endif

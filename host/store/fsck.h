/* Looks for damage in a store, and mends it.
 *
 * Looking changes nothing, works on a store that was opened for reading only, and beside others at
 * work. Mending takes the write lock for short transactions, one after the other; nothing that can
 * still be read is lost by it: what cannot be is put aside in files first.
 */
#ifndef STORE_FSCK_H
#define STORE_FSCK_H

#include "store/store.h"

struct fsck_finding {
    const char *code;   /* a stable word: "blob_damaged" */
    const char *text;   /* one sentence */
    const char *detail; /* what SQLite says of it, or "" */
    int64_t page;       /* what it is about; 0: nothing of the kind */
    int64_t snapshot;
    int64_t blob;
    bool fault;    /* else worth knowing, and no harm */
    bool mendable; /* by a repair */
    bool mended;
};

struct fsck_hooks {
    void (*found)(const struct fsck_finding *finding, void *arg);
    /* `stage` is "file", "rows", "blobs" or "index"; `total` 0: unknown. May be NULL. */
    void (*progress)(const char *stage, int64_t done, int64_t total, void *arg);
    bool (*interrupted)(void *arg); /* may be NULL */
    /* Called once, before a repair changes anything; false ends it. May be NULL. */
    bool (*before_repair)(void *arg, struct error *err);
    /* Appends what a search looks through of a stored document. May be NULL: no text. */
    bool (*make_text)(struct slice document, const char *url, struct buf *out, void *arg,
                      struct error *err);
    /* Appends a stored document that stands in for a lost one, with the text that is left of it.
     * NULL: lost documents stay as they are. */
    bool (*make_document)(struct slice text, const char *title, const char *url, struct buf *out,
                          void *arg, struct error *err);
    void *arg;
};

struct fsck_result {
    int64_t faults;
    int64_t mended; /* of the faults */
    int64_t notes;  /* findings that are no faults */
    int64_t pages;
    int64_t snapshots;
    int64_t blobs;
    int64_t bytes;        /* of the blobs, unpacked */
    int64_t orphans;      /* blobs that nothing refers to; a repair removes them */
    int64_t orphan_bytes; /* as they are stored */
};

/* False when it could not go on: ERR_CANCELLED, ERR_STORE_BUSY, _FULL, ... Damage is no error; what
 * cannot be read is a finding. */
bool fsck_run(struct store *store, bool repair, const struct fsck_hooks *hooks,
              struct fsck_result *result_out, struct error *err) MUST_CHECK;

#endif

/* Snapshots: the versions of a page, their documents and assets. */
#ifndef STORE_SNAPSHOTS_H
#define STORE_SNAPSHOTS_H

#include "store/store.h"

struct asset_row {
    const char *ref; /* 32 hexadecimal digits */
    const char *url;
    const char *kind;  /* "image", "style", ...; the store does not look into it */
    const char *state; /* "wanted", "stored", "failed"; "left_out": as somebody wished */
    const char *media_type;
    struct slice bytes; /* stored: hashed, and written only when no blob has them yet */
    int64_t size;       /* out: bytes unpacked */
    int fault;          /* failed, left out: enum error_code */
    int64_t status;     /* the same: HTTP status or 0 */
    const char *reason; /* the same */
};

/* Something of the page that was not kept as it was, counted. */
struct note_row {
    const char *name; /* the store does not look into it */
    int64_t count;
};

/* One step on the way from a link to a document. */
struct hop_row {
    const char *url; /* that it left */
    const char *how; /* "301", "302", ..., "refresh"; the store does not look into it */
};

/* The snapshot that somebody goes on with, by its number, in several transactions. While it is
 * held, the functions below that change that number's snapshot through this store fail with
 * ERR_NOT_FOUND once it is another one: of a backup that was restored meanwhile. */
struct snapshot_hold {
    int64_t snapshot;
    int64_t taken;
    int64_t document;
    struct snapshot_hold *next;
};

/* ERR_NOT_FOUND. The struct is the store's until it is released. */
bool snapshots_hold(struct store *store, int64_t snapshot, struct snapshot_hold *hold,
                    struct error *err) MUST_CHECK;
/* Takes one that is not held, too. */
void snapshots_release(struct store *store, struct snapshot_hold *hold);

struct snapshot_new {
    const char *normalized_url; /* key of the page */
    const char *url;
    const char *final_url; /* after redirects */
    const char *site;
    const char *how; /* "tab", "link", "file" */
    const char *title;
    const char *description;
    const char *lang;
    const char *text;        /* what search looks through */
    struct slice document;   /* stored form, kept as a compressed blob */
    const char *note;        /* NULL: the page's own stays */
    const char *const *tags; /* added to the page's own */
    size_t tag_count;
    int64_t taken;         /* ms UTC */
    const char *kind;      /* NULL: "page"; "pdf", "image", ...: the store does not look into it */
    const char *file_name; /* of the asset of kind "file", or NULL */
    /* Other normalized URLs that lead to this page now. */
    const char *const *spellings;
    size_t spelling_count;
    /* How it came to final_url, from the URL that was asked for on. */
    const struct hop_row *hops;
    size_t hop_count;
    /* What it wants, as far as known: state "wanted". */
    const struct asset_row *assets;
    size_t asset_count;
    const struct note_row *notes; /* each name once; those with a count of 0 are not kept */
    size_t note_count;
    struct snapshot_hold *hold; /* is held from the beginning on; NULL: none */
};

struct snapshot_ids {
    int64_t page;
    int64_t snapshot;
    int64_t version; /* 1 for the page's first */
};

/* Stores the page and the document, state "pending": from here on a kill loses nothing but assets.
 * The page is that of normalized_url or, when that is new, the one whose own key is a spelling,
 * whose key it then becomes. A trashed page is restored. The page takes over the title, unless the
 * new one is empty or a person changed the page's (pages_update). Title, description and text are
 * cut at their ceilings; ERR_LIMIT for URLs, the note and tags, ERR_PARAMS for a bad tag or asset.
 */
bool snapshots_begin(struct store *store, const struct snapshot_new *snapshot,
                     struct snapshot_ids *ids_out, struct error *err) MUST_CHECK;

struct put_counts {
    int64_t written; /* blobs that were new */
    int64_t reused;  /* blobs that were there already */
    int64_t bytes;   /* unpacked bytes of all given */
};

/* Writes rows (new, or over such of the same ref that are not "stored") with their bytes; one
 * transaction for all of them. Counts are added to *counts. */
bool snapshots_put_assets(struct store *store, int64_t snapshot, const struct asset_row *rows,
                          size_t count, struct put_counts *counts, struct error *err) MUST_CHECK;

/* Nothing is under way any more: "complete" when every asset is stored or left out, else
 * "incomplete". */
bool snapshots_end(struct store *store, int64_t snapshot, struct error *err) MUST_CHECK;

/* When the page's version before has the same text and kind, wants the same assets, and has the
 * bytes of each that this one has, then this one is taken back, as if it had never begun (what
 * snapshots_begin did to tags, note, trash, title, order and URLs stays), and *same_out names the
 * one before; else *same_out is 0. Of an ended snapshot that is its page's latest. */
bool snapshots_drop_unchanged(struct store *store, int64_t snapshot, struct snapshot_ids *same_out,
                              struct error *err) MUST_CHECK;

/* What a page shows. */
struct snapshot_shown {
    int64_t page;
    int64_t snapshot; /* its latest */
    int64_t versions; /* without those in the trash */
};

/* A version in the trash is in none of its page's lists and not its latest, and what was marked in
 * it is not found; nothing is deleted. Twice is once. The page's words in the search index follow,
 * and its title, unless a person changed it. ERR_NOT_FOUND; ERR_ORDER for a page's last one. */
bool snapshots_trash(struct store *store, int64_t snapshot, struct snapshot_shown *shown_out,
                     struct error *err) MUST_CHECK;
bool snapshots_restore(struct store *store, int64_t snapshot, struct snapshot_shown *shown_out,
                       struct error *err) MUST_CHECK;

struct snapshot_row {
    int64_t id;
    int64_t page;
    int64_t version;
    int64_t taken;
    const char *how;
    const char *url; /* final */
    const char *title;
    const char *lang;
    const char *state;
    int64_t assets;
    int64_t failed; /* neither stored nor left out */
    int64_t bytes;
    const char *kind;
    const char *file_name; /* "": none */
    int64_t trashed;       /* ms UTC, or 0 */
    int64_t highlights;    /* in it */
};
typedef bool (*snapshot_fn)(const struct snapshot_row *row, void *arg);
typedef bool (*asset_fn)(const struct asset_row *row, void *arg);

bool snapshots_get(struct store *store, int64_t snapshot, snapshot_fn fn, void *arg,
                   struct error *err) MUST_CHECK;
/* Newest first, without those in the trash. */
bool snapshots_list(struct store *store, int64_t page, snapshot_fn fn, void *arg,
                    struct error *err) MUST_CHECK;
/* Those in the trash alone. */
bool snapshots_list_trashed(struct store *store, int64_t page, snapshot_fn fn, void *arg,
                            struct error *err) MUST_CHECK;
/* Pending ones that are not in the trash, oldest first: what a killed capture left behind. */
bool snapshots_list_pending(struct store *store, snapshot_fn fn, void *arg,
                            struct error *err) MUST_CHECK;

/* Appends the stored document. ERR_NOT_FOUND. */
bool snapshots_document(struct store *store, int64_t snapshot, struct buf *out,
                        struct error *err) MUST_CHECK;

/* Appends the text that is searched, at most LIMIT_TEXT. ERR_NOT_FOUND. */
bool snapshots_text(struct store *store, int64_t snapshot, struct buf *out,
                    struct error *err) MUST_CHECK;

/* Rows without bytes; `state` NULL for all. */
bool snapshots_assets(struct store *store, int64_t snapshot, const char *state, asset_fn fn,
                      void *arg, struct error *err) MUST_CHECK;

/* The assets of one kind, counted. */
struct kind_row {
    const char *kind;
    int64_t kept;
    int64_t failed; /* or wanted still */
    int64_t left_out;
    int64_t bytes; /* of the kept ones, unpacked */
};
typedef bool (*kind_fn)(const struct kind_row *row, void *arg);

/* The kinds that the snapshot has. */
bool snapshots_kinds(struct store *store, int64_t snapshot, kind_fn fn, void *arg,
                     struct error *err) MUST_CHECK;

typedef bool (*hop_fn)(const struct hop_row *row, void *arg);

/* In their order; none for a snapshot that was asked for by its final URL. */
bool snapshots_hops(struct store *store, int64_t snapshot, hop_fn fn, void *arg,
                    struct error *err) MUST_CHECK;

typedef bool (*note_fn)(const struct note_row *row, void *arg);

bool snapshots_notes(struct store *store, int64_t snapshot, note_fn fn, void *arg,
                     struct error *err) MUST_CHECK;

/* One asset with its bytes appended to `out` when it is stored; fn (NULL: nobody) sees the row,
 * bytes empty.
 * ERR_NOT_FOUND when the snapshot has no such ref. The bytes' hash is verified: ERR_STORE_CORRUPT.
 */
bool snapshots_asset(struct store *store, int64_t snapshot, const char *ref, struct buf *out,
                     asset_fn fn, void *arg, struct error *err) MUST_CHECK;

#endif

/* The texts that standalone_write has under way: the page, and what stands inside of it. For
 * standalone*.c alone. */
#ifndef PAGE_STANDALONE_LEVELS_H
#define PAGE_STANDALONE_LEVELS_H

#include "page/ref_map.h"
#include "page/standalone.h"

/* The tags of templates in the stored form; a space or `>` follows the first. No other text of it
 * has such bytes. */
#define LEVEL_TEMPLATE_START "<template"
#define LEVEL_TEMPLATE_END   "</template>"

/* The start of the attribute that a document stands in; its closing quote follows. */
#define LEVEL_SRCDOC "srcdoc=\""

/* Documents, style sheets and sprites inside each other: more than a capture makes. */
enum { MAX_LEVELS = 40 };

/* Where an asset stands already in a level's output. */
struct span {
    size_t from;
    size_t len;
    bool document; /* a whole attribute, which stands in for a frame's and for nothing else */
};

/* A document, or an open shadow root of it: <use> finds what stands in its own tree only. */
struct scope {
    struct ref_map sprites; /* those that its <use> elements point into */
    struct buf *bytes;
    size_t cap;
    size_t written;
};

/* A text being expanded. */
struct level {
    char ref[ASSET_REF_SIZE]; /* "" for the page and for sprites */
    enum asset_kind kind;     /* ASSET_FRAME for every document, the page's own too */
    struct buf bytes;         /* of the asset; unused for the page */
    struct slice source;
    size_t at;
    size_t head; /* of a document: where its marks stand, or source.len */
    size_t end;
    struct buf own;
    struct buf *out; /* `own`, or the caller's for the page */

    struct ref_map seen; /* assets that stand in `out` already, to an index of spans */
    struct span *spans;
    size_t span_cap;

    struct scope *scopes; /* of a document: its own, then those of open templates */
    size_t scope_count;
    size_t scope_cap;
    size_t word;  /* the next word of ours, at `at` or behind it, or source.len */
    size_t opens; /* the next tags of templates, likewise */
    size_t closes;
};

struct writer {
    standalone_asset_fn asset;
    void *arg;
    struct error *err;
    struct level levels[MAX_LEVELS];
    size_t depth;
    size_t work;     /* bytes written to any level */
    size_t left_out; /* assets there was no room for */
};

/* The functions below that return bool give false when the work must end: out of memory. */

struct level *level_top(struct writer *w);
/* The innermost tree of the innermost document. */
struct scope *level_scope(struct writer *w);
bool level_open_scope(struct writer *w, struct level *document);
void level_close_scope(struct level *document);
/* Whether the asset is being expanded already. */
bool level_is_open(const struct writer *w, const char *ref);

/* Opens a level on `bytes`, which it takes; `ref` may be "". False when there are too many. */
bool level_push(struct writer *w, const char *ref, enum asset_kind kind, struct buf *bytes);
/* Finds a document's marks and writes what comes before them; with `origin` the comment too. */
bool level_open_document(struct writer *w, const struct standalone_source *origin);
/* Ends the top level and puts it into the one below. */
bool level_pop(struct writer *w);
void level_finish(struct level *level);

/* Whether so many bytes more still fit. */
bool level_has_room(const struct writer *w, const struct level *level, size_t size);
/* Copies the next `to - at` bytes of the level's own text. */
bool level_copy_to(struct writer *w, struct level *level, size_t to);
bool level_write_rules(struct level *level);

/* Writes a data: URL, or counts the asset as left out. */
bool level_write_data(struct writer *w, struct level *level, const char *type, struct slice bytes);
/* Writes what stands for an asset that is not there; for a document the start of its attribute. */
bool level_write_missing(struct level *level, bool document);
bool level_leave_out(struct writer *w, struct level *level, bool document);

/* From now on what was written since `from` stands for the asset; and writes it again. A page can
 * name its own frame where a picture belongs, or the other way round: that is missing then. */
bool level_remember(struct writer *w, struct level *level, const char *ref, size_t from,
                    bool document);
bool level_repeat(struct writer *w, struct level *level, size_t index, bool document);

#endif

/* The inside of `struct assets`, for assets*.c and references.c alone. */
#ifndef PAGE_ASSETS_TABLE_H
#define PAGE_ASSETS_TABLE_H

#include "page/assets.h"
#include "page/media.h"
#include "page/ref_map.h"

#include <stdint.h>

/* Bytes that need no network. */
struct supply {
    char *media_type;
    char *base;  /* what its references are resolved against */
    char *bytes; /* NULL once they were used */
    size_t len;
    bool prepared; /* a frame in its stored form already */
};

struct entry {
    struct asset asset; /* what others see; `url` and `reason` point at the fields below */
    char *url;
    char *final_url; /* after redirects; NULL before the answer */
    char *reason;
    char media_type[MEDIA_TYPE_SIZE];
    const struct entry *parent; /* the style sheet or frame that wants it; NULL: the page */
    const char *referrer;       /* the document it stands in; NULL: the parent, or the page */
    enum referrer_policy policy;
    bool bare;           /* asked for without a Referer by now */
    bool strict;         /* a style sheet has to be sent as text/css */
    bool live;           /* it stands in a document that a browser showed */
    bool is_public;      /* it came from a public address, or is in something that did */
    const char *charset; /* what a style sheet that does not say is in; NULL: to be guessed */
    size_t imports;      /* style sheets above it */
    size_t frames;       /* documents above it, the page aside */
    void *request;       /* assets_load.c's, while the fetcher has it */
    bool started;
    bool reported;
};

struct assets {
    char *page_url;
    bool web;
    size_t media_limit;
    bool no_fonts;
    struct entry **entries;
    size_t count;
    size_t cap;
    struct ref_map by_ref;  /* to an index of entries */
    struct ref_map passed;  /* REFs that were named and not wanted */
    struct ref_map settled; /* REFs that the snapshot has from an earlier run */
    struct codepoints *text;
    struct supply *supplies;
    size_t supply_count;
    size_t supply_cap;
    struct ref_map by_url;      /* digest of a supply's URL, to an index of supplies */
    const struct entry *parent; /* what is being rewritten; NULL: the page */
    char **documents;           /* URLs that entries have as their referrer */
    size_t document_count;
    size_t document_cap;
    const char *const *unused_fonts;
    size_t unused_font_count;
    bool strict;          /* as for an entry */
    bool live;            /* as for an entry */
    const char *charset;  /* of what is being rewritten; NULL: unknown, or UTF-8 */
    const char *referrer; /* the document being collected; NULL: none is, or it has no http URL */
    enum referrer_policy policy;
    size_t bytes; /* stored so far */
};

/* What assets_load.c hands to assets_accept.c. */
struct answer {
    struct slice body;
    const char *content_type;
    const char *url; /* final: what it refers to is resolved against it */
    bool prepared;
};

struct supply *assets_find_supply(const struct assets *assets, struct slice url);

/* Turns the answer into what is stored, in `scratch` or in place; the entry is stored or failed
 * then. False only when nothing can go on. */
bool assets_accept(struct assets *assets, struct entry *entry, const struct answer *answer,
                   struct buf *scratch, struct error *err) MUST_CHECK;

/* Marks the entry as left out: there is no more of it than the person allows. */
bool assets_leave_out(const struct assets *assets, struct entry *entry,
                      struct error *err) MUST_CHECK;

/* Marks the entry as failed. */
bool assets_refuse(struct entry *entry, enum error_code fault, long status, const char *reason,
                   struct error *err) MUST_CHECK;

#endif

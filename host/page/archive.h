/* Saved pages of other programs: MHTML (RFC 2557, as browsers write it) and SingleFile's HTML. */
#ifndef PAGE_ARCHIVE_H
#define PAGE_ARCHIVE_H

#include "base/buf.h"
#include "page/media.h"

#include <stdint.h>

struct archive_part {
    struct slice url; /* Content-Location made absolute, or "cid:..." */
    struct media_type type;
    struct slice bytes; /* decoded */
};

struct archive {
    char *url;                  /* of the page that it holds; NULL when it does not say */
    int64_t saved;              /* ms UTC; 0 when it does not say */
    struct archive_part page;   /* the root document */
    struct archive_part *parts; /* all others */
    size_t count;
    struct buf store; /* what the slices point into */
};
void archive_finish(struct archive *archive);

/* Reads MHTML. Every part is bounded, LIMIT_CAPTURE_ITEMS at most; a broken one is passed over.
 * ERR_DOCUMENT when there is no HTML in it. */
bool archive_read_mhtml(struct slice bytes, struct archive *archive_out,
                        struct error *err) MUST_CHECK;

/* The head of an HTML file that SingleFile (or Linksnap) wrote: its URL, the caller's, and time.
 * False when it is none. */
bool archive_origin(struct slice html, char **url_out, int64_t *saved_out);

#endif

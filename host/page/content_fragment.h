/* HTML from elsewhere as a part of a document. */
#ifndef PAGE_CONTENT_FRAGMENT_H
#define PAGE_CONTENT_FRAGMENT_H

#include "base/buf.h"

struct content_fragment {
    struct slice html; /* UTF-8 */
    struct slice base; /* what its links are resolved against; empty: the document's own URL */
    bool xml;          /* <b/> is an empty element, and not the start of one */
};

/* Appends it so that it keeps to its place: each element that it opens is closed in it, none that
 * it has not opened is, and nothing in it concerns the document as a whole. It is not made safe
 * here: that is document_prepare()'s. In linear time; past `max` bytes of output the rest is left
 * out. False when out of memory. */
bool content_fragment_write(const struct content_fragment *fragment, struct buf *out, size_t max,
                            struct error *err) MUST_CHECK;

#endif

/* Where in a text links stand. Used by page/links.c alone. */
#ifndef PAGE_LINKS_SCAN_H
#define PAGE_LINKS_SCAN_H

#include "base/slice.h"

#include <stdint.h>

struct links_span {
    size_t from;
    size_t end;
    bool foreign; /* "javascript:x": a scheme that cannot be saved */
};

/* The next one at or after `at`; false when there is none. Calls that go on where the last span
 * ended take linear time together. */
bool links_next(struct slice text, size_t at, struct links_span *span_out);

/* Whether the text, which is trimmed, looks like one URL and nothing else. */
bool links_alone(struct slice text);

/* The scheme-less name's last label as people know them ("com", "cn"). With `path` false only those
 * that are not mostly endings of file names or members of objects. */
bool links_known_tld(struct slice label, bool path);

#endif

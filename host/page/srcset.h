/* srcset="" as WHATWG HTML §4.8.4.3.10 ("parse a srcset attribute") splits it. */
#ifndef PAGE_SRCSET_H
#define PAGE_SRCSET_H

#include "base/buf.h"

/* Gives what is to stand for a candidate's URL; nothing leaves the candidate out. */
typedef bool (*srcset_url_fn)(struct slice url, struct buf *replacement_out, void *arg,
                              struct error *err);

/* Appends the candidates with their URLs replaced and their descriptors as they are, separated by
 * ", ". White space in a replacement and a comma at either end of it are percent-encoded. */
bool srcset_rewrite(struct slice srcset, srcset_url_fn url_fn, void *arg, struct buf *out,
                    struct error *err) MUST_CHECK;

/* The one candidate with its descriptors that a large screen would load: the smallest of at least
 * 1600 pixels' width or double density, else the largest. Empty when there is none. */
struct slice srcset_choose(struct slice srcset);

#endif

/* Query parameters that only say where a visitor came from, or in which dress the page is to be.
 * Used by page/url.c alone. */
#ifndef PAGE_URL_TRACKING_H
#define PAGE_URL_TRACKING_H

#include "base/slice.h"

/* `parameter` is one "name=value" or "name" of a query, still percent-encoded; `host` the one that
 * it is sent to, serialized. */
bool url_tracking_parameter(struct slice host, struct slice parameter);

/* The part of it that is known of single sites (url_tracking_sites.c). */
bool url_tracking_at_site(struct slice host, struct slice name);

#endif

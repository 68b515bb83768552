/* Query parameters that only say where a visitor came from. Used by page/url.c alone. */
#ifndef PAGE_URL_TRACKING_H
#define PAGE_URL_TRACKING_H

#include "base/slice.h"

/* `parameter` is one "name=value" or "name" of a query, still percent-encoded. */
bool url_tracking_parameter(struct slice parameter);

#endif

/* Times as people type them into a search. For store/ only. */
#ifndef STORE_QUERY_TIME_H
#define STORE_QUERY_TIME_H

#include "base/slice.h"

#include <stdint.h>

/* Reads "2026", "2026-11", "2026-11-21" (also with / . or 年月日) or an age such as "7d", as the
 * span [*from_out, *to_out) of ms UTC that it names in the local time zone; an age names the moment
 * `now` minus it. `text` is folded. False when it is none of these. */
bool query_time(struct slice text, int64_t now, int64_t *from_out, int64_t *to_out);

/* The local day that holds the moment. */
void query_day(int64_t moment, int64_t *from_out, int64_t *to_out);

#endif

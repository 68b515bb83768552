/* Dates as documents, letters and feeds write them. */
#ifndef PAGE_DATE_H
#define PAGE_DATE_H

#include "base/slice.h"

#include <stdint.h>

/* RFC 3339 (a date alone too), RFC 5322 with its old forms, and what JavaScript's Date prints, as
 * milliseconds UTC. False when it is none of them. */
bool date_parse(struct slice text, int64_t *ms_out);

#endif

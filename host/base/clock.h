/* Time in milliseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Since 1970 UTC: what is stored and sent. A person may set it back. */
int64_t clock_now(void);
/* Since some moment, never backwards: what is measured and waited for. */
int64_t clock_steady(void);

#endif

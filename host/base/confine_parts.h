/* The parts of confine_self; for confine*.c alone. */
#ifndef BASE_CONFINE_PARTS_H
#define BASE_CONFINE_PARTS_H

#include "base/confine.h"

/* Landlock for files, TCP and signals: the version of its interface, 0 when nothing is in force. */
int confine_landlock(const struct confine *confine);

/* The seccomp filters; false when the kernel takes none. */
bool confine_filter(const struct confine *confine);
bool confine_filter_work(void);

#endif

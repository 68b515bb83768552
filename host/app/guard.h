/* What the two programs may open, and the confinement that sees to it (base/confine.h).
 *
 * Writing: the folder of the store, which should be its own: what lies beside the store can be
 * written too. Reading: the system's settings, libraries and tables (/etc, for certificates and
 * what names are resolved by; /usr, /lib). Not the home folder, not /tmp, no other store. */
#ifndef APP_GUARD_H
#define APP_GUARD_H

#include "base/confine.h"
#include "base/error.h"

struct guard {
    const char *store;  /* its file, which may be a link or not there yet */
    bool captures;      /* uses the network, and the programs of page/programs.h */
    const char *reads;  /* a file that the person named, and its -wal and -journal; NULL: none */
    const char *writes; /* the same; it is made anew, so its folder can be written. NULL: none */
};

/* Confines this process, which has one thread, for good. A folder that is not there now cannot be
 * made afterwards: the store's is best made before. */
void guard_enter(const struct guard *guard, struct confine_state *state_out);

/* What a confined process really can. */
struct guard_report {
    struct confine_state state;
    bool system; /* false: this system has nothing of the kind */
    bool reads;  /* it could read a folder of the person */
    bool runs;   /* it could run a program */
    bool spaces; /* it could make a new namespace */
};

/* Confines a child as linksnap-host is, lets it try, and tells what came of it. False when it did
 * not answer. */
bool guard_measure(const char *store, const char *home, struct guard_report *report_out) MUST_CHECK;

#endif

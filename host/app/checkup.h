/* The parts of one run of the doctor; for doctor*.c alone. */
#ifndef APP_CHECKUP_H
#define APP_CHECKUP_H

#include "app/doctor.h"

struct checkup {
    const struct doctor_options *options;
    doctor_report *report;
    void *ctx;
    enum doctor_level worst;
    struct buf text;      /* of the finding being put together */
    struct buf remedy;    /* the same */
    size_t found;         /* browsers that are there */
    size_t served;        /* places in which a manifest is right */
    struct slice proxied; /* name of a Flatpak build that the proxy on this machine serves */
};

/* Tells the finding whose text and remedy were put together, and forgets them. */
void checkup_tell(struct checkup *checkup, enum doctor_level level, const char *subject);

/* Looks at one line of the table, if that browser is there. */
void checkup_browser(struct checkup *checkup, const struct browser *browser);

#endif

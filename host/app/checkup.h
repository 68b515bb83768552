/* The parts of one run of the doctor; for doctor*.c alone. */
#ifndef APP_CHECKUP_H
#define APP_CHECKUP_H

#include "app/doctor.h"

struct checkup {
    const struct doctor_options *options;
    doctor_report *report;
    void *ctx;
    enum doctor_level worst;
    struct buf text;   /* of the finding being put together */
    struct buf remedy; /* the same */
    const char *name;  /* the same; static */
    char *values[DOCTOR_VALUES];
    size_t value_count;
    size_t found;         /* browsers that are there */
    size_t served;        /* places in which a manifest is right */
    struct slice proxied; /* name of a Flatpak build that the proxy on this machine serves */
};

void checkup_init(struct checkup *checkup, const struct doctor_options *options,
                  doctor_report *report, void *ctx);
void checkup_finish(struct checkup *checkup);

/* The name of the finding being put together, and one value more of it. */
void checkup_name(struct checkup *checkup, const char *name);
void checkup_value(struct checkup *checkup, const char *value);
void checkup_number(struct checkup *checkup, int64_t value);

/* Tells the finding whose name, values, text and remedy were put together, and forgets them. */
void checkup_tell(struct checkup *checkup, enum doctor_level level, const char *subject);

/* Looks at one line of the table, if that browser is there. */
void checkup_browser(struct checkup *checkup, const struct browser *browser);

/* doctor_store.c: the store as a file, and as the host has it open. */
void checkup_store(struct checkup *checkup);
void checkup_open_store(struct checkup *checkup, const struct doctor_self *self);

/* doctor_here.c */
void checkup_version(struct checkup *checkup);
void checkup_pdf(struct checkup *checkup);
void checkup_guard(struct checkup *checkup);

#endif

/* What stands between a browser and the store, in words, each with its remedy. */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "app/browsers.h"
#include "app/guard.h"

#include <sys/types.h>

enum doctor_level {
    DOCTOR_OK,
    DOCTOR_WARN, /* works, or is not used yet; somebody should look at it */
    DOCTOR_BAD   /* does not work */
};

/* Strings are sentences without a final full stop, valid during the call. */
struct doctor_finding {
    enum doctor_level level;
    const char *subject; /* "Linksnap", "linksnap-host", a browser's title, "Home", "Store", "PDF",
                            "Confinement" */
    const char *text;
    const char *remedy; /* or "" */
};
typedef void doctor_report(void *ctx, const struct doctor_finding *finding);

struct doctor_options {
    struct places places;
    const char *program;              /* linksnap-host, absolute; NULL when it was not found */
    const char *version;              /* of this program */
    const char *store;                /* the store's file, absolute */
    const char *pdf;                  /* pdftotext, absolute; NULL when it was not found */
    const struct guard_report *guard; /* what was measured; NULL when it could not be */
    /* Opens the store for reading and closes it; the error says why it cannot. Called only when the
     * file is there. */
    bool (*check_store)(void *ctx, struct error *err);
    void *store_ctx;
    uid_t euid;
    int timeout_ms; /* for the host's answer */
};

/* "ok", "warn", "bad": a stable word for a level. */
const char *doctor_level_name(enum doctor_level level);

/* Looks at everything, tells what it finds and returns the worst level. Changes nothing. */
enum doctor_level doctor_run(const struct doctor_options *options, doctor_report *report,
                             void *ctx) MUST_CHECK;

#endif

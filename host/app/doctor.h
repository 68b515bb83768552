/* What stands between a browser and the store, in words, each with its remedy. */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "app/browsers.h"
#include "app/guard.h"
#include "app/reply.h"

#include <sys/types.h>

enum doctor_level {
    DOCTOR_OK,
    DOCTOR_WARN, /* works, or is not used yet; somebody should look at it */
    DOCTOR_BAD   /* does not work */
};

enum { DOCTOR_VALUES = 4 };

/* Text and remedy are sentences without a final full stop; all is valid during the call. */
struct doctor_finding {
    enum doctor_level level;
    const char *name;          /* stable: "store_ready", "disk_low", ...; static */
    const char *const *values; /* what stands in the text, such as a path or a number */
    size_t value_count;
    const char *subject; /* "Linksnap", "linksnap-host", a browser's title, "Home", "Store", "PDF",
                            "Confinement", "Snapshots", "Queue" */
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

/* A finding as host/PROTOCOL.md has it. */
void doctor_reply(struct reply *reply, cJSON *parent, const struct doctor_finding *finding);

/* Looks at everything, tells what it finds and returns the worst level. Changes nothing. */
enum doctor_level doctor_run(const struct doctor_options *options, doctor_report *report,
                             void *ctx) MUST_CHECK;

/* What a host that is at work knows of itself. */
struct doctor_self {
    bool opened;               /* the store, at least for reading */
    const struct error *fault; /* why it cannot be opened, or not written; NULL: it can */
    struct store_counts counts;
    struct quota quota;
    struct job_counts jobs;
};

/* The same, by the host, confined as it is: of `options` version, program, store, pdf, guard and
 * euid count. */
enum doctor_level doctor_self(const struct doctor_options *options, const struct doctor_self *self,
                              doctor_report *report, void *ctx) MUST_CHECK;

#endif

/* The statistics of a store as JSON, for the protocol and for the command line. */
#ifndef APP_REPLY_STATISTICS_H
#define APP_REPLY_STATISTICS_H

#include "app/reply.h"
#include "store/statistics.h"

/* How the caller watches and stops; both may be NULL. */
struct statistics_watch {
    void (*progress)(int64_t done, int64_t total, void *arg);
    bool (*interrupted)(void *arg);
    void *arg;
};

/* Fills the reply's root. ERR_CANCELLED, the store's. */
bool reply_statistics(struct store *store, const struct statistics_watch *watch,
                      struct reply *reply, struct error *err) MUST_CHECK;

#endif

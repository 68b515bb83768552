/* For tests of connections that processes share: a lock file, and other processes that use it. */
#ifndef TEST_FETCH_PROCESSES_H
#define TEST_FETCH_PROCESSES_H

#include "fetch_harness.h"

#include <sys/types.h>

/* Setup and teardown of a test group: a folder of its own for the file. */
int processes_begin(void **state);
int processes_end(void **state);

/* The file, opened; the test closes it. */
struct lockfile *processes_lock(void);

void wait_ms(int ms);

struct work {
    const char *url;
    size_t times;
};

/* A process that fetches all of that at once, at most two kinds. */
pid_t process_fetch(const struct work work[2], long deadline_ms);
/* Waits for its end; whether each fetch went well. */
bool process_went_well(pid_t child);

/* A process that takes up to `want` places of the origin and tells how many it got; when none, it
 * waits for one as a fetcher does. process_kill() ends it. */
pid_t process_hold(const char *key, size_t want, size_t *got_out);
void process_kill(pid_t child);

#endif

/* Workers on one queue that are killed at random, and what their claims came to. */
#ifndef TESTS_CLAIM_RUN_H
#define TESTS_CLAIM_RUN_H

#include "base/error.h"

#include <stdint.h>

enum { CLAIM_RUN_WORKERS = 32 };

struct claim_run {
    const char *store; /* path of a file that is not there yet; ".lock" and ".log" are put beside */
    int workers;       /* CLAIM_RUN_WORKERS at most */
    int jobs;
    int hosts;
    int64_t pause_us;    /* of a worker over a job, at most */
    int64_t kill_ms;     /* between two kills, at least */
    int64_t lines;       /* of the log between two kills, at least: so there is progress */
    int64_t deadline_ms; /* then it is over in any case */
    uint32_t seed;
};

struct claim_figures {
    int64_t claims;
    int64_t kills;
    int64_t at_once;  /* claims of a job that another living worker had */
    int64_t crowded;  /* claims past JOBS_EACH_HOST of a host */
    int64_t twice;    /* jobs done more than once */
    int64_t given_up; /* failed, since they took so many workers with them */
    int64_t lost;     /* jobs that are neither open nor given up, and were never done */
    int64_t open;     /* left when the time was over */
    int64_t ms;
};

/* The caller has no store open: SQLite does not go over a fork. */
bool claim_run(const struct claim_run *run, struct claim_figures *figures_out,
               struct error *err) MUST_CHECK;

#endif

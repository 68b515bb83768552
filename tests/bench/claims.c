/* claims STORE WORKERS JOBS SECONDS: how many jobs of a queue are claimed twice, done twice or lost
 * when workers are killed at random. STORE is a file that is not there yet. */
#include "../unit/claim_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **args)
{
    struct error err = {0};
    struct claim_figures figures;
    if (count != 5) {
        fprintf(stderr, "usage: claims STORE WORKERS JOBS SECONDS\n");
        return 2;
    }
    struct claim_run run = {.store = args[1],
                            .workers = atoi(args[2]),
                            .jobs = atoi(args[3]),
                            .hosts = atoi(args[3]) / 20 + 1,
                            .pause_us = 2000,
                            .kill_ms = 3,
                            .lines = 1,
                            .deadline_ms = atoi(args[4]) * INT64_C(1000),
                            .seed = (uint32_t)time(NULL)};
    if (access(run.store, F_OK) == 0) {
        fprintf(stderr, "claims: %s is there already\n", run.store);
        return 2;
    }
    if (!claim_run(&run, &figures, &err)) {
        fprintf(stderr, "claims: %s\n", err.text);
        return 2;
    }
    printf("jobs %d, workers %d, claims %lld, kills %lld, ms %lld: "
           "claimed by two at once %lld, more than two of a host %lld, done twice %lld, lost %lld, "
           "given up %lld, open %lld\n",
           run.jobs, run.workers, (long long)figures.claims, (long long)figures.kills,
           (long long)figures.ms, (long long)figures.at_once, (long long)figures.crowded,
           (long long)figures.twice, (long long)figures.lost, (long long)figures.given_up,
           (long long)figures.open);
    return figures.at_once + figures.crowded + figures.twice + figures.lost + figures.open > 0;
}

/* One run of the statistics; for statistics*.c alone. */
#ifndef STORE_STATISTICS_RUN_H
#define STORE_STATISTICS_RUN_H

#include "store/db.h"
#include "store/statistics.h"
#include "store/tally.h"

struct statistics_run {
    struct store *store;
    const struct statistics_hooks *hooks;
    struct statistics_sums sums;
    int64_t done; /* rows looked at, of about `total` */
    int64_t total;
    bool stopped;

    /* statistics_pages.c */
    struct statistics_month months[STATISTICS_MONTHS];
    size_t month_count;
    int64_t month_from; /* of the month that the last time was in, ms UTC */
    int64_t month_to;
    char month[8];
    struct tally page_bytes; /* by number, as eight bytes */
    struct tally site_bytes;
    struct tally site_pages;
};

/* To be called now and then with how many rows were looked at: tells of progress. ERR_CANCELLED. */
bool statistics_go_on(struct statistics_run *run, int64_t rows, struct error *err) MUST_CHECK;

/* statistics_blobs.c: the sums of bytes, and kinds. */
bool statistics_of_blobs(struct statistics_run *run, struct error *err) MUST_CHECK;

/* statistics_pages.c: pages, snapshots and their states, months, the largest pages and sites. */
bool statistics_of_pages(struct statistics_run *run, struct error *err) MUST_CHECK;

#endif

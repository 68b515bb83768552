/* What the rows of the store must be to each other, as SQL; fsck_check.c goes through such checks.
 * For store/ only. */
#ifndef STORE_FSCK_CHECK_H
#define STORE_FSCK_CHECK_H

#include "store/fsck_run.h"

enum { FSCK_MENDS = 2 };

struct row_check {
    const char *code;
    const char *text;
    bool fault;
    /* Gives: a key, a page, a snapshot (0: none). Asked for one key it must be quick. */
    const char *find;
    /* Each with the key as ?1; none: it cannot be mended. */
    const char *mend[FSCK_MENDS];
};

/* Reports what each check finds, and mends it in a repair. A row that the store's own rules keep
 * from being mended is told as such, and the others are mended all the same. */
bool fsck_check_rows(struct fsck *run, const struct row_check *checks, size_t count,
                     struct error *err) MUST_CHECK;

#endif

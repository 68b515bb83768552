/* How much the store may take on the disk, and what is done when it takes more. Kept in the store,
 * so that all who have it open heed it. */
#ifndef STORE_QUOTA_H
#define STORE_QUOTA_H

#include "store/store.h"

enum quota_when {
    QUOTA_WARN,     /* nothing but telling */
    QUOTA_NO_MEDIA, /* audio and video are left out */
    QUOTA_REFUSE    /* nothing is saved */
};
/* "warn", "no_media", "refuse". */
const char *quota_when_name(enum quota_when when);
bool quota_when_parse(struct slice name, enum quota_when *when_out);

/* The smallest that can be set, bytes: room for a page or two. */
enum { QUOTA_LEAST = 10 * 1024 * 1024 };
#define QUOTA_MOST (INT64_C(1) << 53)

struct quota {
    int64_t bytes; /* what the file may take; 0: no matter how much */
    enum quota_when when;
    int64_t used; /* what the file takes */
    bool over;
};

/* By the file's own header: fast however large it is. */
bool quota_get(struct store *store, struct quota *quota_out, struct error *err) MUST_CHECK;

/* Sets `bytes` and `when` of the struct. ERR_PARAMS for a number that is none of the above. */
bool quota_set(struct store *store, const struct quota *quota, struct error *err) MUST_CHECK;

/* Whether something may be saved now: ERR_QUOTA. *media_out: audio and video may come along. */
bool quota_check(struct store *store, bool *media_out, struct error *err) MUST_CHECK;

#endif

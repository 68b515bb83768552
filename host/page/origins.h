/* Requests that wait for their turn, by origin (scheme, host and port). libcurl has the same bounds
 * on connections, but in its own queue a request's clock already runs. Used by page/fetch.c alone.
 */
#ifndef PAGE_ORIGINS_H
#define PAGE_ORIGINS_H

#include "page/transfer.h"

struct origin {
    struct origin *next; /* all origins are a ring */
    char *key;
    size_t active;
    bool multiplexed; /* has answered in HTTP/2 */
    struct transfers waiting;
};

struct origins {
    struct origin *turn; /* whose turn it was last */
    size_t waiting;      /* transfers */
    size_t connections;  /* taken and not released ones that need a connection of their own */
};

/* Destroys what waits. */
void origins_finish(struct origins *origins);

/* Queues the transfer at the origin of its URL. */
bool origins_add(struct origins *origins, struct transfer *t, struct error *err) MUST_CHECK;

/* Whether there is one that may start now. */
bool origins_ready(const struct origins *origins);

/* The next transfer that may start, the origins taking turns; NULL when there is none. */
struct transfer *origins_take(struct origins *origins);

/* Gives back the place of a transfer from origins_take(). */
void origins_release(struct origins *origins, struct transfer *t);

/* Any transfer that waits, never to be started; NULL when there is none. */
struct transfer *origins_give_up(struct origins *origins);

#endif

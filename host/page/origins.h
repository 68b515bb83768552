/* Requests that wait for their turn, by origin (scheme, host and port). libcurl has the same bounds
 * on connections, but in its own queue a request's clock already runs, and it knows nothing of
 * other processes. Used by page/fetch.c, and by page/transfer.c for the sockets.
 *
 * Times are milliseconds of any clock that only goes forward. */
#ifndef PAGE_ORIGINS_H
#define PAGE_ORIGINS_H

#include "page/origins_places.h"
#include "page/transfer.h"

/* What one host has had of this fetcher; its origins differ in scheme and port. */
struct host {
    struct host *next;
    char *name;
    size_t requests;
    uint64_t bytes;  /* headers, and bodies unpacked */
    size_t timeouts; /* requests in a row that ran into their time */
};

struct origin {
    struct origin *next; /* all origins are a ring */
    char *key;
    struct host *host;
    size_t active;
    bool multiplexed; /* has answered in HTTP/2 */
    struct transfers waiting;
    struct places places; /* when shared */
    int64_t again_ms;     /* until then no place is tried for */
};

struct origins {
    struct origin *turn; /* whose turn it was last */
    struct host *hosts;
    size_t waiting;        /* transfers */
    size_t connections;    /* taken and not released ones that need a connection of their own */
    struct lockfile *lock; /* shares connections with other processes; NULL: alone */
    bool shared;           /* there is one, and it works */
    int64_t offered_ms;    /* when idle places were last offered to others */
};

/* `lock` may be NULL; borrowed. */
void origins_init(struct origins *origins, struct lockfile *lock);
/* Destroys what waits. No connection may be open any more. */
void origins_finish(struct origins *origins);

/* Queues the transfer at the origin of its URL, or sets the fault that keeps it from that: its host
 * has had all that it may. */
bool origins_add(struct origins *origins, struct transfer *t, struct error *err) MUST_CHECK;

/* In how many milliseconds one may be able to start, as far as that depends on the clock: 0 when
 * there is one now, -1 when it does not depend on it. */
int64_t origins_delay(const struct origins *origins, int64_t now);

/* The next transfer that may start, the origins taking turns; NULL when there is none. */
struct transfer *origins_take(struct origins *origins, int64_t now);

/* Counts a transfer from origins_take() as ended. Its easy handle is still to be asked and still in
 * the multi handle. origins_settle() is to follow. */
void origins_release(struct origins *origins, struct transfer *t);

/* After the end of one of the origin's transfers, and of what its end led to: gives other processes
 * the places that are needed no longer, one being kept for what comes next unless somebody waits
 * for it. `active` are all transfers in libcurl. */
void origins_settle(struct origins *origins, struct origin *origin, const struct transfers *active);
/* Gives processes that wait what has been kept; to be called often while work goes on. */
void origins_offer(struct origins *origins, const struct transfers *active, int64_t now);

/* Whether so many bytes more may come from the transfer's host; else sets the fault. */
bool origins_has_room(struct transfer *t, size_t len);
/* A transfer of this origin has ended, perhaps because its time was over. */
void origins_note_end(struct origin *origin, bool timed_out);
/* Whether the host has run into its time so often that it is asked no more. */
bool origins_is_tired(const struct origin *origin);

/* One that waits for a host that is asked no more, with its fault set; NULL when there is none. */
struct transfer *origins_give_up_host(struct origins *origins, const struct host *host);
/* Any transfer that waits, never to be started; NULL when there is none. */
struct transfer *origins_give_up(struct origins *origins);

#endif

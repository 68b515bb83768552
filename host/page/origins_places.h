/* The connections to one origin that this process may have open: places, taken one by one from the
 * LIMIT_HOST_CONNECTIONS that all processes share through a lock file. A place stands for an open
 * connection, in use or not, so the sockets are counted too. Used by page/origins.c and
 * page/transfer.c. */
#ifndef PAGE_ORIGINS_PLACES_H
#define PAGE_ORIGINS_PLACES_H

#include "base/limits.h"
#include "base/lockfile.h"
#include "base/slice.h"

/* Twice: libcurl tries IPv6 and IPv4 side by side. */
enum { PLACES_SOCKETS = 2 * LIMIT_HOST_CONNECTIONS };

struct places_socket {
    int fd;
    long port; /* the local one; 0 until a transfer has left the connection open behind it */
};

struct places {
    int64_t first; /* offset of place 0 in the file; -1: not known yet */
    unsigned held; /* bit k: place k is this process's */
    size_t count;  /* bits in `held` */
    bool asking;   /* has the byte by which others see that a process waits without a place */
    struct places_socket sockets[PLACES_SOCKETS];
    size_t socket_count;
};

/* `key` names the origin, the same in all processes. ERR_INTERNAL. */
bool places_init(struct places *places, struct slice key, struct error *err) MUST_CHECK;

/* Takes one more place. *grown_out is false when others have all, or when one of them waits for its
 * first place while this process has one. A process that has none and gets none is seen to wait
 * until it has one, or says that it waits no longer. ERR_IO. */
bool places_grow(struct places *places, struct lockfile *lock, bool *grown_out,
                 struct error *err) MUST_CHECK;
void places_wait_no_longer(struct places *places, struct lockfile *lock);

/* Whether another process waits for its first place and none is free. ERR_IO. */
bool places_are_wanted(const struct places *places, struct lockfile *lock, bool *wanted_out,
                       struct error *err) MUST_CHECK;

/* Gives back all but `keep`, and keeps one for each open socket. */
void places_shrink(struct places *places, struct lockfile *lock, size_t keep);
/* Gives back all. */
void places_finish(struct places *places, struct lockfile *lock);

/* A socket has been opened; a transfer has left it open; it is about to be closed. Those that are
 * not known are left alone. */
void places_add_socket(struct places *places, int fd);
void places_leave_socket(struct places *places, int fd, long port);
void places_remove_socket(struct places *places, int fd);
/* Ends the connection of sockets[index], which libcurl keeps for later; it finds out when it
 * looks. */
void places_end_socket(struct places *places, size_t index);

#endif

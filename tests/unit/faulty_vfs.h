/* A VFS of SQLite over the ordinary one, in which a call fails when a test wants it to: a disk that
 * is full, a quota, a cable that comes loose. It is the default while it is installed. */
#ifndef TESTS_FAULTY_VFS_H
#define TESTS_FAULTY_VFS_H

#include <stdbool.h>
#include <stdint.h>

enum faulty_kind {
    FAULTY_ROOM,  /* SQLITE_FULL where something is written */
    FAULTY_WRITE, /* SQLITE_IOERR_* where something is written, cut, synced or mapped */
    FAULTY_READ,  /* SQLITE_IOERR_READ */
    FAULTY_OPEN   /* SQLITE_CANTOPEN */
};

void faulty_install(void);
void faulty_remove(void);

/* The n-th call of the kind from now fails, and with `lasting` all that follow. 0: none does. */
void faulty_arm(enum faulty_kind kind, int64_t n, bool lasting);
/* Whether one has failed since. */
bool faulty_fired(void);

#endif

/* A file that is made beside the one which it is to become: until it is whole and on disk, nobody
 * sees it under that name. For store/ only. */
#ifndef STORE_BACKUP_PART_H
#define STORE_BACKUP_PART_H

#include "base/error.h"

/* What the file's name has behind it meanwhile. */
#define PART_SUFFIX ".linksnap-part"

struct part {
    char *file; /* what it is to become */
    char *path;
    int fd; /* -1: there is none, or it has become the file */
};

/* Makes it, empty and for its owner alone (0600), and holds a lock on it that says it is being
 * made. What a killed process left there is removed. ERR_STORE_BUSY when another process makes the
 * same file, ERR_NOT_FOUND without a folder, ERR_STORE_READONLY, ERR_STORE_FULL, ERR_IO. After a
 * failure, too, part_finish is to be called. */
bool part_create(struct part *part, const char *file, struct error *err) MUST_CHECK;

/* ERR_IO when a -wal or -journal with something in it lies beside `file`, there or not: SQLite
 * would play it into any file of that name. */
bool part_check_alone(const char *file, struct error *err) MUST_CHECK;

/* Waits until its bytes are on disk, then gives it its name in one step; the name is on disk too
 * when this returns true. Without `replace` a file that is there already stays: ERR_IO. Not beside
 * what part_check_alone refuses. */
bool part_publish(struct part *part, bool replace, struct error *err) MUST_CHECK;

/* It becomes another file of the same folder instead. Part and name are as they were on false. */
bool part_set_file(struct part *part, const char *file, struct error *err) MUST_CHECK;

/* Removes what has not become the file. Takes a zeroed struct whose fd is -1. */
void part_finish(struct part *part);

/* Waits until the folder's entries are on disk, as far as its file system can. */
bool part_sync_folder(const char *file, struct error *err) MUST_CHECK;

/* ERR_STORE_FULL, ERR_STORE_READONLY, ERR_NOT_FOUND or ERR_IO, as `os_error` has it, with the
 * file's name; returns false. */
bool part_error(const char *file, int os_error, struct error *err);

#endif

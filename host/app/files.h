/* Small files read and written whole. */
#ifndef APP_FILES_H
#define APP_FILES_H

#include "base/buf.h"

#include <stdint.h>
#include <sys/types.h>

/* Appends the bytes of a regular file (a symbolic link is followed) of at most out's ceiling. The
 * error says why without naming the file: ERR_NOT_FOUND, ERR_IO, ERR_LIMIT, ERR_NO_MEMORY. */
bool files_read(const char *file, struct buf *out, struct error *err) MUST_CHECK;

/* Puts a new file where `file` is, in one step: readers see the old bytes or the new ones. What was
 * there goes; a symbolic link is replaced, not followed. Its mode is `mode` whatever the umask.
 * ERR_IO, ERR_LIMIT, ERR_NO_MEMORY. */
bool files_replace(const char *file, mode_t mode, struct slice bytes, struct error *err) MUST_CHECK;

/* Free bytes where `file` is, or where the nearest folder above it is that is there. False when
 * that cannot be told. */
bool files_room(const char *file, uint64_t *bytes_out) MUST_CHECK;

/* Makes the folder that `file` is to be in, and what is missing above it, with exactly `mode`.
 * ERR_IO, ERR_NO_MEMORY. */
bool files_make_folder(const char *file, mode_t mode, struct error *err) MUST_CHECK;

#endif

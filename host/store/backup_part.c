#define _GNU_SOURCE /* F_OFD_SETLK */
#include "store/backup_part.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 8 }; /* each fails only when another process is just at the same step */

/* Far behind what SQLite locks. The lock is the descriptor's, not the process's: SQLite, which
 * opens and closes the same file meanwhile, does not lose it. */
static const struct flock lock_range = {
    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)1 << 61, .l_len = 1};

bool part_error(const char *file, int os_error, struct error *err)
{
    switch (os_error) {
    case ENOSPC:
    case EDQUOT:
        return error_set(err, ERR_STORE_FULL, "There is no room for %s", file);
    case EFBIG:
        return error_set(err, ERR_STORE_FULL, "The disk takes no file as large as %s", file);
    case EACCES:
    case EPERM:
    case EROFS:
        return error_set(err, ERR_STORE_READONLY, "%s cannot be written: %s", file,
                         strerror(os_error));
    case ENOENT:
        return error_set(err, ERR_NOT_FOUND, "There is no folder for %s", file);
    default:
        return error_set(err, ERR_IO, "%s cannot be written: %s", file, strerror(os_error));
    }
}

/* Whether the name still leads to the descriptor's file. */
static bool is_named(int fd, const char *path)
{
    struct stat held;
    struct stat named;
    return fstat(fd, &held) == 0 && lstat(path, &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

/* False when somebody else has it. A file system without locks cannot tell. */
static bool take_lock(int fd)
{
    struct flock range = lock_range;
    return fcntl(fd, F_OFD_SETLK, &range) == 0 || (errno != EAGAIN && errno != EACCES);
}

/* Removes what a killed process left; false when one is still at it, or it is something else. */
static bool remove_left_over(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || part_error(path, errno, err);
    struct flock range = lock_range;
    bool ok = fcntl(fd, F_OFD_SETLK, &range) == 0 ||
              error_set(err, ERR_STORE_BUSY, "Another program is just making %s", path);
    if (ok && is_named(fd, path) && unlink(path) != 0)
        ok = part_error(path, errno, err);
    close(fd);
    return ok;
}

/* What SQLite made beside it, or a killed process left. */
static void remove_beside(const char *path)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        struct buf name;
        buf_init(&name, PATH_MAX);
        if (buf_printf(&name, "%s%s", path, suffixes[i]))
            unlink(name.ptr);
        buf_finish(&name);
    }
}

bool part_create(struct part *part, const char *file, struct error *err)
{
    struct buf path;
    *part = (struct part){.fd = -1, .file = slice_dup(slice_of(file))};
    if (part->file == NULL)
        return error_no_memory(err);
    buf_init(&path, PATH_MAX);
    buf_printf(&path, "%s" PART_SUFFIX, file);
    if (!buf_ok(&path, "The name of the file", err)) {
        buf_finish(&path);
        return false;
    }
    part->path = buf_take(&path);
    for (int i = 0; i < ATTEMPTS; i++) {
        int fd = open(part->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0 && errno != EEXIST)
            return part_error(file, errno, err);
        if (fd < 0) {
            if (!remove_left_over(part->path, err))
                return false;
            continue;
        }
        /* Another process may have taken it for a left-over before it was locked. */
        if (take_lock(fd) && is_named(fd, part->path)) {
            part->fd = fd;
            remove_beside(part->path);
            return true;
        }
        close(fd);
    }
    return error_set(err, ERR_STORE_BUSY, "Another program is just making %s", part->path);
}

bool part_check_alone(const char *file, struct error *err)
{
    static const char *const suffixes[] = {"-wal", "-journal"};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof suffixes / sizeof *suffixes; i++) {
        struct stat info;
        struct buf name;
        buf_init(&name, PATH_MAX);
        buf_printf(&name, "%s%s", file, suffixes[i]);
        ok = buf_ok(&name, "The name of the file", err);
        if (ok && lstat(name.ptr, &info) == 0 && info.st_size > 0)
            ok = error_set(err, ERR_IO, "%s is of another database: move it away first", name.ptr);
        buf_finish(&name);
    }
    return ok;
}

bool part_set_file(struct part *part, const char *file, struct error *err)
{
    char *copy = slice_dup(slice_of(file));
    if (copy == NULL)
        return error_no_memory(err);
    free(part->file);
    part->file = copy;
    return true;
}

bool part_sync_folder(const char *file, struct error *err)
{
    const char *slash = strrchr(file, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - file);
    char *folder = slice_dup(slash == NULL ? slice_of(".") : slice_make(file, len > 0 ? len : 1));
    if (folder == NULL)
        return error_no_memory(err);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    /* A folder that may be written but not read, and file systems that know no such thing. */
    if (fd < 0)
        return true;
    bool ok = fsync(fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP ||
              part_error(file, errno, err);
    close(fd);
    return ok;
}

/* Without hard links (FAT on a stick) there is a moment between the look and the step. */
static int move_unless_there(const char *path, const char *file)
{
    struct stat info;
    if (link(path, file) == 0) {
        unlink(path);
        return 0;
    }
    if (errno == EEXIST || (errno != EPERM && errno != ENOTSUP && errno != EMLINK &&
                            errno != ENOSYS && errno != EACCES))
        return errno;
    if (lstat(file, &info) == 0)
        return EEXIST;
    return rename(path, file) == 0 ? 0 : errno;
}

bool part_publish(struct part *part, bool replace, struct error *err)
{
    if (fsync(part->fd) != 0)
        return part_error(part->file, errno, err);
    if (!part_check_alone(part->file, err))
        return false;
    int fault = replace ? (rename(part->path, part->file) == 0 ? 0 : errno)
                        : move_unless_there(part->path, part->file);
    if (fault == EEXIST)
        return error_set(err, ERR_IO, "There is already a file %s", part->file);
    if (fault != 0)
        return part_error(part->file, fault, err);
    close(part->fd);
    part->fd = -1;
    return part_sync_folder(part->file, err);
}

void part_finish(struct part *part)
{
    if (part->fd >= 0) {
        unlink(part->path);
        remove_beside(part->path);
        close(part->fd);
    }
    free(part->path);
    free(part->file);
    *part = (struct part){.fd = -1};
}

#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static bool read_all(int fd, struct buf *out, struct error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return error_set(err, ERR_IO, "It is not a regular file");
    for (;;) {
        char bytes[4096];
        ssize_t n = read(fd, bytes, sizeof bytes);
        if (n == 0)
            return true;
        if (n > 0 && !buf_add(out, bytes, (size_t)n))
            return buf_ok(out, "The file", err);
        if (n < 0 && errno != EINTR)
            return error_set(err, ERR_IO, "%s", strerror(errno));
    }
}

/* O_NONBLOCK: a FIFO in the file's place must not hold us up. */
bool files_read(const char *file, struct buf *out, struct error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", strerror(errno));
    bool ok = read_all(fd, out, err);
    close(fd);
    return ok;
}

static bool write_all(int fd, struct slice bytes)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t n = write(fd, bytes.ptr + done, bytes.len - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            return false;
    }
    return true;
}

/* Fills the temporary file and moves it; errno says why on false. */
static bool fill_and_move(int fd, const char *temporary, const char *file, mode_t mode,
                          struct slice bytes)
{
    bool ok = write_all(fd, bytes) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int fault = errno;
    close(fd);
    if (ok && rename(temporary, file) == 0)
        return true;
    if (ok)
        fault = errno;
    unlink(temporary);
    errno = fault;
    return false;
}

bool files_replace(const char *file, mode_t mode, struct slice bytes, struct error *err)
{
    struct buf temporary;
    buf_init(&temporary, PATH_MAX);
    buf_printf(&temporary, "%s.XXXXXX", file);
    bool ok = buf_ok(&temporary, "The path of a file", err);
    if (ok) {
        int fd = mkstemp(temporary.ptr);
        ok = fd >= 0 && fill_and_move(fd, temporary.ptr, file, mode, bytes);
        if (!ok)
            error_set(err, ERR_IO, "Cannot write %s: %s", file, strerror(errno));
    }
    buf_finish(&temporary);
    return ok;
}

bool files_make_folder(const char *file, mode_t mode, struct error *err)
{
    char *path = slice_dup(slice_of(file));
    if (path == NULL)
        return error_no_memory(err);
    bool ok = true;
    for (char *slash = strchr(path + 1, '/'); ok && slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, mode) == 0;
        if (made ? chmod(path, mode) != 0 : errno != EEXIST)
            ok = error_set(err, ERR_IO, "Cannot make the folder %s: %s", path, strerror(errno));
        *slash = '/';
    }
    free(path);
    return ok;
}

bool files_room(const char *file, uint64_t *bytes_out)
{
    char *place = slice_dup(slice_of(file));
    struct statvfs fs;
    bool known = false;
    while (place != NULL && !known && place[0] != '\0') {
        known = statvfs(place, &fs) == 0;
        char *slash = strrchr(place, '/');
        if (slash == NULL)
            break;
        if (slash == place && slash[1] != '\0')
            slash[1] = '\0';
        else
            *slash = '\0';
    }
    free(place);
    if (known)
        *bytes_out = (uint64_t)fs.f_bavail * fs.f_frsize;
    return known;
}

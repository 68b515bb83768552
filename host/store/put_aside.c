#include "store/put_aside.h"

#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES = 100 }; /* that are tried for one blob */

static bool failed(int code, struct error *err)
{
    if (code == ENOSPC || code == EDQUOT)
        return error_set(err, ERR_STORE_FULL, "There is no room on the disk for damaged bytes");
    return error_set(err, ERR_IO, "Damaged bytes cannot be put aside: %s", strerror(code));
}

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            bytes = slice_sub(bytes, (size_t)written, bytes.len);
    }
    return true;
}

/* Whether a file has these bytes, and no others. */
static bool has_bytes(const char *name, struct slice bytes)
{
    char piece[16384];
    struct stat info;
    int fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool same = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
                (uint64_t)info.st_size == bytes.len;
    while (same && bytes.len > 0) {
        ssize_t count = read(fd, piece, bytes.len < sizeof piece ? bytes.len : sizeof piece);
        if (count < 0 && errno == EINTR)
            continue;
        same = count > 0 && memcmp(piece, bytes.ptr, (size_t)count) == 0;
        if (same)
            bytes = slice_sub(bytes, (size_t)count, bytes.len);
    }
    if (fd >= 0)
        close(fd);
    return same;
}

/* *taken_out: there is a file of that name already, of other bytes. */
static bool write_file(const char *name, struct slice bytes, bool *taken_out, struct error *err)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        return failed(errno, err);
    *taken_out = fd < 0 && !has_bytes(name, bytes);
    if (fd < 0)
        return true;
    bool ok = write_all(fd, bytes) && fsync(fd) == 0;
    int code = errno;
    ok = close(fd) == 0 && ok;
    if (ok)
        return true;
    unlink(name);
    return failed(code, err);
}

static bool put(struct store *store, struct slice hash, bool packed, struct slice data,
                struct error *err)
{
    char hex[2 * DIGEST_SIZE + 1];
    struct buf name;
    bool ok = true;
    bool taken = true;
    if (hash.len != DIGEST_SIZE || data.len == 0)
        return true;
    digest_hex((const uint8_t *)hash.ptr, DIGEST_SIZE, hex);
    buf_init(&name, LIMIT_URL);
    for (int i = 1; ok && taken && i <= NAMES; i++) {
        buf_reset(&name);
        buf_printf(&name, "%s.damaged-%s", store_file(store), hex);
        if (i > 1)
            buf_printf(&name, "-%d", i);
        if (packed)
            buf_add_text(&name, ".zst");
        ok = buf_ok(&name, "The path", err) && write_file(name.ptr, data, &taken, err);
    }
    buf_finish(&name);
    return ok && (!taken || failed(EEXIST, err));
}

bool put_aside(struct store *store, int64_t blob, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT hash, packed, data FROM blobs WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, blob);
    bool ok = db_step(store, statement, &row, err);
    if (ok && row)
        ok = put(store, db_blob(statement, 0), sqlite3_column_int(statement, 1) != 0,
                 db_blob(statement, 2), err);
    else if (!ok && (err->code == ERR_STORE_CORRUPT || err->code == ERR_LIMIT))
        ok = true; /* there is no reading it */
    db_done(store, statement);
    return ok;
}

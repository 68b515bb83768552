#include "faulty_vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <stddef.h>

struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    enum faulty_kind kind;
    int64_t left; /* calls until one fails */
    bool lasting;
    bool fired;
} faulty;

/* `code`, or SQLITE_OK when the call is to be made. */
static int fails(enum faulty_kind kind, int code)
{
    if (kind != faulty.kind || faulty.left == 0)
        return SQLITE_OK;
    if (--faulty.left > 0)
        return SQLITE_OK;
    faulty.fired = true;
    faulty.left = faulty.lasting;
    errno = kind == FAULTY_ROOM ? ENOSPC : kind == FAULTY_OPEN ? EMFILE : EIO;
    return code;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct faulty_file *)file)->real;
}

static int file_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int file_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    int code = fails(FAULTY_READ, SQLITE_IOERR_READ);
    return code ? code : real_of(file)->pMethods->xRead(real_of(file), bytes, len, at);
}

static int file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    int code = fails(FAULTY_ROOM, SQLITE_FULL);
    if (code && len > 1) { /* some of it may have got there */
        (void)real_of(file)->pMethods->xWrite(real_of(file), bytes, len / 2, at);
        errno = ENOSPC;
    }
    code = code ? code : fails(FAULTY_WRITE, SQLITE_IOERR_WRITE);
    return code ? code : real_of(file)->pMethods->xWrite(real_of(file), bytes, len, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = fails(FAULTY_WRITE, SQLITE_IOERR_TRUNCATE);
    return code ? code : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    /* No test here loses power. */
    return fails(FAULTY_WRITE, SQLITE_IOERR_FSYNC);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size_out)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size_out);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xLock(real_of(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), lock);
}

static int file_check_lock(sqlite3_file *file, int *held_out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held_out);
}

static int file_control(sqlite3_file *file, int what, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), what, arg);
}

static int file_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_facts(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    int code = extend ? fails(FAULTY_WRITE, SQLITE_IOERR_SHMSIZE) : SQLITE_OK;
    return code ? code : real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, out);
}

static int file_map_lock(sqlite3_file *file, int from, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), from, count, flags);
}

static void file_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

/* Version 2: without memory-mapped reading, which would pass by file_read. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_facts,
    .xShmMap = file_map,
    .xShmLock = file_map_lock,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                    int *flags_out)
{
    (void)vfs;
    struct faulty_file *ours = (struct faulty_file *)file;
    int code = fails(FAULTY_OPEN, SQLITE_CANTOPEN);
    ours->base.pMethods = NULL;
    ours->real = (sqlite3_file *)(void *)(ours + 1);
    if (code == SQLITE_OK)
        code = faulty.real->xOpen(faulty.real, name, ours->real, flags, flags_out);
    if (code == SQLITE_OK)
        ours->base.pMethods = &methods;
    return code;
}

void faulty_install(void)
{
    faulty.real = sqlite3_vfs_find(NULL);
    faulty.vfs = *faulty.real;
    faulty.vfs.zName = "faulty";
    faulty.vfs.szOsFile = (int)sizeof(struct faulty_file) + faulty.real->szOsFile;
    faulty.vfs.xOpen = vfs_open;
    faulty_arm(FAULTY_ROOM, 0, false);
    sqlite3_vfs_register(&faulty.vfs, 1);
}

void faulty_remove(void)
{
    sqlite3_vfs_unregister(&faulty.vfs);
    sqlite3_vfs_register(faulty.real, 1);
}

void faulty_arm(enum faulty_kind kind, int64_t n, bool lasting)
{
    faulty.kind = kind;
    faulty.left = n;
    faulty.lasting = lasting;
    faulty.fired = false;
}

bool faulty_fired(void)
{
    return faulty.fired;
}

#include "base/lockfile.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(off_t) >= sizeof(int64_t), "workers' numbers are offsets");

enum {
    RANDOM_BITS = 60, /* with LOCKFILE_WORKERS added they stay below the largest off_t */
    ATTEMPTS = 16     /* each finds a number taken once in 2^60 */
};

struct lockfile {
    int fd;
    pid_t owner; /* of `worker`; a child made by fork() sees its parent's */
    int64_t worker;
};

bool lockfile_open(const char *path, struct lockfile **lock_out, struct error *err)
{
    int fd;
    do
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return error_set(err, ERR_IO, "The lock file cannot be opened: %s", strerror(errno));
    struct lockfile *lock = calloc(1, sizeof *lock);
    if (lock == NULL) {
        close(fd);
        return error_no_memory(err);
    }
    lock->fd = fd;
    *lock_out = lock;
    return true;
}

void lockfile_close(struct lockfile *lock)
{
    if (lock == NULL)
        return;
    close(lock->fd);
    free(lock);
}

static int control(const struct lockfile *lock, int command, int64_t offset, struct flock *range)
{
    range->l_whence = SEEK_SET;
    range->l_start = (off_t)offset;
    range->l_len = 1;
    int result;
    do
        result = fcntl(lock->fd, command, range);
    while (result < 0 && errno == EINTR);
    return result;
}

bool lockfile_take(struct lockfile *lock, int64_t offset, bool *taken_out, struct error *err)
{
    struct flock range = {.l_type = F_WRLCK};
    if (control(lock, F_SETLK, offset, &range) == 0) {
        *taken_out = true;
        return true;
    }
    if (errno != EACCES && errno != EAGAIN)
        return error_set(err, ERR_IO, "The lock file cannot be locked: %s", strerror(errno));
    *taken_out = false;
    return true;
}

void lockfile_give(struct lockfile *lock, int64_t offset)
{
    struct flock range = {.l_type = F_UNLCK};
    control(lock, F_SETLK, offset, &range);
}

bool lockfile_is_taken(struct lockfile *lock, int64_t offset, bool *taken_out, struct error *err)
{
    struct flock range = {.l_type = F_WRLCK};
    if (control(lock, F_GETLK, offset, &range) < 0)
        return error_set(err, ERR_IO, "The lock file cannot be asked: %s", strerror(errno));
    *taken_out = range.l_type != F_UNLCK;
    return true;
}

static bool choose(int64_t *number_out, struct error *err)
{
    uint64_t random;
    if (RAND_bytes((unsigned char *)&random, sizeof random) != 1)
        return error_set(err, ERR_IO, "There are no random numbers");
    *number_out = LOCKFILE_WORKERS + (int64_t)(random >> (64 - RANDOM_BITS));
    return true;
}

bool lockfile_worker(struct lockfile *lock, int64_t *worker_out, struct error *err)
{
    pid_t self = getpid();
    bool taken = lock->worker != 0 && lock->owner == self;
    int64_t number = lock->worker;
    for (int i = 0; !taken && i < ATTEMPTS; i++) {
        if (!choose(&number, err) || !lockfile_take(lock, number, &taken, err))
            return false;
    }
    if (!taken)
        return error_set(err, ERR_IO, "No number is free in the lock file");
    lock->owner = self;
    lock->worker = number;
    *worker_out = number;
    return true;
}

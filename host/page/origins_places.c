#include "page/origins_places.h"

#include "base/digest.h"

#include <sys/socket.h>

/* Eight bytes of the lock file for each origin: its places, and the byte that asks for one. */
enum { STRIDE = 8, ASKING = 7 };
_Static_assert(LIMIT_HOST_CONNECTIONS <= ASKING, "places and the byte that asks overlap");

bool places_init(struct places *places, struct slice key, struct error *err)
{
    uint8_t digest[DIGEST_SIZE];
    if (!digest_bytes(key, digest, err))
        return false;
    int64_t hash = 0;
    for (size_t i = 0; i < 5; i++) /* 40 bits: times eight they stay below LOCKFILE_WORKERS */
        hash = hash << 8 | digest[i];
    *places = (struct places){.first = hash * STRIDE};
    return true;
}

static bool take_any(struct places *places, struct lockfile *lock, bool *taken_out,
                     struct error *err)
{
    bool taken = false;
    for (unsigned k = 0; k < LIMIT_HOST_CONNECTIONS && !taken; k++) {
        if (places->held & 1U << k)
            continue;
        if (!lockfile_take(lock, places->first + k, &taken, err))
            return false;
        if (taken) {
            places->held |= 1U << k;
            places->count++;
        }
    }
    *taken_out = taken;
    return true;
}

bool places_grow(struct places *places, struct lockfile *lock, bool *grown_out, struct error *err)
{
    bool asked = false;
    bool grown = false;
    if (places->count > 0 && !lockfile_is_taken(lock, places->first + ASKING, &asked, err))
        return false;
    if (!asked && !take_any(places, lock, &grown, err))
        return false;
    if (places->count > 0)
        places_wait_no_longer(places, lock);
    else if (!places->asking && !lockfile_take(lock, places->first + ASKING, &places->asking, err))
        return false;
    *grown_out = grown;
    return true;
}

void places_wait_no_longer(struct places *places, struct lockfile *lock)
{
    if (places->asking)
        lockfile_give(lock, places->first + ASKING);
    places->asking = false;
}

bool places_are_wanted(const struct places *places, struct lockfile *lock, bool *wanted_out,
                       struct error *err)
{
    bool wanted;
    if (!lockfile_is_taken(lock, places->first + ASKING, &wanted, err))
        return false;
    for (unsigned k = 0; k < LIMIT_HOST_CONNECTIONS && wanted; k++)
        if ((places->held & 1U << k) == 0 &&
            !lockfile_is_taken(lock, places->first + k, &wanted, err))
            return false;
    *wanted_out = wanted;
    return true;
}

void places_shrink(struct places *places, struct lockfile *lock, size_t keep)
{
    if (keep < places->socket_count)
        keep = places->socket_count;
    for (unsigned k = 0; k < LIMIT_HOST_CONNECTIONS && places->count > keep; k++) {
        if ((places->held & 1U << k) == 0)
            continue;
        lockfile_give(lock, places->first + k);
        places->held &= ~(1U << k);
        places->count--;
    }
}

void places_finish(struct places *places, struct lockfile *lock)
{
    places_wait_no_longer(places, lock);
    places->socket_count = 0;
    places_shrink(places, lock, 0);
}

void places_add_socket(struct places *places, int fd)
{
    if (places->socket_count < PLACES_SOCKETS)
        places->sockets[places->socket_count++] = (struct places_socket){.fd = fd};
}

void places_leave_socket(struct places *places, int fd, long port)
{
    for (size_t i = 0; i < places->socket_count; i++)
        if (places->sockets[i].fd == fd)
            places->sockets[i].port = port;
}

void places_remove_socket(struct places *places, int fd)
{
    for (size_t i = 0; i < places->socket_count; i++)
        if (places->sockets[i].fd == fd)
            places->sockets[i--] = places->sockets[--places->socket_count];
}

void places_end_socket(struct places *places, size_t index)
{
    int fd = places->sockets[index].fd;
    places->sockets[index] = places->sockets[--places->socket_count];
    (void)shutdown(fd, SHUT_RDWR);
}

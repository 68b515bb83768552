#include "page/origins.h"

#include "base/limits.h"

#include <stdlib.h>

void origins_finish(struct origins *origins)
{
    if (origins->turn == NULL)
        return;
    struct origin *origin = origins->turn->next;
    origins->turn->next = NULL; /* opens the ring */
    while (origin != NULL) {
        struct origin *next = origin->next;
        transfers_finish(&origin->waiting);
        free(origin->key);
        free(origin);
        origin = next;
    }
    *origins = (struct origins){0};
}

/* "http://host:port" of a normalized URL. */
static struct slice key_of(const char *url)
{
    size_t host = strcspn(url, ":") + strlen("://");
    return slice_make(url, host + strcspn(url + host, "/?#"));
}

static struct origin *find(const struct origins *origins, struct slice key)
{
    struct origin *origin = origins->turn;
    if (origin == NULL)
        return NULL;
    do {
        if (slice_equal(key, slice_of(origin->key)))
            return origin;
        origin = origin->next;
    } while (origin != origins->turn);
    return NULL;
}

static struct origin *find_or_make(struct origins *origins, const char *url, struct error *err)
{
    struct slice key = key_of(url);
    struct origin *origin = find(origins, key);
    if (origin != NULL)
        return origin;
    origin = calloc(1, sizeof *origin);
    if (origin == NULL || (origin->key = slice_dup(key)) == NULL) {
        free(origin);
        error_no_memory(err);
        return NULL;
    }
    if (origins->turn == NULL)
        origins->turn = origin;
    else
        origin->next = origins->turn->next;
    origins->turn->next = origin;
    return origin;
}

bool origins_add(struct origins *origins, struct transfer *t, struct error *err)
{
    struct origin *origin = find_or_make(origins, t->url, err);
    if (origin == NULL)
        return false;
    t->origin = origin;
    transfers_append(&origin->waiting, t);
    origins->waiting++;
    return true;
}

static bool has_room(const struct origins *origins, const struct origin *origin)
{
    if (origin->waiting.count == 0)
        return false;
    if (origin->multiplexed)
        return origin->active < LIMIT_STREAMS;
    return origin->active < LIMIT_HOST_CONNECTIONS &&
           origins->connections < LIMIT_TOTAL_CONNECTIONS;
}

/* Looks from the one after `turn` on; NULL when none may start a transfer. */
static struct origin *next_ready(const struct origins *origins)
{
    if (origins->waiting == 0)
        return NULL;
    struct origin *origin = origins->turn;
    do {
        origin = origin->next;
        if (has_room(origins, origin))
            return origin;
    } while (origin != origins->turn);
    return NULL;
}

bool origins_ready(const struct origins *origins)
{
    return next_ready(origins) != NULL;
}

struct transfer *origins_take(struct origins *origins)
{
    struct origin *origin = next_ready(origins);
    if (origin == NULL)
        return NULL;
    struct transfer *t = transfers_take(&origin->waiting);
    t->multiplexed = origin->multiplexed;
    origin->active++;
    origins->connections += !t->multiplexed;
    origins->waiting--;
    origins->turn = origin;
    return t;
}

void origins_release(struct origins *origins, struct transfer *t)
{
    t->origin->active--;
    origins->connections -= !t->multiplexed;
}

struct transfer *origins_give_up(struct origins *origins)
{
    if (origins->waiting == 0)
        return NULL;
    while (origins->turn->waiting.count == 0)
        origins->turn = origins->turn->next;
    origins->waiting--;
    return transfers_take(&origins->turn->waiting);
}

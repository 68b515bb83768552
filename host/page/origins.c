#include "page/origins.h"

#include "base/limits.h"
#include "base/log.h"

#include <stdlib.h>

/* How often a place that others have is tried for, and one that others wait for is offered. */
enum { AGAIN_MS = 50 };

void origins_init(struct origins *origins, struct lockfile *lock)
{
    *origins = (struct origins){.lock = lock, .shared = lock != NULL};
}

void origins_finish(struct origins *origins)
{
    struct origin *origin = NULL;
    if (origins->turn != NULL) {
        origin = origins->turn->next;
        origins->turn->next = NULL; /* opens the ring */
    }
    while (origin != NULL) {
        struct origin *next = origin->next;
        transfers_finish(&origin->waiting);
        if (origins->lock != NULL)
            places_finish(&origin->places, origins->lock);
        free(origin->key);
        free(origin);
        origin = next;
    }
    for (struct host *host = origins->hosts; host != NULL;) {
        struct host *next = host->next;
        free(host->name);
        free(host);
        host = next;
    }
    *origins = (struct origins){0};
}

/* No fetch fails for the lock file. */
static void go_alone(struct origins *origins, const struct error *why)
{
    log_warn("Connections are no longer shared with other processes: %s", why->text);
    origins->shared = false;
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

/* The host of an origin's key. */
static struct slice host_of(struct slice key)
{
    size_t start = slice_find(key, 0, slice_of("://")) + strlen("://");
    struct slice host = slice_sub(key, start, key.len);
    for (size_t i = host.len; i > 0 && host.ptr[i - 1] != ']'; i--)
        if (host.ptr[i - 1] == ':')
            return slice_sub(host, 0, i - 1);
    return host;
}

static struct host *find_or_make_host(struct origins *origins, struct slice name, struct error *err)
{
    for (struct host *host = origins->hosts; host != NULL; host = host->next)
        if (slice_equal(name, slice_of(host->name)))
            return host;
    struct host *host = calloc(1, sizeof *host);
    if (host == NULL || (host->name = slice_dup(name)) == NULL) {
        free(host);
        error_no_memory(err);
        return NULL;
    }
    host->next = origins->hosts;
    origins->hosts = host;
    return host;
}

static struct origin *find_or_make(struct origins *origins, const char *url, struct error *err)
{
    struct slice key = key_of(url);
    struct origin *origin = find(origins, key);
    if (origin != NULL)
        return origin;
    struct host *host = find_or_make_host(origins, host_of(key), err);
    if (host == NULL)
        return NULL;
    origin = calloc(1, sizeof *origin);
    if (origin == NULL || (origin->key = slice_dup(key)) == NULL) {
        free(origin);
        error_no_memory(err);
        return NULL;
    }
    origin->host = host;
    if (origins->shared && !places_init(&origin->places, key, err))
        go_alone(origins, err);
    if (origins->turn == NULL)
        origins->turn = origin;
    else
        origin->next = origins->turn->next;
    origins->turn->next = origin;
    return origin;
}

bool origins_is_tired(const struct origin *origin)
{
    return origin->host->timeouts >= LIMIT_HOST_TIMEOUTS;
}

/* Sets the fault when the host has had all that it may. */
static void check_host(struct transfer *t, const struct origin *origin)
{
    struct host *host = origin->host;
    if (origins_is_tired(origin)) {
        t->fault = ERR_TIMEOUT;
        t->fault_text = "The server took too long for too many requests";
    } else if (host->requests >= LIMIT_HOST_REQUESTS) {
        t->fault = ERR_LIMIT;
        t->fault_text = "Too many requests to one server for one page";
    } else if (host->bytes >= LIMIT_HOST_BODY) {
        t->fault = ERR_LIMIT;
        t->fault_text = "The server has sent too much for one page";
    }
}

bool origins_has_room(struct transfer *t, size_t len)
{
    struct host *host = t->origin->host;
    if (host->bytes <= LIMIT_HOST_BODY && len <= LIMIT_HOST_BODY - host->bytes)
        return true;
    host->bytes = LIMIT_HOST_BODY;
    check_host(t, t->origin);
    return false;
}

bool origins_add(struct origins *origins, struct transfer *t, struct error *err)
{
    struct origin *origin = find_or_make(origins, t->url, err);
    if (origin == NULL)
        return false;
    check_host(t, origin);
    if (t->fault != ERR_NONE)
        return true;
    origin->host->requests++;
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

/* How many connections so many transfers need. */
static size_t connections_for(const struct origin *origin, size_t transfers)
{
    size_t most = origin->multiplexed ? 1 : LIMIT_HOST_CONNECTIONS;
    return transfers < most ? transfers : most;
}

static bool has_place(const struct origins *origins, const struct origin *origin)
{
    return !origins->shared || connections_for(origin, origin->active + 1) <= origin->places.count;
}

/* -1: only the end of another transfer can change it. */
static int64_t delay_of(const struct origins *origins, const struct origin *origin, int64_t now)
{
    if (!has_room(origins, origin))
        return -1;
    return has_place(origins, origin) || now >= origin->again_ms ? 0 : origin->again_ms - now;
}

/* Looks from the one after `turn` on, for one that may start a transfer or else for the one that
 * may do so first; NULL when none depends on the clock alone. */
static struct origin *next_ready(const struct origins *origins, int64_t now, int64_t *delay_out)
{
    struct origin *best = NULL;
    int64_t least = -1;
    if (origins->waiting == 0)
        return NULL;
    struct origin *origin = origins->turn;
    do {
        origin = origin->next;
        int64_t delay = delay_of(origins, origin, now);
        if (delay >= 0 && (best == NULL || delay < least)) {
            best = origin;
            least = delay;
        }
    } while (origin != origins->turn && least != 0);
    if (best != NULL)
        *delay_out = least;
    return best;
}

int64_t origins_delay(const struct origins *origins, int64_t now)
{
    int64_t delay = -1;
    (void)next_ready(origins, now, &delay);
    return delay;
}

/* Whether the origin has a place for one more transfer, or gets one now. */
static bool get_place(struct origins *origins, struct origin *origin, int64_t now)
{
    struct error err;
    bool grown = false;
    if (has_place(origins, origin))
        return true;
    if (!places_grow(&origin->places, origins->lock, &grown, &err)) {
        go_alone(origins, &err);
        return true;
    }
    if (!grown)
        origin->again_ms = now + AGAIN_MS;
    return grown;
}

struct transfer *origins_take(struct origins *origins, int64_t now)
{
    int64_t delay = 0;
    struct origin *origin;
    do {
        origin = next_ready(origins, now, &delay);
        if (origin == NULL || delay > 0)
            return NULL;
    } while (!get_place(origins, origin, now));
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
    curl_socket_t left = CURL_SOCKET_BAD;
    long port = 0;
    t->origin->active--;
    origins->connections -= !t->multiplexed;
    if (!origins->shared || curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &left) != CURLE_OK ||
        curl_easy_getinfo(t->easy, CURLINFO_LOCAL_PORT, &port) != CURLE_OK)
        return;
    places_leave_socket(&t->origin->places, left, port);
}

/* How many places the origin keeps. */
static size_t places_to_keep(struct origins *origins, const struct origin *origin)
{
    struct error err;
    bool wanted = false;
    size_t keep = connections_for(origin, origin->active + origin->waiting.count);
    if (!places_are_wanted(&origin->places, origins->lock, &wanted, &err))
        go_alone(origins, &err);
    if (!wanted)
        return keep > 0 ? keep : 1;
    /* One goes to who waits, but not the last one that has work. */
    size_t least = connections_for(origin, origin->active);
    if (least == 0 && keep > 0)
        least = 1;
    size_t fewer = origin->places.count - 1;
    keep = keep < fewer ? keep : fewer;
    return keep > least ? keep : least;
}

/* libcurl does not tell what it uses an idle connection for until that ends, except by its port:
 * in one go it may end a transfer and give the connection to the next. */
static bool in_use(const struct origin *origin, const struct places_socket *socket,
                   const struct transfers *active)
{
    if (socket->port == 0)
        return origin->active > 0;
    for (const struct transfer *t = active->first; t != NULL; t = t->next) {
        long port = 0;
        if (t->origin == origin &&
            curl_easy_getinfo(t->easy, CURLINFO_LOCAL_PORT, &port) == CURLE_OK &&
            port == socket->port)
            return true;
    }
    return false;
}

void origins_settle(struct origins *origins, struct origin *origin, const struct transfers *active)
{
    struct places *places = &origin->places;
    if (!origins->shared || places->count == 0)
        return;
    size_t keep = places_to_keep(origins, origin);
    for (size_t i = places->socket_count; i > 0 && places->socket_count > keep; i--)
        if (!in_use(origin, &places->sockets[i - 1], active))
            places_end_socket(places, i - 1);
    places_shrink(places, origins->lock, keep);
}

void origins_offer(struct origins *origins, const struct transfers *active, int64_t now)
{
    struct origin *origin = origins->turn;
    if (!origins->shared || origin == NULL || now - origins->offered_ms < AGAIN_MS)
        return;
    origins->offered_ms = now;
    do {
        if (origin->active == 0)
            origins_settle(origins, origin, active);
        origin = origin->next;
    } while (origin != origins->turn);
}

void origins_note_end(struct origin *origin, bool timed_out)
{
    origin->host->timeouts = timed_out ? origin->host->timeouts + 1 : 0;
}

static struct transfer *give_up_one(struct origins *origins, struct origin *origin)
{
    struct transfer *t = transfers_take(&origin->waiting);
    origins->waiting--;
    if (origin->waiting.count == 0 && origins->lock != NULL)
        places_wait_no_longer(&origin->places, origins->lock);
    return t;
}

struct transfer *origins_give_up_host(struct origins *origins, const struct host *host)
{
    struct origin *origin = origins->turn;
    if (origins->waiting == 0)
        return NULL;
    do {
        if (origin->host == host && origin->waiting.count > 0) {
            struct transfer *t = give_up_one(origins, origin);
            check_host(t, origin);
            return t;
        }
        origin = origin->next;
    } while (origin != origins->turn);
    return NULL;
}

struct transfer *origins_give_up(struct origins *origins)
{
    if (origins->waiting == 0)
        return NULL;
    while (origins->turn->waiting.count == 0)
        origins->turn = origins->turn->next;
    return give_up_one(origins, origins->turn);
}

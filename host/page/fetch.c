#include "page/fetch.h"

#include "base/clock.h"
#include "base/limits.h"
#include "page/origins.h"
#include "page/transfer.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>

enum {
    ASK_MS = 50,  /* how often `interrupted` is asked while data flows */
    WAIT_MS = 100 /* at least so often: the contract */
};

struct fetcher {
    CURLM *multi;
    struct transfer_common common;
    bool (*interrupted)(void *arg);
    void *interrupted_arg;
    int wake_fd;
    int64_t asked_ms; /* when `interrupted` was last asked */
    bool woken;       /* wake_fd has become readable since */
    bool unread;      /* it was still readable after that: left for later */
    struct origins origins;
    struct transfers refused; /* not to be fetched at all: callback pending */
    struct transfers active;  /* in `multi`, the oldest first */
    bool running;
    bool stopped; /* by a callback, for good */
};

/* ---- making and ending ---- */

/* A header's value must not smuggle in another header. */
static bool header_value(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return false;
    return true;
}

static bool set_common(struct fetcher *fetcher, const struct fetcher_options *options,
                       struct error *err)
{
    static const char own_agent[] = "Mozilla/5.0 (compatible; Linksnap/" LINKSNAP_VERSION ")";
    const char *agent = options->user_agent != NULL ? options->user_agent : own_agent;
    const char *language = options->accept_language;
    if (!header_value(agent) || (language != NULL && !header_value(language)))
        return error_set(err, ERR_PARAMS, "A header's value has a control character in it");
    fetcher->common.allow_private = options->allow_private;
    fetcher->common.user_agent = slice_dup(slice_of(agent));
    if (fetcher->common.user_agent == NULL)
        return error_no_memory(err);
    if (language != NULL) {
        fetcher->common.accept_language = slice_dup(slice_of(language));
        if (fetcher->common.accept_language == NULL)
            return error_no_memory(err);
    }
    return true;
}

static bool set_multi(CURLM *multi)
{
    return curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, LIMIT_HOST_CONNECTIONS) ==
               CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, LIMIT_TOTAL_CONNECTIONS) ==
               CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, LIMIT_TOTAL_CONNECTIONS) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, LIMIT_STREAMS) == CURLM_OK;
}

bool fetcher_create(const struct fetcher_options *options, struct fetcher **fetcher_out,
                    struct error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(err, ERR_INTERNAL, "libcurl cannot be set up");
    struct fetcher *fetcher = calloc(1, sizeof *fetcher);
    if (fetcher == NULL) {
        curl_global_cleanup();
        return error_no_memory(err);
    }
    fetcher->interrupted = options->interrupted;
    fetcher->interrupted_arg = options->interrupted_arg;
    fetcher->wake_fd = options->wake_fd;
    fetcher->common.shared = options->places != NULL;
    origins_init(&fetcher->origins, options->places);
    if (!set_common(fetcher, options, err))
        goto fail;
    fetcher->multi = curl_multi_init();
    if (fetcher->multi == NULL || !set_multi(fetcher->multi)) {
        error_no_memory(err);
        goto fail;
    }
    *fetcher_out = fetcher;
    return true;
fail:
    fetcher_destroy(fetcher);
    return false;
}

void fetcher_destroy(struct fetcher *fetcher)
{
    if (fetcher == NULL)
        return;
    for (struct transfer *t = fetcher->active.first; t != NULL; t = t->next)
        curl_multi_remove_handle(fetcher->multi, t->easy);
    transfers_finish(&fetcher->active);
    transfers_finish(&fetcher->refused);
    curl_multi_cleanup(fetcher->multi); /* closes connections: their origins are told */
    origins_finish(&fetcher->origins);
    free(fetcher->common.accept_language);
    free(fetcher->common.user_agent);
    free(fetcher);
    curl_global_cleanup();
}

/* ---- requests coming in and starting ---- */

static bool enqueue(struct fetcher *fetcher, struct transfer *t, struct error *err)
{
    if (t->fault == ERR_NONE && !origins_add(&fetcher->origins, t, err))
        return false;
    if (t->fault != ERR_NONE)
        transfers_append(&fetcher->refused, t);
    return true;
}

bool fetcher_add(struct fetcher *fetcher, const struct fetch_request *request, struct error *err)
{
    struct transfer *t;
    if (!transfer_create(&fetcher->common, request, &t, err))
        return false;
    if (enqueue(fetcher, t, err))
        return true;
    transfer_destroy(t);
    return false;
}

size_t fetcher_pending(const struct fetcher *fetcher)
{
    return fetcher->origins.waiting + fetcher->active.count + fetcher->refused.count;
}

static void set_first(struct fetcher *fetcher)
{
    if (fetcher->active.first != NULL)
        fetcher->active.first->first = true;
}

static bool start_all(struct fetcher *fetcher, struct error *err)
{
    struct transfer *t;
    while ((t = origins_take(&fetcher->origins, clock_steady())) != NULL) {
        t->started_ms = clock_steady();
        bool ok = transfer_start(t, err);
        if (ok && curl_multi_add_handle(fetcher->multi, t->easy) != CURLM_OK)
            ok = error_set(err, ERR_INTERNAL, "libcurl refused a transfer");
        if (!ok) {
            transfer_destroy(t);
            return false;
        }
        transfers_append(&fetcher->active, t);
        set_first(fetcher);
    }
    return true;
}

/* Takes a transfer out of libcurl; its easy handle can still be asked. */
static void stop(struct fetcher *fetcher, struct transfer *t)
{
    origins_release(&fetcher->origins, t);
    curl_multi_remove_handle(fetcher->multi, t->easy);
    transfers_remove(&fetcher->active, t);
    t->first = false;
    t->spent_ms += clock_steady() - t->started_ms;
    set_first(fetcher);
}

/* ---- ending requests ---- */

static void deliver(struct transfer *t, const struct fetch_result *result)
{
    if (t->done != NULL)
        t->done(result, t->arg);
    transfer_destroy(t);
}

static void note_protocol(struct transfer *t)
{
    long version = 0;
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
    if (version == CURL_HTTP_VERSION_2_0)
        t->origin->multiplexed = true;
}

/* What was held back goes on, now that a body has been freed or another one is the oldest. */
static void resume_paused(struct fetcher *fetcher)
{
    for (struct transfer *t = fetcher->active.first; t != NULL; t = t->next) {
        if (t->paused) {
            t->paused = false;
            curl_easy_pause(t->easy, CURLPAUSE_CONT);
        }
    }
}

/* What waits for a host that lets everything run into its time need not wait for that. */
static void note_end(struct fetcher *fetcher, struct transfer *t, CURLcode code)
{
    struct transfer *waiting;
    origins_note_end(t->origin, code == CURLE_OPERATION_TIMEDOUT);
    if (!origins_is_tired(t->origin))
        return;
    while ((waiting = origins_give_up_host(&fetcher->origins, t->origin->host)) != NULL)
        transfers_append(&fetcher->refused, waiting);
}

static bool finish(struct fetcher *fetcher, struct transfer *t, CURLcode code, struct error *err)
{
    struct origin *origin = t->origin; /* a redirect may lead to another, and the end is t's end */
    stop(fetcher, t);
    note_protocol(t);
    note_end(fetcher, t, code);
    if (transfer_redirect(t) && t->fault == ERR_NONE) {
        transfer_reset(t);
        if (!enqueue(fetcher, t, err)) {
            transfer_destroy(t);
            return false;
        }
    } else {
        struct fetch_result result;
        transfer_judge(t, code, &result);
        deliver(t, &result);
    }
    origins_settle(&fetcher->origins, origin, &fetcher->active);
    resume_paused(fetcher);
    return true;
}

static void deliver_refused(struct fetcher *fetcher)
{
    struct transfer *t;
    while (!fetcher->stopped && (t = transfers_take(&fetcher->refused)) != NULL) {
        struct fetch_result result;
        transfer_judge(t, CURLE_OK, &result);
        deliver(t, &result);
    }
}

static void time_out(struct transfer *t)
{
    struct fetch_result result;
    transfer_time_out(t, &result);
    deliver(t, &result);
}

/* The run's deadline has passed; requests that the callbacks add meet the same end. */
static void time_out_all(struct fetcher *fetcher)
{
    while (!fetcher->stopped && fetcher_pending(fetcher) > 0) {
        struct transfer *t;
        deliver_refused(fetcher);
        while (!fetcher->stopped && (t = fetcher->active.first) != NULL) {
            struct origin *origin = t->origin;
            stop(fetcher, t);
            time_out(t);
            origins_settle(&fetcher->origins, origin, &fetcher->active);
        }
        while (!fetcher->stopped && (t = origins_give_up(&fetcher->origins)) != NULL)
            time_out(t);
    }
}

/* ---- the loop ---- */

static bool readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&one, 1, 0) > 0;
}

static bool check_interrupt(struct fetcher *fetcher, struct error *err)
{
    int64_t now = clock_steady();
    if (fetcher->interrupted == NULL || (!fetcher->woken && now - fetcher->asked_ms < ASK_MS))
        return true;
    bool stopped = fetcher->interrupted(fetcher->interrupted_arg);
    fetcher->asked_ms = now;
    fetcher->woken = false;
    fetcher->unread = readable(fetcher->wake_fd);
    return !stopped || error_set(err, ERR_CANCELLED, "Stopped");
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Sleeps until something can be done. A descriptor that `interrupted` left unread is not listened
 * to until it is asked again: the loop would spin. */
static bool wait_for_work(struct fetcher *fetcher, int64_t deadline, struct error *err)
{
    int64_t now = clock_steady();
    int64_t wait = smaller(deadline - now, WAIT_MS);
    int64_t delay = origins_delay(&fetcher->origins, now);
    if (delay >= 0)
        wait = smaller(wait, delay);
    if (fetcher->interrupted != NULL)
        wait = smaller(wait, fetcher->asked_ms + (fetcher->unread ? ASK_MS : WAIT_MS) - now);
    struct curl_waitfd wake = {.fd = fetcher->wake_fd, .events = CURL_WAIT_POLLIN};
    bool listen = fetcher->wake_fd >= 0 && fetcher->interrupted != NULL && !fetcher->unread;
    if (curl_multi_poll(fetcher->multi, &wake, listen ? 1 : 0, wait > 0 ? (int)wait : 0, NULL) !=
        CURLM_OK)
        return error_set(err, ERR_INTERNAL, "libcurl failed to wait");
    fetcher->woken = listen && wake.revents != 0;
    return true;
}

static bool perform(struct fetcher *fetcher, struct error *err)
{
    int running;
    CURLMcode code = curl_multi_perform(fetcher->multi, &running);
    if (code == CURLM_OUT_OF_MEMORY)
        return error_no_memory(err);
    if (code != CURLM_OK)
        return error_set(err, ERR_INTERNAL, "libcurl failed: %s", curl_multi_strerror(code));
    return true;
}

static bool finish_all(struct fetcher *fetcher, int64_t deadline, struct error *err)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(fetcher->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct transfer *t = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        if (!finish(fetcher, t, message->data.result, err))
            return false;
        /* Callbacks take their time. */
        if (fetcher->stopped || clock_steady() >= deadline)
            return true;
        if (!check_interrupt(fetcher, err))
            return false;
    }
    return true;
}

static bool run(struct fetcher *fetcher, int64_t deadline, struct error *err)
{
    for (;;) {
        deliver_refused(fetcher);
        if (fetcher->stopped || fetcher_pending(fetcher) == 0)
            return true;
        if (clock_steady() >= deadline) {
            time_out_all(fetcher);
            return true;
        }
        if (!check_interrupt(fetcher, err) || !start_all(fetcher, err) || !perform(fetcher, err) ||
            !finish_all(fetcher, deadline, err))
            return false;
        if (fetcher->stopped)
            return true;
        origins_offer(&fetcher->origins, &fetcher->active, clock_steady());
        bool idle = fetcher->refused.count == 0 && fetcher_pending(fetcher) > 0;
        if (idle && !wait_for_work(fetcher, deadline, err))
            return false;
    }
}

void fetcher_forbid_private(struct fetcher *fetcher)
{
    fetcher->common.allow_private = false;
}

void fetcher_stop(struct fetcher *fetcher)
{
    fetcher->stopped = true;
}

bool fetcher_run(struct fetcher *fetcher, long deadline_ms, struct error *err)
{
    if (fetcher->running)
        return error_set(err, ERR_INTERNAL, "The fetcher is running already");
    fetcher->running = true;
    fetcher->asked_ms = clock_steady() - ASK_MS;
    bool ok = run(fetcher, clock_steady() + smaller(deadline_ms, INT_MAX), err);
    fetcher->running = false;
    return ok;
}

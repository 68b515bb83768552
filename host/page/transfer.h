/* One request on its way: an easy handle of libcurl, configured, filled and judged. Used by
 * page/fetch.c alone, which decides when it starts and what a redirect leads to. */
#ifndef PAGE_TRANSFER_H
#define PAGE_TRANSFER_H

#include "base/limits.h"
#include "page/fetch.h"

#include <curl/curl.h>
#include <stdint.h>

struct origin;

/* What all transfers of a fetcher have in common. */
struct transfer_common {
    bool allow_private;
    char *user_agent;
    char *accept_language; /* NULL: none sent */
    bool shared;           /* connections are counted with other processes': page/origins.h */
    size_t held;           /* bytes of all bodies under way */
};

struct transfer {
    struct transfer_common *common;
    struct transfer *next; /* in the one list it is in */
    struct transfer *previous;
    struct origin *origin; /* page/origins.h; of this hop */

    char *url; /* normalized; that of the last redirect */
    char *referrer;
    enum referrer_policy referrer_policy;
    char *accept;
    size_t max_bytes;
    size_t (*ceiling)(const char *content_type, void *arg);
    bool head;
    long timeout_ms;
    fetch_done_fn done;
    void *arg;

    size_t redirects;                /* followed so far */
    char *hop_urls[LIMIT_REDIRECTS]; /* what hops[].url borrows */
    struct fetch_hop hops[LIMIT_REDIRECTS];
    int64_t started_ms; /* of this hop */
    int64_t spent_ms;   /* by earlier hops */

    CURL *easy;       /* while under way */
    CURLcode refusal; /* of the newest option that was set */
    struct curl_slist *headers;
    struct buf body;
    size_t body_max; /* max_bytes, or less for its Content-Type */
    size_t header_bytes;
    size_t skipped;        /* bytes of a redirect's body, which nobody wants */
    bool coded;            /* the body comes packed */
    bool begun;            /* the first byte of the body is there */
    bool redirecting;      /* the answer is a redirect with a Location */
    bool may_private;      /* no hop so far came from a public address */
    bool is_private;       /* the address that this hop was sent to */
    bool refused_private;  /* an address was refused */
    bool first;            /* the oldest one under way: never held back */
    bool multiplexed;      /* was started on an HTTP/2 connection */
    bool paused;           /* held back until others have freed their bodies */
    enum error_code fault; /* set by a callback of ours that stopped it, or before it started */
    const char *fault_text;
    char reason[64];
};

/* A list in order of entry. */
struct transfers {
    struct transfer *first;
    struct transfer *last;
    size_t count;
};

void transfers_append(struct transfers *list, struct transfer *t);
void transfers_remove(struct transfers *list, struct transfer *t);
/* The first one, taken out; NULL when there is none. */
struct transfer *transfers_take(struct transfers *list);
/* Destroys all. */
void transfers_finish(struct transfers *list);

/* Copies a request; a URL that may not be fetched gives a transfer whose `fault` is set. */
bool transfer_create(struct transfer_common *common, const struct fetch_request *request,
                     struct transfer **transfer_out, struct error *err) MUST_CHECK;
/* The easy handle must not be in a multi handle any more. */
void transfer_destroy(struct transfer *transfer);

/* Makes the easy handle for t->url. */
bool transfer_start(struct transfer *t, struct error *err) MUST_CHECK;
/* Ends what transfer_start() and the callbacks made; the request stays. */
void transfer_reset(struct transfer *t);

/* Makes `url` the one to ask for, or sets the fault that keeps it from that. */
bool transfer_take_url(struct transfer *t, const char *url, struct error *err) MUST_CHECK;

/* CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION; arg is the transfer. */
size_t transfer_on_header(char *bytes, size_t size, size_t count, void *arg);
size_t transfer_on_body(char *bytes, size_t size, size_t count, void *arg);

/* HTTP status of the answer so far; 0 when there is none. */
long transfer_status(const struct transfer *t);
/* A header of the answer, the last one of that name; NULL when there is none or it is empty.
 * Trailers are not looked at. */
const char *transfer_header(const struct transfer *t, const char *name);
/* Whether the answer is a redirect with a Location. */
bool transfer_is_redirect(const struct transfer *t);
/* Retry-After's value as fetch_result.retry_after_ms, `now` being seconds since 1970; NULL: -1. */
int64_t transfer_retry_after(const char *value, int64_t now);

/* When the answer was a redirect: makes t->url what it leads to, or sets t->fault. False when it
 * was none. Call before transfer_reset(). */
bool transfer_redirect(struct transfer *t);

/* Fills the result for an ended transfer. Its strings live as long as the transfer and its easy
 * handle. */
void transfer_judge(struct transfer *t, CURLcode code, struct fetch_result *result_out);
/* The same for one that had no time left to end. */
void transfer_time_out(const struct transfer *t, struct fetch_result *result_out);

#endif

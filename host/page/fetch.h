/* The only door to the network: HTTP(S) GET and HEAD through libcurl's multi interface, many at
 * once, each bounded in bytes and time. Nothing else is spoken: no other scheme, no proxy from the
 * environment, no cookies, no credentials, no netrc. The program is to ignore SIGPIPE.
 *
 * The private network (page/address.h) is reached by who has the right to it, and by nobody else:
 *
 *   - What counts is the address that a request is really about to be sent to, whatever the name
 *     says and said before, and whoever opened the connection.
 *   - A request begins with the right of its fetcher (`allow_private`, fetcher_forbid_private).
 *   - It has none when what asks for it (a style sheet, a frame) came from a public address.
 *   - It loses it for good when a redirect comes from a public address: a public server leads
 *     nobody into a private network, nor back into it.
 *   - A page has the right when it was itself answered from a private address
 *     (fetch_result.from_private). Of a page that this program has not fetched nobody knows that,
 *     and a name can be made to mean another address at any moment: there it is the URL that must
 *     say so itself (fetch_url_is_private), or the person.
 *
 * Of one host, whatever the port, a fetcher takes LIMIT_HOST_REQUESTS answers and LIMIT_HOST_BODY
 * bytes, and no more after LIMIT_HOST_TIMEOUTS requests in a row that ran into their time.
 */
#ifndef PAGE_FETCH_H
#define PAGE_FETCH_H

#include "base/buf.h"
#include "base/lockfile.h"
#include "page/referrer.h"

struct fetcher;

struct fetcher_options {
    bool allow_private;          /* may send requests to private addresses: see above */
    const char *user_agent;      /* NULL: one of this program's own */
    const char *accept_language; /* NULL: none sent */
    /* Asked at least every 100 ms while fetcher_run waits, and at once when `wake_fd` (-1 for none)
     * becomes readable; true ends the run with ERR_CANCELLED. May be NULL. */
    bool (*interrupted)(void *arg);
    void *interrupted_arg;
    int wake_fd;
    /* Shares LIMIT_HOST_CONNECTIONS for each host with all other processes that have this file;
     * NULL: counts its own alone. Borrowed, and one fetcher's at a time in a process. When the file
     * fails it goes on alone. */
    struct lockfile *places;
};

/* A redirect: the URL that answered with it, and its status. */
struct fetch_hop {
    const char *url;
    long status;
};

/* Values of this struct and its strings are valid during the callback only. */
struct fetch_result {
    enum error_code fault;    /* ERR_NONE: a body with a status below 400 */
    const char *reason;       /* with a fault: one sentence, no URL in it */
    long status;              /* HTTP status, or 0 when there was no answer */
    const char *url;          /* final URL after redirects */
    const char *content_type; /* header's value, or "" */
    const char *disposition;  /* Content-Disposition, or "" */
    /* Retry-After (RFC 9110 §10.2.3) in milliseconds from now, LIMIT_RETRY_AFTER_MS at most; -1
     * without one. */
    int64_t retry_after_ms;
    const struct fetch_hop *hops; /* the redirects on the way to `url`, in their order */
    size_t hop_count;
    bool from_private; /* it was a private address that answered, and at every hop before */
    struct slice body; /* decoded (gzip, br, zstd); of an error answer too, up to the ceiling */
};

typedef void (*fetch_done_fn)(const struct fetch_result *result, void *arg);

struct fetch_request {
    const char *url;
    const char *referrer;                 /* the page or style sheet that asks; NULL: none */
    enum referrer_policy referrer_policy; /* what is said of it */
    const char *accept;                   /* Accept header; NULL: any */
    size_t max_bytes;                     /* of the decoded body */
    /* Bytes for a body of this Content-Type (may be ""), max_bytes at most; NULL: max_bytes. Asked
     * once for each body that is not a redirect's, from inside libcurl: it must not touch the
     * fetcher. */
    size_t (*ceiling)(const char *content_type, void *arg);
    bool head;          /* HEAD: no body */
    bool for_public;    /* somebody on a public address has chosen it: no private address */
    long timeout_ms;    /* from the start of the transfer to its last byte */
    fetch_done_fn done; /* called once, from fetcher_run; may add further requests */
    void *arg;
};

bool fetcher_create(const struct fetcher_options *options, struct fetcher **fetcher_out,
                    struct error *err) MUST_CHECK;
/* Ends what is under way; its callbacks are not called. Not to be called from a callback. */
void fetcher_destroy(struct fetcher *fetcher);

/* Queues a request; strings are copied. A URL that may not be fetched (scheme, credentials,
 * length) is not an error here: its callback comes with the fault. */
bool fetcher_add(struct fetcher *fetcher, const struct fetch_request *request,
                 struct error *err) MUST_CHECK;

/* Works until nothing is queued or under way. `deadline_ms` bounds the whole run; at its end all
 * that is left, and all that callbacks still add, gets its callback with ERR_TIMEOUT. When the run
 * itself fails (ERR_CANCELLED, ERR_NO_MEMORY, ERR_INTERNAL) what is left stays until
 * fetcher_destroy(), without a callback. Not to be called from a callback. */
bool fetcher_run(struct fetcher *fetcher, long deadline_ms, struct error *err) MUST_CHECK;

/* Called from a callback: the run ends, as if all were done, when the callback has returned; what
 * is left stays until fetcher_destroy(), without a callback. Nothing can be run any more. */
void fetcher_stop(struct fetcher *fetcher);

/* From here on nothing more is sent to a private address, for no request that there is or will be.
 */
void fetcher_forbid_private(struct fetcher *fetcher);

/* How many requests are queued or under way. */
size_t fetcher_pending(const struct fetcher *fetcher);

/* Whether the URL's host is a private, loopback or link-local address, or a name that resolves to
 * such addresses alone, now. False too when it does not resolve. */
bool fetch_host_is_private(const char *url);

/* Whether the URL itself says that its host is private, so that whoever reads it knows: a private
 * address, `localhost`, a name of one label, or one under a top-level name that is nobody's in the
 * public DNS (RFC 6761, 6762, 8375, 9476 and what ICANN keeps free). No name is looked up. */
bool fetch_url_is_private(const char *url);

#endif

/* Fetches for tests: requests go in, what their callbacks were told stays to be looked at. */
#ifndef TEST_FETCH_HARNESS_H
#define TEST_FETCH_HARNESS_H

#include "base/clock.h"
#include "base/limits.h"
#include "page/fetch.h"

#include "http_server.h"

#include <stdint.h>

struct got {
    int calls; /* of the callback */
    enum error_code fault;
    char reason[128];
    long status;
    char url[512];
    char content_type[128];
    size_t body_len;
    char body[64]; /* its start, NUL-terminated */
    char disposition[128];
    int64_t retry_after_ms;
    size_t hop_count;
    bool from_private;
    struct {
        char url[512];
        long status;
    } hops[LIMIT_REDIRECTS];
    size_t ceiling;      /* what harness_ceiling() is to answer */
    int ceilings;        /* its calls */
    char ceiling_of[64]; /* the Content-Type that it was asked for */
    int64_t at_ms;       /* since clock_steady() of the process's start */
};

/* A fetcher that may connect to this machine, or not. Ends the test when it cannot be made. */
struct fetcher *harness_fetcher(bool allow_private);

/* Queues `url`; *got, which must be zeroed, is filled when it ends. */
void harness_add(struct fetcher *fetcher, const char *url, size_t max_bytes, long timeout_ms,
                 struct got *got);
/* The same for a path of the server, with 1000 bytes and 5 seconds. */
void harness_get(struct fetcher *fetcher, const struct http_server *server, const char *path,
                 struct got *got);
/* Runs to the end, at most 60 seconds. */
void harness_run(struct fetcher *fetcher);

/* One request from start to end. */
void harness_fetch(const struct http_server *server, const char *path, size_t max_bytes,
                   long timeout_ms, struct got *got);

/* The same with what `request` says, except for its url, done and arg. *got is not zeroed. */
void harness_ask(const struct http_server *server, const char *path, struct fetch_request request,
                 struct got *got);
size_t harness_ceiling(const char *content_type, void *arg);

/* The callback, for requests made by hand: arg is a struct got. */
void harness_done(const struct fetch_result *result, void *arg);

#endif

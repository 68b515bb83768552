#include "fetch_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

void harness_done(const struct fetch_result *result, void *arg)
{
    struct got *got = arg;
    got->calls++;
    got->fault = result->fault;
    got->status = result->status;
    got->body_len = result->body.len;
    got->at_ms = clock_steady();
    snprintf(got->reason, sizeof got->reason, "%s", result->reason != NULL ? result->reason : "");
    snprintf(got->url, sizeof got->url, "%s", result->url);
    snprintf(got->content_type, sizeof got->content_type, "%s", result->content_type);
    snprintf(got->disposition, sizeof got->disposition, "%s", result->disposition);
    got->retry_after_ms = result->retry_after_ms;
    got->hop_count = result->hop_count;
    got->from_private = result->from_private;
    assert_in_range(result->hop_count, 0, LIMIT_REDIRECTS);
    for (size_t i = 0; i < result->hop_count; i++) {
        got->hops[i].status = result->hops[i].status;
        snprintf(got->hops[i].url, sizeof got->hops[i].url, "%s", result->hops[i].url);
    }
    struct slice start = slice_sub(result->body, 0, sizeof got->body - 1);
    if (start.len > 0)
        memcpy(got->body, start.ptr, start.len);
    got->body[start.len] = '\0';
    /* A fault has its sentence, without the URL in it; a success has none. */
    assert_true((result->fault == ERR_NONE) == (result->reason == NULL));
    assert_null(strstr(got->reason, "127.0.0.1"));
}

struct fetcher *harness_fetcher(bool allow_private)
{
    struct error err = {0};
    struct fetcher *fetcher = NULL;
    const struct fetcher_options options = {.allow_private = allow_private, .wake_fd = -1};
    assert_true(fetcher_create(&options, &fetcher, &err));
    return fetcher;
}

void harness_add(struct fetcher *fetcher, const char *url, size_t max_bytes, long timeout_ms,
                 struct got *got)
{
    struct error err = {0};
    const struct fetch_request request = {.url = url,
                                          .max_bytes = max_bytes,
                                          .timeout_ms = timeout_ms,
                                          .done = harness_done,
                                          .arg = got};
    assert_true(fetcher_add(fetcher, &request, &err));
}

void harness_get(struct fetcher *fetcher, const struct http_server *server, const char *path,
                 struct got *got)
{
    char url[512];
    harness_add(fetcher, http_server_url(server, path, url, sizeof url), 1000, 5000, got);
}

void harness_run(struct fetcher *fetcher)
{
    struct error err = {0};
    assert_true(fetcher_run(fetcher, 60000, &err));
    assert_int_equal(fetcher_pending(fetcher), 0);
}

void harness_fetch(const struct http_server *server, const char *path, size_t max_bytes,
                   long timeout_ms, struct got *got)
{
    char url[512];
    struct fetcher *fetcher = harness_fetcher(true);
    *got = (struct got){0};
    harness_add(fetcher, http_server_url(server, path, url, sizeof url), max_bytes, timeout_ms,
                got);
    harness_run(fetcher);
    fetcher_destroy(fetcher);
    assert_int_equal(got->calls, 1);
}

size_t harness_ceiling(const char *content_type, void *arg)
{
    struct got *got = arg;
    got->ceilings++;
    snprintf(got->ceiling_of, sizeof got->ceiling_of, "%s", content_type);
    return got->ceiling;
}

void harness_ask(const struct http_server *server, const char *path, struct fetch_request request,
                 struct got *got)
{
    char url[512];
    struct error err = {0};
    struct fetcher *fetcher = harness_fetcher(true);
    request.url = http_server_url(server, path, url, sizeof url);
    request.done = harness_done;
    request.arg = got;
    assert_true(fetcher_add(fetcher, &request, &err));
    harness_run(fetcher);
    fetcher_destroy(fetcher);
    assert_int_equal(got->calls, 1);
}

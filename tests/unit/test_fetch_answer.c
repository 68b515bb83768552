/* page: fetch, transfer: what an answer says of itself beside its body, and what is asked without
 * one. */
#include "base/limits.h"
#include "fetch_harness.h"
#include "page/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- redirects on the way ---- */

static void the_redirects_on_the_way_are_told(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a?q=1", .status = 301, .headers = "Location: /b\r\n"},
        {.path = "/b", .status = 307, .headers = "Location: c#part\r\n"},
        {.path = "/c", .body = "there"},
        {.path = "/gone", .status = 302, .headers = "Location: /none\r\n"},
        {.path = "/file", .status = 303, .headers = "Location: /leave\r\n"},
        {.path = "/leave", .status = 302, .headers = "Location: file:///etc/passwd\r\n"},
        {.path = "/loop", .status = 308, .headers = "Location: /loop\r\n"},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct got got;
    char url[200];
    harness_fetch(server, "/c", 100, 5000, &got);
    assert_int_equal(got.hop_count, 0);
    harness_fetch(server, "/a?q=1#top", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_int_equal(got.hop_count, 2);
    assert_string_equal(got.hops[0].url, http_server_url(server, "/a?q=1#top", url, sizeof url));
    assert_int_equal(got.hops[0].status, 301);
    assert_string_equal(got.hops[1].url, http_server_url(server, "/b#top", url, sizeof url));
    assert_int_equal(got.hops[1].status, 307);
    assert_string_equal(got.url, http_server_url(server, "/c#part", url, sizeof url));
    harness_fetch(server, "/gone", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_STATUS);
    assert_int_equal(got.hop_count, 1);
    assert_int_equal(got.hops[0].status, 302);
    /* One that is not followed is no hop. */
    harness_fetch(server, "/file", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_REDIRECT);
    assert_int_equal(got.hop_count, 1);
    assert_int_equal(got.hops[0].status, 303);
    assert_string_equal(got.url, http_server_url(server, "/leave", url, sizeof url));
    harness_fetch(server, "/loop", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_REDIRECT);
    assert_int_equal(got.hop_count, LIMIT_REDIRECTS);
    http_server_stop(server);
}

static void the_redirects_are_told_of_what_the_deadline_ends(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a", .status = 302, .headers = "Location: /silent\r\n"},
        {.path = "/silent", .manner = HTTP_SILENT}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    struct error err = {0};
    struct got got = {0};
    harness_get(fetcher, server, "/a", &got);
    assert_true(fetcher_run(fetcher, 500, &err));
    assert_int_equal(got.fault, ERR_TIMEOUT);
    assert_int_equal(got.hop_count, 1);
    assert_int_equal(got.retry_after_ms, -1);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

/* ---- headers ---- */

static void the_disposition_is_told(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/plain", .body = "x"},
        {.path = "/empty", .headers = "Content-Disposition:\r\n", .body = "x"},
        {.path = "/named",
         .headers = "content-disposition: attachment; filename=\"a b.pdf\"\r\n",
         .body = "x"},
        {.path = "/redirect",
         .status = 302,
         .headers = "Content-Disposition: attachment\r\nLocation: /plain\r\n"},
    };
    static const char *const want[] = {"", "", "attachment; filename=\"a b.pdf\"", ""};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(routes); i++) {
        struct got got;
        harness_fetch(server, routes[i].path, 100, 5000, &got);
        assert_int_equal(got.fault, ERR_NONE);
        assert_string_equal(got.disposition, want[i]);
    }
    http_server_stop(server);
}

static void retry_after_is_read_as_seconds_or_a_date(void **state)
{
    (void)state;
    enum { NOW = 784111777 }; /* Sun, 06 Nov 1994 08:49:37 GMT: RFC 9110 §5.6.7 */
    static const struct {
        const char *value;
        int64_t ms;
    } cases[] = {
        {"", -1},
        {"0", 0},
        {"120", 120000},
        {" 7\t", 7000},
        {"007", 7000},
        {"3600", LIMIT_RETRY_AFTER_MS},
        {"3599", LIMIT_RETRY_AFTER_MS - 1000},
        {"3601", LIMIT_RETRY_AFTER_MS},
        {"99999999999999999999999999", LIMIT_RETRY_AFTER_MS},
        {"99999999999999999999999999x", -1},
        {"-1", -1},
        {"+1", -1},
        {"1.5", -1},
        {"10 s", -1},
        {"0x10", -1},
        {"soon", -1},
        {"Sun", -1},
        {"1994-11-06 08:50:37", -1},
        {"20361106 08:50:37", -1},
        {"Sun, 06 Nov 1994 08:49:47 GMT", 10000},
        {"Sunday, 06-Nov-94 08:49:47 GMT", 10000},
        {"Sun Nov  6 08:49:47 1994", 10000},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Sun, 06 Nov 1994 08:49:36 GMT", 0},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Sun, 06 Nov 1994 09:49:37 GMT", LIMIT_RETRY_AFTER_MS},
        {"Fri, 31 Dec 9999 23:59:59 GMT", LIMIT_RETRY_AFTER_MS},
        {"Sun, 99 Nov 1994 08:49:37 GMT", -1},
        {"\xE4\xB8\xAD", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ms = transfer_retry_after(cases[i].value, NOW);
        if (ms != cases[i].ms)
            fail_msg("'%s' gives %lld", cases[i].value, (long long)ms);
    }
}

static void refusals_are_told_with_their_status(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/401", .status = 401, .headers = "WWW-Authenticate: Basic realm=x\r\n"},
        {.path = "/403", .status = 403, .headers = "Retry-After: 5\r\n", .body = "no"},
        {.path = "/407", .status = 407, .headers = "Proxy-Authenticate: Basic realm=x\r\n"},
        {.path = "/429", .status = 429, .body = "slow down"},
        {.path = "/429-wait", .status = 429, .headers = "Retry-After: 30\r\n"},
        {.path = "/503", .status = 503, .headers = "retry-after: 99999\r\n"},
        {.path = "/503-late",
         .status = 503,
         .headers = "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n"},
        {.path = "/503-garbage", .status = 503, .headers = "Retry-After: later\r\n"},
        {.path = "/200", .headers = "Retry-After: 1\r\n", .body = "x"},
    };
    static const struct {
        const char *reason; /* NULL: no fault */
        int64_t retry_after_ms;
    } want[] = {
        {"401 Unauthorized", -1},
        {"403 Forbidden", 5000},
        {"407 Proxy Authentication Required", -1},
        {"429 Too Many Requests", -1},
        {"429 Too Many Requests", 30000},
        {"503 Service Unavailable", LIMIT_RETRY_AFTER_MS},
        {"503 Service Unavailable", LIMIT_RETRY_AFTER_MS},
        {"503 Service Unavailable", -1},
        {NULL, 1000},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(routes); i++) {
        struct got got;
        harness_fetch(server, routes[i].path, 100, 5000, &got);
        assert_int_equal(got.fault, want[i].reason != NULL ? ERR_STATUS : ERR_NONE);
        assert_string_equal(got.reason, want[i].reason != NULL ? want[i].reason : "");
        assert_int_equal(got.retry_after_ms, want[i].retry_after_ms);
        assert_int_equal(http_server_hits(server, routes[i].path), 1); /* not asked again here */
    }
    http_server_stop(server);
}

/* ---- a ceiling for each type ---- */

static void the_ceiling_follows_the_content_type(void **state)
{
    (void)state;
    static char body[3000];
    memset(body, 'x', sizeof body);
    static const struct http_route routes[] = {
        {.path = "/length", .type = "a/b; c=d", .body = body, .body_len = sizeof body},
        {.path = "/chunked", .body = body, .body_len = sizeof body, .manner = HTTP_CHUNKED},
        {.path = "/404", .status = 404, .type = "a/b", .body = body, .body_len = sizeof body},
        {.path = "/endless", .type = "a/b", .body = "0123456789", .manner = HTTP_ENDLESS_BODY},
        {.path = "/empty", .type = "a/b"},
        {.path = "/moved", .status = 302, .headers = "Location: /length\r\n", .body = "moved"},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    static const struct {
        const char *path;
        size_t max_bytes;
        size_t ceiling;
        enum error_code fault;
        size_t len;
        int asked;
        const char *type;
    } cases[] = {
        {"/length", 5000, 3000, ERR_NONE, 3000, 1, "a/b; c=d"},
        {"/length", 5000, 2999, ERR_TOO_LARGE, 0, 1, "a/b; c=d"},
        {"/length", 3000, 5000, ERR_NONE, 3000, 1, "a/b; c=d"},
        {"/length", 2999, SIZE_MAX, ERR_TOO_LARGE, 0, 1, "a/b; c=d"},
        {"/length", 5000, 0, ERR_TOO_LARGE, 0, 1, "a/b; c=d"},
        {"/chunked", 5000, 3000, ERR_NONE, 3000, 1, ""},
        {"/chunked", 5000, 2999, ERR_TOO_LARGE, 0, 1, ""},
        {"/404", 5000, 100, ERR_STATUS, 100, 1, "a/b"},
        {"/endless", 5000, 100, ERR_TOO_LARGE, 0, 1, "a/b"},
        {"/empty", 5000, 0, ERR_NONE, 0, 0, ""},
        {"/moved", 5000, 3000, ERR_NONE, 3000, 1, "a/b; c=d"},
        {"/moved", 5000, 2999, ERR_TOO_LARGE, 0, 1, "a/b; c=d"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got got = {.ceiling = cases[i].ceiling};
        const struct fetch_request request = {
            .max_bytes = cases[i].max_bytes, .ceiling = harness_ceiling, .timeout_ms = 5000};
        harness_ask(server, cases[i].path, request, &got);
        if (got.fault != cases[i].fault || got.body_len != cases[i].len)
            fail_msg("%zu gives %s, %zu", i, error_name(got.fault), got.body_len);
        assert_int_equal(got.ceilings, cases[i].asked);
        assert_string_equal(got.ceiling_of, cases[i].type);
    }
    http_server_stop(server);
}

/* A length of 10 GB is not waited for: the first byte is enough. */
static void an_announced_length_past_the_ceiling_ends_it(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/",
         .type = "video/mp4",
         .manner = HTTP_STALL,
         .headers = "Content-Length: 10000000000\r\nX-Rest: ",
         .body = "0123456789",
         .amount = 1}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct got got = {.ceiling = 100};
    const struct fetch_request request = {
        .max_bytes = 5000, .ceiling = harness_ceiling, .timeout_ms = 8000};
    int64_t start = clock_steady();
    harness_ask(server, "/", request, &got);
    assert_int_equal(got.fault, ERR_TOO_LARGE);
    assert_true(clock_steady() - start < 4000);
    http_server_stop(server);
}

/* ---- HEAD ---- */

static const struct fetch_request head = {.head = true, .max_bytes = 100, .timeout_ms = 2000};

static void head_gets_the_same_answer_without_the_body(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/", .type = "text/html", .body = "0123456789"},
        {.path = "/large", .headers = "Content-Length: 10000000000\r\nX-Rest: "},
        {.path = "/packed", .headers = "Content-Encoding: gzip\r\n"},
        {.path = "/301", .status = 301, .headers = "Location: /303\r\n", .body = "moved"},
        {.path = "/303", .status = 303, .headers = "Location: /\r\n", .body = "moved"},
        {.path = "/loop", .status = 302, .headers = "Location: /loop\r\n"},
        {.path = "/out", .status = 302, .headers = "Location: javascript:x\r\n"},
        {.path = "/404", .status = 404, .type = "text/html", .body = "gone"},
        {.path = "/405", .status = 405, .headers = "Allow: GET\r\n", .body = "no"},
        {.path = "/503", .status = 503, .headers = "Retry-After: 9\r\n"},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    static const struct {
        const char *path;
        enum error_code fault;
        long status;
        size_t hops;
    } cases[] = {
        {"/", ERR_NONE, 200, 0},        {"/large", ERR_NONE, 200, 0},
        {"/packed", ERR_NONE, 200, 0},  {"/301", ERR_NONE, 200, 2},
        {"/404", ERR_STATUS, 404, 0},   {"/405", ERR_STATUS, 405, 0},
        {"/503", ERR_STATUS, 503, 0},   {"/loop", ERR_REDIRECT, 302, LIMIT_REDIRECTS},
        {"/out", ERR_REDIRECT, 302, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got got = {0};
        struct fetch_request request = head;
        request.ceiling = harness_ceiling;
        harness_ask(server, cases[i].path, request, &got);
        if (got.fault != cases[i].fault)
            fail_msg("%s gives %s (%s)", cases[i].path, error_name(got.fault), got.reason);
        assert_int_equal(got.status, cases[i].status);
        assert_int_equal(got.hop_count, cases[i].hops);
        assert_int_equal(got.body_len, 0);
        assert_int_equal(got.ceilings, 0);
        assert_int_equal(got.retry_after_ms, got.status == 503 ? 9000 : -1);
        const char *asked = http_server_request(server, cases[i].path);
        assert_int_equal(strncmp(asked, "HEAD ", 5), 0);
    }
    /* Each hop was. */
    assert_int_equal(strncmp(http_server_request(server, "/303"), "HEAD ", 5), 0);
    http_server_stop(server);
}

static void bad_answers_to_head_end_in_bounded_time(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/body", .body = "0123456789", .manner = HTTP_BODY_ALWAYS},
        {.path = "/late-body", .body = "01234", .manner = HTTP_BODY_ALWAYS, .pause_ms = 100},
        {.path = "/chunked", .body = "0123456789", .manner = HTTP_CHUNKED},
        {.path = "/endless", .body = "0123456789", .manner = HTTP_ENDLESS_BODY},
        {.path = "/stall", .body = "0123456789", .manner = HTTP_STALL, .amount = 3},
        {.path = "/close", .manner = HTTP_CLOSE},
        {.path = "/reset", .manner = HTTP_RESET},
        {.path = "/silent", .manner = HTTP_SILENT},
        {.path = "/drip-headers", .manner = HTTP_DRIP_HEADERS, .pause_ms = 50},
        {.path = "/headers", .manner = HTTP_ENDLESS_HEADERS},
        {.path = "/garbage", .body = "no web server\r\n\r\n", .manner = HTTP_RAW},
    };
    static const enum error_code want[] = {ERR_NONE,    ERR_NONE,    ERR_NONE,    ERR_NONE,
                                           ERR_NONE,    ERR_CONNECT, ERR_CONNECT, ERR_TIMEOUT,
                                           ERR_TIMEOUT, ERR_SERVER,  ERR_SERVER};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(routes); i++) {
        struct got got = {0};
        struct fetch_request request = head;
        if (want[i] == ERR_TIMEOUT)
            request.timeout_ms = 300;
        int64_t start = clock_steady();
        harness_ask(server, routes[i].path, request, &got);
        if (got.fault != want[i])
            fail_msg("%s gives %s (%s)", routes[i].path, error_name(got.fault), got.reason);
        assert_int_equal(got.body_len, 0);
        assert_true(clock_steady() - start < 1900);
    }
    http_server_stop(server);
}

/* What a server sends behind its answer to HEAD is not taken for the next answer. */
static void a_body_after_head_does_not_reach_the_next_answer(void **state)
{
    (void)state;
    static const char liar[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    static const struct http_route routes[] = {
        {.path = "/at-once", .body = liar, .manner = HTTP_BODY_ALWAYS},
        {.path = "/soon", .body = liar, .manner = HTTP_BODY_ALWAYS, .pause_ms = 30},
        {.path = "/good", .body = "good"},
        {.path = "/wait", .body = "good", .delay_ms = 100},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct error err = {0};
    for (size_t i = 0; i < 4; i++) {
        struct fetcher *fetcher = harness_fetcher(true);
        struct got got[3] = {0};
        char url[200];
        struct fetch_request request = head;
        request.url = http_server_url(server, routes[i % 2].path, url, sizeof url);
        request.done = harness_done;
        request.arg = &got[0];
        assert_true(fetcher_add(fetcher, &request, &err));
        harness_run(fetcher);
        if (i >= 2) { /* the body arrives while nothing is asked */
            struct http_server *other = http_server_start(&routes[3], 1);
            harness_get(fetcher, other, "/wait", &got[2]);
            harness_run(fetcher);
            http_server_stop(other);
        }
        harness_get(fetcher, server, "/good", &got[1]);
        harness_run(fetcher);
        assert_int_equal(got[0].fault, ERR_NONE);
        assert_int_equal(got[1].fault, ERR_NONE);
        assert_string_equal(got[1].body, "good");
        fetcher_destroy(fetcher);
    }
    http_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_redirects_on_the_way_are_told),
        cmocka_unit_test(the_redirects_are_told_of_what_the_deadline_ends),
        cmocka_unit_test(the_disposition_is_told),
        cmocka_unit_test(retry_after_is_read_as_seconds_or_a_date),
        cmocka_unit_test(refusals_are_told_with_their_status),
        cmocka_unit_test(the_ceiling_follows_the_content_type),
        cmocka_unit_test(an_announced_length_past_the_ceiling_ends_it),
        cmocka_unit_test(head_gets_the_same_answer_without_the_body),
        cmocka_unit_test(bad_answers_to_head_end_in_bounded_time),
        cmocka_unit_test(a_body_after_head_does_not_reach_the_next_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

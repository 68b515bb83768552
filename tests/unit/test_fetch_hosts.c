/* page: fetch, origins: what one host may have of a fetcher, whatever its ports. */
#include "fetch_harness.h"
#include "page/origins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static struct transfer_common common;

/* A transfer that is queued, or refused and thrown away; which of them. */
static enum error_code add(struct origins *origins, const char *url)
{
    struct error err = {0};
    struct transfer *t = NULL;
    const struct fetch_request request = {.url = url, .max_bytes = 10, .timeout_ms = 10};
    assert_true(transfer_create(&common, &request, &t, &err));
    assert_true(origins_add(origins, t, &err));
    enum error_code fault = t->fault;
    assert_true((fault == ERR_NONE) == (t->fault_text == NULL));
    if (fault != ERR_NONE)
        transfer_destroy(t);
    return fault;
}

static void a_host_is_asked_so_often_and_no_more(void **state)
{
    (void)state;
    static const char *const same[] = {"http://a.example/x", "https://a.example/",
                                       "http://a.example:8080/y"};
    struct origins origins;
    origins_init(&origins, NULL);
    for (size_t i = 0; i < LIMIT_HOST_REQUESTS; i++)
        assert_int_equal(add(&origins, same[i % COUNT(same)]), ERR_NONE);
    for (size_t i = 0; i < COUNT(same); i++)
        assert_int_equal(add(&origins, same[i]), ERR_LIMIT);
    assert_int_equal(add(&origins, "http://a.example:81/"), ERR_LIMIT);
    assert_int_equal(add(&origins, "http://b.a.example/"), ERR_NONE);
    assert_int_equal(origins.waiting, LIMIT_HOST_REQUESTS + 1);
    origins_finish(&origins);
}

static void a_host_sends_so_much_and_no_more(void **state)
{
    (void)state;
    struct origins origins;
    origins_init(&origins, NULL);
    assert_int_equal(add(&origins, "http://[2606:4700::1]:8080/"), ERR_NONE);
    assert_int_equal(add(&origins, "http://[2606:4700::2]/"), ERR_NONE);
    struct origin *origin = origins.turn;
    while (strstr(origin->key, "::1") == NULL)
        origin = origin->next;
    struct transfer *t = origin->waiting.first;
    assert_true(origins_has_room(t, LIMIT_HOST_BODY));
    assert_false(origins_has_room(t, LIMIT_HOST_BODY + 1));
    assert_int_equal(t->fault, ERR_LIMIT);
    assert_int_equal(add(&origins, "http://[2606:4700::1]/"), ERR_LIMIT);
    t->fault = ERR_NONE;
    origin->host->bytes = LIMIT_HOST_BODY - 1;
    assert_int_equal(add(&origins, "http://[2606:4700::1]/"), ERR_NONE);
    assert_true(origins_has_room(t, 1));
    assert_false(origins_has_room(t, 2));
    assert_int_equal(add(&origins, "https://[2606:4700::1]/"), ERR_LIMIT);
    assert_int_equal(add(&origins, "https://[2606:4700::2]/"), ERR_NONE);
    origins_finish(&origins);
}

static void bytes_of_refused_answers_count(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "*", .body = "0123456789", .manner = HTTP_CHUNKED}};
    struct http_server *server = http_server_start(routes, 1);
    struct error err = {0};
    struct origins origins;
    struct transfer *t = NULL;
    char url[100];
    origins_init(&origins, NULL);
    const struct fetch_request request = {
        .url = http_server_url(server, "/", url, sizeof url), .max_bytes = 4, .timeout_ms = 1000};
    assert_true(transfer_create(&common, &request, &t, &err));
    assert_true(origins_add(&origins, t, &err));
    assert_ptr_equal(origins_take(&origins, 0), t);
    common.allow_private = true;
    assert_true(transfer_start(t, &err));
    assert_int_equal(curl_easy_perform(t->easy), CURLE_WRITE_ERROR);
    assert_int_equal(t->fault, ERR_TOO_LARGE);
    assert_in_range(t->origin->host->bytes, t->header_bytes + 1, t->header_bytes + 10);
    transfer_destroy(t);
    origins_finish(&origins);
    http_server_stop(server);
}

/* Twice as many requests as are let run into their time, and one that would be answered. */
static void a_host_that_lets_all_run_into_their_time_is_asked_no_more(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/good", .body = "good"},
                                               {.path = "*", .manner = HTTP_SILENT}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct http_server *other = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got[2 * LIMIT_HOST_TIMEOUTS] = {0};
    struct got late = {0};
    struct got elsewhere = {0};
    size_t asked = 0;
    char url[100];
    for (size_t i = 0; i < COUNT(got); i++)
        harness_add(fetcher, http_server_url(server, "/x", url, sizeof url), 10, 300, &got[i]);
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(got); i++) {
        assert_int_equal(got[i].calls, 1);
        assert_int_equal(got[i].fault, ERR_TIMEOUT);
        asked += strcmp(got[i].reason, "The server took too long") == 0;
    }
    /* Those that were under way when it was enough. */
    assert_in_range(asked, LIMIT_HOST_TIMEOUTS, LIMIT_HOST_TIMEOUTS + LIMIT_HOST_CONNECTIONS);
    assert_in_range(http_server_hits(server, "*"), 1, asked);
    harness_get(fetcher, server, "/good", &late);
    snprintf(url, sizeof url, "http://localhost:%u/good", http_server_port(other));
    harness_add(fetcher, url, 10, 5000, &elsewhere);
    harness_run(fetcher);
    assert_int_equal(late.fault, ERR_TIMEOUT);
    assert_string_equal(late.reason, "The server took too long for too many requests");
    assert_int_equal(http_server_hits(server, "/good"), 0);
    assert_int_equal(elsewhere.fault, ERR_NONE);
    fetcher_destroy(fetcher);
    http_server_stop(other);
    http_server_stop(server);
}

static void one_answer_between_them_makes_up_for_it(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/good", .body = "good"},
                                               {.path = "*", .manner = HTTP_SILENT}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    char url[100];
    for (size_t i = 0; i < 2 * LIMIT_HOST_TIMEOUTS; i++) {
        struct got got = {0};
        bool good = i == LIMIT_HOST_TIMEOUTS - 1;
        http_server_url(server, good ? "/good" : "/x", url, sizeof url);
        harness_add(fetcher, url, 10, good ? 5000 : 50, &got);
        harness_run(fetcher);
        assert_int_equal(got.fault, good ? ERR_NONE : ERR_TIMEOUT);
    }
    assert_in_range(http_server_hits(server, "*"), LIMIT_HOST_TIMEOUTS,
                    2 * LIMIT_HOST_TIMEOUTS - 1);
    struct got last = {0};
    harness_get(fetcher, server, "/good", &last);
    harness_run(fetcher);
    assert_int_equal(last.fault, ERR_TIMEOUT);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

/* When others hold all the room that there is: a body as it is waits, and one that libcurl unpacks
 * must not, for it would be unpacked into libcurl's own memory. A little of it is let through. */
static void what_is_unpacked_does_not_wait(void **state)
{
    (void)state;
    enum { SMALL = 4 * 1024 * 1024, LARGE = SMALL + 1 };
    char *zeros = calloc(1, LARGE);
    assert_non_null(zeros);
    const char coded[] = "Content-Encoding: identity\r\n";
    const struct http_route routes[] = {
        {.path = "/small", .headers = coded, .body = zeros, .body_len = SMALL},
        {.path = "/large", .headers = coded, .body = zeros, .body_len = LARGE},
        {.path = "/two",
         .headers = "Transfer-Encoding: identity\r\n",
         .body = zeros,
         .body_len = LARGE,
         .manner = HTTP_CHUNKED,
         .amount = 65536},
        {.path = "/plain", .body = zeros, .body_len = LARGE},
    };
    static const struct {
        const char *path;
        CURLcode code;
        enum error_code fault;
        bool paused;
    } cases[] = {
        {"/small", CURLE_OK, ERR_NONE, false},
        {"/large", CURLE_WRITE_ERROR, ERR_NO_MEMORY, false},
        {"/two", CURLE_WRITE_ERROR, ERR_NO_MEMORY, false},
        {"/plain", CURLE_OPERATION_TIMEDOUT, ERR_NONE, true},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        struct origins origins;
        struct transfer *t = NULL;
        char url[100];
        common = (struct transfer_common){.allow_private = true};
        origins_init(&origins, NULL);
        const struct fetch_request request = {
            .url = http_server_url(server, cases[i].path, url, sizeof url),
            .max_bytes = LARGE,
            .timeout_ms = cases[i].paused ? 500 : 20000};
        assert_true(transfer_create(&common, &request, &t, &err));
        assert_true(origins_add(&origins, t, &err));
        assert_ptr_equal(origins_take(&origins, 0), t);
        common.held = 128 * MIB;
        assert_true(transfer_start(t, &err));
        assert_int_equal(curl_easy_perform(t->easy), cases[i].code);
        assert_int_equal(t->fault, cases[i].fault);
        assert_int_equal(t->paused, cases[i].paused);
        common.held = t->body.len;
        transfer_destroy(t);
        origins_finish(&origins);
    }
    http_server_stop(server);
    free(zeros);
    common = (struct transfer_common){0};
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_asked_so_often_and_no_more),
        cmocka_unit_test(a_host_sends_so_much_and_no_more),
        cmocka_unit_test(bytes_of_refused_answers_count),
        cmocka_unit_test(a_host_that_lets_all_run_into_their_time_is_asked_no_more),
        cmocka_unit_test(what_is_unpacked_does_not_wait),
        cmocka_unit_test(one_answer_between_them_makes_up_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* page: fetch: processes that share the connections to one host, against a server that counts. */
#include "base/limits.h"
#include "fetch_processes.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static struct fetcher *sharing_fetcher(struct lockfile *lock)
{
    struct error err = {0};
    struct fetcher *fetcher = NULL;
    const struct fetcher_options options = {.allow_private = true, .wake_fd = -1, .places = lock};
    assert_true(fetcher_create(&options, &fetcher, &err));
    return fetcher;
}

static const char *key_of(const struct http_server *server, char *out, size_t size)
{
    return http_server_url(server, "", out, size);
}

static void three_processes_open_no_more_than_one_would(void **state)
{
    (void)state;
    enum { PROCESSES = 3, REQUESTS = 40 };
    static const struct http_route routes[] = {{.path = "/*", .body = "x", .delay_ms = 20}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    char url[200];
    http_server_url(server, "/", url, sizeof url);
    pid_t children[PROCESSES];
    for (size_t i = 0; i < PROCESSES; i++)
        children[i] = process_fetch((const struct work[2]){{url, REQUESTS}}, 30000);
    for (size_t i = 0; i < PROCESSES; i++)
        assert_true(process_went_well(children[i]));
    assert_int_equal(http_server_hits(server, "/*"), PROCESSES * REQUESTS);
    assert_in_range(http_server_busiest(server), 2, LIMIT_HOST_CONNECTIONS);
    assert_in_range(http_server_most_open(server), 2, LIMIT_HOST_CONNECTIONS);
    assert_true(http_server_connections(server) < PROCESSES * REQUESTS / 2); /* used again */
    http_server_stop(server);
}

static void a_process_alone_has_all_places_and_keeps_its_connections(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/*", .body = "x", .delay_ms = 20}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct lockfile *lock = processes_lock();
    struct fetcher *fetcher = sharing_fetcher(lock);
    static struct got got[40];
    memset(got, 0, sizeof got);
    harness_get(fetcher, server, "/page", &got[0]);
    harness_run(fetcher);
    for (size_t i = 1; i < COUNT(got); i++)
        harness_get(fetcher, server, "/asset", &got[i]);
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(got); i++)
        assert_int_equal(got[i].fault, ERR_NONE);
    assert_int_equal(http_server_busiest(server), LIMIT_HOST_CONNECTIONS);
    assert_int_equal(http_server_connections(server), LIMIT_HOST_CONNECTIONS);
    fetcher_destroy(fetcher);
    lockfile_close(lock);
    http_server_stop(server);
}

static void who_comes_late_gets_a_turn(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/slow", .body = "x", .delay_ms = 1500},
                                               {.path = "/quick", .body = "x", .delay_ms = 20},
                                               {.path = "/one", .body = "x"}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    char slow[200];
    char quick[200];
    const struct work work[2] = {{http_server_url(server, "/slow", slow, sizeof slow), 5},
                                 {http_server_url(server, "/quick", quick, sizeof quick), 100}};
    pid_t child = process_fetch(work, 30000);
    for (int i = 0; i < 300 && http_server_hits(server, "/quick") == 0; i++)
        wait_ms(10);
    struct lockfile *lock = processes_lock();
    struct fetcher *fetcher = sharing_fetcher(lock);
    struct got got = {0};
    harness_get(fetcher, server, "/one", &got);
    harness_run(fetcher);
    assert_int_equal(got.fault, ERR_NONE);
    assert_true(http_server_hits(server, "/quick") <
                70); /* the other one is at work for long yet */
    fetcher_destroy(fetcher);
    lockfile_close(lock);
    assert_true(process_went_well(child));
    assert_int_equal(http_server_hits(server, "/quick"), 100);
    assert_int_equal(http_server_most_open(server), LIMIT_HOST_CONNECTIONS);
    http_server_stop(server);
}

static void connections_that_have_ended_hold_no_places(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/close", .body = "x", .manner = HTTP_UNTIL_CLOSE, .delay_ms = 20},
        {.path = "/stall", .body = "0123456789", .manner = HTTP_STALL, .amount = 1}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct lockfile *lock = processes_lock();
    struct fetcher *fetcher = sharing_fetcher(lock);
    struct got got[30] = {0};
    char url[200];
    for (size_t i = 0; i < COUNT(got); i++)
        harness_add(fetcher, http_server_url(server, i % 2 ? "/close" : "/stall", url, sizeof url),
                    100, i % 2 ? 5000 : 100, &got[i]);
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(got); i++)
        assert_int_equal(got[i].fault, i % 2 ? ERR_NONE : ERR_TIMEOUT);
    assert_in_range(http_server_most_open(server), 2, LIMIT_HOST_CONNECTIONS);
    size_t held = 0;
    process_kill(process_hold(key_of(server, url, sizeof url), LIMIT_HOST_CONNECTIONS, &held));
    assert_int_equal(held, LIMIT_HOST_CONNECTIONS - 1); /* one is kept for the next run */
    fetcher_destroy(fetcher);
    process_kill(process_hold(key_of(server, url, sizeof url), LIMIT_HOST_CONNECTIONS, &held));
    assert_int_equal(held, LIMIT_HOST_CONNECTIONS);
    lockfile_close(lock);
    http_server_stop(server);
}

/* The same while another transfer of that process goes on. */
static void nor_do_they_while_work_goes_on(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/close", .body = "x", .manner = HTTP_UNTIL_CLOSE},
        {.path = "/slow", .body = "x", .delay_ms = 1500}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    char close_url[200];
    char slow_url[200];
    const struct work work[2] = {
        {http_server_url(server, "/slow", slow_url, sizeof slow_url), 1},
        {http_server_url(server, "/close", close_url, sizeof close_url), 20}};
    pid_t child = process_fetch(work, 20000);
    for (int i = 0; i < 300 && http_server_hits(server, "/close") < 20; i++)
        wait_ms(10);
    wait_ms(200);
    size_t held = 0;
    char url[200];
    process_kill(process_hold(key_of(server, url, sizeof url), LIMIT_HOST_CONNECTIONS, &held));
    assert_int_equal(held, LIMIT_HOST_CONNECTIONS - 1);
    assert_true(process_went_well(child));
    http_server_stop(server);
}

static void a_kept_connection_is_given_up_for_others(void **state)
{
    (void)state;
    static const struct http_route quick[] = {{.path = "/", .body = "x"}};
    static const struct http_route slow[] = {{.path = "/", .body = "x", .delay_ms = 1500}};
    struct http_server *server = http_server_start(quick, 1);
    struct http_server *other = http_server_start(slow, 1);
    char url[200];
    size_t held = 0;
    pid_t five = process_hold(key_of(server, url, sizeof url), 5, &held);
    struct lockfile *lock = processes_lock();
    struct fetcher *fetcher = sharing_fetcher(lock);
    struct got got[2] = {0};
    harness_get(fetcher, server, "/", &got[0]);
    harness_run(fetcher);
    pid_t child = process_fetch(
        (const struct work[2]){{http_server_url(server, "/", url, sizeof url), 1}}, 1400);
    harness_get(fetcher, other, "/", &got[1]);
    harness_run(fetcher);
    assert_true(process_went_well(child));
    assert_int_equal(got[1].fault, ERR_NONE);
    assert_int_equal(http_server_hits(server, "/"), 2);
    assert_int_equal(http_server_most_open(server), 1);
    process_kill(five);
    /* A dead connection in libcurl's pool is no fault for the next request. */
    harness_get(fetcher, server, "/", &got[0]);
    harness_run(fetcher);
    assert_int_equal(got[0].fault, ERR_NONE);
    fetcher_destroy(fetcher);
    lockfile_close(lock);
    http_server_stop(server);
    http_server_stop(other);
}

static bool count_calls(void *arg)
{
    int *calls = arg;
    return ++*calls == 8;
}

static void waiting_for_a_place_is_quiet_and_can_be_ended(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/", .body = "x"}};
    struct http_server *server = http_server_start(routes, 1);
    char url[200];
    size_t held = 0;
    pid_t all = process_hold(key_of(server, url, sizeof url), LIMIT_HOST_CONNECTIONS, &held);
    struct lockfile *lock = processes_lock();
    struct fetcher *fetcher = sharing_fetcher(lock);
    struct error err = {0};
    struct got got[3] = {0};
    /* By the deadline. */
    harness_get(fetcher, server, "/", &got[0]);
    clock_t cpu = clock();
    int64_t start = clock_steady();
    assert_true(fetcher_run(fetcher, 600, &err));
    assert_in_range(clock_steady() - start, 590, 2500);
    assert_true((clock() - cpu) * 1000 / CLOCKS_PER_SEC < 200);
    assert_int_equal(got[0].fault, ERR_TIMEOUT);
    assert_int_equal(http_server_connections(server), 0);
    /* By a place that becomes free, here with the process that had it. */
    harness_get(fetcher, server, "/", &got[1]);
    pid_t killer = fork();
    assert_true(killer >= 0);
    if (killer == 0) {
        wait_ms(200);
        kill(all, SIGKILL);
        _exit(0);
    }
    start = clock_steady();
    harness_run(fetcher);
    assert_int_equal(got[1].fault, ERR_NONE);
    assert_in_range(clock_steady() - start, 150, 1500);
    assert_true(process_went_well(killer));
    assert_int_equal(waitpid(all, NULL, 0), all);
    fetcher_destroy(fetcher);
    /* By an interrupt. */
    all = process_hold(key_of(server, url, sizeof url), LIMIT_HOST_CONNECTIONS, &held);
    int calls = 0;
    const struct fetcher_options options = {.allow_private = true,
                                            .interrupted = count_calls,
                                            .interrupted_arg = &calls,
                                            .wake_fd = -1,
                                            .places = lock};
    assert_true(fetcher_create(&options, &fetcher, &err));
    harness_get(fetcher, server, "/", &got[2]);
    start = clock_steady();
    assert_false(fetcher_run(fetcher, 10000, &err));
    assert_int_equal(err.code, ERR_CANCELLED);
    assert_in_range(clock_steady() - start, 100, 2000);
    fetcher_destroy(fetcher);
    process_kill(all);
    lockfile_close(lock);
    http_server_stop(server);
}

static void a_broken_lock_file_stops_nobody(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/", .body = "x", .delay_ms = 20}};
    struct http_server *server = http_server_start(routes, 1);
    for (int late = 0; late < 2; late++) {
        int next = open("/dev/null", O_RDONLY);
        close(next);
        struct lockfile *lock = processes_lock(); /* gets the same number */
        struct fetcher *fetcher = sharing_fetcher(lock);
        struct got got[10] = {0};
        if (late) {
            harness_get(fetcher, server, "/", &got[0]);
            harness_run(fetcher);
        }
        int null = open("/dev/null", O_RDONLY); /* gives no lock for writing */
        assert_int_equal(dup2(null, next), next);
        close(null);
        for (size_t i = (size_t)late; i < COUNT(got); i++)
            harness_get(fetcher, server, "/", &got[i]);
        harness_run(fetcher);
        for (size_t i = 0; i < COUNT(got); i++)
            assert_int_equal(got[i].fault, ERR_NONE);
        fetcher_destroy(fetcher);
        lockfile_close(lock);
    }
    http_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_processes_open_no_more_than_one_would),
        cmocka_unit_test(a_process_alone_has_all_places_and_keeps_its_connections),
        cmocka_unit_test(who_comes_late_gets_a_turn),
        cmocka_unit_test(connections_that_have_ended_hold_no_places),
        cmocka_unit_test(nor_do_they_while_work_goes_on),
        cmocka_unit_test(a_kept_connection_is_given_up_for_others),
        cmocka_unit_test(waiting_for_a_place_is_quiet_and_can_be_ended),
        cmocka_unit_test(a_broken_lock_file_stops_nobody),
    };
    return cmocka_run_group_tests(tests, processes_begin, processes_end);
}

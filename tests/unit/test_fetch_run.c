/* page: fetch, origins: many requests at once, their turns, their time, their end. */
#include "base/limits.h"
#include "fetch_harness.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void connections_are_few_and_used_again(void **state)
{
    (void)state;
    enum { REQUESTS = 40 };
    static const struct http_route routes[] = {{.path = "/*", .body = "x", .delay_ms = 30}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    static struct got got[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
        char path[20];
        snprintf(path, sizeof path, "/%d", i);
        harness_get(fetcher, server, path, &got[i]);
    }
    harness_run(fetcher);
    for (int i = 0; i < REQUESTS; i++)
        assert_int_equal(got[i].fault, ERR_NONE);
    assert_int_equal(http_server_hits(server, "/*"), REQUESTS);
    assert_int_equal(http_server_busiest(server), LIMIT_HOST_CONNECTIONS);
    assert_true(http_server_connections(server) <= (size_t)LIMIT_HOST_CONNECTIONS);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

static void a_slow_first_answer_holds_up_no_other(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/slow", .body = "x", .delay_ms = 1000},
                                               {.path = "/quick", .body = "x"}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got[LIMIT_HOST_CONNECTIONS] = {0};
    harness_get(fetcher, server, "/slow", &got[0]);
    for (size_t i = 1; i < COUNT(got); i++)
        harness_get(fetcher, server, "/quick", &got[i]);
    harness_run(fetcher);
    for (size_t i = 1; i < COUNT(got); i++)
        assert_true(got[i].at_ms < got[0].at_ms);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

static void all_hosts_together_have_a_ceiling(void **state)
{
    (void)state;
    enum { HOSTS = 6, EACH = 8 };
    static const struct http_route routes[] = {{.path = "/", .body = "x", .delay_ms = 100}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    static struct got got[HOSTS * EACH];
    for (int i = 0; i < HOSTS * EACH; i++) { /* libcurl answers *.localhost itself */
        char url[100];
        snprintf(url, sizeof url, "http://h%d.localhost:%u/", i % HOSTS, http_server_port(server));
        harness_add(fetcher, url, 10, 5000, &got[i]);
    }
    harness_run(fetcher);
    for (int i = 0; i < HOSTS * EACH; i++)
        assert_int_equal(got[i].fault, ERR_NONE);
    assert_int_equal(http_server_busiest(server), LIMIT_TOTAL_CONNECTIONS);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

static void a_busy_host_does_not_hold_up_another(void **state)
{
    (void)state;
    static const struct http_route slow[] = {{.path = "/", .body = "x", .delay_ms = 150}};
    static const struct http_route fast[] = {{.path = "/", .body = "x"}};
    struct http_server *busy = http_server_start(slow, 1);
    struct http_server *idle = http_server_start(fast, 1);
    struct fetcher *fetcher = harness_fetcher(true);
    static struct got first[30];
    struct got last = {0};
    for (size_t i = 0; i < COUNT(first); i++)
        harness_get(fetcher, busy, "/", &first[i]);
    harness_get(fetcher, idle, "/", &last);
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(first); i++)
        assert_true(first[i].at_ms >= last.at_ms);
    fetcher_destroy(fetcher);
    http_server_stop(busy);
    http_server_stop(idle);
}

static void waiting_for_a_turn_takes_none_of_the_time(void **state)
{
    (void)state;
    enum { ROUNDS = 6, DELAY = 250 };
    static const struct http_route routes[] = {{.path = "/", .body = "x", .delay_ms = DELAY}};
    struct http_server *server = http_server_start(routes, 1);
    struct fetcher *fetcher = harness_fetcher(true);
    static struct got got[ROUNDS * LIMIT_HOST_CONNECTIONS];
    char url[200];
    http_server_url(server, "/", url, sizeof url);
    int64_t start = clock_steady();
    for (size_t i = 0; i < COUNT(got); i++)
        harness_add(fetcher, url, 10, ROUNDS * DELAY - 300, &got[i]);
    harness_run(fetcher);
    assert_true(clock_steady() - start >= ROUNDS * DELAY);
    for (size_t i = 0; i < COUNT(got); i++)
        assert_int_equal(got[i].fault, ERR_NONE);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

static void the_hops_of_a_redirect_share_the_time(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/0", .status = 302, .headers = "Location: /1\r\n", .delay_ms = 200},
        {.path = "/1", .status = 302, .headers = "Location: /2\r\n", .delay_ms = 200},
        {.path = "/2", .body = "x", .delay_ms = 200},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct got got;
    int64_t start = clock_steady();
    harness_fetch(server, "/0", 10, 450, &got);
    assert_int_equal(got.fault, ERR_TIMEOUT);
    assert_in_range(clock_steady() - start, 400, 2000);
    harness_fetch(server, "/0", 10, 3000, &got);
    assert_int_equal(got.fault, ERR_NONE);
    http_server_stop(server);
}

/* Long before its own time is over. */
static void a_transfer_that_stands_still_ends(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/silent", .manner = HTTP_SILENT},
        {.path = "/head", .body = "0123456789", .manner = HTTP_STALL},
        {.path = "/body", .body = "0123456789", .manner = HTTP_STALL, .amount = 5},
        {.path = "/drip", .body = "0123456789", .manner = HTTP_DRIP, .pause_ms = 3000},
        {.path = "/slow", .body = "01234567890123456789", .manner = HTTP_DRIP, .pause_ms = 600},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got[COUNT(routes)] = {0};
    char url[200];
    int64_t start = clock_steady();
    for (size_t i = 0; i < COUNT(routes); i++)
        harness_add(fetcher, http_server_url(server, routes[i].path, url, sizeof url), 100, 60000,
                    &got[i]);
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(routes) - 1; i++) {
        assert_int_equal(got[i].fault, ERR_TIMEOUT);
        assert_in_range(got[i].at_ms - start, LIMIT_STALL_MS - 1000, LIMIT_STALL_MS + 10000);
    }
    assert_int_equal(got[COUNT(routes) - 1].fault, ERR_NONE);
    assert_true(got[COUNT(routes) - 1].at_ms - start > LIMIT_STALL_MS);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

struct again {
    struct fetcher *fetcher;
    const char *url;
    int left;
    int calls;
    enum error_code last;
};

static void ask_again(const struct fetch_result *result, void *arg)
{
    struct again *again = arg;
    struct error err = {0};
    again->calls++;
    again->last = result->fault;
    if (again->left-- <= 0)
        return;
    const struct fetch_request request = {
        .url = again->url, .max_bytes = 10, .timeout_ms = 5000, .done = ask_again, .arg = again};
    assert_true(fetcher_add(again->fetcher, &request, &err));
    assert_false(fetcher_run(again->fetcher, 10, &err)); /* not from a callback */
    assert_int_equal(err.code, ERR_INTERNAL);
}

static void callbacks_may_ask_for_more(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/", .body = "x"}};
    struct http_server *server = http_server_start(routes, 1);
    struct error err = {0};
    char url[200];
    static const char *const bad = "file:///x";
    for (int kind = 0; kind < 2; kind++) {
        struct again again = {.fetcher = harness_fetcher(true), .left = 50};
        again.url = kind == 0 ? http_server_url(server, "/", url, sizeof url) : bad;
        const struct fetch_request request = {.url = again.url,
                                              .max_bytes = 10,
                                              .timeout_ms = 5000,
                                              .done = ask_again,
                                              .arg = &again};
        assert_true(fetcher_add(again.fetcher, &request, &err));
        harness_run(again.fetcher);
        assert_int_equal(again.calls, 51);
        assert_int_equal(again.last, kind == 0 ? ERR_NONE : ERR_URL);
        fetcher_destroy(again.fetcher);
    }
    assert_int_equal(http_server_connections(server), 1);
    http_server_stop(server);
}

static void the_deadline_ends_all_that_is_left(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/", .manner = HTTP_SILENT}};
    struct http_server *server = http_server_start(routes, 1);
    struct fetcher *fetcher = harness_fetcher(true);
    struct error err = {0};
    static struct got got[30];
    char url[200];
    http_server_url(server, "/", url, sizeof url);
    for (size_t i = 0; i < COUNT(got); i++)
        harness_get(fetcher, server, "/", &got[i]);
    struct again again = {.fetcher = fetcher, .url = url, .left = 3};
    const struct fetch_request request = {
        .url = url, .max_bytes = 10, .timeout_ms = 5000, .done = ask_again, .arg = &again};
    assert_true(fetcher_add(fetcher, &request, &err));
    int64_t start = clock_steady();
    assert_true(fetcher_run(fetcher, 300, &err));
    assert_in_range(clock_steady() - start, 290, 2500);
    assert_int_equal(fetcher_pending(fetcher), 0);
    for (size_t i = 0; i < COUNT(got); i++) {
        assert_int_equal(got[i].calls, 1);
        assert_int_equal(got[i].fault, ERR_TIMEOUT);
    }
    assert_int_equal(again.calls, 4);
    assert_int_equal(again.last, ERR_TIMEOUT);
    /* The fetcher is of use afterwards. */
    struct got late = {0};
    harness_add(fetcher, "file:///x", 10, 10, &late);
    harness_run(fetcher);
    assert_int_equal(late.calls, 1);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

struct asker {
    int calls;
    int say_yes_at; /* call number; 0 never */
    int read_fd;    /* takes out what is there; -1: leaves it */
};

static bool ask(void *arg)
{
    struct asker *asker = arg;
    char bytes[64];
    struct pollfd one = {.fd = asker->read_fd, .events = POLLIN};
    while (asker->read_fd >= 0 && poll(&one, 1, 0) > 0)
        assert_true(read(asker->read_fd, bytes, sizeof bytes) > 0);
    return ++asker->calls == asker->say_yes_at;
}

/* In a child: writes `count` bytes, one in 10 ms. */
static void tick(int fd, int count)
{
    for (int i = 0; i < count; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        if (write(fd, "x", 1) != 1)
            break;
    }
    _exit(0);
}

static bool run_asked(struct asker *asker, int wake_fd, const struct http_server *server,
                      long deadline_ms, struct got *got, struct error *err)
{
    const struct fetcher_options options = {
        .allow_private = true, .interrupted = ask, .interrupted_arg = asker, .wake_fd = wake_fd};
    struct fetcher *fetcher = NULL;
    assert_true(fetcher_create(&options, &fetcher, err));
    harness_get(fetcher, server, "/", got);
    bool ok = fetcher_run(fetcher, deadline_ms, err);
    assert_int_equal(fetcher_pending(fetcher), ok ? 0 : 1);
    fetcher_destroy(fetcher);
    return ok;
}

static void a_run_can_be_interrupted(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/", .manner = HTTP_SILENT}};
    struct http_server *server = http_server_start(routes, 1);
    struct error err = {0};
    struct got got = {0};
    /* Asked at least every 100 ms. */
    struct asker asker = {.say_yes_at = 11, .read_fd = -1};
    int64_t start = clock_steady();
    assert_false(run_asked(&asker, -1, server, 10000, &got, &err));
    assert_int_equal(err.code, ERR_CANCELLED);
    assert_in_range(clock_steady() - start, 0, 2000); /* twice that, for a busy machine */
    assert_int_equal(got.calls, 0);
    asker = (struct asker){.say_yes_at = 1, .read_fd = -1};
    assert_false(run_asked(&asker, -1, server, 5000, &got, &err));
    /* Never yes: the run goes to its end. */
    asker = (struct asker){.read_fd = -1};
    assert_true(run_asked(&asker, -1, server, 500, &got, &err));
    assert_in_range(asker.calls, 3, 12);
    assert_int_equal(got.fault, ERR_TIMEOUT);
    http_server_stop(server);
}

static void a_descriptor_wakes_the_run(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/", .manner = HTTP_SILENT}};
    struct http_server *server = http_server_start(routes, 1);
    struct error err = {0};
    struct got got = {0};
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    /* One byte, left where it is: the run neither stops nor spins. */
    assert_int_equal(write(fds[1], "x", 1), 1);
    struct asker asker = {.read_fd = -1};
    clock_t cpu = clock();
    assert_true(run_asked(&asker, fds[0], server, 600, &got, &err));
    assert_in_range(asker.calls, 3, 16);
    assert_true((clock() - cpu) * 1000 / CLOCKS_PER_SEC < 300);
    /* A byte every 10 ms, taken out each time: the run asks at once, not every 100 ms only. */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        tick(fds[1], 100);
    asker = (struct asker){.read_fd = fds[0]};
    assert_true(run_asked(&asker, fds[0], server, 1500, &got, &err));
    assert_in_range(asker.calls, 22, 140); /* without: 15 */
    waitpid(child, NULL, 0);
    close(fds[0]);
    close(fds[1]);
    http_server_stop(server);
}

static void a_fetcher_can_be_destroyed_at_any_time(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/", .body = "0123456789", .manner = HTTP_DRIP, .pause_ms = 30},
        {.path = "/r", .status = 302, .headers = "Location: /\r\n"}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct error err = {0};
    fetcher_destroy(NULL);
    for (int calls = 1; calls <= 4; calls++) {
        struct asker asker = {.say_yes_at = calls, .read_fd = -1};
        const struct fetcher_options options = {
            .allow_private = true, .interrupted = ask, .interrupted_arg = &asker, .wake_fd = -1};
        struct fetcher *fetcher = NULL;
        static struct got got[20];
        memset(got, 0, sizeof got);
        assert_true(fetcher_create(&options, &fetcher, &err));
        for (size_t i = 0; i < COUNT(got); i++)
            harness_get(fetcher, server, i % 2 == 0 ? "/" : "/r", &got[i]);
        harness_add(fetcher, "file:///x", 1, 1, &got[0]);
        assert_false(fetcher_run(fetcher, 5000, &err));
        assert_int_equal(err.code, ERR_CANCELLED);
        fetcher_destroy(fetcher);
    }
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got = {0};
    harness_get(fetcher, server, "/", &got);
    fetcher_destroy(fetcher);
    assert_int_equal(got.calls, 0);
    http_server_stop(server);
}

struct stopper {
    struct fetcher *fetcher;
    int calls;
};

static void stop_run(const struct fetch_result *result, void *arg)
{
    (void)result;
    struct stopper *stopper = arg;
    stopper->calls++;
    fetcher_stop(stopper->fetcher);
}

static void a_callback_may_stop_the_run(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "/", .body = "x"},
                                               {.path = "/silent", .manner = HTTP_SILENT}};
    struct http_server *server = http_server_start(routes, COUNT(routes));
    static const char *const firsts[] = {"/", "file:///x"};
    for (size_t i = 0; i < COUNT(firsts); i++) {
        struct stopper stopper = {.fetcher = harness_fetcher(true)};
        struct error err = {0};
        char url[200];
        http_server_url(server, "/", url, sizeof url);
        const struct fetch_request request = {.url = i == 0 ? url : firsts[i],
                                              .max_bytes = 10,
                                              .timeout_ms = 5000,
                                              .done = stop_run,
                                              .arg = &stopper};
        static struct got got[10];
        memset(got, 0, sizeof got);
        for (size_t k = 0; k < COUNT(got); k++)
            harness_get(stopper.fetcher, server, "/silent", &got[k]);
        assert_true(fetcher_add(stopper.fetcher, &request, &err));
        assert_true(fetcher_add(stopper.fetcher, &request, &err));
        int64_t begun = clock_steady();
        /* Those that say nothing hold all connections to that host. */
        assert_true(fetcher_run(stopper.fetcher, i == 0 ? 300 : 20000, &err));
        assert_true(clock_steady() - begun < 3000);
        assert_true(stopper.calls <= 1);
        for (size_t k = 0; i > 0 && k < COUNT(got); k++)
            assert_int_equal(got[k].calls, 0);
        fetcher_destroy(stopper.fetcher);
    }
    http_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_callback_may_stop_the_run),
        cmocka_unit_test(connections_are_few_and_used_again),
        cmocka_unit_test(a_slow_first_answer_holds_up_no_other),
        cmocka_unit_test(all_hosts_together_have_a_ceiling),
        cmocka_unit_test(a_busy_host_does_not_hold_up_another),
        cmocka_unit_test(waiting_for_a_turn_takes_none_of_the_time),
        cmocka_unit_test(the_hops_of_a_redirect_share_the_time),
        cmocka_unit_test(a_transfer_that_stands_still_ends),
        cmocka_unit_test(callbacks_may_ask_for_more),
        cmocka_unit_test(the_deadline_ends_all_that_is_left),
        cmocka_unit_test(a_run_can_be_interrupted),
        cmocka_unit_test(a_descriptor_wakes_the_run),
        cmocka_unit_test(a_fetcher_can_be_destroyed_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

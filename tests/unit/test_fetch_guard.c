/* page: fetch, fetch_private: the way into a private network. This program has an internet of its
 * own: 127.0.0.2 stands for a public address, and names mean what a test says, another address each
 * time when it likes. All else is the real thing, libcurl included. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "fetch_harness.h"
#include "page/address.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- The internet ---- */

/* In the place of page/address.c. */
bool address_text_is_private(const char *text)
{
    return strcmp(text, "127.0.0.2") != 0;
}

bool address_is_private(const struct sockaddr *address, socklen_t len)
{
    char text[INET_ADDRSTRLEN];
    struct sockaddr_in in;
    assert_int_equal(address->sa_family, AF_INET);
    assert_in_range(len, sizeof in, sizeof(struct sockaddr_storage));
    memcpy(&in, address, sizeof in);
    return address_text_is_private(inet_ntop(AF_INET, &in.sin_addr, text, sizeof text));
}

/* What a name means at the first lookup, the second, ...; the last one stays. Two addresses in one
 * answer are joined by '+'. */
struct name {
    const char *name;
    const char *means[3];
    atomic_size_t lookups;
};
static struct name names[] = {
    {.name = "public.example", .means = {"127.0.0.2"}},
    {.name = "intranet.example", .means = {"127.0.0.1"}},
    {.name = "rebinding.example", .means = {"127.0.0.2", "127.0.0.1", "127.0.0.1"}},
    {.name = "binding.example", .means = {"127.0.0.1", "127.0.0.2", "127.0.0.1"}},
    {.name = "both.example", .means = {"127.0.0.1+127.0.0.2"}},
};

typedef int (*getaddrinfo_fn)(const char *, const char *, const struct addrinfo *,
                              struct addrinfo **);

static const char *meaning(const char *node)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i].name, node) != 0)
            continue;
        size_t turn = atomic_fetch_add(&names[i].lookups, 1);
        while (turn > 0 && (turn >= COUNT(names[i].means) || names[i].means[turn] == NULL))
            turn--;
        return names[i].means[turn];
    }
    return node;
}

/* In the place of the C library's, for libcurl too. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    getaddrinfo_fn real;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    memcpy(&real, &symbol,
           sizeof real); /* ISO C knows no way from one kind of pointer to another */
    char first[64];
    const char *means = meaning(node);
    size_t len = strcspn(means, "+");
    struct addrinfo numeric = hints != NULL ? *hints : (struct addrinfo){0};
    numeric.ai_flags |= AI_NUMERICHOST;
    snprintf(first, sizeof first, "%.*s", (int)len, means);
    int status = real(first, service, &numeric, found);
    if (status != 0 || means[len] == '\0')
        return status;
    struct addrinfo *second = NULL;
    status = real(means + len + 1, service, &numeric, &second);
    if (status == 0)
        (*found)->ai_next = second;
    return status;
}

static void forget_lookups(void)
{
    for (size_t i = 0; i < COUNT(names); i++)
        names[i].lookups = 0;
}

/* ---- Two servers in it ---- */

struct world {
    struct http_server *inside;  /* at a private address */
    struct http_server *outside; /* at a public one */
};

/* Location lines of the redirects from one to the other. */
static char to_inside[200];
static char to_outside[200];
static char to_chain[200];

static struct world world_start(void)
{
    static struct http_route inside[4];
    static struct http_route outside[4];
    struct world world = {.inside = http_server_listen_at("127.0.0.1"),
                          .outside = http_server_listen_at("127.0.0.2")};
    char url[100];
    forget_lookups();
    snprintf(to_inside, sizeof to_inside, "Location: %s\r\n",
             http_server_url(world.inside, "/secret", url, sizeof url));
    snprintf(to_outside, sizeof to_outside, "Location: %s\r\n",
             http_server_url(world.outside, "/page", url, sizeof url));
    snprintf(to_chain, sizeof to_chain, "Location: %s\r\n",
             http_server_url(world.outside, "/in", url, sizeof url));
    inside[0] = (struct http_route){.path = "/secret", .body = "secret"};
    inside[1] = (struct http_route){.path = "/near", .status = 302, .headers = to_inside};
    inside[2] = (struct http_route){.path = "/out", .status = 302, .headers = to_outside};
    inside[3] = (struct http_route){.path = "/chain", .status = 307, .headers = to_chain};
    outside[0] = (struct http_route){.path = "/page", .body = "page"};
    outside[1] = (struct http_route){.path = "/in", .status = 302, .headers = to_inside};
    outside[2] = (struct http_route){.path = "/around", .status = 308, .headers = to_chain};
    http_server_serve(world.inside, inside, 4);
    http_server_serve(world.outside, outside, 3);
    return world;
}

static void world_stop(struct world *world)
{
    http_server_stop(world->inside);
    http_server_stop(world->outside);
}

static void get(struct fetcher *fetcher, const struct http_server *server, const char *host,
                const char *path, struct got *got)
{
    char url[200];
    snprintf(url, sizeof url, "http://%s:%u%s", host, http_server_port(server), path);
    *got = (struct got){0};
    harness_add(fetcher, url, 1000, 5000, got);
    harness_run(fetcher);
    assert_int_equal(got->calls, 1);
}

static void assert_refused(const struct got *got)
{
    assert_int_equal(got->fault, ERR_PRIVATE);
    assert_string_equal(got->reason, "The address is in a private network");
    assert_int_equal(got->body_len, 0);
    assert_false(got->from_private);
}

/* ---- Redirects ---- */

static void a_public_server_leads_nobody_into_a_private_network(void **state)
{
    (void)state;
    static const char *const paths[] = {"/in", "/around"};
    struct world world = world_start();
    for (int allow = 0; allow < 2; allow++) {
        struct fetcher *fetcher = harness_fetcher(allow);
        for (size_t i = 0; i < COUNT(paths); i++) {
            struct got got;
            get(fetcher, world.outside, "127.0.0.2", paths[i], &got);
            assert_refused(&got);
            assert_int_equal(got.hop_count, i + 1);
        }
        fetcher_destroy(fetcher);
    }
    assert_int_equal(http_server_connections(world.inside), 0);
    world_stop(&world);
}

static void a_private_server_leads_in_and_out_but_not_back_in(void **state)
{
    (void)state;
    struct world world = world_start();
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got;
    get(fetcher, world.inside, "127.0.0.1", "/near", &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_true(got.from_private);
    assert_string_equal(got.body, "secret");
    get(fetcher, world.inside, "127.0.0.1", "/out", &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_false(got.from_private);
    assert_string_equal(got.body, "page");
    /* The connection to the private server is open still, and would do. */
    get(fetcher, world.inside, "127.0.0.1", "/chain", &got);
    assert_refused(&got);
    assert_int_equal(got.hop_count, 2);
    assert_int_equal(http_server_hits(world.inside, "/secret"), 1);
    assert_int_equal(http_server_connections(world.inside), 1);
    fetcher_destroy(fetcher);
    world_stop(&world);
}

/* ---- Connections ---- */

static void an_open_connection_gives_no_right(void **state)
{
    (void)state;
    struct world world = world_start();
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got;
    get(fetcher, world.inside, "127.0.0.1", "/secret", &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_true(got.from_private);
    fetcher_forbid_private(fetcher);
    get(fetcher, world.inside, "127.0.0.1", "/secret", &got);
    assert_refused(&got);
    get(fetcher, world.outside, "127.0.0.2", "/page", &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_int_equal(http_server_hits(world.inside, "/secret"), 1);
    fetcher_destroy(fetcher);
    world_stop(&world);
}

/* ---- Names ---- */

static void a_name_that_turns_private_is_refused_when_it_does(void **state)
{
    (void)state;
    struct world world = world_start();
    struct got got;
    struct fetcher *fetcher = harness_fetcher(false);
    get(fetcher, world.outside, "rebinding.example", "/page", &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_false(got.from_private);
    /* Another port is another lookup for libcurl. */
    get(fetcher, world.inside, "rebinding.example", "/secret", &got);
    assert_refused(&got);
    fetcher_destroy(fetcher);
    assert_int_equal(names[2].lookups, 2);
    assert_int_equal(http_server_connections(world.inside), 0);
    world_stop(&world);
}

/* As a capture does it: the page's own request has the right, for the person has asked for it; what
 * the page loads has it when the page was there. */
static void what_a_page_may_load_is_decided_by_where_it_came_from(void **state)
{
    (void)state;
    static const struct {
        const char *page;
        enum error_code fault; /* of what it loads from inside */
        enum error_code own;   /* the same by its own name */
    } cases[] = {
        {"intranet.example", ERR_NONE, ERR_NONE},
        {"public.example", ERR_PRIVATE, ERR_CONNECT},
        {"rebinding.example", ERR_PRIVATE, ERR_PRIVATE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world world = world_start();
        struct fetcher *fetcher = harness_fetcher(true);
        struct got got;
        bool inside = cases[i].fault == ERR_NONE;
        get(fetcher, inside ? world.inside : world.outside, cases[i].page,
            inside ? "/secret" : "/page", &got);
        assert_int_equal(got.fault, ERR_NONE);
        assert_int_equal(got.from_private, inside);
        if (!got.from_private)
            fetcher_forbid_private(fetcher);
        get(fetcher, world.inside, cases[i].page, "/secret", &got);
        assert_int_equal(got.fault, cases[i].own);
        get(fetcher, world.inside, "127.0.0.1", "/secret", &got);
        assert_int_equal(got.fault, cases[i].fault);
        assert_int_equal(http_server_connections(world.inside), inside ? 2 : 0);
        fetcher_destroy(fetcher);
        world_stop(&world);
    }
}

static void of_a_name_with_two_addresses_only_the_public_one_is_used(void **state)
{
    (void)state;
    struct world world = world_start();
    struct fetcher *fetcher = harness_fetcher(false);
    struct got got;
    get(fetcher, world.outside, "both.example", "/page", &got);
    assert_int_equal(got.fault, ERR_NONE);
    get(fetcher, world.inside, "both.example", "/secret", &got);
    assert_true(got.fault == ERR_CONNECT || got.fault == ERR_PRIVATE);
    fetcher_destroy(fetcher);
    assert_int_equal(http_server_connections(world.inside), 0);
    world_stop(&world);
}

static void a_host_is_private_when_all_that_its_name_means_is(void **state)
{
    (void)state;
    forget_lookups();
    assert_true(fetch_host_is_private("http://intranet.example/"));
    assert_false(fetch_host_is_private("http://public.example/"));
    assert_false(fetch_host_is_private("http://both.example/"));
    assert_true(fetch_host_is_private("http://binding.example/"));
    assert_false(fetch_host_is_private("http://binding.example/"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_public_server_leads_nobody_into_a_private_network),
        cmocka_unit_test(a_private_server_leads_in_and_out_but_not_back_in),
        cmocka_unit_test(an_open_connection_gives_no_right),
        cmocka_unit_test(a_name_that_turns_private_is_refused_when_it_does),
        cmocka_unit_test(what_a_page_may_load_is_decided_by_where_it_came_from),
        cmocka_unit_test(of_a_name_with_two_addresses_only_the_public_one_is_used),
        cmocka_unit_test(a_host_is_private_when_all_that_its_name_means_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* page: fetch, transfer: what one request says and what its answer means. */
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

static void an_answer_arrives_whole(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/a.css?v=1", .type = "text/css; charset=gbk", .body = "a{}"},
        {.path = "/chunked", .body = "0123456789", .manner = HTTP_CHUNKED, .amount = 3},
        {.path = "/until-close", .body = "0123456789", .manner = HTTP_UNTIL_CLOSE},
        {.path = "/empty", .headers = "Content-Type:\r\n"},
        {.path = "/none",
         .status = 204,
         .manner = HTTP_RAW,
         .body = "HTTP/1.1 204 No Content\r\n\r\n"},
        {.path = "/interim",
         .manner = HTTP_RAW,
         .body = "HTTP/1.1 103 Early Hints\r\nContent-Type: x/y\r\n\r\n"
                 "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\nok"},
        {.path = "/trailer",
         .manner = HTTP_RAW,
         .body = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "2\r\nok\r\n0\r\nContent-Type: x/y\r\nLocation: /empty\r\n\r\n"},
        {.path = "/drip", .body = "abc", .manner = HTTP_DRIP, .pause_ms = 20},
    };
    static const struct {
        const char *path;
        long status;
        const char *type;
        const char *body;
    } want[] = {
        {"/a.css?v=1#part", 200, "text/css; charset=gbk", "a{}"},
        {"/chunked", 200, "", "0123456789"},
        {"/until-close", 200, "", "0123456789"},
        {"/empty", 200, "", ""},
        {"/none", 204, "", ""},
        {"/interim", 200, "a/b", "ok"},
        {"/trailer", 200, "a/b", "ok"},
        {"/drip", 200, "", "abc"},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got[COUNT(want)] = {0};
    assert_int_equal(fetcher_pending(fetcher), 0);
    for (size_t i = 0; i < COUNT(want); i++)
        harness_get(fetcher, server, want[i].path, &got[i]);
    assert_int_equal(fetcher_pending(fetcher), COUNT(want));
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(want); i++) {
        char url[200];
        assert_int_equal(got[i].calls, 1);
        assert_int_equal(got[i].fault, ERR_NONE);
        assert_int_equal(got[i].status, want[i].status);
        assert_string_equal(got[i].content_type, want[i].type);
        assert_string_equal(got[i].body, want[i].body);
        assert_string_equal(got[i].url, http_server_url(server, want[i].path, url, sizeof url));
    }
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

static void the_request_says_what_it_should_and_no_more(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/first", .headers = "Set-Cookie: a=b\r\n", .body = "x"},
        {.path = "/second", .body = "x"},
        {.path = "/a//b|[c]..?d={e}|/../[f]", .body = "x"},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct error err = {0};
    struct fetcher *fetcher = NULL;
    const struct fetcher_options options = {.allow_private = true,
                                            .user_agent = "Agent/1 (test)",
                                            .accept_language = "zh-CN,zh;q=0.9",
                                            .wake_fd = -1};
    assert_true(fetcher_create(&options, &fetcher, &err));
    struct got got[4] = {0};
    char url[200];
    http_server_url(server, "/first", url, sizeof url);
    const struct fetch_request request = {.url = url,
                                          .accept = "image/*",
                                          .max_bytes = 10,
                                          .timeout_ms = 5000,
                                          .done = harness_done,
                                          .arg = &got[0]};
    assert_true(fetcher_add(fetcher, &request, &err));
    harness_run(fetcher);
    const char *head = http_server_request(server, "/first");
    assert_non_null(strstr(head, "GET /first HTTP/1.1\r\n"));
    assert_non_null(strstr(head, "User-Agent: Agent/1 (test)\r\n"));
    assert_non_null(strstr(head, "Accept-Language: zh-CN,zh;q=0.9\r\n"));
    assert_non_null(strstr(head, "Accept: image/*\r\n"));
    assert_non_null(strstr(head, "Accept-Encoding: deflate, gzip, br, zstd\r\n"));
    assert_null(strstr(head, "Referer"));
    harness_get(fetcher, server, "/second", &got[1]);
    harness_get(fetcher, server, "/a//b|[c]..?d={e}|/../[f]", &got[3]);
    harness_run(fetcher);
    assert_int_equal(http_server_hits(server, "/a//b|[c]..?d={e}|/../[f]"), 1); /* as in a page */
    head = http_server_request(server, "/second");
    assert_null(strstr(head, "Cookie"));
    assert_non_null(strstr(head, "Accept: */*\r\n"));
    assert_true(http_server_connections(server) <= 2); /* used again */
    fetcher_destroy(fetcher);
    fetcher = harness_fetcher(true);
    harness_get(fetcher, server, "/second", &got[2]);
    harness_run(fetcher);
    head = http_server_request(server, "/second");
    assert_non_null(strstr(head, "User-Agent: Mozilla/5.0 (compatible; Linksnap/"));
    assert_null(strstr(head, "Accept-Language"));
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

static void headers_cannot_be_smuggled_in(void **state)
{
    (void)state;
    static const char *const bad[] = {"a\r\nX: y", "a\nb", "a\tb", "a\x7F"};
    struct error err = {0};
    struct fetcher *fetcher = NULL;
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct fetcher_options agent = {.user_agent = bad[i], .wake_fd = -1};
        assert_false(fetcher_create(&agent, &fetcher, &err));
        assert_int_equal(err.code, ERR_PARAMS);
        const struct fetcher_options language = {.accept_language = bad[i], .wake_fd = -1};
        assert_false(fetcher_create(&language, &fetcher, &err));
        assert_int_equal(err.code, ERR_PARAMS);
    }
    assert_null(fetcher);
}

static void the_referer_follows_the_rule_at_every_hop(void **state)
{
    (void)state;
    struct http_server *here = http_server_listen();
    struct http_server *there = http_server_listen();
    char page[200];
    char location[300];
    char back[300];
    char origin[200];
    http_server_url(here, "/page?q#f", page, sizeof page);
    http_server_url(here, "/", origin, sizeof origin);
    snprintf(location, sizeof location, "Location: http://127.0.0.1:%u/away\r\n",
             http_server_port(there));
    snprintf(back, sizeof back, "Location: http://127.0.0.1:%u/back\r\n", http_server_port(here));
    const struct http_route here_routes[] = {
        {.path = "/same"}, {.path = "/out", .status = 302, .headers = location}, {.path = "/back"}};
    const struct http_route there_routes[] = {{.path = "/away", .status = 307, .headers = back}};
    http_server_serve(here, here_routes, COUNT(here_routes));
    http_server_serve(there, there_routes, COUNT(there_routes));
    struct fetcher *fetcher = harness_fetcher(true);
    struct error err = {0};
    struct got got[2] = {0};
    static const char *const paths[] = {"/same", "/out"};
    for (size_t i = 0; i < 2; i++) {
        char url[200];
        http_server_url(here, paths[i], url, sizeof url);
        const struct fetch_request request = {.url = url,
                                              .referrer = page,
                                              .max_bytes = 10,
                                              .timeout_ms = 5000,
                                              .done = harness_done,
                                              .arg = &got[i]};
        assert_true(fetcher_add(fetcher, &request, &err));
    }
    harness_run(fetcher);
    char whole[300];
    char bare[300];
    snprintf(whole, sizeof whole, "Referer: %.*s\r\n", (int)strcspn(page, "#"), page);
    snprintf(bare, sizeof bare, "Referer: %s\r\n", origin);
    assert_non_null(strstr(http_server_request(here, "/same"), whole));
    assert_non_null(strstr(http_server_request(here, "/out"), whole));
    assert_non_null(strstr(http_server_request(there, "/away"), bare));
    assert_non_null(strstr(http_server_request(here, "/back"), whole));
    assert_int_equal(got[1].fault, ERR_NONE);
    fetcher_destroy(fetcher);
    http_server_stop(here);
    http_server_stop(there);
}

static void errors_of_the_server_have_a_reason_and_a_body(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/403", .status = 403, .type = "text/html", .body = "go away"},
        {.path = "/500", .status = 500},
        {.path = "/499", .status = 499, .body = "x"},
        {.path = "/long", .status = 404, .body = "0123456789"},
        {.path = "/long-chunked", .status = 404, .body = "0123456789", .manner = HTTP_CHUNKED},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct got got;
    harness_fetch(server, "/403", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_STATUS);
    assert_int_equal(got.status, 403);
    assert_string_equal(got.reason, "403 Forbidden");
    assert_string_equal(got.body, "go away");
    assert_string_equal(got.content_type, "text/html");
    harness_fetch(server, "/500", 100, 5000, &got);
    assert_string_equal(got.reason, "500 Internal Server Error");
    harness_fetch(server, "/499", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_STATUS);
    assert_string_equal(got.reason, "Status 499");
    harness_fetch(server, "/long", 4, 5000, &got);
    assert_int_equal(got.fault, ERR_STATUS);
    assert_string_equal(got.body, "0123");
    harness_fetch(server, "/long-chunked", 4, 5000, &got);
    assert_int_equal(got.fault, ERR_STATUS);
    assert_string_equal(got.body, "0123");
    http_server_stop(server);
}

static void redirects_are_followed(void **state)
{
    (void)state;
    static char big[100000];
    memset(big, 'x', sizeof big);
    static const struct http_route routes[] = {
        {.path = "/301", .status = 301, .headers = "Location: b/../target\r\n", .body = "moved"},
        {.path = "/302", .status = 302, .headers = "Location: ?x=y\r\n"},
        {.path = "/302?x=y", .body = "query"},
        {.path = "/303", .status = 303, .headers = "Location: //127.0.0.1:1/\r\n"},
        {.path = "/307", .status = 307, .headers = "location: /target\r\n"},
        {.path = "/308", .status = 308, .headers = "Location: /target#own\r\n"},
        {.path = "/big",
         .status = 302,
         .headers = "Location: /target\r\n",
         .body = big,
         .body_len = sizeof big},
        {.path = "/cut",
         .status = 302,
         .headers = "Location: /target\r\n",
         .body = "0123456789",
         .manner = HTTP_CUT,
         .amount = 3},
        {.path = "/300", .status = 300, .headers = "Location: /target\r\n", .body = "choose"},
        {.path = "/nowhere", .status = 302, .body = "no location"},
        {.path = "/empty", .status = 302, .headers = "Location:\r\n", .body = "no location"},
        {.path = "/404", .status = 404, .headers = "Location: /target\r\n"},
        {.path = "/zh", .status = 302, .headers = "Location: /\xE4\xB8\xAD \x61\r\n"},
        {.path = "/%E4%B8%AD%20a", .body = "encoded"},
        {.path = "/target", .body = "there"},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct got got;
    char url[200];
    static const char *const paths[] = {"/301", "/307", "/big", "/cut"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        harness_fetch(server, paths[i], 100, 5000, &got);
        assert_int_equal(got.fault, ERR_NONE);
        assert_int_equal(got.status, 200);
        assert_string_equal(got.body, "there");
        assert_string_equal(got.url, http_server_url(server, "/target", url, sizeof url));
    }
    harness_fetch(server, "/302#f", 100, 5000, &got);
    assert_string_equal(got.body, "query");
    assert_string_equal(got.url, http_server_url(server, "/302?x=y#f", url, sizeof url));
    harness_fetch(server, "/308#f", 100, 5000, &got);
    assert_string_equal(got.url, http_server_url(server, "/target#own", url, sizeof url));
    harness_fetch(server, "/303", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_CONNECT);
    assert_string_equal(got.url, "http://127.0.0.1:1/");
    harness_fetch(server, "/zh", 100, 5000, &got);
    assert_string_equal(got.body, "encoded");
    static const char *const answers[] = {"/300", "/nowhere", "/empty"};
    for (size_t i = 0; i < COUNT(answers); i++) {
        harness_fetch(server, answers[i], 100, 5000, &got);
        assert_int_equal(got.fault, ERR_NONE);
        assert_int_equal(got.status / 100, 3);
        assert_true(got.body_len > 0);
    }
    harness_fetch(server, "/404", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_STATUS);
    http_server_stop(server);
}

static void redirects_come_to_an_end(void **state)
{
    (void)state;
    static struct http_route routes[LIMIT_REDIRECTS + 10];
    static char paths[COUNT(routes)][16];
    static char headers[COUNT(routes)][40];
    size_t count = (size_t)LIMIT_REDIRECTS + 2;
    for (size_t i = 0; i < count; i++) { /* /0 leads to /1, and so on */
        snprintf(paths[i], sizeof paths[i], "/%zu", i);
        snprintf(headers[i], sizeof headers[i], "Location: /%zu\r\n", i + 1);
        routes[i] = (struct http_route){.path = paths[i], .status = 302, .headers = headers[i]};
    }
    routes[count - 1] = (struct http_route){.path = paths[count - 1], .body = "end"};
    routes[count++] =
        (struct http_route){.path = "/loop", .status = 302, .headers = "Location: /loop\r\n"};
    struct http_server *server = http_server_start(routes, count);
    struct got got;
    char url[200];
    harness_fetch(server, "/1", 100, 5000, &got); /* LIMIT_REDIRECTS hops */
    assert_int_equal(got.fault, ERR_NONE);
    assert_string_equal(got.body, "end");
    harness_fetch(server, "/0", 100, 5000, &got); /* one more */
    assert_int_equal(got.fault, ERR_REDIRECT);
    assert_int_equal(got.status, 302);
    harness_fetch(server, "/loop", 100, 5000, &got);
    assert_int_equal(got.fault, ERR_REDIRECT);
    assert_string_equal(got.url, http_server_url(server, "/loop", url, sizeof url));
    assert_int_equal(http_server_hits(server, "/loop"), LIMIT_REDIRECTS + 1);
    http_server_stop(server);
}

static void redirects_to_what_is_no_web_page_are_refused(void **state)
{
    (void)state;
    static char longest[LIMIT_URL + 100];
    snprintf(longest, sizeof longest, "Location: http://127.0.0.1:1/");
    memset(longest + strlen(longest), 'x', LIMIT_URL);
    strcat(longest, "\r\n");
    const struct http_route routes[] = {
        {.path = "/0", .status = 302, .headers = "Location: file:///etc/passwd\r\n"},
        {.path = "/1", .status = 302, .headers = "Location: ftp://127.0.0.1/\r\n"},
        {.path = "/2", .status = 302, .headers = "Location: gopher://127.0.0.1:1/x\r\n"},
        {.path = "/3", .status = 302, .headers = "Location: javascript:alert(1)\r\n"},
        {.path = "/4", .status = 302, .headers = "Location: data:,x\r\n"},
        {.path = "/5", .status = 302, .headers = "Location: //u:p@127.0.0.1/\r\n"},
        {.path = "/6", .status = 302, .headers = "Location: http://a b/\r\n"},
        {.path = "/7", .status = 302, .headers = "Location: http://127.0.0.1:99999/\r\n"},
        {.path = "/8", .status = 302, .headers = longest},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(routes); i++) {
        struct got got;
        char url[200];
        harness_fetch(server, routes[i].path, 100, 5000, &got);
        assert_int_equal(got.fault, ERR_REDIRECT);
        assert_int_equal(got.status, 302);
        assert_string_equal(got.url, http_server_url(server, routes[i].path, url, sizeof url));
    }
    http_server_stop(server);
}

static void requests_that_may_not_be_made_end_in_their_callback(void **state)
{
    (void)state;
    static char longest[LIMIT_URL + 2] = "http://127.0.0.1:1/";
    memset(longest + strlen(longest), 'x', LIMIT_URL + 1 - strlen(longest));
    const char *const urls[] = {"file:///etc/passwd",
                                "data:,x",
                                "ftp://127.0.0.1/",
                                "javascript:x",
                                "about:blank",
                                "http://u:p@127.0.0.1/",
                                "http://u@127.0.0.1/",
                                "http:///",
                                "http://a b/",
                                "127.0.0.1/",
                                "",
                                longest};
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got[COUNT(urls)] = {0};
    for (size_t i = 0; i < COUNT(urls); i++)
        harness_add(fetcher, urls[i], 100, 5000, &got[i]);
    assert_int_equal(fetcher_pending(fetcher), COUNT(urls));
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(urls); i++) {
        assert_int_equal(got[i].calls, 1);
        assert_int_equal(got[i].fault, urls[i] == longest ? ERR_LIMIT : ERR_URL);
        assert_int_equal(got[i].status, 0);
        assert_string_equal(got[i].content_type, "");
    }
    fetcher_destroy(fetcher);
}

static void faults_of_libcurl_have_their_codes(void **state)
{
    (void)state;
    static const struct {
        CURLcode code;
        enum error_code fault;
    } cases[] = {
        {CURLE_COULDNT_RESOLVE_HOST, ERR_DNS},    {CURLE_COULDNT_CONNECT, ERR_CONNECT},
        {CURLE_GOT_NOTHING, ERR_CONNECT},         {CURLE_PARTIAL_FILE, ERR_CONNECT},
        {CURLE_SEND_ERROR, ERR_CONNECT},          {CURLE_RECV_ERROR, ERR_CONNECT},
        {CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT},  {CURLE_PEER_FAILED_VERIFICATION, ERR_TLS},
        {CURLE_SSL_CONNECT_ERROR, ERR_TLS},       {CURLE_SSL_CACERT_BADFILE, ERR_TLS},
        {CURLE_UNSUPPORTED_PROTOCOL, ERR_SERVER}, {CURLE_WEIRD_SERVER_REPLY, ERR_SERVER},
        {CURLE_BAD_CONTENT_ENCODING, ERR_SERVER}, {CURLE_HTTP2, ERR_SERVER},
        {CURLE_HTTP2_STREAM, ERR_SERVER},         {CURLE_URL_MALFORMAT, ERR_URL},
        {CURLE_OUT_OF_MEMORY, ERR_NO_MEMORY},
    };
    struct transfer_common common = {0};
    struct error err = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct fetch_request request = {.url = "http://127.0.0.1/", .max_bytes = 1};
        struct transfer *t = NULL;
        struct fetch_result result;
        assert_true(transfer_create(&common, &request, &t, &err));
        transfer_judge(t, cases[i].code, &result);
        assert_int_equal(result.fault, cases[i].fault);
        assert_non_null(result.reason);
        transfer_destroy(t);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_arrives_whole),
        cmocka_unit_test(the_request_says_what_it_should_and_no_more),
        cmocka_unit_test(headers_cannot_be_smuggled_in),
        cmocka_unit_test(the_referer_follows_the_rule_at_every_hop),
        cmocka_unit_test(errors_of_the_server_have_a_reason_and_a_body),
        cmocka_unit_test(redirects_are_followed),
        cmocka_unit_test(redirects_come_to_an_end),
        cmocka_unit_test(redirects_to_what_is_no_web_page_are_refused),
        cmocka_unit_test(requests_that_may_not_be_made_end_in_their_callback),
        cmocka_unit_test(faults_of_libcurl_have_their_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* page: address, fetch, fetch_private: who may be talked to, and who is at the other end. */
#include "fetch_harness.h"
#include "page/address.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool is_private(const char *text)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return address_is_private((struct sockaddr *)&in, sizeof in);
    assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return address_is_private((struct sockaddr *)&in6, sizeof in6);
}

static void private_addresses_are_known(void **state)
{
    (void)state;
    static const char *const private[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::808:808",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::e000:1",
        "::ffff:0:7f00:1",
        "::ffff:0:808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:808:808::1",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ffff::1",
    };
    static const char *const public[] = {
        "1.0.0.0",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
        "100.128.0.0",     "126.255.255.255", "128.0.0.0",       "169.253.255.255",
        "169.255.0.0",     "172.15.255.255",  "172.32.0.0",      "192.0.1.0",
        "192.167.255.255", "192.169.0.0",     "198.17.255.255",  "198.20.0.0",
        "203.0.114.0",     "223.255.255.255", "::ffff:8.8.8.8",  "64:ff9b::808:808",
        "2000::1",         "2001:200::1",     "2001:4860::8888", "2001:db9::1",
        "2003::1",         "2400:3200::1",    "2606:4700::1111", "3ffe::1",
        "3fff:1000::1",
    };
    for (size_t i = 0; i < COUNT(private); i++)
        if (!is_private(private[i]))
            fail_msg("%s passes for public", private[i]);
    for (size_t i = 0; i < COUNT(public); i++)
        if (is_private(public[i]))
            fail_msg("%s passes for private", public[i]);
    struct sockaddr_in in = {.sin_family = AF_UNIX};
    assert_true(address_is_private((struct sockaddr *)&in, sizeof in));
    assert_int_equal(inet_pton(AF_INET, "8.8.8.8", &in.sin_addr), 1);
    in.sin_family = AF_INET;
    assert_true(address_is_private((struct sockaddr *)&in, sizeof(sa_family_t)));
    static const char *const none[] = {"", "localhost", "8.8.8", "8.8.8.8 ", "[::1]", "2000::1%lo"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_true(address_text_is_private(none[i]));
    assert_false(address_text_is_private("8.8.8.8"));
    assert_false(address_text_is_private("2000::1"));
}

static void this_machine_is_out_of_bounds_for_public_pages(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "*", .body = "secret"}};
    static const char *const hosts[] = {
        "127.0.0.1",         "127.1",           "2130706433", "0x7f.1",    "0177.0.0.1",
        "localhost",         "a.localhost",     "[::1]",      "0.0.0.0",   "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]", "169.254.169.254", "10.0.0.1",   "[fe80::1]", "[::]",
    };
    struct http_server *server = http_server_start(routes, 1);
    struct fetcher *fetcher = harness_fetcher(false);
    struct got got[COUNT(hosts)] = {0};
    for (size_t i = 0; i < COUNT(hosts); i++) {
        char url[100];
        snprintf(url, sizeof url, "http://%s:%u/", hosts[i], http_server_port(server));
        harness_add(fetcher, url, 100, 2000, &got[i]);
        assert_true(fetch_host_is_private(url));
    }
    harness_run(fetcher);
    for (size_t i = 0; i < COUNT(hosts); i++)
        if (got[i].fault != ERR_PRIVATE)
            fail_msg("%s gives %s (%s)", hosts[i], error_name(got[i].fault), got[i].reason);
    assert_int_equal(http_server_connections(server), 0);
    fetcher_destroy(fetcher);
    assert_false(fetch_host_is_private("http://8.8.8.8/"));
    assert_false(fetch_host_is_private("https://[2606:4700::1111]/"));
    assert_false(fetch_host_is_private("file://127.0.0.1/"));
    assert_false(fetch_host_is_private("http://u@127.0.0.1/"));
    assert_false(fetch_host_is_private("no url"));
    http_server_stop(server);
}

static void urls_that_say_that_they_are_private_are_known(void **state)
{
    (void)state;
    static const char *const private[] = {
        "http://127.0.0.1/",
        "http://127.1:8080/a",
        "https://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://１２７。０。０。１/",
        "http://%31%32%37.0.0.1/",
        "http://192.168.1.1/reboot?now",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]:80/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://localhost/",
        "http://LOCALHOST.:3000/",
        "http://a.localhost/",
        "http://wiki/",
        "http://nas.local/",
        "http://router.lan./",
        "http://a.b.internal/",
        "http://fritz.home.arpa/",
        "http://intranet.corp/",
    };
    static const char *const others[] = {
        "http://8.8.8.8/",
        "http://[2606:4700::1111]/",
        "http://example.com/",
        "http://localhost.example.com/",
        "http://local.example/",
        "http://xlocal.com/",
        "http://mylan.com/?router.lan",
        "http://home.arpa.example.org/",
        "http://arpa.home.example/",
        "http://127.0.0.1.example.com/",
        "http://u:p@127.0.0.1/",
        "http://u@localhost/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "file://localhost/etc/passwd",
        "ftp://127.0.0.1/",
        "localhost",
        "",
    };
    for (size_t i = 0; i < COUNT(private); i++)
        if (!fetch_url_is_private(private[i]))
            fail_msg("%s passes for public", private[i]);
    for (size_t i = 0; i < COUNT(others); i++)
        if (fetch_url_is_private(others[i]))
            fail_msg("%s passes for private", others[i]);
}

static void no_proxy_is_taken_from_the_environment(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "*", .body = "direct"}};
    static const char *const names[] = {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"};
    struct http_server *proxy = http_server_start(routes, 1);
    struct http_server *server = http_server_start(routes, 1);
    char url[200];
    http_server_url(proxy, "/", url, sizeof url);
    for (size_t i = 0; i < COUNT(names); i++)
        assert_int_equal(setenv(names[i], url, 1), 0);
    struct got got;
    harness_fetch(server, "/", 100, 2000, &got);
    assert_string_equal(got.body, "direct");
    assert_true(fetch_host_is_private(url));
    assert_int_equal(http_server_connections(proxy), 0);
    assert_int_equal(http_server_connections(server), 1);
    for (size_t i = 0; i < COUNT(names); i++)
        assert_int_equal(unsetenv(names[i]), 0);
    http_server_stop(proxy);
    http_server_stop(server);
}

static void a_server_without_tls_is_a_tls_fault(void **state)
{
    (void)state;
    static const struct http_route routes[] = {{.path = "*", .body = "plain"}};
    struct http_server *server = http_server_start(routes, 1);
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got = {0};
    char url[100];
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", http_server_port(server));
    harness_add(fetcher, url, 100, 2000, &got);
    harness_run(fetcher);
    assert_int_equal(got.fault, ERR_TLS);
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

/* OpenSSL's own little web server with a certificate that nobody has signed. 0 when there is no
 * openssl program. */
static unsigned start_tls_server(const char *folder, pid_t *child_out)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(fds[1], STDOUT_FILENO);
        close(fds[0]);
        close(fds[1]);
        if (chdir(folder) != 0)
            _exit(1);
        execl("/bin/sh", "sh", "-c",
              "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
              "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout key -out cert "
              "2>/dev/null && exec openssl s_server -accept 127.0.0.1:0 -www -key key -cert cert "
              "2>/dev/null </dev/null",
              (char *)NULL);
        _exit(1);
    }
    close(fds[1]);
    FILE *lines = fdopen(fds[0], "r");
    assert_non_null(lines);
    char line[200];
    unsigned port = 0;
    while (port == 0 && fgets(line, sizeof line, lines) != NULL)
        if (sscanf(line, "ACCEPT 127.0.0.1:%u", &port) != 1)
            port = 0;
    fclose(lines);
    *child_out = child;
    return port;
}

static void a_certificate_that_nobody_signed_is_refused(void **state)
{
    (void)state;
    char folder[] = "/tmp/linksnap-tls-XXXXXX";
    assert_non_null(mkdtemp(folder));
    pid_t child;
    unsigned port = start_tls_server(folder, &child);
    struct got got = {0};
    if (port != 0) {
        struct fetcher *fetcher = harness_fetcher(true);
        char url[100];
        snprintf(url, sizeof url, "https://127.0.0.1:%u/", port);
        harness_add(fetcher, url, 100000, 5000, &got);
        harness_run(fetcher);
        fetcher_destroy(fetcher);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    static const char *const files[] = {"key", "cert"};
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[100];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    if (port == 0) {
        print_message("# SKIP: no TLS server, the openssl program is not there\n");
        skip();
    }
    assert_int_equal(got.fault, ERR_TLS);
    assert_string_equal(got.reason, "The server's certificate is signed by nobody but itself");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_addresses_are_known),
        cmocka_unit_test(this_machine_is_out_of_bounds_for_public_pages),
        cmocka_unit_test(urls_that_say_that_they_are_private_are_known),
        cmocka_unit_test(no_proxy_is_taken_from_the_environment),
        cmocka_unit_test(a_server_without_tls_is_a_tls_fault),
        cmocka_unit_test(a_certificate_that_nobody_signed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

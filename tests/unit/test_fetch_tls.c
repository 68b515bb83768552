/* page: fetch over TLS: a server that is not who it says, or speaks as nobody should any more. The
 * certificates are made here, and signed by an authority that only this program trusts. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "fetch_harness.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <fcntl.h>
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

static char folder[] = "/tmp/linksnap-tls-XXXXXX";
static bool made;

/* In the place of libcurl's: a handle that trusts our authority and no other. */
CURL *curl_easy_init(void)
{
    CURL *(*real)(void);
    char path[100];
    void *symbol = dlsym(RTLD_NEXT, "curl_easy_init");
    memcpy(&real, &symbol,
           sizeof real); /* ISO C knows no way from one kind of pointer to another */
    CURL *easy = real();
    snprintf(path, sizeof path, "%s/ca.pem", folder);
    if (easy != NULL && made) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, path);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    return easy;
}

/* An authority, and what it has signed: one certificate for this machine, one for another, one
 * whose time is over and one whose time has not come; and one that signed itself. */
static const char script[] =
    "set -e; exec >/dev/null 2>&1\n"
    "printf '[c]\\ndatabase=db\\nserial=serial\\nnew_certs_dir=.\\ndefault_md=sha256\\n"
    "policy=p\\nunique_subject=no\\n[p]\\ncommonName=supplied\\n"
    "[here]\\nsubjectAltName=IP:127.0.0.1\\n[other]\\nsubjectAltName=DNS:other.example\\n' > conf\n"
    ": > db; echo 01 > serial\n"
    "key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "key ca; openssl req -x509 -new -key ca.key -subj /CN=Authority -days 3650 -out ca.pem\n"
    "key self; openssl req -x509 -new -key self.key -subj /CN=self -days 2 "
    "-addext subjectAltName=IP:127.0.0.1 -out self.pem\n"
    "sign() { key $1; openssl req -new -key $1.key -subj /CN=$1 -out $1.csr\n"
    "  openssl ca -batch -notext -config conf -name c -cert ca.pem -keyfile ca.key -in $1.csr "
    "-out $1.pem -extensions $2 -startdate $3 -enddate $4; }\n"
    "sign good here 20200101000000Z 20991231000000Z\n"
    "sign other other 20200101000000Z 20991231000000Z\n"
    "sign expired here 20200101000000Z 20200102000000Z\n"
    "sign early here 20980101000000Z 20991231000000Z\n";

/* Runs a script in our folder, with two words for it. */
static pid_t run(const char *text, const char *first, const char *second, int *lines_out)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int none = open("/dev/null", O_RDWR);
        if (chdir(folder) != 0 || none < 0)
            _exit(1);
        dup2(none, STDIN_FILENO);
        dup2(none, STDERR_FILENO);
        dup2(fds[1], STDOUT_FILENO);
        close(fds[0]);
        close(fds[1]);
        execl("/bin/sh", "sh", "-c", text, "sh", first, second, (char *)NULL);
        _exit(1);
    }
    close(fds[1]);
    *lines_out = fds[0];
    return child;
}

static bool run_to_end(const char *text)
{
    int lines;
    int status = 1;
    pid_t child = run(text, "", "", &lines);
    close(lines);
    return waitpid(child, &status, 0) == child && status == 0;
}

static int make_certificates(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    made = run_to_end(script);
    return 0;
}

static int remove_certificates(void **state)
{
    (void)state;
    return run_to_end("rm -f ./*") ? rmdir(folder) : 1;
}

/* OpenSSL's own little web server; its URL in `url`. */
static pid_t start_server(const char *certificate, const char *protocol, char url[100])
{
    char line[200];
    unsigned port = 0;
    int lines;
    pid_t child = run("exec openssl s_server -accept 127.0.0.1:0 -www -key $1.key -cert $1.pem "
                      "-cipher DEFAULT:@SECLEVEL=0 $2",
                      certificate, protocol, &lines);
    FILE *file = fdopen(lines, "r");
    assert_non_null(file);
    while (port == 0 && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "ACCEPT 127.0.0.1:%u", &port) != 1)
            port = 0;
    fclose(file);
    assert_int_not_equal(port, 0);
    snprintf(url, 100, "https://127.0.0.1:%u/", port);
    return child;
}

static void only_a_server_that_proves_who_it_is_is_believed(void **state)
{
    (void)state;
    static const struct {
        const char *certificate;
        const char *protocol;
        enum error_code fault;
        const char *reason;
    } cases[] = {
        {"good", "-tls1_3", ERR_NONE, ""},
        {"good", "-tls1_2", ERR_NONE, ""},
        {"good", "-tls1_1", ERR_TLS, "No secure connection to the server"},
        {"good", "-tls1", ERR_TLS, "No secure connection to the server"},
        {"other", "-tls1_3", ERR_TLS, "The server's certificate is for another host"},
        {"expired", "-tls1_3", ERR_TLS, "The server's certificate has expired"},
        {"early", "-tls1_2", ERR_TLS, "The server's certificate is not valid yet"},
        {"self", "-tls1_3", ERR_TLS, "The server's certificate is signed by nobody but itself"},
    };
    if (!made) {
        print_message("# SKIP: no certificates, the openssl program is not there\n");
        skip();
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        char url[100];
        struct got got = {0};
        pid_t server = start_server(cases[i].certificate, cases[i].protocol, url);
        struct fetcher *fetcher = harness_fetcher(true);
        harness_add(fetcher, url, 100000, 5000, &got);
        harness_run(fetcher);
        fetcher_destroy(fetcher);
        kill(server, SIGKILL);
        waitpid(server, NULL, 0);
        print_message("# %s %s: %s\n", cases[i].certificate, cases[i].protocol, got.reason);
        assert_int_equal(got.fault, cases[i].fault);
        assert_string_equal(got.reason, cases[i].reason);
        assert_int_equal(got.body_len > 0, got.fault == ERR_NONE);
    }
}

static void an_authority_that_nobody_knows_signs_for_nobody(void **state)
{
    (void)state;
    char url[100];
    struct got got = {0};
    if (!made) {
        print_message("# SKIP: no certificates, the openssl program is not there\n");
        skip();
    }
    pid_t server = start_server("good", "-tls1_3", url);
    made = false; /* our authority is not known any more */
    struct fetcher *fetcher = harness_fetcher(true);
    harness_add(fetcher, url, 100000, 5000, &got);
    harness_run(fetcher);
    fetcher_destroy(fetcher);
    made = true;
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    assert_int_equal(got.fault, ERR_TLS);
    assert_string_equal(got.reason, "The server's certificate is signed by nobody who is trusted");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_server_that_proves_who_it_is_is_believed),
        cmocka_unit_test(an_authority_that_nobody_knows_signs_for_nobody),
    };
    return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}

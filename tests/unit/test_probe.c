/* app: probe, against hosts that answer, lie, dawdle and die. */
#include "app/probe.h"
#include "base/limits.h"
#include "home_tree.h"
#include "wire/rpc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define GOOD                                                                                       \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocol\":4,\"version\":\"0.1.0\","              \
    "\"store\":{\"state\":\"ready\"}}}"

enum { PATIENT = 8000, HASTY = 300 };

static struct home_tree tree;

static int make_tree(void **state)
{
    (void)state;
    home_tree_make(&tree, "a host");
    return 0;
}

static int remove_tree(void **state)
{
    (void)state;
    home_tree_remove(&tree);
    return 0;
}

/* A host whose shell script runs in the tree. */
static const char *host(const char *script)
{
    char text[2048];
    snprintf(text, sizeof text, "#!/bin/sh\ncd \"${0%%/*}\" || exit\n%s\n", script);
    home_tree_text(&tree, "host", 0755, text);
    return home_tree_path(&tree, "host");
}

/* Writes the file "answer": a frame of `len` bytes that says it has `said` bytes. */
static void answer(const char *bytes, size_t len, size_t said)
{
    char *frame = calloc(1, len + 4);
    assert_non_null(frame);
    uint32_t length = (uint32_t)said;
    memcpy(frame, &length, 4);
    memcpy(frame + 4, bytes, len);
    home_tree_bytes(&tree, "answer", 0600, frame, len + 4);
    free(frame);
}

static bool probe(const char *program, int timeout_ms, struct error *err)
{
    struct probe_answer got = {0};
    *err = (struct error){0};
    bool ok = probe_hello(program, "0.1.0", timeout_ms, &got, err);
    if (ok)
        assert_string_equal(got.version, "0.1.0");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nothing is left running */
    assert_int_equal(errno, ECHILD);
    return ok;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void a_host_that_answers_is_well(void **state)
{
    (void)state;
    struct error err;
    answer(GOOD, strlen(GOOD), strlen(GOOD));
    assert_true(probe(host("cat answer; cat >asked; echo \"$1\" >origin"), PATIENT, &err));

    char *asked = home_tree_read(&tree, "asked");
    uint32_t len;
    memcpy(&len, asked, 4);
    cJSON *json = NULL;
    assert_true(rpc_parse(slice_make(asked + 4, len), &json, &err));
    assert_int_equal(asked[4 + len], 0);
    assert_string_equal(cJSON_GetObjectItem(json, "jsonrpc")->valuestring, "2.0");
    assert_string_equal(cJSON_GetObjectItem(json, "method")->valuestring, "hello");
    const cJSON *params = cJSON_GetObjectItem(json, "params");
    assert_int_equal(cJSON_GetObjectItem(params, "protocol")->valueint, RPC_PROTOCOL);
    assert_string_equal(cJSON_GetObjectItem(params, "version")->valuestring, "0.1.0");
    cJSON_Delete(json);
    free(asked);
    char *origin = home_tree_read(&tree, "origin");
    assert_string_equal(origin, "chrome-extension://clamihfaboappfgpcjhpjjkmnpccmfbg/\n");
    free(origin);
}

static void an_answer_in_pieces_is_put_together(void **state)
{
    (void)state;
    struct error err;
    answer(GOOD, strlen(GOOD), strlen(GOOD));
    assert_true(probe(host("dd bs=1 count=2 if=answer 2>/dev/null; echo noise >&2; sleep 0.1; "
                           "dd bs=1 skip=2 count=9 if=answer 2>/dev/null; sleep 0.1; "
                           "dd bs=1 skip=11 if=answer 2>/dev/null"),
                      PATIENT, &err));
}

static void silence_ends_in_time(void **state)
{
    (void)state;
    struct error err;
    int64_t start = now_ms();
    assert_false(probe(host("exec sleep 30"), HASTY, &err));
    assert_int_equal(err.code, ERR_TIMEOUT);
    answer(GOOD, 20, strlen(GOOD)); /* a frame that never gets whole */
    assert_false(probe(host("cat answer; exec sleep 30"), HASTY, &err));
    assert_int_equal(err.code, ERR_TIMEOUT);
    assert_true(now_ms() - start < 6000);
}

static void a_host_that_will_not_end_is_ended(void **state)
{
    (void)state;
    struct error err;
    answer(GOOD, strlen(GOOD), strlen(GOOD));
    int64_t start = now_ms();
    assert_true(probe(host("trap '' HUP TERM INT PIPE; cat answer; exec sleep 30"), PATIENT, &err));
    assert_true(now_ms() - start < 6000);
}

static void last_words_are_quoted(void **state)
{
    (void)state;
    struct error err;
    assert_false(
        probe(host("printf 'cannot open libgumbo.so.1:\\t\\033 no\\nmore\\n' >&2; exit 127"),
              PATIENT, &err));
    assert_int_equal(err.code, ERR_FRAME);
    assert_string_equal(err.text, "It ends without an answer: cannot open libgumbo.so.1:   no");
    assert_false(probe(host("exit 3"), PATIENT, &err));
    assert_string_equal(err.text, "It ends without an answer");
    assert_false(probe(host("yes x | tr -d '\\n' | head -c 100000 >&2"), PATIENT, &err));
    assert_int_equal(err.code, ERR_FRAME);
    assert_false(probe(host("printf '\\377\\376' >&2"), PATIENT, &err));
    assert_non_null(strstr(err.text, "\xEF\xBF\xBD"));
}

static void what_is_no_frame_is_seen_at_once(void **state)
{
    (void)state;
    struct error err;
    assert_false(probe(host("echo Hello world; exec sleep 30"), PATIENT, &err));
    assert_int_equal(err.code, ERR_FRAME);
    answer("", 0, 0);
    assert_false(probe(host("cat answer; exec sleep 30"), PATIENT, &err));
    assert_int_equal(err.code, ERR_FRAME);
    assert_false(probe(host("exec yes"), PATIENT, &err));
    assert_int_equal(err.code, ERR_FRAME);
    answer(GOOD, 20, strlen(GOOD));
    assert_false(probe(host("cat answer"), PATIENT, &err));
    assert_int_equal(err.code, ERR_FRAME);
}

static void a_frame_at_the_limit_is_read_and_none_past_it(void **state)
{
    (void)state;
    struct error err;
    char *big = malloc(LIMIT_FRAME_OUT + 1);
    assert_non_null(big);
    memset(big, ' ', LIMIT_FRAME_OUT + 1);
    memcpy(big, GOOD, strlen(GOOD));
    answer(big, LIMIT_FRAME_OUT, LIMIT_FRAME_OUT);
    assert_true(probe(host("cat answer"), PATIENT, &err));
    answer(big, LIMIT_FRAME_OUT + 1, LIMIT_FRAME_OUT + 1);
    assert_false(probe(host("cat answer"), PATIENT, &err));
    assert_int_equal(err.code, ERR_FRAME);
    free(big);
}

static void an_answer_must_be_one_to_hello(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum error_code code;
    } cases[] = {
        {"nothing", ERR_PARSE},
        {"{\"result\":{\"protocol\":4,\"version\":\"\\u0000\"}}", ERR_PARSE},
        {"[]", ERR_REQUEST},
        {"7", ERR_REQUEST},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}", ERR_REQUEST},
        {"{\"result\":{\"protocol\":\"4\",\"version\":\"0.1.0\"}}", ERR_REQUEST},
        {"{\"result\":{\"protocol\":4}}", ERR_REQUEST},
        {"{\"result\":{\"protocol\":5,\"version\":\"9\"}}", ERR_PROTOCOL},
        {"{\"error\":{\"code\":1004,\"message\":\"too old\"}}", ERR_PROTOCOL},
        {"{\"error\":{\"code\":0}}", ERR_REQUEST},
        {"{\"error\":7}", ERR_REQUEST},
    };
    struct error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer(cases[i].text, strlen(cases[i].text), strlen(cases[i].text));
        assert_false(probe(host("cat answer"), PATIENT, &err));
        assert_int_equal(err.code, cases[i].code);
        assert_true(err.text[0] != '\0');
    }
}

static void a_long_version_is_cut(void **state)
{
    (void)state;
    static const char text[] = "{\"result\":{\"protocol\":4,\"version\":\"0123456789012345678901234"
                               "567890123456789\"}}";
    struct probe_answer got = {0};
    struct error err;
    answer(text, strlen(text), strlen(text));
    assert_true(probe_hello(host("cat answer"), "0.1.0", PATIENT, &got, &err));
    assert_string_equal(got.version, "0123456789012345678901234567890");
}

static void what_cannot_be_started_is_said_to_be_so(void **state)
{
    (void)state;
    struct error err;
    assert_false(probe("/nonexistent/linksnap-host", PATIENT, &err));
    assert_int_equal(err.code, ERR_IO);
    home_tree_text(&tree, "garbage", 0755,
                   "\x7F"
                   "ELF but no more");
    assert_false(probe(home_tree_path(&tree, "garbage"), PATIENT, &err));
    assert_int_equal(err.code, ERR_IO);
    home_tree_text(&tree, "plain", 0600, "#!/bin/sh\n");
    assert_false(probe(home_tree_path(&tree, "plain"), PATIENT, &err));
    assert_int_equal(err.code, ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_answers_is_well),
        cmocka_unit_test(an_answer_in_pieces_is_put_together),
        cmocka_unit_test(silence_ends_in_time),
        cmocka_unit_test(a_host_that_will_not_end_is_ended),
        cmocka_unit_test(last_words_are_quoted),
        cmocka_unit_test(what_is_no_frame_is_seen_at_once),
        cmocka_unit_test(a_frame_at_the_limit_is_read_and_none_past_it),
        cmocka_unit_test(an_answer_must_be_one_to_hello),
        cmocka_unit_test(a_long_version_is_cut),
        cmocka_unit_test(what_cannot_be_started_is_said_to_be_so),
    };
    return cmocka_run_group_tests_name("probe", tests, make_tree, remove_tree);
}

/* page: fetch, transfer: against servers that lie and bodies that swell. */
#include "base/compress.h"
#include "base/limits.h"
#include "fetch_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void lies_end_in_bounded_time(void **state)
{
    (void)state;
    static const struct http_route routes[] = {
        {.path = "/silent", .manner = HTTP_SILENT},
        {.path = "/close", .manner = HTTP_CLOSE},
        {.path = "/reset", .manner = HTTP_RESET},
        {.path = "/stall", .body = "0123456789", .manner = HTTP_STALL, .amount = 3},
        {.path = "/stall-head", .body = "0123456789", .manner = HTTP_STALL},
        {.path = "/cut", .body = "0123456789", .manner = HTTP_CUT, .amount = 3},
        {.path = "/drip", .body = "0123456789", .manner = HTTP_DRIP, .pause_ms = 200},
        {.path = "/drip-headers", .manner = HTTP_DRIP_HEADERS, .pause_ms = 50},
        {.path = "/headers", .manner = HTTP_ENDLESS_HEADERS},
        {.path = "/body", .body = "0123456789", .manner = HTTP_ENDLESS_BODY},
        {.path = "/chunks", .body = "0123456789", .manner = HTTP_ENDLESS_CHUNKS},
        {.path = "/too-short", .body = "0123456789", .manner = HTTP_WRONG_LENGTH, .amount = 20},
        {.path = "/too-long", .body = "0123456789", .manner = HTTP_WRONG_LENGTH, .amount = 4},
        {.path = "/garbage", .body = "hello, I am no web server\r\n\r\n", .manner = HTTP_RAW},
        {.path = "/nothing", .body = "\r\n\r\n", .manner = HTTP_RAW},
        {.path = "/version", .body = "HTTP/9.9 200 OK\r\n\r\nx", .manner = HTTP_RAW},
        {.path = "/chunk",
         .manner = HTTP_RAW,
         .body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\nx\r\n"},
        {.path = "/chunk-size",
         .manner = HTTP_RAW,
         .body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "ffffffffffffffffff\r\nx\r\n"},
        {.path = "/negative",
         .manner = HTTP_RAW,
         .body = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx"},
        {.path = "/upgrade",
         .manner = HTTP_RAW,
         .body = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nx"},
        {.path = "/redirect-stall", .status = 302, .headers = "Location: /silent\r\n"},
    };
    static const struct {
        const char *path;
        enum error_code fault; /* ERR_INTERNAL: any but ERR_NONE */
    } want[] = {
        {"/silent", ERR_TIMEOUT},         {"/close", ERR_CONNECT},
        {"/reset", ERR_CONNECT},          {"/stall", ERR_TIMEOUT},
        {"/stall-head", ERR_TIMEOUT},     {"/cut", ERR_CONNECT},
        {"/drip", ERR_TIMEOUT},           {"/drip-headers", ERR_TIMEOUT},
        {"/headers", ERR_SERVER},         {"/body", ERR_TOO_LARGE},
        {"/chunks", ERR_TOO_LARGE},       {"/too-short", ERR_CONNECT},
        {"/too-long", ERR_NONE},          {"/garbage", ERR_SERVER},
        {"/nothing", ERR_INTERNAL},       {"/version", ERR_SERVER},
        {"/chunk", ERR_INTERNAL},         {"/chunk-size", ERR_INTERNAL},
        {"/negative", ERR_INTERNAL},      {"/upgrade", ERR_INTERNAL},
        {"/redirect-stall", ERR_TIMEOUT},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(want); i++) {
        struct got got;
        int64_t start = clock_steady();
        harness_fetch(server, want[i].path, 1000, want[i].fault == ERR_TIMEOUT ? 300 : 3000, &got);
        if (want[i].fault == ERR_INTERNAL ? got.fault == ERR_NONE : got.fault != want[i].fault)
            fail_msg("%s gives %s (%s)", want[i].path, error_name(got.fault), got.reason);
        assert_true(clock_steady() - start < 3000);
        if (got.fault != ERR_NONE)
            assert_int_equal(got.body_len, 0);
        if (strcmp(want[i].path, "/too-long") == 0)
            assert_string_equal(got.body, "0123");
    }
    http_server_stop(server);
}

static void a_server_that_is_gone_is_no_connection(void **state)
{
    (void)state;
    struct http_server *server = http_server_listen();
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got = {0};
    harness_get(fetcher, server, "/", &got);
    http_server_stop(server);
    harness_run(fetcher);
    assert_int_equal(got.fault, ERR_CONNECT);
    assert_int_equal(got.status, 0);
    fetcher_destroy(fetcher);
}

static void bodies_stop_at_their_ceiling(void **state)
{
    (void)state;
    static char body[3000];
    memset(body, 'x', sizeof body);
    static const struct http_route routes[] = {
        {.path = "/length", .body = body, .body_len = sizeof body},
        {.path = "/chunked", .body = body, .body_len = sizeof body, .manner = HTTP_CHUNKED},
        {.path = "/close", .body = body, .body_len = sizeof body, .manner = HTTP_UNTIL_CLOSE},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(routes); i++) {
        struct got got;
        harness_fetch(server, routes[i].path, sizeof body, 5000, &got);
        assert_int_equal(got.fault, ERR_NONE);
        assert_int_equal(got.body_len, sizeof body);
        harness_fetch(server, routes[i].path, sizeof body - 1, 5000, &got);
        assert_int_equal(got.fault, ERR_TOO_LARGE);
        assert_int_equal(got.status, 200);
        harness_fetch(server, routes[i].path, 0, 5000, &got);
        assert_int_equal(got.fault, ERR_TOO_LARGE);
    }
    http_server_stop(server);
}

static void headers_stop_at_their_ceiling(void **state)
{
    (void)state;
    static char answers[2][LIMIT_HEADERS + 2];
    static struct http_route routes[2] = {{.path = "/0", .manner = HTTP_RAW},
                                          {.path = "/1", .manner = HTTP_RAW}};
    for (size_t i = 0; i < 2; i++) {
        size_t len = LIMIT_HEADERS + i;
        char *at = answers[i];
        at += sprintf(at, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
        while ((size_t)(at - answers[i]) + 1100 < len) {
            memset(at, 'a', 1024);
            memcpy(at, "X: ", 3);
            memcpy(at + 1022, "\r\n", 2);
            at += 1024;
        }
        size_t rest = len - (size_t)(at - answers[i]);
        memset(at, 'a', rest);
        memcpy(at, "X: ", 3);
        memcpy(at + rest - 4, "\r\n\r\n", 4);
        routes[i].body = answers[i];
        routes[i].body_len = len;
    }
    struct http_server *server = http_server_start(routes, 2);
    struct got got;
    harness_fetch(server, "/0", 10, 5000, &got);
    assert_int_equal(got.fault, ERR_NONE);
    harness_fetch(server, "/1", 10, 5000, &got);
    assert_int_equal(got.fault, ERR_SERVER);
    assert_string_equal(got.reason, "The server's headers are too long");
    http_server_stop(server);
}

/* ---- compressed bodies ---- */

/* RFC 1952 around one stored block of RFC 1951. */
static size_t gzip_stored(const char *text, unsigned char *out)
{
    size_t len = strlen(text);
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < len; i++) {
        crc ^= (unsigned char)text[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    crc = ~crc;
    memcpy(out, "\x1F\x8B\x08\0\0\0\0\0\0\xFF\x01", 11);
    unsigned char *at = out + 11;
    *at++ = (unsigned char)len;
    *at++ = 0;
    *at++ = (unsigned char)~len;
    *at++ = 0xFF;
    memcpy(at, text, len);
    at += len;
    for (int i = 0; i < 4; i++)
        *at++ = (unsigned char)(crc >> 8 * i);
    for (int i = 0; i < 4; i++)
        *at++ = (unsigned char)(len >> 8 * i);
    return (size_t)(at - out);
}

static void put_bits(unsigned char *out, size_t *at, unsigned bits, unsigned count)
{
    for (unsigned i = 0; i < count; i++, (*at)++)
        out[*at / 8] |= (unsigned char)((bits >> i & 1) << *at % 8);
}

/* A block with fixed codes: 'x', then `matches` times "258 bytes from one byte back", open-ended.
 * Huffman codes stand with their first bit first: 'x' is 10101000, 258 is 11000101. */
static size_t gzip_bomb(size_t matches, unsigned char *out)
{
    memcpy(out, "\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10);
    size_t at = 80;
    put_bits(out, &at, 1, 1);    /* the last block */
    put_bits(out, &at, 1, 2);    /* fixed codes */
    put_bits(out, &at, 0x15, 8); /* 10101000 reversed */
    for (size_t i = 0; i < matches; i++) {
        put_bits(out, &at, 0xA3, 8); /* 11000101 reversed */
        put_bits(out, &at, 0, 5);    /* distance 1 */
    }
    return (at + 7) / 8;
}

static void zstd_frame(size_t size, struct buf *out)
{
    struct error err = {0};
    char *zeros = calloc(1, size);
    assert_non_null(zeros);
    buf_init(out, 2 * size);
    assert_true(compress_append(out, slice_make(zeros, size), &err));
    free(zeros);
}

/* 1 MiB of 'x'. */
#define BROTLI_BOMB "\x5B\xFF\xFF\x8F\x5F\x02\x2F\x1E\x0B\x04\x72\xEF\x1F\x00"

static void compressed_bodies_are_unpacked(void **state)
{
    (void)state;
    unsigned char gzip[200];
    size_t gzip_len = gzip_stored("hello gzip", gzip);
    struct buf zstd;
    zstd_frame(5000, &zstd);
    const struct http_route routes[] = {
        {.path = "/gzip",
         .headers = "Content-Encoding: gzip\r\n",
         .body = gzip,
         .body_len = gzip_len},
        {.path = "/x-gzip",
         .headers = "Content-Encoding: x-gzip\r\n",
         .body = gzip,
         .body_len = gzip_len,
         .manner = HTTP_CHUNKED,
         .amount = 1},
        {.path = "/br",
         .headers = "Content-Encoding: br\r\n",
         .body = "\x8B\x05\x80hello brotli\x03",
         .body_len = 16},
        {.path = "/zstd",
         .headers = "Content-Encoding: zstd\r\n",
         .body = zstd.ptr,
         .body_len = zstd.len},
        {.path = "/identity", .headers = "Content-Encoding: identity\r\n", .body = "plain"},
        {.path = "/corrupt",
         .headers = "Content-Encoding: gzip\r\n",
         .body = "\x1F\x8B\x08\0\0\0\0\0\0\xFF\x07\x07\x07",
         .body_len = 13},
        {.path = "/not-gzip", .headers = "Content-Encoding: gzip\r\n", .body = "hello"},
        {.path = "/unknown", .headers = "Content-Encoding: lzma\r\n", .body = "hello"},
        {.path = "/deep",
         .body = "x",
         .headers = "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip\r\n"},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    struct got got;
    harness_fetch(server, "/gzip", 10, 5000, &got); /* its packed form is longer */
    assert_int_equal(got.fault, ERR_NONE);
    assert_string_equal(got.body, "hello gzip");
    harness_fetch(server, "/gzip", 9, 5000, &got);
    assert_int_equal(got.fault, ERR_TOO_LARGE);
    harness_fetch(server, "/x-gzip", 10, 5000, &got);
    assert_string_equal(got.body, "hello gzip");
    harness_fetch(server, "/br", 12, 5000, &got);
    assert_string_equal(got.body, "hello brotli");
    harness_fetch(server, "/zstd", 5000, 5000, &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_int_equal(got.body_len, 5000);
    harness_fetch(server, "/zstd", 4999, 5000, &got);
    assert_int_equal(got.fault, ERR_TOO_LARGE);
    harness_fetch(server, "/identity", 10, 5000, &got);
    assert_string_equal(got.body, "plain");
    static const char *const broken[] = {"/corrupt", "/not-gzip", "/unknown", "/deep"};
    for (size_t i = 0; i < COUNT(broken); i++) {
        harness_fetch(server, broken[i], 100, 5000, &got);
        assert_int_equal(got.fault, ERR_SERVER);
        assert_int_equal(got.body_len, 0);
    }
    http_server_stop(server);
    buf_finish(&zstd);
}

static void bombs_stop_at_the_ceiling(void **state)
{
    (void)state;
    enum { MATCHES = 100000 }; /* 25 MB in 160 kB */
    unsigned char *gzip = calloc(1, MATCHES * 2);
    assert_non_null(gzip);
    size_t gzip_len = gzip_bomb(MATCHES, gzip);
    struct buf zstd;
    zstd_frame(64 * MIB, &zstd);
    const struct http_route routes[] = {
        {.path = "/gzip",
         .headers = "Content-Encoding: gzip\r\n",
         .body = gzip,
         .body_len = gzip_len},
        {.path = "/zstd",
         .headers = "Content-Encoding: zstd\r\n",
         .body = zstd.ptr,
         .body_len = zstd.len},
        {.path = "/br",
         .headers = "Content-Encoding: br\r\n",
         .body = BROTLI_BOMB,
         .body_len = sizeof BROTLI_BOMB - 1},
        {.path = "/error",
         .status = 404,
         .headers = "Content-Encoding: zstd\r\n",
         .body = zstd.ptr,
         .body_len = zstd.len},
    };
    struct http_server *server = http_server_start(routes, COUNT(routes));
    for (size_t i = 0; i < COUNT(routes); i++) {
        struct got got;
        int64_t start = clock_steady();
        harness_fetch(server, routes[i].path, 500000, 10000, &got);
        if (routes[i].status == 404) {
            assert_int_equal(got.fault, ERR_STATUS);
            assert_int_equal(got.body_len, 500000);
        } else {
            assert_int_equal(got.fault, ERR_TOO_LARGE);
        }
        assert_true(clock_steady() - start < 5000);
    }
    struct got got;
    harness_fetch(server, "/br", MIB, 5000, &got);
    assert_int_equal(got.fault, ERR_NONE);
    assert_int_equal(got.body_len, MIB);
    http_server_stop(server);
    buf_finish(&zstd);
    free(gzip);
}

/* More than is held at once: all but the oldest wait, and all arrive. */
static void large_bodies_take_turns(void **state)
{
    (void)state;
    enum { FILES = 5 };
    const size_t size = 30 * MIB;
    char *body = malloc(size);
    assert_non_null(body);
    memset(body, 'x', size);
    const struct http_route routes[] = {{.path = "/", .body = body, .body_len = size}};
    struct http_server *server = http_server_start(routes, 1);
    free(body);
    struct fetcher *fetcher = harness_fetcher(true);
    struct got got[FILES] = {0};
    char url[200];
    http_server_url(server, "/", url, sizeof url);
    for (int i = 0; i < FILES; i++)
        harness_add(fetcher, url, size, 60000, &got[i]);
    harness_run(fetcher);
    for (int i = 0; i < FILES; i++) {
        assert_int_equal(got[i].fault, ERR_NONE);
        assert_int_equal(got[i].body_len, size);
    }
    fetcher_destroy(fetcher);
    http_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lies_end_in_bounded_time),
        cmocka_unit_test(a_server_that_is_gone_is_no_connection),
        cmocka_unit_test(bodies_stop_at_their_ceiling),
        cmocka_unit_test(headers_stop_at_their_ceiling),
        cmocka_unit_test(compressed_bodies_are_unpacked),
        cmocka_unit_test(bombs_stop_at_the_ceiling),
        cmocka_unit_test(large_bodies_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A loopback HTTP/1.1 server for tests: it answers from a table of routes, honestly or not.
 *
 *     static const struct http_route routes[] = {
 *         {.path = "/a.css", .type = "text/css", .body = "a{}"},
 *         {.path = "/gone", .status = 404},
 *         {.path = "/old", .status = 302, .headers = "Location: /a.css\r\n"},
 *         {.path = "/slow", .body = "abc", .manner = HTTP_DRIP, .pause_ms = 100},
 *     };
 *     struct http_server *server = http_server_start(routes, sizeof routes / sizeof *routes);
 *     http_server_url(server, "/a.css", url, sizeof url);
 *     ...
 *     http_server_stop(server);
 *
 * It listens on a free port of 127.0.0.1 and works in a forked child, so the routes and bodies may
 * be any memory of the test and need not outlive http_server_serve(). Every connection has a thread
 * of its own; connections are kept alive. The child ends with the test program. Any failure to set
 * it up ends the test program with a message. Where a body holds the port (absolute links), listen
 * first, then write the body, then serve.
 */
#ifndef TEST_HTTP_SERVER_H
#define TEST_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* How the answer is sent. */
enum http_manner {
    HTTP_HONEST,         /* with its Content-Length, no body after HEAD */
    HTTP_BODY_ALWAYS,    /* the same, but the body comes after HEAD too, pause_ms behind the head */
    HTTP_CHUNKED,        /* in chunks of `amount` bytes (0: 1024), pause_ms between them */
    HTTP_UNTIL_CLOSE,    /* no length; the body ends with the connection */
    HTTP_WRONG_LENGTH,   /* Content-Length says `amount`; all of the body is sent, then closed */
    HTTP_CUT,            /* Content-Length is right; closed after `amount` bytes of the body */
    HTTP_STALL,          /* the same, but then nothing more until the client goes away */
    HTTP_SILENT,         /* no answer at all until the client goes away */
    HTTP_CLOSE,          /* closed without an answer */
    HTTP_RESET,          /* reset (TCP RST) without an answer */
    HTTP_DRIP,           /* one byte of the body, then pause_ms, and so on */
    HTTP_DRIP_HEADERS,   /* one header line, then pause_ms, without end */
    HTTP_ENDLESS_BODY,   /* the body again and again, without length, until the client goes away */
    HTTP_ENDLESS_CHUNKS, /* the same in chunks */
    HTTP_ENDLESS_HEADERS, /* header lines until the client goes away */
    HTTP_RAW              /* the body is the whole answer, status line and all; then closed */
};

struct http_route {
    const char *path;    /* "/a?b" matches that target only; a last '*' matches any ending */
    int status;          /* 0 means 200 */
    const char *type;    /* Content-Type; NULL for none */
    const char *headers; /* further header lines, each with its \r\n; may be NULL */
    const void *body;    /* may be NULL */
    size_t body_len;     /* 0 means strlen(body) */
    int delay_ms;        /* before the first byte of the answer */
    enum http_manner manner;
    size_t amount; /* see http_manner */
    int pause_ms;
};

struct http_server;

/* Listens on a free port of 127.0.0.1; serves nothing yet. */
struct http_server *http_server_listen(void);
/* The same at another address of this machine: "127.0.0.2". */
struct http_server *http_server_listen_at(const char *address);
/* Starts to answer. The first route that matches counts; without one the answer is 404. */
void http_server_serve(struct http_server *server, const struct http_route *routes, size_t count);
/* Both in one. */
struct http_server *http_server_start(const struct http_route *routes, size_t count);
/* Ends the child and frees the server; NULL is fine. */
void http_server_stop(struct http_server *server);

unsigned http_server_port(const struct http_server *server);
/* "http://ADDRESS:PORT" and the path. Returns `out`. */
const char *http_server_url(const struct http_server *server, const char *path, char *out,
                            size_t size);

/* How many requests the route of this very path (as in the table) has had; "" counts those that no
 * route matched. */
size_t http_server_hits(const struct http_server *server, const char *path);
/* Head of the last request to that route: request line and headers as they came; "" before the
 * first. Valid until the next request to it. */
const char *http_server_request(const struct http_server *server, const char *path);
/* Connections accepted so far. */
size_t http_server_connections(const struct http_server *server);
/* The most connections that were open on both sides at one moment. */
size_t http_server_most_open(const struct http_server *server);
/* The most requests that were waiting out their delay_ms at one moment. */
size_t http_server_busiest(const struct http_server *server);

#endif

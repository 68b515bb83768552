#define _GNU_SOURCE /* memmem, POLLRDHUP */
#include "http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUTES_MAX = 512,
    HEAD_MAX = 32 * 1024,     /* of one request */
    HEAD_KEPT = 4096,         /* of it, for the test to look at */
    IDLE_MS = 60000,          /* a connection without a request is closed after so long */
    WATCHED_MAX = 1024,       /* connections watched at once */
    ENDLESS_MAX = 1024 * 1024 /* writes of an endless answer; nothing here is really endless */
};

struct seen {
    atomic_size_t hits;
    char request[HEAD_KEPT];
};

/* In memory shared by the test and the child. */
struct record {
    atomic_size_t connections;
    atomic_size_t most_open;
    atomic_size_t busy;
    atomic_size_t busiest;
    struct seen seen[ROUTES_MAX + 1]; /* the last one: no route matched */
};

struct http_server {
    int listener; /* -1 once the child has it */
    unsigned port;
    char address[16];
    pid_t child; /* 0 before http_server_serve() */
    struct record *record;
    const struct http_route *routes;
    size_t count;
    char *paths[ROUTES_MAX]; /* the test's copies: it may free its table */
};

static void die(const char *what)
{
    fprintf(stderr, "http_server: %s: %s\n", what, strerror(errno));
    abort();
}

static void pause_for(int ms)
{
    if (ms <= 0)
        return;
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static bool send_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool send_text(int fd, const char *text)
{
    return send_all(fd, text, strlen(text));
}

/* Waits until the client closes; what it still sends is thrown away. */
static void wait_for_close(int fd)
{
    char waste[512];
    struct pollfd one = {fd, POLLIN, 0};
    while (poll(&one, 1, IDLE_MS) > 0 && recv(fd, waste, sizeof waste, 0) > 0)
        ;
}

static size_t body_len(const struct http_route *route)
{
    if (route->body == NULL)
        return 0;
    return route->body_len > 0 ? route->body_len : strlen(route->body);
}

static bool send_head(int fd, const struct http_route *route)
{
    char head[512];
    int len = snprintf(head, sizeof head, "HTTP/1.1 %d Whatever\r\n",
                       route->status != 0 ? route->status : 200);
    if (!send_all(fd, head, (size_t)len))
        return false;
    if (route->type != NULL &&
        !(send_text(fd, "Content-Type: ") && send_text(fd, route->type) && send_text(fd, "\r\n")))
        return false;
    return route->headers == NULL || send_text(fd, route->headers);
}

static bool send_length(int fd, size_t len)
{
    char line[64];
    snprintf(line, sizeof line, "Content-Length: %zu\r\n\r\n", len);
    return send_text(fd, line);
}

static bool send_chunk(int fd, const char *bytes, size_t len)
{
    char size[32];
    snprintf(size, sizeof size, "%zx\r\n", len);
    return send_text(fd, size) && send_all(fd, bytes, len) && send_text(fd, "\r\n");
}

static bool send_chunks(int fd, const struct http_route *route)
{
    const char *body = route->body;
    size_t len = body_len(route);
    size_t step = route->amount > 0 ? route->amount : 1024;
    if (!send_text(fd, "Transfer-Encoding: chunked\r\n\r\n"))
        return false;
    for (size_t at = 0; at < len; at += step) {
        if (!send_chunk(fd, body + at, step < len - at ? step : len - at))
            return false;
        pause_for(route->pause_ms);
    }
    return send_text(fd, "0\r\n\r\n");
}

static void send_drip(int fd, const struct http_route *route)
{
    const char *body = route->body;
    for (size_t at = 0; at < body_len(route); at++) {
        if (!send_all(fd, body + at, 1))
            return;
        pause_for(route->pause_ms);
    }
}

static void send_endless(int fd, const struct http_route *route)
{
    const char *body = body_len(route) > 0 ? route->body : "x";
    size_t len = body_len(route) > 0 ? body_len(route) : 1;
    bool chunks = route->manner == HTTP_ENDLESS_CHUNKS;
    if (!send_text(fd, chunks ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n"))
        return;
    for (int i = 0; i < ENDLESS_MAX; i++)
        if (!(chunks ? send_chunk(fd, body, len) : send_all(fd, body, len)))
            return;
}

static void send_endless_headers(int fd, const struct http_route *route)
{
    for (int i = 0; i < ENDLESS_MAX; i++) {
        char line[64];
        snprintf(line, sizeof line, "X-Again-%d: and again and again\r\n", i);
        if (!send_text(fd, line))
            return;
        if (route->manner == HTTP_DRIP_HEADERS)
            pause_for(route->pause_ms);
    }
}

static size_t cut_len(const struct http_route *route)
{
    return route->amount < body_len(route) ? route->amount : body_len(route);
}

/* Sends the answer to HEAD or another method; false when the connection ends with it. */
static bool answer(int fd, const struct http_route *route, bool head)
{
    size_t len = body_len(route);
    switch (route->manner) {
    case HTTP_SILENT:
        wait_for_close(fd);
        return false;
    case HTTP_CLOSE:
        return false;
    case HTTP_RESET:
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
        return false;
    case HTTP_RAW:
        send_all(fd, route->body, len);
        return false;
    default:
        break;
    }
    if (!send_head(fd, route))
        return false;
    switch (route->manner) {
    case HTTP_CHUNKED:
        return send_chunks(fd, route);
    case HTTP_UNTIL_CLOSE:
        if (send_text(fd, "Connection: close\r\n\r\n"))
            send_all(fd, route->body, len);
        return false;
    case HTTP_WRONG_LENGTH:
        if (send_length(fd, route->amount))
            send_all(fd, route->body, len);
        return false;
    case HTTP_CUT:
        if (send_length(fd, len))
            send_all(fd, route->body, cut_len(route));
        return false;
    case HTTP_STALL:
        if (send_length(fd, len) && send_all(fd, route->body, cut_len(route)))
            wait_for_close(fd);
        return false;
    case HTTP_DRIP:
        if (send_length(fd, len))
            send_drip(fd, route);
        return true;
    case HTTP_ENDLESS_BODY:
    case HTTP_ENDLESS_CHUNKS:
        send_endless(fd, route);
        return false;
    case HTTP_ENDLESS_HEADERS:
    case HTTP_DRIP_HEADERS:
        send_endless_headers(fd, route);
        return false;
    case HTTP_BODY_ALWAYS:
        if (!send_length(fd, len))
            return false;
        pause_for(route->pause_ms);
        return send_all(fd, route->body, len);
    default:
        return send_length(fd, len) && (head || send_all(fd, route->body, len));
    }
}

static bool path_matches(const char *path, const char *target)
{
    size_t len = strlen(path);
    if (len > 0 && path[len - 1] == '*')
        return strncmp(path, target, len - 1) == 0;
    return strcmp(path, target) == 0;
}

static size_t find_route(const struct http_server *server, const char *target)
{
    for (size_t i = 0; i < server->count; i++)
        if (path_matches(server->routes[i].path, target))
            return i;
    return ROUTES_MAX;
}

static void note_request(struct seen *seen, const char *head, size_t len)
{
    size_t kept = len < HEAD_KEPT - 1 ? len : HEAD_KEPT - 1;
    memcpy(seen->request, head, kept);
    seen->request[kept] = '\0';
    atomic_fetch_add(&seen->hits, 1);
}

static void raise_to(atomic_size_t *most, size_t value)
{
    size_t old = atomic_load(most);
    while (value > old && !atomic_compare_exchange_weak(most, &old, value))
        ;
}

/* The child's connections. */
static struct {
    pthread_mutex_t mutex;
    struct pollfd fds[WATCHED_MAX];
    size_t count;
} watched = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* One that the client has closed is open no more, even when its thread does not know yet. */
static void note_open(struct record *record, int fd)
{
    pthread_mutex_lock(&watched.mutex);
    if (watched.count < WATCHED_MAX)
        watched.fds[watched.count++] = (struct pollfd){.fd = fd, .events = POLLRDHUP};
    poll(watched.fds, (nfds_t)watched.count, 0);
    size_t open = 0;
    for (size_t i = 0; i < watched.count; i++)
        open += (watched.fds[i].revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
    pthread_mutex_unlock(&watched.mutex);
    raise_to(&record->most_open, open);
}

static void close_watched(int fd)
{
    pthread_mutex_lock(&watched.mutex);
    for (size_t i = 0; i < watched.count; i++)
        if (watched.fds[i].fd == fd)
            watched.fds[i--] = watched.fds[--watched.count];
    close(fd);
    pthread_mutex_unlock(&watched.mutex);
}

/* Answers the request whose head is head[0, len); false when the connection ends with it. */
static bool serve_request(const struct http_server *server, int fd, const char *head, size_t len)
{
    static const struct http_route none = {.status = 404, .type = "text/plain", .body = "no route"};
    char target[HEAD_MAX];
    const char *space = memchr(head, ' ', len);
    size_t used = 0;
    if (space != NULL)
        for (const char *c = space + 1; c < head + len && *c != ' ' && *c != '\r'; c++)
            target[used++] = *c;
    target[used] = '\0';
    size_t index = find_route(server, target);
    const struct http_route *route = index < ROUTES_MAX ? &server->routes[index] : &none;
    note_request(&server->record->seen[index], head, len);
    raise_to(&server->record->busiest, atomic_fetch_add(&server->record->busy, 1) + 1);
    pause_for(route->delay_ms);
    atomic_fetch_sub(&server->record->busy, 1);
    return answer(fd, route, len > 4 && memcmp(head, "HEAD", 4) == 0);
}

static void serve_connection(const struct http_server *server, int fd)
{
    char *head = malloc(HEAD_MAX);
    size_t len = 0;
    while (head != NULL && len < HEAD_MAX) {
        struct pollfd one = {fd, POLLIN, 0};
        if (poll(&one, 1, IDLE_MS) <= 0)
            break;
        ssize_t got = recv(fd, head + len, HEAD_MAX - len, 0);
        if (got <= 0)
            break;
        len += (size_t)got;
        if (head[0] < 'A' || head[0] > 'Z') { /* such as the start of TLS */
            send_text(fd, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            break;
        }
        const char *end = memmem(head, len, "\r\n\r\n", 4);
        if (end == NULL)
            continue;
        size_t head_len = (size_t)(end - head) + 4;
        if (!serve_request(server, fd, head, head_len))
            break;
        memmove(head, head + head_len, len - head_len);
        len -= head_len;
    }
    free(head);
    close_watched(fd);
}

struct connection {
    const struct http_server *server;
    int fd;
};

static void *connection_main(void *arg)
{
    struct connection *connection = arg;
    serve_connection(connection->server, connection->fd);
    free(connection);
    return NULL;
}

/* The child: never returns. */
static void serve_forever(const struct http_server *server, pid_t parent)
{
    signal(SIGPIPE, SIG_IGN);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, 1024 * 1024);
    while (getppid() == parent) {
        struct pollfd one = {server->listener, POLLIN, 0};
        if (poll(&one, 1, 500) <= 0)
            continue;
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            continue;
        /* Many small writes: without this each waits for the client's delayed ACK. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        atomic_fetch_add(&server->record->connections, 1);
        note_open(server->record, fd);
        struct connection *connection = malloc(sizeof *connection);
        pthread_t thread;
        if (connection == NULL)
            _exit(1);
        *connection = (struct connection){server, fd};
        if (pthread_create(&thread, &detached, connection_main, connection) != 0) {
            free(connection);
            close_watched(fd);
        }
    }
    _exit(0);
}

struct http_server *http_server_listen(void)
{
    return http_server_listen_at("127.0.0.1");
}

struct http_server *http_server_listen_at(const char *at)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        die("no memory");
    server->record = mmap(NULL, sizeof *server->record, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (server->record == MAP_FAILED)
        die("mmap");
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    snprintf(server->address, sizeof server->address, "%s", at);
    if (server->listener < 0 || inet_pton(AF_INET, at, &address.sin_addr) != 1 ||
        bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, 128) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &len) != 0)
        die("cannot listen");
    server->port = ntohs(address.sin_port);
    return server;
}

void http_server_serve(struct http_server *server, const struct http_route *routes, size_t count)
{
    if (count > ROUTES_MAX) {
        errno = E2BIG;
        die("too many routes");
    }
    server->routes = routes;
    server->count = count;
    for (size_t i = 0; i < count; i++) {
        server->paths[i] = strdup(routes[i].path);
        if (server->paths[i] == NULL)
            die("no memory");
    }
    pid_t parent = getpid();
    server->child = fork();
    if (server->child < 0)
        die("fork");
    if (server->child == 0)
        serve_forever(server, parent);
    close(server->listener);
    server->listener = -1;
    server->routes = NULL;
}

struct http_server *http_server_start(const struct http_route *routes, size_t count)
{
    struct http_server *server = http_server_listen();
    http_server_serve(server, routes, count);
    return server;
}

void http_server_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    if (server->child > 0) {
        kill(server->child, SIGKILL);
        while (waitpid(server->child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (server->listener >= 0)
        close(server->listener);
    for (size_t i = 0; i < server->count; i++)
        free(server->paths[i]);
    munmap(server->record, sizeof *server->record);
    free(server);
}

unsigned http_server_port(const struct http_server *server)
{
    return server->port;
}

const char *http_server_url(const struct http_server *server, const char *path, char *out,
                            size_t size)
{
    int len = snprintf(out, size, "http://%s:%u%s", server->address, server->port, path);
    if (len < 0 || (size_t)len >= size) {
        errno = ENAMETOOLONG;
        die("URL");
    }
    return out;
}

static const struct seen *seen_by(const struct http_server *server, const char *path)
{
    if (path[0] == '\0')
        return &server->record->seen[ROUTES_MAX];
    for (size_t i = 0; i < server->count; i++)
        if (strcmp(server->paths[i], path) == 0)
            return &server->record->seen[i];
    errno = ENOENT;
    die(path);
    return NULL;
}

size_t http_server_hits(const struct http_server *server, const char *path)
{
    return atomic_load(&seen_by(server, path)->hits);
}

const char *http_server_request(const struct http_server *server, const char *path)
{
    return seen_by(server, path)->request;
}

size_t http_server_connections(const struct http_server *server)
{
    return atomic_load(&server->record->connections);
}

size_t http_server_most_open(const struct http_server *server)
{
    return atomic_load(&server->record->most_open);
}

size_t http_server_busiest(const struct http_server *server)
{
    return atomic_load(&server->record->busiest);
}

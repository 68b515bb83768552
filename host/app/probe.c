#include "app/probe.h"

#include "app/manifest.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "wire/rpc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { END_MS = 500, WORDS = 512 };

/* A running host. Its stdin is a socket, so that writing raises no SIGPIPE when it has ended. */
struct child {
    pid_t pid;
    int in;
    int out;
    int err;
};

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

/* Descriptors 3 and up of the child's own are closed at its start. */
static bool open_pairs(int in[2], int out[2], int errors[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, in) != 0 || pipe(out) != 0 || pipe(errors) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        if (fcntl(in[i], F_SETFD, FD_CLOEXEC) != 0 || fcntl(out[i], F_SETFD, FD_CLOEXEC) != 0 ||
            fcntl(errors[i], F_SETFD, FD_CLOEXEC) != 0)
            return false;
    return fcntl(out[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(errors[0], F_SETFL, O_NONBLOCK) == 0;
}

/* Returns 0 or an errno. */
static int spawn(const char *program, int in, int out, int errors, pid_t *pid_out)
{
    /* As Chromium starts it; posix_spawn does not change the strings. */
    char name[] = "linksnap-host";
    char origin[] = MANIFEST_ORIGIN;
    char *argv[] = {name, origin, NULL};
    posix_spawn_file_actions_t actions;
    int fault = posix_spawn_file_actions_init(&actions);
    if (fault != 0)
        return fault;
    fault = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (fault == 0)
        fault = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (fault == 0)
        fault = posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    if (fault == 0)
        fault = posix_spawn(pid_out, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return fault;
}

static bool child_start(const char *program, struct child *child_out, struct error *err)
{
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    int errors[2] = {-1, -1};
    pid_t pid = -1;
    int fault = open_pairs(in, out, errors) ? 0 : errno;
    if (fault == 0)
        fault = spawn(program, in[1], out[1], errors[1], &pid);
    if (fault != 0) {
        close_pair(in);
        close_pair(out);
        close_pair(errors);
        return error_set(err, ERR_IO, "It cannot be started: %s", strerror(fault));
    }
    close(in[1]);
    close(out[1]);
    close(errors[1]);
    *child_out = (struct child){pid, in[0], out[0], errors[0]};
    return true;
}

/* The closed stdin ends a host that works; any other is killed. */
static void child_end(struct child *child)
{
    close(child->in);
    close(child->out);
    close(child->err);
    int64_t until = clock_steady() + END_MS;
    while (waitpid(child->pid, NULL, WNOHANG) == 0) {
        if (clock_steady() >= until) {
            kill(child->pid, SIGKILL);
            waitpid(child->pid, NULL, 0);
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

static bool ask(const struct child *child, const char *version, struct error *err)
{
    struct buf frame;
    buf_init(&frame, 4 * KIB);
    uint32_t len = 0;
    buf_add(&frame, &len, sizeof len);
    buf_printf(&frame,
               "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":%d,"
               "\"client\":\"linksnap-doctor\",\"version\":\"%s\"}}",
               RPC_PROTOCOL, version);
    bool ok = buf_ok(&frame, "The question", err);
    if (ok) {
        len = (uint32_t)(frame.len - sizeof len);
        memcpy(frame.ptr, &len, sizeof len);
        /* Far less than a socket holds, so it goes in one piece. When the host has ended already,
         * reading tells more than this would. */
        (void)send(child->in, frame.ptr, frame.len, MSG_NOSIGNAL);
    }
    buf_finish(&frame);
    return ok;
}

/* Reads what is there. False at the end of the stream. */
static bool drain(int fd, struct buf *out)
{
    char bytes[4096];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n > 0) {
        size_t room = out->max - out->len;
        buf_add(out, bytes, (size_t)n < room ? (size_t)n : room);
    }
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* The frame's length: 0 while it is not known yet. */
static uint32_t frame_length(const struct buf *in)
{
    uint32_t len = 0;
    if (in->len >= sizeof len)
        memcpy(&len, in->ptr, sizeof len);
    return len;
}

/* The first line of what it wrote on stderr, fit for a sentence: the loader says there which
 * library is missing. */
static void quote(const struct buf *words, char *out, size_t size)
{
    struct slice text = slice_trim(buf_slice(words));
    struct slice line = slice_sub(text, 0, slice_find_byte(text, 0, '\n'));
    size_t used = 0;
    for (size_t at = 0; at < line.len;) {
        uint32_t cp;
        char bytes[4];
        at += utf8_decode(line, at, &cp);
        size_t len = utf8_encode(cp < 0x20 || cp == 0x7F ? ' ' : cp, bytes);
        if (used + len >= size)
            break;
        memcpy(out + used, bytes, len);
        used += len;
    }
    out[used] = '\0';
}

/* Reads one frame into `in`, its length included, and collects stderr in `words`. */
static bool receive(const struct child *child, int64_t until, struct buf *in, struct buf *words,
                    struct error *err)
{
    bool open_out = true;
    bool open_err = true;
    for (;;) {
        uint32_t len = frame_length(in);
        if (in->len >= sizeof len && (len == 0 || len > LIMIT_FRAME_OUT))
            return error_set(err, ERR_FRAME, "It writes something that is no message");
        if (len > 0 && in->len >= sizeof len + len)
            return true;
        int64_t left = until - clock_steady();
        if (left <= 0)
            return error_set(err, ERR_TIMEOUT, "It does not answer");
        if (!open_out && !open_err) {
            char said[WORDS];
            quote(words, said, 200);
            return error_set(err, ERR_FRAME, "It ends without an answer%s%s", said[0] ? ": " : "",
                             said);
        }
        struct pollfd fds[] = {{.fd = open_out ? child->out : -1, .events = POLLIN},
                               {.fd = open_err ? child->err : -1, .events = POLLIN}};
        if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
            return error_set(err, ERR_IO, "Cannot wait for it: %s", strerror(errno));
        if (fds[0].revents != 0)
            open_out = drain(child->out, in);
        if (fds[1].revents != 0)
            open_err = drain(child->err, words);
        if (in->failed == ERR_NO_MEMORY || words->failed == ERR_NO_MEMORY)
            return error_no_memory(err);
    }
}

/* The host's own error as ours. */
static bool pass_on(const cJSON *error, struct error *err)
{
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(error, "code");
    const cJSON *message = cJSON_GetObjectItemCaseSensitive(error, "message");
    int number = cJSON_IsNumber(code) ? code->valueint : ERR_REQUEST;
    return error_set(err, number != 0 ? (enum error_code)number : ERR_REQUEST, "%s",
                     cJSON_IsString(message) ? message->valuestring : "It answers with an error");
}

static bool understand(struct slice text, struct probe_answer *answer, struct error *err)
{
    cJSON *json = NULL;
    if (!rpc_parse(text, &json, err))
        return false;
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(json, "result");
    const cJSON *protocol = cJSON_GetObjectItemCaseSensitive(result, "protocol");
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(result, "version");
    bool ok = false;
    if (error != NULL)
        pass_on(error, err);
    else if (!cJSON_IsNumber(protocol) || !cJSON_IsString(version))
        error_set(err, ERR_REQUEST, "Its answer is none to hello");
    else if (protocol->valueint != RPC_PROTOCOL)
        error_set(err, ERR_PROTOCOL, "It speaks protocol %d, this program speaks %d",
                  protocol->valueint, RPC_PROTOCOL);
    else
        ok = true;
    if (ok)
        snprintf(answer->version, sizeof answer->version, "%s", version->valuestring);
    cJSON_Delete(json);
    return ok;
}

bool probe_hello(const char *program, const char *version, int timeout_ms,
                 struct probe_answer *answer_out, struct error *err)
{
    int64_t start = clock_steady();
    struct child child = {0};
    if (!child_start(program, &child, err))
        return false;
    struct buf in;
    struct buf words;
    buf_init(&in, sizeof(uint32_t) + LIMIT_FRAME_OUT);
    buf_init(&words, WORDS);
    struct probe_answer answer = {0};
    bool ok = ask(&child, version, err) && receive(&child, start + timeout_ms, &in, &words, err);
    if (ok) {
        answer.ms = clock_steady() - start;
        ok = understand(slice_sub(buf_slice(&in), sizeof(uint32_t), frame_length(&in)), &answer,
                        err);
    }
    child_end(&child);
    buf_finish(&in);
    buf_finish(&words);
    if (ok)
        *answer_out = answer;
    return ok;
}

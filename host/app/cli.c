#include "app/cli.h"

#include "app/guard.h"
#include "app/paths.h"
#include "base/utf8.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_DB = 0x1000, OPT_JSON, MAX_OPTIONS = 16 };

int cli_option(struct cli *cli, int argc, char **argv, const char *shorts,
               const struct option *longs)
{
    static const struct option shared[] = {{"db", required_argument, NULL, OPT_DB},
                                           {"json", no_argument, NULL, OPT_JSON},
                                           {"help", no_argument, NULL, '-'},
                                           {0}};
    struct option all[MAX_OPTIONS] = {{0}};
    size_t count = 0;
    for (const struct option *o = shared; o->name != NULL; o++)
        all[count++] = *o;
    for (const struct option *o = longs; o->name != NULL && count < MAX_OPTIONS - 1; o++)
        all[count++] = *o;
    char with_plus[16] = "+"; /* options stand before operands, as POSIX has it */
    strncat(with_plus, shorts, sizeof with_plus - 2);
    for (;;) {
        int option = getopt_long(argc, argv, with_plus, all, NULL);
        if (option == OPT_DB)
            cli->db = optarg;
        else if (option == OPT_JSON)
            cli->json = true;
        else
            return option;
    }
}

static bool prepare(struct cli *cli, bool create, struct error *err)
{
    struct confine_state confined;
    if (!paths_store(cli->db, &cli->store_path, err) ||
        (create && !paths_make_parents(cli->store_path, err)))
        return false;
    const struct guard guard = {.store = cli->store_path,
                                .captures = cli->captures,
                                .reads = cli->reads,
                                .writes = cli->writes};
    guard_enter(&guard, &confined);
    return true;
}

bool cli_locate(struct cli *cli, struct error *err)
{
    return prepare(cli, false, err);
}

bool cli_open(struct cli *cli, bool create)
{
    struct error err = {0};
    bool ok =
        prepare(cli, create, &err) &&
        store_open(cli->store_path, create ? STORE_CREATE : STORE_EXISTING, &cli->store, &err);
    if (!ok)
        cli_fail(cli, &err);
    return ok;
}

bool cli_open_to_read(struct cli *cli)
{
    struct error err = {0};
    struct error second;
    bool ok = prepare(cli, false, &err) &&
              (store_open(cli->store_path, STORE_EXISTING, &cli->store, &err) ||
               ((err.code == ERR_STORE_READONLY || err.code == ERR_STORE_FULL) &&
                store_open(cli->store_path, STORE_READ_ONLY, &cli->store, &second)));
    if (!ok)
        cli_fail(cli, &err);
    return ok;
}

bool cli_number(const char *text, const char *what, int64_t max, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 1 || value > max) {
        cli_usage("%s is a number from 1 to %lld, not \"%s\"", what, (long long)max, text);
        return false;
    }
    *out = value;
    return true;
}

enum cli_status cli_fail(const struct cli *cli, const struct error *fault)
{
    if (!cli->json) {
        fprintf(stderr, "linksnap: %s\n", fault->text);
        return CLI_FAILED;
    }
    struct reply reply;
    reply_init(&reply);
    reply_error(&reply, reply_object(&reply, reply.root, "error"), fault);
    cli_print_json(&reply);
    return CLI_FAILED;
}

enum cli_status cli_usage(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "linksnap: ");
    vfprintf(stderr, format, args);
    fprintf(stderr, "\nTry: linksnap --help\n");
    va_end(args);
    return CLI_USAGE;
}

void cli_put_text(struct slice text)
{
    struct buf valid;
    buf_init(&valid, 3 * text.len);
    if (utf8_append_valid(&valid, text))
        text = buf_slice(&valid);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool c1 = c == 0xC2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xA0;
        putchar(c < ' ' || c == 0x7F || c1 ? '?' : c);
        i += c1;
    }
    buf_finish(&valid);
}

bool cli_print_json(struct reply *reply)
{
    char *text = reply->failed ? NULL : cJSON_PrintUnformatted(reply->root);
    reply_finish(reply);
    if (text == NULL) {
        fprintf(stderr, "linksnap: Out of memory\n");
        return false;
    }
    puts(text);
    cJSON_free(text);
    return true;
}

/* ---- Long work ---- */

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

bool cli_stopped(void *arg)
{
    (void)arg;
    return stopped != 0;
}

void cli_watch_signals(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void show_progress(const struct capture_progress *progress, void *arg)
{
    (void)arg;
    if (strcmp(progress->stage, "assets") == 0)
        fprintf(stderr, "\r%zu of %zu assets \r", progress->done, progress->total);
}

struct capture_hooks cli_hooks(const struct cli *cli)
{
    cli_watch_signals();
    bool watch = !cli->json && isatty(STDERR_FILENO);
    return (struct capture_hooks){
        .progress = watch ? show_progress : NULL, .interrupted = cli_stopped, .wake_fd = -1};
}

bool cli_worker(struct cli *cli, struct job_worker *worker_out, struct error *err)
{
    if (cli->lock == NULL && !queue_open_lock(cli->store, &cli->lock, err))
        return false;
    worker_out->lock = cli->lock;
    return lockfile_worker(cli->lock, &worker_out->id, err);
}

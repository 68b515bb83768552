/* linksnap save, linksnap retry. */
#include "app/cli.h"
#include "base/limits.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static bool was_stopped(void *arg)
{
    (void)arg;
    return stopped != 0;
}

static void show_progress(const struct capture_progress *progress, void *arg)
{
    (void)arg;
    if (strcmp(progress->stage, "assets") == 0)
        fprintf(stderr, "\r%zu of %zu assets \r", progress->done, progress->total);
}

static struct capture_hooks hooks(const struct cli *cli)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    bool watch = !cli->json && isatty(STDERR_FILENO);
    return (struct capture_hooks){
        .progress = watch ? show_progress : NULL, .interrupted = was_stopped, .wake_fd = -1};
}

static void print_text(const struct capture_report *report)
{
    printf("page %lld, snapshot %lld, version %lld: %s\n", (long long)report->ids.page,
           (long long)report->ids.snapshot, (long long)report->ids.version, report->state);
    printf("  %zu assets stored, %zu of them reused; %zu of %zu missing; %lld bytes in %lld ms\n",
           report->stored, report->reused, report->failed, report->total, (long long)report->bytes,
           (long long)report->ms);
    if (report->left_out > 0)
        printf("  %zu left out: past --media-limit\n", report->left_out);
    for (size_t i = 0; i < report->failure_count; i++)
        printf("  missing %s %s: %s\n", report->failures[i].kind, report->failures[i].url,
               report->failures[i].reason);
    if (report->failed > report->failure_count)
        printf("  and %zu more\n", report->failed - report->failure_count);
}

static enum cli_status tell(struct cli *cli, bool ok, const char *url,
                            struct capture_report *report, const struct error *err)
{
    enum cli_status status = ok ? CLI_OK : CLI_FAILED;
    if (cli->json) {
        struct reply reply;
        reply_init(&reply);
        if (url != NULL)
            reply_text(&reply, reply.root, "url", url);
        if (ok)
            reply_capture(&reply, reply.root, report);
        else
            reply_error(&reply, reply_object(&reply, reply.root, "error"), err);
        if (!cli_print_json(&reply))
            status = CLI_FAILED;
    } else if (ok) {
        print_text(report);
    } else {
        fprintf(stderr, "linksnap: %s%s%s\n", url ? url : "", url ? ": " : "", err->text);
    }
    capture_report_finish(report);
    return status;
}

static bool read_file(const char *name, struct buf *out, struct error *err)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (file == NULL)
        return error_set(err, ERR_IO, "Cannot open %s: %s", name, strerror(errno));
    char part[65536];
    size_t got;
    while ((got = fread(part, 1, sizeof part, file)) > 0 && buf_add(out, part, got))
        continue;
    bool failed = ferror(file) != 0;
    if (file != stdin)
        fclose(file);
    if (failed)
        return error_set(err, ERR_IO, "Cannot read %s", name);
    return buf_ok(out, name, err);
}

/* Bytes, as in 300000, 500K, 50M. */
static bool parse_size(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    long long unit = *end == 'K' ? (long long)KIB : *end == 'M' ? (long long)MIB : 1;
    end += unit > 1;
    bool ok = text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
              number <= (long long)LIMIT_MEDIA_BODY / unit;
    if (!ok) {
        cli_usage("--media-limit is a size of at most %zuM, such as 0 or 50M, not \"%s\"",
                  LIMIT_MEDIA_BODY / MIB, text);
        return false;
    }
    *out = number * unit;
    return true;
}

struct save {
    struct capture_wish wish;
    int64_t media_limit;
    const char *html; /* --html, or NULL */
    const char *tags[LIMIT_TAGS];
};

static bool parse(struct cli *cli, int argc, char **argv, struct save *save)
{
    static const struct option longs[] = {
        {"tag", required_argument, NULL, 't'},         {"title", required_argument, NULL, 'i'},
        {"note", required_argument, NULL, 'n'},        {"html", required_argument, NULL, 'h'},
        {"media-limit", required_argument, NULL, 'm'}, {0}};
    int option;
    while ((option = cli_option(cli, argc, argv, "t:", longs)) != -1) {
        if (option == 't' && save->wish.tag_count == LIMIT_TAGS) {
            cli_usage("a page has at most %zu tags", LIMIT_TAGS);
            return false;
        }
        if (option == 't')
            save->tags[save->wish.tag_count++] = optarg;
        else if (option == 'i')
            save->wish.title = slice_of(optarg);
        else if (option == 'n')
            save->wish.note = slice_of(optarg);
        else if (option == 'h')
            save->html = optarg;
        else if (option == 'm' && parse_size(optarg, &save->media_limit))
            save->wish.media_limit = &save->media_limit;
        else
            return false;
    }
    save->wish.tags = save->tags;
    return true;
}

enum cli_status cmd_save(struct cli *cli, int argc, char **argv)
{
    struct save save = {0};
    if (!parse(cli, argc, argv, &save))
        return CLI_USAGE;
    if (optind == argc)
        return cli_usage("save: which URL?");
    if (save.html != NULL && argc - optind != 1)
        return cli_usage("save --html takes one URL");
    if (!cli_open(cli, true))
        return CLI_FAILED;
    struct capture_hooks watch = hooks(cli);
    enum cli_status status = CLI_OK;
    for (int i = optind; i < argc && !stopped; i++) {
        struct capture_report report = {0};
        struct error err = {0};
        bool ok;
        if (save.html != NULL) {
            struct buf html;
            buf_init(&html, LIMIT_PAGE_BODY);
            ok = read_file(save.html, &html, &err) &&
                 capture_file(cli->store, buf_slice(&html), slice_of(argv[i]), &save.wish, &watch,
                              &report, &err);
            buf_finish(&html);
        } else {
            ok = capture_link(cli->store, slice_of(argv[i]), &save.wish, &watch, &report, &err);
        }
        if (tell(cli, ok, argv[i], &report, &err) != CLI_OK)
            status = CLI_FAILED;
    }
    return stopped ? CLI_FAILED : status;
}

struct pending {
    int64_t ids[256];
    size_t count;
};

static bool note_pending(const struct snapshot_row *row, void *arg)
{
    struct pending *pending = arg;
    pending->ids[pending->count++] = row->id;
    return pending->count < sizeof pending->ids / sizeof *pending->ids;
}

enum cli_status cmd_retry(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"media-limit", required_argument, NULL, 'm'}, {0}};
    struct pending pending = {0};
    struct capture_wish wish = {0};
    int64_t media_limit;
    struct error err = {0};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option != 'm' || !parse_size(optarg, &media_limit))
            return CLI_USAGE;
        wish.media_limit = &media_limit;
    }
    for (int i = optind; i < argc && i - optind < 256; i++)
        if (!cli_number(argv[i], "a snapshot", INT64_MAX, &pending.ids[pending.count++]))
            return CLI_USAGE;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    if (optind == argc && !snapshots_list_pending(cli->store, note_pending, &pending, &err))
        return cli_fail(cli, &err);
    struct capture_hooks watch = hooks(cli);
    enum cli_status status = CLI_OK;
    for (size_t i = 0; i < pending.count && !stopped; i++) {
        struct capture_report report = {0};
        bool ok = capture_retry(cli->store, pending.ids[i], &wish, &watch, &report, &err);
        if (tell(cli, ok, NULL, &report, &err) != CLI_OK)
            status = CLI_FAILED;
    }
    return stopped ? CLI_FAILED : status;
}

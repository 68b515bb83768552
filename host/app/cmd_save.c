/* linksnap save, linksnap retry. */
#include "app/cli.h"
#include "app/queue.h"
#include "base/limits.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static void print_text(const struct capture_report *report)
{
    printf("page %lld, snapshot %lld, version %lld: %s\n", (long long)report->ids.page,
           (long long)report->ids.snapshot, (long long)report->ids.version,
           report->unchanged ? "nothing has changed since" : report->state);
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
    const char *file; /* --file, or NULL */
    bool later;       /* only to the queue */
    const char *tags[LIMIT_TAGS];
};

static bool parse(struct cli *cli, int argc, char **argv, struct save *save)
{
    static const struct option longs[] = {{"tag", required_argument, NULL, 't'},
                                          {"title", required_argument, NULL, 'i'},
                                          {"note", required_argument, NULL, 'n'},
                                          {"file", required_argument, NULL, 'f'},
                                          {"media-limit", required_argument, NULL, 'm'},
                                          {"no-fonts", no_argument, NULL, 'o'},
                                          {"again", no_argument, NULL, 'a'},
                                          {"later", no_argument, NULL, 'l'},
                                          {"private", no_argument, NULL, 'p'},
                                          {0}};
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
        else if (option == 'f')
            save->file = optarg;
        else if (option == 'o')
            save->wish.no_fonts = true;
        else if (option == 'a')
            save->wish.again = true;
        else if (option == 'l')
            save->later = true;
        else if (option == 'p')
            save->wish.private = CAPTURE_PRIVATE_ALLOWED;
        else if (option == 'm' && parse_size(optarg, &save->media_limit))
            save->wish.media_limit = &save->media_limit;
        else
            return false;
    }
    save->wish.tags = save->tags;
    return true;
}

/* What FILE holds, as if the URL had answered with it. */
static enum cli_status save_file(struct cli *cli, const struct save *save, const char *url)
{
    struct capture_hooks watch = cli_hooks(cli);
    struct capture_report report = {0};
    struct error err = {0};
    struct buf bytes;
    buf_init(&bytes, LIMIT_FILE_BODY);
    bool ok = read_file(save->file, &bytes, &err) &&
              capture_file(cli->store, buf_slice(&bytes), slice_of(url), &save->wish, &watch,
                           &report, &err);
    buf_finish(&bytes);
    return tell(cli, ok, url[0] ? url : NULL, &report, &err);
}

static enum cli_status save_one(struct cli *cli, const struct save *save, const char *url)
{
    struct queue_link link = {.url = slice_of(url), .wish = &save->wish, .kind = QUEUE_SAVE};
    struct queue_job job = {0};
    struct job_worker worker;
    struct capture_report report = {0};
    struct error fault = {0};
    struct error err = {0};
    bool saved = false;
    bool ok = cli_worker(cli, &worker, &err) && queue_begin(cli->store, worker, &link, &job, &err);
    if (ok) {
        struct capture_hooks watch = cli_hooks(cli);
        watch.places = worker.lock;
        ok = queue_do(cli->store, worker, &job, true, &watch, &saved, &report, &fault, &err);
    }
    enum cli_status status = tell(cli, ok && saved, url, &report, ok ? &fault : &err);
    if (ok && !saved && fault.code == ERR_BROWSER && !cli->json)
        fprintf(stderr, "It waits in the queue for one: open your browser with Linksnap in it.\n");
    queue_job_finish(&job);
    return status;
}

enum cli_status cmd_save(struct cli *cli, int argc, char **argv)
{
    struct save save = {0};
    if (!parse(cli, argc, argv, &save))
        return CLI_USAGE;
    int count = argc - optind;
    if (save.file != NULL && (count > 1 || save.later))
        return cli_usage("save --file takes one URL at most, and is done now");
    if (save.wish.private == CAPTURE_PRIVATE_ALLOWED &&
        (count != 1 || save.later || strcmp(argv[optind], "-") == 0))
        return cli_usage("save --private takes one URL, and is done now");
    if (save.file == NULL && count == 0)
        return cli_usage("save: which URL?");
    cli->captures = true;
    cli->reads = save.file;
    if (!cli_open(cli, true))
        return CLI_FAILED;
    if (save.file != NULL)
        return save_file(cli, &save, count > 0 ? argv[optind] : "");
    bool text = count == 1 && strcmp(argv[optind], "-") == 0;
    if (count == 1 && !text && !save.later)
        return save_one(cli, &save, argv[optind]);
    struct buf links;
    struct error err = {0};
    buf_init(&links, LIMIT_LINKS_TEXT);
    bool ok = !text || read_file("-", &links, &err);
    enum cli_status status =
        !ok    ? cli_fail(cli, &err)
        : text ? cmd_queue_text(cli, buf_slice(&links), &save.wish, save.later)
               : cmd_queue_urls(cli, argv + optind, (size_t)count, &save.wish, save.later);
    buf_finish(&links);
    return status;
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
    static const struct option longs[] = {{"media-limit", required_argument, NULL, 'm'},
                                          {"no-fonts", no_argument, NULL, 'o'},
                                          {"private", no_argument, NULL, 'p'},
                                          {0}};
    struct pending pending = {0};
    struct capture_wish wish = {0};
    int64_t media_limit;
    struct error err = {0};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option == 'p')
            wish.private = CAPTURE_PRIVATE_ALLOWED;
        else if (option == 'o')
            wish.no_fonts = true;
        else if (option == 'm' && parse_size(optarg, &media_limit))
            wish.media_limit = &media_limit;
        else
            return CLI_USAGE;
    }
    for (int i = optind; i < argc && i - optind < 256; i++)
        if (!cli_number(argv[i], "a snapshot", INT64_MAX, &pending.ids[pending.count++]))
            return CLI_USAGE;
    cli->captures = true;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    if (optind == argc && !snapshots_list_pending(cli->store, note_pending, &pending, &err))
        return cli_fail(cli, &err);
    struct capture_hooks watch = cli_hooks(cli);
    enum cli_status status = CLI_OK;
    for (size_t i = 0; i < pending.count && !cli_stopped(NULL); i++) {
        struct capture_report report = {0};
        bool ok = capture_retry(cli->store, pending.ids[i], &wish, &watch, &report, &err);
        if (tell(cli, ok, NULL, &report, &err) != CLI_OK)
            status = CLI_FAILED;
    }
    return cli_stopped(NULL) ? CLI_FAILED : status;
}

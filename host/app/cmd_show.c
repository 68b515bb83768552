/* linksnap show. */
#include "app/cli.h"
#include "app/files.h"
#include "app/view.h"
#include "base/limits.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

static bool put(const char *name, struct slice html, struct error *err)
{
    if (name != NULL && strcmp(name, "-") != 0)
        return files_replace(name, 0600, html, err);
    if (fwrite(html.ptr, 1, html.len, stdout) == html.len)
        return true;
    return error_set(err, ERR_IO, "Cannot write the output: %s", strerror(errno));
}

/* ---- The completeness report ---- */

/* Text goes out row by row; JSON is one object, made first. */
struct report {
    bool json;
    struct reply reply;
    cJSON *notes;
    cJSON *kinds;
    cJSON *failures;
    cJSON *left_out;
};

static bool report_snapshot(const struct snapshot_row *row, void *arg)
{
    struct report *report = arg;
    if (report->json) {
        reply_snapshot(&report->reply, report->reply.root, row);
        return true;
    }
    printf("%s\n  %s, version %lld: %s, %lld bytes\n", row->url, row->how, (long long)row->version,
           row->state, (long long)row->bytes);
    return true;
}

static bool report_kind(const struct kind_row *row, void *arg)
{
    struct report *report = arg;
    if (report->json) {
        reply_kind(&report->reply, reply_object(&report->reply, report->kinds, NULL), row);
        return true;
    }
    printf("  %-6s %5lld kept, %lld bytes", row->kind, (long long)row->kept, (long long)row->bytes);
    if (row->failed > 0)
        printf("; %lld failed", (long long)row->failed);
    if (row->left_out > 0)
        printf("; %lld left out", (long long)row->left_out);
    printf("\n");
    return true;
}

static bool report_note(const struct note_row *row, void *arg)
{
    struct report *report = arg;
    if (report->json)
        reply_note(&report->reply, reply_object(&report->reply, report->notes, NULL), row);
    else
        printf("  %s: %lld\n", row->name, (long long)row->count);
    return true;
}

static bool report_asset(const struct asset_row *row, void *arg)
{
    struct report *report = arg;
    bool left_out = strcmp(row->state, "left_out") == 0;
    if (strcmp(row->state, "stored") == 0)
        return true;
    if (report->json) {
        cJSON *list = left_out ? report->left_out : report->failures;
        reply_asset_failure(&report->reply, reply_object(&report->reply, list, NULL), row);
        return true;
    }
    printf("  %s %s %s: %s\n", left_out ? "left out" : "missing", row->kind, row->url, row->reason);
    return true;
}

static enum cli_status show_report(struct cli *cli, int64_t snapshot)
{
    struct error err = {0};
    struct report report = {.json = cli->json};
    reply_init(&report.reply);
    report.notes = reply_array(&report.reply, report.reply.root, "notes");
    report.kinds = reply_array(&report.reply, report.reply.root, "kinds");
    report.failures = reply_array(&report.reply, report.reply.root, "failures");
    report.left_out = reply_array(&report.reply, report.reply.root, "left_out");
    if (!snapshots_get(cli->store, snapshot, report_snapshot, &report, &err) ||
        !snapshots_notes(cli->store, snapshot, report_note, &report, &err) ||
        !snapshots_kinds(cli->store, snapshot, report_kind, &report, &err) ||
        !snapshots_assets(cli->store, snapshot, NULL, report_asset, &report, &err)) {
        reply_finish(&report.reply);
        return cli_fail(cli, &err);
    }
    if (cli->json)
        return cli_print_json(&report.reply) ? CLI_OK : CLI_FAILED;
    reply_finish(&report.reply);
    return CLI_OK;
}

enum cli_status cmd_show(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"output", required_argument, NULL, 'o'},
                                          {"report", no_argument, NULL, 'r'},
                                          {"file", no_argument, NULL, 'f'},
                                          {0}};
    const char *file = NULL;
    bool report = false;
    bool original = false;
    int64_t snapshot;
    int option;
    while ((option = cli_option(cli, argc, argv, "o:", longs)) != -1) {
        if (option == 'o')
            file = optarg;
        else if (option == 'r')
            report = true;
        else if (option == 'f')
            original = true;
        else
            return CLI_USAGE;
    }
    if (report && (file != NULL || original))
        return cli_usage("show: --report is printed, and of the snapshot");
    if (argc - optind != 1)
        return cli_usage("show: which snapshot?");
    if (!cli_number(argv[optind], "a snapshot", INT64_MAX, &snapshot))
        return CLI_USAGE;
    if (file != NULL && strcmp(file, "-") != 0)
        cli->writes = file;
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    if (report)
        return show_report(cli, snapshot);
    struct error err = {0};
    struct buf bytes;
    struct media_type type;
    size_t left_out = 0;
    buf_init(&bytes, LIMIT_SELF_CONTAINED);
    bool ok = (original ? view_read_file(cli->store, snapshot, &bytes, &type, &err)
                        : view_snapshot(cli->store, snapshot, &bytes, &left_out, &err)) &&
              put(file, buf_slice(&bytes), &err);
    buf_finish(&bytes);
    if (ok && left_out > 0)
        fprintf(stderr, "linksnap: %zu assets left out: the file would be too large\n", left_out);
    return ok ? CLI_OK : cli_fail(cli, &err);
}

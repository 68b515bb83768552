/* linksnap diff. */
#include "app/cli.h"
#include "base/limits.h"
#include "base/lines.h"
#include "store/compare.h"

#include <getopt.h>

static const char marks[] = {[LINES_SAME] = ' ', [LINES_GONE] = '-', [LINES_ADDED] = '+'};
static const char *const asset_marks[COMPARE_KINDS] = {
    [COMPARE_ADDED] = "+", [COMPARE_GONE] = "-", [COMPARE_CHANGED] = "*"};

struct diff {
    bool json;
    struct reply reply;
    cJSON *lists[COMPARE_KINDS];
    cJSON *lines;
    bool apart; /* lines that are the same were passed over */
    bool any;   /* a line was told */
};

static bool tell_asset(const struct compare_row *row, void *arg)
{
    struct diff *diff = arg;
    if (diff->json) {
        reply_compared(&diff->reply, reply_object(&diff->reply, diff->lists[row->kind], NULL), row);
        return true;
    }
    printf("%s %s, %lld bytes: ", asset_marks[row->kind], row->asset_kind, (long long)row->bytes);
    cli_put_text(slice_of(row->url));
    putchar('\n');
    return true;
}

static bool tell_line(enum lines_change change, struct slice line, void *arg)
{
    struct diff *diff = arg;
    const char mark[2] = {marks[change], '\0'};
    if (change == LINES_SAME) {
        diff->apart = diff->any;
        return true;
    }
    if (diff->json) {
        cJSON *item = reply_object(&diff->reply, diff->lines, NULL);
        reply_text(&diff->reply, item, "mark", mark);
        reply_slice(&diff->reply, item, "text", line);
        return true;
    }
    if (diff->apart)
        puts("...");
    diff->apart = false;
    diff->any = true;
    printf("%s ", mark);
    cli_put_text(line);
    putchar('\n');
    return true;
}

static bool compare(struct cli *cli, int64_t from, int64_t to, struct diff *diff, struct error *err)
{
    bool more;
    struct buf was;
    struct buf now;
    buf_init(&was, LIMIT_TEXT);
    buf_init(&now, LIMIT_TEXT);
    bool ok = compare_snapshots(cli->store, from, to, tell_asset, diff, &more, err) &&
              snapshots_text(cli->store, from, &was, err) &&
              snapshots_text(cli->store, to, &now, err) &&
              lines_compare(buf_slice(&was), buf_slice(&now), tell_line, diff, err);
    if (ok && diff->json)
        reply_bool(&diff->reply, diff->reply.root, "more", more);
    else if (ok && more)
        printf("There are more than %d assets of a kind\n", COMPARE_MOST);
    buf_finish(&was);
    buf_finish(&now);
    return ok;
}

enum cli_status cmd_diff(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    int64_t from;
    int64_t to;
    struct error err = {0};
    if (cli_option(cli, argc, argv, "", none) != -1)
        return CLI_USAGE;
    if (argc - optind != 2)
        return cli_usage("diff: which two snapshots?");
    if (!cli_number(argv[optind], "a snapshot", INT64_MAX, &from) ||
        !cli_number(argv[optind + 1], "a snapshot", INT64_MAX, &to))
        return CLI_USAGE;
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    struct diff diff = {.json = cli->json};
    reply_init(&diff.reply);
    diff.lists[COMPARE_ADDED] = reply_array(&diff.reply, diff.reply.root, "added");
    diff.lists[COMPARE_GONE] = reply_array(&diff.reply, diff.reply.root, "gone");
    diff.lists[COMPARE_CHANGED] = reply_array(&diff.reply, diff.reply.root, "changed");
    diff.lines = reply_array(&diff.reply, diff.reply.root, "lines");
    bool ok = compare(cli, from, to, &diff, &err);
    if (ok && cli->json)
        return cli_print_json(&diff.reply) ? CLI_OK : CLI_FAILED;
    reply_finish(&diff.reply);
    return ok ? CLI_OK : cli_fail(cli, &err);
}

/* linksnap versions; trash and untrash of single versions. */
#include "app/cli.h"

#include <getopt.h>
#include <time.h>

struct versions {
    struct cli *cli;
    bool failed;
};

static bool print_version(const struct snapshot_row *row, void *arg)
{
    struct versions *versions = arg;
    if (versions->cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_snapshot(&reply, reply.root, row);
        versions->failed = !cli_print_json(&reply);
        return !versions->failed;
    }
    time_t seconds = (time_t)(row->taken / 1000);
    struct tm local;
    char when[32] = "";
    if (localtime_r(&seconds, &local) != NULL)
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local);
    printf("%lld  version %lld  %s  %s, %lld bytes", (long long)row->id, (long long)row->version,
           when, row->state, (long long)row->bytes);
    if (row->highlights > 0)
        printf(", %lld highlight%s", (long long)row->highlights, row->highlights == 1 ? "" : "s");
    printf("%s\n", row->trashed > 0 ? ", in the trash" : "");
    return true;
}

static bool any_page(const struct page_row *row, void *arg)
{
    (void)row;
    (void)arg;
    return true;
}

enum cli_status cmd_versions(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    int64_t page;
    struct versions versions = {.cli = cli};
    struct error err = {0};
    if (cli_option(cli, argc, argv, "", none) != -1)
        return CLI_USAGE;
    if (argc - optind != 1)
        return cli_usage("versions: of which page?");
    if (!cli_number(argv[optind], "a page", INT64_MAX, &page))
        return CLI_USAGE;
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    if (!pages_get(cli->store, page, any_page, NULL, &err) ||
        !snapshots_list(cli->store, page, print_version, &versions, &err) ||
        !snapshots_list_trashed(cli->store, page, print_version, &versions, &err))
        return cli_fail(cli, &err);
    return versions.failed ? CLI_FAILED : CLI_OK;
}

static bool tell(struct cli *cli, int64_t snapshot, bool trash, const struct snapshot_shown *shown)
{
    if (cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_int(&reply, reply.root, "page", shown->page);
        reply_int(&reply, reply.root, "snapshot", shown->snapshot);
        reply_int(&reply, reply.root, "versions", shown->versions);
        return cli_print_json(&reply);
    }
    if (trash)
        printf("linksnap untrash --version %lld brings it back\n", (long long)snapshot);
    return true;
}

enum cli_status cli_trash_versions(struct cli *cli, int argc, char **argv, bool trash)
{
    int64_t snapshot;
    if (optind == argc)
        return cli_usage("%s: which snapshot?", argv[0]);
    for (int i = optind; i < argc; i++)
        if (!cli_number(argv[i], "a snapshot", INT64_MAX, &snapshot))
            return CLI_USAGE;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    enum cli_status status = CLI_OK;
    for (int i = optind; i < argc; i++) {
        struct error err = {0};
        struct snapshot_shown shown = {0};
        if (!cli_number(argv[i], "a snapshot", INT64_MAX, &snapshot))
            return CLI_USAGE;
        if (!(trash ? snapshots_trash : snapshots_restore)(cli->store, snapshot, &shown, &err))
            status = cli_fail(cli, &err);
        else if (!tell(cli, snapshot, trash, &shown))
            status = CLI_FAILED;
    }
    return status;
}

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

enum cli_status cmd_show(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"output", required_argument, NULL, 'o'}, {0}};
    const char *file = NULL;
    int64_t snapshot;
    int option;
    while ((option = cli_option(cli, argc, argv, "o:", longs)) != -1) {
        if (option != 'o')
            return CLI_USAGE;
        file = optarg;
    }
    if (argc - optind != 1)
        return cli_usage("show: which snapshot?");
    if (!cli_number(argv[optind], "a snapshot", INT64_MAX, &snapshot))
        return CLI_USAGE;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    struct error err = {0};
    struct buf html;
    size_t left_out = 0;
    buf_init(&html, LIMIT_SELF_CONTAINED);
    bool ok = view_snapshot(cli->store, snapshot, &html, &left_out, &err) &&
              put(file, buf_slice(&html), &err);
    buf_finish(&html);
    if (ok && left_out > 0)
        fprintf(stderr, "linksnap: %zu assets left out: the file would be too large\n", left_out);
    return ok ? CLI_OK : cli_fail(cli, &err);
}

/* linksnap tags, tag, undo. */
#include "app/cli.h"
#include "base/limits.h"
#include "store/tagging.h"
#include "store/undo.h"

#include <getopt.h>
#include <string.h>

static bool print_tag(const struct tag_info *tag, void *arg)
{
    const struct cli *cli = arg;
    if (!cli->json) {
        printf("%6lld  %s\n", (long long)tag->pages, tag->name);
        return true;
    }
    struct reply reply;
    reply_init(&reply);
    reply_tag(&reply, reply.root, tag);
    return cli_print_json(&reply);
}

enum cli_status cmd_tags(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"unused", no_argument, NULL, 'u'}, {0}};
    struct tags_request request = {.by_name = true, .limit = LIMIT_TAG_NAMES};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option != 'u')
            return CLI_USAGE;
        request.unused = true;
    }
    if (argc - optind > 1)
        return cli_usage("tags takes one PART at most");
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    struct error err = {0};
    request.part = slice_of(optind < argc ? argv[optind] : "");
    request.by_name = request.part.len == 0;
    request.limit = request.by_name ? LIMIT_TAG_NAMES : LIMIT_RESULTS;
    if (!tagging_list(cli->store, &request, print_tag, cli, &err))
        return cli_fail(cli, &err);
    return CLI_OK;
}

/* What was done, and how it is undone. */
static enum cli_status tell(const struct cli *cli, const char *what, int64_t count, int64_t step)
{
    if (cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_int(&reply, reply.root, what, count);
        reply_int(&reply, reply.root, "step", step);
        return cli_print_json(&reply) ? CLI_OK : CLI_FAILED;
    }
    printf("%s: %lld\n", what, (long long)count);
    if (step > 0)
        printf("linksnap undo %lld puts it back\n", (long long)step);
    return CLI_OK;
}

static enum cli_status rename_tag(struct cli *cli, const char *from, const char *to)
{
    bool merged;
    int64_t step;
    struct error err = {0};
    if (!tagging_rename(cli->store, from, to, &merged, &step, &err))
        return cli_fail(cli, &err);
    return tell(cli, merged ? "merged" : "renamed", step > 0, step);
}

static enum cli_status delete_tags(struct cli *cli, const char *const *names, size_t count)
{
    int64_t deleted;
    int64_t step;
    struct error err = {0};
    if (!tagging_delete(cli->store, names, count, &deleted, &step, &err))
        return cli_fail(cli, &err);
    return tell(cli, "deleted", deleted, step);
}

static enum cli_status colour_tag(struct cli *cli, const char *name, const char *colour)
{
    struct error err = {0};
    return tagging_colour(cli->store, name, colour, &err) ? CLI_OK : cli_fail(cli, &err);
}

enum cli_status cmd_tag(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    if (cli_option(cli, argc, argv, "", none) != -1)
        return CLI_USAGE;
    const char *verb = optind < argc ? argv[optind++] : "";
    int count = argc - optind;
    char **names = argv + optind;
    bool rename = strcmp(verb, "rename") == 0 && count == 2;
    bool colour = strcmp(verb, "colour") == 0 && count == 2;
    bool discard = strcmp(verb, "delete") == 0 && count > 0;
    bool unused = strcmp(verb, "delete-unused") == 0 && count == 0;
    if (!rename && !colour && !discard && !unused)
        return cli_usage(
            "tag: rename FROM TO, delete TAG..., delete-unused, or colour TAG #rrggbb");
    if (!cli_open(cli, false))
        return CLI_FAILED;
    if (rename)
        return rename_tag(cli, names[0], names[1]);
    if (colour)
        return colour_tag(cli, names[0], names[1]);
    return delete_tags(cli, unused ? NULL : (const char *const *)names, (size_t)count);
}

enum cli_status cmd_undo(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    int64_t step;
    int64_t changed;
    int64_t kept;
    int64_t redo;
    struct error err = {0};
    if (cli_option(cli, argc, argv, "", none) != -1)
        return CLI_USAGE;
    if (argc - optind != 1)
        return cli_usage("undo: which step?");
    if (!cli_number(argv[optind], "a step", INT64_MAX, &step))
        return CLI_USAGE;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    if (!undo_apply(cli->store, step, &changed, &kept, &redo, &err))
        return cli_fail(cli, &err);
    if (kept > 0 && !cli->json)
        printf("changed since, and left: %lld\n", (long long)kept);
    return tell(cli, "put back", changed, redo);
}

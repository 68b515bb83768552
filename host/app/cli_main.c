/* linksnap: the command line. */
#include "app/cli.h"
#include "app/paths.h"

#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ends with a NULL name. */
static const struct cli_command commands[] = {
    {"save",
     "[--tag T]... [--title T] [--note N] [--media-limit SIZE] [--no-fonts] [--again] "
     "[--later] [--private] {URL... | - | --file FILE [URL]}",
     "keep what links lead to (-: all links in the text on standard input), or a saved page",
     cmd_save},
    {"queue", "[list | run | retry | cancel | clear | restore | pause | resume] [JOB]...",
     "links that wait to be saved, are being saved, or could not be", cmd_queue},
    {"check", "[--days N] [PAGE]...",
     "visit saved links: which are broken (none named: not visited for 30 days)", cmd_check},
    {"search", "[--limit N] [--sort rank|newest|oldest|title|site] QUERY...",
     "find pages by any word in them", cmd_search},
    {"list", "[--limit N]", "the pages saved last", cmd_list},
    {"show", "[-o FILE] [--file] | --report SNAPSHOT",
     "a snapshot as one self-contained HTML file, its original file, or what it kept and lacks",
     cmd_show},
    {"diff", "SNAPSHOT SNAPSHOT", "what changed from one to the other: assets, and lines of text",
     cmd_diff},
    {"similar", "PAGE", "the pages whose texts are nearest", cmd_similar},
    {"versions", "PAGE", "the versions of a page, those in the trash too", cmd_versions},
    {"highlights", "[--page PAGE | --snapshot SNAPSHOT] [--markdown]",
     "what you marked, the newest first; of one page or snapshot in the order of the text",
     cmd_highlights},
    {"tags", "[--unused] [PART]", "tags, with the number of pages; PART may be pinyin", cmd_tags},
    {"tag", "{rename FROM TO | delete TAG... | delete-unused | colour TAG #rrggbb}",
     "change tags on all pages at once", cmd_tag},
    {"undo", "STEP", "put back what tag or edit has changed", cmd_undo},
    {"edit", "[--title T] [--note N] [--tag T]... [--untag T]... PAGE",
     "change what you say of a page", cmd_edit},
    {"trash", "PAGE... | --version SNAPSHOT... | --empty [--older DAYS] [--yes]",
     "take pages, or single versions, out of lists and searches; --empty deletes them for good",
     cmd_trash},
    {"untrash", "PAGE... | --version SNAPSHOT...", "bring trashed pages or versions back",
     cmd_untrash},
    {"stats", "", "everything counted: pages, bytes, months, kinds, sites, the health of links",
     cmd_stats},
    {"quota", "[--when warn|no_media|refuse] [SIZE | off]",
     "how much the store takes, and may take; what is done when it takes more", cmd_quota},
    {"backup", "[--force] [--quick] FILE",
     "keep all of the store, as it is at this moment, in one file, and verify that", cmd_backup},
    {"restore", "[--damaged] FILE",
     "put a backup in the store's place; the store as it was is kept beside it", cmd_restore},
    {"retry", "[--media-limit SIZE] [--no-fonts] [--private] [SNAPSHOT...]",
     "fetch what snapshots lack (none named: unfinished ones)", cmd_retry},
    {"fsck", "[--repair [--no-backup]]", "look through the whole store for damage, and mend it",
     cmd_fsck},
    {"gc", "[--compact]", "remove what nothing refers to, and give its room back", cmd_gc},
    {"install", "[--browser NAME]... [--system]", "register linksnap-host with browsers",
     cmd_install},
    {"uninstall", "[--browser NAME]... [--system]", "undo install", cmd_uninstall},
    {"doctor", "", "what stands and what does not, with the remedy", cmd_doctor},
    {NULL, NULL, NULL, NULL},
};

static void print_usage(const struct cli_command *c)
{
    printf("  linksnap %s%s%s\n      %s\n", c->name, c->usage[0] ? " " : "", c->usage, c->summary);
}

static void print_help(void)
{
    printf("Usage: linksnap [--db FILE] [--json] COMMAND [OPTION]... [ARGUMENT]...\n"
           "Options come before arguments.\n\n");
    for (const struct cli_command *c = commands; c->name != NULL; c++)
        print_usage(c);
    printf("  linksnap version\n\n"
           "The store is $LINKSNAP_DB, else linksnap/linksnap.db in $XDG_DATA_HOME "
           "(~/.local/share).\n"
           "--json prints one object a line. Exit status: 0 done, 1 could not, 2 wrong usage.\n");
}

static enum cli_status print_version(const struct cli *cli)
{
    printf(cli->json ? "{\"version\":\"%s\"}\n" : "linksnap %s\n", LINKSNAP_VERSION);
    return CLI_OK;
}

static enum cli_status run(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    int option = cli_option(cli, argc, argv, "", none);
    if (option == '-') {
        print_help();
        return CLI_OK;
    }
    if (option != -1)
        return CLI_USAGE;
    if (optind == argc)
        return cli_usage("no command given");
    const char *name = argv[optind];
    if (strcmp(name, "help") == 0) {
        print_help();
        return CLI_OK;
    }
    if (strcmp(name, "version") == 0)
        return print_version(cli);
    argc -= optind;
    argv += optind;
    optind = 0; /* glibc: start anew, at argv[1] */
    for (const struct cli_command *c = commands; c->name != NULL; c++) {
        if (strcmp(name, c->name) != 0)
            continue;
        if (argc > 1 && strcmp(argv[1], "--help") == 0) {
            print_usage(c);
            return CLI_OK;
        }
        return c->run(cli, argc, argv);
    }
    return cli_usage("there is no command \"%s\"", name);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* what does not fit is an error of the write */
    umask(077);
    paths_set_log_level();
    struct cli cli = {.colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL};
    enum cli_status status = run(&cli, argc, argv);
    store_close(cli.store);
    lockfile_close(cli.lock);
    free(cli.store_path);
    if (fflush(stdout) != 0 && status == CLI_OK) {
        fprintf(stderr, "linksnap: cannot write the output\n");
        status = CLI_FAILED;
    }
    return (int)status;
}

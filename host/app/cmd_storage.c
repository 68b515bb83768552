/* linksnap stats, quota. */
#include "app/cli.h"
#include "app/reply_statistics.h"
#include "store/quota.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- stats ---- */

static bool is_terminal(const struct cli *cli)
{
    return !cli->json && isatty(STDERR_FILENO);
}

static void show_counting(int64_t done, int64_t total, void *arg)
{
    (void)arg;
    fprintf(stderr, "\r\033[K%lld of %lld", (long long)done, (long long)total);
}

static void put_size(int64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        size /= 1000;
        unit++;
    }
    printf("%7.*f %-2s", unit > 0 && size < 99.95 ? 1 : 0, size, units[unit]);
}

static int64_t number_in(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

static const char *text_in(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text != NULL ? text : "";
}

static void put_sums(const cJSON *root)
{
    const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(root, "bytes");
    printf("%lld pages (%lld more in the trash), %lld snapshots, %lld highlights, %lld tags\n",
           (long long)number_in(root, "pages"), (long long)number_in(root, "trashed"),
           (long long)number_in(root, "snapshots"), (long long)number_in(root, "highlights"),
           (long long)number_in(root, "tags"));
    put_size(number_in(bytes, "file"));
    puts("  the file");
    put_size(number_in(bytes, "stored"));
    puts("  what is kept, compressed");
    put_size(number_in(bytes, "unpacked"));
    puts("  the same unpacked");
    put_size(number_in(bytes, "referenced"));
    puts("  the same if each snapshot kept bytes of its own");
}

/* A list of the answer: size, count, name. */
static void put_list(const cJSON *root, const char *list, const char *count, const char *name)
{
    const cJSON *item;
    printf("\n%s\n", list);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, list))
    {
        put_size(number_in(item, "bytes"));
        printf("  %7lld  ", (long long)number_in(item, count));
        cli_put_text(slice_of(text_in(item, name)));
        putchar('\n');
    }
}

static void put_counts(const cJSON *root, const char *object)
{
    const cJSON *item;
    printf("\n%s\n", object);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, object))
    {
        printf("%7lld  ", (long long)item->valuedouble);
        cli_put_text(slice_of(item->string));
        putchar('\n');
    }
}

enum cli_status cmd_stats(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    struct error err = {0};
    struct reply reply;
    if (cli_option(cli, argc, argv, "", none) != -1)
        return CLI_USAGE;
    if (optind < argc)
        return cli_usage("stats takes no operand");
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    cli_watch_signals();
    const struct statistics_watch watch = {.progress = is_terminal(cli) ? show_counting : NULL,
                                           .interrupted = cli_stopped};
    reply_init(&reply);
    bool ok = reply_statistics(cli->store, &watch, &reply, &err);
    ok = ok && reply_ok(&reply, &err);
    if (is_terminal(cli))
        fputs("\r\033[K", stderr);
    if (ok && cli->json)
        return cli_print_json(&reply) ? CLI_OK : CLI_FAILED;
    if (ok) {
        put_sums(reply.root);
        put_list(reply.root, "kinds", "count", "kind");
        put_list(reply.root, "months", "snapshots", "month");
        put_list(reply.root, "largest", "page", "title");
        put_list(reply.root, "sites", "pages", "site");
        put_counts(reply.root, "states");
        put_counts(reply.root, "health");
    }
    reply_finish(&reply);
    return ok ? CLI_OK : cli_fail(cli, &err);
}

/* ---- quota ---- */

/* "500M", "20G", "off". */
static bool parse_quota(const char *text, int64_t *out)
{
    char *end;
    long long number = strtoll(text, &end, 10);
    int64_t unit = strcmp(end, "T") == 0   ? INT64_C(1) << 40
                   : strcmp(end, "G") == 0 ? INT64_C(1) << 30
                   : strcmp(end, "M") == 0 ? INT64_C(1) << 20
                                           : 0;
    if (strcmp(text, "off") == 0) {
        *out = 0;
        return true;
    }
    if (end == text || unit == 0 || number < 1 || number > QUOTA_MOST / unit ||
        number * unit < QUOTA_LEAST) {
        cli_usage("quota: a size such as 500M or 20G, 10M at least, or off, not \"%s\"", text);
        return false;
    }
    *out = number * unit;
    return true;
}

static enum cli_status tell_quota(struct cli *cli, const struct quota *quota)
{
    if (cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_storage(&reply, reply.root, cli->store_path, quota);
        return cli_print_json(&reply) ? CLI_OK : CLI_FAILED;
    }
    printf("%s\n", cli->store_path);
    put_size(quota->used);
    puts("  it takes");
    if (quota->bytes == 0) {
        puts("No quota is set.");
        return CLI_OK;
    }
    put_size(quota->bytes);
    printf("  it may take; past that: %s\n", quota_when_name(quota->when));
    if (quota->over)
        puts("It takes more than it may.");
    return CLI_OK;
}

enum cli_status cmd_quota(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"when", required_argument, NULL, 'w'}, {0}};
    enum quota_when when = QUOTA_WARN;
    bool has_when = false;
    int64_t bytes = -1;
    struct error err = {0};
    struct quota quota;
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option != 'w')
            return CLI_USAGE;
        if (!quota_when_parse(slice_of(optarg), &when))
            return cli_usage("quota: --when is warn, no_media or refuse, not \"%s\"", optarg);
        has_when = true;
    }
    if (argc - optind > 1)
        return cli_usage("quota: one size");
    if (optind < argc && !parse_quota(argv[optind], &bytes))
        return CLI_USAGE;
    bool sets = has_when || bytes >= 0;
    if (!(sets ? cli_open(cli, true) : cli_open_to_read(cli)))
        return CLI_FAILED;
    if (!quota_get(cli->store, &quota, &err))
        return cli_fail(cli, &err);
    if (bytes >= 0)
        quota.bytes = bytes;
    if (has_when)
        quota.when = when;
    if (sets && (!quota_set(cli->store, &quota, &err) || !quota_get(cli->store, &quota, &err)))
        return cli_fail(cli, &err);
    return tell_quota(cli, &quota);
}

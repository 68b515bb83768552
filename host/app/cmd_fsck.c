/* linksnap fsck, gc, trash --empty. */
#include "app/cli.h"
#include "app/remake.h"
#include "base/clock.h"
#include "base/limits.h"
#include "store/backup.h"
#include "store/clean.h"
#include "store/fsck.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

static bool on_terminal(const struct cli *cli)
{
    return !cli->json && isatty(STDERR_FILENO);
}

static void clear_line(const struct cli *cli)
{
    if (on_terminal(cli))
        fputs("\r\033[K", stderr);
}

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* ---- fsck ---- */

struct check {
    struct cli *cli;
    bool repair;
    bool keep;    /* the store as it was, */
    char *kept;   /* in this file; NULL: not so far. The caller frees */
    int64_t told; /* when progress was shown, clock_steady() */
};

static void show_check(const char *stage, int64_t done, int64_t total, void *arg)
{
    struct check *check = arg;
    int64_t now = clock_steady();
    if (now - check->told < 100)
        return;
    check->told = now;
    if (total > 0)
        fprintf(stderr, "\r\033[K%s %lld of %lld", stage, (long long)done, (long long)total);
    else
        fprintf(stderr, "\r\033[K%s", stage);
}

static void print_json_finding(const struct fsck_finding *finding)
{
    struct reply reply;
    reply_init(&reply);
    reply_text(&reply, reply.root, "finding", finding->code);
    reply_text(&reply, reply.root, "text", finding->text);
    if (finding->detail[0] != '\0')
        reply_text(&reply, reply.root, "detail", finding->detail);
    if (finding->page > 0)
        reply_int(&reply, reply.root, "page", finding->page);
    if (finding->snapshot > 0)
        reply_int(&reply, reply.root, "snapshot", finding->snapshot);
    if (finding->blob > 0)
        reply_int(&reply, reply.root, "blob", finding->blob);
    reply_bool(&reply, reply.root, "fault", finding->fault);
    reply_bool(&reply, reply.root, "mendable", finding->mendable);
    reply_bool(&reply, reply.root, "mended", finding->mended);
    cli_print_json(&reply);
}

static void print_finding(const struct fsck_finding *finding, void *arg)
{
    const struct check *check = arg;
    if (check->cli->json) {
        print_json_finding(finding);
        return;
    }
    clear_line(check->cli);
    fputs(finding->mended ? "mended: " : finding->fault ? "fault: " : "note: ", stdout);
    fputs(finding->text, stdout);
    if (finding->page > 0)
        printf(" Page %lld.", (long long)finding->page);
    if (finding->snapshot > 0)
        printf(" Snapshot %lld.", (long long)finding->snapshot);
    if (finding->detail[0] != '\0') {
        fputs(" (", stdout);
        cli_put_text(slice_of(finding->detail)); /* SQLite names what is in the file */
        putchar(')');
    }
    putchar('\n');
}

static void print_json_result(const struct check *check, const struct fsck_result *r)
{
    struct reply reply;
    reply_init(&reply);
    reply_int(&reply, reply.root, "faults", r->faults);
    reply_int(&reply, reply.root, "mended", r->mended);
    reply_int(&reply, reply.root, "notes", r->notes);
    reply_int(&reply, reply.root, "pages", r->pages);
    reply_int(&reply, reply.root, "snapshots", r->snapshots);
    reply_int(&reply, reply.root, "blobs", r->blobs);
    reply_int(&reply, reply.root, "bytes", r->bytes);
    reply_int(&reply, reply.root, "orphans", r->orphans);
    reply_int(&reply, reply.root, "orphan_bytes", r->orphan_bytes);
    if (check->kept != NULL)
        reply_text(&reply, reply.root, "backup", check->kept);
    cli_print_json(&reply);
}

static void print_result(const struct check *check, const struct fsck_result *r)
{
    if (check->cli->json) {
        print_json_result(check, r);
        return;
    }
    clear_line(check->cli);
    printf("%lld page%s, %lld snapshot%s, %lld blob%s of %lld bytes: ", (long long)r->pages,
           plural(r->pages), (long long)r->snapshots, plural(r->snapshots), (long long)r->blobs,
           plural(r->blobs), (long long)r->bytes);
    if (r->faults == 0)
        puts("no fault");
    else if (check->repair)
        printf("%lld fault%s, %lld mended\n", (long long)r->faults, plural(r->faults),
               (long long)r->mended);
    else
        printf("%lld fault%s; linksnap fsck --repair mends what can be\n", (long long)r->faults,
               plural(r->faults));
    if (r->orphans > 0)
        printf("%lld blob%s of %lld bytes that nothing refers to%s\n", (long long)r->orphans,
               plural(r->orphans), (long long)r->orphan_bytes,
               check->repair ? " removed" : "; linksnap gc removes them");
    if (check->kept != NULL)
        printf("The store as it was is kept in %s\n", check->kept);
}

/* "STORE.before-repair-20261122T101500Z" */
static char *backup_file(const char *store)
{
    struct buf name;
    char when[32] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL)
        strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
    buf_init(&name, LIMIT_URL);
    char *file = buf_printf(&name, "%s.before-repair-%s", store, when) ? buf_take(&name) : NULL;
    buf_finish(&name);
    return file;
}

/* Not verified: what is damaged is to be in it as it is. */
static bool keep_store(void *arg, struct error *err)
{
    struct check *check = arg;
    const struct backup_options options = {.quick = true};
    const struct backup_hooks hooks = {.interrupted = cli_stopped};
    struct backup_facts facts;
    struct error fault = {0};
    if (!check->keep)
        return true;
    check->kept = backup_file(store_file(check->cli->store));
    if (check->kept == NULL)
        return error_no_memory(err);
    if (backup_write(check->cli->store, check->kept, &options, &hooks, &facts, &fault))
        return true;
    free(check->kept);
    check->kept = NULL;
    if (fault.code == ERR_CANCELLED)
        return error_set(err, ERR_CANCELLED, "Stopped");
    return error_set(err, fault.code,
                     "Nothing was mended, since no backup could be made before (%.200s); "
                     "--no-backup mends without one",
                     fault.text);
}

/* Looking changes nothing; but a store of an earlier version is brought up to date, since there is
 * no other way to read it. */
static bool open_to_look(struct cli *cli, struct error *err)
{
    return cli_locate(cli, err) &&
           (store_open(cli->store_path, STORE_READ_ONLY, &cli->store, err) ||
            (err->code == ERR_STORE_READONLY &&
             store_open(cli->store_path, STORE_EXISTING, &cli->store, err)));
}

/* What to do when not even opening works. */
static enum cli_status tell_unopened(const struct cli *cli, const struct error *fault)
{
    struct error told;
    if (fault->code != ERR_STORE_CORRUPT)
        return cli_fail(cli, fault);
    error_set(&told, fault->code,
              "%.200s, too much to be looked through: linksnap restore puts a backup in its place "
              "and keeps the damaged file",
              fault->text);
    return cli_fail(cli, &told);
}

static enum cli_status check_store(struct check *check)
{
    struct cli *cli = check->cli;
    struct fsck_hooks hooks = {.found = print_finding,
                               .progress = on_terminal(cli) ? show_check : NULL,
                               .interrupted = cli_stopped,
                               .before_repair = keep_store,
                               .make_text = remake_text,
                               .make_document = remake_document,
                               .arg = check};
    struct fsck_result result;
    struct error err = {0};
    cli_watch_signals();
    if (!fsck_run(cli->store, check->repair, &hooks, &result, &err)) {
        clear_line(cli);
        return cli_fail(cli, &err);
    }
    print_result(check, &result);
    return result.faults == result.mended ? CLI_OK : CLI_FAILED;
}

enum cli_status cmd_fsck(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {
        {"repair", no_argument, NULL, 'r'}, {"no-backup", no_argument, NULL, 'n'}, {0}};
    struct check check = {.cli = cli, .keep = true};
    struct error err = {0};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option == 'r')
            check.repair = true;
        else if (option == 'n')
            check.keep = false;
        else
            return CLI_USAGE;
    }
    if (optind < argc)
        return cli_usage("fsck takes no operand");
    if (!check.keep && !check.repair)
        return cli_usage("fsck: --no-backup goes with --repair");
    bool ok = check.repair ? cli_locate(cli, &err) &&
                                 store_open(cli->store_path, STORE_EXISTING, &cli->store, &err)
                           : open_to_look(cli, &err);
    enum cli_status status = ok ? check_store(&check) : tell_unopened(cli, &err);
    free(check.kept);
    return status;
}

/* ---- gc ---- */

static void show_done(int64_t done, int64_t total, void *arg)
{
    (void)arg;
    if (total > 0)
        fprintf(stderr, "\r%lld of %lld \r", (long long)done, (long long)total);
}

static struct clean_hooks clean_hooks(const struct cli *cli)
{
    cli_watch_signals();
    return (struct clean_hooks){.progress = on_terminal(cli) ? show_done : NULL,
                                .interrupted = cli_stopped};
}

static bool collect(struct cli *cli, bool compact, struct clean_result *removed, int64_t *freed,
                    struct error *err)
{
    struct clean_hooks hooks = clean_hooks(cli);
    return clean_collect(cli->store, &hooks, removed, err) &&
           (compact ? clean_compact(cli->store, &hooks, freed, err)
                    : clean_release(cli->store, &hooks, freed, err));
}

static enum cli_status tell_cleaned(struct cli *cli, const struct clean_result *pages,
                                    const struct clean_result *removed, int64_t freed)
{
    clear_line(cli);
    if (cli->json) {
        struct reply reply;
        reply_init(&reply);
        if (pages != NULL) {
            reply_int(&reply, reply.root, "pages", pages->pages);
            reply_int(&reply, reply.root, "snapshots", pages->snapshots);
        }
        reply_int(&reply, reply.root, "blobs", removed->blobs);
        reply_int(&reply, reply.root, "bytes", removed->bytes);
        reply_int(&reply, reply.root, "freed", freed);
        return cli_print_json(&reply) ? CLI_OK : CLI_FAILED;
    }
    if (pages != NULL)
        printf("%lld page%s with %lld snapshot%s deleted\n", (long long)pages->pages,
               plural(pages->pages), (long long)pages->snapshots, plural(pages->snapshots));
    printf("%lld blob%s of %lld bytes removed; the file is %lld bytes smaller\n",
           (long long)removed->blobs, plural(removed->blobs), (long long)removed->bytes,
           (long long)freed);
    return CLI_OK;
}

enum cli_status cmd_gc(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"compact", no_argument, NULL, 'c'}, {0}};
    struct clean_result removed;
    struct error err = {0};
    bool compact = false;
    int64_t freed;
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option != 'c')
            return CLI_USAGE;
        compact = true;
    }
    if (optind < argc)
        return cli_usage("gc takes no operand");
    if (!cli_open(cli, false))
        return CLI_FAILED;
    if (!collect(cli, compact, &removed, &freed, &err)) {
        clear_line(cli);
        return cli_fail(cli, &err);
    }
    return tell_cleaned(cli, NULL, &removed, freed);
}

/* ---- trash --empty ---- */

static bool agreed(const struct clean_result *trash)
{
    char answer[16] = "";
    fprintf(stderr, "Delete %lld page%s and %lld snapshot%s for good? [y/N] ",
            (long long)trash->pages, plural(trash->pages), (long long)trash->snapshots,
            plural(trash->snapshots));
    return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

enum cli_status cli_empty_trash(struct cli *cli, int64_t days, bool yes)
{
    struct clean_result trash;
    struct clean_result removed;
    struct error err = {0};
    int64_t freed;
    int64_t before = clock_now() + 1 - days * DAY_MS;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    /* All of it means what is in it now: what somebody puts in meanwhile stays. */
    if (days == 0 && !clean_trash_end(cli->store, clock_now(), &before, &err))
        return cli_fail(cli, &err);
    if (!clean_count_trash(cli->store, before, &trash, &err))
        return cli_fail(cli, &err);
    if (trash.pages + trash.snapshots > 0 && !yes) {
        if (!isatty(STDIN_FILENO) || cli->json)
            return cli_usage(
                "trash: %lld page%s and %lld snapshot%s would be deleted for good: --yes does it",
                (long long)trash.pages, plural(trash.pages), (long long)trash.snapshots,
                plural(trash.snapshots));
        if (!agreed(&trash))
            return CLI_FAILED;
    }
    struct clean_hooks hooks = clean_hooks(cli);
    if (!clean_trash(cli->store, before, &hooks, &trash, &err) ||
        !collect(cli, false, &removed, &freed, &err)) {
        clear_line(cli);
        return cli_fail(cli, &err);
    }
    return tell_cleaned(cli, &trash, &removed, freed);
}

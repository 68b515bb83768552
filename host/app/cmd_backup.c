/* linksnap backup, linksnap restore. */
#include "app/cli.h"
#include "app/paths.h"
#include "store/backup.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Telling ---- */

/* What the terminal shows now. */
struct shown {
    const char *stage;
    int64_t percent;
};

static void show_progress(const char *stage, int64_t done, int64_t total, void *arg)
{
    struct shown *shown = arg;
    int64_t percent = total > 0 ? (int64_t)((double)done * 100 / (double)total) : 0;
    if (shown->stage == stage && shown->percent == percent)
        return;
    *shown = (struct shown){stage, percent};
    fprintf(stderr, "\r%s: %3lld %% of %.1f MB   ", stage, (long long)percent, (double)total / 1e6);
}

static struct backup_hooks make_hooks(const struct cli *cli, struct shown *shown)
{
    bool watch = !cli->json && isatty(STDERR_FILENO);
    cli_watch_signals();
    return (struct backup_hooks){
        .progress = watch ? show_progress : NULL, .interrupted = cli_stopped, .arg = shown};
}

static void end_progress(const struct shown *shown)
{
    if (shown->stage != NULL)
        fprintf(stderr, "\r%40s\r", "");
}

static void reply_facts(struct reply *reply, const struct backup_facts *facts)
{
    reply_int(reply, reply->root, "pages", facts->pages);
    reply_int(reply, reply->root, "snapshots", facts->snapshots);
    reply_int(reply, reply->root, "blobs", facts->blobs);
    reply_int(reply, reply->root, "bytes", facts->bytes);
    reply_int(reply, reply->root, "schema", facts->version);
}

static void print_facts(const struct backup_facts *facts)
{
    printf("%lld pages, %lld snapshots, %.1f MB", (long long)facts->pages,
           (long long)facts->snapshots, (double)facts->bytes / 1e6);
}

/* ---- linksnap backup ---- */

/* A store that cannot be written can still be kept. */
static bool open_store(struct cli *cli, struct error *err)
{
    if (!cli_locate(cli, err))
        return false;
    if (store_open(cli->store_path, STORE_EXISTING, &cli->store, err))
        return true;
    struct error second = {0};
    return (err->code == ERR_STORE_READONLY || err->code == ERR_STORE_FULL) &&
           store_open(cli->store_path, STORE_READ_ONLY, &cli->store, &second);
}

static enum cli_status tell_backup(const struct cli *cli, const char *file, bool quick,
                                   const struct backup_facts *facts)
{
    if (!cli->json) {
        printf("%s: ", file);
        print_facts(facts);
        printf(quick ? "\n" : ", verified\n");
        return CLI_OK;
    }
    struct reply reply;
    reply_init(&reply);
    reply_text(&reply, reply.root, "file", file);
    reply_facts(&reply, facts);
    reply_bool(&reply, reply.root, "verified", !quick);
    return cli_print_json(&reply) ? CLI_OK : CLI_FAILED;
}

enum cli_status cmd_backup(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {
        {"force", no_argument, NULL, 'f'}, {"quick", no_argument, NULL, 'q'}, {0}};
    struct backup_options options = {0};
    struct backup_facts facts;
    struct shown shown = {0};
    struct error err = {0};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option == 'f')
            options.replace = true;
        else if (option == 'q')
            options.quick = true;
        else
            return CLI_USAGE;
    }
    if (argc - optind != 1)
        return cli_usage("backup: into which file?");
    cli->writes = argv[optind];
    if (!open_store(cli, &err))
        return cli_fail(cli, &err);
    struct backup_hooks hooks = make_hooks(cli, &shown);
    bool ok = backup_write(cli->store, cli->writes, &options, &hooks, &facts, &err);
    end_progress(&shown);
    return ok ? tell_backup(cli, cli->writes, options.quick, &facts) : cli_fail(cli, &err);
}

/* ---- linksnap restore ---- */

/* The store's folder may not be there yet, on another machine. */
static bool make_folder(const struct cli *cli, struct error *err)
{
    char *path;
    if (!paths_store(cli->db, &path, err))
        return false;
    bool ok = paths_make_parents(path, err);
    free(path);
    return ok;
}

static enum cli_status tell_restored(const struct cli *cli, const struct backup_restored *restored)
{
    if (!cli->json) {
        printf("Restored: ");
        print_facts(&restored->facts);
        if (restored->damaged_blobs > 0)
            printf("\nDamaged or lacking in it: %lld (linksnap fsck tells what)",
                   (long long)restored->damaged_blobs);
        if (restored->kept != NULL)
            printf("\nThe store as it was%s is kept in %s",
                   restored->damaged ? ", which was damaged," : "", restored->kept);
        printf("\n");
        return CLI_OK;
    }
    struct reply reply;
    reply_init(&reply);
    reply_facts(&reply, &restored->facts);
    if (restored->kept != NULL)
        reply_text(&reply, reply.root, "kept", restored->kept);
    reply_bool(&reply, reply.root, "damaged", restored->damaged);
    reply_int(&reply, reply.root, "damaged_blobs", restored->damaged_blobs);
    return cli_print_json(&reply) ? CLI_OK : CLI_FAILED;
}

enum cli_status cmd_restore(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"damaged", no_argument, NULL, 'd'}, {0}};
    struct backup_restored restored;
    struct shown shown = {0};
    struct error err = {0};
    bool damaged = false;
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option != 'd')
            return CLI_USAGE;
        damaged = true;
    }
    if (argc - optind != 1)
        return cli_usage("restore: which backup?");
    const char *file = argv[optind];
    if (access(file, F_OK) != 0) {
        if (file[strspn(file, "0123456789")] == '\0')
            return cli_usage("restore takes the file of a backup; untrash brings pages back");
        error_set(&err, ERR_NOT_FOUND, "There is no file %s", file);
        return cli_fail(cli, &err);
    }
    cli->reads = file;
    if (!make_folder(cli, &err) || !cli_locate(cli, &err))
        return cli_fail(cli, &err);
    struct backup_hooks hooks = make_hooks(cli, &shown);
    bool ok = (damaged ? backup_restore_damaged : backup_restore)(cli->store_path, file, &hooks,
                                                                  &restored, &err);
    end_progress(&shown);
    if (!ok)
        return cli_fail(cli, &err);
    enum cli_status status = tell_restored(cli, &restored);
    free(restored.kept);
    return status;
}

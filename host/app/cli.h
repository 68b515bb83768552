/* The command line: a table of commands, one printer for text and JSON. */
#ifndef APP_CLI_H
#define APP_CLI_H

#include "app/queue.h"
#include "app/reply.h"

#include <stdio.h>

enum cli_status { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli {
    const char *db; /* --db, or NULL */
    bool json;      /* one object a line */
    bool colour;    /* stdout is a terminal */
    /* What the command needs beside the store; set before cli_open() or cli_locate(), after which
     * nothing else is there any more (app/guard.h). */
    bool captures;
    const char *reads;  /* a file that is read; NULL: none */
    const char *writes; /* a file that is made; NULL: none */
    struct store *store;
    char *store_path;
    struct lockfile *lock; /* of the queue's workers; NULL: not needed so far */
};

struct cli_command {
    const char *name;
    const char *usage;   /* what follows the name */
    const char *summary; /* one line */
    enum cli_status (*run)(struct cli *cli, int argc, char **argv);
};

/* Parses one command's options: `longs` end with a zeroed entry, as getopt_long wants them; the
 * options every command knows (--db, --json) are seen to. Returns the option's `val`, -1 at the end
 * (optind is the first operand), '?' after a fault that was told, '-' after --help. */
struct option;
int cli_option(struct cli *cli, int argc, char **argv, const char *shorts,
               const struct option *longs);

/* Confines the process and sets the store's path, for those that open it in their own way. */
bool cli_locate(struct cli *cli, struct error *err) MUST_CHECK;

/* Confines the process, then opens the store, making it with `create`. Tells what is wrong. */
bool cli_open(struct cli *cli, bool create) MUST_CHECK;
/* The same for commands that only read: a store that cannot be written now will do. */
bool cli_open_to_read(struct cli *cli) MUST_CHECK;

/* A positive whole number. Tells what is wrong. */
bool cli_number(const char *text, const char *what, int64_t max, int64_t *out) MUST_CHECK;

/* "linksnap: sentence" on stderr, or {"error":{...}} on stdout with --json. Gives the status. */
enum cli_status cli_fail(const struct cli *cli, const struct error *fault);
/* A wrong command line: one sentence and how to ask for help. */
enum cli_status cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints what came from a page or a file: none of it commands a terminal. */
void cli_put_text(struct slice text);

/* Prints the reply as one line of JSON and frees it; false (told) when out of memory. */
bool cli_print_json(struct reply *reply);

/* Hooks that show progress on a terminal, and stop at SIGINT and SIGTERM. */
struct capture_hooks cli_hooks(const struct cli *cli);
void cli_watch_signals(void);
/* Whether such a signal came; the argument is not looked at. */
bool cli_stopped(void *arg);

/* This process as a worker of the open store's queue. */
bool cli_worker(struct cli *cli, struct job_worker *worker_out, struct error *err) MUST_CHECK;

/* Adds the URLs, or the links in a text, to the queue; unless `later` works on it until they have
 * ended, and tells of each. */
enum cli_status cmd_queue_urls(struct cli *cli, char **urls, size_t count,
                               const struct capture_wish *wish, bool later);
enum cli_status cmd_queue_text(struct cli *cli, struct slice text, const struct capture_wish *wish,
                               bool later);

/* Deletes for good what has been in the trash for so many days; asks before, unless `yes`. */
enum cli_status cli_empty_trash(struct cli *cli, int64_t days, bool yes);

/* Of single versions, once the options are read. */
enum cli_status cli_trash_versions(struct cli *cli, int argc, char **argv, bool trash);

enum cli_status cmd_queue(struct cli *cli, int argc, char **argv);
enum cli_status cmd_check(struct cli *cli, int argc, char **argv);
enum cli_status cmd_save(struct cli *cli, int argc, char **argv);
enum cli_status cmd_retry(struct cli *cli, int argc, char **argv);
enum cli_status cmd_search(struct cli *cli, int argc, char **argv);
enum cli_status cmd_list(struct cli *cli, int argc, char **argv);
enum cli_status cmd_show(struct cli *cli, int argc, char **argv);
enum cli_status cmd_similar(struct cli *cli, int argc, char **argv);
enum cli_status cmd_highlights(struct cli *cli, int argc, char **argv);
enum cli_status cmd_versions(struct cli *cli, int argc, char **argv);
enum cli_status cmd_tags(struct cli *cli, int argc, char **argv);
enum cli_status cmd_tag(struct cli *cli, int argc, char **argv);
enum cli_status cmd_undo(struct cli *cli, int argc, char **argv);
enum cli_status cmd_edit(struct cli *cli, int argc, char **argv);
enum cli_status cmd_trash(struct cli *cli, int argc, char **argv);
enum cli_status cmd_stats(struct cli *cli, int argc, char **argv);
enum cli_status cmd_quota(struct cli *cli, int argc, char **argv);
enum cli_status cmd_diff(struct cli *cli, int argc, char **argv);
enum cli_status cmd_fsck(struct cli *cli, int argc, char **argv);
enum cli_status cmd_gc(struct cli *cli, int argc, char **argv);
enum cli_status cmd_untrash(struct cli *cli, int argc, char **argv);
enum cli_status cmd_backup(struct cli *cli, int argc, char **argv);
enum cli_status cmd_restore(struct cli *cli, int argc, char **argv);
enum cli_status cmd_install(struct cli *cli, int argc, char **argv);
enum cli_status cmd_uninstall(struct cli *cli, int argc, char **argv);
enum cli_status cmd_doctor(struct cli *cli, int argc, char **argv);

#endif

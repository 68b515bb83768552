/* linksnap queue, linksnap check, and what linksnap save does with many links. */
#include "app/cli.h"
#include "base/clock.h"
#include "base/limits.h"
#include "page/links.h"
#include "store/pages.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Telling ---- */

static void print_job(const struct job_row *job)
{
    printf("%lld  %-9s %s %s", (long long)job->id, job_state_name(job->state), job->kind, job->url);
    if (job->state == JOB_RUNNING && job->total > 0)
        printf("  %lld of %lld assets", (long long)job->done, (long long)job->total);
    if (job->state == JOB_DONE && job->snapshot > 0)
        printf("  page %lld, snapshot %lld%s", (long long)job->page, (long long)job->snapshot,
               job->unchanged ? ": nothing has changed" : "");
    if (job->missing > 0)
        printf("  %lld assets missing", (long long)job->missing);
    if (job->fault != ERR_NONE) {
        enum wall wall = job->fault == ERR_BROWSER ? wall_named(slice_of(job->reason)) : WALL_NONE;
        printf("  %s", wall != WALL_NONE ? capture_wall_text(wall) : job->reason);
    }
    if (job->state == JOB_WAITING && job->not_before > clock_now())
        printf(" (again in %lld s)", (long long)(job->not_before - clock_now() + 999) / 1000);
    printf("\n");
}

struct telling {
    struct cli *cli;
    int64_t count;
    bool failed; /* one that was told had not been done */
};

static bool tell_job(const struct job_row *job, void *arg)
{
    struct telling *telling = arg;
    telling->count++;
    telling->failed = telling->failed || job->state != JOB_DONE;
    if (telling->cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_job(&reply, reply.root, job);
        return cli_print_json(&reply);
    }
    print_job(job);
    return true;
}

static void print_counts(const struct job_counts *counts)
{
    const char *separator = "";
    for (int state = 0; state < JOB_STATES; state++) {
        if (counts->states[state] == 0)
            continue;
        fprintf(stderr, "%s%lld %s", separator, (long long)counts->states[state],
                job_state_name((enum job_state)state));
        separator = ", ";
    }
    fprintf(stderr, "%s%s\n", separator[0] ? "" : "The queue is empty",
            counts->paused ? " (paused)" : "");
}

static bool print_counts_json(const struct job_counts *counts)
{
    struct reply reply;
    reply_init(&reply);
    reply_counts(&reply, reply.root, counts);
    return cli_print_json(&reply);
}

/* ---- Working ---- */

static void show_progress(const struct queue_progress *progress, void *arg)
{
    (void)arg;
    fprintf(stderr, "\r%lld of %lld links, %lld at work   ", (long long)progress->done,
            (long long)progress->total, (long long)progress->counts.states[JOB_RUNNING]);
}

static bool run(struct cli *cli, struct job_counts *counts, struct error *err)
{
    struct job_worker worker;
    bool watch = !cli->json && isatty(STDERR_FILENO);
    struct queue_watch how = {
        .progress = watch ? show_progress : NULL, .interrupted = cli_stopped, .quiet = {-1, -1}};
    if (!cli_worker(cli, &worker, err))
        return false;
    cli_watch_signals();
    /* Workers are forked: neither an open store nor text that is not out yet may be in them. */
    store_close(cli->store);
    cli->store = NULL;
    fflush(stdout);
    bool ok = queue_run(cli->store_path, cli->lock, &how, counts, err);
    if (watch)
        fprintf(stderr, "\n");
    return ok && store_open(cli->store_path, STORE_EXISTING, &cli->store, err);
}

static enum cli_status run_all(struct cli *cli)
{
    struct job_counts counts = {0};
    struct error err = {0};
    if (!run(cli, &counts, &err))
        return cli_fail(cli, &err);
    if (cli->json)
        return print_counts_json(&counts) ? CLI_OK : CLI_FAILED;
    print_counts(&counts);
    return counts.states[JOB_BROWSER] + counts.states[JOB_FAILED] == 0 ? CLI_OK : CLI_FAILED;
}

/* ---- Many links ---- */

static bool tell_refused(struct slice url, const struct error *fault, void *arg)
{
    struct telling *telling = arg;
    telling->failed = true;
    fprintf(stderr, "linksnap: %.*s: %s\n", (int)(url.len < 200 ? url.len : 200), url.ptr,
            fault->text);
    return true;
}

static bool tell_each(struct telling *telling, const int64_t *ids, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] != 0 && !jobs_get(telling->cli->store, ids[i], tell_job, telling, err))
            return false;
    return true;
}

enum cli_status cmd_queue_urls(struct cli *cli, char **urls, size_t count,
                               const struct capture_wish *wish, bool later)
{
    struct queue_link *links = calloc(count + 1, sizeof *links);
    int64_t *ids = calloc(count + 1, sizeof *ids);
    struct telling telling = {.cli = cli};
    struct job_counts counts;
    struct error err = {0};
    bool ok = (links != NULL && ids != NULL) || error_no_memory(&err);
    for (size_t i = 0; ok && i < count; i++)
        links[i] = (struct queue_link){.url = slice_of(urls[i]), .wish = wish, .kind = QUEUE_SAVE};
    ok = ok && queue_add(cli->store, links, count, ids, tell_refused, &telling, &err);
    bool refused = telling.failed;
    ok = ok && (later || run(cli, &counts, &err)) && tell_each(&telling, ids, count, &err);
    free(links);
    free(ids);
    if (!ok)
        return cli_fail(cli, &err);
    return refused || (telling.failed && !later) ? CLI_FAILED : CLI_OK;
}

struct found {
    char **urls;
    size_t count;
    struct telling telling;
    bool ok;
};

static bool note_link(const char *url, const struct error *fault, void *arg)
{
    struct found *found = arg;
    if (fault != NULL && fault->code != ERR_NONE)
        return tell_refused(slice_of(url), fault, &found->telling);
    if (found->count == LIMIT_LINKS) {
        fprintf(stderr, "linksnap: only the first %zu links are taken\n", LIMIT_LINKS);
        return false;
    }
    found->urls[found->count] = slice_dup(slice_of(url));
    found->ok = found->urls[found->count] != NULL;
    found->count += found->ok;
    return found->ok;
}

enum cli_status cmd_queue_text(struct cli *cli, struct slice text, const struct capture_wish *wish,
                               bool later)
{
    struct found found = {
        .urls = calloc(LIMIT_LINKS, sizeof *found.urls), .telling = {.cli = cli}, .ok = true};
    struct error err = {0};
    enum cli_status status;
    if (found.urls == NULL)
        error_no_memory(&err);
    else if (links_find(text, note_link, &found, &err) && !found.ok)
        error_no_memory(&err);
    if (err.code != ERR_NONE)
        status = cli_fail(cli, &err);
    else if (found.count == 0)
        status = cli_usage("save: no links in that text");
    else
        status = cmd_queue_urls(cli, found.urls, found.count, wish, later);
    for (size_t i = 0; found.urls != NULL && i < found.count; i++)
        free(found.urls[i]);
    free(found.urls);
    return found.telling.failed && status == CLI_OK ? CLI_FAILED : status;
}

/* ---- linksnap queue ---- */

static enum cli_status list(struct cli *cli)
{
    struct telling telling = {.cli = cli};
    struct job_counts counts;
    struct error err = {0};
    if (!jobs_list(cli->store, NULL, 0, JOBS_KEPT, tell_job, &telling, &err) ||
        !jobs_count(cli->store, clock_now(), &counts, &err))
        return cli_fail(cli, &err);
    if (!cli->json)
        print_counts(&counts);
    return CLI_OK;
}

static enum cli_status set_paused(struct cli *cli, bool paused)
{
    struct error err = {0};
    return jobs_pause(cli->store, paused, &err) ? CLI_OK : cli_fail(cli, &err);
}

typedef bool (*change_fn)(struct store *store, const int64_t *ids, size_t count, int64_t *done_out,
                          struct error *err);

static enum cli_status say_jobs(const struct cli *cli, int64_t done)
{
    printf(cli->json ? "{\"jobs\":%lld}\n" : "%lld jobs\n", (long long)done);
    return CLI_OK;
}

static enum cli_status change(struct cli *cli, change_fn fn, int argc, char **argv)
{
    int64_t ids[256];
    size_t count = 0;
    int64_t done = 0;
    struct error err = {0};
    for (int i = 0; i < argc; i++) {
        if (count == sizeof ids / sizeof *ids)
            return cli_usage("queue: at most %zu jobs at once", count);
        if (!cli_number(argv[i], "a job", INT64_MAX, &ids[count++]))
            return CLI_USAGE;
    }
    return fn(cli->store, argc > 0 ? ids : NULL, count, &done, &err) ? say_jobs(cli, done)
                                                                     : cli_fail(cli, &err);
}

static enum cli_status unclear(struct cli *cli)
{
    struct error err = {0};
    int64_t done = 0;
    return jobs_unclear(cli->store, &done, &err) ? say_jobs(cli, done) : cli_fail(cli, &err);
}

enum cli_status cmd_queue(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    static const struct {
        const char *name;
        change_fn fn;
    } changes[] = {{"retry", jobs_retry}, {"cancel", jobs_cancel}, {"clear", jobs_clear}};
    if (cli_option(cli, argc, argv, "", none) != -1)
        return CLI_USAGE;
    const char *verb = optind < argc ? argv[optind++] : "list";
    size_t i = 0;
    while (i < 3 && strcmp(verb, changes[i].name) != 0)
        i++;
    if (i == 3 && optind < argc)
        return cli_usage("queue %s takes no jobs", verb);
    cli->captures = strcmp(verb, "run") == 0;
    if (!cli_open(cli, true))
        return CLI_FAILED;
    if (i < 3)
        return change(cli, changes[i].fn, argc - optind, argv + optind);
    if (strcmp(verb, "list") == 0)
        return list(cli);
    if (strcmp(verb, "run") == 0)
        return run_all(cli);
    if (strcmp(verb, "restore") == 0)
        return unclear(cli);
    if (strcmp(verb, "pause") == 0 || strcmp(verb, "resume") == 0)
        return set_paused(cli, verb[0] == 'p');
    return cli_usage("queue: there is no \"%s\"", verb);
}

/* ---- linksnap check ---- */

/* What the checks of this run found. */
static bool tell_page(const struct page_row *page, void *arg)
{
    struct telling *telling = arg;
    const struct health_row *health = page->health;
    if (health == NULL)
        return true;
    telling->failed |= strcmp(health->state, "gone") == 0 || strcmp(health->state, "error") == 0;
    if (telling->cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_page(&reply, reply.root, page);
        return cli_print_json(&reply);
    }
    if (strcmp(health->state, "ok") != 0)
        printf("%lld  %s\n    %s%s%s%s%s\n", (long long)page->id, page->url, health->state,
               health->reason[0] ? ": " : "", health->reason, health->url[0] ? " -> " : "",
               health->url);
    return true;
}

struct checked {
    struct telling telling;
    struct error *err;
    bool ok;
};

static bool tell_one(const struct health_row *row, void *arg)
{
    struct checked *checked = arg;
    checked->ok = pages_get(checked->telling.cli->store, row->page, tell_page, &checked->telling,
                            checked->err);
    return checked->ok;
}

enum cli_status cmd_check(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"days", required_argument, NULL, 'd'}, {0}};
    int64_t days = QUEUE_CHECK_DAYS;
    int64_t pages[256];
    size_t count = 0;
    int64_t added = 0;
    struct job_counts counts;
    struct error err = {0};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1)
        if (option != 'd' || !cli_number(optarg, "--days", 36500, &days))
            return CLI_USAGE;
    if (argc - optind > (int)(sizeof pages / sizeof *pages))
        return cli_usage("check: at most %zu pages at once", sizeof pages / sizeof *pages);
    for (int i = optind; i < argc; i++)
        if (!cli_number(argv[i], "a page", INT64_MAX, &pages[count++]))
            return CLI_USAGE;
    cli->captures = true;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    struct checked checked = {.telling = {.cli = cli}, .err = &err, .ok = true};
    int64_t since = clock_now();
    if (!queue_add_checks(cli->store, count > 0 ? pages : NULL, count, days, &added, &err) ||
        !run(cli, &counts, &err) || !health_list(cli->store, since, tell_one, &checked, &err) ||
        !checked.ok)
        return cli_fail(cli, &err);
    if (!cli->json)
        fprintf(stderr, "%lld links were to be visited\n", (long long)added);
    return checked.telling.failed ? CLI_FAILED : CLI_OK;
}

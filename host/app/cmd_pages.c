/* linksnap search, list, similar, edit, trash, restore. */
#include "app/cli.h"
#include "base/limits.h"
#include "store/similar.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEFAULT_LIMIT = 20 };

static const struct option no_options[] = {{0}};

static void print_day(int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm local;
    char day[16] = "";
    if (localtime_r(&seconds, &local) != NULL)
        strftime(day, sizeof day, "%Y-%m-%d", &local);
    fputs(day, stdout);
}

static void print_spans(const struct cli *cli, const struct search_span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool mark = spans[i].hit && cli->colour;
        printf("%s%.*s%s", mark ? "\033[1;33m" : "", (int)spans[i].text.len, spans[i].text.ptr,
               mark ? "\033[0m" : "");
    }
}

static bool print_hit(const struct search_hit *hit, void *arg)
{
    struct cli *cli = arg;
    const struct page_row *page = hit->page;
    if (cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_hit(&reply, reply.root, hit);
        return cli_print_json(&reply);
    }
    printf("%lld  ", (long long)page->id);
    print_day(page->saved);
    printf("  ");
    print_spans(cli, hit->title, hit->title_count);
    for (size_t i = 0; i < page->tag_count; i++)
        printf(" #%s", page->tags[i]);
    if (page->failed > 0)
        printf(" (%lld of %lld assets missing)", (long long)page->failed, (long long)page->assets);
    printf("\n    %s\n", page->url);
    if (hit->snippet_count > 0) {
        printf("    ");
        print_spans(cli, hit->snippet, hit->snippet_count);
        printf("\n");
    }
    return true;
}

static enum cli_status find(struct cli *cli, struct slice query, enum search_sort sort,
                            int64_t limit)
{
    struct error err = {0};
    struct search_end end = {0};
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    while (limit > 0) {
        char cursor[sizeof end.cursor];
        memcpy(cursor, end.cursor, sizeof cursor);
        size_t step = (size_t)limit < LIMIT_RESULTS ? (size_t)limit : LIMIT_RESULTS;
        struct search_request request = {.query = query,
                                         .sort = sort,
                                         .limit = step,
                                         .cursor = cursor,
                                         .now = (int64_t)time(NULL) * 1000};
        if (!search_pages(cli->store, &request, print_hit, cli, &end, &err))
            return cli_fail(cli, &err);
        limit -= (int64_t)step;
        if (end.cursor[0] == '\0')
            break;
    }
    if (end.hint[0] != '\0')
        fprintf(stderr, "linksnap: not understood: %s\n", end.hint);
    if (!cli->json)
        fprintf(stderr, "%lld found\n", (long long)end.total);
    return CLI_OK;
}

/* The operands as one query; the caller frees. */
static char *join(int count, char **words)
{
    struct buf query;
    buf_init(&query, LIMIT_QUERY);
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&query, ' ');
        buf_add_text(&query, words[i]);
    }
    char *text = query.failed == ERR_NONE ? buf_take(&query) : NULL;
    buf_finish(&query);
    return text;
}

enum cli_status cmd_search(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {
        {"limit", required_argument, NULL, 'l'}, {"sort", required_argument, NULL, 's'}, {0}};
    int64_t limit = DEFAULT_LIMIT;
    enum search_sort sort = SEARCH_RANK;
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option == 'l') {
            if (!cli_number(optarg, "--limit", INT64_MAX, &limit))
                return CLI_USAGE;
        } else if (option == 's' && !search_sort_parse(slice_of(optarg), &sort)) {
            return cli_usage("--sort is rank, newest, oldest, title or site, not \"%s\"", optarg);
        } else if (option == 's') {
            continue;
        } else {
            return CLI_USAGE;
        }
    }
    if (optind == argc)
        return cli_usage("search: which words?");
    for (int i = optind; i < argc; i++)
        if (strncmp(argv[i], "--", 2) == 0)
            return cli_usage("search: options such as %s come before the words", argv[i]);
    char *query = join(argc - optind, argv + optind);
    if (query == NULL)
        return cli_usage("a query has at most %zu bytes", LIMIT_QUERY);
    enum cli_status status = find(cli, slice_of(query), sort, limit);
    free(query);
    return status;
}

enum cli_status cmd_list(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"limit", required_argument, NULL, 'l'}, {0}};
    int64_t limit = DEFAULT_LIMIT;
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1)
        if (option != 'l' || !cli_number(optarg, "--limit", INT64_MAX, &limit))
            return CLI_USAGE;
    if (optind < argc)
        return cli_usage("list takes no operand; search does");
    return find(cli, (struct slice){0}, SEARCH_NEWEST, limit);
}

static bool print_similar(const struct page_row *page, void *arg)
{
    struct search_span title = {.text = slice_of(page->title)};
    struct search_hit hit = {.page = page, .title = &title, .title_count = 1};
    return print_hit(&hit, arg);
}

enum cli_status cmd_similar(struct cli *cli, int argc, char **argv)
{
    int64_t page;
    struct error err = {0};
    if (cli_option(cli, argc, argv, "", no_options) != -1)
        return CLI_USAGE;
    if (argc - optind != 1)
        return cli_usage("similar: to which page?");
    if (!cli_number(argv[optind], "a page", INT64_MAX, &page))
        return CLI_USAGE;
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    if (!similar_pages(cli->store, page, DEFAULT_LIMIT, print_similar, cli, &err))
        return cli_fail(cli, &err);
    return CLI_OK;
}

/* The page's tags after adding and removing, as copies. */
struct tag_edit {
    const char *add[LIMIT_TAGS];
    size_t add_count;
    const char *remove[LIMIT_TAGS];
    size_t remove_count;
    char *tags[2 * LIMIT_TAGS];
    size_t tag_count;
};

static bool keep_tags(const struct page_row *row, void *arg)
{
    struct tag_edit *edit = arg;
    for (size_t i = 0; i < row->tag_count && edit->tag_count < LIMIT_TAGS; i++) {
        bool removed = false;
        for (size_t k = 0; k < edit->remove_count; k++)
            removed = removed || strcmp(row->tags[i], edit->remove[k]) == 0;
        if (!removed)
            edit->tags[edit->tag_count++] = slice_dup(slice_of(row->tags[i]));
    }
    for (size_t i = 0; i < edit->add_count; i++)
        edit->tags[edit->tag_count++] = slice_dup(slice_of(edit->add[i]));
    return true;
}

static bool print_page(const struct page_row *row, void *arg)
{
    struct cli *cli = arg;
    if (!cli->json)
        return true;
    struct reply reply;
    reply_init(&reply);
    reply_page(&reply, reply.root, row);
    return cli_print_json(&reply);
}

static enum cli_status apply_edit(struct cli *cli, int64_t page, struct page_change *change,
                                  struct tag_edit *edit)
{
    struct error err = {0};
    bool ok = true;
    if (edit->add_count + edit->remove_count > 0) {
        ok = pages_get(cli->store, page, keep_tags, edit, &err);
        change->tags = (const char *const *)edit->tags;
        change->tag_count = edit->tag_count;
        change->set_tags = true;
    }
    for (size_t i = 0; ok && i < edit->tag_count; i++)
        if (edit->tags[i] == NULL)
            ok = error_no_memory(&err);
    int64_t step = 0;
    ok = ok && pages_update(cli->store, page, change, &step, &err) &&
         pages_get(cli->store, page, print_page, cli, &err);
    if (ok && !cli->json && step > 0)
        printf("linksnap undo %lld puts it back\n", (long long)step);
    for (size_t i = 0; i < edit->tag_count; i++)
        free(edit->tags[i]);
    return ok ? CLI_OK : cli_fail(cli, &err);
}

enum cli_status cmd_edit(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"tag", required_argument, NULL, 't'},
                                          {"untag", required_argument, NULL, 'u'},
                                          {"title", required_argument, NULL, 'i'},
                                          {"note", required_argument, NULL, 'n'},
                                          {0}};
    struct tag_edit edit = {.add_count = 0};
    struct page_change change = {0};
    int64_t page;
    int option;
    while ((option = cli_option(cli, argc, argv, "t:", longs)) != -1) {
        if (edit.add_count == LIMIT_TAGS || edit.remove_count == LIMIT_TAGS)
            return cli_usage("a page has at most %zu tags", LIMIT_TAGS);
        if (option == 't')
            edit.add[edit.add_count++] = optarg;
        else if (option == 'u')
            edit.remove[edit.remove_count++] = optarg;
        else if (option == 'i')
            change.title = optarg;
        else if (option == 'n')
            change.note = optarg;
        else
            return CLI_USAGE;
    }
    if (argc - optind != 1)
        return cli_usage("edit: which page?");
    if (!cli_number(argv[optind], "a page", INT64_MAX, &page))
        return CLI_USAGE;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    return apply_edit(cli, page, &change, &edit);
}

/* Of the operands, once the options are read. */
static enum cli_status each_page(struct cli *cli, int argc, char **argv,
                                 bool (*act)(struct store *, int64_t, struct error *))
{
    if (optind == argc)
        return cli_usage("%s: which page?", argv[0]);
    int64_t page;
    for (int i = optind; i < argc; i++)
        if (!cli_number(argv[i], "a page", INT64_MAX, &page))
            return CLI_USAGE;
    if (!cli_open(cli, false))
        return CLI_FAILED;
    enum cli_status status = CLI_OK;
    for (int i = optind; i < argc; i++) {
        struct error err = {0};
        if (!cli_number(argv[i], "a page", INT64_MAX, &page))
            return CLI_USAGE;
        if (!act(cli->store, page, &err) || !pages_get(cli->store, page, print_page, cli, &err))
            status = cli_fail(cli, &err);
    }
    return status;
}

enum cli_status cmd_trash(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"empty", no_argument, NULL, 'e'},
                                          {"older", required_argument, NULL, 'o'},
                                          {"yes", no_argument, NULL, 'y'},
                                          {"version", no_argument, NULL, 'v'},
                                          {0}};
    bool empty = false;
    bool version = false;
    bool yes = false;
    int64_t days = 0;
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option == 'e')
            empty = true;
        else if (option == 'y')
            yes = true;
        else if (option == 'v')
            version = true;
        else if (option != 'o' || !cli_number(optarg, "--older", 36500, &days))
            return CLI_USAGE;
    }
    if (!empty && (yes || days > 0))
        return cli_usage("trash: --older and --yes go with --empty");
    if (empty && optind < argc)
        return cli_usage("trash: --empty is of all that is in it, or of what is --older");
    if (empty && version)
        return cli_usage("trash: --empty is of versions too");
    if (version)
        return cli_trash_versions(cli, argc, argv, true);
    return empty ? cli_empty_trash(cli, days, yes) : each_page(cli, argc, argv, pages_trash);
}

enum cli_status cmd_untrash(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"version", no_argument, NULL, 'v'}, {0}};
    bool version = false;
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option != 'v')
            return CLI_USAGE;
        version = true;
    }
    return version ? cli_trash_versions(cli, argc, argv, false)
                   : each_page(cli, argc, argv, pages_restore);
}

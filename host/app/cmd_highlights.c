/* linksnap highlights. */
#include "app/cli.h"
#include "app/markdown.h"
#include "base/limits.h"

#include <getopt.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct wish {
    int64_t page;
    int64_t snapshot;
    bool markdown;
};

struct walk {
    highlight_fn fn; /* false: there is no memory for more */
    void *arg;
    bool stopped;
};

static bool hand_on(const struct highlight_row *row, void *arg)
{
    struct walk *walk = arg;
    walk->stopped = !walk->fn(row, walk->arg);
    return !walk->stopped;
}

/* All rows, answer by answer. */
static bool each(struct cli *cli, const struct wish *wish, highlight_fn fn, void *arg,
                 struct error *err)
{
    struct walk walk = {.fn = fn, .arg = arg};
    char cursor[HIGHLIGHTS_CURSOR_SIZE] = "";
    char next[HIGHLIGHTS_CURSOR_SIZE];
    const struct highlights_request request = {
        .page = wish->page, .snapshot = wish->snapshot, .limit = LIMIT_RESULTS, .cursor = cursor};
    do {
        if (!highlights_list(cli->store, &request, hand_on, &walk, next, err))
            return false;
        if (walk.stopped)
            return error_no_memory(err);
        memcpy(cursor, next, sizeof cursor);
    } while (cursor[0] != '\0');
    return true;
}

/* Lines of a text, each after `before`. */
static void print_lines(const char *before, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\r\n");
        if (len > 0) {
            fputs(before, stdout);
            cli_put_text(slice_make(text, len));
            putchar('\n');
        }
        text += len + (text[len] != '\0');
    }
}

static bool print_highlight(const struct highlight_row *row, void *arg)
{
    const struct cli *cli = arg;
    if (cli->json) {
        struct reply reply;
        reply_init(&reply);
        reply_highlight(&reply, reply.root, row);
        return cli_print_json(&reply);
    }
    time_t seconds = (time_t)(row->made / 1000);
    struct tm local;
    char day[16] = "";
    if (localtime_r(&seconds, &local) != NULL)
        strftime(day, sizeof day, "%Y-%m-%d", &local);
    printf("%lld  %s  %s  ", (long long)row->id, day, row->colour);
    cli_put_text(slice_of(row->title));
    printf(" (page %lld, version %lld)\n", (long long)row->page, (long long)row->version);
    print_lines("    | ", row->quote);
    print_lines("    ", row->note);
    return true;
}

/* ---- Markdown: page by page, those that were marked last first ---- */

struct pages {
    struct buf list; /* int64_t */
};

static bool note_page(const struct highlight_row *row, void *arg)
{
    struct pages *pages = arg;
    const int64_t *list = (const int64_t *)(const void *)pages->list.ptr;
    for (size_t i = 0; i < pages->list.len / sizeof *list; i++) {
        if (list[i] == row->page)
            return true;
    }
    return buf_add(&pages->list, &row->page, sizeof row->page);
}

struct document {
    struct buf text;
    int64_t page; /* whose heading is written */
};

static bool add_to_document(const struct highlight_row *row, void *arg)
{
    struct document *document = arg;
    if (row->page != document->page)
        markdown_heading(&document->text, slice_of(row->title), slice_of(row->url));
    document->page = row->page;
    markdown_quote(&document->text, slice_of(row->quote));
    markdown_note(&document->text, slice_of(row->note));
    return true;
}

/* A file gets it as it is; none of it commands a terminal. */
static void put_document(struct slice text)
{
    if (!isatty(STDOUT_FILENO)) {
        fwrite(text.ptr, 1, text.len, stdout);
        return;
    }
    for (size_t at = 0; at < text.len;) {
        size_t end = slice_find_byte(text, at, '\n');
        cli_put_text(slice_sub(text, at, end - at));
        putchar('\n');
        at = end + 1;
    }
}

static bool print_page(struct cli *cli, const struct wish *wish, struct error *err)
{
    struct document document = {.page = 0};
    buf_init(&document.text, (size_t)256 * MIB);
    bool ok = each(cli, wish, add_to_document, &document, err) &&
              buf_ok(&document.text, "What is marked", err);
    if (ok && document.text.len > 0)
        put_document(buf_slice(&document.text));
    buf_finish(&document.text);
    return ok;
}

static bool print_markdown(struct cli *cli, const struct wish *wish, struct error *err)
{
    struct pages pages;
    if (wish->page != 0 || wish->snapshot != 0)
        return print_page(cli, wish, err);
    buf_init(&pages.list, 16 * MIB);
    bool ok =
        each(cli, wish, note_page, &pages, err) && buf_ok(&pages.list, "A list of pages", err);
    for (size_t at = 0; ok && at < pages.list.len; at += sizeof(int64_t)) {
        struct wish one = {.page = 0};
        memcpy(&one.page, pages.list.ptr + at, sizeof one.page);
        ok = print_page(cli, &one, err);
    }
    buf_finish(&pages.list);
    return ok;
}

enum cli_status cmd_highlights(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"page", required_argument, NULL, 'p'},
                                          {"snapshot", required_argument, NULL, 's'},
                                          {"markdown", no_argument, NULL, 'm'},
                                          {0}};
    struct wish wish = {.page = 0};
    struct error err = {0};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option == 'p') {
            if (!cli_number(optarg, "a page", INT64_MAX, &wish.page))
                return CLI_USAGE;
        } else if (option == 's') {
            if (!cli_number(optarg, "a snapshot", INT64_MAX, &wish.snapshot))
                return CLI_USAGE;
        } else if (option == 'm') {
            wish.markdown = true;
        } else {
            return CLI_USAGE;
        }
    }
    if (optind < argc)
        return cli_usage("highlights takes no operand; search is:highlighted finds pages");
    if ((wish.page != 0 && wish.snapshot != 0) || (wish.markdown && cli->json))
        return cli_usage("highlights: --page or --snapshot, and --markdown or --json");
    if (!cli_open_to_read(cli))
        return CLI_FAILED;
    bool ok = wish.markdown ? print_markdown(cli, &wish, &err)
                            : each(cli, &wish, print_highlight, cli, &err);
    return ok ? CLI_OK : cli_fail(cli, &err);
}

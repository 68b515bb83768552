/* Fills a store, holds its searches against a plain scan, and times them: `make bench-search`.
 *
 *     search_store fill  PAGES QUERIES STORE
 *     search_store check PAGES QUERIES STORE
 *     search_store time  PAGES QUERIES STORE ROUNDS [KIND]
 *
 * Prints lines of words: "size NAME BYTES", "fill PAGES SECONDS SECONDS", "checked QUERIES PAGES
 * WRONG", "time KIND SORT WALL PROCESSOR HITS QUERY". */
#include "search_input.h"
#include "search_scan.h"

#include "base/limits.h"
#include "store/finder.h"
#include "store/query.h"
#include "store/search.h"
#include "store/snapshots.h"

#include <stdio.h>
#include <stdlib.h>

struct bench {
    struct input pages;
    struct input queries_file;
    struct input_query queries[INPUT_QUERIES];
    size_t query_count;
    struct store *store;
    struct error err;
};

static void fail(const struct error *err)
{
    fprintf(stderr, "search_store: %s\n", err->text);
    exit(1);
}

static void page_path(size_t index, char out[32])
{
    snprintf(out, 32, "/p/%zu", index);
}

static void save(struct bench *bench, struct input_page *page, size_t index)
{
    const char *tags[INPUT_TAGS];
    char path[32];
    char url[300];
    struct snapshot_ids ids;
    page_path(index, path);
    snprintf(url, sizeof url, "https://%s%s", page->site, path);
    struct snapshot_new new = {
        .normalized_url = url,
        .url = url,
        .final_url = url,
        .site = page->site,
        .how = "link",
        .title = page->title,
        .description = "",
        .lang = page->lang,
        .text = page->text,
        .document = slice_of("<!DOCTYPE html>"),
        .note = page->note,
        .tags = tags,
        .tag_count = input_cut_tags(page, tags),
        .taken = INT64_C(1500000000000) + (int64_t)index * 60 * 1000,
    };
    if (!snapshots_begin(bench->store, &new, &ids, &bench->err) ||
        !snapshots_end(bench->store, ids.snapshot, &bench->err))
        fail(&bench->err);
}

static void print_size(struct bench *bench, const char *name, const char *sql)
{
    int64_t bytes;
    if (!db_get_int(bench->store, sql, 0, &bytes, &bench->err))
        fail(&bench->err);
    printf("size %s %lld\n", name, (long long)bytes);
}

static void fill(struct bench *bench)
{
    struct input_page page;
    size_t count = 0;
    size_t text = 0;
    struct input_watch took = {1e9, 1e9};
    struct input_watch start = input_now();
    while (input_next_page(&bench->pages, &page)) {
        text += strlen(page.title) + strlen(page.tags) + strlen(page.note) + strlen(page.text);
        save(bench, &page, count++);
    }
    input_since(start, &took);
    printf("fill %zu %.3f %.3f\n", count, took.wall / 1e3, took.processor / 1e3);
    printf("size text %zu\n", text);
    print_size(bench, "index",
               "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search\\_%' ESCAPE '\\'");
    print_size(bench, "store", "SELECT sum(pgsize) FROM dbstat");
}

static bool count_bytes(const struct search_hit *hit, void *arg)
{
    size_t *bytes = arg;
    for (size_t i = 0; i < hit->snippet_count; i++)
        *bytes += hit->snippet[i].text.len;
    return true;
}

static void time_one(struct bench *bench, const struct input_query *query, enum search_sort sort,
                     size_t rounds)
{
    struct input_watch best = {1e9, 1e9};
    size_t bytes = 0;
    struct search_end end;
    struct search_request request = {
        .query = slice_of(query->text), .sort = sort, .limit = INPUT_RESULTS};
    for (size_t i = 0; i < rounds; i++) {
        struct input_watch start = input_now();
        if (!search_pages(bench->store, &request, count_bytes, &bytes, &end, &bench->err))
            fail(&bench->err);
        input_since(start, &best);
    }
    printf("time %s %s %.4f %.4f %lld %s\n", query->kind, sort == SEARCH_RANK ? "rank" : "newest",
           best.wall, best.processor, (long long)end.total, query->text);
}

static void time_all(struct bench *bench, size_t rounds)
{
    for (int sort = SEARCH_RANK; sort <= SEARCH_NEWEST; sort++) {
        for (size_t i = 0; i < bench->query_count; i++)
            time_one(bench, &bench->queries[i], (enum search_sort)sort, rounds);
    }
}

/* One query's answer, held against the scan. */
struct answer {
    const struct scan *scan;
    const size_t *needles;
    size_t needle_count;
    size_t next; /* by time: the newest page not yet come to, + 1 */
    bool by_time;
    size_t seen;
    bool wrong;
};

static bool expected(const struct answer *answer, size_t page)
{
    for (size_t i = 0; i < answer->needle_count; i++) {
        if (!scan_holds(answer->scan, answer->needles[i], page))
            return false;
    }
    return true;
}

/* Pages are numbered from 1 in the order in which they were saved. By time, the next hit must be
 * the next page that holds all needles. */
static void check_page(struct answer *answer, int64_t page)
{
    answer->seen++;
    if (!answer->by_time) {
        answer->wrong = answer->wrong || !expected(answer, (size_t)page - 1);
        return;
    }
    while (answer->next > 0 && !expected(answer, answer->next - 1))
        answer->next--;
    answer->wrong = answer->wrong || answer->next == 0 || (size_t)page != answer->next;
    answer->next -= answer->next > 0;
}

static bool check_hit(const struct search_hit *hit, void *arg)
{
    check_page(arg, hit->page->id);
    return true;
}

/* The first results as a person gets them, and the whole count. */
static bool check_first(struct bench *bench, const struct input_query *query, struct answer answer,
                        enum search_sort sort, size_t total)
{
    struct search_end end;
    struct search_request request = {
        .query = slice_of(query->text), .sort = sort, .limit = INPUT_RESULTS};
    answer.by_time = sort == SEARCH_NEWEST;
    if (!search_pages(bench->store, &request, check_hit, &answer, &end, &bench->err))
        fail(&bench->err);
    size_t first = total < INPUT_RESULTS ? total : INPUT_RESULTS;
    return !answer.wrong && answer.seen == first && end.total == (int64_t)total;
}

/* Every single page that answers. */
static bool check_all(struct bench *bench, const struct input_query *query, struct answer answer,
                      size_t total)
{
    static struct query parsed;
    struct query_sql sql;
    struct ords ords;
    ords_init(&ords);
    answer.by_time = true;
    if (!query_parse(&parsed, bench->store->folder, slice_of(query->text), 0, &bench->err) ||
        !query_sql_make(&sql, &parsed, &bench->err) || !db_begin_read(bench->store, &bench->err) ||
        !finder_all(bench->store, &sql, false, &ords, &bench->err))
        fail(&bench->err);
    db_end_read(bench->store);
    for (size_t i = 0; i < ords_count(&ords); i++)
        check_page(&answer, ords_list(&ords)[i]);
    ords_finish(&ords);
    query_sql_finish(&sql);
    query_finish(&parsed);
    return !answer.wrong && answer.seen == total;
}

static bool check_one(struct bench *bench, const struct input_query *query, struct answer answer)
{
    size_t total = 0;
    for (size_t page = 0; page < answer.next; page++)
        total += expected(&answer, page);
    printf("answers %s %zu\n", query->kind, total);
    bool ok = check_all(bench, query, answer, total) &&
              check_first(bench, query, answer, SEARCH_NEWEST, total) &&
              check_first(bench, query, answer, SEARCH_RANK, total);
    if (!ok)
        fprintf(stderr, "wrong: <%s>, of which a scan finds %zu\n", query->text, total);
    return ok;
}

static void check(struct bench *bench)
{
    enum { PAGES_MOST = 2000000 };
    static size_t needles[INPUT_QUERIES][4];
    struct scan *scan = scan_create(PAGES_MOST);
    struct input_page page;
    size_t pages = 0;
    size_t wrong = 0;
    for (size_t i = 0; i < bench->query_count; i++) {
        for (size_t k = 0; k < bench->queries[i].needle_count; k++)
            needles[i][k] = scan_add_needle(scan, bench->queries[i].needles[k]);
    }
    while (input_next_page(&bench->pages, &page)) {
        const char *tags[INPUT_TAGS];
        char path[32];
        page_path(pages++, path);
        scan_page(scan, &page, tags, input_cut_tags(&page, tags), path);
    }
    for (size_t i = 0; i < bench->query_count; i++) {
        struct answer answer = {.scan = scan,
                                .needles = needles[i],
                                .needle_count = bench->queries[i].needle_count,
                                .next = pages};
        wrong += !check_one(bench, &bench->queries[i], answer);
    }
    printf("checked %zu %zu %zu\n", bench->query_count, pages, wrong);
    scan_destroy(scan);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    if (argc < 5) {
        fputs("search_store fill|check|time PAGES QUERIES STORE [NUMBER [KIND]]\n", stderr);
        return 2;
    }
    bool filling = strcmp(argv[1], "fill") == 0;
    size_t number = argc > 5 ? (size_t)strtoul(argv[5], NULL, 10) : 1;
    bench.pages = input_open(argv[2]);
    bench.queries_file = input_open(argv[3]);
    bench.query_count =
        input_read_queries(&bench.queries_file, argc > 6 ? argv[6] : NULL, bench.queries);
    if (!store_open(argv[4], filling ? STORE_CREATE : STORE_EXISTING, &bench.store, &bench.err))
        fail(&bench.err);
    if (filling)
        fill(&bench);
    else if (strcmp(argv[1], "check") == 0)
        check(&bench);
    else
        time_all(&bench, number);
    store_close(bench.store);
    input_close(&bench.pages);
    input_close(&bench.queries_file);
    return 0;
}

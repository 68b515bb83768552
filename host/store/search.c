#include "store/search.h"

#include "base/limits.h"
#include "store/blobs.h"
#include "store/finder.h"
#include "store/page_rows.h"
#include "store/query.h"
#include "store/query_sql.h"
#include "store/snippet.h"

#include <stdlib.h>

/* One run of a search: too large for the stack. */
struct search {
    struct store *store;
    struct query query;
    struct query_sql sql;
    struct finder_result found;
    struct page_loader loader;
    struct buf text;
    struct marks title_marks;
    struct marks text_marks;
    struct snippet title;
    struct snippet passage;
};

static struct search *create(struct store *store, struct error *err)
{
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL) {
        error_no_memory(err);
        return NULL;
    }
    search->store = store;
    page_loader_init(&search->loader, store);
    buf_init(&search->text, LIMIT_TEXT);
    snippet_init(&search->title);
    snippet_init(&search->passage);
    return search;
}

static void destroy(struct search *search)
{
    if (search == NULL)
        return;
    query_finish(&search->query);
    query_sql_finish(&search->sql);
    page_loader_finish(&search->loader);
    buf_finish(&search->text);
    marks_finish(&search->title_marks);
    marks_finish(&search->text_marks);
    snippet_finish(&search->title);
    snippet_finish(&search->passage);
    free(search);
}

/* The text of the page at hand. One that cannot be read shows no passage; the page is still found
 * by its title. */
static bool read_text(struct search *search, struct slice *text_out, struct error *err)
{
    struct error fault = {0};
    buf_reset(&search->text);
    *text_out = (struct slice){0};
    if (search->text_marks.count == 0 || search->loader.text_blob == 0)
        return true;
    if (blobs_read(search->store, search->loader.text_blob, &search->text, &fault))
        *text_out = buf_slice(&search->text);
    return fault.code != ERR_NO_MEMORY || error_no_memory(err);
}

/* Loads one page that was found and cuts its title and text. */
static bool load_hit(struct search *search, int64_t ord, bool *found_out, struct error *err)
{
    struct slice text;
    if (!page_load(&search->loader, PAGE_BY_ORD, ord, found_out, err))
        return false;
    return !*found_out || (snippet_of_title(&search->title, &search->title_marks,
                                            slice_of(search->loader.page.title), err) &&
                           read_text(search, &text, err) &&
                           snippet_of_text(&search->passage, &search->text_marks, text, err));
}

static bool hand_over(struct search *search, search_fn fn, void *arg)
{
    struct search_hit hit = {
        .page = &search->loader.page,
        .title = snippet_spans(&search->title),
        .title_count = snippet_count(&search->title),
        .snippet = snippet_spans(&search->passage),
        .snippet_count = snippet_count(&search->passage),
    };
    return fn(&hit, arg);
}

/* Only the first `count` were taken: the rest comes with the next cursor. */
static bool end_early(struct search *search, struct finder_request *request, size_t count,
                      struct error *err)
{
    if (count == 0 && request->skip == 0) {
        search->found.next = request->from;
        return true;
    }
    /* A cursor stands behind a row: the last that was taken or passed over. */
    request->skip -= count == 0;
    request->limit = count == 0 ? 1 : count;
    return finder_run(search->store, &search->sql, request, &search->found, err);
}

static bool run(struct search *search, const struct search_request *request,
                const struct cursor *from, search_fn fn, void *arg, struct error *err)
{
    struct finder_request find = {
        .sort = request->sort, .skip = request->skip, .limit = request->limit, .from = *from};
    if (!query_parse(&search->query, search->store->folder, request->query, request->now, err) ||
        !query_sql_make(&search->sql, &search->query, err))
        return false;
    find.trashed = search->query.trashed;
    if (!finder_run(search->store, &search->sql, &find, &search->found, err))
        return false;
    marks_init(&search->title_marks, search->store->folder, &search->query, FTS_TITLE);
    marks_init(&search->text_marks, search->store->folder, &search->query, FTS_TEXT);
    if (search->title_marks.text.failed != ERR_NONE || search->text_marks.text.failed != ERR_NONE)
        return error_no_memory(err);
    for (size_t i = 0; i < search->found.count; i++) {
        bool found;
        if (!load_hit(search, search->found.ords[i], &found, err))
            return false;
        /* A row of the index without its page is one that a damaged store left behind. */
        if (found && !hand_over(search, fn, arg))
            return end_early(search, &find, i, err);
    }
    return true;
}

bool search_pages(struct store *store, const struct search_request *request, search_fn fn,
                  void *arg, struct search_end *end_out, struct error *err)
{
    struct cursor from;
    if (request->limit == 0 || request->limit > LIMIT_RESULTS)
        return error_set(err, ERR_LIMIT, "A search gives 1 to %zu results", LIMIT_RESULTS);
    if (request->skip > SEARCH_SKIP)
        return error_set(err, ERR_LIMIT, "A search passes over %d results at most", SEARCH_SKIP);
    if (!cursor_read(request->cursor, &from, err))
        return false;
    struct search *search = create(store, err);
    if (search == NULL)
        return false;
    bool ok = db_begin_read(store, err);
    if (ok) {
        ok = run(search, request, &from, fn, arg, err);
        db_end_read(store);
    }
    if (ok) {
        *end_out = (struct search_end){.total = search->found.total};
        memcpy(end_out->hint, search->query.hint, sizeof end_out->hint);
        cursor_write(&search->found.next, end_out->cursor);
    }
    destroy(search);
    return ok;
}

bool search_sort_parse(struct slice name, enum search_sort *sort_out)
{
    static const char *const names[] = {[SEARCH_RANK] = "rank",
                                        [SEARCH_NEWEST] = "newest",
                                        [SEARCH_OLDEST] = "oldest",
                                        [SEARCH_TITLE] = "title",
                                        [SEARCH_SITE] = "site"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (slice_equal(name, slice_of(names[i]))) {
            *sort_out = (enum search_sort)i;
            return true;
        }
    }
    return false;
}

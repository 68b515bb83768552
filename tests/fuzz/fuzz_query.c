/* A search, best first and in another order by the input's length, over a small store: what people
 * type, in the first line; a cursor, in the second. Whatever it says, SQLite is never asked for
 * what it cannot read. */
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "store/pages.h"
#include "store/search.h"
#include "store/snapshots.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct store *store;
static char folder[64] = "/tmp/linksnap-fuzz-XXXXXX";

static void remove_store(void)
{
    static const char *const names[] = {"store.db", "store.db-wal", "store.db-shm"};
    char path[128];
    store_close(store);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void save(const char *url, const char *title, const char *text, const char *tag)
{
    const struct snapshot_new new = {.normalized_url = url,
                                     .url = url,
                                     .final_url = url,
                                     .site = "example.com",
                                     .how = "tab",
                                     .title = title,
                                     .description = "",
                                     .lang = "zh-CN",
                                     .text = text,
                                     .document = slice_of("<!DOCTYPE html><p>x</p>"),
                                     .tags = &tag,
                                     .tag_count = tag != NULL,
                                     .taken = 1795200000000};
    struct snapshot_ids ids;
    struct error err = {0};
    if (!snapshots_begin(store, &new, &ids, &err))
        fuzz_fault("%s", err.text);
}

static void make_store(void)
{
    char path[128];
    struct error err = {0};
    FUZZ_CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/store.db", folder);
    if (!store_open(path, STORE_CREATE, &store, &err))
        fuzz_fault("%s", err.text);
    atexit(remove_store);
    save("http://example.com/a", "The title of it", "the of and words C++ node.js", "work/reading");
    save("http://example.com/b", "\u5FEB\u7167", "\u94FE\u63A5\u5FEB\u7167\u4E2D\u6587", "\u8BFB");
    save("http://example.org/c?d=e", "", "abc abcd abcde 123 a-b", NULL);
}

struct seen {
    size_t limit;
    size_t count;
};

static bool on_hit(const struct search_hit *hit, void *arg)
{
    struct seen *seen = arg;
    seen->count++;
    FUZZ_CHECK(seen->count <= seen->limit && hit->page->id > 0);
    for (size_t i = 0; i < hit->title_count; i++)
        FUZZ_CHECK(hit->title[i].text.len > 0 && utf8_valid(hit->title[i].text));
    for (size_t i = 0; i < hit->snippet_count; i++)
        FUZZ_CHECK(hit->snippet[i].text.len > 0 && utf8_valid(hit->snippet[i].text));
    return true;
}

/* The number of pages that answer; -1 when the cursor is none. */
static int64_t search(struct slice query, enum search_sort sort, const char *cursor)
{
    struct search_request request = {
        .query = query, .sort = sort, .limit = 2, .cursor = cursor, .now = 1795200000000};
    struct search_end end;
    struct error err = {0};
    struct seen seen = {.limit = request.limit};
    if (!search_pages(store, &request, on_hit, &seen, &end, &err)) {
        if (err.code != ERR_PARAMS || cursor == NULL)
            fuzz_fault("%s: %s", error_name(err.code), err.text);
        return -1;
    }
    FUZZ_CHECK(utf8_valid(slice_of(end.hint)));
    FUZZ_CHECK(end.total >= (int64_t)seen.count && end.total <= 3);
    if (cursor == NULL && end.cursor[0] != '\0') {
        request.cursor = end.cursor;
        seen.count = 0;
        FUZZ_CHECK(search_pages(store, &request, on_hit, &seen, &end, &err));
    }
    return end.total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct slice query = fuzz_take_line(&rest);
    if (store == NULL)
        make_store();
    enum search_sort sort = (enum search_sort)(size % (SEARCH_SITE + 1));
    int64_t total = search(query, SEARCH_RANK, NULL);
    FUZZ_CHECK(search(query, sort, NULL) == total);
    if (rest.len > 0) {
        char *cursor = fuzz_text(rest);
        search(query, sort, cursor);
        free(cursor);
    }
    return 0;
}

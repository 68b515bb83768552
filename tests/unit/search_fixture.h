/* Searches over a few sample pages, for the tests of store/search. Include after <cmocka.h>. */
#ifndef TESTS_SEARCH_FIXTURE_H
#define TESTS_SEARCH_FIXTURE_H

#include "store_fixture.h"

#define NOW INT64_C(1795233600000)

static inline uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static inline bool add_id(const struct search_hit *hit, void *arg)
{
    return buf_printf(arg, "%lld ", (long long)hit->page->id);
}

static inline struct search_end run(struct fixture *f, struct slice query, enum search_sort sort,
                                    size_t limit, const char *cursor, struct buf *ids)
{
    struct search_request request = {
        .query = query, .sort = sort, .limit = limit, .cursor = cursor, .now = NOW};
    struct search_end end = {.total = -1};
    if (!search_pages(f->store, &request, add_id, ids, &end, &f->err))
        fail_msg("<%.*s>: %d %s", (int)query.len, query.ptr, f->err.code, f->err.text);
    return end;
}

struct sample {
    const char *site;
    const char *path;
    const char *title;
    const char *note;
    const char *tag;
    const char *text;
    int64_t taken;
};

static inline void save_sample(struct fixture *f, const struct sample *sample)
{
    char url[256];
    snprintf(url, sizeof url, "https://%s%s", sample->site, sample->path);
    struct snapshot_new new = fixture_snapshot(url, sample->title, sample->text);
    new.site = sample->site;
    new.note = sample->note;
    new.tags = &sample->tag;
    new.tag_count = sample->tag != NULL;
    new.taken = sample->taken;
    fixture_begin(f, &new);
}

static inline void save_samples(struct fixture *f)
{
    static const struct sample samples[] = {
        {"www.example.com", "/sqlite", "SQLite存储引擎", "值得再读", "读书",
         "SQLite是一个轻量级数据库。数据，库", NOW},
        {"github.com", "/x", "Node.js guide", NULL, "work/reading",
         "All about C++ and C# and node.js, café", NOW - 10 * INT64_C(86400000)},
        {"zh.wikipedia.org", "/wiki/%E5%BF%AB%E7%85%A7", "臺灣軟體", NULL, "Work",
         "頭髮發現 ＦＵＬＬ ｗｉｄｔｈ ﾃﾞｰﾀ", NOW - 400 * INT64_C(86400000)},
        {"localhost:8080", "/", "Workshop", "todo: read", NULL, "nothing here \U0001F600 50\u20AC",
         NOW - INT64_C(3600000)},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        save_sample(f, &samples[i]);
}

#endif

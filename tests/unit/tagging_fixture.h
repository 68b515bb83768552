/* Tags, steps and their undoing, for the tests of store/tagging and store/undo. Include after
 * <cmocka.h>. */
#ifndef TESTS_TAGGING_FIXTURE_H
#define TESTS_TAGGING_FIXTURE_H

#include "search_fixture.h"
#include "store/tagging.h"
#include "store/undo.h"

struct numbers {
    int64_t a;
    int64_t b;
    int64_t step;
};

/* Saves a page with tags, written with a space or a comma between: "work read". */
static inline int64_t save_tagged(struct fixture *f, int number, const char *tags)
{
    char url[64];
    char words[512];
    const char *list[LIMIT_TAGS];
    struct snapshot_new new = fixture_snapshot(url, "标题 title", "some text 正文");
    snprintf(url, sizeof url, "https://example.com/%d", number);
    snprintf(words, sizeof words, "%s", tags);
    char *rest = words;
    for (char *word = strtok_r(words, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest))
        list[new.tag_count++] = word;
    new.tags = list;
    return fixture_begin(f, &new).page;
}

static inline bool add_tag_name(const struct page_row *row, void *arg)
{
    for (size_t i = 0; i < row->tag_count; i++)
        buf_printf(arg, "%s%s", i > 0 ? "," : "", row->tags[i]);
    return buf_printf(arg, "%s", row->trashed > 0 ? " trashed" : "");
}

/* The tags of a page, and whether it lies in the trash. */
static inline void assert_page(struct fixture *f, int64_t page, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_ok(pages_get(f->store, page, add_tag_name, &out, &f->err));
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("page %lld has <%s>, not <%s>", (long long)page, out.ptr, expected);
    buf_finish(&out);
}

static inline bool add_info(const struct tag_info *tag, void *arg)
{
    buf_printf(arg, "%s:%lld", tag->name, (long long)tag->pages);
    if (tag->below != tag->pages)
        buf_printf(arg, "/%lld", (long long)tag->below);
    return buf_printf(arg, "%s ", tag->colour);
}

/* All tags by name, those that no page has too: "name:pages/below#colour ". */
static inline void assert_tags(struct fixture *f, const char *expected)
{
    struct buf out;
    const struct tags_request all = {.unused = true, .by_name = true, .limit = LIMIT_TAG_NAMES};
    buf_init(&out, 1 << 20);
    assert_ok(tagging_list(f->store, &all, add_info, &out, &f->err));
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("the tags are <%s>, not <%s>", out.ptr, expected);
    buf_finish(&out);
}

static inline void assert_finds(struct fixture *f, const char *query, const char *expected)
{
    struct buf ids;
    buf_init(&ids, 4096);
    run(f, slice_of(query), SEARCH_OLDEST, 10, "", &ids);
    if (strcmp(ids.ptr == NULL ? "" : ids.ptr, expected) != 0)
        fail_msg("<%s> finds <%s>, not <%s>", query, ids.ptr, expected);
    buf_finish(&ids);
}

/* The index holds what the pages have. */
static inline void assert_index_whole(struct fixture *f)
{
    assert_ok(db_execute(f->store, "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)",
                         &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static inline int64_t rename_tag(struct fixture *f, const char *from, const char *to, bool merges)
{
    bool merged = !merges;
    int64_t step = -1;
    assert_ok(tagging_rename(f->store, from, to, &merged, &step, &f->err));
    assert_int_equal(merged, merges);
    assert_index_whole(f);
    return step;
}

/* Undoes a step that changes `changed` and leaves `kept`; returns the step that undoes that. */
static inline int64_t undo(struct fixture *f, int64_t step, int64_t changed, int64_t kept)
{
    struct numbers n = {-1, -1, -1};
    assert_ok(undo_apply(f->store, step, &n.a, &n.b, &n.step, &f->err));
    assert_int_equal(n.a, changed);
    assert_int_equal(n.b, kept);
    assert_index_whole(f);
    return n.step;
}

static inline int64_t edit_pages(struct fixture *f, const struct pages_edit *edit, int64_t changed)
{
    struct numbers n = {-1, -1, -1};
    assert_ok(tagging_edit(f->store, edit, &n.a, &n.step, &f->err));
    assert_int_equal(n.a, changed);
    assert_index_whole(f);
    return n.step;
}

#endif

/* store: tagging_suggest, tagging_near. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/tagging_near.h"
#include "tagging_fixture.h"

static bool add_name(const struct tag_info *tag, void *arg)
{
    return buf_printf(arg, "%s ", tag->name);
}

static void assert_suggests(struct fixture *f, const struct suggest_source *source, size_t limit,
                            const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_ok(tagging_suggest(f->store, source, limit, add_name, &out, &f->err));
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("<%s> is suggested, not <%s>", out.ptr, expected);
    buf_finish(&out);
}

struct shelf {
    const char *site;
    const char *title;
    const char *tags[3];
    const char *text;
};

/* A small library where it is plain what belongs where. */
static const struct shelf library[] = {
    {"sqlite.org",
     "SQLite query planner",
     {"database", "sqlite"},
     "The planner chooses an index for each btree table of the query."},
    {"sqlite.org",
     "SQLite file format",
     {"database", "format"},
     "The btree pages of the database file, the freelist and overflow pages."},
    {"sqlite.org",
     "WAL mode",
     {"database"},
     "Write-ahead log: readers do not block the writer; checkpoints move pages."},
    {"cooking.example",
     "Bread with rye",
     {"baking"},
     "Sourdough, rye flour and salt; knead the dough and let it rest, then bake."},
    {"kitchen.example",
     "Sourdough starter",
     {"baking", "how-to"},
     "Feed the sourdough starter with flour and water; the dough rises."},
    {"zhihu.com",
     "如何保存网页快照",
     {"快照", "归档"},
     "保存网页快照，全文搜索，离线阅读，归档工具的比较。"},
    {"blog.cn", "网页归档工具", {"归档"}, "归档工具把网页快照保存下来，支持全文搜索和离线阅读。"},
    {"news.cn", "今日天气", {"新闻"}, "今天晴，气温二十度，明天有雨。"},
    {"garden.example", "Tulips", {"work/garden"}, "Tulips and roses want water and sun."},
};

static void save_library(struct fixture *f)
{
    for (size_t i = 0; i < sizeof library / sizeof *library; i++) {
        char url[64];
        struct snapshot_new new = fixture_snapshot(url, library[i].title, library[i].text);
        snprintf(url, sizeof url, "https://example.com/%zu", i);
        new.site = library[i].site;
        new.tags = library[i].tags;
        while (new.tag_count < 3 && library[i].tags[new.tag_count] != NULL)
            new.tag_count++;
        fixture_begin(f, &new);
    }
}

static void tags_come_from_site_words_and_neighbours(void **state)
{
    struct fixture *f = *state;
    save_library(f);
    struct suggest_source source = {.site = slice_of("sqlite.org"),
                                    .title = slice_of("Release notes")};
    assert_suggests(f, &source, 5, "database ");

    source = (struct suggest_source){.site = slice_of("elsewhere.example"),
                                     .title = slice_of("Why SQLite?"),
                                     .text = slice_of("It is small.")};
    assert_suggests(f, &source, 1, "sqlite ");

    source = (struct suggest_source){
        .site = slice_of("elsewhere.example"),
        .title = slice_of("My first loaf"),
        .text = slice_of("I mixed rye flour, salt and water, kneaded the dough; my sourdough "
                         "was too cold, so the dough took a day.")};
    assert_suggests(f, &source, 1, "baking ");

    source = (struct suggest_source){.site = slice_of("example.cn"),
                                     .title = slice_of("离线保存的办法"),
                                     .text = slice_of("网页快照与全文搜索，哪个工具好？")};
    assert_suggests(f, &source, 2, "快照 归档 ");

    source = (struct suggest_source){.title = slice_of("A garden in spring")};
    assert_suggests(f, &source, 5, "work/garden ");
    source = (struct suggest_source){.title = slice_of("Gardens elsewhere")};
    assert_suggests(f, &source, 5, "");
    source = (struct suggest_source){.title = slice_of("")};
    assert_suggests(f, &source, 5, "");
}

static void a_saved_page_gets_what_it_does_not_have(void **state)
{
    struct fixture *f = *state;
    save_library(f);
    struct snapshot_new new = fixture_snapshot("https://x.example/", "Another SQLite page",
                                               "The btree pages of a table and its index.");
    const char *tag = "sqlite";
    new.site = "sqlite.org";
    new.tags = &tag;
    new.tag_count = 1;
    int64_t page = fixture_begin(f, &new).page;
    struct suggest_source source = {.page = page};
    assert_suggests(f, &source, 1, "database ");
    const char *both[] = {"sqlite", "database", "format"};
    const struct page_change change = {.tags = both, .tag_count = 3, .set_tags = true};
    assert_ok(pages_update(f->store, page, &change, NULL, &f->err));
    assert_suggests(f, &source, 5, "");
    /* Its own tags do not speak for it. */
    const struct page_change own = {.tags = both, .tag_count = 1, .set_tags = true};
    assert_ok(pages_update(f->store, 1, &own, NULL, &f->err));
    source = (struct suggest_source){.page = 8};
    assert_suggests(f, &source, 5, "");
    /* What lies in the trash neither. */
    source = (struct suggest_source){.site = slice_of("news.cn")};
    assert_suggests(f, &source, 5, "新闻 ");
    assert_ok(pages_trash(f->store, 8, &f->err));
    assert_suggests(f, &source, 5, "");
}

static void words_of_one_letter_say_little(void **state)
{
    struct fixture *f = *state;
    save_tagged(f, 1, "c,书,a b,C++,的,,");
    struct suggest_source source = {.title = slice_of("c of plan b"), .text = slice_of("书 c b a")};
    assert_suggests(f, &source, 5, "");
    source = (struct suggest_source){.title = slice_of("买书")};
    assert_suggests(f, &source, 5, "书 ");
    source = (struct suggest_source){.title = slice_of("C++ and a b")};
    assert_suggests(f, &source, 5, "a b C++ ");
}

static bool stop(const struct tag_info *tag, void *arg)
{
    (void)tag;
    ++*(int *)arg;
    return false;
}

static void limits_and_missing_pages_are_errors(void **state)
{
    struct fixture *f = *state;
    int calls = 0;
    save_library(f);
    struct suggest_source source = {.site = slice_of("sqlite.org"), .title = slice_of("SQLite")};
    assert_ok(tagging_suggest(f->store, &source, 20, stop, &calls, &f->err));
    assert_int_equal(calls, 1);
    assert_error(tagging_suggest(f->store, &source, 0, stop, &calls, &f->err), ERR_LIMIT);
    assert_error(tagging_suggest(f->store, &source, 21, stop, &calls, &f->err), ERR_LIMIT);
    source.page = 99;
    assert_error(tagging_suggest(f->store, &source, 1, stop, &calls, &f->err), ERR_NOT_FOUND);
    source.page = -1;
    assert_error(tagging_suggest(f->store, &source, 1, stop, &calls, &f->err), ERR_NOT_FOUND);
}

static void hostile_texts_are_taken(void **state)
{
    struct fixture *f = *state;
    struct buf text;
    save_library(f);
    buf_init(&text, 1 << 20);
    static const char odd[] = "\" OR \xFF\0*sqlite\"快";
    for (int i = 0; i < 4000; i++)
        buf_add(&text, odd, sizeof odd - 1);
    struct suggest_source source = {
        .site = slice_of("' OR 1 --"), .title = buf_slice(&text), .text = buf_slice(&text)};
    assert_suggests(f, &source, 1, "sqlite ");
    source.title = slice_make("\"\"((*", 5);
    source.text = slice_make("NEAR(\"a b\" -c)", 14);
    assert_suggests(f, &source, 5, "");
    buf_finish(&text);
}

static void words_that_all_pages_have_make_no_neighbours(void **state)
{
    struct fixture *f = *state;
    struct near_page near[NEAR_MAX];
    size_t count = 99;
    for (int i = 0; i < 30; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        fixture_save(f, url, "common", i == 7 ? "common zeppelin" : "common 的 and");
    }
    assert_ok(
        near_find(f->store, slice_of("common and"), (struct slice){0}, 0, near, &count, &f->err));
    assert_int_equal(count, 0);
    assert_ok(
        near_find(f->store, slice_of("common"), slice_of("zeppelin"), 0, near, &count, &f->err));
    assert_int_equal(count, 1);
    assert_int_equal(near[0].page, 8);
    assert_true(near[0].weight > 0);
    assert_ok(near_find(f->store, slice_of("zeppelin"), slice_of(""), 8, near, &count, &f->err));
    assert_int_equal(count, 0);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(tags_come_from_site_words_and_neighbours),
        with_store(a_saved_page_gets_what_it_does_not_have),
        with_store(words_of_one_letter_say_little),
        with_store(limits_and_missing_pages_are_errors),
        with_store(hostile_texts_are_taken),
        with_store(words_that_all_pages_have_make_no_neighbours),
    };
#undef with_store
    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}

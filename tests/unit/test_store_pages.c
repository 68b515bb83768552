/* store: pages, page_rows, tags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "store/tagging.h"
#include "store_fixture.h"

/* A page's row as one line of text. */
static bool show_page(const struct page_row *row, void *arg)
{
    struct buf *out = arg;
    buf_reset(out);
    buf_printf(out, "%s|%s|%s|%s|", row->url, row->site, row->title, row->note);
    for (size_t i = 0; i < row->tag_count; i++)
        buf_printf(out, "%s%s", i > 0 ? "," : "", row->tags[i]);
    return buf_printf(out, "|%lld|%s|%s|%s|%d", (long long)row->versions, row->state, row->lang,
                      row->description, row->trashed > 0);
}

static void assert_page(struct fixture *f, int64_t page, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(pages_get(f->store, page, show_page, &out, &f->err));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void a_page_is_what_was_saved(void **state)
{
    struct fixture *f = *state;
    const char *tags[] = {"b", "A"};
    struct snapshot_new new = fixture_snapshot("https://example.com/x", "标题", "正文");
    new.url = "https://example.com/x?utm_source=y#top";
    new.note = "a note";
    new.description = "what it is";
    new.tags = tags;
    new.tag_count = 2;
    int64_t page = fixture_begin(f, &new).page;
    assert_page(f, page,
                "https://example.com/x?utm_source=y#top|example.com|标题|a note|A,b|1|pending|zh|"
                "what it is|0");
    int64_t found = -1;
    assert_ok(pages_find(f->store, "https://example.com/x", &found, &f->err));
    assert_int_equal(found, page);
    assert_ok(pages_find(f->store, "https://example.com/y", &found, &f->err));
    assert_int_equal(found, 0);
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_error(pages_get(f->store, page + 1, show_page, &out, &f->err), ERR_NOT_FOUND);
    buf_finish(&out);
}

static void saving_again_adds_to_the_page(void **state)
{
    struct fixture *f = *state;
    const char *tags[] = {"one", "two"};
    struct snapshot_new new = fixture_snapshot("https://example.com/", "First", "text");
    new.note = "kept";
    new.tags = tags;
    new.tag_count = 1;
    int64_t page = fixture_begin(f, &new).page;
    new.title = "Second";
    new.note = NULL;
    new.tags = tags + 1;
    new.site = "other.example";
    assert_int_equal(fixture_begin(f, &new).page, page);
    assert_page(f, page, "https://example.com/|other.example|Second|kept|one,two|2|pending|zh||0");
    new.title = "";
    new.note = "";
    new.tag_count = 0;
    fixture_begin(f, &new);
    assert_page(f, page, "https://example.com/|other.example|Second||one,two|3|pending|zh||0");
}

static void a_title_that_a_person_changed_stays(void **state)
{
    struct fixture *f = *state;
    int64_t page = fixture_save(f, "https://example.com/", "First", "text");
    const struct page_change change = {.title = "Mine"};
    assert_ok(pages_update(f->store, page, &change, NULL, &f->err));
    fixture_save(f, "https://example.com/", "Second", "text");
    assert_page(f, page, "https://example.com/|example.com|Mine|||2|pending|zh||0");
    const struct page_change back = {.title = "Second"};
    assert_ok(pages_update(f->store, page, &back, NULL, &f->err));
    fixture_save(f, "https://example.com/", "Third", "text");
    assert_page(f, page, "https://example.com/|example.com|Third|||3|pending|zh||0");
}

static void a_change_leaves_alone_what_it_does_not_name(void **state)
{
    struct fixture *f = *state;
    const char *tags[] = {"x"};
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    const struct page_change note = {.note = "N"};
    assert_ok(pages_update(f->store, page, &note, NULL, &f->err));
    const struct page_change tag = {.tags = tags, .tag_count = 1, .set_tags = true};
    assert_ok(pages_update(f->store, page, &tag, NULL, &f->err));
    const struct page_change title = {.title = ""};
    assert_ok(pages_update(f->store, page, &title, NULL, &f->err));
    assert_page(f, page, "https://example.com/|example.com||N|x|1|pending|zh||0");
    const struct page_change none = {.set_tags = true};
    assert_ok(pages_update(f->store, page, &none, NULL, &f->err));
    assert_page(f, page, "https://example.com/|example.com||N||1|pending|zh||0");
    assert_error(pages_update(f->store, page + 1, &note, NULL, &f->err), ERR_NOT_FOUND);
}

static void a_refused_change_changes_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    fixture_tag(f, page, "kept");
    const char *tags[] = {"fine", " "};
    const struct page_change change = {
        .title = "New", .note = "New", .tags = tags, .tag_count = 2, .set_tags = true};
    assert_error(pages_update(f->store, page, &change, NULL, &f->err), ERR_PARAMS);
    assert_page(f, page, "https://example.com/|example.com|T||kept|1|pending|zh||0");
    int64_t count;
    assert_ok(db_get_int(f->store, "SELECT count(*) FROM tags", -1, &count, &f->err));
    assert_int_equal(count, 1);
}

/* `len` times a character, from the heap. */
static char *repeated(const char *c, size_t count)
{
    size_t len = strlen(c);
    char *text = malloc(len * count + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * len, c, len);
    text[len * count] = '\0';
    return text;
}

static void what_a_person_types_has_ceilings(void **state)
{
    struct fixture *f = *state;
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    char *title = repeated("t", LIMIT_TITLE + 1);
    char *note = repeated("n", LIMIT_NOTE + 1);
    struct page_change change = {.title = title};
    assert_error(pages_update(f->store, page, &change, NULL, &f->err), ERR_LIMIT);
    title[LIMIT_TITLE] = '\0';
    change.note = note;
    assert_error(pages_update(f->store, page, &change, NULL, &f->err), ERR_LIMIT);
    note[LIMIT_NOTE] = '\0';
    assert_ok(pages_update(f->store, page, &change, NULL, &f->err));
    struct snapshot_new new = fixture_snapshot("https://example.com/", "T", "text");
    struct snapshot_ids ids;
    char *too_long = repeated("n", LIMIT_NOTE + 1);
    new.note = too_long;
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_LIMIT);
    free(title);
    free(note);
    free(too_long);
}

static bool try_tag(struct fixture *f, int64_t page, const char *tag)
{
    const struct page_change change = {.tags = &tag, .tag_count = 1, .set_tags = true};
    return pages_update(f->store, page, &change, NULL, &f->err);
}

static void tags_have_ceilings_and_no_control_characters(void **state)
{
    struct fixture *f = *state;
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    static const char *const bad[] = {"",      " ",        "\t\n",   "\u3000",    "a\x01",
                                      "a\x7F", "\xC2\x85", "\u200B", "a\302\220b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_error(try_tag(f, page, bad[i]), ERR_PARAMS);
    char *longest = repeated("长", LIMIT_TAG);
    assert_true(try_tag(f, page, longest));
    char *too_long = repeated("长", LIMIT_TAG + 1);
    assert_error(try_tag(f, page, too_long), ERR_LIMIT);
    char *huge = repeated("长", 100000);
    assert_error(try_tag(f, page, huge), ERR_LIMIT);
    free(longest);
    free(too_long);
    free(huge);

    char names[LIMIT_TAGS + 1][8];
    const char *tags[LIMIT_TAGS + 1];
    for (size_t i = 0; i <= LIMIT_TAGS; i++) {
        snprintf(names[i], sizeof names[i], "t%zu", i);
        tags[i] = names[i];
    }
    struct page_change change = {.tags = tags, .tag_count = LIMIT_TAGS + 1, .set_tags = true};
    assert_error(pages_update(f->store, page, &change, NULL, &f->err), ERR_LIMIT);
    change.tag_count = LIMIT_TAGS;
    assert_ok(pages_update(f->store, page, &change, NULL, &f->err));
    /* One more comes with a snapshot. */
    struct snapshot_new new = fixture_snapshot("https://example.com/", "T", "text");
    struct snapshot_ids ids;
    new.tags = tags + LIMIT_TAGS;
    new.tag_count = 1;
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_LIMIT);
    new.tags = tags;
    assert_ok(snapshots_begin(f->store, &new, &ids, &f->err));
}

/* "name:pages name:pages" */
static bool show_tag(const struct tag_info *row, void *arg)
{
    return buf_printf(arg, "%s:%lld ", row->name, (long long)row->pages);
}

static void assert_tags(struct fixture *f, const char *part, size_t limit, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    const struct tags_request request = {.part = slice_of(part), .limit = limit};
    assert_ok(tagging_list(f->store, &request, show_tag, &out, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void tags_meet_when_they_fold_alike(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_save(f, "https://example.com/a", "T", "text");
    int64_t b = fixture_save(f, "https://example.com/b", "T", "text");
    int64_t c = fixture_save(f, "https://example.com/c", "T", "text");
    fixture_tag(f, a, " Web  Design ");
    fixture_tag(f, b, "ｗｅｂ\u3000design");
    fixture_tag(f, c, "caf\u00E9");
    assert_tags(f, "", 10, "Web Design:2 caf\u00E9:1 ");
    fixture_tag(f, c, "cafe");
    assert_tags(f, "", 10, "Web Design:2 cafe:1 ");
    /* Twice on one page is once. */
    const char *twice[] = {"web design", "WEB DESIGN"};
    const struct page_change change = {.tags = twice, .tag_count = 2, .set_tags = true};
    assert_ok(pages_update(f->store, a, &change, NULL, &f->err));
    assert_tags(f, "", 10, "Web Design:2 cafe:1 ");
    /* Nobody's any more, it may be written anew. */
    fixture_tag(f, a, "x");
    fixture_tag(f, b, "x");
    fixture_tag(f, b, "WEB design");
    assert_tags(f, "web", 10, "WEB design:1 ");
}

static void tags_are_listed_by_beginning_then_by_use(void **state)
{
    struct fixture *f = *state;
    static const char *const tags[] = {"读书", "网络读书", "网络读书", "读",
                                       "读书", "读书笔记", "z"};
    int64_t pages[7];
    for (int i = 0; i < 7; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        pages[i] = fixture_save(f, url, "T", "text");
        fixture_tag(f, pages[i], tags[i]);
    }
    assert_tags(f, "读", 10, "读书:2 读:1 读书笔记:1 网络读书:2 ");
    assert_tags(f, "读书", 2, "读书:2 读书笔记:1 ");
    assert_tags(f, "%", 10, "");
    assert_tags(f, "Ｚ", 10, "z:1 ");
    /* Trashed pages do not count, and a tag of theirs alone is not listed. */
    assert_ok(pages_trash(f->store, pages[0], &f->err));
    assert_ok(pages_trash(f->store, pages[6], &f->err));
    assert_tags(f, "", 10, "网络读书:2 读:1 读书:1 读书笔记:1 ");
    assert_ok(pages_restore(f->store, pages[6], &f->err));
    assert_tags(f, "z", 10, "z:1 ");
    struct buf out;
    buf_init(&out, 1 << 20);
    char *part = repeated("a", LIMIT_QUERY + 1);
    const struct tags_request request = {.part = slice_of(part), .limit = 10};
    assert_error(tagging_list(f->store, &request, show_tag, &out, &f->err), ERR_LIMIT);
    free(part);
    buf_finish(&out);
}

static bool stop(const struct tag_info *row, void *arg)
{
    (void)row;
    ++*(int *)arg;
    return false;
}

static void a_callback_ends_a_listing(void **state)
{
    struct fixture *f = *state;
    const char *tags[] = {"a", "b", "c"};
    struct snapshot_new new = fixture_snapshot("https://example.com/", "T", "text");
    new.tags = tags;
    new.tag_count = 3;
    fixture_begin(f, &new);
    int calls = 0;
    const struct tags_request request = {.limit = 10};
    assert_ok(tagging_list(f->store, &request, stop, &calls, &f->err));
    assert_int_equal(calls, 1);
}

static void trash_and_restore_are_idempotent(void **state)
{
    struct fixture *f = *state;
    struct store_counts counts;
    int64_t page = fixture_save(f, "https://example.com/", "T", "text");
    int64_t first;
    int64_t second;
    assert_ok(pages_trash(f->store, page, &f->err));
    assert_ok(db_get_int(f->store, "SELECT trashed FROM pages", 0, &first, &f->err));
    assert_ok(db_execute(f->store, "UPDATE pages SET trashed = trashed - 5", &f->err));
    assert_ok(pages_trash(f->store, page, &f->err));
    assert_ok(db_get_int(f->store, "SELECT trashed FROM pages", 0, &second, &f->err));
    assert_int_equal(second, first - 5);
    assert_ok(store_count(f->store, &counts, &f->err));
    assert_int_equal(counts.pages, 0);
    assert_int_equal(counts.trashed, 1);
    int64_t found;
    assert_ok(pages_find(f->store, "https://example.com/", &found, &f->err));
    assert_int_equal(found, page);
    assert_ok(pages_restore(f->store, page, &f->err));
    assert_ok(pages_restore(f->store, page, &f->err));
    assert_page(f, page, "https://example.com/|example.com|T|||1|pending|zh||0");
    assert_error(pages_trash(f->store, page + 1, &f->err), ERR_NOT_FOUND);
    assert_error(pages_restore(f->store, page + 1, &f->err), ERR_NOT_FOUND);
    /* Saving brings a page back too. */
    assert_ok(pages_trash(f->store, page, &f->err));
    fixture_save(f, "https://example.com/", "T", "text");
    assert_page(f, page, "https://example.com/|example.com|T|||2|pending|zh||0");
}

static void ill_formed_text_is_repaired_on_its_way_in_and_out(void **state)
{
    struct fixture *f = *state;
    int64_t page = fixture_save(f, "https://example.com/", "a\xFF\xE4\xB8z", "text \xC0");
    assert_page(f, page, "https://example.com/|example.com|a\uFFFD\uFFFDz|||1|pending|zh||0");
    /* A foreign store may hold anything. */
    assert_ok(db_execute(f->store,
                         "UPDATE pages SET title = CAST(x'41FF42' AS TEXT),"
                         " site = CAST(zeroblob(3000) AS TEXT),"
                         " note = CAST(x'4100' AS TEXT)",
                         &f->err));
    assert_page(f, page,
                "https://example.com/||A\uFFFD"
                "B|A||1|pending|zh||0");
    char *long_title = repeated("长", 5000);
    assert_ok(db_execute(f->store, "UPDATE pages SET site = '', note = ''", &f->err));
    struct buf sql;
    buf_init(&sql, 1 << 20);
    buf_printf(&sql, "UPDATE pages SET title = '%s'", long_title);
    assert_ok(db_execute(f->store, sql.ptr, &f->err));
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(pages_get(f->store, page, show_page, &out, &f->err));
    assert_true(out.len < LIMIT_TITLE + 200);
    buf_finish(&out);
    buf_finish(&sql);
    free(long_title);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(a_page_is_what_was_saved),
        with_store(saving_again_adds_to_the_page),
        with_store(a_title_that_a_person_changed_stays),
        with_store(a_change_leaves_alone_what_it_does_not_name),
        with_store(a_refused_change_changes_nothing),
        with_store(what_a_person_types_has_ceilings),
        with_store(tags_have_ceilings_and_no_control_characters),
        with_store(tags_meet_when_they_fold_alike),
        with_store(tags_are_listed_by_beginning_then_by_use),
        with_store(a_callback_ends_a_listing),
        with_store(trash_and_restore_are_idempotent),
        with_store(ill_formed_text_is_repaired_on_its_way_in_and_out),
    };
#undef with_store
    return cmocka_run_group_tests_name("store_pages", tests, NULL, NULL);
}

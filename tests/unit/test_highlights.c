/* What a person marked in snapshots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/clean.h"
#include "store/highlights.h"
#include "store_fixture.h"

enum { SHOWN = 8192 };

/* "id:place quote|colour|note; " of each row, at most `most` of them. */
struct shown {
    struct buf text;
    size_t count;
    size_t most;
};

static bool show(const struct highlight_row *row, void *arg)
{
    struct shown *shown = arg;
    if (shown->count == shown->most)
        return false;
    shown->count++;
    buf_printf(&shown->text, "%lld:%lld %s|%s|%s; ", (long long)row->id, (long long)row->place,
               row->quote, row->colour, row->note);
    return true;
}

static void assert_list(struct fixture *f, const struct highlights_request *request,
                        const char *expected, char cursor[HIGHLIGHTS_CURSOR_SIZE], size_t most)
{
    struct shown shown = {.most = most};
    buf_init(&shown.text, SHOWN);
    assert_ok(highlights_list(f->store, request, show, &shown, cursor, &f->err));
    assert_true(buf_add_char(&shown.text, '\0'));
    assert_string_equal(shown.text.ptr, expected);
    buf_finish(&shown.text);
}

static void assert_marked(struct fixture *f, int64_t page, int64_t snapshot, const char *expected)
{
    char cursor[HIGHLIGHTS_CURSOR_SIZE];
    struct highlights_request request = {.page = page, .snapshot = snapshot, .limit = 100};
    assert_list(f, &request, expected, cursor, SIZE_MAX);
    assert_string_equal(cursor, "");
}

static int64_t mark(struct fixture *f, int64_t snapshot, const char *quote, int64_t place)
{
    int64_t id = 0;
    const struct highlight_new new = {.snapshot = snapshot, .quote = quote, .place = place};
    assert_ok(highlights_add(f->store, &new, &id, &f->err));
    return id;
}

static void assert_index_whole(struct fixture *f)
{
    assert_ok(db_execute(f->store, "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)",
                         &f->err));
}

static bool note_counts(const struct page_row *row, void *arg)
{
    *(int64_t *)arg = row->highlights;
    return true;
}

static bool note_snapshot(const struct snapshot_row *row, void *arg)
{
    *(int64_t *)arg = row->highlights;
    return true;
}

static void what_is_marked_is_listed_in_the_order_of_the_text(void **state)
{
    struct fixture *f = *state;
    int64_t page = fixture_save(f, "https://example.com/1", "光明图书馆", "some text");
    fixture_save(f, "https://example.com/1", "光明图书馆", "some newer text");
    fixture_save(f, "https://example.com/2", "Other", "other text");
    mark(f, 1, "second", 40);
    mark(f, 2, "first", 7);
    mark(f, 1, "at the same place", 40);
    mark(f, 3, "other", 0);
    assert_marked(f, page, 0,
                  "2:7 first|yellow|; 1:40 second|yellow|; 3:40 at the same place|yellow|; ");
    assert_marked(f, 0, 1, "1:40 second|yellow|; 3:40 at the same place|yellow|; ");
    assert_marked(f, 0, 0,
                  "4:0 other|yellow|; 3:40 at the same place|yellow|; 2:7 first|yellow|; "
                  "1:40 second|yellow|; ");
    assert_marked(f, 99, 0, "");
    assert_marked(f, 0, 99, "");
    int64_t count = 0;
    assert_ok(pages_get(f->store, page, note_counts, &count, &f->err));
    assert_int_equal(count, 3);
    assert_ok(snapshots_get(f->store, 1, note_snapshot, &count, &f->err));
    assert_int_equal(count, 2);
}

static bool look_closely(const struct highlight_row *row, void *arg)
{
    (void)arg;
    assert_int_equal(row->page, 1);
    assert_int_equal(row->snapshot, 2);
    assert_int_equal(row->version, 2);
    assert_string_equal(row->title, "A title");
    assert_string_equal(row->url, "https://example.com/1");
    assert_string_equal(row->prefix, "before ");
    assert_string_equal(row->suffix, " after");
    assert_string_equal(row->colour, "purple");
    assert_true(row->made > 1700000000000 && row->changed == row->made);
    return true;
}

static void all_that_is_said_of_it_is_kept(void **state)
{
    struct fixture *f = *state;
    int64_t id;
    fixture_save(f, "https://example.com/1", "A title", "old");
    fixture_save(f, "https://example.com/1", "A title", "new");
    const struct highlight_new new = {.snapshot = 2,
                                      .quote = "q",
                                      .prefix = "before ",
                                      .suffix = " after",
                                      .colour = "purple",
                                      .note = "n"};
    assert_ok(highlights_add(f->store, &new, &id, &f->err));
    assert_ok(highlights_get(f->store, id, look_closely, NULL, &f->err));
}

static void long_lists_go_on_where_they_ended(void **state)
{
    struct fixture *f = *state;
    char cursor[HIGHLIGHTS_CURSOR_SIZE];
    fixture_save(f, "https://example.com/1", "T", "x");
    for (int i = 1; i <= 5; i++)
        mark(f, 1, "q", i < 4 ? 9 : 1); /* 4 and 5 stand first */
    struct highlights_request page = {.page = 1, .limit = 2};
    assert_list(f, &page, "4:1 q|yellow|; 5:1 q|yellow|; ", cursor, SIZE_MAX);
    page.cursor = cursor;
    /* Deleted meanwhile, it has its place still. */
    assert_ok(highlights_delete(f->store, 5, &f->err));
    assert_list(f, &page, "1:9 q|yellow|; 2:9 q|yellow|; ", cursor, SIZE_MAX);
    assert_list(f, &page, "3:9 q|yellow|; ", cursor, SIZE_MAX);
    assert_string_equal(cursor, "");
    /* Whoever reads may have had enough earlier. */
    struct highlights_request all = {.limit = 3, .cursor = cursor};
    assert_list(f, &all, "4:1 q|yellow|; ", cursor, 1);
    assert_list(f, &all, "3:9 q|yellow|; 2:9 q|yellow|; 1:9 q|yellow|; ", cursor, 3);
    assert_string_equal(cursor, "");
    static const char *const wrong[] = {"x", "o.1", "n", "n.", "n.1.2", "n.-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        all.cursor = wrong[i];
        assert_error(highlights_list(f->store, &all, show, NULL, cursor, &f->err), ERR_PARAMS);
    }
}

static void quotes_and_notes_are_searched_at_once(void **state)
{
    struct fixture *f = *state;
    fixture_save(f, "https://example.com/1", "T", "x");
    fixture_save(f, "https://example.com/2", "T", "x");
    assert_int_equal(fixture_hits(f, "is:highlighted"), 0);
    int64_t id = mark(f, 1, "一个字也能找到", 0);
    assert_int_equal(fixture_hits(f, "能找到 "), 1);
    assert_int_equal(fixture_hits(f, "note:能找到 "), 1);
    assert_int_equal(fixture_hits(f, "title:能找到 "), 0);
    assert_int_equal(fixture_hits(f, "is:highlighted"), 1);
    assert_int_equal(fixture_hits(f, "是:有划线 x "), 1);
    assert_int_equal(fixture_hits(f, "-is:highlighted"), 1);
    assert_ok(highlights_update(f->store, id, "green", "thoughts 想一想", &f->err));
    assert_int_equal(fixture_hits(f, "thoughts "), 1);
    assert_ok(highlights_update(f->store, id, NULL, "others", &f->err));
    assert_int_equal(fixture_hits(f, "thoughts "), 0);
    assert_int_equal(fixture_hits(f, "others 能找到 "), 1);
    assert_marked(f, 1, 0, "1:0 一个字也能找到|green|others; ");
    assert_index_whole(f);
    assert_ok(highlights_delete(f->store, id, &f->err));
    assert_int_equal(fixture_hits(f, "others "), 0);
    assert_int_equal(fixture_hits(f, "is:highlighted"), 0);
    assert_marked(f, 1, 0, "");
    assert_index_whole(f);
    assert_ok(highlights_restore(f->store, id, &f->err));
    assert_int_equal(fixture_hits(f, "others 能找到 "), 1);
    assert_marked(f, 0, 1, "1:0 一个字也能找到|green|others; ");
    /* The page's own note stays what it is, and stays beside it. */
    const struct page_change note = {.note = "my own"};
    assert_ok(pages_update(f->store, 1, &note, NULL, &f->err));
    assert_int_equal(fixture_hits(f, "note:others note:own "), 1);
    fixture_tag(f, 1, "tagged");
    assert_int_equal(fixture_hits(f, "#tagged others "), 1);
    /* A new version keeps what is marked in the one before. */
    fixture_save(f, "https://example.com/1", "T", "another text");
    assert_int_equal(fixture_hits(f, "others another "), 1);
    assert_index_whole(f);
}

static void what_is_in_the_trash_is_not_listed(void **state)
{
    struct fixture *f = *state;
    struct snapshot_shown shown;
    fixture_save(f, "https://example.com/1", "T", "x");
    fixture_save(f, "https://example.com/1", "T", "y");
    fixture_save(f, "https://example.com/2", "T", "x");
    mark(f, 1, "old words", 0);
    mark(f, 2, "new words", 1);
    mark(f, 3, "others", 0);
    assert_ok(pages_trash(f->store, 2, &f->err));
    assert_ok(snapshots_trash(f->store, 1, &shown, &f->err));
    assert_marked(f, 0, 0, "2:1 new words|yellow|; ");
    assert_marked(f, 1, 0, "2:1 new words|yellow|; ");
    assert_int_equal(fixture_hits(f, "old "), 0);
    assert_int_equal(fixture_hits(f, "new "), 1);
    int64_t count = 0;
    assert_ok(pages_get(f->store, 1, note_counts, &count, &f->err));
    assert_int_equal(count, 1);
    /* Who looks at a version or a page in the trash sees what is marked there. */
    assert_marked(f, 0, 1, "1:0 old words|yellow|; ");
    assert_marked(f, 2, 0, "3:0 others|yellow|; ");
    assert_index_whole(f);
    assert_ok(snapshots_trash(f->store, 2, &shown, &f->err) ? false : true);
    assert_int_equal(f->err.code, ERR_ORDER);
    assert_ok(snapshots_restore(f->store, 1, &shown, &f->err));
    assert_int_equal(fixture_hits(f, "old "), 1);
    assert_ok(pages_restore(f->store, 2, &f->err));
    assert_marked(f, 0, 0, "3:0 others|yellow|; 2:1 new words|yellow|; 1:0 old words|yellow|; ");
}

static void deleted_ones_come_back_for_thirty_days(void **state)
{
    struct fixture *f = *state;
    char sql[160];
    struct clean_result result;
    fixture_save(f, "https://example.com/1", "T", "x");
    mark(f, 1, "a", 0);
    mark(f, 1, "b", 1);
    assert_ok(highlights_delete(f->store, 1, &f->err));
    assert_ok(highlights_delete(f->store, 1, &f->err)); /* twice is once */
    assert_ok(highlights_restore(f->store, 1, &f->err));
    assert_ok(highlights_restore(f->store, 1, &f->err));
    assert_ok(highlights_delete(f->store, 1, &f->err));
    snprintf(sql, sizeof sql, "UPDATE highlights SET deleted = %lld WHERE id = 1",
             (long long)(clock_now() - HIGHLIGHTS_KEPT_MS + 60000));
    assert_ok(db_execute(f->store, sql, &f->err));
    assert_ok(clean_collect(f->store, NULL, &result, &f->err));
    assert_ok(highlights_restore(f->store, 1, &f->err));
    snprintf(sql, sizeof sql, "UPDATE highlights SET deleted = %lld WHERE id = 1",
             (long long)(clock_now() - HIGHLIGHTS_KEPT_MS - 1));
    assert_ok(highlights_delete(f->store, 1, &f->err));
    assert_ok(db_execute(f->store, sql, &f->err));
    assert_error(highlights_restore(f->store, 1, &f->err), ERR_NOT_FOUND);
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights"), 2);
    assert_ok(clean_collect(f->store, NULL, &result, &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights"), 1);
    /* Deleting another does so too, and numbers are not used again. */
    assert_int_equal(mark(f, 1, "c", 0), 3);
    assert_ok(highlights_delete(f->store, 3, &f->err));
    assert_ok(db_execute(f->store, "UPDATE highlights SET deleted = 1 WHERE id = 3", &f->err));
    assert_ok(highlights_delete(f->store, 2, &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights WHERE id = 3"), 0);
    assert_int_equal(mark(f, 1, "d", 0), 4);
}

static void what_is_wrong_is_refused(void **state)
{
    struct fixture *f = *state;
    int64_t id = 0;
    fixture_save(f, "https://example.com/1", "T", "x");
    struct highlight_new new = {.snapshot = 1, .quote = "q"};
    assert_ok(highlights_add(f->store, &new, &id, &f->err));
    new.snapshot = 2;
    assert_error(highlights_add(f->store, &new, &id, &f->err), ERR_NOT_FOUND);
    new = (struct highlight_new){.snapshot = 1, .quote = ""};
    assert_error(highlights_add(f->store, &new, &id, &f->err), ERR_PARAMS);
    new = (struct highlight_new){.snapshot = 1, .quote = "q", .colour = "red"};
    assert_error(highlights_add(f->store, &new, &id, &f->err), ERR_PARAMS);
    new = (struct highlight_new){.snapshot = 1, .quote = "q", .place = -1};
    assert_error(highlights_add(f->store, &new, &id, &f->err), ERR_PARAMS);
    assert_error(highlights_update(f->store, 1, "", NULL, &f->err), ERR_PARAMS);
    assert_error(highlights_update(f->store, 7, NULL, "n", &f->err), ERR_NOT_FOUND);
    assert_error(highlights_delete(f->store, 7, &f->err), ERR_NOT_FOUND);
    assert_error(highlights_restore(f->store, 7, &f->err), ERR_NOT_FOUND);
    assert_error(highlights_get(f->store, 7, show, NULL, &f->err), ERR_NOT_FOUND);
    assert_ok(highlights_delete(f->store, 1, &f->err));
    assert_error(highlights_get(f->store, 1, show, NULL, &f->err), ERR_NOT_FOUND);
    assert_error(highlights_update(f->store, 1, NULL, "n", &f->err), ERR_NOT_FOUND);
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights"), 1);
    assert_index_whole(f);
}

static void texts_have_their_ceilings(void **state)
{
    struct fixture *f = *state;
    static char text[LIMIT_QUOTE + 2];
    static const struct {
        size_t at; /* of the member */
        size_t most;
    } members[] = {
        {offsetof(struct highlight_new, quote), LIMIT_QUOTE},
        {offsetof(struct highlight_new, prefix), LIMIT_AROUND},
        {offsetof(struct highlight_new, suffix), LIMIT_AROUND},
        {offsetof(struct highlight_new, note), LIMIT_HIGHLIGHT_NOTE},
    };
    int64_t id = 0;
    fixture_save(f, "https://example.com/1", "T", "x");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct highlight_new new = {.snapshot = 1, .quote = "q"};
        const char *start = text;
        memcpy((char *)&new + members[i].at, &start, sizeof start);
        memset(text, 'a', sizeof text);
        text[members[i].most] = '\0';
        assert_ok(highlights_add(f->store, &new, &id, &f->err));
        text[members[i].most] = 'a';
        text[members[i].most + 1] = '\0';
        assert_error(highlights_add(f->store, &new, &id, &f->err), ERR_LIMIT);
    }
    assert_error(highlights_update(f->store, id, NULL, text, &f->err), ERR_LIMIT);
}

static void a_page_has_so_many_and_no_more(void **state)
{
    struct fixture *f = *state;
    int64_t id = 0;
    fixture_save(f, "https://example.com/1", "T", "x");
    assert_ok(db_execute(f->store,
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                         " WHERE i < 1998) INSERT INTO highlights (page, snapshot, made, changed,"
                         " place, colour, quote, prefix, suffix, note)"
                         " SELECT 1, 1, 1, 1, i, 'blue', '', '', '', '' FROM n",
                         &f->err));
    assert_ok(db_execute(f->store, "INSERT INTO search(search) VALUES ('rebuild')", &f->err));
    const struct highlight_new new = {.snapshot = 1, .quote = "q"};
    assert_ok(highlights_add(f->store, &new, &id, &f->err));
    assert_ok(highlights_add(f->store, &new, &id, &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights"), LIMIT_HIGHLIGHTS);
    assert_error(highlights_add(f->store, &new, &id, &f->err), ERR_LIMIT);
    /* One that is deleted makes room, and cannot come back where there is none. */
    assert_ok(highlights_delete(f->store, 1, &f->err));
    assert_ok(highlights_add(f->store, &new, &id, &f->err));
    assert_error(highlights_restore(f->store, 1, &f->err), ERR_LIMIT);
    assert_int_equal(pragma(f, "SELECT deleted > 0 FROM highlights WHERE id = 1"), 1);
    assert_index_whole(f);
}

static void a_foreign_store_may_hold_any_highlights(void **state)
{
    struct fixture *f = *state;
    fixture_save(f, "https://example.com/1", "T", "x");
    fixture_sql(f, "INSERT INTO highlights VALUES (1, 1, 1, -5, -5, 0, -9, 'x onclick=', CAST("
                   "x'41ff42' AS TEXT), '', '', CAST(x'c3' AS TEXT)),"
                   " (2, 1, 1, 1, 1, 0, 9223372036854775807, '', '', '', '', '')");
    assert_marked(f, 1, 0,
                  "1:-9 A\xEF\xBF\xBD"
                  "B|yellow|\xEF\xBF\xBD; 2:9223372036854775807 |yellow|; ");
}

static void numbers_that_no_cursor_has_are_passed_over(void **state)
{
    struct fixture *f = *state;
    char cursor[HIGHLIGHTS_CURSOR_SIZE] = "";
    fixture_save(f, "https://example.com/1", "T", "x");
    fixture_sql(f, "INSERT INTO highlights SELECT value, 1, 1, 1, 1, 0, 0, '', 'q', '', '', ''"
                   " FROM json_each('[-9223372036854775807, -1, 0, 7, 9007199254740992,"
                   " 9007199254740993, 9223372036854775807]')");
    struct highlights_request request = {.page = 1, .limit = 1, .cursor = cursor};
    assert_list(f, &request, "7:0 q|yellow|; ", cursor, SIZE_MAX);
    assert_list(f, &request, "9007199254740992:0 q|yellow|; ", cursor, SIZE_MAX);
    assert_string_equal(cursor, "");
    request.page = 0;
    assert_list(f, &request, "9007199254740992:0 q|yellow|; ", cursor, SIZE_MAX);
    assert_list(f, &request, "7:0 q|yellow|; ", cursor, SIZE_MAX);
    assert_string_equal(cursor, "");
}

static void a_store_that_can_only_be_read_says_so(void **state)
{
    struct fixture *f = *state;
    fixture_save(f, "https://example.com/1", "T", "x");
    int64_t id = mark(f, 1, "q", 0);
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    const struct highlight_new new = {.snapshot = 1, .quote = "q"};
    assert_error(highlights_add(f->store, &new, &id, &f->err), ERR_STORE_READONLY);
    assert_error(highlights_delete(f->store, id, &f->err), ERR_STORE_READONLY);
    assert_marked(f, 1, 0, "1:0 q|yellow|; ");
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(what_is_marked_is_listed_in_the_order_of_the_text),
        with_store(all_that_is_said_of_it_is_kept),
        with_store(long_lists_go_on_where_they_ended),
        with_store(quotes_and_notes_are_searched_at_once),
        with_store(what_is_in_the_trash_is_not_listed),
        with_store(deleted_ones_come_back_for_thirty_days),
        with_store(what_is_wrong_is_refused),
        with_store(texts_have_their_ceilings),
        with_store(a_page_has_so_many_and_no_more),
        with_store(a_foreign_store_may_hold_any_highlights),
        with_store(numbers_that_no_cursor_has_are_passed_over),
        with_store(a_store_that_can_only_be_read_says_so),
    };
#undef with_store
    return cmocka_run_group_tests_name("highlights", tests, NULL, NULL);
}

/* store: undo, undo_log; tagging_edit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tagging_fixture.h"

static void a_new_name_is_taken_back_and_given_again(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "Work,x");
    int64_t b = save_tagged(f, 2, "work/a");
    assert_ok(tagging_colour(f->store, "work", "#123456", &f->err));
    int64_t step = rename_tag(f, "work", "job", false);
    assert_tags(f, "job:1/2#123456 job/a:1 x:1 ");
    step = undo(f, step, 2, 0);
    assert_page(f, a, "Work,x");
    assert_page(f, b, "work/a");
    assert_finds(f, "tag:work", "1 2 ");
    assert_finds(f, "job", "");
    step = undo(f, step, 2, 0);
    assert_page(f, a, "job,x");
    assert_finds(f, "tag:job", "1 2 ");
    undo(f, step, 2, 0);
    assert_tags(f, "Work:1/2#123456 work/a:1 x:1 ");
}

static void tags_that_were_joined_come_apart_again(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "work,x");
    int64_t b = save_tagged(f, 2, "job,work");
    int64_t c = save_tagged(f, 3, "work/a,work/b");
    int64_t d = save_tagged(f, 4, "job,job/a");
    assert_ok(tagging_colour(f->store, "work", "#aaaaaa", &f->err));
    int64_t step = rename_tag(f, "work", "job", true);
    for (int i = 0; i < 2; i++) {
        assert_tags(f, "job:3/4 job/a:2 job/b:1 x:1 ");
        /* Three pages, and the tags work, work/a and work/b. */
        step = undo(f, step, 6, 0);
        assert_page(f, a, "work,x");
        assert_page(f, b, "job,work");
        assert_page(f, c, "work/a,work/b");
        assert_page(f, d, "job,job/a");
        assert_tags(f, "job:2 job/a:1 work:2/3#aaaaaa work/a:1 work/b:1 x:1 ");
        assert_finds(f, "tag:work", "1 2 3 ");
        step = undo(f, step, i == 0 ? 4 : 4, 0);
    }
    assert_tags(f, "job:3/4 job/a:2 job/b:1 x:1 ");
}

static void moves_out_of_themselves_are_undone(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "a");
    int64_t b = save_tagged(f, 2, "a/x");
    int64_t c = save_tagged(f, 3, "a/x/x");
    int64_t d = save_tagged(f, 4, "a,a/x,a/x/x");
    int64_t step = rename_tag(f, "a/x", "a", true);
    for (int i = 0; i < 2; i++) {
        assert_page(f, b, "a");
        assert_page(f, c, "a/x");
        assert_page(f, d, "a,a/x");
        struct numbers n;
        assert_ok(undo_apply(f->store, step, &n.a, &n.b, &n.step, &f->err));
        assert_int_equal(n.b, 0);
        assert_page(f, a, "a");
        assert_page(f, b, "a/x");
        assert_page(f, c, "a/x/x");
        assert_page(f, d, "a,a/x,a/x/x");
        assert_ok(undo_apply(f->store, n.step, &n.a, &n.b, &step, &f->err));
        assert_int_equal(n.b, 0);
    }
    step = rename_tag(f, "a", "a/x", false);
    undo(f, step, 2, 0);
    assert_page(f, c, "a/x");
    assert_index_whole(f);
}

static void deleted_tags_come_back_with_pages_and_colour(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "x,y,z");
    int64_t b = save_tagged(f, 2, "X");
    static const char *const names[] = {"x", "y"};
    struct numbers n;
    assert_ok(tagging_colour(f->store, "y", "#00ff00", &f->err));
    assert_ok(tagging_delete(f->store, names, 2, &n.a, &n.step, &f->err));
    assert_tags(f, "z:1 ");
    int64_t step = undo(f, n.step, 4, 0);
    assert_page(f, a, "x,y,z");
    assert_page(f, b, "x");
    assert_tags(f, "x:2 y:1#00ff00 z:1 ");
    assert_finds(f, "tag:x", "1 2 ");
    step = undo(f, step, 2, 0);
    assert_tags(f, "z:1 ");
    undo(f, step, 4, 0);
    assert_tags(f, "x:2 y:1#00ff00 z:1 ");
}

static void what_was_changed_since_stays(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "x");
    int64_t b = save_tagged(f, 2, "x");
    int64_t c = save_tagged(f, 3, "x");
    static const char *const add[] = {"new", "more"};
    const int64_t pages[] = {a, b, c};
    const struct pages_edit edit = {
        .pages = pages, .count = 3, .add = add, .add_count = 2, .trash = EDIT_TRASH};
    int64_t step = edit_pages(f, &edit, 3);
    assert_page(f, a, "more,new,x trashed");
    assert_ok(pages_restore(f->store, b, &f->err));
    fixture_tag(f, c, "x");
    step = undo(f, step, 3, 2);
    assert_page(f, a, "x");
    assert_page(f, b, "x");
    assert_page(f, c, "x");
    assert_tags(f, "x:3 ");
    /* Three pages, two tags. */
    undo(f, step, 5, 0);
    assert_page(f, a, "more,new,x trashed");
    assert_page(f, b, "more,new,x");
    assert_page(f, c, "x trashed");

    /* A name that was changed again, and one whose old name is taken. */
    step = rename_tag(f, "more", "less", false);
    rename_tag(f, "less", "least", false);
    assert_int_equal(undo(f, step, 0, 1), 0);
    step = rename_tag(f, "least", "most", false);
    fixture_tag(f, c, "least");
    assert_int_equal(undo(f, step, 0, 1), 0);
    assert_tags(f, "least:0 most:1 new:1 x:1 ");

    /* A deleted tag that somebody made again. */
    struct numbers n;
    const char *x = "x";
    assert_ok(tagging_delete(f->store, &x, 1, &n.a, &n.step, &f->err));
    fixture_tag(f, b, "X");
    undo(f, n.step, 1, 1);
    assert_page(f, a, "most,new,X trashed");
    assert_page(f, b, "X");
}

static void pages_are_edited_by_what_a_search_finds(void **state)
{
    struct fixture *f = *state;
    char text[32];
    for (int i = 0; i < 300; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        snprintf(text, sizeof text, "%s text", i % 3 == 0 ? "needle" : "hay");
        fixture_save(f, url, "title", text);
    }
    const char *found = "found";
    struct pages_edit edit = {
        .query = slice_of("needle"), .now = NOW, .add = &found, .add_count = 1};
    int64_t first = edit_pages(f, &edit, 100);
    assert_tags(f, "found:100 ");
    assert_int_equal(edit_pages(f, &edit, 0), 0);
    edit = (struct pages_edit){.query = slice_of("tag:found"),
                               .now = NOW,
                               .trash = EDIT_TRASH,
                               .remove = &found,
                               .remove_count = 1};
    int64_t second = edit_pages(f, &edit, 100);
    assert_tags(f, "found:0 ");
    edit = (struct pages_edit){.query = slice_of("is:trashed"), .trash = EDIT_RESTORE};
    edit_pages(f, &edit, 100);
    edit = (struct pages_edit){.query = slice_of(""), .trash = EDIT_TRASH};
    int64_t all = edit_pages(f, &edit, 300);
    undo(f, all, 300, 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE trashed = 0"), 300);
    /* What the search trashed was restored since; its tags were not touched. */
    undo(f, second, 100, 100);
    assert_tags(f, "found:100 ");
    undo(f, first, 100, 0);
    assert_tags(f, "");
    /* What is not understood in full changes nothing. */
    static const char *const bad[] = {"before:nonsense needle", "is:nothing"};
    struct numbers n;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        edit = (struct pages_edit){.query = slice_of(bad[i]), .now = NOW, .trash = EDIT_TRASH};
        assert_error(tagging_edit(f->store, &edit, &n.a, &n.step, &f->err), ERR_PARAMS);
        assert_string_equal(f->err.field, "query");
    }
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE trashed = 0"), 300);
}

static void a_step_that_puts_nothing_back_can_be_tried_again(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "x");
    const char *y = "y";
    struct numbers n;
    int64_t renamed = rename_tag(f, "x", "y", false);
    const struct pages_edit edit = {.pages = &a, .count = 1, .remove = &y, .remove_count = 1};
    int64_t removed = edit_pages(f, &edit, 1);
    assert_ok(tagging_delete(f->store, &y, 1, &n.a, &n.step, &f->err));
    assert_int_equal(undo(f, renamed, 0, 1), 0);
    undo(f, n.step, 1, 0);
    undo(f, removed, 1, 0);
    undo(f, renamed, 1, 0);
    assert_page(f, a, "x");
}

static void given_pages_may_be_none_or_the_same(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "x");
    const int64_t pages[] = {a, a, 99, -1, 0, INT64_MAX, INT64_MIN};
    static const char *const add[] = {"New", "NEW", "x"};
    static const char *const remove[] = {"x", "none", "", "\x01", "new"};
    struct pages_edit edit = {.pages = pages,
                              .count = 7,
                              .add = add,
                              .add_count = 3,
                              .remove = remove,
                              .remove_count = 5};
    int64_t step = edit_pages(f, &edit, 1);
    /* What is added stays though it is removed too. */
    assert_page(f, a, "New,x");
    undo(f, step, 1, 0);
    assert_page(f, a, "x");
    assert_tags(f, "x:1 ");
    edit.count = 0;
    assert_int_equal(edit_pages(f, &edit, 0), 0);
    edit = (struct pages_edit){.pages = pages + 2, .count = 5, .add = add, .add_count = 3};
    assert_int_equal(edit_pages(f, &edit, 0), 0);
    assert_tags(f, "x:1 ");
    /* Only that of the undoing. */
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_steps"), 1);
}

static bool try_edit(struct fixture *f, const struct pages_edit *edit)
{
    struct numbers n;
    return tagging_edit(f->store, edit, &n.a, &n.step, &f->err);
}

static void a_page_past_its_ceiling_stops_all(void **state)
{
    struct fixture *f = *state;
    char names[LIMIT_TAGS + 1][8];
    const char *list[LIMIT_TAGS + 1];
    for (size_t i = 0; i <= LIMIT_TAGS; i++) {
        snprintf(names[i], sizeof names[i], "t%zu", i);
        list[i] = names[i];
    }
    int64_t a = save_tagged(f, 1, "x");
    int64_t b = save_tagged(f, 2, "y,z");
    const int64_t pages[] = {a, b};
    struct pages_edit edit = {.pages = pages, .count = 2, .add = list};
    edit.add_count = LIMIT_TAGS + 1;
    assert_error(try_edit(f, &edit), ERR_LIMIT);
    edit.add_count = LIMIT_TAGS - 1;
    assert_error(try_edit(f, &edit), ERR_LIMIT);
    assert_page(f, a, "x");
    assert_tags(f, "x:1 y:1 z:1 ");
    edit.add_count = LIMIT_TAGS - 2;
    int64_t step = edit_pages(f, &edit, 2);
    /* No room for what was taken off. */
    const char *z = "z";
    const struct pages_edit off = {.pages = pages, .count = 2, .remove = &z, .remove_count = 1};
    int64_t taken = edit_pages(f, &off, 1);
    const char *other = "other";
    const struct pages_edit on = {.pages = pages, .count = 2, .add = &other, .add_count = 1};
    edit_pages(f, &on, 2);
    undo(f, taken, 0, 1);
    undo(f, step, 2, 0);
    assert_page(f, a, "other,x");
    edit = (struct pages_edit){.pages = pages, .count = 2, .remove = list};
    edit.remove_count = LIMIT_TAGS + 1;
    assert_error(try_edit(f, &edit), ERR_LIMIT);
    edit.remove_count = LIMIT_TAGS;
    assert_true(try_edit(f, &edit));
    static const char *const bad[] = {"", "a\x01", "\xC2\x85"};
    for (size_t i = 0; i < 3; i++) {
        edit = (struct pages_edit){.pages = pages, .count = 2, .add = &bad[i], .add_count = 1};
        assert_error(try_edit(f, &edit), ERR_PARAMS);
    }
}

static void steps_are_undone_once_and_forgotten_in_the_end(void **state)
{
    struct fixture *f = *state;
    int64_t page = save_tagged(f, 1, "n0");
    int64_t steps[UNDO_STEPS + 1];
    struct numbers n;
    for (int i = 0; i <= UNDO_STEPS; i++) {
        char from[16];
        char to[16];
        bool merged;
        snprintf(from, sizeof from, "n%d", i);
        snprintf(to, sizeof to, "n%d", i + 1);
        assert_ok(tagging_rename(f->store, from, to, &merged, &steps[i], &f->err));
    }
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_steps"), UNDO_STEPS);
    assert_int_equal(pragma(f, "SELECT count(DISTINCT step) FROM undo_rows"), UNDO_STEPS);
    assert_error(undo_apply(f->store, steps[0], &n.a, &n.b, &n.step, &f->err), ERR_NOT_FOUND);
    for (int i = UNDO_STEPS; i > 0; i--)
        undo(f, steps[i], 1, 0);
    assert_page(f, page, "n1");
    assert_error(undo_apply(f->store, steps[3], &n.a, &n.b, &n.step, &f->err), ERR_NOT_FOUND);
    static const int64_t none[] = {0, -1, 1000000, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < 5; i++)
        assert_error(undo_apply(f->store, none[i], &n.a, &n.b, &n.step, &f->err), ERR_NOT_FOUND);
    /* A long step leaves no room for older ones. */
    int64_t step = rename_tag(f, "n1", "x", false);
    assert_ok(db_execute(f->store, "UPDATE undo_steps SET rows = 499998 WHERE rows > 0", &f->err));
    int64_t later = rename_tag(f, "x", "y", false);
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_steps"), 2);
    int64_t last = rename_tag(f, "y", "z", false);
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_steps"), 3);
    assert_ok(db_execute(f->store, "UPDATE undo_steps SET rows = 600000", &f->err));
    last = undo(f, last, 1, 0);
    assert_error(undo_apply(f->store, later, &n.a, &n.b, &n.step, &f->err), ERR_NOT_FOUND);
    assert_error(undo_apply(f->store, step, &n.a, &n.b, &n.step, &f->err), ERR_NOT_FOUND);
    undo(f, last, 1, 0);
    assert_page(f, page, "z");
}

static void a_foreign_store_may_hold_any_steps(void **state)
{
    struct fixture *f = *state;
    int64_t page = save_tagged(f, 1, "x");
    struct numbers n;
    assert_ok(db_execute(f->store,
                         "INSERT INTO undo_steps (id, made, rows, kind) VALUES (7, 1, -5, ''),"
                         " (8, 1, 9223372036854775807, ''), (9, 1, 9223372036854775807, '');"
                         "INSERT INTO undo_rows VALUES (7, 0, 0, 0, 0, '', '', 'red', ''),"
                         " (8, 0, 12345, 0, 0, 'a', 'b', '', ''),"
                         " (8, 1, 1, 9, 0, 'x', 'x', '', ''), (8, 2, -3, 1, 1, '', '', '', '')",
                         &f->err));
    assert_error(undo_apply(f->store, 7, &n.a, &n.b, &n.step, &f->err), ERR_STORE_CORRUPT);
    if (undo_apply(f->store, 8, &n.a, &n.b, &n.step, &f->err))
        assert_int_equal(n.a, 0);
    assert_page(f, page, "x");
    assert_index_whole(f);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(a_new_name_is_taken_back_and_given_again),
        with_store(tags_that_were_joined_come_apart_again),
        with_store(moves_out_of_themselves_are_undone),
        with_store(deleted_tags_come_back_with_pages_and_colour),
        with_store(what_was_changed_since_stays),
        with_store(pages_are_edited_by_what_a_search_finds),
        with_store(a_step_that_puts_nothing_back_can_be_tried_again),
        with_store(given_pages_may_be_none_or_the_same),
        with_store(a_page_past_its_ceiling_stops_all),
        with_store(steps_are_undone_once_and_forgotten_in_the_end),
        with_store(a_foreign_store_may_hold_any_steps),
    };
#undef with_store
    return cmocka_run_group_tests_name("undo", tests, NULL, NULL);
}

/* store: tagging_list, tagging_rename, tagging_delete, tagging_edit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tagging_fixture.h"

static void assert_list(struct fixture *f, const char *part, bool unused, size_t limit,
                        const char *expected)
{
    struct buf out;
    const struct tags_request request = {.part = slice_of(part), .unused = unused, .limit = limit};
    buf_init(&out, 1 << 16);
    assert_ok(tagging_list(f->store, &request, add_info, &out, &f->err));
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("<%s> proposes <%s>, not <%s>", part, out.ptr, expected);
    buf_finish(&out);
}

static void tags_are_completed_by_their_names_and_by_pinyin(void **state)
{
    struct fixture *f = *state;
    save_tagged(f, 1, "光明,work");
    save_tagged(f, 2, "光明,work/reading");
    save_tagged(f, 3, "光明日报,gmail,链接");
    save_tagged(f, 4, "gmail,小光明,work/reading");
    assert_list(f, "gm", false, 10, "gmail:2 光明:2 光明日报:1 小光明:1 ");
    assert_list(f, "guangm", false, 10, "光明:2 光明日报:1 小光明:1 ");
    assert_list(f, "guang ming", false, 10, "光明:2 光明日报:1 小光明:1 ");
    assert_list(f, "光明", false, 2, "光明:2 光明日报:1 ");
    assert_list(f, "lj", false, 10, "链接:1 ");
    assert_list(f, "ead", false, 10, "work/reading:2 ");
    assert_list(f, "WORK", false, 10, "work/reading:2 work:1/3 ");
    assert_list(f, "work／", false, 10, "work/reading:2 ");
    assert_list(f, "", false, 2, "gmail:2 work/reading:2 ");
    assert_list(f, "%", false, 10, "");
    assert_list(f, "' OR 1 --", false, 10, "");
    assert_tags(f, "gmail:2 work:1/3 work/reading:2 光明:2 光明日报:1 小光明:1 链接:1 ");
}

static bool stop(const struct tag_info *tag, void *arg)
{
    (void)tag;
    ++*(int *)arg;
    return false;
}

static void lists_have_limits(void **state)
{
    struct fixture *f = *state;
    char part[LIMIT_QUERY + 1];
    int calls = 0;
    struct tags_request request = {.limit = LIMIT_RESULTS};
    memset(part, '\'', sizeof part);
    save_tagged(f, 1, "a,b");
    assert_ok(tagging_list(f->store, &request, stop, &calls, &f->err));
    assert_int_equal(calls, 1);
    request.limit = LIMIT_RESULTS + 1;
    assert_error(tagging_list(f->store, &request, stop, &calls, &f->err), ERR_LIMIT);
    request.by_name = true;
    assert_ok(tagging_list(f->store, &request, stop, &calls, &f->err));
    request.limit = LIMIT_TAG_NAMES;
    assert_ok(tagging_list(f->store, &request, stop, &calls, &f->err));
    request.limit = LIMIT_TAG_NAMES + 1;
    assert_error(tagging_list(f->store, &request, stop, &calls, &f->err), ERR_LIMIT);
    request.limit = 0;
    assert_error(tagging_list(f->store, &request, stop, &calls, &f->err), ERR_LIMIT);
    request = (struct tags_request){.part = slice_make(part, LIMIT_QUERY), .limit = 1};
    assert_ok(tagging_list(f->store, &request, stop, &calls, &f->err));
    request.part.len++;
    assert_error(tagging_list(f->store, &request, stop, &calls, &f->err), ERR_LIMIT);
}

static void trashed_pages_do_not_count_and_unused_tags_are_asked_for(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "work,work/a");
    int64_t b = save_tagged(f, 2, "work/a,lonely");
    assert_tags(f, "lonely:1 work:1/2 work/a:2 ");
    assert_ok(pages_trash(f->store, a, &f->err));
    assert_list(f, "", false, 10, "lonely:1 work/a:1 ");
    assert_tags(f, "lonely:1 work:0/1 work/a:1 ");
    const struct page_change none = {.set_tags = true};
    assert_ok(pages_update(f->store, b, &none, NULL, &f->err));
    assert_list(f, "", false, 10, "");
    assert_list(f, "lone", true, 10, "lonely:0 ");
    assert_tags(f, "lonely:0 work:0 work/a:0 ");
}

static void colours_are_kept_when_nobody_has_the_tag(void **state)
{
    struct fixture *f = *state;
    int64_t page = save_tagged(f, 1, "Work");
    assert_ok(tagging_colour(f->store, " ｗork ", "#A1b2C3", &f->err));
    assert_tags(f, "Work:1#a1b2c3 ");
    const struct page_change none = {.set_tags = true};
    assert_ok(pages_update(f->store, page, &none, NULL, &f->err));
    assert_tags(f, "Work:0#a1b2c3 ");
    /* It is written as it is used again. */
    fixture_tag(f, page, "WORK");
    assert_tags(f, "WORK:1#a1b2c3 ");
    assert_ok(tagging_colour(f->store, "work", "", &f->err));
    assert_tags(f, "WORK:1 ");
    static const char *const bad[] = {"#",       "red",     "#12345",   "#1234567", "#12345g",
                                      "1234567", "#12345 ", "#12345;x", "\"#12345", "#１２３"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_error(tagging_colour(f->store, "work", bad[i], &f->err), ERR_PARAMS);
    static const char *const nobody[] = {"", " ", "wor", "work/", "%", "work\n\x01"};
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        assert_error(tagging_colour(f->store, nobody[i], "#000000", &f->err), ERR_NOT_FOUND);
    char name[LIMIT_QUERY + 2];
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_error(tagging_colour(f->store, name, "#000000", &f->err), ERR_NOT_FOUND);
    assert_tags(f, "WORK:1 ");
}

static void a_tag_and_those_below_get_another_name(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "Work,other");
    int64_t b = save_tagged(f, 2, "work／Reading,workshop");
    int64_t c = save_tagged(f, 3, "work/reading/long");
    assert_ok(pages_trash(f->store, c, &f->err));
    rename_tag(f, "WORK", " Job  one ", false);
    assert_page(f, a, "Job one,other");
    assert_page(f, b, "Job one／Reading,workshop");
    assert_page(f, c, "Job one/reading/long trashed");
    assert_finds(f, "tag:work", "");
    assert_finds(f, "tag:\"job one\"", "1 2 ");
    assert_finds(f, "Job", "1 2 ");
    assert_finds(f, "reading", "2 ");
    /* Another spelling of the same. */
    rename_tag(f, "job one", "JOB ONE", false);
    assert_page(f, b, "JOB ONE／Reading,workshop");
    assert_finds(f, "job", "1 2 ");
    rename_tag(f, "JOB ONE/reading", "读书", false);
    assert_page(f, b, "workshop,读书");
    assert_page(f, c, "读书/long trashed");
    int64_t step = rename_tag(f, "读书", "读书", false);
    assert_int_equal(step, 0);
}

static void a_name_that_is_there_is_joined(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "work,x");
    int64_t b = save_tagged(f, 2, "job,work");
    int64_t c = save_tagged(f, 3, "work/a,work/b");
    int64_t d = save_tagged(f, 4, "job/a");
    assert_ok(tagging_colour(f->store, "job", "#111111", &f->err));
    rename_tag(f, "work", "JOB", true);
    assert_page(f, a, "job,x");
    assert_page(f, b, "job");
    assert_page(f, c, "job/a,JOB/b");
    assert_page(f, d, "job/a");
    assert_tags(f, "job:2/4#111111 job/a:2 JOB/b:1 x:1 ");
    assert_finds(f, "tag:job", "1 2 3 4 ");
    assert_finds(f, "work", "");
}

static void names_may_move_into_and_out_of_themselves(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "a");
    int64_t b = save_tagged(f, 2, "a/x");
    int64_t c = save_tagged(f, 3, "a/x/x");
    int64_t d = save_tagged(f, 4, "a,a/x,a/x/x");
    rename_tag(f, "a", "a/x", false);
    assert_page(f, a, "a/x");
    assert_page(f, b, "a/x/x");
    assert_page(f, c, "a/x/x/x");
    assert_page(f, d, "a/x,a/x/x,a/x/x/x");
    rename_tag(f, "a/x", "a", false);
    assert_page(f, d, "a,a/x,a/x/x");
    rename_tag(f, "a/x", "a", true);
    assert_page(f, a, "a");
    assert_page(f, b, "a");
    assert_page(f, c, "a/x");
    assert_page(f, d, "a,a/x");
}

static bool try_rename(struct fixture *f, const char *from, const char *to)
{
    bool merged;
    int64_t step;
    return tagging_rename(f->store, from, to, &merged, &step, &f->err);
}

static void what_cannot_be_a_name_changes_nothing(void **state)
{
    struct fixture *f = *state;
    char longest[LIMIT_TAG + 2];
    char huge[LIMIT_QUERY + 2];
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    memset(huge, 'a', sizeof huge);
    huge[sizeof huge - 1] = '\0';
    int64_t page = save_tagged(f, 1, "work,work/b");
    static const char *const bad[] = {"", " ", "\u3000", "a\x01", "a\x7F", "\xC2\x85"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_error(try_rename(f, "work", bad[i]), ERR_PARAMS);
    assert_error(try_rename(f, "work", longest), ERR_LIMIT);
    assert_error(try_rename(f, "work", huge), ERR_LIMIT);
    assert_error(try_rename(f, huge, "x"), ERR_LIMIT);
    static const char *const nobody[] = {"wor", "", " ", "work/", "w%", "_ork", "work\x01"};
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        assert_error(try_rename(f, nobody[i], "x"), ERR_NOT_FOUND);
    /* The one below would be too long. */
    longest[LIMIT_TAG - 1] = '\0';
    assert_error(try_rename(f, "work", longest), ERR_LIMIT);
    assert_page(f, page, "work,work/b");
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_steps"), 0);
    longest[LIMIT_TAG - 2] = '\0';
    assert_true(try_rename(f, "work", longest));
    static const char *const odd[] = {"100%_'\"; --", "/", "a//b", "\U0001F600/\u200Dx", "／"};
    const char *name = longest;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        if (!try_rename(f, name, odd[i]))
            fail_msg("<%s> to <%s>: %s", name, odd[i], f->err.text);
        name = odd[i];
    }
    assert_index_whole(f);
}

static void tags_are_taken_from_all_pages(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "x,y,z");
    int64_t b = save_tagged(f, 2, "X,x/below");
    int64_t c = save_tagged(f, 3, "y");
    assert_ok(pages_trash(f->store, c, &f->err));
    static const char *const names[] = {"X", "none", "", "Y", "x", "\x01"};
    struct numbers n;
    assert_ok(tagging_delete(f->store, names, 6, &n.a, &n.step, &f->err));
    assert_int_equal(n.a, 2);
    assert_page(f, a, "z");
    assert_page(f, b, "x/below");
    assert_page(f, c, " trashed");
    assert_tags(f, "x/below:1 z:1 ");
    assert_finds(f, "tag:y", "");
    assert_index_whole(f);
    assert_ok(tagging_delete(f->store, names, 6, &n.a, &n.step, &f->err));
    assert_int_equal(n.a, 0);
    assert_int_equal(n.step, 0);
    assert_ok(tagging_delete(f->store, names, 0, &n.a, &n.step, &f->err));
    assert_int_equal(n.a, 0);
}

static void tags_that_no_page_has_are_forgotten_together(void **state)
{
    struct fixture *f = *state;
    int64_t a = save_tagged(f, 1, "x,y,z");
    int64_t b = save_tagged(f, 2, "trashed");
    assert_ok(pages_trash(f->store, b, &f->err));
    fixture_tag(f, a, "x");
    assert_tags(f, "trashed:0 x:1 y:0 z:0 ");
    struct numbers n;
    assert_ok(tagging_delete(f->store, NULL, 0, &n.a, &n.step, &f->err));
    assert_int_equal(n.a, 2);
    assert_tags(f, "trashed:0 x:1 ");
    undo(f, n.step, 2, 0);
    assert_tags(f, "trashed:0 x:1 y:0 z:0 ");
}

static void a_store_opened_for_reading_is_left_alone(void **state)
{
    struct fixture *f = *state;
    save_tagged(f, 1, "x");
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    struct numbers n;
    const char *x = "x";
    const struct pages_edit edit = {.add = &x, .add_count = 1};
    assert_error(try_rename(f, "x", "y"), ERR_STORE_READONLY);
    assert_error(tagging_delete(f->store, &x, 1, &n.a, &n.step, &f->err), ERR_STORE_READONLY);
    assert_error(tagging_colour(f->store, "x", "#000000", &f->err), ERR_STORE_READONLY);
    assert_error(tagging_edit(f->store, &edit, &n.a, &n.step, &f->err), ERR_STORE_READONLY);
    assert_error(undo_apply(f->store, 1, &n.a, &n.b, &n.step, &f->err), ERR_STORE_READONLY);
    assert_tags(f, "x:1 ");
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(tags_are_completed_by_their_names_and_by_pinyin),
        with_store(lists_have_limits),
        with_store(trashed_pages_do_not_count_and_unused_tags_are_asked_for),
        with_store(colours_are_kept_when_nobody_has_the_tag),
        with_store(a_tag_and_those_below_get_another_name),
        with_store(a_name_that_is_there_is_joined),
        with_store(names_may_move_into_and_out_of_themselves),
        with_store(what_cannot_be_a_name_changes_nothing),
        with_store(tags_are_taken_from_all_pages),
        with_store(tags_that_no_page_has_are_forgotten_together),
        with_store(a_store_opened_for_reading_is_left_alone),
    };
#undef with_store
    return cmocka_run_group_tests_name("tagging", tests, NULL, NULL);
}

/* Single versions of a page in the trash, and pages.update as a step that can be undone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/clean.h"
#include "store/fsck.h"
#include "store/highlights.h"
#include "store/undo.h"
#include "store_fixture.h"

#define FAR (INT64_C(1) << 52)

static void assert_index_whole(struct fixture *f)
{
    assert_ok(db_execute(f->store, "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)",
                         &f->err));
}

static bool add_version(const struct snapshot_row *row, void *arg)
{
    buf_printf(arg, "%lld%s ", (long long)row->version, row->trashed > 0 ? "t" : "");
    return true;
}

static void assert_versions(struct fixture *f, int64_t page, const char *live, const char *trashed)
{
    struct buf out;
    buf_init(&out, 4096);
    assert_ok(snapshots_list(f->store, page, add_version, &out, &f->err));
    buf_add_text(&out, "| ");
    assert_ok(snapshots_list_trashed(f->store, page, add_version, &out, &f->err));
    assert_true(buf_add_char(&out, '\0'));
    char expected[128];
    snprintf(expected, sizeof expected, "%s| %s", live, trashed);
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

/* "latest/versions title". */
static bool show_page(const struct page_row *row, void *arg)
{
    snprintf(arg, 128, "%lld/%lld %s", (long long)row->snapshot, (long long)row->versions,
             row->title);
    return true;
}

static void assert_page(struct fixture *f, const char *expected)
{
    char shown[128];
    assert_ok(pages_get(f->store, 1, show_page, shown, &f->err));
    assert_string_equal(shown, expected);
}

static void save(struct fixture *f, const char *title, const char *text)
{
    struct snapshot_new new = fixture_snapshot("https://example.com/1", title, text);
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
}

static void trash(struct fixture *f, int64_t snapshot, int64_t latest, int64_t versions)
{
    struct snapshot_shown shown;
    assert_ok(snapshots_trash(f->store, snapshot, &shown, &f->err));
    assert_int_equal(shown.page, 1);
    assert_int_equal(shown.snapshot, latest);
    assert_int_equal(shown.versions, versions);
}

static void restore(struct fixture *f, int64_t snapshot, int64_t latest, int64_t versions)
{
    struct snapshot_shown shown;
    assert_ok(snapshots_restore(f->store, snapshot, &shown, &f->err));
    assert_int_equal(shown.snapshot, latest);
    assert_int_equal(shown.versions, versions);
}

static void save_three(struct fixture *f)
{
    save(f, "First", "alpha");
    save(f, "Second", "beta");
    save(f, "Third", "gamma");
}

static void the_page_shows_the_latest_that_is_left(void **state)
{
    struct fixture *f = *state;
    save_three(f);
    assert_page(f, "3/3 Third");
    trash(f, 3, 2, 2);
    assert_page(f, "2/2 Second");
    assert_versions(f, 1, "2 1 ", "3t ");
    assert_int_equal(fixture_hits(f, "gamma "), 0);
    assert_int_equal(fixture_hits(f, "Third "), 0);
    assert_int_equal(fixture_hits(f, "beta Second "), 1);
    assert_index_whole(f);
    trash(f, 1, 2, 1);
    assert_versions(f, 1, "2 ", "3t 1t ");
    assert_int_equal(fixture_hits(f, "is:again"), 0);
    assert_index_whole(f);
    restore(f, 3, 3, 2);
    assert_page(f, "3/2 Third");
    assert_int_equal(fixture_hits(f, "gamma is:again"), 1);
    restore(f, 1, 3, 3);
    assert_versions(f, 1, "3 2 1 ", "");
    assert_index_whole(f);
}

static void twice_is_once_and_the_last_one_stays(void **state)
{
    struct fixture *f = *state;
    struct snapshot_shown shown;
    save(f, "First", "alpha");
    save(f, "Second", "beta");
    trash(f, 2, 1, 1);
    int64_t when = pragma(f, "SELECT trashed FROM snapshots WHERE id = 2");
    trash(f, 2, 1, 1);
    assert_int_equal(pragma(f, "SELECT trashed FROM snapshots WHERE id = 2"), when);
    assert_error(snapshots_trash(f->store, 1, &shown, &f->err), ERR_ORDER);
    assert_page(f, "1/1 First");
    restore(f, 2, 2, 2);
    restore(f, 2, 2, 2);
    assert_error(snapshots_trash(f->store, 9, &shown, &f->err), ERR_NOT_FOUND);
    assert_error(snapshots_restore(f->store, 9, &shown, &f->err), ERR_NOT_FOUND);
    assert_index_whole(f);
}

static void a_title_of_ones_own_stays(void **state)
{
    struct fixture *f = *state;
    const struct page_change mine = {.title = "Mine"};
    save_three(f);
    assert_ok(pages_update(f->store, 1, &mine, NULL, &f->err));
    trash(f, 3, 2, 2);
    assert_page(f, "2/2 Mine");
    /* It is a person's own for the next capture too. */
    save(f, "Fourth", "delta");
    assert_page(f, "4/3 Mine");
    /* Without one, the page goes on to take over what captures say. */
    const struct page_change back = {.title = "Fourth"};
    assert_ok(pages_update(f->store, 1, &back, NULL, &f->err));
    trash(f, 4, 2, 2);
    assert_page(f, "2/2 Second");
    save(f, "Fifth", "epsilon");
    assert_page(f, "5/3 Fifth");
}

static void numbers_of_versions_are_not_given_again(void **state)
{
    struct fixture *f = *state;
    save_three(f);
    trash(f, 3, 2, 2);
    save(f, "Fourth", "delta");
    assert_page(f, "4/3 Fourth");
    assert_versions(f, 1, "4 2 1 ", "3t ");
    restore(f, 3, 4, 4);
    assert_page(f, "4/4 Fourth");
}

/* What stands for a new version that is the same is never one in the trash. */
static void an_unchanged_page_is_compared_with_what_is_not_in_the_trash(void **state)
{
    struct fixture *f = *state;
    struct snapshot_ids same;
    save(f, "T", "alpha");
    save(f, "T", "beta");
    trash(f, 2, 1, 1);
    save(f, "T", "beta");
    assert_ok(snapshots_drop_unchanged(f->store, 3, &same, &f->err));
    assert_int_equal(same.snapshot, 0);
    trash(f, 3, 1, 1);
    save(f, "T", "alpha");
    const struct highlight_new marked = {.snapshot = 4, .quote = "alpha"};
    int64_t id;
    assert_ok(highlights_add(f->store, &marked, &id, &f->err));
    assert_ok(snapshots_drop_unchanged(f->store, 4, &same, &f->err));
    assert_int_equal(same.snapshot, 1);
    assert_page(f, "1/1 T");
    assert_int_equal(pragma(f, "SELECT snapshot FROM highlights"), 1);
    assert_index_whole(f);
}

static bool count_one(const struct snapshot_row *row, void *arg)
{
    (void)row;
    ++*(int *)arg;
    return true;
}

static void what_was_not_fetched_to_its_end_is_not_gone_on_with(void **state)
{
    struct fixture *f = *state;
    struct store_counts counts;
    int pending = 0;
    fixture_save(f, "https://example.com/1", "T", "alpha");
    fixture_save(f, "https://example.com/1", "T", "beta");
    trash(f, 1, 2, 1);
    assert_ok(snapshots_list_pending(f->store, count_one, &pending, &f->err));
    assert_int_equal(pending, 1);
    assert_ok(store_count(f->store, &counts, &f->err));
    assert_int_equal(counts.pending, 1);
}

static void emptying_the_trash_takes_versions_too(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    int64_t before;
    int64_t id;
    save_three(f);
    const struct highlight_new old = {.snapshot = 2, .quote = "beta", .note = "thoughts"};
    const struct highlight_new new = {.snapshot = 3, .quote = "gamma"};
    assert_ok(highlights_add(f->store, &old, &id, &f->err));
    assert_ok(highlights_add(f->store, &new, &id, &f->err));
    fixture_save(f, "https://example.com/2", "T", "delta");
    fixture_save(f, "https://example.com/2", "T", "epsilon");
    trash(f, 2, 3, 2);
    fixture_sql(f, "UPDATE snapshots SET trashed = 1000 WHERE id = 2");
    assert_ok(pages_trash(f->store, 2, &f->err));
    fixture_sql(f, "UPDATE pages SET trashed = 2000 WHERE id = 2;"
                   "UPDATE snapshots SET trashed = 1500 WHERE id = 4;"
                   "UPDATE pages SET versions = 1 WHERE id = 2");
    assert_ok(clean_count_trash(f->store, 1000, &result, &f->err));
    assert_int_equal(result.pages + result.snapshots, 0);
    assert_ok(clean_count_trash(f->store, 1001, &result, &f->err));
    assert_int_equal(result.pages, 0);
    assert_int_equal(result.snapshots, 1);
    /* Both versions of the page, and the single one. */
    assert_ok(clean_count_trash(f->store, FAR, &result, &f->err));
    assert_int_equal(result.pages, 1);
    assert_int_equal(result.snapshots, 3);
    assert_ok(clean_trash(f->store, 1000, NULL, &result, &f->err));
    assert_int_equal(result.snapshots, 0);
    assert_ok(clean_trash(f->store, 1001, NULL, &result, &f->err));
    assert_int_equal(result.snapshots, 1);
    assert_int_equal(result.pages, 0);
    assert_versions(f, 1, "3 1 ", "");
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights"), 1);
    assert_ok(clean_trash(f->store, FAR, NULL, &result, &f->err));
    assert_int_equal(result.pages, 1);
    assert_int_equal(result.snapshots, 2);
    assert_page(f, "3/2 Third");
    assert_int_equal(fixture_hits(f, "gamma "), 1);
    assert_index_whole(f);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_ok(clean_collect(f->store, NULL, &result, &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs WHERE data = CAST('beta' AS BLOB)"), 0);
    /* A clock that was wrong. */
    fixture_sql(f, "UPDATE snapshots SET trashed = 9000000000000 WHERE id = 1");
    assert_ok(clean_trash_end(f->store, 5, &before, &f->err));
    assert_int_equal(before, 9000000000001);
}

static void what_a_page_shows_is_in_the_way_of_nothing(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    save_three(f);
    /* More than are found at once, each shown by its page. */
    fixture_sql(f,
                "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                " INSERT INTO pages (id, ord, created, saved, site, title, url, normalized)"
                " SELECT i, 100 + i, 1, 1, '', '', '', 'n' || i FROM n;"
                "INSERT INTO snapshots (page, version, taken, bytes, document, text, how, lang,"
                " title, url, description, trashed) SELECT p.id, 1, 1, 0, s.document, s.text,"
                " 'tab', '', '', '', '', 5 FROM pages p, snapshots s WHERE p.id > 1 AND s.id = 1;"
                "UPDATE pages SET snapshot = (SELECT id FROM snapshots WHERE page = pages.id)"
                " WHERE id > 1;"
                "UPDATE snapshots SET trashed = 6 WHERE id = 1");
    assert_ok(clean_count_trash(f->store, FAR, &result, &f->err));
    assert_int_equal(result.snapshots, 1);
    assert_ok(clean_trash(f->store, FAR, NULL, &result, &f->err));
    assert_int_equal(result.snapshots, 1);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots WHERE id = 1"), 0);
}

static void a_page_for_good_takes_what_was_marked_in_it(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    int64_t id;
    save_three(f);
    const struct highlight_new marked = {.snapshot = 1, .quote = "alpha"};
    assert_ok(highlights_add(f->store, &marked, &id, &f->err));
    assert_ok(highlights_add(f->store, &marked, &id, &f->err));
    assert_ok(highlights_delete(f->store, id, &f->err));
    assert_ok(pages_trash(f->store, 1, &f->err));
    assert_ok(clean_trash(f->store, FAR, NULL, &result, &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM highlights"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots"), 0);
    assert_index_whole(f);
}

/* ---- pages.update ---- */

static bool show_words(const struct page_row *row, void *arg)
{
    struct buf *out = arg;
    buf_printf(out, "%s|%s|", row->title, row->note);
    for (size_t i = 0; i < row->tag_count; i++)
        buf_printf(out, "%s ", row->tags[i]);
    return true;
}

static void assert_words(struct fixture *f, const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    assert_ok(pages_get(f->store, 1, show_words, &out, &f->err));
    assert_true(buf_add_char(&out, '\0'));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
    assert_index_whole(f);
}

static int64_t update(struct fixture *f, const char *title, const char *note,
                      const char *const *tags, size_t count)
{
    int64_t step = -1;
    const struct page_change change = {
        .title = title, .note = note, .tags = tags, .tag_count = count, .set_tags = tags != NULL};
    assert_ok(pages_update(f->store, 1, &change, &step, &f->err));
    return step;
}

static int64_t undo(struct fixture *f, int64_t step, int64_t changed, int64_t kept)
{
    int64_t did = -1;
    int64_t stayed = -1;
    int64_t redo = -1;
    assert_ok(undo_apply(f->store, step, &did, &stayed, &redo, &f->err));
    assert_int_equal(did, changed);
    assert_int_equal(stayed, kept);
    return redo;
}

static void title_note_and_tags_are_put_back_together(void **state)
{
    struct fixture *f = *state;
    static const char *const one[] = {"web", "later"};
    static const char *const two[] = {"读书", "web"};
    save(f, "T", "text");
    assert_true(update(f, NULL, "", one, 2) > 0);
    int64_t step = update(f, "Better", "noted", two, 2);
    assert_words(f, "Better|noted|web 读书 ");
    int64_t redo = undo(f, step, 1, 0);
    assert_words(f, "T||later web ");
    assert_int_equal(fixture_hits(f, "noted "), 0);
    assert_int_equal(fixture_hits(f, "title:T #later"), 1);
    /* The tag that the step made is gone again. */
    assert_int_equal(pragma(f, "SELECT count(*) FROM tags WHERE name = '读书'"), 0);
    step = undo(f, redo, 2, 0); /* the page, and the tag */
    assert_words(f, "Better|noted|web 读书 ");
    assert_int_equal(fixture_hits(f, "noted #读书"), 1);
    undo(f, step, 1, 0);
    assert_words(f, "T||later web ");
}

static void what_is_as_it_was_is_no_step(void **state)
{
    struct fixture *f = *state;
    static const char *const tags[] = {"web"};
    save(f, "T", "text");
    assert_true(update(f, NULL, "n", tags, 1) > 0);
    assert_int_equal(update(f, NULL, NULL, NULL, 0), 0);
    assert_int_equal(update(f, "T", "n", tags, 1), 0);
    static const char *const twice[] = {"web", "web"};
    assert_int_equal(update(f, NULL, NULL, twice, 2), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_steps"), 1);
}

static void words_that_were_changed_since_stay(void **state)
{
    struct fixture *f = *state;
    save(f, "T", "text");
    int64_t first = update(f, "One", "note", NULL, 0);
    int64_t second = update(f, "Two", NULL, NULL, 0);
    /* The note goes back, the title is another by now. */
    undo(f, first, 1, 1);
    assert_words(f, "Two||");
    undo(f, second, 1, 0);
    assert_words(f, "One||");
}

static void a_tag_written_another_way_is_so_again(void **state)
{
    struct fixture *f = *state;
    static const char *const small[] = {"web"};
    static const char *const large[] = {"Web"};
    save(f, "T", "text");
    update(f, NULL, NULL, small, 1);
    int64_t step = update(f, NULL, NULL, large, 1);
    assert_words(f, "T||Web ");
    assert_true(step > 0);
    undo(f, step, 1, 0);
    assert_words(f, "T||web ");
    /* Made and put on twice in one go. */
    static const char *const twice[] = {"new", "New"};
    step = update(f, NULL, NULL, twice, 2);
    undo(f, step, 1, 0);
    assert_words(f, "T||web ");
    assert_int_equal(pragma(f, "SELECT count(*) FROM tags"), 1);
}

static void a_page_that_is_gone_keeps_nobody_from_undoing(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    int64_t did;
    int64_t stayed;
    int64_t redo;
    save(f, "T", "text");
    int64_t step = update(f, "One", "note", NULL, 0);
    assert_ok(pages_trash(f->store, 1, &f->err));
    assert_ok(clean_trash(f->store, FAR, NULL, &result, &f->err));
    assert_error(undo_apply(f->store, step, &did, &stayed, &redo, &f->err), ERR_NOT_FOUND);
    assert_int_equal(pragma(f, "SELECT count(*) FROM undo_rows"), 0);
}

static void a_damaged_step_is_told(void **state)
{
    struct fixture *f = *state;
    int64_t did;
    int64_t stayed;
    int64_t redo;
    save(f, "T", "text");
    int64_t step = update(f, "One", NULL, NULL, 0);
    fixture_sql(f, "UPDATE undo_rows SET field = 'odd'");
    assert_error(undo_apply(f->store, step, &did, &stayed, &redo, &f->err), ERR_STORE_CORRUPT);
    assert_words(f, "One||");
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(the_page_shows_the_latest_that_is_left),
        with_store(twice_is_once_and_the_last_one_stays),
        with_store(a_title_of_ones_own_stays),
        with_store(numbers_of_versions_are_not_given_again),
        with_store(an_unchanged_page_is_compared_with_what_is_not_in_the_trash),
        with_store(what_was_not_fetched_to_its_end_is_not_gone_on_with),
        with_store(emptying_the_trash_takes_versions_too),
        with_store(what_a_page_shows_is_in_the_way_of_nothing),
        with_store(a_page_for_good_takes_what_was_marked_in_it),
        with_store(title_note_and_tags_are_put_back_together),
        with_store(what_is_as_it_was_is_no_step),
        with_store(words_that_were_changed_since_stay),
        with_store(a_tag_written_another_way_is_so_again),
        with_store(a_page_that_is_gone_keeps_nobody_from_undoing),
        with_store(a_damaged_step_is_told),
    };
#undef with_store
    return cmocka_run_group_tests_name("versions_trash", tests, NULL, NULL);
}

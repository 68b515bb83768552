/* store: unchanged: a version that is as the one before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "search_fixture.h"

#define URL "https://example.com/"

static const char *const refs[] = {"00000000000000000000000000000001",
                                   "00000000000000000000000000000002",
                                   "00000000000000000000000000000003"};

/* An asset for each letter of `shape`: its bytes, or '-' for a failed one, '?' for one that is
 * still wanted, ' ' for none, '!' for one that is left out. */
static void put(struct fixture *f, int64_t snapshot, const char *shape)
{
    struct put_counts counts = {0};
    for (size_t i = 0; shape[i] != '\0'; i++) {
        struct asset_row row = {.ref = refs[i],
                                .url = "u",
                                .kind = "image",
                                .state = "stored",
                                .media_type = "image/png"};
        row.bytes = slice_make(shape + i, 1);
        if (strchr("-?!", shape[i]) != NULL) {
            row.bytes = (struct slice){0};
            row.state = shape[i] == '-' ? "failed" : shape[i] == '?' ? "wanted" : "left_out";
        }
        if (shape[i] != ' ')
            assert_ok(snapshots_put_assets(f->store, snapshot, &row, 1, &counts, &f->err));
    }
}

static struct snapshot_ids save(struct fixture *f, const char *text, const char *document,
                                const char *shape)
{
    struct snapshot_new new = fixture_snapshot(URL, "T", text);
    new.document = slice_of(document);
    struct snapshot_ids ids = fixture_begin(f, &new);
    put(f, ids.snapshot, shape);
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    return ids;
}

static struct snapshot_ids drop(struct fixture *f, int64_t snapshot)
{
    struct snapshot_ids same = {-1, -1, -1};
    assert_ok(snapshots_drop_unchanged(f->store, snapshot, &same, &f->err));
    return same;
}

/* All that hangs together still does, and the index is that of the pages. */
static void assert_whole(struct fixture *f)
{
    assert_ok(
        db_execute(f->store, "INSERT INTO search(search) VALUES ('integrity-check')", &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages WHERE versions <>"
                               " (SELECT count(*) FROM snapshots WHERE page = pages.id)"),
                     0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs b WHERE NOT EXISTS (SELECT 1 FROM"
                               " snapshots WHERE b.id IN (document, text, icon)) AND NOT EXISTS"
                               " (SELECT 1 FROM snapshot_assets WHERE blob = b.id)"),
                     0);
}

static void a_version_as_the_one_before_is_taken_back(void **state)
{
    struct fixture *f = *state;
    static const struct hop_row hops[] = {{"http://example.com/", "301"}};
    static const struct note_row notes[] = {{"frames_unread", 1}};
    struct snapshot_ids first = save(f, "the same", "<p>1", "ab");
    const char *tag = "later";
    struct snapshot_new new = fixture_snapshot(URL, "T", "the same");
    new.document = slice_of("<p>2, with another advertisement");
    new.hops = hops;
    new.hop_count = 1;
    new.notes = notes;
    new.note_count = 1;
    new.tags = &tag;
    new.tag_count = 1;
    new.note = "a note";
    new.taken += 1000;
    int64_t other = fixture_save(f, "https://example.com/other", "O", "other");
    struct snapshot_ids second = fixture_begin(f, &new);
    put(f, second.snapshot, "ab");
    assert_ok(snapshots_end(f->store, second.snapshot, &f->err));
    int64_t blobs = pragma(f, "SELECT count(*) FROM blobs");
    struct snapshot_ids same = drop(f, second.snapshot);
    assert_int_equal(same.page, first.page);
    assert_int_equal(same.snapshot, first.snapshot);
    assert_int_equal(same.version, 1);
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs"), blobs - 1);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshot_hops"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshot_notes"), 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshot_assets"), 2);
    assert_int_equal(pragma(f, "SELECT snapshot = 1 AND versions = 1 FROM pages WHERE id = 1"), 1);
    /* The page was seen now, and what a person said of it stays. */
    assert_int_equal(pragma(f, "SELECT saved FROM pages WHERE id = 1"), new.taken);
    assert_int_equal(pragma(f, "SELECT id FROM pages ORDER BY ord DESC LIMIT 1"), first.page);
    assert_int_not_equal(other, first.page);
    struct buf ids;
    buf_init(&ids, 256);
    run(f, slice_of("tag:later note:note same "), SEARCH_RANK, 10, "", &ids);
    assert_string_equal(ids.ptr, "1 ");
    buf_finish(&ids);
    assert_whole(f);
    assert_error(snapshots_drop_unchanged(f->store, second.snapshot, &same, &f->err),
                 ERR_NOT_FOUND);
    /* The number of the version is free again. */
    assert_int_equal(save(f, "another", "<p>3", "").version, 2);
}

static void what_another_has_too_is_not_removed(void **state)
{
    struct fixture *f = *state;
    save(f, "the same", "<p>1", "");
    struct snapshot_ids second = save(f, "the same", "<p>2", "");
    struct snapshot_new new = fixture_snapshot("https://example.com/other", "O", "other");
    new.document = slice_of("<p>2");
    struct snapshot_ids other = fixture_begin(f, &new);
    struct buf out;
    buf_init(&out, 256);
    assert_int_equal(drop(f, second.snapshot).version, 1);
    assert_ok(snapshots_document(f->store, other.snapshot, &out, &f->err));
    assert_true(slice_equal(buf_slice(&out), slice_of("<p>2")));
    buf_finish(&out);
    assert_whole(f);
    /* The very same document, and a document that is some page's text. */
    struct snapshot_ids third = save(f, "the same", "<p>1", "");
    assert_int_equal(drop(f, third.snapshot).version, 1);
    struct snapshot_ids fourth = save(f, "the same", "other", "");
    assert_int_equal(drop(f, fourth.snapshot).version, 1);
    assert_whole(f);
}

static void assets_decide_whether_it_is_the_same(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *before;
        const char *after;
        bool same;
    } cases[] = {
        {"", "", true},       {"ab", "ab", true},    {"ab", "ac", false}, {"ab", "a", false},
        {"a", "ab", false},   {" b", "b", false},    {"ab", "a-", true},  {"ab", "--", true},
        {"a-", "ab", false},  {"a-", "a-", true},    {"a-", "-b", false}, {"a!", "ab", false},
        {"a!", "a!", true},   {"ab", "a!", true},    {"a-", "a!", true},  {"a", "a-", false},
        {"a-", "a", false},   {"ab", "a?", true},    {"a?", "ab", false}, {"", "-", false},
        {"aaa", "aaa", true}, {"aab", "aba", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        snprintf(text, sizeof text, "text %zu", i);
        struct snapshot_ids before = save(f, text, "<p>", cases[i].before);
        struct snapshot_ids after = save(f, text, "<p>", cases[i].after);
        struct snapshot_ids same = drop(f, after.snapshot);
        if (same.snapshot != (cases[i].same ? before.snapshot : 0))
            fail_msg("<%s> then <%s>", cases[i].before, cases[i].after);
        assert_int_equal(same.page, cases[i].same ? before.page : 0);
        assert_whole(f);
    }
}

static void another_text_or_kind_is_another_version(void **state)
{
    struct fixture *f = *state;
    save(f, "one", "<p>", "a");
    assert_int_equal(drop(f, save(f, "two", "<p>", "a").snapshot).page, 0);
    struct snapshot_new new = fixture_snapshot(URL, "T", "two");
    new.document = slice_of("<p>");
    new.kind = "pdf";
    struct snapshot_ids ids = fixture_begin(f, &new);
    put(f, ids.snapshot, "a");
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    assert_int_equal(drop(f, ids.snapshot).page, 0);
    /* Only the one before counts, not an older one. */
    assert_int_equal(drop(f, save(f, "one", "<p>", "a").snapshot).page, 0);
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots"), 4);
    assert_whole(f);
}

static void the_first_version_stays(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(drop(f, save(f, "one", "<p>", "").snapshot).page, 0);
    struct snapshot_ids same;
    assert_error(snapshots_drop_unchanged(f->store, 99, &same, &f->err), ERR_NOT_FOUND);
}

static void what_is_under_way_is_never_dropped_nor_compared_with(void **state)
{
    struct fixture *f = *state;
    struct snapshot_new new = fixture_snapshot(URL, "T", "one");
    new.document = slice_of("<p>");
    struct snapshot_ids first = fixture_begin(f, &new);
    struct snapshot_ids second = save(f, "one", "<p>", "");
    assert_int_equal(drop(f, second.snapshot).page, 0); /* the first is pending */
    assert_ok(snapshots_end(f->store, first.snapshot, &f->err));
    struct snapshot_ids third = fixture_begin(f, &new);
    assert_int_equal(drop(f, third.snapshot).page, 0);  /* itself pending */
    assert_int_equal(drop(f, second.snapshot).page, 0); /* not the latest */
    assert_ok(snapshots_end(f->store, third.snapshot, &f->err));
    assert_int_equal(drop(f, third.snapshot).snapshot, second.snapshot);
    assert_int_equal(drop(f, second.snapshot).snapshot, first.snapshot);
    assert_whole(f);
}

static bool keep_title(const struct page_row *row, void *arg)
{
    return buf_add_text(arg, row->title);
}

static void assert_title(struct fixture *f, const char *expected)
{
    struct buf out;
    buf_init(&out, LIMIT_TITLE);
    assert_ok(pages_get(f->store, 1, keep_title, &out, &f->err));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void save_same(struct fixture *f, const char *title)
{
    struct snapshot_new new = fixture_snapshot(URL, title, "one");
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    if (ids.version > 1)
        assert_int_equal(drop(f, ids.snapshot).version, 1);
    assert_whole(f);
}

static void titles_follow_the_snapshots_until_a_person_changes_them(void **state)
{
    struct fixture *f = *state;
    save_same(f, "First");
    save_same(f, "Second");
    assert_title(f, "Second");
    save_same(f, "");
    assert_title(f, "Second");
    save_same(f, "Third");
    assert_title(f, "Third");
    const struct page_change change = {.title = "Mine"};
    assert_ok(pages_update(f->store, 1, &change, NULL, &f->err));
    save_same(f, "Fourth");
    assert_title(f, "Mine");
    save_same(f, "Fifth");
    assert_title(f, "Mine");
    assert_int_equal(pragma(f, "SELECT count(*) FROM snapshots"), 1);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(a_version_as_the_one_before_is_taken_back),
        with_store(what_another_has_too_is_not_removed),
        with_store(assets_decide_whether_it_is_the_same),
        with_store(another_text_or_kind_is_another_version),
        with_store(the_first_version_stays),
        with_store(what_is_under_way_is_never_dropped_nor_compared_with),
        with_store(titles_follow_the_snapshots_until_a_person_changes_them),
    };
#undef with_store
    return cmocka_run_group_tests_name("unchanged", tests, NULL, NULL);
}

/* store: compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "store/compare.h"
#include "store_fixture.h"

static int64_t version(struct fixture *f, const struct asset_row *rows, size_t count)
{
    struct snapshot_new new = fixture_snapshot("https://example.com/a", "A", "text");
    struct put_counts counts = {0};
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_ok(snapshots_put_assets(f->store, ids.snapshot, rows, count, &counts, &f->err));
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    return ids.snapshot;
}

/* The letter is the name: of the ref, and of the URL. */
static struct asset_row asset(const char *ref, const char *url, const char *kind, const char *bytes)
{
    return (struct asset_row){.ref = ref,
                              .url = url,
                              .kind = kind,
                              .state = bytes == NULL ? "failed" : "stored",
                              .media_type = bytes == NULL ? "" : "image/png",
                              .bytes = bytes == NULL ? (struct slice){0} : slice_of(bytes),
                              .reason = ""};
}

#define REF(letter)                                                                                \
    letter letter letter letter letter letter letter letter letter letter letter letter letter     \
        letter letter letter

static bool show(const struct compare_row *row, void *arg)
{
    static const char marks[] = {
        [COMPARE_ADDED] = '+', [COMPARE_GONE] = '-', [COMPARE_CHANGED] = '*'};
    assert_int_equal(strlen(row->ref), 32);
    assert_string_equal(row->media_type, "image/png");
    return buf_printf(arg, "%c%.2s%s%.2s %s %s %lld|", marks[row->kind], row->ref,
                      row->was ? "<" : "", row->was ? row->was : "", row->asset_kind, row->url,
                      (long long)row->bytes);
}

static void assert_compared(struct fixture *f, int64_t from, int64_t to, const char *expected)
{
    struct buf out;
    bool more = true;
    buf_init(&out, 1 << 20);
    assert_ok(compare_snapshots(f->store, from, to, show, &out, &more, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    assert_false(more);
    buf_finish(&out);
}

static void assets_come_go_and_change(void **state)
{
    struct fixture *f = *state;
    const struct asset_row first[] = {asset(REF("a1"), "https://x/a", "image", "same"),
                                      asset(REF("b1"), "https://x/b", "image", "old b"),
                                      asset(REF("c1"), "https://x/c", "style", "only before")};
    const struct asset_row second[] = {asset(REF("a1"), "https://x/a", "image", "same"),
                                       asset(REF("b2"), "https://x/b", "image", "the new b"),
                                       asset(REF("d1"), "https://x/d", "font", "only now")};
    int64_t from = version(f, first, 3);
    int64_t to = version(f, second, 3);
    assert_compared(f, from, to,
                    "+d1 font https://x/d 8|-c1 style https://x/c 11|*b2<b1 image https://x/b 9|");
    assert_compared(f, to, from,
                    "+c1 style https://x/c 11|-d1 font https://x/d 8|*b1<b2 image https://x/b 5|");
    assert_compared(f, from, from, "");
}

static void another_url_of_the_same_bytes_is_no_news(void **state)
{
    struct fixture *f = *state;
    const struct asset_row first[] = {asset(REF("a1"), "https://x/a?v=1", "image", "same")};
    const struct asset_row second[] = {asset(REF("a2"), "https://x/a?v=2", "image", "same")};
    assert_compared(f, version(f, first, 1), version(f, second, 1), "");
}

static void what_is_not_stored_is_not_there(void **state)
{
    struct fixture *f = *state;
    const struct asset_row first[] = {asset(REF("a1"), "https://x/a", "image", NULL)};
    const struct asset_row second[] = {asset(REF("a1"), "https://x/a", "image", "now it came")};
    int64_t from = version(f, first, 1);
    int64_t to = version(f, second, 1);
    assert_compared(f, from, to, "+a1 image https://x/a 11|");
    assert_compared(f, to, from, "-a1 image https://x/a 11|");
}

static void a_foreign_store_may_lack_the_bytes_of_what_is_stored(void **state)
{
    struct fixture *f = *state;
    const struct asset_row first[] = {asset(REF("a1"), "https://x/a", "image", "lost")};
    const struct asset_row second[] = {asset(REF("b1"), "https://x/b", "image", "there")};
    int64_t from = version(f, first, 1);
    int64_t to = version(f, second, 1);
    fixture_sql(f, "UPDATE snapshot_assets SET blob = NULL WHERE snapshot = 1");
    assert_compared(f, from, to, "+b1 image https://x/b 5|");
    assert_compared(f, to, from, "-b1 image https://x/b 5|");
}

static void one_url_with_two_bases_has_changed_only_when_none_is_the_same(void **state)
{
    struct fixture *f = *state;
    const struct asset_row first[] = {asset(REF("a1"), "https://x/a", "style", "one"),
                                      asset(REF("a2"), "https://x/a", "style", "two")};
    const struct asset_row second[] = {asset(REF("a2"), "https://x/a", "style", "one"),
                                       asset(REF("a3"), "https://x/a", "style", "three")};
    assert_compared(f, version(f, first, 2), version(f, second, 2), "*a3<a1 style https://x/a 5|");
}

static bool count(const struct compare_row *row, void *arg)
{
    (void)row;
    ++*(size_t *)arg;
    return true;
}

static void only_so_many_of_each_are_given(void **state)
{
    struct fixture *f = *state;
    char refs[COMPARE_MOST + 1][33];
    char urls[COMPARE_MOST + 1][32];
    char bytes[COMPARE_MOST + 1][16];
    struct asset_row rows[COMPARE_MOST + 1];
    for (size_t i = 0; i <= COMPARE_MOST; i++) {
        snprintf(refs[i], sizeof refs[i], "%032zx", i);
        snprintf(urls[i], sizeof urls[i], "https://x/%zu", i);
        snprintf(bytes[i], sizeof bytes[i], "%zu", i);
        rows[i] = asset(refs[i], urls[i], "image", bytes[i]);
    }
    int64_t none = version(f, NULL, 0);
    int64_t full = version(f, rows, COMPARE_MOST);
    int64_t past = version(f, rows, COMPARE_MOST + 1);
    size_t seen = 0;
    bool more = true;
    assert_ok(compare_snapshots(f->store, none, full, count, &seen, &more, &f->err));
    assert_int_equal(seen, COMPARE_MOST);
    assert_false(more);
    seen = 0;
    assert_ok(compare_snapshots(f->store, none, past, count, &seen, &more, &f->err));
    assert_int_equal(seen, COMPARE_MOST);
    assert_true(more);
}

static void both_must_be_there(void **state)
{
    struct fixture *f = *state;
    size_t seen = 0;
    bool more;
    int64_t one = version(f, NULL, 0);
    assert_error(compare_snapshots(f->store, one, one + 1, count, &seen, &more, &f->err),
                 ERR_NOT_FOUND);
    assert_error(compare_snapshots(f->store, one + 1, one, count, &seen, &more, &f->err),
                 ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(assets_come_go_and_change),
        TEST(another_url_of_the_same_bytes_is_no_news),
        TEST(what_is_not_stored_is_not_there),
        TEST(a_foreign_store_may_lack_the_bytes_of_what_is_stored),
        TEST(one_url_with_two_bases_has_changed_only_when_none_is_the_same),
        TEST(only_so_many_of_each_are_given),
        TEST(both_must_be_there),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}

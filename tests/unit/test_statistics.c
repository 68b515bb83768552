/* store: statistics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "store/health.h"
#include "store/statistics.h"
#include "store_fixture.h"

struct seen {
    struct buf kinds;
    struct buf months;
    struct buf pages;
    struct buf sites;
    struct buf health;
    int64_t told;
    int64_t total;
    bool stop;
};

static void see_kind(const struct statistics_kind *kind, void *arg)
{
    struct seen *seen = arg;
    buf_printf(&seen->kinds, "%s %lld %lld|", kind->kind, (long long)kind->count,
               (long long)kind->bytes);
    assert_true(kind->stored >= 0 && kind->stored <= kind->bytes + 16);
}

static void see_month(const struct statistics_month *month, void *arg)
{
    struct seen *seen = arg;
    buf_printf(&seen->months, "%s %lld %lld %lld|", month->month, (long long)month->pages,
               (long long)month->snapshots, (long long)month->bytes);
}

static void see_page(const struct statistics_page *page, void *arg)
{
    struct seen *seen = arg;
    buf_printf(&seen->pages, "%lld %s %s %lld|", (long long)page->page, page->title, page->site,
               (long long)page->bytes);
}

static void see_site(const struct statistics_site *site, void *arg)
{
    struct seen *seen = arg;
    buf_printf(&seen->sites, "%s %lld %lld|", site->site, (long long)site->pages,
               (long long)site->bytes);
}

static void see_health(const struct statistics_health *health, void *arg)
{
    struct seen *seen = arg;
    buf_printf(&seen->health, "%s %lld|", health->state, (long long)health->pages);
}

static void see_progress(int64_t done, int64_t total, void *arg)
{
    struct seen *seen = arg;
    assert_true(done >= seen->told && done <= total);
    seen->told = done;
    seen->total = total;
}

static bool is_stopped(void *arg)
{
    const struct seen *seen = arg;
    return seen->stop;
}

static const char *text_of(const struct buf *buf)
{
    return buf->ptr == NULL ? "" : buf->ptr;
}

static void seen_init(struct seen *seen)
{
    *seen = (struct seen){0};
    struct buf *const all[] = {&seen->kinds, &seen->months, &seen->pages, &seen->sites,
                               &seen->health};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_init(all[i], 1 << 20);
}

static void seen_finish(struct seen *seen)
{
    buf_finish(&seen->kinds);
    buf_finish(&seen->months);
    buf_finish(&seen->pages);
    buf_finish(&seen->sites);
    buf_finish(&seen->health);
}

static struct statistics_hooks hooks_of(struct seen *seen)
{
    return (struct statistics_hooks){.kind = see_kind,
                                     .month = see_month,
                                     .page = see_page,
                                     .site = see_site,
                                     .health = see_health,
                                     .progress = see_progress,
                                     .interrupted = is_stopped,
                                     .arg = seen};
}

static struct statistics_sums look(struct fixture *f, struct seen *seen)
{
    struct statistics_sums sums;
    const struct statistics_hooks hooks = hooks_of(seen);
    assert_ok(statistics_count(f->store, &hooks, &sums, &f->err));
    return sums;
}

static int64_t local_time(int year, int month, int day, int hour)
{
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = month - 1,
                    .tm_mday = day,
                    .tm_hour = hour,
                    .tm_isdst = -1};
    return (int64_t)mktime(&tm) * 1000;
}

static struct snapshot_ids save(struct fixture *f, const char *url, const char *site, int64_t taken,
                                const char *document, const struct asset_row *rows, size_t count)
{
    struct snapshot_new new = fixture_snapshot(url, url + 8, document);
    struct put_counts counts = {0};
    new.site = site;
    new.taken = taken;
    new.document = slice_of(document);
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_ok(snapshots_put_assets(f->store, ids.snapshot, rows, count, &counts, &f->err));
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    return ids;
}

static struct asset_row asset(const char *ref, const char *kind, const char *bytes)
{
    return (struct asset_row){.ref = ref,
                              .url = "https://x/",
                              .kind = kind,
                              .state = bytes == NULL ? "failed" : "stored",
                              .media_type = "image/png",
                              .bytes = bytes == NULL ? (struct slice){0} : slice_of(bytes),
                              .reason = ""};
}

#define REF_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define REF_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void an_empty_store_has_nothing(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    seen_init(&seen);
    struct statistics_sums sums = look(f, &seen);
    assert_int_equal(sums.pages + sums.trashed + sums.snapshots + sums.highlights + sums.tags, 0);
    assert_int_equal(sums.stored + sums.unpacked + sums.referenced, 0);
    assert_true(sums.file > 0);
    assert_int_equal(seen.kinds.len + seen.months.len + seen.pages.len + seen.sites.len, 0);
    assert_int_equal(seen.health.len, 0);
    seen_finish(&seen);
}

/* Two pages of one site, one of another with two versions; documents and texts are one blob where
 * their bytes are. */
static void save_some(struct fixture *f)
{
    const struct asset_row rows[] = {asset(REF_A, "image", "0123456789"),
                                     asset(REF_B, "font", "abcdef")};
    const struct asset_row other[] = {asset(REF_A, "icon", "0123456789"),
                                      asset(REF_B, "image", NULL)};
    save(f, "https://a.example/1", "a.example", local_time(2025, 12, 31, 23), "<p>one</p>", rows,
         2);
    save(f, "https://a.example/2", "a.example", local_time(2026, 1, 1, 0), "<p>two</p>", NULL, 0);
    save(f, "https://b.example/3", "b.example", local_time(2026, 1, 31, 23), "<p>three</p>", other,
         2);
    save(f, "https://b.example/3", "b.example", local_time(2026, 2, 1, 0), "<p>threefold</p>", rows,
         2);
}

static void everything_is_counted(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    seen_init(&seen);
    save_some(f);
    fixture_tag(f, 1, "读书");
    const struct health_row health = {
        .page = 2, .state = "gone", .checked = 1, .reason = "", .url = ""};
    assert_ok(health_put(f->store, &health, &f->err));
    struct statistics_sums sums = look(f, &seen);
    assert_int_equal(sums.pages, 3);
    assert_int_equal(sums.snapshots, 4);
    assert_int_equal(sums.tags, 1);
    assert_int_equal(sums.complete, 3);
    assert_int_equal(sums.incomplete + sums.pending, 0);
    /* Each document is its text's blob: 10, 10, 12, 16 bytes, named after the document. */
    assert_string_equal(text_of(&seen.kinds), "document 4 48|image 1 10|font 1 6|");
    assert_int_equal(sums.unpacked, 64);
    assert_int_equal(sums.referenced, 2 * 48 + 3 * 10 + 2 * 6);
    assert_true(sums.stored > 0 && sums.file > sums.stored);
    assert_string_equal(text_of(&seen.months), "2025-12 1 1 26|2026-01 2 2 32|2026-02 0 1 32|");
    assert_string_equal(text_of(&seen.pages), "3 b.example/3 b.example 54|1 a.example/1 a.example"
                                              " 26|2 a.example/2 a.example 10|");
    assert_string_equal(text_of(&seen.sites), "b.example 1 54|a.example 2 36|");
    assert_string_equal(text_of(&seen.health), "gone 1|unchecked 2|");
    seen_finish(&seen);
}

static void what_lies_in_the_trash_counts_as_trashed(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    seen_init(&seen);
    save_some(f);
    assert_ok(pages_trash(f->store, 1, &f->err));
    struct statistics_sums sums = look(f, &seen);
    assert_int_equal(sums.pages, 2);
    assert_int_equal(sums.trashed, 1);
    assert_int_equal(sums.snapshots, 3);
    assert_int_equal(sums.unpacked, 64);
    assert_string_equal(text_of(&seen.months), "2026-01 2 2 32|2026-02 0 1 32|");
    assert_string_equal(text_of(&seen.sites), "b.example 1 54|a.example 1 10|");
    assert_string_equal(text_of(&seen.health), "unchecked 2|");
    seen_finish(&seen);
}

static void what_nothing_refers_to_is_unused(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    seen_init(&seen);
    assert_ok(db_execute(f->store,
                         "INSERT INTO blobs (hash, size, stored, packed, data)"
                         " VALUES (zeroblob(32), 7, 7, 0, x'01020304050607')",
                         &f->err));
    struct statistics_sums sums = look(f, &seen);
    assert_string_equal(text_of(&seen.kinds), "unused 1 7|");
    assert_int_equal(sums.unpacked, 7);
    assert_int_equal(sums.referenced, 0);
    seen_finish(&seen);
}

static void only_the_largest_are_named(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    seen_init(&seen);
    for (int i = 1; i <= STATISTICS_TOP + 1; i++) {
        char url[64];
        char site[32];
        snprintf(url, sizeof url, "https://x/%02d", i);
        snprintf(site, sizeof site, "s%02d", i);
        save(f, url, site, local_time(2026, 1, 1, 0), "<p>", NULL, 0);
    }
    struct statistics_sums sums = look(f, &seen);
    assert_int_equal(sums.pages, STATISTICS_TOP + 1);
    assert_int_equal(strncmp(text_of(&seen.pages), "1 x/01 s01 3|2 x/02 s02 3|", 26), 0);
    assert_non_null(strstr(text_of(&seen.pages), "20 x/20"));
    assert_null(strstr(text_of(&seen.pages), "21 x/21"));
    assert_non_null(strstr(text_of(&seen.sites), "s20 1 3|"));
    assert_null(strstr(text_of(&seen.sites), "s21"));
    seen_finish(&seen);
}

static void odd_times_and_sizes_break_nothing(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    static const char *const times[] = {"-1", "9223372036854775807", "-9223372036854775808",
                                        "253402300800000000"};
    seen_init(&seen);
    save_some(f);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char sql[300];
        snprintf(sql, sizeof sql,
                 "UPDATE snapshots SET taken = %s, bytes = %s; UPDATE pages SET created = %s;"
                 "UPDATE blobs SET size = %s, stored = %s",
                 times[i], times[i], times[i], times[i], times[i]);
        assert_ok(db_execute(f->store, sql, &f->err));
        struct statistics_sums sums = look(f, &seen);
        assert_int_equal(sums.snapshots, 4);
        assert_true(sums.unpacked >= 0 && sums.stored >= 0);
    }
    seen_finish(&seen);
}

/* As many months as there may be and one more: the earliest is left out. */
static void months_have_a_ceiling(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    seen_init(&seen);
    save(f, "https://x/1", "x", local_time(2026, 1, 1, 0), "<p>", NULL, 0);
    assert_ok(db_execute(
        f->store,
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"
        " INSERT INTO snapshots (page, version, taken, bytes, document, text, how, lang, title,"
        " url, description) SELECT 1, i + 2, 1000 * CAST(strftime('%s', '1980-01-15', i ||"
        " ' months') AS INTEGER), 1, s.document, s.text, 'tab', '', '', '', ''"
        " FROM n, snapshots s WHERE s.id = 1",
        &f->err));
    look(f, &seen);
    size_t count = 0;
    for (size_t i = 0; i < seen.months.len; i++)
        count += seen.months.ptr[i] == '|';
    assert_int_equal(count, STATISTICS_MONTHS);
    assert_null(strstr(text_of(&seen.months), "1980-01 "));
    assert_non_null(strstr(text_of(&seen.months), "1980-02 "));
    assert_non_null(strstr(text_of(&seen.months), "2080-01 "));
    seen_finish(&seen);
}

static void it_tells_how_far_it_is_and_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    struct statistics_sums sums;
    seen_init(&seen);
    assert_ok(
        db_execute(f->store,
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                   " INSERT INTO blobs (hash, size, stored, packed, data)"
                   " SELECT randomblob(32), 1, 1, 0, x'01' FROM n",
                   &f->err));
    look(f, &seen);
    assert_int_equal(seen.total, 3000);
    assert_true(seen.told >= 2048 && seen.told <= 3000);
    seen.stop = true;
    seen.told = 0;
    const struct statistics_hooks hooks = hooks_of(&seen);
    assert_error(statistics_count(f->store, &hooks, &sums, &f->err), ERR_CANCELLED);
    /* The store is as usable as before. */
    seen.stop = false;
    seen.told = 0;
    look(f, &seen);
    seen_finish(&seen);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_store_has_nothing),
        TEST(everything_is_counted),
        TEST(what_lies_in_the_trash_counts_as_trashed),
        TEST(what_nothing_refers_to_is_unused),
        TEST(only_the_largest_are_named),
        TEST(odd_times_and_sizes_break_nothing),
        TEST(months_have_a_ceiling),
        TEST(it_tells_how_far_it_is_and_can_be_stopped),
    };
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}

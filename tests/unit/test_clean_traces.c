/* store: clean: what an emptied trash leaves behind, and how a clean-up ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fsck_fixture.h"
#include "store/clean.h"

#define FAR INT64_C(9000000000000) /* ms UTC: later than any test */

static void empty_trash(struct fixture *f, int64_t expected)
{
    struct clean_result result;
    assert_ok(clean_trash(f->store, FAR, NULL, &result, &f->err));
    assert_int_equal(result.pages, expected);
}

static void links_of_the_queue_go_with_their_pages(void **state)
{
    struct fixture *f = *state;
    struct clean_result collected;
    int64_t kept = save(f, "https://example.com/1", "text").page;
    int64_t gone = save(f, "https://example.com/2", "text").page;
    assert_int_equal(kept, 1);
    assert_int_equal(gone, 2);
    fixture_sql(f, "WITH j(state, page) AS (VALUES ('done', 2), ('failed', 2), ('cancelled', 2),"
                   " ('cleared_done', 2), ('waiting', 2), ('done', 1), ('failed', 0))"
                   " INSERT INTO jobs (kind, state, again, media_limit, created, updated, page,"
                   " host, title, tags, url, normalized, note)"
                   " SELECT 'save', state, 0, -1, 1, 1, page, 'example.com', 't', '',"
                   " 'https://example.com/' || page, 'https://example.com/' || page, 'private'"
                   " FROM j");
    assert_ok(pages_trash(f->store, gone, &f->err));
    empty_trash(f, 1);
    assert_int_equal(pragma(f, "SELECT count(*) FROM jobs WHERE page = 2"), 1);
    assert_int_equal(pragma(f, "SELECT count(*) FROM jobs WHERE page = 2 AND state = 'waiting'"),
                     1);
    assert_int_equal(pragma(f, "SELECT count(*) FROM jobs WHERE page <> 2"), 2);
    assert_ok(clean_collect(f->store, NULL, &collected, &f->err));
    assert_clean(f);
}

/* Words of an index begin with what they share with those before them, which is left out. */
static int64_t blocks_with(struct fixture *f, const char *word_end)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM search_data WHERE instr(block, CAST('%s' AS BLOB)) > 0",
             word_end);
    return pragma(f, sql);
}

static void no_word_of_an_emptied_page_stays_in_the_index(void **state)
{
    struct fixture *f = *state;
    struct clean_result collected;
    for (int i = 0; i < 30; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/kept/%d", i);
        save(f, url, "words that stay, as keptkeptword does");
    }
    int64_t page = save(f, "https://example.com/secret", "qqzztopsecretword and some others").page;
    save(f, "https://example.com/kept/last", "words that stay");
    assert_true(blocks_with(f, "topsecretword") > 0);
    assert_ok(pages_trash(f->store, page, &f->err));
    empty_trash(f, 1);
    assert_int_equal(blocks_with(f, "topsecretword"), 0);
    assert_int_equal(fixture_hits(f, "keptkeptword"), 30);
    assert_ok(clean_collect(f->store, NULL, &collected, &f->err));
    assert_clean(f);
}

/* A text that cannot be read any more cannot tell the index which words to let go of. */
static void words_of_an_unreadable_text_do_not_pass_to_the_next_page(void **state)
{
    static const char *const damages[] = {
        "UPDATE blobs SET data = x'00' WHERE id = (SELECT max(text) FROM snapshots)",
        ("UPDATE blobs SET data = CAST(replace(data, 'secret', 'decree') AS BLOB)"
         " WHERE id = (SELECT max(text) FROM snapshots)"),
        "DELETE FROM blobs WHERE id = (SELECT max(text) FROM snapshots)",
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct clean_result collected;
        if (i > 0)
            fixture_setup(state);
        struct fixture *f = *state;
        save(f, "https://example.com/1", "some words");
        int64_t page = save(f, "https://example.com/2", "a secret").page;
        assert_int_equal(fixture_hits(f, "secret"), 1);
        damage(f, damages[i]);
        assert_ok(pages_trash(f->store, page, &f->err));
        empty_trash(f, 1);
        save(f, "https://example.com/3", "other words");
        assert_int_equal(fixture_hits(f, "secret"), 0);
        assert_int_equal(fixture_hits(f, "words"), 2);
        assert_ok(clean_collect(f->store, NULL, &collected, &f->err));
        assert_clean(f);
        if (i + 1 < sizeof damages / sizeof *damages)
            fixture_teardown(state);
    }
}

static void what_was_trashed_in_the_future_is_in_the_trash_now(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    int64_t now = clock_now();
    int64_t before;
    assert_ok(clean_trash_end(f->store, now, &before, &f->err));
    assert_int_equal(before, now + 1);
    save(f, "https://example.com/1", "text");
    save(f, "https://example.com/2", "text");
    fixture_sql(f, "UPDATE pages SET trashed = 4102444800000 WHERE id = 1;"
                   "UPDATE pages SET trashed = 5 WHERE id = 2");
    assert_ok(clean_trash_end(f->store, now, &before, &f->err));
    assert_int_equal(before, 4102444800001);
    assert_ok(clean_trash(f->store, before, NULL, &result, &f->err));
    assert_int_equal(result.pages, 2);
    save(f, "https://example.com/3", "text");
    fixture_sql(f, "UPDATE pages SET trashed = 9223372036854775807");
    assert_ok(clean_trash_end(f->store, now, &before, &f->err));
    assert_true(before == INT64_MAX);
}

static void a_blob_too_large_to_be_read_can_be_removed(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    fixture_sql(f, "INSERT INTO blobs VALUES (50, x'01', 4, 4, 0, x'41414141'),"
                   " (51, x'02', 4, 9223372036854775807, 0, zeroblob(3000000)),"
                   " (52, x'03', 4, 9223372036854775807, 0, x'41414142')");
    sqlite3_limit(f->store->db, SQLITE_LIMIT_LENGTH, 1000000);
    assert_ok(clean_measure(f->store, &result, &f->err));
    assert_int_equal(result.blobs, 3);
    assert_ok(clean_collect(f->store, NULL, &result, &f->err));
    assert_int_equal(result.blobs, 3);
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs"), 0);
}

static int count_steps(void *arg)
{
    ++*(int64_t *)arg;
    return 0;
}

/* The lists of what to remove go on where the last one ended: the used ones are passed once. */
static void used_blobs_are_passed_once(void **state)
{
    struct fixture *f = *state;
    struct clean_result result;
    int64_t steps[2] = {0};
    for (int i = 0; i < 2; i++) {
        /* The second time with three lists' worth of unused ones behind the used. */
        char sql[400];
        snprintf(sql, sizeof sql,
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                 " INSERT INTO blobs (hash, size, stored, packed, data)"
                 " SELECT CAST('u' || i AS BLOB), 900, 900, 0, x'41' FROM n",
                 i == 0 ? 4000 : 12000);
        if (i == 0)
            fixture_sql(f, "INSERT INTO blobs (id, hash, size, stored, packed, data)"
                           " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                           "  WHERE i < 20000) SELECT i, CAST('k' || i AS BLOB), 4, 4, 0, x'41'"
                           " FROM n;"
                           "INSERT INTO snapshot_assets SELECT 1, CAST(id AS BLOB), id, 'stored',"
                           " 'image', '', 0, 0, '', '' FROM blobs");
        fixture_sql(f, sql);
        sqlite3_progress_handler(f->store->db, 100, count_steps, &steps[i]);
        assert_ok(clean_collect(f->store, NULL, &result, &f->err));
        sqlite3_progress_handler(f->store->db, 0, NULL, NULL);
        assert_int_equal(result.blobs, i == 0 ? 4000 : 12000);
    }
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs"), 20000);
    /* Three times as many to remove; with the used ones passed anew for each list it is more than
     * twice as much. */
    if (steps[1] * 10 >= steps[0] * 20)
        fail_msg("%lld steps, then %lld", (long long)steps[0], (long long)steps[1]);
}

static bool stop_at_third(void *arg)
{
    int *asked = arg;
    return ++*asked >= 3;
}

static void compacting_can_be_stopped_and_changes_nothing_then(void **state)
{
    struct fixture *f = *state;
    int asked = 0;
    int64_t bytes;
    const struct clean_hooks hooks = {.interrupted = stop_at_third, .arg = &asked};
    fixture_sql(f, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                   " INSERT INTO blobs (hash, size, stored, packed, data)"
                   " SELECT CAST(i AS BLOB), 4, 4, 0, x'41414141' FROM n");
    fixture_sql(f, "DELETE FROM blobs WHERE id % 2 = 0");
    int64_t free_pages = pragma(f, "PRAGMA page_count");
    assert_error(clean_compact(f->store, &hooks, &bytes, &f->err), ERR_CANCELLED);
    assert_int_equal(pragma(f, "PRAGMA page_count"), free_pages);
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs"), 10000);
    assert_ok(clean_compact(f->store, NULL, &bytes, &f->err));
    assert_true(bytes > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
        TEST(links_of_the_queue_go_with_their_pages),
        TEST(no_word_of_an_emptied_page_stays_in_the_index),
        TEST(words_of_an_unreadable_text_do_not_pass_to_the_next_page),
        TEST(what_was_trashed_in_the_future_is_in_the_trash_now),
        TEST(a_blob_too_large_to_be_read_can_be_removed),
        TEST(used_blobs_are_passed_once),
        TEST(compacting_can_be_stopped_and_changes_nothing_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

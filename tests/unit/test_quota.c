/* store: quota. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/quota.h"
#include "store_fixture.h"

static struct quota get(struct fixture *f)
{
    struct quota quota;
    assert_ok(quota_get(f->store, &quota, &f->err));
    return quota;
}

static void set(struct fixture *f, int64_t bytes, enum quota_when when)
{
    const struct quota quota = {.bytes = bytes, .when = when};
    assert_ok(quota_set(f->store, &quota, &f->err));
}

/* Past the least that can be set. */
static void fill(struct fixture *f)
{
    assert_ok(db_execute(f->store,
                         "INSERT INTO blobs (hash, size, stored, packed, data)"
                         " VALUES (zeroblob(32), 11000000, 11000000, 0, zeroblob(11000000))",
                         &f->err));
}

static void a_new_store_may_take_what_it_likes(void **state)
{
    struct fixture *f = *state;
    struct quota quota = get(f);
    bool media = false;
    assert_int_equal(quota.bytes, 0);
    assert_int_equal(quota.when, QUOTA_WARN);
    assert_true(quota.used > 0 && quota.used % STORE_PAGE_SIZE == 0);
    assert_false(quota.over);
    fill(f);
    assert_false(get(f).over);
    assert_ok(quota_check(f->store, &media, &f->err));
    assert_true(media);
}

static void it_is_kept_and_bounded(void **state)
{
    struct fixture *f = *state;
    set(f, QUOTA_LEAST, QUOTA_REFUSE);
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    assert_int_equal(get(f).bytes, QUOTA_LEAST);
    assert_int_equal(get(f).when, QUOTA_REFUSE);
    const int64_t wrong[] = {-1, 1, QUOTA_LEAST - 1, QUOTA_MOST + 1};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct quota quota = {.bytes = wrong[i]};
        assert_error(quota_set(f->store, &quota, &f->err), ERR_PARAMS);
        assert_string_equal(f->err.field, "quota");
    }
    assert_int_equal(get(f).bytes, QUOTA_LEAST);
    set(f, QUOTA_MOST, QUOTA_NO_MEDIA);
    assert_int_equal(get(f).bytes, QUOTA_MOST);
    set(f, 0, QUOTA_WARN);
    assert_int_equal(get(f).bytes, 0);
}

static void past_it_is_done_what_was_asked_for(void **state)
{
    struct fixture *f = *state;
    bool media = false;
    set(f, QUOTA_LEAST, QUOTA_REFUSE);
    assert_ok(quota_check(f->store, &media, &f->err));
    assert_true(media);
    fill(f);
    assert_true(get(f).over);
    assert_error(quota_check(f->store, &media, &f->err), ERR_QUOTA);
    assert_string_equal(error_name(ERR_QUOTA), "quota");
    set(f, QUOTA_LEAST, QUOTA_NO_MEDIA);
    assert_ok(quota_check(f->store, &media, &f->err));
    assert_false(media);
    set(f, QUOTA_LEAST, QUOTA_WARN);
    assert_ok(quota_check(f->store, &media, &f->err));
    assert_true(media);
    /* To the byte. */
    int64_t used = get(f).used;
    set(f, used, QUOTA_REFUSE);
    assert_false(get(f).over);
    set(f, used - 1, QUOTA_REFUSE);
    assert_true(get(f).over);
}

static void what_others_wrote_there_counts_as_nothing(void **state)
{
    struct fixture *f = *state;
    static const char *const values[] = {"'text'", "-5",    "7",
                                         "x'00'",  "1e300", "9223372036854775807"};
    fill(f);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char sql[200];
        snprintf(sql, sizeof sql,
                 "INSERT OR REPLACE INTO meta (key, value) VALUES ('quota', %s), ('when_full', %s)",
                 values[i], values[i]);
        assert_ok(db_execute(f->store, sql, &f->err));
        assert_int_equal(get(f).bytes, 0);
        assert_int_equal(get(f).when, QUOTA_WARN);
        assert_false(get(f).over);
    }
}

static void names_are_read_as_they_are_written(void **state)
{
    (void)state;
    for (int i = QUOTA_WARN; i <= QUOTA_REFUSE; i++) {
        enum quota_when when = QUOTA_WARN;
        assert_true(quota_when_parse(slice_of(quota_when_name((enum quota_when)i)), &when));
        assert_int_equal(when, i);
    }
    enum quota_when when;
    assert_false(quota_when_parse(slice_of("Warn"), &when));
    assert_false(quota_when_parse(slice_of(""), &when));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_store_may_take_what_it_likes), TEST(it_is_kept_and_bounded),
        TEST(past_it_is_done_what_was_asked_for), TEST(what_others_wrote_there_counts_as_nothing),
        TEST(names_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}

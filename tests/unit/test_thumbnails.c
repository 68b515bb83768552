/* Small pictures of snapshots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/clean.h"
#include "store/thumbnails.h"
#include "store_fixture.h"

#define REF_A "0a000000000000000000000000000001"
#define REF_B "0b000000000000000000000000000002"

static const char webp[] = "RIFF\x10\0\0\0WEBPVP8 a small picture";
static const char jpeg[] = "\xFF\xD8\xFF\xE0 a small picture";
static const char png[] = "\x89PNG\r\n\x1A\n a small picture";

static struct slice bytes_of(const char *text, size_t size)
{
    return slice_make(text, size - 1);
}
#define BYTES(array) bytes_of(array, sizeof array)

/* "snapshot type bytes picture; " of each. */
static bool show(const struct thumbnail_row *row, void *arg)
{
    buf_printf(arg, "%lld %s %zu %s; ", (long long)row->snapshot, row->media_type, row->bytes.len,
               row->picture);
    return true;
}

static void assert_pictures(struct fixture *f, const int64_t *snapshots, size_t count,
                            const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    assert_ok(thumbnails_get(f->store, snapshots, count, show, &out, &f->err));
    assert_true(buf_add_char(&out, '\0'));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void assert_picture(struct fixture *f, int64_t snapshot, const char *expected)
{
    assert_pictures(f, &snapshot, 1, expected);
}

struct asset {
    const char *ref;
    const char *kind;
    const char *media_type;
    size_t size;
};

static int64_t save(struct fixture *f, const char *url, const struct asset *assets, size_t count)
{
    static char picture[9 << 20];
    struct put_counts counts = {0};
    struct snapshot_new new = fixture_snapshot(url, "T", "text");
    struct snapshot_ids ids = fixture_begin(f, &new);
    for (size_t i = 0; i < count; i++) {
        memset(picture, (int)(i + 1), sizeof picture);
        const struct asset_row row = {.ref = assets[i].ref,
                                      .url = "https://example.com/p",
                                      .kind = assets[i].kind,
                                      .state = "stored",
                                      .media_type = assets[i].media_type,
                                      .bytes = slice_make(picture, assets[i].size)};
        assert_ok(snapshots_put_assets(f->store, ids.snapshot, &row, 1, &counts, &f->err));
    }
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    return ids.snapshot;
}

static bool set(struct fixture *f, int64_t snapshot, const char *type, struct slice bytes)
{
    return thumbnails_set(f->store, snapshot, type, bytes, &f->err);
}

static void each_type_is_kept_and_given_back(void **state)
{
    struct fixture *f = *state;
    int64_t one = save(f, "https://example.com/1", NULL, 0);
    int64_t two = save(f, "https://example.com/2", NULL, 0);
    int64_t three = save(f, "https://example.com/3", NULL, 0);
    int64_t four = save(f, "https://example.com/4", NULL, 0);
    assert_ok(set(f, one, "image/webp", BYTES(webp)));
    assert_ok(set(f, two, "image/jpeg", BYTES(jpeg)));
    assert_ok(set(f, three, "image/png", BYTES(png)));
    const int64_t asked[] = {three, 99, one, four, two, one};
    assert_pictures(f, asked, 6,
                    "3 image/png 24 ; 1 image/webp 31 ; 4  0 ; 2 image/jpeg 20 ; "
                    "1 image/webp 31 ; ");
    assert_pictures(f, NULL, 0, "");
}

static void the_largest_picture_of_the_page_is_named(void **state)
{
    struct fixture *f = *state;
    const struct asset two[] = {{REF_A, "image", "image/png", 5000},
                                {REF_B, "image", "image/jpeg", 9000}};
    const struct asset strange[] = {{REF_A, "image", "image/svg+xml", 5000},
                                    {REF_B, "media", "video/mp4", 9000}};
    const struct asset file[] = {{REF_A, "file", "image/webp", 3000}};
    const struct asset least[] = {{REF_A, "image", "image/png", 2048}};
    const struct asset small[] = {{REF_A, "image", "image/png", 2047}};
    const struct asset most[] = {{REF_A, "image", "image/gif", 8 << 20}};
    const struct asset large[] = {{REF_A, "image", "image/gif", (8 << 20) + 1}};
    assert_picture(f, save(f, "https://example.com/1", two, 2), "1  0 " REF_B "; ");
    assert_picture(f, save(f, "https://example.com/2", strange, 2), "2  0 ; ");
    assert_picture(f, save(f, "https://example.com/3", file, 1), "3  0 " REF_A "; ");
    assert_picture(f, save(f, "https://example.com/4", least, 1), "4  0 " REF_A "; ");
    assert_picture(f, save(f, "https://example.com/5", small, 1), "5  0 ; ");
    assert_picture(f, save(f, "https://example.com/6", most, 1), "6  0 " REF_A "; ");
    assert_picture(f, save(f, "https://example.com/7", large, 1), "7  0 ; ");
    /* What is not there any more cannot be read; what is on its way may be another soon. */
    fixture_sql(f, "UPDATE snapshot_assets SET blob = NULL, state = 'failed' WHERE snapshot = 4;"
                   "UPDATE snapshots SET state = 'pending' WHERE id = 1");
    assert_picture(f, 4, "4  0 ; ");
    assert_picture(f, 1, "1  0 ; ");
}

static void where_none_can_be_made_none_is_named_again(void **state)
{
    struct fixture *f = *state;
    const struct asset one[] = {{REF_A, "image", "image/png", 5000}};
    int64_t snapshot = save(f, "https://example.com/1", one, 1);
    assert_picture(f, snapshot, "1  0 " REF_A "; ");
    assert_ok(set(f, snapshot, NULL, (struct slice){0}));
    assert_picture(f, snapshot, "1  0 ; ");
    /* One from elsewhere, of the live page, may still come. */
    assert_ok(set(f, snapshot, "image/png", BYTES(png)));
    assert_picture(f, snapshot, "1 image/png 24 ; ");
    assert_ok(set(f, snapshot, "image/webp", (struct slice){0}));
    assert_picture(f, snapshot, "1  0 ; ");
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs WHERE size = 24"), 0);
}

static void another_takes_its_place_and_the_bytes_go(void **state)
{
    struct fixture *f = *state;
    struct clean_result unused;
    int64_t one = save(f, "https://example.com/1", NULL, 0);
    int64_t two = save(f, "https://example.com/2", NULL, 0);
    assert_ok(set(f, one, "image/png", BYTES(png)));
    assert_ok(set(f, two, "image/png", BYTES(png)));
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs WHERE size = 24"), 1);
    assert_ok(set(f, one, "image/jpeg", BYTES(jpeg)));
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs WHERE size = 24"), 1);
    assert_ok(set(f, two, "image/jpeg", BYTES(jpeg)));
    assert_ok(set(f, two, "image/jpeg", BYTES(jpeg)));
    assert_int_equal(pragma(f, "SELECT count(*) FROM blobs WHERE size = 24"), 0);
    assert_ok(clean_collect(f->store, NULL, &unused, &f->err));
    assert_int_equal(unused.blobs, 0);
    assert_picture(f, one, "1 image/jpeg 20 ; ");
    assert_picture(f, two, "2 image/jpeg 20 ; ");
}

static void one_of_an_unchanged_version_is_the_one_befores(void **state)
{
    struct fixture *f = *state;
    struct clean_result unused;
    struct snapshot_ids same;
    int64_t first = save(f, "https://example.com/1", NULL, 0);
    int64_t second = save(f, "https://example.com/1", NULL, 0);
    assert_ok(set(f, second, "image/png", BYTES(png)));
    assert_ok(snapshots_drop_unchanged(f->store, second, &same, &f->err));
    assert_int_equal(same.snapshot, first);
    assert_picture(f, first, "1 image/png 24 ; ");
    /* One that it has stays, and the other is gone. */
    int64_t third = save(f, "https://example.com/1", NULL, 0);
    assert_ok(set(f, third, "image/jpeg", BYTES(jpeg)));
    assert_ok(snapshots_drop_unchanged(f->store, third, &same, &f->err));
    assert_int_equal(same.snapshot, first);
    assert_picture(f, first, "1 image/png 24 ; ");
    assert_ok(clean_collect(f->store, NULL, &unused, &f->err));
    assert_int_equal(unused.blobs, 0);
}

static void only_small_pictures_are_taken(void **state)
{
    struct fixture *f = *state;
    static char bytes[LIMIT_THUMBNAIL + 1];
    save(f, "https://example.com/1", NULL, 0);
    memcpy(bytes, png, sizeof png);
    assert_ok(set(f, 1, "image/png", slice_make(bytes, LIMIT_THUMBNAIL)));
    assert_picture(f, 1, "1 image/png 24576 ; ");
    assert_error(set(f, 1, "image/png", slice_make(bytes, LIMIT_THUMBNAIL + 1)), ERR_LIMIT);
    assert_error(set(f, 2, "image/png", BYTES(png)), ERR_NOT_FOUND);
    static const char *const types[] = {"image/webp", "image/jpeg", "image/gif", "image/svg+xml",
                                        "text/html",  "",           NULL};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_error(set(f, 1, types[i], BYTES(png)), ERR_PARAMS);
    static const char *const wrong[] = {"<svg onload=x>", "RIFF", "RIFFxxxxWEB", "\xFF\xD8", "R"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_error(set(f, 1, "image/webp", slice_of(wrong[i])), ERR_PARAMS);
        assert_error(set(f, 1, "image/jpeg", slice_of(wrong[i])), ERR_PARAMS);
    }
    assert_picture(f, 1, "1 image/png 24576 ; ");
}

static void a_foreign_store_may_hold_any_pictures(void **state)
{
    struct fixture *f = *state;
    for (int i = 1; i <= 4; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        save(f, url, NULL, 0);
    }
    /* A type that is none, bytes of another type, bytes that are too many, a blob that is none. */
    fixture_sql(f,
                "PRAGMA foreign_keys = OFF;"
                "INSERT INTO blobs VALUES (50, x'01', 8, 8, 0, x'89504e470d0a1a0a'),"
                " (51, x'02', 8, 8, 0, x'3c7376673e414141'),"
                " (52, x'03', 30000, 30000, 0, zeroblob(30000));"
                "UPDATE snapshots SET thumbnail = 50, thumbnail_type = 'text/html' WHERE id = 1;"
                "UPDATE snapshots SET thumbnail = 51, thumbnail_type = 'image/png' WHERE id = 2;"
                "UPDATE snapshots SET thumbnail = 52, thumbnail_type = 'image/png' WHERE id = 3;"
                "UPDATE snapshots SET thumbnail = 77, thumbnail_type = 'image/png' WHERE id = 4");
    const int64_t all[] = {1, 2, 3, 4};
    assert_pictures(f, all, 4, "1  0 ; 2  0 ; 3  0 ; 4  0 ; ");
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(each_type_is_kept_and_given_back),
        with_store(the_largest_picture_of_the_page_is_named),
        with_store(where_none_can_be_made_none_is_named_again),
        with_store(another_takes_its_place_and_the_bytes_go),
        with_store(one_of_an_unchanged_version_is_the_one_befores),
        with_store(only_small_pictures_are_taken),
        with_store(a_foreign_store_may_hold_any_pictures),
    };
#undef with_store
    return cmocka_run_group_tests_name("thumbnails", tests, NULL, NULL);
}

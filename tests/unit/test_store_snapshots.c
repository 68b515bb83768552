/* store: snapshots, snapshot_assets, blobs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "store/blobs.h"
#include "store_fixture.h"

#define REF_A "0123456789abcdef0123456789abcdef"
#define REF_B "ffffffffffffffffffffffffffffffff"
#define REF_C "00000000000000000000000000000000"

static struct asset_row asset(const char *ref, const char *state, const char *bytes)
{
    return (struct asset_row){.ref = ref,
                              .url = "https://example.com/asset",
                              .kind = "image",
                              .state = state,
                              .media_type = "image/png",
                              .bytes = slice_of(bytes),
                              .fault = ERR_STATUS,
                              .status = 404,
                              .reason = "404 Not Found"};
}

static int64_t begin(struct fixture *f, const char *url, const struct asset_row *assets,
                     size_t count)
{
    struct snapshot_new new = fixture_snapshot(url, "T", "text");
    new.assets = assets;
    new.asset_count = count;
    return fixture_begin(f, &new).snapshot;
}

/* "version state assets/failed bytes how url title lang" */
static bool show_snapshot(const struct snapshot_row *row, void *arg)
{
    return buf_printf(arg, "%lld %s %lld/%lld %lld %s %s %s %s;", (long long)row->version,
                      row->state, (long long)row->assets, (long long)row->failed,
                      (long long)row->bytes, row->how, row->url, row->title, row->lang);
}

static void assert_snapshot(struct fixture *f, int64_t snapshot, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(snapshots_get(f->store, snapshot, show_snapshot, &out, &f->err));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

/* "ref-start kind state type size fault status reason" */
static bool show_asset(const struct asset_row *row, void *arg)
{
    assert_int_equal(row->bytes.len, 0);
    return buf_printf(arg, "%.4s %s %s %s %lld %d %lld %s;", row->ref, row->kind, row->state,
                      row->media_type, (long long)row->size, row->fault, (long long)row->status,
                      row->reason);
}

static void assert_assets(struct fixture *f, int64_t snapshot, const char *state,
                          const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(snapshots_assets(f->store, snapshot, state, show_asset, &out, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static int64_t count_blobs(struct fixture *f)
{
    struct store_sizes sizes;
    assert_ok(store_measure(f->store, &sizes, &f->err));
    return sizes.blobs;
}

static void a_capture_goes_from_wanted_to_stored_or_failed(void **state)
{
    struct fixture *f = *state;
    struct asset_row wanted[] = {asset(REF_A, "wanted", ""), asset(REF_B, "wanted", "")};
    int64_t snapshot = begin(f, "https://example.com/", wanted, 2);
    assert_snapshot(f, snapshot, "1 pending 2/2 23 tab https://example.com/ T zh;");
    assert_assets(f, snapshot, NULL,
                  "0123 image wanted image/png 0 0 0 ;ffff image wanted image/png 0 0 0 ;");
    struct put_counts counts = {.written = 10};
    struct asset_row rows[] = {asset(REF_A, "stored", "bytes!"), asset(REF_B, "failed", ""),
                               asset(REF_C, "wanted", "")};
    assert_ok(snapshots_put_assets(f->store, snapshot, rows, 3, &counts, &f->err));
    assert_int_equal(counts.written, 11);
    assert_int_equal(counts.reused, 0);
    assert_int_equal(counts.bytes, 6);
    assert_snapshot(f, snapshot, "1 pending 3/2 29 tab https://example.com/ T zh;");
    assert_assets(f, snapshot, "failed", "ffff image failed image/png 0 1108 404 404 Not Found;");
    assert_assets(f, snapshot, "stored", "0123 image stored image/png 6 0 0 ;");
    assert_assets(f, snapshot, "wanted", "0000 image wanted image/png 0 0 0 ;");
    assert_ok(snapshots_end(f->store, snapshot, &f->err));
    assert_snapshot(f, snapshot, "1 incomplete 3/2 29 tab https://example.com/ T zh;");
    /* A retry brings the rest. */
    rows[1].state = rows[2].state = "stored";
    rows[1].bytes = slice_of("bytes!");
    rows[2].bytes = slice_of("");
    assert_ok(snapshots_put_assets(f->store, snapshot, rows + 1, 2, &counts, &f->err));
    assert_int_equal(counts.written, 12);
    assert_int_equal(counts.reused, 1);
    assert_ok(snapshots_end(f->store, snapshot, &f->err));
    assert_snapshot(f, snapshot, "1 complete 3/0 35 tab https://example.com/ T zh;");
}

static void a_stored_asset_stays_stored(void **state)
{
    struct fixture *f = *state;
    struct put_counts counts = {0};
    int64_t snapshot = begin(f, "https://example.com/", NULL, 0);
    struct asset_row row = asset(REF_A, "stored", "bytes");
    assert_ok(snapshots_put_assets(f->store, snapshot, &row, 1, &counts, &f->err));
    struct asset_row later[] = {asset(REF_A, "failed", ""), asset(REF_A, "wanted", ""),
                                asset(REF_A, "stored", "other bytes")};
    assert_ok(snapshots_put_assets(f->store, snapshot, later, 3, &counts, &f->err));
    assert_assets(f, snapshot, NULL, "0123 image stored image/png 5 0 0 ;");
    assert_snapshot(f, snapshot, "1 pending 1/0 28 tab https://example.com/ T zh;");
}

/* "kind kept/failed/left_out bytes;" */
static bool show_kind(const struct kind_row *row, void *arg)
{
    return buf_printf(arg, "%s %lld/%lld/%lld %lld;", row->kind, (long long)row->kept,
                      (long long)row->failed, (long long)row->left_out, (long long)row->bytes);
}

static void assert_kinds(struct fixture *f, int64_t snapshot, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(snapshots_kinds(f->store, snapshot, show_kind, &out, &f->err));
    assert_string_equal(out.ptr == NULL ? "" : out.ptr, expected);
    buf_finish(&out);
}

static void what_is_left_out_is_neither_stored_nor_missing(void **state)
{
    struct fixture *f = *state;
    struct put_counts counts = {0};
    int64_t snapshot = begin(f, "https://example.com/", NULL, 0);
    struct asset_row rows[] = {asset(REF_A, "left_out", ""), asset(REF_B, "stored", "bytes")};
    rows[0].kind = "media";
    assert_kinds(f, snapshot, "");
    assert_ok(snapshots_put_assets(f->store, snapshot, rows, 2, &counts, &f->err));
    assert_ok(snapshots_end(f->store, snapshot, &f->err));
    assert_snapshot(f, snapshot, "1 complete 2/0 28 tab https://example.com/ T zh;");
    assert_kinds(f, snapshot, "image 1/0/0 5;media 0/0/1 0;");
    assert_assets(f, snapshot, "left_out",
                  "0123 media left_out image/png 0 1108 404 404 Not Found;");
    /* Left out again, then failed, then wanted, left out, and stored at last. */
    static const char *const states[] = {"left_out", "failed", "wanted", "left_out", "stored"};
    static const char *const counted[] = {
        "image 1/0/0 5;media 0/0/1 0;", "image 1/0/0 5;media 0/1/0 0;",
        "image 1/0/0 5;media 0/1/0 0;", "image 1/0/0 5;media 0/0/1 0;",
        "image 1/0/0 5;media 1/0/0 6;"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        rows[0].state = states[i];
        rows[0].bytes = slice_of(strcmp(states[i], "stored") == 0 ? "second" : "");
        assert_ok(snapshots_put_assets(f->store, snapshot, rows, 1, &counts, &f->err));
        assert_kinds(f, snapshot, counted[i]);
    }
    assert_ok(snapshots_end(f->store, snapshot, &f->err));
    assert_snapshot(f, snapshot, "1 complete 2/0 34 tab https://example.com/ T zh;");
    assert_error(snapshots_kinds(f->store, 99, show_kind, NULL, &f->err), ERR_NOT_FOUND);
}

static bool show_note(const struct note_row *row, void *arg)
{
    return buf_printf(arg, "%s %lld;", row->name, (long long)row->count);
}

static void notes_are_kept_where_something_is_counted(void **state)
{
    struct fixture *f = *state;
    static const struct note_row notes[] = {{"frames", 2}, {"none", 0}, {"elements", 1}};
    struct snapshot_new new = fixture_snapshot("https://example.com/", "T", "text");
    new.notes = notes;
    new.note_count = 3;
    int64_t first = fixture_begin(f, &new).snapshot;
    new.note_count = 0;
    int64_t second = fixture_begin(f, &new).snapshot;
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(snapshots_notes(f->store, second, show_note, &out, &f->err));
    assert_int_equal(out.len, 0);
    assert_ok(snapshots_notes(f->store, first, show_note, &out, &f->err));
    assert_string_equal(out.ptr, "elements 1;frames 2;");
    buf_finish(&out);
}

static bool ignore_asset(const struct asset_row *row, void *arg)
{
    (void)row;
    (void)arg;
    return true;
}

static void assert_bytes(struct fixture *f, int64_t snapshot, const char *ref, struct slice bytes)
{
    struct buf out;
    buf_init(&out, 64 << 20);
    buf_add_text(&out, "before");
    assert_ok(snapshots_asset(f->store, snapshot, ref, &out, ignore_asset, NULL, &f->err));
    assert_int_equal(out.len, bytes.len + 6);
    if (bytes.len > 0)
        assert_memory_equal(out.ptr + 6, bytes.ptr, bytes.len);
    buf_finish(&out);
}

static void bytes_come_back_whatever_they_are(void **state)
{
    struct fixture *f = *state;
    size_t big = 3 << 20;
    char *text = malloc(big);
    char *noise = malloc(big);
    assert_non_null(text);
    assert_non_null(noise);
    uint32_t seed = 1;
    for (size_t i = 0; i < big; i++) {
        noise[i] = (char)((seed = seed * 1664525 + 1013904223) >> 24);
        text[i] = "a{color:red}\n\0\xFF"[noise[i] & 7];
    }
    static const char *const types[] = {"text/css",      "image/png", "application/octet-stream",
                                        "image/svg+xml", "",          "font/woff2"};
    static const size_t sizes[] = {0, 1, 63, 64, 65, 4096, 131072, 131073};
    int64_t snapshot = begin(f, "https://example.com/", NULL, 0);
    int number = 0;
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        for (size_t s = 0; s <= sizeof sizes / sizeof *sizes; s++) {
            for (int kind = 0; kind < 2; kind++) {
                char ref[40];
                snprintf(ref, sizeof ref, "%032x", ++number);
                size_t len = s < sizeof sizes / sizeof *sizes ? sizes[s] : big;
                struct asset_row row = asset(ref, "stored", "");
                struct put_counts counts = {0};
                row.media_type = types[t];
                row.bytes = slice_make(kind == 0 ? text : noise, len);
                assert_ok(snapshots_put_assets(f->store, snapshot, &row, 1, &counts, &f->err));
                assert_int_equal(counts.bytes, len);
                assert_bytes(f, snapshot, ref, row.bytes);
            }
        }
    }
    /* Text was packed, noise and what is packed by nature was not. */
    struct store_sizes stored;
    assert_ok(store_measure(f->store, &stored, &f->err));
    assert_true(stored.blob_bytes > (int64_t)big);
    assert_true(stored.blob_bytes < (int64_t)big + (int64_t)big);
    free(text);
    free(noise);
}

static void every_byte_is_stored_once(void **state)
{
    struct fixture *f = *state;
    struct put_counts counts = {0};
    struct asset_row rows[] = {asset(REF_A, "stored", "shared"), asset(REF_B, "stored", "shared"),
                               asset(REF_C, "stored", "own")};
    int64_t first = begin(f, "https://example.com/1", NULL, 0);
    int64_t second = begin(f, "https://example.com/2", NULL, 0);
    assert_int_equal(count_blobs(f), 2); /* one document, one text */
    assert_ok(snapshots_put_assets(f->store, first, rows, 3, &counts, &f->err));
    assert_ok(snapshots_put_assets(f->store, second, rows, 3, &counts, &f->err));
    assert_int_equal(counts.written, 2);
    assert_int_equal(counts.reused, 4);
    assert_int_equal(counts.bytes, 30);
    assert_int_equal(count_blobs(f), 4);
    int64_t unused;
    assert_ok(
        db_get_int(f->store,
                   "SELECT count(*) FROM blobs WHERE id NOT IN (SELECT document FROM snapshots"
                   " UNION SELECT text FROM snapshots UNION SELECT blob FROM snapshot_assets"
                   " WHERE blob IS NOT NULL)",
                   -1, &unused, &f->err));
    assert_int_equal(unused, 0);
}

static void versions_are_listed_newest_first(void **state)
{
    struct fixture *f = *state;
    struct snapshot_new new = fixture_snapshot("https://example.com/", "One", "text");
    struct snapshot_ids first = fixture_begin(f, &new);
    new.title = "Two";
    new.how = "link";
    new.final_url = "https://example.com/final";
    new.lang = "en";
    new.document = slice_of("<!DOCTYPE html><p>second</p>");
    struct snapshot_ids second = fixture_begin(f, &new);
    assert_int_equal(first.page, second.page);
    assert_int_equal(first.version, 1);
    assert_int_equal(second.version, 2);
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(snapshots_list(f->store, first.page, show_snapshot, &out, &f->err));
    assert_string_equal(out.ptr, "2 pending 0/0 28 link https://example.com/final Two en;"
                                 "1 pending 0/0 23 tab https://example.com/ One zh;");
    buf_reset(&out);
    assert_ok(snapshots_list(f->store, 999, show_snapshot, &out, &f->err));
    assert_int_equal(out.len, 0);
    assert_ok(snapshots_document(f->store, first.snapshot, &out, &f->err));
    assert_string_equal(out.ptr, "<!DOCTYPE html><p>x</p>");
    buf_reset(&out);
    assert_ok(snapshots_document(f->store, second.snapshot, &out, &f->err));
    assert_string_equal(out.ptr, "<!DOCTYPE html><p>second</p>");
    buf_finish(&out);
}

static void pending_ones_are_listed_oldest_first_until_they_end(void **state)
{
    struct fixture *f = *state;
    int64_t ids[3];
    for (int i = 0; i < 3; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        ids[i] = begin(f, url, NULL, 0);
    }
    assert_ok(snapshots_end(f->store, ids[1], &f->err));
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(snapshots_list_pending(f->store, show_snapshot, &out, &f->err));
    assert_string_equal(out.ptr, "1 pending 0/0 23 tab https://example.com/0 T zh;"
                                 "1 pending 0/0 23 tab https://example.com/2 T zh;");
    buf_finish(&out);
    struct store_counts counts;
    assert_ok(store_count(f->store, &counts, &f->err));
    assert_int_equal(counts.pending, 2);
    assert_int_equal(counts.snapshots, 3);
}

static void what_is_not_there_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    struct put_counts counts = {0};
    struct asset_row row = asset(REF_A, "wanted", "");
    int64_t snapshot = begin(f, "https://example.com/", &row, 1);
    buf_init(&out, 1 << 20);
    assert_error(snapshots_get(f->store, 99, show_snapshot, &out, &f->err), ERR_NOT_FOUND);
    assert_error(snapshots_end(f->store, 99, &f->err), ERR_NOT_FOUND);
    assert_error(snapshots_document(f->store, 99, &out, &f->err), ERR_NOT_FOUND);
    assert_error(snapshots_assets(f->store, 99, NULL, show_asset, &out, &f->err), ERR_NOT_FOUND);
    assert_error(snapshots_put_assets(f->store, 99, &row, 1, &counts, &f->err), ERR_NOT_FOUND);
    static const char *const refs[] = {REF_B, "", "xyz", "0123456789ABCDEF0123456789ABCDEF",
                                       REF_A "0"};
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
        assert_error(snapshots_asset(f->store, snapshot, refs[i], &out, show_asset, &out, &f->err),
                     ERR_NOT_FOUND);
    assert_error(snapshots_asset(f->store, 99, REF_A, &out, show_asset, &out, &f->err),
                 ERR_NOT_FOUND);
    assert_int_equal(out.len, 0);
    /* One that is only wanted is there, without bytes. */
    assert_ok(snapshots_asset(f->store, snapshot, REF_A, &out, show_asset, &out, &f->err));
    assert_string_equal(out.ptr, "0123 image wanted image/png 0 0 0 ;");
    buf_finish(&out);
}

static void one_bad_row_stores_none(void **state)
{
    struct fixture *f = *state;
    struct put_counts counts = {0};
    int64_t snapshot = begin(f, "https://example.com/", NULL, 0);
    struct asset_row rows[] = {asset(REF_A, "stored", "fine"), asset(REF_B, "lost", "")};
    assert_error(snapshots_put_assets(f->store, snapshot, rows, 2, &counts, &f->err), ERR_PARAMS);
    rows[1] = asset("0123", "wanted", "");
    assert_error(snapshots_put_assets(f->store, snapshot, rows, 2, &counts, &f->err), ERR_PARAMS);
    assert_int_equal(counts.written + counts.bytes, 0);
    assert_int_equal(count_blobs(f), 2);
    assert_assets(f, snapshot, NULL, "");
    struct snapshot_new new = fixture_snapshot("https://example.com/2", "T", "other text");
    struct snapshot_ids ids;
    new.assets = rows;
    new.asset_count = 2;
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_PARAMS);
    int64_t page;
    assert_ok(pages_find(f->store, "https://example.com/2", &page, &f->err));
    assert_int_equal(page, 0);
    assert_int_equal(count_blobs(f), 2);
}

static void urls_have_a_ceiling_and_page_words_are_cut(void **state)
{
    struct fixture *f = *state;
    struct snapshot_ids ids;
    size_t size = LIMIT_TEXT + 10;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'a', size);
    text[size - 1] = '\0';
    struct snapshot_new new = fixture_snapshot(text, "T", "text");
    text[LIMIT_URL + 1] = '\0';
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_LIMIT);
    text[LIMIT_URL] = '\0';
    assert_ok(snapshots_begin(f->store, &new, &ids, &f->err));
    new.normalized_url = "";
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_LIMIT);
    memset(text, 'b', size - 1);
    new = fixture_snapshot("https://example.com/", text, text);
    new.description = text;
    new.lang = text;
    assert_ok(snapshots_begin(f->store, &new, &ids, &f->err));
    int64_t len;
    assert_ok(db_get_int(f->store, "SELECT max(size) FROM blobs", 0, &len, &f->err));
    assert_int_equal(len, LIMIT_TEXT);
    assert_ok(db_get_int(f->store, "SELECT max(length(title)) FROM pages", 0, &len, &f->err));
    assert_int_equal(len, LIMIT_TITLE);
    assert_ok(db_get_int(f->store, "SELECT max(length(lang)) FROM snapshots", 0, &len, &f->err));
    assert_int_equal(len, 256);
    free(text);
}

/* type:size, or nothing */
static bool show_icon(const struct page_row *row, void *arg)
{
    buf_reset(arg);
    return buf_printf(arg, "%s:%zu", row->icon_type, row->icon.len);
}

static void assert_icon(struct fixture *f, const char *expected)
{
    struct buf out;
    buf_init(&out, 100);
    assert_ok(pages_get(f->store, 1, show_icon, &out, &f->err));
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void the_icon_is_the_largest_small_picture(void **state)
{
    struct fixture *f = *state;
    static char bytes[8193];
    memset(bytes, 'i', sizeof bytes);
    struct put_counts counts = {0};
    int64_t snapshot = begin(f, "https://example.com/", NULL, 0);
    static const struct {
        const char *kind;
        const char *type;
        size_t size;
        const char *expected;
    } steps[] = {
        {"image", "image/png", 100, ":0"},
        {"icon", "text/html", 100, ":0"},
        {"icon", "image/png", 8193, ":0"},
        {"icon", "image/png", 0, ":0"},
        {"icon", "image/x-icon", 200, "image/x-icon:200"},
        {"icon", "image/png", 100, "image/x-icon:200"},
        {"icon", "image/svg+xml", 8192, "image/svg+xml:8192"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char ref[40];
        snprintf(ref, sizeof ref, "%032zx", i);
        struct asset_row row = asset(ref, "stored", "");
        row.kind = steps[i].kind;
        row.media_type = steps[i].type;
        row.bytes = slice_make(bytes, steps[i].size);
        assert_ok(snapshots_put_assets(f->store, snapshot, &row, 1, &counts, &f->err));
        assert_icon(f, steps[i].expected);
    }
    /* A damaged one is left out. */
    assert_ok(
        db_execute(f->store, "UPDATE blobs SET hash = randomblob(32) WHERE size = 8192", &f->err));
    assert_icon(f, "image/svg+xml:0");
    /* It is the latest snapshot's. */
    begin(f, "https://example.com/", NULL, 0);
    assert_icon(f, ":0");
}

static void damaged_blobs_are_found_out(void **state)
{
    struct fixture *f = *state;
    static const char *const damages[] = {
        "UPDATE blobs SET hash = randomblob(32)",
        "UPDATE blobs SET hash = substr(hash, 1, 31)",
        "UPDATE blobs SET size = size + 1",
        "UPDATE blobs SET size = -1",
        "UPDATE blobs SET size = 9000000000000000000",
        "UPDATE blobs SET packed = 1 - packed",
        "UPDATE blobs SET data = zeroblob(length(data))",
        "UPDATE blobs SET data = x''",
        "UPDATE blobs SET data = substr(data, 1, length(data) - 1)",
        "PRAGMA foreign_keys = OFF; DELETE FROM blobs; PRAGMA foreign_keys = ON",
    };
    struct buf page;
    buf_init(&page, 1 << 20);
    for (int i = 0; i < 3000; i++)
        buf_add_text(&page, "<p>x</p>");
    for (size_t i = 0; i < 2 * (sizeof damages / sizeof *damages); i++) {
        struct buf out;
        struct put_counts counts = {0};
        struct snapshot_new new = fixture_snapshot("https://example.com/", "T", "text");
        struct asset_row row = asset(REF_A, "stored", "asset bytes");
        if (i % 2 == 1)
            new.document = buf_slice(&page); /* one that is packed */
        int64_t snapshot = fixture_begin(f, &new).snapshot;
        assert_ok(snapshots_put_assets(f->store, snapshot, &row, 1, &counts, &f->err));
        assert_ok(db_execute(f->store, damages[i / 2], &f->err));
        buf_init(&out, 1 << 20);
        buf_add_text(&out, "as it was");
        assert_error(snapshots_document(f->store, snapshot, &out, &f->err), ERR_STORE_CORRUPT);
        assert_error(snapshots_asset(f->store, snapshot, REF_A, &out, ignore_asset, NULL, &f->err),
                     ERR_STORE_CORRUPT);
        assert_int_equal(out.len, 9);
        buf_finish(&out);
        /* The page itself can still be changed and trashed. */
        const struct page_change change = {.note = "n"};
        assert_ok(pages_update(f->store, 1, &change, NULL, &f->err));
        assert_ok(db_execute(f->store,
                             "PRAGMA foreign_keys = OFF; DELETE FROM pages; DELETE FROM snapshots;"
                             "DELETE FROM snapshot_assets; DELETE FROM blobs;"
                             "DELETE FROM sqlite_sequence;"
                             "INSERT INTO search(search) VALUES ('delete-all');"
                             "PRAGMA foreign_keys = ON",
                             &f->err));
    }
    buf_finish(&page);
}

static void a_buffer_too_small_is_told(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    int64_t snapshot = begin(f, "https://example.com/", NULL, 0);
    buf_init(&out, 10);
    assert_error(snapshots_document(f->store, snapshot, &out, &f->err), ERR_LIMIT);
    assert_int_equal(out.len, 0);
    buf_finish(&out);
}

static void a_blob_may_be_as_large_as_what_may_be_fetched(void **state)
{
    struct fixture *f = *state;
    int64_t blob;
    bool written;
    struct buf out;
    buf_init(&out, LIMIT_MEDIA_BODY);
    char *bytes = calloc(1, LIMIT_MEDIA_BODY + 1);
    assert_non_null(bytes);
    assert_true(db_begin(f->store, &f->err));
    assert_error(
        blobs_put(f->store, slice_make(bytes, LIMIT_MEDIA_BODY + 1), "", &blob, &written, &f->err),
        ERR_LIMIT);
    assert_ok(
        blobs_put(f->store, slice_make(bytes, LIMIT_MEDIA_BODY), "", &blob, &written, &f->err));
    assert_ok(blobs_read(f->store, blob, &out, &f->err));
    assert_int_equal(out.len, LIMIT_MEDIA_BODY);
    assert_false(db_end(f->store, false, &f->err));
    buf_finish(&out);
    free(bytes);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(a_capture_goes_from_wanted_to_stored_or_failed),
        with_store(a_stored_asset_stays_stored),
        with_store(what_is_left_out_is_neither_stored_nor_missing),
        with_store(notes_are_kept_where_something_is_counted),
        with_store(bytes_come_back_whatever_they_are),
        with_store(every_byte_is_stored_once),
        with_store(versions_are_listed_newest_first),
        with_store(pending_ones_are_listed_oldest_first_until_they_end),
        with_store(what_is_not_there_is_not_found),
        with_store(one_bad_row_stores_none),
        with_store(urls_have_a_ceiling_and_page_words_are_cut),
        with_store(the_icon_is_the_largest_small_picture),
        with_store(damaged_blobs_are_found_out),
        with_store(a_buffer_too_small_is_told),
        with_store(a_blob_may_be_as_large_as_what_may_be_fetched),
    };
#undef with_store
    return cmocka_run_group_tests_name("store_snapshots", tests, NULL, NULL);
}

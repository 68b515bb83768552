/* What the tests of fsck share: findings as they come, damage behind the store's back, a page with
 * everything. Include after <cmocka.h>. */
#ifndef TESTS_FSCK_FIXTURE_H
#define TESTS_FSCK_FIXTURE_H

#include "app/remake.h"
#include "store/fsck.h"
#include "store/highlights.h"
#include "store/tagging.h"
#include "store_fixture.h"

#include <dirent.h>

#define REF_1 "0123456789abcdef0123456789abcdef"
#define REF_2 "ffffffffffffffffffffffffffffffff"

enum { FOUND_MAX = 600 };

struct seen {
    char codes[FOUND_MAX][32];
    char details[FOUND_MAX][160];
    struct fsck_finding rows[FOUND_MAX];
    size_t count;
    int prepared;
    int stop_after; /* questions whether to go on; 0: never */
    int asked;
    bool refuse; /* to be repaired */
    struct fsck_result result;
};

static inline void note(const struct fsck_finding *finding, void *arg)
{
    struct seen *seen = arg;
    assert_true(seen->count < FOUND_MAX);
    assert_true(finding->text[0] != '\0' && finding->detail != NULL);
    snprintf(seen->codes[seen->count], sizeof *seen->codes, "%s", finding->code);
    seen->rows[seen->count] = *finding;
    seen->rows[seen->count].code = seen->codes[seen->count];
    snprintf(seen->details[seen->count], sizeof *seen->details, "%s", finding->detail);
    seen->rows[seen->count].detail = seen->details[seen->count];
    seen->count++;
}

static inline bool prepare(void *arg, struct error *err)
{
    struct seen *seen = arg;
    seen->prepared++;
    return !seen->refuse || error_set(err, ERR_STORE_FULL, "No room for a backup");
}

static inline bool stop(void *arg)
{
    struct seen *seen = arg;
    return seen->stop_after > 0 && ++seen->asked >= seen->stop_after;
}

static inline bool run(struct fixture *f, struct seen *seen, bool repair)
{
    const struct fsck_hooks hooks = {.found = note,
                                     .interrupted = stop,
                                     .before_repair = prepare,
                                     .make_text = remake_text,
                                     .make_document = remake_document,
                                     .arg = seen};
    seen->count = 0;
    seen->prepared = 0;
    return fsck_run(f->store, repair, &hooks, &seen->result, &f->err);
}

static inline void look(struct fixture *f, struct seen *seen, bool repair)
{
    assert_ok(run(f, seen, repair));
}

static inline const struct fsck_finding *find(const struct seen *seen, const char *code)
{
    for (size_t i = 0; i < seen->count; i++)
        if (strcmp(seen->codes[i], code) == 0)
            return &seen->rows[i];
    return NULL;
}

static inline void assert_clean(struct fixture *f)
{
    struct seen seen = {.count = 0};
    look(f, &seen, false);
    for (size_t i = 0; i < seen.count; i++)
        if (strcmp(seen.codes[i], "asset_unlisted") != 0)
            fail_msg("%s: %s %s", seen.codes[i], seen.rows[i].text, seen.rows[i].detail);
    assert_int_equal(seen.result.faults, 0);
    assert_int_equal(seen.result.orphans, 0);
}

/* Does it behind the store's back, with no rule in the way. */
static inline void damage(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    if (sqlite3_exec(db, "PRAGMA foreign_keys = OFF", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

static const char document_1[] =
    "<!DOCTYPE html><html><head><title>一</title></head><body><p>光明区图书馆 reading room</p>"
    "<img src=\"linksnap-asset:" REF_1 "\"><img src=\"linksnap-asset:" REF_2 "\"></body></html>";

static inline struct snapshot_ids save(struct fixture *f, const char *url, const char *text)
{
    char picture[3000];
    for (size_t i = 0; i < sizeof picture; i++)
        picture[i] = (char)(i * i + 7 * i + (size_t)url[strlen(url) - 1]);
    struct put_counts counts = {0};
    struct snapshot_new new = fixture_snapshot(url, "图书馆", text);
    const struct hop_row hop = {url, "301"};
    const struct note_row report = {"flattened", 2};
    const struct asset_row rows[] = {
        {.ref = REF_1,
         .url = "https://example.com/i.png",
         .kind = "image",
         .state = "stored",
         .media_type = "image/png",
         .bytes = slice_make(picture, sizeof picture)},
        {.ref = REF_2,
         .url = "https://example.com/icon.svg",
         .kind = "icon",
         .state = "stored",
         .media_type = "image/svg+xml",
         .bytes = slice_of("<svg>a shared icon of the site</svg>")},
    };
    new.document = slice_of(document_1);
    new.hops = &hop;
    new.hop_count = 1;
    new.notes = &report;
    new.note_count = 1;
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_ok(snapshots_put_assets(f->store, ids.snapshot, rows, 2, &counts, &f->err));
    assert_ok(snapshots_end(f->store, ids.snapshot, &f->err));
    return ids;
}

/* A store with a little of everything: three pages, one in the trash, tags, steps, a job, words
 * that were marked. */
static inline int shelf_setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    struct fixture *f = *state;
    static const char *const urls[] = {"https://example.com/1", "https://example.com/2",
                                       "https://example.com/3"};
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof text, "光明区图书馆 reading room number %zu, and its catalogue", i);
        int64_t page = save(f, urls[i], text).page;
        fixture_tag(f, page, i == 1 ? "其他" : "阅读");
    }
    save(f, urls[0], "光明区图书馆 second version of the page");
    const char *tag = "later";
    const int64_t pages[] = {2};
    const struct pages_edit edit = {
        .pages = pages, .count = 1, .add = &tag, .add_count = 1, .trash = EDIT_TRASH};
    int64_t changed;
    int64_t step;
    const struct highlight_new marked = {.snapshot = 1, .quote = "光明区", .note = "marked words"};
    assert_ok(highlights_add(f->store, &marked, &changed, &f->err));
    assert_ok(tagging_edit(f->store, &edit, &changed, &step, &f->err));
    damage(f, "INSERT INTO jobs (kind, again, media_limit, created, updated, page, host, title,"
              " tags, url, normalized) VALUES ('save', 0, -1, 1, 1, 0, 'example.com', 't', '',"
              " 'https://example.com/4', 'https://example.com/4');"
              "INSERT INTO page_urls VALUES ('https://example.com/other', 1);"
              "INSERT INTO page_health VALUES (1, 1, 'ok', 0, 0, '', '')");
    return 0;
}

static inline bool note_row(const struct snapshot_row *row, void *arg)
{
    struct snapshot_row *out = arg;
    *out = *row;
    out->state = strcmp(row->state, "complete") == 0 ? "complete" : "other";
    return true;
}

static inline struct snapshot_row snapshot(struct fixture *f, int64_t id)
{
    struct snapshot_row row;
    assert_ok(snapshots_get(f->store, id, note_row, &row, &f->err));
    return row;
}

static inline void remove_damaged(struct fixture *f)
{
    DIR *folder = opendir(f->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char file[800];
        snprintf(file, sizeof file, "%s/%s", f->folder, entry->d_name);
        if (strncmp(entry->d_name, "store.db.damaged-", 17) == 0)
            assert_int_equal(unlink(file), 0);
    }
    closedir(folder);
}

static inline int shelf_teardown(void **state)
{
    remove_damaged(*state);
    return fixture_teardown(state);
}

#define SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_setup, shelf_teardown)

#endif

/* A store in a folder of its own, for the tests of store/. Include after <cmocka.h>. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "store/db.h"
#include "store/pages.h"
#include "store/search.h"
#include "store/snapshots.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    char folder[256];
    char path[300];
    struct store *store;
    struct error err;
};

/* Fails with what the store said. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %d %s", #call, f->err.code, f->err.text);                                \
    } while (0)

#define assert_error(call, expected)                                                               \
    do {                                                                                           \
        f->err = (struct error){0};                                                                \
        assert_false(call);                                                                        \
        assert_int_equal(f->err.code, expected);                                                   \
        assert_true(f->err.text[0] != '\0');                                                       \
    } while (0)

static inline void fixture_folder(struct fixture *f)
{
    const char *base = getenv("TMPDIR");
    memset(f, 0, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "%s/linksnap-test-XXXXXX", base == NULL ? "/tmp" : base);
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/store.db", f->folder);
}

static inline void fixture_open(struct fixture *f, enum store_mode mode)
{
    assert_ok(store_open(f->path, mode, &f->store, &f->err));
}

static inline void fixture_close(struct fixture *f)
{
    store_close(f->store);
    f->store = NULL;
}

static inline void fixture_remove(struct fixture *f)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    fixture_close(f);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[320];
        snprintf(name, sizeof name, "%s%s", f->path, suffixes[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(f->folder), 0);
}

/* For cmocka: each test gets an open, empty store as *state. */
static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_folder(f);
    fixture_open(f, STORE_CREATE);
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    fixture_remove(*state);
    free(*state);
    return 0;
}

/* A snapshot with everything a test does not care about filled in. */
static inline struct snapshot_new fixture_snapshot(const char *url, const char *title,
                                                   const char *text)
{
    return (struct snapshot_new){.normalized_url = url,
                                 .url = url,
                                 .final_url = url,
                                 .site = "example.com",
                                 .how = "tab",
                                 .title = title,
                                 .description = "",
                                 .lang = "zh",
                                 .text = text,
                                 .document = slice_of("<!DOCTYPE html><p>x</p>"),
                                 .taken = 1795200000000};
}

static inline struct snapshot_ids fixture_begin(struct fixture *f, const struct snapshot_new *new)
{
    struct snapshot_ids ids = {0};
    assert_ok(snapshots_begin(f->store, new, &ids, &f->err));
    return ids;
}

static inline int64_t fixture_save(struct fixture *f, const char *url, const char *title,
                                   const char *text)
{
    struct snapshot_new new = fixture_snapshot(url, title, text);
    return fixture_begin(f, &new).page;
}

static inline void fixture_tag(struct fixture *f, int64_t page, const char *tag)
{
    const struct page_change change = {.tags = &tag, .tag_count = 1, .set_tags = true};
    assert_ok(pages_update(f->store, page, &change, NULL, &f->err));
}

/* Runs SQL behind the store's back. */
static inline void fixture_sql(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

/* For cmocka: each test gets a folder without a store. */
static inline int folder_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_folder(f);
    *state = f;
    return 0;
}

static inline void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static inline struct buf read_file(const char *path)
{
    struct buf out;
    buf_init(&out, 64 << 20);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char bytes[4096];
    size_t len;
    while ((len = fread(bytes, 1, sizeof bytes, file)) > 0)
        assert_true(buf_add(&out, bytes, len));
    fclose(file);
    return out;
}

static inline int64_t pragma(struct fixture *f, const char *sql)
{
    int64_t value = -1;
    assert_ok(db_get_int(f->store, sql, -1, &value, &f->err));
    return value;
}

static inline bool nothing_hit(const struct search_hit *hit, void *arg)
{
    (void)hit;
    (void)arg;
    return true;
}

/* How many pages a query finds. */
static inline int64_t fixture_hits(struct fixture *f, const char *query)
{
    const struct search_request request = {
        .query = slice_of(query), .limit = 10, .now = 1795200000000};
    struct search_end end = {0};
    assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err));
    return end.total;
}

static inline bool nothing_page(const struct page_row *row, void *arg)
{
    (void)row;
    (void)arg;
    return true;
}

/* Runs `work` in a child and returns its exit code. */
static inline int in_child(struct fixture *f, int (*work)(struct fixture *))
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(work(f));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#endif

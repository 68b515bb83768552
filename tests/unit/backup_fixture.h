/* What tests of backups and of old stores look at: a folder's files, and stores that are read
 * without being touched. Include after <cmocka.h>. */
#ifndef TESTS_BACKUP_FIXTURE_H
#define TESTS_BACKUP_FIXTURE_H

#include "search_fixture.h"

#include <dirent.h>
#include <sys/stat.h>

/* "name " for each file of the folder, sorted. */
static inline void list_folder(const char *folder, char *out, size_t size)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    assert_true(count >= 0);
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t used = strlen(out);
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            snprintf(out + used, size - used, "%s ", name);
        free(entries[i]);
    }
    free(entries);
}

static inline void assert_files(const struct fixture *f, const char *expected)
{
    char names[1024];
    list_folder(f->folder, names, sizeof names);
    assert_string_equal(names, expected);
}

/* The first file whose name begins so, in *path_out. */
static inline bool find_file(const struct fixture *f, const char *start, char path_out[600])
{
    bool found = false;
    DIR *folder = opendir(f->folder);
    assert_non_null(folder);
    for (struct dirent *entry; !found && (entry = readdir(folder)) != NULL;) {
        found = strncmp(entry->d_name, start, strlen(start)) == 0;
        if (found)
            snprintf(path_out, 600, "%s/%s", f->folder, entry->d_name);
    }
    closedir(folder);
    return found;
}

/* For cmocka: whatever lies in the folder goes. */
static inline int backup_teardown(void **state)
{
    struct fixture *f = *state;
    char path[600];
    fixture_close(f);
    assert_int_equal(chmod(f->folder, 0700), 0);
    while (find_file(f, "store.", path) || find_file(f, "kept.", path))
        assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(f->folder), 0);
    free(f);
    return 0;
}

/* One number out of a file that is opened for reading alone, as any program would. */
static inline int64_t ask(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static inline bool is_whole(const char *path)
{
    return ask(path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1 &&
           ask(path, "SELECT count(*) FROM pragma_foreign_key_check") == 0;
}

/* Makes a store as a version of before left it. */
static inline void load_version(struct fixture *f, int version)
{
    char name[64];
    snprintf(name, sizeof name, "tests/fixtures/store/version_%d.sql", version);
    struct buf text = read_file(name);
    assert_true(buf_add_char(&text, '\0'));
    fixture_sql(f, text.ptr);
    buf_finish(&text);
    assert_int_equal(ask(f->path, "PRAGMA user_version"), version);
}

static inline void name_file(const struct fixture *f, const char *name, char out[600])
{
    snprintf(out, 600, "%s/%s", f->folder, name);
}

static inline void save_many(struct fixture *f, int from, int to)
{
    for (int i = from; i < to; i++) {
        char url[64];
        char text[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        snprintf(text, sizeof text, "正文 number%d of them", i);
        fixture_save(f, url, "标题 title", text);
    }
}

static inline int64_t count_pages(struct fixture *f)
{
    return pragma(f, "SELECT count(*) FROM pages");
}

static inline int64_t found(struct fixture *f, const char *query)
{
    struct buf ids;
    buf_init(&ids, 65536);
    struct search_end end = run(f, slice_of(query), SEARCH_RANK, 1, "", &ids);
    buf_finish(&ids);
    return end.total;
}

static inline bool stop_at_once(void *arg)
{
    int *left = arg;
    return (*left)-- <= 0;
}

#endif

/* store: schema: files that earlier versions wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search_fixture.h"
#include "store/fts.h"
#include "store/health.h"
#include "store/jobs.h"
#include "store/tagging.h"
#include "store/undo.h"
#include "store/verify.h"

/* Makes a store out of a fixture; `sql` makes it older than that. */
static void make_old(struct fixture *f, const char *sql)
{
    struct store old = {0};
    struct buf text = read_file("tests/fixtures/store/version_3.sql");
    assert_true(buf_add_char(&text, '\0'));
    assert_ok(folder_create(&old.folder, &f->err));
    assert_ok(db_open(&old, f->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &f->err));
    assert_ok(fts_register(&old, &f->err));
    assert_ok(db_execute(&old, text.ptr, &f->err));
    assert_ok(db_execute(&old, sql, &f->err));
    db_close(&old);
    folder_destroy(old.folder);
    buf_finish(&text);
}

static void assert_found(struct fixture *f, const char *query, const char *expected)
{
    struct buf ids;
    buf_init(&ids, 4096);
    run(f, slice_of(query), SEARCH_RANK, 10, "", &ids);
    assert_string_equal(ids.ptr == NULL ? "" : ids.ptr, expected);
    buf_finish(&ids);
}

static bool show_snapshot(const struct snapshot_row *row, void *arg)
{
    return buf_printf(arg, "%lld %s %s %s '%s' %lld", (long long)row->version, row->state,
                      row->title, row->kind, row->file_name, (long long)row->bytes);
}

static bool no_hop(const struct hop_row *row, void *arg)
{
    (void)row;
    (void)arg;
    fail_msg("a hop in an old snapshot");
    return true;
}

static bool check_page(const struct page_row *row, void *arg)
{
    assert_string_equal(row->note, "备注");
    assert_int_equal(row->tag_count, 1);
    assert_string_equal(row->tags[0], "读书");
    assert_string_equal(row->kind, "page");
    assert_null(row->health);
    *(bool *)arg = true;
    return true;
}

static void assert_whole(struct fixture *f)
{
    bool checked = false;
    struct buf out;
    uint8_t digest[DIGEST_SIZE];
    char hex[2 * DIGEST_SIZE + 1];
    assert_int_equal(pragma(f, "PRAGMA user_version"), 5);
    assert_ok(verify_digest(f->store, digest, &f->err));
    digest_hex(digest, sizeof digest, hex);
    assert_string_equal(hex, VERIFY_LATEST);
    buf_init(&out, 4096);
    assert_ok(snapshots_get(f->store, 1, show_snapshot, &out, &f->err));
    assert_string_equal(out.ptr, "1 complete 旧的一页 page '' 26");
    assert_ok(snapshots_hops(f->store, 1, no_hop, NULL, &f->err));
    assert_ok(pages_get(f->store, 1, check_page, &checked, &f->err));
    assert_true(checked);
    assert_found(f, "needle tag:读书 快照", "1 ");
    assert_found(f, "is:pdf", "");
    assert_found(f, "-is:pdf -is:broken needle", "1 ");
    assert_ok(
        db_execute(f->store, "INSERT INTO search(search) VALUES ('integrity-check')", &f->err));
    assert_int_equal(pragma(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    buf_finish(&out);
}

/* What is new works in it too. */
static void use(struct fixture *f)
{
    const char *spelling = "http://example.com/a";
    struct snapshot_new new = fixture_snapshot("https://example.com/a", "新的一页", "newer");
    new.kind = "pdf";
    new.spellings = &spelling;
    new.spelling_count = 1;
    struct snapshot_ids ids = fixture_begin(f, &new);
    assert_int_equal(ids.page, 1);
    assert_int_equal(ids.version, 2);
    assert_found(f, "is:pdf newer", "1 ");
    const struct health_row health = {
        .page = 1, .state = "gone", .checked = 1, .reason = "404", .url = ""};
    assert_ok(health_put(f->store, &health, &f->err));
    assert_found(f, "is:broken", "1 ");
    const struct job_new job = {.kind = "save",
                                .url = spelling,
                                .normalized = spelling,
                                .host = "example.com",
                                .title = ""};
    int64_t id;
    assert_ok(jobs_add(f->store, &job, 1, &id, &f->err));
    assert_int_equal(id, 1);
    bool merged;
    int64_t step;
    int64_t changed;
    int64_t kept;
    int64_t redo;
    assert_ok(tagging_colour(f->store, "读书", "#00ff00", &f->err));
    assert_ok(tagging_rename(f->store, "读书", "阅读", &merged, &step, &f->err));
    assert_found(f, "tag:阅读 newer", "1 ");
    assert_ok(undo_apply(f->store, step, &changed, &kept, &redo, &f->err));
    assert_found(f, "tag:读书 newer", "1 ");
}

static void a_store_of_version_3_is_brought_up_to_date(void **state)
{
    struct fixture *f = *state;
    make_old(f, "INSERT INTO jobs (kind, state, created, updated, url)"
                " VALUES ('save', 'waiting', 1, 1, 'u')");
    fixture_open(f, STORE_EXISTING);
    assert_whole(f);
    use(f);
    fixture_close(f);
    fixture_open(f, STORE_EXISTING);
    assert_found(f, "is:pdf newer", "1 ");
}

static void a_store_of_version_1_is_brought_up_to_date(void **state)
{
    struct fixture *f = *state;
    make_old(f, "DROP TABLE snapshot_notes; DROP INDEX pages_title; DROP INDEX pages_site;"
                "DROP INDEX pages_facts; DROP INDEX pages_saved; DROP INDEX pages_order;"
                "DROP INDEX snapshots_lang; PRAGMA user_version = 1");
    fixture_open(f, STORE_EXISTING);
    assert_whole(f);
    use(f);
}

static void an_old_store_cannot_be_opened_for_reading_alone(void **state)
{
    struct fixture *f = *state;
    make_old(f, "");
    assert_error(store_open(f->path, STORE_READ_ONLY, &f->store, &f->err), ERR_STORE_READONLY);
    fixture_open(f, STORE_EXISTING);
    fixture_close(f);
    fixture_open(f, STORE_READ_ONLY);
    assert_found(f, "needle", "1 ");
}

static int open_and_search(struct fixture *f)
{
    bool ok = store_open(f->path, STORE_EXISTING, &f->store, &f->err);
    int64_t page = 0;
    ok = ok && pages_find(f->store, "https://example.com/a", &page, &f->err);
    store_close(f->store);
    return ok && page == 1 ? 0 : 1;
}

static void two_processes_bring_it_up_to_date_at_once(void **state)
{
    struct fixture *f = *state;
    enum { PROCESSES = 4 };
    pid_t pids[PROCESSES];
    make_old(f, "");
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            _exit(open_and_search(f));
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    fixture_open(f, STORE_EXISTING);
    assert_whole(f);
}

int main(void)
{
#define in_folder(test) cmocka_unit_test_setup_teardown(test, folder_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        in_folder(a_store_of_version_3_is_brought_up_to_date),
        in_folder(a_store_of_version_1_is_brought_up_to_date),
        in_folder(an_old_store_cannot_be_opened_for_reading_alone),
        in_folder(two_processes_bring_it_up_to_date_at_once),
    };
#undef in_folder
    return cmocka_run_group_tests_name("store_versions", tests, NULL, NULL);
}

/* store: snapshots: what another process changes between two looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_fixture.h"

struct other {
    struct fixture *f;
    bool done;
};

/* Gives the first two documents each other's number, as the store reads the first one's bytes. */
static int swap_documents(unsigned event, void *arg, void *statement, void *text)
{
    struct other *other = arg;
    (void)event;
    (void)text;
    if (other->done || strstr(sqlite3_sql(statement), "FROM blobs") == NULL)
        return 0;
    other->done = true;
    fixture_sql(other->f, "BEGIN; UPDATE blobs SET id = 1000 WHERE id ="
                          " (SELECT document FROM snapshots WHERE id = 1);"
                          "UPDATE blobs SET id = (SELECT document FROM snapshots WHERE id = 1)"
                          " WHERE id = (SELECT document FROM snapshots WHERE id = 2);"
                          "UPDATE snapshots SET document = 1000 WHERE id = 1; COMMIT");
    return 0;
}

static void a_document_is_that_of_its_snapshot_at_one_moment(void **state)
{
    struct fixture *f = *state;
    struct other other = {.f = f};
    struct buf bytes;
    for (int i = 0; i < 2; i++) {
        struct snapshot_new new =
            fixture_snapshot(i == 0 ? "https://example.com/a" : "https://example.com/b", "T", "t");
        new.document = slice_of(i == 0 ? "<p>of the first" : "<p>of the second");
        fixture_begin(f, &new);
    }
    buf_init(&bytes, 1000);
    sqlite3_trace_v2(f->store->db, SQLITE_TRACE_STMT, swap_documents, &other);
    assert_ok(snapshots_document(f->store, 1, &bytes, &f->err));
    sqlite3_trace_v2(f->store->db, 0, NULL, NULL);
    assert_true(other.done);
    assert_true(slice_equal(buf_slice(&bytes), slice_of("<p>of the first")));
    buf_reset(&bytes);
    assert_ok(snapshots_document(f->store, 1, &bytes, &f->err));
    assert_true(slice_equal(buf_slice(&bytes), slice_of("<p>of the first")));
    buf_finish(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_document_is_that_of_its_snapshot_at_one_moment,
                                        fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests_name("snapshot moments", tests, NULL, NULL);
}

/* The file as SQLite sees it. */
#include "store/fsck_run.h"

#include "base/limits.h"

/* What REINDEX can put right; the words are SQLite's. */
static bool is_of_an_index(struct slice complaint)
{
    static const char *const words[] = {"missing from index", "wrong # of entries in index",
                                        "values differ from index"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (slice_find(complaint, 0, slice_of(words[i])) < complaint.len)
            return true;
    }
    return false;
}

/* What SQLite complains of, a NUL after each. */
static bool collect(struct fsck *run, struct buf *complaints, bool *index_out, struct error *err)
{
    static const char sql[] = "PRAGMA integrity_check(100)";
    bool row;
    bool ok;
    sqlite3_stmt *statement = db_prepare_once(run->store, slice_of(sql), err);
    if (statement == NULL)
        return false;
    *index_out = false;
    while ((ok = db_step(run->store, statement, &row, err)) && row) {
        struct slice complaint = db_text(statement, 0);
        if (slice_equal(complaint, slice_of("ok")))
            continue;
        *index_out = *index_out || is_of_an_index(complaint);
        buf_add_slice(complaints, complaint);
        buf_add_char(complaints, '\0');
    }
    db_done(run->store, statement);
    return ok && buf_ok(complaints, "What is wrong with the file", err);
}

static bool reindex(struct fsck *run, bool *done_out, struct error *err)
{
    bool index = false;
    struct buf left;
    *done_out = false;
    if (!fsck_begin(run, err))
        return false;
    if (!db_end(run->store, db_execute(run->store, "REINDEX", err), err)) {
        /* Rows that an index should have kept apart: it stays as it is. */
        if (err->code != ERR_STORE && err->code != ERR_STORE_CORRUPT)
            return false;
        *err = (struct error){0};
        return true;
    }
    buf_init(&left, MIB);
    bool ok = collect(run, &left, &index, err);
    buf_finish(&left);
    *done_out = ok && !index;
    return ok;
}

static void report(struct fsck *run, const char *complaint, bool mended)
{
    bool index = is_of_an_index(slice_of(complaint));
    fsck_report(run,
                &(struct fsck_finding){
                    .code = index ? "file_index" : "file_damaged",
                    .text = index ? "An index does not agree with its table."
                                  : "The file itself is damaged: linksnap restore puts a backup in "
                                    "its place.",
                    .detail = complaint,
                    .fault = true,
                    .mendable = index,
                    .mended = index && mended,
                });
}

bool fsck_file(struct fsck *run, struct error *err)
{
    bool index = false;
    bool mended = false;
    struct buf complaints;
    buf_init(&complaints, MIB);
    fsck_progress(run, "file", 0, 0);
    bool ok = collect(run, &complaints, &index, err);
    if (ok && index && run->repair)
        ok = reindex(run, &mended, err);
    for (size_t at = 0; ok && at < complaints.len; at += strlen(complaints.ptr + at) + 1)
        report(run, complaints.ptr + at, mended);
    buf_finish(&complaints);
    return ok;
}

/* Goes through checks of rows. What is wrong is looked for without a lock, all of it at once; each
 * row is then asked about again, mended and asked about once more in a short transaction. */
#include "store/fsck_check.h"

#include "base/limits.h"
#include "store/ords.h"

enum { BATCH = 64 }; /* rows that are mended in one transaction */

struct found {
    int64_t page;
    int64_t snapshot;
    bool there; /* still, when its turn came */
    bool mended;
};

static void report(struct fsck *run, const struct row_check *check, const struct found *found)
{
    fsck_report(run, &(struct fsck_finding){
                         .code = check->code,
                         .text = check->text,
                         .page = found->page,
                         .snapshot = found->snapshot,
                         .fault = check->fault,
                         .mendable = check->mend[0] != NULL,
                         .mended = found->mended,
                     });
}

static bool look(struct fsck *run, const struct row_check *check, struct error *err)
{
    bool row;
    bool ok;
    sqlite3_stmt *statement = db_prepare(run->store, check->find, err);
    if (statement == NULL)
        return false;
    while ((ok = db_step(run->store, statement, &row, err)) && row) {
        struct found found = {.page = sqlite3_column_int64(statement, 1),
                              .snapshot = sqlite3_column_int64(statement, 2)};
        report(run, check, &found);
    }
    db_done(run->store, statement);
    return ok;
}

/* ---- Mending ---- */

/* What asks for one key. */
static sqlite3_stmt *prepare_ask(struct fsck *run, const struct row_check *check, struct error *err)
{
    struct buf sql;
    sqlite3_stmt *statement = NULL;
    buf_init(&sql, MIB);
    buf_printf(&sql,
               "WITH f(key, page, snapshot) AS (%s)"
               " SELECT page, snapshot FROM f WHERE key = ?1 LIMIT 1",
               check->find);
    if (buf_ok(&sql, "A check", err))
        statement = db_prepare_once(run->store, buf_slice(&sql), err);
    buf_finish(&sql);
    return statement;
}

static bool ask(struct fsck *run, sqlite3_stmt *statement, int64_t key, struct found *found,
                bool *there_out, struct error *err)
{
    bool row;
    db_bind_int(run->store, statement, 1, key);
    bool ok = db_step(run->store, statement, &row, err);
    if (ok && row) {
        found->page = sqlite3_column_int64(statement, 0);
        found->snapshot = sqlite3_column_int64(statement, 1);
    }
    if (ok)
        *there_out = row;
    db_reset(statement);
    return ok;
}

/* What a rule of the schema refuses stays as it is: the statement alone is taken back. */
static bool refused(struct fsck *run, struct error *err)
{
    if (err->code != ERR_STORE || (sqlite3_errcode(run->store->db) & 0xFF) != SQLITE_CONSTRAINT)
        return false;
    *err = (struct error){0};
    return true;
}

static bool mend_row(struct fsck *run, const struct row_check *check, int64_t key,
                     struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < FSCK_MENDS && check->mend[i] != NULL; i++) {
        sqlite3_stmt *statement = db_prepare(run->store, check->mend[i], err);
        ok = statement != NULL;
        if (ok) {
            db_bind_int(run->store, statement, 1, key);
            ok = db_run(run->store, statement, err) || refused(run, err);
        }
        db_done(run->store, statement);
    }
    return ok;
}

/* What others have mended or changed in the meantime is passed over. */
static bool mend_batch(struct fsck *run, const struct row_check *check, const int64_t *keys,
                       size_t count, struct found *found, struct error *err)
{
    if (!fsck_begin(run, err))
        return false;
    sqlite3_stmt *statement = prepare_ask(run, check, err);
    bool ok = statement != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        bool left = false;
        found[i] = (struct found){.page = 0};
        ok = ask(run, statement, keys[i], &found[i], &found[i].there, err);
        if (ok && found[i].there)
            ok = mend_row(run, check, keys[i], err) &&
                 ask(run, statement, keys[i], &found[i], &left, err);
        found[i].mended = !left;
    }
    db_done(run->store, statement);
    return db_end(run->store, ok, err);
}

static bool mend(struct fsck *run, const struct row_check *check, const struct ords *keys,
                 struct error *err)
{
    struct found found[BATCH];
    size_t total = ords_count(keys);
    for (size_t at = 0; at < total; at += BATCH) {
        size_t count = total - at < BATCH ? total - at : BATCH;
        if (!fsck_goes_on(run, err) ||
            !mend_batch(run, check, ords_list(keys) + at, count, found, err))
            return false;
        for (size_t i = 0; i < count; i++)
            if (found[i].there)
                report(run, check, &found[i]);
    }
    return true;
}

static bool look_and_mend(struct fsck *run, const struct row_check *check, struct error *err)
{
    struct ords keys;
    ords_init(&keys);
    bool ok = fsck_fill(&keys, run->store, db_prepare(run->store, check->find, err), err);
    ords_sort(&keys, true);
    ok = ok && mend(run, check, &keys, err);
    ords_finish(&keys);
    return ok;
}

bool fsck_check_rows(struct fsck *run, const struct row_check *checks, size_t count,
                     struct error *err)
{
    /* All of one state of the store; mending needs none, since each of its steps looks again. */
    if (!run->repair && !db_begin_read(run->store, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        fsck_progress(run, "rows", (int64_t)i, (int64_t)count);
        ok = run->repair && checks[i].mend[0] != NULL ? look_and_mend(run, &checks[i], err)
                                                      : look(run, &checks[i], err);
    }
    if (!run->repair)
        db_end_read(run->store);
    return ok;
}

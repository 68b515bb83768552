#include "store/undo_log.h"

#include "base/clock.h"
#include "store/undo.h"

struct undo_row {
    int64_t page;
    int64_t was_trashed;
    int64_t now_trashed;
    struct slice was_name;
    struct slice now_name;
    struct slice colour;
    const char *field;
};

bool undo_log_begin(struct undo_log *log, struct store *store, const char *kind, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "INSERT INTO undo_steps (made, kind) VALUES (?1, ?2)", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, clock_now());
    db_bind_string(store, statement, 2, kind);
    bool ok = db_run(store, statement, err);
    *log = (struct undo_log){.store = store, .step = sqlite3_last_insert_rowid(store->db)};
    db_done(store, statement);
    return ok;
}

static bool add(struct undo_log *log, const struct undo_row *row, struct error *err)
{
    struct store *store = log->store;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "INSERT INTO undo_rows (step, seq, page, was_trashed, now_trashed, was_name,"
                   " now_name, colour, field) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, log->step);
    db_bind_int(store, statement, 2, log->rows);
    db_bind_int(store, statement, 3, row->page);
    db_bind_int(store, statement, 4, row->was_trashed);
    db_bind_int(store, statement, 5, row->now_trashed);
    db_bind_text(store, statement, 6, row->was_name);
    db_bind_text(store, statement, 7, row->now_name);
    db_bind_text(store, statement, 8, row->colour);
    db_bind_string(store, statement, 9, row->field);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    log->rows++;
    return ok;
}

bool undo_log_tag(struct undo_log *log, struct slice was, struct slice now, struct slice colour,
                  struct error *err)
{
    return add(log, &(struct undo_row){.was_name = was, .now_name = now, .colour = colour}, err);
}

bool undo_log_page_tag(struct undo_log *log, int64_t page, struct slice name, bool has_now,
                       struct error *err)
{
    const struct slice none = {0};
    struct undo_row row = {
        .page = page, .was_name = has_now ? none : name, .now_name = has_now ? name : none};
    return add(log, &row, err);
}

bool undo_log_trash(struct undo_log *log, int64_t page, int64_t was, int64_t now, struct error *err)
{
    return add(log, &(struct undo_row){.page = page, .was_trashed = was, .now_trashed = now}, err);
}

bool undo_log_words(struct undo_log *log, int64_t page, const char *field, struct slice was,
                    struct slice now, struct error *err)
{
    struct undo_row row = {.page = page, .was_name = was, .now_name = now, .field = field};
    return add(log, &row, err);
}

bool undo_log_forget(struct store *store, int64_t step, struct error *err)
{
    return db_run_with_int(store, "DELETE FROM undo_rows WHERE step = ?1", step, err) &&
           db_run_with_int(store, "DELETE FROM undo_steps WHERE id = ?1", step, err);
}

static bool write_count(struct undo_log *log, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(log->store, "UPDATE undo_steps SET rows = ?2 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(log->store, statement, 1, log->step);
    db_bind_int(log->store, statement, 2, log->rows);
    bool ok = db_run(log->store, statement, err);
    db_done(log->store, statement);
    return ok;
}

/* The newest step that is past what is kept, or 0. The latest stays, however long it is. */
static bool find_old(struct store *store, int64_t *step_out, struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(
        store,
        "SELECT max(id) FROM (SELECT id, row_number() OVER newest AS nth, sum(rows) OVER newest"
        " AS total FROM undo_steps WINDOW newest AS (ORDER BY id DESC))"
        " WHERE nth > 1 AND (nth > ?1 OR total > ?2)",
        err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, UNDO_STEPS);
    db_bind_int(store, statement, 2, UNDO_ROWS);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *step_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

static bool forget_old(struct store *store, struct error *err)
{
    int64_t last;
    return find_old(store, &last, err) &&
           (last == 0 ||
            (db_run_with_int(store, "DELETE FROM undo_rows WHERE step <= ?1", last, err) &&
             db_run_with_int(store, "DELETE FROM undo_steps WHERE id <= ?1", last, err)));
}

bool undo_log_end(struct undo_log *log, int64_t *step_out, struct error *err)
{
    if (log->rows == 0) {
        *step_out = 0;
        return undo_log_forget(log->store, log->step, err);
    }
    if (!write_count(log, err) || !forget_old(log->store, err))
        return false;
    *step_out = log->step;
    return true;
}

#include "store/health.h"

#include "base/limits.h"
#include "store/db.h"
#include "store/page_rows.h"
#include "store/row_strings.h"

static bool write_row(struct store *store, const struct health_row *row, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "INSERT OR REPLACE INTO page_health (page, checked, state, fault, status,"
                   " reason, url) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, row->page);
    db_bind_int(store, statement, 2, row->checked);
    db_bind_string(store, statement, 3, row->state);
    db_bind_int(store, statement, 4, row->fault);
    db_bind_int(store, statement, 5, row->status);
    db_bind_string(store, statement, 6, row->reason);
    db_bind_string(store, statement, 7, row->url);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool health_put(struct store *store, const struct health_row *row, struct error *err)
{
    if (row->url != NULL && strlen(row->url) > LIMIT_URL)
        return error_set(err, ERR_LIMIT, "A URL is longer than %zu bytes", LIMIT_URL);
    if (!db_begin(store, err))
        return false;
    return db_end(store, page_check(store, row->page, err) && write_row(store, row, err), err);
}

bool health_list(struct store *store, int64_t since, health_fn fn, void *arg, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store,
                                         "SELECT state, reason, url, page, checked, fault, status"
                                         " FROM page_health WHERE checked >= ?1 ORDER BY page",
                                         err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    bool more = true;
    struct row_strings strings;
    row_strings_init(&strings);
    db_bind_int(store, statement, 1, since);
    while ((ok = db_step(store, statement, &row, err)) && row && more) {
        row_strings_reset(&strings);
        for (int i = 0; i < 3; i++)
            row_strings_add(&strings, db_text(statement, i), LIMIT_URL);
        if (!(ok = row_strings_ok(&strings, err)))
            break;
        struct health_row health = {.state = row_strings_at(&strings, 0),
                                    .reason = row_strings_at(&strings, 1),
                                    .url = row_strings_at(&strings, 2),
                                    .page = sqlite3_column_int64(statement, 3),
                                    .checked = sqlite3_column_int64(statement, 4),
                                    .fault = sqlite3_column_int(statement, 5),
                                    .status = sqlite3_column_int64(statement, 6)};
        more = fn(&health, arg);
    }
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

bool health_due(struct store *store, int64_t before, int64_t after, int64_t limit,
                health_page_fn fn, void *arg, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT p.id, p.url FROM pages p LEFT JOIN page_health h ON h.page = p.id"
                   " WHERE p.id > ?1 AND p.trashed = 0 AND (h.page IS NULL OR h.checked < ?2)"
                   " ORDER BY p.id LIMIT ?3",
                   err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    bool more = true;
    struct row_strings strings;
    row_strings_init(&strings);
    db_bind_int(store, statement, 1, after);
    db_bind_int(store, statement, 2, before);
    db_bind_int(store, statement, 3, limit > 0 ? limit : 0);
    while (more && (ok = db_step(store, statement, &row, err)) && row) {
        row_strings_reset(&strings);
        row_strings_add(&strings, db_text(statement, 1), LIMIT_URL);
        if (!(ok = row_strings_ok(&strings, err)))
            break;
        more = fn(sqlite3_column_int64(statement, 0), row_strings_at(&strings, 0), arg);
    }
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

#include "store/health.h"

#include "base/limits.h"
#include "store/db.h"
#include "store/row_strings.h"

static bool check_page(struct store *store, int64_t page, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "SELECT 1 FROM pages WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, page);
    bool ok = db_step(store, statement, &row, err);
    db_done(store, statement);
    return ok && (row || error_set(err, ERR_NOT_FOUND, "There is no such page"));
}

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
    return db_end(store, check_page(store, row->page, err) && write_row(store, row, err), err);
}

/* Hands the rows of one of the statements below to `fn`. */
static bool list_rows(struct store *store, const char *sql, int64_t key, health_fn fn, void *arg,
                      size_t *count_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    bool more = true;
    struct row_strings strings;
    row_strings_init(&strings);
    *count_out = 0;
    db_bind_int(store, statement, 1, key);
    while ((ok = db_step(store, statement, &row, err)) && row && more) {
        row_strings_reset(&strings);
        for (int i = 0; i < 3; i++)
            row_strings_add(&strings, db_text(statement, i), LIMIT_URL);
        if (!(ok = row_strings_ok(&strings, err)))
            break;
        struct health_row health = {.page = sqlite3_column_int64(statement, 6),
                                    .state = row_strings_at(&strings, 0),
                                    .reason = row_strings_at(&strings, 1),
                                    .url = row_strings_at(&strings, 2),
                                    .checked = sqlite3_column_int64(statement, 3),
                                    .fault = sqlite3_column_int(statement, 4),
                                    .status = sqlite3_column_int64(statement, 5)};
        ++*count_out;
        more = fn(&health, arg);
    }
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

#define ROW_COLUMNS "SELECT state, reason, url, checked, fault, status, page FROM page_health "

bool health_list(struct store *store, int64_t since, health_fn fn, void *arg, struct error *err)
{
    size_t count;
    return list_rows(store, ROW_COLUMNS "WHERE checked >= ?1 ORDER BY page", since, fn, arg, &count,
                     err);
}

bool health_get(struct store *store, int64_t page, health_fn fn, void *arg, struct error *err)
{
    size_t count;
    return list_rows(store, ROW_COLUMNS "WHERE page = ?1", page, fn, arg, &count, err) &&
           (count > 0 || check_page(store, page, err));
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

#include "store/page_urls.h"

/* The page that `sql` gives for a URL, 0 for none. */
static bool find(struct store *store, const char *sql, const char *normalized, int64_t *page_out,
                 struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_string(store, statement, 1, normalized);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *page_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

bool page_urls_key(struct store *store, const char *normalized, int64_t *page_out,
                   struct error *err)
{
    return find(store, "SELECT id FROM pages WHERE normalized = ?1", normalized, page_out, err);
}

bool page_urls_find(struct store *store, const char *normalized, int64_t *page_out,
                    struct error *err)
{
    return find(store,
                "SELECT id FROM pages WHERE normalized = ?1 UNION ALL"
                " SELECT page FROM page_urls WHERE normalized = ?1 LIMIT 1",
                normalized, page_out, err);
}

bool page_urls_forget(struct store *store, const char *normalized, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "DELETE FROM page_urls WHERE normalized = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_string(store, statement, 1, normalized);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool page_urls_add(struct store *store, const char *normalized, int64_t page, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "INSERT OR REPLACE INTO page_urls (normalized, page) SELECT ?1, ?2"
                   " WHERE NOT EXISTS (SELECT 1 FROM pages WHERE normalized = ?1)",
                   err);
    if (statement == NULL)
        return false;
    db_bind_string(store, statement, 1, normalized);
    db_bind_int(store, statement, 2, page);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

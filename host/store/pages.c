#include "store/pages.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/page_rows.h"
#include "store/page_urls.h"

static bool no_page(struct error *err)
{
    return error_set(err, ERR_NOT_FOUND, "There is no such page");
}

bool pages_get(struct store *store, int64_t page, page_fn fn, void *arg, struct error *err)
{
    struct page_loader loader;
    bool found = false;
    page_loader_init(&loader, store);
    bool ok = db_begin_read(store, err);
    if (ok) {
        ok = page_load(&loader, PAGE_BY_ID, page, &found, err);
        db_end_read(store);
    }
    if (ok && !found)
        ok = no_page(err);
    if (ok)
        fn(&loader.page, arg);
    page_loader_finish(&loader);
    return ok;
}

bool pages_find(struct store *store, const char *normalized_url, int64_t *page_out,
                struct error *err)
{
    return page_urls_find(store, normalized_url, page_out, err);
}

static bool set_trashed(struct store *store, int64_t page, int64_t when, struct error *err)
{
    /* Trashed twice keeps the first time. */
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE pages SET trashed = CASE WHEN ?2 > 0 AND trashed > 0 THEN trashed"
                   " ELSE ?2 END WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    db_bind_int(store, statement, 2, when);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok && (sqlite3_changes(store->db) > 0 || no_page(err));
}

bool pages_trash(struct store *store, int64_t page, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    return db_end(store, set_trashed(store, page, clock_now(), err), err);
}

bool pages_restore(struct store *store, int64_t page, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    return db_end(store, set_trashed(store, page, 0, err), err);
}

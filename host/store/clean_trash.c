/* The trash, emptied. */
#include "store/clean.h"

#include "store/blobs.h"
#include "store/fts.h"
#include "store/jobs_rows.h"
#include "store/ords.h"

enum {
    LIST = 1024, /* pages that are found at once */
    MERGE = 256  /* pages of the index written in one transaction */
};

static bool goes_on(const struct clean_hooks *hooks, struct error *err)
{
    if (hooks != NULL && hooks->interrupted != NULL && hooks->interrupted(hooks->arg))
        return error_set(err, ERR_CANCELLED, "Stopped");
    return true;
}

bool clean_trash_end(struct store *store, int64_t now, int64_t *before_out, struct error *err)
{
    int64_t last;
    if (!db_get_int(store, "SELECT coalesce(max(trashed), 0) FROM pages WHERE trashed > 0", 0,
                    &last, err))
        return false;
    if (last < now)
        last = now;
    *before_out = last < INT64_MAX ? last + 1 : last;
    return true;
}

bool clean_count_trash(struct store *store, int64_t before, struct clean_result *result_out,
                       struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(store,
                                         "SELECT count(*), coalesce(sum(versions), 0) FROM pages"
                                         " WHERE trashed > 0 AND trashed < ?1",
                                         err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, before);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *result_out = (struct clean_result){.pages = sqlite3_column_int64(statement, 0),
                                            .snapshots = sqlite3_column_int64(statement, 1)};
    db_done(store, statement);
    return ok;
}

static bool list_trash(struct store *store, int64_t before, struct ords *list, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT id FROM pages WHERE trashed > 0 AND trashed < ?1 LIMIT ?2", err);
    if (statement != NULL) {
        db_bind_int(store, statement, 1, before);
        db_bind_int(store, statement, 2, LIST);
    }
    return ords_fill(list, store, statement, err);
}

static bool still_trashed(struct store *store, int64_t page, int64_t before, bool *still_out,
                          struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store, "SELECT 1 FROM pages WHERE id = ?1 AND trashed > 0 AND trashed < ?2", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    db_bind_int(store, statement, 2, before);
    bool ok = db_step(store, statement, still_out, err);
    db_done(store, statement);
    return ok;
}

/* Whether the index can be told which words to let go of. */
static bool has_its_text(struct store *store, int64_t page, bool *has_out, struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT s.text FROM pages p JOIN snapshots s ON s.id = p.snapshot"
                   " WHERE p.id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    bool ok = db_step(store, statement, &row, err);
    int64_t blob = ok && row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    *has_out = true;
    if (!ok || !row)
        return ok;
    struct buf text;
    struct error fault;
    buf_init(&text, LIMIT_TEXT);
    *has_out = blobs_read(store, blob, &text, &fault);
    if (!*has_out && fault.code != ERR_STORE_CORRUPT && fault.code != ERR_LIMIT) {
        *err = fault;
        ok = false;
    }
    buf_finish(&text);
    return ok;
}

/* Words that stay in the index would be the next page's that gets this one's place in the order:
 * then all of it is made anew, in the end or by whoever opens the store next. */
static bool remove_words(struct store *store, int64_t page, struct error *err)
{
    bool has;
    return has_its_text(store, page, &has, err) && fts_remove(store, page, err) &&
           (has || db_execute(store, "DELETE FROM meta WHERE key = 'tokenizer'", err));
}

/* A page's rows, in an order in which nothing refers to what is gone. */
static bool remove_rows(struct store *store, int64_t page, int64_t *snapshots_out,
                        struct error *err)
{
#define OF_PAGE "(SELECT id FROM snapshots WHERE page = ?1)"
    static const char *const before[] = {
        "UPDATE pages SET snapshot = NULL WHERE id = ?1",
        "DELETE FROM snapshot_assets WHERE snapshot IN " OF_PAGE,
        "DELETE FROM snapshot_notes WHERE snapshot IN " OF_PAGE,
        "DELETE FROM snapshot_hops WHERE snapshot IN " OF_PAGE,
        "DELETE FROM page_tags WHERE page = ?1",
        "DELETE FROM page_urls WHERE page = ?1",
        "DELETE FROM page_health WHERE page = ?1",
    };
    bool ok = remove_words(store, page, err);
    for (size_t i = 0; ok && i < sizeof before / sizeof *before; i++)
        ok = db_run_with_int(store, before[i], page, err);
    ok = ok && db_run_with_int(store, "DELETE FROM snapshots WHERE page = ?1", page, err);
    *snapshots_out = ok ? sqlite3_changes(store->db) : 0;
    return ok && db_run_with_int(store, "DELETE FROM pages WHERE id = ?1", page, err);
}

static bool remove_page(struct store *store, int64_t page, int64_t before,
                        struct clean_result *result, struct error *err)
{
    bool still;
    int64_t snapshots = 0;
    if (!db_begin(store, err))
        return false;
    bool ok = still_trashed(store, page, before, &still, err) &&
              (!still || remove_rows(store, page, &snapshots, err));
    if (!db_end(store, ok, err))
        return false;
    result->pages += still;
    result->snapshots += snapshots;
    return true;
}

/* What could be undone on the pages, and links of the queue that led to them. In the end and not
 * page by page: the rows have no order by page, and an undo passes over pages that are gone. */
static bool forget_others(struct store *store, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    bool ok =
        db_execute(store,
                   "DELETE FROM undo_rows WHERE page <> 0"
                   " AND NOT EXISTS (SELECT 1 FROM pages WHERE id = undo_rows.page);"
                   "UPDATE undo_steps SET rows = (SELECT count(*) FROM undo_rows WHERE step = id);"
                   "DELETE FROM undo_steps WHERE rows = 0;"
                   "DELETE FROM jobs WHERE page <> 0 AND (" JOBS_ENDED " OR " JOBS_CLEARED ")"
                   " AND NOT EXISTS (SELECT 1 FROM pages WHERE id = jobs.page);",
                   err);
    return db_end(store, ok, err);
}

static bool merge_some(struct store *store, const char *sql, bool *more_out, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    int before = sqlite3_total_changes(store->db);
    bool ok = db_execute(store, sql, err);
    /* FTS5: fewer than two changes mean that there was nothing left to do. */
    *more_out = ok && sqlite3_total_changes(store->db) - before >= 2;
    return db_end(store, ok, err);
}

/* The index only notes down what is deleted, and keeps the words until the pieces that it consists
 * of are merged: all of them are, a little at a time. */
static bool forget_words(struct store *store, const struct clean_hooks *hooks, struct error *err)
{
    static const char begin[] = "INSERT INTO search (search, rank) VALUES ('merge', -256)";
    static const char go_on[] = "INSERT INTO search (search, rank) VALUES ('merge', 256)";
    _Static_assert(MERGE == 256, "as the statements say");
    bool more = true;
    bool ok = fts_bring_up_to_date(store, err) && goes_on(hooks, err) &&
              merge_some(store, begin, &more, err);
    while (ok && more)
        ok = goes_on(hooks, err) && merge_some(store, go_on, &more, err);
    return ok;
}

/* One list of pages; *removed_out 0 when there are none any more. */
static bool remove_some(struct store *store, int64_t before, const struct clean_hooks *hooks,
                        struct clean_result *result, int64_t total, int64_t *removed_out,
                        struct error *err)
{
    struct ords list;
    int64_t already = result->pages;
    ords_init(&list);
    bool ok = list_trash(store, before, &list, err);
    for (size_t i = 0; ok && i < ords_count(&list); i++) {
        if (hooks != NULL && hooks->progress != NULL)
            hooks->progress(result->pages, total, hooks->arg);
        ok = goes_on(hooks, err) && remove_page(store, ords_list(&list)[i], before, result, err);
    }
    ords_finish(&list);
    *removed_out = result->pages - already;
    return ok;
}

bool clean_trash(struct store *store, int64_t before, const struct clean_hooks *hooks,
                 struct clean_result *result_out, struct error *err)
{
    struct clean_result total;
    struct clean_result result = {0};
    int64_t removed = 1;
    bool ok = clean_count_trash(store, before, &total, err);
    while (ok && removed > 0)
        ok = remove_some(store, before, hooks, &result, total.pages, &removed, err);
    ok =
        ok && (result.pages == 0 || (forget_others(store, err) && forget_words(store, hooks, err)));
    if (ok)
        *result_out = result;
    return ok;
}

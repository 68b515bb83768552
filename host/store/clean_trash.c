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
    if (!db_get_int(store,
                    "SELECT max(coalesce((SELECT max(trashed) FROM pages WHERE trashed > 0), 0),"
                    " coalesce((SELECT max(trashed) FROM snapshots WHERE trashed > 0), 0))",
                    0, &last, err))
        return false;
    if (last < now)
        last = now;
    *before_out = last < INT64_MAX ? last + 1 : last;
    return true;
}

/* Pages that are in the trash for so long, and versions that are though their pages are not; one
 * that a page shows stays as long as the page. */
#define TRASHED_PAGES "SELECT id FROM pages WHERE trashed > 0 AND trashed < ?1"
#define TRASHED_VERSIONS                                                                           \
    "FROM snapshots s WHERE trashed > 0 AND trashed < ?1"                                          \
    " AND NOT EXISTS (SELECT 1 FROM pages WHERE snapshot = s.id)"

bool clean_count_trash(struct store *store, int64_t before, struct clean_result *result_out,
                       struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(
        store,
        "WITH gone(id) AS MATERIALIZED (" TRASHED_PAGES ")"
        " SELECT (SELECT count(*) FROM gone),"
        " (SELECT count(*) FROM gone JOIN snapshots s ON s.page = gone.id)"
        " + (SELECT count(*) " TRASHED_VERSIONS "  AND page NOT IN (SELECT id FROM gone))",
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

/* `sql` is one of these: at most ?2 that are in the trash since before ?1. */
static const char list_pages[] = TRASHED_PAGES " LIMIT ?2";
static const char list_versions[] = "SELECT id " TRASHED_VERSIONS " LIMIT ?2";

static bool list_trash(struct store *store, const char *sql, int64_t before, struct ords *list,
                       struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement != NULL) {
        db_bind_int(store, statement, 1, before);
        db_bind_int(store, statement, 2, LIST);
    }
    return ords_fill(list, store, statement, err);
}

static bool still_trashed(struct store *store, const char *sql, int64_t key, int64_t before,
                          bool *still_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, key);
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

static bool run_all(struct store *store, const char *const *statements, size_t count, int64_t key,
                    struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = db_run_with_int(store, statements[i], key, err);
    return ok;
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
        "DELETE FROM highlights WHERE page = ?1",
        "DELETE FROM highlights WHERE snapshot IN " OF_PAGE,
    };
    bool ok = remove_words(store, page, err) &&
              run_all(store, before, sizeof before / sizeof *before, page, err) &&
              db_run_with_int(store, "DELETE FROM snapshots WHERE page = ?1", page, err);
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
    bool ok =
        still_trashed(store, "SELECT 1 FROM pages WHERE id = ?1 AND trashed > 0 AND trashed < ?2",
                      page, before, &still, err) &&
        (!still || remove_rows(store, page, &snapshots, err));
    if (!db_end(store, ok, err))
        return false;
    result->pages += still;
    result->snapshots += snapshots;
    return true;
}

/* The index holds nothing of it, and its page shows another. */
static bool remove_version_rows(struct store *store, int64_t snapshot, struct error *err)
{
    static const char *const rows[] = {
        "DELETE FROM snapshot_assets WHERE snapshot = ?1",
        "DELETE FROM snapshot_notes WHERE snapshot = ?1",
        "DELETE FROM snapshot_hops WHERE snapshot = ?1",
        "DELETE FROM highlights WHERE snapshot = ?1",
        "DELETE FROM snapshots WHERE id = ?1",
    };
    return run_all(store, rows, sizeof rows / sizeof *rows, snapshot, err);
}

static bool remove_version(struct store *store, int64_t snapshot, int64_t before,
                           struct clean_result *result, struct error *err)
{
    bool still;
    if (!db_begin(store, err))
        return false;
    bool ok = still_trashed(store,
                            "SELECT 1 FROM snapshots s WHERE id = ?1 AND trashed > 0"
                            " AND trashed < ?2 AND NOT EXISTS"
                            "  (SELECT 1 FROM pages WHERE snapshot = s.id)",
                            snapshot, before, &still, err) &&
              (!still || remove_version_rows(store, snapshot, err));
    if (!db_end(store, ok, err))
        return false;
    result->snapshots += still;
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

typedef bool (*remove_fn)(struct store *store, int64_t key, int64_t before,
                          struct clean_result *result, struct error *err);

/* One list of pages or versions; *removed_out 0 when there are none any more. */
static bool remove_some(struct store *store, bool pages, int64_t before,
                        const struct clean_hooks *hooks, struct clean_result *result, int64_t total,
                        int64_t *removed_out, struct error *err)
{
    struct ords list;
    int64_t already = result->snapshots + result->pages;
    remove_fn remove = pages ? remove_page : remove_version;
    ords_init(&list);
    bool ok = list_trash(store, pages ? list_pages : list_versions, before, &list, err);
    for (size_t i = 0; ok && i < ords_count(&list); i++) {
        if (hooks != NULL && hooks->progress != NULL)
            hooks->progress(result->snapshots, total, hooks->arg);
        ok = goes_on(hooks, err) && remove(store, ords_list(&list)[i], before, result, err);
    }
    ords_finish(&list);
    *removed_out = result->snapshots + result->pages - already;
    return ok;
}

static bool remove_all(struct store *store, bool pages, int64_t before,
                       const struct clean_hooks *hooks, struct clean_result *result, int64_t total,
                       struct error *err)
{
    int64_t removed = 1;
    bool ok = true;
    while (ok && removed > 0)
        ok = remove_some(store, pages, before, hooks, result, total, &removed, err);
    return ok;
}

bool clean_trash(struct store *store, int64_t before, const struct clean_hooks *hooks,
                 struct clean_result *result_out, struct error *err)
{
    struct clean_result total;
    struct clean_result result = {0};
    bool ok = clean_count_trash(store, before, &total, err) &&
              remove_all(store, true, before, hooks, &result, total.snapshots, err) &&
              remove_all(store, false, before, hooks, &result, total.snapshots, err) &&
              (result.pages == 0 || forget_others(store, err)) &&
              (result.pages + result.snapshots == 0 || forget_words(store, hooks, err));
    if (ok)
        *result_out = result;
    return ok;
}

#include "store/snapshots.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/blobs.h"
#include "store/cursor.h"
#include "store/db.h"
#include "store/fts.h"
#include "store/page_urls.h"
#include "store/snapshot_assets.h"
#include "store/snapshot_hold.h"
#include "store/tags.h"

/* What is known of the page when a snapshot comes in. */
struct page_before {
    int64_t page;    /* 0: none yet */
    int64_t version; /* of its latest snapshot */
    bool own_title;  /* a person changed it */
};

static bool check_urls(const struct snapshot_new *new, struct error *err)
{
    bool ok = new->normalized_url[0] != '\0' && strlen(new->normalized_url) <=
                                                    LIMIT_URL &&strlen(new->url) <=
                                                    LIMIT_URL &&strlen(new->final_url) <= LIMIT_URL;
    for (size_t i = 0; ok && i < new->spelling_count; i++)
        ok = new->spellings[i][0] != '\0' && strlen(new->spellings[i]) <= LIMIT_URL;
    for (size_t i = 0; ok && i < new->hop_count; i++)
        ok = strlen(new->hops[i].url) <= LIMIT_URL;
    return ok || error_set(err, ERR_LIMIT, "A URL is empty or longer than %zu bytes", LIMIT_URL);
}

static bool check_new(const struct snapshot_new *new, struct error *err)
{
    if (!check_urls(new, err))
        return false;
    if (new->note != NULL && strlen(new->note) > LIMIT_NOTE)
        return error_set(err, ERR_LIMIT, "A note is longer than %zu bytes", LIMIT_NOTE);
    if (new->tag_count > LIMIT_TAGS)
        return error_set(err, ERR_LIMIT, "A page has more than %zu tags", LIMIT_TAGS);
    return true;
}

static bool find_page(struct store *store, const struct snapshot_new *new, int64_t *page_out,
                      struct error *err)
{
    int64_t page;
    bool ok = page_urls_key(store, new->normalized_url, &page, err);
    for (size_t i = 0; ok && page == 0 && i < new->spelling_count; i++)
        ok = page_urls_key(store, new->spellings[i], &page, err);
    if (ok)
        *page_out = page;
    return ok;
}

static bool look_up(struct store *store, const struct snapshot_new *new,
                    struct page_before *before_out, struct error *err)
{
    int64_t page;
    *before_out = (struct page_before){0};
    if (!find_page(store, new, &page, err))
        return false;
    if (page == 0)
        return true;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT s.title IS NOT NULL AND p.title <> s.title AND p.title <> '',"
                   " (SELECT max(version) FROM snapshots WHERE page = p.id)"
                   " FROM pages p LEFT JOIN snapshots s ON s.id = p.snapshot WHERE p.id = ?1",
                   err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(store, statement, 1, page);
    bool ok = db_step(store, statement, &row, err);
    if (ok && row) {
        before_out->page = page;
        before_out->own_title = sqlite3_column_int(statement, 0) != 0;
        before_out->version = sqlite3_column_int64(statement, 1);
    }
    db_done(store, statement);
    return ok && (row || error_set(err, ERR_STORE_CORRUPT, "A URL leads to no page"));
}

static struct slice cut(const char *text, size_t max)
{
    return utf8_prefix(slice_of(text), max);
}

static bool insert_page(struct store *store, const struct snapshot_new *new, int64_t ord,
                        int64_t *page_out, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "INSERT INTO pages (ord, created, saved, site, title, url, normalized)"
                   " VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6)",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, ord);
    db_bind_int(store, statement, 2, new->taken);
    db_bind_string(store, statement, 3, new->site);
    db_bind_text(store, statement, 4, cut(new->title, LIMIT_TITLE));
    db_bind_string(store, statement, 5, new->url);
    db_bind_string(store, statement, 6, new->normalized_url);
    bool ok = db_run(store, statement, err);
    if (ok)
        *page_out = sqlite3_last_insert_rowid(store->db);
    db_done(store, statement);
    return ok;
}

static bool update_page(struct store *store, const struct snapshot_new *new, int64_t ord,
                        const struct page_before *before, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE pages SET ord = ?2, saved = ?3, trashed = 0, site = ?4,"
                   " title = CASE WHEN ?5 = '' THEN title ELSE ?5 END, url = ?6, normalized = ?7"
                   " WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, before->page);
    db_bind_int(store, statement, 2, ord);
    db_bind_int(store, statement, 3, new->taken);
    db_bind_string(store, statement, 4, new->site);
    db_bind_text(store, statement, 5, cut(before->own_title ? "" : new->title, LIMIT_TITLE));
    db_bind_string(store, statement, 6, new->url);
    db_bind_string(store, statement, 7, new->normalized_url);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

static bool insert_snapshot(struct store *store, const struct snapshot_new *new,
                            struct snapshot_ids *ids, struct error *err)
{
    int64_t document;
    int64_t text;
    bool ignored;
    if (!blobs_put(store, new->document, "text/html", &document, &ignored, err) ||
        !blobs_put(store, cut(new->text, LIMIT_TEXT), "text/plain", &text, &ignored, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "INSERT INTO snapshots (page, version, taken, bytes, document, text, how, lang,"
                   " title, url, description, kind, file_name)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, ids->page);
    db_bind_int(store, statement, 2, ids->version);
    db_bind_int(store, statement, 3, new->taken);
    db_bind_int(store, statement, 4, (int64_t) new->document.len);
    db_bind_int(store, statement, 5, document);
    db_bind_int(store, statement, 6, text);
    db_bind_string(store, statement, 7, new->how);
    db_bind_text(store, statement, 8, cut(new->lang, 256));
    db_bind_text(store, statement, 9, cut(new->title, LIMIT_TITLE));
    db_bind_string(store, statement, 10, new->final_url);
    db_bind_text(store, statement, 11, cut(new->description, LIMIT_TITLE));
    db_bind_string(store, statement, 12, new->kind == NULL ? "page" : new->kind);
    db_bind_text(store, statement, 13, cut(new->file_name, LIMIT_TITLE));
    bool ok = db_run(store, statement, err);
    if (ok)
        ids->snapshot = sqlite3_last_insert_rowid(store->db);
    db_done(store, statement);
    return ok;
}

static bool set_latest(struct store *store, const struct snapshot_ids *ids, const char *note,
                       struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store,
                                         "UPDATE pages SET snapshot = ?2, versions = versions + 1,"
                                         " note = coalesce(?3, note) WHERE id = ?1",
                                         err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, ids->page);
    db_bind_int(store, statement, 2, ids->snapshot);
    if (note != NULL)
        db_bind_string(store, statement, 3, note);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

static bool write_page(struct store *store, const struct snapshot_new *new,
                       const struct page_before *before, struct snapshot_ids *ids,
                       struct error *err)
{
    int64_t ord;
    if (!db_get_int(store, "SELECT coalesce(max(ord), 0) + 1 FROM pages", 1, &ord, err))
        return false;
    if (ord <= 0 || ord > CURSOR_ORD_MAX)
        return error_set(err, ERR_STORE_CORRUPT, "The store's numbering is damaged");
    ids->page = before->page;
    if (before->page == 0)
        return insert_page(store, new, ord, &ids->page, err);
    return fts_remove(store, before->page, err) && update_page(store, new, ord, before, err);
}

static bool insert_notes(struct store *store, const struct snapshot_new *new, int64_t snapshot,
                         struct error *err)
{
    if (new->note_count == 0)
        return true;
    sqlite3_stmt *statement = db_prepare(
        store, "INSERT INTO snapshot_notes (snapshot, name, count) VALUES (?1, ?2, ?3)", err);
    bool ok = statement != NULL;
    for (size_t i = 0; ok && i < new->note_count; i++) {
        if (new->notes[i].count <= 0)
            continue;
        db_bind_int(store, statement, 1, snapshot);
        db_bind_string(store, statement, 2, new->notes[i].name);
        db_bind_int(store, statement, 3, new->notes[i].count);
        ok = db_run(store, statement, err);
    }
    db_done(store, statement);
    return ok;
}

static bool insert_hops(struct store *store, const struct snapshot_new *new, int64_t snapshot,
                        struct error *err)
{
    if (new->hop_count == 0)
        return true;
    sqlite3_stmt *statement = db_prepare(
        store, "INSERT INTO snapshot_hops (snapshot, step, how, url) VALUES (?1, ?2, ?3, ?4)", err);
    bool ok = statement != NULL;
    for (size_t i = 0; ok && i < new->hop_count; i++) {
        db_bind_int(store, statement, 1, snapshot);
        db_bind_int(store, statement, 2, (int64_t)i);
        db_bind_string(store, statement, 3, new->hops[i].how);
        db_bind_string(store, statement, 4, new->hops[i].url);
        ok = db_run(store, statement, err);
    }
    db_done(store, statement);
    return ok;
}

static bool add_urls(struct store *store, const struct snapshot_new *new, int64_t page,
                     struct error *err)
{
    bool ok = page_urls_forget(store, new->normalized_url, err);
    for (size_t i = 0; ok && i < new->spelling_count; i++)
        ok = page_urls_add(store, new->spellings[i], page, err);
    return ok;
}

/* A link that was fetched just now leads where it should, whatever an earlier check found. */
static bool renew_health(struct store *store, const struct snapshot_new *new, int64_t page,
                         struct error *err)
{
    if (strcmp(new->how, "link") != 0)
        return true;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE page_health SET state = 'ok', checked = max(checked, ?2), fault = 0,"
                   " status = 0, reason = '', url = '' WHERE page = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    db_bind_int(store, statement, 2, new->taken);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

static bool write_all(struct store *store, const struct snapshot_new *new, struct snapshot_ids *ids,
                      struct error *err)
{
    struct page_before before;
    struct put_counts counts = {0};
    if (!look_up(store, new, &before, err) || !write_page(store, new, &before, ids, err) ||
        !add_urls(store, new, ids->page, err) || !renew_health(store, new, ids->page, err))
        return false;
    if (before.version == INT64_MAX)
        return error_set(err, ERR_STORE_CORRUPT, "The page has no number for another version");
    ids->version = before.version + 1;
    return insert_snapshot(store, new, ids, err) && set_latest(store, ids, new->note, err) &&
           tags_add(store, ids->page, new->tags, new->tag_count, err) &&
           assets_write(store, ids->snapshot, new->assets, new->asset_count, &counts, err) &&
           insert_notes(store, new, ids->snapshot, err) &&
           insert_hops(store, new, ids->snapshot, err) && fts_add(store, ids->page, err);
}

bool snapshots_begin(struct store *store, const struct snapshot_new *snapshot,
                     struct snapshot_ids *ids_out, struct error *err)
{
    struct snapshot_ids ids = {0};
    struct snapshot_hold *hold = snapshot->hold;
    if (!check_new(snapshot, err) || !db_begin(store, err))
        return false;
    bool ok = write_all(store, snapshot, &ids, err) &&
              (hold == NULL || snapshots_hold(store, ids.snapshot, hold, err));
    if (!db_end(store, ok, err)) {
        snapshots_release(store, hold);
        return false;
    }
    *ids_out = ids;
    return true;
}

bool snapshots_end(struct store *store, int64_t snapshot, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE snapshots SET state = CASE WHEN stored = assets THEN 'complete'"
                   " ELSE 'incomplete' END WHERE id = ?1",
                   err);
    bool ok = statement != NULL && snapshot_check(store, snapshot, err);
    if (ok) {
        db_bind_int(store, statement, 1, snapshot);
        ok = db_run(store, statement, err);
    }
    db_done(store, statement);
    return db_end(store, ok, err);
}

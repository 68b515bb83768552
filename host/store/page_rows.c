#include "store/page_rows.h"

#include "base/limits.h"
#include "store/blobs.h"

enum { ICON_MAX = 8 * 1024, SHORT_MAX = 1024, TAGS_MAX = 1000 };

#define COLUMNS                                                                                    \
    "SELECT p.url, p.site, p.title, p.note, s.state, s.lang, s.description, s.icon_type, s.kind,"  \
    " h.state, h.reason, h.url,"                                                                   \
    " p.id, p.created, p.saved, p.trashed, p.versions, s.id, s.assets, s.assets - s.stored,"       \
    " s.bytes, s.icon, s.text, h.page, h.checked, h.fault, h.status,"                              \
    " (SELECT count(*) FROM highlights m JOIN snapshots v ON v.id = m.snapshot"                    \
    "  WHERE m.page = p.id AND m.deleted = 0 AND v.trashed = 0)"                                   \
    " FROM pages p LEFT JOIN snapshots s ON s.id = p.snapshot"                                     \
    " LEFT JOIN page_health h ON h.page = p.id "

static const char by_id[] = COLUMNS "WHERE p.id = ?1";
static const char by_ord[] = COLUMNS "WHERE p.ord = ?1";

/* The text columns in their order, and where they go. */
static const struct {
    size_t max;
    size_t field;
} texts[] = {
    {LIMIT_URL, offsetof(struct page_loader, page.url)},
    {SHORT_MAX, offsetof(struct page_loader, page.site)},
    {LIMIT_TITLE, offsetof(struct page_loader, page.title)},
    {LIMIT_NOTE, offsetof(struct page_loader, page.note)},
    {SHORT_MAX, offsetof(struct page_loader, page.state)},
    {SHORT_MAX, offsetof(struct page_loader, page.lang)},
    {LIMIT_TITLE, offsetof(struct page_loader, page.description)},
    {SHORT_MAX, offsetof(struct page_loader, page.icon_type)},
    {SHORT_MAX, offsetof(struct page_loader, page.kind)},
    {SHORT_MAX, offsetof(struct page_loader, health.state)},
    {SHORT_MAX, offsetof(struct page_loader, health.reason)},
    {LIMIT_URL, offsetof(struct page_loader, health.url)},
};
enum { TEXTS = sizeof texts / sizeof *texts };

void page_loader_init(struct page_loader *loader, struct store *store)
{
    *loader = (struct page_loader){.store = store};
    row_strings_init(&loader->strings);
    buf_init(&loader->icon, ICON_MAX);
    buf_init(&loader->tags, TAGS_MAX * sizeof(char *));
}

void page_loader_finish(struct page_loader *loader)
{
    row_strings_finish(&loader->strings);
    buf_finish(&loader->icon);
    buf_finish(&loader->tags);
}

static bool add_tags(struct page_loader *loader, int64_t page, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(loader->store,
                                         "SELECT t.name FROM page_tags pt JOIN tags t"
                                         " ON t.id = pt.tag WHERE pt.page = ?1"
                                         " ORDER BY t.folded LIMIT ?2",
                                         err);
    if (statement == NULL)
        return false;
    bool row;
    bool ok;
    db_bind_int(loader->store, statement, 1, page);
    db_bind_int(loader->store, statement, 2, TAGS_MAX);
    while ((ok = db_step(loader->store, statement, &row, err)) && row)
        row_strings_add(&loader->strings, db_text(statement, 0), LIMIT_QUERY);
    db_done(loader->store, statement);
    return ok;
}

/* An icon that cannot be read is left out: it is decoration. */
static void add_icon(struct page_loader *loader, int64_t blob)
{
    struct error ignored;
    if (blob > 0 && blobs_read(loader->store, blob, &loader->icon, &ignored))
        loader->page.icon = buf_slice(&loader->icon);
}

static bool fill(struct page_loader *loader, sqlite3_stmt *statement, struct error *err)
{
    for (int i = 0; i < TEXTS; i++)
        row_strings_add(&loader->strings, db_text(statement, i), texts[i].max);
    loader->page = (struct page_row){
        .id = sqlite3_column_int64(statement, TEXTS),
        .created = sqlite3_column_int64(statement, TEXTS + 1),
        .saved = sqlite3_column_int64(statement, TEXTS + 2),
        .trashed = sqlite3_column_int64(statement, TEXTS + 3),
        .versions = sqlite3_column_int64(statement, TEXTS + 4),
        .snapshot = sqlite3_column_int64(statement, TEXTS + 5),
        .assets = sqlite3_column_int64(statement, TEXTS + 6),
        .failed = sqlite3_column_int64(statement, TEXTS + 7),
        .bytes = sqlite3_column_int64(statement, TEXTS + 8),
        .highlights = sqlite3_column_int64(statement, TEXTS + 15),
    };
    loader->health = (struct health_row){
        .page = sqlite3_column_int64(statement, TEXTS + 11),
        .checked = sqlite3_column_int64(statement, TEXTS + 12),
        .fault = sqlite3_column_int(statement, TEXTS + 13),
        .status = sqlite3_column_int64(statement, TEXTS + 14),
    };
    loader->page.health = loader->health.page > 0 ? &loader->health : NULL;
    add_icon(loader, sqlite3_column_int64(statement, TEXTS + 9));
    loader->text_blob = sqlite3_column_int64(statement, TEXTS + 10);
    return add_tags(loader, loader->page.id, err) && row_strings_ok(&loader->strings, err);
}

/* Sets the pointers, now that the strings do not move any more. */
static bool point(struct page_loader *loader, struct error *err)
{
    size_t count = row_strings_count(&loader->strings);
    for (size_t i = 0; i < count; i++) {
        const char *text = row_strings_at(&loader->strings, i);
        if (i < TEXTS)
            memcpy((char *)loader + texts[i].field, &text, sizeof text);
        else
            buf_add(&loader->tags, &text, sizeof text);
    }
    loader->page.tags = (const char *const *)(const void *)loader->tags.ptr;
    loader->page.tag_count = count - TEXTS;
    return buf_ok(&loader->tags, "A page", err);
}

bool page_load(struct page_loader *loader, enum page_key by, int64_t key, bool *found_out,
               struct error *err)
{
    sqlite3_stmt *statement = db_prepare(loader->store, by == PAGE_BY_ID ? by_id : by_ord, err);
    if (statement == NULL)
        return false;
    row_strings_reset(&loader->strings);
    buf_reset(&loader->icon);
    buf_reset(&loader->tags);
    bool row;
    db_bind_int(loader->store, statement, 1, key);
    bool ok = db_step(loader->store, statement, &row, err);
    if (ok && row)
        ok = fill(loader, statement, err) && point(loader, err);
    if (ok)
        *found_out = row;
    db_done(loader->store, statement);
    return ok;
}

bool page_exists(struct store *store, int64_t page, bool *exists_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "SELECT 1 FROM pages WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    bool ok = db_step(store, statement, exists_out, err);
    db_done(store, statement);
    return ok;
}

bool page_check(struct store *store, int64_t page, struct error *err)
{
    bool exists;
    return page_exists(store, page, &exists, err) &&
           (exists || error_set(err, ERR_NOT_FOUND, "There is no such page"));
}

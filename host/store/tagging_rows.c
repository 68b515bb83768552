#include "store/tagging_rows.h"

#include "base/limits.h"

void tag_loader_init(struct tag_loader *loader, struct store *store)
{
    *loader = (struct tag_loader){.store = store};
    row_strings_init(&loader->strings);
}

void tag_loader_finish(struct tag_loader *loader)
{
    row_strings_finish(&loader->strings);
}

/* The first number that a statement about the tag ?1 gives. */
static bool get_number(struct store *store, const char *sql, int64_t tag, int64_t *number_out,
                       struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, tag);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *number_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

/* Counting over an index and taking off the few trashed pages is quicker than looking at each. */
static const char pages_sql[] =
    "SELECT (SELECT count(*) FROM page_tags WHERE tag = ?1)"
    " - (SELECT count(*) FROM pages p CROSS JOIN page_tags pt ON pt.page = p.id"
    "  WHERE p.trashed > 0 AND pt.tag = ?1)";

/* '0' comes right after '/'. */
static const char below_sql[] =
    "WITH these AS MATERIALIZED (SELECT b.id AS id FROM tags t JOIN tags b"
    "  ON b.id = t.id OR (b.folded > t.folded || '/' AND b.folded < t.folded || '0')"
    "  WHERE t.id = ?1)"
    " SELECT (SELECT count(DISTINCT page) FROM page_tags WHERE tag IN (SELECT id FROM these))"
    " - (SELECT count(DISTINCT p.id) FROM pages p CROSS JOIN page_tags pt ON pt.page = p.id"
    "  WHERE p.trashed > 0 AND pt.tag IN (SELECT id FROM these))";

static bool count_pages(struct tag_loader *loader, int64_t tag, int64_t pages, bool parent,
                        struct error *err)
{
    struct tag_info *info = &loader->info;
    info->pages = pages;
    if (pages < 0 && !get_number(loader->store, pages_sql, tag, &info->pages, err))
        return false;
    info->below = info->pages;
    return !parent || get_number(loader->store, below_sql, tag, &info->below, err);
}

bool tag_load(struct tag_loader *loader, int64_t tag, int64_t pages, bool *found_out,
              struct error *err)
{
    bool row;
    bool parent = false;
    struct row_strings *strings = &loader->strings;
    sqlite3_stmt *statement = db_prepare(
        loader->store,
        "SELECT name, colour, EXISTS (SELECT 1 FROM tags b WHERE b.folded > t.folded || '/'"
        " AND b.folded < t.folded || '0') FROM tags t WHERE id = ?1",
        err);
    if (statement == NULL)
        return false;
    db_bind_int(loader->store, statement, 1, tag);
    bool ok = db_step(loader->store, statement, &row, err);
    if (ok && row) {
        row_strings_reset(strings);
        row_strings_add(strings, db_text(statement, 0), LIMIT_QUERY);
        row_strings_add(strings, db_text(statement, 1), LIMIT_QUERY);
        parent = sqlite3_column_int(statement, 2) != 0;
        ok = row_strings_ok(strings, err);
    }
    db_done(loader->store, statement);
    if (ok && row)
        ok = count_pages(loader, tag, pages, parent, err);
    if (!ok)
        return false;
    if (row) {
        loader->info.name = row_strings_at(strings, 0);
        loader->info.colour = row_strings_at(strings, 1);
    }
    *found_out = row;
    return true;
}

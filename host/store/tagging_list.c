#include "store/tagging.h"

#include "base/limits.h"
#include "store/pinyin.h"
#include "store/row_strings.h"
#include "store/tagging_rows.h"
#include "store/tags.h"

/* ?1 is the folded part, ?2 the same as it was typed, ?3 whether those of no page count, ?4 whether
 * names say the order. Counting over an index and taking off the few trashed pages is much quicker
 * than looking at every page of every tag. */
static const char list_sql[] =
    "WITH trash AS MATERIALIZED ("
    " SELECT pt.tag AS tag, count(*) AS pages FROM pages p CROSS JOIN page_tags pt ON pt.page = "
    "p.id"
    " WHERE p.trashed > 0 GROUP BY pt.tag),"
    " found AS MATERIALIZED ("
    " SELECT id, folded, instr(folded, ?1) AS at, linksnap_typed(name, ?2) AS place FROM tags),"
    " used AS MATERIALIZED ("
    " SELECT id, folded, CASE WHEN at = 1 OR ?1 = '' THEN 0 WHEN place = 1 THEN 1 ELSE 2 END"
    "  AS rank, (SELECT count(*) FROM page_tags WHERE tag = id)"
    "   - coalesce((SELECT pages FROM trash WHERE tag = id), 0) AS pages"
    " FROM found WHERE ?1 = '' OR at > 0 OR place > 0)"
    " SELECT id, pages FROM used WHERE pages > 0 OR ?3"
    " ORDER BY iif(?4, 0, rank), iif(?4, 0, pages) DESC, folded LIMIT ?5";

static bool bind_list(struct store *store, sqlite3_stmt *statement,
                      const struct tags_request *request, struct slice folded, struct typed *typed,
                      struct error *err)
{
    db_bind_text(store, statement, 1, folded);
    db_bind_int(store, statement, 3, request->unused);
    db_bind_int(store, statement, 4, request->by_name);
    db_bind_int(store, statement, 5, (int64_t)request->limit);
    if (!typed_read(typed, store->folder, request->part))
        return true;
    int code = sqlite3_bind_pointer(statement, 2, typed, TYPED_POINTER, NULL);
    return code == SQLITE_OK || db_error(store, code, err);
}

/* The limit is the caller's to check. */
static bool list(struct store *store, const struct tags_request *request, tag_info_fn fn, void *arg,
                 struct error *err)
{
    struct buf folded;
    struct typed typed;
    struct tag_loader loader;
    sqlite3_stmt *statement = NULL;
    buf_init(&folded, LIMIT_QUERY * 18);
    tag_loader_init(&loader, store);
    bool row = true;
    bool ok = request->part.len <= LIMIT_QUERY ||
              error_set(err, ERR_LIMIT, "The part of a tag is longer than %zu bytes", LIMIT_QUERY);
    ok = ok && tags_fold(store, request->part, &folded, err);
    if (!ok)
        goto out;
    statement = db_prepare(store, list_sql, err);
    ok = statement != NULL && bind_list(store, statement, request, buf_slice(&folded), &typed, err);
    while (ok && (ok = db_step(store, statement, &row, err)) && row) {
        bool found;
        ok = tag_load(&loader, sqlite3_column_int64(statement, 0),
                      sqlite3_column_int64(statement, 1), &found, err);
        if (ok && found && !fn(&loader.info, arg))
            break;
    }
out:
    db_done(store, statement);
    tag_loader_finish(&loader);
    buf_finish(&folded);
    return ok;
}

bool tagging_list(struct store *store, const struct tags_request *request, tag_info_fn fn,
                  void *arg, struct error *err)
{
    size_t most = request->by_name ? LIMIT_TAG_NAMES : LIMIT_RESULTS;
    if (request->limit == 0 || request->limit > most)
        return error_set(err, ERR_LIMIT, "A list has 1 to %zu tags", most);
    if (!db_begin_read(store, err))
        return false;
    bool ok = list(store, request, fn, arg, err);
    db_end_read(store);
    return ok;
}

bool tagging_titles(struct store *store, struct slice part, size_t limit, title_fn fn, void *arg,
                    struct error *err)
{
    enum { SITE_MAX = 1024 };
    struct typed typed;
    struct row_strings strings;
    if (part.len > LIMIT_QUERY)
        return error_set(err, ERR_LIMIT, "The part of a title is longer than %zu bytes",
                         LIMIT_QUERY);
    if (limit == 0 || limit > LIMIT_RESULTS)
        return error_set(err, ERR_LIMIT, "A list has 1 to %zu titles", LIMIT_RESULTS);
    if (!typed_read(&typed, store->folder, part))
        return true;
    sqlite3_stmt *statement =
        db_prepare(store,
                   "SELECT id, title, site FROM pages WHERE trashed = 0"
                   " AND linksnap_typed(title, ?1) > 0 ORDER BY ord DESC LIMIT ?2",
                   err);
    if (statement == NULL)
        return false;
    row_strings_init(&strings);
    bool row = true;
    int code = sqlite3_bind_pointer(statement, 1, &typed, TYPED_POINTER, NULL);
    bool ok = code == SQLITE_OK || db_error(store, code, err);
    db_bind_int(store, statement, 2, (int64_t)limit);
    while (ok && (ok = db_step(store, statement, &row, err)) && row) {
        row_strings_reset(&strings);
        row_strings_add(&strings, db_text(statement, 1), LIMIT_TITLE);
        row_strings_add(&strings, db_text(statement, 2), SITE_MAX);
        ok = row_strings_ok(&strings, err);
        if (ok && !fn(sqlite3_column_int64(statement, 0), row_strings_at(&strings, 0),
                      row_strings_at(&strings, 1), arg))
            break;
    }
    db_done(store, statement);
    row_strings_finish(&strings);
    return ok;
}

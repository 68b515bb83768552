#include "base/limits.h"
#include "store/fts.h"
#include "store/tags.h"

/* Runs a statement whose first parameters are numbers; it may be NULL, which is false. */
static bool run_with(struct store *store, sqlite3_stmt *statement, int64_t first, int64_t second,
                     struct error *err)
{
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, first);
    db_bind_int(store, statement, 2, second);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool tags_find(struct store *store, struct slice folded, int64_t *tag_out, struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(store, "SELECT id FROM tags WHERE folded = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_text(store, statement, 1, folded);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *tag_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok;
}

static bool insert(struct store *store, struct slice name, struct slice folded, int64_t *tag_out,
                   struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "INSERT INTO tags (name, folded) VALUES (?1, ?2)", err);
    if (statement == NULL)
        return false;
    db_bind_text(store, statement, 1, name);
    db_bind_text(store, statement, 2, folded);
    bool ok = db_run(store, statement, err);
    if (ok)
        *tag_out = sqlite3_last_insert_rowid(store->db);
    db_done(store, statement);
    return ok;
}

/* One that no page has may be written another way. */
static bool write_again(struct store *store, int64_t tag, struct slice name, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store,
                                         "UPDATE tags SET name = ?2 WHERE id = ?1 AND name <> ?2"
                                         " AND NOT EXISTS (SELECT 1 FROM page_tags WHERE tag = ?1)",
                                         err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, tag);
    db_bind_text(store, statement, 2, name);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool tags_make(struct store *store, struct slice name, struct slice folded, int64_t *tag_out,
               bool *made_out, struct error *err)
{
    int64_t tag;
    if (!tags_find(store, folded, &tag, err))
        return false;
    *made_out = tag == 0;
    if (tag == 0)
        return insert(store, name, folded, tag_out, err);
    *tag_out = tag;
    return write_again(store, tag, name, err);
}

bool tags_read(struct store *store, int64_t tag, struct buf *name, struct buf *colour,
               struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(store, "SELECT name, colour FROM tags WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, tag);
    bool ok = db_step(store, statement, &row, err) &&
              (row || error_set(err, ERR_NOT_FOUND, "There is no such tag"));
    if (ok && name != NULL) {
        buf_add_slice(name, db_text(statement, 0));
        ok = buf_ok(name, "A tag", err);
    }
    if (ok && colour != NULL) {
        buf_add_slice(colour, db_text(statement, 1));
        ok = buf_ok(colour, "A colour", err);
    }
    db_done(store, statement);
    return ok;
}

bool tags_rename(struct store *store, int64_t tag, struct slice name, struct slice folded,
                 struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "UPDATE tags SET name = ?2, folded = ?3 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, tag);
    db_bind_text(store, statement, 2, name);
    db_bind_text(store, statement, 3, folded);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool tags_set_colour(struct store *store, int64_t tag, struct slice colour, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, "UPDATE tags SET colour = ?2 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, tag);
    db_bind_text(store, statement, 2, colour);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool tags_forget(struct store *store, int64_t tag, struct error *err)
{
    return db_run_with_int(store, "DELETE FROM tags WHERE id = ?1", tag, err);
}

bool tags_has(struct store *store, int64_t page, int64_t tag, bool *has_out, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT 1 FROM page_tags WHERE page = ?1 AND tag = ?2", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    db_bind_int(store, statement, 2, tag);
    bool ok = db_step(store, statement, has_out, err);
    db_done(store, statement);
    return ok;
}

bool tags_put(struct store *store, int64_t page, int64_t tag, struct error *err)
{
    return run_with(
        store,
        db_prepare(store,
                   "INSERT INTO page_tags (page, tag) VALUES (?1, ?2) ON CONFLICT DO NOTHING", err),
        page, tag, err);
}

bool tags_take(struct store *store, int64_t page, int64_t tag, struct error *err)
{
    return run_with(store,
                    db_prepare(store, "DELETE FROM page_tags WHERE page = ?1 AND tag = ?2", err),
                    page, tag, err);
}

bool tags_check_count(struct store *store, int64_t page, struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT count(*) FROM page_tags WHERE page = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    bool ok = db_step(store, statement, &row, err);
    if (ok && sqlite3_column_int64(statement, 0) > (int64_t)LIMIT_TAGS)
        ok = error_set(err, ERR_LIMIT, "A page has more than %zu tags", LIMIT_TAGS);
    db_done(store, statement);
    return ok;
}

bool tags_pages(struct store *store, int64_t tag, struct ords *pages, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT page FROM page_tags WHERE tag = ?1 ORDER BY page", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, tag);
    return ords_fill(pages, store, statement, err);
}

/* Turns each number into what the statement gives for it, if anything. */
static bool look_up(struct store *store, sqlite3_stmt *statement, const struct ords *from,
                    struct ords *to, struct error *err)
{
    bool row;
    bool ok = statement != NULL;
    for (size_t i = 0; ok && i < ords_count(from); i++) {
        db_bind_int(store, statement, 1, ords_list(from)[i]);
        ok = db_step(store, statement, &row, err);
        if (ok && row)
            ok = ords_add(to, sqlite3_column_int64(statement, 0)) ||
                 buf_ok(&to->bytes, "A list of pages", err);
        db_reset(statement);
    }
    db_done(store, statement);
    return ok;
}

bool tags_order(struct store *store, struct ords *pages, struct error *err)
{
    struct ords ords;
    struct ords ordered;
    ords_init(&ords);
    ords_init(&ordered);
    bool ok = look_up(store, db_prepare(store, "SELECT ord FROM pages WHERE id = ?1", err), pages,
                      &ords, err);
    ords_sort(&ords, true);
    ok = ok && look_up(store, db_prepare(store, "SELECT id FROM pages WHERE ord = ?1", err), &ords,
                       &ordered, err);
    ords_finish(&ords);
    if (ok) {
        ords_finish(pages);
        *pages = ordered;
    } else {
        ords_finish(&ordered);
    }
    return ok;
}

bool tags_index(struct store *store, const struct ords *pages, bool in, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < ords_count(pages); i++)
        ok = in ? fts_add(store, ords_list(pages)[i], err)
                : fts_remove(store, ords_list(pages)[i], err);
    return ok;
}

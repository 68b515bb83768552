#include "store/tags.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/pages.h"
#include "store/row_strings.h"

/* Appends the name with white space tidied; true also when nothing is left. */
static void append_tidy(struct buf *out, struct slice name)
{
    bool space = false;
    for (size_t at = 0; at < name.len;) {
        uint32_t cp;
        size_t len = utf8_decode(name, at, &cp);
        bool blank = cp == 0x3000 || cp == 0xA0 || (len == 1 && ascii_space((char)cp));
        if (!blank) {
            if (space && out->len > 0)
                buf_add_char(out, ' ');
            buf_add(out, name.ptr + at, len);
        }
        space = blank;
        at += len;
    }
}

static bool has_control(struct slice text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t cp;
        at += utf8_decode(text, at, &cp);
        if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
            return true;
    }
    return false;
}

bool tags_fold(struct store *store, struct slice name, struct buf *out, struct error *err)
{
    struct buf tidy;
    buf_init(&tidy, LIMIT_QUERY);
    append_tidy(&tidy, name);
    bool ok = buf_ok(&tidy, "A tag", err) && fold_name(store->folder, buf_slice(&tidy), out, err);
    buf_finish(&tidy);
    return ok;
}

/* The number of a tag, which is made when it is new. */
static bool find_or_make(struct store *store, struct slice name, struct slice folded,
                         int64_t *tag_out, struct error *err)
{
    bool row;
    bool ok;
    sqlite3_stmt *insert = NULL;
    sqlite3_stmt *find = db_prepare(store, "SELECT id FROM tags WHERE folded = ?1", err);
    if (find == NULL)
        return false;
    db_bind_text(store, find, 1, folded);
    ok = db_step(store, find, &row, err);
    if (ok && row)
        *tag_out = sqlite3_column_int64(find, 0);
    if (!ok || row)
        goto out;
    insert = db_prepare(store, "INSERT INTO tags (name, folded) VALUES (?1, ?2)", err);
    ok = insert != NULL;
    if (!ok)
        goto out;
    db_bind_text(store, insert, 1, name);
    db_bind_text(store, insert, 2, folded);
    ok = db_run(store, insert, err);
    if (ok)
        *tag_out = sqlite3_last_insert_rowid(store->db);
out:
    db_done(store, find);
    db_done(store, insert);
    return ok;
}

static bool check_name(struct slice name, struct slice folded, struct error *err)
{
    if (name.len == 0 || folded.len == 0)
        return error_set(err, ERR_PARAMS, "A tag is empty");
    if (has_control(name))
        return error_set(err, ERR_PARAMS, "A tag has a control character");
    if (utf8_count(name) > LIMIT_TAG)
        return error_set(err, ERR_LIMIT, "A tag has more than %zu characters", LIMIT_TAG);
    return true;
}

static bool add_one(struct store *store, int64_t page, const char *tag, struct error *err)
{
    struct buf name;
    struct buf folded;
    int64_t id;
    bool ok = false;
    sqlite3_stmt *statement = NULL;
    buf_init(&name, LIMIT_QUERY);
    buf_init(&folded, LIMIT_QUERY);
    append_tidy(&name, slice_of(tag));
    if (!buf_ok(&name, "A tag", err) || !fold_name(store->folder, buf_slice(&name), &folded, err) ||
        !check_name(buf_slice(&name), buf_slice(&folded), err) ||
        !find_or_make(store, buf_slice(&name), buf_slice(&folded), &id, err))
        goto out;
    statement = db_prepare(
        store, "INSERT INTO page_tags (page, tag) VALUES (?1, ?2) ON CONFLICT DO NOTHING", err);
    if (statement == NULL)
        goto out;
    db_bind_int(store, statement, 1, page);
    db_bind_int(store, statement, 2, id);
    ok = db_run(store, statement, err);
out:
    db_done(store, statement);
    buf_finish(&name);
    buf_finish(&folded);
    return ok;
}

static bool check_count(struct store *store, int64_t page, struct error *err)
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

bool tags_add(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!add_one(store, page, tags[i], err))
            return false;
    }
    return count == 0 || check_count(store, page, err);
}

bool tags_set(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err)
{
    return db_run_with_int(store, "DELETE FROM page_tags WHERE page = ?1", page, err) &&
           tags_add(store, page, tags, count, err) &&
           /* One that nobody uses any more may be written another way next time. */
           db_execute(store,
                      "DELETE FROM tags WHERE NOT EXISTS"
                      " (SELECT 1 FROM page_tags WHERE tag = tags.id)",
                      err);
}

/* ?1 is the folded part. Counting over an index and taking off the few trashed pages is much
 * quicker than looking at every page of every tag. */
static const char list_sql[] =
    "WITH trash AS MATERIALIZED ("
    " SELECT pt.tag AS tag, count(*) AS pages FROM pages p JOIN page_tags pt ON pt.page = p.id"
    " WHERE p.trashed > 0 GROUP BY pt.tag),"
    " used AS MATERIALIZED ("
    " SELECT t.name AS name, t.folded AS folded,"
    "  (SELECT count(*) FROM page_tags WHERE tag = t.id)"
    "   - coalesce((SELECT pages FROM trash WHERE tag = t.id), 0) AS pages"
    " FROM tags t WHERE ?1 = '' OR instr(t.folded, ?1) > 0)"
    " SELECT name, pages FROM used WHERE pages > 0"
    " ORDER BY (?1 <> '' AND instr(folded, ?1) > 1), pages DESC, folded LIMIT ?2";

bool tags_list(struct store *store, struct slice part, size_t limit, tag_fn fn, void *arg,
               struct error *err)
{
    struct buf folded;
    struct row_strings strings;
    buf_init(&folded, LIMIT_QUERY * 18);
    row_strings_init(&strings);
    bool ok = false;
    bool row = true;
    sqlite3_stmt *statement = NULL;
    if (part.len > LIMIT_QUERY) {
        error_set(err, ERR_LIMIT, "The part of a tag is longer than %zu bytes", LIMIT_QUERY);
        goto out;
    }
    if (!tags_fold(store, part, &folded, err))
        goto out;
    statement = db_prepare(store, list_sql, err);
    if (statement == NULL)
        goto out;
    db_bind_text(store, statement, 1, buf_slice(&folded));
    db_bind_int(store, statement, 2, (int64_t)limit);
    while ((ok = db_step(store, statement, &row, err)) && row) {
        row_strings_reset(&strings);
        row_strings_add(&strings, db_text(statement, 0), LIMIT_QUERY);
        ok = row_strings_ok(&strings, err);
        struct tag_row tag = {row_strings_at(&strings, 0), sqlite3_column_int64(statement, 1)};
        if (!ok || !fn(&tag, arg))
            break;
    }
out:
    db_done(store, statement);
    row_strings_finish(&strings);
    buf_finish(&folded);
    return ok;
}

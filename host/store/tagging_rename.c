#include "store/tagging.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/row_strings.h"
#include "store/tags.h"
#include "store/undo_log.h"

struct rename {
    struct store *store;
    struct undo_log log;
    struct buf from;          /* folded */
    struct buf to;            /* as written */
    struct ords tags;         /* those that move, in their order */
    struct row_strings names; /* of them: as they are, and as they will be */
    struct ords pages;        /* that have one of them */
    bool respells;            /* what is compared stays the same */
    bool merged;
};

static void rename_init(struct rename *rename, struct store *store)
{
    *rename = (struct rename){.store = store};
    buf_init(&rename->from, LIMIT_QUERY * 18);
    buf_init(&rename->to, LIMIT_QUERY);
    ords_init(&rename->tags);
    row_strings_init(&rename->names);
    ords_init(&rename->pages);
}

static void rename_finish(struct rename *rename)
{
    buf_finish(&rename->from);
    buf_finish(&rename->to);
    ords_finish(&rename->tags);
    row_strings_finish(&rename->names);
    ords_finish(&rename->pages);
}

static bool folds_to(struct rename *rename, struct slice name, struct slice folded, bool *same_out,
                     struct error *err)
{
    struct buf out;
    buf_init(&out, LIMIT_QUERY * 18);
    bool ok = tags_fold(rename->store, name, &out, err);
    if (ok)
        *same_out = slice_equal(buf_slice(&out), folded);
    buf_finish(&out);
    return ok;
}

/* The slash in a name at which what stands below begins, as it was written: it may be full-width.
 * Where none is right, what is compared has to do: `folded`. */
static bool find_rest(struct rename *rename, struct slice name, struct slice folded,
                      struct slice *rest_out, struct error *err)
{
    for (size_t at = 0; at < name.len;) {
        uint32_t cp;
        bool same = false;
        size_t len = utf8_decode(name, at, &cp);
        if ((cp == '/' || cp == 0xFF0F) &&
            !folds_to(rename, slice_sub(name, 0, at), buf_slice(&rename->from), &same, err))
            return false;
        if (same) {
            *rest_out = slice_sub(name, at, name.len);
            return true;
        }
        at += len;
    }
    *rest_out = slice_sub(folded, rename->from.len, folded.len);
    return true;
}

/* Takes one tag up for moving; what it will be called must be a tag's name. */
static bool take_up(struct rename *rename, int64_t tag, struct slice name, struct slice folded,
                    struct error *err)
{
    struct slice rest = {0};
    struct buf becomes;
    struct buf tidy;
    struct buf ignored;
    buf_init(&becomes, 2 * LIMIT_QUERY);
    buf_init(&tidy, 2 * LIMIT_QUERY);
    buf_init(&ignored, LIMIT_QUERY * 36);
    bool ok = folded.len == rename->from.len || find_rest(rename, name, folded, &rest, err);
    buf_add_slice(&becomes, buf_slice(&rename->to));
    buf_add_slice(&becomes, rest);
    ok = ok && buf_ok(&becomes, "A tag", err) &&
         tags_check(rename->store, becomes.ptr, &tidy, &ignored, err);
    if (ok) {
        row_strings_add(&rename->names, name, LIMIT_QUERY);
        row_strings_add(&rename->names, buf_slice(&tidy), LIMIT_QUERY);
        ok = (ords_add(&rename->tags, tag) || buf_ok(&rename->tags.bytes, "A list of tags", err)) &&
             tags_pages(rename->store, tag, &rename->pages, err);
    }
    buf_finish(&becomes);
    buf_finish(&tidy);
    buf_finish(&ignored);
    return ok;
}

/* A tag may move to where another one is now that moves too: that one goes first. */
static const char longest_first[] =
    "SELECT id, name, folded FROM tags WHERE folded = ?1 OR (folded > ?1 || '/'"
    " AND folded < ?1 || '0') ORDER BY length(folded) DESC, id";
static const char shortest_first[] =
    "SELECT id, name, folded FROM tags WHERE folded = ?1 OR (folded > ?1 || '/'"
    " AND folded < ?1 || '0') ORDER BY length(folded), id";

static bool take_all_up(struct rename *rename, bool longer, struct error *err)
{
    bool row = true;
    bool ok = true;
    sqlite3_stmt *statement =
        db_prepare(rename->store, longer ? longest_first : shortest_first, err);
    if (statement == NULL)
        return false;
    db_bind_text(rename->store, statement, 1, buf_slice(&rename->from));
    while (ok && (ok = db_step(rename->store, statement, &row, err)) && row)
        ok = take_up(rename, sqlite3_column_int64(statement, 0), db_text(statement, 1),
                     db_text(statement, 2), err);
    db_done(rename->store, statement);
    if (ok && ords_count(&rename->tags) == 0)
        ok = error_set(err, ERR_NOT_FOUND, "There is no such tag");
    return ok && row_strings_ok(&rename->names, err) &&
           tags_order(rename->store, &rename->pages, err);
}

/* One page of a tag that becomes another. */
static bool merge_page(struct rename *rename, int64_t page, int64_t tag, struct slice name,
                       int64_t into, struct slice into_name, struct error *err)
{
    bool has;
    if (!tags_take(rename->store, page, tag, err) ||
        !undo_log_page_tag(&rename->log, page, name, false, err) ||
        !tags_has(rename->store, page, into, &has, err))
        return false;
    return has || (tags_put(rename->store, page, into, err) &&
                   undo_log_page_tag(&rename->log, page, into_name, true, err));
}

static bool merge(struct rename *rename, int64_t tag, struct slice name, int64_t into,
                  struct error *err)
{
    struct ords pages;
    struct buf colour;
    struct buf into_name;
    ords_init(&pages);
    buf_init(&colour, LIMIT_QUERY);
    buf_init(&into_name, LIMIT_QUERY);
    bool ok = tags_pages(rename->store, tag, &pages, err) &&
              tags_read(rename->store, tag, NULL, &colour, err) &&
              tags_read(rename->store, into, &into_name, NULL, err);
    for (size_t i = 0; ok && i < ords_count(&pages); i++)
        ok = merge_page(rename, ords_list(&pages)[i], tag, name, into, buf_slice(&into_name), err);
    ok = ok && tags_forget(rename->store, tag, err) &&
         undo_log_tag(&rename->log, name, (struct slice){0}, buf_slice(&colour), err);
    rename->merged = true;
    ords_finish(&pages);
    buf_finish(&colour);
    buf_finish(&into_name);
    return ok;
}

static bool move(struct rename *rename, size_t index, struct error *err)
{
    int64_t tag = ords_list(&rename->tags)[index];
    int64_t there = 0;
    struct slice name = slice_of(row_strings_at(&rename->names, 2 * index));
    struct slice becomes = slice_of(row_strings_at(&rename->names, 2 * index + 1));
    struct buf folded;
    buf_init(&folded, LIMIT_QUERY * 18);
    bool ok = tags_fold(rename->store, becomes, &folded, err) &&
              tags_find(rename->store, buf_slice(&folded), &there, err);
    if (ok && there != 0 && there != tag)
        ok = merge(rename, tag, name, there, err);
    else if (ok && !slice_equal(name, becomes))
        ok = tags_rename(rename->store, tag, becomes, buf_slice(&folded), err) &&
             undo_log_tag(&rename->log, name, becomes, (struct slice){0}, err);
    buf_finish(&folded);
    return ok;
}

static bool run(struct rename *rename, const char *from, const char *to, int64_t *step_out,
                struct error *err)
{
    struct buf folded;
    buf_init(&folded, LIMIT_QUERY * 18);
    bool ok = tags_fold(rename->store, slice_of(from), &rename->from, err) &&
              (rename->from.len > 0 || error_set(err, ERR_NOT_FOUND, "There is no such tag")) &&
              tags_check(rename->store, to, &rename->to, &folded, err);
    bool longer = folded.len > rename->from.len;
    rename->respells = slice_equal(buf_slice(&folded), buf_slice(&rename->from));
    buf_finish(&folded);
    ok = ok && take_all_up(rename, longer, err) &&
         undo_log_begin(&rename->log, rename->store, "rename", err) &&
         (rename->respells || tags_index(rename->store, &rename->pages, false, err));
    for (size_t i = 0; ok && i < ords_count(&rename->tags); i++)
        ok = move(rename, i, err);
    return ok && (rename->respells || tags_index(rename->store, &rename->pages, true, err)) &&
           undo_log_end(&rename->log, step_out, err);
}

bool tagging_rename(struct store *store, const char *from, const char *to, bool *merged_out,
                    int64_t *step_out, struct error *err)
{
    struct rename rename;
    int64_t step = 0;
    if (strlen(from) > LIMIT_QUERY)
        return error_set(err, ERR_LIMIT, "A tag has more than %zu characters", LIMIT_TAG);
    if (!db_begin(store, err))
        return false;
    rename_init(&rename, store);
    bool ok = db_end(store, run(&rename, from, to, &step, err), err);
    if (ok) {
        *merged_out = rename.merged;
        *step_out = step;
    }
    rename_finish(&rename);
    return ok;
}

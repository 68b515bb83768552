#include "base/limits.h"
#include "store/row_strings.h"
#include "store/tagging.h"
#include "store/tags.h"
#include "store/undo_log.h"

struct removal {
    struct store *store;
    struct undo_log log;
    struct ords tags; /* sorted downwards, as ords_have() wants it */
    struct ords pages;
    struct ords here; /* of one page, those of the tags that it has */
    struct row_strings names;
};

static void removal_init(struct removal *removal, struct store *store)
{
    *removal = (struct removal){.store = store};
    ords_init(&removal->tags);
    ords_init(&removal->pages);
    ords_init(&removal->here);
    row_strings_init(&removal->names);
}

static void removal_finish(struct removal *removal)
{
    ords_finish(&removal->tags);
    ords_finish(&removal->pages);
    ords_finish(&removal->here);
    row_strings_finish(&removal->names);
}

static bool find_named(struct removal *removal, const char *const *names, size_t count,
                       struct error *err)
{
    bool ok = true;
    struct buf folded;
    buf_init(&folded, LIMIT_QUERY * 18);
    for (size_t i = 0; ok && i < count; i++) {
        int64_t tag = 0;
        if (strlen(names[i]) > LIMIT_QUERY)
            continue;
        buf_reset(&folded);
        ok = tags_fold(removal->store, slice_of(names[i]), &folded, err) &&
             tags_find(removal->store, buf_slice(&folded), &tag, err) &&
             (tag == 0 || ords_add(&removal->tags, tag) ||
              buf_ok(&removal->tags.bytes, "A list of tags", err));
    }
    buf_finish(&folded);
    ords_sort(&removal->tags, false);
    for (size_t i = 0; ok && i < ords_count(&removal->tags); i++)
        ok = tags_pages(removal->store, ords_list(&removal->tags)[i], &removal->pages, err);
    return ok && tags_order(removal->store, &removal->pages, err);
}

static bool find_unused(struct removal *removal, struct error *err)
{
    return ords_fill(&removal->tags, removal->store,
                     db_prepare(removal->store,
                                "SELECT id FROM tags WHERE NOT EXISTS"
                                " (SELECT 1 FROM page_tags WHERE tag = tags.id) ORDER BY id DESC",
                                err),
                     err);
}

static bool read_page(struct removal *removal, int64_t page, struct error *err)
{
    bool row = true;
    bool ok = true;
    buf_reset(&removal->here.bytes);
    row_strings_reset(&removal->names);
    sqlite3_stmt *statement = db_prepare(removal->store,
                                         "SELECT t.id, t.name FROM page_tags pt"
                                         " JOIN tags t ON t.id = pt.tag WHERE pt.page = ?1",
                                         err);
    if (statement == NULL)
        return false;
    db_bind_int(removal->store, statement, 1, page);
    while ((ok = db_step(removal->store, statement, &row, err)) && row) {
        int64_t tag = sqlite3_column_int64(statement, 0);
        if (!ords_have(&removal->tags, tag))
            continue;
        ords_add(&removal->here, tag);
        row_strings_add(&removal->names, db_text(statement, 1), LIMIT_QUERY);
    }
    db_done(removal->store, statement);
    return ok && buf_ok(&removal->here.bytes, "A list of tags", err) &&
           row_strings_ok(&removal->names, err);
}

/* The page is out of the index. */
static bool clear_page(struct removal *removal, int64_t page, struct error *err)
{
    bool ok = read_page(removal, page, err);
    for (size_t i = 0; ok && i < ords_count(&removal->here); i++)
        ok = tags_take(removal->store, page, ords_list(&removal->here)[i], err) &&
             undo_log_page_tag(&removal->log, page, slice_of(row_strings_at(&removal->names, i)),
                               false, err);
    return ok;
}

static bool forget(struct removal *removal, int64_t tag, struct error *err)
{
    struct buf name;
    struct buf colour;
    buf_init(&name, LIMIT_QUERY);
    buf_init(&colour, LIMIT_QUERY);
    bool ok =
        tags_read(removal->store, tag, &name, &colour, err) &&
        tags_forget(removal->store, tag, err) &&
        undo_log_tag(&removal->log, buf_slice(&name), (struct slice){0}, buf_slice(&colour), err);
    buf_finish(&name);
    buf_finish(&colour);
    return ok;
}

static bool run(struct removal *removal, const char *const *names, size_t count, int64_t *step_out,
                struct error *err)
{
    bool ok = names == NULL ? find_unused(removal, err) : find_named(removal, names, count, err);
    ok = ok && undo_log_begin(&removal->log, removal->store, "delete", err) &&
         tags_index(removal->store, &removal->pages, false, err);
    for (size_t i = 0; ok && i < ords_count(&removal->pages); i++)
        ok = clear_page(removal, ords_list(&removal->pages)[i], err);
    for (size_t i = 0; ok && i < ords_count(&removal->tags); i++)
        ok = forget(removal, ords_list(&removal->tags)[i], err);
    return ok && tags_index(removal->store, &removal->pages, true, err) &&
           undo_log_end(&removal->log, step_out, err);
}

bool tagging_delete(struct store *store, const char *const *names, size_t count,
                    int64_t *deleted_out, int64_t *step_out, struct error *err)
{
    struct removal removal;
    int64_t step = 0;
    if (!db_begin(store, err))
        return false;
    removal_init(&removal, store);
    bool ok = db_end(store, run(&removal, names, count, &step, err), err);
    if (ok) {
        *deleted_out = (int64_t)ords_count(&removal.tags);
        *step_out = step;
    }
    removal_finish(&removal);
    return ok;
}

static bool read_colour(const char *colour, char out[8], struct error *err)
{
    size_t len = strlen(colour);
    bool ok = len == 0 || (len == 7 && colour[0] == '#');
    for (size_t i = 1; ok && i < len; i++)
        ok = strchr("0123456789abcdefABCDEF", colour[i]) != NULL;
    if (!ok)
        return error_set(err, ERR_PARAMS, "A colour is written #rrggbb");
    for (size_t i = 0; i <= len; i++)
        out[i] = ascii_lower(colour[i]);
    return true;
}

bool tagging_colour(struct store *store, const char *name, const char *colour, struct error *err)
{
    char lower[8];
    int64_t tag = 0;
    struct buf folded;
    if (!read_colour(colour, lower, err))
        return false;
    if (strlen(name) > LIMIT_QUERY)
        return error_set(err, ERR_NOT_FOUND, "There is no such tag");
    if (!db_begin(store, err))
        return false;
    buf_init(&folded, LIMIT_QUERY * 18);
    bool ok = tags_fold(store, slice_of(name), &folded, err) &&
              tags_find(store, buf_slice(&folded), &tag, err) &&
              (tag != 0 || error_set(err, ERR_NOT_FOUND, "There is no such tag")) &&
              tags_set_colour(store, tag, slice_of(lower), err);
    buf_finish(&folded);
    return db_end(store, ok, err);
}

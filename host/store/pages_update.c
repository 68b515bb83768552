/* What a person says of a page, changed in a step that can be undone. */
#include "base/limits.h"
#include "store/fts.h"
#include "store/page_rows.h"
#include "store/tags.h"
#include "store/undo_log.h"

#include <stdlib.h>

/* How a tag that the change names is written; empty: there is none. */
struct named {
    struct buf was;
    struct buf now;
};

struct update {
    struct store *store;
    int64_t page;
    const struct page_change *change;
    struct undo_log log;
    struct named named[LIMIT_TAGS];
    struct ords had; /* tags of the page before */
    struct ords has; /* and after */
};

static struct update *create(struct store *store, int64_t page, const struct page_change *change,
                             struct error *err)
{
    struct update *update = calloc(1, sizeof *update);
    if (update == NULL) {
        error_no_memory(err);
        return NULL;
    }
    update->store = store;
    update->page = page;
    update->change = change;
    for (size_t i = 0; i < LIMIT_TAGS; i++) {
        buf_init(&update->named[i].was, LIMIT_QUERY);
        buf_init(&update->named[i].now, LIMIT_QUERY);
    }
    ords_init(&update->had);
    ords_init(&update->has);
    return update;
}

static void destroy(struct update *update)
{
    for (size_t i = 0; i < LIMIT_TAGS; i++) {
        buf_finish(&update->named[i].was);
        buf_finish(&update->named[i].now);
    }
    ords_finish(&update->had);
    ords_finish(&update->has);
    free(update);
}

static bool check_change(const struct page_change *change, struct error *err)
{
    if (change->title != NULL && strlen(change->title) > LIMIT_TITLE)
        return error_set(err, ERR_LIMIT, "A title is longer than %zu bytes", LIMIT_TITLE);
    if (change->note != NULL && strlen(change->note) > LIMIT_NOTE)
        return error_set(err, ERR_LIMIT, "A note is longer than %zu bytes", LIMIT_NOTE);
    if (change->set_tags && change->tag_count > LIMIT_TAGS)
        return error_set(err, ERR_LIMIT, "A page has more than %zu tags", LIMIT_TAGS);
    return true;
}

/* ---- Title and note ---- */

/* Notes down what will be another. */
static bool log_words(struct update *update, struct error *err)
{
    bool row;
    const struct page_change *change = update->change;
    sqlite3_stmt *statement =
        db_prepare(update->store, "SELECT title, note FROM pages WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(update->store, statement, 1, update->page);
    bool ok = db_step(update->store, statement, &row, err);
    struct slice title = ok && row ? db_text(statement, 0) : (struct slice){0};
    struct slice note = ok && row ? db_text(statement, 1) : (struct slice){0};
    if (ok && change->title != NULL && !slice_equal(title, slice_of(change->title)))
        ok = undo_log_words(&update->log, update->page, "title", title, slice_of(change->title),
                            err);
    if (ok && change->note != NULL && !slice_equal(note, slice_of(change->note)))
        ok = undo_log_words(&update->log, update->page, "note", note, slice_of(change->note), err);
    db_done(update->store, statement);
    return ok;
}

static bool write_words(struct update *update, struct error *err)
{
    const struct page_change *change = update->change;
    sqlite3_stmt *statement =
        db_prepare(update->store,
                   "UPDATE pages SET title = coalesce(?2, title), note = coalesce(?3, note)"
                   " WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(update->store, statement, 1, update->page);
    if (change->title != NULL)
        db_bind_string(update->store, statement, 2, change->title);
    if (change->note != NULL)
        db_bind_string(update->store, statement, 3, change->note);
    bool ok = db_run(update->store, statement, err);
    db_done(update->store, statement);
    return ok;
}

/* ---- Tags ---- */

/* The tag's name as it is written in the store, or nothing. */
static bool read_name(struct update *update, const char *tag, struct buf *name, struct error *err)
{
    int64_t id;
    struct buf tidy;
    struct buf folded;
    buf_init(&tidy, LIMIT_QUERY);
    buf_init(&folded, LIMIT_QUERY * 18);
    buf_reset(name);
    bool ok = tags_check(update->store, tag, &tidy, &folded, err) &&
              tags_find(update->store, buf_slice(&folded), &id, err) &&
              (id == 0 || tags_read(update->store, id, name, NULL, err));
    buf_finish(&tidy);
    buf_finish(&folded);
    return ok;
}

static bool page_tags(struct update *update, struct ords *list, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(update->store, "SELECT tag FROM page_tags WHERE page = ?1 ORDER BY tag", err);
    if (statement != NULL)
        db_bind_int(update->store, statement, 1, update->page);
    return ords_fill(list, update->store, statement, err);
}

/* Tags that were made, and those that their only page writes another way now. */
static bool log_named(struct update *update, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < update->change->tag_count; i++) {
        struct named *named = &update->named[i];
        bool again = false;
        if (!read_name(update, update->change->tags[i], &named->now, err))
            return false;
        for (size_t k = 0; k < i; k++)
            again = again || slice_equal(buf_slice(&update->named[k].now), buf_slice(&named->now));
        if (!again && !slice_equal(buf_slice(&named->was), buf_slice(&named->now)))
            ok = undo_log_tag(&update->log, buf_slice(&named->was), buf_slice(&named->now),
                              (struct slice){0}, err);
    }
    return ok;
}

/* Those of one list that are not in the other. */
static bool log_page_tags(struct update *update, const struct ords *list, const struct ords *other,
                          bool has_now, struct error *err)
{
    struct buf name;
    bool ok = true;
    buf_init(&name, LIMIT_QUERY);
    for (size_t i = 0; ok && i < ords_count(list); i++) {
        bool both = false;
        for (size_t k = 0; k < ords_count(other); k++)
            both = both || ords_list(other)[k] == ords_list(list)[i];
        buf_reset(&name);
        ok =
            both || (tags_read(update->store, ords_list(list)[i], &name, NULL, err) &&
                     undo_log_page_tag(&update->log, update->page, buf_slice(&name), has_now, err));
    }
    buf_finish(&name);
    return ok;
}

static bool set_tags(struct update *update, struct error *err)
{
    const struct page_change *change = update->change;
    bool ok = page_tags(update, &update->had, err);
    for (size_t i = 0; ok && i < change->tag_count; i++)
        ok = read_name(update, change->tags[i], &update->named[i].was, err);
    return ok && tags_set(update->store, update->page, change->tags, change->tag_count, err) &&
           page_tags(update, &update->has, err) && log_named(update, err) &&
           log_page_tags(update, &update->had, &update->has, false, err) &&
           log_page_tags(update, &update->has, &update->had, true, err);
}

/* ---- Both ---- */

/* The log has what is said of a page in one piece, after what is said of tags. */
static bool run(struct update *update, int64_t *step_out, struct error *err)
{
    struct store *store = update->store;
    return page_check(store, update->page, err) &&
           undo_log_begin(&update->log, store, "page", err) &&
           fts_remove(store, update->page, err) &&
           (!update->change->set_tags || set_tags(update, err)) && log_words(update, err) &&
           write_words(update, err) && fts_add(store, update->page, err) &&
           undo_log_end(&update->log, step_out, err);
}

bool pages_update(struct store *store, int64_t page, const struct page_change *change,
                  int64_t *step_out, struct error *err)
{
    int64_t step = 0;
    if (!check_change(change, err))
        return false;
    struct update *update = create(store, page, change, err);
    if (update == NULL)
        return false;
    bool ok = db_begin(store, err) && db_end(store, run(update, &step, err), err);
    if (ok && step_out != NULL)
        *step_out = step;
    destroy(update);
    return ok;
}

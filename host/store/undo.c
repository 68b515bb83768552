#include "store/undo.h"

#include "base/limits.h"
#include "store/tags.h"
#include "store/undo_log.h"

/* A row of the step; the texts live until the next one is read. */
struct change {
    int64_t page;
    int64_t was_trashed;
    int64_t now_trashed;
    struct slice was_name;
    struct slice now_name;
    struct slice colour;
    struct slice field; /* "title", "note": the names are those words; empty: as below */
};

struct undo {
    struct store *store;
    struct undo_log log; /* of what is put back */
    int64_t changed;
    int64_t kept;

    /* The page at hand: what is said of it stands in rows one after the other. */
    int64_t page;  /* 0: none */
    bool page_out; /* of the index */
    bool page_changed;
    bool page_kept;

    struct ords pages; /* out of the index while the step is undone */
    struct buf folded;
    struct buf name;
    struct buf words;
};

static bool fold(struct undo *undo, struct slice name, struct error *err)
{
    buf_reset(&undo->folded);
    return tags_fold(undo->store, name, &undo->folded, err);
}

static void end_page(struct undo *undo)
{
    undo->changed += undo->page_changed;
    undo->kept += undo->page_kept;
    undo->page = 0;
    undo->page_changed = false;
    undo->page_kept = false;
}

static bool read_trashed(struct undo *undo, int64_t page, int64_t *trashed_out, bool *found_out,
                         struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(undo->store, "SELECT trashed FROM pages WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(undo->store, statement, 1, page);
    bool ok = db_step(undo->store, statement, found_out, err);
    if (ok && *found_out)
        *trashed_out = sqlite3_column_int64(statement, 0);
    db_done(undo->store, statement);
    return ok;
}

static bool write_trashed(struct undo *undo, int64_t page, int64_t trashed, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(undo->store, "UPDATE pages SET trashed = ?2 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(undo->store, statement, 1, page);
    db_bind_int(undo->store, statement, 2, trashed);
    bool ok = db_run(undo->store, statement, err);
    db_done(undo->store, statement);
    return ok;
}

static bool put_back_trash(struct undo *undo, const struct change *change, int64_t trashed,
                           struct error *err)
{
    if (trashed != change->now_trashed) {
        undo->page_kept = true;
        return true;
    }
    undo->page_changed = true;
    return write_trashed(undo, change->page, change->was_trashed, err) &&
           undo_log_trash(&undo->log, change->page, trashed, change->was_trashed, err);
}

static bool make_tag(struct undo *undo, struct slice name, struct slice colour, int64_t *tag_out,
                     bool *made_out, struct error *err)
{
    return tags_make(undo->store, name, buf_slice(&undo->folded), tag_out, made_out, err) &&
           (!*made_out || (tags_set_colour(undo->store, *tag_out, colour, err) &&
                           undo_log_tag(&undo->log, (struct slice){0}, name, colour, err)));
}

static bool count_tags(struct undo *undo, int64_t page, int64_t *count_out, struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(undo->store, "SELECT count(*) FROM page_tags WHERE page = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(undo->store, statement, 1, page);
    bool ok = db_step(undo->store, statement, &row, err);
    if (ok)
        *count_out = sqlite3_column_int64(statement, 0);
    db_done(undo->store, statement);
    return ok;
}

/* Whether the page's tag is as the step left it, and there is room to change it. */
static bool may_change(struct undo *undo, const struct change *change, int64_t tag, bool *may_out,
                       struct error *err)
{
    bool has = false;
    bool put = change->was_name.len > 0;
    int64_t count = 0;
    if ((tag != 0 && !tags_has(undo->store, change->page, tag, &has, err)) ||
        (put && !count_tags(undo, change->page, &count, err)))
        return false;
    *may_out = has != put && (!put || count < (int64_t)LIMIT_TAGS);
    return true;
}

static bool put_back_tag(struct undo *undo, const struct change *change, struct error *err)
{
    int64_t tag;
    bool made;
    bool may;
    bool put = change->was_name.len > 0;
    struct slice name = put ? change->was_name : change->now_name;
    if (!fold(undo, name, err) || !tags_find(undo->store, buf_slice(&undo->folded), &tag, err) ||
        !may_change(undo, change, tag, &may, err))
        return false;
    if (!may) {
        undo->page_kept = true;
        return true;
    }
    undo->page_changed = true;
    bool ok = put ? make_tag(undo, name, (struct slice){0}, &tag, &made, err) &&
                        tags_put(undo->store, change->page, tag, err)
                  : tags_take(undo->store, change->page, tag, err);
    return ok && undo_log_page_tag(&undo->log, change->page, name, put, err);
}

/* The page's title or note, into undo->words. */
static bool read_words(struct undo *undo, const struct change *change, bool title,
                       struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(undo->store,
                                         title ? "SELECT title FROM pages WHERE id = ?1"
                                               : "SELECT note FROM pages WHERE id = ?1",
                                         err);
    if (statement == NULL)
        return false;
    buf_reset(&undo->words);
    db_bind_int(undo->store, statement, 1, change->page);
    bool ok = db_step(undo->store, statement, &row, err);
    if (ok && row) {
        buf_add_slice(&undo->words, db_text(statement, 0));
        ok = buf_ok(&undo->words, "A page", err);
    }
    db_done(undo->store, statement);
    return ok;
}

static bool write_words(struct undo *undo, const struct change *change, bool title,
                        struct error *err)
{
    sqlite3_stmt *statement = db_prepare(undo->store,
                                         title ? "UPDATE pages SET title = ?2 WHERE id = ?1"
                                               : "UPDATE pages SET note = ?2 WHERE id = ?1",
                                         err);
    if (statement == NULL)
        return false;
    db_bind_int(undo->store, statement, 1, change->page);
    db_bind_text(undo->store, statement, 2, change->was_name);
    bool ok = db_run(undo->store, statement, err);
    db_done(undo->store, statement);
    return ok;
}

static bool put_back_words(struct undo *undo, const struct change *change, struct error *err)
{
    bool title = slice_equal(change->field, slice_of("title"));
    if (!title && !slice_equal(change->field, slice_of("note")))
        return error_set(err, ERR_STORE_CORRUPT, "A step to be undone is damaged");
    if (!read_words(undo, change, title, err))
        return false;
    if (!slice_equal(buf_slice(&undo->words), change->now_name)) {
        undo->page_kept = true;
        return true;
    }
    undo->page_changed = true;
    return write_words(undo, change, title, err) &&
           undo_log_words(&undo->log, change->page, title ? "title" : "note", change->now_name,
                          change->was_name, err);
}

static bool put_back_on_page(struct undo *undo, const struct change *change, struct error *err)
{
    int64_t trashed = 0;
    if (undo->page != change->page)
        end_page(undo);
    undo->page = change->page;
    bool found;
    if (!read_trashed(undo, change->page, &trashed, &found, err))
        return false;
    if (!found) {
        undo->page_kept = true;
        return true;
    }
    if (change->field.len > 0)
        return put_back_words(undo, change, err);
    return change->was_name.len > 0 || change->now_name.len > 0
               ? put_back_tag(undo, change, err)
               : put_back_trash(undo, change, trashed, err);
}

/* A tag that the step forgot. */
static bool bring_back(struct undo *undo, const struct change *change, struct error *err)
{
    int64_t tag;
    bool made = false;
    bool ok = fold(undo, change->was_name, err) &&
              make_tag(undo, change->was_name, change->colour, &tag, &made, err);
    undo->changed += made;
    return ok;
}

/* A tag that the step made goes again, unless a page has it now. */
static bool send_away(struct undo *undo, const struct change *change, struct error *err)
{
    int64_t tag;
    struct ords pages;
    struct buf colour;
    if (!fold(undo, change->now_name, err) ||
        !tags_find(undo->store, buf_slice(&undo->folded), &tag, err))
        return false;
    if (tag == 0)
        return true;
    ords_init(&pages);
    buf_init(&colour, LIMIT_QUERY);
    buf_reset(&undo->name);
    bool ok = tags_pages(undo->store, tag, &pages, err) &&
              tags_read(undo->store, tag, &undo->name, &colour, err);
    if (ok && ords_count(&pages) == 0)
        ok = tags_forget(undo->store, tag, err) &&
             undo_log_tag(&undo->log, buf_slice(&undo->name), (struct slice){0}, buf_slice(&colour),
                          err);
    ords_finish(&pages);
    buf_finish(&colour);
    return ok;
}

/* The tag with the name that the step gave, if it may have its old one again; else 0. */
static bool find_renamed(struct undo *undo, const struct change *change, int64_t *tag_out,
                         struct error *err)
{
    int64_t tag;
    int64_t there = 0;
    buf_reset(&undo->name);
    if (!fold(undo, change->now_name, err) ||
        !tags_find(undo->store, buf_slice(&undo->folded), &tag, err) ||
        (tag != 0 && !tags_read(undo->store, tag, &undo->name, NULL, err)) ||
        !fold(undo, change->was_name, err) ||
        !tags_find(undo->store, buf_slice(&undo->folded), &there, err))
        return false;
    bool same = tag != 0 && slice_equal(buf_slice(&undo->name), change->now_name);
    *tag_out = same && (there == 0 || there == tag) ? tag : 0;
    return true;
}

static bool rename_back(struct undo *undo, const struct change *change, struct error *err)
{
    int64_t tag;
    if (!find_renamed(undo, change, &tag, err))
        return false;
    if (tag == 0) {
        undo->kept++;
        return true;
    }
    undo->changed++;
    return tags_rename(undo->store, tag, change->was_name, buf_slice(&undo->folded), err) &&
           undo_log_tag(&undo->log, change->now_name, change->was_name, (struct slice){0}, err);
}

static bool put_back(struct undo *undo, const struct change *change, struct error *err)
{
    if (change->page != 0)
        return put_back_on_page(undo, change, err);
    end_page(undo);
    if (change->was_name.len == 0 && change->now_name.len == 0)
        return error_set(err, ERR_STORE_CORRUPT, "A step to be undone is damaged");
    if (change->now_name.len == 0)
        return bring_back(undo, change, err);
    return change->was_name.len == 0 ? send_away(undo, change, err)
                                     : rename_back(undo, change, err);
}

/* Goes through the changes of a step, the last one first. */
static bool each_change(struct undo *undo, int64_t step,
                        bool (*fn)(struct undo *, const struct change *, struct error *),
                        bool *found_out, struct error *err)
{
    bool row = true;
    bool ok = true;
    sqlite3_stmt *rows =
        db_prepare(undo->store,
                   "SELECT page, was_trashed, now_trashed, was_name, now_name, colour, field"
                   " FROM undo_rows WHERE step = ?1 ORDER BY seq DESC",
                   err);
    if (rows == NULL)
        return false;
    *found_out = false;
    db_bind_int(undo->store, rows, 1, step);
    while (ok && (ok = db_step(undo->store, rows, &row, err)) && row) {
        *found_out = true;
        struct change change = {
            sqlite3_column_int64(rows, 0),
            sqlite3_column_int64(rows, 1),
            sqlite3_column_int64(rows, 2),
            db_text(rows, 3),
            db_text(rows, 4),
            db_text(rows, 5),
            db_text(rows, 6),
        };
        ok = fn(undo, &change, err);
    }
    db_done(undo->store, rows);
    return ok;
}

/* Notes the pages whose words or tags, or the names of whose tags, a change may be about. */
static bool note_pages(struct undo *undo, const struct change *change, struct error *err)
{
    int64_t tag;
    bool named = change->was_name.len > 0 || change->now_name.len > 0;
    if (change->page != 0)
        return !named || ords_add(&undo->pages, change->page) ||
               buf_ok(&undo->pages.bytes, "A list of pages", err);
    if (change->was_name.len == 0 || change->now_name.len == 0)
        return true;
    return fold(undo, change->now_name, err) &&
           tags_find(undo->store, buf_slice(&undo->folded), &tag, err) &&
           (tag == 0 || tags_pages(undo->store, tag, &undo->pages, err));
}

static bool run(struct undo *undo, int64_t step, int64_t *redo_out, struct error *err)
{
    bool found;
    if (!each_change(undo, step, note_pages, &found, err))
        return false;
    if (!found)
        return error_set(err, ERR_NOT_FOUND, "There is nothing to be undone");
    bool ok = undo_log_begin(&undo->log, undo->store, "undo", err) &&
              tags_order(undo->store, &undo->pages, err) &&
              tags_index(undo->store, &undo->pages, false, err) &&
              each_change(undo, step, put_back, &found, err);
    end_page(undo);
    /* A step that put nothing back stays: what is in its way may itself be undone. */
    return ok && tags_index(undo->store, &undo->pages, true, err) &&
           (undo->changed == 0 || undo_log_forget(undo->store, step, err)) &&
           undo_log_end(&undo->log, redo_out, err);
}

bool undo_apply(struct store *store, int64_t step, int64_t *changed_out, int64_t *kept_out,
                int64_t *redo_out, struct error *err)
{
    struct undo undo = {.store = store};
    int64_t redo = 0;
    if (!db_begin(store, err))
        return false;
    ords_init(&undo.pages);
    buf_init(&undo.folded, LIMIT_QUERY * 18);
    buf_init(&undo.name, LIMIT_QUERY);
    buf_init(&undo.words, MIB);
    bool ok = db_end(store, run(&undo, step, &redo, err), err);
    if (ok) {
        *changed_out = undo.changed;
        *kept_out = undo.kept;
        *redo_out = redo;
    }
    ords_finish(&undo.pages);
    buf_finish(&undo.folded);
    buf_finish(&undo.name);
    buf_finish(&undo.words);
    return ok;
}

#include "base/clock.h"
#include "base/limits.h"
#include "store/finder.h"
#include "store/fts.h"
#include "store/query.h"
#include "store/query_sql.h"
#include "store/tagging.h"
#include "store/tags.h"
#include "store/undo_log.h"

#include <stdlib.h>

/* A tag that is put on pages or taken off them. */
struct label {
    int64_t tag; /* 0: there is none yet */
    struct buf name;
    struct buf folded;
};

struct edit {
    struct store *store;
    const struct pages_edit *wish;
    struct undo_log log;
    struct query query;
    struct query_sql sql;
    struct ords ords; /* of the pages, upwards: the index takes them much faster so */
    struct label add[LIMIT_TAGS];
    struct label remove[LIMIT_TAGS];
    bool made; /* what is added */
    int64_t changed;
};

static void label_init(struct label *label)
{
    *label = (struct label){0};
    buf_init(&label->name, LIMIT_QUERY);
    buf_init(&label->folded, LIMIT_QUERY * 18);
}

static void label_finish(struct label *label)
{
    buf_finish(&label->name);
    buf_finish(&label->folded);
}

static struct edit *create(struct store *store, const struct pages_edit *wish, struct error *err)
{
    struct edit *edit = calloc(1, sizeof *edit);
    if (edit == NULL) {
        error_no_memory(err);
        return NULL;
    }
    edit->store = store;
    edit->wish = wish;
    ords_init(&edit->ords);
    for (size_t i = 0; i < LIMIT_TAGS; i++) {
        label_init(&edit->add[i]);
        label_init(&edit->remove[i]);
    }
    return edit;
}

static void destroy(struct edit *edit)
{
    for (size_t i = 0; i < LIMIT_TAGS; i++) {
        label_finish(&edit->add[i]);
        label_finish(&edit->remove[i]);
    }
    query_finish(&edit->query);
    query_sql_finish(&edit->sql);
    ords_finish(&edit->ords);
    free(edit);
}

static bool read_labels(struct edit *edit, struct error *err)
{
    struct store *store = edit->store;
    bool ok = true;
    for (size_t i = 0; ok && i < edit->wish->add_count; i++) {
        struct label *label = &edit->add[i];
        ok = tags_check(store, edit->wish->add[i], &label->name, &label->folded, err) &&
             tags_find(store, buf_slice(&label->folded), &label->tag, err);
    }
    for (size_t i = 0; ok && i < edit->wish->remove_count; i++) {
        struct label *label = &edit->remove[i];
        struct slice name = slice_of(edit->wish->remove[i]);
        /* What is no tag is on no page. */
        if (name.len > LIMIT_QUERY)
            continue;
        ok = tags_fold(store, name, &label->folded, err) &&
             tags_find(store, buf_slice(&label->folded), &label->tag, err) &&
             (label->tag == 0 || tags_read(store, label->tag, &label->name, NULL, err));
    }
    return ok;
}

/* Where the pages that are given stand in the order; those that are none are passed over. */
static bool look_up(struct edit *edit, struct error *err)
{
    bool row;
    bool ok = true;
    sqlite3_stmt *statement = db_prepare(edit->store, "SELECT ord FROM pages WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    for (size_t i = 0; ok && i < edit->wish->count; i++) {
        db_bind_int(edit->store, statement, 1, edit->wish->pages[i]);
        ok = db_step(edit->store, statement, &row, err);
        if (ok && row)
            ok = ords_add(&edit->ords, sqlite3_column_int64(statement, 0)) ||
                 buf_ok(&edit->ords.bytes, "A list of pages", err);
        db_reset(statement);
    }
    db_done(edit->store, statement);
    return ok;
}

static bool run_query(struct edit *edit, struct error *err)
{
    const struct pages_edit *wish = edit->wish;
    if (!query_parse(&edit->query, edit->store->folder, wish->query, wish->now, err))
        return false;
    /* What a person changes must be what the query says, all of it. */
    if (edit->query.hint[0] != '\0')
        return error_set_field(err, ERR_PARAMS, "query", "Not understood: %s", edit->query.hint);
    if (!query_sql_make(&edit->sql, &edit->query, err) || !db_begin_read(edit->store, err))
        return false;
    bool ok = finder_all(edit->store, &edit->sql, edit->query.trashed, &edit->ords, err);
    db_end_read(edit->store);
    return ok;
}

/* The first of the labels that fold as this one does. */
static const struct label *first_alike(const struct edit *edit, const struct label *label)
{
    const struct label *first = edit->add;
    while (!slice_equal(buf_slice(&first->folded), buf_slice(&label->folded)))
        first++;
    return first;
}

/* Before the first page that gets one, so that the log has what is said of a page in one piece. */
static bool make_tags(struct edit *edit, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < edit->wish->add_count && !edit->made; i++) {
        struct label *label = &edit->add[i];
        const struct label *first = first_alike(edit, label);
        struct slice name = buf_slice(&label->name);
        bool made;
        label->tag = first->tag;
        if (first != label)
            continue;
        ok = tags_make(edit->store, name, buf_slice(&label->folded), &label->tag, &made, err) &&
             (!made || undo_log_tag(&edit->log, (struct slice){0}, name, (struct slice){0}, err));
    }
    edit->made = true;
    return ok;
}

/* Whether a label among those to be added is this tag: then it stays. */
static bool is_added(const struct edit *edit, int64_t tag)
{
    for (size_t i = 0; i < edit->wish->add_count; i++) {
        if (edit->add[i].tag == tag)
            return true;
    }
    return false;
}

/* Whether the labels change something; when `apply`, and the page is out of the index, they do. */
static bool retag(struct edit *edit, int64_t page, bool apply, bool *changes_out, struct error *err)
{
    struct store *store = edit->store;
    bool has;
    for (size_t i = 0; i < edit->wish->remove_count; i++) {
        const struct label *label = &edit->remove[i];
        if (label->tag == 0 || is_added(edit, label->tag))
            continue;
        if (!tags_has(store, page, label->tag, &has, err))
            return false;
        *changes_out = *changes_out || has;
        if (apply && has &&
            (!tags_take(store, page, label->tag, err) ||
             !undo_log_page_tag(&edit->log, page, buf_slice(&label->name), false, err)))
            return false;
    }
    for (size_t i = 0; i < edit->wish->add_count; i++) {
        const struct label *label = &edit->add[i];
        has = false;
        if (label->tag != 0 && !tags_has(store, page, label->tag, &has, err))
            return false;
        *changes_out = *changes_out || !has;
        if (apply && !has &&
            (!tags_put(store, page, label->tag, err) ||
             !undo_log_page_tag(&edit->log, page, buf_slice(&label->name), true, err)))
            return false;
    }
    return true;
}

static bool edit_tags(struct edit *edit, int64_t page, bool *changed_out, struct error *err)
{
    bool changes = false;
    if (!retag(edit, page, false, &changes, err))
        return false;
    *changed_out = changes;
    return !changes ||
           (make_tags(edit, err) && fts_remove(edit->store, page, err) &&
            retag(edit, page, true, &changes, err) && tags_check_count(edit->store, page, err) &&
            fts_add(edit->store, page, err));
}

static bool edit_trash(struct edit *edit, int64_t page, int64_t trashed, bool *changed,
                       struct error *err)
{
    int64_t wanted = edit->wish->trash == EDIT_RESTORE ? 0 : trashed > 0 ? trashed : clock_now();
    if (edit->wish->trash == EDIT_NO_TRASH || wanted == trashed)
        return true;
    *changed = true;
    sqlite3_stmt *statement =
        db_prepare(edit->store, "UPDATE pages SET trashed = ?2 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(edit->store, statement, 1, page);
    db_bind_int(edit->store, statement, 2, wanted);
    bool ok = db_run(edit->store, statement, err);
    db_done(edit->store, statement);
    return ok && undo_log_trash(&edit->log, page, trashed, wanted, err);
}

static bool edit_page(struct edit *edit, int64_t ord, struct error *err)
{
    bool row;
    bool changed = false;
    int64_t page = 0;
    int64_t trashed = 0;
    sqlite3_stmt *statement =
        db_prepare(edit->store, "SELECT id, trashed FROM pages WHERE ord = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(edit->store, statement, 1, ord);
    bool ok = db_step(edit->store, statement, &row, err);
    if (ok && row) {
        page = sqlite3_column_int64(statement, 0);
        trashed = sqlite3_column_int64(statement, 1);
    }
    db_done(edit->store, statement);
    /* A row of the index without its page is one that a damaged store left behind. */
    if (!ok || !row)
        return ok;
    if (!edit_tags(edit, page, &changed, err) || !edit_trash(edit, page, trashed, &changed, err))
        return false;
    edit->changed += changed;
    return true;
}

static bool run(struct edit *edit, int64_t *step_out, struct error *err)
{
    if (!read_labels(edit, err) ||
        !(edit->wish->pages == NULL ? run_query(edit, err) : look_up(edit, err)) ||
        !undo_log_begin(&edit->log, edit->store, "edit", err))
        return false;
    ords_sort(&edit->ords, true);
    for (size_t i = 0; i < ords_count(&edit->ords); i++) {
        if (!edit_page(edit, ords_list(&edit->ords)[i], err))
            return false;
    }
    return undo_log_end(&edit->log, step_out, err);
}

bool tagging_edit(struct store *store, const struct pages_edit *wish, int64_t *changed_out,
                  int64_t *step_out, struct error *err)
{
    int64_t step = 0;
    if (wish->add_count > LIMIT_TAGS || wish->remove_count > LIMIT_TAGS)
        return error_set(err, ERR_LIMIT, "A page has more than %zu tags", LIMIT_TAGS);
    struct edit *edit = create(store, wish, err);
    if (edit == NULL)
        return false;
    bool ok = db_begin(store, err) && db_end(store, run(edit, &step, err), err);
    if (ok) {
        *changed_out = edit->changed;
        *step_out = step;
    }
    destroy(edit);
    return ok;
}

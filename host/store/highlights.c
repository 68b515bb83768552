#include "store/highlights.h"

#include "base/clock.h"
#include "base/limits.h"
#include "store/cursor.h"
#include "store/db.h"
#include "store/fts.h"
#include "store/row_strings.h"

static const char *const colours[] = {"yellow", "green", "blue", "pink", "purple"};

static bool is_colour(const char *colour)
{
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        if (strcmp(colour, colours[i]) == 0)
            return true;
    }
    return false;
}

static bool no_highlight(struct error *err)
{
    return error_set(err, ERR_NOT_FOUND, "There is no such highlight");
}

static bool check_length(const char *text, size_t max, const char *what, struct error *err)
{
    if (text == NULL || strlen(text) <= max)
        return true;
    return error_set(err, ERR_LIMIT, "%s is longer than %zu bytes", what, max);
}

static bool check_colour(const char *colour, struct error *err)
{
    if (colour == NULL || is_colour(colour))
        return true;
    return error_set_field(err, ERR_PARAMS, "colour", "There is no such colour of highlights");
}

static bool check_new(const struct highlight_new *new, struct error *err)
{
    if (new->quote[0] == '\0')
        return error_set_field(err, ERR_PARAMS, "quote", "Nothing is marked");
    if (new->place < 0)
        return error_set_field(err, ERR_PARAMS, "place", "\"place\" is no place in a text");
    return check_length(new->quote, LIMIT_QUOTE, "A quote", err) &&
           check_length(new->prefix, LIMIT_AROUND, "What stands before a quote", err) &&
           check_length(new->suffix, LIMIT_AROUND, "What stands after a quote", err) &&
           check_length(new->note, LIMIT_HIGHLIGHT_NOTE, "A note", err) &&
           check_colour(new->colour, err);
}

/* ---- Changes ---- */

/* The page of a highlight, whether it is deleted or not. */
static bool look_up(struct store *store, int64_t id, int64_t *page_out, int64_t *deleted_out,
                    struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT page, deleted FROM highlights WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, id);
    bool ok = db_step(store, statement, &row, err);
    if (ok && row) {
        *page_out = sqlite3_column_int64(statement, 0);
        *deleted_out = sqlite3_column_int64(statement, 1);
    }
    db_done(store, statement);
    return ok && (row || no_highlight(err));
}

static bool page_of_snapshot(struct store *store, int64_t snapshot, int64_t *page_out,
                             struct error *err)
{
    bool row;
    sqlite3_stmt *statement = db_prepare(store, "SELECT page FROM snapshots WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, snapshot);
    bool ok = db_step(store, statement, &row, err);
    if (ok && row)
        *page_out = sqlite3_column_int64(statement, 0);
    db_done(store, statement);
    return ok && (row || error_set(err, ERR_NOT_FOUND, "There is no such snapshot"));
}

static bool check_room(struct store *store, int64_t page, struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT count(*) FROM highlights WHERE page = ?1 AND deleted = 0", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    bool ok = db_step(store, statement, &row, err);
    int64_t count = ok ? sqlite3_column_int64(statement, 0) : 0;
    db_done(store, statement);
    return ok &&
           (count < (int64_t)LIMIT_HIGHLIGHTS ||
            error_set(err, ERR_LIMIT, "A page has more than %zu highlights", LIMIT_HIGHLIGHTS));
}

static bool insert(struct store *store, const struct highlight_new *new, int64_t page,
                   int64_t *id_out, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "INSERT INTO highlights (page, snapshot, made, changed, place, colour, quote,"
                   " prefix, suffix, note) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, page);
    db_bind_int(store, statement, 2, new->snapshot);
    db_bind_int(store, statement, 3, clock_now());
    db_bind_int(store, statement, 4, new->place);
    db_bind_string(store, statement, 5, new->colour == NULL ? colours[0] : new->colour);
    db_bind_string(store, statement, 6, new->quote);
    db_bind_string(store, statement, 7, new->prefix);
    db_bind_string(store, statement, 8, new->suffix);
    db_bind_string(store, statement, 9, new->note);
    bool ok = db_run(store, statement, err);
    if (ok)
        *id_out = sqlite3_last_insert_rowid(store->db);
    db_done(store, statement);
    return ok;
}

static bool add(struct store *store, const struct highlight_new *new, int64_t *id_out,
                struct error *err)
{
    int64_t page;
    return page_of_snapshot(store, new->snapshot, &page, err) && check_room(store, page, err) &&
           fts_remove(store, page, err) && insert(store, new, page, id_out, err) &&
           fts_add(store, page, err);
}

bool highlights_add(struct store *store, const struct highlight_new *highlight, int64_t *id_out,
                    struct error *err)
{
    int64_t id = 0;
    if (!check_new(highlight, err) || !db_begin(store, err))
        return false;
    if (!db_end(store, add(store, highlight, &id, err), err))
        return false;
    *id_out = id;
    return true;
}

static bool write_change(struct store *store, int64_t id, const char *colour, const char *note,
                         struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE highlights SET colour = coalesce(?2, colour), note = coalesce(?3, note),"
                   " changed = ?4 WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, id);
    if (colour != NULL)
        db_bind_string(store, statement, 2, colour);
    if (note != NULL)
        db_bind_string(store, statement, 3, note);
    db_bind_int(store, statement, 4, clock_now());
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

static bool update(struct store *store, int64_t id, const char *colour, const char *note,
                   struct error *err)
{
    int64_t page;
    int64_t deleted;
    return look_up(store, id, &page, &deleted, err) && (deleted == 0 || no_highlight(err)) &&
           (note == NULL || fts_remove(store, page, err)) &&
           write_change(store, id, colour, note, err) &&
           (note == NULL || fts_add(store, page, err));
}

bool highlights_update(struct store *store, int64_t id, const char *colour, const char *note,
                       struct error *err)
{
    if (!check_length(note, LIMIT_HIGHLIGHT_NOTE, "A note", err) || !check_colour(colour, err) ||
        !db_begin(store, err))
        return false;
    return db_end(store, update(store, id, colour, note, err), err);
}

static bool write_deleted(struct store *store, int64_t id, int64_t page, int64_t when,
                          struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "UPDATE highlights SET deleted = ?2 WHERE id = ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, id);
    db_bind_int(store, statement, 2, when);
    bool ok =
        fts_remove(store, page, err) && db_run(store, statement, err) && fts_add(store, page, err);
    db_done(store, statement);
    return ok;
}

static bool delete_one(struct store *store, int64_t id, struct error *err)
{
    int64_t page;
    int64_t deleted;
    int64_t now = clock_now();
    return highlights_forget(store, now, err) && look_up(store, id, &page, &deleted, err) &&
           (deleted > 0 || write_deleted(store, id, page, now, err));
}

bool highlights_delete(struct store *store, int64_t id, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    return db_end(store, delete_one(store, id, err), err);
}

static bool restore(struct store *store, int64_t id, struct error *err)
{
    int64_t page;
    int64_t deleted;
    return look_up(store, id, &page, &deleted, err) &&
           (deleted == 0 ||
            ((deleted >= clock_now() - HIGHLIGHTS_KEPT_MS || no_highlight(err)) &&
             check_room(store, page, err) && write_deleted(store, id, page, 0, err)));
}

bool highlights_restore(struct store *store, int64_t id, struct error *err)
{
    if (!db_begin(store, err))
        return false;
    return db_end(store, restore(store, id, err), err);
}

bool highlights_forget(struct store *store, int64_t now, struct error *err)
{
    return db_run_with_int(store, "DELETE FROM highlights WHERE deleted > 0 AND deleted < ?1",
                           now - HIGHLIGHTS_KEPT_MS, err);
}

/* ---- Lists ---- */

/* A number that no cursor has is one that something else wrote. */
#define COLUMNS                                                                                    \
    "SELECT h.id, h.page, h.snapshot, v.version, h.made, h.changed, h.place, h.colour, h.quote,"   \
    " h.prefix, h.suffix, h.note, p.title, p.url FROM highlights h"                                \
    " JOIN snapshots v ON v.id = h.snapshot JOIN pages p ON p.id = h.page WHERE h.deleted = 0"     \
    " AND +h.id BETWEEN 1 AND 9007199254740992"
_Static_assert(CURSOR_ORD_MAX == INT64_C(9007199254740992), "as the statements say");

enum { FIRST_TEXT = 7, TEXTS = 7 };

static const char one_sql[] = COLUMNS " AND h.id = ?1";

/* ?1 is the page or snapshot, ?2 the highlight after which it goes on (0: the first), ?3 a limit.
 * One that was deleted meanwhile still has its place. */
#define AFTER                                                                                      \
    " AND (?2 = 0 OR (h.place, h.id) > (SELECT place, id FROM highlights WHERE id = ?2))"          \
    " ORDER BY h.place, h.id LIMIT ?3"
static const char page_sql[] = COLUMNS " AND h.page = ?1 AND v.trashed = 0" AFTER;
static const char snapshot_sql[] = COLUMNS " AND h.snapshot = ?1" AFTER;
static const char all_sql[] = COLUMNS " AND ?1 = 0 AND (?2 = 0 OR h.id < ?2) AND v.trashed = 0"
                                      " AND p.trashed = 0 ORDER BY h.id DESC LIMIT ?3";

static bool hand_over(sqlite3_stmt *statement, struct row_strings *strings, highlight_fn fn,
                      void *arg, bool *taken_out, struct error *err)
{
    static const size_t max[TEXTS] = {
        64, LIMIT_QUOTE, LIMIT_AROUND, LIMIT_AROUND, LIMIT_HIGHLIGHT_NOTE, LIMIT_TITLE, LIMIT_URL};
    row_strings_reset(strings);
    for (int i = 0; i < TEXTS; i++)
        row_strings_add(strings, db_text(statement, FIRST_TEXT + i), max[i]);
    if (!row_strings_ok(strings, err))
        return false;
    const char *colour = row_strings_at(strings, 0);
    struct highlight_row row = {
        .id = sqlite3_column_int64(statement, 0),
        .page = sqlite3_column_int64(statement, 1),
        .snapshot = sqlite3_column_int64(statement, 2),
        .version = sqlite3_column_int64(statement, 3),
        .made = sqlite3_column_int64(statement, 4),
        .changed = sqlite3_column_int64(statement, 5),
        .place = sqlite3_column_int64(statement, 6),
        .colour = is_colour(colour) ? colour : colours[0],
        .quote = row_strings_at(strings, 1),
        .prefix = row_strings_at(strings, 2),
        .suffix = row_strings_at(strings, 3),
        .note = row_strings_at(strings, 4),
        .title = row_strings_at(strings, 5),
        .url = row_strings_at(strings, 6),
    };
    *taken_out = fn(&row, arg);
    return true;
}

bool highlights_get(struct store *store, int64_t id, highlight_fn fn, void *arg, struct error *err)
{
    bool row;
    bool taken;
    struct row_strings strings;
    sqlite3_stmt *statement = db_prepare(store, one_sql, err);
    if (statement == NULL)
        return false;
    row_strings_init(&strings);
    db_bind_int(store, statement, 1, id);
    bool ok = db_step(store, statement, &row, err) && (row || no_highlight(err)) &&
              hand_over(statement, &strings, fn, arg, &taken, err);
    row_strings_finish(&strings);
    db_done(store, statement);
    return ok;
}

/* Hands over the rows of a bound statement; *last_out is the last one that was taken, or as it was,
 * and *more_out tells whether there are others. */
static bool list_rows(struct store *store, sqlite3_stmt *statement, size_t limit, highlight_fn fn,
                      void *arg, int64_t *last_out, bool *more_out, struct error *err)
{
    bool row;
    bool ok;
    bool taken = true;
    struct row_strings strings;
    row_strings_init(&strings);
    *more_out = false;
    for (size_t count = 0; (ok = db_step(store, statement, &row, err)) && row; count++) {
        *more_out = count == limit;
        if (*more_out || !(ok = hand_over(statement, &strings, fn, arg, &taken, err)))
            break;
        *more_out = !taken;
        if (!taken)
            break;
        *last_out = sqlite3_column_int64(statement, 0);
    }
    row_strings_finish(&strings);
    return ok;
}

bool highlights_list(struct store *store, const struct highlights_request *request, highlight_fn fn,
                     void *arg, char cursor_out[HIGHLIGHTS_CURSOR_SIZE], struct error *err)
{
    struct cursor cursor;
    bool more;
    const char *sql = request->snapshot != 0 ? snapshot_sql
                      : request->page != 0   ? page_sql
                                             : all_sql;
    _Static_assert((int)HIGHLIGHTS_CURSOR_SIZE == (int)CURSOR_SIZE, "a cursor fits");
    if (!cursor_read(request->cursor, &cursor, err))
        return false;
    if (cursor.kind != CURSOR_START && cursor.kind != CURSOR_NEWEST)
        return error_set(err, ERR_PARAMS, "The cursor is none that a list of highlights gave");
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, request->snapshot != 0 ? request->snapshot : request->page);
    db_bind_int(store, statement, 2, cursor.ord);
    db_bind_int(store, statement, 3, (int64_t)request->limit + 1);
    bool ok = list_rows(store, statement, request->limit, fn, arg, &cursor.ord, &more, err);
    db_done(store, statement);
    if (!ok)
        return false;
    cursor.kind = more ? CURSOR_NEWEST : CURSOR_START;
    cursor_write(&cursor, cursor_out);
    return true;
}

#include "store/jobs_rows.h"

#include "base/clock.h"
#include "base/limits.h"
#include "store/tags.h"

#include <stdlib.h>

enum { SHORT_MAX = 1024 };

/* The columns of JOBS_COLUMNS that are text; those from OPTIONAL on may be NULL. */
enum {
    STATE,
    KIND,
    URL,
    TITLE,
    STAGE,
    REASON,
    NOTE,
    USER_AGENT,
    LANGUAGE,
    TAGS,
    NUMBERS,
    OPTIONAL = NOTE
};

static const size_t text_max[TAGS] = {
    [STATE] = SHORT_MAX,   [KIND] = SHORT_MAX,         [URL] = LIMIT_URL,
    [TITLE] = LIMIT_TITLE, [STAGE] = SHORT_MAX,        [REASON] = SHORT_MAX,
    [NOTE] = LIMIT_NOTE,   [USER_AGENT] = LIMIT_AGENT, [LANGUAGE] = LIMIT_AGENT,
};

void job_loader_init(struct job_loader *loader, struct store *store)
{
    *loader = (struct job_loader){.store = store};
    row_strings_init(&loader->strings);
    buf_init(&loader->tags, LIMIT_TAGS * sizeof(char *));
}

void job_loader_finish(struct job_loader *loader)
{
    row_strings_finish(&loader->strings);
    buf_finish(&loader->tags);
}

/* Takes the first line off *lines. */
static struct slice next_line(struct slice *lines)
{
    size_t end = slice_find_byte(*lines, 0, '\n');
    struct slice line = slice_sub(*lines, 0, end);
    *lines = slice_sub(*lines, end + 1, lines->len);
    return line;
}

static void add_tags(struct job_loader *loader, struct slice lines)
{
    while (lines.len > 0 && loader->row.tag_count < LIMIT_TAGS) {
        row_strings_add(&loader->strings, next_line(&lines), LIMIT_QUERY);
        loader->row.tag_count++;
    }
}

static const char *text_at(const struct job_loader *loader, sqlite3_stmt *statement, int column)
{
    if (column >= OPTIONAL && sqlite3_column_type(statement, column) == SQLITE_NULL)
        return NULL;
    return row_strings_at(&loader->strings, (size_t)column);
}

/* Sets the pointers, now that the strings do not move any more. */
static bool point(struct job_loader *loader, sqlite3_stmt *statement, struct error *err)
{
    struct job_row *row = &loader->row;
    row->kind = text_at(loader, statement, KIND);
    row->url = text_at(loader, statement, URL);
    row->title = text_at(loader, statement, TITLE);
    row->stage = text_at(loader, statement, STAGE);
    row->reason = text_at(loader, statement, REASON);
    row->note = text_at(loader, statement, NOTE);
    row->user_agent = text_at(loader, statement, USER_AGENT);
    row->language = text_at(loader, statement, LANGUAGE);
    for (size_t i = 0; i < row->tag_count; i++) {
        const char *tag = row_strings_at(&loader->strings, TAGS + i);
        buf_add(&loader->tags, &tag, sizeof tag);
    }
    row->tags = (const char *const *)(const void *)loader->tags.ptr;
    return buf_ok(&loader->tags, "A job", err);
}

bool job_loader_take(struct job_loader *loader, sqlite3_stmt *statement, struct error *err)
{
    enum job_state state;
    if (!job_state_parse(db_text(statement, STATE), &state))
        return error_set(err, ERR_STORE_CORRUPT, "A job is in no state that there is");
    row_strings_reset(&loader->strings);
    buf_reset(&loader->tags);
    for (int i = 0; i < TAGS; i++)
        row_strings_add(&loader->strings, db_text(statement, i), text_max[i]);
    loader->row = (struct job_row){
        .state = state,
        .id = sqlite3_column_int64(statement, NUMBERS),
        .media_limit = sqlite3_column_int64(statement, NUMBERS + 1),
        .again = sqlite3_column_int(statement, NUMBERS + 2) != 0,
        .browser = sqlite3_column_int(statement, NUMBERS + 3) != 0,
        .attempts = sqlite3_column_int64(statement, NUMBERS + 4),
        .not_before = sqlite3_column_int64(statement, NUMBERS + 5),
        .created = sqlite3_column_int64(statement, NUMBERS + 6),
        .updated = sqlite3_column_int64(statement, NUMBERS + 7),
        .done = sqlite3_column_int64(statement, NUMBERS + 8),
        .total = sqlite3_column_int64(statement, NUMBERS + 9),
        .fault = sqlite3_column_int(statement, NUMBERS + 10),
        .status = sqlite3_column_int64(statement, NUMBERS + 11),
        .page = sqlite3_column_int64(statement, NUMBERS + 12),
        .snapshot = sqlite3_column_int64(statement, NUMBERS + 13),
        .unchanged = sqlite3_column_int(statement, NUMBERS + 14) != 0,
        .missing = sqlite3_column_int64(statement, NUMBERS + 15),
        .no_fonts = sqlite3_column_int(statement, NUMBERS + 16) == 0,
    };
    add_tags(loader, db_text(statement, TAGS));
    return row_strings_ok(&loader->strings, err) && point(loader, statement, err);
}

bool job_loader_get(struct job_loader *loader, int64_t job, bool *found_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        loader->store, JOBS_COLUMNS "WHERE id = ?1 AND (" JOBS_OPEN " OR " JOBS_ENDED ")", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_int(loader->store, statement, 1, job);
    bool ok = db_step(loader->store, statement, &row, err) &&
              (!row || job_loader_take(loader, statement, err));
    if (ok)
        *found_out = row;
    db_done(loader->store, statement);
    return ok;
}

bool jobs_forget_old(struct store *store, struct error *err)
{
    int64_t done;
    if (!db_run_with_int(store,
                         "DELETE FROM jobs WHERE " JOBS_CLEARED " AND " JOBS_CLEARED_AT " < ?1",
                         clock_now() - JOBS_CLEARED_MS, err) ||
        !db_get_int(store, "SELECT count(*) FROM jobs INDEXED BY jobs_order WHERE state = 'done'",
                    0, &done, err))
        return false;
    if (done <= JOBS_KEPT)
        return true;
    return db_run_with_int(store,
                           "DELETE FROM jobs WHERE id IN"
                           " (SELECT id FROM jobs INDEXED BY jobs_order WHERE state = 'done'"
                           "  ORDER BY id LIMIT ?1)",
                           done - JOBS_KEPT, err);
}

/* One tag at the end of `out`, unless it is among those of `seen`, which are folded and each
 * between line feeds. */
static bool join_tag(struct store *store, const char *tag, struct buf *seen, struct buf *out,
                     struct error *err)
{
    size_t name_start = out->len;
    size_t seen_start = seen->len;
    buf_add_char(seen, '\n');
    if (!tags_check(store, tag, out, seen, err))
        return false;
    buf_add_char(out, '\n');
    buf_add_char(seen, '\n');
    struct slice folded = slice_sub(buf_slice(seen), seen_start, seen->len);
    bool known = seen->failed == ERR_NONE && slice_find(buf_slice(seen), 0, folded) < seen_start;
    if (known) {
        out->len = name_start;
        seen->len = seen_start;
    }
    return buf_ok(out, "A job's tags", err) && buf_ok(seen, "A job's tags", err);
}

bool jobs_join_tags(struct store *store, struct slice lines, const char *const *tags, size_t count,
                    struct buf *out, struct error *err)
{
    struct buf seen;
    buf_init(&seen, LIMIT_TAGS * LIMIT_QUERY * 18);
    bool ok = true;
    size_t joined = 0;
    while (ok && lines.len > 0) {
        char *tag = slice_dup(next_line(&lines));
        ok = tag != NULL ? join_tag(store, tag, &seen, out, err) : error_no_memory(err);
        free(tag);
    }
    for (size_t i = 0; ok && i < count; i++)
        ok = join_tag(store, tags[i], &seen, out, err);
    for (size_t i = 0; ok && i < out->len; i++)
        joined += out->ptr[i] == '\n';
    if (ok && joined > LIMIT_TAGS)
        ok = error_set(err, ERR_LIMIT, "A link has more than %zu tags", LIMIT_TAGS);
    buf_finish(&seen);
    return ok;
}

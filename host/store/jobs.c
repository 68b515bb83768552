#include "store/jobs.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "store/jobs_rows.h"

static const char *const state_names[JOB_STATES] = {
    [JOB_WAITING] = "waiting", [JOB_RUNNING] = "running", [JOB_BROWSER] = "browser",
    [JOB_DONE] = "done",       [JOB_FAILED] = "failed",   [JOB_CANCELLED] = "cancelled",
};

const char *job_state_name(enum job_state state)
{
    return state_names[state];
}

bool job_state_parse(struct slice name, enum job_state *state_out)
{
    for (size_t i = 0; i < JOB_STATES; i++) {
        if (slice_equal(name, slice_of(state_names[i]))) {
            *state_out = (enum job_state)i;
            return true;
        }
    }
    return false;
}

static bool check_new(const struct job_new *job, struct error *err)
{
    if (job->url[0] == '\0' || strlen(job->url) > LIMIT_URL || job->normalized[0] == '\0' ||
        strlen(job->normalized) > LIMIT_URL || strlen(job->host) > LIMIT_URL)
        return error_set(err, ERR_LIMIT, "A URL is empty or longer than %zu bytes", LIMIT_URL);
    if (job->note != NULL && strlen(job->note) > LIMIT_NOTE)
        return error_set(err, ERR_LIMIT, "A note is longer than %zu bytes", LIMIT_NOTE);
    if (job->tag_count > LIMIT_TAGS)
        return error_set(err, ERR_LIMIT, "A page has more than %zu tags", LIMIT_TAGS);
    if ((job->user_agent != NULL && strlen(job->user_agent) > LIMIT_AGENT) ||
        (job->language != NULL && strlen(job->language) > LIMIT_AGENT))
        return error_set(err, ERR_LIMIT, "A User-Agent or a language is longer than %zu bytes",
                         LIMIT_AGENT);
    return true;
}

/* An open job of the same kind and key: its number (0: none), with its tags in `tags`. */
static bool find_open(struct store *store, const struct job_new *job, int64_t *id_out,
                      struct buf *tags, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store,
                                         "SELECT id, tags FROM jobs INDEXED BY jobs_open"
                                         " WHERE normalized = ?1 AND kind = ?2 AND " JOBS_OPEN,
                                         err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_string(store, statement, 1, job->normalized);
    db_bind_string(store, statement, 2, job->kind);
    bool ok = db_step(store, statement, &row, err);
    if (ok) {
        *id_out = row ? sqlite3_column_int64(statement, 0) : 0;
        if (row)
            buf_add_slice(tags, db_text(statement, 1));
    }
    db_done(store, statement);
    return ok && buf_ok(tags, "A job's tags", err);
}

static void bind_optional(struct store *store, sqlite3_stmt *statement, int index, const char *text)
{
    if (text == NULL)
        db_bind_null(store, statement, index);
    else
        db_bind_string(store, statement, index, text);
}

static bool insert(struct store *store, const struct job_new *job, struct slice tags, int64_t now,
                   int64_t *id_out, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(
        store,
        "INSERT INTO jobs (kind, url, normalized, host, title, note, tags, user_agent, language,"
        " media_limit, page, again, created, updated, fonts)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14)",
        err);
    if (statement == NULL)
        return false;
    db_bind_string(store, statement, 1, job->kind);
    db_bind_string(store, statement, 2, job->url);
    db_bind_string(store, statement, 3, job->normalized);
    db_bind_string(store, statement, 4, job->host);
    db_bind_text(store, statement, 5, utf8_prefix(slice_of(job->title), LIMIT_TITLE));
    bind_optional(store, statement, 6, job->note);
    db_bind_text(store, statement, 7, tags);
    bind_optional(store, statement, 8, job->user_agent);
    bind_optional(store, statement, 9, job->language);
    db_bind_int(store, statement, 10, job->media_limit);
    db_bind_int(store, statement, 11, job->page);
    db_bind_int(store, statement, 12, job->again);
    db_bind_int(store, statement, 13, now);
    db_bind_int(store, statement, 14, !job->no_fonts);
    bool ok = db_run(store, statement, err);
    if (ok)
        *id_out = sqlite3_last_insert_rowid(store->db);
    db_done(store, statement);
    return ok;
}

/* `joined`: who runs it has its tags and note already, so that its end must look at them. */
static bool join(struct store *store, const struct job_new *job, int64_t id, struct slice tags,
                 int64_t now, struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store,
                   "UPDATE jobs SET tags = ?2, note = coalesce(?3, note), again = max(again, ?4),"
                   " title = CASE WHEN ?6 = '' THEN title ELSE ?6 END,"
                   " updated = ?5, joined = state = 'running' WHERE id = ?1",
                   err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, id);
    db_bind_text(store, statement, 2, tags);
    bind_optional(store, statement, 3, job->note);
    db_bind_int(store, statement, 4, job->again);
    db_bind_int(store, statement, 5, now);
    db_bind_string(store, statement, 6, job->title);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

static bool add_one(struct store *store, const struct job_new *job, int64_t now, int64_t *id_out,
                    struct error *err)
{
    struct buf before;
    struct buf tags;
    int64_t id;
    buf_init(&before, MIB);
    buf_init(&tags, MIB);
    bool ok = find_open(store, job, &id, &before, err) &&
              jobs_join_tags(store, buf_slice(&before), job->tags, job->tag_count, &tags, err);
    if (ok && id != 0)
        ok = join(store, job, id, buf_slice(&tags), now, err);
    else if (ok)
        ok = insert(store, job, buf_slice(&tags), now, &id, err);
    if (ok)
        *id_out = id;
    buf_finish(&before);
    buf_finish(&tags);
    return ok;
}

bool jobs_add(struct store *store, const struct job_new *jobs, size_t count, int64_t *ids_out,
              struct error *err)
{
    int64_t now = clock_now();
    for (size_t i = 0; i < count; i++) {
        if (!check_new(&jobs[i], err))
            return false;
    }
    if (!db_begin(store, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = add_one(store, &jobs[i], now, &ids_out[i], err);
    return db_end(store, ok, err);
}

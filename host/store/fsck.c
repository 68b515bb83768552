#include "store/fsck_run.h"

#include "store/clean.h"

/* Of SQLite's machine, between two looks at whether to stop. */
enum { STEPS = 20000 };

void fsck_report(struct fsck *run, const struct fsck_finding *finding)
{
    struct fsck_finding told = *finding;
    if (told.detail == NULL)
        told.detail = "";
    run->result->faults += told.fault;
    run->result->mended += told.fault && told.mended;
    run->result->notes += !told.fault;
    run->hooks->found(&told, run->hooks->arg);
}

void fsck_progress(struct fsck *run, const char *stage, int64_t done, int64_t total)
{
    if (run->hooks->progress != NULL)
        run->hooks->progress(stage, done, total, run->hooks->arg);
}

static bool interrupted(const struct fsck *run)
{
    return run->hooks->interrupted != NULL && run->hooks->interrupted(run->hooks->arg);
}

bool fsck_goes_on(struct fsck *run, struct error *err)
{
    return !interrupted(run) || error_set(err, ERR_CANCELLED, "Stopped");
}

bool fsck_begin(struct fsck *run, struct error *err)
{
    if (!run->prepared && run->hooks->before_repair != NULL &&
        !run->hooks->before_repair(run->hooks->arg, err))
        return false;
    run->prepared = true;
    return db_begin(run->store, err);
}

/* What is too large for the store to take is nothing that it wrote. */
bool fsck_is_damage(struct error *err)
{
    if (err->code != ERR_STORE_CORRUPT && err->code != ERR_LIMIT)
        return false;
    *err = (struct error){0};
    return true;
}

bool fsck_fill(struct ords *list, struct store *store, sqlite3_stmt *statement, struct error *err)
{
    bool row = true;
    bool ok = statement != NULL;
    while (ok && (ok = db_step(store, statement, &row, err)) && row)
        ok = ords_add(list, sqlite3_column_int64(statement, 0)) ||
             buf_ok(&list->bytes, "A list of rows", err);
    db_done(store, statement);
    return ok;
}

/* ---- All of it ---- */

static int stop_long_statements(void *arg)
{
    return interrupted(arg);
}

static bool count(struct fsck *run, struct error *err)
{
    struct fsck_result *result = run->result;
    return db_get_int(run->store, "SELECT count(*) FROM pages", 0, &result->pages, err) &&
           db_get_int(run->store, "SELECT count(*) FROM snapshots", 0, &result->snapshots, err);
}

static bool orphans(struct fsck *run, struct error *err)
{
    struct clean_result left = {0};
    const struct clean_hooks hooks = {.interrupted = run->hooks->interrupted,
                                      .arg = run->hooks->arg};
    if (!clean_measure(run->store, &left, err))
        return false;
    if (run->repair && left.blobs > 0 && !clean_collect(run->store, &hooks, &left, err))
        return false;
    run->result->orphans = left.blobs;
    run->result->orphan_bytes = left.bytes;
    if (left.blobs > 0)
        fsck_report(run, &(struct fsck_finding){.code = "blobs_unused",
                                                .text = "Nothing refers to some of the blobs: "
                                                        "they only take up room.",
                                                .mendable = true,
                                                .mended = run->repair});
    return true;
}

/* One part of the work; what it cannot read is a finding, and the next part has its turn. */
static bool part(struct fsck *run, bool (*fn)(struct fsck *, struct error *), struct error *err)
{
    if (!fsck_goes_on(run, err))
        return false;
    if (fn(run, err))
        return true;
    if (interrupted(run))
        return error_set(err, ERR_CANCELLED, "Stopped");
    if (!fsck_is_damage(err))
        return false;
    fsck_report(run, &(struct fsck_finding){.code = "file_unreadable",
                                            .text = "Part of the file cannot be read.",
                                            .fault = true});
    return true;
}

bool fsck_run(struct store *store, bool repair, const struct fsck_hooks *hooks,
              struct fsck_result *result_out, struct error *err)
{
    static bool (*const parts[])(struct fsck *, struct error *) = {
        fsck_file, fsck_references, fsck_blobs, fsck_rows, fsck_index, orphans, count};
    struct fsck_result result = {0};
    struct fsck run = {.store = store, .hooks = hooks, .result = &result, .repair = repair};
    if (repair && store->read_only)
        return error_set(err, ERR_STORE_READONLY, "The store was opened for reading only");
    bool ok = true;
    sqlite3_progress_handler(store->db, STEPS, stop_long_statements, &run);
    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        ok = part(&run, parts[i], err);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    if (ok)
        *result_out = result;
    return ok;
}

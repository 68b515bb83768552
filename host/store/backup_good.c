#include "store/backup_source.h"

#include "store/backup_copy.h"
#include "store/fts.h"
#include "store/schema.h"
#include "store/verify.h"

#include <stdio.h>

#define MAX BACKUP_NUMBER_MAX_TEXT

/* Pages of another size cannot go into a store's WAL. */
static bool use_page_size(struct store *copy, struct error *err)
{
    int64_t size;
    if (!db_get_int(copy, "PRAGMA page_size", 0, &size, err))
        return false;
    if (size == STORE_PAGE_SIZE)
        return true;
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA page_size = %d; VACUUM", STORE_PAGE_SIZE);
    sqlite3_limit(copy->db, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM attaches what it makes */
    bool ok = db_execute(copy, sql, err);
    sqlite3_limit(copy->db, SQLITE_LIMIT_ATTACHED, 0);
    return ok;
}

static bool verify(struct store *copy, const struct backup_hooks *hooks, bool may_be_damaged,
                   int64_t *damaged_out, struct error *err)
{
    int64_t damaged;
    if (!backup_verify(copy, hooks, &damaged, err))
        return false;
    if (damaged > 0 && !may_be_damaged)
        return error_set(err, ERR_STORE_CORRUPT,
                         "%lld of its blobs are damaged or lacking (linksnap restore --damaged "
                         "takes it all the same)",
                         (long long)damaged);
    *damaged_out = damaged;
    return true;
}

/* After the highest number there is no other: nothing could be saved any more. */
static bool check_numbers(struct store *copy, struct error *err)
{
    int64_t highest;
    if (!db_get_int(copy,
                    "SELECT max(coalesce((SELECT max(id) FROM pages), 0),"
                    " coalesce((SELECT max(ord) FROM pages), 0),"
                    " coalesce((SELECT max(id) FROM snapshots), 0),"
                    " coalesce((SELECT max(id) FROM blobs), 0),"
                    " coalesce((SELECT max(id) FROM tags), 0),"
                    " coalesce((SELECT max(id) FROM jobs), 0),"
                    " coalesce((SELECT max(id) FROM highlights), 0),"
                    " coalesce((SELECT max(id) FROM undo_steps), 0))",
                    0, &highest, err))
        return false;
    return highest < BACKUP_NUMBER_MAX ||
           error_set(err, ERR_STORE_CORRUPT, "It holds a number that is too large");
}

/* The versions of a page are counted anew when one has an impossible number; those that are as they
 * should be are below what they get at first. */
static const char number_versions[] =
    "CREATE TEMP TABLE renumbered AS SELECT id, row_number() OVER (PARTITION BY page"
    "  ORDER BY version) AS version FROM snapshots WHERE page IN"
    "  (SELECT page FROM snapshots WHERE version NOT BETWEEN 1 AND " MAX ");"
    "UPDATE snapshots SET version = -" MAX " - n.version FROM renumbered n"
    " WHERE n.id = snapshots.id;"
    "UPDATE snapshots SET version = n.version FROM renumbered n WHERE n.id = snapshots.id;"
    "DROP TABLE renumbered";

static const char number_next[] =
    "UPDATE sqlite_sequence SET seq = CASE name"
    " WHEN 'pages' THEN (SELECT coalesce(max(id), 0) FROM pages)"
    " WHEN 'snapshots' THEN (SELECT coalesce(max(id), 0) FROM snapshots)"
    " WHEN 'jobs' THEN (SELECT coalesce(max(id), 0) FROM jobs)"
    " WHEN 'highlights' THEN (SELECT coalesce(max(id), 0) FROM highlights)"
    " WHEN 'undo_steps' THEN (SELECT coalesce(max(id), 0) FROM undo_steps) ELSE 0 END"
    " WHERE typeof(seq) <> 'integer' OR seq NOT BETWEEN 0 AND " MAX;

bool backup_make_good(struct store *copy, const struct backup_hooks *hooks,
                      struct backup_facts *facts_out, int64_t *damaged_out, struct error *err)
{
    struct backup_hooks kept = *hooks;
    int64_t damaged = 0;
    if (!db_execute(copy,
                    "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                    "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY",
                    err) ||
        !verify(copy, hooks, damaged_out != NULL, &damaged, err))
        return false;
    backup_watch(copy, &kept);
    bool ok = schema_migrate(copy, NULL, err) && verify_schema(copy, err) &&
              db_execute(copy, "PRAGMA foreign_keys = OFF", err) &&
              verify_drop_foreign(copy, err) && check_numbers(copy, err) &&
              db_execute(copy, number_versions, err) && db_execute(copy, number_next, err) &&
              use_page_size(copy, err) && fts_bring_up_to_date(copy, err) &&
              backup_count(copy, facts_out, err);
    ok = backup_unwatch(copy, hooks, ok, err);
    if (ok && damaged_out != NULL)
        *damaged_out = damaged;
    return ok;
}

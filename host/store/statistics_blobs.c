/* Blobs, by what uses them. Each user's references come in the order of the blobs' numbers, as the
 * blobs themselves do, so that one walk over all of them side by side is enough. */
#include "store/statistics_run.h"

#include <stdlib.h>

enum { DOCUMENTS, TEXTS, ASSETS, THUMBNAILS, USERS };

/* Each gives a blob, the first snapshot that uses it, and how often it is used; all by indexes. */
static const char *const user_sql[USERS] = {
    [DOCUMENTS] = "SELECT document, min(id), count(*) FROM snapshots INDEXED BY snapshots_document"
                  " GROUP BY document ORDER BY document",
    [TEXTS] = "SELECT text, min(id), count(*) FROM snapshots INDEXED BY snapshots_text"
              " GROUP BY text ORDER BY text",
    [ASSETS] = "SELECT blob, min(snapshot), count(*) FROM snapshot_assets"
               " INDEXED BY snapshot_assets_blob WHERE blob IS NOT NULL"
               " GROUP BY blob ORDER BY blob",
    [THUMBNAILS] = "SELECT thumbnail, min(id), count(*) FROM snapshots"
                   " INDEXED BY snapshots_thumbnail WHERE thumbnail IS NOT NULL"
                   " GROUP BY thumbnail ORDER BY thumbnail",
};
static const char *const user_names[USERS] = {
    [DOCUMENTS] = "document", [TEXTS] = "text", [THUMBNAILS] = "thumbnail"};

struct user {
    sqlite3_stmt *rows;
    bool row; /* it stands at one */
};

struct blobs {
    struct statistics_run *run;
    struct user users[USERS];
    /* By kind. */
    struct tally counts;
    struct tally sizes;
    struct tally stored;
};

static bool step(struct blobs *blobs, struct user *user, struct error *err)
{
    return db_step(blobs->run->store, user->rows, &user->row, err);
}

static bool add(struct blobs *blobs, struct slice kind, int64_t size, int64_t stored,
                struct error *err)
{
    return (tally_add(&blobs->counts, kind, 1) && tally_add(&blobs->sizes, kind, (double)size) &&
            tally_add(&blobs->stored, kind, (double)stored)) ||
           error_no_memory(err);
}

/* What the snapshot calls the asset that has the blob. */
static bool add_asset(struct blobs *blobs, int64_t blob, int64_t snapshot, int64_t size,
                      int64_t stored, struct error *err)
{
    struct store *store = blobs->run->store;
    sqlite3_stmt *find = db_prepare(store,
                                    "SELECT kind FROM snapshot_assets INDEXED BY"
                                    " snapshot_assets_blob WHERE blob = ?1 AND snapshot = ?2"
                                    " ORDER BY ref LIMIT 1",
                                    err);
    if (find == NULL)
        return false;
    bool row;
    db_bind_int(store, find, 1, blob);
    db_bind_int(store, find, 2, snapshot);
    bool ok = db_step(store, find, &row, err);
    struct slice kind = ok && row ? slice_sub(db_text(find, 0), 0, 64) : slice_of("unused");
    ok = ok && add(blobs, kind, size, stored, err);
    db_done(store, find);
    return ok;
}

/* Adds one blob to its kind, and what its users would need without it. */
static bool add_blob(struct blobs *blobs, int64_t blob, int64_t stored, int64_t size,
                     struct error *err)
{
    struct statistics_sums *sums = &blobs->run->sums;
    int first = -1;
    int64_t lowest = 0;
    sums->stored += stored;
    sums->unpacked += size;
    for (int i = 0; i < USERS; i++) {
        struct user *user = &blobs->users[i];
        while (user->row && sqlite3_column_int64(user->rows, 0) < blob)
            if (!step(blobs, user, err))
                return false;
        if (!user->row || sqlite3_column_int64(user->rows, 0) != blob)
            continue;
        int64_t snapshot = sqlite3_column_int64(user->rows, 1);
        sums->referenced += size * sqlite3_column_int64(user->rows, 2);
        if (first < 0 || snapshot < lowest) {
            first = i;
            lowest = snapshot;
        }
    }
    if (first == ASSETS)
        return add_asset(blobs, blob, lowest, size, stored, err);
    return add(blobs, slice_of(first < 0 ? "unused" : user_names[first]), size, stored, err);
}

/* A size that is none, of a damaged store, must not be one too many for the sums. */
static const char blobs_sql[] = "SELECT id, min(max(stored, 0), 1099511627776),"
                                " min(max(size, 0), 1099511627776)"
                                " FROM blobs INDEXED BY blobs_sizes ORDER BY id";

static bool walk(struct blobs *blobs, struct error *err)
{
    struct store *store = blobs->run->store;
    bool ok = true;
    bool row = true;
    for (int i = 0; ok && i < USERS; i++) {
        blobs->users[i].rows = db_prepare(store, user_sql[i], err);
        ok = blobs->users[i].rows != NULL && step(blobs, &blobs->users[i], err);
    }
    sqlite3_stmt *rows = ok ? db_prepare(store, blobs_sql, err) : NULL;
    ok = rows != NULL;
    while (ok && (ok = db_step(store, rows, &row, err)) && row)
        ok = add_blob(blobs, sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1),
                      sqlite3_column_int64(rows, 2), err) &&
             statistics_go_on(blobs->run, 1, err);
    db_done(store, rows);
    for (int i = 0; i < USERS; i++)
        db_done(store, blobs->users[i].rows);
    return ok;
}

/* The tallies have their entries in one order, which is that of the first of each kind. */
static bool give(struct blobs *blobs, struct error *err)
{
    const struct statistics_hooks *hooks = blobs->run->hooks;
    size_t top[64];
    size_t count = tally_top(&blobs->sizes, sizeof top / sizeof *top, top);
    for (size_t i = 0; i < count; i++) {
        char *name = slice_dup(tally_key(&blobs->sizes, top[i]));
        if (name == NULL)
            return error_no_memory(err);
        struct statistics_kind kind = {
            .kind = name,
            .count = (int64_t)tally_entry(&blobs->counts, top[i])->weight,
            .bytes = (int64_t)tally_entry(&blobs->sizes, top[i])->weight,
            .stored = (int64_t)tally_entry(&blobs->stored, top[i])->weight,
        };
        hooks->kind(&kind, hooks->arg);
        free(name);
    }
    return true;
}

bool statistics_of_blobs(struct statistics_run *run, struct error *err)
{
    struct blobs blobs = {.run = run};
    tally_init(&blobs.counts);
    tally_init(&blobs.sizes);
    tally_init(&blobs.stored);
    bool ok = walk(&blobs, err) && give(&blobs, err);
    tally_finish(&blobs.counts);
    tally_finish(&blobs.sizes);
    tally_finish(&blobs.stored);
    return ok;
}

#include "store/verify.h"

#include "base/limits.h"
#include "store/fts.h"
#include "store/schema.h"

#include <stdlib.h>

/* FTS5's own tables differ between its versions; that they are plain tables is enough. */
static const char objects_sql[] =
    "SELECT type, name, CASE WHEN name LIKE 'search\\_%' ESCAPE '\\' AND type = 'table'"
    " AND sql LIKE 'CREATE TABLE %' THEN '' ELSE sql END FROM sqlite_schema"
    " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name";

/* Whether every object of `ours` is in `theirs` as it is there. What else a person may have added
 * by hand is never looked at. */
static bool compare_objects(struct store *ours, struct store *theirs, bool *same_out,
                            struct error *err)
{
    bool ok = false;
    bool our_row = true;
    bool their_row = true;
    bool same = true;
    sqlite3_stmt *a = db_prepare(ours, objects_sql, err);
    sqlite3_stmt *b = a == NULL ? NULL : db_prepare(theirs, objects_sql, err);
    if (b == NULL)
        goto out;
    while (same) {
        if (!db_step(ours, a, &our_row, err))
            goto out;
        if (!our_row)
            break;
        do {
            if (!db_step(theirs, b, &their_row, err))
                goto out;
        } while (their_row && !(slice_equal(db_text(a, 0), db_text(b, 0)) &&
                                slice_equal(db_text(a, 1), db_text(b, 1))));
        same = their_row && slice_equal(db_text(a, 2), db_text(b, 2));
    }
    *same_out = same;
    ok = true;
out:
    db_done(ours, a);
    db_done(theirs, b);
    return ok;
}

/* The migrations themselves say what is right, run over a store in memory. Whether it went well or
 * not, close_model ends it. */
static struct store *open_model(struct store *store, struct error *err)
{
    struct store *model = calloc(1, sizeof *model);
    if (model == NULL) {
        error_no_memory(err);
        return NULL;
    }
    model->folder = store->folder;
    if (db_open(model, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, err) &&
        fts_register(model, err) && schema_migrate(model, NULL, err))
        return model;
    db_close(model);
    free(model);
    return NULL;
}

static void close_model(struct store *model)
{
    if (model != NULL)
        db_close(model);
    free(model);
}

static bool compare_with_model(struct store *store, struct error *err)
{
    bool same = false;
    struct store *model = open_model(store, err);
    bool ok = model != NULL && compare_objects(model, store, &same, err);
    close_model(model);
    if (ok && !same)
        ok = error_set(err, ERR_STORE_CORRUPT, "The store's tables are not those of Linksnap");
    return ok;
}

/* Appends what drops the first object that the model has not; nothing when there is none. Virtual
 * tables come before those that they take with them. */
static bool find_foreign(struct store *model, struct store *store, struct buf *sql,
                         struct error *err)
{
    bool row = false;
    bool known = true;
    bool ok = false;
    sqlite3_stmt *objects =
        db_prepare(store,
                   "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE"
                   " '\\' ORDER BY type = 'table', sql NOT LIKE 'CREATE VIRTUAL %', name",
                   err);
    sqlite3_stmt *find =
        db_prepare(model, "SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2", err);
    if (objects == NULL || find == NULL)
        goto out;
    while ((ok = db_step(store, objects, &row, err)) && row && known) {
        db_bind_text(model, find, 1, db_text(objects, 0));
        db_bind_text(model, find, 2, db_text(objects, 1));
        if (!(ok = db_step(model, find, &known, err)))
            break;
        db_reset(find);
        if (known)
            continue;
        char *drop = sqlite3_mprintf("DROP %s \"%w\"", sqlite3_column_text(objects, 0),
                                     sqlite3_column_text(objects, 1));
        ok = drop != NULL ? buf_add_text(sql, drop) : error_no_memory(err);
        sqlite3_free(drop);
        break;
    }
out:
    db_done(store, objects);
    db_done(model, find);
    return ok;
}

bool verify_drop_foreign(struct store *store, struct error *err)
{
    struct buf sql;
    struct store *model = open_model(store, err);
    bool ok = model != NULL;
    buf_init(&sql, 64 * KIB);
    while (ok) {
        buf_reset(&sql);
        ok = find_foreign(model, store, &sql, err) && buf_ok(&sql, "A table's name", err);
        if (!ok || sql.len == 0)
            break;
        ok = buf_add_char(&sql, '\0') ? db_execute(store, sql.ptr, err) : error_no_memory(err);
    }
    buf_finish(&sql);
    close_model(model);
    return ok;
}

bool verify_digest(struct store *store, uint8_t digest_out[DIGEST_SIZE], struct error *err)
{
    struct buf all;
    bool row = false;
    bool ok = false;
    buf_init(&all, 256 * KIB);
    sqlite3_stmt *objects = db_prepare(store, objects_sql, err);
    if (objects == NULL)
        return false;
    while ((ok = db_step(store, objects, &row, err)) && row && all.failed == ERR_NONE) {
        for (int column = 0; column < 3; column++) {
            buf_add_slice(&all, db_text(objects, column));
            buf_add_char(&all, '\0');
        }
    }
    db_done(store, objects);
    ok = ok && buf_ok(&all, "The store's schema", err) &&
         digest_bytes(buf_slice(&all), digest_out, err);
    buf_finish(&all);
    return ok;
}

bool verify_schema(struct store *store, struct error *err)
{
    uint8_t digest[DIGEST_SIZE];
    char hex[2 * DIGEST_SIZE + 1];
    if (!verify_digest(store, digest, err))
        return false;
    digest_hex(digest, sizeof digest, hex);
    if (strcmp(hex, VERIFY_LATEST) == 0)
        return true;
    /* Perhaps somebody added an index by hand, or this SQLite writes a table differently. */
    return compare_with_model(store, err);
}

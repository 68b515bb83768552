/* SQLite, as the files of store/ use it: statements, transactions, and its result codes turned into
 * errors with a sentence. For store/ only. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/compress.h"
#include "base/limits.h"
#include "store/fold.h"
#include "store/store.h"

#include <sqlite3.h>

enum { DB_CACHED = 128 };

/* The largest thing that a page may have. A stored document may be a little larger than what it was
 * made from. */
#define DB_BLOB_MAX LIMIT_MEDIA_BODY
_Static_assert(DB_BLOB_MAX >= 2 * LIMIT_DOCUMENT && DB_BLOB_MAX >= LIMIT_FILE_BODY &&
                   DB_BLOB_MAX >= LIMIT_ASSET_BODY && DB_BLOB_MAX >= LIMIT_TEXT,
               "everything that may be fetched can be stored");

struct db_statement {
    const char *sql; /* a literal: its address is the key */
    sqlite3_stmt *handle;
    bool used;
};

struct store {
    sqlite3 *db;
    struct folder *folder;
    struct unpacker unpacker;
    char *path;
    bool read_only;
    bool immutable;  /* and without locks */
    int bind_failed; /* first SQLite code of a failed bind, until the next step */
    struct snapshot_hold *holds;
    size_t reading; /* db_begin_read calls not yet ended */
    bool read_open; /* the first of them began a transaction */
    bool warned;    /* of a text that cannot be read: once is enough */
    struct db_statement cached[DB_CACHED];
};

/* Opens store->db with SQLite's `flags`, set up for a file that somebody else may have made. After
 * a failure too, db_close is to be called; it also ends all cached statements. */
bool db_open(struct store *store, const char *name, int flags, struct error *err) MUST_CHECK;
void db_close(struct store *store);

/* Appends the name under which SQLite, with SQLITE_OPEN_URI, reads a file as it lies on the disk:
 * without a lock, without its WAL, and without making a file beside it. */
bool db_immutable_name(const char *path, struct buf *uri, struct error *err) MUST_CHECK;

/* A rollback journal may name another journal, which SQLite then deletes, wherever it is. Ours
 * never do: nothing is attached to a store. One that does was put there by somebody:
 * ERR_STORE_CORRUPT. */
bool db_refuse_super_journal(const char *path, struct error *err) MUST_CHECK;

/* Turns a SQLite result code into an error, with what SQLite knows of it; returns false. Never page
 * text: SQLite's own message is left out, since it may quote a query. */
bool db_error(struct store *store, int code, struct error *err);

/* Compiles, or takes from the cache, which is keyed by the address of `sql`: pass literals. NULL on
 * failure. Give it back with db_done, which takes NULL. */
sqlite3_stmt *db_prepare(struct store *store, const char *sql, struct error *err);
/* The same for SQL put together at run time: never cached. */
sqlite3_stmt *db_prepare_once(struct store *store, struct slice sql, struct error *err);
void db_done(struct store *store, sqlite3_stmt *statement);

/* A failure of these shows at the next db_step or db_run. Bytes must live until db_done. */
void db_bind_int(struct store *store, sqlite3_stmt *statement, int index, int64_t value);
void db_bind_null(struct store *store, sqlite3_stmt *statement, int index);
void db_bind_blob(struct store *store, sqlite3_stmt *statement, int index, struct slice bytes);
/* Ill-formed UTF-8 is replaced by U+FFFD: what is stored can always be shown. */
void db_bind_text(struct store *store, sqlite3_stmt *statement, int index, struct slice text);
/* NULL binds "". */
void db_bind_string(struct store *store, sqlite3_stmt *statement, int index, const char *text);

/* Goes to the next row: *row_out is false after the last one. */
bool db_step(struct store *store, sqlite3_stmt *statement, bool *row_out,
             struct error *err) MUST_CHECK;
/* For statements that give no row: runs, then resets for the next use. */
bool db_run(struct store *store, sqlite3_stmt *statement, struct error *err) MUST_CHECK;
/* The same for one statement whose ?1 is `value`. */
bool db_run_with_int(struct store *store, const char *sql, int64_t value,
                     struct error *err) MUST_CHECK;
/* Resets a statement that gave what was wanted of it. */
void db_reset(sqlite3_stmt *statement);
/* The same in one call, for SQL without parameters. */
bool db_execute(struct store *store, const char *sql, struct error *err) MUST_CHECK;
/* The first column of the first row, or `fallback` when there is none. */
bool db_get_int(struct store *store, const char *sql, int64_t fallback, int64_t *value_out,
                struct error *err) MUST_CHECK;

/* A column's bytes as text, valid until the next step; NULL gives the empty slice. */
struct slice db_text(sqlite3_stmt *statement, int column);
struct slice db_blob(sqlite3_stmt *statement, int column);

/* Takes the write lock, waiting LIMIT_BUSY_MS for another process. */
bool db_begin(struct store *store, struct error *err) MUST_CHECK;
/* Commits when `ok`, else rolls back and returns false with *err as it was. */
bool db_end(struct store *store, bool ok, struct error *err) MUST_CHECK;

/* All reads in between see one state of the store. Nests. */
bool db_begin_read(struct store *store, struct error *err) MUST_CHECK;
void db_end_read(struct store *store);

#endif

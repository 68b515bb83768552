#include "store/db.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool no_room(int os_error)
{
    return os_error == ENOSPC || os_error == EDQUOT || os_error == EFBIG;
}

static bool no_right(int os_error)
{
    return os_error == EACCES || os_error == EPERM || os_error == EROFS;
}

bool db_error(struct store *store, int code, struct error *err)
{
    int os_error = store->db == NULL ? 0 : sqlite3_system_errno(store->db);
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return error_no_memory(err);
    case SQLITE_FULL:
        return error_set(err, ERR_STORE_FULL, "There is no room on the disk for the store");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return error_set(err, ERR_STORE_READONLY, "The store cannot be written");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return error_set(err, ERR_STORE_BUSY, "Another program holds the store");
    case SQLITE_CORRUPT:
        return error_set(err, ERR_STORE_CORRUPT, "The store is damaged");
    case SQLITE_NOTADB:
        return error_set(err, ERR_STORE_CORRUPT, "The file is no Linksnap store");
    case SQLITE_TOOBIG:
        return error_set(err, ERR_LIMIT, "A value is too large for the store");
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM)
            return error_no_memory(err);
        if (no_room(os_error))
            return error_set(err, ERR_STORE_FULL, "There is no room on the disk for the store");
        break;
    case SQLITE_CANTOPEN:
        if (no_room(os_error))
            return error_set(err, ERR_STORE_FULL, "There is no room on the disk for the store");
        if (no_right(os_error))
            return error_set(err, ERR_STORE_READONLY, "The store or its folder cannot be written");
        break;
    default:
        break;
    }
    return error_set(err, ERR_STORE, "The store failed: %s (%d)", sqlite3_errstr(code), code);
}

bool db_refuse_super_journal(const char *path, struct error *err)
{
    /* What follows such a name, at the end of the file (SQLite, file format §2). */
    static const unsigned char magic[8] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    unsigned char end[sizeof magic];
    struct buf name;
    struct stat info;
    buf_init(&name, LIMIT_URL);
    int fd = -1;
    if (buf_add_text(&name, path) && buf_add_text(&name, "-journal"))
        fd = open(name.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool planted =
        fd >= 0 && fstat(fd, &info) == 0 && info.st_size >= (off_t)sizeof end &&
        pread(fd, end, sizeof end, info.st_size - (off_t)sizeof end) == (ssize_t)sizeof end &&
        memcmp(end, magic, sizeof magic) == 0;
    if (fd >= 0)
        close(fd);
    buf_finish(&name);
    return !planted ||
           error_set(err, ERR_STORE_CORRUPT,
                     "Beside the store lies a journal that is not its own: %s-journal", path);
}

/* What SQLite's documentation advises for a file that somebody else may have made. */
static void harden(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)(DB_BLOB_MAX + MIB));
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

bool db_open(struct store *store, const char *name, int flags, struct error *err)
{
    /* A store is one thread's: without locks around every call. */
    flags |= SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(name, &store->db, flags, NULL);
    if (code != SQLITE_OK)
        return db_error(store, code, err);
    harden(store->db);
    return true;
}

bool db_immutable_name(const char *path, struct buf *uri, struct error *err)
{
    buf_add_text(uri, "file:");
    for (const char *c = path; *c != '\0'; c++) {
        if (*c == '%' || *c == '?' || *c == '#')
            buf_printf(uri, "%%%02X", (unsigned char)*c);
        else
            buf_add_char(uri, *c);
    }
    buf_add_text(uri, "?immutable=1");
    return buf_ok(uri, "The path", err);
}

void db_close(struct store *store)
{
    for (size_t i = 0; i < DB_CACHED; i++)
        sqlite3_finalize(store->cached[i].handle);
    memset(store->cached, 0, sizeof store->cached);
    sqlite3_close(store->db);
    store->db = NULL;
    unpacker_finish(&store->unpacker);
}

static sqlite3_stmt *compile(struct store *store, struct slice sql, unsigned flags,
                             struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v3(store->db, sql.ptr, (int)sql.len, flags, &statement, NULL);
    if (code != SQLITE_OK)
        db_error(store, code, err);
    return statement;
}

sqlite3_stmt *db_prepare(struct store *store, const char *sql, struct error *err)
{
    struct db_statement *free_slot = NULL;
    for (size_t i = 0; i < DB_CACHED; i++) {
        struct db_statement *slot = &store->cached[i];
        if (slot->sql == sql && !slot->used) {
            slot->used = true;
            return slot->handle;
        }
        if (slot->sql == NULL && free_slot == NULL)
            free_slot = slot;
    }
    sqlite3_stmt *statement =
        compile(store, slice_of(sql), free_slot == NULL ? 0 : SQLITE_PREPARE_PERSISTENT, err);
    if (statement != NULL && free_slot != NULL)
        *free_slot = (struct db_statement){sql, statement, true};
    return statement;
}

sqlite3_stmt *db_prepare_once(struct store *store, struct slice sql, struct error *err)
{
    return compile(store, sql, 0, err);
}

void db_done(struct store *store, sqlite3_stmt *statement)
{
    if (statement == NULL)
        return;
    for (size_t i = 0; i < DB_CACHED; i++) {
        struct db_statement *slot = &store->cached[i];
        if (slot->handle != statement)
            continue;
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
        slot->used = false;
        return;
    }
    sqlite3_finalize(statement);
}

static void bound(struct store *store, int code)
{
    if (code != SQLITE_OK && store->bind_failed == SQLITE_OK)
        store->bind_failed = code;
}

void db_bind_int(struct store *store, sqlite3_stmt *statement, int index, int64_t value)
{
    bound(store, sqlite3_bind_int64(statement, index, value));
}

void db_bind_null(struct store *store, sqlite3_stmt *statement, int index)
{
    bound(store, sqlite3_bind_null(statement, index));
}

void db_bind_blob(struct store *store, sqlite3_stmt *statement, int index, struct slice bytes)
{
    /* A NULL pointer would bind NULL, not the empty blob. */
    const char *ptr = bytes.ptr == NULL ? "" : bytes.ptr;
    bound(store, sqlite3_bind_blob64(statement, index, ptr, bytes.len, SQLITE_STATIC));
}

void db_bind_text(struct store *store, sqlite3_stmt *statement, int index, struct slice text)
{
    if (utf8_valid(text)) {
        const char *ptr = text.ptr == NULL ? "" : text.ptr;
        bound(store,
              sqlite3_bind_text64(statement, index, ptr, text.len, SQLITE_STATIC, SQLITE_UTF8));
        return;
    }
    struct buf repaired;
    buf_init(&repaired, 3 * text.len);
    if (utf8_append_valid(&repaired, text))
        bound(store, sqlite3_bind_text64(statement, index, repaired.ptr, repaired.len,
                                         SQLITE_TRANSIENT, SQLITE_UTF8));
    else
        bound(store, SQLITE_NOMEM);
    buf_finish(&repaired);
}

void db_bind_string(struct store *store, sqlite3_stmt *statement, int index, const char *text)
{
    db_bind_text(store, statement, index, slice_of(text));
}

bool db_step(struct store *store, sqlite3_stmt *statement, bool *row_out, struct error *err)
{
    int code = store->bind_failed;
    store->bind_failed = SQLITE_OK;
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return db_error(store, code, err);
    *row_out = code == SQLITE_ROW;
    return true;
}

void db_reset(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

bool db_run(struct store *store, sqlite3_stmt *statement, struct error *err)
{
    bool row = true;
    bool ok = true;
    while (ok && row)
        ok = db_step(store, statement, &row, err);
    db_reset(statement);
    return ok;
}

bool db_run_with_int(struct store *store, const char *sql, int64_t value, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    db_bind_int(store, statement, 1, value);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

bool db_execute(struct store *store, const char *sql, struct error *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || db_error(store, code, err);
}

bool db_get_int(struct store *store, const char *sql, int64_t fallback, int64_t *value_out,
                struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    if (statement == NULL)
        return false;
    bool row = false;
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *value_out = row ? sqlite3_column_int64(statement, 0) : fallback;
    db_done(store, statement);
    return ok;
}

struct slice db_text(sqlite3_stmt *statement, int column)
{
    /* The order matters: the length is that of the text after conversion. */
    const unsigned char *ptr = sqlite3_column_text(statement, column);
    int len = ptr == NULL ? 0 : sqlite3_column_bytes(statement, column);
    return slice_make(ptr, (size_t)len);
}

struct slice db_blob(sqlite3_stmt *statement, int column)
{
    const void *ptr = sqlite3_column_blob(statement, column);
    int len = ptr == NULL ? 0 : sqlite3_column_bytes(statement, column);
    return slice_make(ptr, (size_t)len);
}

static const char commit[] = "COMMIT";
static const char rollback[] = "ROLLBACK";

/* What ends it is made ready first: for want of memory it would stay open, and this connection
 * would see no other state of the store any more. */
static bool begin(struct store *store, const char *sql, struct error *err)
{
    sqlite3_stmt *one = db_prepare(store, commit, err);
    sqlite3_stmt *other = one != NULL ? db_prepare(store, rollback, err) : NULL;
    db_done(store, one);
    db_done(store, other);
    return other != NULL && db_execute(store, sql, err);
}

static bool end(struct store *store, const char *sql, struct error *err)
{
    sqlite3_stmt *statement = db_prepare(store, sql, err);
    bool ok = statement != NULL && db_run(store, statement, err);
    db_done(store, statement);
    return ok;
}

/* A look that could not be ended, for want of memory, is ended before anything else is begun. */
static bool end_left_over(struct store *store, struct error *err)
{
    bool ok = store->reading > 0 || !store->read_open || sqlite3_get_autocommit(store->db) ||
              end(store, rollback, err);
    if (ok && store->reading == 0)
        store->read_open = false;
    return ok;
}

bool db_begin(struct store *store, struct error *err)
{
    if (store->read_only)
        return error_set(err, ERR_STORE_READONLY, "The store was opened for reading only");
    if (store->reading > 0)
        return error_set(err, ERR_INTERNAL, "The store cannot change while it is being listed");
    return end_left_over(store, err) && begin(store, "BEGIN IMMEDIATE", err);
}

bool db_end(struct store *store, bool ok, struct error *err)
{
    struct error unused;
    if (ok)
        ok = end(store, commit, err);
    /* SQLite has rolled back by itself after some faults, such as a full disk. */
    if (!ok && !sqlite3_get_autocommit(store->db) && !end(store, rollback, &unused))
        log_warn("a transaction could not be rolled back: %s", unused.text);
    return ok;
}

bool db_begin_read(struct store *store, struct error *err)
{
    if (!end_left_over(store, err))
        return false;
    /* Inside a transaction that writes, there is one state already. */
    if (store->reading == 0 && sqlite3_get_autocommit(store->db)) {
        if (!begin(store, "BEGIN", err))
            return false;
        store->read_open = true;
    }
    store->reading++;
    return true;
}

void db_end_read(struct store *store)
{
    if (--store->reading > 0 || !store->read_open)
        return;
    struct error unused;
    store->read_open = !end(store, commit, &unused) && sqlite3_get_autocommit(store->db) == 0;
    if (store->read_open)
        log_warn("a look at the store could not be ended: %s", unused.text);
}

/* store_audit: looks at a store with SQLite, zstd and SHA-256 alone, and shares no line with what
 * wrote it, so that one fault cannot hide another.
 *
 *   store_audit check FILE       one fault a line; "orphans N", blobs that nothing refers to
 *   store_audit facts FILE       pages with their snapshots and assets, and jobs: JSON, one a line
 *   store_audit dump FILE        a digest of the rows of each table
 *   store_audit squeeze FILE     leaves no room in the write-ahead log
 *   store_audit age FILE VERSION makes of a store what VERSION of its schema would have written
 *
 * Exit status: 0, 1 when there are faults, 2 when it could not look. */
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { BUSY_MS = 30000, DIGEST = 32, LATEST = 6 };

static int faults;

static void die(sqlite3 *db, const char *what)
{
    fprintf(stderr, "store_audit: %s: %s\n", what, db == NULL ? "no memory" : sqlite3_errmsg(db));
    exit(2);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        die(db, sql);
    return statement;
}

static bool next(sqlite3 *db, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        die(db, sqlite3_sql(statement));
    return code == SQLITE_ROW;
}

static const char *text(sqlite3_stmt *statement, int column)
{
    const unsigned char *found = sqlite3_column_text(statement, column);
    return found == NULL ? "NULL" : (const char *)found;
}

/* ---- check ---- */

/* Each row of these is a fault. */
static const char *const rules[] = {
    "SELECT 'integrity: ' || integrity_check FROM pragma_integrity_check"
    " WHERE integrity_check <> 'ok'",
    "SELECT 'foreign key: ' || \"table\" || ' ' || coalesce(rowid, '') || ' to ' || parent"
    " FROM pragma_foreign_key_check",
    "SELECT 'page ' || id || ': its latest snapshot is another''s, or none' FROM pages p"
    " WHERE NOT EXISTS (SELECT 1 FROM snapshots s WHERE s.id = p.snapshot AND s.page = p.id"
    " AND s.version = (SELECT max(version) FROM snapshots WHERE page = p.id AND trashed = 0))",
    "SELECT 'page ' || id || ': ' || versions || ' versions, but ' || (SELECT count(*)"
    " FROM snapshots WHERE page = p.id AND trashed = 0) FROM pages p"
    " WHERE versions <> (SELECT count(*) FROM snapshots WHERE page = p.id AND trashed = 0)",
    "SELECT 'highlight ' || h.id || ': its snapshot is another page''s' FROM highlights h"
    " JOIN snapshots s ON s.id = h.snapshot WHERE s.page <> h.page",
    "SELECT 'page ' || id || ': is not in the index' FROM pages p"
    " WHERE NOT EXISTS (SELECT 1 FROM search_docsize d WHERE d.id = p.ord)",
    "SELECT 'index: ' || id || ' is of no page' FROM search_docsize d"
    " WHERE NOT EXISTS (SELECT 1 FROM pages p WHERE p.ord = d.id)",
    "SELECT 'snapshot ' || s.id || ': ' || s.assets || ' assets, ' || s.stored || ' stored, but '"
    " || count(a.ref) || ' and ' || count(a.ref) FILTER (WHERE a.state IN ('stored', 'left_out'))"
    " FROM snapshots s LEFT JOIN snapshot_assets a ON a.snapshot = s.id GROUP BY s.id"
    " HAVING s.assets <> count(a.ref)"
    " OR s.stored <> count(a.ref) FILTER (WHERE a.state IN ('stored', 'left_out'))",
    "SELECT 'snapshot ' || id || ': ' || state || ' with ' || stored || ' of ' || assets"
    " FROM snapshots WHERE state = 'complete' AND stored <> assets"
    " OR state = 'incomplete' AND stored = assets"
    " OR state NOT IN ('pending', 'complete', 'incomplete')",
    "SELECT 'asset of snapshot ' || snapshot || ': ' || state || ', ' || url FROM snapshot_assets"
    " WHERE (state = 'stored') <> (blob IS NOT NULL)",
    "SELECT 'snapshot ' || s.id || ': ' || s.bytes || ' bytes, but ' ||"
    " (d.size + coalesce(sum(b.size), 0)) FROM snapshots s JOIN blobs d ON d.id = s.document"
    " LEFT JOIN snapshot_assets a ON a.snapshot = s.id LEFT JOIN blobs b ON b.id = a.blob"
    " GROUP BY s.id HAVING s.bytes <> d.size + coalesce(sum(b.size), 0)",
    "SELECT 'page_tags: tag ' || tag || ' of page ' || page FROM page_tags"
    " WHERE page NOT IN (SELECT id FROM pages) OR tag NOT IN (SELECT id FROM tags)",
};

static void check_rules(sqlite3 *db)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        sqlite3_stmt *rows = prepare(db, rules[i]);
        while (next(db, rows)) {
            printf("%s\n", text(rows, 0));
            faults++;
        }
        sqlite3_finalize(rows);
    }
}

static void blob_fault(int64_t id, const char *what)
{
    printf("blob %lld: %s\n", (long long)id, what);
    faults++;
}

static void check_blob(int64_t id, sqlite3_stmt *row)
{
    size_t size = (size_t)sqlite3_column_int64(row, 2);
    const void *data = sqlite3_column_blob(row, 5);
    size_t stored = (size_t)sqlite3_column_bytes(row, 5);
    unsigned char digest[DIGEST];
    unsigned char *unpacked = malloc(size + 1);
    if (unpacked == NULL)
        die(NULL, "blob");
    if (stored != (size_t)sqlite3_column_int64(row, 3))
        blob_fault(id, "is not as long as it should be");
    if (sqlite3_column_int(row, 4) == 0) {
        if (stored == size)
            memcpy(unpacked, data == NULL ? "" : data, size);
        else
            blob_fault(id, "has another size");
    } else if (ZSTD_decompress(unpacked, size, data, stored) != size) {
        blob_fault(id, "cannot be unpacked");
    }
    EVP_Digest(unpacked, size, digest, NULL, EVP_sha256(), NULL);
    if (sqlite3_column_bytes(row, 1) != DIGEST ||
        memcmp(sqlite3_column_blob(row, 1), digest, DIGEST) != 0)
        blob_fault(id, "is not what its name says");
    free(unpacked);
}

static int check(sqlite3 *db)
{
    int64_t blobs = 0;
    check_rules(db);
    sqlite3_stmt *rows = prepare(db, "SELECT id, hash, size, stored, packed, data FROM blobs");
    for (; next(db, rows); blobs++)
        check_blob(sqlite3_column_int64(rows, 0), rows);
    sqlite3_finalize(rows);
    rows = prepare(db, "SELECT count(*) FROM blobs WHERE id NOT IN (SELECT document FROM snapshots"
                       " UNION SELECT text FROM snapshots UNION SELECT icon FROM snapshots"
                       "  WHERE icon IS NOT NULL"
                       " UNION SELECT thumbnail FROM snapshots WHERE thumbnail IS NOT NULL"
                       " UNION SELECT blob FROM snapshot_assets WHERE blob IS NOT NULL)");
    if (next(db, rows))
        printf("blobs %lld\norphans %s\n", (long long)blobs, text(rows, 0));
    sqlite3_finalize(rows);
    return faults > 0;
}

/* ---- facts, dump ---- */

static const char pages_sql[] =
    "SELECT json_object('page', p.id, 'url', p.url, 'normalized', p.normalized,"
    " 'trashed', json(iif(p.trashed > 0, 'true', 'false')), 'title', p.title, 'note', p.note,"
    " 'tags', (SELECT json_group_array(t.name) FROM page_tags pt JOIN tags t ON t.id = pt.tag"
    "  WHERE pt.page = p.id),"
    " 'marks', (SELECT json_group_array(h.snapshot || ' ' || h.quote || ' ' || h.note)"
    "  FROM highlights h WHERE h.page = p.id AND h.deleted = 0),"
    " 'small', (SELECT json_group_array(s.id || ' ' || s.thumbnail_type || ' ' ||"
    "   lower(hex(b.hash))) FROM snapshots s JOIN blobs b ON b.id = s.thumbnail"
    "  WHERE s.page = p.id),"
    " 'aliases', (SELECT json_group_array(normalized) FROM page_urls WHERE page = p.id),"
    " 'snapshots', (SELECT json_group_array(json_object('snapshot', s.id, 'version', s.version,"
    "  'state', s.state, 'url', s.url, 'trashed', json(iif(s.trashed > 0, 'true', 'false')),"
    "  'assets', (SELECT json_group_array(json_object('url', a.url, 'state', a.state,"
    "   'sha256', lower(hex(b.hash)))) FROM snapshot_assets a LEFT JOIN blobs b ON b.id = a.blob"
    "   WHERE a.snapshot = s.id))) FROM snapshots s WHERE s.page = p.id)) FROM pages p";

static int facts(sqlite3 *db)
{
    static const char *const lists[] = {
        pages_sql,
        "SELECT json_object('job', id, 'url', url, 'state', state, 'crashes', crashes) FROM jobs"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        sqlite3_stmt *rows = prepare(db, lists[i]);
        while (next(db, rows))
            printf("%s\n", text(rows, 0));
        sqlite3_finalize(rows);
    }
    return 0;
}

static void add_row(EVP_MD_CTX *digest, sqlite3_stmt *row)
{
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        char head[32];
        int type = sqlite3_column_type(row, i);
        const void *bytes = sqlite3_column_blob(row, i);
        int len = sqlite3_column_bytes(row, i);
        EVP_DigestUpdate(digest, head, (size_t)snprintf(head, sizeof head, "%d:%d:", type, len));
        if (len > 0)
            EVP_DigestUpdate(digest, bytes, (size_t)len);
    }
}

static int dump(sqlite3 *db)
{
    sqlite3_stmt *tables = prepare(db, "SELECT name, 'SELECT * FROM \"' || name || '\"' FROM"
                                       " sqlite_schema WHERE type = 'table' AND rootpage > 0"
                                       " ORDER BY name");
    while (next(db, tables)) {
        unsigned char digest[DIGEST];
        long long count = 0;
        sqlite3_stmt *rows = prepare(db, text(tables, 1));
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
            die(NULL, "digest");
        for (; next(db, rows); count++)
            add_row(context, rows);
        EVP_DigestFinal_ex(context, digest, NULL);
        EVP_MD_CTX_free(context);
        sqlite3_finalize(rows);
        printf("%s %lld ", text(tables, 0), count);
        for (size_t i = 0; i < DIGEST; i++)
            printf("%02x", digest[i]);
        printf("\n");
    }
    sqlite3_finalize(tables);
    return 0;
}

/* ---- squeeze, age ---- */

static int squeeze(sqlite3 *db)
{
    int log;
    int done;
    return sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &log, &done) !=
           SQLITE_OK;
}

/* What takes back the migration to this version. */
static const char *const back[LATEST + 1] = {
    [2] = "DROP TABLE snapshot_notes;",
    [3] = "DROP TABLE search;"
          "CREATE VIRTUAL TABLE search USING fts5(title, tags, note, url, text,"
          " content='search_source', content_rowid='ord', tokenize='linksnap', prefix='3');"
          "DROP INDEX pages_title; DROP INDEX pages_site; DROP INDEX pages_saved;"
          "DROP INDEX pages_order; DROP INDEX pages_facts; DROP INDEX snapshots_lang;",
    [4] = "DROP INDEX snapshots_kind; ALTER TABLE snapshots DROP COLUMN file_name;"
          "ALTER TABLE snapshots DROP COLUMN kind; DROP TABLE snapshot_hops;"
          "DROP TABLE page_health; DROP TABLE page_urls; DROP TABLE job_hosts; DROP TABLE jobs;"
          "CREATE TABLE jobs ( id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
          " state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,"
          " not_before INTEGER NOT NULL DEFAULT 0, claimed_by TEXT, claimed_until INTEGER,"
          " created INTEGER NOT NULL, updated INTEGER NOT NULL, url TEXT NOT NULL,"
          " payload TEXT NOT NULL DEFAULT '{}', error TEXT) STRICT;"
          "CREATE INDEX jobs_due ON jobs(state, not_before);",
    [5] = "DROP TABLE undo_rows; DROP TABLE undo_steps; ALTER TABLE tags DROP COLUMN colour;",
    /* The index has what was marked, and the text of the version that was shown: it is made anew.
     */
    [6] = "DELETE FROM meta WHERE key = 'tokenizer' AND (EXISTS (SELECT 1 FROM highlights)"
          "  OR EXISTS (SELECT 1 FROM snapshots WHERE trashed > 0));"
          "UPDATE pages SET versions = (SELECT count(*) FROM snapshots WHERE page = pages.id),"
          "  snapshot = (SELECT id FROM snapshots WHERE page = pages.id"
          "   ORDER BY version DESC LIMIT 1);"
          "DELETE FROM undo_rows WHERE step IN (SELECT step FROM undo_rows WHERE field <> '');"
          "DELETE FROM undo_steps WHERE id NOT IN (SELECT step FROM undo_rows);"
          "DROP VIEW search_source;"
          "DROP TABLE highlights; DROP INDEX blobs_sizes; DROP INDEX snapshots_thumbnail;"
          "DROP INDEX snapshots_trashed; ALTER TABLE snapshots DROP COLUMN thumbnail_type;"
          "ALTER TABLE snapshots DROP COLUMN thumbnail;"
          "ALTER TABLE snapshots DROP COLUMN trashed; ALTER TABLE undo_rows DROP COLUMN field;"
          "ALTER TABLE jobs DROP COLUMN fonts;"
          "CREATE VIEW search_source AS SELECT p.ord AS ord, p.id AS page, p.title AS title,"
          "  (SELECT group_concat(name, char(10)) FROM   (SELECT t.name AS name FROM page_tags pt"
          " JOIN tags t ON t.id = pt.tag    WHERE pt.page = p.id ORDER BY t.folded)) AS tags,"
          "  p.note AS note, linksnap_address(p.site, p.url) AS url,"
          "  linksnap_unpack(b.size, b.packed, b.data) AS text FROM pages p"
          " LEFT JOIN snapshots s ON s.id = p.snapshot LEFT JOIN blobs b ON b.id = s.text;",
};

/* FTS5 wants to know a table's tokenizer and its functions even to drop it. */
static int tokenizer_create(void *arg, const char **args, int count, Fts5Tokenizer **out)
{
    (void)args;
    (void)count;
    *out = arg;
    return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

static int tokenize_nothing(Fts5Tokenizer *tokenizer, void *arg, int flags, const char *bytes,
                            int len, int (*token)(void *, int, const char *, int, int, int))
{
    (void)tokenizer;
    (void)arg;
    (void)flags;
    (void)bytes;
    (void)len;
    (void)token;
    return SQLITE_OK;
}

static void nothing(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_null(context);
}

static void register_names(sqlite3 *db)
{
    static int any;
    fts5_tokenizer tokenizer = {tokenizer_create, tokenizer_delete, tokenize_nothing};
    fts5_api *api = NULL;
    sqlite3_stmt *get = prepare(db, "SELECT fts5(?1)");
    sqlite3_bind_pointer(get, 1, &api, "fts5_api_ptr", NULL);
    (void)next(db, get);
    sqlite3_finalize(get);
    if (api == NULL ||
        api->xCreateTokenizer(api, "linksnap", &any, &tokenizer, NULL) != SQLITE_OK ||
        sqlite3_create_function(db, "linksnap_address", 2, SQLITE_UTF8, NULL, nothing, NULL,
                                NULL) != SQLITE_OK ||
        sqlite3_create_function(db, "linksnap_unpack", 3, SQLITE_UTF8, NULL, nothing, NULL, NULL) !=
            SQLITE_OK)
        die(db, "FTS5");
}

static int age(sqlite3 *db, int version)
{
    sqlite3_stmt *get = prepare(db, "PRAGMA user_version");
    int now = next(db, get) ? sqlite3_column_int(get, 0) : 0;
    sqlite3_finalize(get);
    if (now > LATEST || version < 1) {
        fprintf(stderr, "store_audit: version %d cannot be made %d: see back[]\n", now, version);
        return 2;
    }
    register_names(db);
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        die(db, "begin");
    for (; now > version; now--) {
        char set[64];
        snprintf(set, sizeof set, "PRAGMA user_version = %d", now - 1);
        if (sqlite3_exec(db, back[now], NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_exec(db, set, NULL, NULL, NULL) != SQLITE_OK)
            die(db, back[now]);
    }
    /* The index is filled again too. */
    if (sqlite3_exec(db, "DELETE FROM meta WHERE key = 'tokenizer'; COMMIT", NULL, NULL, NULL) !=
        SQLITE_OK)
        die(db, "commit");
    return 0;
}

int main(int count, char **args)
{
    sqlite3 *db = NULL;
    int status = 2;
    if (count < 3 || count > 4) {
        fprintf(stderr, "usage: store_audit check|facts|dump|squeeze FILE | age FILE VERSION\n");
        return 2;
    }
    if (sqlite3_open_v2(args[2], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        die(db, args[2]);
    sqlite3_busy_timeout(db, BUSY_MS);
    /* All that is looked at is of one moment. */
    bool looks = strcmp(args[1], "age") != 0 && strcmp(args[1], "squeeze") != 0;
    if (looks && sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        die(db, "begin");
    if (strcmp(args[1], "check") == 0)
        status = check(db);
    else if (strcmp(args[1], "facts") == 0)
        status = facts(db);
    else if (strcmp(args[1], "dump") == 0)
        status = dump(db);
    else if (strcmp(args[1], "squeeze") == 0)
        status = squeeze(db);
    else if (strcmp(args[1], "age") == 0 && count == 4)
        status = age(db, atoi(args[3]));
    sqlite3_close(db);
    return status;
}

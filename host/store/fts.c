#include "store/fts.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/blobs.h"
#include "store/index_tokens.h"
#include "store/pinyin.h"
#include "store/walk.h"

#include <stdlib.h>

/* FTS5's callback for one token, and what it said. */
struct sink {
    int (*token)(void *, int, const char *, int, int, int);
    void *context;
    int code;
};

static bool to_sink(const struct token *token, void *arg)
{
    struct sink *sink = arg;
    sink->code =
        sink->token(sink->context, token->colocated ? FTS5_TOKEN_COLOCATED : 0, token->text.ptr,
                    (int)token->text.len, (int)token->start, (int)token->end);
    return sink->code == SQLITE_OK;
}

/* The tokenizer has no state of its own: what FTS5 holds as one is the store's folder. */
static int tokenizer_create(void *folder, const char **args, int count, Fts5Tokenizer **out)
{
    (void)args;
    if (count > 0)
        return SQLITE_ERROR;
    *out = folder;
    return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

static int tokenizer_run(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text,
                         int len, int (*token)(void *, int, const char *, int, int, int))
{
    struct sink sink = {token, context, SQLITE_OK};
    struct folder *folder = (struct folder *)(void *)tokenizer;
    struct slice bytes = {text, text == NULL || len < 0 ? 0 : (size_t)len};
    bool by_beginning = (flags & FTS5_TOKENIZE_PREFIX) != 0;
    bool ok = flags & FTS5_TOKENIZE_QUERY ? index_query(folder, bytes, by_beginning, to_sink, &sink)
                                          : index_text(folder, bytes, to_sink, &sink);
    return ok ? SQLITE_OK : sink.code;
}

/* linksnap_unpack(size, packed, data): the text of a page for the index. A damaged one is indexed
 * as no text: it must not keep the rest of the store from being opened or changed. */
static void unpack(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct store *store = sqlite3_user_data(context);
    struct buf text;
    struct error err;
    buf_init(&text, LIMIT_TEXT);
    if (sqlite3_value_type(values[2]) != SQLITE_BLOB) {
        sqlite3_result_null(context);
    } else if (blobs_unpack(store, sqlite3_value_int64(values[0]),
                            sqlite3_value_int(values[1]) != 0,
                            slice_make(sqlite3_value_blob(values[2]),
                                       (size_t)sqlite3_value_bytes(values[2])),
                            &text, &err)) {
        /* Handed over: a long text need not be there twice. */
        size_t len = text.len;
        char *bytes = buf_take(&text);
        if (bytes == NULL)
            sqlite3_result_error_nomem(context);
        else
            sqlite3_result_text64(context, bytes, len, free, SQLITE_UTF8);
    } else if (err.code == ERR_NO_MEMORY) {
        sqlite3_result_error_nomem(context);
    } else {
        if (!store->warned)
            log_warn("store: a text cannot be read: %s", err.text);
        store->warned = true;
        sqlite3_result_null(context);
    }
    buf_finish(&text);
}

static int hex_digit(char c)
{
    char lower = ascii_lower(c);
    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static void append_percent_decoded(struct buf *out, struct slice url)
{
    for (size_t at = 0; at < url.len; at++) {
        int high = at + 2 < url.len && url.ptr[at] == '%' ? hex_digit(url.ptr[at + 1]) : -1;
        int low = high >= 0 ? hex_digit(url.ptr[at + 2]) : -1;
        if (low >= 0) {
            buf_add_char(out, (char)(high << 4 | low));
            at += 2;
        } else {
            buf_add_char(out, url.ptr[at]);
        }
    }
}

/* The part of a URL after its authority: path, query, fragment. */
static struct slice after_authority(struct slice url)
{
    size_t at = slice_find(url, 0, slice_of("://"));
    at = at == url.len ? 0 : at + 3;
    while (at < url.len && url.ptr[at] != '/' && url.ptr[at] != '?' && url.ptr[at] != '#')
        at++;
    return slice_sub(url, at, url.len);
}

/* linksnap_address(site, url): what of an address is worth finding: the site as people write it,
 * and the rest with its percent-encoding undone where that gives UTF-8. */
static void address(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct slice site =
        slice_make(sqlite3_value_text(values[0]), (size_t)sqlite3_value_bytes(values[0]));
    struct slice url =
        slice_make(sqlite3_value_text(values[1]), (size_t)sqlite3_value_bytes(values[1]));
    struct slice rest = after_authority(url);
    struct buf out;
    buf_init(&out, site.len + url.len);
    buf_add_slice(&out, site);
    append_percent_decoded(&out, rest);
    if (!utf8_valid(buf_slice(&out))) {
        buf_reset(&out);
        buf_add_slice(&out, site);
        buf_add_slice(&out, rest);
    }
    if (out.failed == ERR_NONE)
        sqlite3_result_text64(context, out.ptr == NULL ? "" : out.ptr, out.len, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
    else
        sqlite3_result_error_nomem(context);
    buf_finish(&out);
}

static int get_fts5(sqlite3 *db, fts5_api **api_out)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_bind_pointer(statement, 1, (void *)api_out, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK)
        sqlite3_step(statement);
    int result = sqlite3_finalize(statement);
    return code == SQLITE_OK ? result : code;
}

bool fts_register(struct store *store, struct error *err)
{
    static fts5_tokenizer tokenizer = {tokenizer_create, tokenizer_delete, tokenizer_run};
    enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
    fts5_api *api = NULL;
    int code = get_fts5(store->db, &api);
    if (code == SQLITE_OK && api == NULL)
        return error_set(err, ERR_STORE, "This SQLite has no full-text search (FTS5)");
    if (code == SQLITE_OK)
        code = api->xCreateTokenizer(api, "linksnap", store->folder, &tokenizer, NULL);
    if (code == SQLITE_OK)
        code = api->xCreateFunction(api, "linksnap_visit", NULL, walk_visit, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_function(store->db, "linksnap_unpack", 3, FLAGS, store, unpack, NULL,
                                       NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_function(store->db, "linksnap_address", 2, FLAGS, NULL, address, NULL,
                                       NULL);
    if (code == SQLITE_OK)
        code = typed_register(store);
    return code == SQLITE_OK || db_error(store, code, err);
}

static bool version_differs(struct store *store, const char *version, bool *differs_out,
                            struct error *err)
{
    sqlite3_stmt *statement =
        db_prepare(store, "SELECT 1 FROM meta WHERE key = 'tokenizer' AND value = ?1", err);
    if (statement == NULL)
        return false;
    bool row;
    db_bind_string(store, statement, 1, version);
    bool ok = db_step(store, statement, &row, err);
    if (ok)
        *differs_out = !row;
    db_done(store, statement);
    return ok;
}

static bool rebuild(struct store *store, const char *version, struct error *err)
{
    bool differs;
    /* Another process may have been first. */
    if (!version_differs(store, version, &differs, err))
        return false;
    if (!differs)
        return true;
    sqlite3_stmt *statement =
        db_prepare(store, "INSERT OR REPLACE INTO meta (key, value) VALUES ('tokenizer', ?1)", err);
    if (statement == NULL)
        return false;
    db_bind_string(store, statement, 1, version);
    bool ok = db_run(store, statement, err);
    db_done(store, statement);
    return ok && db_execute(store, "INSERT INTO search(search) VALUES ('rebuild')", err);
}

bool fts_bring_up_to_date(struct store *store, struct error *err)
{
    char version[32];
    bool differs;
    fold_version(version);
    if (!version_differs(store, version, &differs, err))
        return false;
    if (!differs || store->read_only)
        return true;
    if (!db_begin(store, err))
        return false;
    return db_end(store, rebuild(store, version, err), err);
}

bool fts_remove(struct store *store, int64_t page, struct error *err)
{
    return db_run_with_int(store,
                           "INSERT INTO search (search, rowid, title, tags, note, url, text)"
                           " SELECT 'delete', ord, title, tags, note, url, text"
                           " FROM search_source WHERE page = ?1",
                           page, err);
}

bool fts_add(struct store *store, int64_t page, struct error *err)
{
    return db_run_with_int(store,
                           "INSERT INTO search (rowid, title, tags, note, url, text)"
                           " SELECT ord, title, tags, note, url, text"
                           " FROM search_source WHERE page = ?1",
                           page, err);
}

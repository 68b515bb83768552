/* The search index, compared with what it should hold.
 *
 * FTS5's own check needs the write lock for as long as it takes. This one reads: the index lists
 * every place of every word, and each page is cut into words anew; both are summed for each page,
 * and the sums must be the same. */
#include "store/fsck_run.h"

#include "base/limits.h"
#include "store/fts.h"
#include "store/index_tokens.h"
#include "store/ords.h"

enum {
    TELL_EVERY = 50000, /* words between two looks at whether to stop */
    TELL_MAX = 100,     /* pages told of one by one */
    SEEK_EVERY = 4      /* of the words, one is looked for */
};

/* Of each page, in ascending order: what the index has of it. */
struct sums {
    struct ords ords;
    struct buf bytes;  /* uint64_t */
    int64_t strangers; /* places of words in no page */
};

/* The words of the index as they come by. */
struct words {
    struct buf last;
    int64_t count; /* different ones */
};

static const char *const column_names[FTS_COLUMNS] = {[FTS_TEXT] = "text",
                                                      [FTS_TITLE] = "title",
                                                      [FTS_TAGS] = "tags",
                                                      [FTS_NOTE] = "note",
                                                      [FTS_URL] = "url"};

static uint64_t *sum_list(const struct sums *sums)
{
    return (uint64_t *)(void *)sums->bytes.ptr;
}

/* FNV-1a, and a last stir, since sums of it are compared. */
static uint64_t place(struct slice word, int column, int64_t position)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.ptr[i]) * UINT64_C(1099511628211);
    hash ^= (uint64_t)position * FTS_COLUMNS + (uint64_t)column;
    hash = (hash ^ hash >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    hash = (hash ^ hash >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return hash ^ hash >> 33;
}

/* ---- What the index has ---- */

static bool find_page(const struct sums *sums, int64_t ord, size_t *at_out)
{
    const int64_t *list = ords_list(&sums->ords);
    size_t low = 0;
    size_t high = ords_count(&sums->ords);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle] < ord)
            low = middle + 1;
        else
            high = middle;
    }
    *at_out = low;
    return low < ords_count(&sums->ords) && list[low] == ord;
}

static int column_of(struct slice name)
{
    int column = 0;
    while (column < FTS_COLUMNS - 1 && !slice_equal(name, slice_of(column_names[column])))
        column++;
    return column;
}

static void add_place(struct sums *sums, sqlite3_stmt *statement)
{
    size_t at;
    if (find_page(sums, sqlite3_column_int64(statement, 1), &at))
        sum_list(sums)[at] += place(db_text(statement, 0), column_of(db_text(statement, 2)),
                                    sqlite3_column_int64(statement, 3));
    else
        sums->strangers++;
}

/* Whether a word that stands in the index is found by looking for it: what leads to words is kept
 * apart from the words. */
static bool seek(struct fsck *run, struct slice word, struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(run->store, "SELECT 1 FROM temp.fsck_words WHERE term = ?1 LIMIT 1", err);
    if (statement == NULL)
        return false;
    db_bind_text(run->store, statement, 1, word);
    bool ok = db_step(run->store, statement, &row, err);
    db_done(run->store, statement);
    return ok && (row || error_set(err, ERR_STORE_CORRUPT, "A word of the index is not found"));
}

/* Looks for some of the words, as they come by in their order. */
static bool seek_some(struct fsck *run, struct words *words, struct slice word, struct error *err)
{
    if (slice_equal(buf_slice(&words->last), word))
        return true;
    buf_reset(&words->last);
    if (!buf_add_slice(&words->last, word))
        return buf_ok(&words->last, "A word", err);
    return words->count++ % SEEK_EVERY != 0 || seek(run, buf_slice(&words->last), err);
}

static bool sum_index(struct fsck *run, struct sums *sums, struct error *err)
{
    bool row;
    bool ok;
    int64_t done = 0;
    struct words words = {.count = 0};
    sqlite3_stmt *statement =
        db_prepare(run->store, "SELECT term, doc, col, offset FROM temp.fsck_words", err);
    if (statement == NULL)
        return false;
    buf_init(&words.last, LIMIT_QUERY);
    while ((ok = db_step(run->store, statement, &row, err)) && row) {
        add_place(sums, statement);
        if (!(ok = seek_some(run, &words, db_text(statement, 0), err)))
            break;
        if (++done % TELL_EVERY != 0)
            continue;
        fsck_progress(run, "index", 0, (int64_t)ords_count(&sums->ords));
        if (!(ok = fsck_goes_on(run, err)))
            break;
    }
    buf_finish(&words.last);
    db_done(run->store, statement);
    return ok;
}

/* ---- What it should have ---- */

struct page_sum {
    uint64_t sum;
    int column;
    int64_t position; /* of the last word, -1: none yet */
};

static bool add_word(const struct token *token, void *arg)
{
    struct page_sum *page = arg;
    if (!token->colocated || page->position < 0)
        page->position++;
    page->sum += place(token->text, page->column, page->position);
    return true;
}

/* *known_out is false when nobody can tell, since the page's text cannot be read. */
static bool sum_page(struct fsck *run, int64_t ord, uint64_t *sum_out, bool *known_out,
                     struct error *err)
{
    sqlite3_stmt *statement = db_prepare(run->store,
                                         "SELECT text, title, tags, note, url,"
                                         " (SELECT snapshot FROM pages WHERE ord = ?1)"
                                         " FROM search_source WHERE ord = ?1",
                                         err);
    if (statement == NULL)
        return false;
    bool row;
    struct page_sum page = {0};
    db_bind_int(run->store, statement, 1, ord);
    bool ok = db_step(run->store, statement, &row, err);
    *known_out = ok && row &&
                 (sqlite3_column_type(statement, FTS_TEXT) != SQLITE_NULL ||
                  sqlite3_column_type(statement, FTS_COLUMNS) == SQLITE_NULL);
    for (page.column = 0; *known_out && page.column < FTS_COLUMNS; page.column++) {
        page.position = -1;
        index_text(run->store->folder, db_text(statement, page.column), add_word, &page);
    }
    *sum_out = page.sum;
    db_done(run->store, statement);
    return ok;
}

/* ---- What differs ---- */

struct differences {
    struct ords pages; /* by their place in the order */
    bool strange;      /* words, or lengths, of pages that are none */
    bool broken;       /* it cannot be read */
};

static bool differ(const struct differences *d)
{
    return ords_count(&d->pages) > 0 || d->strange || d->broken;
}

static bool prepare(struct fsck *run, struct sums *sums, struct error *err)
{
    static const char none[sizeof(uint64_t)] = "";
    sqlite3_stmt *pages = db_prepare(run->store, "SELECT ord FROM pages ORDER BY ord", err);
    if (!ords_fill(&sums->ords, run->store, pages, err))
        return false;
    for (size_t i = 0; i < ords_count(&sums->ords); i++)
        buf_add(&sums->bytes, none, sizeof none);
    return buf_ok(&sums->bytes, "A list of pages", err);
}

static bool compare(struct fsck *run, const struct sums *sums, struct differences *d,
                    struct error *err)
{
    int64_t count = (int64_t)ords_count(&sums->ords);
    bool ok = true;
    for (int64_t i = 0; ok && i < count; i++) {
        uint64_t sum;
        bool known;
        int64_t ord = ords_list(&sums->ords)[i];
        fsck_progress(run, "index", i, count);
        ok = fsck_goes_on(run, err) && sum_page(run, ord, &sum, &known, err);
        if (ok && known && sum != sum_list(sums)[i] && !ords_add(&d->pages, ord))
            ok = buf_ok(&d->pages.bytes, "A list of pages", err);
    }
    return ok;
}

/* Each page's length in words is kept beside the words. */
static bool compare_lengths(struct fsck *run, struct differences *d, struct error *err)
{
    int64_t strange;
    bool ok = db_get_int(run->store,
                         "SELECT EXISTS (SELECT 1 FROM search_docsize l"
                         " WHERE NOT EXISTS (SELECT 1 FROM pages WHERE ord = l.id))"
                         " OR EXISTS (SELECT 1 FROM pages p"
                         " WHERE NOT EXISTS (SELECT 1 FROM search_docsize WHERE id = p.ord))",
                         0, &strange, err);
    d->strange = d->strange || (ok && strange != 0);
    return ok;
}

static bool find_differences(struct fsck *run, struct differences *d, struct error *err)
{
    struct sums sums = {.strangers = 0};
    ords_init(&sums.ords);
    buf_init(&sums.bytes, sums.ords.bytes.max);
    if (!db_begin_read(run->store, err))
        return false;
    bool ok = prepare(run, &sums, err);
    if (ok && !(sum_index(run, &sums, err) && compare_lengths(run, d, err)))
        ok = d->broken = fsck_is_damage(err);
    d->strange = d->strange || sums.strangers > 0;
    ok = ok && (d->broken || compare(run, &sums, d, err));
    db_end_read(run->store);
    ords_finish(&sums.ords);
    buf_finish(&sums.bytes);
    return ok;
}

/* ---- What is told, and mended ---- */

static void report(struct fsck *run, const char *code, const char *text, int64_t page, bool mended)
{
    fsck_report(run, &(struct fsck_finding){.code = code,
                                            .text = text,
                                            .page = page,
                                            .fault = true,
                                            .mendable = true,
                                            .mended = mended});
}

static bool report_pages(struct fsck *run, const struct differences *d, bool mended,
                         struct error *err)
{
    size_t count = ords_count(&d->pages);
    sqlite3_stmt *find = db_prepare(run->store, "SELECT id FROM pages WHERE ord = ?1", err);
    bool ok = find != NULL;
    for (size_t i = 0; ok && i < count && i < TELL_MAX; i++) {
        bool row;
        db_bind_int(run->store, find, 1, ords_list(&d->pages)[i]);
        ok = db_step(run->store, find, &row, err);
        if (ok)
            report(run, "index_page", "The search index does not have a page as it is.",
                   row ? sqlite3_column_int64(find, 0) : 0, mended);
        db_reset(find);
    }
    db_done(run->store, find);
    if (ok && count > TELL_MAX)
        report(run, "index_pages", "Nor does it have further pages as they are.", 0, mended);
    return ok;
}

static bool fill(struct fsck *run, struct error *err)
{
    return db_execute(run->store, "INSERT INTO search(search) VALUES ('rebuild')", err);
}

/* FTS5 can neither fill nor drop an index whose first rows it cannot read: its tables are emptied
 * behind its back, down to what a new index has. */
static bool empty(struct fsck *run, struct error *err)
{
    sqlite3_db_config(run->store->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    bool ok = db_execute(run->store,
                         "DELETE FROM search_data; DELETE FROM search_idx;"
                         "DELETE FROM search_docsize;"
                         "INSERT INTO search_data (id, block) VALUES (1, x''),"
                         " (10, x'00000000000000')",
                         err);
    sqlite3_db_config(run->store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return ok;
}

static bool rebuild(struct fsck *run, const struct differences *d, bool *mended_out,
                    struct error *err)
{
    struct differences left = {.strange = false};
    if (!fsck_begin(run, err) ||
        !db_end(run->store, (!d->broken || empty(run, err)) && fill(run, err), err))
        return false;
    ords_init(&left.pages);
    bool ok = find_differences(run, &left, err);
    *mended_out = ok && !differ(&left);
    ords_finish(&left.pages);
    return ok;
}

static bool check(struct fsck *run, struct differences *d, struct error *err)
{
    bool mended = false;
    if (!find_differences(run, d, err) ||
        (run->repair && differ(d) && !rebuild(run, d, &mended, err)))
        return false;
    if (d->broken)
        report(run, "index_damaged", "The search index cannot be read.", 0, mended);
    if (d->strange)
        report(run, "index_strange", "The search index has words of no page, or lacks lengths.", 0,
               mended);
    return report_pages(run, d, mended, err);
}

/* Whether the index was made with another folding: it then differs in many places, and is made anew
 * by whoever opens the store to write. */
static bool is_outdated(struct fsck *run, bool *outdated_out, struct error *err)
{
    bool row;
    char version[32];
    sqlite3_stmt *statement =
        db_prepare(run->store, "SELECT 1 FROM meta WHERE key = 'tokenizer' AND value = ?1", err);
    if (statement == NULL)
        return false;
    fold_version(version);
    db_bind_string(run->store, statement, 1, version);
    bool ok = db_step(run->store, statement, &row, err);
    if (ok)
        *outdated_out = !row;
    db_done(run->store, statement);
    return ok;
}

bool fsck_index(struct fsck *run, struct error *err)
{
    struct differences d = {.strange = false};
    struct error ignored;
    bool outdated;
    fsck_progress(run, "index", 0, 0);
    if (!is_outdated(run, &outdated, err))
        return false;
    if (outdated) {
        fsck_report(run, &(struct fsck_finding){
                             .code = "index_outdated",
                             .text = "The search index is of another version: it is made anew when "
                                     "the store is next used.",
                         });
        return true;
    }
    if (!db_execute(run->store,
                    "CREATE VIRTUAL TABLE temp.fsck_words USING fts5vocab(main, search, instance)",
                    err))
        return false;
    ords_init(&d.pages);
    bool ok = check(run, &d, err);
    ords_finish(&d.pages);
    /* It goes with the connection at the latest. */
    (void)!db_execute(run->store, "DROP TABLE IF EXISTS temp.fsck_words", &ignored);
    return ok;
}

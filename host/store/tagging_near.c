#include "store/tagging_near.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/tally.h"
#include "store/tokenizer.h"

enum {
    CANDIDATES = 40,   /* words most often in the text that are looked up */
    TITLE_WEIGHT = 3,  /* of a word in the title */
    COMMON = 200,      /* pages with a word, from which on it says nothing */
    LEAST_PERCENT = 12 /* of the weight of all words that say something */
};

struct near {
    struct store *store;
    struct tally words;
    double unit;         /* what one more adds */
    int64_t pages;       /* in the store */
    double weight;       /* of all words that say something */
    struct tally others; /* by ord, as 8 bytes */
};

/* As similar.c: pairs of characters, words of three letters or more. */
static bool add_word(const struct token *token, void *arg)
{
    struct near *near = arg;
    size_t characters = utf8_count(token->text);
    bool number = token->text.ptr[0] >= '0' && token->text.ptr[0] <= '9';
    if (token->colocated || characters < 2 || number || (token->word && characters < 3))
        return true;
    return tally_add(&near->words, token->text, near->unit);
}

/* Reads where the word stands; true with *count_out COMMON when it is everywhere. */
static bool read_rows(struct near *near, struct slice word, int64_t rows_out[COMMON],
                      size_t *count_out, struct error *err)
{
    struct buf match;
    bool row = true;
    size_t count = 0;
    buf_init(&match, LIMIT_QUERY);
    buf_printf(&match, "\"%.*s\"", (int)word.len, word.ptr);
    sqlite3_stmt *rows = db_prepare(near->store,
                                    "SELECT rowid FROM search WHERE search MATCH ?1"
                                    " ORDER BY rowid DESC",
                                    err);
    bool ok = rows != NULL;
    if (ok)
        db_bind_text(near->store, rows, 1, buf_slice(&match));
    while (ok && count < COMMON && (ok = db_step(near->store, rows, &row, err)) && row)
        rows_out[count++] = sqlite3_column_int64(rows, 0);
    db_done(near->store, rows);
    buf_finish(&match);
    *count_out = count;
    return ok;
}

static bool add_pages(struct near *near, size_t word, struct error *err)
{
    int64_t rows[COMMON];
    size_t count;
    if (!read_rows(near, tally_key(&near->words, word), rows, &count, err))
        return false;
    /* Nobody else has it, or everybody; of few pages, half of them are many. */
    if (count == 0 || count == COMMON || (int64_t)count > near->pages / 2 + 2)
        return true;
    double often = tally_entry(&near->words, word)->weight;
    double weight = (1 + tally_log2(often)) * tally_log2((double)(near->pages + 2) / (double)count);
    near->weight += weight;
    for (size_t i = 0; i < count; i++) {
        if (!tally_add(&near->others, slice_make(&rows[i], sizeof rows[i]), weight))
            return error_no_memory(err);
    }
    return true;
}

/* The live page at a place, or 0. */
static bool page_at(struct near *near, int64_t ord, int64_t *page_out, struct error *err)
{
    bool row;
    sqlite3_stmt *statement =
        db_prepare(near->store, "SELECT id FROM pages WHERE ord = ?1 AND trashed = 0", err);
    if (statement == NULL)
        return false;
    db_bind_int(near->store, statement, 1, ord);
    bool ok = db_step(near->store, statement, &row, err);
    if (ok)
        *page_out = row ? sqlite3_column_int64(statement, 0) : 0;
    db_done(near->store, statement);
    return ok;
}

static bool take_best(struct near *near, int64_t page, struct near_page *near_out,
                      size_t *count_out, struct error *err)
{
    enum { SPARE = 40 };
    size_t top[NEAR_MAX + SPARE];
    size_t given = 0;
    size_t count = tally_top(&near->others, NEAR_MAX + SPARE, top);
    for (size_t i = 0; i < count && given < NEAR_MAX; i++) {
        int64_t ord;
        int64_t found;
        double weight = tally_entry(&near->others, top[i])->weight;
        if (weight * 100 < near->weight * LEAST_PERCENT)
            break;
        memcpy(&ord, tally_key(&near->others, top[i]).ptr, sizeof ord);
        if (!page_at(near, ord, &found, err))
            return false;
        if (found != 0 && found != page)
            near_out[given++] = (struct near_page){found, weight};
    }
    *count_out = given;
    return true;
}

static bool run(struct near *near, struct slice title, struct slice text, int64_t page,
                struct near_page *near_out, size_t *count_out, struct error *err)
{
    size_t top[CANDIDATES];
    struct folder *folder = near->store->folder;
    near->unit = TITLE_WEIGHT;
    if (!tokenize(folder, title, TOKENIZE_TEXT, add_word, near))
        return error_no_memory(err);
    near->unit = 1;
    if (!tokenize(folder, text, TOKENIZE_TEXT, add_word, near))
        return error_no_memory(err);
    if (!db_get_int(near->store, "SELECT count(*) FROM pages WHERE trashed = 0", 0, &near->pages,
                    err))
        return false;
    size_t count = tally_top(&near->words, CANDIDATES, top);
    for (size_t i = 0; i < count; i++) {
        if (!add_pages(near, top[i], err))
            return false;
    }
    return take_best(near, page, near_out, count_out, err);
}

bool near_find(struct store *store, struct slice title, struct slice text, int64_t page,
               struct near_page near_out[NEAR_MAX], size_t *count_out, struct error *err)
{
    struct near near = {.store = store};
    tally_init(&near.words);
    tally_init(&near.others);
    bool ok = run(&near, title, text, page, near_out, count_out, err);
    tally_finish(&near.words);
    tally_finish(&near.others);
    return ok;
}

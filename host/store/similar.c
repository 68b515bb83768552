#include "store/similar.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/blobs.h"
#include "store/page_rows.h"
#include "store/tally.h"
#include "store/tokenizer.h"

#include <stdlib.h>

enum {
    CANDIDATES = 48,          /* the page's words most often in it, of which */
    TERMS = 16,               /* so many say what it is about */
    LOOKED_AT = 64 * 1024,    /* bytes of its text */
    TITLE_WEIGHT = 3,         /* of a word in the title */
    COMMON_SHARE = 5,         /* a word that every fifth page has says nothing */
    LEAST_SHARED_PERCENT = 12 /* of the weight of all terms */
};

struct term {
    size_t word; /* in the tally of words */
    double weight;
};

struct similar {
    struct store *store;
    struct page_loader loader;
    struct buf text;
    struct tally words; /* of the page, by how often they come */
    double unit;        /* what one more adds */
    struct term terms[CANDIDATES];
    size_t term_count;
    double weight;       /* of all terms */
    struct tally others; /* pages by ord, by what they share */
};

/* Words of two letters or more, pairs of characters; what stands in nearly every text is seen by
 * how many pages have it. */
static bool add_word(const struct token *token, void *arg)
{
    struct similar *similar = arg;
    size_t characters = utf8_count(token->text);
    bool number = token->text.ptr[0] >= '0' && token->text.ptr[0] <= '9';
    if (token->colocated || characters < 2 || number || (token->word && characters < 3))
        return true;
    return tally_add(&similar->words, token->text, similar->unit);
}

static bool read_words(struct similar *similar, struct error *err)
{
    struct folder *folder = similar->store->folder;
    struct error ignored;
    similar->unit = TITLE_WEIGHT;
    if (!tokenize(folder, slice_of(similar->loader.page.title), TOKENIZE_TEXT, add_word, similar))
        return error_no_memory(err);
    /* A text that cannot be read leaves the title. */
    if (similar->loader.text_blob == 0 ||
        !blobs_read(similar->store, similar->loader.text_blob, &similar->text, &ignored))
        return true;
    similar->unit = 1;
    struct slice text = utf8_prefix(buf_slice(&similar->text), LOOKED_AT);
    return tokenize(folder, text, TOKENIZE_TEXT, add_word, similar) || error_no_memory(err);
}

/* The matches of one word, for ?1 a quoted string; the statement is to be ended. */
static sqlite3_stmt *prepare_word(struct similar *similar, struct slice word, struct buf *match,
                                  struct error *err)
{
    sqlite3_stmt *rows =
        db_prepare(similar->store, "SELECT rowid FROM search WHERE search MATCH ?1", err);
    buf_reset(match);
    buf_printf(match, "\"%.*s\"", (int)word.len, word.ptr);
    if (rows != NULL)
        db_bind_text(similar->store, rows, 1, buf_slice(match));
    return rows;
}

/* Counts the pages with a word, `most` at most. */
static bool count_pages(struct similar *similar, struct slice word, int64_t most,
                        int64_t *count_out, struct error *err)
{
    struct buf match;
    bool row = true;
    int64_t count = 0;
    buf_init(&match, LIMIT_QUERY);
    sqlite3_stmt *rows = prepare_word(similar, word, &match, err);
    bool ok = rows != NULL;
    while (ok && count < most && (ok = db_step(similar->store, rows, &row, err)) && row)
        count++;
    db_done(similar->store, rows);
    buf_finish(&match);
    *count_out = count;
    return ok;
}

static int compare_terms(const void *a, const void *b)
{
    const struct term *x = a;
    const struct term *y = b;
    return x->weight != y->weight ? (x->weight > y->weight ? -1 : 1)
                                  : (x->word > y->word) - (x->word < y->word);
}

/* Takes the words that say most: often here, rare elsewhere. */
static bool choose_terms(struct similar *similar, struct error *err)
{
    size_t top[CANDIDATES];
    int64_t pages;
    if (!db_get_int(similar->store, "SELECT count(*) FROM pages WHERE trashed = 0", 0, &pages, err))
        return false;
    int64_t common = pages / COMMON_SHARE + 2;
    size_t count = tally_top(&similar->words, CANDIDATES, top);
    for (size_t i = 0; i < count; i++) {
        int64_t found;
        if (!count_pages(similar, tally_key(&similar->words, top[i]), common, &found, err))
            return false;
        if (found < 2 || found == common)
            continue; /* nobody else has it, or everybody */
        double often = tally_entry(&similar->words, top[i])->weight;
        similar->terms[similar->term_count++] = (struct term){
            top[i], (1 + tally_log2(often)) * tally_log2((double)(pages + 1) / (double)found)};
    }
    qsort(similar->terms, similar->term_count, sizeof *similar->terms, compare_terms);
    if (similar->term_count > TERMS)
        similar->term_count = TERMS;
    for (size_t i = 0; i < similar->term_count; i++)
        similar->weight += similar->terms[i].weight;
    return true;
}

/* Sorted as bytes, the newest comes first. */
static void write_key(int64_t ord, char key[8])
{
    for (int i = 0; i < 8; i++)
        key[i] = (char)(~(uint64_t)ord >> (56 - 8 * i));
}

static int64_t read_key(struct slice key)
{
    uint64_t ord = 0;
    for (size_t i = 0; i < key.len; i++)
        ord = ord << 8 | (unsigned char)key.ptr[i];
    return (int64_t)~ord;
}

static bool add_pages(struct similar *similar, const struct term *term, struct error *err)
{
    struct buf match;
    bool row = true;
    buf_init(&match, LIMIT_QUERY);
    sqlite3_stmt *rows = prepare_word(similar, tally_key(&similar->words, term->word), &match, err);
    bool ok = rows != NULL;
    while (ok && (ok = db_step(similar->store, rows, &row, err)) && row) {
        char key[8];
        write_key(sqlite3_column_int64(rows, 0), key);
        ok = tally_add(&similar->others, slice_make(key, sizeof key), term->weight) ||
             error_no_memory(err);
    }
    db_done(similar->store, rows);
    buf_finish(&match);
    return ok;
}

/* Loads and hands over those that share the most. The page itself does, and some may be trashed. */
static bool give_best(struct similar *similar, int64_t page, size_t limit, page_fn fn, void *arg,
                      struct error *err)
{
    enum { SPARE = 150 };
    size_t top[SIMILAR_MAX + SPARE];
    size_t count = tally_top(&similar->others, limit + SPARE, top);
    double least = similar->weight * LEAST_SHARED_PERCENT / 100;
    size_t given = 0;
    for (size_t i = 0; i < count && given < limit; i++) {
        bool found;
        if (tally_entry(&similar->others, top[i])->weight < least)
            break;
        if (!page_load(&similar->loader, PAGE_BY_ORD, read_key(tally_key(&similar->others, top[i])),
                       &found, err))
            return false;
        if (!found || similar->loader.page.id == page || similar->loader.page.trashed > 0)
            continue;
        given++;
        if (!fn(&similar->loader.page, arg))
            break;
    }
    return true;
}

static bool run(struct similar *similar, int64_t page, size_t limit, page_fn fn, void *arg,
                struct error *err)
{
    bool found;
    if (!page_load(&similar->loader, PAGE_BY_ID, page, &found, err))
        return false;
    if (!found)
        return error_set(err, ERR_NOT_FOUND, "There is no such page");
    if (!read_words(similar, err) || !choose_terms(similar, err))
        return false;
    for (size_t i = 0; i < similar->term_count; i++) {
        if (!add_pages(similar, &similar->terms[i], err))
            return false;
    }
    return give_best(similar, page, limit, fn, arg, err);
}

bool similar_pages(struct store *store, int64_t page, size_t limit, page_fn fn, void *arg,
                   struct error *err)
{
    if (limit == 0 || limit > SIMILAR_MAX)
        return error_set(err, ERR_LIMIT, "There are 1 to %d similar pages", SIMILAR_MAX);
    struct similar *similar = calloc(1, sizeof *similar);
    if (similar == NULL)
        return error_no_memory(err);
    similar->store = store;
    page_loader_init(&similar->loader, store);
    buf_init(&similar->text, LIMIT_TEXT);
    tally_init(&similar->words);
    tally_init(&similar->others);
    bool ok = db_begin_read(store, err);
    if (ok) {
        ok = run(similar, page, limit, fn, arg, err);
        db_end_read(store);
    }
    page_loader_finish(&similar->loader);
    buf_finish(&similar->text);
    tally_finish(&similar->words);
    tally_finish(&similar->others);
    free(similar);
    return ok;
}

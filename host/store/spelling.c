#include "store/spelling.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/db.h"
#include "store/query_lex.h"
#include "store/tokenizer.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENOUGH = 20000 }; /* pages with a word: of more, it is common either way */

/* A word of the search that may be misspelt. */
struct suspect {
    size_t start; /* bytes of the search */
    size_t end;
    char text[SPELLING_MOST_LETTERS + 1]; /* folded */
    bool typing;                          /* as far as it is typed */
};

struct suspects {
    struct suspect list[LIMIT_QUERY / SPELLING_LETTERS];
    size_t count;
    size_t offset; /* of the lexeme at hand */
    bool typing;
};

static bool add_suspect(const struct token *token, void *arg)
{
    struct suspects *suspects = arg;
    size_t len = token->text.len;
    size_t most = sizeof suspects->list / sizeof *suspects->list;
    bool plain = token->word && len >= SPELLING_LETTERS && len <= SPELLING_MOST_LETTERS;
    for (size_t i = 0; plain && i < len; i++)
        plain = token->text.ptr[i] >= 'a' && token->text.ptr[i] <= 'z';
    if (!plain || suspects->count == most)
        return true;
    struct suspect *suspect = &suspects->list[suspects->count++];
    *suspect = (struct suspect){.start = suspects->offset + token->start,
                                .end = suspects->offset + token->end,
                                .typing = suspects->typing};
    memcpy(suspect->text, token->text.ptr, len);
    return true;
}

static bool names_words(enum query_field field)
{
    return field == FIELD_NONE || field == FIELD_TITLE || field == FIELD_NOTE ||
           field == FIELD_URL || field == FIELD_TEXT;
}

/* Finds the words that are looked for in `query`. What is to be left out may be misspelt. */
static void collect(struct folder *folder, struct slice query, struct suspects *suspects)
{
    struct lexer lexer = {.in = query};
    struct lexeme before = {.kind = LEX_END};
    for (;;) {
        struct lexeme lexeme = lex_next(&lexer, before.kind == LEX_FIELD);
        if (lexeme.kind == LEX_END)
            return;
        bool wanted =
            before.kind != LEX_NOT && (before.kind != LEX_FIELD || names_words(before.field));
        if (lexeme.kind == LEX_WORD && wanted && !lexeme.star) {
            suspects->offset = (size_t)(lexeme.text.ptr - query.ptr);
            suspects->typing = lexeme.typing;
            /* The collector never stops it. */
            (void)!tokenize(folder, lexeme.text, TOKENIZE_QUERY, add_suspect, suspects);
        }
        before = lexeme;
    }
}

/* How many pages have a word, `most` at most. */
static bool count_pages(struct store *store, const char *word, bool typing, size_t most,
                        size_t *count_out, struct error *err)
{
    char match[SPELLING_MOST_LETTERS + 8];
    struct slice text = {match, 0};
    bool row = true;
    size_t count = 0;
    sqlite3_stmt *rows = db_prepare(store, "SELECT 1 FROM search WHERE search MATCH ?1", err);
    bool ok = rows != NULL;
    text.len = (size_t)snprintf(match, sizeof match, "\"%s\"%s", word, typing ? " *" : "");
    db_bind_text(store, rows, 1, text);
    while (ok && count < most && (ok = db_step(store, rows, &row, err)) && row)
        count++;
    db_done(store, rows);
    *count_out = count;
    return ok;
}

/* The best of the words that were tried. */
struct better {
    struct store *store;
    char text[SPELLING_MOST_LETTERS + 2];
    size_t pages; /* 0: none yet */
};

static bool try_word(struct better *better, const char *word, struct error *err)
{
    size_t pages;
    if (!count_pages(better->store, word, false, ENOUGH, &pages, err))
        return false;
    if (pages > better->pages) {
        memcpy(better->text, word, strlen(word) + 1);
        better->pages = pages;
    }
    return true;
}

/* Tries every word that differs at letter `at`: swapped with the next, another, none, or one more
 * before it. */
static bool try_at(struct better *better, const char *word, size_t at, struct error *err)
{
    char tried[SPELLING_MOST_LETTERS + 2];
    size_t len = strlen(word);
    bool ok = true;
    if (at + 1 < len && word[at] != word[at + 1]) {
        memcpy(tried, word, len + 1);
        tried[at] = word[at + 1];
        tried[at + 1] = word[at];
        ok = try_word(better, tried, err);
    }
    if (ok && at < len) {
        memcpy(tried, word, at);
        memcpy(tried + at, word + at + 1, len - at);
        ok = try_word(better, tried, err);
    }
    for (char letter = 'a'; ok && letter <= 'z'; letter++) {
        if (at < len && letter != word[at]) {
            memcpy(tried, word, len + 1);
            tried[at] = letter;
            ok = try_word(better, tried, err);
        }
        memcpy(tried, word, at);
        tried[at] = letter;
        memcpy(tried + at + 1, word + at, len + 1 - at);
        ok = ok && try_word(better, tried, err);
    }
    return ok;
}

/* Appends the search with what is better; nothing when there is none. */
static bool mend(struct store *store, struct slice query, const struct suspects *suspects,
                 struct buf *out, struct error *err)
{
    size_t before = out->len;
    size_t done = 0;
    size_t tried = 0;
    bool mended = false;
    for (size_t i = 0; i < suspects->count && tried < SPELLING_WORDS; i++) {
        const struct suspect *suspect = &suspects->list[i];
        struct better better = {.store = store};
        size_t pages;
        /* As far as it is typed, it may be the beginning of a word. */
        if (!count_pages(store, suspect->text, suspect->typing, SPELLING_FEW + 1, &pages, err))
            return false;
        if (pages > SPELLING_FEW)
            continue;
        tried++;
        for (size_t at = 0; at <= strlen(suspect->text); at++) {
            if (!try_at(&better, suspect->text, at, err))
                return false;
        }
        if (better.pages == 0 || better.pages < pages * SPELLING_TIMES)
            continue;
        buf_add_slice(out, slice_sub(query, done, suspect->start - done));
        buf_add_text(out, better.text);
        done = suspect->end;
        mended = true;
    }
    if (mended)
        buf_add_slice(out, slice_sub(query, done, query.len));
    else
        out->len = before;
    return buf_ok(out, "A search", err);
}

bool spelling_better(struct store *store, struct slice query, struct buf *out, struct error *err)
{
    struct buf clean;
    struct suspects *suspects = calloc(1, sizeof *suspects);
    bool ok = false;
    if (suspects == NULL)
        return error_no_memory(err);
    buf_init(&clean, 3 * LIMIT_QUERY);
    lex_clean(utf8_prefix(query, LIMIT_QUERY), &clean);
    if (buf_ok(&clean, "A search", err) && db_begin_read(store, err)) {
        collect(store->folder, buf_slice(&clean), suspects);
        ok = mend(store, buf_slice(&clean), suspects, out, err);
        db_end_read(store);
    }
    buf_finish(&clean);
    free(suspects);
    return ok;
}

#include "base/limits.h"
#include "base/utf8.h"
#include "store/blobs.h"
#include "store/page_rows.h"
#include "store/tagging.h"
#include "store/tagging_near.h"
#include "store/tagging_rows.h"
#include "store/tags.h"
#include "store/tally.h"
#include "store/tokenizer.h"

enum {
    SUGGEST_MAX = 20,
    SITE_PAGES = 100,           /* the latest ones of the site that are looked at */
    TEXT_LOOKED_AT = 32 * 1024, /* bytes */
    WORDS_OF_TAG = 16           /* a name with more is not looked for in texts */
};

/* What speaks for a tag, where 1 is a page on which it surely belongs. */
static const double of_site = 1.0;
static const double of_title = 1.0;
static const double of_text = 0.6;
static const double of_near = 1.2;
static const double least = 0.3;

struct suggest {
    struct store *store;
    const struct suggest_source *source;
    struct page_loader loader;
    struct buf text;
    struct slice site;
    struct slice title;
    struct slice body;
    struct tally words[2]; /* of the title, of the text */
    struct tally scores;   /* by the number of a tag, as 8 bytes */
};

static bool score(struct suggest *suggest, int64_t tag, double weight, struct error *err)
{
    return tally_add(&suggest->scores, slice_make(&tag, sizeof tag), weight) ||
           error_no_memory(err);
}

/* What the source leaves out is taken from the page, if there is one. */
static bool read_source(struct suggest *suggest, struct error *err)
{
    const struct suggest_source *source = suggest->source;
    struct error ignored;
    bool found = true;
    suggest->site = source->site;
    suggest->title = source->title;
    suggest->body = source->text;
    if (source->page != 0) {
        if (!page_load(&suggest->loader, PAGE_BY_ID, source->page, &found, err))
            return false;
        if (!found)
            return error_set(err, ERR_NOT_FOUND, "There is no such page");
        const struct page_row *page = &suggest->loader.page;
        if (source->site.len == 0)
            suggest->site = slice_of(page->site);
        if (source->title.len == 0)
            suggest->title = slice_of(page->title);
        if (source->text.len == 0 && suggest->loader.text_blob != 0 &&
            blobs_read(suggest->store, suggest->loader.text_blob, &suggest->text, &ignored))
            suggest->body = buf_slice(&suggest->text);
    }
    suggest->title = utf8_prefix(suggest->title, LIMIT_TITLE);
    suggest->body = utf8_prefix(suggest->body, TEXT_LOOKED_AT);
    return true;
}

/* Tags of the latest pages of the site, by how many of those have them. One page alone says less
 * than two of two. */
static bool add_of_site(struct suggest *suggest, struct error *err)
{
    bool row = true;
    bool ok = true;
    sqlite3_stmt *statement = db_prepare(
        suggest->store,
        "WITH latest AS MATERIALIZED (SELECT id FROM pages WHERE site = ?1 AND trashed = 0"
        " AND id <> ?2 ORDER BY ord DESC LIMIT ?3)"
        " SELECT pt.tag, count(*), (SELECT count(*) FROM latest) FROM latest l"
        " JOIN page_tags pt ON pt.page = l.id GROUP BY pt.tag",
        err);
    if (statement == NULL || suggest->site.len == 0) {
        db_done(suggest->store, statement);
        return statement != NULL;
    }
    db_bind_text(suggest->store, statement, 1, suggest->site);
    db_bind_int(suggest->store, statement, 2, suggest->source->page);
    db_bind_int(suggest->store, statement, 3, SITE_PAGES);
    while (ok && (ok = db_step(suggest->store, statement, &row, err)) && row) {
        double with = (double)sqlite3_column_int64(statement, 1);
        double all = (double)sqlite3_column_int64(statement, 2);
        ok = score(suggest, sqlite3_column_int64(statement, 0), of_site * with / (all + 0.5), err);
    }
    db_done(suggest->store, statement);
    return ok;
}

/* Two words in a row, as one key. */
struct pair {
    char bytes[2 * TOKEN_MAX + 1];
    size_t first; /* bytes of the word before, and its end; 0: there is none */
};

static struct slice pair_with(struct pair *pair, struct slice word)
{
    memcpy(pair->bytes + pair->first, word.ptr, word.len);
    return slice_make(pair->bytes, pair->first + word.len);
}

static void pair_move_on(struct pair *pair, struct slice word)
{
    memcpy(pair->bytes, word.ptr, word.len);
    pair->bytes[word.len] = ' ';
    pair->first = word.len + 1;
}

/* What fills the words of a text. */
struct filling {
    struct tally *words;
    struct pair pair;
};

static bool add_word(const struct token *token, void *arg)
{
    struct filling *filling = arg;
    if (!tally_add(filling->words, token->text, 1))
        return false;
    if (token->colocated)
        return true;
    bool ok = filling->pair.first == 0 ||
              tally_add(filling->words, pair_with(&filling->pair, token->text), 1);
    pair_move_on(&filling->pair, token->text);
    return ok;
}

static bool read_words(struct suggest *suggest, struct error *err)
{
    struct folder *folder = suggest->store->folder;
    struct filling title = {.words = &suggest->words[0]};
    struct filling body = {.words = &suggest->words[1]};
    return (tokenize(folder, suggest->title, TOKENIZE_TEXT, add_word, &title) &&
            tokenize(folder, suggest->body, TOKENIZE_TEXT, add_word, &body)) ||
           error_no_memory(err);
}

/* The words of a tag's name, looked up one after the other. */
struct lookup {
    const struct tally *words;
    struct pair pair;
    size_t count;
    size_t characters;
    bool all;
};

static bool look_up(const struct token *token, void *arg)
{
    struct lookup *lookup = arg;
    lookup->characters += utf8_count(token->text);
    lookup->all =
        tally_has(lookup->words,
                  lookup->pair.first == 0 ? token->text : pair_with(&lookup->pair, token->text));
    pair_move_on(&lookup->pair, token->text);
    return ++lookup->count < WORDS_OF_TAG && lookup->all;
}

/* Whether all words of the name stand there, each behind the other. One letter or character says
 * too little, except of Chinese in a title. */
static bool stands_in(struct suggest *suggest, struct slice name, size_t where)
{
    struct lookup lookup = {.words = &suggest->words[where]};
    bool whole = tokenize(suggest->store->folder, name, TOKENIZE_QUERY, look_up, &lookup);
    bool one_letter = lookup.characters < 2 && (where == 1 || name.len < 3);
    return whole && lookup.all && !one_letter;
}

/* Of a name below another, `work/reading`, the last part counts. */
static struct slice last_part(struct slice folded)
{
    size_t start = folded.len;
    while (start > 0 && folded.ptr[start - 1] != '/')
        start--;
    return slice_sub(folded, start, folded.len);
}

static bool add_of_words(struct suggest *suggest, struct error *err)
{
    bool row = true;
    bool ok = true;
    sqlite3_stmt *statement =
        db_prepare(suggest->store, "SELECT id, folded FROM tags LIMIT ?1", err);
    if (statement == NULL)
        return false;
    db_bind_int(suggest->store, statement, 1, (int64_t)LIMIT_TAG_NAMES);
    while (ok && (ok = db_step(suggest->store, statement, &row, err)) && row) {
        struct slice name = last_part(db_text(statement, 1));
        int64_t tag = sqlite3_column_int64(statement, 0);
        if (stands_in(suggest, name, 0))
            ok = score(suggest, tag, of_title, err);
        else if (stands_in(suggest, name, 1))
            ok = score(suggest, tag, of_text, err);
    }
    db_done(suggest->store, statement);
    return ok;
}

/* Tags of the nearest pages, by how near those are. */
static bool add_of_near(struct suggest *suggest, struct error *err)
{
    struct near_page near[NEAR_MAX];
    size_t count;
    double all = 0;
    bool ok = near_find(suggest->store, suggest->title, suggest->body, suggest->source->page, near,
                        &count, err);
    for (size_t i = 0; i < (ok ? count : 0); i++)
        all += near[i].weight;
    sqlite3_stmt *statement =
        db_prepare(suggest->store, "SELECT tag FROM page_tags WHERE page = ?1", err);
    ok = ok && statement != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        bool row = true;
        db_bind_int(suggest->store, statement, 1, near[i].page);
        while (ok && (ok = db_step(suggest->store, statement, &row, err)) && row)
            ok = score(suggest, sqlite3_column_int64(statement, 0),
                       of_near * near[i].weight / (all + near[0].weight / 2), err);
        db_reset(statement);
    }
    db_done(suggest->store, statement);
    return ok;
}

static bool give(struct suggest *suggest, size_t limit, tag_info_fn fn, void *arg,
                 struct error *err)
{
    size_t top[SUGGEST_MAX + LIMIT_TAGS];
    struct tag_loader tags;
    size_t count = tally_top(&suggest->scores, sizeof top / sizeof *top, top);
    bool ok = true;
    tag_loader_init(&tags, suggest->store);
    for (size_t i = 0; ok && i < count && limit > 0; i++) {
        int64_t tag;
        bool has = false;
        bool found = false;
        if (tally_entry(&suggest->scores, top[i])->weight < least)
            break;
        memcpy(&tag, tally_key(&suggest->scores, top[i]).ptr, sizeof tag);
        ok = (suggest->source->page == 0 ||
              tags_has(suggest->store, suggest->source->page, tag, &has, err)) &&
             tag_load(&tags, tag, -1, &found, err);
        if (!ok || has || !found)
            continue;
        limit--;
        if (!fn(&tags.info, arg))
            break;
    }
    tag_loader_finish(&tags);
    return ok;
}

static bool run(struct suggest *suggest, size_t limit, tag_info_fn fn, void *arg, struct error *err)
{
    return read_source(suggest, err) && add_of_site(suggest, err) && read_words(suggest, err) &&
           add_of_words(suggest, err) && add_of_near(suggest, err) &&
           give(suggest, limit, fn, arg, err);
}

bool tagging_suggest(struct store *store, const struct suggest_source *source, size_t limit,
                     tag_info_fn fn, void *arg, struct error *err)
{
    if (limit == 0 || limit > SUGGEST_MAX)
        return error_set(err, ERR_LIMIT, "There are 1 to %d suggestions", SUGGEST_MAX);
    struct suggest suggest = {.store = store, .source = source};
    page_loader_init(&suggest.loader, store);
    buf_init(&suggest.text, LIMIT_TEXT);
    tally_init(&suggest.words[0]);
    tally_init(&suggest.words[1]);
    tally_init(&suggest.scores);
    bool ok = db_begin_read(store, err);
    if (ok) {
        ok = run(&suggest, limit, fn, arg, err);
        db_end_read(store);
    }
    page_loader_finish(&suggest.loader);
    buf_finish(&suggest.text);
    tally_finish(&suggest.words[0]);
    tally_finish(&suggest.words[1]);
    tally_finish(&suggest.scores);
    return ok;
}

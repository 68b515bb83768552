/* store: search: what is found, and what stands first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search_fixture.h"

#include <time.h>

/* Pages found for `query`, newest first. */
static void assert_found(struct fixture *f, const char *query, const char *expected)
{
    struct buf ids;
    buf_init(&ids, 1 << 20);
    struct search_end end = run(f, slice_of(query), SEARCH_NEWEST, 200, NULL, &ids);
    if (strcmp(ids.ptr == NULL ? "" : ids.ptr, expected) != 0)
        fail_msg("<%s> finds <%s>, not <%s>", query, ids.ptr, expected);
    size_t count = 0;
    for (const char *c = expected; *c != '\0'; c++)
        count += *c == ' ';
    assert_int_equal(end.total, count);
    assert_string_equal(end.cursor, "");
    /* Ranking finds the same ones. */
    buf_reset(&ids);
    assert_int_equal(run(f, slice_of(query), SEARCH_RANK, 200, NULL, &ids).total, count);
    assert_int_equal(ids.len, strlen(expected));
    buf_finish(&ids);
}

static void assert_best(struct fixture *f, const char *query, const char *expected)
{
    struct buf ids;
    buf_init(&ids, 1 << 20);
    run(f, slice_of(query), SEARCH_RANK, 200, NULL, &ids);
    if (strcmp(ids.ptr == NULL ? "" : ids.ptr, expected) != 0)
        fail_msg("<%s> ranks <%s>, not <%s>", query, ids.ptr, expected);
    buf_finish(&ids);
}

static void any_word_finds_the_page(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"", "4 3 2 1 "},
        {"sqlite ", "1 "},
        {"SQLITE存储", "1 "},
        {"存储引擎", "1 "},
        {"储", "1 "},
        {"数据库", "1 "},
        {"据库", "1 "},
        {"库数", ""},
        {"台湾", "3 "},
        {"臺灣", "3 "},
        {"头发发现", "3 "},
        {"full width ", "3 "},
        {"データ", "3 "},
        {"ﾃﾞｰﾀ", "3 "},
        {"c++ ", "2 "},
        {"C# ", "2 "},
        {"cafe ", "2 "},
        {"node.js ", "2 "},
        {"node js ", "2 "},
        {"\"js node\" ", ""},
        {"\"and c\" ", "2 "},
        {"快照", "3 "},
        {"wikipedia ", "3 "},
        {"https ", ""},
        {"\U0001F600", "4 "},
        {"50€", "4 "},
        {"值得", "1 "},
        {"读书", "1 "},
        {"reading ", "2 "},
        {"read ", "4 "},
        {"read* ", "4 2 "},
        {"rea", "4 2 "},
        {"re", ""},
        {"wor", "4 3 2 "},
        {"work ", "3 2 "},
        {"guide sqlite ", ""},
        {"guide OR sqlite ", "2 1 "},
        {"(guide OR sqlite) -c++ ", "1 "},
        {"-guide ", "4 3 1 "},
        {"-guide -sqlite ", "4 3 "},
        {"nothing -absent ", "4 "},
        {"的", ""},
    };
    save_samples(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_found(f, cases[i][0], cases[i][1]);
}

static void fields_narrow_it_down(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"title:sqlite ", "1 "},
        {"标题：存储", "1 "},
        {"title:轻量级", ""},
        {"text:轻量级", "1 "},
        {"text:存储", ""},
        {"note:read ", "4 "},
        {"note:guide ", ""},
        {"url:wiki ", "3 "},
        {"url:快照", "3 "},
        {"url:https://zh.wikipedia.org/wiki ", ""},
        {"url:zh.wikipedia.org/wiki/快照 ", "3 "},
        {"title:(guide OR workshop) ", "4 2 "},
        {"tag:work ", "3 2 "},
        {"#WORK ", "3 2 "},
        {"tag:work/reading ", "2 "},
        {"tag:work/ ", ""},
        {"tag:wor ", ""},
        {"tag:wor* ", "3 2 "},
        {"标签：读书", "1 "},
        {"-tag:work ", "4 1 "},
        {"tag:work -#work/reading ", "3 "},
        {"tag:work OR sqlite ", "3 2 1 "},
        {"guide tag:work ", "2 "},
        {"guide tag:读书", ""},
        {"guide -tag:读书", "2 "},
        {"site:example.com ", "1 "},
        {"site:www.example.com ", "1 "},
        {"site:EXAMPLE ", "1 "},
        {"site:exam ", ""},
        {"site:exam* ", "1 "},
        {"site:xample.com ", ""},
        {"site:wikipedia.org ", "3 "},
        {"site:localhost ", "4 "},
        {"site:localhost:8080 ", "4 "},
        {"site:https://github.com/y ", "2 "},
        {"site:% ", ""},
        {"after:7d ", "4 1 "},
        {"before:7d ", "3 2 "},
        {"after:1y ", "4 2 1 "},
        {"on:0d ", "4 1 "},
        {"after:11d before:9d ", "2 "},
        {"-after:7d ", "3 2 "},
        {"is:untagged ", "4 "},
        {"-is:untagged after:7d ", "1 "},
        {"is:tagged ", "3 2 1 "},
        {"-is:tagged ", "4 "},
        {"是：有标签 ", "3 2 1 "},
        {"is:noted ", "4 1 "},
        {"-is:noted tag:work ", "3 2 "},
        {"is:again ", ""},
        {"is:complete ", ""},
        {"-is:complete sqlite ", "1 "},
        {"lang:zh ", "4 3 2 1 "},
        {"lang:ZH sqlite ", "1 "},
        {"语言：zh guide ", "2 "},
        {"lang:z ", ""},
        {"lang:en ", ""},
        {"-lang:en sqlite ", "1 "},
        {"is:pending ", "4 3 2 1 "},
        {"is:incomplete ", ""},
        {"is:untagged OR (sqlite is:pending) ", "4 1 "},
    };
    save_samples(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_found(f, cases[i][0], cases[i][1]);
}

static void languages_are_found_with_their_regions(void **state)
{
    struct fixture *f = *state;
    static const char *const langs[] = {"zh-TW", "zh", "zho", "EN-us", ""};
    for (size_t i = 0; i < sizeof langs / sizeof *langs; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%zu", i);
        struct snapshot_new new = fixture_snapshot(url, "T", "word");
        new.lang = langs[i];
        fixture_begin(f, &new);
    }
    assert_found(f, "lang:zh", "2 1 ");
    assert_found(f, "lang:zh-tw word ", "1 ");
    assert_found(f, "lang:en", "4 ");
    assert_found(f, "-lang:zh word ", "5 4 3 ");
}

static void addresses_are_found_as_people_read_them(void **state)
{
    struct fixture *f = *state;
    static const struct sample samples[] = {
        {"例子.example", "/%E5%BF%AB%E7%85%A7?q=%E8%AF%8D#%E8%8A%82", "T", NULL, NULL, "x", NOW},
        {"b.example", "/%BF%EC%D5%D5/page%2", "T", NULL, NULL, "x", NOW}, /* GBK */
        {"c.example", "", "T", NULL, NULL, "x", NOW},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        save_sample(f, &samples[i]);
    assert_found(f, "快照", "1 ");
    assert_found(f, "url:词", "1 ");
    assert_found(f, "节 例子", "1 ");
    assert_found(f, "url:bf ", "2 ");
    assert_found(f, "url:page ", "2 ");
    assert_found(f, "url:example ", "3 2 1 ");
}

static void states_are_those_of_the_latest_snapshot(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    struct asset_row row = {
        .ref = "00000000000000000000000000000001", .url = "u", .kind = "image", .state = "failed"};
    struct put_counts counts = {0};
    assert_ok(snapshots_put_assets(f->store, 1, &row, 1, &counts, &f->err));
    assert_ok(snapshots_end(f->store, 1, &f->err));
    assert_ok(snapshots_end(f->store, 2, &f->err));
    assert_found(f, "is:incomplete", "1 ");
    assert_found(f, "is:incomplete sqlite ", "1 ");
    assert_found(f, "is:pending", "4 3 ");
    assert_found(f, "is:complete", "2 ");
    assert_found(f, "is:complete guide ", "2 ");
    save_samples(f);
    assert_found(f, "is:incomplete", "");
    assert_found(f, "is:again", "4 3 2 1 ");
    assert_found(f, "is:again sqlite ", "1 ");
}

static void trashed_pages_are_found_only_in_the_trash(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    assert_ok(pages_trash(f->store, 2, &f->err));
    assert_found(f, "", "4 3 1 ");
    assert_found(f, "guide ", "");
    assert_found(f, "work ", "3 ");
    assert_found(f, "tag:work", "3 ");
    assert_found(f, "is:trashed", "2 ");
    assert_found(f, "is:trashed guide ", "2 ");
    assert_found(f, "is:trashed sqlite ", "");
    assert_found(f, "is:trashed tag:work", "2 ");
    assert_found(f, "-is:trashed", "4 3 1 ");
    assert_ok(pages_restore(f->store, 2, &f->err));
    assert_found(f, "guide ", "2 ");
    assert_found(f, "is:trashed", "");
}

static void the_index_follows_every_change(void **state)
{
    struct fixture *f = *state;
    save_samples(f);
    const char *tags[] = {"fresh"};
    const struct page_change change = {
        .title = "Renamed", .note = "备忘", .tags = tags, .tag_count = 1, .set_tags = true};
    assert_ok(pages_update(f->store, 1, &change, NULL, &f->err));
    assert_found(f, "renamed ", "1 ");
    assert_found(f, "备忘", "1 ");
    assert_found(f, "fresh ", "1 ");
    assert_found(f, "存储引擎", "");
    assert_found(f, "值得", "");
    assert_found(f, "tag:读书", "");
    /* Saved again, it comes first, with its new text alone. */
    fixture_save(f, "https://www.example.com/sqlite", "SQLite存储引擎", "全新的内容");
    assert_found(f, "全新", "1 ");
    assert_found(f, "轻量级", "");
    assert_found(f, "", "1 4 3 2 ");
    assert_ok(db_execute(f->store, "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)",
                         &f->err));
}

/* The short i of Cyrillic is a letter of its own, however it is written, unlike the letter yo. */
static void a_short_i_is_found_in_both_its_spellings(void **state)
{
    struct fixture *f = *state;
    fixture_save(f, "https://example.org/1", "T", "Мой дом");
    fixture_save(f, "https://example.org/2", "T", "Мои\u0306 дом");
    fixture_save(f, "https://example.org/3", "T", "МОИ\u0306 дом");
    fixture_save(f, "https://example.org/4", "T", "мои дом, ёлка");
    static const char *const same[] = {"мой ", "мои\u0306 ", "МОЙ ", "МОИ\u0306 "};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_found(f, same[i], "3 2 1 ");
    assert_found(f, "мой", "3 2 1 "); /* being typed */
    assert_found(f, "мои\u0306", "3 2 1 ");
    assert_found(f, "мои ", "4 ");
    assert_found(f, "елка ", "4 ");
}

static void better_places_rank_higher(void **state)
{
    struct fixture *f = *state;
    static const struct sample samples[] = {
        {"a.example", "/1", "Something", NULL, NULL, "a needle in a text", NOW},
        {"a.example", "/needle", "Something", NULL, NULL, "text", NOW},
        {"a.example", "/3", "Something", "needle", NULL, "text", NOW},
        {"a.example", "/4", "Something", NULL, "needle", "text", NOW},
        {"a.example", "/5", "A long title with a needle somewhere inside", NULL, NULL, "text", NOW},
        {"a.example", "/6", "Needle", NULL, NULL, "text", NOW},
        {"a.example", "/7", "Something", NULL, NULL, "needle needle needle needle", NOW},
        {"a.example", "/8", "Something", NULL, NULL, "a needle in a text", NOW},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        save_sample(f, &samples[i]);
    /* Title, tag, note, then often in the text, in the address, once; newer before older. */
    assert_best(f, "needle ", "6 5 4 3 7 2 8 1 ");
}

static void words_rank_beside_other_conditions(void **state)
{
    struct fixture *f = *state;
    static const struct sample samples[] = {
        {"a.example", "/1", "Needle", NULL, NULL, "text", NOW},
        {"a.example", "/2", "Something", NULL, "x", "text", NOW},
        {"a.example", "/3", "Something", NULL, "x", "a needle", NOW},
        {"a.example", "/4", "Something", NULL, "y", "text", NOW},
        {"a.example", "/5", "Something", NULL, "x", "text", NOW},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        save_sample(f, &samples[i]);
    assert_best(f, "needle OR tag:x ", "1 3 5 2 ");
    assert_best(f, "tag:x ", "5 3 2 ");
    assert_best(f, "needle tag:x ", "3 ");
    assert_best(f, "tag:x -needle ", "5 2 ");
    assert_best(f, "-tag:y (needle OR site:a.example) ", "1 3 5 2 ");
    /* page by page */
    struct buf ids;
    char cursor[64] = "";
    buf_init(&ids, 1 << 10);
    for (int i = 0; i < 4; i++) {
        struct search_end end = run(f, slice_of("needle OR tag:x "), SEARCH_RANK, 1, cursor, &ids);
        assert_int_equal(end.total, 4);
        memcpy(cursor, end.cursor, sizeof cursor);
    }
    assert_string_equal(ids.ptr, "1 3 5 2 ");
    assert_string_equal(cursor, "");
    buf_finish(&ids);
}

static void assert_order(struct fixture *f, const char *query, enum search_sort sort,
                         const char *expected)
{
    struct buf ids;
    char cursor[64] = "";
    buf_init(&ids, 1 << 10);
    run(f, slice_of(query), sort, 200, NULL, &ids);
    assert_string_equal(ids.ptr, expected);
    buf_reset(&ids);
    do {
        struct search_end end = run(f, slice_of(query), sort, 2, cursor, &ids);
        memcpy(cursor, end.cursor, sizeof cursor);
    } while (cursor[0] != '\0');
    assert_string_equal(ids.ptr, expected);
    buf_finish(&ids);
}

static void answers_stand_in_the_order_that_was_asked_for(void **state)
{
    struct fixture *f = *state;
    static const struct sample samples[] = {
        {"c.example", "/1", "beta", NULL, "x", "word", NOW},
        {"a.example", "/2", "Alpha", NULL, "x", "word word", NOW},
        {"b.example", "/3", "alpha", NULL, NULL, "word", NOW},
        {"a.example", "/4", "Gamma", NULL, "x", "other", NOW},
        {"b.example", "/5", "中文", NULL, "x", "word", NOW},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        save_sample(f, &samples[i]);
    static const struct {
        const char *query;
        const char *newest;
        const char *oldest;
        const char *title;
        const char *site;
    } cases[] = {
        {"", "5 4 3 2 1 ", "1 2 3 4 5 ", "3 2 1 4 5 ", "4 2 5 3 1 "},
        {"word ", "5 3 2 1 ", "1 2 3 5 ", "3 2 1 5 ", "2 5 3 1 "},
        {"tag:x", "5 4 2 1 ", "1 2 4 5 ", "2 1 4 5 ", "4 2 5 1 "},
        {"word tag:x", "5 2 1 ", "1 2 5 ", "2 1 5 ", "2 5 1 "},
        {"other OR -tag:x", "4 3 ", "3 4 ", "3 4 ", "4 3 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_order(f, cases[i].query, SEARCH_NEWEST, cases[i].newest);
        assert_order(f, cases[i].query, SEARCH_OLDEST, cases[i].oldest);
        assert_order(f, cases[i].query, SEARCH_TITLE, cases[i].title);
        assert_order(f, cases[i].query, SEARCH_SITE, cases[i].site);
    }
    /* A cursor belongs to its order, and to a page that is there. */
    static const char *const cursors[] = {"n.1", "n.1", "o.1", "a.2", "s.2"};
    struct search_end end;
    for (int sort = SEARCH_RANK; sort <= SEARCH_SITE; sort++) {
        for (int of = SEARCH_NEWEST; of <= SEARCH_SITE; of++) {
            struct search_request request = {.query = slice_of("word "),
                                             .sort = (enum search_sort)sort,
                                             .limit = 2,
                                             .cursor = cursors[of]};
            if (sort == of)
                assert_ok(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err));
            else
                assert_error(search_pages(f->store, &request, nothing_hit, NULL, &end, &f->err),
                             ERR_PARAMS);
        }
    }
    struct search_request gone = {
        .query = slice_of("word "), .sort = SEARCH_TITLE, .limit = 2, .cursor = "a.zz"};
    assert_error(search_pages(f->store, &gone, nothing_hit, NULL, &end, &f->err), ERR_PARAMS);
}

static void words_side_by_side_rank_higher(void **state)
{
    struct fixture *f = *state;
    struct buf apart;
    buf_init(&apart, 1 << 16);
    fixture_save(f, "https://example.com/1", "T", "full text search with other words about");
    buf_add_text(&apart, "full text");
    for (int i = 0; i < 100; i++)
        buf_add_text(&apart, " filler");
    buf_add_text(&apart, " search");
    fixture_save(f, "https://example.com/2", "T", apart.ptr);
    assert_best(f, "full search ", "1 2 ");
    /* The same word in a long text says less. */
    for (int i = 0; i < 3000; i++)
        buf_add_text(&apart, " filler");
    fixture_save(f, "https://example.com/3", "T", apart.ptr);
    assert_best(f, "text ", "2 1 3 ");
    buf_finish(&apart);
}

int main(void)
{
    setenv("TZ", "UTC", 1); /* for on:0d */
    tzset();
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(any_word_finds_the_page),
        with_store(fields_narrow_it_down),
        with_store(languages_are_found_with_their_regions),
        with_store(addresses_are_found_as_people_read_them),
        with_store(states_are_those_of_the_latest_snapshot),
        with_store(trashed_pages_are_found_only_in_the_trash),
        with_store(the_index_follows_every_change),
        with_store(a_short_i_is_found_in_both_its_spellings),
        with_store(better_places_rank_higher),
        with_store(words_rank_beside_other_conditions),
        with_store(answers_stand_in_the_order_that_was_asked_for),
        with_store(words_side_by_side_rank_higher),
    };
#undef with_store
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}

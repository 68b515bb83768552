/* store: search: exactly the pages that a plain search finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search_fixture.h"

/* Characters with a form that folds to another one, or to itself. */
static const char *const glyphs[][2] = {
    {"数", "數"}, {"据", "據"}, {"库", "庫"}, {"中", "中"}, {"文", "文"}, {"台", "臺"},
    {"湾", "灣"}, {"发", "發"}, {"发", "髮"}, {"の", "の"}, {"ガ", "ｶﾞ"}, {"ー", "ｰ"},
    {"一", "一"}, {"二", "二"}, {"々", "々"}, {"한", "한"},
};
static const char *const between[] = {"，", " ", "\n", "。", "a", "SQL", "1", "“", "😀"};

/* A random text, and the same folded: what a plain search would look at. */
static void make_text(uint32_t *seed, size_t count, struct buf *text, struct buf *folded)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t roll = next_random(seed);
        if (roll % 6 == 0) {
            const char *gap = between[roll / 6 % (sizeof between / sizeof *between)];
            buf_add_text(text, gap);
            buf_add_text(folded, gap);
        } else {
            const char *const *glyph = glyphs[roll / 6 % (sizeof glyphs / sizeof *glyphs)];
            buf_add_text(text, glyph[roll / 600 % 2]);
            buf_add_text(folded, glyph[0]);
        }
    }
}

enum { DOCUMENTS = 300, QUERIES = 2000 };

static void assert_exact(struct fixture *f, const struct buf *documents, const struct buf *query,
                         const struct buf *folded, bool ids_too)
{
    struct buf expected;
    struct buf ids;
    int64_t total = 0;
    buf_init(&expected, 1 << 16);
    buf_init(&ids, 1 << 16);
    for (size_t i = DOCUMENTS; i-- > 0;) {
        if (slice_find(buf_slice(&documents[i]), 0, buf_slice(folded)) == documents[i].len)
            continue;
        total++;
        buf_printf(&expected, "%zu ", i + 1);
    }
    struct search_end end = run(f, buf_slice(query), SEARCH_NEWEST, ids_too ? 200 : 1, NULL, &ids);
    if (end.total != total)
        fail_msg("<%s> finds %lld, not %lld", query->ptr, (long long)end.total, (long long)total);
    if (ids_too && end.cursor[0] != '\0')
        run(f, buf_slice(query), SEARCH_NEWEST, 200, end.cursor, &ids);
    if (ids_too)
        assert_true(slice_equal(buf_slice(&ids), buf_slice(&expected)));
    buf_finish(&expected);
    buf_finish(&ids);
}

static void chinese_is_found_exactly_as_by_a_plain_search(void **state)
{
    struct fixture *f = *state;
    static struct buf documents[DOCUMENTS];
    uint32_t seed = 20;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct buf text;
        char url[64];
        buf_init(&text, 1 << 16);
        buf_init(&documents[i], 1 << 16);
        make_text(&seed, next_random(&seed) % 60, &text, &documents[i]);
        snprintf(url, sizeof url, "https://example.com/%zu", i);
        fixture_save(f, url, "-", text.ptr == NULL ? "" : text.ptr);
        buf_finish(&text);
    }
    for (int q = 0; q < QUERIES; q++) {
        struct buf query;
        struct buf folded;
        buf_init(&query, 1 << 10);
        buf_init(&folded, 1 << 10);
        size_t len = 1 + next_random(&seed) % 4;
        for (size_t i = 0; i < len; i++) {
            uint32_t roll = next_random(&seed);
            const char *const *glyph = glyphs[roll % (sizeof glyphs / sizeof *glyphs)];
            buf_add_text(&query, glyph[roll / 100 % 2]);
            buf_add_text(&folded, glyph[0]);
        }
        assert_exact(f, documents, &query, &folded, q % 10 == 0);
        buf_finish(&query);
        buf_finish(&folded);
    }
    for (size_t i = 0; i < DOCUMENTS; i++)
        buf_finish(&documents[i]);
}

/* Texts of few words, common ones among them, so that everything meets everything. */
static const char *const words[] = {"of", "the",  "to",   "in",  "is",    "it",    "box", "boxes",
                                    "a",  "then", "than", "tea", "c++",   "3",     "33",  "ab",
                                    "数", "据",   "é",    "ete", "thing", "there", "№",   "theory"};

/* The same with a space on both sides of each token, which is how a phrase looks like in it. */
static void make_words(uint32_t *seed, size_t count, struct buf *text, struct buf *scanned)
{
    buf_add_char(scanned, ' ');
    for (size_t i = 0; i < count; i++) {
        const char *word = words[next_random(seed) % (sizeof words / sizeof *words)];
        /* Characters side by side would become a pair. */
        buf_printf(text, "%s%s", word, next_random(seed) % 5 == 0 ? ", " : " ");
        if (strcmp(word, "c++") == 0)
            word = "c + +";
        else if (strcmp(word, "é") == 0)
            word = "e";
        else if (strcmp(word, "№") == 0)
            word = "no";
        buf_printf(scanned, "%s ", word);
    }
}

static void assert_words_exact(struct fixture *f, const struct buf *scanned, const char *query,
                               struct slice wanted)
{
    struct buf expected;
    buf_init(&expected, 1 << 16);
    for (size_t i = DOCUMENTS; i-- > 0;) {
        if (slice_find(buf_slice(&scanned[i]), 0, wanted) < scanned[i].len)
            buf_printf(&expected, "%zu ", i + 1);
    }
    struct buf ids;
    buf_init(&ids, 1 << 16);
    struct search_end end = run(f, slice_of(query), SEARCH_NEWEST, 200, NULL, &ids);
    if (end.cursor[0] != '\0')
        run(f, slice_of(query), SEARCH_NEWEST, 200, end.cursor, &ids);
    if (!slice_equal(buf_slice(&ids), buf_slice(&expected)))
        fail_msg("<%s> finds <%s>, not <%s>", query, ids.ptr, expected.ptr);
    buf_finish(&ids);
    buf_finish(&expected);
}

static void words_phrases_and_beginnings_are_found_exactly(void **state)
{
    struct fixture *f = *state;
    static struct buf scanned[DOCUMENTS];
    uint32_t seed = 77;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct buf text;
        char url[64];
        buf_init(&text, 1 << 16);
        buf_init(&scanned[i], 1 << 16);
        make_words(&seed, next_random(&seed) % 40, &text, &scanned[i]);
        snprintf(url, sizeof url, "https://example.org/%zu", i);
        fixture_save(f, url, "-", text.ptr == NULL ? "" : text.ptr);
        buf_finish(&text);
    }
    for (int q = 0; q < 800; q++) {
        struct buf phrase;
        struct buf query;
        struct buf wanted;
        buf_init(&phrase, 1 << 10);
        buf_init(&query, 1 << 10);
        buf_init(&wanted, 1 << 10);
        make_words(&seed, 1 + next_random(&seed) % 4, &phrase, &wanted);
        buf_printf(&query, "text:\"%s\"", phrase.ptr);
        assert_words_exact(f, scanned, query.ptr, buf_slice(&wanted));
        /* The same with a part of its last word. */
        size_t cut = 1 + next_random(&seed) % 3;
        size_t last = wanted.len - 1;
        while (wanted.ptr[last - 1] != ' ')
            last--;
        bool latin = wanted.ptr[last] >= '0' && wanted.ptr[last] <= 'z';
        if (latin && strstr(phrase.ptr, "é") == NULL && strstr(phrase.ptr, "№") == NULL &&
            strstr(phrase.ptr, "c++") == NULL) {
            wanted.len = last + cut < wanted.len - 1 ? last + cut : wanted.len - 1;
            buf_reset(&query);
            buf_printf(&query, "text:\"%.*s\"*", (int)wanted.len, wanted.ptr);
            assert_words_exact(f, scanned, query.ptr, buf_slice(&wanted));
        }
        buf_finish(&phrase);
        buf_finish(&query);
        buf_finish(&wanted);
    }
    for (size_t i = 0; i < DOCUMENTS; i++)
        buf_finish(&scanned[i]);
}

static void add_odd_name(uint32_t *seed, struct buf *out)
{
    static const char *const parts[] = {"a",      "B",          "ab",
                                        "/",      "/",          "c++",
                                        "#",      " ",          "-",
                                        "of",     "the",        "读",
                                        "書",     "书",         "讀書",
                                        "\u00E9", "e\u0301",    "\u0301",
                                        "\u00AD", "\u200D",     "ｱ",
                                        "ﾞ",      "Ａ",         "Ⅷ",
                                        "１",     "한",         "\u1112\u1161\u11AB",
                                        "\u2100", "\U0001F44D", "\u3099",
                                        "か",     "1"};
    buf_add_text(out, next_random(seed) % 2 ? "a" : "读"); /* a name is not empty */
    for (size_t i = 0, count = next_random(seed) % 4; i < count; i++)
        buf_add_text(out, parts[next_random(seed) % (sizeof parts / sizeof *parts)]);
    buf_add_char(out, '\0');
}

/* Words of its name are looked for among the tags, which must leave out no page that has it. */
static void a_tag_beside_a_word_finds_what_it_finds_alone(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 5;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct buf name;
        char path[32];
        buf_init(&name, 1 << 10);
        add_odd_name(&seed, &name);
        snprintf(path, sizeof path, "/%zu", i);
        const struct sample sample = {"a.example", path, "T", NULL, name.ptr, "word", NOW};
        save_sample(f, &sample);
        buf_finish(&name);
    }
    size_t found = 0;
    for (int q = 0; q < 1500; q++) {
        struct buf name;
        struct buf query;
        struct buf alone;
        struct buf beside;
        buf_init(&name, 1 << 10);
        buf_init(&query, 1 << 10);
        buf_init(&alone, 1 << 12);
        buf_init(&beside, 1 << 12);
        add_odd_name(&seed, &name);
        buf_printf(&query, "word tag:\"%s\" ", name.ptr);
        run(f, slice_sub(buf_slice(&query), 5, query.len), SEARCH_NEWEST, 200, NULL, &alone);
        run(f, buf_slice(&query), SEARCH_NEWEST, 200, NULL, &beside);
        if (!slice_equal(buf_slice(&alone), buf_slice(&beside)))
            fail_msg("<%.*s> finds <%s>, not <%s>", (int)query.len, query.ptr, beside.ptr,
                     alone.ptr);
        found += alone.len > 0;
        buf_finish(&name);
        buf_finish(&query);
        buf_finish(&alone);
        buf_finish(&beside);
    }
    assert_true(found > 100);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(chinese_is_found_exactly_as_by_a_plain_search),
        with_store(words_phrases_and_beginnings_are_found_exactly),
        with_store(a_tag_beside_a_word_finds_what_it_finds_alone),
    };
#undef with_store
    return cmocka_run_group_tests_name("search_exact", tests, NULL, NULL);
}

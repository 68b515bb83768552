/* page/css: the tokenizer and the rewriting of references. */
#include "page/css.h"
#include "page/css_tokens.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char fixtures[] = "tests/fixtures/css";

/* Gives each URL with its use in front, but the empty one as it is. */
static bool name_use(struct slice url, enum css_use use, struct buf *replacement, void *arg,
                     struct error *err)
{
    static const char *const names[] = {"import:", "font:", "image:"};
    (void)arg;
    (void)err;
    if (url.len > 0)
        buf_add_text(replacement, names[use]);
    buf_add_slice(replacement, url);
    return true;
}

static bool identity(struct slice url, enum css_use use, struct buf *replacement, void *arg,
                     struct error *err)
{
    (void)use;
    (void)err;
    if (arg != NULL)
        ++*(size_t *)arg;
    buf_add_slice(replacement, url);
    return true;
}

static void rewrite(struct slice css, enum css_syntax syntax, css_url_fn fn, void *arg,
                    struct buf *out)
{
    struct error err = {0};
    buf_init(out, 512u << 20);
    if (!css_rewrite(css, syntax, fn, arg, out, &err))
        fail_msg("%s", err.text);
    if (out->ptr == NULL)
        assert_true(buf_add_text(out, ""));
}

static void check(const char *css, enum css_syntax syntax, const char *expected)
{
    struct buf out;
    rewrite(slice_of(css), syntax, name_use, NULL, &out);
    assert_string_equal(out.ptr, expected);
    buf_finish(&out);
}

static void read_file(const char *path, struct buf *out)
{
    char chunk[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s cannot be opened", path);
    buf_init(out, 1 << 20);
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        assert_true(buf_add(out, chunk, got));
    fclose(file);
}

static void check_fixture(const char *stem)
{
    char path[512];
    struct buf in;
    struct buf expected;
    struct buf out;
    snprintf(path, sizeof path, "%s/%s.in.css", fixtures, stem);
    read_file(path, &in);
    snprintf(path, sizeof path, "%s/%s.out.css", fixtures, stem);
    read_file(path, &expected);
    rewrite(buf_slice(&in), CSS_SHEET, name_use, NULL, &out);
    if (!slice_equal(buf_slice(&out), buf_slice(&expected)))
        fail_msg("%s: got\n%s\n", stem, out.ptr);
    buf_finish(&in);
    buf_finish(&expected);
    buf_finish(&out);
}

static void every_fixture_comes_out_as_its_pair(void **state)
{
    (void)state;
    int seen = 0;
    DIR *folder = opendir(fixtures);
    if (folder == NULL)
        fail_msg("run from the repository's root: no %s", fixtures);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char stem[256];
        size_t len = strlen(entry->d_name);
        if (len < 8 || len >= sizeof stem || strcmp(entry->d_name + len - 7, ".in.css") != 0)
            continue;
        memcpy(stem, entry->d_name, len - 7);
        stem[len - 7] = '\0';
        check_fixture(stem);
        seen++;
    }
    closedir(folder);
    assert_in_range(seen, 5, 1000);
}

static void a_style_attribute_has_no_rules(void **state)
{
    (void)state;
    check("background: url(a.png); @import 'b.css'; c: \"d\"", CSS_DECLARATIONS,
          "background: url(\"image:a.png\"); @import 'b.css'; c: \"d\"");
    check("", CSS_DECLARATIONS, "");
    check("} @import 'b.css'", CSS_DECLARATIONS, "} @import 'b.css'");
    check("@charset 'x'; a", CSS_DECLARATIONS, "@charset 'x'; a");
}

static void the_end_of_the_text_closes_everything(void **state)
{
    (void)state;
    check("a{b:url(", CSS_SHEET, "a{b:url(\"\")");
    check("a{b:url( ", CSS_SHEET, "a{b:url(\"\")");
    check("a{b:url(c", CSS_SHEET, "a{b:url(\"image:c\")");
    check("a{b:url(\"c", CSS_SHEET, "a{b:url(\"image:c\"");
    check("a{b:url(c\\", CSS_SHEET, "a{b:url(\"image:c\xEF\xBF\xBD\")");
    check("@import \"c", CSS_SHEET, "@import url(\"import:c\")");
    check("@import url(c", CSS_SHEET, "@import url(\"import:c\")");
    check("@charset \"c", CSS_SHEET, "");
    check("@charset", CSS_SHEET, "@charset");
    check("a /* b", CSS_SHEET, "a /* b");
    check("a{\"b", CSS_SHEET, "a{\"b");
    check("\\", CSS_SHEET, "\\");
    check("@", CSS_SHEET, "@");
    check("/", CSS_SHEET, "/");
    check("<!-", CSS_SHEET, "<!-");
    check("<", CSS_SHEET, "<");
}

static void charset_is_left_out_at_the_start_only(void **state)
{
    (void)state;
    check("@charset \"a\";@CHARSET 'b' ;/*c*/@charset \"d\";e{}", CSS_SHEET, "/*c*/e{}");
    check("a{} @charset \"b\";", CSS_SHEET, "a{} @charset \"b\";");
    check("@charset a;", CSS_SHEET, "@charset a;");
    check("@charset \"a\" b;", CSS_SHEET, "@charset \"a\" b;");
    check("<!--@charset \"a\";b", CSS_SHEET, "<!--@charset \"a\";b");
}

static void escapes_are_read_and_urls_written_safely(void **state)
{
    (void)state;
    check("a{b:url(\\61\\000062 c\\64\re)}", CSS_SHEET, "a{b:url(\"image:abcde\")}");
    check("a{b:url(\"\\0\\d800\\110000\\A\")}", CSS_SHEET,
          "a{b:url(\"image:\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\a \")}");
    check("a{b:url('\"\\\\\\7f<\\\r\n>')}", CSS_SHEET, "a{b:url(\"image:\\\"\\\\\\7f \\3c >\")}");
    check("a{b:url(\\\xE4\xB8\xAD)}", CSS_SHEET, "a{b:url(\"image:\xE4\xB8\xAD\")}");
    check("a{b:\\55 \\052\\4c(c)}", CSS_SHEET, "a{b:url(\"image:c\")}");
    check("a{b:\\55 \\052\\4c x(c)}", CSS_SHEET, "a{b:\\55 \\052\\4c x(c)}");
}

static void a_nul_is_data(void **state)
{
    (void)state;
    struct buf out;
    rewrite(slice_make("a\0b{c:url(d\0e);f:'\0'}", 21), CSS_SHEET, name_use, NULL, &out);
    assert_true(slice_equal(buf_slice(&out), slice_make("a\0b{c:url(\"image:d\xEF\xBF\xBD"
                                                        "e\");f:'\0'}",
                                                        31)));
    buf_finish(&out);
}

static bool refuse(struct slice url, enum css_use use, struct buf *replacement, void *arg,
                   struct error *err)
{
    (void)use;
    (void)arg;
    (void)replacement;
    return error_set(err, ERR_IO, "no %d", (int)url.len);
}

static void faults_are_passed_on(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf out;
    buf_init(&out, 1000);
    assert_false(css_rewrite(slice_of("a{b:url(abc)}"), CSS_SHEET, refuse, NULL, &out, &err));
    assert_int_equal(err.code, ERR_IO);
    buf_finish(&out);
    buf_init(&out, 13);
    assert_true(css_rewrite(slice_of("a{b:url(abc)}"), CSS_SHEET, identity, NULL, &out, &err) ==
                false);
    assert_int_equal(err.code, ERR_LIMIT);
    buf_finish(&out);
}

static void nesting_is_followed_to_its_bound(void **state)
{
    (void)state;
    struct buf css;
    struct buf out;
    for (size_t depth = 1024; depth <= 1025; depth++) {
        buf_init(&css, 1 << 20);
        for (size_t i = 0; i < depth; i++)
            assert_true(buf_add_text(&css, i % 2 ? "[" : "a("));
        assert_true(buf_add_text(&css, "url(b)"));
        rewrite(buf_slice(&css), CSS_SHEET, name_use, NULL, &out);
        bool reached = slice_find(buf_slice(&out), 0, slice_of("image:b")) < out.len;
        assert_int_equal(reached, depth == 1024);
        buf_finish(&css);
        buf_finish(&out);
    }
}

static void repeat(struct buf *css, const char *piece, size_t size)
{
    buf_init(css, size + 64);
    while (css->len < size)
        assert_true(buf_add_text(css, piece));
}

static void hostile_sheets_take_linear_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "url(",
        "url( ",
        "url(\"",
        "url('a\n",
        "@import \"",
        "@import url(",
        "(",
        "{",
        "}",
        "/*",
        "/**/",
        "\\",
        "\\61 ",
        "\\d800",
        "\"",
        "'\n",
        "image-set(\"",
        "src(/**/",
        "<!--",
        "</style",
        "@charset \"a\"",
        "@charset \"a\";",
        "1e",
        "+",
        "-",
        "--",
        "-->",
        "u+?",
        "#",
        "@",
        "linksnap-asset:",
        "url(\\",
    };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf css;
        struct buf out;
        repeat(&css, pieces[i], 2 << 20);
        rewrite(buf_slice(&css), CSS_SHEET, identity, NULL, &out);
        assert_true(slice_find(buf_slice(&out), 0, slice_of("</style")) == out.len);
        buf_finish(&css);
        buf_finish(&out);
    }
}

/* A small generator of its own, so that each run is the same everywhere. */
static uint32_t random_next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void append_random(struct buf *css, uint32_t *seed)
{
    static const char *const pieces[] = {
        "url(",
        "URL(",
        "\"",
        "'",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ";",
        ":",
        ",",
        "@import",
        "@charset",
        "@namespace",
        "@font-face",
        "a",
        "b.png",
        "/*",
        "*/",
        "/",
        "<",
        "</style",
        "</STYLE>",
        "<!--",
        "-->",
        "\\",
        "\n",
        "\r\n",
        "\f",
        " ",
        "image-set(",
        "type(",
        "src(",
        "linksnap-asset:",
        "linksnap-frame:",
        "linksnap-end-->",
        "\\3c ",
        "\\2d ",
        "\\75",
        "rl(",
        "#",
        "@",
        "-",
        "--",
        "1",
        ".",
        "+",
        "e",
        "%",
        "\xE4\xB8\xAD",
        "\xF0\x9F\x98\x80",
        "!",
        "linksnap",
        "-asset:",
        "style>",
    };
    uint32_t pick = random_next(seed) % (sizeof pieces / sizeof *pieces + 4);
    if (pick < sizeof pieces / sizeof *pieces)
        assert_true(buf_add_text(css, pieces[pick]));
    else
        assert_true(buf_add_char(css, (char)(random_next(seed) % 128)));
}

static bool holds_nocase(struct slice text, const char *lower)
{
    size_t len = strlen(lower);
    for (size_t i = 0; i + len <= text.len; i++)
        if (slice_starts_nocase(slice_sub(text, i, len), lower))
            return true;
    return false;
}

static bool mark_scheme(struct slice url, enum css_use use, struct buf *replacement, void *arg,
                        struct error *err)
{
    (void)url;
    (void)use;
    (void)arg;
    (void)err;
    return buf_add_text(replacement, "mark");
}

static void random_bytes_reach_a_fixpoint_and_never_forge(void **state)
{
    (void)state;
    uint32_t seed = 20251121;
    for (int round = 0; round < 20000; round++) {
        struct buf css;
        struct buf once;
        struct buf twice;
        size_t first = 0;
        size_t second = 0;
        enum css_syntax syntax = round % 4 ? CSS_SHEET : CSS_DECLARATIONS;
        buf_init(&css, 1 << 16);
        for (uint32_t n = random_next(&seed) % 40; n > 0; n--)
            append_random(&css, &seed);
        rewrite(buf_slice(&css), syntax, identity, &first, &once);
        rewrite(buf_slice(&once), syntax, identity, &second, &twice);
        if (!slice_equal(buf_slice(&once), buf_slice(&twice)))
            fail_msg("round %d: <%s> gave <%s>, then <%s>", round, css.ptr, once.ptr, twice.ptr);
        assert_int_equal(first, second);
        assert_false(holds_nocase(buf_slice(&once), "</style"));
        buf_finish(&once);
        rewrite(buf_slice(&css), syntax, mark_scheme, NULL, &once);
        if (holds_nocase(buf_slice(&once), "linksnap-asset:") ||
            holds_nocase(buf_slice(&once), "linksnap-frame:") ||
            holds_nocase(buf_slice(&once), "<!--linksnap-"))
            fail_msg("round %d: <%s> gave <%s>", round, css.ptr, once.ptr);
        buf_finish(&css);
        buf_finish(&once);
        buf_finish(&twice);
    }
}

static void tokens_cover_the_text_without_gaps(void **state)
{
    (void)state;
    uint32_t seed = 42;
    for (int round = 0; round < 5000; round++) {
        struct buf css;
        struct css_token token;
        size_t covered = 0;
        buf_init(&css, 1 << 16);
        assert_true(buf_add_text(&css, ""));
        for (uint32_t n = random_next(&seed) % 30; n > 0; n--)
            append_random(&css, &seed);
        struct css_tokens tokens = {.css = buf_slice(&css)};
        for (css_tokens_next(&tokens, &token); token.type != CSS_TOKEN_END;
             css_tokens_next(&tokens, &token)) {
            assert_ptr_equal(token.text.ptr, css.ptr + covered);
            assert_true(token.text.len > 0);
            covered += token.text.len;
        }
        assert_int_equal(covered, css.len);
        buf_finish(&css);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture_comes_out_as_its_pair),
        cmocka_unit_test(a_style_attribute_has_no_rules),
        cmocka_unit_test(the_end_of_the_text_closes_everything),
        cmocka_unit_test(charset_is_left_out_at_the_start_only),
        cmocka_unit_test(escapes_are_read_and_urls_written_safely),
        cmocka_unit_test(a_nul_is_data),
        cmocka_unit_test(faults_are_passed_on),
        cmocka_unit_test(nesting_is_followed_to_its_bound),
        cmocka_unit_test(hostile_sheets_take_linear_time),
        cmocka_unit_test(random_bytes_reach_a_fixpoint_and_never_forge),
        cmocka_unit_test(tokens_cover_the_text_without_gaps),
    };
    return cmocka_run_group_tests_name("css", tests, NULL, NULL);
}

/* page: that what is stored is inert to parsers of other minds, stays so on the way out and back,
 * and in whatever company its parts come. */
#include "base/limits.h"
#include "page/standalone.h"
#include "page/tree.h"
#include "page_audit.h"
#include "page_audit_strict.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- The corpus ---- */

struct vector {
    char place[96];
    char *text;
    char *stored;
    enum fixture_form form;
};

struct corpus {
    struct vector *vectors;
    size_t count;
};

static char *store(const struct vector *vector)
{
    if (vector->form == FIXTURE_WEB)
        return page_fixture_store(FIXTURE_WEB, vector->text, NULL);
    char *page = page_fixture_wire_page(vector->text);
    char *stored = page_fixture_store(FIXTURE_WIRE, page, "<!DOCTYPE html>");
    free(page);
    return stored;
}

static void add_file(struct corpus *corpus, const char *file)
{
    char path[256];
    size_t number = 0;
    snprintf(path, sizeof path, "tests/fixtures/hostile/%s", file);
    char *text = page_fixture_read(path);
    for (char *at = text; at != NULL;) {
        char *end = strstr(at, "\n---\n");
        if (end != NULL)
            *end = '\0';
        corpus->vectors = realloc(corpus->vectors, (corpus->count + 1) * sizeof *corpus->vectors);
        assert_non_null(corpus->vectors);
        struct vector *vector = &corpus->vectors[corpus->count++];
        vector->form = strncmp(file, "wire-", 5) == 0 ? FIXTURE_WIRE : FIXTURE_WEB;
        snprintf(vector->place, sizeof vector->place, "%.70s, number %zu", file, ++number);
        vector->text = slice_dup(slice_of(at));
        assert_non_null(vector->text);
        vector->stored = store(vector);
        at = end != NULL ? end + 5 : NULL;
    }
    free(text);
}

static int read_corpus(void **state)
{
    static struct corpus corpus;
    size_t files;
    char **names = page_fixture_names("hostile", ".txt", &files);
    for (size_t i = 0; i < files; i++)
        add_file(&corpus, names[i]);
    page_fixture_free_names(names, files);
    *state = &corpus;
    return 0;
}

static int free_corpus(void **state)
{
    struct corpus *corpus = *state;
    for (size_t i = 0; i < corpus->count; i++) {
        free(corpus->vectors[i].text);
        free(corpus->vectors[i].stored);
    }
    free(corpus->vectors);
    return 0;
}

/* ---- Out and back ---- */

static bool no_asset(const char ref[ASSET_REF_SIZE], struct buf *bytes, enum asset_kind *kind,
                     struct media_type *type, void *arg, struct error *err)
{
    (void)ref;
    (void)bytes;
    (void)kind;
    (void)type;
    (void)arg;
    (void)err;
    return false;
}

static char *export_file(const char *stored)
{
    static const struct standalone_source source = {.url = "http://example.test/",
                                                    .saved_at = "2025-11-21T12:00:00Z"};
    struct error err = {0};
    struct buf out;
    size_t left_out;
    buf_init(&out, LIMIT_SELF_CONTAINED);
    if (!standalone_write(slice_of(stored), &source, no_asset, NULL, &out, &left_out, &err))
        fail_msg("exporting: %s", err.text);
    return buf_take(&out);
}

/* Before the rules stand a doctype, one comment and the start tags of <html> and <head>, and within
 * what browsers look through for the encoding the encoding itself or a mark. */
static bool rules_come_first(const char *file)
{
    static const char mark[] = "\xEF\xBB\xBF";
    const char *at = file;
    bool marked = strncmp(at, mark, 3) == 0;
    at += marked ? 3 : 0;
    if (strncmp(at, "<!DOCTYPE html", 14) == 0)
        at = strchr(at, '>') + 1;
    if (strncmp(at, "<!--\n Page saved with Linksnap\n", 31) != 0)
        return false;
    at = strstr(at, "-->") + 3;
    if (strncmp(at, "<html", 5) != 0)
        return false;
    at = strchr(at, '>') + 1; /* a value has it as a reference */
    if (strncmp(at, "<head", 5) != 0)
        return false;
    at = strchr(at, '>') + 1;
    return (marked || at - file + 22 <= 1024) &&
           strncmp(at, "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\"",
                   64) == 0;
}

/* A reference comes back as none: the file has no asset for it. */
static bool refers(const char *stored)
{
    return strstr(stored, "linksnap-asset:") != NULL || strstr(stored, "linksnap-frame:") != NULL;
}

static void the_exported_file_is_inert_and_comes_back_as_it_was(void **state)
{
    const struct corpus *corpus = *state;
    size_t failed = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        char why[256] = "comes back changed";
        const char *stored = corpus->vectors[i].stored;
        char *file = export_file(stored);
        char *back = page_fixture_store(FIXTURE_WEB, file, NULL);
        bool ok =
            page_audit_strict(file, true, why, sizeof why) && page_audit(back, why, sizeof why);
        if (ok && !refers(stored))
            ok = strcmp(stored, back) == 0;
        if (ok && !rules_come_first(file)) {
            snprintf(why, sizeof why, "something stands before the rules");
            ok = false;
        }
        if (!ok)
            print_error("%s: %s\n%s\n1> %s\n2> %s\n", corpus->vectors[i].place, why,
                        corpus->vectors[i].text, stored, back);
        failed += !ok;
        free(file);
        free(back);
    }
    assert_int_equal(failed, 0);
}

/* ---- Parsers of other minds ---- */

static void no_parser_finds_anything_alive(void **state)
{
    const struct corpus *corpus = *state;
    size_t failed = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        char why[256];
        const char *stored = corpus->vectors[i].stored;
        bool ok = page_audit_strict(stored, false, why, sizeof why);
        if (!ok)
            print_error("%s: %s\n%s\n=> %s\n", corpus->vectors[i].place, why,
                        corpus->vectors[i].text, stored);
        failed += !ok;
    }
    assert_int_equal(failed, 0);
}

static void trees_of_scripts_read_back_as_they_were_stored(void **state)
{
    const struct corpus *corpus = *state;
    size_t failed = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        if (corpus->vectors[i].form != FIXTURE_WIRE)
            continue;
        const char *once = corpus->vectors[i].stored;
        char *twice = page_fixture_store(FIXTURE_WEB, once, NULL);
        if (strcmp(once, twice) != 0) {
            print_error("%s: changes when read again\n%s\n1> %s\n2> %s\n", corpus->vectors[i].place,
                        corpus->vectors[i].text, once, twice);
            failed++;
        }
        free(twice);
    }
    assert_int_equal(failed, 0);
}

/* ---- In company ---- */

/* xorshift64*: the same numbers everywhere. */
static uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545F4914F6CDD1D;
}

static const char *const containers[][2] = {
    {"", ""},
    {"<table><tr><td>", "</td></tr></table>"},
    {"<table>", "</table>"},
    {"<select><option>", "</select>"},
    {"<svg>", "</svg>"},
    {"<svg><foreignObject>", "</foreignObject></svg>"},
    {"<svg><desc>", "</desc></svg>"},
    {"<svg><title>", "</title></svg>"},
    {"<svg><style>", "</style></svg>"},
    {"<math>", "</math>"},
    {"<math><mtext>", "</mtext></math>"},
    {"<math><annotation-xml encoding=text/html>", "</annotation-xml></math>"},
    {"<template>", "</template>"},
    {"<div><template shadowrootmode=open>", "</template></div>"},
    {"<noscript>", "</noscript>"},
    {"<p>", "</p>"},
    {"<form>", "</form>"},
    {"<style>", "</style>"},
    {"<textarea>", "</textarea>"},
    {"<title>", "</title>"},
    {"<xmp>", "</xmp>"},
    {"<iframe>", "</iframe>"},
    {"<a href=#>", "</a>"},
    {"<button>", "</button>"},
    {"<frameset>", "</frameset>"},
    {"<!--", "-->"},
    {"<svg><![CDATA[", "]]></svg>"},
    {"<p title=\"", "\">"},
    {"<p title='", "'>"},
    {"<head>", "</head>"},
    {"<ruby><rt>", "</ruby>"},
    {"<object>", "</object>"},
};

/* The deep ones only stand alone: at the ceiling of depth it counts which elements the page wrote
 * and which a parser added, and the second time all are written. */
static const struct vector *pick(const struct corpus *corpus, uint64_t *seed)
{
    const struct vector *vector;
    do
        vector = &corpus->vectors[draw(seed) % corpus->count];
    while (vector->form != FIXTURE_WEB || strlen(vector->text) > 1200);
    return vector;
}

/* Two vectors, one put into the other at any byte, in one or two containers. */
static char *splice(const struct corpus *corpus, uint64_t *seed)
{
    size_t kinds = sizeof containers / sizeof *containers;
    const char *const *outer = containers[draw(seed) % kinds];
    const char *const *inner = containers[draw(seed) % kinds];
    const char *a = pick(corpus, seed)->text;
    const char *b = pick(corpus, seed)->text;
    size_t cut = draw(seed) % (strlen(a) + 1);
    while (cut > 0 && ((unsigned char)a[cut] & 0xC0) == 0x80)
        cut--;
    struct buf text;
    buf_init(&text, LIMIT_DOCUMENT);
    buf_printf(&text, "%s%.*s%s%s%s%s%s", outer[0], (int)cut, a, inner[0], b, inner[1], a + cut,
               outer[1]);
    return buf_take(&text);
}

static bool stays_inert(const char *page, char *why, size_t size)
{
    char *once = page_fixture_store(FIXTURE_WEB, page, NULL);
    char *twice = page_fixture_store(FIXTURE_WEB, once, NULL);
    bool ok = page_audit(once, why, size) && page_audit_strict(once, false, why, size);
    if (ok && strcmp(once, twice) != 0) {
        snprintf(why, size, "changes when read again");
        ok = false;
    }
    if (!ok)
        print_error("%s\n%s\n1> %s\n2> %s\n", why, page, once, twice);
    free(once);
    free(twice);
    return ok;
}

static void vectors_put_into_each_other_stay_inert(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    enum { ROUNDS = 150 }; /* each page is parsed in a process of its own, which costs much here */
#else
    enum { ROUNDS = 3000 };
#endif
    const struct corpus *corpus = *state;
    const char *given = getenv("LINKSNAP_SEED");
    const char *count = getenv("LINKSNAP_ROUNDS");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20251122;
    unsigned long rounds = count != NULL ? strtoul(count, NULL, 10) : ROUNDS;
    size_t failed = 0;
    print_message("LINKSNAP_SEED=%llu\n", (unsigned long long)seed);
    seed = seed * 2 + 1; /* never 0 */
    for (unsigned long i = 0; i < rounds; i++) {
        char why[256];
        char *page = splice(corpus, &seed);
        bool ok = stays_inert(page, why, sizeof why);
        failed += !ok;
        if (!ok)
            print_error("^ round %lu\n", i);
        free(page);
    }
    assert_int_equal(failed, 0);
}

/* ---- Encodings ---- */

static void no_encoding_hides_markup(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct slice bytes;
    } cases[] = {
#define BYTES(text) {text, sizeof(text) - 1}
        {"utf-7", BYTES("+ADw-script+AD4-alert(1)+ADw-/script+AD4-")},
        {"utf-16le", BYTES("<\0s\0c\0r\0i\0p\0t\0>\0a\0l\0e\0r\0t\0(\0001\0)\0<\0/\0s\0>\0")},
        {"utf-16be", BYTES("\0<\0i\0m\0g\0 \0o\0n\0e\0r\0r\0o\0r\0=\0a\0>")},
        {"", BYTES("\xFF\xFE<\0s\0v\0g\0 \0o\0n\0l\0o\0a\0d\0=\0a\0>\0")},
        {"", BYTES("\xEF\xBB\xBF<script>alert(1)</script>")},
        {"iso-2022-jp", BYTES("<p title=\"\x1B$B\">x\x1B(B\"><img src=x onerror=alert(1)>")},
        {"iso-2022-jp", BYTES("\x1B(J<p title=\"\\\"><img src=x onerror=alert(1)>\">\x1B(B")},
        {"iso-2022-kr", BYTES("\x1B$)C\x0E<script>alert(1)</script>\x0F<img onerror=alert(1)>")},
        {"hz-gb-2312", BYTES("~{<script>~}<img src=x onerror=alert(1)>")},
        {"shift_jis", BYTES("<p title=\"\x81\"><img src=x onerror=alert(1)>\">x</p>")},
        {"euc-jp", BYTES("<p title=\"\x8F\"><img src=x onerror=alert(1)>\">x</p>")},
        {"gb18030", BYTES("<p title=\"\x81\x30\"><img src=x onerror=alert(1)>\">x</p>")},
        {"gbk", BYTES("<a title=\"\x81\" href=\"javascript:alert(1)\">x</a>")},
        {"big5", BYTES("<p title=\"\xA5\"><img src=x onerror=alert(1)>\">x</p>")},
        {"x-user-defined", BYTES("\xBCscript\xBE alert(1)<script>alert(1)</script>")},
        {"replacement", BYTES("<script>alert(1)</script>")},
        {"utf-8", BYTES("<p title=\"\xC3\"><img src=x onerror=alert(1)>\xE0\x80\xBCscript\xF0>")},
        {"utf-8", BYTES("\xC0\xBCscript\xC0\xBE<scr\0ipt>alert(1)</scr\0ipt><img\0src=x on\0=a>")},
        {"utf-8", BYTES("<a href=\"java\0script:alert(1)\">x</a><\0script>alert(1)</script>")},
        {"utf-8", BYTES("<style>p{background:u\0rl(http://evil.test/)}</style>\0<svg\0onload=a>")},
#undef BYTES
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct document *doc;
        char why[256];
        const struct document_origin origin = {.url = slice_of("http://example.test/"),
                                               .charset = slice_of(cases[i].label)};
        if (!document_read_web(cases[i].bytes, &origin, &doc, &err))
            fail_msg("%s: %s", cases[i].label, err.text);
        assert_true(sanitize_document(doc, &err));
        char *stored = page_fixture_write(doc);
        document_destroy(doc);
        if (!page_audit(stored, why, sizeof why) ||
            !page_audit_strict(stored, false, why, sizeof why))
            fail_msg("%zu, %s: %s\n%s", i, cases[i].label, why, stored);
        free(stored);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_parser_finds_anything_alive),
        cmocka_unit_test(trees_of_scripts_read_back_as_they_were_stored),
        cmocka_unit_test(the_exported_file_is_inert_and_comes_back_as_it_was),
        cmocka_unit_test(vectors_put_into_each_other_stay_inert),
        cmocka_unit_test(no_encoding_hides_markup),
    };
    return cmocka_run_group_tests_name("inert", tests, read_corpus, free_corpus);
}

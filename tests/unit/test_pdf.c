/* page/content: PDF, and page/child, which lets nothing of a program out but its bytes. */
#include "base/limits.h"
#include "content_fixture.h"
#include "page/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define URL "https://example.com/paper.pdf"

enum { PAGES_MAX = 8 };

/* A document of these pages, each a piece of a content stream; `info` is its dictionary, or NULL.
 */
static void make_pdf(struct buf *pdf, const char *const *pages, size_t count, const char *info)
{
    size_t offsets[2 * PAGES_MAX + 5] = {0};
    size_t last = 0;
    buf_init(pdf, 4 * MIB);
    buf_add_text(pdf, "%PDF-1.4\n");
    offsets[++last] = pdf->len;
    buf_add_text(pdf, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    offsets[++last] = pdf->len;
    buf_add_text(pdf, "2 0 obj\n<< /Type /Pages /Kids [");
    for (size_t i = 0; i < count; i++)
        buf_printf(pdf, "%zu 0 R ", 5 + 2 * i);
    buf_printf(pdf, "] /Count %zu >>\nendobj\n", count);
    offsets[++last] = pdf->len;
    buf_add_text(pdf, "3 0 obj\n<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding "
                      "/UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 "
                      "/BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
                      "/Supplement 2 >> >>] >>\nendobj\n");
    offsets[++last] = pdf->len;
    buf_add_text(pdf, "4 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
    for (size_t i = 0; i < count; i++) {
        offsets[++last] = pdf->len;
        buf_printf(pdf,
                   "%zu 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << "
                   "/Font << /C 3 0 R /F 4 0 R >> >> /Contents %zu 0 R >>\nendobj\n",
                   5 + 2 * i, 6 + 2 * i);
        offsets[++last] = pdf->len;
        buf_printf(pdf, "%zu 0 obj\n<< /Length %zu >>\nstream\n%s\nendstream\nendobj\n", 6 + 2 * i,
                   strlen(pages[i]), pages[i]);
    }
    if (info != NULL) {
        offsets[++last] = pdf->len;
        buf_printf(pdf, "%zu 0 obj\n%s\nendobj\n", last, info);
    }
    size_t table = pdf->len;
    buf_printf(pdf, "xref\n0 %zu\n0000000000 65535 f \n", last + 1);
    for (size_t i = 1; i <= last; i++)
        buf_printf(pdf, "%010zu 00000 n \n", offsets[i]);
    buf_printf(pdf, "trailer\n<< /Size %zu /Root 1 0 R ", last + 1);
    if (info != NULL)
        buf_printf(pdf, "/Info %zu 0 R ", last);
    buf_printf(pdf, ">>\nstartxref\n%zu\n%%%%EOF\n", table);
    assert_int_equal(pdf->failed, ERR_NONE);
}

#define TEXT(words) "BT /F 12 Tf 20 150 Td 14 TL " words " ET"

static void a_pdf_is_shown_page_by_page(void **state)
{
    (void)state;
    static const char *const pages[] = {
        TEXT("(First <pre> & words) Tj T* (two re-) Tj T* (sult) Tj"), "",
        TEXT("(Third </pre></body>) Tj")};
    struct buf pdf;
    struct content_fixture f;
    make_pdf(&pdf, pages, 3, "<< /Title (A <b>title</b> & more) /Author (Me) >>");
    content_fixture_make(&f, buf_slice(&pdf), "application/pdf", URL);
    assert_int_equal(f.kind, CONTENT_PDF);
    assert_int_equal(f.gap, CONTENT_WHOLE);
    assert_string_equal(f.text.title, "A <b>title</b> & more");
    content_fixture_has(&f.stored, "id=\"page=1\"><h2 class=\"number\">1</h2>");
    content_fixture_has(&f.stored, "First &lt;pre&gt; &amp; words");
    content_fixture_has(&f.stored, "id=\"page=3\"><h2 class=\"number\">3</h2>");
    content_fixture_has(&f.stored, "Third &lt;/pre&gt;&lt;/body&gt;");
    content_fixture_lacks(&f.stored, "page=2");
    content_fixture_has(&f.stored, "paper.pdf</a> · application/pdf · ");
    assert_non_null(strstr(f.text.text, "words"));
    content_fixture_finish(&f);
    buf_finish(&pdf);
}

static void without_a_title_the_first_line_is_it(void **state)
{
    (void)state;
    static const char *const pages[] = {TEXT("(  On  Things ) Tj T* (and more) Tj")};
    static const char *const blank[] = {""};
    static const struct {
        const char *info, *title;
    } cases[] = {{NULL, "On Things"},
                 {"<< /Title (untitled) >>", "On Things"},
                 {"<< /Title () >>", "On Things"},
                 {"<< /Title (Microsoft Word - Thesis.doc) >>", "Thesis.doc"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf pdf;
        struct content_fixture f;
        make_pdf(&pdf, pages, 1, cases[i].info);
        content_fixture_make(&f, buf_slice(&pdf), "application/pdf", URL);
        assert_string_equal(f.text.title, cases[i].title);
        content_fixture_finish(&f);
        buf_finish(&pdf);
    }
    struct buf pdf;
    struct content_fixture f;
    make_pdf(&pdf, blank, 1, NULL);
    content_fixture_make(&f, buf_slice(&pdf), "application/pdf", URL);
    assert_int_equal(f.gap, CONTENT_WHOLE);
    assert_string_equal(f.text.title, "paper.pdf");
    content_fixture_finish(&f);
    buf_finish(&pdf);
}

/* 快照保存网页 / 内容以便离线 / 阅读。 / 下段: a word that goes on in the next line is one word. */
static void chinese_words_that_go_over_two_lines_are_whole(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "BT /C 12 Tf 20 150 Td 14 TL <5FEB7167 4FDD5B58 7F519875> Tj T* "
        "<51855BB9 4EE54FBF 79BB7EBF> Tj T* <96058BFB 3002> Tj T* <4E0B6BB5> Tj ET"};
    struct buf pdf;
    struct content_fixture f;
    make_pdf(&pdf, pages, 1, NULL);
    content_fixture_make(&f, buf_slice(&pdf), "application/pdf", URL);
    content_fixture_has(&f.stored, "快照保存网页内容以便离线阅读。\n下段");
    content_fixture_finish(&f);
    buf_finish(&pdf);
}

static void what_cannot_be_read_is_named_all_the_same(void **state)
{
    (void)state;
    static const char *const pages[] = {TEXT("(Words) Tj")};
    struct buf pdf;
    make_pdf(&pdf, pages, 1, NULL);
    FILE *locked = fopen("tests/fixtures/content/locked.pdf", "rb");
    char bytes[4096];
    assert_non_null(locked);
    size_t len = fread(bytes, 1, sizeof bytes, locked);
    fclose(locked);
    const struct slice cases[] = {
        slice_of("%PDF-1.4\ngarbage \x01\xFF and so on"),
        slice_sub(buf_slice(&pdf), 0, 200),
        slice_of("%PDF-"),
        slice_make(bytes, len),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct content_fixture f;
        content_fixture_make(&f, cases[i], "application/pdf", URL);
        assert_int_equal(f.gap, CONTENT_UNREAD);
        assert_string_equal(f.text.title, "paper.pdf");
        content_fixture_has(&f.stored, "paper.pdf</a> · application/pdf · ");
        content_fixture_lacks(&f.stored, "Locked words");
        content_fixture_finish(&f);
    }
    buf_finish(&pdf);
}

/* ---- The child ---- */

static bool shout(struct slice in, int out)
{
    return in.len == 2 && child_write(out, in) && child_write(out, slice_of("!"));
}

static bool fall(struct slice in, int out)
{
    (void)in;
    (void)out;
    _exit(9);
}

static void a_function_runs_in_a_child_too(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf out;
    enum child_end end;
    buf_init(&out, KIB);
    struct child child = {.work = shout, .in = slice_of("hi"), .ms = 30000};
    assert_true(child_run(&child, &out, &end, &err));
    assert_int_equal(end, CHILD_DONE);
    assert_string_equal(out.ptr, "hi!");
    child.work = fall;
    assert_true(child_run(&child, &out, &end, &err));
    assert_int_equal(end, CHILD_FAILED);
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pdf_is_shown_page_by_page),
        cmocka_unit_test(without_a_title_the_first_line_is_it),
        cmocka_unit_test(chinese_words_that_go_over_two_lines_are_whole),
        cmocka_unit_test(what_cannot_be_read_is_named_all_the_same),
        cmocka_unit_test(a_function_runs_in_a_child_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

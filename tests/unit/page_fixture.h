/* Fixture files, and the way of a document from text to its stored form, for the tests of page/. */
#ifndef TESTS_PAGE_FIXTURE_H
#define TESTS_PAGE_FIXTURE_H

#include "page/document.h"

/* The whole file, NUL-terminated; fails the test when it cannot be read. The caller frees. */
char *page_fixture_read(const char *path);

/* Names in a folder below tests/fixtures/ that end with `suffix`, sorted. The caller frees with
 * page_fixture_free_names. */
char **page_fixture_names(const char *folder, const char *suffix, size_t *count_out);
void page_fixture_free_names(char **names, size_t count);

enum fixture_form { FIXTURE_WEB, FIXTURE_WIRE };

/* Reads, sanitizes and writes; fails the test when any of it fails. `text` is a whole document of
 * its form, `doctype` for the wire form only. Nothing is collected, so only references that are
 * ours already survive. The caller frees. */
char *page_fixture_store(enum fixture_form form, const char *text, const char *doctype);

/* The same with the document kept, for other questions. */
struct document *page_fixture_document(enum fixture_form form, const char *text,
                                       const char *doctype);
char *page_fixture_write(const struct document *doc);

/* Contents of bodies and what is stored of them. */
struct page_fixture_case {
    const char *in;
    const char *out;
};

/* Fails the test at the first body that is stored as something else. */
void page_fixture_bodies(enum fixture_form form, const struct page_fixture_case *cases,
                         size_t count);

#define PAGE_FIXTURE_BODIES(form, cases)                                                           \
    page_fixture_bodies(form, cases, sizeof(cases) / sizeof *(cases))

/* Fails the test unless reading the text fails with this code and a sentence. */
void page_fixture_refused(enum fixture_form form, struct slice text, enum error_code code);

/* A body's content as a whole wire document. The caller frees. */
char *page_fixture_wire_page(const char *body);

#endif

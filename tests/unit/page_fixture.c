#include "page_fixture.h"

#include "base/limits.h"
#include "page/tree.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

char *page_fixture_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s cannot be read; tests run in the project's root folder", path);
    struct buf text;
    buf_init(&text, LIMIT_DOCUMENT);
    char part[4096];
    for (size_t len; (len = fread(part, 1, sizeof part, file)) > 0;)
        buf_add(&text, part, len);
    fclose(file);
    char *taken = buf_take(&text);
    assert_non_null(taken);
    return taken;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **page_fixture_names(const char *folder, const char *suffix, size_t *count_out)
{
    char path[256];
    snprintf(path, sizeof path, "tests/fixtures/%s", folder);
    DIR *dir = opendir(path);
    if (dir == NULL)
        fail_msg("%s cannot be read; tests run in the project's root folder", path);
    char **names = NULL;
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name);
        size_t end = strlen(suffix);
        if (len <= end || strcmp(entry->d_name + len - end, suffix) != 0)
            continue;
        names = realloc(names, (count + 1) * sizeof *names);
        assert_non_null(names);
        names[count++] = slice_dup(slice_of(entry->d_name));
    }
    closedir(dir);
    if (count > 0)
        qsort(names, count, sizeof *names, by_name);
    *count_out = count;
    return names;
}

void page_fixture_free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

struct document *page_fixture_document(enum fixture_form form, const char *text,
                                       const char *doctype)
{
    struct error err = {0};
    struct document *doc = NULL;
    struct document_origin origin = {.url = slice_of("http://example.test/dir/page.html"),
                                     .doctype = slice_of(doctype),
                                     .charset = slice_of("utf-8")};
    bool ok = form == FIXTURE_WEB ? document_read_web(slice_of(text), &origin, &doc, &err)
                                  : document_read_wire(slice_of(text), &origin, &doc, &err);
    if (!ok)
        fail_msg("reading: %s", err.text);
    return doc;
}

char *page_fixture_write(const struct document *doc)
{
    struct error err = {0};
    struct buf out;
    buf_init(&out, 2 * LIMIT_DOCUMENT);
    if (!document_write(doc, &out, &err))
        fail_msg("writing: %s", err.text);
    return buf_take(&out);
}

char *page_fixture_store(enum fixture_form form, const char *text, const char *doctype)
{
    struct error err = {0};
    struct document *doc = page_fixture_document(form, text, doctype);
    if (!sanitize_document(doc, &err))
        fail_msg("sanitizing: %s", err.text);
    char *stored = page_fixture_write(doc);
    document_destroy(doc);
    return stored;
}

char *page_fixture_wire_page(const char *body)
{
    struct buf text;
    buf_init(&text, LIMIT_DOCUMENT);
    buf_printf(&text,
               "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:ls=\"urn:linksnap:1\" "
               "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><head></head><body>%s</body></html>",
               body);
    return buf_take(&text);
}

void page_fixture_bodies(enum fixture_form form, const struct page_fixture_case *cases,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *page = form == FIXTURE_WIRE ? page_fixture_wire_page(cases[i].in) : NULL;
        char *stored =
            page_fixture_store(form, page != NULL ? page : cases[i].in, "<!DOCTYPE html>");
        char *body = strstr(stored, "<body>");
        char *end = strstr(stored, DOCUMENT_END_MARK);
        assert_non_null(body);
        assert_non_null(end);
        *end = '\0';
        if (strcmp(body + 6, cases[i].out) != 0)
            fail_msg("%s\ngives\n%s\nnot\n%s", cases[i].in, body + 6, cases[i].out);
        free(stored);
        free(page);
    }
}

void page_fixture_refused(enum fixture_form form, struct slice text, enum error_code code)
{
    struct error err = {0};
    struct document *doc = NULL;
    struct document_origin origin = {.url = slice_of("http://example.test/")};
    bool ok = form == FIXTURE_WIRE ? document_read_wire(text, &origin, &doc, &err)
                                   : document_read_web(text, &origin, &doc, &err);
    if (ok)
        fail_msg("not refused: %.*s", text.len < 200 ? (int)text.len : 200, text.ptr);
    assert_null(doc);
    if (err.code != code)
        fail_msg("refused with %s: %s", error_name(err.code), err.text);
    assert_true(err.text[0] != '\0');
}

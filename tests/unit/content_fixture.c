#include "content_fixture.h"

#include "base/limits.h"
#include "page_audit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void sniff(struct slice bytes, const char *type, struct media_type *type_out)
{
    struct media_type header;
    media_parse(slice_of(type), &header);
    media_sniff(bytes, &header, type_out);
}

const char *content_fixture_kind(struct slice bytes, const char *type, const char *url)
{
    struct media_type found;
    sniff(bytes, type, &found);
    return content_kind_name(content_kind_of(bytes, &found, url));
}

void content_fixture_write(struct content_fixture *f, struct slice bytes, const char *type,
                           const char *url)
{
    struct error err = {0};
    *f = (struct content_fixture){0};
    buf_init(&f->html, LIMIT_PAGE_BODY);
    buf_init(&f->stored, 4 * LIMIT_PAGE_BODY);
    struct content content = {.bytes = bytes, .url = url};
    sniff(bytes, type, &content.type);
    content.kind = f->kind = content_kind_of(bytes, &content.type, url);
    assert_true(content_file_name(NULL, url, &content.type, &f->name, &err));
    content.name = f->name;
    if (!content_write(&content, &f->html, &f->gap, &err))
        fail_msg("%s: %s", url, err.text);
}

void content_fixture_make(struct content_fixture *f, struct slice bytes, const char *type,
                          const char *url)
{
    struct error err = {0};
    struct document *doc;
    char why[256] = "";
    const struct document_origin origin = {.url = slice_of(url)};
    const struct assets_options options = {.page_url = url, .web = true};
    content_fixture_write(f, bytes, type, url);
    if (!document_read_web(buf_slice(&f->html), &origin, &doc, &err))
        fail_msg("%s", err.text);
    assert_true(document_extract_text(doc, &f->text, &err));
    assert_true(assets_create(&options, &f->assets, &err));
    assert_true(assets_supply(f->assets, slice_of(url), slice_of(type), bytes, &err));
    assert_true(document_prepare(doc, f->assets, &err));
    assert_true(document_write(doc, &f->stored, &err));
    document_destroy(doc);
    if (!page_audit(f->stored.ptr, why, sizeof why))
        fail_msg("%s", why);
}

void content_fixture_finish(struct content_fixture *f)
{
    assets_destroy(f->assets);
    document_text_finish(&f->text);
    buf_finish(&f->stored);
    buf_finish(&f->html);
    free(f->name);
    *f = (struct content_fixture){0};
}

/* The part that differs from one document to the next. */
static const char *body_of(const struct buf *text)
{
    const char *body = strstr(text->ptr, "<body");
    return body != NULL ? body : text->ptr;
}

void content_fixture_has(const struct buf *text, const char *what)
{
    if (slice_find(buf_slice(text), 0, slice_of(what)) == text->len)
        fail_msg("no \"%s\" in\n%.4000s", what, body_of(text));
}

void content_fixture_lacks(const struct buf *text, const char *what)
{
    if (slice_find(buf_slice(text), 0, slice_of(what)) < text->len)
        fail_msg("\"%s\" is in\n%.4000s", what, body_of(text));
}

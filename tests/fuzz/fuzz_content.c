/* Links that lead to no web page: "TYPE NAME" in the first line (application/json a.json), the file
 * in the rest. Shown as a document, it goes the way of every other. PDF takes another program. */
#include "base/limits.h"
#include "base/utf8.h"
#include "page/content.h"
#include "stored.h"

#include <stdlib.h>

static void show(const struct content *content)
{
    const struct document_origin origin = {.url = slice_of(FUZZ_PAGE_URL),
                                           .charset = slice_of("utf-8")};
    struct buf html;
    struct document *doc;
    struct error err = {0};
    enum content_gap gap;
    buf_init(&html, LIMIT_PAGE_BODY);
    bool ok = content_write(content, &html, &gap, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(ok && html.len > 0);
    FUZZ_CHECK(utf8_valid(buf_slice(&html)));
    ok = document_read_web(buf_slice(&html), &origin, &doc, &err);
    fuzz_check_error(ok, &err);
    if (ok)
        fuzz_page_store(doc, true);
    buf_finish(&html);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_make(data, size);
    struct slice line = fuzz_take_line(&bytes);
    size_t space = slice_find_byte(line, 0, ' ');
    char *name = fuzz_text(slice_sub(line, space + 1, 100));
    struct media_type type;
    struct error err = {0};
    struct content content = {.bytes = bytes, .url = "http://example.test/dir/a"};
    char *file = NULL;
    media_parse(slice_sub(line, 0, space), &type);
    media_sniff(bytes, &type, &content.type);
    content.kind = content_kind_of(bytes, &content.type, name);
    FUZZ_CHECK(content.kind < CONTENT_KINDS);
    FUZZ_CHECK(content_file_name(NULL, name, &content.type, &file, &err));
    content.name = file;
    if (content.kind != CONTENT_PAGE && content.kind != CONTENT_ARCHIVE &&
        content.kind != CONTENT_PDF)
        show(&content);
    free(file);
    free(name);
    return 0;
}

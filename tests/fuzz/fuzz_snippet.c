/* store/marks and store/snippet: a search in the first line, a text in the rest. */
#include "base/utf8.h"
#include "fuzz.h"
#include "store/snippet.h"

static void check_spans(const struct snippet *snippet, bool valid)
{
    const struct search_span *spans = snippet_spans(snippet);
    for (size_t i = 0; i < snippet_count(snippet); i++) {
        FUZZ_CHECK(spans[i].text.len > 0);
        FUZZ_CHECK(i == 0 || !spans[i].hit || !spans[i - 1].hit);
        FUZZ_CHECK(!valid || utf8_valid(spans[i].text));
    }
}

static void cut(struct folder *folder, const struct query *query, struct slice text, bool title)
{
    static struct snippet snippet;
    struct marks marks;
    struct error err = {0};
    size_t len = 0;
    marks_init(&marks, folder, query, title ? FTS_TITLE : FTS_TEXT);
    snippet_init(&snippet);
    FUZZ_CHECK(title ? snippet_of_title(&snippet, &marks, text, &err)
                     : snippet_of_text(&snippet, &marks, text, &err));
    check_spans(&snippet, utf8_valid(text));
    for (size_t i = 0; i < snippet_count(&snippet); i++)
        len += snippet_spans(&snippet)[i].text.len;
    FUZZ_CHECK(!title || len == text.len);
    snippet_finish(&snippet);
    marks_finish(&marks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct folder *folder;
    static struct query query;
    struct slice text = slice_make(data, size);
    struct slice typed = fuzz_take_line(&text);
    struct error err = {0};
    FUZZ_CHECK(folder != NULL || folder_create(&folder, &err));
    FUZZ_CHECK(query_parse(&query, folder, typed, 1795200000000, &err));
    cut(folder, &query, text, true);
    cut(folder, &query, text, false);
    query_finish(&query);
    return 0;
}

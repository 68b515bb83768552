/* app/markdown: what was marked, as Markdown that a reader shows as it was. */
#include "app/markdown.h"

#include "base/limits.h"
#include "base/slice.h"
#include "fuzz.h"

#include <md4c-html.h>
#include <stdlib.h>

/* All that some reader knows, but for addresses that become links by themselves: there readers
 * differ in whether an escape is one. */
enum {
    READER = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_LATEXMATHSPANS |
             MD_FLAG_WIKILINKS | MD_FLAG_UNDERLINE
};

static void add_html(const MD_CHAR *text, MD_SIZE len, void *arg)
{
    buf_add(arg, text, len);
}

/* Passes over a tag that a quote or a heading may have, and the link after a heading. */
static size_t tag_length(struct slice html, size_t at)
{
    static const char *const known[] = {"<blockquote>", "</blockquote>", "<p>",  "</p>",  "<br>",
                                        "<h2>",         "</h2>",         "</a>", "<br />"};
    struct slice rest = slice_sub(html, at, html.len);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t len = strlen(known[i]);
        if (slice_equal(slice_sub(rest, 0, len), slice_of(known[i])))
            return len;
    }
    if (slice_equal(slice_sub(rest, 0, 9), slice_of("<a href=\"")))
        return slice_find_byte(rest, 0, '>') + 1;
    fuzz_fault("a tag: %.*s", (int)html.len, html.ptr);
}

static char entity(struct slice html, size_t *at)
{
    static const struct {
        const char *name;
        char c;
    } known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t len = strlen(known[i].name);
        if (slice_equal(slice_sub(html, *at, len), slice_of(known[i].name))) {
            *at += len;
            return known[i].c;
        }
    }
    fuzz_fault("an entity: %.*s", (int)html.len, html.ptr);
}

/* The text that a reader shows, without white space. */
static void shown_text(struct slice markdown, struct buf *out)
{
    struct buf html;
    buf_init(&html, 64 * MIB);
    FUZZ_CHECK(md_html(markdown.ptr, (MD_SIZE)markdown.len, add_html, &html, READER, 0) == 0);
    struct slice all = buf_slice(&html);
    for (size_t at = 0; at < all.len;) {
        if (all.ptr[at] == '<')
            at += tag_length(all, at);
        else if (all.ptr[at] == '&')
            buf_add_char(out, entity(all, &at));
        else if (ascii_space(all.ptr[at]))
            at++;
        else
            buf_add_char(out, all.ptr[at++]);
    }
    buf_finish(&html);
}

static void check_shown(const struct buf *markdown, const char *text, struct slice more)
{
    struct buf shown;
    struct buf expected;
    buf_init(&shown, 16 * MIB);
    buf_init(&expected, 16 * MIB);
    shown_text(buf_slice(markdown), &shown);
    for (const char *c = text; *c != '\0'; c++)
        if (!ascii_space(*c))
            buf_add_char(&expected, *c);
    buf_add_slice(&expected, more);
    if (!slice_equal(buf_slice(&shown), buf_slice(&expected)))
        fuzz_fault("%.*s is shown as %.*s", (int)markdown->len, markdown->ptr, (int)shown.len,
                   shown.ptr);
    buf_finish(&shown);
    buf_finish(&expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out;
    char *text = fuzz_text(slice_make(data, size));
    buf_init(&out, 16 * MIB);
    markdown_quote(&out, slice_of(text));
    check_shown(&out, text, (struct slice){0});
    buf_reset(&out);
    markdown_heading(&out, slice_of(text), slice_of("https://example.com/a_b_c"));
    check_shown(&out, text, slice_of("https://example.com/a_b_c"));
    buf_finish(&out);
    free(text);
    return 0;
}

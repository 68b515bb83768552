/* Markdown as HTML: CommonMark with what GitHub adds, by md4c. HTML in it may stay, since all of
 * the document is made safe later. */
#include "page/child.h"
#include "page/content_fragment.h"
#include "page/content_headings.h"
#include "page/content_html.h"
#include "page/xml_tokens.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <md4c-html.h>

#define HTML_MAX (32 * MIB)

/* ---- In the child: tables alone can make of a short text what fills any disk ---- */

struct sink {
    char bytes[32768];
    size_t len;
    int out;
    bool failed;
};

static void flush(struct sink *sink)
{
    sink->failed = sink->failed || !child_write(sink->out, slice_make(sink->bytes, sink->len));
    sink->len = 0;
}

static void on_html(const MD_CHAR *text, MD_SIZE size, void *arg)
{
    struct sink *sink = arg;
    struct slice rest = slice_make(text, size);
    while (rest.len > 0 && !sink->failed) {
        size_t room = sizeof sink->bytes - sink->len;
        struct slice part = slice_sub(rest, 0, room);
        memcpy(sink->bytes + sink->len, part.ptr, part.len);
        sink->len += part.len;
        rest = slice_sub(rest, part.len, rest.len);
        if (part.len == room)
            flush(sink);
    }
}

static bool render(struct slice text, int out)
{
    static struct sink sink;
    sink.out = out;
    bool ok = md_html(text.ptr, (MD_SIZE)text.len, on_html, &sink, MD_DIALECT_GITHUB, 0) == 0;
    flush(&sink);
    return ok && !sink.failed;
}

/* ---- Around it ---- */

/* YAML between two lines of "---" at the start, as sites made of Markdown have it. */
static struct slice take_front(struct slice *text)
{
    struct slice front = {NULL, 0};
    size_t line = slice_find_byte(*text, 0, '\n');
    if (!slice_equal(slice_trim(slice_sub(*text, 0, line)), slice_of("---")))
        return front;
    size_t end = slice_find(slice_sub(*text, 0, 64 * KIB), line, slice_of("\n---"));
    if (end >= text->len || end >= 64 * KIB)
        return front;
    size_t after = slice_find_byte(*text, end + 1, '\n');
    if (!slice_equal(slice_trim(slice_sub(*text, end, after - end)), slice_of("---")))
        return front;
    front = slice_sub(*text, line + 1, end > line ? end - line - 1 : 0);
    *text = slice_sub(*text, after, text->len);
    return front;
}

static struct slice front_title(struct slice front)
{
    for (size_t at = 0; at < front.len;) {
        size_t end = slice_find_byte(front, at, '\n');
        struct slice line = slice_sub(front, at, end - at);
        if (slice_starts(line, "title:")) {
            struct slice title = slice_trim(slice_sub(line, strlen("title:"), line.len));
            bool quoted = title.len > 1 && strchr("\"'", title.ptr[0]) != NULL &&
                          title.ptr[title.len - 1] == title.ptr[0];
            return quoted ? slice_sub(title, 1, title.len - 2) : title;
        }
        at = end + 1;
    }
    return slice_of("");
}

/* What the first heading of this level says; empty when there is none. */
static struct slice first_heading(struct slice html, const char *tag, struct buf *room)
{
    size_t start = slice_find(html, 0, slice_of(tag));
    size_t from = slice_find_byte(html, start, '>');
    size_t end = slice_find(html, from, slice_of("</h"));
    buf_reset(room);
    for (size_t at = from + 1; at < end && end < html.len && end - from < LIMIT_NOTE;) {
        size_t next = slice_find_byte(html, at, '<');
        next = next < end ? next : end;
        xml_unescape(room, slice_sub(html, at, next - at));
        at = next < end ? slice_find_byte(html, next, '>') + 1 : end;
    }
    return content_one_line(room);
}

static bool write_document(const struct content *content, struct slice front, struct slice html,
                           struct buf *out, struct error *err)
{
    static const char *const levels[] = {"<h1", "<h2"};
    struct buf room;
    struct slice title = front_title(front);
    buf_init(&room, LIMIT_NOTE);
    for (size_t i = 0; i < sizeof levels / sizeof *levels && title.len == 0; i++)
        title = first_heading(html, levels[i], &room);
    content_open(out, title.len > 0 ? title : slice_of(content->name), slice_of(""), "prose");
    buf_finish(&room);
    if (front.len > 0) {
        buf_add_text(out, "<pre>\n");
        content_text(out, slice_trim(front), CONTENT_ROOM);
        buf_add_text(out, "</pre>\n");
    }
    struct buf named;
    buf_init(&named, 2 * HTML_MAX);
    bool ok = content_headings(html, &named, err);
    const struct content_fragment fragment = {.html = buf_slice(&named)};
    ok = ok && content_fragment_write(&fragment, out, CONTENT_ROOM, err);
    buf_finish(&named);
    content_close(out);
    return ok && buf_ok(out, "The document", err);
}

bool content_write_markdown(const struct content *content, struct buf *out, struct error *err)
{
    struct buf text;
    struct buf html;
    enum child_end end = CHILD_FAILED;
    if (content->bytes.len > LIMIT_MARKDOWN)
        return false;
    buf_init(&text, 3 * LIMIT_MARKDOWN);
    buf_init(&html, HTML_MAX);
    bool ok = content_decode(content, MEDIA_TEXT, &text, err);
    struct slice rest = buf_slice(&text);
    struct slice front = take_front(&rest);
    const struct child child = {.work = render, .in = rest, .ms = LIMIT_MARKDOWN_MS};
    ok = ok && child_run(&child, &html, &end, err) && end == CHILD_DONE &&
         write_document(content, front, buf_slice(&html), out, err);
    buf_finish(&html);
    buf_finish(&text);
    return ok;
}

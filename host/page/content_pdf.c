/* The text of a PDF, page by page, as poppler's pdftotext finds it. */
#include "page/child.h"
#include "page/content_html.h"
#include "page/xml_tokens.h"

#include "base/limits.h"
#include "base/utf8.h"

enum { PAGES_MAX = 20000, TITLE_MAX = 200 };

/* What pdftotext says: a head of HTML with what the document says of itself, and the text as it is,
 * each page with a form feed at its end. */
struct reading {
    struct slice title; /* as HTML, or empty */
    struct slice text;
};

static void split(struct slice all, struct reading *reading)
{
    static const char open[] = "<pre>\n";
    static const char close[] = "</pre>\n</body>\n</html>\n";
    size_t start = slice_find(all, 0, slice_of(open));
    *reading = (struct reading){.text = all};
    if (!slice_starts(all, "<!DOCTYPE html") || start == all.len)
        return;
    struct slice head = slice_sub(all, 0, start);
    size_t title = slice_find(head, 0, slice_of("<title>"));
    size_t end = slice_find(head, title, slice_of("</title>"));
    if (end < head.len)
        reading->title = slice_sub(head, title + strlen("<title>"), end - title - 7);
    struct slice text = slice_sub(all, start + strlen(open), all.len);
    size_t tail = strlen(close);
    if (text.len >= tail && slice_equal(slice_sub(text, text.len - tail, tail), slice_of(close)))
        text.len -= tail;
    reading->text = text;
}

/* ---- The title ---- */

/* What programs put there when nobody gave one. */
static struct slice without_program(struct slice title)
{
    static const char *const prefixes[] = {"Microsoft Word - ", "Microsoft PowerPoint - "};
    static const char *const empty[] = {"untitled", "PowerPoint Presentation", "Title"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (slice_starts(title, prefixes[i]))
            title = slice_sub(title, strlen(prefixes[i]), title.len);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if (slice_equal_nocase(title, empty[i]))
            return slice_of("");
    return title;
}

static struct slice first_line(struct slice text)
{
    struct slice s = slice_trim(slice_sub(text, 0, 64 * KIB));
    size_t end = 0;
    while (end < s.len && s.ptr[end] != '\n' && s.ptr[end] != '\f')
        end++;
    return utf8_prefix(slice_sub(s, 0, end), TITLE_MAX);
}

/* The document's own, else its first line, else the file's name; in `room` for the first two. */
static struct slice find_title(const struct content *content, const struct reading *reading,
                               struct buf *room)
{
    xml_unescape(room, utf8_prefix(reading->title, LIMIT_TITLE));
    struct slice title = without_program(content_one_line(room));
    if (title.len > 0)
        return title;
    buf_reset(room);
    buf_add_slice(room, first_line(reading->text));
    title = content_one_line(room);
    return title.len > 0 ? title : slice_of(content->name);
}

/* ---- The pages ---- */

/* Scripts that are written without spaces. */
static bool is_dense(uint32_t cp)
{
    return (cp >= 0x2E80 && cp < 0xA000) || (cp >= 0xF900 && cp < 0xFB00) ||
           (cp >= 0xFF00 && cp < 0xFFF0) || (cp >= 0x20000 && cp < 0x32000);
}

/* "。", "！", "？" */
static bool ends_sentence(uint32_t cp)
{
    return cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F;
}

struct line {
    struct slice text;
    size_t width; /* code points */
    uint32_t last;
};

static struct line take_line(struct slice page, size_t at)
{
    struct line line = {.text = slice_sub(page, at, slice_find_byte(page, at, '\n') - at)};
    size_t len;
    for (size_t i = 0; i < line.text.len; i += len, line.width++)
        len = utf8_decode(line.text, i, &line.last);
    return line;
}

static size_t widest(struct slice page)
{
    size_t most = 0;
    for (size_t at = 0; at < page.len;) {
        struct line line = take_line(page, at);
        if (line.width > most)
            most = line.width;
        at += line.text.len + 1;
    }
    return most;
}

/* A word of Chinese or Japanese that goes on in the next line is found only when it is whole: such
 * lines are joined where the first of them is full. */
static void write_lines(struct slice page, struct buf *out)
{
    size_t most = widest(page);
    for (size_t at = 0; at < page.len;) {
        struct line line = take_line(page, at);
        uint32_t next = 0;
        content_text(out, line.text, CONTENT_ROOM);
        at += line.text.len + 1;
        if (at < page.len)
            utf8_decode(page, at, &next);
        bool joined = is_dense(line.last) && is_dense(next) && !ends_sentence(line.last) &&
                      line.width * 4 >= most * 3;
        if (!joined)
            buf_add_char(out, '\n');
    }
}

static bool is_blank(struct slice text)
{
    return slice_trim(text).len == 0;
}

static void write_pages(struct slice text, struct buf *out)
{
    size_t number = 0;
    for (size_t at = 0; at < text.len && out->len < CONTENT_ROOM - MIB;) {
        size_t end = ++number < PAGES_MAX ? slice_find_byte(text, at, '\f') : text.len;
        struct slice page = slice_sub(text, at, end - at);
        if (!is_blank(page)) {
            buf_printf(
                out, "<section id=\"page=%zu\"><h2 class=\"number\">%zu</h2><pre class=\"page\">\n",
                number, number);
            write_lines(page, out);
            buf_add_text(out, "</pre></section>\n");
        }
        at = end + 1;
    }
}

static bool read_text(const struct content *content, struct buf *text, enum content_gap *gap_out,
                      struct error *err)
{
    enum child_end end;
    const struct child child = {.program = PROGRAM_PDFTOTEXT, .in = content->bytes};
    if (!child_run(&child, text, &end, err))
        return false;
    if (end == CHILD_ABSENT)
        *gap_out = CONTENT_NO_TOOL;
    else /* what there is no room for, no search looks for */
        *gap_out = end == CHILD_DONE || end == CHILD_FULL ? CONTENT_WHOLE : CONTENT_UNREAD;
    return true;
}

bool content_write_pdf(const struct content *content, struct buf *out, enum content_gap *gap_out,
                       struct error *err)
{
    struct buf text;
    struct buf title;
    struct reading reading;
    buf_init(&text, LIMIT_TEXT + 64 * KIB);
    buf_init(&title, 4 * LIMIT_TITLE);
    bool ok = read_text(content, &text, gap_out, err);
    if (ok) {
        split(buf_slice(&text), &reading);
        content_open(out, find_title(content, &reading, &title), slice_of(""), "text");
        content_original(out, content);
        write_pages(reading.text, out);
        content_close(out);
        ok = buf_ok(out, "The document", err);
    }
    buf_finish(&title);
    buf_finish(&text);
    return ok;
}

/* What is done while memory is short: for test_no_memory.c alone. */
#ifndef TESTS_NO_MEMORY_WORK_H
#define TESTS_NO_MEMORY_WORK_H

#include "app/capture.h"
#include "app/reply_statistics.h"
#include "app/view.h"
#include "base/limits.h"
#include "base/lines.h"
#include "store/compare.h"
#include "store/highlights.h"
#include "store/thumbnails.h"
#include "store_fixture.h"

#define PNG                                                                                        \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"

static const char wire[] =
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:ls=\"urn:linksnap:1\" lang=\"zh-CN\">"
    "<head><title>\u5FEB\u7167 of a page</title><link rel=\"stylesheet\" href=\"/a.css\"/>"
    "<style>p{background:url(\"data:image/png;base64," PNG "\")}</style></head>"
    "<body><h1>\u6807\u9898</h1><p style=\"color:red\" onclick=\"x()\">Some words "
    "\u94FE\u63A5\u5FEB\u7167</p><a href=\"../b?c=d\">link</a><script>x()</script>"
    "<img src=\"/i.png\" srcset=\"/i.png 1x, /j.png 2x\" alt=\"a picture\"/>"
    "<table><tr><td>cell</td></tr></table><svg xmlns=\"http://www.w3.org/2000/svg\">"
    "<path d=\"M0 0\"/></svg><ul><li>one</li><li>two</li></ul></body></html>";
static const char html[] =
    "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>The other page</title>"
    "<meta name=description content='A description'><link rel=canonical href=/other>"
    "<style>@media screen{p{background:url(data:image/png;base64," PNG ")}}</style>"
    "<h1>Other</h1><p>words of the other page<table><td>cell<ul><li>one<li>two</ul></table>"
    "<img src='data:image/png;base64," PNG "'><script>x()</script>";
static const char markdown[] = "# Notes\n\n- one\n- [two](http://127.0.0.1:9/)\n\n| a |\n|---|\n"
                               "| b |\n";

static const char *const page_tags[] = {"read/later", "\u8BFB\u4E66"};
/* The icon that every site may have is wanted, and refused: nothing here talks to anybody. */
static const struct capture_hooks hooks = {.wake_fd = -1};

struct run {
    struct fixture f;
    struct buf out; /* what the stage answers with */
};

static void note_report(struct run *run, const struct capture_report *report)
{
    buf_printf(&run->out, "%s %s %zu/%zu failed %zu stored %zu bytes %lld\n", report->state,
               report->kind, report->failed, report->total, report->failure_count, report->stored,
               (long long)report->bytes);
}

static bool fill(struct buf *bytes, const void *from, size_t len)
{
    buf_init(bytes, LIMIT_CAPTURE);
    return buf_add(bytes, from, len);
}

static bool save_tab(struct run *run, struct error *err)
{
    static const struct {
        const char *url;
        const char *type;
        const char *bytes;
    } given[] = {
        {"http://127.0.0.1:9/a.css", "text/css", "@font-face{src:url(f.woff2)}h1{color:blue}"},
        {"http://127.0.0.1:9/i.png", "image/png", "\x89PNG\r\n\x1A\n-"},
        {"http://127.0.0.1:9/j.png", "image/png", "\x89PNG\r\n\x1A\n+"},
        {"http://127.0.0.1:9/f.woff2", "font/woff2", "wOF2"},
    };
    enum { GIVEN = sizeof given / sizeof *given };
    const struct capture_wish wish = {
        .tags = page_tags, .tag_count = 2, .private = CAPTURE_PRIVATE_REFUSED};
    struct slice url = slice_of("http://127.0.0.1:9/dir/page");
    struct buf bytes[GIVEN + 1] = {{0}};
    struct capture_item items[GIVEN + 1] = {
        {.document = true, .url = url, .doctype = slice_of("<!DOCTYPE html>"), .bytes = &bytes[0]}};
    struct capture_report report = {0};
    bool ok = fill(&bytes[0], wire, strlen(wire));
    for (size_t i = 0; i < GIVEN; i++) {
        items[i + 1] = (struct capture_item){.number = i + 1,
                                             .url = slice_of(given[i].url),
                                             .media_type = slice_of(given[i].type),
                                             .bytes = &bytes[i + 1]};
        ok = fill(&bytes[i + 1], given[i].bytes, strlen(given[i].bytes)) && ok;
    }
    ok = ok ? capture_tab(run->f.store, url, items, GIVEN + 1, &wish, &hooks, &report, err)
            : error_no_memory(err);
    if (ok)
        note_report(run, &report);
    capture_report_finish(&report);
    for (size_t i = 0; i <= GIVEN; i++)
        buf_finish(&bytes[i]);
    return ok;
}

static bool save_bytes(struct run *run, const char *bytes, const char *url, struct error *err)
{
    const struct capture_wish wish = {.note = slice_of("a note"),
                                      .private = CAPTURE_PRIVATE_REFUSED};
    struct capture_report report = {0};
    bool ok =
        capture_file(run->f.store, slice_of(bytes), slice_of(url), &wish, &hooks, &report, err);
    if (ok)
        note_report(run, &report);
    capture_report_finish(&report);
    return ok;
}

static bool save_html(struct run *run, struct error *err)
{
    return save_bytes(run, html, "http://127.0.0.1:9/other.html", err);
}

static bool save_markdown(struct run *run, struct error *err)
{
    return save_bytes(run, markdown, "http://127.0.0.1:9/notes.md", err);
}

static bool add_hit(const struct search_hit *hit, void *arg)
{
    struct run *run = arg;
    for (size_t i = 0; i < hit->title_count; i++)
        buf_printf(&run->out, "[%.*s]", (int)hit->title[i].text.len, hit->title[i].text.ptr);
    for (size_t i = 0; i < hit->snippet_count; i++)
        buf_printf(&run->out, "{%.*s}", (int)hit->snippet[i].text.len, hit->snippet[i].text.ptr);
    for (size_t i = 0; i < hit->page->tag_count; i++)
        buf_printf(&run->out, "#%s", hit->page->tags[i]);
    return buf_add_char(&run->out, '\n');
}

static bool search(struct run *run, struct error *err)
{
    static const char *const queries[] = {"", "\u5FEB\u7167 of a",
                                          "tag:read (words OR \"one two\")",
                                          "wor* -nothing is:complete after:2020"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        const struct search_request request = {
            .query = slice_of(queries[i]), .limit = 10, .now = 1795200000000};
        struct search_end end;
        if (!search_pages(run->f.store, &request, add_hit, run, &end, err))
            return false;
        buf_printf(&run->out, "%lld %s\n", (long long)end.total, end.hint);
    }
    return true;
}

static bool take_out(struct run *run, struct error *err)
{
    size_t left_out;
    return view_snapshot(run->f.store, 1, &run->out, &left_out, err);
}

static bool add_line(enum lines_change change, struct slice line, void *arg)
{
    return buf_printf(arg, "%d %.*s\n", (int)change, (int)line.len, line.ptr);
}

static bool count_all(struct run *run, struct error *err)
{
    const struct statistics_watch watch = {.arg = NULL};
    struct reply reply;
    reply_init(&reply);
    bool ok = reply_statistics(run->f.store, &watch, &reply, err) && reply_ok(&reply, err);
    if (ok)
        buf_printf(&run->out, "%d members\n", cJSON_GetArraySize(reply.root));
    reply_finish(&reply);
    return ok && lines_compare(slice_of("a\nb\nc"), slice_of("a\nx\nc"), add_line, &run->out, err);
}

static bool open_store(struct run *run, struct error *err)
{
    if (!store_open(run->f.path, STORE_CREATE, &run->f.store, err))
        return false;
    return buf_add_text(&run->out, "open\n");
}

/* Says what is marked, but not in which attempt. */
static bool add_highlight(const struct highlight_row *row, void *arg)
{
    return buf_printf(arg, "%s %s %s %s\n", row->quote, row->prefix, row->note, row->colour);
}

static bool add_thumbnail(const struct thumbnail_row *row, void *arg)
{
    return buf_printf(arg, "%s %zu %s\n", row->media_type, row->bytes.len, row->picture);
}

static bool mark(struct run *run, struct error *err)
{
    static const char picture[] = "\x89PNG\r\n\x1A\n a small picture";
    const struct highlight_new new = {
        .snapshot = 1, .quote = "\u6807\u9898", .prefix = "before", .note = "why"};
    const int64_t snapshot = 1;
    struct store *store = run->f.store;
    int64_t id;
    return highlights_add(store, &new, &id, err) &&
           highlights_update(store, id, "blue", "because", err) &&
           highlights_get(store, id, add_highlight, &run->out, err) &&
           highlights_delete(store, id, err) && highlights_restore(store, id, err) &&
           thumbnails_set(store, 1, "image/png", slice_make(picture, sizeof picture), err) &&
           thumbnails_get(store, &snapshot, 1, add_thumbnail, &run->out, err);
}

static bool add_compared(const struct compare_row *row, void *arg)
{
    return buf_printf(arg, "%d %s %s\n", (int)row->kind, row->ref, row->url);
}

static bool edit(struct run *run, struct error *err)
{
    const struct page_change change = {.title = "Another",
                                       .note = "\u5907\u6CE8",
                                       .tags = page_tags,
                                       .tag_count = 1,
                                       .set_tags = true};
    bool more;
    return compare_snapshots(run->f.store, 1, 1, add_compared, &run->out, &more, err) &&
           snapshots_text(run->f.store, 1, &run->out, err) &&
           pages_update(run->f.store, 1, &change, NULL, err);
}

#endif

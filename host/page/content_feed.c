/* A feed as a list of its entries. */
#include "page/content_feed.h"

#include "base/limits.h"
#include "page/content_fragment.h"
#include "page/content_html.h"
#include "page/url.h"
#include "page/xml_tokens.h"

#include <stdlib.h>

enum { ENTRIES_MAX = 5000 };

#define ENTRIES_ROOM (32 * MIB) /* all of them as HTML */

static void text_init(struct feed_text *text, size_t max)
{
    *text = (struct feed_text){0};
    buf_init(&text->bytes, max);
}

void feed_entry_init(struct feed_entry *entry)
{
    text_init(&entry->title, LIMIT_NOTE);
    text_init(&entry->content, LIMIT_TEXT);
    text_init(&entry->summary, LIMIT_TEXT);
    buf_init(&entry->link, 3 * LIMIT_URL);
    buf_init(&entry->enclosure, 3 * LIMIT_URL);
    buf_init(&entry->date, KIB);
    buf_init(&entry->author, LIMIT_TITLE);
    buf_init(&entry->base, 3 * LIMIT_URL);
}

void feed_entry_finish(struct feed_entry *entry)
{
    buf_finish(&entry->title.bytes);
    buf_finish(&entry->content.bytes);
    buf_finish(&entry->summary.bytes);
    buf_finish(&entry->link);
    buf_finish(&entry->enclosure);
    buf_finish(&entry->date);
    buf_finish(&entry->author);
    buf_finish(&entry->base);
}

static void text_reset(struct feed_text *text)
{
    buf_reset(&text->bytes);
    text->html = false;
    text->xml = false;
}

void feed_entry_reset(struct feed_entry *entry)
{
    text_reset(&entry->title);
    text_reset(&entry->content);
    text_reset(&entry->summary);
    buf_reset(&entry->link);
    buf_reset(&entry->enclosure);
    buf_reset(&entry->date);
    buf_reset(&entry->author);
    buf_reset(&entry->base);
}

bool feed_set_link(struct buf *out, struct slice base, struct slice ref, struct error *err)
{
    char *url;
    struct error fault = {0};
    struct slice trimmed = slice_trim(ref);
    buf_reset(out);
    if (trimmed.len == 0 || trimmed.len > LIMIT_URL)
        return true;
    if (!url_join(base, trimmed, &url, &fault))
        return fault.code != ERR_NO_MEMORY || error_no_memory(err);
    if (url_is_http(slice_of(url)))
        buf_add_text(out, url);
    free(url);
    return out->failed != ERR_NO_MEMORY || error_no_memory(err);
}

/* ---- Writing ---- */

/* What the tags stand around, as HTML. */
static void write_without_tags(struct buf *out, struct slice html)
{
    for (size_t at = 0; at < html.len;) {
        size_t tag = slice_find_byte(html, at, '<');
        size_t end = slice_find_byte(html, tag, '>');
        buf_add_slice(out, slice_sub(html, at, tag - at));
        at = end + 1;
    }
}

static void write_title(struct buf *out, const struct feed_text *title)
{
    if (title->html)
        write_without_tags(out, buf_slice(&title->bytes));
    else
        content_text(out, slice_trim(buf_slice(&title->bytes)), out->max);
}

static void write_heading(struct buf *out, const char *tag, const struct feed_entry *entry)
{
    bool linked = entry->link.len > 0;
    if (!linked && entry->title.bytes.len == 0)
        return;
    buf_printf(out, "<%s>", tag);
    if (linked) {
        buf_add_text(out, "<a");
        content_attribute(out, "href", buf_slice(&entry->link));
        buf_add_char(out, '>');
    }
    if (entry->title.bytes.len > 0)
        write_title(out, &entry->title);
    else
        content_text(out, buf_slice(&entry->link), out->max);
    buf_printf(out, "%s</%s>\n", linked ? "</a>" : "", tag);
}

static void write_byline(struct buf *out, const struct feed_entry *entry)
{
    struct slice author = slice_trim(buf_slice(&entry->author));
    if (author.len == 0 && entry->date.len == 0)
        return;
    buf_add_text(out, "<p class=\"note\">");
    content_text(out, author, out->max);
    if (author.len > 0 && entry->date.len > 0)
        buf_add_text(out, " · ");
    content_time(out, buf_slice(&entry->date));
    buf_add_text(out, "</p>\n");
}

static bool write_text(struct buf *out, const struct feed_text *text, struct slice base,
                       struct error *err)
{
    struct slice bytes = buf_slice(&text->bytes);
    if (slice_trim(bytes).len == 0)
        return true;
    if (!text->html) {
        buf_add_text(out, "<div class=\"plain\">");
        content_text(out, slice_trim(bytes), ENTRIES_ROOM);
        buf_add_text(out, "</div>\n");
        return true;
    }
    const struct content_fragment fragment = {.html = bytes, .base = base, .xml = text->xml};
    buf_add_text(out, "<div>");
    bool ok = content_fragment_write(&fragment, out, ENTRIES_ROOM, err);
    buf_add_text(out, "</div>\n");
    return ok;
}

static void write_enclosure(struct buf *out, struct slice url)
{
    if (url.len == 0)
        return;
    buf_add_text(out, "<p class=\"note\"><a");
    content_attribute(out, "href", url);
    buf_add_char(out, '>');
    content_text(out, url, out->max);
    buf_add_text(out, "</a></p>\n");
}

bool feed_add(struct feed *feed, const struct feed_entry *entry, struct error *err)
{
    const struct feed_text *body = entry->content.bytes.len > 0 ? &entry->content : &entry->summary;
    struct buf *out = &feed->entries;
    feed->full |= feed->count >= ENTRIES_MAX || out->len >= ENTRIES_ROOM - MIB;
    if (feed->full)
        return true;
    feed->count++;
    buf_add_text(out, "<article>\n");
    write_heading(out, "h2", entry);
    write_byline(out, entry);
    bool ok = write_text(out, body, buf_slice(&entry->base), err);
    write_enclosure(out, buf_slice(&entry->enclosure));
    buf_add_text(out, "</article>\n");
    return ok && buf_ok(out, "The feed", err);
}

static bool write_document(const struct feed *feed, struct buf *out, struct error *err)
{
    const struct content *content = feed->content;
    struct buf plain;
    struct buf title;
    buf_init(&plain, LIMIT_NOTE);
    buf_init(&title, LIMIT_NOTE);
    if (feed->head.title.html) {
        write_without_tags(&plain, buf_slice(&feed->head.title.bytes));
        xml_unescape(&title, buf_slice(&plain));
    } else {
        buf_add_slice(&title, buf_slice(&feed->head.title.bytes));
    }
    buf_finish(&plain);
    struct slice name = content_one_line(&title);
    content_open(out, name.len > 0 ? name : slice_of(content->name), buf_slice(&feed->lang),
                 "prose");
    buf_finish(&title);
    write_heading(out, "h1", &feed->head);
    write_byline(out, &feed->head);
    bool ok = write_text(out, &feed->head.summary, buf_slice(&feed->head.base), err);
    buf_add_slice(out, buf_slice(&feed->entries));
    if (feed->full)
        content_rest(out, content);
    content_close(out);
    return ok && buf_ok(out, "The document", err);
}

bool content_write_feed(const struct content *content, struct buf *out, struct error *err)
{
    struct feed feed = {.content = content};
    struct buf text;
    if (content->bytes.len > LIMIT_PAGE_BODY)
        return false;
    buf_init(&text, 3 * LIMIT_PAGE_BODY);
    buf_init(&feed.lang, 64);
    buf_init(&feed.entries, ENTRIES_ROOM + 4 * MIB);
    feed_entry_init(&feed.head);
    bool ok = content_decode(content, MEDIA_HTML, &text, err);
    struct slice s = slice_trim(buf_slice(&text));
    bool json = s.len > 0 && s.ptr[0] == '{';
    ok = ok && (json ? feed_read_json(&feed, s, err) : feed_read_xml(&feed, s, err)) &&
         write_document(&feed, out, err);
    feed_entry_finish(&feed.head);
    buf_finish(&feed.entries);
    buf_finish(&feed.lang);
    buf_finish(&text);
    return ok;
}

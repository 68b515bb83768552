/* JSON Feed 1.1 (jsonfeed.org/version/1.1). */
#include "page/content_feed.h"
#include "page/json_tokens.h"

#include "base/limits.h"

/* Where a value stands: what is read is a member of the feed, of an item, or of what these hold. */
enum place { IN_FEED, IN_ITEM, IN_AUTHOR, IN_ATTACHMENT, IN_OTHER };

enum { NESTED = 6, KEY_MAX = 32 };

struct reader {
    struct json_reader json;
    struct feed *feed;
    struct feed_entry item;
    char key[KEY_MAX]; /* of the value that comes next; "" for one that is not known */
    enum place places[NESTED];
    size_t depth; /* of objects and arrays */
    bool versioned;
};

static enum place place_of(const struct reader *r)
{
    return r->depth > 0 && r->depth <= NESTED ? r->places[r->depth - 1] : IN_OTHER;
}

static struct feed_entry *entry_of(struct reader *r)
{
    for (size_t i = 0; i < r->depth && i < NESTED; i++)
        if (r->places[i] == IN_ITEM)
            return &r->item;
    return &r->feed->head;
}

static bool is_key(const struct reader *r, const char *key)
{
    return strcmp(r->key, key) == 0;
}

/* The place that an object or array opens, by the key that it is the value of. */
static enum place place_in(const struct reader *r)
{
    enum place outer = place_of(r);
    bool here = outer == IN_FEED || outer == IN_ITEM;
    if (r->depth == 0)
        return IN_FEED;
    if (outer == IN_FEED && is_key(r, "items"))
        return IN_ITEM;
    if (here && (is_key(r, "author") || is_key(r, "authors")))
        return IN_AUTHOR;
    if (outer == IN_ITEM && is_key(r, "attachments"))
        return IN_ATTACHMENT;
    /* The objects of an array are what the array is. */
    bool element = r->key[0] == '\0' && r->depth <= JSON_DEPTH && !r->json.in_object[r->depth - 1];
    return element ? outer : IN_OTHER;
}

static bool set_text(struct feed_text *text, struct slice value, bool html)
{
    buf_reset(&text->bytes);
    text->html = html;
    return json_unescape(&text->bytes, value);
}

static bool set_link(struct reader *r, struct buf *link, struct slice value, struct error *err)
{
    struct buf url;
    buf_init(&url, LIMIT_URL);
    bool ok = !json_unescape(&url, value) ||
              feed_set_link(link, slice_of(r->feed->content->url), buf_slice(&url), err);
    buf_finish(&url);
    return ok;
}

static bool on_member(struct reader *r, struct feed_entry *entry, struct slice value,
                      struct error *err)
{
    bool item = entry == &r->item;
    if (is_key(r, "title"))
        set_text(&entry->title, value, false);
    else if (is_key(r, item ? "summary" : "description"))
        set_text(&entry->summary, value, false);
    else if (item && is_key(r, "content_html"))
        set_text(&entry->content, value, true);
    else if (item && is_key(r, "content_text") && entry->content.bytes.len == 0)
        set_text(&entry->content, value, false);
    else if (is_key(r, item ? "url" : "home_page_url") ||
             (is_key(r, "external_url") && entry->link.len == 0))
        return set_link(r, &entry->link, value, err);
    else if (is_key(r, "date_published") || (is_key(r, "date_modified") && entry->date.len == 0)) {
        buf_reset(&entry->date);
        json_unescape(&entry->date, value);
    } else if (!item && is_key(r, "language"))
        json_unescape(&r->feed->lang, value);
    else if (!item && is_key(r, "version"))
        r->versioned = slice_find(value, 0, slice_of("jsonfeed.org")) < value.len;
    return true;
}

static bool on_string(struct reader *r, struct slice value, struct error *err)
{
    struct feed_entry *entry = entry_of(r);
    switch (place_of(r)) {
    case IN_FEED:
    case IN_ITEM:
        return on_member(r, entry, value, err);
    case IN_AUTHOR:
        if (is_key(r, "name")) {
            buf_add_text(&entry->author, entry->author.len > 0 ? ", " : "");
            json_unescape(&entry->author, value);
        }
        return true;
    case IN_ATTACHMENT:
        return !is_key(r, "url") || set_link(r, &entry->enclosure, value, err);
    default:
        return true;
    }
}

static void open_one(struct reader *r)
{
    enum place place = place_in(r);
    if (r->depth < NESTED)
        r->places[r->depth] = place;
    r->depth++;
}

static bool close_one(struct reader *r, bool object, struct error *err)
{
    bool item = object && place_of(r) == IN_ITEM;
    r->depth--;
    if (!item)
        return true;
    /* A relative link in it is meant from where it stands. */
    buf_reset(&r->item.base);
    buf_add_slice(&r->item.base, buf_slice(&r->item.link));
    bool ok = feed_add(r->feed, &r->item, err);
    feed_entry_reset(&r->item);
    return ok;
}

static bool step(struct reader *r, enum json_token token, struct slice text, struct error *err)
{
    bool ok = true;
    switch (token) {
    case JSON_KEY:
        r->key[0] = '\0';
        if (text.len < sizeof r->key && slice_find_byte(text, 0, '\0') == text.len) {
            memcpy(r->key, text.ptr, text.len);
            r->key[text.len] = '\0';
        }
        return true;
    case JSON_OBJECT:
    case JSON_ARRAY:
        open_one(r);
        break;
    case JSON_OBJECT_END:
    case JSON_ARRAY_END:
        ok = close_one(r, token == JSON_OBJECT_END, err);
        break;
    case JSON_STRING:
        ok = on_string(r, text, err);
        break;
    default:
        break;
    }
    r->key[0] = '\0';
    return ok;
}

bool feed_read_json(struct feed *feed, struct slice text, struct error *err)
{
    struct reader r = {.json = {.text = text}, .feed = feed};
    struct slice s;
    enum json_token token;
    bool ok = true;
    feed_entry_init(&r.item);
    while (ok && (token = json_next(&r.json, &s)) < JSON_DONE)
        ok = step(&r, token, s, err);
    ok = ok && token == JSON_DONE && r.versioned;
    feed_entry_finish(&r.item);
    return ok;
}

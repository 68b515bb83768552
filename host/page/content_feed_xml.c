/* RSS 0.9x, 1.0 and 2.0, and Atom (RFC 4287), by the names that their elements have in practice:
 * feeds with a prefix of their own for Atom are as rare as feeds with faults are common. */
#include "page/content_feed.h"
#include "page/url.h"
#include "page/xml_plain.h"
#include "page/xml_tokens.h"

#include "base/limits.h"

enum field {
    FIELD_NONE,
    FIELD_TITLE,
    FIELD_LINK,
    FIELD_GUID,
    FIELD_DATE,
    FIELD_UPDATED,
    FIELD_AUTHOR,
    FIELD_SUMMARY,
    FIELD_CONTENT,
    FIELD_LANG
};

struct reader {
    struct feed *feed;
    struct feed_entry item;
    struct buf value; /* of the field, as it stands in the feed */
    bool atom;
    bool in_item;
    size_t depth;      /* elements that are open */
    size_t head_depth; /* of <channel> or <feed>; 0 outside of it */
    size_t item_depth;
    size_t person_depth; /* of Atom's <author> */
    enum field field;
    size_t field_depth;
    bool html;         /* the field's markup is escaped */
    bool xhtml;        /* it stands there as elements */
    size_t xhtml_from; /* where they start */
};

static bool is(struct slice name, const char *word)
{
    return slice_equal(name, slice_of(word));
}

static struct feed_entry *entry_of(struct reader *r)
{
    return r->in_item ? &r->item : &r->feed->head;
}

static enum field field_of(const struct reader *r, struct slice name)
{
    static const struct {
        const char *name;
        enum field field;
    } fields[] = {
        {"title", FIELD_TITLE},         {"link", FIELD_LINK},
        {"guid", FIELD_GUID},           {"pubDate", FIELD_DATE},
        {"dc:date", FIELD_DATE},        {"published", FIELD_DATE},
        {"issued", FIELD_DATE},         {"updated", FIELD_UPDATED},
        {"modified", FIELD_UPDATED},    {"lastBuildDate", FIELD_UPDATED},
        {"dc:creator", FIELD_AUTHOR},   {"itunes:author", FIELD_AUTHOR},
        {"description", FIELD_SUMMARY}, {"summary", FIELD_SUMMARY},
        {"subtitle", FIELD_SUMMARY},    {"tagline", FIELD_SUMMARY},
        {"content", FIELD_CONTENT},     {"content:encoded", FIELD_CONTENT},
        {"language", FIELD_LANG},       {"dc:language", FIELD_LANG},
    };
    if (is(name, "author"))
        return r->atom ? FIELD_NONE : FIELD_AUTHOR;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (is(name, fields[i].name))
            return fields[i].field;
    return FIELD_NONE;
}

/* ---- Where links start ---- */

/* xml:base of an element, against what held before. */
static bool set_base(struct buf *base, struct slice outer, struct slice attributes,
                     struct error *err)
{
    struct buf ref;
    struct buf url;
    buf_init(&ref, LIMIT_URL);
    buf_init(&url, base->max);
    xml_unescape(&ref, xml_attribute(attributes, "xml:base"));
    bool ok = feed_set_link(&url, outer, buf_slice(&ref), err);
    if (ok && (url.len > 0 || base->len == 0)) {
        struct slice now = url.len > 0 ? buf_slice(&url) : outer;
        buf_reset(base);
        buf_add_slice(base, now);
    }
    buf_finish(&ref);
    buf_finish(&url);
    return ok;
}

static struct slice base_of(struct reader *r)
{
    struct slice base = buf_slice(&entry_of(r)->base);
    return base.len > 0 ? base : slice_of(r->feed->content->url);
}

static bool set_link(struct reader *r, struct buf *link, struct slice escaped, struct error *err)
{
    struct buf ref;
    buf_init(&ref, LIMIT_URL);
    bool ok = !xml_unescape(&ref, escaped) || feed_set_link(link, base_of(r), buf_slice(&ref), err);
    buf_finish(&ref);
    return ok;
}

/* <link rel="" href=""/> of Atom, in RSS as <atom:link>, which names the feed itself. */
static bool on_link(struct reader *r, struct slice attributes, struct error *err)
{
    struct slice rel = xml_attribute(attributes, "rel");
    struct slice href = xml_attribute(attributes, "href");
    struct feed_entry *entry = entry_of(r);
    if (is(rel, "enclosure"))
        return set_link(r, &entry->enclosure, href, err);
    if ((rel.len > 0 && !is(rel, "alternate")) || entry->link.len > 0)
        return true;
    return set_link(r, &entry->link, href, err);
}

/* ---- Fields ---- */

/* The text of a field, unescaped once: what the feed says. */
static void set_text(struct reader *r, struct feed_text *text)
{
    buf_reset(&text->bytes);
    text->html = r->html || r->xhtml;
    text->xml = r->xhtml;
    if (r->xhtml)
        buf_add_slice(&text->bytes, buf_slice(&r->value));
    else
        xml_unescape(&text->bytes, buf_slice(&r->value));
    /* What is past its ceiling is as good as not there. */
    if (text->bytes.failed == ERR_LIMIT)
        buf_reset(&text->bytes);
}

static void set_line(struct buf *line, struct slice escaped)
{
    buf_reset(line);
    xml_unescape(line, slice_trim(escaped));
    if (line->failed == ERR_LIMIT)
        buf_reset(line);
}

static bool end_field(struct reader *r, struct error *err)
{
    struct feed_entry *entry = entry_of(r);
    struct slice value = slice_trim(buf_slice(&r->value));
    enum field field = r->field;
    r->field = FIELD_NONE;
    if (value.len == 0)
        return true;
    switch (field) {
    case FIELD_TITLE:
        set_text(r, &entry->title);
        return true;
    case FIELD_LINK:
        return set_link(r, &entry->link, value, err);
    case FIELD_GUID:
        return entry->link.len > 0 || !url_is_http(value) || set_link(r, &entry->link, value, err);
    case FIELD_UPDATED:
        if (entry->date.len == 0)
            set_line(&entry->date, value);
        return true;
    case FIELD_DATE:
        set_line(&entry->date, value);
        return true;
    case FIELD_AUTHOR:
        set_line(&entry->author, value);
        return true;
    case FIELD_SUMMARY:
        set_text(r, &entry->summary);
        return true;
    case FIELD_CONTENT:
        set_text(r, &entry->content);
        return true;
    case FIELD_LANG:
        set_line(&r->feed->lang, value);
        return true;
    case FIELD_NONE:
        break;
    }
    return true;
}

static void begin_field(struct reader *r, enum field field, const struct xml_token *tag)
{
    struct slice type = xml_attribute(tag->attributes, "type");
    bool markup = field == FIELD_SUMMARY || field == FIELD_CONTENT;
    r->field = field;
    r->field_depth = r->depth;
    r->xhtml = r->atom && (is(type, "xhtml") || is(type, "application/xhtml+xml"));
    r->html = r->atom ? is(type, "html") || is(type, "text/html") : markup;
    buf_reset(&r->value);
}

/* ---- Elements ---- */

static bool begin_item(struct reader *r, const struct xml_token *tag, struct error *err)
{
    struct slice outer = buf_slice(&r->feed->head.base);
    feed_entry_reset(&r->item);
    r->in_item = true;
    r->item_depth = r->depth;
    if (outer.len == 0)
        outer = slice_of(r->feed->content->url);
    return set_base(&r->item.base, outer, tag->attributes, err);
}

static bool end_item(struct reader *r, struct error *err)
{
    r->in_item = false;
    /* RSS says nothing of what relative links start from; the page that holds them does. */
    if (!r->atom && r->item.link.len > 0) {
        buf_reset(&r->item.base);
        buf_add_slice(&r->item.base, buf_slice(&r->item.link));
    }
    return feed_add(r->feed, &r->item, err);
}

/* A start tag outside of any field; `depth` counts it in. */
static bool on_start(struct reader *r, const struct xml_token *tag, struct error *err)
{
    struct slice name = tag->name;
    size_t parent = r->in_item ? r->item_depth : r->head_depth;
    bool child = parent > 0 && r->depth == parent + 1;
    if (!r->in_item && (is(name, "item") || is(name, "entry")))
        return begin_item(r, tag, err);
    if (r->head_depth == 0 && (is(name, "channel") || is(name, "feed"))) {
        r->head_depth = r->depth;
        set_line(&r->feed->lang, xml_attribute(tag->attributes, "xml:lang"));
        return set_base(&r->feed->head.base, slice_of(r->feed->content->url), tag->attributes, err);
    }
    if (child && r->atom && is(name, "author"))
        r->person_depth = r->depth;
    if (r->person_depth > 0 && r->depth == r->person_depth + 1 && is(name, "name"))
        begin_field(r, FIELD_AUTHOR, tag);
    if (!child)
        return true;
    if (r->in_item && is(name, "enclosure"))
        return set_link(r, &r->item.enclosure, xml_attribute(tag->attributes, "url"), err);
    if (r->atom && is(name, "link"))
        return on_link(r, tag->attributes, err);
    enum field field = field_of(r, name);
    if (field == FIELD_NONE)
        return true;
    begin_field(r, field, tag);
    if (field == FIELD_CONTENT && r->atom)
        return set_base(&r->item.base, base_of(r), tag->attributes, err);
    return true;
}

/* An end tag; `depth` counts its element in still. */
static bool on_end(struct reader *r, size_t start, const struct xml_reader *xml, struct error *err)
{
    bool ok = true;
    if (r->field != FIELD_NONE && r->depth == r->field_depth) {
        if (r->xhtml)
            buf_add_slice(&r->value, slice_sub(xml->text, r->xhtml_from, start - r->xhtml_from));
        ok = end_field(r, err);
    }
    if (r->person_depth == r->depth)
        r->person_depth = 0;
    if (ok && r->in_item && r->depth == r->item_depth)
        ok = end_item(r, err);
    if (r->depth > 0)
        r->depth--;
    return ok;
}

static bool on_token(struct reader *r, const struct xml_token *token, size_t start,
                     const struct xml_reader *xml, struct error *err)
{
    bool opens = token->kind == XML_START || token->kind == XML_EMPTY;
    if (token->kind == XML_TEXT && r->field != FIELD_NONE && !r->xhtml)
        buf_add_slice(&r->value, token->text);
    if (opens) {
        r->depth++;
        bool outside = r->field == FIELD_NONE;
        if (outside && !on_start(r, token, err))
            return false;
        if (outside && r->field != FIELD_NONE)
            r->xhtml_from = xml->at;
    }
    if (token->kind == XML_END || token->kind == XML_EMPTY)
        return on_end(r, token->kind == XML_EMPTY ? xml->at : start, xml, err);
    return true;
}

static bool read_tokens(struct reader *r, struct slice text, struct error *err)
{
    struct xml_reader xml = {.text = text};
    struct xml_token token;
    bool ok = true;
    do {
        size_t start = xml.at;
        xml_next(&xml, &token);
        if (r->depth == 0 && token.kind == XML_START)
            r->atom = is(token.name, "feed");
        ok = on_token(r, &token, start, &xml, err);
    } while (ok && token.kind < XML_DONE);
    /* Cut short: what there is of the last one counts too. */
    if (ok && r->in_item && token.kind == XML_BROKEN)
        ok = end_item(r, err);
    return ok && r->head_depth + r->feed->count > 0;
}

bool feed_read_xml(struct feed *feed, struct slice text, struct error *err)
{
    struct reader r = {.feed = feed};
    struct xml_plain plain;
    struct error fault = {0};
    bool ok = xml_plain_make(text, &plain, &fault);
    if (ok) {
        feed_entry_init(&r.item);
        buf_init(&r.value, LIMIT_TEXT);
        ok = read_tokens(&r, buf_slice(&plain.text), err);
        feed_entry_finish(&r.item);
        buf_finish(&r.value);
    } else if (fault.code == ERR_NO_MEMORY) {
        *err = fault;
    }
    xml_plain_finish(&plain);
    return ok;
}

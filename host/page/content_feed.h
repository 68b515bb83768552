/* A feed on its way to a document, whatever it is written in. For content_feed*.c alone. */
#ifndef PAGE_CONTENT_FEED_H
#define PAGE_CONTENT_FEED_H

#include "page/content.h"

/* All bytes are UTF-8. */
struct feed_text {
    struct buf bytes;
    bool html; /* and not text */
    bool xml;  /* HTML in the syntax of XML */
};

struct feed_entry {
    struct feed_text title;
    struct feed_text content;
    struct feed_text summary; /* stands in where there is no content */
    struct buf link;          /* absolute, as are the others */
    struct buf enclosure;
    struct buf date;
    struct buf author;
    struct buf base; /* what the content's links are resolved against */
};

struct feed {
    const struct content *content;
    struct feed_entry head; /* what the feed says of itself, its description as the summary */
    struct buf lang;
    struct buf entries; /* those so far, as HTML */
    size_t count;
    bool full; /* further ones are left out */
};

void feed_entry_init(struct feed_entry *entry);
void feed_entry_finish(struct feed_entry *entry);
void feed_entry_reset(struct feed_entry *entry);

/* Writes what an entry has come to. */
bool feed_add(struct feed *feed, const struct feed_entry *entry, struct error *err) MUST_CHECK;

/* Sets `out` to `ref` made absolute; leaves it empty when it is no URL. */
bool feed_set_link(struct buf *out, struct slice base, struct slice ref,
                   struct error *err) MUST_CHECK;

/* The two readers. False without a code in *err when the text is no feed. */
bool feed_read_xml(struct feed *feed, struct slice text, struct error *err) MUST_CHECK;
bool feed_read_json(struct feed *feed, struct slice text, struct error *err) MUST_CHECK;

#endif

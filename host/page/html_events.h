/* The stream between the process that parses HTML and the one that asked for it. For page/html_*
 * only.
 *
 * An event is a head of fixed size, then the bytes of its name, then those of its value.
 */
#ifndef PAGE_HTML_EVENTS_H
#define PAGE_HTML_EVENTS_H

#include "base/buf.h"

#include <stdint.h>

enum html_event_kind {
    HTML_OPEN,    /* `detail`: enum tree_ns */
    HTML_CLOSE,   /* the innermost open element */
    HTML_ATTR,    /* `detail`: enum tree_ns; of the element just opened */
    HTML_TEXT,    /* the value */
    HTML_DOCTYPE, /* name and value: public and system identifier; `detail`: 1 when in quirks mode
                   */
    HTML_END      /* the last; `detail`: 0, or 1 for too much memory or time, 2 for no memory */
};

enum { HTML_END_DONE, HTML_END_LIMIT, HTML_END_NO_MEMORY };

struct html_event {
    uint8_t kind;
    uint8_t detail;
    uint32_t name_len;
    uint32_t value_len;
};

struct html_sender {
    int fd;
    size_t used;
    bool failed; /* nobody reads any more */
    char room[1 << 16];
};

/* Both lengths must be below 4 GiB. */
void html_send(struct html_sender *sender, enum html_event_kind kind, unsigned detail,
               struct slice name, struct slice value);
/* Writes what is still held back. */
void html_send_rest(struct html_sender *sender);

struct html_receiver {
    int fd;
    struct buf bytes; /* the event at hand and what came behind it */
    size_t at;        /* where the next event starts */
};

void html_receiver_init(struct html_receiver *receiver, int fd, size_t max);
void html_receiver_finish(struct html_receiver *receiver);

/* The next event; its slices are valid until the next call. False at the end of the stream, in the
 * middle of an event or not, and for an event past the receiver's ceiling. */
bool html_receive(struct html_receiver *receiver, struct html_event *event_out,
                  struct slice *name_out, struct slice *value_out);

/* The child's work: parses and sends all of it, the HTML_END last. Never returns an error: what
 * goes wrong is sent. */
void html_gumbo_send(struct slice html, struct html_sender *sender);

#endif

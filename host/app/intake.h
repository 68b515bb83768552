/* Captures being received: capture.begin opens one, capture.add fills it, capture.commit takes it.
 */
#ifndef APP_INTAKE_H
#define APP_INTAKE_H

#include "app/capture.h"
#include "base/limits.h"

struct intake_item {
    size_t number;
    bool document;
    bool complete;
    size_t next_seq;
    char *url;
    char *base;
    char *doctype;
    char *media_type;
    struct buf bytes; /* decoded */
};

struct intake_capture {
    uint64_t id; /* 0: this slot is free */
    char *url;
    char *title;
    char *note; /* NULL: the page's own stays */
    char **tags;
    size_t tag_count;
    char *user_agent; /* NULL: the host's own */
    char *language;
    int64_t snapshot;    /* what the items are for; 0: a page of their own */
    int64_t media_limit; /* -1: not given */
    bool no_fonts;
    bool again;
    enum capture_private private;
    int64_t job; /* that the capture ends, or 0 */
    struct intake_item *items;
    size_t item_count;
    size_t item_room;
    size_t received; /* bytes of all items */
};

struct intake {
    struct intake_capture captures[LIMIT_CAPTURES_OPEN];
    uint64_t last_id;
};

void intake_finish(struct intake *intake);

/* A free slot with a fresh id; the caller fills its texts with what intake_capture_finish may free.
 * ERR_LIMIT when LIMIT_CAPTURES_OPEN are open. */
bool intake_begin(struct intake *intake, struct intake_capture **capture_out,
                  struct error *err) MUST_CHECK;

/* The open capture of that name ("1"). ERR_ORDER when there is none. */
bool intake_find(struct intake *intake, struct slice id, struct intake_capture **capture_out,
                 struct error *err) MUST_CHECK;

struct intake_part {
    size_t item;
    size_t seq;
    struct slice kind; /* these five on the first part only */
    struct slice url;
    struct slice base;
    struct slice doctype;
    struct slice media_type;
    struct slice data;
    bool last;
};

/* ERR_ORDER, ERR_PARAMS, ERR_LIMIT; the capture is as it was then. What is for a snapshot takes
 * resources only, and may begin with item 0. */
bool intake_add(struct intake_capture *capture, const struct intake_part *part,
                struct error *err) MUST_CHECK;

/* Its items for capture_tab, to be freed; their bytes stay the intake's. ERR_ORDER when a part is
 * missing. */
bool intake_items(struct intake_capture *capture, struct capture_item **items_out,
                  struct error *err) MUST_CHECK;

/* Frees what the capture holds and the slot with it. */
void intake_capture_finish(struct intake_capture *capture);

#endif

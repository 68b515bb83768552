/* What tells a wall from a page, gathered in one walk over the document. Used by page/wall.c alone.
 */
#ifndef PAGE_WALL_LOOK_H
#define PAGE_WALL_LOOK_H

#include "page/tree.h"

/* Amounts of text count letters and digits; one of Chinese, Japanese or Korean counts for
 * WALL_WIDE. What <noscript> holds and what is hidden on the spot does not count. */
enum { WALL_WIDE = 3 };

struct wall_look {
    size_t text;      /* all of it */
    size_t core;      /* outside of <nav>, <header>, <footer> and <aside> */
    size_t said;      /* of that in headings, paragraphs and the like, but "loading" */
    size_t own;       /* core, but "loading", and what stands in links, buttons, splash screens */
    size_t menu;      /* in <nav> */
    size_t links;     /* that lead to another page */
    size_t scripts;   /* but those that only count visitors */
    size_t content;   /* pictures, players, drawings, frames that are shown */
    size_t fields;    /* that a person may fill in or choose from */
    size_t passwords; /* and fields for passwords */
    size_t answers;   /* fields as checks have them: boxes to tick, lines for what is read */
    size_t writings;  /* fields for text of many lines */
    size_t widgets;   /* captchas that are shown, and no badge */
    bool live;        /* the wire form: scripts have run, and are not in it */
    bool mount;       /* an empty element that scripts fill by custom: <div id="root"></div> */
    bool filled;      /* one with text of its own */

    /* In lower case, each up to a ceiling; the others with a line end after each. */
    struct buf visible; /* the text itself, white space collapsed */
    struct buf names;   /* ids, classes, names of metas */
    struct buf sources; /* of scripts, frames, pictures, forms */
    struct buf inlined; /* text of scripts */
};

/* False when out of memory. To be finished in either case. */
bool wall_look(const struct document *doc, struct wall_look *look);
void wall_look_finish(struct wall_look *look);

/* The amount of text in it. */
size_t wall_weigh(struct slice text);

#endif

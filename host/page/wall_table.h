/* The marks of known walls. Used by page/wall.c alone. */
#ifndef PAGE_WALL_TABLE_H
#define PAGE_WALL_TABLE_H

#include "page/wall.h"

/* Where a mark stands; all but the first two are compared in lower case, anywhere in what they
 * name. */
enum wall_place {
    WALL_NOWHERE, /* no second mark */
    WALL_WORDS,   /* no second mark, but the page asks for something, or says nothing else */
    WALL_TITLE,   /* is the title */
    WALL_IN_TITLE,
    WALL_TEXT,
    WALL_NAME,   /* id, class, name of a meta */
    WALL_SOURCE, /* of a script, a frame, a picture; where a form leads */
    WALL_INLINE, /* in the text of a script */
    WALL_FINAL   /* host and path of where the redirects ended, at the start of a label */
};

/* How much else the page may show. */
enum wall_room {
    WALL_ANY,   /* the mark is on walls only */
    WALL_SHORT, /* what walls explain takes no more */
    WALL_FEW,   /* words that other short pages may say too */
    WALL_BARE   /* next to nothing, no picture, no field, no menu: the mark is on pages too */
};

struct wall_mark {
    enum wall wall;
    enum wall_room room;
    enum wall_place place;
    const char *text;
    enum wall_place also; /* a second mark that must be there */
    const char *also_text;
};

/* The i-th mark, NULL past the last. */
const struct wall_mark *wall_mark(size_t i);

#endif

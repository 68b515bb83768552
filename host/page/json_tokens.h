/* JSON (RFC 8259) in its tokens: nothing is copied, nothing is counted, numbers stay as they are
 * written. Values may follow each other, as in JSON Lines. */
#ifndef PAGE_JSON_TOKENS_H
#define PAGE_JSON_TOKENS_H

#include "base/buf.h"

#include <stdint.h>

enum { JSON_DEPTH = 256 }; /* deeper ones are not read */

enum json_token {
    JSON_OBJECT, /* { */
    JSON_OBJECT_END,
    JSON_ARRAY, /* [ */
    JSON_ARRAY_END,
    JSON_KEY,    /* with its colon */
    JSON_STRING, /* the text of both is what stands between the quotes */
    JSON_SCALAR, /* a number, true, false, null */
    JSON_DONE,
    JSON_BAD /* no JSON from here on */
};

enum json_state {
    JSON_WANT_VALUE,
    JSON_WANT_FIRST,
    JSON_WANT_KEY,
    JSON_WANT_FIRST_KEY,
    JSON_AFTER
};

/* Zeroed but for the text, which is UTF-8. */
struct json_reader {
    struct slice text;
    size_t at;
    size_t depth; /* objects and arrays that are open */
    enum json_state state;
    bool in_object[JSON_DEPTH];
};

enum json_token json_next(struct json_reader *reader, struct slice *text_out);

/* The character of "\uXXXX" at `at`, two of them for one past U+FFFF, and how many bytes they take;
 * 0 when there is none. */
size_t json_unicode(struct slice text, size_t at, uint32_t *cp_out);

/* Appends what the text of a key or string says. */
bool json_unescape(struct buf *out, struct slice text);

#endif

/* XML 1.0 in its tokens, for looking at it and not for trusting it: nothing is checked but where a
 * token ends, no entity is expanded. */
#ifndef PAGE_XML_TOKENS_H
#define PAGE_XML_TOKENS_H

#include "base/buf.h"

#include <stdint.h>

enum xml_kind {
    XML_START, /* the name, and its attributes as they stand */
    XML_EMPTY, /* the same of <name/> */
    XML_END,
    XML_TEXT,
    XML_CDATA, /* what stands inside */
    XML_ASIDE, /* a comment, an instruction, a doctype: as it stands */
    XML_DONE,
    XML_BROKEN /* a token does not end */
};

struct xml_token {
    enum xml_kind kind;
    struct slice text;       /* as it stands: the whole tag; of CDATA and text what it holds */
    struct slice name;       /* of tags */
    struct slice attributes; /* of XML_START and XML_EMPTY */
};

struct xml_reader {
    struct slice text;
    size_t at;
};

void xml_next(struct xml_reader *reader, struct xml_token *token_out);

/* Takes one attribute from the start of *attributes; false when there is none any more. The value
 * is as it stands between its quotes. */
bool xml_take_attribute(struct slice *attributes, struct slice *name_out, struct slice *value_out);

/* The value of the attribute of this name; empty when there is none. */
struct slice xml_attribute(struct slice attributes, const char *name);

/* The character of a reference ("&amp;", "&#20013;") at `at` and how many bytes it takes; 0 when
 * there is none. */
size_t xml_reference(struct slice text, size_t at, uint32_t *cp_out);

/* Appends text with its references resolved. */
bool xml_unescape(struct buf *out, struct slice text);

#endif

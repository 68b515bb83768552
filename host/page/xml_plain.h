/* XML as servers send it (XHTML, SVG), brought into what the wire form allows: no DTD, comments,
 * CDATA, instructions or entities. What is no well-formed XML is not made so: the reader of the
 * wire form has the last word.
 */
#ifndef PAGE_XML_PLAIN_H
#define PAGE_XML_PLAIN_H

#include "base/buf.h"

enum { XML_PLAIN_SHEETS = 16 };

/* `<?xml-stylesheet href="" media="" ...?>` (Associating Style Sheets with XML, §4): the values,
 * references in them resolved. */
struct xml_sheet {
    char *href;
    char *media;
    bool alternate;
};

struct xml_plain {
    struct buf text;
    struct xml_sheet
        sheets[XML_PLAIN_SHEETS]; /* those of CSS, in order; further ones are left out */
    size_t sheet_count;
};

/* Writes the text anew. Entities that the document declares itself are expanded, within bounds;
 * external ones never; those of HTML are known without a declaration, as browsers know them for
 * documents with an XHTML doctype. An unknown one stays, for the reader to refuse. ERR_LIMIT when
 * the expansion takes too much. To be finished whatever this returns. */
bool xml_plain_make(struct slice xml, struct xml_plain *plain, struct error *err) MUST_CHECK;
void xml_plain_finish(struct xml_plain *plain);

#endif

/* HTML text through gumbo, in a process of its own.
 *
 * gumbo ends its process where an assertion of it fails, checks no allocation, and reads what
 * strangers wrote. So a child parses, with no file open, under limits of memory and time, and sends
 * back a stream of events; whatever it sends or however it ends, this process only builds a tree.
 */
#ifndef PAGE_HTML_PARSE_H
#define PAGE_HTML_PARSE_H

#include "page/tree_build.h"

/* What the tree does not hold. */
struct html_doctype {
    bool given;  /* a `<!DOCTYPE html ...>` */
    bool quirks; /* as the parser decides */
    struct buf public_id;
    struct buf system_id;
};

void html_doctype_init(struct html_doctype *doctype);
void html_doctype_finish(struct html_doctype *doctype);

/* Adds the whole document to the builder. ERR_LIMIT when it takes too much memory or time,
 * ERR_DOCUMENT when the parser fails. */
bool html_parse(struct slice html, struct tree_builder *tree, struct html_doctype *doctype,
                struct error *err) MUST_CHECK;

#endif

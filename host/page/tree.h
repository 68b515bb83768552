/* A document's inside, for page/ only: the libxml2 tree and what is known of its origin. */
#ifndef PAGE_TREE_H
#define PAGE_TREE_H

#include "page/document.h"

#include <libxml/tree.h>

#define NS_HTML   "http://www.w3.org/1999/xhtml"
#define NS_SVG    "http://www.w3.org/2000/svg"
#define NS_MATHML "http://www.w3.org/1998/Math/MathML"
#define NS_XLINK  "http://www.w3.org/1999/xlink"
#define NS_WIRE   "urn:linksnap:1" /* prefix ls: in host/PROTOCOL.md, "The wire document" */

struct document {
    xmlDocPtr tree;
    char *url;           /* absolute */
    char *base;          /* absolute, what references are resolved against */
    char *doctype;       /* "<!DOCTYPE html>" or "" (quirks mode) */
    const char *charset; /* encoding's name, lives for ever; NULL: unknown */
    bool wrapped;        /* its root was no <html> and stands in one of ours */
    bool xml;            /* read as XML, which holds trees that HTML cannot say */
    bool web;            /* read from the web form: <noscript> counts, frames have only their URL */
};

/* The two halves of document_prepare. */

/* collect.c: rewrites references (HTML, SVG, srcset, style attributes and <style>), notes them in
 * `assets`, makes links absolute. */
bool collect_references(struct document *doc, struct assets *assets, struct error *err) MUST_CHECK;

/* sanitize.c: the last word; removes all that page/policy does not allow. */
bool sanitize_document(struct document *doc, struct error *err) MUST_CHECK;

#endif

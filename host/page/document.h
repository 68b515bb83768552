/* One HTML document: read from one of two forms, made safe, written in a third.
 *
 *   wire    safe XML from the extension's page walker (host/PROTOCOL.md, "The wire document")
 *   web     HTML text as a server sent it, or as somebody has it in a file
 *   stored  HTML from our own serializer (WHATWG HTML §13.3), its references rewritten to
 *           `linksnap-asset:REF` and `linksnap-frame:REF` (page/assets.h)
 *
 * The tree inside is libxml2's and is seen in page/ only.
 */
#ifndef PAGE_DOCUMENT_H
#define PAGE_DOCUMENT_H

#include "base/buf.h"

struct assets;
struct document;

struct document_origin {
    struct slice url;  /* absolute URL of the document itself */
    struct slice base; /* wire: document.baseURI; empty means `url`. web: unused, <base> is read */
    struct slice doctype; /* wire: the whole `<!DOCTYPE ...>`, or empty for none (quirks mode) */
    struct slice charset; /* web: label from Content-Type, or empty; BOM and <meta> are read here */
    bool xml;             /* web: sent as XML, and read as such where it is well-formed */
};

/* ERR_DOCUMENT when it is not well-formed, holds a DTD, or has no element; ERR_LIMIT past a ceiling
 * of size, depth or attributes. The document is the caller's, to be destroyed. */
bool document_read_wire(struct slice xml, const struct document_origin *origin,
                        struct document **doc_out, struct error *err) MUST_CHECK;
bool document_read_web(struct slice bytes, const struct document_origin *origin,
                       struct document **doc_out, struct error *err) MUST_CHECK;
void document_destroy(struct document *doc);

/* Whether browsers read a document of this media type as XML, for document_origin.xml. */
bool document_is_xml(const char *essence);

/* Rewrites every reference to what the page loads into `linksnap-asset:REF`, noting it in `assets`
 * as wanted; makes links absolute; then removes all that page/policy does not allow. What is left
 * cannot run and reaches nothing. Doing it twice changes nothing. */
bool document_prepare(struct document *doc, struct assets *assets, struct error *err) MUST_CHECK;

/* Appends the stored form: doctype, `<html>` with `<head>` and `<body>`. Directly after the head's
 * start tag stands the comment DOCUMENT_HEAD_MARK, before the end of the body DOCUMENT_END_MARK;
 * no other comment is ever written. */
bool document_write(const struct document *doc, struct buf *out, struct error *err) MUST_CHECK;

#define DOCUMENT_HEAD_MARK "<!--linksnap-head-->"
#define DOCUMENT_END_MARK  "<!--linksnap-end-->"

/* What a person calls the page and what a search looks through. */
struct document_text {
    char *title;       /* <title>, else og:title, else the first <h1>; white space collapsed */
    char *description; /* meta description, else og:description; may be "" */
    char *lang;        /* <html lang>, else Content-Language meta; BCP 47 as written; may be "" */
    char *canonical;   /* absolute <link rel=canonical>; may be "" */
    char *text;        /* visible text, one line a block, at most LIMIT_TEXT bytes */
};

/* The document may be prepared or not. Scripts, styles, templates that are no shadow roots and
 * (wire form) <noscript> hold no text. Open shadow roots and alt texts do. */
bool document_extract_text(const struct document *doc, struct document_text *text_out,
                           struct error *err) MUST_CHECK;
void document_text_finish(struct document_text *text);

#endif

/* What both readers do once the tree stands. For page/ only. */
#ifndef PAGE_DOCUMENT_MAKE_H
#define PAGE_DOCUMENT_MAKE_H

#include "page/tree.h"

/* Sets url and base; an empty base means the URL. */
bool document_set_origin(struct document *doc, struct slice url, struct slice base,
                         struct error *err) MUST_CHECK;

/* The web form of XML, decoded: as document_read_web, but ERR_DOCUMENT when it is not well-formed.
 */
bool document_read_xml(struct slice text, struct slice url, struct document **doc_out,
                       struct error *err) MUST_CHECK;

/* Writes the `<!DOCTYPE html ...>` anew with its public and system identifier; anything else
 * becomes
 * "", which browsers read in quirks mode as they did what was given. */
bool document_set_doctype(struct document *doc, struct slice doctype, struct error *err) MUST_CHECK;

/* Lays out a document that is an SVG picture as a browser does; once, before references are
 * collected. */
bool document_settle_picture(struct document *doc, struct error *err) MUST_CHECK;

/* Makes every <canvas> the <img> it looks like; before references are collected. */
bool document_settle_canvases(struct document *doc, struct error *err) MUST_CHECK;

#endif

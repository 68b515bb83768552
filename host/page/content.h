/* What a link leads to when it is no web page: shown as a document of its own, with the original
 * beside it. */
#ifndef PAGE_CONTENT_H
#define PAGE_CONTENT_H

#include "base/buf.h"
#include "page/media.h"

enum content_kind {
    CONTENT_PAGE,    /* HTML, XHTML, SVG: what page/document.h reads */
    CONTENT_ARCHIVE, /* MHTML: page/archive.h */
    CONTENT_PDF,
    CONTENT_IMAGE,
    CONTENT_AUDIO,
    CONTENT_VIDEO,
    CONTENT_TEXT,
    CONTENT_MARKDOWN,
    CONTENT_JSON,
    CONTENT_FEED, /* RSS, Atom, JSON Feed */
    CONTENT_XML,
    CONTENT_FILE, /* anything else */
    CONTENT_KINDS
};
/* "page", "archive", "pdf", ...: the name that the store and the protocol use. */
const char *content_kind_name(enum content_kind kind);

/* By the sniffed type, the URL's extension where the type says little (text/plain, octet-stream),
 * and for XML and JSON by what they hold. */
enum content_kind content_kind_of(struct slice bytes, const struct media_type *type,
                                  const char *url);

/* A file's name for people: of Content-Disposition (RFC 6266, filename* first), else the URL's last
 * segment decoded, else "file" with an extension for its type. No path, no control characters, no
 * leading dot, at most 200 bytes. The caller's. */
bool content_file_name(const char *disposition, const char *url, const struct media_type *type,
                       char **name_out, struct error *err) MUST_CHECK;

struct content {
    enum content_kind kind; /* neither CONTENT_PAGE nor CONTENT_ARCHIVE */
    struct slice bytes;
    const char *url; /* the original's; what refers to it is an asset of the page */
    struct media_type type;
    const char *name; /* of content_file_name() */
};

enum content_gap {
    CONTENT_WHOLE,
    CONTENT_NO_TOOL, /* pdftotext is not installed: the text cannot be searched */
    CONTENT_UNREAD   /* it is damaged, locked by a password, or took too long */
};

/* Appends an HTML document that shows it readably: text and code as they stand (tabs, long lines
 * wrapped), Markdown as HTML, JSON and XML indented, a feed as a list of its entries, a picture, a
 * player; of a PDF its text page by page; of anything else its name, type and size. Every word of
 * the original that a person would search for is in it. No script; it is read with
 * document_read_web() and sanitized like any other, so what the original holds is no danger here.
 * What cannot be read as its kind is shown as text. Bounded in time, memory and output
 * (LIMIT_PAGE_BODY). */
bool content_write(const struct content *content, struct buf *html_out, enum content_gap *gap_out,
                   struct error *err) MUST_CHECK;

#endif

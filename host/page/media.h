/* What bytes are: Content-Type values, sniffing, character encodings. */
#ifndef PAGE_MEDIA_H
#define PAGE_MEDIA_H

#include "base/buf.h"

enum { MEDIA_TYPE_SIZE = 96 };

struct media_type {
    char essence[MEDIA_TYPE_SIZE]; /* "text/html", lower case; "" when there is none */
    char charset[64];              /* label as given; "" when there is none */
};

/* Parses a Content-Type value (WHATWG MIME Sniffing §4.4). Never fails. */
void media_parse(struct slice value, struct media_type *type_out);

/* The type to store bytes under: the header's unless it is absent, application/octet-stream,
 * text/plain or contradicted by the magic bytes of an image, font, audio, video or PDF
 * (WHATWG MIME Sniffing §6). */
void media_sniff(struct slice bytes, const struct media_type *header, struct media_type *type_out);

/* Whether a player takes the bytes for a list of streams to fetch (RFC 8216 §4), of whatever type
 * they are said to be. */
bool media_is_playlist(struct slice bytes);

/* Appends the bytes as UTF-8. The encoding is the BOM's, else `label` (WHATWG Encoding §4.2 names),
 * else for HTML the one a prescan of the first 1024 bytes finds in <meta> (HTML §13.2.3.2), for CSS
 * that of @charset, else UTF-8 when the bytes are UTF-8 but for a stray fault, else `fallback` (a
 * label; NULL: GBK, Big5, Shift_JIS, EUC-JP or EUC-KR when the bytes read well in one of them, else
 * windows-1252). Bytes that do not fit become U+FFFD. */
enum media_syntax { MEDIA_HTML, MEDIA_CSS, MEDIA_TEXT };
bool media_decode(struct slice bytes, enum media_syntax syntax, struct slice label,
                  const char *fallback, struct buf *out, struct error *err) MUST_CHECK;

/* The name of the encoding that media_decode takes the bytes for; that of a label, NULL for one
 * that names none. Both live for ever. */
const char *media_charset(struct slice bytes, enum media_syntax syntax, struct slice label,
                          const char *fallback);
const char *media_charset_name(struct slice label);

/* Decodes a data: URL (RFC 2397 as WHATWG Fetch §6 reads it). ERR_URL when it is none. */
bool media_decode_data_url(struct slice url, struct media_type *type_out, struct buf *out,
                           struct error *err) MUST_CHECK;

#endif

/* The documents that content_write() makes: what all of them have in common. For content*.c
 * alone. */
#ifndef PAGE_CONTENT_HTML_H
#define PAGE_CONTENT_HTML_H

#include "page/content.h"

/* What a document may grow to before its text is cut; the rest is for tags that close it. */
#define CONTENT_ROOM (LIMIT_PAGE_BODY - 64 * KIB)

/* Appends all up to the body's contents. `title` is UTF-8 text and is cut to LIMIT_TITLE; `lang`
 * may be empty. `look` is the body's class: "text", "prose", "sheet" or "media". */
void content_open(struct buf *out, struct slice title, struct slice lang, const char *look);
void content_close(struct buf *out);

/* Appends UTF-8 text (what is none: as U+FFFD) as it is to stand between tags. Control characters
 * become U+FFFD but for tabs and line ends, which are all LF. Returns how many bytes of `text` had
 * room before `max` bytes of output. */
size_t content_text(struct buf *out, struct slice text, size_t max);

/* " " and name="value", the value escaped; nothing when it is empty. */
void content_attribute(struct buf *out, const char *name, struct slice value);

/* <time> for a date as feeds and letters have it, nothing when it is empty. */
void content_time(struct buf *out, struct slice date);

/* A link to the original, with its name, type and size. */
void content_original(struct buf *out, const struct content *content);

/* What is too long, or no more to be read, ends with a link to the whole. */
void content_rest(struct buf *out, const struct content *content);

/* A document of the whole text in <pre>, as `write` puts it; false when that cannot read it, and
 * then what stands in `out` is to be thrown away. */
bool content_sheet(const struct content *content, enum media_syntax syntax,
                   bool (*write)(struct slice text, struct buf *out), struct buf *out,
                   struct error *err) MUST_CHECK;

/* The bytes as UTF-8. */
bool content_decode(const struct content *content, enum media_syntax syntax, struct buf *text,
                    struct error *err) MUST_CHECK;

/* White space collapsed, cut to LIMIT_TITLE: what a title may be made of. The slice's bytes are
 * changed in place. */
struct slice content_one_line(struct buf *text);

/* The writers of content_write(), one for each kind. Those that return false without a code in *err
 * have written nothing that counts: what the bytes hold is not of their kind. */
bool content_write_text(const struct content *content, struct buf *out,
                        struct error *err) MUST_CHECK;
bool content_write_json(const struct content *content, struct buf *out,
                        struct error *err) MUST_CHECK;
bool content_write_xml(const struct content *content, struct buf *out,
                       struct error *err) MUST_CHECK;
bool content_write_feed(const struct content *content, struct buf *out,
                        struct error *err) MUST_CHECK;
bool content_write_markdown(const struct content *content, struct buf *out,
                            struct error *err) MUST_CHECK;
bool content_write_pdf(const struct content *content, struct buf *out, enum content_gap *gap_out,
                       struct error *err) MUST_CHECK;

#endif

/* An SVG file that <use href="file.svg#icon"> points into. A page that needs nothing else cannot
 * point into a file, so the file becomes an inline <svg> of the page: its ids and classes are
 * prefixed with "ls-REF-", so that they meet no other, and so are the selectors of its sheets.
 */
#ifndef PAGE_SPRITE_H
#define PAGE_SPRITE_H

#include "page/assets.h"

#define SPRITE_PREFIX "ls-" /* followed by REF, '-' and the id in the file */

/* Appends the stored form of the SVG `xml` (UTF-8): one hidden <svg>, as safe as a document, its
 * own references rewritten. ERR_TYPE when the text is no SVG; ERR_DOCUMENT, ERR_LIMIT as
 * document_read_wire. */
bool sprite_write(struct slice xml, const char *url, const char ref[ASSET_REF_SIZE],
                  struct assets *assets, struct buf *out, struct error *err) MUST_CHECK;

#endif

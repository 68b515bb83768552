/* Which font files of a style sheet a page can do without.
 *
 * Browsers load of an @font-face the first source they understand, and that only when the page has
 * a character in its unicode-range (CSS Fonts Level 4 §4.3, §4.5). Sheets for Chinese name a
 * hundred files for one face, of which a page needs a dozen.
 */
#ifndef PAGE_FONT_FACES_H
#define PAGE_FONT_FACES_H

#include "base/error.h"
#include "page/codepoints.h"

/* What of its fonts a page uses. */
struct font_use {
    struct codepoints *text;   /* NULL: any characters may be shown */
    const char *const *unused; /* faces that the browser found no text for: `family|weight|style`
                                  in lower case, weights as numbers (`inter|400|normal`) */
    size_t unused_count;
};

/* Places of URLs in the sheet, ascending. Zeroed: none. */
struct font_faces {
    size_t *unneeded; /* offset of the first byte of the URL, inside quotes and parentheses */
    size_t count;
    size_t cap;
    size_t next; /* for font_faces_unneeded */
};

/* Finds them: each source behind a WOFF2 file, and all of a face that is unused, or for characters
 * that are not in the text. Faces for Latin, punctuation and symbols always have some, since sheets
 * write such characters themselves. */
bool font_faces_scan(struct slice css, const struct font_use *use, struct font_faces *faces_out,
                     struct error *err) MUST_CHECK;
void font_faces_finish(struct font_faces *faces);

/* Whether the URL at this offset is one of them. To be asked in ascending order. */
bool font_faces_unneeded(struct font_faces *faces, size_t offset);

#endif

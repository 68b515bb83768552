/* The second look at a sheet whose references page/css has rewritten: tokens that are none to CSS
 * as it is written, and that a reader with other ideas of it could take for some. That is what
 * browsers read ahead before they parse, what they fill in later, and what old ones ran.
 */
#ifndef PAGE_CSS_HARDEN_H
#define PAGE_CSS_HARDEN_H

#include "base/buf.h"

/* Appends the CSS. Twice is as once. `markup`: it is the text of a <style>, in which no `<` may
 * stand that an HTML parser could take for a tag. */
void css_harden(struct slice css, bool markup, struct buf *out);

#endif

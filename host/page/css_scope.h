/* A style sheet that is to style a part of a page only, whose elements are marked. */
#ifndef PAGE_CSS_SCOPE_H
#define PAGE_CSS_SCOPE_H

#include "base/buf.h"

/* Appends the sheet with its selectors changed: classes and ids are given the prefix, `:root`
 * becomes `.PREFIXroot`, and what names neither asks for the class PREFIX, at no specificity. No
 * ancestor is asked for: in the shadow tree of a <use> there is none in Firefox. Declarations are
 * left alone. @font-face is left out, since browsers load no font of a file that <use> points into,
 * and so are @import and what means the whole page (@page, @property, @scope, @view-transition).
 * `prefix` is made of letters, digits and hyphens. */
bool css_scope(struct slice css, const char *prefix, struct buf *out, struct error *err) MUST_CHECK;

#endif

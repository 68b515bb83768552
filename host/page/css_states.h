/* What no element of a snapshot matches by itself: nothing in it is defined or modal, no script
 * sets a state, and an <img> or <iframe> stands for each <canvas>, <object> and <embed>. The page
 * walker names what an element was in `ls-is` (host/PROTOCOL.md, "The wire document"), tree_replace
 * what another stands for. */
#ifndef PAGE_CSS_STATES_H
#define PAGE_CSS_STATES_H

#include "base/buf.h"

/* Whether the sheet may have any: a quick look. */
bool css_states_named(struct slice sheet);

/* Appends the sheet with each such selector asking for the attribute as well, of the same
 * specificity: `:defined` becomes `:not([ls-is~="undefined"])`, `canvas` becomes
 * `:is(canvas,:where([ls-is~="canvas"]))`, and `img` asks for none that stands in. All else comes
 * out as it went in, and so does a sheet that went through before. */
void css_states_rewrite(struct slice sheet, struct buf *out);

#endif

/* What stands in the stored form for one reference of a page or of a style sheet. */
#ifndef PAGE_REFERENCES_H
#define PAGE_REFERENCES_H

#include "page/assets.h"
#include "page/css.h"

struct reference_scope {
    struct assets *assets;
    struct slice base; /* absolute: what references are resolved against */
    struct slice self; /* URL of the document they stand in; empty in a style sheet's own file */
};

/* Appends what is to stand for `text`: `linksnap-asset:REF` with its fragment, noted as wanted; the
 * text itself when it is a small data: image; or nothing when it may not or cannot be loaded. What
 * stands there from an earlier time stays. */
bool reference_rewrite(const struct reference_scope *scope, struct slice text, enum asset_kind kind,
                       struct buf *out, struct error *err) MUST_CHECK;

/* Appends the CSS with each reference so replaced; references into the document itself stay. Font
 * files that the page can do without (page/font_faces.h) are named but not wanted. */
bool reference_rewrite_css(const struct reference_scope *scope, struct slice css,
                           enum css_syntax syntax, struct buf *out, struct error *err) MUST_CHECK;

/* Appends "#fragment" when the text leads into the document itself, else the absolute URL; nothing
 * when it does not parse. */
bool reference_link(const struct reference_scope *scope, struct slice text, struct buf *out,
                    struct error *err) MUST_CHECK;

#endif

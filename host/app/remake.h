/* Parts of a stored version, made anew from what is left of it. */
#ifndef APP_REMAKE_H
#define APP_REMAKE_H

#include "base/buf.h"

/* The text that a search looks through, of a stored document. Words of frames are not in it.
 * Appended; for struct fsck_hooks, `arg` is not looked at. */
bool remake_text(struct slice document, const char *url, struct buf *out, void *arg,
                 struct error *err) MUST_CHECK;

/* A stored document that says that the one it stands for was lost, and shows the text. */
bool remake_document(struct slice text, const char *title, const char *url, struct buf *out,
                     void *arg, struct error *err) MUST_CHECK;

#endif

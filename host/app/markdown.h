/* What people marked, as Markdown (CommonMark) that shows it as it is. */
#ifndef APP_MARKDOWN_H
#define APP_MARKDOWN_H

#include "base/buf.h"

/* Each appends one block and an empty line; nothing for an empty text. A heading is of the second
 * level, with the address below it. */
void markdown_heading(struct buf *out, struct slice title, struct slice url);
void markdown_quote(struct buf *out, struct slice quote);
/* Notes are Markdown already. */
void markdown_note(struct buf *out, struct slice note);

#endif

/* Answers that are not the page: what only a browser, or a person in one, gets past. */
#ifndef PAGE_WALL_H
#define PAGE_WALL_H

#include "page/document.h"

enum wall {
    WALL_NONE,
    WALL_SHELL,     /* scripts would draw it: no text worth the name */
    WALL_CHALLENGE, /* it checks for robots */
    WALL_LOGIN,     /* it led to a login */
    WALL_REFUSED    /* 401, 403, 429, 503, and what else servers tell programs and not browsers */
};
/* "shell", "challenge", "login", "refused"; "" for none. */
const char *wall_name(enum wall wall);
/* WALL_NONE when no wall has that name. */
enum wall wall_named(struct slice name);

/* Of an error's status alone. */
enum wall wall_of_status(long status);

/* Of a document in the web or wire form, before document_prepare. `asked` and `final` are the URLs
 * before and after redirects; `text` is document_extract_text's. A page whose content is pictures,
 * video or a form of its own is none, nor is one about walls: words that walls use count where a
 * field or a captcha is asked with them, or little else is said, which in the wire form is next to
 * nothing, as what asks would be there to be seen. The sites whose challenge pages are known are a
 * table. */
enum wall wall_of_document(const struct document *doc, const struct document_text *text,
                           const char *asked, const char *final);

#endif

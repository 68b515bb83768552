/* A document on its way into the store, for the targets that read one. */
#ifndef TESTS_FUZZ_STORED_H
#define TESTS_FUZZ_STORED_H

#include "fuzz.h"
#include "page/document.h"

#define FUZZ_PAGE_URL "http://example.test/dir/page.html"

/* Does with it all that a capture does: text, walls, references, sanitizing, writing. The stored
 * form must be inert, and the same when it is made again; with `text_form` also when its text is
 * read and stored anew, which documents that HTML cannot say do not promise. Destroys it. */
void fuzz_page_store(struct document *doc, bool text_form);

#endif

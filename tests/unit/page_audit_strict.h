/* A third opinion: what may stand in a stored document, by lists of its own of what is known to be
 * harmless, asked of the trees of two parsers that share nothing, gumbo and libxml2's for HTML 4.
 */
#ifndef TESTS_PAGE_AUDIT_STRICT_H
#define TESTS_PAGE_AUDIT_STRICT_H

#include <stdbool.h>
#include <stddef.h>

/* True when neither tree holds anything else; else says what in `why`. `exported`: the text is a
 * file of page/standalone, which has its own <meta> and frames. */
bool page_audit_strict(const char *html, bool exported, char *why, size_t size);

#endif

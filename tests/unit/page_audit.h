/* A second opinion on stored documents: parses the text as HTML anew and looks for all that could
 * run or reach out, by rules of its own that share nothing with page/policy. */
#ifndef TESTS_PAGE_AUDIT_H
#define TESTS_PAGE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

/* True when it finds nothing; else says what in `why`. */
bool page_audit(const char *html, char *why, size_t size);

/* Whether CSS could load anything but our own references and data. */
bool page_audit_css(const char *css, char *why, size_t size);

#endif

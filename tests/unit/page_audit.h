/* A second opinion on stored documents: parses the text as HTML anew and looks for all that could
 * run or reach out, by rules of its own that share nothing with page/policy. */
#ifndef TESTS_PAGE_AUDIT_H
#define TESTS_PAGE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

/* True when it finds nothing; else says what in `why`. */
bool page_audit(const char *html, char *why, size_t size);

/* Whether CSS could load nothing but our own references and data: a sheet, or what stands in a
 * style attribute. In page_audit_css.c. */
bool page_audit_css(const char *css, bool sheet, char *why, size_t size);

/* A reference of ours, `scheme` with its colon. */
bool page_audit_is_ref(const char *url, const char *scheme);

/* What needs nothing from outside: such a reference, data that no browser runs, or nothing. */
bool page_audit_loads_inside(const char *url);

#endif

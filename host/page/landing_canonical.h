/* Whether a canonical link is of the page that it stands in. Used by page/landing.c alone. */
#ifndef PAGE_LANDING_CANONICAL_H
#define PAGE_LANDING_CANONICAL_H

#include "page/url_parts.h"

/* Both parsed from normalized http(s) URLs; by the rules of landing_key(). */
bool landing_canonical_fits(const struct url_parts *canonical, const struct url_parts *page);

#endif

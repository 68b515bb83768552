/* Caches of AMP pages, whose addresses hold that of the page. Used by page/url.c alone. */
#ifndef PAGE_URL_AMP_H
#define PAGE_URL_AMP_H

#include "page/url_parts.h"

/* Whether `parts` (http or https) is the address of a cached page at Google's search, Bing, or the
 * AMP project. Then `url`, emptied before, is the address that it stands for, with query and
 * fragment; its failure is for the caller to look at. */
bool url_amp_original(const struct url_parts *parts, struct buf *url);

#endif

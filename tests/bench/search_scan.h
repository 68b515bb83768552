/* A plain scan of folded texts: what searches are held against. It shares the folding of characters
 * with the store, and nothing else. */
#ifndef BENCH_SEARCH_SCAN_H
#define BENCH_SEARCH_SCAN_H

#include "search_input.h"
#include "store/fold.h"

struct scan;

/* `pages` is how many will be looked at. Ends the program when memory runs out. */
struct scan *scan_create(size_t pages);
void scan_destroy(struct scan *scan);

/* Returns the needle's number; the same one comes once. */
size_t scan_add_needle(struct scan *scan, const char *needle);

/* Looks through the next page. */
void scan_page(struct scan *scan, const struct input_page *page, const char *const *tags,
               size_t tag_count, const char *path);

/* Whether page `page` (from 0) holds the needle. */
bool scan_holds(const struct scan *scan, size_t needle, size_t page);

#endif

/* Titles and texts cut into spans where a search hit. For store/ only. */
#ifndef STORE_SNIPPET_H
#define STORE_SNIPPET_H

#include "store/marks.h"
#include "store/search.h"

/* Spans over bytes of its own, which live until the next cut or finish. No two hits touch each
 * other, and no span is empty. */
struct snippet {
    struct buf text;
    struct buf spans; /* struct search_span */
    struct mark_list list;
};

void snippet_init(struct snippet *snippet);
void snippet_finish(struct snippet *snippet);

static inline size_t snippet_count(const struct snippet *snippet)
{
    return snippet->spans.len / sizeof(struct search_span);
}

static inline const struct search_span *snippet_spans(const struct snippet *snippet)
{
    return (const struct search_span *)(const void *)snippet->spans.ptr;
}

/* All of `text`. */
bool snippet_of_title(struct snippet *snippet, const struct marks *marks, struct slice text,
                      struct error *err) MUST_CHECK;

/* The passage of `text` where the most words of the search stand close together, cut at the borders
 * of sentences, else of words (borders.h), with "…" where it begins or ends inside a sentence, line
 * breaks as spaces; no spans when nothing hits. What stands behind the first 256 KiB is looked at
 * only when nothing hits before. */
bool snippet_of_text(struct snippet *snippet, const struct marks *marks, struct slice text,
                     struct error *err) MUST_CHECK;

#endif

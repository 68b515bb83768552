/* The comment at the head of a page that was saved as one HTML file. */
#include "page/archive.h"

#include "base/limits.h"
#include "page/date.h"
#include "page/url.h"

#include <stdlib.h>

/* The rest of the line that starts with this label. */
static struct slice value_of(struct slice comment, const char *label)
{
    size_t at = slice_find(comment, 0, slice_of(label));
    size_t from = at + strlen(label);
    return slice_trim(slice_sub(comment, from, slice_find_byte(comment, from, '\n') - from));
}

bool archive_origin(struct slice html, char **url_out, int64_t *saved_out)
{
    static const char *const marks[] = {"Page saved with SingleFile", "Page saved with Linksnap"};
    struct slice head = slice_sub(html, 0, LIMIT_URL + 8 * KIB);
    size_t start = slice_find(head, 0, slice_of("<!--"));
    size_t end = slice_find(head, start, slice_of("-->"));
    struct slice comment = slice_sub(head, start + 4, end - start);
    struct slice said = slice_trim(comment);
    struct error err = {0};
    char *url;
    if (end == head.len || !(slice_starts(said, marks[0]) || slice_starts(said, marks[1])))
        return false;
    struct slice text = value_of(comment, "\n url:");
    if (!url_is_http(text) || !url_join(text, text, &url, &err))
        return false;
    *url_out = url;
    if (!date_parse(value_of(comment, "\n saved date:"), saved_out))
        *saved_out = 0;
    return true;
}

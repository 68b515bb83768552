/* Files of other programs that are imported: MHTML, and the head of what SingleFile writes. */
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "page/archive.h"
#include "page/url.h"

#include <stdlib.h>

static void check_part(const struct archive *archive, const struct archive_part *part)
{
    const char *from = archive->store.ptr;
    const char *to = from + archive->store.len;
    FUZZ_CHECK(part->bytes.len == 0 ||
               (part->bytes.ptr >= from && part->bytes.ptr + part->bytes.len <= to));
    FUZZ_CHECK(part->url.len == 0 ||
               (part->url.ptr >= from && part->url.ptr + part->url.len <= to));
    FUZZ_CHECK(utf8_valid(part->url));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_make(data, size);
    struct archive archive;
    struct error err = {0};
    char *url = NULL;
    int64_t saved;
    bool ok = archive_read_mhtml(bytes, &archive, &err);
    fuzz_check_error(ok, &err);
    if (ok) {
        FUZZ_CHECK(archive.count <= LIMIT_CAPTURE_ITEMS);
        FUZZ_CHECK(archive.url == NULL || url_is_http(slice_of(archive.url)) ||
                   slice_starts(slice_of(archive.url), "file:"));
        check_part(&archive, &archive.page);
        for (size_t i = 0; i < archive.count; i++)
            check_part(&archive, &archive.parts[i]);
        archive_finish(&archive);
    }
    if (archive_origin(bytes, &url, &saved))
        FUZZ_CHECK(url != NULL && utf8_valid(slice_of(url)));
    free(url);
    return 0;
}

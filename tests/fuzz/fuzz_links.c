/* page/links: links in text that somebody pasted. */
#include "fuzz.h"
#include "page/links.h"
#include "page/url.h"

#include <stdlib.h>

struct seen {
    size_t count;
    size_t bytes; /* of the text */
};

static bool on_link(const char *url, const struct error *fault, void *arg)
{
    struct seen *seen = arg;
    struct error err = {0};
    char *again = NULL;
    if (fault != NULL) {
        fuzz_check_error(false, fault);
    } else {
        FUZZ_CHECK(url_accept(slice_of(url), &again, &err) && strcmp(url, again) == 0);
        free(again);
    }
    seen->count++;
    FUZZ_CHECK(seen->count <= seen->bytes);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = {.bytes = size};
    struct error err = {0};
    bool ok = links_find(slice_make(data, size), on_link, &seen, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(ok);
    return 0;
}

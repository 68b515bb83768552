/* The web form: HTML text as a server sends it, to the stored form. */
#include "stored.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct document_origin origin = {.url = slice_of(FUZZ_PAGE_URL),
                                           .charset = slice_of("utf-8")};
    struct document *doc;
    struct error err = {0};
    bool ok = document_read_web(slice_make(data, size), &origin, &doc, &err);
    fuzz_check_error(ok, &err);
    if (ok)
        fuzz_page_store(doc, true);
    return 0;
}

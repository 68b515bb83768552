/* The wire form, which should come from our page walker and may come from anybody. */
#include "stored.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct document_origin origin = {.url = slice_of(FUZZ_PAGE_URL),
                                           .doctype = slice_of("<!DOCTYPE html>")};
    struct document *doc;
    struct error err = {0};
    bool ok = document_read_wire(slice_make(data, size), &origin, &doc, &err);
    fuzz_check_error(ok, &err);
    if (ok)
        fuzz_page_store(doc, false);
    return 0;
}

/* XML as servers send it: XHTML with a DTD, SVG as a page of its own and as a file for <use>. */
#include "base/limits.h"
#include "base/utf8.h"
#include "page/assets.h"
#include "page/sprite.h"
#include "stored.h"

static void write_sprite(struct slice xml)
{
    static const char ref[ASSET_REF_SIZE] = "00112233445566778899aabbccddeeff";
    const struct assets_options options = {.page_url = FUZZ_PAGE_URL, .web = true};
    struct assets *assets;
    struct buf out;
    struct error err = {0};
    buf_init(&out, 2 * LIMIT_DOCUMENT);
    FUZZ_CHECK(assets_create(&options, &assets, &err));
    bool ok = sprite_write(xml, FUZZ_PAGE_URL, ref, assets, &out, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(!ok || (out.len > 0 && utf8_valid(buf_slice(&out))));
    assets_destroy(assets);
    buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct document_origin origin = {
        .url = slice_of(FUZZ_PAGE_URL), .charset = slice_of("utf-8"), .xml = true};
    struct document *doc;
    struct buf text;
    struct error err = {0};
    bool ok = document_read_web(slice_make(data, size), &origin, &doc, &err);
    fuzz_check_error(ok, &err);
    if (ok)
        fuzz_page_store(doc, false);
    buf_init(&text, LIMIT_DOCUMENT);
    if (utf8_append_valid(&text, slice_make(data, size)))
        write_sprite(buf_slice(&text));
    buf_finish(&text);
    return 0;
}

/* data: URLs, decoded, written anew and decoded again; and as an asset that a page wants. */
#include "base/base64.h"
#include "base/limits.h"
#include "fuzz.h"
#include "page/assets.h"
#include "page/media.h"

static void decode_again(const struct media_type *type, const struct buf *bytes)
{
    struct buf url;
    struct buf out;
    struct media_type found;
    struct error err = {0};
    buf_init(&url, 4 * MIB);
    buf_init(&out, 4 * MIB);
    buf_printf(&url, "data:%s;base64,", type->essence);
    FUZZ_CHECK(base64_append(&url, buf_slice(bytes)));
    FUZZ_CHECK(media_decode_data_url(buf_slice(&url), &found, &out, &err));
    FUZZ_CHECK(strcmp(found.essence, type->essence) == 0);
    FUZZ_CHECK(slice_equal(buf_slice(bytes), buf_slice(&out)));
    buf_finish(&url);
    buf_finish(&out);
}

static void want(struct slice url)
{
    const struct assets_options options = {.page_url = "http://example.test/"};
    struct assets *assets;
    struct error err = {0};
    char ref[ASSET_REF_SIZE];
    FUZZ_CHECK(assets_create(&options, &assets, &err));
    for (int kind = 0; kind < ASSET_KIND_COUNT; kind++) {
        bool ok = assets_want_data(assets, url, (enum asset_kind)kind, ref, &err);
        fuzz_check_error(ok, &err);
        FUZZ_CHECK(!ok || strlen(ref) == ASSET_REF_SIZE - 1);
    }
    assets_destroy(assets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out;
    struct media_type type;
    struct error err = {0};
    struct slice url = slice_make(data, size);
    buf_init(&out, 4 * MIB);
    bool ok = media_decode_data_url(url, &type, &out, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(ok || err.code == ERR_URL);
    if (ok) {
        FUZZ_CHECK(out.len <= size && strlen(type.essence) < MEDIA_TYPE_SIZE);
        decode_again(&type, &out);
    }
    want(url);
    buf_finish(&out);
    return 0;
}

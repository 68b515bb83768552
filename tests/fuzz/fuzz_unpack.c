/* base/compress: stored bytes as a damaged or a foreign store has them, their size in the first two
 * bytes. And that packing loses nothing. */
#include "base/compress.h"
#include "base/limits.h"
#include "fuzz.h"

static void unpack(struct slice frame, size_t size)
{
    static struct unpacker unpacker;
    struct buf out;
    struct error err = {0};
    buf_init(&out, 32 * KIB);
    buf_add_text(&out, "before");
    bool ok = unpacker_unpack(&unpacker, &out, frame, size, &err);
    fuzz_check_error(ok, &err);
    if (ok)
        FUZZ_CHECK(out.len == strlen("before") + size && size <= 32 * KIB);
    else
        FUZZ_CHECK(err.code == ERR_STORE_CORRUPT || err.code == ERR_LIMIT);
    FUZZ_CHECK(slice_starts(buf_slice(&out), "before"));
    buf_finish(&out);
}

static void pack(struct slice bytes)
{
    struct buf frame;
    struct buf out;
    struct error err = {0};
    buf_init(&frame, MIB);
    buf_init(&out, MIB);
    FUZZ_CHECK(compress_append(&frame, bytes, &err));
    FUZZ_CHECK(compress_unpack(&out, buf_slice(&frame), bytes.len, &err));
    FUZZ_CHECK(slice_equal(bytes, buf_slice(&out)));
    buf_finish(&frame);
    buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t claimed = (size_t)data[0] << 8 | data[1];
    struct slice rest = slice_make(data + 2, size - 2);
    unpack(rest, claimed);
    pack(rest);
    return 0;
}

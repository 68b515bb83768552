#include "base/compress.h"

#include <zstd.h>
#include <zstd_errors.h>

enum { LEVEL = 3 };

bool compress_append(struct buf *out, struct slice bytes, struct error *err)
{
    size_t bound = ZSTD_compressBound(bytes.len);
    if (!buf_reserve(out, bound))
        return buf_ok(out, "The compressed data", err);
    size_t written = ZSTD_compress(out->ptr + out->len, bound, bytes.ptr, bytes.len, LEVEL);
    if (ZSTD_isError(written) && ZSTD_getErrorCode(written) == ZSTD_error_memory_allocation)
        return error_no_memory(err);
    if (ZSTD_isError(written))
        return error_set(err, ERR_INTERNAL, "zstd: %s", ZSTD_getErrorName(written));
    out->len += written;
    return true;
}

void unpacker_finish(struct unpacker *unpacker)
{
    ZSTD_freeDCtx(unpacker->context);
    unpacker->context = NULL;
}

bool unpacker_unpack(struct unpacker *unpacker, struct buf *out, struct slice frame, size_t size,
                     struct error *err)
{
    if (ZSTD_getFrameContentSize(frame.ptr, frame.len) != size)
        return error_set(err, ERR_STORE_CORRUPT, "A compressed blob does not have its size");
    if (!buf_reserve(out, size))
        return buf_ok(out, "The unpacked data", err);
    if (unpacker->context == NULL)
        unpacker->context = ZSTD_createDCtx();
    if (unpacker->context == NULL)
        return error_no_memory(err);
    size_t written =
        ZSTD_decompressDCtx(unpacker->context, out->ptr + out->len, size, frame.ptr, frame.len);
    if (ZSTD_isError(written) || written != size)
        return error_set(err, ERR_STORE_CORRUPT, "A compressed blob is damaged");
    out->len += written;
    return true;
}

bool compress_unpack(struct buf *out, struct slice frame, size_t size, struct error *err)
{
    struct unpacker once = {0};
    bool ok = unpacker_unpack(&once, out, frame, size, err);
    unpacker_finish(&once);
    return ok;
}

/* zstd at level 3: on web text it packs like zlib's 6 at seven times the speed. */
#ifndef BASE_COMPRESS_H
#define BASE_COMPRESS_H

#include "base/buf.h"

/* Appends one zstd frame that carries its content size. */
bool compress_append(struct buf *out, struct slice bytes, struct error *err) MUST_CHECK;

/* Appends the content of one frame. `size` is what it must unpack to; a frame that says or gives
 * anything else, and one past out's ceiling, is ERR_STORE_CORRUPT or ERR_LIMIT. */
bool compress_unpack(struct buf *out, struct slice frame, size_t size,
                     struct error *err) MUST_CHECK;

/* What unpacking works in, some 160 KiB. To make it takes longer than to unpack a short text with
 * it, so that who unpacks many keeps one. Zeroed it is none yet: it is made when it is needed. */
struct unpacker {
    struct ZSTD_DCtx_s *context;
};
void unpacker_finish(struct unpacker *unpacker);

/* As compress_unpack(). */
bool unpacker_unpack(struct unpacker *unpacker, struct buf *out, struct slice frame, size_t size,
                     struct error *err) MUST_CHECK;

#endif

#include "base/base64.h"

#include <limits.h>
#include <openssl/evp.h>

enum { CHUNK = 3 << 20 }; /* EVP counts in int; a multiple of 3 keeps the chunks seamless */

bool base64_append(struct buf *out, struct slice bytes)
{
    for (size_t at = 0; at < bytes.len; at += CHUNK) {
        struct slice part = slice_sub(bytes, at, CHUNK);
        if (!buf_reserve(out, (part.len + 2) / 3 * 4))
            return false;
        int written = EVP_EncodeBlock((unsigned char *)out->ptr + out->len,
                                      (const unsigned char *)part.ptr, (int)part.len);
        out->len += (size_t)written;
    }
    return out->failed == ERR_NONE;
}

static bool alphabet(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool known = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '+' || c == '/';
        if (!known)
            return false;
    }
    return true;
}

bool base64_decode(struct slice text, struct buf *out, struct error *err)
{
    size_t padding = 0;
    while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
        padding++;
    if (text.len % 4 != 0 || !alphabet(slice_sub(text, 0, text.len - padding)))
        return error_set(err, ERR_PARAMS, "Not Base64");
    size_t start = out->len;
    for (size_t at = 0; at < text.len; at += CHUNK / 3 * 4) {
        struct slice part = slice_sub(text, at, CHUNK / 3 * 4);
        if (!buf_reserve(out, part.len / 4 * 3))
            break;
        int written = EVP_DecodeBlock((unsigned char *)out->ptr + out->len,
                                      (const unsigned char *)part.ptr, (int)part.len);
        if (written < 0) {
            out->len = start;
            return error_set(err, ERR_PARAMS, "Not Base64");
        }
        out->len += (size_t)written;
    }
    if (out->failed == ERR_NONE)
        out->len -= padding;
    else
        out->len = start;
    return buf_ok(out, "The Base64 data", err);
}

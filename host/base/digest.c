#include "base/digest.h"

#include <openssl/err.h>
#include <openssl/evp.h>

bool digest_bytes(struct slice bytes, uint8_t out[DIGEST_SIZE], struct error *err)
{
    unsigned int len = 0;
    if (EVP_Digest(bytes.ptr ? bytes.ptr : "", bytes.len, out, &len, EVP_sha256(), NULL) != 1 ||
        len != DIGEST_SIZE) {
        ERR_clear_error(); /* or whoever asks OpenSSL next is told of it */
        return error_no_memory(err);
    }
    return true;
}

void digest_hex(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

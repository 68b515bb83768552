/* SHA-256 (FIPS 180-4), the name of a blob. The work is OpenSSL's. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/error.h"
#include "base/slice.h"

#include <stdint.h>

enum { DIGEST_SIZE = 32 }; /* bytes */

bool digest_bytes(struct slice bytes, uint8_t out[DIGEST_SIZE], struct error *err) MUST_CHECK;

/* Lower-case hexadecimal of `len` bytes, NUL-terminated: out holds 2 * len + 1. */
void digest_hex(const uint8_t *bytes, size_t len, char *out);

#endif

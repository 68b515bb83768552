/* Base64 as RFC 4648 §4, with padding. The work is OpenSSL's. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Appends the encoding, without line breaks. */
bool base64_append(struct buf *out, struct slice bytes);

/* Appends the decoded bytes. Strict: white space, missing padding or a foreign character is
 * ERR_PARAMS and *out is as it was. */
bool base64_decode(struct slice text, struct buf *out, struct error *err) MUST_CHECK;

#endif

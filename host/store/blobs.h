/* Blobs: each byte string once, named by its SHA-256, packed where that pays. For store/ only. */
#ifndef STORE_BLOBS_H
#define STORE_BLOBS_H

#include "store/db.h"

/* Stores the bytes unless they are there already, under a number that nothing refers to. Inside a
 * transaction that writes. `media_type` ("" when unknown) says whether packing is worth trying.
 * ERR_LIMIT past DB_BLOB_MAX. */
bool blobs_put(struct store *store, struct slice bytes, const char *media_type, int64_t *blob_out,
               bool *written_out, struct error *err) MUST_CHECK;

/* Appends the bytes, whose hash is verified. ERR_STORE_CORRUPT, or ERR_LIMIT past out's ceiling;
 * then *out is as it was. */
bool blobs_read(struct store *store, int64_t blob, struct buf *out, struct error *err) MUST_CHECK;

/* Appends what `data` unpacks to. Its hash is not looked at. ERR_STORE_CORRUPT. */
bool blobs_unpack(struct store *store, int64_t size, bool packed, struct slice data,
                  struct buf *out, struct error *err) MUST_CHECK;

#endif

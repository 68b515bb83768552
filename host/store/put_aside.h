/* Damaged bytes, kept in files beside the store. For store/ only. */
#ifndef STORE_PUT_ASIDE_H
#define STORE_PUT_ASIDE_H

#include "store/db.h"

/* Writes what there is of a blob into the file STORE.damaged-HASH, the hash that it should have;
 * one that is packed ends in ".zst". A file of that name with other bytes stays, and these go into
 * "STORE.damaged-HASH-2" and so on. Nothing when they are there already, when the blob is not
 * there, and when the store gives none of its bytes. ERR_STORE_FULL, ERR_IO. */
bool put_aside(struct store *store, int64_t blob, struct error *err) MUST_CHECK;

#endif

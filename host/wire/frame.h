/* Native-messaging frames: a length of four bytes in the machine's byte order, then that many bytes
 * (developer.chrome.com/docs/extensions/develop/concepts/native-messaging). */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include "base/buf.h"

enum frame_end {
    FRAME_READ,   /* *out holds the payload */
    FRAME_CLOSED, /* the other end closed the stream between two frames */
};

/* Reads one frame into `out`, replacing what it held. ERR_FRAME: the stream ends inside a frame, or
 * the length is 0 or past `max`; nothing that follows can be trusted. ERR_IO, ERR_NO_MEMORY. */
bool frame_read(int fd, size_t max, struct buf *out, enum frame_end *end_out,
                struct error *err) MUST_CHECK;

/* Writes one frame whole. ERR_LIMIT when the payload is past `max`: nothing is written then.
 * ERR_IO when the other end is gone. */
bool frame_write(int fd, size_t max, struct slice payload, struct error *err) MUST_CHECK;

#endif

#include "wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

/* Grown in steps, so that a length somebody made up costs nothing before its bytes arrive. */
enum { STEP = 1 << 20 };

static bool wait_for(int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

/* Reads up to `len` bytes and fewer only at the end of the stream. */
static bool read_full(int fd, char *bytes, size_t len, size_t *got_out, struct error *err)
{
    size_t got = 0;
    while (got < len) {
        ssize_t n = read(fd, bytes + got, len - got);
        if (n == 0)
            break;
        if (n > 0)
            got += (size_t)n;
        else if (errno == EAGAIN && wait_for(fd, POLLIN))
            continue;
        else if (errno != EINTR)
            return error_set(err, ERR_IO, "Cannot read from the browser: %s", strerror(errno));
    }
    *got_out = got;
    return true;
}

bool frame_read(int fd, size_t max, struct buf *out, enum frame_end *end_out, struct error *err)
{
    uint32_t len = 0;
    size_t got;
    if (!read_full(fd, (char *)&len, sizeof len, &got, err))
        return false;
    if (got == 0) {
        *end_out = FRAME_CLOSED;
        return true;
    }
    if (got < sizeof len)
        return error_set(err, ERR_FRAME, "The stream ends inside a frame's length");
    if (len == 0 || len > max)
        return error_set(err, ERR_FRAME, "A frame of %lu bytes; 1 to %zu are allowed",
                         (unsigned long)len, max);
    buf_reset(out);
    while (out->len < len) {
        size_t want = len - out->len < STEP ? len - out->len : STEP;
        if (!buf_reserve(out, want))
            return buf_ok(out, "The frame", err);
        if (!read_full(fd, out->ptr + out->len, want, &got, err))
            return false;
        out->len += got;
        if (got < want)
            return error_set(err, ERR_FRAME, "The stream ends after %zu of a frame's %lu bytes",
                             out->len, (unsigned long)len);
    }
    out->ptr[out->len] = '\0';
    *end_out = FRAME_READ;
    return true;
}

static bool write_full(int fd, const char *bytes, size_t len, struct error *err)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = write(fd, bytes + done, len - done);
        if (n > 0)
            done += (size_t)n;
        else if (n < 0 && errno == EAGAIN && wait_for(fd, POLLOUT))
            continue;
        else if (n < 0 && errno != EINTR)
            return error_set(err, ERR_IO, "Cannot write to the browser: %s", strerror(errno));
    }
    return true;
}

bool frame_write(int fd, size_t max, struct slice payload, struct error *err)
{
    if (payload.len == 0 || payload.len > max)
        return error_set(err, ERR_LIMIT, "An answer of %zu bytes; %zu are allowed", payload.len,
                         max);
    uint32_t len = (uint32_t)payload.len;
    return write_full(fd, (const char *)&len, sizeof len, err) &&
           write_full(fd, payload.ptr, payload.len, err);
}

/* wire/frame: frames as they come in, and the same written again. */
#include "fuzz.h"
#include "wire/frame.h"

#include <unistd.h>

enum { MAX = 2048 };

static void read_again(const struct buf *frame)
{
    int pair[2];
    struct buf again;
    struct error err = {0};
    enum frame_end end;
    buf_init(&again, MAX);
    FUZZ_CHECK(pipe(pair) == 0);
    FUZZ_CHECK(frame_write(pair[1], MAX, buf_slice(frame), &err));
    FUZZ_CHECK(frame_read(pair[0], MAX, &again, &end, &err));
    FUZZ_CHECK(end == FRAME_READ && slice_equal(buf_slice(frame), buf_slice(&again)));
    close(pair[0]);
    close(pair[1]);
    buf_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int pair[2];
    struct buf frame;
    struct error err = {0};
    enum frame_end end = FRAME_READ;
    size_t taken = 0;
    bool ok = true;
    if (size > 32768) /* what a pipe takes before anybody reads */
        return 0;
    buf_init(&frame, MAX);
    FUZZ_CHECK(pipe(pair) == 0 && write(pair[1], data, size) == (ssize_t)size);
    close(pair[1]);
    while (ok && end == FRAME_READ) {
        ok = frame_read(pair[0], MAX, &frame, &end, &err);
        if (!ok || end != FRAME_READ)
            continue;
        FUZZ_CHECK(frame.len > 0 && frame.len <= MAX && taken + 4 + frame.len <= size);
        FUZZ_CHECK(memcmp(frame.ptr, data + taken + 4, frame.len) == 0);
        taken += 4 + frame.len;
        read_again(&frame);
    }
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(!ok || taken == size);
    close(pair[0]);
    buf_finish(&frame);
    return 0;
}

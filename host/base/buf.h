/* A growing byte buffer with a ceiling that is set when it is made.
 *
 * Appending remembers the first failure (out of memory, or past the ceiling), so a long run of
 * appends may be checked once at its end with buf_ok().
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/error.h"
#include "base/slice.h"

struct buf {
    char *ptr;              /* NUL-terminated whenever not NULL */
    size_t len;             /* bytes in use, without that NUL */
    size_t cap;             /* bytes allocated */
    size_t max;             /* len never passes this */
    enum error_code failed; /* ERR_NONE, ERR_NO_MEMORY or ERR_LIMIT: sticky */
};

/* On the caller's memory; allocates nothing yet. */
void buf_init(struct buf *b, size_t max);
/* Frees the bytes; `b` may be zeroed, or finished already. */
void buf_finish(struct buf *b);
/* Empty again, memory kept, failure forgotten. */
void buf_reset(struct buf *b);

/* Each appends everything or nothing and returns whether no append has failed so far. */
bool buf_add(struct buf *b, const void *bytes, size_t len);
bool buf_add_slice(struct buf *b, struct slice s);
bool buf_add_text(struct buf *b, const char *text);
bool buf_add_char(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for `extra` more bytes, so that the caller may write at b->ptr + b->len and raise b->len. */
bool buf_reserve(struct buf *b, size_t extra);

/* True while nothing has failed; else fills *err, naming `what` ("the document"). */
bool buf_ok(const struct buf *b, const char *what, struct error *err) MUST_CHECK;

static inline struct slice buf_slice(const struct buf *b)
{
    return (struct slice){b->ptr, b->len};
}

/* Hands the NUL-terminated bytes to the caller, who frees them; never NULL unless out of memory.
 * The buffer is empty afterwards. */
char *buf_take(struct buf *b);

#endif

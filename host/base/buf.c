#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max < SIZE_MAX / 2 ? max : SIZE_MAX / 2};
}

void buf_finish(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){.max = b->max};
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = ERR_NONE;
    if (b->ptr != NULL)
        b->ptr[0] = '\0';
}

bool buf_reserve(struct buf *b, size_t extra)
{
    if (b->failed != ERR_NONE)
        return false;
    if (extra > b->max - b->len) {
        b->failed = ERR_LIMIT;
        return false;
    }
    size_t need = b->len + extra + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap < need)
        cap += cap / 2;
    if (cap > b->max + 1)
        cap = b->max + 1;
    char *grown = realloc(b->ptr, cap);
    if (grown == NULL) {
        b->failed = ERR_NO_MEMORY;
        return false;
    }
    b->ptr = grown;
    b->cap = cap;
    b->ptr[b->len] = '\0';
    return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!buf_reserve(b, len))
        return false;
    if (len > 0)
        memcpy(b->ptr + b->len, bytes, len);
    b->len += len;
    b->ptr[b->len] = '\0';
    return true;
}

bool buf_add_slice(struct buf *b, struct slice s)
{
    return buf_add(b, s.ptr, s.len);
}

bool buf_add_text(struct buf *b, const char *text)
{
    return buf_add(b, text, strlen(text));
}

bool buf_add_char(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

bool buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    bool ok = len >= 0 && buf_reserve(b, (size_t)len);
    if (ok) {
        vsnprintf(b->ptr + b->len, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    }
    va_end(again);
    return ok;
}

bool buf_ok(const struct buf *b, const char *what, struct error *err)
{
    if (b->failed == ERR_NONE)
        return true;
    if (b->failed == ERR_NO_MEMORY)
        return error_no_memory(err);
    return error_set(err, ERR_LIMIT, "%s is larger than %zu bytes", what, b->max);
}

char *buf_take(struct buf *b)
{
    if (b->ptr == NULL && !buf_reserve(b, 0))
        return NULL;
    char *bytes = b->ptr;
    *b = (struct buf){.max = b->max};
    return bytes;
}

#include "fuzz.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void fuzz_fault(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

void fuzz_check_error(bool ok, const struct error *err)
{
    if (ok)
        return;
    FUZZ_CHECK(err->code != ERR_NONE && err->code != ERR_INTERNAL);
    FUZZ_CHECK(strcmp(error_name(err->code), "unknown") != 0);
    FUZZ_CHECK(err->text[0] != '\0' && utf8_valid(slice_of(err->text)));
}

struct slice fuzz_take_line(struct slice *rest)
{
    size_t end = slice_find_byte(*rest, 0, '\n');
    struct slice line = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end + 1, rest->len);
    return line;
}

char *fuzz_text(struct slice bytes)
{
    char *text = malloc(bytes.len + 1);
    if (text == NULL)
        fuzz_fault("out of memory");
    for (size_t i = 0; i < bytes.len; i++)
        text[i] = bytes.ptr[i] != '\0' ? bytes.ptr[i] : '_';
    text[bytes.len] = '\0';
    return text;
}

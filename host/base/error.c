#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

/* A text that did not fit may end inside a code point. */
static void cut(char *text, size_t size)
{
    text[utf8_prefix(slice_make(text, size - 1), size - 2).len] = '\0';
}

__attribute__((format(printf, 3, 0))) static void fill(struct error *err, enum error_code code,
                                                       const char *format, va_list args)
{
    *err = (struct error){.code = code};
    int len = vsnprintf(err->text, sizeof err->text, format, args);
    if (len < 0)
        err->text[0] = '\0';
    else if ((size_t)len >= sizeof err->text)
        cut(err->text, sizeof err->text);
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    return false;
}

bool error_set_field(struct error *err, enum error_code code, const char *field, const char *format,
                     ...)
{
    va_list args;
    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    if ((size_t)snprintf(err->field, sizeof err->field, "%s", field) >= sizeof err->field)
        cut(err->field, sizeof err->field);
    return false;
}

bool error_no_memory(struct error *err)
{
    return error_set(err, ERR_NO_MEMORY, "Out of memory");
}

const char *error_name(enum error_code code)
{
    switch (code) {
    case ERR_NONE:
        return "none";
    case ERR_PARSE:
        return "parse";
    case ERR_REQUEST:
        return "request";
    case ERR_METHOD:
        return "method";
    case ERR_PARAMS:
        return "params";
    case ERR_INTERNAL:
        return "internal";
    case ERR_NO_MEMORY:
        return "no_memory";
    case ERR_LIMIT:
        return "limit";
    case ERR_FRAME:
        return "frame";
    case ERR_PROTOCOL:
        return "protocol";
    case ERR_ORDER:
        return "order";
    case ERR_CANCELLED:
        return "cancelled";
    case ERR_NOT_FOUND:
        return "not_found";
    case ERR_IO:
        return "io";
    case ERR_USAGE:
        return "usage";
    case ERR_QUERY:
        return "query";
    case ERR_URL:
        return "url";
    case ERR_DOCUMENT:
        return "document";
    case ERR_TYPE:
        return "type";
    case ERR_DNS:
        return "dns";
    case ERR_CONNECT:
        return "connect";
    case ERR_TLS:
        return "tls";
    case ERR_TIMEOUT:
        return "timeout";
    case ERR_STATUS:
        return "status";
    case ERR_REDIRECT:
        return "redirect";
    case ERR_PRIVATE:
        return "private";
    case ERR_TOO_LARGE:
        return "too_large";
    case ERR_SERVER:
        return "server";
    case ERR_BROWSER:
        return "needs_browser";
    case ERR_STORE:
        return "store";
    case ERR_STORE_FULL:
        return "store_full";
    case ERR_STORE_READONLY:
        return "store_readonly";
    case ERR_STORE_BUSY:
        return "store_busy";
    case ERR_STORE_CORRUPT:
        return "store_corrupt";
    case ERR_STORE_NEWER:
        return "store_newer";
    case ERR_QUOTA:
        return "quota";
    }
    return "unknown";
}

/* Why something could not be done: one stable code and one sentence for people.
 *
 * A function that can fail returns bool and takes `struct error *` last. The error is filled once,
 * by the function that knows the fault, with error_set(); callers in between only pass it on.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

/* The result of such a function must be looked at. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Codes are part of the protocol: append only, never renumber. The negative ones are JSON-RPC 2.0
 * §5.1; the others are listed with their meaning in host/PROTOCOL.md. */
enum error_code {
    ERR_NONE = 0,
    ERR_PARSE = -32700,
    ERR_REQUEST = -32600,
    ERR_METHOD = -32601,
    ERR_PARAMS = -32602,
    ERR_INTERNAL = -32603,

    ERR_NO_MEMORY = 1001, /* malloc failed */
    ERR_LIMIT = 1002,     /* a value is past its ceiling in base/limits.h */
    ERR_FRAME = 1003,     /* a frame cannot be read: truncated, oversized, empty */
    ERR_PROTOCOL = 1004,  /* the other end speaks another protocol number */
    ERR_ORDER = 1005,     /* right request at the wrong time: no such capture, part out of order */
    ERR_CANCELLED = 1006, /* the person, or the closed port, stopped it */
    ERR_NOT_FOUND = 1007, /* no such page, snapshot, tag */
    ERR_IO = 1008,        /* a file or a descriptor failed */
    ERR_USAGE = 1009,     /* command line used wrongly */
    ERR_QUERY = 1010,     /* reserved for a search that cannot be run */

    ERR_URL = 1101,       /* not an absolute http(s) URL */
    ERR_DOCUMENT = 1102,  /* the document cannot be read */
    ERR_TYPE = 1103,      /* a content type this host cannot store */
    ERR_DNS = 1104,       /* the host name does not resolve */
    ERR_CONNECT = 1105,   /* connection refused, reset, or lost */
    ERR_TLS = 1106,       /* certificate or handshake */
    ERR_TIMEOUT = 1107,   /* a deadline passed */
    ERR_STATUS = 1108,    /* the server answered with a status of 400 or more */
    ERR_REDIRECT = 1109,  /* too many redirects, or one to a forbidden scheme */
    ERR_PRIVATE = 1110,   /* the address is private and the page is not */
    ERR_TOO_LARGE = 1111, /* the body is past its ceiling */
    ERR_SERVER = 1112,    /* the answer breaks HTTP */
    ERR_BROWSER = 1113,   /* only a browser can get it; err->field says why (page/wall.h) */

    ERR_STORE = 1201,          /* SQLite says no, for a reason not listed here */
    ERR_STORE_FULL = 1202,     /* no room on the disk */
    ERR_STORE_READONLY = 1203, /* the file or its folder cannot be written */
    ERR_STORE_BUSY = 1204,     /* another process held the store past the busy timeout */
    ERR_STORE_CORRUPT = 1205,  /* not a database, or a damaged one */
    ERR_STORE_NEWER = 1206,    /* written by a later version of this program */
    ERR_QUOTA = 1207           /* the store takes more than the person lets it */
};

enum { ERROR_TEXT_SIZE = 320 };

struct error {
    enum error_code code;
    char text[ERROR_TEXT_SIZE]; /* UTF-8, NUL-terminated, never page text, never a URL's query */
    char field[32];             /* ERR_PARAMS, ERR_LIMIT: the member at fault, or "" */
    long status;                /* ERR_STATUS: what the server answered, else 0 */
};

/* Fills *err (field and status empty) and returns false, so that `return error_set(...)` ends a
 * function. */
bool error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for one member of a message: fills err->field too. */
bool error_set_field(struct error *err, enum error_code code, const char *field, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));

/* ERR_NO_MEMORY with its usual sentence. */
bool error_no_memory(struct error *err);

/* The code's stable name, such as "store_full"; "unknown" for a number not in the enum. */
const char *error_name(enum error_code code);

#endif

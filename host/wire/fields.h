/* A message's params as a C struct, by a table: types, ranges and presence are checked in one
 * place, and a member that no table names is an error. */
#ifndef WIRE_FIELDS_H
#define WIRE_FIELDS_H

#include "wire/rpc.h"

#include <stdint.h>

enum field_type {
    FIELD_TEXT,  /* struct slice: NUL-terminated, inside the message; ptr NULL when absent */
    FIELD_INT,   /* int64_t: a number without fraction */
    FIELD_BOOL,  /* bool */
    FIELD_FLAG,  /* const cJSON *: true or false; NULL when absent */
    FIELD_TEXTS, /* struct field_texts */
    FIELD_INTS,  /* struct field_ints */
    FIELD_LIST,  /* const cJSON *: a list of objects, for the caller to read; NULL when absent */
    FIELD_ID     /* const cJSON *: a request's id, number or string */
};

struct field_texts {
    const char **items; /* the array is this struct's, the strings are the message's */
    size_t count;
    bool given;
};

struct field_ints {
    int64_t *items; /* this struct's */
    size_t count;
    bool given;
};

struct field {
    const char *name;
    enum field_type type;
    bool required;
    size_t offset;    /* of the member in the struct */
    int64_t min;      /* int, ints: smallest value */
    int64_t max;      /* int, ints: largest value; text: bytes; texts: bytes of each */
    size_t max_items; /* texts, ints, list */
};

#define FIELD(type_, struct_, member_, ...)                                                        \
    {                                                                                              \
        .name = #member_, .type = (type_), .offset = offsetof(struct struct_, member_),            \
        __VA_ARGS__                                                                                \
    }

/* Fills `out` (a zeroed struct, or one with defaults). `params` may be NULL: an empty object.
 * ERR_PARAMS with err->field for a member that is missing, unknown, given twice, of the wrong type
 * or out of range; ERR_LIMIT for text or a list past its ceiling. After success and after failure
 * fields_finish releases what the struct holds. */
bool fields_read(const cJSON *params, const struct field *table, size_t count, void *out,
                 struct error *err) MUST_CHECK;
void fields_finish(const struct field *table, size_t count, void *out);

#endif

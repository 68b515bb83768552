#include "wire/fields.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_FIELDS = 32 };

static bool read_text(const struct field *f, const cJSON *value, struct slice *out,
                      struct error *err)
{
    if (!cJSON_IsString(value))
        return error_set_field(err, ERR_PARAMS, f->name, "\"%s\" is not a string", f->name);
    struct slice text = slice_of(value->valuestring);
    if (f->max > 0 && text.len > (size_t)f->max)
        return error_set_field(err, ERR_LIMIT, f->name, "\"%s\" is longer than %lld bytes", f->name,
                               (long long)f->max);
    *out = text;
    return true;
}

static bool read_int(const struct field *f, const cJSON *value, int64_t *out, struct error *err)
{
    if (!cJSON_IsNumber(value) || value->valuedouble != floor(value->valuedouble))
        return error_set_field(err, ERR_PARAMS, f->name, "\"%s\" is not a whole number", f->name);
    if (value->valuedouble < (double)f->min || value->valuedouble > (double)f->max)
        return error_set_field(err, ERR_PARAMS, f->name, "\"%s\" is not from %lld to %lld", f->name,
                               (long long)f->min, (long long)f->max);
    *out = (int64_t)value->valuedouble;
    return true;
}

static bool check_list(const struct field *f, const cJSON *value, size_t *count_out,
                       struct error *err)
{
    if (!cJSON_IsArray(value))
        return error_set_field(err, ERR_PARAMS, f->name, "\"%s\" is not a list", f->name);
    *count_out = (size_t)cJSON_GetArraySize(value);
    return *count_out <= f->max_items ||
           error_set_field(err, ERR_LIMIT, f->name, "\"%s\" has more than %zu items", f->name,
                           f->max_items);
}

/* Room for the items of a list, at least one. */
static void *list_room(const struct field *f, const cJSON *value, size_t size, struct error *err)
{
    size_t count;
    if (!check_list(f, value, &count, err))
        return NULL;
    void *items = calloc(count + 1, size);
    if (items == NULL)
        error_no_memory(err);
    return items;
}

static bool read_ints(const struct field *f, const cJSON *value, struct field_ints *out,
                      struct error *err)
{
    out->items = list_room(f, value, sizeof *out->items, err);
    if (out->items == NULL)
        return false;
    out->given = true;
    const cJSON *item;
    cJSON_ArrayForEach(item, value)
    {
        if (!read_int(f, item, &out->items[out->count], err))
            return false;
        out->count++;
    }
    return true;
}

static bool read_texts(const struct field *f, const cJSON *value, struct field_texts *out,
                       struct error *err)
{
    out->items = list_room(f, value, sizeof *out->items, err);
    if (out->items == NULL)
        return false;
    out->given = true;
    const cJSON *item;
    cJSON_ArrayForEach(item, value)
    {
        struct slice text = {0};
        if (!read_text(f, item, &text, err))
            return false;
        out->items[out->count++] = text.ptr;
    }
    return true;
}

static bool read_list(const struct field *f, const cJSON *value, const cJSON **out,
                      struct error *err)
{
    size_t count;
    const cJSON *item;
    if (!check_list(f, value, &count, err))
        return false;
    cJSON_ArrayForEach(item, value)
    {
        if (!cJSON_IsObject(item))
            return error_set_field(err, ERR_PARAMS, f->name, "\"%s\" has an item that is no object",
                                   f->name);
    }
    *out = value;
    return true;
}

static bool read_one(const struct field *f, const cJSON *value, char *out, struct error *err)
{
    void *member = out + f->offset;
    switch (f->type) {
    case FIELD_TEXT:
        return read_text(f, value, member, err);
    case FIELD_INT:
        return read_int(f, value, member, err);
    case FIELD_BOOL:
    case FIELD_FLAG:
        if (!cJSON_IsBool(value))
            return error_set_field(err, ERR_PARAMS, f->name, "\"%s\" is not true or false",
                                   f->name);
        if (f->type == FIELD_BOOL)
            *(bool *)member = cJSON_IsTrue(value);
        else
            *(const cJSON **)member = value;
        return true;
    case FIELD_TEXTS:
        return read_texts(f, value, member, err);
    case FIELD_INTS:
        return read_ints(f, value, member, err);
    case FIELD_LIST:
        return read_list(f, value, member, err);
    case FIELD_ID:
        if (!cJSON_IsString(value) && !cJSON_IsNumber(value))
            return error_set_field(err, ERR_PARAMS, f->name, "\"%s\" is no request's id", f->name);
        *(const cJSON **)member = value;
        return true;
    }
    return error_set(err, ERR_INTERNAL, "No such type of field");
}

static size_t find(const struct field *table, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(table[i].name, name) != 0)
        i++;
    return i;
}

bool fields_read(const cJSON *params, const struct field *table, size_t count, void *out,
                 struct error *err)
{
    bool seen[MAX_FIELDS] = {false};
    if (count > MAX_FIELDS)
        return error_set(err, ERR_INTERNAL, "A table of %zu fields", count);
    const cJSON *value;
    cJSON_ArrayForEach(value, params)
    {
        size_t i = find(table, count, value->string);
        struct slice shown = utf8_prefix(slice_of(value->string), 40);
        if (i == count)
            return error_set_field(err, ERR_PARAMS, value->string, "\"%.*s\" is not known here",
                                   (int)shown.len, shown.ptr);
        if (seen[i])
            return error_set_field(err, ERR_PARAMS, table[i].name, "\"%s\" is given twice",
                                   table[i].name);
        seen[i] = true;
        if (!read_one(&table[i], value, out, err))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (table[i].required && !seen[i])
            return error_set_field(err, ERR_PARAMS, table[i].name, "\"%s\" is missing",
                                   table[i].name);
    return true;
}

void fields_finish(const struct field *table, size_t count, void *out)
{
    for (size_t i = 0; i < count; i++) {
        void *member = (char *)out + table[i].offset;
        if (table[i].type == FIELD_TEXTS) {
            struct field_texts *texts = member;
            free(texts->items);
            *texts = (struct field_texts){0};
        } else if (table[i].type == FIELD_INTS) {
            struct field_ints *ints = member;
            free(ints->items);
            *ints = (struct field_ints){0};
        }
    }
}

#include "store/row_strings.h"

#include "base/limits.h"
#include "base/utf8.h"

void row_strings_init(struct row_strings *strings)
{
    buf_init(&strings->text, 16 * MIB);
    buf_init(&strings->starts, MIB);
}

void row_strings_finish(struct row_strings *strings)
{
    buf_finish(&strings->text);
    buf_finish(&strings->starts);
}

void row_strings_reset(struct row_strings *strings)
{
    buf_reset(&strings->text);
    buf_reset(&strings->starts);
}

void row_strings_add(struct row_strings *strings, struct slice text, size_t max)
{
    size_t start = strings->text.len;
    utf8_append_valid(&strings->text, utf8_prefix(text, max));
    buf_add_char(&strings->text, '\0');
    buf_add(&strings->starts, &start, sizeof start);
}

size_t row_strings_count(const struct row_strings *strings)
{
    return strings->starts.len / sizeof(size_t);
}

const char *row_strings_at(const struct row_strings *strings, size_t index)
{
    size_t start;
    if (index >= row_strings_count(strings) || strings->text.failed != ERR_NONE)
        return "";
    memcpy(&start, strings->starts.ptr + index * sizeof start, sizeof start);
    return strings->text.ptr + start;
}

bool row_strings_ok(const struct row_strings *strings, struct error *err)
{
    return buf_ok(&strings->text, "A row", err) && buf_ok(&strings->starts, "A row", err);
}

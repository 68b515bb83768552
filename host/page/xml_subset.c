#include "page/xml_subset.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>

static size_t skip_space(struct slice s, size_t at)
{
    while (at < s.len && ascii_space(s.ptr[at]))
        at++;
    return at;
}

static size_t skip_name(struct slice s, size_t at)
{
    while (at < s.len && !ascii_space(s.ptr[at]) && memchr("\"'<>&%;[]", s.ptr[at], 9) == NULL)
        at++;
    return at;
}

/* Behind the quoted text that starts at `at`. */
static size_t skip_quoted(struct slice s, size_t at)
{
    size_t end = slice_find_byte(s, at + 1, s.ptr[at]);
    return end < s.len ? end + 1 : end;
}

static size_t skip_to(struct slice s, size_t at, const char *end)
{
    size_t found = slice_find(s, at, slice_of(end));
    return found < s.len ? found + strlen(end) : found;
}

/* The number of a character reference `&#...;` at `at`, and where it ends; 0 when there is none. */
static uint32_t character(struct slice s, size_t at, size_t *end_out)
{
    bool hex = slice_starts(slice_sub(s, at, 3), "&#x");
    uint32_t value = 0;
    for (at += hex ? 3 : 2; at < s.len && s.ptr[at] != ';'; at++) {
        char c = ascii_lower(s.ptr[at]);
        bool digit = c >= '0' && c <= '9';
        if ((!digit && !(hex && c >= 'a' && c <= 'f')) || value > 0x10FFFF)
            return 0;
        value = value * (hex ? 16 : 10) + (uint32_t)(digit ? c - '0' : c - 'a' + 10);
    }
    *end_out = at + 1;
    return at < s.len && value <= 0x10FFFF ? value : 0;
}

/* The literal's value (XML 1.0 §4.5): character references are included at once, others stay. */
static bool set_value(struct xml_entity *entity, struct slice literal)
{
    entity->value = literal;
    if (slice_find(literal, 0, slice_of("&#")) == literal.len)
        return true;
    struct buf out;
    char encoded[4];
    buf_init(&out, literal.len);
    for (size_t at = 0; at < literal.len;) {
        size_t end = at;
        uint32_t value = 0;
        if (slice_starts(slice_sub(literal, at, 2), "&#"))
            value = character(literal, at, &end);
        if (value != 0)
            buf_add(&out, encoded, utf8_encode(value, encoded));
        else
            buf_add_char(&out, literal.ptr[at]);
        at = value != 0 ? end : at + 1;
    }
    bool ok = out.failed == ERR_NONE;
    entity->value.len = out.len;
    entity->own = buf_take(&out);
    entity->value.ptr = entity->own;
    return ok && entity->own != NULL;
}

static bool add_entity(struct xml_subset *subset, struct slice name, struct slice literal)
{
    if (subset->count == XML_ENTITIES || xml_subset_find(subset, name) != NULL)
        return true;
    if (subset->entities == NULL)
        subset->entities = calloc(XML_ENTITIES, sizeof *subset->entities);
    if (subset->entities == NULL)
        return false;
    struct xml_entity *entity = &subset->entities[subset->count++];
    entity->name = name;
    return set_value(entity, literal);
}

/* Behind a declaration, the quotes in it minded. */
static size_t skip_declaration(struct slice s, size_t at)
{
    while (at < s.len && s.ptr[at] != '>')
        at = s.ptr[at] == '"' || s.ptr[at] == '\'' ? skip_quoted(s, at) : at + 1;
    return at < s.len ? at + 1 : at;
}

/* `<!ENTITY name "value">` at *at. */
static bool read_entity(struct slice s, size_t *at, struct xml_subset *subset)
{
    size_t from = skip_space(s, *at + strlen("<!ENTITY"));
    size_t end = skip_name(s, from);
    size_t value = skip_space(s, end);
    struct slice name = slice_sub(s, from, end - from);
    *at = skip_declaration(s, *at);
    if (name.len == 0 || value >= s.len || (s.ptr[value] != '"' && s.ptr[value] != '\''))
        return true;
    size_t behind = skip_quoted(s, value);
    return behind > s.len - 1 || behind < value + 2 ||
           add_entity(subset, name, slice_sub(s, value + 1, behind - value - 2));
}

/* Behind the ']' of an internal subset. */
static bool read_internal(struct slice s, size_t *at, struct xml_subset *subset)
{
    bool ok = true;
    while (ok && *at < s.len && s.ptr[*at] != ']') {
        struct slice rest = slice_sub(s, *at, 8);
        if (slice_starts(rest, "<!--"))
            *at = skip_to(s, *at + 4, "-->");
        else if (slice_starts(rest, "<?"))
            *at = skip_to(s, *at + 2, "?>");
        else if (slice_starts(rest, "<!ENTITY"))
            ok = read_entity(s, at, subset);
        else if (slice_starts(rest, "<"))
            *at = skip_declaration(s, *at);
        else
            ++*at;
    }
    *at += *at < s.len;
    return ok;
}

bool xml_subset_read(struct slice xml, size_t *at, struct xml_subset *subset, struct error *err)
{
    bool ok = true;
    while (ok && *at < xml.len && xml.ptr[*at] != '>') {
        char c = xml.ptr[*at];
        if (c == '"' || c == '\'') {
            *at = skip_quoted(xml, *at);
        } else {
            ++*at;
            if (c == '[')
                ok = read_internal(xml, at, subset);
        }
    }
    *at += *at < xml.len;
    return ok || error_no_memory(err);
}

void xml_subset_finish(struct xml_subset *subset)
{
    for (size_t i = 0; i < subset->count; i++)
        free(subset->entities[i].own);
    free(subset->entities);
    *subset = (struct xml_subset){0};
}

const struct slice *xml_subset_find(const struct xml_subset *subset, struct slice name)
{
    for (size_t i = 0; i < subset->count; i++)
        if (slice_equal(subset->entities[i].name, name))
            return &subset->entities[i].value;
    return NULL;
}

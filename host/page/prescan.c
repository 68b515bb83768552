#include "page/prescan.h"

#include "page/charset.h"

enum {
    PRESCAN_MAX = 1024,
    NAME_MAX_KEPT = 16 /* longer than any name that matters */
};

struct scan {
    struct slice bytes;
    size_t at;
};

struct attribute {
    char name[NAME_MAX_KEPT]; /* lower case, cut */
    struct slice value;
};

static char peek(const struct scan *scan)
{
    return scan->at < scan->bytes.len ? scan->bytes.ptr[scan->at] : '\0';
}

static bool ended(const struct scan *scan)
{
    return scan->at >= scan->bytes.len;
}

static void skip_spaces(struct scan *scan)
{
    while (!ended(scan) && ascii_space(peek(scan)))
        scan->at++;
}

/* Leaves the scan at the value, or where the attribute ended without one (false). */
static bool get_name(struct scan *scan, struct attribute *attribute)
{
    size_t len = 0;
    size_t start = scan->at;
    for (;; scan->at++) {
        char c = peek(scan);
        if (ended(scan) || c == '/' || c == '>')
            break;
        if (c == '=' && scan->at > start) {
            scan->at++;
            attribute->name[len] = '\0';
            return true;
        }
        if (ascii_space(c)) {
            skip_spaces(scan);
            bool equals = peek(scan) == '=' && !ended(scan);
            scan->at += equals;
            attribute->name[len] = '\0';
            return equals;
        }
        if (len < NAME_MAX_KEPT - 1)
            attribute->name[len++] = ascii_lower(c);
    }
    attribute->name[len] = '\0';
    return false;
}

static void get_value(struct scan *scan, struct attribute *attribute)
{
    skip_spaces(scan);
    char quote = peek(scan);
    if (quote == '"' || quote == '\'') {
        size_t end = slice_find_byte(scan->bytes, scan->at + 1, quote);
        attribute->value = slice_sub(scan->bytes, scan->at + 1, end - scan->at - 1);
        scan->at = end < scan->bytes.len ? end + 1 : end;
        return;
    }
    size_t start = scan->at;
    while (!ended(scan) && !ascii_space(peek(scan)) && peek(scan) != '>')
        scan->at++;
    attribute->value = slice_sub(scan->bytes, start, scan->at - start);
}

/* "get an attribute"; false when there is none left. */
static bool get_attribute(struct scan *scan, struct attribute *attribute)
{
    *attribute = (struct attribute){0};
    while (!ended(scan) && (ascii_space(peek(scan)) || peek(scan) == '/'))
        scan->at++;
    if (ended(scan) || peek(scan) == '>')
        return false;
    if (get_name(scan, attribute))
        get_value(scan, attribute);
    return true;
}

/* HTML §4.2.5.3, "extracting a character encoding from a meta element". */
static const struct charset *charset_in_content(struct slice content)
{
    struct scan scan = {content, 0};
    for (;;) {
        while (!ended(&scan) &&
               !slice_starts_nocase(slice_sub(content, scan.at, content.len), "charset"))
            scan.at++;
        if (ended(&scan))
            return NULL;
        scan.at += strlen("charset");
        skip_spaces(&scan);
        if (peek(&scan) == '=')
            break;
    }
    scan.at++;
    skip_spaces(&scan);
    char quote = peek(&scan);
    size_t start = scan.at;
    size_t end = start;
    if (quote == '"' || quote == '\'') {
        start++;
        end = slice_find_byte(content, start, quote);
        if (end == content.len)
            return NULL;
    } else {
        while (end < content.len && !ascii_space(content.ptr[end]) && content.ptr[end] != ';')
            end++;
    }
    return charset_find(slice_sub(content, start, end - start));
}

/* The attributes of <meta>; the scan stands after the name. */
static const struct charset *read_meta(struct scan *scan)
{
    struct attribute attribute;
    const struct charset *charset = NULL;
    bool pragma = false;
    bool need_pragma = false;
    bool have_charset = false;
    bool have_content = false;
    bool have_pragma = false;
    while (get_attribute(scan, &attribute)) {
        if (strcmp(attribute.name, "http-equiv") == 0 && !have_pragma) {
            have_pragma = true;
            pragma = slice_equal_nocase(attribute.value, "content-type");
        } else if (strcmp(attribute.name, "content") == 0 && !have_content) {
            have_content = true;
            const struct charset *found = charset_in_content(attribute.value);
            if (found != NULL && charset == NULL && !have_charset) {
                charset = found;
                need_pragma = true;
            }
        } else if (strcmp(attribute.name, "charset") == 0 && !have_charset) {
            have_charset = true;
            charset = charset_find(attribute.value);
            need_pragma = false;
        }
    }
    bool cut = ended(scan); /* the tag does not end within what is looked at */
    return cut || (need_pragma && !pragma) ? NULL : charset;
}

static bool letter_at(const struct scan *scan, size_t ahead)
{
    if (scan->at + ahead >= scan->bytes.len)
        return false;
    char c = ascii_lower(scan->bytes.ptr[scan->at + ahead]);
    return c >= 'a' && c <= 'z';
}

/* Any other tag: its attributes are read so that a '>' in one does not end it. */
static void skip_tag(struct scan *scan)
{
    struct attribute attribute;
    while (!ended(scan) && !ascii_space(peek(scan)) && peek(scan) != '>')
        scan->at++;
    while (get_attribute(scan, &attribute))
        ;
}

/* Steps over what stands at the scan; a charset when that was a <meta> with one. */
static const struct charset *step(struct scan *scan)
{
    struct slice rest = slice_sub(scan->bytes, scan->at, scan->bytes.len);
    if (slice_starts(rest, "<!--")) {
        /* The dashes of the start may be those of the end: "<!-->". */
        scan->at += slice_find(rest, 2, slice_of("-->")) + 2;
    } else if (slice_starts_nocase(rest, "<meta") && rest.len > 5 &&
               (ascii_space(rest.ptr[5]) || rest.ptr[5] == '/')) {
        scan->at += 5;
        return read_meta(scan);
    } else if (rest.ptr[0] == '<' &&
               (letter_at(scan, 1) || (rest.len > 1 && rest.ptr[1] == '/' && letter_at(scan, 2)))) {
        skip_tag(scan);
    } else if (slice_starts(rest, "<!") || slice_starts(rest, "</") || slice_starts(rest, "<?")) {
        scan->at = slice_find_byte(scan->bytes, scan->at, '>');
    }
    return NULL;
}

/* "get an XML encoding": <?xml ... encoding="label" ... ?> */
static const struct charset *xml_encoding(struct slice bytes)
{
    if (!slice_starts(bytes, "<?xml"))
        return NULL;
    struct slice declaration = slice_sub(bytes, 0, slice_find_byte(bytes, 0, '>'));
    if (declaration.len == bytes.len)
        return NULL;
    struct scan scan = {declaration, slice_find(declaration, 0, slice_of("encoding"))};
    if (ended(&scan))
        return NULL;
    scan.at += strlen("encoding");
    while (!ended(&scan) && (unsigned char)peek(&scan) <= ' ')
        scan.at++;
    if (peek(&scan) != '=')
        return NULL;
    scan.at++;
    while (!ended(&scan) && (unsigned char)peek(&scan) <= ' ')
        scan.at++;
    char quote = peek(&scan);
    if (quote != '"' && quote != '\'')
        return NULL;
    size_t start = scan.at + 1;
    size_t end = slice_find_byte(declaration, start, quote);
    if (end == declaration.len)
        return NULL;
    return charset_find(slice_sub(declaration, start, end - start));
}

/* What bytes that could be read as ASCII say of themselves cannot be UTF-16. */
static const struct charset *ascii_compatible(const struct charset *charset)
{
    if (charset != NULL && charset_is_utf16(charset))
        return charset_find(slice_of("utf-8"));
    return charset;
}

const struct charset *prescan_html(struct slice bytes)
{
    if (bytes.len >= 6 && memcmp(bytes.ptr, "<\0?\0x\0", 6) == 0)
        return charset_find(slice_of("utf-16le"));
    if (bytes.len >= 6 && memcmp(bytes.ptr, "\0<\0?\0x", 6) == 0)
        return charset_find(slice_of("utf-16be"));
    struct scan scan = {slice_sub(bytes, 0, PRESCAN_MAX), 0};
    const struct charset *found = NULL;
    for (; found == NULL && !ended(&scan); scan.at++)
        found = step(&scan);
    if (found != NULL && strcmp(charset_name(found), "x-user-defined") == 0)
        found = charset_find(slice_of("windows-1252"));
    if (found == NULL)
        found = xml_encoding(slice_sub(bytes, 0, PRESCAN_MAX));
    return ascii_compatible(found);
}

const struct charset *prescan_css(struct slice bytes)
{
    static const char start[] = "@charset \"";
    struct slice head = slice_sub(bytes, 0, PRESCAN_MAX);
    if (!slice_starts(head, start))
        return NULL;
    size_t from = strlen(start);
    size_t quote = slice_find_byte(head, from, '"');
    if (quote + 1 >= head.len || head.ptr[quote + 1] != ';')
        return NULL;
    return ascii_compatible(charset_find(slice_sub(head, from, quote - from)));
}

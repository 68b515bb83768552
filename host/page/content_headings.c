#include "page/content_headings.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/content_html.h"
#include "page/ref_map.h"
#include "page/xml_tokens.h"

enum { TAG_LEN = 4, NAME_MAX_BYTES = 200 }; /* of "<h1>" */

/* The next "<hN>" from `at`, or the end. */
static size_t find_heading(struct slice html, size_t at)
{
    for (at = slice_find(html, at, slice_of("<h")); at < html.len;
         at = slice_find(html, at + 2, slice_of("<h"))) {
        struct slice tag = slice_sub(html, at, TAG_LEN);
        if (tag.len == TAG_LEN && tag.ptr[2] >= '1' && tag.ptr[2] <= '6' && tag.ptr[3] == '>')
            return at;
    }
    return html.len;
}

/* Letters, digits, "-" and "_" of any script, as far as its punctuation is where most of it is. */
static bool is_named(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || cp == '-' || cp == '_';
    return cp >= 0xC0 && !(cp >= 0x2000 && cp < 0x2070) && !(cp >= 0x3000 && cp < 0x3005) &&
           !(cp >= 0x3007 && cp < 0x3040) && !(cp >= 0xFE30 && cp < 0xFE50) &&
           !(cp >= 0xFF00 && cp < 0xFF10) && !(cp >= 0xFF1A && cp < 0xFF21) &&
           !(cp >= 0xFF3B && cp < 0xFF41) && !(cp >= 0xFF5B && cp < 0xFF66) && cp != 0xFFFD;
}

static void add_name(struct buf *name, struct slice text)
{
    for (size_t at = 0; at < text.len && name->len < NAME_MAX_BYTES;) {
        uint32_t cp;
        size_t len = utf8_decode(text, at, &cp);
        char c = ascii_lower(text.ptr[at]);
        if (cp < 0x80 && ascii_space(c))
            buf_add_char(name, '-');
        else if (cp < 0x80 ? is_named((unsigned char)c) : is_named(cp))
            buf_add(name, cp < 0x80 ? &c : text.ptr + at, len);
        at += len;
    }
}

/* The name of a heading with these contents; tags in it have none. */
static void make_name(struct slice html, struct buf *text, struct buf *name)
{
    buf_reset(text);
    buf_reset(name);
    for (size_t at = 0; at < html.len;) {
        size_t tag = slice_find_byte(html, at, '<');
        xml_unescape(text, slice_sub(html, at, tag - at));
        at = slice_find_byte(html, tag, '>') + 1;
    }
    add_name(name, slice_trim(buf_slice(text)));
}

/* Makes the name one that was not there before. */
static bool number_name(struct ref_map *names, struct buf *name, struct error *err)
{
    char key[REF_SIZE];
    size_t count = 0;
    if (!ref_make(buf_slice(name), slice_of(""), key, err))
        return false;
    bool again = ref_map_get(names, key, &count);
    if (!ref_map_put(names, key, again ? count + 1 : 0))
        return error_no_memory(err);
    if (again)
        buf_printf(name, "-%zu", count + 1);
    return true;
}

bool content_headings(struct slice html, struct buf *out, struct error *err)
{
    struct ref_map names = {0};
    struct buf text;
    struct buf name;
    bool ok = true;
    size_t from = 0;
    buf_init(&text, LIMIT_NOTE);
    buf_init(&name, LIMIT_TITLE);
    for (size_t at = find_heading(html, 0); ok && at < html.len; at = find_heading(html, from)) {
        size_t start = at + TAG_LEN;
        size_t end = slice_find(html, start, slice_of("</h"));
        make_name(slice_sub(html, start, end - start), &text, &name);
        buf_add_slice(out, slice_sub(html, from, start - 1 - from));
        if (text.failed == ERR_NO_MEMORY || name.failed == ERR_NO_MEMORY)
            ok = error_no_memory(err);
        ok = ok && (name.len == 0 || number_name(&names, &name, err));
        content_attribute(out, "id", buf_slice(&name));
        buf_add_slice(out, slice_sub(html, start - 1, end - start + 1));
        from = end;
    }
    buf_add_slice(out, slice_sub(html, from, html.len));
    ref_map_finish(&names);
    buf_finish(&name);
    buf_finish(&text);
    return ok && buf_ok(out, "The document", err);
}

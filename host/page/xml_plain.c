#include "page/xml_plain.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/xml_subset.h"

#include <libxml/HTMLparser.h> /* for its table of entities alone */
#include <stdlib.h>

/* Entities inside each other, and references to them in one document: an Illustrator file has some
 * hundred. */
enum { MAX_INSIDE = 8, EXPANSION = 256 /* what one costs, however short its value is */ };

/* A text being read: the document, or what an entity stands for. */
struct source {
    struct slice text;
    size_t at;
};

struct maker {
    struct xml_plain *plain;
    struct xml_subset subset;
    struct source sources[MAX_INSIDE];
    size_t depth;
    size_t work;      /* bytes of values that were read, and names that were compared */
    bool begun;       /* the first tag is there */
    bool in_tag;      /* between '<' and '>' */
    size_t tag_depth; /* of the source that the tag stands in */
    char quote;       /* of the value at hand, or 0 */
    struct error *err;
};

static struct source *top(struct maker *m)
{
    return &m->sources[m->depth - 1];
}

static void copy_to(struct maker *m, size_t end)
{
    struct source *source = top(m);
    buf_add_slice(&m->plain->text, slice_sub(source->text, source->at, end - source->at));
    source->at = end;
}

static void write_escaped(struct buf *out, struct slice text)
{
    size_t plain = 0;
    for (size_t at = 0; at < text.len; at++) {
        const char *escape = text.ptr[at] == '&'   ? "&amp;"
                             : text.ptr[at] == '<' ? "&lt;"
                             : text.ptr[at] == '>' ? "&gt;"
                                                   : NULL;
        if (escape == NULL)
            continue;
        buf_add_slice(out, slice_sub(text, plain, at - plain));
        buf_add_text(out, escape);
        plain = at + 1;
    }
    buf_add_slice(out, slice_sub(text, plain, text.len));
}

/* ---- References ---- */

/* The name in `&name;` at `at`; empty when none stands there. */
static struct slice reference_name(struct slice text, size_t at)
{
    enum { LONGEST = 128 };
    size_t end = at + 1;
    while (end < text.len && end - at < LONGEST && text.ptr[end] != ';' && text.ptr[end] != '&' &&
           text.ptr[end] != '<' && !ascii_space(text.ptr[end]))
        end++;
    bool whole = end < text.len && text.ptr[end] == ';';
    return whole ? slice_sub(text, at + 1, end - at - 1) : slice_of("");
}

static bool is_predefined(struct slice name)
{
    static const char *const names[] = {"amp", "lt", "gt", "quot", "apos"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal(name, slice_of(names[i])))
            return true;
    return slice_starts(name, "#");
}

static bool write_html_entity(struct buf *out, struct slice name)
{
    char text[16];
    if (name.len >= sizeof text)
        return false;
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)text);
    if (entity != NULL)
        buf_printf(out, "&#%u;", entity->value);
    return entity != NULL;
}

static bool on_reference(struct maker *m)
{
    struct source *source = top(m);
    struct slice name = reference_name(source->text, source->at);
    size_t behind = source->at + name.len + 2;
    const struct slice *value = NULL;
    if (name.len > 0 && !is_predefined(name)) {
        value = xml_subset_find(&m->subset, name);
        m->work += m->subset.count;
    }
    if (value != NULL)
        m->work += value->len + EXPANSION;
    if (m->work > LIMIT_DOCUMENT || (value != NULL && m->depth == MAX_INSIDE))
        return error_set(m->err, ERR_LIMIT, "The document's entities expand to too much");
    if (value != NULL) {
        source->at = behind;
        m->sources[m->depth++] = (struct source){.text = *value};
        return true;
    }
    if (name.len == 0 || is_predefined(name) || !write_html_entity(&m->plain->text, name))
        copy_to(m, source->at + 1);
    else
        source->at = behind;
    return true;
}

/* ---- Instructions ---- */

static char *copy_value(struct slice value)
{
    static const struct {
        const char *reference;
        char character;
    } references[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    struct buf out;
    buf_init(&out, value.len);
    for (size_t at = 0; at < value.len;) {
        size_t i = 0;
        struct slice rest = slice_sub(value, at, value.len);
        while (i < sizeof references / sizeof *references &&
               !slice_starts(rest, references[i].reference))
            i++;
        bool found = i < sizeof references / sizeof *references;
        buf_add_char(&out, found ? references[i].character : value.ptr[at]);
        at += found ? strlen(references[i].reference) : 1;
    }
    return buf_take(&out);
}

/* The value of a pseudo-attribute; empty when it is not there. */
static struct slice pseudo_attribute(struct slice text, const char *name)
{
    for (size_t at = 0; at < text.len;) {
        while (at < text.len && ascii_space(text.ptr[at]))
            at++;
        size_t from = at;
        while (at < text.len && text.ptr[at] != '=' && !ascii_space(text.ptr[at]))
            at++;
        struct slice found = slice_sub(text, from, at - from);
        while (at < text.len && text.ptr[at] != '"' && text.ptr[at] != '\'')
            at++;
        if (at == text.len)
            break;
        size_t end = slice_find_byte(text, at + 1, text.ptr[at]);
        if (slice_equal(found, slice_of(name)))
            return slice_sub(text, at + 1, end - at - 1);
        at = end + 1;
    }
    return slice_of("");
}

/* `text`: between `<?` and `?>`. */
static bool on_instruction(struct maker *m, struct slice text)
{
    static const char target[] = "xml-stylesheet";
    struct xml_plain *plain = m->plain;
    struct slice rest = slice_sub(text, sizeof target - 1, text.len);
    if (m->begun || plain->sheet_count == XML_PLAIN_SHEETS || !slice_starts(text, target) ||
        rest.len == 0 || !ascii_space(rest.ptr[0]))
        return true;
    struct slice type = pseudo_attribute(rest, "type");
    struct slice href = pseudo_attribute(rest, "href");
    if (href.len == 0 || slice_starts(href, "#") ||
        (type.len > 0 && !slice_starts_nocase(type, "text/css")))
        return true;
    struct xml_sheet *sheet = &plain->sheets[plain->sheet_count++];
    sheet->href = copy_value(href);
    sheet->media = copy_value(pseudo_attribute(rest, "media"));
    sheet->alternate = slice_equal(pseudo_attribute(rest, "alternate"), slice_of("yes"));
    return (sheet->href != NULL && sheet->media != NULL) || error_no_memory(m->err);
}

/* ---- The text ---- */

/* Behind the construct that ends with `end`; *inside_out is what stands in it. */
static void skip(struct maker *m, const char *start, const char *end, struct slice *inside_out)
{
    struct source *source = top(m);
    size_t from = source->at + strlen(start);
    size_t found = slice_find(source->text, from, slice_of(end));
    *inside_out = slice_sub(source->text, from, found - from);
    source->at = found < source->text.len ? found + strlen(end) : found;
}

/* At a '<' outside of tags. */
static bool on_markup(struct maker *m)
{
    static const char cdata[] = "<![CDATA[";
    struct source *source = top(m);
    struct slice rest = slice_sub(source->text, source->at, source->text.len);
    struct slice inside;
    if (slice_starts(rest, "<!--")) {
        skip(m, "<!--", "-->", &inside);
    } else if (slice_starts(rest, "<?")) {
        skip(m, "<?", "?>", &inside);
        return on_instruction(m, inside);
    } else if (slice_starts(rest, cdata)) {
        skip(m, cdata, "]]>", &inside);
        write_escaped(&m->plain->text, inside);
    } else if (slice_starts(rest, "<!") && !m->begun) {
        return xml_subset_read(source->text, &source->at, &m->subset, m->err);
    } else {
        m->begun = true;
        m->in_tag = true;
        m->tag_depth = m->depth;
        copy_to(m, source->at + 1);
    }
    return true;
}

/* In a tag: up to the next character that means something there, and that one. */
static bool in_tag(struct maker *m)
{
    struct source *source = top(m);
    struct slice text = source->text;
    size_t at = source->at;
    while (at < text.len) {
        char c = text.ptr[at];
        bool stops = m->quote == 0
                         ? c == '>' || c == '"' || c == '\'' || c == '&'
                         : c == m->quote || c == '&' || (c == '<' && m->depth > m->tag_depth);
        if (stops)
            break;
        at++;
    }
    copy_to(m, at);
    if (at == text.len)
        return true;
    char c = text.ptr[at];
    if (c == '&')
        return on_reference(m);
    if (m->depth > m->tag_depth) { /* what an entity stands for ends no value */
        source->at++;
        return buf_printf(&m->plain->text, "&#%d;", c);
    }
    if (c == '>')
        m->in_tag = false;
    else
        m->quote = m->quote == 0 ? c : '\0';
    copy_to(m, at + 1);
    return true;
}

static bool in_text(struct maker *m)
{
    struct source *source = top(m);
    size_t at = source->at;
    while (at < source->text.len && source->text.ptr[at] != '<' && source->text.ptr[at] != '&')
        at++;
    copy_to(m, at);
    if (at == source->text.len)
        return true;
    return source->text.ptr[at] == '<' ? on_markup(m) : on_reference(m);
}

bool xml_plain_make(struct slice xml, struct xml_plain *plain, struct error *err)
{
    struct maker m = {.plain = plain, .err = err, .depth = 1};
    bool ok = true;
    *plain = (struct xml_plain){0};
    buf_init(&plain->text, LIMIT_DOCUMENT);
    m.sources[0].text = xml;
    while (ok && m.depth > 0) {
        if (top(&m)->at == top(&m)->text.len)
            m.depth--;
        else
            ok = (m.in_tag ? in_tag(&m) : in_text(&m)) && plain->text.failed == ERR_NONE;
    }
    xml_subset_finish(&m.subset);
    if (plain->text.failed != ERR_NONE)
        return buf_ok(&plain->text, "The document", err);
    return ok;
}

void xml_plain_finish(struct xml_plain *plain)
{
    for (size_t i = 0; i < plain->sheet_count; i++) {
        free(plain->sheets[i].href);
        free(plain->sheets[i].media);
    }
    buf_finish(&plain->text);
}

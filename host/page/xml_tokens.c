#include "page/xml_tokens.h"

#include "base/utf8.h"

/* Behind the first `mark` from `at`, or past the end. */
static size_t behind(struct slice text, size_t at, const char *mark)
{
    size_t found = slice_find(text, at, slice_of(mark));
    return found < text.len ? found + strlen(mark) : text.len + 1;
}

/* Behind a tag, whose values may hold a '>'. A quote that starts no value means nothing: feeds have
 * HTML of all kinds. */
static size_t tag_end(struct slice text, size_t at)
{
    char last = '\0'; /* but for white space */
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '>')
            return at + 1;
        if ((c == '"' || c == '\'') && last == '=')
            at = slice_find_byte(text, at + 1, c);
        last = ascii_space(c) ? last : c;
        at++;
    }
    return text.len + 1;
}

/* Behind a doctype: its internal subset has tags, quotes and comments of its own. */
static size_t doctype_end(struct slice text, size_t at)
{
    size_t open = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        if (slice_starts(slice_sub(text, at, 4), "<!--")) {
            at = behind(text, at + 4, "-->");
            continue;
        }
        if (c == '"' || c == '\'') {
            at = slice_find_byte(text, at + 1, c) + 1;
            continue;
        }
        at++;
        if (c == '[')
            open++;
        else if (c == ']' && open > 0)
            open--;
        else if (c == '>' && open == 0)
            return at;
    }
    return text.len + 1;
}

static bool name_ends(char c)
{
    return ascii_space(c) || c == '/' || c == '>' || c == '=';
}

static struct slice take_name(struct slice text, size_t at)
{
    size_t end = at;
    while (end < text.len && !name_ends(text.ptr[end]))
        end++;
    return slice_sub(text, at, end - at);
}

static size_t read_tag(const struct xml_reader *r, struct xml_token *token)
{
    size_t end = tag_end(r->text, r->at);
    if (end > r->text.len)
        return end;
    bool closing = r->at + 1 < r->text.len && r->text.ptr[r->at + 1] == '/';
    bool empty = !closing && r->text.ptr[end - 2] == '/';
    token->kind = closing ? XML_END : empty ? XML_EMPTY : XML_START;
    token->name = take_name(r->text, r->at + 1 + closing);
    size_t from = r->at + 1 + token->name.len;
    if (!closing)
        token->attributes = slice_sub(r->text, from, end - 1 - empty - from);
    return end;
}

/* At a '<'. Returns where it ends. */
static size_t read_markup(const struct xml_reader *r, struct xml_token *token)
{
    struct slice head = slice_sub(r->text, r->at, 9);
    token->kind = XML_ASIDE;
    if (slice_starts(head, "<!--"))
        return behind(r->text, r->at + 4, "-->");
    if (slice_starts(head, "<![CDATA[")) {
        token->kind = XML_CDATA;
        return behind(r->text, r->at + 9, "]]>");
    }
    if (slice_starts(head, "<!"))
        return doctype_end(r->text, r->at + 2);
    if (slice_starts(head, "<?"))
        return behind(r->text, r->at + 2, "?>");
    return read_tag(r, token);
}

void xml_next(struct xml_reader *r, struct xml_token *token_out)
{
    struct xml_token token = {.kind = XML_DONE};
    if (r->at > r->text.len)
        token.kind = XML_BROKEN;
    if (r->at < r->text.len) {
        token.kind = XML_TEXT;
        size_t end = r->text.ptr[r->at] == '<' ? read_markup(r, &token)
                                               : slice_find_byte(r->text, r->at, '<');
        if (end > r->text.len)
            token.kind = XML_BROKEN;
        else if (token.kind == XML_CDATA)
            token.text = slice_sub(r->text, r->at + 9, end - r->at - 12);
        else
            token.text = slice_sub(r->text, r->at, end - r->at);
        r->at = end;
    }
    *token_out = token;
}

bool xml_take_attribute(struct slice *attributes, struct slice *name_out, struct slice *value_out)
{
    struct slice s = slice_trim(*attributes);
    while (s.len > 0 && name_ends(s.ptr[0]))
        s = slice_sub(s, 1, s.len);
    struct slice name = take_name(s, 0);
    if (name.len == 0)
        return false;
    struct slice rest = slice_trim(slice_sub(s, name.len, s.len));
    struct slice value = slice_of("");
    if (rest.len > 0 && rest.ptr[0] == '=') {
        rest = slice_trim(slice_sub(rest, 1, rest.len));
        char quote = rest.len > 0 ? rest.ptr[0] : '\0';
        if (quote == '"' || quote == '\'') {
            size_t end = slice_find_byte(rest, 1, quote);
            value = slice_sub(rest, 1, end - 1);
            rest = slice_sub(rest, end + 1, rest.len);
        } else {
            size_t end = 0;
            while (end < rest.len && !ascii_space(rest.ptr[end]) && rest.ptr[end] != '>')
                end++;
            value = slice_sub(rest, 0, end);
            rest = slice_sub(rest, end, rest.len);
        }
    }
    *attributes = rest;
    *name_out = name;
    *value_out = value;
    return true;
}

struct slice xml_attribute(struct slice attributes, const char *name)
{
    struct slice found;
    struct slice value;
    while (xml_take_attribute(&attributes, &found, &value))
        if (slice_equal(found, slice_of(name)))
            return value;
    return slice_of("");
}

static size_t numeric_reference(struct slice text, size_t at, uint32_t *cp_out)
{
    size_t i = at + 2;
    bool hex = i < text.len && ascii_lower(text.ptr[i]) == 'x';
    uint32_t cp = 0;
    size_t start = i += hex;
    for (; i < text.len && i - start < 8; i++) {
        char c = ascii_lower(text.ptr[i]);
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(hex && c >= 'a' && c <= 'f'))
            break;
        cp = cp * (hex ? 16 : 10) + (uint32_t)(digit ? c - '0' : c - 'a' + 10);
    }
    if (i == start || i >= text.len || text.ptr[i] != ';')
        return 0;
    *cp_out = cp;
    return i + 1 - at;
}

size_t xml_reference(struct slice text, size_t at, uint32_t *cp_out)
{
    static const struct {
        const char *name;
        uint32_t cp;
    } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    struct slice s = slice_sub(text, at, 12);
    if (slice_starts(s, "&#"))
        return numeric_reference(text, at, cp_out);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (slice_starts(s, names[i].name)) {
            *cp_out = names[i].cp;
            return strlen(names[i].name);
        }
    }
    return 0;
}

bool xml_unescape(struct buf *out, struct slice text)
{
    for (size_t at = 0; at < text.len;) {
        size_t mark = slice_find_byte(text, at, '&');
        buf_add_slice(out, slice_sub(text, at, mark - at));
        if (mark == text.len)
            break;
        uint32_t cp;
        char bytes[4];
        size_t len = xml_reference(text, mark, &cp);
        if (len > 0)
            buf_add(out, bytes, utf8_encode(cp, bytes));
        else
            buf_add_char(out, '&');
        at = mark + (len > 0 ? len : 1);
    }
    return out->failed == ERR_NONE;
}

#include "page/content_fragment.h"

#include "base/limits.h"
#include "page/content_html.h"
#include "page/url.h"
#include "page/xml_tokens.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEPTH_MAX = 100, ATTRIBUTES_MAX = 64, NAME_MAX_LEN = 40 };

struct fragment {
    struct slice html;
    struct slice base;
    bool xml;
    size_t at;
    struct slice open[DEPTH_MAX]; /* names of the elements that are open */
    size_t depth;
    size_t foreign;      /* of them, <svg> and <math> */
    bool no_comment_end; /* no comment ends from here on */
    bool no_raw_end;     /* nor does what holds text only */
    struct buf *out;
    size_t max;
    struct error *err;
};

/* `words` has each name between spaces. */
static bool listed(struct slice name, const char *words)
{
    char key[NAME_MAX_LEN + 3];
    if (name.len == 0 || name.len > NAME_MAX_LEN)
        return false;
    key[0] = ' ';
    for (size_t i = 0; i < name.len; i++)
        key[i + 1] = ascii_lower(name.ptr[i]);
    key[name.len + 1] = ' ';
    key[name.len + 2] = '\0';
    return strstr(words, key) != NULL;
}

static bool is_foreign(struct slice name)
{
    return listed(name, " svg math ");
}

static bool is_void(struct slice name)
{
    return listed(name, " area br col embed hr img input source track wbr ");
}

/* Tags of the document, and those whose contents could not be told from what follows. */
static bool is_left_out(struct slice name)
{
    return listed(name, " html head body base meta link frameset frame template select option "
                        "optgroup noscript param keygen basefont bgsound image isindex ");
}

static bool is_raw(struct slice name)
{
    return listed(name, " script style title textarea xmp iframe noembed noframes plaintext ");
}

static bool same_name(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
            return false;
    return true;
}

/* ---- Elements ---- */

static void close_last(struct fragment *f)
{
    struct slice name = f->open[--f->depth];
    f->foreign -= is_foreign(name);
    buf_add_text(f->out, "</");
    buf_add_slice(f->out, name);
    buf_add_char(f->out, '>');
}

/* HTML §13.1.2.4: what ends where the next begins. */
static void close_implied(struct fragment *f, struct slice name)
{
    static const struct {
        const char *next;
        const char *ends;
    } rules[] = {
        {" address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
         "header hr main nav ol p pre section table ul ",
         " p "},
        {" li ", " p li "},
        {" dt dd ", " p dt dd "},
        {" td th ", " p td th "},
        {" tr ", " p td th tr "},
        {" thead tbody tfoot ", " p td th tr thead tbody tfoot "},
    };
    const char *ends = NULL;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (listed(name, rules[i].next))
            ends = rules[i].ends;
    while (ends != NULL && f->depth > 0 && listed(f->open[f->depth - 1], ends))
        close_last(f);
}

static void end_element(struct fragment *f, struct slice name)
{
    size_t i = f->depth;
    while (i > 0 && !same_name(f->open[i - 1], name))
        i--;
    while (i > 0 && f->depth >= i)
        close_last(f);
}

/* ---- Attributes ---- */

static bool is_plain_name(struct slice name)
{
    if (name.len > NAME_MAX_LEN)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = ascii_lower(name.ptr[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && (c == '\0' || !strchr("-_:.", c)))
            return false;
    }
    return name.len > 0;
}

static bool write_link(struct fragment *f, struct slice name, struct slice value)
{
    struct buf plain;
    char key[NAME_MAX_LEN + 1];
    char *url = NULL;
    struct error fault = {0};
    snprintf(key, sizeof key, "%.*s", (int)name.len, name.ptr);
    buf_init(&plain, LIMIT_DATA_URL);
    xml_unescape(&plain, value);
    bool ok = plain.failed == ERR_NONE && url_join(f->base, buf_slice(&plain), &url, &fault);
    if (ok)
        content_attribute(f->out, key, slice_of(url));
    free(url);
    buf_finish(&plain);
    return fault.code != ERR_NO_MEMORY || error_no_memory(f->err);
}

/* As it stands, but for the quotes around it. */
static void write_value(struct fragment *f, struct slice name, struct slice value)
{
    buf_add_char(f->out, ' ');
    buf_add_slice(f->out, name);
    buf_add_text(f->out, "=\"");
    for (size_t at = 0; at < value.len; at++) {
        size_t quote = slice_find_byte(value, at, '"');
        buf_add_slice(f->out, slice_sub(value, at, quote - at));
        if (quote < value.len)
            buf_add_text(f->out, "&quot;");
        at = quote;
    }
    buf_add_char(f->out, '"');
}

static bool write_attributes(struct fragment *f, struct slice attributes)
{
    struct slice name;
    struct slice value;
    for (size_t n = 0; n < ATTRIBUTES_MAX && xml_take_attribute(&attributes, &name, &value); n++) {
        bool moved = f->base.len > 0;
        if (!is_plain_name(name) || slice_starts_nocase(name, "on") ||
            slice_starts_nocase(name, "xmlns") || (moved && listed(name, " srcset ")))
            continue;
        if (moved && listed(name, " href src poster xlink:href ")) {
            if (!write_link(f, name, value))
                return false;
        } else {
            write_value(f, name, value);
        }
    }
    return true;
}

/* ---- Tokens ---- */

/* Where `</name` stands, or the end of all. */
static size_t raw_end(const struct fragment *f, struct slice name)
{
    for (size_t at = slice_find(f->html, f->at, slice_of("</")); at < f->html.len;
         at = slice_find(f->html, at + 2, slice_of("</"))) {
        struct slice after = slice_sub(f->html, at + 2 + name.len, 1);
        if (same_name(slice_sub(f->html, at + 2, name.len), name) && after.len > 0 &&
            (ascii_space(after.ptr[0]) || after.ptr[0] == '>' || after.ptr[0] == '/'))
            return at;
    }
    return f->html.len;
}

/* Behind the start tag of what holds text only: of these a text, a frame or nothing is left. */
static bool pass_raw(struct fragment *f, const struct xml_token *tag)
{
    if (listed(tag->name, " iframe ")) {
        buf_add_text(f->out, "<iframe");
        if (!write_attributes(f, tag->attributes))
            return false;
        buf_add_text(f->out, "></iframe>");
    }
    if (f->no_raw_end || (f->xml && tag->kind == XML_EMPTY))
        return true;
    size_t end = raw_end(f, tag->name);
    if (end == f->html.len) {
        f->no_raw_end = true; /* its contents are read as if it were not there */
        return true;
    }
    if (listed(tag->name, " textarea xmp "))
        content_text(f->out, slice_sub(f->html, f->at, end - f->at), f->max);
    f->at = end;
    return true;
}

static bool start_element(struct fragment *f, const struct xml_token *tag)
{
    struct slice name = tag->name;
    if (is_raw(name))
        return pass_raw(f, tag);
    bool single = is_void(name) || ((f->foreign > 0 || f->xml) && tag->kind == XML_EMPTY);
    if (is_left_out(name) || !is_plain_name(name) || (!single && f->depth == DEPTH_MAX))
        return true;
    close_implied(f, name);
    buf_add_char(f->out, '<');
    buf_add_slice(f->out, name);
    if (!write_attributes(f, tag->attributes))
        return false;
    buf_add_char(f->out, '>');
    if (is_void(name))
        return true;
    f->open[f->depth++] = name;
    f->foreign += is_foreign(name);
    if (single)
        close_last(f);
    return true;
}

/* Prefixes have no meaning here. */
static struct slice local_name(struct slice name)
{
    size_t colon = slice_find_byte(name, 0, ':');
    return colon < name.len ? slice_sub(name, colon + 1, name.len) : name;
}

/* No tag ends any more: it is all text. */
static void write_rest(struct fragment *f)
{
    content_text(f->out, slice_sub(f->html, f->at, f->html.len), f->max);
    f->at = f->html.len;
}

static bool pass_tag(struct fragment *f)
{
    struct xml_reader reader = {.text = f->html, .at = f->at};
    struct xml_token tag;
    xml_next(&reader, &tag);
    if (tag.kind == XML_BROKEN) {
        write_rest(f);
        return true;
    }
    f->at = reader.at;
    tag.name = local_name(tag.name);
    if (tag.kind == XML_END) {
        if (!is_void(tag.name))
            end_element(f, tag.name);
        return true;
    }
    return start_element(f, &tag);
}

/* Comments, doctypes and instructions go. */
static void pass_aside(struct fragment *f)
{
    struct slice s = slice_sub(f->html, f->at, 4);
    bool comment = slice_starts(s, "<!--");
    size_t end = f->html.len;
    if (!comment)
        end = slice_find_byte(f->html, f->at, '>');
    else if (!f->no_comment_end)
        end = slice_find(f->html, f->at + 4, slice_of("-->"));
    if (end < f->html.len) {
        f->at = end + (comment ? 3 : 1);
    } else if (comment) {
        f->no_comment_end = true;
        buf_add_text(f->out, "&lt;");
        f->at++;
    } else {
        write_rest(f);
    }
}

static bool is_tag(struct slice s)
{
    size_t slash = s.len > 1 && s.ptr[1] == '/';
    char c = s.len > 1 + slash ? ascii_lower(s.ptr[1 + slash]) : '\0';
    return c >= 'a' && c <= 'z';
}

static bool step(struct fragment *f)
{
    struct slice s = slice_sub(f->html, f->at, 4);
    if (s.ptr[0] != '<') {
        size_t end = slice_find_byte(f->html, f->at, '<');
        buf_add_slice(f->out, slice_sub(f->html, f->at, end - f->at));
        f->at = end;
        return true;
    }
    if (is_tag(s))
        return pass_tag(f);
    if (s.len > 1 && (s.ptr[1] == '!' || s.ptr[1] == '?')) {
        pass_aside(f);
        return true;
    }
    buf_add_text(f->out, "&lt;");
    f->at++;
    return true;
}

bool content_fragment_write(const struct content_fragment *fragment, struct buf *out, size_t max,
                            struct error *err)
{
    struct fragment *f = calloc(1, sizeof *f);
    if (f == NULL)
        return error_no_memory(err);
    f->html = fragment->html;
    f->base = fragment->base;
    f->xml = fragment->xml;
    f->out = out;
    f->max = max;
    f->err = err;
    bool ok = true;
    while (ok && f->at < f->html.len && out->failed == ERR_NONE && out->len < max)
        ok = step(f);
    while (f->depth > 0)
        close_last(f);
    free(f);
    return ok;
}

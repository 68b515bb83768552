/* Framesets: the stored form has one <body>, so they become grids of <iframe>. */
#include "page/sanitize.h"

#include <stdio.h>
#include <stdlib.h>

static bool set(struct sanitizer *s, xmlNodePtr node, const char *name, const char *value)
{
    return tree_set_attribute(node, name, value) || error_no_memory(s->err);
}

static bool rename_to(struct sanitizer *s, xmlNodePtr node, const char *name)
{
    return tree_rename(node, name) || error_no_memory(s->err);
}

/* A frame fills its cell. */
bool sanitize_frame(struct sanitizer *s, xmlNodePtr node)
{
    tree_clear(node);
    return rename_to(s, node, "iframe") &&
           set(s, node, "style", "display:block;width:100%;height:100%;border:0;background:#fff");
}

/* One dimension of cols="" or rows="" (HTML §16.4, "parsing a list of dimensions") as a track. */
/* A percentage is one of what the borders leave. */
static void add_track(struct buf *out, struct slice dimension, bool shares, int borders)
{
    char text[32];
    struct slice trimmed = slice_trim(dimension);
    size_t len = trimmed.len < sizeof text ? trimmed.len : sizeof text - 1;
    memcpy(text, trimmed.ptr, len);
    text[len] = '\0';
    char *end;
    double number = text[0] >= '0' && text[0] <= '9' ? strtod(text, &end) : 0;
    if (text[0] < '0' || text[0] > '9')
        end = text;
    if (number > 1e6)
        number = 1e6;
    if (*end == '%' && shares)
        buf_printf(out, " minmax(0,%dfr)", number >= 1 ? (int)number : 1);
    else if (*end == '%')
        buf_printf(out, " calc((100%% - %dpx)*%d.%d/100)", borders, (int)number,
                   (int)(number * 10) % 10);
    else if (*end == '*' || end == text)
        buf_printf(out, " minmax(0,%dfr)", number >= 1 ? (int)number : 1);
    else
        buf_printf(out, " %dpx", (int)number);
}

static void add_tracks(struct buf *out, const char *property, struct slice list, int border)
{
    /* Where nothing takes what is left, percentages share what the borders leave. */
    bool shares = slice_find_byte(list, 0, '*') == list.len;
    int borders = 0;
    for (size_t at = 0; at < list.len; at++)
        borders += list.ptr[at] == ',' ? border : 0;
    buf_printf(out, ";%s:", property);
    if (list.len == 0)
        buf_add_text(out, " minmax(0,1fr)");
    for (size_t at = 0, count = 0; at < list.len && count < 100; count++) {
        size_t end = slice_find_byte(list, at, ',');
        add_track(out, slice_sub(list, at, end - at), shares, borders);
        at = end + 1;
    }
}

/* What is between its frames, in pixels (obsolete since HTML §16.3; browsers agree on six). One
 * that says nothing has what the one around it has. */
static int border_of(struct sanitizer *s, const xmlNode *node)
{
    struct slice off = tree_value(tree_find_attribute(node, "frameborder"));
    struct slice text = slice_trim(tree_value(tree_find_attribute(node, "border")));
    if (slice_equal(off, slice_of("0")) || slice_equal_nocase(off, "no"))
        return s->frame_border = 0;
    if (text.len == 0)
        return s->frame_border;
    s->frame_border = 0;
    for (size_t i = 0; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9' && i < 2; i++)
        s->frame_border = s->frame_border * 10 + (text.ptr[i] - '0');
    return s->frame_border;
}

bool sanitize_frameset(struct sanitizer *s, xmlNodePtr node)
{
    bool outer = node == s->body;
    int border = border_of(s, node);
    buf_reset(&s->text);
    buf_add_text(&s->text, outer ? "margin:0;height:100vh;display:grid" : "display:grid");
    if (border > 0)
        buf_printf(&s->text, ";gap:%dpx;background:#d0d0d0", border);
    add_tracks(&s->text, "grid-template-columns", tree_value(tree_find_attribute(node, "cols")),
               border);
    add_tracks(&s->text, "grid-template-rows", tree_value(tree_find_attribute(node, "rows")),
               border);
    if (!buf_ok(&s->text, "A frameset", s->err) || !set(s, node, "style", s->text.ptr) ||
        !rename_to(s, node, outer ? "body" : "div"))
        return false;
    for (xmlNodePtr child = node->children; child != NULL; child = child->next)
        if (tree_is(child, NS_HTML, "iframe") && !sanitize_frame(s, child))
            return false;
    return true;
}

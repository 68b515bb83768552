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
           set(s, node, "style", "display:block;width:100%;height:100%;border:0");
}

/* One dimension of cols="" or rows="" (HTML §16.4, "parsing a list of dimensions") as a track. */
static void add_track(struct buf *out, struct slice dimension)
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
    if (*end == '%')
        buf_printf(out, " %d.%d%%", (int)number, (int)(number * 10) % 10);
    else if (*end == '*' || end == text)
        buf_printf(out, " minmax(0,%dfr)", number >= 1 ? (int)number : 1);
    else
        buf_printf(out, " %dpx", (int)number);
}

static void add_tracks(struct buf *out, const char *property, struct slice list)
{
    buf_printf(out, ";%s:", property);
    if (list.len == 0)
        buf_add_text(out, " minmax(0,1fr)");
    for (size_t at = 0, count = 0; at < list.len && count < 100; count++) {
        size_t end = slice_find_byte(list, at, ',');
        add_track(out, slice_sub(list, at, end - at));
        at = end + 1;
    }
}

bool sanitize_frameset(struct sanitizer *s, xmlNodePtr node)
{
    bool outer = node == s->body;
    buf_reset(&s->text);
    buf_add_text(&s->text, outer ? "margin:0;height:100vh;display:grid" : "display:grid");
    add_tracks(&s->text, "grid-template-columns", tree_value(tree_find_attribute(node, "cols")));
    add_tracks(&s->text, "grid-template-rows", tree_value(tree_find_attribute(node, "rows")));
    if (!buf_ok(&s->text, "A frameset", s->err) || !set(s, node, "style", s->text.ptr) ||
        !rename_to(s, node, outer ? "body" : "div"))
        return false;
    for (xmlNodePtr child = node->children; child != NULL; child = child->next)
        if (tree_is(child, NS_HTML, "iframe") && !sanitize_frame(s, child))
            return false;
    return true;
}

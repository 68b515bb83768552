#include "app/markdown.h"

/* What means something anywhere in a line, and what does so at its beginning. */
static const char anywhere[] = "\\`*_[]<>&|~#$";
static const char at_start[] = "+-=";

static void add_character(struct buf *out, char c, bool first)
{
    bool marked =
        c != '\0' && (strchr(anywhere, c) != NULL || (first && strchr(at_start, c) != NULL));
    if (marked)
        buf_add_char(out, '\\');
    buf_add_char(out, c);
}

/* "1." at the start of a line is not a list. */
static size_t number_length(struct slice line)
{
    size_t len = 0;
    while (len < line.len && len < 9 && line.ptr[len] >= '0' && line.ptr[len] <= '9')
        len++;
    bool list = len > 0 && len < line.len && (line.ptr[len] == '.' || line.ptr[len] == ')');
    return list ? len : 0;
}

static void add_line(struct buf *out, struct slice line)
{
    size_t number = number_length(line);
    buf_add(out, line.ptr, number);
    if (number > 0)
        buf_add_char(out, '\\');
    for (size_t i = number; i < line.len; i++)
        add_character(out, line.ptr[i], i == 0);
}

/* The next line that is not empty, without white space at its ends; false at the end. */
static bool next_line(struct slice text, size_t *at, struct slice *line_out)
{
    while (*at < text.len) {
        size_t end = *at;
        while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
            end++;
        *line_out = slice_trim(slice_sub(text, *at, end - *at));
        *at = end + 1;
        if (line_out->len > 0)
            return true;
    }
    return false;
}

void markdown_heading(struct buf *out, struct slice title, struct slice url)
{
    struct slice line;
    size_t at = 0;
    buf_add_text(out, "##");
    while (next_line(title, &at, &line)) {
        buf_add_char(out, ' ');
        add_line(out, line);
    }
    buf_add_text(out, "\n\n<");
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];
        if (c <= ' ' || c == '<' || c == '>')
            buf_printf(out, "%%%02X", c);
        else
            buf_add_char(out, (char)c);
    }
    buf_add_text(out, ">\n\n");
}

void markdown_quote(struct buf *out, struct slice quote)
{
    struct slice line;
    size_t at = 0;
    size_t start = out->len;
    while (next_line(quote, &at, &line)) {
        /* Two spaces at its end keep a line from running into the next one. */
        if (out->len > start)
            buf_add_text(out, "  \n");
        buf_add_text(out, "> ");
        add_line(out, line);
    }
    if (out->len > start)
        buf_add_text(out, "\n\n");
}

void markdown_note(struct buf *out, struct slice note)
{
    struct slice text = slice_trim(note);
    buf_add_slice(out, text);
    if (text.len > 0)
        buf_add_text(out, "\n\n");
}

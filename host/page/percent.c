#include "page/percent.h"

int percent_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int percent_byte(struct slice text, size_t at)
{
    if (text.len < 3 || at > text.len - 3 || text.ptr[at] != '%')
        return -1;
    int high = percent_digit(text.ptr[at + 1]);
    int low = percent_digit(text.ptr[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void percent_decode(struct buf *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->len; i++) {
        int byte = percent_byte(buf_slice(text), i);
        text->ptr[kept++] = byte >= 0 ? (char)byte : text->ptr[i];
        i += byte >= 0 ? 2 : 0;
    }
    text->len = kept;
    if (text->ptr != NULL)
        text->ptr[kept] = '\0';
}

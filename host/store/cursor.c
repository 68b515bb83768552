#include "store/cursor.h"

#include <string.h>

enum { BASE = 36 };

static const char letters[] = " nrtoas"; /* by enum cursor_kind */

static bool of_rank(enum cursor_kind kind)
{
    return kind == CURSOR_RANKED || kind == CURSOR_TAIL;
}

/* Appends ".number" in base 36: 12 characters at most below CURSOR_ORD_MAX. */
static char *write_number(char *out, int64_t number)
{
    char digits[16];
    size_t count = 0;
    do {
        digits[count++] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % BASE];
        number /= BASE;
    } while (number > 0);
    *out++ = '.';
    while (count > 0)
        *out++ = digits[--count];
    return out;
}

void cursor_write(const struct cursor *cursor, char out[CURSOR_SIZE])
{
    *out = '\0';
    if (cursor->kind == CURSOR_START)
        return;
    *out++ = letters[cursor->kind];
    out = write_number(out, cursor->ord);
    if (of_rank(cursor->kind)) {
        out = write_number(out, cursor->score);
        out = write_number(out, cursor->top);
        out = write_number(out, cursor->low);
        out = write_number(out, cursor->outside_low);
    }
    *out = '\0';
}

/* Reads ".number"; strict, so that only what was written is read. */
static bool read_number(const char **text, int64_t *number_out)
{
    const char *at = *text;
    if (*at++ != '.')
        return false;
    int64_t number = 0;
    size_t count = 0;
    for (; *at != '\0' && *at != '.'; at++, count++) {
        bool digit = *at >= '0' && *at <= '9';
        if ((!digit && (*at < 'a' || *at > 'z')) || count == 11)
            return false;
        number = number * BASE + (digit ? *at - '0' : *at - 'a' + 10);
    }
    *text = at;
    *number_out = number;
    return count > 0 && number <= CURSOR_ORD_MAX;
}

bool cursor_read(const char *text, struct cursor *cursor_out, struct error *err)
{
    struct cursor cursor = {0};
    if (text == NULL || *text == '\0') {
        *cursor_out = cursor;
        return true;
    }
    const char *letter = strchr(letters + 1, *text++);
    bool ok = letter != NULL;
    if (ok) {
        cursor.kind = (enum cursor_kind)(letter - letters);
        ok = read_number(&text, &cursor.ord);
    }
    if (ok && of_rank(cursor.kind))
        ok = read_number(&text, &cursor.score) && read_number(&text, &cursor.top) &&
             read_number(&text, &cursor.low) && read_number(&text, &cursor.outside_low);
    if (!ok || *text != '\0')
        return error_set(err, ERR_PARAMS, "The cursor is none that a search gave");
    *cursor_out = cursor;
    return true;
}

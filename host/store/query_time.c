#include "store/query_time.h"

#include <time.h>

enum { HOUR = 3600 };

/* Reads up to `max` digits; false when there is none or more. */
static bool read_number(struct slice *text, size_t max, int *number_out)
{
    size_t len = 0;
    int number = 0;
    while (len < text->len && text->ptr[len] >= '0' && text->ptr[len] <= '9') {
        if (++len > max)
            return false;
        number = number * 10 + (text->ptr[len - 1] - '0');
    }
    *text = slice_sub(*text, len, text->len);
    *number_out = number;
    return len > 0;
}

/* Drops a separator, which is there unless the text ends; true when a number must follow. */
static bool read_separator(struct slice *text, const char *chinese)
{
    size_t len = 0;
    if (slice_starts(*text, chinese))
        len = strlen(chinese);
    else if (text->len > 0 && strchr("-/.", text->ptr[0]) != NULL)
        len = 1;
    *text = slice_sub(*text, len, text->len);
    return len > 0 && text->len > 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Local midnight; fields past their range carry over. */
static int64_t midnight(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1};
    return (int64_t)mktime(&tm) * 1000;
}

static bool read_date(struct slice text, int64_t *from_out, int64_t *to_out)
{
    int year;
    int month = 1;
    int day = 1;
    bool with_month = false;
    bool with_day = false;
    if (!read_number(&text, 4, &year) || year < 1970)
        return false;
    if (read_separator(&text, "年")) {
        with_month = true;
        if (!read_number(&text, 2, &month) || month < 1 || month > 12)
            return false;
        if (read_separator(&text, "月")) {
            with_day = true;
            if (!read_number(&text, 2, &day) || day < 1 || day > days_in(year, month))
                return false;
            read_separator(&text, "日");
        }
    }
    if (text.len > 0)
        return false;
    *from_out = midnight(year, month, day);
    if (with_day)
        *to_out = midnight(year, month, day + 1);
    else
        *to_out = with_month ? midnight(year, month + 1, 1) : midnight(year + 1, 1, 1);
    return true;
}

static bool read_age(struct slice text, int64_t now, int64_t *moment_out)
{
    int count;
    if (!read_number(&text, 4, &count) || text.len != 1)
        return false;
    time_t seconds = (time_t)(now / 1000);
    struct tm tm;
    if (localtime_r(&seconds, &tm) == NULL)
        return false;
    tm.tm_isdst = -1;
    switch (text.ptr[0]) {
    case 'h':
        *moment_out = now - (int64_t)count * HOUR * 1000;
        return true;
    case 'd':
        tm.tm_mday -= count;
        break;
    case 'w':
        tm.tm_mday -= 7 * count;
        break;
    case 'm':
        tm.tm_mon -= count;
        break;
    case 'y':
        tm.tm_year -= count;
        break;
    default:
        return false;
    }
    *moment_out = (int64_t)mktime(&tm) * 1000;
    return true;
}

bool query_time(struct slice text, int64_t now, int64_t *from_out, int64_t *to_out)
{
    int64_t moment;
    if (read_age(text, now, &moment)) {
        *from_out = moment;
        *to_out = moment;
        return true;
    }
    return read_date(text, from_out, to_out);
}

void query_day(int64_t moment, int64_t *from_out, int64_t *to_out)
{
    time_t seconds = (time_t)(moment / 1000);
    struct tm tm;
    if (localtime_r(&seconds, &tm) == NULL) {
        *from_out = *to_out = moment;
        return;
    }
    *from_out = midnight(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    *to_out = midnight(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday + 1);
}

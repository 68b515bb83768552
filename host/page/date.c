#include "page/date.h"

#include <curl/curl.h>
#include <stdio.h>

/* As many digits as asked for, at *at. */
static bool take_number(struct slice s, size_t *at, size_t digits, int *value_out)
{
    int value = 0;
    if (s.len - *at < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        char c = s.ptr[*at + i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += digits;
    *value_out = value;
    return true;
}

static bool take_char(struct slice s, size_t *at, char c)
{
    if (*at >= s.len || ascii_lower(s.ptr[*at]) != c)
        return false;
    ++*at;
    return true;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar; the year starts in March. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "Z", "+08:00", "+0800" or nothing, in minutes. */
static bool take_zone(struct slice s, size_t *at, int *minutes_out)
{
    int hours;
    int minutes;
    *minutes_out = 0;
    if (*at == s.len || take_char(s, at, 'z'))
        return true;
    bool west = s.ptr[*at] == '-';
    if (!west && s.ptr[*at] != '+')
        return false;
    ++*at;
    if (!take_number(s, at, 2, &hours))
        return false;
    (void)take_char(s, at, ':');
    if (!take_number(s, at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *minutes_out = (hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

struct clock {
    int hour, minute, second, thousandth, zone;
};

/* What follows the "T": seconds and their fractions may be missing. */
static bool take_clock(struct slice s, size_t *at, struct clock *clock)
{
    if (!take_number(s, at, 2, &clock->hour) || !take_char(s, at, ':') ||
        !take_number(s, at, 2, &clock->minute))
        return false;
    if (take_char(s, at, ':') && !take_number(s, at, 2, &clock->second))
        return false;
    if (take_char(s, at, '.') || take_char(s, at, ',')) {
        int digit;
        for (int scale = 100; take_number(s, at, 1, &digit); scale /= 10)
            clock->thousandth += digit * scale;
    }
    return take_zone(s, at, &clock->zone) && clock->hour <= 24 && clock->minute <= 59 &&
           clock->second <= 60;
}

static bool parse_rfc3339(struct slice s, int64_t *ms_out)
{
    size_t at = 0;
    int year;
    int month;
    int day;
    struct clock clock = {0};
    if (!take_number(s, &at, 4, &year) || !take_char(s, &at, '-') ||
        !take_number(s, &at, 2, &month) || !take_char(s, &at, '-') ||
        !take_number(s, &at, 2, &day) || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    if ((take_char(s, &at, 't') || take_char(s, &at, ' ')) && !take_clock(s, &at, &clock))
        return false;
    if (at != s.len)
        return false;
    int64_t minutes =
        days_of(year, month, day) * 1440 + clock.hour * 60 + clock.minute - clock.zone;
    *ms_out = (minutes * 60 + clock.second) * 1000 + clock.thousandth;
    return true;
}

/* "Sun Nov 22 2026 03:00:00 GMT+0800 (China Standard Time)": libcurl knows it without the name of
 * the zone, and takes no number behind "GMT" for one. */
static bool parse_other(struct slice s, int64_t *ms_out)
{
    char text[80];
    struct slice front = slice_sub(s, 0, slice_find_byte(s, 0, '('));
    if (front.len >= sizeof text || slice_find_byte(front, 0, '\0') < front.len)
        return false;
    size_t zone = slice_find(front, 0, slice_of("GMT"));
    bool offset = zone + 3 < front.len && strchr("+-", front.ptr[zone + 3]) != NULL;
    struct slice rest = slice_sub(front, zone + (offset ? 3 : 0), front.len);
    snprintf(text, sizeof text, "%.*s%.*s", (int)zone, front.ptr, (int)rest.len,
             rest.len > 0 ? rest.ptr : "");
    time_t seconds = curl_getdate(text, NULL);
    if (seconds == (time_t)-1)
        return false;
    *ms_out = (int64_t)seconds * 1000;
    return true;
}

bool date_parse(struct slice text, int64_t *ms_out)
{
    struct slice s = slice_trim(text);
    return s.len > 0 && (parse_rfc3339(s, ms_out) || parse_other(s, ms_out));
}

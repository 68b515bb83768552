#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum log_level current = LOG_WARN;

void log_set_level(enum log_level level)
{
    current = level;
}

__attribute__((format(printf, 2, 0))) static void write_line(const char *word, const char *format,
                                                             va_list args)
{
    char line[1024];
    int used = snprintf(line, sizeof line, "linksnap[%ld] %s: ", (long)getpid(), word);
    vsnprintf(line + used, sizeof line - (size_t)used, format, args);
    fprintf(stderr, "%s\n", line);
}

void log_warn(const char *format, ...)
{
    if (current < LOG_WARN)
        return;
    va_list args;
    va_start(args, format);
    write_line("warning", format, args);
    va_end(args);
}

void log_info(const char *format, ...)
{
    if (current < LOG_INFO)
        return;
    va_list args;
    va_start(args, format);
    write_line("info", format, args);
    va_end(args);
}

void log_debug(const char *format, ...)
{
    if (current < LOG_DEBUG)
        return;
    va_list args;
    va_start(args, format);
    write_line("debug", format, args);
    va_end(args);
}

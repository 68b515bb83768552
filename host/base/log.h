/* Lines on stderr, for the person who looks why something went wrong. Never page text, never a
 * URL's query or fragment: a log is sent to strangers. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_QUIET, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* LOG_WARN until called. $LINKSNAP_LOG (quiet, warn, info, debug) is read by app/paths. */
void log_set_level(enum log_level level);

void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

/* Where things are, by the XDG Base Directory Specification. */
#ifndef APP_PATHS_H
#define APP_PATHS_H

#include "base/error.h"

/* The person's home folder: $HOME, else the password database. The caller frees. */
bool paths_home(char **home_out, struct error *err) MUST_CHECK;

/* The store: `explicit` when not NULL, else $LINKSNAP_DB, else $XDG_DATA_HOME/linksnap/linksnap.db
 * with ~/.local/share for an unset or relative $XDG_DATA_HOME. The caller frees. */
bool paths_store(const char *explicit, char **path_out, struct error *err) MUST_CHECK;

/* Makes the folders above `file`, mode 0700, where they are missing. ERR_STORE_READONLY,
 * ERR_STORE_FULL, ERR_IO. */
bool paths_make_parents(const char *file, struct error *err) MUST_CHECK;

/* linksnap-host beside the running program, else in ../libexec or ../lib/linksnap from there;
 * absolute. ERR_NOT_FOUND. The caller frees. */
bool paths_host_program(char **path_out, struct error *err) MUST_CHECK;

/* Sets the log level from $LINKSNAP_LOG. */
void paths_set_log_level(void);

#endif

/* Registering linksnap-host with browsers: writing and removing their manifests. */
#ifndef APP_INSTALL_H
#define APP_INSTALL_H

#include "app/browsers.h"

#include <sys/types.h>

struct install_options {
    struct places places;
    const char *program;         /* linksnap-host, absolute */
    enum browser_scope scope;    /* BROWSER_SYSTEM: for all persons, needs root */
    const char *const *browsers; /* names; none: all that are found */
    size_t browser_count;
    bool replace; /* overwrite a file of this name that is not ours */
    uid_t euid;
};

enum install_action {
    INSTALL_WRITTEN,   /* the file is new */
    INSTALL_CHANGED,   /* the file was ours and said something else */
    INSTALL_UNCHANGED, /* the file was right already */
    INSTALL_REMOVED,
    INSTALL_ABSENT,  /* uninstall of a named browser: there was nothing */
    INSTALL_KEPT,    /* left as it is; text says why */
    INSTALL_SKIPPED, /* this browser cannot be served here; text says why */
    INSTALL_FAILED,  /* text says why */
    INSTALL_NOTE     /* what the person must know or do besides; no file */
};

/* One line of the report; valid during the call. */
struct install_event {
    enum install_action action;
    const char *browser; /* its title */
    const char *file;    /* path, or "" */
    const char *text;    /* a sentence for people, or "" */
};
typedef void install_report(void *ctx, const struct install_event *event);

/* "written", "changed" ...: a stable word for an action. */
const char *install_action_name(enum install_action action);

/* Writes the manifest for each chosen browser: atomically, mode 0644, making missing folders (0700
 * in a home, 0755 for all persons). A named browser is served whether or not it is found, and so
 * are its Snap and Flatpak builds when they are. What is right already is not touched. One
 * browser's failure does not stop the others. ERR_USAGE: root without BROWSER_SYSTEM,
 * BROWSER_SYSTEM without root, an unknown name. ERR_NOT_FOUND: no browser found, or no program.
 * ERR_IO: the program cannot be started or could be changed by anybody, or a manifest could not be
 * written (the report says which). */
bool install_run(const struct install_options *options, install_report *report, void *ctx,
                 struct error *err) MUST_CHECK;

/* Removes our manifests: of the named browsers, or of all, found or not. A file that is not ours
 * stays, and so does one that a browser which was not named needs too. Errors as install_run, but
 * for those of the program. */
bool install_undo(const struct install_options *options, install_report *report, void *ctx,
                  struct error *err) MUST_CHECK;

#endif

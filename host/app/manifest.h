/* One native-messaging manifest: the file that tells a browser what to start, and for whom.
 * Formats: developer.chrome.com/docs/extensions/develop/concepts/native-messaging and
 * developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Native_manifests. */
#ifndef APP_MANIFEST_H
#define APP_MANIFEST_H

#include "app/browsers.h"

#include <sys/stat.h>

#define MANIFEST_NAME "org.linksnap.host"
#define MANIFEST_FILE MANIFEST_NAME ".json"

/* Who may connect, as the family's browsers name our extension. */
#define MANIFEST_ORIGIN    "chrome-extension://clamihfaboappfgpcjhpjjkmnpccmfbg/"
#define MANIFEST_EXTENSION "linksnap@linksnap"

/* Appends the manifest's text, from the family's template. `program` is an absolute path;
 * ERR_USAGE when it is not, or not UTF-8, which JSON cannot hold. */
bool manifest_render(enum browser_family family, const char *program, struct buf *out,
                     struct error *err) MUST_CHECK;

/* Appends the shell script that a Flatpak browser starts in place of `program`. */
bool manifest_render_script(const char *program, struct buf *out, struct error *err) MUST_CHECK;

/* Appends the path of what the browser's manifest names: the script of a Flatpak (in the home), or
 * `program` itself. */
bool manifest_program(const struct browser *browser, const struct places *places,
                      const char *program, struct buf *out, struct error *err) MUST_CHECK;

enum manifest_state {
    MANIFEST_ABSENT,
    MANIFEST_UNREADABLE, /* `reason` says why */
    MANIFEST_NO_JSON,    /* `reason` says why */
    MANIFEST_FOREIGN,    /* JSON, but its name is another */
    MANIFEST_OURS
};

struct manifest {
    enum manifest_state state;
    bool link;       /* the file is a symbolic link; what it leads to was read */
    bool others;     /* manifest_open_to_others */
    bool stdio;      /* its type is right */
    bool allows;     /* our extension is on its list */
    struct buf text; /* of the file, when it could be read */
    struct buf path; /* what it starts; empty when it says nothing sensible */
    char reason[ERROR_TEXT_SIZE];
};

/* Whether somebody else may write to it. A group that is the caller's own counts as nobody else. */
bool manifest_open_to_others(const struct stat *st);

/* Reads the manifest at `file` without trusting it. Fails for lack of memory only; after success
 * the caller calls manifest_finish. */
bool manifest_read(const char *file, enum browser_family family, struct manifest *manifest_out,
                   struct error *err) MUST_CHECK;
void manifest_finish(struct manifest *manifest);

#endif

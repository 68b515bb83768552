/* The browsers this program knows and the folders they look into: manifests/browsers.tsv, read. */
#ifndef APP_BROWSERS_H
#define APP_BROWSERS_H

#include "base/buf.h"

enum browser_family { BROWSER_FIREFOX, BROWSER_CHROMIUM };

/* How a build starts a program; manifests/README.md says what each means for the person. */
enum browser_kind {
    BROWSER_NATIVE,
    BROWSER_PORTAL,
    BROWSER_PROXY,
    BROWSER_FLATPAK,
    BROWSER_CLOSED
};

enum browser_scope { BROWSER_USER, BROWSER_SYSTEM };

enum { BROWSER_TITLE_SIZE = 48 };

/* One line of the table; the slices are constants of the program. */
struct browser {
    struct slice name;
    char title[BROWSER_TITLE_SIZE]; /* NUL-terminated */
    enum browser_family family;
    enum browser_kind kind;
    struct slice folders[2]; /* by scope, as in the table; "-" for none */
    struct slice detect;
    struct slice app;
};

/* Where to look: nothing here is read from the environment. All paths are absolute. */
struct places {
    const char *home;        /* $HOME */
    const char *config_home; /* $XDG_CONFIG_HOME, or NULL for home/.config */
    const char *data_home;   /* $XDG_DATA_HOME, or NULL for home/.local/share */
    const char *search_path; /* $PATH */
    const char *root;        /* "" but in tests: goes before every folder outside the home */
};

/* The whole table, for browsers_next. */
struct slice browsers_table(void);

/* Takes the next place from `table`; false at its end, and at a line that is none (no such line is
 * in a program that passed its tests). */
bool browsers_next(struct slice *table, struct browser *browser_out);

bool browsers_has_folder(const struct browser *browser, enum browser_scope scope);

/* Appends the folder's path; it must have one. ERR_LIMIT past out's ceiling, ERR_NO_MEMORY. */
bool browsers_folder(const struct browser *browser, const struct places *places,
                     enum browser_scope scope, struct buf *out, struct error *err) MUST_CHECK;

/* Whether the browser seems to be there. In the system scope signs in a home count for nothing. */
bool browsers_detected(const struct browser *browser, const struct places *places,
                       enum browser_scope scope);

/* Appends what a person must know or do besides the manifest, in sentences; nothing for an ordinary
 * build. */
void browsers_advice(const struct browser *browser, struct buf *out);

#endif

/* A home in a throw-away tree, a program to install there, and what was reported. */
#ifndef TESTS_UNIT_INSTALL_FIXTURE_H
#define TESTS_UNIT_INSTALL_FIXTURE_H

#include "app/install.h"
#include "app/manifest.h"
#include "home_tree.h"

#include <limits.h>

enum { PERSON = 1000, EVENTS = 64 };

/* Below the home. */
#define FIREFOX  ".mozilla/native-messaging-hosts/" MANIFEST_FILE
#define CHROMIUM ".config/chromium/NativeMessagingHosts/" MANIFEST_FILE

struct line {
    enum install_action action;
    char browser[BROWSER_TITLE_SIZE];
    char file[PATH_MAX];
    char text[1024];
};

struct fixture {
    struct home_tree tree;
    char home[600];
    char config[600];
    char root[600];
    char path[600];
    char program[600];
    struct install_options options;
    struct line lines[EVENTS];
    size_t count;
    struct error err;
};

/* cmocka's setup and teardown; in the odd one every path has quotes, blanks, Chinese. */
int fixture_open(void **state);
int fixture_open_odd(void **state);
int fixture_close(void **state);

/* install_run and install_undo with f->options, reporting into f->lines. */
bool fixture_run(struct fixture *f);
bool fixture_undo(struct fixture *f);

void fixture_name(struct fixture *f, const char *const *names, size_t count);

/* "home/" and `below`; valid until the fourth next call. */
const char *below_home(const char *below);
bool fixture_has(const struct fixture *f, const char *below_the_home);

/* The first line of the report with this action, or NULL; and how many there are. */
const struct line *fixture_line(const struct fixture *f, enum install_action action);
size_t fixture_lines(const struct fixture *f, enum install_action action);

/* The manifest at `below` in the tree must be JSON that starts `program` for our extension. */
void assert_manifest(const struct fixture *f, const char *below, bool firefox, const char *program);

#endif

/* A throw-away folder tree for tests that write into a home. Fails the test on any trouble. */
#ifndef TESTS_UNIT_HOME_TREE_H
#define TESTS_UNIT_HOME_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct home_tree {
    char root[512]; /* absolute; free of symbolic links in itself */
};

/* An empty folder below $TMPDIR or /tmp; `name` is its last part and may hold any character. */
void home_tree_make(struct home_tree *tree, const char *name);
/* Removes it with all that is in it. */
void home_tree_remove(struct home_tree *tree);

/* The path of `below` in the tree; valid until the eighth next call. */
const char *home_tree_path(const struct home_tree *tree, const char *below);

/* Makes a folder, with those above it. */
void home_tree_folder(const struct home_tree *tree, const char *below);
/* Writes a file, with the folders above it. */
void home_tree_bytes(const struct home_tree *tree, const char *below, mode_t mode,
                     const void *bytes, size_t len);
void home_tree_text(const struct home_tree *tree, const char *below, mode_t mode, const char *text);

/* The file's text, NUL-terminated; the caller frees. NULL when there is no such file. */
char *home_tree_read(const struct home_tree *tree, const char *below);

/* Whether there is something, a dangling link too. */
bool home_tree_has(const struct home_tree *tree, const char *below);
/* Permission bits. */
mode_t home_tree_mode(const struct home_tree *tree, const char *below);
/* Number of entries in a folder; 0 when there is none. */
size_t home_tree_count(const struct home_tree *tree, const char *below);

#endif

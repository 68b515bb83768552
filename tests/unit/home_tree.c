#define _XOPEN_SOURCE 700 /* nftw */
#include "home_tree.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void home_tree_make(struct home_tree *tree, const char *name)
{
    const char *top = getenv("TMPDIR");
    char outer[256];
    snprintf(outer, sizeof outer, "%s/linksnap-test-XXXXXX", top ? top : "/tmp");
    assert_non_null(mkdtemp(outer));
    int len = snprintf(tree->root, sizeof tree->root, "%s/%s", outer, name);
    assert_true(len > 0 && (size_t)len < sizeof tree->root);
    assert_int_equal(mkdir(tree->root, 0700), 0);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)where;
    (void)type;
    return remove(path);
}

void home_tree_remove(struct home_tree *tree)
{
    *strrchr(tree->root, '/') = '\0';
    assert_int_equal(nftw(tree->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

const char *home_tree_path(const struct home_tree *tree, const char *below)
{
    static char paths[8][1024];
    static size_t next;
    char *path = paths[next++ % 8];
    int len = snprintf(path, sizeof paths[0], "%s/%s", tree->root, below);
    assert_true(len > 0 && (size_t)len < sizeof paths[0]);
    return path;
}

static void make_above(const char *path)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", path);
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(copy, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
}

void home_tree_folder(const struct home_tree *tree, const char *below)
{
    const char *path = home_tree_path(tree, below);
    make_above(path);
    assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
}

void home_tree_bytes(const struct home_tree *tree, const char *below, mode_t mode,
                     const void *bytes, size_t len)
{
    const char *path = home_tree_path(tree, below);
    make_above(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

void home_tree_text(const struct home_tree *tree, const char *below, mode_t mode, const char *text)
{
    home_tree_bytes(tree, below, mode, text, strlen(text));
}

char *home_tree_read(const struct home_tree *tree, const char *below)
{
    FILE *file = fopen(home_tree_path(tree, below), "rb");
    if (file == NULL)
        return NULL;
    enum { MOST = 1 << 20 };
    char *text = calloc(1, MOST);
    assert_non_null(text);
    size_t len = fread(text, 1, MOST - 1, file);
    assert_true(len < MOST - 1);
    fclose(file);
    return text;
}

bool home_tree_has(const struct home_tree *tree, const char *below)
{
    struct stat st;
    return lstat(home_tree_path(tree, below), &st) == 0;
}

mode_t home_tree_mode(const struct home_tree *tree, const char *below)
{
    struct stat st;
    assert_int_equal(lstat(home_tree_path(tree, below), &st), 0);
    return st.st_mode & 07777;
}

size_t home_tree_count(const struct home_tree *tree, const char *below)
{
    DIR *folder = opendir(home_tree_path(tree, below));
    size_t count = 0;
    if (folder == NULL)
        return 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count;
}

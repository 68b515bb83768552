/* Hands every file of tests/fuzz/corpus/X to the target fuzz_X that this main() is linked with, or
 * the files and folders that are named. Prints TAP. What breaks a target ends the process: the name
 * of the last file is on stderr. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_MAX_LEN = 4096, FILE_MAX = 1 << 20 };

static bool replay_file(const char *path)
{
    static char bytes[FILE_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fprintf(stderr, "# %s\n", path);
    /* A block of exactly that size, so that reading past it is seen. */
    uint8_t *data = malloc(len);
    if (data == NULL)
        return false;
    memcpy(data, bytes, len);
    LLVMFuzzerTestOneInput(data, len);
    free(data);
    return true;
}

/* How many files of the folder were read; 0 when it is none. */
static size_t replay_folder(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[PATH_MAX_LEN];
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && len > 0 && (size_t)len < sizeof path)
            count += replay_file(path);
    }
    closedir(dir);
    return count;
}

static size_t replay(const char *path)
{
    size_t count = replay_folder(path);
    return count > 0 ? count : replay_file(path);
}

int main(int argc, char **argv)
{
    char folder[PATH_MAX_LEN] = "the files named";
    size_t count = 0;
    const char *name = strstr(argv[0], "fuzz_");
    for (const char *next = name; next != NULL; next = strstr(next + 1, "fuzz_"))
        name = next;
    if (argc == 1 && name != NULL) {
        snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name + strlen("fuzz_"));
        count = replay(folder);
    }
    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    printf("1..1\n%s 1 - %zu inputs of %s do no harm\n", count > 0 ? "ok" : "not ok", count,
           folder);
    return count > 0 ? 0 : 1;
}

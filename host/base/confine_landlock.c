#define _DEFAULT_SOURCE /* syscall, O_PATH */
#define _GNU_SOURCE
#include "base/confine_parts.h"

#ifdef __linux__

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* landlock(7). The headers of a system are often older than its kernel, so what the kernel may know
 * is written down here. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

enum { ASK_VERSION = 1, RULE_PATH_BENEATH = 1 };

enum {
    FS_EXECUTE = 1 << 0,
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_DIR = 1 << 4,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_CHAR = 1 << 6,
    FS_MAKE_DIR = 1 << 7,
    FS_MAKE_REG = 1 << 8,
    FS_MAKE_SOCK = 1 << 9,
    FS_MAKE_FIFO = 1 << 10,
    FS_MAKE_BLOCK = 1 << 11,
    FS_MAKE_SYM = 1 << 12,
    FS_REFER = 1 << 13,     /* 2 */
    FS_TRUNCATE = 1 << 14,  /* 3 */
    FS_IOCTL_DEV = 1 << 15, /* 5 */
    FS_ALL = (1 << 16) - 1
};
enum { NET_BIND_TCP = 1 << 0, NET_CONNECT_TCP = 1 << 1 };     /* 4 */
enum { SCOPE_ABSTRACT_UNIX = 1 << 0, SCOPE_SIGNAL = 1 << 1 }; /* 6 */

/* An older kernel takes the longer struct as long as what it does not know is zero. */
struct ruleset {
    uint64_t fs;
    uint64_t net;
    uint64_t scope;
};

struct path_beneath {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

static struct ruleset handled(int version, bool network)
{
    struct ruleset set = {.fs = FS_ALL};
    if (version < 5)
        set.fs &= ~(uint64_t)FS_IOCTL_DEV;
    if (version < 3)
        set.fs &= ~(uint64_t)FS_TRUNCATE;
    if (version < 2)
        set.fs &= ~(uint64_t)FS_REFER; /* refused always */
    if (version >= 4)
        set.net = network ? NET_BIND_TCP : NET_BIND_TCP | NET_CONNECT_TCP;
    if (version >= 6)
        set.scope = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
    return set;
}

static uint64_t rights(enum confine_right right, bool folder)
{
    static const struct {
        uint64_t file;
        uint64_t folder; /* and what a file has */
    } table[] = {
        [CONFINE_READ] = {FS_READ_FILE, FS_READ_DIR},
        [CONFINE_RUN] = {FS_READ_FILE | FS_EXECUTE, 0},
        [CONFINE_WRITE] = {FS_READ_FILE | FS_WRITE_FILE | FS_TRUNCATE,
                           FS_READ_DIR | FS_MAKE_REG | FS_REMOVE_FILE | FS_REFER},
    };
    return table[right].file | (folder ? table[right].folder : 0);
}

static void allow(int ruleset, const struct ruleset *set, const struct confine_path *path)
{
    struct stat st;
    int fd = open(path->path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0) {
        struct path_beneath rule = {.access = set->fs & rights(path->right, S_ISDIR(st.st_mode)),
                                    .parent = fd};
        /* One that is not taken is a right less. */
        (void)syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
    }
    close(fd);
}

int confine_landlock(const struct confine *confine)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
    if (version < 1)
        return 0;
    struct ruleset set = handled((int)version, confine->network);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &set, sizeof set, 0);
    if (ruleset < 0)
        return 0;
    for (size_t i = 0; i < confine->path_count; i++)
        allow(ruleset, &set, &confine->paths[i]);
    bool ok = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return ok ? (int)version : 0;
}

#else

int confine_landlock(const struct confine *confine)
{
    (void)confine;
    return 0;
}

#endif

/* What the tests of confinement share: a folder to try things in, and children that confine
 * themselves, try, and tell. Define _GNU_SOURCE and include after <cmocka.h>. */
#ifndef TESTS_CONFINE_FIXTURE_H
#define TESTS_CONFINE_FIXTURE_H

#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder with: own/ (to be written), shared/kept (to be read), secret/key (neither). */
static char root[64];

static inline const char *at(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", root, name);
    return path;
}

static inline void put(const char *name, const char *text)
{
    FILE *file = fopen(at(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static inline int set_up(void **state)
{
    (void)state;
    strcpy(root, "/tmp/linksnap-confine-XXXXXX");
    assert_non_null(mkdtemp(root));
    assert_int_equal(mkdir(at("own"), 0700), 0);
    assert_int_equal(mkdir(at("shared"), 0700), 0);
    assert_int_equal(mkdir(at("secret"), 0700), 0);
    put("own/mine", "mine");
    put("shared/kept", "kept");
    put("secret/key", "key");
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

/* ---- Children ---- */

/* Which part must be in force for what a child asserts. */
enum need { LANDLOCK = 1, FILTER = 2, SCOPES = 4 };

static inline struct confine_state available(void)
{
    static struct confine_state state;
    static bool known;
    int ends[2];
    if (known)
        return state;
    assert_int_equal(pipe(ends), 0);
    if (fork() == 0) {
        confine_self(&(struct confine){.processes = true}, &state);
        _exit(write(ends[1], &state, sizeof state) == (ssize_t)sizeof state ? 0 : 1);
    }
    assert_int_equal(read(ends[0], &state, sizeof state), sizeof state);
    assert_true(wait(NULL) > 0);
    close(ends[0]);
    close(ends[1]);
    known = true;
    return state;
}

static inline void need(int what)
{
    struct confine_state state = available();
    const char *lacking = NULL;
    if ((what & LANDLOCK) != 0 && state.landlock == 0)
        lacking = "Landlock";
    else if ((what & SCOPES) != 0 && state.landlock < 6)
        lacking = "Landlock 6";
    else if ((what & FILTER) != 0 && !state.filter)
        lacking = "seccomp";
    if (lacking == NULL)
        return;
    print_message("# SKIP: this kernel lacks %s\n", lacking);
    skip();
}

static inline void confine(bool network, bool processes)
{
    const struct confine_path paths[] = {{at("own"), CONFINE_WRITE},
                                         {at("shared"), CONFINE_READ},
                                         {"/usr", CONFINE_READ},
                                         {"/lib", CONFINE_READ},
                                         {"/lib64", CONFINE_READ},
                                         {"/etc/hosts", CONFINE_READ},
                                         {"/etc/nsswitch.conf", CONFINE_READ},
                                         {"/dev/null", CONFINE_WRITE},
                                         {"/proc", CONFINE_READ},
                                         {"/nowhere", CONFINE_READ}};
    const struct confine rules = {.paths = paths,
                                  .path_count = sizeof paths / sizeof *paths,
                                  .network = network,
                                  .processes = processes};
    struct confine_state state;
    confine_self(&rules, &state);
}

static inline int wait_for(pid_t pid)
{
    int status = 0;
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

/* The line of the first thing that is not as it should be; 0: none. */
#define EXPECT(what)                                                                               \
    do {                                                                                           \
        errno = 0;                                                                                 \
        if (!(what))                                                                               \
            return __LINE__;                                                                       \
    } while (0)
#define REFUSED(call, why) EXPECT((call) == -1 && errno == (why))

typedef int act_fn(void);

static inline void assert_child(act_fn *act, bool network, bool processes)
{
    int ends[2];
    int line = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        confine(network, processes);
        line = act();
        _exit(write(ends[1], &line, sizeof line) == (ssize_t)sizeof line ? 0 : 1);
    }
    close(ends[1]);
    ssize_t count = read(ends[0], &line, sizeof line);
    close(ends[0]);
    assert_int_equal(wait_for(pid), 0);
    assert_int_equal(count, sizeof line);
    if (line != 0)
        print_error("not as expected: line %d\n", line);
    assert_int_equal(line, 0);
}

#endif

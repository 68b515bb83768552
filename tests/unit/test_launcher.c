/* page: launcher, and child where it runs programs. The table of programs is this test's own: the
 * linker takes it instead of page/programs.c. */
#define _GNU_SOURCE
#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"
#include "page/child.h"
#include "page/launcher.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    CAT = 1,
    DEAF,
    FAILS,
    DIES,
    LOOKS,
    SPINS,
    GOES_ON,
    SHOUTS,
    LONG,
    ABSENT,
    READS,
    WRITES,
    RUNS,
    FORKS,
    CALLS_OUT
};

#define SH(script) ((const char *const[]){"sh", "-c", script, NULL})

const struct program_row programs[] = {
    [CAT] = {"cat", (const char *const[]){"cat", NULL}, 0, 30000},
    [DEAF] = {"sh", SH("exec 0<&-; echo no"), 0, 30000},
    [FAILS] = {"sh", SH("exit 3"), 0, 30000},
    [DIES] = {"sh", SH("kill -9 $$"), 0, 30000},
    [LOOKS] = {"sh",
               SH("echo ${LINKSNAP_SECRET-none}; pwd; for i in 3 4 5 6 7 8 9; do "
                  "if [ -e /dev/fd/$i ]; then echo open $i; fi; done; "
                  "ulimit -c; ulimit -f; ulimit -n"),
               0, 30000},
    [SPINS] = {"sh", SH("while :; do :; done"), 0, 400},
    [GOES_ON] = {"sh", SH("echo x; exec 1>&-; while :; do :; done"), 0, 400},
    [SHOUTS] = {"sh", SH("while :; do echo 0123456789; done"), 0, 30000},
    [LONG] = {"sh", SH("printf %010000d 7"), 0, 30000},
    [ABSENT] = {"no-such-program", (const char *const[]){"no-such-program", NULL}, 0, 30000},
    [READS] = {"sh",
               SH("for f in /etc/shadow /etc/passwd /proc/self/maps /root/.bashrc /tmp; do "
                  "if read line <$f; then echo read $f; fi; done; read line </etc/ld.so.cache; "
                  "echo $?"),
               0, 30000},
    [WRITES] = {"sh",
                SH("for f in /tmp/linksnap-x /root/linksnap-x /var/tmp/linksnap-x; do "
                   "if echo x >$f; then echo wrote $f; fi; done; echo x >/dev/null; echo $?"),
                0, 30000},
    [RUNS] = {"sh", SH("exec /bin/echo ran"), 0, 30000},
    [FORKS] = {"sh", SH("(echo forked); echo went on"), 0, 30000},
    [CALLS_OUT] = {"bash",
                   (const char *const[]){"bash", "-c", "exec 3<>/dev/udp/127.0.0.1/9 && echo out",
                                         NULL},
                   0, 30000},
};
const size_t program_count = sizeof programs / sizeof *programs;

static enum child_end run(int program, struct slice in, struct buf *out)
{
    const struct child child = {.program = (enum program)program, .in = in};
    struct error err = {0};
    enum child_end end = CHILD_ABSENT;
    assert_true(child_run(&child, out, &end, &err));
    return end;
}

/* Ends as `end`, and says this. */
static void assert_run(int program, enum child_end end, const char *says)
{
    struct buf out;
    buf_init(&out, 64 * KIB);
    assert_int_equal(run(program, slice_of(""), &out), end);
    assert_string_equal(out.len > 0 ? out.ptr : "", says);
    buf_finish(&out);
}

static void a_program_reads_and_answers(void **state)
{
    (void)state;
    struct buf in;
    struct buf out;
    buf_init(&in, 8 * MIB);
    buf_init(&out, 8 * MIB);
    while (in.len < 4 * MIB)
        buf_add_text(&in, "0123456789abcdef");
    assert_int_equal(run(CAT, buf_slice(&in), &out), CHILD_DONE);
    assert_true(slice_equal(buf_slice(&in), buf_slice(&out)));
    /* One that does not read, and one that ends at once, do no harm. */
    buf_reset(&out);
    assert_int_equal(run(DEAF, buf_slice(&in), &out), CHILD_DONE);
    assert_string_equal(out.ptr, "no\n");
    assert_int_equal(run(FAILS, buf_slice(&in), &out), CHILD_FAILED);
    assert_int_equal(run(DIES, slice_of(""), &out), CHILD_FAILED);
    buf_finish(&in);
    buf_finish(&out);
}

static void a_program_has_nothing_of_those_who_ask(void **state)
{
    (void)state;
    int fd = dup(2);
    assert_true(fd >= 3);
    setenv("LINKSNAP_SECRET", "x", 1);
    assert_run(LOOKS, CHILD_DONE, "none\n/\n0\n0\n32\n");
    unsetenv("LINKSNAP_SECRET");
    close(fd);
}

static void a_stuck_program_is_ended(void **state)
{
    (void)state;
    int64_t begun = clock_steady();
    assert_run(SPINS, CHILD_LATE, "");
    assert_run(GOES_ON, CHILD_LATE, "x\n");
    assert_true(clock_steady() - begun < 20000);
}

static void a_program_with_too_much_to_say_is_cut_off(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 10000);
    assert_int_equal(run(SHOUTS, slice_of(""), &out), CHILD_FULL);
    assert_int_equal(out.len, 10000);
    buf_reset(&out);
    assert_int_equal(run(LONG, slice_of(""), &out), CHILD_DONE);
    assert_int_equal(out.len, 10000);
    buf_finish(&out);
}

static void a_program_that_is_not_there_is_said_to_be_absent(void **state)
{
    (void)state;
    char path[CHILD_PATH_SIZE] = "";
    assert_run(ABSENT, CHILD_ABSENT, "");
    assert_false(child_find("no-such-program", path));
    assert_true(child_find("sh", path));
    assert_true(path[0] == '/');
}

/* Whether this kernel confines: what is asserted below is not so else. */
static void need_confinement(void)
{
    struct confine_state state = {0};
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        confine_self(&(struct confine){.processes = true}, &state);
        _exit(state.landlock > 0 && state.filter ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0) {
        print_message("# SKIP: this kernel lacks Landlock or seccomp\n");
        skip();
    }
}

static void a_program_can_neither_read_nor_write_files(void **state)
{
    (void)state;
    need_confinement();
    assert_run(READS, CHILD_DONE, "0\n");
    assert_run(WRITES, CHILD_DONE, "0\n");
}

static void a_program_can_start_no_other_and_call_nobody(void **state)
{
    (void)state;
    need_confinement();
    assert_run(RUNS, CHILD_FAILED, "");
    assert_run(FORKS, CHILD_FAILED, "");
    char path[CHILD_PATH_SIZE];
    if (child_find("bash", path))
        assert_run(CALLS_OUT, CHILD_FAILED, "");
}

/* ---- The launcher itself ---- */

/* The launcher among the children of this process; 0: none. */
static pid_t find_launcher(void)
{
    DIR *all = opendir("/proc");
    pid_t found = 0;
    for (struct dirent *e; found == 0 && (e = readdir(all)) != NULL;) {
        char path[300];
        char name[32] = "";
        int parent = 0;
        snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
        FILE *file = fopen(path, "r");
        if (file == NULL)
            continue;
        if (fscanf(file, "%*d (%31[^)]) %*c %d", name, &parent) == 2 &&
            strcmp(name, LAUNCHER_NAME) == 0 && parent == getpid())
            found = (pid_t)atoi(e->d_name);
        fclose(file);
    }
    closedir(all);
    return found;
}

/* It takes its name a moment after it has begun. */
static pid_t await_launcher(void)
{
    pid_t pid = 0;
    for (int i = 0; pid == 0 && i < 200; i++) {
        pid = find_launcher();
        usleep(pid == 0 ? 10000 : 0);
    }
    return pid;
}

/* Ended; whoever it belongs to now may not have waited for it yet. */
static bool is_gone(pid_t pid)
{
    char path[64];
    char of = 'X';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return true;
    bool read = fscanf(file, "%*d (%*[^)]) %c", &of) == 1;
    fclose(file);
    return !read || of == 'Z' || of == 'X';
}

static void assert_gone(pid_t pid)
{
    for (int i = 0; !is_gone(pid) && i < 500; i++)
        usleep(10000);
    assert_true(is_gone(pid));
}

/* Runs `act` in a child; its result. */
static int in_child(int (*act)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(act());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void many_processes_share_one_launcher(void **state)
{
    (void)state;
    enum { PROCESSES = 8, TIMES = 6 };
    struct error err = {0};
    pid_t pids[PROCESSES];
    assert_true(launcher_start(&err));
    pid_t launcher = await_launcher();
    for (int i = 0; i < PROCESSES; i++)
        if ((pids[i] = fork()) == 0) {
            bool ok = true;
            for (int k = 0; ok && k < TIMES; k++) {
                char text[64];
                enum child_end end;
                struct buf out;
                int len = snprintf(text, sizeof text, "process %d, time %d", i, k);
                const struct child child = {.program = (enum program)CAT,
                                            .in = slice_make(text, (size_t)len)};
                buf_init(&out, KIB);
                ok = child_run(&child, &out, &end, &err) && end == CHILD_DONE &&
                     slice_equal(buf_slice(&out), child.in);
                buf_finish(&out);
            }
            _exit(ok && find_launcher() == 0 ? 0 : 1);
        }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(find_launcher(), launcher);
}

static void it_holds_nothing_but_its_socket(void **state)
{
    (void)state;
    char path[64];
    int count = 0;
    assert_run(DEAF, CHILD_DONE, "no\n");
    pid_t launcher = await_launcher();
    assert_true(launcher > 0);
    snprintf(path, sizeof path, "/proc/%d/fd", (int)launcher);
    DIR *all = opendir(path);
    assert_non_null(all);
    for (struct dirent *e; (e = readdir(all)) != NULL;) {
        char target[64] = "";
        char link[400];
        if (e->d_name[0] == '.')
            continue;
        count++;
        snprintf(link, sizeof link, "%s/%s", path, e->d_name);
        assert_true(readlink(link, target, sizeof target - 1) > 0);
        assert_true(strcmp(target, "/dev/null") == 0 || strncmp(target, "socket:", 7) == 0);
    }
    closedir(all);
    assert_int_equal(count, 4);
}

/* Starts one, tells its number and ends; a child of its own holds on until `hold` closes. */
static int start_and_leave(int told, int hold)
{
    struct error err = {0};
    char byte;
    bool ok = launcher_start(&err);
    pid_t launcher = await_launcher();
    pid_t holder = fork();
    if (holder == 0) {
        close(told);
        _exit(read(hold, &byte, 1) == 0 ? 0 : 1);
    }
    ok = ok && holder > 0 && write(told, &launcher, sizeof launcher) == (ssize_t)sizeof launcher;
    return ok ? 0 : 1;
}

static void it_ends_with_the_last_that_could_ask(void **state)
{
    (void)state;
    int told[2];
    int hold[2];
    int status;
    pid_t launcher = 0;
    assert_int_equal(pipe(told), 0);
    assert_int_equal(pipe(hold), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(hold[1]);
        _exit(start_and_leave(told[1], hold[0]));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(read(told[0], &launcher, sizeof launcher), sizeof launcher);
    assert_true(launcher > 0);
    usleep(100000);
    assert_int_equal(kill(launcher, 0), 0);
    close(hold[1]);
    assert_gone(launcher);
    close(hold[0]);
    close(told[0]);
    close(told[1]);
}

static void what_is_no_request_is_passed_over(void **state)
{
    (void)state;
    struct error err = {0};
    int status = -1;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    /* A number past the table: its end is told by a closed descriptor. */
    assert_true(launcher_run((enum program)200, pair[0], pair[1], &status, &err));
    assert_int_equal(launcher_wait(status, clock_steady() + 5000), LAUNCHER_FAILED);
    close(status);
    assert_true(launcher_run(PROGRAM_NONE, pair[0], pair[1], &status, &err));
    assert_int_equal(launcher_wait(status, clock_steady() + 5000), LAUNCHER_FAILED);
    close(status);
    close(pair[0]);
    close(pair[1]);
    assert_run(DEAF, CHILD_DONE, "no\n");
}

static int ask_the_dead(void)
{
    const struct child child = {.program = (enum program)CAT, .in = slice_of("x")};
    struct error err = {0};
    struct buf out;
    enum child_end end;
    buf_init(&out, KIB);
    bool ok = child_run(&child, &out, &end, &err);
    buf_finish(&out);
    return !ok && err.code == ERR_INTERNAL && strstr(err.text, "launcher") != NULL ? 0 : 1;
}

static void without_it_there_is_an_error_and_no_waiting(void **state)
{
    (void)state;
    assert_run(DEAF, CHILD_DONE, "no\n");
    pid_t launcher = await_launcher();
    assert_int_equal(kill(launcher, SIGKILL), 0);
    assert_int_equal(waitpid(launcher, NULL, 0), launcher);
    assert_gone(launcher);
    int64_t begun = clock_steady();
    assert_int_equal(in_child(ask_the_dead), 0);
    assert_true(clock_steady() - begun < 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* The first: there is none before. */
        cmocka_unit_test(it_ends_with_the_last_that_could_ask),
        cmocka_unit_test(a_program_reads_and_answers),
        cmocka_unit_test(a_program_has_nothing_of_those_who_ask),
        cmocka_unit_test(a_stuck_program_is_ended),
        cmocka_unit_test(a_program_with_too_much_to_say_is_cut_off),
        cmocka_unit_test(a_program_that_is_not_there_is_said_to_be_absent),
        cmocka_unit_test(a_program_can_neither_read_nor_write_files),
        cmocka_unit_test(a_program_can_start_no_other_and_call_nobody),
        cmocka_unit_test(many_processes_share_one_launcher),
        cmocka_unit_test(it_holds_nothing_but_its_socket),
        cmocka_unit_test(what_is_no_request_is_passed_over),
        /* The last: there is none afterwards. */
        cmocka_unit_test(without_it_there_is_an_error_and_no_waiting),
    };
    return cmocka_run_group_tests_name("launcher", tests, NULL, NULL);
}

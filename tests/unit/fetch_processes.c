#include "fetch_processes.h"

#include "page/origins_places.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/linksnap-places-XXXXXX";
static char path[64];

int processes_begin(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/places", folder);
    return 0;
}

int processes_end(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

struct lockfile *processes_lock(void)
{
    struct error err = {0};
    struct lockfile *lock = NULL;
    assert_true(lockfile_open(path, &lock, &err));
    return lock;
}

void wait_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL);
}

/* ---- in the children: no assertions ---- */

struct tally {
    size_t good;
    size_t bad;
};

static void count_result(const struct fetch_result *result, void *arg)
{
    struct tally *tally = arg;
    if (result->fault == ERR_NONE)
        tally->good++;
    else
        tally->bad++;
}

static bool fetch_all(const struct work work[2], long deadline_ms)
{
    struct error err;
    struct lockfile *lock = NULL;
    struct fetcher *fetcher = NULL;
    struct tally tally = {0, 0};
    if (!lockfile_open(path, &lock, &err))
        return false;
    const struct fetcher_options options = {.allow_private = true, .wake_fd = -1, .places = lock};
    bool ok = fetcher_create(&options, &fetcher, &err);
    for (size_t i = 0; i < 2; i++) {
        const struct fetch_request request = {.url = work[i].url,
                                              .max_bytes = 100,
                                              .timeout_ms = 20000,
                                              .done = count_result,
                                              .arg = &tally};
        for (size_t k = 0; ok && k < work[i].times; k++)
            ok = fetcher_add(fetcher, &request, &err);
    }
    ok = ok && fetcher_run(fetcher, deadline_ms, &err);
    fetcher_destroy(fetcher);
    lockfile_close(lock);
    return ok && tally.good == work[0].times + work[1].times && tally.bad == 0;
}

static void hold(const char *key, size_t want, int told)
{
    struct error err;
    struct lockfile *lock = NULL;
    struct places places = {0};
    bool grown = true;
    bool ok = lockfile_open(path, &lock, &err) && places_init(&places, slice_of(key), &err);
    while (ok && grown && places.count < want)
        ok = places_grow(&places, lock, &grown, &err);
    if (ok && write(told, &places.count, sizeof places.count) > 0)
        wait_ms(30000);
    _exit(0);
}

/* ---- in the test ---- */

pid_t process_fetch(const struct work work[2], long deadline_ms)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(fetch_all(work, deadline_ms) ? 0 : 1);
    return child;
}

bool process_went_well(pid_t child)
{
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

pid_t process_hold(const char *key, size_t want, size_t *got_out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        hold(key, want, ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], got_out, sizeof *got_out), sizeof *got_out);
    close(ends[0]);
    return child;
}

void process_kill(pid_t child)
{
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

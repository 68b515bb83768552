/* linksnap-host: what a browser starts. Speaks host/PROTOCOL.md over stdin and stdout. */
#include "app/guard.h"
#include "app/paths.h"
#include "app/service.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Frames get a descriptor of their own; whatever a library prints to stdout goes to stderr. */
static int claim_stdout(void)
{
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return -1;
    return out;
}

/* A closed descriptor 0, 1 or 2 would be given to the next file that is opened. */
static bool open_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("linksnap-host %s\n", LINKSNAP_VERSION);
        return EXIT_SUCCESS;
    }
    int out;
    if (!open_standard_descriptors() || (out = claim_stdout()) < 0) {
        fprintf(stderr, "linksnap-host: cannot set up its descriptors: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* what does not fit is an error of the write */
    umask(077);
    paths_set_log_level();
    struct error err = {0};
    char *path = NULL;
    if (!paths_store(NULL, &path, &err)) {
        log_warn("%s", err.text);
        return EXIT_FAILURE;
    }
    struct service service;
    service_init(&service, STDIN_FILENO, out, path);
    /* Without its folder the host runs on, and says why to whoever asks for the store. */
    if (!paths_make_parents(path, &service.no_folder))
        log_warn("%s", service.no_folder.text);
    guard_enter(&(struct guard){.store = path, .captures = true}, &service.confined);
    bool ok = service_run(&service, &err);
    if (!ok)
        log_warn("%s", err.text);
    service_finish(&service);
    free(path);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

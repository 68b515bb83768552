/* The process that starts programs for a process that may not. It is made before that one is
 * confined, holds no descriptor but its end of a socket, and is told a number of page/programs.h:
 * no path, no argument, no environment. Each program runs confined more closely than whoever asked
 * for it: no network, nothing to write, no other program. Children made by fork() share it. */
#ifndef PAGE_LAUNCHER_H
#define PAGE_LAUNCHER_H

#include "base/error.h"
#include "page/programs.h"

#include <stdint.h>

/* As it is called in a list of processes. */
#define LAUNCHER_NAME "linksnap-launch"

/* Once is enough; it ends with the last process that could ask it. ERR_INTERNAL. */
bool launcher_start(struct error *err) MUST_CHECK;

/* Runs the program between these descriptors, which stay the caller's. *status_out, to be closed,
 * is for launcher_wait(). Starts the launcher where there is none. ERR_INTERNAL: it cannot, or the
 * launcher is gone. */
bool launcher_run(enum program program, int in, int out, int *status_out,
                  struct error *err) MUST_CHECK;

enum launcher_end { LAUNCHER_DONE, LAUNCHER_FAILED, LAUNCHER_ABSENT, LAUNCHER_LATE };

/* Waits for its end until `deadline` (clock_steady()) and puts an end to it then. When this
 * returns, nothing of the program runs any more. */
enum launcher_end launcher_wait(int status, int64_t deadline);

#endif

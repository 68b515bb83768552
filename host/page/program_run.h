/* What a child does before it is another program, or works on what is not trusted. Nothing here may
 * be what is not safe after fork(). */
#ifndef PAGE_PROGRAM_RUN_H
#define PAGE_PROGRAM_RUN_H

#include "page/programs.h"

#include <stdbool.h>
#include <sys/types.h>

/* The exit status for a program that cannot be run. */
enum { PROGRAM_EXIT_ABSENT = 127 };

/* Keeps `fd` as number `as`, at least 3, with /dev/null as the three before it; every other
 * descriptor is closed. */
bool program_forget(int fd, int as);

/* Standard input and output are these two (-1: /dev/null); what it complains of is nobody's to
 * read. Every other descriptor is closed. Does not return when it cannot. */
void program_take_ends(int in, int out);

/* Goes when its parent goes, and is the first of a group that can be ended as one. */
void program_detach(pid_t parent);

/* Ceilings of a child: it makes no file and no process, and has so much time and so many
 * descriptors. */
void program_limit(long ms, unsigned files);

/* Confines this process and becomes the program. */
_Noreturn void program_become(const struct program_row *program, int in, int out, pid_t parent);

#endif

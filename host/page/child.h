/* Work that is not to be trusted with this process: a program, or a function of ours, in a child of
 * its own that holds nothing but the bytes to work on and a way to answer. */
#ifndef PAGE_CHILD_H
#define PAGE_CHILD_H

#include "base/buf.h"

enum { CHILD_PATH_SIZE = 128 };

struct child {
    const char *program;    /* absolute path, run with `arguments` and hardly any environment */
    const char **arguments; /* from argv[0] to NULL */
    /* Without a program: writes its answer to descriptor `out`; its result is the exit's. */
    bool (*work)(struct slice in, int out);
    struct slice in; /* a program reads it from its standard input */
    size_t memory;   /* bytes of address space of a program; 0: no ceiling */
    long ms;         /* time, of the clock and of the processor */
};

enum child_end {
    CHILD_DONE,   /* it said that it succeeded */
    CHILD_FAILED, /* it said the contrary, or died */
    CHILD_LATE,   /* its time was over */
    CHILD_FULL,   /* it had more to say than `out` holds */
    CHILD_ABSENT  /* there is no such program */
};

/* Runs it and appends what it writes, as far as there is room. However it ends, nothing of it is
 * left running. */
bool child_run(const struct child *child, struct buf *out, enum child_end *end_out,
               struct error *err) MUST_CHECK;

/* The path of a program in the folders where systems install theirs (never the caller's PATH).
 * False when it is in none of them. */
bool child_find(const char *name, char path_out[CHILD_PATH_SIZE]);

/* For `work`: all of it, or false. */
bool child_write(int out, struct slice bytes);

#endif

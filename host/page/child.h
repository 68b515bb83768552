/* Work that is not to be trusted with this process: a program, or a function of ours, in a child of
 * its own that holds nothing but the bytes to work on and a way to answer. */
#ifndef PAGE_CHILD_H
#define PAGE_CHILD_H

#include "base/buf.h"
#include "page/programs.h"

enum { CHILD_PATH_SIZE = 128 };

struct child {
    enum program program; /* PROGRAM_NONE: `work` */
    /* Writes its answer to descriptor `out`; its result is the exit's. All but computing, reading
     * what it has and writing there kills it (base/confine.h). */
    bool (*work)(struct slice in, int out);
    struct slice in; /* a program reads it from its standard input */
    long ms;         /* time of `work`, of the clock and of the processor; a program has its own */
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

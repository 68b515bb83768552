/* The programs of others that read what strangers wrote: a fixed table. Whoever takes over a
 * process of ours can have these run, each with these arguments, and nothing else. */
#ifndef PAGE_PROGRAMS_H
#define PAGE_PROGRAMS_H

#include <stddef.h>

enum program { PROGRAM_NONE, PROGRAM_PDFTOTEXT };

struct program_row {
    const char *name;
    const char *const *arguments; /* from argv[0] to NULL */
    size_t memory;                /* bytes of address space; 0: no ceiling */
    long ms;                      /* time, of the clock and of the processor */
};

/* Indexed by enum program; the first is unused. */
extern const struct program_row programs[];
extern const size_t program_count;

#endif

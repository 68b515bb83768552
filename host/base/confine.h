/* What a process gives up before it touches bytes of strangers: whoever takes it over then finds
 * hardly anything to go on with. On Linux that is no_new_privs, Landlock (files, TCP, signals) and
 * a seccomp filter; elsewhere, and on kernels that lack one of them, the process runs on with what
 * there is, and is told so.
 *
 * The filter of a whole program is a list of what is refused, since what libc, libcurl and the
 * modules of the name service call differs from one system to the next, and a call that nobody
 * thought of must not end a capture. What is refused is what such a program never needs: looking
 * into other processes, running programs, new namespaces, mounting, taking calls from the network,
 * sockets to other programs on this machine (a session bus starts anything for whoever asks), and
 * the parts of the kernel in which most holes are found. A worker (confine_work) is the contrary:
 * little code of ours, for which all that is not listed is fatal. */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

enum confine_right {
    CONFINE_READ, /* the file, or all beneath the folder */
    CONFINE_RUN,  /* the file: read and run */
    CONFINE_WRITE /* read, write; beneath a folder make, rename and remove files too */
};

struct confine_path {
    const char *path; /* symbolic links are followed now; passed over when there is no such file */
    enum confine_right right;
};

struct confine {
    const struct confine_path *paths;
    size_t path_count;
    /* The one program that may be run, by just this string; its path needs CONFINE_RUN, and so does
     * the loader it names. NULL: none. */
    const char *program;
    bool network;   /* may use TCP and UDP, as the one who calls */
    bool processes; /* may start copies of itself; threads it always may */
    size_t memory;  /* bytes of address space; 0: no ceiling. Not heeded under sanitizers */
};

/* What is in force. */
struct confine_state {
    int landlock; /* version of its interface; 0: the kernel has none, or it is switched off */
    bool filter;  /* seccomp */
};

/* Confines this process and all that it starts, for good. It must have one thread. Descriptors that
 * are open keep their rights. */
void confine_self(const struct confine *confine, struct confine_state *state_out);

/* For a child that computes: from here on it can read and write what is open, take memory and end;
 * any other call kills it. */
void confine_work(void);

/* Whether this process runs under AddressSanitizer, which looks into itself at its end. */
#if defined(__SANITIZE_ADDRESS__)
#define CONFINE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONFINE_SANITIZED 1
#endif
#endif
#ifndef CONFINE_SANITIZED
#define CONFINE_SANITIZED 0
#endif

#endif

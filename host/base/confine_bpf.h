/* A seccomp filter (seccomp(2), classic BPF) made of rules; for confine*.c alone. A library for it
 * takes longer than all the rest of the confinement, at every start and for every page parsed. */
#ifndef BASE_CONFINE_BPF_H
#define BASE_CONFINE_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A condition on one argument, of which the kernel looks at the lower 32 bits for all that is no
 * pointer. `is`: (argument & mask) == value; else the contrary. */
struct bpf_test {
    unsigned argument;
    bool upper; /* the upper 32 bits instead */
    bool is;
    uint32_t mask;
    uint32_t value;
};

enum { BPF_TESTS = 3, BPF_RULES = 256 };

struct bpf_rule {
    int call; /* negative: this machine has none of the kind */
    size_t test_count;
    struct bpf_test tests[BPF_TESTS]; /* all must hold */
    uint32_t action;                  /* SECCOMP_RET_... */
};

/* Of the rules for one call the first that holds counts; when none does, or there is none, it is
 * `otherwise`. */
struct bpf_rules {
    uint32_t otherwise;
    size_t count;
    struct bpf_rule rules[BPF_RULES];
    bool full; /* one had no room */
};

void bpf_add(struct bpf_rules *rules, const struct bpf_rule *rule);

/* Puts it in force for this process, for good; a call in the manner of another machine (32 bits on
 * 64) is fatal. False when the kernel does not take it, or this machine is not known here. */
bool bpf_load(struct bpf_rules *rules);

#endif

#define _DEFAULT_SOURCE /* syscall */
#include "base/confine_bpf.h"

#ifdef __linux__

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#define FOREIGN 0x40000000U /* from here on: calls of x32 */
#elif defined(__i386__)
#define MACHINE AUDIT_ARCH_I386
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__arm__) && defined(__ARMEL__)
#define MACHINE AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define MACHINE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define MACHINE AUDIT_ARCH_S390X
#elif defined(__loongarch__) && defined(AUDIT_ARCH_LOONGARCH64)
#define MACHINE AUDIT_ARCH_LOONGARCH64
#else
#define MACHINE 0
#endif
#ifndef FOREIGN
#define FOREIGN 0x80000000U
#endif

enum { ROOM = 768, ACTIONS = 8, FAR = 255 };

/* Filled from its end, so that whatever is jumped to is there already. A place is an index. */
struct program {
    struct sock_filter code[ROOM];
    size_t start;
    uint32_t actions[ACTIONS];
    size_t places[ACTIONS]; /* of their returns */
    size_t action_count;
    bool failed;
};

/* From here on, up to the next one, a call's number leads to `place`. */
struct border {
    uint32_t call;
    size_t place;
};

static size_t put(struct program *p, struct sock_filter code)
{
    if (p->start == 0) {
        p->failed = true;
        return 0;
    }
    p->code[--p->start] = code;
    return p->start;
}

static uint8_t distance(struct program *p, size_t place)
{
    /* From the instruction after the one that is put next. */
    size_t way = place - p->start;
    p->failed = p->failed || way > FAR;
    return (uint8_t)way;
}

static size_t put_jump(struct program *p, uint16_t how, uint32_t value, size_t yes, size_t no)
{
    const struct sock_filter code =
        BPF_JUMP((uint16_t)(BPF_JMP | how | BPF_K), value, distance(p, yes), distance(p, no));
    return put(p, code);
}

static size_t put_load(struct program *p, size_t offset)
{
    return put(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static size_t put_return(struct program *p, uint32_t action)
{
    for (size_t i = 0; i < p->action_count; i++)
        if (p->actions[i] == action)
            return p->places[i];
    size_t place = put(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
    if (p->action_count == ACTIONS) {
        p->failed = true;
        return place;
    }
    p->actions[p->action_count] = action;
    p->places[p->action_count++] = place;
    return place;
}

static size_t put_test(struct program *p, const struct bpf_test *test, size_t yes, size_t no)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    const bool second = !test->upper;
#else
    const bool second = test->upper;
#endif
    put_jump(p, BPF_JEQ, test->value, test->is ? yes : no, test->is ? no : yes);
    if (test->mask != UINT32_MAX)
        put(p, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, test->mask));
    return put_load(p, offsetof(struct seccomp_data, args) + test->argument * sizeof(uint64_t) +
                           (second ? sizeof(uint32_t) : 0));
}

/* All rules of one call, as the place where they begin. */
static size_t put_call(struct program *p, const struct bpf_rule *rules, size_t count,
                       uint32_t otherwise)
{
    size_t place = put_return(p, otherwise);
    for (size_t i = count; i > 0; i--) {
        const struct bpf_rule *rule = &rules[i - 1];
        size_t yes = put_return(p, rule->action);
        for (size_t t = rule->test_count; t > 0; t--)
            yes = put_test(p, &rule->tests[t - 1], yes, place);
        place = yes;
    }
    return place;
}

/* A tree of comparisons; its depth is the logarithm of our own table's length. */
static size_t put_search(struct program *p, const struct border *borders, size_t count)
{
    if (count == 1)
        return borders[0].place;
    size_t half = count / 2;
    size_t above = put_search(p, borders + half, count - half);
    size_t below = put_search(p, borders, half);
    return put_jump(p, BPF_JGE, borders[half].call, above, below);
}

/* Neighbours that lead to one place are one. */
static void add_border(struct border *borders, size_t *count, uint32_t call, size_t place)
{
    if (borders[*count - 1].call == call)
        --*count;
    if (*count == 0 || borders[*count - 1].place != place)
        borders[(*count)++] = (struct border){call, place};
}

static void assemble(struct program *p, const struct bpf_rules *rules)
{
    size_t fatal = put_return(p, SECCOMP_RET_KILL_PROCESS);
    size_t otherwise = put_return(p, rules->otherwise);
    struct border borders[2 * BPF_RULES + 2] = {{0, otherwise}};
    size_t count = 1;
    for (size_t i = 0, same = 0; i < rules->count; i += same) {
        const struct bpf_rule *first = &rules->rules[i];
        for (same = 1; i + same < rules->count && first[same].call == first->call;)
            same++;
        if (first->call < 0)
            continue;
        size_t place = put_call(p, first, same, rules->otherwise);
        add_border(borders, &count, (uint32_t)first->call, place);
        add_border(borders, &count, (uint32_t)first->call + 1, otherwise);
    }
    add_border(borders, &count, FOREIGN, fatal);
    put_search(p, borders, count);
    put_load(p, offsetof(struct seccomp_data, nr));
    put_jump(p, BPF_JEQ, MACHINE, p->start, fatal);
    put_load(p, offsetof(struct seccomp_data, arch));
}

void bpf_add(struct bpf_rules *rules, const struct bpf_rule *rule)
{
    if (rules->count < BPF_RULES)
        rules->rules[rules->count++] = *rule;
    else
        rules->full = true;
}

/* By call; those of one call stay in their order. */
static void sort(struct bpf_rules *rules)
{
    for (size_t i = 1; i < rules->count; i++) {
        const struct bpf_rule rule = rules->rules[i];
        size_t at = i;
        for (; at > 0 && rules->rules[at - 1].call > rule.call; at--)
            rules->rules[at] = rules->rules[at - 1];
        rules->rules[at] = rule;
    }
}

bool bpf_load(struct bpf_rules *rules)
{
    struct program program = {.start = ROOM};
    if (MACHINE == 0 || rules->full)
        return false;
    sort(rules);
    assemble(&program, rules);
    const struct sock_fprog loaded = {.len = (unsigned short)(ROOM - program.start),
                                      .filter = program.code + program.start};
    return !program.failed && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &loaded) == 0;
}

#endif

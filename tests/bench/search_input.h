/* The pages and queries of `make bench-search`, as search-corpus.mjs writes them. Read by C and by
 * C++. */
#ifndef BENCH_SEARCH_INPUT_H
#define BENCH_SEARCH_INPUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A whole file, to which strings point; its separators have become NULs. */
struct input {
    char *bytes;
    char *at;
    char *end;
};

struct input_page {
    char *title;
    char *site;
    char *tags; /* one on each line */
    char *note;
    char *lang;
    char *text;
};

struct input_query {
    const char *kind; /* "zh1", "word", "tag", ... */
    const char *text; /* as a person types it */
    char *needles[4]; /* "w:word", "p:beginning", "s:characters", "t:tag"; all must be there */
    size_t needle_count;
};

enum { INPUT_RESULTS = 20, INPUT_QUERIES = 4000, INPUT_TAGS = 8 };

/* These end the program when a file cannot be read. */
struct input input_open(const char *path);
void input_close(struct input *input);
/* 0 after the last one. */
int input_next_page(struct input *input, struct input_page *page_out);
/* Returns how many there are, INPUT_QUERIES at most. `only` is NULL for all kinds. */
size_t input_read_queries(struct input *input, const char *only, struct input_query *queries);

/* Cuts a page's tags apart; returns how many. */
size_t input_cut_tags(struct input_page *page, const char *tags_out[INPUT_TAGS]);

/* A watch that shows both the time that passed and the processor's, milliseconds. */
struct input_watch {
    double wall;
    double processor;
};
struct input_watch input_now(void);
/* Keeps in *best the shorter times of it and those since `start`. */
void input_since(struct input_watch start, struct input_watch *best);

#ifdef __cplusplus
}
#endif

#endif

#include "search_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fail(const char *path)
{
    perror(path);
    exit(1);
}

struct input input_open(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail(path);
    long len = ftell(file);
    char *bytes = len < 0 ? NULL : malloc((size_t)len + 1);
    rewind(file);
    if (bytes == NULL || fread(bytes, 1, (size_t)len, file) != (size_t)len)
        fail(path);
    fclose(file);
    bytes[len] = '\0';
    return (struct input){bytes, bytes, bytes + len};
}

void input_close(struct input *input)
{
    free(input->bytes);
    *input = (struct input){NULL, NULL, NULL};
}

/* The string up to `separator`, which becomes its end; NULL when there is none. */
static char *cut(struct input *input, char separator)
{
    char *start = input->at;
    char *stop = memchr(start, separator, (size_t)(input->end - start));
    if (stop == NULL)
        return NULL;
    *stop = '\0';
    input->at = stop + 1;
    return start;
}

int input_next_page(struct input *input, struct input_page *page_out)
{
    enum { FIELD = 0x1F, END = 0x1E };
    struct input_page page = {0};
    page.title = cut(input, FIELD);
    if (page.title == NULL)
        return 0;
    page.site = cut(input, FIELD);
    page.tags = cut(input, FIELD);
    page.note = cut(input, FIELD);
    page.lang = cut(input, FIELD);
    page.text = cut(input, END);
    if (page.text == NULL)
        return 0;
    input->at++; /* a line feed */
    *page_out = page;
    return 1;
}

size_t input_read_queries(struct input *input, const char *only, struct input_query *queries)
{
    size_t count = 0;
    for (char *line; count < INPUT_QUERIES && (line = cut(input, '\n')) != NULL;) {
        struct input_query query = {.kind = line};
        char *text = strchr(line, '\t');
        if (text == NULL)
            continue;
        *text++ = '\0';
        query.text = text;
        for (char *tab; query.needle_count < 4 && (tab = strchr(text, '\t')) != NULL;) {
            *tab = '\0';
            text = tab + 1;
            query.needles[query.needle_count++] = text;
        }
        if (only == NULL || strcmp(only, query.kind) == 0)
            queries[count++] = query;
    }
    return count;
}

size_t input_cut_tags(struct input_page *page, const char *tags_out[INPUT_TAGS])
{
    size_t count = 0;
    for (char *at = page->tags; *at != '\0' && count < INPUT_TAGS;) {
        char *stop = strchr(at, '\n');
        tags_out[count++] = at;
        if (stop == NULL)
            break;
        *stop = '\0';
        at = stop + 1;
    }
    return count;
}

static double milliseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct input_watch input_now(void)
{
    return (struct input_watch){milliseconds(CLOCK_MONOTONIC),
                                milliseconds(CLOCK_PROCESS_CPUTIME_ID)};
}

void input_since(struct input_watch start, struct input_watch *best)
{
    struct input_watch now = input_now();
    double wall = now.wall - start.wall;
    double processor = now.processor - start.processor;
    best->wall = wall < best->wall ? wall : best->wall;
    best->processor = processor < best->processor ? processor : best->processor;
}

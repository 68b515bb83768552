#include "search_scan.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

enum { NEEDLES = 4 * INPUT_QUERIES, BUCKETS = 1 << 16, HEAD = 3 };

/* All needles have HEAD bytes at least, by which they are found; a tag is compared as a whole. */
struct needle {
    char *asked;
    struct buf folded;
    bool tag;
    size_t next; /* in the bucket, + 1 */
    uint64_t *pages;
};

struct scan {
    struct folder *folder;
    struct needle needles[NEEDLES];
    size_t needle_count;
    size_t buckets[BUCKETS]; /* first needle + 1 */
    size_t words;            /* of a needle's set of pages */
    size_t page;
    struct buf text;
};

static void *must(void *memory)
{
    if (memory == NULL) {
        fputs("search_scan: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

struct scan *scan_create(size_t pages)
{
    struct error err;
    struct scan *scan = must(calloc(1, sizeof *scan));
    if (!folder_create(&scan->folder, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    scan->words = pages / 64 + 1;
    buf_init(&scan->text, 64 << 20);
    return scan;
}

void scan_destroy(struct scan *scan)
{
    for (size_t i = 0; i < scan->needle_count; i++) {
        buf_finish(&scan->needles[i].folded);
        free(scan->needles[i].pages);
    }
    buf_finish(&scan->text);
    folder_destroy(scan->folder);
    free(scan);
}

/* Appends words, numbers, runs of characters without spaces and signs, each followed by one space,
 * whatever stands between them in the text. */
static void normalize(struct scan *scan, struct slice text, struct buf *out)
{
    struct fold_unit unit;
    enum fold_class before = FOLD_BREAK;
    bool glued = false;
    for (size_t at = 0; at < text.len; at = unit.end) {
        fold_next(scan->folder, text, at, &unit);
        for (size_t i = 0; i < unit.count; i++) {
            char bytes[4];
            enum fold_class class = unit.out[i].class;
            if (class == FOLD_MARK && before != FOLD_LETTER)
                continue;
            if (class == FOLD_MARK)
                class = FOLD_LETTER;
            glued = class == FOLD_LETTER || class == FOLD_DIGIT || (class == FOLD_SUFFIX && glued);
            if (class == FOLD_SUFFIX)
                class = glued ? FOLD_SYMBOL : FOLD_BREAK;
            if (before != FOLD_BREAK && (class != before || class == FOLD_SYMBOL))
                buf_add_char(out, ' ');
            if (class != FOLD_BREAK)
                buf_add(out, bytes, utf8_encode(unit.out[i].cp, bytes));
            before = class;
        }
    }
    if (before != FOLD_BREAK)
        buf_add_char(out, ' ');
}

static size_t bucket_of(const char *head)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < HEAD; i++)
        hash = hash * 0x9E3779B1u + (unsigned char)head[i];
    return (hash * 0x85EBCA6Bu) >> 16;
}

static void fold_needle(struct scan *scan, struct needle *needle)
{
    struct slice text = slice_of(needle->asked + 2);
    struct error err;
    buf_init(&needle->folded, 1 << 16);
    switch (needle->asked[0]) {
    case 't':
        needle->tag = true;
        if (!fold_name(scan->folder, text, &needle->folded, &err))
            exit(1);
        return;
    case 's':
        normalize(scan, text, &needle->folded);
        needle->folded.len--; /* characters, wherever they stand */
        return;
    default:
        buf_add_char(&needle->folded, ' ');
        normalize(scan, text, &needle->folded);
        needle->folded.len -= needle->asked[0] == 'p';
        return;
    }
}

size_t scan_add_needle(struct scan *scan, const char *asked)
{
    for (size_t i = 0; i < scan->needle_count; i++) {
        if (strcmp(scan->needles[i].asked, asked) == 0)
            return i;
    }
    size_t index = scan->needle_count;
    struct needle *needle = &scan->needles[index];
    if (index == NEEDLES) {
        fputs("search_scan: too many needles\n", stderr);
        exit(1);
    }
    needle->asked = (char *)(uintptr_t)asked;
    needle->pages = must(calloc(scan->words, sizeof *needle->pages));
    fold_needle(scan, needle);
    scan->needle_count++;
    if (needle->tag)
        return index;
    if (needle->folded.len < HEAD) {
        fprintf(stderr, "search_scan: <%s> is too short\n", asked);
        exit(1);
    }
    size_t *bucket = &scan->buckets[bucket_of(needle->folded.ptr)];
    needle->next = *bucket;
    *bucket = index + 1;
    return index;
}

static void found(const struct scan *scan, struct needle *needle)
{
    needle->pages[scan->page / 64] |= (uint64_t)1 << (scan->page % 64);
}

static void look_for_words(struct scan *scan)
{
    const char *bytes = scan->text.ptr;
    for (size_t at = 0; at + HEAD <= scan->text.len; at++) {
        for (size_t i = scan->buckets[bucket_of(bytes + at)]; i != 0;) {
            struct needle *needle = &scan->needles[i - 1];
            size_t len = needle->folded.len;
            if (at + len <= scan->text.len && memcmp(bytes + at, needle->folded.ptr, len) == 0)
                found(scan, needle);
            i = needle->next;
        }
    }
}

/* `work` finds `work/reading` too. */
static void look_for_tag(struct scan *scan, const char *tag)
{
    struct buf folded;
    struct error err;
    buf_init(&folded, 1 << 16);
    if (!fold_name(scan->folder, slice_of(tag), &folded, &err))
        exit(1);
    for (size_t i = 0; i < scan->needle_count; i++) {
        struct needle *needle = &scan->needles[i];
        size_t len = needle->folded.len;
        if (needle->tag && len <= folded.len && memcmp(folded.ptr, needle->folded.ptr, len) == 0 &&
            (len == folded.len || folded.ptr[len] == '/'))
            found(scan, needle);
    }
    buf_finish(&folded);
}

static void add_column(struct scan *scan, const char *text)
{
    buf_add_text(&scan->text, "\n ");
    normalize(scan, slice_of(text), &scan->text);
}

void scan_page(struct scan *scan, const struct input_page *page, const char *const *tags,
               size_t tag_count, const char *path)
{
    buf_reset(&scan->text);
    add_column(scan, page->title);
    add_column(scan, page->note);
    add_column(scan, page->site);
    normalize(scan, slice_of(path), &scan->text);
    add_column(scan, page->text);
    for (size_t i = 0; i < tag_count; i++) {
        add_column(scan, tags[i]);
        look_for_tag(scan, tags[i]);
    }
    if (scan->text.failed != ERR_NONE) {
        fputs("search_scan: out of memory\n", stderr);
        exit(1);
    }
    look_for_words(scan);
    scan->page++;
}

bool scan_holds(const struct scan *scan, size_t needle, size_t page)
{
    return (scan->needles[needle].pages[page / 64] >> (page % 64) & 1) != 0;
}

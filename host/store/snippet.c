#include "store/snippet.h"

#include "base/utf8.h"
#include "store/borders.h"

enum {
    WIDTH = 240,        /* bytes of a passage: 80 Chinese characters, two or three lines */
    LEAD = 90,          /* of them at most before the first hit */
    GRAPHEME = 100,     /* bytes of what is seen as one character */
    ENOUGH = 256 * 1024 /* bytes looked at for the best passage */
};

static const char ellipsis[] = "…";

void snippet_init(struct snippet *snippet)
{
    buf_init(&snippet->text, MIB);
    buf_init(&snippet->spans, MIB);
    snippet->list.count = 0;
}

void snippet_finish(struct snippet *snippet)
{
    buf_finish(&snippet->text);
    buf_finish(&snippet->spans);
}

/* Offsets for now; they become pointers when the text does not move any more. */
static void add_span(struct snippet *snippet, size_t start, bool hit)
{
    if (snippet->text.len == start)
        return;
    struct search_span span = {{NULL, snippet->text.len - start}, hit};
    buf_add(&snippet->spans, &span, sizeof span);
}

/* Appends a stretch of the text as one line: controls and line breaks become spaces. */
static void add_line(struct snippet *snippet, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        buf_add_char(&snippet->text, c < 0x20 || c == 0x7F ? ' ' : text.ptr[i]);
    }
}

static void point(struct snippet *snippet)
{
    struct search_span *spans = (struct search_span *)(void *)snippet->spans.ptr;
    const char *at = snippet->text.ptr;
    for (size_t i = 0; i < snippet_count(snippet); i++) {
        spans[i].text.ptr = at;
        at += spans[i].text.len;
    }
}

/* Marks come sorted by their ends, so one that begins earlier may still follow. */
static void sort_by_start(struct mark_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        struct mark mark = list->marks[i];
        size_t at = i;
        for (; at > 0 && list->marks[at - 1].start > mark.start; at--)
            list->marks[at] = list->marks[at - 1];
        list->marks[at] = mark;
    }
}

static void step_on(struct slice text, size_t *at)
{
    uint32_t cp;
    *at += utf8_decode(text, *at, &cp);
}

/* Over one code point, or one byte of what is none. */
static void step_back(struct slice text, size_t *at)
{
    uint32_t cp;
    size_t start = *at - 1;
    while (start > 0 && *at - start < 4 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80)
        start--;
    *at = start + utf8_decode(text, start, &cp) == *at ? start : *at - 1;
}

/* The first mark that may reach into what begins at `from`. */
static size_t first_near(const struct mark_list *list, size_t from)
{
    size_t first = 0;
    while (first < list->count && list->marks[first].end + GRAPHEME < from)
        first++;
    return first;
}

/* Takes the marks from number *at on that touch each other, widened to what a person sees as whole
 * characters, as one. */
static struct mark next_hit(const struct mark_list *list, struct slice text, size_t *at)
{
    struct mark hit = {.start = SIZE_MAX};
    for (; *at < list->count; ++*at) {
        size_t start = list->marks[*at].start;
        size_t end = list->marks[*at].end;
        size_t floor = start > GRAPHEME ? start - GRAPHEME : 0;
        size_t ceiling = end + GRAPHEME;
        while (start > floor && !borders_graphemes(text, start))
            step_back(text, &start);
        while (end < ceiling && !borders_graphemes(text, end))
            step_on(text, &end);
        if (hit.start != SIZE_MAX && start > hit.end)
            break;
        hit.start = start < hit.start ? start : hit.start;
        hit.end = end > hit.end ? end : hit.end;
    }
    return hit;
}

/* Cuts the bytes [from, to) of `text` into spans along the marks in the list. */
static bool cut(struct snippet *snippet, struct slice text, size_t from, size_t to, bool open_start,
                bool open_end, struct error *err)
{
    size_t at = from;
    size_t span = 0;
    if (open_start)
        buf_add_text(&snippet->text, ellipsis);
    for (size_t i = first_near(&snippet->list, from);
         i < snippet->list.count && snippet->list.marks[i].start < to;) {
        struct mark hit = next_hit(&snippet->list, text, &i);
        size_t start = hit.start < at ? at : hit.start;
        size_t end = hit.end > to ? to : hit.end;
        if (start >= end)
            continue;
        add_line(snippet, slice_sub(text, at, start - at));
        add_span(snippet, span, false);
        span = snippet->text.len;
        add_line(snippet, slice_sub(text, start, end - start));
        add_span(snippet, span, true);
        span = snippet->text.len;
        at = end;
    }
    add_line(snippet, slice_sub(text, at, to - at));
    if (open_end)
        buf_add_text(&snippet->text, ellipsis);
    add_span(snippet, span, false);
    point(snippet);
    return buf_ok(&snippet->text, "A passage", err) && buf_ok(&snippet->spans, "A passage", err);
}

static void reset(struct snippet *snippet)
{
    buf_reset(&snippet->text);
    buf_reset(&snippet->spans);
}

bool snippet_of_title(struct snippet *snippet, const struct marks *marks, struct slice text,
                      struct error *err)
{
    reset(snippet);
    marks_find(marks, text, text.len, &snippet->list);
    sort_by_start(&snippet->list);
    return cut(snippet, text, 0, text.len, false, false, err);
}

/* The first mark of the best window of WIDTH bytes: the most different words of the search, then
 * the most hits, then the earliest. */
static size_t best_mark(const struct mark_list *list)
{
    size_t best = 0;
    size_t best_score = 0;
    size_t seen[MARKS_TOKENS] = {0};
    size_t different = 0;
    size_t last = 0; /* marks [first, last) are in the window */
    for (size_t first = 0; first < list->count; first++) {
        for (;
             last < list->count && list->marks[last].end <= list->marks[first].start + WIDTH - LEAD;
             last++)
            different += seen[list->marks[last].leaf]++ == 0;
        if (last <= first) { /* a mark longer than the window */
            last = first + 1;
            different += seen[list->marks[first].leaf]++ == 0;
        }
        size_t score = different * MARKS_MAX + (last - first);
        if (score > best_score) {
            best = first;
            best_score = score;
        }
        different -= --seen[list->marks[first].leaf] == 0;
    }
    return best;
}

static bool blank_at(struct slice text, size_t at)
{
    return ascii_space(text.ptr[at]) || slice_starts(slice_sub(text, at, 3), "\u3000");
}

/* Where the passage begins: the start of the sentence that holds `mark`, when that is near, else
 * the farthest border of words that is, else of characters. */
static size_t find_start(struct slice text, size_t mark, bool *open_out)
{
    size_t floor = mark > LEAD ? mark - LEAD : 0;
    size_t words = SIZE_MAX;
    size_t at = mark;
    while (at >= floor && !borders_sentences(text, at)) {
        if (borders_words(text, at))
            words = at;
        step_back(text, &at);
    }
    *open_out = at < floor;
    if (at < floor && words != SIZE_MAX)
        at = words;
    while (at < mark && (blank_at(text, at) || !borders_graphemes(text, at)))
        step_on(text, &at);
    return at;
}

/* Where it ends: WIDTH bytes on, back to the last end of a sentence in its last third, else to the
 * last border of words, else of characters; never before `hit_end`, and behind `hit_start`. */
static size_t find_end(struct slice text, size_t start, size_t hit_start, size_t hit_end,
                       bool *open_out)
{
    size_t limit = start + WIDTH > hit_end ? start + WIDTH : hit_end;
    size_t sentences = 0;
    size_t words = 0;
    size_t at = hit_end;
    for (; at <= limit && at < text.len; step_on(text, &at)) {
        if (at > hit_start && borders_words(text, at))
            words = at;
        if (at > start + WIDTH * 2 / 3 && borders_sentences(text, at))
            sentences = at;
    }
    *open_out = at < text.len && sentences == 0;
    if (at < text.len && sentences + words > 0)
        at = sentences > 0 ? sentences : words;
    while (at > hit_end && !borders_graphemes(text, at))
        step_back(text, &at);
    while (at > hit_end && ascii_space(text.ptr[at - 1]))
        at--;
    return at;
}

/* The end of the last mark that has room in a passage from `start` on, when `best` is in it. Of a
 * longer one, the beginning is shown. */
static size_t last_end(const struct mark_list *list, struct mark best, size_t start)
{
    size_t end = best.end < start + 2 * WIDTH ? best.end : best.start;
    for (size_t i = 0; i < list->count && list->marks[i].start <= start + WIDTH; i++) {
        if (list->marks[i].end > end && list->marks[i].end <= start + WIDTH)
            end = list->marks[i].end;
    }
    return end;
}

bool snippet_of_text(struct snippet *snippet, const struct marks *marks, struct slice text,
                     struct error *err)
{
    reset(snippet);
    marks_find(marks, text, ENOUGH, &snippet->list);
    if (snippet->list.count == 0)
        return true;
    sort_by_start(&snippet->list);
    struct mark best = snippet->list.marks[best_mark(&snippet->list)];
    bool open_start;
    bool open_end;
    size_t start = find_start(text, best.start, &open_start);
    size_t hit_end = last_end(&snippet->list, best, start);
    size_t end = find_end(text, start, best.start, hit_end, &open_end);
    return cut(snippet, text, start, end, open_start, open_end, err);
}

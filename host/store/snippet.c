#include "store/snippet.h"

#include "base/utf8.h"

enum {
    WIDTH = 240,        /* bytes of a passage: 80 Chinese characters, two or three lines */
    LEAD = 90,          /* of them at most before the first hit */
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

/* Cuts the bytes [from, to) of `text` into spans along the marks in the list. */
static bool cut(struct snippet *snippet, struct slice text, size_t from, size_t to, bool open_start,
                bool open_end, struct error *err)
{
    size_t at = from;
    size_t span = 0;
    if (open_start)
        buf_add_text(&snippet->text, ellipsis);
    for (size_t i = 0; i < snippet->list.count;) {
        size_t start = snippet->list.marks[i].start;
        size_t end = snippet->list.marks[i].end;
        /* Marks that touch become one. */
        for (i++; i < snippet->list.count && snippet->list.marks[i].start <= end; i++) {
            if (snippet->list.marks[i].end > end)
                end = snippet->list.marks[i].end;
        }
        start = start < at ? at : start;
        end = end > to ? to : end;
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

static bool ends_sentence(uint32_t cp)
{
    return cp == '\n' || cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == 0xFF1B ||
           cp == 0x2026 || cp == '!' || cp == '?';
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\r' || cp == 0xA0 || cp == 0x3000;
}

/* A border between words: after a space or a sign, or next to a character that needs none. */
static bool breaks_words(uint32_t cp)
{
    return is_blank(cp) || ends_sentence(cp) || cp >= 0x2E80 || (cp < 0x80 && cp < '0');
}

/* Steps back over one code point. */
static size_t step_back(struct slice text, size_t at, uint32_t *cp_out)
{
    size_t before = at - 1;
    while (before > 0 && at - before < 4 && ((unsigned char)text.ptr[before] & 0xC0) == 0x80)
        before--;
    utf8_decode(text, before, cp_out);
    return before;
}

/* Where the passage begins: the start of the sentence that holds `mark`, when that is near, else
 * the nearest border of words LEAD bytes before it. */
static size_t find_start(struct slice text, size_t mark, bool *open_out)
{
    size_t floor = mark > LEAD ? mark - LEAD : 0;
    size_t border = mark;
    size_t at = mark;
    *open_out = true;
    while (at > floor) {
        uint32_t cp;
        size_t before = step_back(text, at, &cp);
        bool full_stop = cp == '.' && at < text.len && ascii_space(text.ptr[at]);
        if (ends_sentence(cp) || full_stop) {
            border = at;
            *open_out = false;
            break;
        }
        if (breaks_words(cp) && before >= floor)
            border = at;
        at = before;
    }
    if (at == 0) {
        border = 0;
        *open_out = false;
    }
    while (border < mark && is_blank((unsigned char)text.ptr[border]))
        border++;
    return border;
}

/* Where it ends: WIDTH bytes on, back to the last end of a sentence in its last third, else to the
 * last border of words; never before `hit_end`. */
static size_t find_end(struct slice text, size_t start, size_t hit_end, bool *open_out)
{
    size_t limit = start + WIDTH > hit_end ? start + WIDTH : hit_end;
    size_t sentence = 0;
    size_t border = hit_end;
    size_t at = hit_end;
    *open_out = false;
    while (at < text.len) {
        uint32_t cp;
        size_t len = utf8_decode(text, at, &cp);
        if (at + len > limit) {
            *open_out = true;
            break;
        }
        bool next_breaks = at + len >= text.len || ascii_space(text.ptr[at + len]);
        if (breaks_words(cp) || next_breaks)
            border = at + len;
        if ((ends_sentence(cp) || (cp == '.' && next_breaks)) && at + len > start + WIDTH * 2 / 3)
            sentence = at + len;
        at += len;
    }
    if (*open_out) {
        *open_out = sentence == 0;
        at = sentence > 0 ? sentence : border;
    }
    while (at > hit_end && ascii_space(text.ptr[at - 1]))
        at--;
    return at;
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
    size_t hit_end = best.end < start + 2 * WIDTH ? best.end : start;
    size_t end = find_end(text, start, hit_end, &open_end);
    return cut(snippet, text, start, end, open_start, open_end, err);
}

#include "page/srcset.h"

#include <stdint.h>

struct candidate {
    struct slice url;
    struct slice descriptors;
};

static size_t skip_space(struct slice s, size_t at, bool commas)
{
    while (at < s.len && (ascii_space(s.ptr[at]) || (commas && s.ptr[at] == ',')))
        at++;
    return at;
}

/* The end of the descriptors that start at `at`: a comma outside parentheses. */
static size_t skip_descriptors(struct slice s, size_t at)
{
    bool inside = false;
    for (; at < s.len; at++) {
        char c = s.ptr[at];
        if (inside)
            inside = c != ')';
        else if (c == ',')
            break;
        else
            inside = c == '(';
    }
    return at;
}

/* Reads the candidate at *at; false at the end. */
static bool next_candidate(struct slice s, size_t *at, struct candidate *candidate_out)
{
    size_t start = skip_space(s, *at, true);
    if (start >= s.len)
        return false;
    size_t end = start;
    while (end < s.len && !ascii_space(s.ptr[end]))
        end++;
    *at = end;
    struct slice url = slice_sub(s, start, end - start);
    candidate_out->descriptors = (struct slice){0};
    if (s.ptr[end - 1] == ',') {
        while (url.len > 0 && url.ptr[url.len - 1] == ',')
            url.len--;
    } else {
        size_t from = skip_space(s, end, false);
        *at = skip_descriptors(s, from);
        candidate_out->descriptors = slice_trim(slice_sub(s, from, *at - from));
    }
    candidate_out->url = url;
    return true;
}

static void write_url(struct buf *out, struct slice url)
{
    for (size_t i = 0; i < url.len; i++) {
        char c = url.ptr[i];
        bool comma = c == ',' && (i == 0 || i + 1 == url.len);
        if (comma || ascii_space(c))
            buf_printf(out, "%%%02X", (unsigned char)c);
        else
            buf_add_char(out, c);
    }
}

bool srcset_rewrite(struct slice srcset, srcset_url_fn url_fn, void *arg, struct buf *out,
                    struct error *err)
{
    struct buf replacement;
    struct candidate candidate;
    size_t at = 0;
    bool first = true;
    bool ok = true;
    buf_init(&replacement, SIZE_MAX);
    while (ok && next_candidate(srcset, &at, &candidate)) {
        buf_reset(&replacement);
        ok = url_fn(candidate.url, &replacement, arg, err) &&
             buf_ok(&replacement, "A URL in srcset", err);
        if (!ok || replacement.len == 0)
            continue;
        if (!first)
            buf_add_text(out, ", ");
        first = false;
        write_url(out, buf_slice(&replacement));
        if (candidate.descriptors.len > 0) {
            buf_add_char(out, ' ');
            buf_add_slice(out, candidate.descriptors);
        }
    }
    buf_finish(&replacement);
    return ok && buf_ok(out, "The srcset attribute", err);
}

/* The number in front of the unit, in thousandths; 0 when it is none. */
static long read_number(struct slice text, char unit)
{
    long value = 0;
    long digit = 1000;
    size_t at = 0;
    if (text.len < 2 || text.ptr[text.len - 1] != unit)
        return 0;
    for (; at + 1 < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++)
        value = value < 1000000000 ? value * 10 + (text.ptr[at] - '0') * 1000L : value;
    if (text.ptr[at] == '.')
        for (at++; at + 1 < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++)
            value += (digit /= 10) * (text.ptr[at] - '0');
    return at + 1 == text.len ? value : 0;
}

/* How large the candidate is, 1000 being what is asked for; 0 when its descriptors are none. */
static long candidate_size(const struct candidate *candidate)
{
    struct slice text = candidate->descriptors;
    if (text.len == 0)
        return 500;
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && !ascii_space(text.ptr[end]))
            end++;
        struct slice word = slice_sub(text, at, end - at);
        long size = read_number(word, 'w') / 1600 + read_number(word, 'x') / 2;
        if (read_number(word, 'w') > 0 || read_number(word, 'x') > 0)
            return size > 0 ? size : 1;
        at = skip_space(text, end, false);
    }
    return 0;
}

struct slice srcset_choose(struct slice srcset)
{
    enum { ENOUGH = 1000 };
    struct candidate candidate;
    struct slice best = {0};
    long best_size = 0;
    size_t at = 0;
    while (next_candidate(srcset, &at, &candidate)) {
        long size = candidate_size(&candidate);
        bool better = best_size < ENOUGH ? size > best_size : size >= ENOUGH && size < best_size;
        if (size == 0 || !better)
            continue;
        struct slice last = candidate.descriptors.len > 0 ? candidate.descriptors : candidate.url;
        best = slice_make(candidate.url.ptr, (size_t)(last.ptr + last.len - candidate.url.ptr));
        best_size = size;
    }
    return best;
}

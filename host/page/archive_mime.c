#include "page/archive_mime.h"

#include "base/limits.h"

#include <stdio.h>

void mime_head_init(struct mime_head *head)
{
    *head = (struct mime_head){0};
    buf_init(&head->location, LIMIT_URL);
    buf_init(&head->snapshot, LIMIT_URL);
}

void mime_head_finish(struct mime_head *head)
{
    buf_finish(&head->location);
    buf_finish(&head->snapshot);
}

/* ---- Heads ---- */

/* The line at *at without its end, which *at is moved past. */
static struct slice take_line(struct slice text, size_t *at)
{
    size_t end = slice_find_byte(text, *at, '\n');
    struct slice line = slice_sub(text, *at, end - *at);
    *at = end < text.len ? end + 1 : end;
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static bool goes_on(struct slice text, size_t at)
{
    return at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t');
}

/* The parameter of a Content-Type, into `out` without its quotes; "" when it is absent or too
 * long. */
static void take_parameter(struct slice value, const char *name, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t at = slice_find_byte(value, 0, ';'); at < value.len;) {
        size_t start = ++at;
        while (at < value.len && value.ptr[at] != '=' && value.ptr[at] != ';')
            at++;
        struct slice found = slice_trim(slice_sub(value, start, at - start));
        if (at >= value.len || value.ptr[at] == ';')
            continue;
        while (++at < value.len && ascii_space(value.ptr[at]))
            continue;
        bool quoted = at < value.len && value.ptr[at] == '"';
        start = at += quoted;
        size_t end = slice_find_byte(value, at, quoted ? '"' : ';');
        struct slice text = slice_sub(value, start, end - start);
        if (!quoted)
            text = slice_trim(text);
        if (slice_equal_nocase(found, name) && text.len < size &&
            slice_find_byte(text, 0, '\0') == text.len) {
            memcpy(out, text.ptr, text.len);
            out[text.len] = '\0';
            return;
        }
        at = slice_find_byte(value, end, ';');
    }
}

static void copy_text(struct slice text, char *out, size_t size)
{
    out[0] = '\0';
    if (text.len < size && slice_find_byte(text, 0, '\0') == text.len)
        snprintf(out, size, "%.*s", (int)text.len, text.len > 0 ? text.ptr : "");
}

static void copy_id(struct slice text, char out[MIME_ID_SIZE])
{
    struct slice id = slice_trim(text);
    if (id.len > 1 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>')
        id = slice_sub(id, 1, id.len - 2);
    copy_text(id, out, MIME_ID_SIZE);
}

static void on_type(struct mime_head *head, struct slice value)
{
    char start[MIME_ID_SIZE + 2];
    media_parse(value, &head->type);
    take_parameter(value, "boundary", head->boundary + 2, sizeof head->boundary - 2);
    if (head->boundary[2] != '\0')
        memcpy(head->boundary, "--", 2);
    take_parameter(value, "start", start, sizeof start);
    copy_id(slice_of(start), head->start);
}

static void on_header(struct mime_head *head, struct slice name, struct slice value)
{
    if (slice_equal_nocase(name, "content-type")) {
        on_type(head, value);
    } else if (slice_equal_nocase(name, "content-transfer-encoding")) {
        head->encoding = slice_equal_nocase(value, "base64")             ? MIME_BASE64
                         : slice_equal_nocase(value, "quoted-printable") ? MIME_QUOTED
                                                                         : MIME_PLAIN;
    } else if (slice_equal_nocase(name, "content-location")) {
        buf_reset(&head->location);
        buf_add_slice(&head->location, value);
    } else if (slice_equal_nocase(name, "snapshot-content-location")) {
        buf_reset(&head->snapshot);
        buf_add_slice(&head->snapshot, value);
    } else if (slice_equal_nocase(name, "content-id")) {
        copy_id(value, head->id);
    } else if (slice_equal_nocase(name, "date")) {
        copy_text(value, head->date, sizeof head->date);
    }
}

/* A header that goes over several lines (RFC 5322 §2.2.3). A folded URL has no space in it. */
static void unfold(struct slice first, struct slice text, size_t *at, struct buf *out)
{
    buf_reset(out);
    buf_add_slice(out, first);
    while (goes_on(text, *at)) {
        struct slice line = take_line(text, at);
        bool url = slice_starts_nocase(buf_slice(out), "content-location:") ||
                   slice_starts_nocase(buf_slice(out), "snapshot-content-location:");
        buf_add_slice(out, url ? slice_trim(line) : line);
    }
}

void mime_head_read(struct mime_head *head, struct slice text, struct slice *body_out)
{
    struct buf unfolded;
    buf_init(&unfolded, LIMIT_HEADERS);
    size_t at = 0;
    copy_text(slice_of("text/plain"), head->type.essence, sizeof head->type.essence);
    while (at < text.len) {
        struct slice line = take_line(text, &at);
        if (line.len == 0)
            break;
        if (goes_on(text, at)) {
            unfold(line, text, &at, &unfolded);
            line = buf_slice(&unfolded);
        }
        size_t colon = slice_find_byte(line, 0, ':');
        struct slice value = slice_trim(slice_sub(line, colon + 1, line.len));
        if (colon < line.len)
            on_header(head, slice_trim(slice_sub(line, 0, colon)), value);
    }
    *body_out = slice_sub(text, at, text.len);
    buf_finish(&unfolded);
}

/* ---- Multiparts ---- */

bool mime_multipart(const struct mime_head *head, struct slice body,
                    struct mime_multipart *multipart_out)
{
    if (strncmp(head->type.essence, "multipart/", 10) != 0 || head->boundary[0] == '\0')
        return false;
    *multipart_out = (struct mime_multipart){.body = body};
    memcpy(multipart_out->boundary, head->boundary, sizeof multipart_out->boundary);
    return true;
}

/* The next line that divides parts: where it starts, and what follows it. False when there is none;
 * *last_out when no part follows. */
static bool find_divider(const struct mime_multipart *m, size_t *start_out, size_t *after_out,
                         bool *last_out)
{
    struct slice mark = slice_of(m->boundary);
    for (size_t at = slice_find(m->body, m->at, mark); at < m->body.len;
         at = slice_find(m->body, at + mark.len, mark)) {
        if (at > 0 && m->body.ptr[at - 1] != '\n')
            continue;
        struct slice rest = slice_sub(m->body, at + mark.len, m->body.len);
        *last_out = slice_starts(rest, "--");
        if (!*last_out && rest.len > 0 && !ascii_space(rest.ptr[0]))
            continue; /* another boundary that starts like this one */
        size_t line = slice_find_byte(m->body, at, '\n');
        *start_out = at;
        *after_out = line < m->body.len ? line + 1 : line;
        return true;
    }
    return false;
}

/* The line end before a divider belongs to it (RFC 2046 §5.1.1). */
static struct slice without_line_end(struct slice part)
{
    if (part.len > 0 && part.ptr[part.len - 1] == '\n')
        part.len--;
    if (part.len > 0 && part.ptr[part.len - 1] == '\r')
        part.len--;
    return part;
}

bool mime_next_part(struct mime_multipart *m, struct slice *part_out)
{
    size_t start;
    size_t after;
    bool last;
    if (!m->begun) {
        m->begun = true;
        if (!find_divider(m, &start, &after, &last) || last)
            m->at = m->body.len;
        else
            m->at = after;
    }
    if (m->at >= m->body.len)
        return false;
    size_t from = m->at;
    if (!find_divider(m, &start, &after, &last)) {
        /* Cut short: the last part is what there is of it. */
        m->at = m->body.len;
        *part_out = slice_sub(m->body, from, m->body.len);
        return true;
    }
    m->at = last ? m->body.len : after;
    *part_out = without_line_end(slice_sub(m->body, from, start - from));
    return true;
}

/* ---- Encodings ---- */

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Room for what is decoded is no more than what it is decoded from. */
static bool decode_base64(struct slice body, struct buf *out)
{
    unsigned bits = 0;
    int count = 0;
    if (!buf_reserve(out, body.len / 4 * 3 + 3))
        return false;
    for (size_t i = 0; i < body.len && body.ptr[i] != '='; i++) {
        int digit = base64_digit(body.ptr[i]);
        if (digit < 0)
            continue;
        bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out->ptr[out->len++] = (char)(bits >> count & 0xFF);
        }
    }
    out->ptr[out->len] = '\0';
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind the "=" at `at` and the line end that follows it; `at` itself when none does. */
static size_t soft_break(struct slice body, size_t at)
{
    size_t end = at + 1;
    while (end < body.len && (body.ptr[end] == ' ' || body.ptr[end] == '\t'))
        end++;
    if (end < body.len && body.ptr[end] == '\r')
        end++;
    if (end < body.len && body.ptr[end] == '\n')
        return end + 1;
    return end >= body.len ? end : at;
}

static bool decode_quoted(struct slice body, struct buf *out)
{
    if (!buf_reserve(out, body.len))
        return false;
    for (size_t at = 0; at < body.len;) {
        size_t mark = slice_find_byte(body, at, '=');
        buf_add_slice(out, slice_sub(body, at, mark - at));
        at = mark;
        if (at == body.len)
            break;
        int high = at + 2 < body.len ? hex_digit(body.ptr[at + 1]) : -1;
        int low = high >= 0 ? hex_digit(body.ptr[at + 2]) : -1;
        size_t behind = low < 0 ? soft_break(body, at) : at;
        if (low >= 0) {
            buf_add_char(out, (char)(high * 16 + low));
            at += 3;
        } else if (behind > at) {
            at = behind;
        } else {
            buf_add_char(out, body.ptr[at++]);
        }
    }
    return out->failed == ERR_NONE;
}

bool mime_decode(struct slice body, enum mime_encoding encoding, struct buf *out)
{
    switch (encoding) {
    case MIME_BASE64:
        return decode_base64(body, out);
    case MIME_QUOTED:
        return decode_quoted(body, out);
    default:
        return buf_add_slice(out, body);
    }
}

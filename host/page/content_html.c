#include "page/content_html.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/date.h"

#include <stdio.h>
#include <time.h>

/* Read for hours, in any script, by day and by night; and it is in every such snapshot, so it is
 * short. */
static const char style[] =
    ":root{color-scheme:light dark;font:1.0625rem/1.7 system-ui,-apple-system,\"Segoe UI\","
    "\"Noto Sans\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif;"
    "background:#fff;color:#1c1c1e}"
    "body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:42rem;overflow-wrap:anywhere}"
    "body.sheet{max-width:64rem}"
    "body.media{max-width:none;padding:1.25rem;text-align:center}"
    "h1,h2,h3,h4{line-height:1.3;text-wrap:balance}"
    "a{color:#0b57d0}"
    "img,video,audio,svg{max-width:100%}img,video{height:auto}"
    "body.media img,body.media video{max-height:86vh}"
    "pre,code{font:.875rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"
    "\"Noto Sans Mono CJK SC\",monospace;tab-size:4}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre.page{font:inherit}"
    "code{background:#8882;border-radius:.25em;padding:.1em .3em}"
    "pre code{background:none;padding:0}"
    ".prose pre{background:#8881;border-radius:.4rem;padding:.75rem 1rem}"
    "blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:.25rem solid #8886}"
    "table{border-collapse:collapse}th,td{border:1px solid #8886;padding:.3em .7em}"
    "hr{border:0;border-top:1px solid #8886}"
    "article,section{border-top:1px solid #8886;margin-top:2.5rem;padding-top:1rem}"
    ".plain{white-space:pre-wrap}"
    ".note,.number{color:#6b6b70;font-size:.875rem}"
    ".number{float:inline-end;font-weight:400;margin:0}"
    "@media (prefers-color-scheme:dark){:root{background:#1b1b1d;color:#e4e4e7}a{color:#8ab4f8}"
    ".note,.number{color:#9b9ba1}}";

void content_open(struct buf *out, struct slice title, struct slice lang, const char *look)
{
    buf_add_text(out, "<!DOCTYPE html>\n<html");
    content_attribute(out, "lang", lang);
    buf_add_text(out, "><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width, initial-scale=1\"><title>");
    content_text(out, utf8_prefix(title, LIMIT_TITLE), CONTENT_ROOM);
    buf_printf(out, "</title><style>%s</style></head>\n<body class=\"%s\">\n", style, look);
}

void content_close(struct buf *out)
{
    buf_add_text(out, "</body></html>\n");
}

/* What stands for a byte; NULL for one that stands for itself. */
static const char *escape(char c, bool quoted)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return quoted ? "&quot;" : NULL;
    case '\r':
    case '\f':
        return "\n";
    case '\t':
    case '\n':
        return NULL;
    default:
        return (unsigned char)c < 0x20 || c == 0x7F ? "\xEF\xBF\xBD" : NULL;
    }
}

/* The bytes from `at` that stand for themselves, and no more than CHUNK. */
static struct slice plain_run(struct slice text, size_t at, bool quoted)
{
    enum { CHUNK = 4096 };
    size_t end = at;
    while (end < text.len && end - at < CHUNK && escape(text.ptr[end], quoted) == NULL)
        end++;
    struct slice run = slice_sub(text, at, end - at);
    if (end - at < CHUNK || end == text.len)
        return run;
    struct slice whole = utf8_prefix(slice_sub(text, at, text.len - at), CHUNK);
    return whole.len > 0 ? whole : run;
}

static size_t write_escaped(struct buf *out, struct slice text, bool quoted, size_t max)
{
    enum { WIDEST = 6 }; /* bytes of output that one of the text can take */
    size_t at = 0;
    while (at < text.len && out->failed == ERR_NONE) {
        struct slice run = plain_run(text, at, quoted);
        if (max < out->len || (run.len + 1) * WIDEST > max - out->len)
            break;
        utf8_append_valid(out, run);
        at += run.len;
        const char *instead = at < text.len ? escape(text.ptr[at], quoted) : NULL;
        if (instead == NULL)
            continue;
        /* Two bytes are one line end. */
        bool half = text.ptr[at] == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n';
        buf_add_text(out, half ? "" : instead);
        at++;
    }
    return at;
}

size_t content_text(struct buf *out, struct slice text, size_t max)
{
    return write_escaped(out, text, false, max);
}

void content_attribute(struct buf *out, const char *name, struct slice value)
{
    if (value.len == 0)
        return;
    buf_printf(out, " %s=\"", name);
    write_escaped(out, value, true, out->max);
    buf_add_char(out, '"');
}

void content_time(struct buf *out, struct slice date)
{
    int64_t ms;
    struct tm tm;
    char iso[40];
    struct slice s = slice_trim(slice_sub(date, 0, 200));
    if (s.len == 0)
        return;
    time_t seconds = date_parse(s, &ms) ? (time_t)(ms / 1000) : (time_t)-1;
    if (seconds == (time_t)-1 || gmtime_r(&seconds, &tm) == NULL ||
        strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        buf_add_text(out, "<time>");
        content_text(out, s, CONTENT_ROOM);
    } else {
        bool clock = slice_find_byte(s, 0, ':') < s.len;
        buf_printf(out, "<time datetime=\"%s\">%.10s", iso, iso);
        if (clock)
            buf_printf(out, " %.5s UTC", iso + 11);
    }
    buf_add_text(out, "</time>");
}

/* "1.2 MB". */
static void add_size(struct buf *out, size_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB"};
    double size = (double)bytes / 1000;
    size_t unit = 0;
    if (bytes < 1000) {
        buf_printf(out, "%zu B", bytes);
        return;
    }
    while (size >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        size /= 1000;
        unit++;
    }
    buf_printf(out, "%.*f %s", size < 9.95 ? 1 : 0, size, units[unit]);
}

void content_original(struct buf *out, const struct content *content)
{
    buf_add_text(out, "<p class=\"note\"><a");
    content_attribute(out, "href", slice_of(content->url));
    buf_add_char(out, '>');
    content_text(out, slice_of(content->name), CONTENT_ROOM);
    buf_add_text(out, "</a> · ");
    if (content->type.essence[0] != '\0') {
        content_text(out, slice_of(content->type.essence), CONTENT_ROOM);
        buf_add_text(out, " · ");
    }
    add_size(out, content->bytes.len);
    buf_add_text(out, "</p>\n");
}

void content_rest(struct buf *out, const struct content *content)
{
    buf_add_text(out, "<p>…</p>\n");
    content_original(out, content);
}

bool content_decode(const struct content *content, enum media_syntax syntax, struct buf *text,
                    struct error *err)
{
    return media_decode(content->bytes, syntax, slice_of(content->type.charset), NULL, text, err);
}

struct slice content_one_line(struct buf *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->len; i++) {
        bool space = ascii_space(text->ptr[i]);
        if (!space || (kept > 0 && text->ptr[kept - 1] != ' '))
            text->ptr[kept++] = space ? ' ' : text->ptr[i];
    }
    text->len = kept;
    return utf8_prefix(slice_trim(buf_slice(text)), LIMIT_TITLE);
}

bool content_sheet(const struct content *content, enum media_syntax syntax,
                   bool (*write)(struct slice text, struct buf *out), struct buf *out,
                   struct error *err)
{
    struct buf text;
    if (content->bytes.len > LIMIT_TEXT)
        return false;
    buf_init(&text, 3 * LIMIT_TEXT);
    bool ok = content_decode(content, syntax, &text, err);
    if (ok) {
        content_open(out, slice_of(content->name), slice_of(""), "sheet");
        buf_add_text(out, "<pre>\n");
        ok = write(buf_slice(&text), out);
        buf_add_text(out, "</pre>\n");
        content_close(out);
    }
    buf_finish(&text);
    return ok;
}

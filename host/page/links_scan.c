#include "page/links_scan.h"

#include "base/utf8.h"

/* ---- Characters ---- */

static bool alnum(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
}

/* Han, kana, hangul: scripts that set no space before a Latin word. */
static bool wide(uint32_t cp)
{
    return (cp >= 0x1100 && cp <= 0x11FF) || (cp >= 0x2E80 && cp <= 0x2FDF) ||
           (cp >= 0x3040 && cp <= 0x9FFF) || (cp >= 0xAC00 && cp <= 0xD7A3) ||
           (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFF);
}

/* Letters that may stand in the name of a host, ASCII and beyond. */
static bool label_letter(uint32_t cp)
{
    return alnum(cp) || (cp >= 0xC0 && cp < 0x2000);
}

static uint32_t narrow(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFEE0;
    return cp == 0x3002 || cp == 0xFF61 ? '.' : cp;
}

/* Ends a link wherever it stands. */
static bool ends_always(uint32_t cp)
{
    static const uint32_t ranges[][2] = {
        {0, ' '},         {'"', '"'},       {'<', '<'},       {'>', '>'},       {'\\', '\\'},
        {'^', '^'},       {'`', '`'},       {'|', '|'},       {0x7F, 0xA0},     {0xAB, 0xAB},
        {0xBB, 0xBB},     {0x1680, 0x1680}, {0x2000, 0x200F}, {0x2014, 0x206F}, {0x3000, 0x3003},
        {0x3008, 0x301F}, {0xFE10, 0xFE19}, {0xFE30, 0xFE6F}, {0xFEFF, 0xFEFF}, {0xFF01, 0xFF0C},
        {0xFF0E, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF3E}, {0xFF40, 0xFF40}, {0xFF5B, 0xFF65},
        {0xFFFD, 0xFFFD},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && cp >= ranges[i][0]; i++)
        if (cp <= ranges[i][1])
            return true;
    return false;
}

static uint32_t cp_at(struct slice text, size_t at)
{
    uint32_t cp = 0;
    if (at < text.len)
        utf8_decode(text, at, &cp);
    return cp;
}

static uint32_t cp_before(struct slice text, size_t at)
{
    uint32_t cp = 0;
    size_t from = at;
    while (from > 0 && at - from < 4) {
        from--;
        if (((unsigned char)text.ptr[from] & 0xC0) != 0x80)
            break;
    }
    if (from < at)
        utf8_decode(text, from, &cp);
    return cp;
}

/* Whether a word may begin at `at`: in addresses and file names none does. */
static bool word_begins(struct slice text, size_t at)
{
    if (at == 0)
        return true;
    uint32_t before = cp_before(text, at);
    if (before < 0x80)
        return before == 0 || (!alnum(before) && strchr("/\\.-_@#&%$~+", (int)before) == NULL);
    return wide(before) || ends_always(before) || !label_letter(before);
}

/* ---- Beginnings ---- */

/* Length of "http://" or "https://" in any case and width; 0 when there is none. */
static size_t http_at(struct slice text, size_t from, bool *full_width_out)
{
    static const char *const parts[] = {"http", "s", "://"};
    size_t at = from;
    bool full_width = false;
    for (size_t i = 0; i < 3; i++) {
        size_t before = at;
        for (const char *want = parts[i]; *want != '\0'; want++) {
            uint32_t cp = 0;
            size_t len = at < text.len ? utf8_decode(text, at, &cp) : 0;
            uint32_t thin = narrow(cp);
            if (len == 0 || thin > 0x7F || ascii_lower((char)thin) != *want) {
                if (i != 1)
                    return 0;
                at = before;
                break;
            }
            full_width |= thin != cp;
            at += len;
        }
    }
    *full_width_out = full_width;
    return at - from;
}

/* "javascript:x" and what follows such a scheme where it is meant as one. */
static bool foreign_at(struct slice text, size_t at)
{
    static const struct {
        const char *scheme;
        const char *next; /* what comes then; "": anything but a space */
    } foreign[] = {
        {"javascript:", ""}, {"vbscript:", ""},        {"file:", "/"},
        {"ftp:", "//"},      {"chrome:", "//"},        {"chrome-extension:", "//"},
        {"edge:", "//"},     {"moz-extension:", "//"}, {"resource:", "//"},
        {"blob:", "http"},   {"view-source:", "http"}, {"about:", ""},
        {"data:", ""},
    };
    struct slice rest = slice_sub(text, at, 32);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (!slice_starts_nocase(rest, foreign[i].scheme))
            continue;
        size_t len = strlen(foreign[i].scheme);
        uint32_t next = cp_at(text, at + len);
        struct slice after = slice_sub(rest, len, rest.len);
        /* "data:text/html,x" and "data:,x", not "data:42" */
        bool media = slice_find_byte(after, 0, '/') < after.len ||
                     slice_find_byte(after, 0, ',') < after.len;
        bool begins = next == ',' || next == ';' || (label_letter(next) && !(next <= '9'));
        if (slice_starts(slice_of(foreign[i].scheme), "data") && !(media && begins))
            return false;
        return at + len < text.len && !ends_always(next) && !wide(next) &&
               slice_starts_nocase(after, foreign[i].next);
    }
    return false;
}

/* The end of the labels with dots between that begin at `at`; *last_out is where the last one
 * does. */
static size_t labels_end(struct slice text, size_t at, size_t *last_out, size_t *count_out)
{
    size_t last = at;
    size_t count = 1;
    while (at < text.len) {
        uint32_t cp;
        size_t len = utf8_decode(text, at, &cp);
        if (cp == '.' && at > last && label_letter(cp_at(text, at + 1))) {
            last = at + 1;
            count++;
        } else if (!label_letter(cp) && cp != '-') {
            break;
        }
        at += len;
    }
    *last_out = last;
    *count_out = count;
    return at;
}

static bool www_at(struct slice text, size_t at)
{
    uint32_t before = at > 0 ? cp_before(text, at) : 0;
    size_t last;
    size_t count;
    if (!slice_starts_nocase(slice_sub(text, at, 4), "www.") ||
        !label_letter(cp_at(text, at + 4)) ||
        (at > 0 &&
         (label_letter(before) || (before < 0x80 && before > 0 && strchr(".-_@", (int)before)))))
        return false;
    labels_end(text, at, &last, &count);
    return count >= 3;
}

/* "example.com/x" */
static bool bare_at(struct slice text, size_t at, size_t *end_out)
{
    size_t last;
    size_t count;
    size_t end = labels_end(text, at, &last, &count);
    uint32_t next = cp_at(text, end);
    struct slice tld = slice_sub(text, last, end - last);
    *end_out = end;
    if (count < 2 || (end < text.len && next < 0x80 && next > 0 && strchr("@(_=\\", (int)next)))
        return false;
    /* "the end.In the beginning" */
    bool sentence = tld.len > 1 && tld.ptr[0] < 'a' && tld.ptr[1] >= 'a';
    return !sentence && links_known_tld(tld, next == '/');
}

/* ---- Ends ---- */

struct extent {
    struct slice text;
    size_t at;
    size_t label;    /* where the label of the host begins */
    bool dotted;     /* and whether one was before it */
    bool host;       /* still in the host */
    bool full_width; /* the scheme was written so, and the host may be */
    bool bare;       /* there was none */
    bool quoted;     /* a ' stands before it */
    int open[3];     /* ( [ { */
};

/* "http://" in the middle: of one link behind another when a letter stands before it, of one that
 * holds another ("/web/2020/http://...", "?u=http://...") otherwise. */
static bool next_begins(const struct extent *e, size_t at)
{
    bool unused;
    char c = e->text.ptr[at];
    return (c == 'h' || c == 'H') && http_at(e->text, at, &unused) > 0;
}

/* "http://a,http://b": what stands between the links of a list. */
static bool separates(const struct extent *e)
{
    size_t at = e->at + 1;
    while (at < e->text.len && at < e->at + 4 && strchr(" \"'", e->text.ptr[at]) != NULL)
        at++;
    return at < e->text.len &&
           (next_begins(e, at) || slice_starts_nocase(slice_sub(e->text, at, 4), "www."));
}

static bool entity_ends(const struct extent *e)
{
    static const char *const entities[] = {"&quot;", "&lt;",   "&gt;",  "&#34;",
                                           "&#39;",  "&apos;", "&nbsp;"};
    struct slice rest = slice_sub(e->text, e->at, 8);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (slice_starts_nocase(rest, entities[i]))
            return true;
    return false;
}

static bool host_ends(struct extent *e, uint32_t cp)
{
    uint32_t thin = e->full_width ? narrow(cp) : cp;
    if (thin == '/' || thin == '?' || thin == '#') {
        e->host = false;
        return false;
    }
    if (thin == '.' || thin == '@' || thin == ':') {
        size_t after = e->at + (cp < 0x80 ? 1 : 3);
        uint32_t next = cp_at(e->text, after);
        /* 。 ends a sentence, and : a name, when no more of the host follows. */
        struct slice label = slice_sub(e->text, e->label, e->at - e->label);
        bool sentence = !label_letter(narrow(next)) &&
                        (!wide(next) || (e->dotted && links_known_tld(label, true)));
        if ((thin != cp && sentence) ||
            (e->bare && (thin == '@' || (thin == ':' && (next < '0' || next > '9')))))
            return true;
        e->dotted = thin == '.';
        e->label = after;
        return false;
    }
    if (thin == cp && ends_always(cp))
        return true;
    if (wide(cp)) {
        struct slice label = slice_sub(e->text, e->label, e->at - e->label);
        return e->dotted && links_known_tld(label, true);
    }
    if (cp == '[')
        return e->at != e->label;
    return thin < 0x80 && !alnum(thin) && strchr("-_~%]", (int)thin) == NULL;
}

/* Counts brackets; a closing one that was not opened is not of the link. */
static bool bracket_ends(struct extent *e, uint32_t cp)
{
    static const char brackets[] = "([{)]}";
    const char *found = cp < 0x80 && cp > 0 ? strchr(brackets, (int)cp) : NULL;
    if (found == NULL)
        return false;
    size_t i = (size_t)(found - brackets);
    if (i < 3) {
        e->open[i]++;
        return false;
    }
    return --e->open[i - 3] < 0;
}

static bool ends_here(struct extent *e, uint32_t cp)
{
    if (e->host ? host_ends(e, cp) : ends_always(cp))
        return true;
    if (bracket_ends(e, cp) || (cp == '\'' && e->quoted) || (cp == '&' && entity_ends(e)))
        return true;
    if ((cp == ',' || cp == ';') && separates(e))
        return true;
    return (cp == 'h' || cp == 'H') && next_begins(e, e->at) &&
           (alnum(cp_before(e->text, e->at)) || wide(cp_before(e->text, e->at)));
}

/* Without what closes a sentence, and brackets that nobody closed. */
static size_t trim_end(struct slice text, size_t from, size_t end)
{
    while (end > from && strchr(".,;:!?'*([{", text.ptr[end - 1]) != NULL &&
           text.ptr[end - 1] != '\0')
        end--;
    return end;
}

/* `front`: bytes of the scheme. */
static size_t link_end(struct slice text, size_t from, size_t front, bool full_width)
{
    struct extent e = {.text = text,
                       .at = from + front,
                       .label = from + front,
                       .host = true,
                       .full_width = full_width,
                       .bare = front == 0,
                       .quoted = from > 0 && text.ptr[from - 1] == '\''};
    while (e.at < text.len) {
        uint32_t cp;
        size_t len = utf8_decode(text, e.at, &cp);
        if (ends_here(&e, cp))
            break;
        e.at += len;
    }
    return trim_end(text, from + front, e.at);
}

static size_t foreign_end(struct slice text, size_t at)
{
    while (at < text.len) {
        uint32_t cp;
        size_t len = utf8_decode(text, at, &cp);
        if (ends_always(cp))
            break;
        at += len;
    }
    return at;
}

/* ---- A text that is one link ---- */

/* What may be of a sentence, or of a list. */
static bool parts_links(struct slice text, size_t at, uint32_t cp)
{
    struct extent e = {.text = text, .at = at};
    uint32_t before = at > 0 ? cp_before(text, at) : 0;
    return cp <= ' ' || cp == '"' || cp == '<' || cp == '>' || cp == '\\' || cp == 0x3000 ||
           cp == 0x3001 || cp == 0x3002 || cp == 0xFF0C || cp == 0xFF1B || cp == 0xFFFD ||
           (at > 0 && (alnum(before) || wide(before) || before == ',' || before == ';') &&
            next_begins(&e, at));
}

static bool all_digits(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* "example.com", "localhost:80", "10.0.0.1/x", "wiki.corp/x": the host decides. */
static bool host_alone(struct slice text)
{
    size_t last;
    size_t count;
    size_t end = labels_end(text, 0, &last, &count);
    struct slice host = slice_sub(text, 0, end);
    bool path = end < text.len && text.ptr[end] == '/';
    bool port =
        end + 1 < text.len && text.ptr[end] == ':' && all_digits(slice_sub(text, end + 1, 1));
    if (end < text.len && strchr("/:?#", text.ptr[end]) == NULL)
        return false;
    if (slice_equal_nocase(host, "localhost"))
        return path || port || end == text.len;
    struct slice label = slice_sub(text, last, end - last);
    if (all_digits(label))
        return count == 4;
    return count >= 2 && (path || port || links_known_tld(label, false));
}

bool links_alone(struct slice text)
{
    bool unused;
    size_t front = http_at(text, 0, &unused);
    for (size_t at = 0; at < text.len;) {
        uint32_t cp;
        size_t len = utf8_decode(text, at, &cp);
        if (parts_links(text, at, cp))
            return false;
        at += len;
    }
    if (front > 0)
        return front < text.len && text.ptr[0] != '\xEF';
    return text.len > 0 && host_alone(text);
}

/* ---- The next link ---- */

/* At a position where a word begins. *skip_out: how far there is nothing else. */
static bool word_at(struct slice text, size_t at, struct links_span *span_out, size_t *skip_out)
{
    if (foreign_at(text, at)) {
        *span_out = (struct links_span){at, foreign_end(text, at), true};
        return true;
    }
    if (!bare_at(text, at, skip_out))
        return false;
    *span_out = (struct links_span){at, link_end(text, at, 0, false), false};
    return true;
}

bool links_next(struct slice text, size_t at, struct links_span *span_out)
{
    size_t nothing_before = 0; /* the end of a word that was looked at already */
    for (; at < text.len; at++) {
        unsigned char c = (unsigned char)text.ptr[at];
        bool full_width;
        size_t front = c == 'h' || c == 'H' || c == 0xEF ? http_at(text, at, &full_width) : 0;
        if (front > 0) {
            size_t end = link_end(text, at, front, full_width);
            if (end > at + front) {
                *span_out = (struct links_span){at, end, false};
                return true;
            }
        }
        if ((c == 'w' || c == 'W') && www_at(text, at)) {
            *span_out = (struct links_span){at, link_end(text, at, 0, false), false};
            return true;
        }
        if (at >= nothing_before && (alnum(c) || c >= 0xC3) && label_letter(cp_at(text, at)) &&
            word_begins(text, at) && word_at(text, at, span_out, &nothing_before))
            return true;
    }
    return false;
}

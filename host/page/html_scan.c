#include "page/html_scan.h"

#include "base/limits.h"

#include <gumbo.h>
#include <stdint.h>
#include <stdlib.h>

/* Room for the elements a parser adds by itself (html, body, tbody, ...). */
enum { DEPTH = LIMIT_HTML_DEPTH - 12 };

/* How far from the innermost element an end tag looks for its own. */
enum { SEARCH = 1024 };

enum { NAMES = 4096 }; /* kinds of names told apart; unknown ones share */

struct scan {
    struct slice html;
    struct buf *out;
    size_t copied; /* all before it is in `out`, once something has changed */
    bool changed;
    uint16_t *open; /* names of the open elements, outermost first */
    size_t depth;
    size_t room;
    size_t foreign; /* open <svg> and <math> */
    uint32_t counts[NAMES];
};

struct tag {
    size_t from; /* of the '<' */
    size_t end;  /* behind the '>' */
    struct slice name;
    size_t attributes;
    bool self_closing;
};

static uint16_t name_id(struct slice name)
{
    GumboTag known = gumbo_tagn_enum(name.ptr, (unsigned)name.len);
    if (known != GUMBO_TAG_UNKNOWN)
        return (uint16_t)known;
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)ascii_lower(name.ptr[i])) * 16777619u;
    return (uint16_t)(GUMBO_TAG_LAST + hash % (NAMES - GUMBO_TAG_LAST));
}

static bool in(uint16_t id, const GumboTag *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (id == list[i])
            return true;
    return false;
}

#define IN(id, list) in(id, list, sizeof(list) / sizeof *(list))

static const GumboTag voids[] = {
    GUMBO_TAG_AREA,  GUMBO_TAG_BASE,   GUMBO_TAG_BASEFONT, GUMBO_TAG_BGSOUND, GUMBO_TAG_BR,
    GUMBO_TAG_COL,   GUMBO_TAG_EMBED,  GUMBO_TAG_FRAME,    GUMBO_TAG_HR,      GUMBO_TAG_IMAGE,
    GUMBO_TAG_IMG,   GUMBO_TAG_INPUT,  GUMBO_TAG_KEYGEN,   GUMBO_TAG_LINK,    GUMBO_TAG_META,
    GUMBO_TAG_PARAM, GUMBO_TAG_SOURCE, GUMBO_TAG_TRACK,    GUMBO_TAG_WBR};

static const GumboTag roots[] = {GUMBO_TAG_HTML, GUMBO_TAG_HEAD, GUMBO_TAG_BODY};

static const GumboTag raw[] = {GUMBO_TAG_SCRIPT,   GUMBO_TAG_STYLE,   GUMBO_TAG_XMP,
                               GUMBO_TAG_IFRAME,   GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES,
                               GUMBO_TAG_TEXTAREA, GUMBO_TAG_TITLE};

static const GumboTag formatting[] = {
    GUMBO_TAG_A,      GUMBO_TAG_B,      GUMBO_TAG_BIG,  GUMBO_TAG_CODE, GUMBO_TAG_EM,
    GUMBO_TAG_FONT,   GUMBO_TAG_I,      GUMBO_TAG_NOBR, GUMBO_TAG_S,    GUMBO_TAG_SMALL,
    GUMBO_TAG_STRIKE, GUMBO_TAG_STRONG, GUMBO_TAG_TT,   GUMBO_TAG_U};

/* What no tag inside closes past (HTML §13.2.4.2, the scopes), and what closes a paragraph. */
static const GumboTag walls[] = {GUMBO_TAG_TABLE,   GUMBO_TAG_TD,       GUMBO_TAG_TH,
                                 GUMBO_TAG_CAPTION, GUMBO_TAG_TEMPLATE, GUMBO_TAG_BUTTON,
                                 GUMBO_TAG_OBJECT,  GUMBO_TAG_MARQUEE,  GUMBO_TAG_APPLET};

static const GumboTag closes_p[] = {
    GUMBO_TAG_ADDRESS, GUMBO_TAG_ARTICLE,  GUMBO_TAG_ASIDE,      GUMBO_TAG_BLOCKQUOTE,
    GUMBO_TAG_CENTER,  GUMBO_TAG_DETAILS,  GUMBO_TAG_DIR,        GUMBO_TAG_DIV,
    GUMBO_TAG_DL,      GUMBO_TAG_FIELDSET, GUMBO_TAG_FIGCAPTION, GUMBO_TAG_FIGURE,
    GUMBO_TAG_FOOTER,  GUMBO_TAG_HEADER,   GUMBO_TAG_HGROUP,     GUMBO_TAG_MAIN,
    GUMBO_TAG_MENU,    GUMBO_TAG_NAV,      GUMBO_TAG_OL,         GUMBO_TAG_P,
    GUMBO_TAG_SECTION, GUMBO_TAG_SUMMARY,  GUMBO_TAG_UL,         GUMBO_TAG_H1,
    GUMBO_TAG_H2,      GUMBO_TAG_H3,       GUMBO_TAG_H4,         GUMBO_TAG_H5,
    GUMBO_TAG_H6,      GUMBO_TAG_PRE,      GUMBO_TAG_LISTING,    GUMBO_TAG_FORM,
    GUMBO_TAG_LI,      GUMBO_TAG_DD,       GUMBO_TAG_DT,         GUMBO_TAG_HR,
    GUMBO_TAG_XMP};

/* ---- Text ---- */

static bool letter(char c)
{
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

/* Behind the end of a comment that starts at `at` (HTML §13.2.5.43, leniently). */
static size_t comment_end(struct slice html, size_t at)
{
    size_t from = at + 4;
    if (slice_starts(slice_sub(html, from, 2), ">"))
        return from + 1;
    size_t end = slice_find(html, from - 1, slice_of("->"));
    while (end < html.len && html.ptr[end - 1] != '-')
        end = slice_find(html, end + 1, slice_of("->"));
    return end < html.len ? end + 2 : html.len;
}

/* Behind the tag whose name starts at `at`; the tokenizer of HTML §13.2.5.6 and the states for
 * attributes, as far as quotes matter. */
static void read_tag(struct slice html, size_t at, struct tag *tag)
{
    size_t i = at;
    while (i < html.len && !ascii_space(html.ptr[i]) && html.ptr[i] != '/' && html.ptr[i] != '>')
        i++;
    tag->name = slice_sub(html, at, i - at);
    while (i < html.len && html.ptr[i] != '>') {
        if (ascii_space(html.ptr[i]) || html.ptr[i] == '/') {
            i++;
            continue;
        }
        tag->attributes++;
        i++; /* a name may begin with '=' */
        while (i < html.len && !ascii_space(html.ptr[i]) && memchr("/>=", html.ptr[i], 3) == NULL)
            i++;
        size_t value = i;
        while (value < html.len && ascii_space(html.ptr[value]))
            value++;
        if (value == html.len || html.ptr[value] != '=')
            continue;
        i = value + 1;
        while (i < html.len && ascii_space(html.ptr[i]))
            i++;
        if (i < html.len && (html.ptr[i] == '"' || html.ptr[i] == '\'')) {
            i = slice_find_byte(html, i + 1, html.ptr[i]);
            i += i < html.len;
        } else {
            while (i < html.len && !ascii_space(html.ptr[i]) && html.ptr[i] != '>')
                i++;
        }
    }
    tag->self_closing = i > at && html.ptr[i - 1] == '/';
    tag->end = i < html.len ? i + 1 : i;
}

/* Where the end tag of a raw text element stands, or the end of the text. */
static size_t raw_end(struct slice html, size_t at, struct slice name)
{
    for (;;) {
        at = slice_find(html, at, slice_of("</"));
        if (at == html.len)
            return at;
        struct slice found = slice_sub(html, at + 2, name.len);
        size_t behind = at + 2 + name.len;
        bool same = found.len == name.len;
        for (size_t i = 0; same && i < name.len; i++)
            same = ascii_lower(found.ptr[i]) == ascii_lower(name.ptr[i]);
        if (same && (behind == html.len || ascii_space(html.ptr[behind]) ||
                     html.ptr[behind] == '/' || html.ptr[behind] == '>'))
            return at;
        at += 2;
    }
}

/* ---- The open elements ---- */

static void copy_to(struct scan *s, size_t end)
{
    buf_add_slice(s->out, slice_sub(s->html, s->copied, end - s->copied));
    s->copied = end;
    s->changed = true;
}

static void leave_out(struct scan *s, const struct tag *tag)
{
    copy_to(s, tag->from);
    s->copied = tag->end;
}

static bool push(struct scan *s, uint16_t id)
{
    if (s->depth == s->room) {
        size_t room = s->room > 0 ? 2 * s->room : 1024;
        uint16_t *grown = realloc(s->open, room * sizeof *grown);
        if (grown == NULL)
            return false;
        s->open = grown;
        s->room = room;
    }
    s->open[s->depth++] = id;
    s->counts[id]++;
    s->foreign += id == GUMBO_TAG_SVG || id == GUMBO_TAG_MATH;
    return true;
}

static void pop_to(struct scan *s, size_t depth)
{
    while (s->depth > depth) {
        uint16_t id = s->open[--s->depth];
        s->counts[id]--;
        s->foreign -= id == GUMBO_TAG_SVG || id == GUMBO_TAG_MATH;
    }
}

/* The place of the innermost element of this name, one past it, that no wall hides; 0 for none. */
static size_t find_open(const struct scan *s, uint16_t id, bool pass_walls)
{
    if (s->counts[id] == 0)
        return 0;
    size_t last = s->depth > SEARCH ? s->depth - SEARCH : 0;
    for (size_t at = s->depth; at > last; at--) {
        if (s->open[at - 1] == id)
            return at;
        if (!pass_walls && IN(s->open[at - 1], walls))
            return 0;
    }
    return 0;
}

/* An open element of this name ends where another begins. */
static void close_before(struct scan *s, uint16_t id)
{
    size_t at = find_open(s, id, false);
    if (at > 0)
        pop_to(s, at - 1);
}

/* The same for the parts of a table, up to the table itself. */
static void close_in_table(struct scan *s, const GumboTag *list, size_t count)
{
    for (size_t at = s->depth; at > 0 && s->depth - at < SEARCH; at--) {
        if (s->open[at - 1] == GUMBO_TAG_TABLE || s->open[at - 1] == GUMBO_TAG_TEMPLATE)
            return;
        if (in(s->open[at - 1], list, count)) {
            pop_to(s, at - 1);
            at = s->depth + 1;
        }
    }
}

static void close_implied(struct scan *s, uint16_t id)
{
    static const GumboTag cells[] = {GUMBO_TAG_TD, GUMBO_TAG_TH};
    static const GumboTag rows[] = {GUMBO_TAG_TD, GUMBO_TAG_TH, GUMBO_TAG_TR};
    static const GumboTag bodies[] = {GUMBO_TAG_TD,    GUMBO_TAG_TH,    GUMBO_TAG_TR,
                                      GUMBO_TAG_TBODY, GUMBO_TAG_THEAD, GUMBO_TAG_TFOOT};
    if (IN(id, closes_p))
        close_before(s, GUMBO_TAG_P);
    switch (id) {
    case GUMBO_TAG_LI:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_A:
    case GUMBO_TAG_NOBR:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RP: {
        size_t at = s->depth;
        bool list = id == GUMBO_TAG_LI;
        while (at > 0 && s->depth - at < 16 && s->open[at - 1] != id &&
               !(list && (s->open[at - 1] == GUMBO_TAG_UL || s->open[at - 1] == GUMBO_TAG_OL)))
            at--;
        if (at > 0 && s->open[at - 1] == id)
            pop_to(s, at - 1);
        break;
    }
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DT:
        if (s->depth > 0 &&
            (s->open[s->depth - 1] == GUMBO_TAG_DD || s->open[s->depth - 1] == GUMBO_TAG_DT))
            pop_to(s, s->depth - 1);
        break;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        close_in_table(s, cells, 2);
        break;
    case GUMBO_TAG_TR:
        close_in_table(s, rows, 3);
        break;
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TFOOT:
        close_in_table(s, bodies, 6);
        break;
    default:
        break;
    }
}

static bool on_start(struct scan *s, struct tag *tag)
{
    uint16_t id = name_id(tag->name);
    /* The stored form names those a parser adds by itself: they must not count in it alone. */
    if (IN(id, voids) || IN(id, roots) || (s->foreign > 0 && tag->self_closing))
        return true;
    if (IN(id, raw) && s->foreign == 0) {
        size_t end = raw_end(s->html, tag->end, tag->name);
        struct tag close = {.from = end};
        if (end < s->html.len)
            read_tag(s->html, end + 2, &close);
        tag->end = end < s->html.len ? close.end : end;
        return true;
    }
    close_implied(s, id);
    if (s->depth >= DEPTH)
        leave_out(s, tag);
    return push(s, id);
}

static void on_end(struct scan *s, const struct tag *tag)
{
    uint16_t id = name_id(tag->name);
    size_t at = find_open(s, id, IN(id, walls));
    if (id == GUMBO_TAG_FORM) {
        copy_to(s, tag->from);
        buf_add_text(s->out, "<!---->");
    }
    if (at == 0)
        return;
    if (at > DEPTH)
        leave_out(s, tag);
    if (!IN(id, formatting)) {
        pop_to(s, at - 1);
        return;
    }
    /* What stands inside of a formatting element stays open when it ends (HTML §13.2.6.4.7, the
     * adoption agency). */
    memmove(s->open + at - 1, s->open + at, (s->depth - at) * sizeof *s->open);
    s->depth--;
    s->counts[id]--;
}

static bool walk(struct scan *s, struct error *err)
{
    struct slice html = s->html;
    for (size_t at = 0; (at = slice_find_byte(html, at, '<')) < html.len;) {
        char next = at + 1 < html.len ? html.ptr[at + 1] : '\0';
        bool end_tag = next == '/' && at + 2 < html.len && letter(html.ptr[at + 2]);
        if (slice_starts(slice_sub(html, at, 4), "<!--")) {
            at = comment_end(html, at);
        } else if (next == '!' || next == '?' || (next == '/' && !end_tag)) {
            at = slice_find_byte(html, at, '>');
        } else if (end_tag || letter(next)) {
            struct tag tag = {.from = at};
            read_tag(html, at + 1 + end_tag, &tag);
            if (tag.attributes > LIMIT_ATTRIBUTES)
                return error_set(err, ERR_LIMIT, "An element has more than %zu attributes",
                                 LIMIT_ATTRIBUTES);
            if (end_tag)
                on_end(s, &tag);
            else if (!on_start(s, &tag))
                return error_no_memory(err);
            at = tag.end;
        } else {
            at++;
        }
    }
    return true;
}

bool html_scan(struct slice html, struct buf *out, struct slice *text_out, struct error *err)
{
    struct scan s = {.html = html, .out = out};
    bool ok = walk(&s, err);
    if (ok && s.changed) {
        buf_add_slice(out, slice_sub(html, s.copied, html.len));
        ok = buf_ok(out, "The page", err);
    }
    if (ok)
        *text_out = s.changed ? buf_slice(out) : html;
    free(s.open);
    return ok;
}

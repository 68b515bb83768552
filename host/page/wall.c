#include "page/wall.h"

#include "base/limits.h"
#include "page/landing.h"
#include "page/url_parts.h"
#include "page/wall_look.h"
#include "page/wall_table.h"

enum {
    /* Amounts of text, as wall_look.h counts them. */
    SHELL_TEXT = 400, /* what stands around an empty mount: menu, copyright */
    SHELL_CORE = 60,  /* a waiting word, a name */
    SHELL_SAID = 12,  /* and that in no paragraph */
    SHORT_TEXT = 1200,
    FEW_TEXT = 500,
    BARE_TEXT = 150,
    WORDS_REST = 100,     /* beside the words of a wall that asks for nothing */
    WORDS_REST_LIVE = 30, /* and when it has run: what would ask is there to be seen */
    MENU_LINKS = 6,       /* walls have few ways out */
    LOGIN_TEXT = 1500
};

const char *wall_name(enum wall wall)
{
    switch (wall) {
    case WALL_SHELL:
        return "shell";
    case WALL_CHALLENGE:
        return "challenge";
    case WALL_LOGIN:
        return "login";
    case WALL_REFUSED:
        return "refused";
    case WALL_NONE:
        break;
    }
    return "";
}

enum wall wall_named(struct slice name)
{
    enum wall wall = WALL_REFUSED;
    while (wall != WALL_NONE && !slice_equal(name, slice_of(wall_name(wall))))
        wall--;
    return wall;
}

enum wall wall_of_status(long status)
{
    /* Beyond what the standards have: 412 is 瑞数 and Bilibili, 430 Shopify, 444 and 460 load
     * balancers, 461 and 471 Xiaohongshu, 493 Akamai's players, 521 加速乐, 566 and 567 Tencent,
     * 999 LinkedIn; 405, 406 and 418 come from fire walls when the request was a GET. */
    static const long refused[] = {401, 403, 405, 406, 412, 418, 429, 430, 444, 456,
                                   460, 461, 471, 493, 503, 521, 566, 567, 999};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i] == status)
            return WALL_REFUSED;
    return WALL_NONE;
}

/* ---- Marks ---- */

struct judging {
    const struct wall_look *look;
    struct buf title;  /* in lower case */
    struct buf landed; /* host and path where redirects ended, when they led there */
};

static bool holds(const struct buf *where, const char *text)
{
    return where->len > 0 && slice_find(buf_slice(where), 0, slice_of(text)) < where->len;
}

/* "x.com/" stands in "www.x.com/" and not in "netflix.com/". */
static bool begins_label(struct slice landed, struct slice text)
{
    size_t path = slice_find_byte(landed, 0, '/');
    for (size_t at = slice_find(landed, 0, text); at < path; at = slice_find(landed, at + 1, text))
        if (at == 0 || landed.ptr[at - 1] == '.')
            return true;
    return false;
}

static bool has_mark(const struct judging *j, enum wall_place place, const char *text)
{
    switch (place) {
    case WALL_NOWHERE:
    case WALL_WORDS:
        return true;
    case WALL_TITLE:
        return slice_equal(buf_slice(&j->title), slice_of(text));
    case WALL_IN_TITLE:
        return holds(&j->title, text);
    case WALL_TEXT:
        return holds(&j->look->visible, text) || holds(&j->title, text);
    case WALL_NAME:
        return holds(&j->look->names, text);
    case WALL_SOURCE:
        return holds(&j->look->sources, text);
    case WALL_INLINE:
        return holds(&j->look->inlined, text);
    case WALL_FINAL:
        return begins_label(buf_slice(&j->landed), slice_of(text));
    }
    return false;
}

static bool has_menu(const struct wall_look *look)
{
    return look->menu > 0 || look->links >= MENU_LINKS;
}

static bool fits(const struct wall_look *look, enum wall_room room)
{
    switch (room) {
    case WALL_ANY:
        return true;
    case WALL_SHORT:
        return look->text < SHORT_TEXT;
    case WALL_FEW:
        return look->text < FEW_TEXT;
    case WALL_BARE:
        return look->text < BARE_TEXT && look->content == 0 && look->fields == 0 &&
               (look->said < SHELL_SAID ||
                (!has_menu(look) && (look->widgets > 0 || look->links == 0)));
    }
    return false;
}

/* Whether a page with the words of a wall is one, and not about them: it asks for something, in no
 * form for comments or a login, or they are about all it says. */
static bool meant(const struct wall_look *look, const char *words)
{
    size_t said = wall_weigh(slice_of(words));
    size_t rest = look->own > said ? look->own - said : 0;
    bool forms = look->writings > 0 || look->passwords > 0;
    if (!forms && (look->answers > 0 || look->widgets > 0))
        return true;
    if (has_menu(look))
        return false;
    return look->live ? rest < WORDS_REST_LIVE : look->scripts > 0 && rest < WORDS_REST;
}

/* Whether a firm's own sentences stand in a page that is somebody's: walls have no menu. */
static bool quoted(const struct wall_look *look, const struct wall_mark *mark)
{
    bool words =
        mark->place == WALL_TITLE || mark->place == WALL_IN_TITLE || mark->place == WALL_TEXT;
    bool more =
        mark->also != WALL_NOWHERE && mark->also != WALL_TEXT && mark->also != WALL_IN_TITLE;
    return words && !more && look->menu > 0 && look->widgets == 0;
}

static enum wall by_marks(const struct judging *j)
{
    const struct wall_mark *mark;
    for (size_t i = 0; (mark = wall_mark(i)) != NULL; i++)
        if (fits(j->look, mark->room) && has_mark(j, mark->place, mark->text) &&
            has_mark(j, mark->also, mark->also_text) && !quoted(j->look, mark) &&
            (mark->also != WALL_WORDS || meant(j->look, mark->text)))
            return mark->wall;
    return WALL_NONE;
}

static void add_lower(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        buf_add_char(out, ascii_lower(text.ptr[i]));
}

/* Its host and path. */
static void note_landing(struct buf *out, const char *url)
{
    struct error unused;
    struct url_parts parts;
    url_parts_init(&parts);
    if (strlen(url) <= LIMIT_URL && url_parts_parse(&parts, slice_of(url), NULL, &unused)) {
        buf_add_slice(out, buf_slice(&parts.host));
        add_lower(out, buf_slice(&parts.path));
    }
    url_parts_finish(&parts);
}

/* ---- Shells and logins ---- */

static bool asks_for_scripts(const struct wall_look *look)
{
    static const char *const words[] = {"enable javascript",
                                        "javascript is disabled",
                                        "requires javascript",
                                        "javascript is required",
                                        "javascript is not available",
                                        "turn on javascript",
                                        "启用javascript",
                                        "启用 javascript",
                                        "开启javascript",
                                        "开启 javascript",
                                        "啟用 javascript",
                                        "javascriptを有効"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds(&look->visible, words[i]))
            return true;
    return false;
}

static bool is_shell(const struct wall_look *look)
{
    if (look->live || look->scripts == 0 || look->content > 0 || look->fields > 0 ||
        look->text >= SHELL_TEXT)
        return false;
    if (look->core < SHELL_CORE && look->said < SHELL_SAID && !look->filled &&
        (look->mount || (look->own == 0 && look->text < SHELL_CORE)))
        return true;
    return asks_for_scripts(look);
}

static bool is_login(const struct wall_look *look, const char *asked, const char *final)
{
    return look->passwords > 0 && look->text < LOGIN_TEXT && strcmp(asked, final) != 0 &&
           landing_names_login(final) && !landing_names_login(asked);
}

static enum wall judge(const struct judging *j, const char *asked, const char *final)
{
    enum wall wall = by_marks(j);
    if (wall != WALL_NONE)
        return wall;
    enum landing_detour detour = landing_detour(asked, final);
    if (detour == LANDING_CHECK)
        return WALL_CHALLENGE;
    if (detour == LANDING_LOGIN || is_login(j->look, asked, final))
        return WALL_LOGIN;
    return is_shell(j->look) ? WALL_SHELL : WALL_NONE;
}

enum wall wall_of_document(const struct document *doc, const struct document_text *text,
                           const char *asked, const char *final)
{
    enum wall wall = WALL_NONE;
    struct wall_look look;
    struct judging j = {.look = &look};
    struct buf from;
    buf_init(&from, 4 * LIMIT_URL);
    buf_init(&j.title, LIMIT_TITLE);
    buf_init(&j.landed, 4 * LIMIT_URL);
    add_lower(&j.title, slice_of(text->title));
    note_landing(&from, asked);
    note_landing(&j.landed, final);
    /* Whoever asks for such a page wants it. */
    if (slice_equal(buf_slice(&from), buf_slice(&j.landed)))
        buf_reset(&j.landed);
    /* Out of memory is told by whoever stores the page. */
    if (wall_look(doc, &look))
        wall = judge(&j, asked, final);
    wall_look_finish(&look);
    buf_finish(&from);
    buf_finish(&j.title);
    buf_finish(&j.landed);
    return wall;
}

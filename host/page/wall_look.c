#include "page/wall_look.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/tree_edit.h"

enum {
    ENOUGH = 4 * 1024,   /* said: more is not asked for */
    MOUNT_TEXT = 40,     /* "Loading" may stand where scripts will draw */
    SCRIPT_LOOK = 16384, /* of one script's text */
    PIXEL = 2            /* pictures up to this width or height are not for looking at */
};

static bool any_of(const xmlNode *node, const char *const *names)
{
    if (!tree_in(node->ns, NS_HTML))
        return false;
    for (; *names != NULL; names++)
        if (strcmp((const char *)node->name, *names) == 0)
            return true;
    return false;
}

static struct slice value(const xmlNode *node, const char *name)
{
    return tree_value(tree_find_attribute(node, name));
}

static bool has_text(struct slice text, const char *part)
{
    struct slice needle = slice_of(part);
    for (size_t at = 0; at + needle.len <= text.len; at++)
        if (slice_starts_nocase(slice_sub(text, at, needle.len), part))
            return true;
    return false;
}

static bool has_any(struct slice text, const char *const *parts)
{
    for (; *parts != NULL; parts++)
        if (has_text(text, *parts))
            return true;
    return false;
}

/* As much as there is room for. */
static void note(struct buf *where, struct slice text)
{
    if (text.len == 0 || where->len >= where->max)
        return;
    text = utf8_prefix(text, where->max - where->len - 1);
    for (size_t i = 0; i < text.len; i++)
        buf_add_char(where, ascii_lower(text.ptr[i]));
    buf_add_char(where, '\n');
}

/* White space collapsed, inline elements joined. */
static void note_visible(struct buf *where, struct slice text)
{
    for (size_t i = 0; i < text.len && where->len + 1 < where->max; i++) {
        if (!ascii_space(text.ptr[i]))
            buf_add_char(where, ascii_lower(text.ptr[i]));
        else if (where->len > 0 && where->ptr[where->len - 1] != ' ')
            buf_add_char(where, ' ');
    }
}

static bool wide(uint32_t cp)
{
    return (cp >= 0x3041 && cp <= 0x30FF) || (cp >= 0x3400 && cp <= 0x9FFF) ||
           (cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0xF900 && cp <= 0xFAFF) ||
           (cp >= 0x20000 && cp <= 0x3FFFF);
}

static bool letter(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
    return cp >= 0xC0 && !(cp >= 0x2000 && cp <= 0x303F) && !(cp >= 0xE000 && cp <= 0xF8FF) &&
           !(cp >= 0xFE00 && cp <= 0xFF0F) && cp < 0xFFF0;
}

size_t wall_weigh(struct slice text)
{
    size_t weight = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t cp;
        at += utf8_decode(text, at, &cp);
        weight += wide(cp) ? WALL_WIDE : letter(cp);
    }
    return weight;
}

/* ---- Elements ---- */

static bool hidden(const xmlNode *node)
{
    static const char *const roots[] = {"html", "body", NULL};
    if (any_of(node, roots)) /* shown by a script or a style sheet, in the end */
        return false;
    struct slice style = value(node, "style");
    return tree_find_attribute(node, "hidden") != NULL || has_text(style, "display:none") ||
           has_text(style, "display: none");
}

static bool holds_no_text(const xmlNode *node)
{
    static const char *const names[] = {"head",   "script", "style",   "noscript", "iframe",
                                        "object", "audio",  "video",   "select",   "datalist",
                                        "title",  "canvas", "noembed", "noframes", NULL};
    if (tree_is(node, NS_HTML, "template"))
        return tree_find_attribute_ns(node, NS_WIRE, "shadow") == NULL;
    return any_of(node, names);
}

static bool counts_visitors(struct slice text)
{
    static const char *const marks[] = {"googletagmanager.com",
                                        "google-analytics.com",
                                        "gtag(",
                                        "datalayer",
                                        "hm.baidu.com",
                                        "cnzz.com",
                                        "51.la",
                                        "cloudflareinsights.com",
                                        "plausible",
                                        "umami",
                                        "matomo",
                                        "clarity.ms",
                                        "goatcounter",
                                        "/cdn-cgi/challenge-platform/scripts/jsd/",
                                        "__cf$cv$params",
                                        "livereload",
                                        NULL};
    return has_any(text, marks);
}

static struct slice script_text(const xmlNode *node)
{
    const xmlNode *child = node->children;
    return child != NULL && child->content != NULL
               ? utf8_prefix(slice_of((const char *)child->content), SCRIPT_LOOK)
               : slice_of("");
}

static bool runs(const xmlNode *node)
{
    struct slice type = slice_trim(value(node, "type"));
    return type.len == 0 || slice_equal_nocase(type, "module") || has_text(type, "javascript") ||
           has_text(type, "ecmascript") || has_text(type, "rocketlazy");
}

static void see_script(struct wall_look *look, const xmlNode *node)
{
    struct slice source = value(node, "src");
    struct slice text = script_text(node);
    if (!runs(node))
        return;
    note(&look->inlined, text);
    look->scripts += (source.len > 0 || slice_trim(text).len > 0) &&
                     !counts_visitors(source.len > 0 ? source : text);
}

static bool small(struct slice number)
{
    size_t n = 0;
    number = slice_trim(number);
    if (number.len == 0 || number.ptr[0] < '0' || number.ptr[0] > '9')
        return false;
    for (size_t i = 0; i < number.len && number.ptr[i] >= '0' && number.ptr[i] <= '9'; i++)
        n = n > PIXEL ? n : 10 * n + (size_t)(number.ptr[i] - '0');
    return n <= PIXEL && slice_find_byte(number, 0, '%') == number.len;
}

/* Whether a picture or a frame is there to be looked at, and no pixel, logo or waiting sign. */
static bool shown(const xmlNode *node)
{
    static const char *const waiting[] = {"load", "spin",  "splash", "skeleton", "waiting", "blank",
                                          "1x1",  "pixel", "spacer", "logo",     "favicon", NULL};
    static const char *const robots[] = {"captcha",     "challenge",   "_incapsula_resource",
                                         "/ns.html",    "recaptcha",   "turnstile",
                                         "about:blank", "javascript:", NULL};
    if (small(value(node, "width")) || small(value(node, "height")))
        return false;
    struct slice source = value(node, "src");
    for (const xmlNode *up = node;
         up != NULL && up->type == XML_ELEMENT_NODE && up != node->parent->parent; up = up->parent)
        if (has_any(value(up, "class"), waiting) || has_any(value(up, "id"), waiting))
            return false;
    if (slice_starts(source, "data:image/gif"))
        return false;
    source.len = slice_starts(source, "data:") ? 0 : source.len;
    if (has_any(source, robots))
        return false;
    return tree_is(node, NS_HTML, "iframe") || !has_any(source, waiting);
}

static bool is_content(const xmlNode *node)
{
    static const char *const pictures[] = {"img", "iframe", NULL};
    static const char *const others[] = {"video", "audio", "canvas",  "object",
                                         "embed", "frame", "picture", NULL};
    if (any_of(node, others))
        return true;
    if (!any_of(node, pictures))
        return false;
    bool sourced = value(node, "src").len > 0 || value(node, "srcset").len > 0 ||
                   value(node, "srcdoc").len > 0 || value(node, "data-src").len > 0;
    return sourced && shown(node);
}

/* A field of a check: no search, no newsletter. */
static bool answers(const xmlNode *input)
{
    static const char *const types[] = {"", "text", "checkbox", "number", "tel", NULL};
    static const char *const others[] = {"search", "query", "keyword", "mail", NULL};
    static const char *const short_names[] = {"q", "s", "wd", "kw", NULL};
    struct slice type = slice_trim(value(input, "type"));
    struct slice name = value(input, "name");
    bool known = false;
    for (size_t i = 0; types[i] != NULL; i++)
        known |= slice_equal_nocase(type, types[i]);
    for (size_t i = 0; short_names[i] != NULL; i++)
        known &= !slice_equal_nocase(name, short_names[i]);
    return known && !has_any(name, others) && !has_any(value(input, "id"), others);
}

static void see_field(struct wall_look *look, const xmlNode *node, bool framed)
{
    static const char *const none[] = {"hidden", "submit", "button", "image", "reset", NULL};
    struct slice type = value(node, "type");
    if (tree_is(node, NS_HTML, "input")) {
        look->passwords += slice_equal_nocase(type, "password");
        for (size_t i = 0; none[i] != NULL; i++)
            if (slice_equal_nocase(type, none[i]))
                return;
        look->fields++;
        look->answers += !framed && answers(node);
    } else if (tree_is(node, NS_HTML, "select")) {
        look->fields += !has_text(value(node, "name"), "captcha");
    } else if (tree_is(node, NS_HTML, "textarea")) {
        bool written = !has_text(value(node, "name"), "captcha");
        look->fields += written;
        look->writings += written;
    }
}

/* The badge of reCAPTCHA, and the frame it keeps for later, are on pages that check nobody. */
static bool is_widget(const xmlNode *node)
{
    static const char *const names[] = {"captcha", "turnstile", "geetest", "yidun", NULL};
    static const char *const framed[] = {"img", "iframe", "form", NULL};
    static const char *const idle[] = {"grecaptcha-", "/bframe", NULL};
    static const char *const attributes[] = {"src", "action", NULL};
    const xmlNode *up = node->parent;
    if (slice_equal_nocase(value(node, "type"), "hidden") || has_any(value(node, "class"), idle) ||
        has_any(value(node, "src"), idle) ||
        (up != NULL && up->type == XML_ELEMENT_NODE && has_any(value(up, "class"), idle)))
        return false;
    for (size_t i = 0; any_of(node, framed) && attributes[i] != NULL; i++)
        if (!slice_starts(value(node, attributes[i]), "data:") &&
            (has_any(value(node, attributes[i]), names) ||
             has_text(value(node, attributes[i]), "challenges.cloudflare.com")))
            return true;
    return has_any(value(node, "id"), names) || has_any(value(node, "class"), names);
}

static bool leads_away(const xmlNode *link)
{
    struct slice href = slice_trim(value(link, "href"));
    return tree_is(link, NS_HTML, "a") && href.len > 0 && href.ptr[0] != '#' &&
           !slice_starts_nocase(href, "javascript:") && !slice_starts_nocase(href, "mailto:");
}

/* `apart`: in something that is not shown; `framed`: in <nav>, <header>, <footer> or <aside>. */
static void see(struct wall_look *look, const xmlNode *node, bool apart, bool framed)
{
    static const char *const sourced[] = {"src", "action", "data", NULL};
    note(&look->names, value(node, "id"));
    note(&look->names, value(node, "class"));
    if (tree_is(node, NS_HTML, "meta"))
        note(&look->names, value(node, "name"));
    for (size_t i = 0; sourced[i] != NULL; i++)
        if (!slice_starts(value(node, sourced[i]), "data:"))
            note(&look->sources, value(node, sourced[i]));
    if (tree_is(node, NS_HTML, "script"))
        see_script(look, node);
    if (apart || hidden(node))
        return;
    look->content += is_content(node);
    look->links += leads_away(node);
    look->widgets += !tree_is(node, NS_HTML, "script") && is_widget(node);
    see_field(look, node, framed);
}

/* ---- Text and where it stands ---- */

struct walk {
    struct wall_look *look;
    const xmlNode *frame;  /* the outermost open <nav>, <header>, ... */
    const xmlNode *menu;   /* the outermost open <nav> */
    const xmlNode *saying; /* the outermost open <p>, <h1>, ... */
    const xmlNode *beside; /* the outermost open <a>, <button>, splash screen */
    const xmlNode *mount;  /* the innermost open element that scripts fill */
    size_t mount_text;     /* look->text, own and content when it was opened */
    size_t mount_own;
    size_t mount_content;
};

static bool is_mount(const xmlNode *node)
{
    static const char *const ids[] = {
        "root",      "app",       "__next",     "__nuxt",    "__layout",  "q-app",       "svelte",
        "main-app",  "container", "react-root", "reactroot", "app-root",  "approot",     "vue-app",
        "mount",     "app-mount", "main",       "___gatsby", "ember-app", "application", "root-app",
        "main-root", "page",      "react-app",  NULL};
    static const char *const elements[] = {"app-root", "my-app", "ytd-app", "app-main", NULL};
    struct slice id = value(node, "id");
    for (size_t i = 0; ids[i] != NULL; i++)
        if (slice_equal_nocase(id, ids[i]))
            return true;
    return any_of(node, elements);
}

/* Not on <body>: its class may well be gone before anybody looks. */
static bool is_splash(const xmlNode *node)
{
    static const char *const waiting[] = {"loading", "loader",   "spinner",
                                          "splash",  "skeleton", NULL};
    static const char *const roots[] = {"html", "body", NULL};
    return !any_of(node, roots) &&
           (has_any(value(node, "class"), waiting) || has_any(value(node, "id"), waiting));
}

static void enter(struct walk *w, const xmlNode *node)
{
    static const char *const frames[] = {"nav", "header", "footer", "aside", NULL};
    static const char *const sayings[] = {"h1", "h2", "h3",      "h4",         "p",     "pre",
                                          "li", "dd", "article", "blockquote", "table", NULL};
    static const char *const besides[] = {"a", "button", NULL};
    if (w->frame == NULL && any_of(node, frames))
        w->frame = node;
    if (w->menu == NULL && tree_is(node, NS_HTML, "nav"))
        w->menu = node;
    if (w->beside == NULL && (any_of(node, besides) || is_splash(node)))
        w->beside = node;
    if (w->saying == NULL && any_of(node, sayings))
        w->saying = node;
    if (is_mount(node)) {
        w->mount = node;
        w->mount_text = w->look->text;
        w->mount_own = w->look->own;
        w->mount_content = w->look->content;
    }
}

static void leave(struct walk *w, const xmlNode *node)
{
    struct wall_look *look = w->look;
    if (w->frame == node)
        w->frame = NULL;
    if (w->menu == node)
        w->menu = NULL;
    if (w->saying == node)
        w->saying = NULL;
    if (w->beside == node)
        w->beside = NULL;
    if (w->mount == node) {
        bool filled = look->own > w->mount_own;
        look->filled |= filled;
        look->mount |=
            !filled && look->text - w->mount_text < MOUNT_TEXT && look->content == w->mount_content;
        w->mount = NULL;
    }
}

static void read_text(struct walk *w, const xmlNode *node)
{
    static const char *const waiting[] = {"loading",        "please wait", "加载", "请稍",
                                          "載入",           "读取中",      "請稍", "読み込み",
                                          "お待ちください", NULL};
    struct slice text = slice_of((const char *)node->content);
    size_t weight = wall_weigh(text);
    w->look->text += weight;
    w->look->menu += w->menu != NULL ? weight : 0;
    note_visible(&w->look->visible, text);
    if (w->frame != NULL)
        return;
    w->look->core += weight;
    if (w->look->own >= ENOUGH || (text.len < KIB && has_any(text, waiting)))
        return;
    w->look->said += w->saying != NULL ? weight : 0;
    w->look->own += w->beside == NULL ? weight : 0;
}

static void walk(struct walk *w, const xmlNode *root)
{
    const xmlNode *node = root;
    const xmlNode *silent = NULL; /* the outermost element whose text nobody sees */
    bool entering = true;
    while (node != NULL) {
        bool element = node->type == XML_ELEMENT_NODE;
        if (entering && node->type == XML_TEXT_NODE && silent == NULL)
            read_text(w, node);
        if (entering && element) {
            bool noscript = silent != NULL && tree_is(silent, NS_HTML, "noscript");
            if (!noscript)
                see(w->look, node, silent != NULL, w->frame != NULL);
            if (silent == NULL && (holds_no_text(node) || hidden(node)))
                silent = node;
            if (silent == NULL)
                enter(w, node);
            if (node->children != NULL) {
                node = node->children;
                continue;
            }
        }
        if (element) {
            leave(w, node);
            if (silent == node)
                silent = NULL;
        }
        if (node == root)
            break;
        entering = node->next != NULL;
        node = entering ? node->next : node->parent;
    }
}

bool wall_look(const struct document *doc, struct wall_look *look)
{
    *look = (struct wall_look){.live = !doc->web};
    buf_init(&look->visible, 16 * KIB);
    buf_init(&look->names, 64 * KIB);
    buf_init(&look->sources, 64 * KIB);
    buf_init(&look->inlined, 256 * KIB);
    struct walk w = {.look = look};
    walk(&w, xmlDocGetRootElement(doc->tree));
    return look->visible.failed != ERR_NO_MEMORY && look->names.failed != ERR_NO_MEMORY &&
           look->sources.failed != ERR_NO_MEMORY && look->inlined.failed != ERR_NO_MEMORY;
}

void wall_look_finish(struct wall_look *look)
{
    buf_finish(&look->visible);
    buf_finish(&look->names);
    buf_finish(&look->sources);
    buf_finish(&look->inlined);
}

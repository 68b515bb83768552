#include "app/browsers.h"

#include "app/manifests_data.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIELDS = 8 };

struct slice browsers_table(void)
{
    return slice_of(manifests_browsers);
}

/* Cuts `text` at the first `c`, or takes it whole; `rest` is what follows. */
static struct slice cut(struct slice text, char c, struct slice *rest)
{
    size_t at = slice_find_byte(text, 0, c);
    *rest = slice_sub(text, at + 1, text.len);
    return slice_sub(text, 0, at);
}

/* Index of `word` in `words`, or `count`. */
static size_t word_index(struct slice word, const char *const *words, size_t count)
{
    size_t i = 0;
    while (i < count && !slice_equal(word, slice_of(words[i])))
        i++;
    return i;
}

static bool read_line(struct slice line, struct browser *browser_out)
{
    static const char *const families[] = {"firefox", "chromium"};
    static const char *const kinds[] = {"native", "portal", "proxy", "flatpak", "closed"};
    struct slice fields[FIELDS];
    struct slice rest = line;
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = cut(rest, '\t', &rest);
        if (fields[i].len == 0)
            return false;
    }
    size_t family = word_index(fields[2], families, sizeof families / sizeof *families);
    size_t kind = word_index(fields[3], kinds, sizeof kinds / sizeof *kinds);
    if (rest.len > 0 || fields[1].len >= BROWSER_TITLE_SIZE ||
        family == sizeof families / sizeof *families || kind == sizeof kinds / sizeof *kinds)
        return false;
    *browser_out = (struct browser){.name = fields[0],
                                    .family = (enum browser_family)family,
                                    .kind = (enum browser_kind)kind,
                                    .folders = {fields[4], fields[5]},
                                    .detect = fields[6],
                                    .app = fields[7]};
    memcpy(browser_out->title, fields[1].ptr, fields[1].len);
    return true;
}

bool browsers_next(struct slice *table, struct browser *browser_out)
{
    while (table->len > 0) {
        struct slice rest;
        struct slice line = cut(*table, '\n', &rest);
        bool empty = line.len == 0 || line.ptr[0] == '#';
        if (!empty && !read_line(line, browser_out))
            return false;
        *table = rest;
        if (!empty)
            return true;
    }
    return false;
}

bool browsers_has_folder(const struct browser *browser, enum browser_scope scope)
{
    return !slice_equal(browser->folders[scope], slice_of("-"));
}

/* The word without its prefix "home:", "config:" ...; false when it has another one. */
static bool after_prefix(struct slice word, const char *prefix, struct slice *rest_out)
{
    if (!slice_starts(word, prefix))
        return false;
    *rest_out = slice_sub(word, strlen(prefix), word.len);
    return true;
}

/* Appends where a word of the table points: home:, config:, abs:, or a path outside the home. */
static void add_place(struct buf *out, const struct places *places, struct slice word)
{
    struct slice rest;
    if (after_prefix(word, "home:", &rest)) {
        buf_printf(out, "%s/", places->home);
    } else if (after_prefix(word, "config:", &rest)) {
        if (places->config_home != NULL)
            buf_printf(out, "%s/", places->config_home);
        else
            buf_printf(out, "%s/.config/", places->home);
    } else {
        if (!after_prefix(word, "abs:", &rest))
            rest = word;
        buf_add_text(out, places->root);
    }
    buf_add_slice(out, rest);
}

bool browsers_folder(const struct browser *browser, const struct places *places,
                     enum browser_scope scope, struct buf *out, struct error *err)
{
    add_place(out, places, browser->folders[scope]);
    return buf_ok(out, "The path of a folder", err);
}

static bool is_folder(const struct buf *path)
{
    struct stat st;
    return path->failed == ERR_NONE && path->len > 0 && stat(path->ptr, &st) == 0 &&
           S_ISDIR(st.st_mode);
}

static bool is_program(const struct buf *path)
{
    struct stat st;
    return path->failed == ERR_NONE && path->len > 0 && stat(path->ptr, &st) == 0 &&
           S_ISREG(st.st_mode) && access(path->ptr, X_OK) == 0;
}

/* The starters of Snap and Flatpak stand in $PATH under the browser's own name, and would pass for
 * an ordinary build. */
static bool sandbox_folder(struct slice folder)
{
    static const char *const marks[] = {"/snap/bin", "/flatpak/exports/bin"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_find(folder, 0, slice_of(marks[i])) < folder.len)
            return true;
    return false;
}

static bool in_search_path(const struct places *places, struct slice program)
{
    struct slice rest = slice_of(places->search_path);
    while (rest.len > 0) {
        struct slice folder = cut(rest, ':', &rest);
        if (folder.len == 0 || folder.ptr[0] != '/' || sandbox_folder(folder))
            continue;
        struct buf path;
        buf_init(&path, PATH_MAX);
        buf_add_slice(&path, folder);
        buf_add_char(&path, '/');
        buf_add_slice(&path, program);
        bool found = is_program(&path);
        buf_finish(&path);
        if (found)
            return true;
    }
    return false;
}

/* A folder whose path is put together from up to three pieces. */
static bool folder_exists(const char *a, const char *b, struct slice c)
{
    struct buf path;
    buf_init(&path, PATH_MAX);
    buf_add_text(&path, a);
    buf_add_text(&path, b);
    buf_add_slice(&path, c);
    bool found = is_folder(&path);
    buf_finish(&path);
    return found;
}

static bool flatpak_installed(const struct places *places, enum browser_scope scope,
                              struct slice app)
{
    if (folder_exists(places->root, "/var/lib/flatpak/app/", app))
        return true;
    if (scope == BROWSER_SYSTEM)
        return false;
    if (places->data_home != NULL)
        return folder_exists(places->data_home, "/flatpak/app/", app);
    return folder_exists(places->home, "/.local/share/flatpak/app/", app);
}

static bool sign_holds(struct slice sign, const struct places *places, enum browser_scope scope)
{
    struct slice rest;
    if (after_prefix(sign, "exe:", &rest))
        return in_search_path(places, rest);
    if (after_prefix(sign, "snap:", &rest))
        return folder_exists(places->root, "/snap/", rest) ||
               folder_exists(places->root, "/var/lib/snapd/snap/", rest);
    if (after_prefix(sign, "flatpak:", &rest))
        return flatpak_installed(places, scope, rest);
    if (scope == BROWSER_SYSTEM && !slice_starts(sign, "abs:"))
        return false;
    struct buf path;
    buf_init(&path, PATH_MAX);
    add_place(&path, places, sign);
    bool found = is_folder(&path);
    buf_finish(&path);
    return found;
}

bool browsers_detected(const struct browser *browser, const struct places *places,
                       enum browser_scope scope)
{
    struct slice rest = browser->detect;
    while (rest.len > 0)
        if (sign_holds(cut(rest, ' ', &rest), places, scope))
            return true;
    return false;
}

void browsers_advice(const struct browser *browser, struct buf *out)
{
    int len = (int)browser->app.len;
    const char *app = browser->app.ptr;
    switch (browser->kind) {
    case BROWSER_NATIVE:
        break;
    case BROWSER_PORTAL:
        buf_printf(out,
                   "A Snap starts programs through a service of the desktop (Ubuntu has it since "
                   "22.04), which asks you once: answer Allow. If you refused by mistake: "
                   "flatpak permission-set webextensions org.linksnap.host %.*s yes",
                   len, app);
        break;
    case BROWSER_PROXY:
        buf_add_text(out, "Firefox 157 and later reach Linksnap out of a Flatpak where the service "
                          "xdg-native-messaging-proxy is installed; nothing else is needed then");
        break;
    case BROWSER_FLATPAK:
        buf_printf(out,
                   "A Flatpak may not start programs outside its sandbox unless you allow it: "
                   "flatpak override --user --talk-name=org.freedesktop.Flatpak %.*s. Know that "
                   "this browser could then start any program as you; a build from your "
                   "distribution or from the browser's maker needs no such permission",
                   len, app);
        break;
    case BROWSER_CLOSED:
        buf_add_text(out,
                     "This Snap cannot start programs outside its sandbox, and no setting allows "
                     "it. Linksnap works with a build from your distribution or from the "
                     "browser's maker, and with Firefox as a Snap");
        break;
    }
}

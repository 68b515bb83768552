#include "app/checkup.h"
#include "app/files.h"
#include "app/manifest.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A manifest under examination. */
struct place {
    const struct browser *browser;
    const char *file;
    const struct manifest *manifest;
};

static void tell(struct checkup *checkup, enum doctor_level level, const char *name,
                 const struct place *place)
{
    checkup_name(checkup, name);
    checkup_value(checkup, place->browser->title);
    checkup_value(checkup, place->file);
    checkup_tell(checkup, level, place->browser->title);
}

static void advise_install(struct checkup *checkup, const struct browser *browser)
{
    buf_printf(&checkup->remedy, "linksnap install --browser %.*s", (int)browser->name.len,
               browser->name.ptr);
}

/* Who may write there can have the browser start something else. */
static bool check_folder(struct checkup *checkup, const struct place *place)
{
    char *folder = slice_dup(slice_of(place->file));
    struct stat st;
    if (folder == NULL)
        return true;
    *strrchr(folder, '/') = '\0';
    bool known = stat(folder, &st) == 0;
    bool stranger = known && st.st_uid != 0 && st.st_uid != checkup->options->euid;
    bool open = known && manifest_open_to_others(&st);
    bool right = !stranger && !open && !place->manifest->others;
    if (!right) {
        buf_printf(&checkup->text, "Others could change %s",
                   stranger || open ? folder : place->file);
        buf_add_text(&checkup->remedy, stranger ? "chown it to yourself" : "chmod go-w it");
        tell(checkup, DOCTOR_WARN, "manifest_open_to_others", place);
    }
    free(folder);
    return right;
}

/* The script that a Flatpak starts must be ours, whole, and lead to our host. */
static bool check_script(struct checkup *checkup, const struct place *place, const char *script)
{
    struct error ignored;
    struct buf is;
    struct buf should;
    buf_init(&is, 16 * PATH_MAX);
    buf_init(&should, 16 * PATH_MAX);
    bool right = checkup->options->program != NULL &&
                 manifest_render_script(checkup->options->program, &should, &ignored) &&
                 files_read(script, &is, &ignored) && access(script, X_OK) == 0 &&
                 slice_equal(buf_slice(&is), buf_slice(&should));
    buf_finish(&is);
    buf_finish(&should);
    if (!right) {
        buf_printf(&checkup->text, "%s is missing, or leads to another linksnap-host", script);
        advise_install(checkup, place->browser);
        tell(checkup, DOCTOR_BAD, "manifest_script", place);
    }
    return right;
}

/* The manifest names `is`; ours would name `should`, NULL when our own host was not found. */
static bool check_target(struct checkup *checkup, const struct place *place, const char *is,
                         const char *should)
{
    bool starts = access(is, X_OK) == 0;
    bool same = should == NULL || strcmp(is, should) == 0;
    if (same && (starts || place->browser->kind == BROWSER_FLATPAK))
        return place->browser->kind != BROWSER_FLATPAK || check_script(checkup, place, is);
    if (starts)
        buf_printf(&checkup->text, "%s starts %s, which is not the linksnap-host of this program",
                   place->file, is);
    else
        buf_printf(&checkup->text, "%s names %s, which cannot be started", place->file, is);
    advise_install(checkup, place->browser);
    tell(checkup, starts ? DOCTOR_WARN : DOCTOR_BAD, "manifest_target", place);
    return false;
}

static bool check_path(struct checkup *checkup, const struct place *place)
{
    const struct doctor_options *options = checkup->options;
    struct error ignored;
    struct buf should;
    buf_init(&should, PATH_MAX);
    bool known = options->program != NULL && manifest_program(place->browser, &options->places,
                                                              options->program, &should, &ignored);
    bool ok = check_target(checkup, place, place->manifest->path.ptr, known ? should.ptr : NULL);
    buf_finish(&should);
    return ok;
}

/* What is wrong with the file itself, or NULL. */
static const char *fault_of(const struct manifest *manifest)
{
    switch (manifest->state) {
    case MANIFEST_UNREADABLE:
        return "cannot be read";
    case MANIFEST_NO_JSON:
        return "is not JSON";
    case MANIFEST_FOREIGN:
        return "is the manifest of another program";
    case MANIFEST_ABSENT:
    case MANIFEST_OURS:
        break;
    }
    if (!manifest->stdio)
        return "has another \"type\" than \"stdio\"";
    if (manifest->path.len == 0)
        return "has no absolute \"path\"";
    if (!manifest->allows)
        return "does not allow the Linksnap extension";
    return NULL;
}

static void examine(struct checkup *checkup, const struct place *place)
{
    const char *fault = fault_of(place->manifest);
    if (fault != NULL) {
        const char *reason = place->manifest->reason;
        buf_printf(&checkup->text, "%s %s%s%s", place->file, fault, reason[0] ? ": " : "", reason);
        advise_install(checkup, place->browser);
        if (place->manifest->state != MANIFEST_OURS)
            buf_add_text(&checkup->remedy, " --replace");
        tell(checkup, DOCTOR_BAD, "manifest_wrong", place);
    } else if (check_path(checkup, place) && check_folder(checkup, place)) {
        checkup->served++;
        buf_printf(&checkup->text, "%s is right", place->file);
        if (place->browser->kind == BROWSER_PORTAL)
            browsers_advice(place->browser, &checkup->remedy);
        tell(checkup, DOCTOR_OK, "manifest_right", place);
    }
}

/* Examines the manifest in this scope; false when there is none. */
static bool examine_scope(struct checkup *checkup, const struct browser *browser,
                          enum browser_scope scope)
{
    if (!browsers_has_folder(browser, scope))
        return false;
    struct error ignored;
    struct manifest manifest;
    struct buf file;
    buf_init(&file, PATH_MAX);
    bool there = false;
    if (browsers_folder(browser, &checkup->options->places, scope, &file, &ignored) &&
        buf_add_text(&file, "/" MANIFEST_FILE) &&
        manifest_read(file.ptr, browser->family, &manifest, &ignored)) {
        there = manifest.state != MANIFEST_ABSENT;
        if (there)
            examine(checkup, &(struct place){browser, file.ptr, &manifest});
        manifest_finish(&manifest);
    }
    buf_finish(&file);
    return there;
}

/* Whether a Flatpak override file lets the application talk to org.freedesktop.Flatpak
 * (flatpak-metadata(5), [Session Bus Policy]). */
static bool override_allows(const char *folder, const char *below, struct slice app)
{
    struct error ignored;
    struct buf path;
    struct buf text;
    buf_init(&path, PATH_MAX);
    buf_init(&text, 16 * PATH_MAX);
    buf_printf(&path, "%s%s/%.*s", folder, below, (int)app.len, app.ptr);
    bool allows = false;
    bool section = false;
    if (path.failed == ERR_NONE && files_read(path.ptr, &text, &ignored)) {
        struct slice rest = buf_slice(&text);
        while (rest.len > 0) {
            size_t end = slice_find_byte(rest, 0, '\n');
            struct slice line = slice_trim(slice_sub(rest, 0, end));
            rest = slice_sub(rest, end + 1, rest.len);
            if (line.len > 0 && line.ptr[0] == '[')
                section = slice_equal(line, slice_of("[Session Bus Policy]"));
            else if (section && slice_starts(line, "org.freedesktop.Flatpak="))
                allows = slice_equal(line, slice_of("org.freedesktop.Flatpak=talk")) ||
                         slice_equal(line, slice_of("org.freedesktop.Flatpak=own"));
        }
    }
    buf_finish(&path);
    buf_finish(&text);
    return allows;
}

static bool may_spawn(const struct places *places, struct slice app)
{
    struct slice names[] = {app, slice_of("global")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (override_allows(places->root, "/var/lib/flatpak/overrides", names[i]))
            return true;
        if (places->data_home != NULL
                ? override_allows(places->data_home, "/flatpak/overrides", names[i])
                : override_allows(places->home, "/.local/share/flatpak/overrides", names[i]))
            return true;
    }
    return false;
}

static bool proxy_installed(const struct places *places)
{
    struct buf path;
    struct stat st;
    buf_init(&path, PATH_MAX);
    buf_printf(&path, "%s/usr/share/dbus-1/services/org.freedesktop.NativeMessagingProxy.service",
               places->root);
    bool found = path.failed == ERR_NONE && stat(path.ptr, &st) == 0;
    buf_finish(&path);
    return found;
}

/* What the sandbox allows; false when nothing more is to be looked at. */
static bool check_sandbox(struct checkup *checkup, const struct browser *browser)
{
    const struct places *places = &checkup->options->places;
    switch (browser->kind) {
    case BROWSER_NATIVE:
    case BROWSER_PORTAL:
        return true;
    case BROWSER_PROXY:
        if (!proxy_installed(places))
            return false;
        checkup->proxied = browser->name;
        return true;
    case BROWSER_FLATPAK:
        if (may_spawn(places, browser->app))
            return true;
        if (slice_equal(checkup->proxied, browser->name))
            return false;
        buf_add_text(&checkup->text, "It may not start programs outside its sandbox");
        break;
    case BROWSER_CLOSED:
        buf_add_text(&checkup->text, "Linksnap cannot work in it");
        break;
    }
    browsers_advice(browser, &checkup->remedy);
    checkup_name(checkup, "browser_sandboxed");
    checkup_value(checkup, browser->title);
    checkup_tell(checkup, DOCTOR_WARN, browser->title);
    return false;
}

void checkup_browser(struct checkup *checkup, const struct browser *browser)
{
    const struct places *places = &checkup->options->places;
    if (!browsers_detected(browser, places, BROWSER_USER))
        return;
    checkup->found++;
    if (!check_sandbox(checkup, browser) || examine_scope(checkup, browser, BROWSER_USER) ||
        examine_scope(checkup, browser, BROWSER_SYSTEM) ||
        !browsers_has_folder(browser, BROWSER_USER))
        return;
    buf_add_text(&checkup->text, "It does not know Linksnap yet");
    advise_install(checkup, browser);
    checkup_name(checkup, "browser_unregistered");
    checkup_value(checkup, browser->title);
    checkup_tell(checkup, DOCTOR_WARN, browser->title);
}

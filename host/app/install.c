#include "app/install.h"

#include "app/files.h"
#include "app/manifest.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* One run over the table. */
struct job {
    const struct install_options *options;
    install_report *report;
    void *ctx;
    struct buf file; /* path of the manifest at work */
    struct buf text; /* of the event being built */
    size_t served;   /* places that were dealt with */
    size_t failed;
};

const char *install_action_name(enum install_action action)
{
    switch (action) {
    case INSTALL_WRITTEN:
        return "written";
    case INSTALL_CHANGED:
        return "changed";
    case INSTALL_UNCHANGED:
        return "unchanged";
    case INSTALL_REMOVED:
        return "removed";
    case INSTALL_ABSENT:
        return "absent";
    case INSTALL_KEPT:
        return "kept";
    case INSTALL_SKIPPED:
        return "skipped";
    case INSTALL_FAILED:
        return "failed";
    case INSTALL_NOTE:
        return "note";
    }
    return "unknown";
}

static void job_init(struct job *job, const struct install_options *options, install_report *report,
                     void *ctx)
{
    *job = (struct job){.options = options, .report = report, .ctx = ctx};
    buf_init(&job->file, PATH_MAX);
    buf_init(&job->text, 4 * PATH_MAX);
}

static void job_finish(struct job *job)
{
    buf_finish(&job->file);
    buf_finish(&job->text);
}

static void tell(struct job *job, const struct browser *browser, enum install_action action,
                 const char *text)
{
    bool about_file = action != INSTALL_NOTE && action != INSTALL_SKIPPED && job->file.ptr != NULL;
    job->report(job->ctx, &(struct install_event){.action = action,
                                                  .browser = browser->title,
                                                  .file = about_file ? job->file.ptr : "",
                                                  .text = text});
    job->failed += action == INSTALL_FAILED;
}

static bool fail(struct job *job, const struct browser *browser, const struct error *fault)
{
    tell(job, browser, INSTALL_FAILED, fault->text);
    return false;
}

static bool named(const struct install_options *options, struct slice name)
{
    for (size_t i = 0; i < options->browser_count; i++)
        if (slice_equal(name, slice_of(options->browsers[i])))
            return true;
    return false;
}

/* "firefox" names firefox-snap, firefox-flatpak and firefox-lib64 too, where they are found. */
static bool named_build(const struct install_options *options, struct slice name)
{
    static const char *const builds[] = {"-snap", "-flatpak", "-lib64"};
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        size_t len = strlen(builds[i]);
        if (name.len > len &&
            slice_equal(slice_sub(name, name.len - len, len), slice_of(builds[i])))
            return named(options, slice_sub(name, 0, name.len - len));
    }
    return false;
}

static bool chosen(const struct install_options *options, const struct browser *browser)
{
    if (named(options, browser->name))
        return true;
    return (options->browser_count == 0 || named_build(options, browser->name)) &&
           browsers_detected(browser, &options->places, options->scope);
}

static bool known(const char *name)
{
    struct slice table = browsers_table();
    struct browser browser;
    while (browsers_next(&table, &browser))
        if (slice_equal(browser.name, slice_of(name)))
            return true;
    return false;
}

static bool check_names(const struct install_options *options, struct error *err)
{
    size_t i = 0;
    while (i < options->browser_count && known(options->browsers[i]))
        i++;
    if (i == options->browser_count)
        return true;
    struct buf names;
    buf_init(&names, ERROR_TEXT_SIZE);
    struct slice table = browsers_table();
    struct browser browser;
    while (browsers_next(&table, &browser))
        if (browser.kind == BROWSER_NATIVE)
            buf_printf(&names, "%s%.*s", names.len ? ", " : "", (int)browser.name.len,
                       browser.name.ptr);
    error_set(err, ERR_USAGE, "No browser is called \"%.40s\" here. Known: %s",
              options->browsers[i], names.ptr ? names.ptr : "");
    buf_finish(&names);
    return false;
}

static bool check_person(const struct install_options *options, struct error *err)
{
    if (options->scope == BROWSER_USER && options->euid == 0)
        return error_set(err, ERR_USAGE,
                         "Run this as yourself, not as root: browsers look in the home folder of "
                         "the person who uses them. With --system it serves all persons");
    if (options->scope == BROWSER_SYSTEM && options->euid != 0)
        return error_set(err, ERR_USAGE,
                         "Only root may write for all persons. Run it with sudo, or without "
                         "--system for yourself alone");
    return true;
}

static bool check_program(const struct install_options *options, struct error *err)
{
    const char *program = options->program;
    struct stat st;
    if (stat(program, &st) != 0)
        return error_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", program,
                         strerror(errno));
    if (!S_ISREG(st.st_mode) || access(program, X_OK) != 0)
        return error_set(err, ERR_IO, "%s is not a program that can be started", program);
    if ((st.st_mode & S_IWOTH) != 0)
        return error_set(err, ERR_IO,
                         "%s could be changed by anybody on this machine: chmod o-w it", program);
    if (options->scope == BROWSER_SYSTEM && (st.st_mode & S_IXOTH) == 0)
        return error_set(err, ERR_IO, "%s may not be started by all persons: chmod a+rx it",
                         program);
    return true;
}

/* The script stands in a folder of our own, so nothing of others can be in its place. */
static bool write_script(const char *program, const char *file, struct error *err)
{
    struct buf text;
    struct buf was;
    struct error ignored;
    buf_init(&text, 16 * PATH_MAX);
    buf_init(&was, 16 * PATH_MAX);
    bool ok = manifest_render_script(program, &text, err) && files_make_folder(file, 0700, err);
    if (ok) {
        bool right = files_read(file, &was, &ignored) && access(file, X_OK) == 0 &&
                     slice_equal(buf_slice(&text), buf_slice(&was));
        ok = right || files_replace(file, 0755, buf_slice(&text), err);
    }
    buf_finish(&text);
    buf_finish(&was);
    return ok;
}

static void tell_advice(struct job *job, const struct browser *browser)
{
    buf_reset(&job->text);
    browsers_advice(browser, &job->text);
    if (job->text.failed == ERR_NONE && job->text.len > 0)
        tell(job, browser, browser->kind == BROWSER_CLOSED ? INSTALL_SKIPPED : INSTALL_NOTE,
             job->text.ptr);
}

/* Sets job->file. False when the browser has no folder in this scope. */
static bool find_file(struct job *job, const struct browser *browser)
{
    enum browser_scope scope = job->options->scope;
    struct error fault = {0};
    buf_reset(&job->file);
    if (!browsers_has_folder(browser, scope)) {
        if (scope == BROWSER_SYSTEM)
            tell(job, browser, INSTALL_SKIPPED,
                 "It has no folder for all persons: each runs linksnap install for themselves");
        return false;
    }
    if (!browsers_folder(browser, &job->options->places, scope, &job->file, &fault))
        return fail(job, browser, &fault);
    buf_add_text(&job->file, "/" MANIFEST_FILE);
    return buf_ok(&job->file, "The path of a manifest", &fault) || fail(job, browser, &fault);
}

/* What stands between us and the file: nothing, or a sentence. */
static const char *obstacle(const struct manifest *manifest)
{
    switch (manifest->state) {
    case MANIFEST_UNREADABLE:
        return "There is something that cannot be read";
    case MANIFEST_NO_JSON:
        return "There is a file that is not JSON";
    case MANIFEST_FOREIGN:
        return "There is a manifest of another program";
    case MANIFEST_ABSENT:
    case MANIFEST_OURS:
        break;
    }
    return NULL;
}

static bool write_manifest(struct job *job, const struct browser *browser, const char *program,
                           const struct manifest *before, struct error *err)
{
    struct buf text;
    buf_init(&text, 16 * PATH_MAX);
    bool ok = manifest_render(browser->family, program, &text, err);
    bool right = ok && before->state == MANIFEST_OURS && !before->link && !before->others &&
                 slice_equal(buf_slice(&text), buf_slice(&before->text));
    ok = ok && (right || files_replace(job->file.ptr, 0644, buf_slice(&text), err));
    buf_finish(&text);
    if (!ok)
        return false;
    if (right)
        tell(job, browser, INSTALL_UNCHANGED, "");
    else if (before->state == MANIFEST_ABSENT)
        tell(job, browser, INSTALL_WRITTEN, "");
    else
        tell(job, browser, INSTALL_CHANGED, "");
    return true;
}

static void serve(struct job *job, const struct browser *browser)
{
    const struct install_options *options = job->options;
    struct error fault = {0};
    struct manifest before = {0};
    struct buf program;
    buf_init(&program, PATH_MAX);
    job->served++;
    if (browser->kind == BROWSER_CLOSED) {
        tell_advice(job, browser);
        job->failed += named(options, browser->name);
        goto out;
    }
    if (!find_file(job, browser))
        goto out;
    if (!manifest_read(job->file.ptr, browser->family, &before, &fault))
        goto failed;
    const char *what = obstacle(&before);
    if (what != NULL && !options->replace) {
        buf_reset(&job->text);
        buf_printf(&job->text, "%s: move it away, or install with --replace", what);
        tell(job, browser, INSTALL_KEPT, job->text.failed ? what : job->text.ptr);
        job->failed++;
        goto out;
    }
    mode_t mode = options->scope == BROWSER_SYSTEM ? 0755 : 0700;
    if (!files_make_folder(job->file.ptr, mode, &fault) ||
        !manifest_program(browser, &options->places, options->program, &program, &fault) ||
        (browser->kind == BROWSER_FLATPAK &&
         !write_script(options->program, program.ptr, &fault)) ||
        !write_manifest(job, browser, program.ptr, &before, &fault))
        goto failed;
    tell_advice(job, browser);
    goto out;
failed:
    fail(job, browser, &fault);
out:
    manifest_finish(&before);
    buf_finish(&program);
}

bool install_run(const struct install_options *options, install_report *report, void *ctx,
                 struct error *err)
{
    if (!check_person(options, err) || !check_names(options, err) || !check_program(options, err))
        return false;
    struct job job;
    job_init(&job, options, report, ctx);
    struct slice table = browsers_table();
    struct browser browser;
    while (browsers_next(&table, &browser))
        if (chosen(options, &browser) &&
            (options->scope == BROWSER_SYSTEM || browser.kind == BROWSER_CLOSED ||
             browsers_has_folder(&browser, BROWSER_USER)))
            serve(&job, &browser);
    job_finish(&job);
    if (job.served == 0)
        return error_set(err, ERR_NOT_FOUND,
                         "No browser was found. Name one: linksnap install --browser firefox");
    if (job.failed > 0)
        return error_set(err, ERR_IO, "%zu of %zu manifests could not be written", job.failed,
                         job.served);
    return true;
}

/* Whether a browser that is there and was not named reads the same folder. */
static bool needed_by(const struct job *job, const struct browser *browser, struct browser *other)
{
    const struct install_options *options = job->options;
    struct slice table = browsers_table();
    while (browsers_next(&table, other))
        if (slice_equal(other->folders[options->scope], browser->folders[options->scope]) &&
            !named(options, other->name) && !named_build(options, other->name) &&
            browsers_detected(other, &options->places, options->scope))
            return true;
    return false;
}

/* Removes the script, and its folder when nothing else is there. */
static void remove_script(const struct job *job, const struct browser *browser)
{
    struct error ignored;
    struct buf script;
    buf_init(&script, PATH_MAX);
    if (manifest_program(browser, &job->options->places, "", &script, &ignored) &&
        unlink(script.ptr) == 0) {
        *strrchr(script.ptr, '/') = '\0';
        rmdir(script.ptr);
    }
    buf_finish(&script);
}

static void withdraw(struct job *job, const struct browser *browser)
{
    const struct install_options *options = job->options;
    struct error fault = {0};
    struct manifest before;
    struct browser other;
    if (!browsers_has_folder(browser, options->scope) || !find_file(job, browser))
        return;
    if (!manifest_read(job->file.ptr, browser->family, &before, &fault)) {
        fail(job, browser, &fault);
        return;
    }
    job->served++;
    const char *what = obstacle(&before);
    if (before.state == MANIFEST_ABSENT) {
        if (named(options, browser->name))
            tell(job, browser, INSTALL_ABSENT, "");
    } else if (what != NULL && !options->replace) {
        tell(job, browser, INSTALL_KEPT, what);
    } else if (options->browser_count > 0 && needed_by(job, browser, &other)) {
        buf_reset(&job->text);
        buf_printf(&job->text, "%s reads it too", other.title);
        tell(job, browser, INSTALL_KEPT, job->text.failed ? "" : job->text.ptr);
    } else if (unlink(job->file.ptr) != 0) {
        error_set(&fault, ERR_IO, "Cannot remove it: %s", strerror(errno));
        fail(job, browser, &fault);
    } else {
        tell(job, browser, INSTALL_REMOVED, "");
    }
    manifest_finish(&before);
    if (browser->kind == BROWSER_FLATPAK && options->scope == BROWSER_USER)
        remove_script(job, browser);
}

bool install_undo(const struct install_options *options, install_report *report, void *ctx,
                  struct error *err)
{
    if (!check_person(options, err) || !check_names(options, err))
        return false;
    struct job job;
    job_init(&job, options, report, ctx);
    struct slice table = browsers_table();
    struct browser browser;
    while (browsers_next(&table, &browser))
        if (options->browser_count == 0 || named(options, browser.name) ||
            named_build(options, browser.name))
            withdraw(&job, &browser);
    job_finish(&job);
    if (job.failed > 0)
        return error_set(err, ERR_IO, "%zu of %zu manifests could not be removed", job.failed,
                         job.served);
    return true;
}

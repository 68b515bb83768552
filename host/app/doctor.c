#include "app/doctor.h"

#include "app/checkup.h"
#include "app/probe.h"
#include "base/limits.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A page is a few megabytes, and SQLite needs its room twice while it commits. */
#define SPACE_BAD  (16 * MIB)
#define SPACE_WARN (256 * MIB)

const char *doctor_level_name(enum doctor_level level)
{
    switch (level) {
    case DOCTOR_OK:
        return "ok";
    case DOCTOR_WARN:
        return "warn";
    case DOCTOR_BAD:
        return "bad";
    }
    return "unknown";
}

void checkup_tell(struct checkup *checkup, enum doctor_level level, const char *subject)
{
    bool lost = checkup->text.failed != ERR_NONE || checkup->remedy.failed != ERR_NONE;
    if (lost)
        level = DOCTOR_BAD;
    if (level > checkup->worst)
        checkup->worst = level;
    struct doctor_finding finding = {.level = level,
                                     .subject = subject,
                                     .text = checkup->text.ptr ? checkup->text.ptr : "",
                                     .remedy = checkup->remedy.ptr ? checkup->remedy.ptr : ""};
    if (lost) {
        finding.text = "Out of memory";
        finding.remedy = "";
    }
    checkup->report(checkup->ctx, &finding);
    buf_reset(&checkup->text);
    buf_reset(&checkup->remedy);
}

static void check_answer(struct checkup *checkup)
{
    static const char subject[] = "linksnap-host";
    const struct doctor_options *options = checkup->options;
    struct probe_answer answer;
    struct error fault = {0};
    if (!probe_hello(options->program, options->version, options->timeout_ms, &answer, &fault)) {
        buf_printf(&checkup->text, "%s: %s", options->program, fault.text);
        if (fault.code == ERR_PROTOCOL)
            buf_add_text(&checkup->remedy, "Install linksnap and linksnap-host of one version");
        else
            buf_add_text(&checkup->remedy,
                         "Start it in a terminal to see what it says, then install it again");
        checkup_tell(checkup, DOCTOR_BAD, subject);
        return;
    }
    buf_printf(&checkup->text, "%s answers in %lld ms, version %s", options->program,
               (long long)answer.ms, answer.version);
    bool same = strcmp(answer.version, options->version) == 0;
    if (!same)
        buf_printf(&checkup->remedy, "This program is version %s: install both of one version",
                   options->version);
    checkup_tell(checkup, same ? DOCTOR_OK : DOCTOR_WARN, subject);
}

static void check_program(struct checkup *checkup)
{
    const char *program = checkup->options->program;
    struct stat st;
    if (program == NULL) {
        buf_add_text(&checkup->text, "It was not found");
        buf_add_text(&checkup->remedy, "Install Linksnap again; both programs belong together");
    } else if (stat(program, &st) != 0) {
        buf_printf(&checkup->text, "%s: %s", program, strerror(errno));
        buf_add_text(&checkup->remedy, "Install Linksnap again");
    } else if (!S_ISREG(st.st_mode) || access(program, X_OK) != 0) {
        buf_printf(&checkup->text, "%s is not a program that can be started", program);
        buf_add_text(&checkup->remedy,
                     "chmod a+rx it, and see that its file system is not mounted with noexec");
    } else if ((st.st_mode & S_IWOTH) != 0) {
        buf_printf(&checkup->text, "%s could be changed by anybody on this machine", program);
        buf_add_text(&checkup->remedy, "chmod o-w it");
    } else {
        check_answer(checkup);
        return;
    }
    checkup_tell(checkup, DOCTOR_BAD, "linksnap-host");
}

static void check_home(struct checkup *checkup)
{
    const struct doctor_options *options = checkup->options;
    const char *home = options->places.home;
    struct stat st;
    if (stat(home, &st) != 0) {
        buf_printf(&checkup->text, "The home folder %s: %s", home, strerror(errno));
        buf_add_text(&checkup->remedy, "Set $HOME to your home folder");
        checkup_tell(checkup, DOCTOR_BAD, "Home");
    } else if (st.st_uid != options->euid) {
        buf_printf(&checkup->text, "The home folder %s belongs to another user", home);
        buf_add_text(&checkup->remedy, "Run this as yourself, without sudo, with your own $HOME");
        checkup_tell(checkup, DOCTOR_BAD, "Home");
    }
}

static void check_browsers(struct checkup *checkup)
{
    struct slice table = browsers_table();
    struct browser browser;
    while (browsers_next(&table, &browser))
        checkup_browser(checkup, &browser);
    if (checkup->found == 0) {
        buf_add_text(&checkup->text, "No browser that Linksnap knows was found");
        buf_add_text(&checkup->remedy, "Name yours: linksnap install --browser firefox");
        checkup_tell(checkup, DOCTOR_WARN, "Browsers");
    } else if (checkup->served == 0) {
        buf_add_text(&checkup->text, "No browser can start Linksnap yet");
        buf_add_text(&checkup->remedy, "linksnap install");
        checkup_tell(checkup, DOCTOR_BAD, "Browsers");
    }
}

/* Free bytes where `path`, or the nearest folder above it that is there, lies. */
static bool free_space(const char *path, uint64_t *bytes_out)
{
    char *place = slice_dup(slice_of(path));
    struct statvfs fs;
    bool known = false;
    while (place != NULL && !known && place[0] != '\0') {
        known = statvfs(place, &fs) == 0;
        char *slash = strrchr(place, '/');
        if (slash == NULL)
            break;
        if (slash == place && slash[1] != '\0')
            slash[1] = '\0';
        else
            *slash = '\0';
    }
    free(place);
    if (known)
        *bytes_out = (uint64_t)fs.f_bavail * fs.f_frsize;
    return known;
}

static void check_space(struct checkup *checkup)
{
    uint64_t bytes;
    if (!free_space(checkup->options->store, &bytes) || bytes >= SPACE_WARN)
        return;
    buf_printf(&checkup->text, "Only %llu MiB are free on its disk",
               (unsigned long long)(bytes / MIB));
    buf_add_text(&checkup->remedy, "Make room: what does not fit is not saved");
    checkup_tell(checkup, bytes < SPACE_BAD ? DOCTOR_BAD : DOCTOR_WARN, "Store");
}

/* Tells when others can read what is ours. */
static void check_private(struct checkup *checkup, const char *path, const struct stat *st)
{
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return;
    buf_printf(&checkup->text, "Others on this machine may look into %s", path);
    buf_printf(&checkup->remedy, "chmod %s it", S_ISDIR(st->st_mode) ? "700" : "600");
    checkup_tell(checkup, DOCTOR_WARN, "Store");
}

static const char *store_remedy(enum error_code code)
{
    switch (code) {
    case ERR_STORE_FULL:
        return "Make room on its disk";
    case ERR_STORE_READONLY:
        return "Give yourself the right to write to the file and its folder: chmod u+rwX them";
    case ERR_STORE_BUSY:
        return "Another program holds it: end that, then try again";
    case ERR_STORE_CORRUPT:
        return "Keep the file as it is, and put back a copy that you made before";
    case ERR_STORE_NEWER:
        return "Install the version of Linksnap that wrote it, or a later one";
    default:
        return "LINKSNAP_LOG=debug linksnap doctor says more on stderr";
    }
}

/* The folder, where it is ours; the person may have put the store into one that is not. */
static void check_store_folder(struct checkup *checkup)
{
    char *folder = slice_dup(slice_of(checkup->options->store));
    char *slash = folder ? strrchr(folder, '/') : NULL;
    struct stat st;
    if (slash != NULL) {
        *slash = '\0';
        if (stat(folder, &st) == 0 && st.st_uid == checkup->options->euid)
            check_private(checkup, folder, &st);
    }
    free(folder);
}

static void open_store(struct checkup *checkup)
{
    const struct doctor_options *options = checkup->options;
    struct error fault = {0};
    bool ok = options->check_store == NULL || options->check_store(options->store_ctx, &fault);
    if (ok)
        buf_printf(&checkup->text, "%s can be opened", options->store);
    else
        buf_printf(&checkup->text, "%s: %s", options->store, fault.text);
    buf_add_text(&checkup->remedy, ok ? "" : store_remedy(fault.code));
    checkup_tell(checkup, ok ? DOCTOR_OK : DOCTOR_BAD, "Store");
}

static void check_store(struct checkup *checkup)
{
    const char *store = checkup->options->store;
    struct stat st;
    check_space(checkup);
    check_store_folder(checkup);
    bool there = stat(store, &st) == 0;
    if (!there && errno == ENOENT) {
        buf_printf(&checkup->text, "%s: there is none yet, the first page makes it", store);
        checkup_tell(checkup, DOCTOR_OK, "Store");
    } else if (!there) {
        buf_printf(&checkup->text, "%s: %s", store, strerror(errno));
        buf_add_text(&checkup->remedy, "Give yourself the right to look into its folder");
        checkup_tell(checkup, DOCTOR_BAD, "Store");
    } else if (!S_ISREG(st.st_mode)) {
        buf_printf(&checkup->text, "%s is not a file", store);
        buf_add_text(&checkup->remedy, "Move away what is there");
        checkup_tell(checkup, DOCTOR_BAD, "Store");
    } else if (st.st_uid != checkup->options->euid) {
        buf_printf(&checkup->text, "%s belongs to another user", store);
        buf_add_text(&checkup->remedy,
                     "Run this as yourself, without sudo; or give it back: chown it to yourself");
        checkup_tell(checkup, DOCTOR_BAD, "Store");
    } else {
        check_private(checkup, store, &st);
        open_store(checkup);
    }
}

static void check_pdf(struct checkup *checkup)
{
    const char *pdf = checkup->options->pdf;
    if (pdf != NULL)
        buf_printf(&checkup->text, "Their text is read by %s", pdf);
    else
        buf_add_text(&checkup->text, "They are saved, but their text cannot be searched");
    buf_add_text(&checkup->remedy,
                 pdf ? "" : "Install pdftotext: apt install poppler-utils poppler-data");
    checkup_tell(checkup, pdf ? DOCTOR_OK : DOCTOR_WARN, "PDF");
}

/* Without it all works as well; it is what a page finds that takes the host over. */
static void check_guard(struct checkup *checkup)
{
    const struct guard_report *guard = checkup->options->guard;
    const bool files = guard != NULL && guard->state.landlock > 0 && !guard->reads;
    const bool calls = guard != NULL && guard->state.filter && !guard->runs && !guard->spaces;
    enum { SIGNALS = 6 }; /* the first Landlock with all that is asked of it */
    if (guard == NULL) {
        buf_add_text(&checkup->text, "It could not be tried");
        buf_add_text(&checkup->remedy, "See whether this machine can start more processes");
    } else if (!guard->system) {
        buf_add_text(&checkup->text, "This system has none for linksnap-host, which runs without");
        buf_add_text(&checkup->remedy, "Linux has Landlock and seccomp for it");
    } else if (files && calls) {
        buf_printf(&checkup->text, "Landlock %d and seccomp hold linksnap-host%s",
                   guard->state.landlock,
                   guard->state.landlock < SIGNALS ? "; Linux 6.12 and later hold it closer" : "");
    } else if (guard->state.landlock > 0 && guard->reads) {
        buf_add_text(&checkup->text, "The store lies in the home folder itself, so all beside it "
                                     "is open to linksnap-host");
        buf_add_text(&checkup->remedy, "Give the store a folder of its own");
    } else {
        buf_printf(&checkup->text, "linksnap-host runs without %s%s%s", files ? "" : "Landlock",
                   files || calls ? "" : " and ", calls ? "" : "seccomp");
        buf_add_text(&checkup->remedy, "Linux 5.13 and later have both, unless they are switched "
                                       "off: see lsm= on the kernel's command line");
    }
    checkup_tell(checkup, files && calls ? DOCTOR_OK : DOCTOR_WARN, "Confinement");
}

enum doctor_level doctor_run(const struct doctor_options *options, doctor_report *report, void *ctx)
{
    struct checkup checkup = {.options = options, .report = report, .ctx = ctx};
    buf_init(&checkup.text, 8 * PATH_MAX);
    buf_init(&checkup.remedy, 8 * PATH_MAX);
    buf_printf(&checkup.text, "Version %s", options->version);
    checkup_tell(&checkup, DOCTOR_OK, "Linksnap");
    check_program(&checkup);
    check_home(&checkup);
    check_browsers(&checkup);
    check_store(&checkup);
    check_pdf(&checkup);
    check_guard(&checkup);
    buf_finish(&checkup.text);
    buf_finish(&checkup.remedy);
    return checkup.worst;
}

#include "app/doctor.h"

#include "app/checkup.h"
#include "app/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

void checkup_name(struct checkup *checkup, const char *name)
{
    checkup->name = name;
}

void checkup_value(struct checkup *checkup, const char *value)
{
    char *own = slice_dup(slice_of(value));
    if (own != NULL && checkup->value_count < DOCTOR_VALUES)
        checkup->values[checkup->value_count++] = own;
    else
        free(own);
}

void checkup_number(struct checkup *checkup, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    checkup_value(checkup, digits);
}

void checkup_tell(struct checkup *checkup, enum doctor_level level, const char *subject)
{
    bool lost = checkup->text.failed != ERR_NONE || checkup->remedy.failed != ERR_NONE;
    if (lost)
        level = DOCTOR_BAD;
    if (level > checkup->worst)
        checkup->worst = level;
    struct doctor_finding finding = {.level = level,
                                     .name = checkup->name,
                                     .subject = subject,
                                     .text = checkup->text.ptr ? checkup->text.ptr : "",
                                     .remedy = checkup->remedy.ptr ? checkup->remedy.ptr : "",
                                     .values = (const char *const *)checkup->values,
                                     .value_count = checkup->value_count};
    if (lost) {
        finding.name = "no_memory";
        finding.text = "Out of memory";
        finding.remedy = "";
    }
    checkup->report(checkup->ctx, &finding);
    buf_reset(&checkup->text);
    buf_reset(&checkup->remedy);
    while (checkup->value_count > 0)
        free(checkup->values[--checkup->value_count]);
    checkup->name = "";
}

void checkup_init(struct checkup *checkup, const struct doctor_options *options,
                  doctor_report *report, void *ctx)
{
    *checkup = (struct checkup){.options = options, .report = report, .ctx = ctx, .name = ""};
    buf_init(&checkup->text, 8 * PATH_MAX);
    buf_init(&checkup->remedy, 8 * PATH_MAX);
}

void checkup_finish(struct checkup *checkup)
{
    buf_finish(&checkup->text);
    buf_finish(&checkup->remedy);
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
        checkup_name(checkup, "host_silent");
        checkup_value(checkup, options->program);
        checkup_tell(checkup, DOCTOR_BAD, subject);
        return;
    }
    buf_printf(&checkup->text, "%s answers in %lld ms, version %s", options->program,
               (long long)answer.ms, answer.version);
    bool same = strcmp(answer.version, options->version) == 0;
    if (!same)
        buf_printf(&checkup->remedy, "This program is version %s: install both of one version",
                   options->version);
    checkup_name(checkup, same ? "host_answers" : "host_other_version");
    checkup_value(checkup, options->program);
    checkup_value(checkup, answer.version);
    checkup_tell(checkup, same ? DOCTOR_OK : DOCTOR_WARN, subject);
}

static void check_program(struct checkup *checkup)
{
    const char *program = checkup->options->program;
    struct stat st;
    if (program == NULL) {
        checkup_name(checkup, "host_missing");
        buf_add_text(&checkup->text, "It was not found");
        buf_add_text(&checkup->remedy, "Install Linksnap again; both programs belong together");
    } else if (stat(program, &st) != 0) {
        checkup_name(checkup, "host_unreadable");
        buf_printf(&checkup->text, "%s: %s", program, strerror(errno));
        buf_add_text(&checkup->remedy, "Install Linksnap again");
    } else if (!S_ISREG(st.st_mode) || access(program, X_OK) != 0) {
        checkup_name(checkup, "host_not_startable");
        buf_printf(&checkup->text, "%s is not a program that can be started", program);
        buf_add_text(&checkup->remedy,
                     "chmod a+rx it, and see that its file system is not mounted with noexec");
    } else if ((st.st_mode & S_IWOTH) != 0) {
        checkup_name(checkup, "host_open_to_others");
        buf_printf(&checkup->text, "%s could be changed by anybody on this machine", program);
        buf_add_text(&checkup->remedy, "chmod o-w it");
    } else {
        check_answer(checkup);
        return;
    }
    if (program != NULL)
        checkup_value(checkup, program);
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
        checkup_name(checkup, "home_missing");
        checkup_value(checkup, home);
        checkup_tell(checkup, DOCTOR_BAD, "Home");
    } else if (st.st_uid != options->euid) {
        buf_printf(&checkup->text, "The home folder %s belongs to another user", home);
        buf_add_text(&checkup->remedy, "Run this as yourself, without sudo, with your own $HOME");
        checkup_name(checkup, "home_foreign");
        checkup_value(checkup, home);
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
        checkup_name(checkup, "browsers_none");
        checkup_tell(checkup, DOCTOR_WARN, "Browsers");
    } else if (checkup->served == 0) {
        buf_add_text(&checkup->text, "No browser can start Linksnap yet");
        buf_add_text(&checkup->remedy, "linksnap install");
        checkup_name(checkup, "browsers_unserved");
        checkup_tell(checkup, DOCTOR_BAD, "Browsers");
    }
}

enum doctor_level doctor_run(const struct doctor_options *options, doctor_report *report, void *ctx)
{
    struct checkup checkup;
    checkup_init(&checkup, options, report, ctx);
    checkup_version(&checkup);
    check_program(&checkup);
    check_home(&checkup);
    check_browsers(&checkup);
    checkup_store(&checkup);
    checkup_pdf(&checkup);
    checkup_guard(&checkup);
    checkup_finish(&checkup);
    return checkup.worst;
}

/* What can be seen from wherever one is: also by the host itself, confined and at work. */
#include "app/checkup.h"

#include <inttypes.h>

void checkup_version(struct checkup *checkup)
{
    checkup_name(checkup, "version");
    checkup_value(checkup, checkup->options->version);
    if (checkup->options->program != NULL)
        checkup_value(checkup, checkup->options->program);
    buf_printf(&checkup->text, "Version %s", checkup->options->version);
    checkup_tell(checkup, DOCTOR_OK, "Linksnap");
}

void checkup_pdf(struct checkup *checkup)
{
    const char *pdf = checkup->options->pdf;
    checkup_name(checkup, pdf ? "pdf_tool" : "pdf_missing");
    if (pdf != NULL)
        checkup_value(checkup, pdf);
    if (pdf != NULL)
        buf_printf(&checkup->text, "Their text is read by %s", pdf);
    else
        buf_add_text(&checkup->text, "They are saved, but their text cannot be searched");
    buf_add_text(&checkup->remedy,
                 pdf ? "" : "Install pdftotext: apt install poppler-utils poppler-data");
    checkup_tell(checkup, pdf ? DOCTOR_OK : DOCTOR_WARN, "PDF");
}

/* Without it all works as well; it is what a page finds that takes the host over. */
void checkup_guard(struct checkup *checkup)
{
    const struct guard_report *guard = checkup->options->guard;
    const bool files = guard != NULL && guard->state.landlock > 0 && !guard->reads;
    const bool calls = guard != NULL && guard->state.filter && !guard->runs && !guard->spaces;
    enum { SIGNALS = 6 }; /* the first Landlock with all that is asked of it */
    checkup_name(checkup, "unconfined");
    if (guard == NULL) {
        checkup_name(checkup, "confinement_unknown");
        buf_add_text(&checkup->text, "It could not be tried");
        buf_add_text(&checkup->remedy, "See whether this machine can start more processes");
    } else if (!guard->system) {
        checkup_name(checkup, "confinement_none");
        buf_add_text(&checkup->text, "This system has none for linksnap-host, which runs without");
        buf_add_text(&checkup->remedy, "Linux has Landlock and seccomp for it");
    } else if (files && calls) {
        checkup_name(checkup, "confined");
        checkup_number(checkup, guard->state.landlock);
        buf_printf(&checkup->text, "Landlock %d and seccomp hold linksnap-host%s",
                   guard->state.landlock,
                   guard->state.landlock < SIGNALS ? "; Linux 6.12 and later hold it closer" : "");
    } else if (guard->state.landlock > 0 && guard->reads) {
        checkup_name(checkup, "store_in_home");
        buf_add_text(&checkup->text, "The store lies in the home folder itself, so all beside it "
                                     "is open to linksnap-host");
        buf_add_text(&checkup->remedy, "Give the store a folder of its own");
    } else {
        checkup_value(checkup, files ? "seccomp" : calls ? "Landlock" : "Landlock, seccomp");
        buf_printf(&checkup->text, "linksnap-host runs without %s%s%s", files ? "" : "Landlock",
                   files || calls ? "" : " and ", calls ? "" : "seccomp");
        buf_add_text(&checkup->remedy, "Linux 5.13 and later have both, unless they are switched "
                                       "off: see lsm= on the kernel's command line");
    }
    checkup_tell(checkup, files && calls ? DOCTOR_OK : DOCTOR_WARN, "Confinement");
}

/* ---- Of the host alone ---- */

static void check_quota(struct checkup *checkup, const struct quota *quota)
{
    if (!quota->over)
        return;
    checkup_name(checkup, "quota_over");
    checkup_number(checkup, quota->used);
    checkup_number(checkup, quota->bytes);
    buf_printf(&checkup->text, "It takes %" PRId64 " MB, more than the %" PRId64 " MB that it may",
               quota->used / 1000000, quota->bytes / 1000000);
    buf_add_text(&checkup->remedy, "Empty the trash, or let it take more: linksnap quota");
    checkup_tell(checkup, DOCTOR_WARN, "Store");
}

static void check_snapshots(struct checkup *checkup, int64_t pending)
{
    if (pending == 0)
        return;
    checkup_name(checkup, "snapshots_pending");
    checkup_number(checkup, pending);
    buf_printf(&checkup->text, "%" PRId64 " of them were not fetched to the end", pending);
    buf_add_text(&checkup->remedy, "linksnap retry");
    checkup_tell(checkup, DOCTOR_WARN, "Snapshots");
}

static void check_queue(struct checkup *checkup, const struct job_counts *jobs)
{
    int64_t open =
        jobs->states[JOB_WAITING] + jobs->states[JOB_RUNNING] + jobs->states[JOB_BROWSER];
    int64_t failed = jobs->states[JOB_FAILED];
    if (jobs->paused && open > 0) {
        checkup_name(checkup, "queue_paused");
        checkup_number(checkup, open);
        buf_printf(&checkup->text, "It is paused, with %" PRId64 " links in it", open);
        buf_add_text(&checkup->remedy, "linksnap queue resume");
        checkup_tell(checkup, DOCTOR_WARN, "Queue");
    } else {
        checkup_name(checkup, open > 0 ? "queue_open" : "queue_empty");
        checkup_number(checkup, open);
        buf_printf(&checkup->text, "%" PRId64 " links are in it", open);
        checkup_tell(checkup, DOCTOR_OK, "Queue");
    }
    if (failed > 0) {
        checkup_name(checkup, "queue_failed");
        checkup_number(checkup, failed);
        buf_printf(&checkup->text, "%" PRId64 " links could not be saved", failed);
        buf_add_text(&checkup->remedy, "linksnap queue retry, or linksnap queue clear");
        checkup_tell(checkup, DOCTOR_WARN, "Queue");
    }
}

enum doctor_level doctor_self(const struct doctor_options *options, const struct doctor_self *self,
                              doctor_report *report, void *ctx)
{
    struct checkup checkup;
    checkup_init(&checkup, options, report, ctx);
    checkup_version(&checkup);
    checkup_open_store(&checkup, self);
    if (self->opened) {
        check_quota(&checkup, &self->quota);
        check_snapshots(&checkup, self->counts.pending);
        check_queue(&checkup, &self->jobs);
    }
    checkup_pdf(&checkup);
    checkup_guard(&checkup);
    checkup_finish(&checkup);
    return checkup.worst;
}

void doctor_reply(struct reply *reply, cJSON *parent, const struct doctor_finding *finding)
{
    reply_text(reply, parent, "level", doctor_level_name(finding->level));
    reply_text(reply, parent, "name", finding->name);
    cJSON *values = reply_array(reply, parent, "values");
    for (size_t i = 0; i < finding->value_count; i++)
        reply_text(reply, values, NULL, finding->values[i]);
    reply_text(reply, parent, "text", finding->text);
    reply_text(reply, parent, "remedy", finding->remedy);
}

/* doctor: what the host finds of itself. */
#include "app/doctor.h"
#include "app/paths.h"
#include "app/service.h"
#include "base/clock.h"
#include "page/child.h"
#include "wire/fields.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void add_finding(void *ctx, const struct doctor_finding *finding)
{
    struct reply *reply = ctx;
    cJSON *findings = cJSON_GetObjectItemCaseSensitive(reply->root, "findings");
    doctor_reply(reply, reply_object(reply, findings, NULL), finding);
}

/* What is in force is known; whether the person's folder is out of reach is tried. */
static void look_at_guard(const struct service *s, struct guard_report *report_out)
{
    struct guard_report report = {.state = s->confined};
#ifdef __linux__
    report.system = true;
#endif
    char *home = NULL;
    struct error ignored;
    int fd = paths_home(&home, &ignored) ? open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    report.reads = fd >= 0;
    if (fd >= 0)
        close(fd);
    free(home);
    *report_out = report;
}

static void look_at_store(struct service *s, struct doctor_self *self, struct error *fault)
{
    self->opened = service_store(s, false, fault) && store_count(s->store, &self->counts, fault) &&
                   quota_get(s->store, &self->quota, fault) &&
                   jobs_count(s->store, clock_now(), &self->jobs, fault);
    if (!self->opened)
        self->fault = fault;
    else if (s->read_only)
        self->fault = &s->store_fault;
}

bool handle_doctor(struct service *s, const cJSON *params, struct reply *reply, struct error *err)
{
    struct doctor_self self = {0};
    struct guard_report guard;
    struct error fault = {0};
    char pdf[CHILD_PATH_SIZE];
    char *program = NULL;
    if (!fields_read(params, NULL, 0, NULL, err))
        return false;
    if (!paths_host_program(&program, &fault))
        program = NULL; /* it runs all the same */
    look_at_guard(s, &guard);
    look_at_store(s, &self, &fault);
    const struct doctor_options options = {.program = program,
                                           .version = LINKSNAP_VERSION,
                                           .store = s->store_path,
                                           .pdf = child_find("pdftotext", pdf) ? pdf : NULL,
                                           .guard = &guard,
                                           .euid = geteuid()};
    reply_array(reply, reply->root, "findings");
    enum doctor_level worst = doctor_self(&options, &self, add_finding, reply);
    reply_text(reply, reply->root, "level", doctor_level_name(worst));
    free(program);
    return true;
}

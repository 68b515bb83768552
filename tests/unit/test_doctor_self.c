/* app: what a host that is at work finds of itself. */
#include "app/doctor.h"
#include "home_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct patient {
    struct home_tree tree;
    struct doctor_options options;
    struct doctor_self self;
    struct guard_report guard;
    struct error fault;
    struct buf said; /* "level name value value|" */
    enum doctor_level worst;
};

static int admit(void **state)
{
    struct patient *p = calloc(1, sizeof *p);
    assert_non_null(p);
    home_tree_make(&p->tree, "self");
    home_tree_text(&p->tree, "data/linksnap.db", 0600, "a store");
    assert_int_equal(chmod(home_tree_path(&p->tree, "data"), 0700), 0);
    buf_init(&p->said, 1 << 16);
    p->guard = (struct guard_report){.state = {.landlock = 7, .filter = true}, .system = true};
    p->options = (struct doctor_options){.version = "0.1.0",
                                         .program = "/opt/linksnap-host",
                                         .store = "STORE",
                                         .pdf = "/usr/bin/pdftotext",
                                         .guard = &p->guard,
                                         .euid = geteuid()};
    p->self = (struct doctor_self){.opened = true, .counts = {.pages = 120, .snapshots = 131}};
    *state = p;
    return 0;
}

static int discharge(void **state)
{
    struct patient *p = *state;
    home_tree_remove(&p->tree);
    buf_finish(&p->said);
    free(p);
    return 0;
}

static void note(void *ctx, const struct doctor_finding *finding)
{
    struct patient *p = ctx;
    buf_printf(&p->said, "%s %s", doctor_level_name(finding->level), finding->name);
    for (size_t i = 0; i < finding->value_count; i++) {
        const char *slash = strrchr(finding->values[i], '/');
        buf_printf(&p->said, " %s", slash != NULL ? slash + 1 : finding->values[i]);
    }
    buf_add_char(&p->said, '|');
    assert_true(finding->text[0] != '\0');
    assert_true(finding->level == DOCTOR_OK || finding->remedy[0] != '\0');
}

static void assert_said(struct patient *p, const char *words)
{
    char store[700];
    snprintf(store, sizeof store, "%s", home_tree_path(&p->tree, "data/linksnap.db"));
    p->options.store = store;
    buf_reset(&p->said);
    p->worst = doctor_self(&p->options, &p->self, note, p);
    if (strstr(p->said.ptr, words) == NULL)
        fail_msg("<%s> is not in <%s>", words, p->said.ptr);
}

static void the_healthy_are_told_so(void **state)
{
    struct patient *p = *state;
    assert_said(p, "");
    assert_string_equal(p->said.ptr,
                        "ok version 0.1.0 linksnap-host|ok store_ready linksnap.db 120|"
                        "ok queue_empty 0|ok pdf_tool pdftotext|ok confined 7|");
    assert_int_equal(p->worst, DOCTOR_OK);
    p->options.program = NULL;
    assert_said(p, "ok version 0.1.0|");
}

static void a_store_that_is_ill_is_named_with_its_fault(void **state)
{
    struct patient *p = *state;
    error_set(&p->fault, ERR_STORE_READONLY, "It is on a read-only disk");
    p->self.fault = &p->fault;
    assert_said(p, "warn store_readonly linksnap.db store_readonly|");
    assert_non_null(strstr(p->said.ptr, "queue_empty"));
    assert_int_equal(p->worst, DOCTOR_WARN);
    p->self.opened = false;
    error_set(&p->fault, ERR_STORE_CORRUPT, "It is damaged");
    assert_said(p, "bad store_error linksnap.db store_corrupt|");
    assert_null(strstr(p->said.ptr, "queue"));
    assert_int_equal(p->worst, DOCTOR_BAD);
}

static void others_who_can_look_into_it_are_a_warning(void **state)
{
    struct patient *p = *state;
    assert_int_equal(chmod(home_tree_path(&p->tree, "data/linksnap.db"), 0644), 0);
    assert_said(p, "warn store_open_to_others linksnap.db|");
    assert_int_equal(chmod(home_tree_path(&p->tree, "data/linksnap.db"), 0600), 0);
    assert_int_equal(chmod(home_tree_path(&p->tree, "data"), 0755), 0);
    assert_said(p, "warn store_open_to_others data|");
}

static void what_waits_for_somebody_is_counted(void **state)
{
    struct patient *p = *state;
    p->self.counts.pending = 2;
    assert_said(p, "warn snapshots_pending 2|");
    p->self.jobs.states[JOB_WAITING] = 3;
    p->self.jobs.states[JOB_BROWSER] = 1;
    assert_said(p, "ok queue_open 4|");
    p->self.jobs.paused = true;
    assert_said(p, "warn queue_paused 4|");
    p->self.jobs.states[JOB_FAILED] = 5;
    assert_said(p, "warn queue_failed 5|");
    p->self.quota = (struct quota){.bytes = 10485760, .used = 20971520, .over = true};
    assert_said(p, "warn quota_over 20971520 10485760|");
}

static void what_is_missing_on_the_machine_is_a_warning(void **state)
{
    struct patient *p = *state;
    p->options.pdf = NULL;
    assert_said(p, "warn pdf_missing|");
    p->guard.state.landlock = 0;
    assert_said(p, "warn unconfined Landlock|");
    p->guard.state.filter = false;
    assert_said(p, "warn unconfined Landlock, seccomp|");
    p->guard.state.landlock = 7;
    assert_said(p, "warn unconfined seccomp|");
    p->guard.state.filter = true;
    p->guard.reads = true;
    assert_said(p, "warn store_in_home|");
    p->guard.system = false;
    assert_said(p, "warn confinement_none|");
    p->options.guard = NULL;
    assert_said(p, "warn confinement_unknown|");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, admit, discharge)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_healthy_are_told_so),
        TEST(a_store_that_is_ill_is_named_with_its_fault),
        TEST(others_who_can_look_into_it_are_a_warning),
        TEST(what_waits_for_somebody_is_counted),
        TEST(what_is_missing_on_the_machine_is_a_warning),
    };
    return cmocka_run_group_tests_name("doctor of itself", tests, NULL, NULL);
}

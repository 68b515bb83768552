/* app: doctor. */
#include "app/doctor.h"
#include "install_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { FINDINGS = 32 };

struct finding {
    enum doctor_level level;
    char name[40];
    char values[DOCTOR_VALUES][700];
    size_t value_count;
    char subject[BROWSER_TITLE_SIZE];
    char text[1024];
    char remedy[1024];
};

/* A healthy person: a host that answers, Firefox, a store; each test makes one thing ill. */
struct patient {
    struct fixture *f;
    struct doctor_options options;
    char store[700];
    enum error_code store_fault;
    struct guard_report guard;
    struct finding findings[FINDINGS];
    size_t count;
    enum doctor_level worst;
};

static bool open_store(void *ctx, struct error *err)
{
    const struct patient *p = ctx;
    return p->store_fault == ERR_NONE || error_set(err, p->store_fault, "The store is ill");
}

static void write_host(struct fixture *f, const char *version)
{
    char json[200];
    char frame[256];
    int len = snprintf(json, sizeof json, "{\"result\":{\"protocol\":%d,\"version\":\"%s\"}}",
                       RPC_PROTOCOL, version);
    uint32_t length = (uint32_t)len;
    memcpy(frame, &length, 4);
    memcpy(frame + 4, json, (size_t)len);
    home_tree_bytes(&f->tree, "opt/answer", 0600, frame, (size_t)len + 4);
    home_tree_text(&f->tree, "opt/linksnap-host", 0755, "#!/bin/sh\ncat \"${0%/*}/answer\"\n");
}

static int admit(void **state)
{
    struct patient *p = calloc(1, sizeof *p);
    assert_non_null(p);
    void *inner = NULL;
    fixture_open(&inner);
    p->f = inner;
    write_host(p->f, "0.1.0");
    home_tree_folder(&p->f->tree, "home/.mozilla/firefox");
    home_tree_text(&p->f->tree, "home/data/linksnap.db", 0600, "a store");
    snprintf(p->store, sizeof p->store, "%s/data/linksnap.db", p->f->home);
    assert_true(fixture_run(p->f));
    p->guard = (struct guard_report){.state = {.landlock = 7, .filter = true}, .system = true};
    p->options = (struct doctor_options){.places = p->f->options.places,
                                         .program = p->f->program,
                                         .version = "0.1.0",
                                         .store = p->store,
                                         .pdf = "/usr/bin/pdftotext",
                                         .guard = &p->guard,
                                         .check_store = open_store,
                                         .store_ctx = p,
                                         .euid = geteuid(),
                                         .timeout_ms = 8000};
    *state = p;
    return 0;
}

static int discharge(void **state)
{
    struct patient *p = *state;
    void *inner = p->f;
    fixture_close(&inner);
    free(p);
    return 0;
}

static void note(void *ctx, const struct doctor_finding *finding)
{
    struct patient *p = ctx;
    assert_true(p->count < FINDINGS);
    struct finding *copy = &p->findings[p->count++];
    copy->level = finding->level;
    snprintf(copy->name, sizeof copy->name, "%s", finding->name);
    copy->value_count = finding->value_count;
    assert_true(finding->value_count <= DOCTOR_VALUES);
    for (size_t i = 0; i < finding->value_count; i++)
        snprintf(copy->values[i], sizeof copy->values[i], "%s", finding->values[i]);
    assert_true(finding->name[0] != '\0');
    snprintf(copy->subject, sizeof copy->subject, "%s", finding->subject);
    snprintf(copy->text, sizeof copy->text, "%s", finding->text);
    snprintf(copy->remedy, sizeof copy->remedy, "%s", finding->remedy);
    assert_true(finding->text[0] != '\0');
}

static void look(struct patient *p)
{
    p->count = 0;
    p->worst = doctor_run(&p->options, note, p);
}

/* Exactly one finding of this level, about `subject`, with these words in text and remedy; and it
 * is the worst. */
static void assert_found(const struct patient *p, enum doctor_level level, const char *subject,
                         const char *text, const char *remedy)
{
    const struct finding *found = NULL;
    for (size_t i = 0; i < p->count; i++)
        if (p->findings[i].level == level && strcmp(p->findings[i].subject, subject) == 0 &&
            strstr(p->findings[i].text, text) != NULL)
            found = &p->findings[i];
    if (found == NULL)
        for (size_t i = 0; i < p->count; i++)
            print_error("%s %s: %s [%s]\n", doctor_level_name(p->findings[i].level),
                        p->findings[i].subject, p->findings[i].text, p->findings[i].remedy);
    assert_non_null(found);
    assert_non_null(strstr(found->remedy, remedy));
    assert_true(level == DOCTOR_OK || found->remedy[0] != '\0');
    assert_true(p->worst >= level);
}

static void assert_ill(struct patient *p, enum doctor_level level, const char *subject,
                       const char *text, const char *remedy)
{
    look(p);
    assert_found(p, level, subject, text, remedy);
}

static void without_pdftotext_it_is_said_what_is_lost(void **state)
{
    struct patient *p = *state;
    p->options.pdf = NULL;
    assert_ill(p, DOCTOR_WARN, "PDF", "cannot be searched", "poppler-utils");
}

static void it_is_told_what_holds_the_host(void **state)
{
    struct patient *p = *state;
    p->guard.state.landlock = 2;
    look(p);
    assert_found(p, DOCTOR_OK, "Confinement", "Landlock 2 and seccomp hold linksnap-host; ", "");
    /* What counts is what was tried, not what the kernel says. */
    p->guard.runs = true;
    assert_ill(p, DOCTOR_WARN, "Confinement", "without seccomp", "Linux 5.13");
    p->guard.runs = false;
    p->guard.spaces = true;
    assert_ill(p, DOCTOR_WARN, "Confinement", "without seccomp", "Linux 5.13");
    p->guard.state.filter = false;
    p->guard.spaces = false;
    assert_ill(p, DOCTOR_WARN, "Confinement", "without seccomp", "Linux 5.13");
    p->guard.state.landlock = 0;
    p->guard.reads = true;
    assert_ill(p, DOCTOR_WARN, "Confinement", "without Landlock and seccomp", "lsm=");
    p->guard.state.filter = true;
    assert_ill(p, DOCTOR_WARN, "Confinement", "without Landlock", "lsm=");
    p->guard.state.landlock = 7;
    assert_ill(p, DOCTOR_WARN, "Confinement", "in the home folder itself", "folder of its own");
    p->guard.system = false;
    assert_ill(p, DOCTOR_WARN, "Confinement", "This system has none", "Linux");
    p->options.guard = NULL;
    assert_ill(p, DOCTOR_WARN, "Confinement", "could not be tried", "processes");
}

static void the_healthy_are_told_so(void **state)
{
    struct patient *p = *state;
    look(p);
    for (size_t i = 0; i < p->count; i++)
        assert_int_equal(p->findings[i].level, DOCTOR_OK);
    assert_int_equal(p->worst, DOCTOR_OK);
    assert_int_equal(p->count, 6);
    assert_found(p, DOCTOR_OK, "Linksnap", "Version 0.1.0", "");
    assert_found(p, DOCTOR_OK, "linksnap-host", "answers in", "");
    assert_found(p, DOCTOR_OK, "Firefox", FIREFOX " is right", "");
    assert_found(p, DOCTOR_OK, "Store", "can be opened", "");
    assert_string_equal(doctor_level_name(DOCTOR_BAD), "bad");
}

static void an_ill_host_is_found(void **state)
{
    struct patient *p = *state;
    p->options.program = NULL;
    assert_ill(p, DOCTOR_BAD, "linksnap-host", "not found", "Install");
    assert_found(p, DOCTOR_OK, "Firefox", "is right", "");
    p->options.program = "/nonexistent/linksnap-host";
    assert_ill(p, DOCTOR_BAD, "linksnap-host", "No such file", "Install");
    p->options.program = p->f->program;
    assert_int_equal(chmod(p->f->program, 0644), 0);
    assert_ill(p, DOCTOR_BAD, "linksnap-host", "not a program", "chmod a+rx");
    assert_found(p, DOCTOR_BAD, "Firefox", "cannot be started", "linksnap install");
    assert_int_equal(chmod(p->f->program, 0757), 0);
    assert_ill(p, DOCTOR_BAD, "linksnap-host", "by anybody", "chmod o-w");
    assert_int_equal(chmod(p->f->program, 0755), 0);
    home_tree_text(&p->f->tree, "opt/linksnap-host", 0755, "#!/bin/sh\necho gone >&2\n");
    assert_ill(p, DOCTOR_BAD, "linksnap-host", "without an answer: gone", "terminal");
    home_tree_text(&p->f->tree, "opt/linksnap-host", 0755, "#!/bin/sh\nexec sleep 30\n");
    p->options.timeout_ms = 200;
    assert_ill(p, DOCTOR_BAD, "linksnap-host", "does not answer", "terminal");
}

static void two_versions_are_noticed(void **state)
{
    struct patient *p = *state;
    write_host(p->f, "0.0.9");
    assert_ill(p, DOCTOR_WARN, "linksnap-host", "version 0.0.9", "version 0.1.0");
    assert_int_equal(p->worst, DOCTOR_WARN);
}

static void a_browser_that_was_not_told_is_named_with_its_command(void **state)
{
    struct patient *p = *state;
    home_tree_folder(&p->f->tree, "home/.config/google-chrome-beta");
    assert_ill(p, DOCTOR_WARN, "Google Chrome Beta", "does not know Linksnap",
               "linksnap install --browser chrome-beta");
    assert_int_equal(p->worst, DOCTOR_WARN);
    assert_int_equal(unlink(home_tree_path(&p->f->tree, below_home(FIREFOX))), 0);
    assert_ill(p, DOCTOR_BAD, "Browsers", "No browser can start", "linksnap install");
    assert_found(p, DOCTOR_WARN, "Firefox", "does not know Linksnap", "--browser firefox");
}

static void no_browser_at_all_is_a_warning(void **state)
{
    struct patient *p = *state;
    assert_int_equal(rename(home_tree_path(&p->f->tree, "home/.mozilla"),
                            home_tree_path(&p->f->tree, "home/was")),
                     0);
    assert_ill(p, DOCTOR_WARN, "Browsers", "was found", "--browser");
    assert_int_equal(p->worst, DOCTOR_WARN);
}

static void every_fault_of_a_manifest_is_found(void **state)
{
    struct patient *p = *state;
    static const struct {
        const char *text; /* %s: the host */
        const char *found;
        const char *remedy;
    } cases[] = {
        {"not JSON", "is not JSON", "--replace"},
        {"", "is not JSON", "--replace"},
        {"{\"name\":\"com.example.other\"}", "another program", "--replace"},
        {"{\"name\":\"org.linksnap.host\",\"path\":\"%s\",\"type\":\"pipe\"}", "\"type\"",
         "install"},
        {"{\"name\":\"org.linksnap.host\",\"path\":\"%s\"}", "\"type\"", "install"},
        {"{\"name\":\"org.linksnap.host\",\"type\":\"stdio\",\"path\":\"host\"}", "absolute",
         "install"},
        {"{\"name\":\"org.linksnap.host\",\"type\":\"stdio\",\"path\":7}", "absolute", "install"},
        {"{\"name\":\"org.linksnap.host\",\"type\":\"stdio\",\"path\":\"%s\","
         "\"allowed_extensions\":[\"other@linksnap\"]}",
         "does not allow", "install"},
        {"{\"name\":\"org.linksnap.host\",\"type\":\"stdio\",\"path\":\"%s\","
         "\"allowed_extensions\":\"linksnap@linksnap\"}",
         "does not allow", "install"},
        {"{\"name\":\"org.linksnap.host\",\"type\":\"stdio\",\"path\":\"%s\","
         "\"allowed_origins\":[\"chrome-extension://clamihfaboappfgpcjhpjjkmnpccmfbg/\"]}",
         "does not allow", "install"}, /* the other family's */
        {"{\"name\":\"org.linksnap.host\",\"type\":\"stdio\",\"path\":\"/gone/host\","
         "\"allowed_extensions\":[\"linksnap@linksnap\"]}",
         "/gone/host, which cannot be started", "install"},
    };
    char text[2048];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *gap = strstr(cases[i].text, "%s");
        int before = gap ? (int)(gap - cases[i].text) : (int)strlen(cases[i].text);
        snprintf(text, sizeof text, "%.*s%s%s", before, cases[i].text, gap ? p->f->program : "",
                 gap ? gap + 2 : "");
        home_tree_text(&p->f->tree, below_home(FIREFOX), 0644, text);
        assert_ill(p, DOCTOR_BAD, "Firefox", cases[i].found, cases[i].remedy);
        assert_found(p, DOCTOR_BAD, "Browsers", "No browser can", "install");
    }
}

static void what_is_no_readable_file_is_found(void **state)
{
    struct patient *p = *state;
    assert_int_equal(unlink(home_tree_path(&p->f->tree, below_home(FIREFOX))), 0);
    home_tree_folder(&p->f->tree, below_home(FIREFOX));
    assert_ill(p, DOCTOR_BAD, "Firefox", "cannot be read: It is not a regular file", "install");
}

static void a_manifest_that_starts_another_host_is_a_warning(void **state)
{
    struct patient *p = *state;
    home_tree_text(&p->f->tree, "opt/older-host", 0755, "#!/bin/sh\n");
    p->f->options.program = home_tree_path(&p->f->tree, "opt/older-host");
    assert_true(fixture_run(p->f));
    assert_ill(p, DOCTOR_WARN, "Firefox", "older-host, which is not the linksnap-host",
               "linksnap install --browser firefox");
}

static void what_others_may_write_is_a_warning(void **state)
{
    struct patient *p = *state;
    assert_int_equal(chmod(home_tree_path(&p->f->tree, below_home(FIREFOX)), 0666), 0);
    assert_ill(p, DOCTOR_WARN, "Firefox", MANIFEST_FILE, "chmod go-w");
    assert_int_equal(chmod(home_tree_path(&p->f->tree, below_home(FIREFOX)), 0664), 0);
    look(p);
    assert_int_equal(p->worst, DOCTOR_OK); /* our own group */
    const char *folder = home_tree_path(&p->f->tree, "home/.mozilla/native-messaging-hosts");
    assert_int_equal(chmod(folder, 0777), 0);
    assert_ill(p, DOCTOR_WARN, "Firefox", "native-messaging-hosts", "chmod go-w");
    if (geteuid() == 0) { /* only root can give a folder away */
        assert_int_equal(chmod(folder, 0755), 0);
        assert_int_equal(chown(folder, 65534, 65534), 0);
        assert_ill(p, DOCTOR_WARN, "Firefox", "native-messaging-hosts", "chown");
    }
}

static void a_manifest_for_all_persons_is_enough_unless_ones_own_is_ill(void **state)
{
    struct patient *p = *state;
    struct fixture *f = p->f;
    assert_int_equal(unlink(home_tree_path(&f->tree, below_home(FIREFOX))), 0);
    static const char *const names[] = {"firefox"};
    fixture_name(f, names, 1);
    f->options.scope = BROWSER_SYSTEM;
    f->options.euid = 0;
    assert_true(fixture_run(f));
    assert_ill(p, DOCTOR_OK, "Firefox", "/usr/lib/mozilla/native-messaging-hosts/", "");
    assert_int_equal(p->worst, DOCTOR_OK);
    home_tree_text(&f->tree, below_home(FIREFOX), 0644, "{}");
    assert_ill(p, DOCTOR_BAD, "Firefox", FIREFOX " is the manifest of another", "install");
}

static void somebody_elses_home_is_found(void **state)
{
    struct patient *p = *state;
    p->options.euid = geteuid() + 1;
    assert_ill(p, DOCTOR_BAD, "Home", "belongs to another user", "without sudo");
    assert_found(p, DOCTOR_BAD, "Store", "belongs to another user", "without sudo");
    p->options.euid = geteuid();
    p->options.places.home = "/nonexistent/home";
    assert_ill(p, DOCTOR_BAD, "Home", "No such file", "$HOME");
}

static void a_flatpak_needs_a_permission(void **state)
{
    struct patient *p = *state;
    struct fixture *f = p->f;
    static const char override[] = "home/.local/share/flatpak/overrides/com.brave.Browser";
    home_tree_folder(&f->tree, "root/var/lib/flatpak/app/com.brave.Browser");
    assert_true(fixture_run(f));
    static const char *const useless[] = {
        "[Context]\norg.freedesktop.Flatpak=talk\n",
        "[Session Bus Policy]\norg.freedesktop.Flatpak=none\n",
        "[Session Bus Policy]\norg.freedesktop.Flatpak.Other=talk\n",
        "[Session Bus Policy]\norg.freedesktop.Flatpak=talk\norg.freedesktop.Flatpak=none\n",
        "",
    };
    for (size_t i = 0; i < sizeof useless / sizeof *useless; i++) {
        home_tree_text(&f->tree, override, 0600, useless[i]);
        assert_ill(p, DOCTOR_WARN, "Brave (Flatpak)", "outside its sandbox",
                   "flatpak override --user --talk-name=org.freedesktop.Flatpak com.brave.Browser");
    }
    home_tree_text(&f->tree, override, 0600,
                   "[Context]\nshared=x\n\n[Session Bus Policy]\na.b=own\n"
                   " org.freedesktop.Flatpak=talk");
    assert_ill(p, DOCTOR_OK, "Brave (Flatpak)", "is right", "");
    assert_int_equal(p->worst, DOCTOR_OK);
    assert_int_equal(unlink(home_tree_path(&f->tree, override)), 0);
    home_tree_text(&f->tree, "root/var/lib/flatpak/overrides/global", 0644,
                   "[Session Bus Policy]\norg.freedesktop.Flatpak=own\n");
    assert_ill(p, DOCTOR_OK, "Brave (Flatpak)", "is right", "");

    static const char script[] = "home/.var/app/com.brave.Browser/data/linksnap/linksnap-host";
    home_tree_text(&f->tree, script, 0755, "#!/bin/sh\nexec something-else\n");
    assert_ill(p, DOCTOR_BAD, "Brave (Flatpak)", "leads to another", "--browser brave-flatpak");
    assert_int_equal(unlink(home_tree_path(&f->tree, script)), 0);
    assert_ill(p, DOCTOR_BAD, "Brave (Flatpak)", "is missing", "--browser brave-flatpak");
}

static void firefox_as_a_flatpak_may_use_the_proxy(void **state)
{
    struct patient *p = *state;
    struct fixture *f = p->f;
    home_tree_folder(&f->tree, "home/.local/share/flatpak/app/org.mozilla.firefox");
    assert_true(fixture_run(f));
    assert_ill(p, DOCTOR_WARN, "Firefox (Flatpak)", "outside its sandbox", "flatpak override");
    home_tree_text(&f->tree,
                   "root/usr/share/dbus-1/services/org.freedesktop.NativeMessagingProxy.service",
                   0644, "[D-BUS Service]\n");
    assert_ill(p, DOCTOR_OK, "Firefox (Flatpak)", FIREFOX " is right", "");
    assert_int_equal(p->worst, DOCTOR_OK);
}

static void snaps_are_explained(void **state)
{
    struct patient *p = *state;
    home_tree_folder(&p->f->tree, "root/snap/firefox");
    assert_ill(p, DOCTOR_OK, "Firefox (Snap)", "is right", "permission-set webextensions");
    assert_int_equal(p->worst, DOCTOR_OK);
    home_tree_folder(&p->f->tree, "root/snap/chromium");
    assert_ill(p, DOCTOR_WARN, "Chromium (Snap)", "cannot work", "distribution");
}

static void a_store_that_is_not_there_yet_is_no_fault(void **state)
{
    struct patient *p = *state;
    assert_int_equal(unlink(p->store), 0);
    p->store_fault = ERR_STORE_CORRUPT; /* must not be asked */
    assert_ill(p, DOCTOR_OK, "Store", "none yet", "");
    assert_int_equal(p->worst, DOCTOR_OK);
    assert_int_equal(rmdir(home_tree_path(&p->f->tree, "home/data")), 0);
    assert_ill(p, DOCTOR_OK, "Store", "none yet", "");
}

static void a_store_that_others_can_read_is_a_warning(void **state)
{
    struct patient *p = *state;
    assert_int_equal(chmod(p->store, 0640), 0);
    assert_ill(p, DOCTOR_WARN, "Store", "linksnap.db", "chmod 600");
    assert_found(p, DOCTOR_OK, "Store", "can be opened", "");
    assert_int_equal(chmod(p->store, 0600), 0);
    assert_int_equal(chmod(home_tree_path(&p->f->tree, "home/data"), 0755), 0);
    assert_ill(p, DOCTOR_WARN, "Store", "/data", "chmod 700");
}

static void a_store_that_cannot_be_opened_says_why(void **state)
{
    struct patient *p = *state;
    static const struct {
        enum error_code code;
        const char *remedy;
    } cases[] = {
        {ERR_STORE_FULL, "Make room"},       {ERR_STORE_READONLY, "right to write"},
        {ERR_STORE_BUSY, "Another program"}, {ERR_STORE_CORRUPT, "copy"},
        {ERR_STORE_NEWER, "version"},        {ERR_STORE, "LINKSNAP_LOG=debug"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        p->store_fault = cases[i].code;
        assert_ill(p, DOCTOR_BAD, "Store", "The store is ill", cases[i].remedy);
    }
    assert_int_equal(unlink(p->store), 0);
    home_tree_folder(&p->f->tree, "home/data/linksnap.db");
    assert_ill(p, DOCTOR_BAD, "Store", "is not a file", "Move away");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, admit, discharge)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_healthy_are_told_so),
        TEST(it_is_told_what_holds_the_host),
        TEST(without_pdftotext_it_is_said_what_is_lost),
        TEST(an_ill_host_is_found),
        TEST(two_versions_are_noticed),
        TEST(a_browser_that_was_not_told_is_named_with_its_command),
        TEST(no_browser_at_all_is_a_warning),
        TEST(every_fault_of_a_manifest_is_found),
        TEST(what_is_no_readable_file_is_found),
        TEST(a_manifest_that_starts_another_host_is_a_warning),
        TEST(what_others_may_write_is_a_warning),
        TEST(a_manifest_for_all_persons_is_enough_unless_ones_own_is_ill),
        TEST(somebody_elses_home_is_found),
        TEST(a_flatpak_needs_a_permission),
        TEST(firefox_as_a_flatpak_may_use_the_proxy),
        TEST(snaps_are_explained),
        TEST(a_store_that_is_not_there_yet_is_no_fault),
        TEST(a_store_that_others_can_read_is_a_warning),
        TEST(a_store_that_cannot_be_opened_says_why),
    };
    return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}

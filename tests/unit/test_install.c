/* app: files, manifest, install. */
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

static void odd_characters_in_paths_survive(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "chromium", "brave-flatpak"};
    fixture_name(f, names, 3);
    assert_true(fixture_run(f));
    assert_manifest(f, below_home(FIREFOX), true, f->program);
    assert_manifest(f, below_home(CHROMIUM), false, f->program);

    /* The script of a Flatpak must hand on its own path and arguments as they are. */
    char script[1024];
    snprintf(script, sizeof script, "%s/.var/app/com.brave.Browser/data/linksnap/linksnap-host",
             f->home);
    assert_int_equal(access(script, X_OK), 0);
    home_tree_text(&f->tree, "bin/flatpak-spawn", 0755,
                   "#!/bin/sh\nfor a; do printf '<%s>' \"$a\"; done >\"$0.said\"\n");
    char *was = strdup(getenv("PATH"));
    char path[4096];
    snprintf(path, sizeof path, "%s:%s", f->path, was);
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_int_equal(setenv("SCRIPT", script, 1), 0);
    assert_int_equal(system("\"$SCRIPT\" 'chrome-extension://a b/' '\"'"), 0);
    assert_int_equal(setenv("PATH", was, 1), 0);
    free(was);
    char *said = home_tree_read(&f->tree, "bin/flatpak-spawn.said");
    char should[2048];
    snprintf(should, sizeof should,
             "<--host><--watch-bus><--directory=/><%s><chrome-extension://a b/><\">", f->program);
    assert_string_equal(said, should);
    free(said);
}

static void a_second_run_touches_nothing(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "chromium", "edge-flatpak"};
    fixture_name(f, names, 3);
    struct stat before;
    struct stat after;
    assert_true(fixture_run(f));
    assert_int_equal(fixture_lines(f, INSTALL_WRITTEN), 3);
    assert_int_equal(stat(home_tree_path(&f->tree, below_home(FIREFOX)), &before), 0);
    assert_true(fixture_run(f));
    assert_int_equal(fixture_lines(f, INSTALL_UNCHANGED), 3);
    assert_int_equal(stat(home_tree_path(&f->tree, below_home(FIREFOX)), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(home_tree_count(&f->tree, "home/.mozilla/native-messaging-hosts"), 1);

    home_tree_text(&f->tree, "opt/other-host", 0755, "#!/bin/sh\n");
    f->options.program = home_tree_path(&f->tree, "opt/other-host");
    assert_true(fixture_run(f));
    assert_int_equal(fixture_lines(f, INSTALL_CHANGED),
                     2); /* the Flatpak's names its script still */
    assert_int_equal(fixture_lines(f, INSTALL_UNCHANGED), 1);
    assert_manifest(f, below_home(FIREFOX), true, f->options.program);
    char *script =
        home_tree_read(&f->tree, "home/.var/app/com.microsoft.Edge/data/linksnap/linksnap-host");
    assert_non_null(strstr(script, "/opt/other-host'"));
    free(script);
}

static void a_manifest_that_others_may_write_is_made_anew(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox"};
    fixture_name(f, names, 1);
    assert_true(fixture_run(f));
    assert_int_equal(chmod(home_tree_path(&f->tree, below_home(FIREFOX)), 0666), 0);
    assert_true(fixture_run(f));
    assert_non_null(fixture_line(f, INSTALL_CHANGED));
    assert_int_equal(home_tree_mode(&f->tree, below_home(FIREFOX)), 0644);
}

static void what_is_not_ours_is_kept_unless_asked_for(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "chromium"};
    static const char *const foreign[] = {
        "{\"name\":\"com.example.other\",\"path\":\"/usr/bin/other\",\"type\":\"stdio\"}",
        "{\"name\":\"org.linksnap.host\",\"name\":\"org.linksnap.host\"}", /* ambiguous */
        "{\"name\":7}",
        "[\"org.linksnap.host\"]",
        "\"org.linksnap.host\"",
        "{\"name\":\"org.linksnap.host\"} x",
        "{\"name\":\"org.linksnap.host\\u0000\"}",
        "not JSON",
        "\xFF\xFE",
        "",
    };
    fixture_name(f, names, 2);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        home_tree_text(&f->tree, below_home(FIREFOX), 0600, foreign[i]);
        f->options.replace = false;
        assert_false(fixture_run(f));
        assert_int_equal(f->err.code, ERR_IO);
        assert_string_equal(f->err.text, "1 of 2 manifests could not be written");
        assert_non_null(fixture_line(f, INSTALL_KEPT));
        assert_non_null(strstr(fixture_line(f, INSTALL_KEPT)->text, "--replace"));
        char *kept = home_tree_read(&f->tree, below_home(FIREFOX));
        assert_string_equal(kept, foreign[i]);
        free(kept);
        assert_manifest(f, below_home(CHROMIUM), false, f->program);
        f->options.replace = true;
        assert_true(fixture_run(f));
        assert_non_null(fixture_line(f, INSTALL_CHANGED));
        assert_manifest(f, below_home(FIREFOX), true, f->program);
    }
}

static void a_manifest_too_large_or_too_deep_is_not_ours(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox"};
    static const char start[] = "{\"name\":\"org.linksnap.host\",\"x\":";
    static char text[70000];
    fixture_name(f, names, 1);
    memset(text, ' ', sizeof text - 1);
    memcpy(text, start, sizeof start - 1);
    text[sizeof text - 3] = '1';
    text[sizeof text - 2] = '}';
    home_tree_text(&f->tree, below_home(FIREFOX), 0600, text);
    assert_false(fixture_run(f));
    assert_non_null(fixture_line(f, INSTALL_KEPT));
    memset(text + sizeof start - 1, '[', 60000);
    text[60000] = '\0';
    home_tree_text(&f->tree, below_home(FIREFOX), 0600, text);
    assert_false(fixture_run(f));
    assert_non_null(fixture_line(f, INSTALL_KEPT));
}

static void pipes_and_folders_in_the_way_do_no_harm(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox"};
    fixture_name(f, names, 1);
    home_tree_folder(&f->tree, "home/.mozilla/native-messaging-hosts");
    const char *file = home_tree_path(&f->tree, below_home(FIREFOX));
    assert_int_equal(mkfifo(file, 0600), 0);
    assert_false(fixture_run(f));
    assert_non_null(fixture_line(f, INSTALL_KEPT));
    f->options.replace = true;
    assert_true(fixture_run(f));
    assert_manifest(f, below_home(FIREFOX), true, f->program);
    assert_int_equal(unlink(home_tree_path(&f->tree, below_home(FIREFOX))), 0);
    home_tree_folder(&f->tree, below_home(FIREFOX));
    assert_false(fixture_run(f));
    assert_non_null(fixture_line(f, INSTALL_FAILED));
    assert_int_equal(home_tree_count(&f->tree, "home/.mozilla/native-messaging-hosts"), 1);
}

static void a_symbolic_link_is_replaced_and_not_followed(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox"};
    fixture_name(f, names, 1);
    assert_true(fixture_run(f));
    const char *link = home_tree_path(&f->tree, below_home(FIREFOX));
    const char *away = home_tree_path(&f->tree, "away.json");
    assert_int_equal(rename(link, away), 0);
    assert_int_equal(symlink(away, link), 0);
    char *before = home_tree_read(&f->tree, "away.json");

    assert_true(fixture_run(f)); /* to a file that is ours and right: the link goes all the same */
    assert_non_null(fixture_line(f, INSTALL_CHANGED));
    struct stat st;
    link = home_tree_path(&f->tree, below_home(FIREFOX));
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISREG(st.st_mode));
    char *after = home_tree_read(&f->tree, "away.json");
    assert_string_equal(before, after);
    free(before);
    free(after);

    assert_int_equal(unlink(link), 0); /* to nowhere */
    assert_int_equal(symlink("/nonexistent/linksnap", link), 0);
    assert_true(fixture_run(f));
    assert_non_null(fixture_line(f, INSTALL_WRITTEN));
    assert_manifest(f, below_home(FIREFOX), true, f->program);

    home_tree_text(&f->tree, "away.json", 0600,
                   "{\"name\":\"com.example.other\"}"); /* to another's */
    link = home_tree_path(&f->tree, below_home(FIREFOX));
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink(home_tree_path(&f->tree, "away.json"), link), 0);
    assert_false(fixture_run(f));
    assert_non_null(fixture_line(f, INSTALL_KEPT));
    f->options.replace = true;
    assert_true(fixture_run(f));
    assert_manifest(f, below_home(FIREFOX), true, f->program);
    after = home_tree_read(&f->tree, "away.json");
    assert_string_equal(after, "{\"name\":\"com.example.other\"}");
    free(after);
}

static void a_linked_folder_serves_two_browsers(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "librewolf"};
    fixture_name(f, names, 2);
    home_tree_folder(&f->tree, "home/.mozilla/native-messaging-hosts");
    home_tree_folder(&f->tree, "home/.librewolf");
    assert_int_equal(symlink("../.mozilla/native-messaging-hosts",
                             home_tree_path(&f->tree, "home/.librewolf/native-messaging-hosts")),
                     0);
    assert_true(fixture_run(f));
    assert_int_equal(fixture_lines(f, INSTALL_WRITTEN), 1);
    assert_int_equal(fixture_lines(f, INSTALL_UNCHANGED), 1);
}

static void a_folder_that_cannot_be_written_stops_only_its_own_browser(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "chromium", "vivaldi"};
    fixture_name(f, names, 3);
    home_tree_folder(&f->tree, "home/.mozilla/native-messaging-hosts");
    home_tree_text(&f->tree, "home/.config/chromium", 0600, "a file in a folder's place");
    uid_t was = geteuid();
    if (was == 0) { /* root may write anywhere: be somebody else for a while */
        char outer[512];
        snprintf(outer, sizeof outer, "%s", f->tree.root);
        *strrchr(outer, '/') = '\0';
        assert_int_equal(chmod(outer, 0755), 0);
        assert_int_equal(chmod(f->tree.root, 0755), 0);
        assert_int_equal(chmod(f->home, 0755), 0);
        assert_int_equal(chmod(home_tree_path(&f->tree, "home/.mozilla"), 0755), 0);
        assert_int_equal(chown(f->config, 65534, 65534), 0);
        assert_int_equal(chmod(home_tree_path(&f->tree, "opt"), 0755), 0);
        assert_int_equal(seteuid(65534), 0);
    } else {
        assert_int_equal(
            chmod(home_tree_path(&f->tree, "home/.mozilla/native-messaging-hosts"), 0500), 0);
    }
    bool ok = fixture_run(f);
    if (was == 0)
        assert_int_equal(seteuid(0), 0);
    assert_false(ok);
    assert_int_equal(f->err.code, ERR_IO);
    assert_string_equal(f->err.text, "2 of 3 manifests could not be written");
    assert_int_equal(chmod(home_tree_path(&f->tree, "home/.mozilla/native-messaging-hosts"), 0700),
                     0);
    assert_int_equal(home_tree_count(&f->tree, "home/.mozilla/native-messaging-hosts"), 0);
    assert_manifest(f, below_home(".config/vivaldi/NativeMessagingHosts/" MANIFEST_FILE), false,
                    f->program);
}

static void folders_in_a_home_are_for_their_owner(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "brave"};
    fixture_name(f, names, 2);
    mode_t was = umask(0);
    bool ok = fixture_run(f);
    umask(was);
    assert_true(ok);
    assert_int_equal(home_tree_mode(&f->tree, "home/.mozilla"), 0700);
    assert_int_equal(home_tree_mode(&f->tree, "home/.config/BraveSoftware/Brave-Browser"), 0700);
    assert_int_equal(home_tree_mode(&f->tree, below_home(FIREFOX)), 0644);
}

static void root_is_sent_away_and_so_is_system_without_root(void **state)
{
    struct fixture *f = *state;
    home_tree_folder(&f->tree, "home/.config/chromium");
    f->options.euid = 0;
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_USAGE);
    assert_non_null(strstr(f->err.text, "not as root"));
    assert_false(fixture_undo(f));
    assert_int_equal(f->err.code, ERR_USAGE);
    f->options.euid = PERSON;
    f->options.scope = BROWSER_SYSTEM;
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_USAGE);
    assert_non_null(strstr(f->err.text, "Only root"));
    assert_int_equal(f->count, 0);
    assert_int_equal(home_tree_count(&f->tree, "home/.config/chromium"), 0);
}

static void a_program_that_cannot_serve_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "brave-flatpak"};
    fixture_name(f, names, 2);
    f->options.program = home_tree_path(&f->tree, "opt/none");
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    f->options.program = home_tree_path(&f->tree, "opt");
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_IO);
    f->options.program = f->program;
    assert_int_equal(chmod(f->program, 0644), 0);
    assert_false(fixture_run(f));
    assert_non_null(strstr(f->err.text, "not a program"));
    assert_int_equal(chmod(f->program, 0757), 0);
    assert_false(fixture_run(f));
    assert_non_null(strstr(f->err.text, "by anybody"));
    assert_int_equal(chmod(f->program, 0700), 0);
    assert_true(fixture_run(f));
    f->options.scope = BROWSER_SYSTEM;
    f->options.euid = 0;
    assert_false(fixture_run(f));
    assert_non_null(strstr(f->err.text, "by all persons"));
}

static void a_path_that_no_manifest_can_hold_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "brave-flatpak"};
    fixture_name(f, names, 2);
    home_tree_text(&f->tree, "opt/\xFFhost", 0755, "#!/bin/sh\n");
    f->options.program = home_tree_path(&f->tree, "opt/\xFFhost");
    assert_false(fixture_run(f));
    assert_int_equal(fixture_lines(f, INSTALL_FAILED), 2);
    assert_non_null(strstr(f->lines[0].text, "not UTF-8"));
    assert_int_equal(home_tree_count(&f->tree, "home/.mozilla/native-messaging-hosts"), 0);
    struct buf text;
    buf_init(&text, 4096);
    assert_false(manifest_render(BROWSER_FIREFOX, "host", &text, &f->err));
    assert_int_equal(f->err.code, ERR_USAGE);
    assert_false(manifest_render_script("host", &text, &f->err));
    assert_int_equal(text.len, 0);
    buf_finish(&text);
}

static void a_home_with_an_endless_path_fails_cleanly(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "brave-flatpak"};
    static char home[2 * PATH_MAX];
    memset(home, 'h', sizeof home - 1);
    home[0] = '/';
    fixture_name(f, names, 2);
    f->options.places.home = home;
    assert_false(fixture_run(f));
    assert_int_equal(fixture_lines(f, INSTALL_FAILED), 2);
    fixture_name(f, NULL, 0);
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    assert_false(fixture_undo(f));
    assert_int_equal(f->err.code, ERR_IO);
}

static void uninstalling_removes_what_is_ours_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"firefox", "chromium", "vivaldi", "vivaldi-flatpak"};
    fixture_name(f, names, 4);
    assert_true(fixture_run(f));
    home_tree_text(&f->tree, below_home(CHROMIUM), 0644, "{\"name\":\"com.example.other\"}");
    home_tree_text(&f->tree, "home/.mozilla/native-messaging-hosts/other.json", 0644, "{}");
    fixture_name(f, NULL, 0);
    assert_true(fixture_undo(f));
    assert_int_equal(fixture_lines(f, INSTALL_REMOVED), 3);
    assert_int_equal(fixture_lines(f, INSTALL_KEPT), 1);
    assert_int_equal(f->count, 4);
    assert_false(fixture_has(f, FIREFOX));
    assert_true(fixture_has(f, ".mozilla/native-messaging-hosts/other.json"));
    assert_true(fixture_has(f, CHROMIUM));
    assert_false(fixture_has(f, ".var/app/com.vivaldi.Vivaldi/data/linksnap"));
    assert_true(fixture_has(f, ".var/app/com.vivaldi.Vivaldi/data"));
    assert_true(fixture_undo(f));
    assert_int_equal(f->count, 1);
    fixture_name(f, names, 1);
    assert_true(fixture_undo(f));
    assert_int_equal(f->count, 1);
    assert_int_equal(f->lines[0].action, INSTALL_ABSENT);
    assert_string_equal(install_action_name(INSTALL_ABSENT), "absent");
}

static void a_manifest_that_another_browser_reads_stays(void **state)
{
    struct fixture *f = *state;
    static const char *const snap[] = {"firefox-snap"};
    static const char *const all[] = {"firefox"};
    home_tree_folder(&f->tree, "root/snap/firefox");
    home_tree_text(&f->tree, "bin/firefox-esr", 0755, "#!/bin/sh\n");
    assert_true(fixture_run(f));
    fixture_name(f, snap, 1);
    assert_true(fixture_undo(f));
    assert_int_equal(f->lines[0].action, INSTALL_KEPT);
    assert_string_equal(f->lines[0].text, "Firefox reads it too");
    assert_true(fixture_has(f, FIREFOX));
    fixture_name(f, all, 1);
    assert_true(fixture_undo(f));
    assert_int_equal(fixture_lines(f, INSTALL_REMOVED), 1);
    assert_false(fixture_has(f, FIREFOX));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(odd_characters_in_paths_survive, fixture_open_odd,
                                        fixture_close),
        TEST(a_second_run_touches_nothing),
        TEST(a_manifest_that_others_may_write_is_made_anew),
        TEST(what_is_not_ours_is_kept_unless_asked_for),
        TEST(a_manifest_too_large_or_too_deep_is_not_ours),
        TEST(pipes_and_folders_in_the_way_do_no_harm),
        TEST(a_symbolic_link_is_replaced_and_not_followed),
        TEST(a_linked_folder_serves_two_browsers),
        TEST(a_folder_that_cannot_be_written_stops_only_its_own_browser),
        TEST(folders_in_a_home_are_for_their_owner),
        TEST(root_is_sent_away_and_so_is_system_without_root),
        TEST(a_program_that_cannot_serve_is_refused),
        TEST(a_path_that_no_manifest_can_hold_is_refused),
        TEST(a_home_with_an_endless_path_fails_cleanly),
        TEST(uninstalling_removes_what_is_ours_and_nothing_else),
        TEST(a_manifest_that_another_browser_reads_stays),
    };
    return cmocka_run_group_tests_name("install", tests, NULL, NULL);
}

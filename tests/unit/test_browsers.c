/* app: browsers, and install over all of them. */
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

static bool sign_is_known(struct slice sign)
{
    static const char *const kinds[] = {"exe:", "home:", "config:", "abs:/", "snap:", "flatpak:"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_starts(sign, kinds[i]) && sign.len > strlen(kinds[i]))
            return true;
    return false;
}

static void every_line_of_the_table_can_be_read(void **state)
{
    (void)state;
    struct slice table = browsers_table();
    struct browser browser;
    size_t count = 0;
    while (browsers_next(&table, &browser)) {
        count++;
        struct slice user = browser.folders[BROWSER_USER];
        struct slice system = browser.folders[BROWSER_SYSTEM];
        assert_true(slice_equal(user, slice_of("-")) || slice_starts(user, "home:") ||
                    slice_starts(user, "config:"));
        assert_true(slice_equal(system, slice_of("-")) || slice_starts(system, "/"));
        assert_true(user.ptr[user.len - 1] != '/' && system.ptr[system.len - 1] != '/');
        assert_int_equal(browser.kind == BROWSER_CLOSED,
                         !browsers_has_folder(&browser, BROWSER_USER) &&
                             !browsers_has_folder(&browser, BROWSER_SYSTEM));
        bool boxed = !slice_equal(browser.app, slice_of("-"));
        assert_int_equal(boxed, browser.kind != BROWSER_NATIVE);
        for (size_t at = 0; at < browser.detect.len;) {
            size_t end = slice_find_byte(browser.detect, at, ' ');
            assert_true(sign_is_known(slice_sub(browser.detect, at, end - at)));
            at = end + 1;
        }
    }
    assert_int_equal(table.len, 0);
    assert_true(count >= 20);
}

static void a_broken_table_ends_the_reading(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "firefox\tFirefox\tfirefox\tnative\t-\t-\texe:a\n",          /* a field too few */
        "firefox\tFirefox\tfirefox\tnative\t-\t-\texe:a\t-\tmore\n", /* and too many */
        "firefox\tFirefox\tgecko\tnative\t-\t-\texe:a\t-\n",
        "firefox\tFirefox\tfirefox\tmagic\t-\t-\texe:a\t-\n",
        "firefox\t\tfirefox\tnative\t-\t-\texe:a\t-\n",
        "f\tA title that is longer than forty-eight bytes, by a bit\tfirefox\tnative\t-\t-\tx\t-",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct slice table = slice_of(bad[i]);
        struct browser browser;
        assert_false(browsers_next(&table, &browser));
        assert_true(table.len > 0);
    }
    struct slice good = slice_of("# a\n\nfirefox\tF\tfirefox\tnative\thome:a\t/b\texe:a\t-");
    struct browser browser;
    assert_true(browsers_next(&good, &browser));
    assert_string_equal(browser.title, "F");
    assert_false(browsers_next(&good, &browser));
}

/* What shows that a browser is there, and where its manifest must then be, below home/. */
static const struct {
    const char *sign; /* below the tree; one that starts with bin/ is a program */
    const char *file;
    bool firefox;
    const char *app; /* of a Flatpak */
} flavours[] = {
    {"bin/firefox", FIREFOX, true, NULL},
    {"bin/firefox-esr", FIREFOX, true, NULL},
    {"home/.mozilla/firefox", FIREFOX, true, NULL},
    {"home/.config/mozilla/firefox", FIREFOX, true, NULL},
    {"root/snap/firefox", FIREFOX, true, NULL},
    {"root/var/lib/snapd/snap/firefox", FIREFOX, true, NULL},
    {"root/var/lib/flatpak/app/org.mozilla.firefox", FIREFOX, true, NULL},
    {"home/.local/share/flatpak/app/org.mozilla.firefox",
     ".var/app/org.mozilla.firefox/.mozilla/native-messaging-hosts/" MANIFEST_FILE, true,
     "org.mozilla.firefox"},
    {"bin/librewolf", ".librewolf/native-messaging-hosts/" MANIFEST_FILE, true, NULL},
    {"home/.librewolf", ".librewolf/native-messaging-hosts/" MANIFEST_FILE, true, NULL},
    {"root/var/lib/flatpak/app/io.gitlab.librewolf-community",
     ".var/app/io.gitlab.librewolf-community/.librewolf/native-messaging-hosts/" MANIFEST_FILE,
     true, "io.gitlab.librewolf-community"},
    {"bin/chromium", CHROMIUM, false, NULL},
    {"home/.config/chromium", CHROMIUM, false, NULL},
    {"root/var/lib/flatpak/app/org.chromium.Chromium",
     ".var/app/org.chromium.Chromium/config/chromium/NativeMessagingHosts/" MANIFEST_FILE, false,
     "org.chromium.Chromium"},
    {"bin/google-chrome", ".config/google-chrome/NativeMessagingHosts/" MANIFEST_FILE, false, NULL},
    {"bin/google-chrome-beta", ".config/google-chrome-beta/NativeMessagingHosts/" MANIFEST_FILE,
     false, NULL},
    {"bin/google-chrome-unstable",
     ".config/google-chrome-unstable/NativeMessagingHosts/" MANIFEST_FILE, false, NULL},
    {"home/.local/share/flatpak/app/com.google.Chrome",
     ".var/app/com.google.Chrome/config/google-chrome/NativeMessagingHosts/" MANIFEST_FILE, false,
     "com.google.Chrome"},
    {"bin/microsoft-edge", ".config/microsoft-edge/NativeMessagingHosts/" MANIFEST_FILE, false,
     NULL},
    {"root/var/lib/flatpak/app/com.microsoft.Edge",
     ".var/app/com.microsoft.Edge/config/microsoft-edge/NativeMessagingHosts/" MANIFEST_FILE, false,
     "com.microsoft.Edge"},
    {"bin/brave-browser", ".config/BraveSoftware/Brave-Browser/NativeMessagingHosts/" MANIFEST_FILE,
     false, NULL},
    {"root/var/lib/flatpak/app/com.brave.Browser",
     ".var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser/"
     "NativeMessagingHosts/" MANIFEST_FILE,
     false, "com.brave.Browser"},
    {"bin/vivaldi", ".config/vivaldi/NativeMessagingHosts/" MANIFEST_FILE, false, NULL},
    {"root/var/lib/flatpak/app/com.vivaldi.Vivaldi",
     ".var/app/com.vivaldi.Vivaldi/config/vivaldi/NativeMessagingHosts/" MANIFEST_FILE, false,
     "com.vivaldi.Vivaldi"},
};

static void each_flavour_that_is_found_is_served_in_its_own_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof flavours / sizeof *flavours; i++) {
        void *inner = NULL;
        fixture_open(&inner);
        struct fixture *f = inner;
        if (strncmp(flavours[i].sign, "bin/", 4) == 0)
            home_tree_text(&f->tree, flavours[i].sign, 0755, "#!/bin/sh\n");
        else
            home_tree_folder(&f->tree, flavours[i].sign);
        assert_true(fixture_run(f));
        const char *app = flavours[i].app;
        char program[1024];
        snprintf(program, sizeof program, "%s/.var/app/%s/data/linksnap/linksnap-host", f->home,
                 app ? app : "");
        assert_manifest(f, below_home(flavours[i].file), flavours[i].firefox,
                        app ? program : f->program);
        assert_int_equal(home_tree_mode(&f->tree, below_home(flavours[i].file)), 0644);
        assert_string_equal(install_action_name(fixture_line(f, INSTALL_WRITTEN)->action),
                            "written");
        if (app != NULL)
            assert_int_equal(access(program, X_OK), 0);
        fixture_close(&inner);
    }
}

static void nothing_is_written_for_a_browser_that_is_not_there(void **state)
{
    struct fixture *f = *state;
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    assert_int_equal(f->count, 0);
    assert_int_equal(home_tree_count(&f->tree, "home"), 0);
    home_tree_text(&f->tree, "bin/firefox", 0644, "not a program");
    home_tree_folder(&f->tree, "bin/chromium");
    assert_false(fixture_run(f));
    home_tree_folder(&f->tree, "home/.config/chromium");
    assert_true(fixture_run(f));
    assert_int_equal(f->count, 1);
    assert_false(fixture_has(f, ".mozilla"));
    assert_int_equal(home_tree_count(&f->tree, "home/.config"), 1);
}

static void the_starter_of_a_snap_is_no_ordinary_browser(void **state)
{
    struct fixture *f = *state;
    char path[2048];
    home_tree_text(&f->tree, "root/snap/bin/chromium", 0755, "#!/bin/sh\n");
    home_tree_text(&f->tree, "root/var/lib/flatpak/exports/bin/brave", 0755, "#!/bin/sh\n");
    snprintf(path, sizeof path, "%s/snap/bin:relative::%s/var/lib/flatpak/exports/bin", f->root,
             f->root);
    f->options.places.search_path = path;
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    home_tree_folder(&f->tree, "root/snap/chromium");
    assert_true(fixture_run(f));
    assert_int_equal(f->count, 1);
    assert_int_equal(f->lines[0].action, INSTALL_SKIPPED);
    assert_string_equal(f->lines[0].browser, "Chromium (Snap)");
    assert_non_null(strstr(f->lines[0].text, "cannot start programs"));
    assert_int_equal(home_tree_count(&f->tree, "home"), 0);
}

static void sandboxed_browsers_come_with_advice(void **state)
{
    struct fixture *f = *state;
    home_tree_folder(&f->tree, "root/snap/firefox");
    assert_true(fixture_run(f));
    assert_int_equal(f->count, 2);
    assert_int_equal(f->lines[1].action, INSTALL_NOTE);
    assert_string_equal(f->lines[1].file, "");
    assert_non_null(strstr(f->lines[1].text, "flatpak permission-set webextensions "
                                             "org.linksnap.host snap.firefox yes"));
    home_tree_folder(&f->tree, "root/var/lib/flatpak/app/com.brave.Browser");
    assert_true(fixture_run(f));
    assert_int_equal(f->lines[2].action, INSTALL_WRITTEN);
    assert_non_null(strstr(f->lines[3].text, "flatpak override --user "
                                             "--talk-name=org.freedesktop.Flatpak "
                                             "com.brave.Browser. Know"));
}

static void the_config_folder_of_xdg_is_followed(void **state)
{
    struct fixture *f = *state;
    char config[1024];
    snprintf(config, sizeof config, "%s/elsewhere", f->tree.root);
    f->options.places.config_home = config;
    home_tree_folder(&f->tree, "home/.config/chromium");
    assert_false(fixture_run(f));
    home_tree_folder(&f->tree, "elsewhere/vivaldi");
    assert_true(fixture_run(f));
    assert_manifest(f, "elsewhere/vivaldi/NativeMessagingHosts/" MANIFEST_FILE, false, f->program);
}

static void for_all_persons_the_system_folders_are_used(void **state)
{
    struct fixture *f = *state;
    f->options.euid = 0;
    f->options.scope = BROWSER_SYSTEM;
    home_tree_text(&f->tree, "bin/chromium", 0755, "#!/bin/sh\n");
    home_tree_text(&f->tree, "bin/brave", 0755, "#!/bin/sh\n");
    home_tree_text(&f->tree, "bin/microsoft-edge", 0755, "#!/bin/sh\n");
    home_tree_text(&f->tree, "bin/vivaldi", 0755, "#!/bin/sh\n");
    home_tree_folder(&f->tree, "root/snap/firefox");
    home_tree_folder(&f->tree, "root/usr/lib64/mozilla");
    home_tree_folder(&f->tree, "root/var/lib/flatpak/app/com.google.Chrome");
    home_tree_folder(&f->tree, "home/.librewolf"); /* a sign in a home counts for nothing here */
    mode_t was = umask(077);
    bool ok = fixture_run(f);
    umask(was);
    assert_true(ok);
    static const char *const files[] = {
        "root/etc/chromium/native-messaging-hosts/" MANIFEST_FILE,
        "root/etc/opt/chrome/native-messaging-hosts/" MANIFEST_FILE,
        "root/etc/opt/edge/native-messaging-hosts/" MANIFEST_FILE,
        "root/usr/lib/mozilla/native-messaging-hosts/" MANIFEST_FILE,
        "root/usr/lib64/mozilla/native-messaging-hosts/" MANIFEST_FILE,
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_manifest(f, files[i], i > 2, f->program);
        assert_int_equal(home_tree_mode(&f->tree, files[i]), 0644);
    }
    assert_int_equal(home_tree_mode(&f->tree, "root/etc/opt/chrome"), 0755);
    assert_int_equal(fixture_lines(f, INSTALL_WRITTEN), 5);
    assert_int_equal(fixture_lines(f, INSTALL_SKIPPED), 2); /* Vivaldi, and Chrome as a Flatpak */
    assert_false(home_tree_has(&f->tree, "root/usr/lib/librewolf"));
    assert_int_equal(home_tree_count(&f->tree, "home"), 1);
    assert_true(fixture_undo(f));
    assert_int_equal(fixture_lines(f, INSTALL_REMOVED), 5);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_false(home_tree_has(&f->tree, files[i]));
}

static void a_named_browser_is_served_though_it_is_not_found(void **state)
{
    struct fixture *f = *state;
    static const char *const one[] = {"firefox"};
    static const char *const closed[] = {"chromium-snap"};
    static const char *const unknown[] = {"firefox", "netscape"};
    fixture_name(f, one, 1);
    home_tree_folder(&f->tree, "home/.config/chromium");
    home_tree_folder(&f->tree, "root/var/lib/flatpak/app/org.mozilla.firefox");
    assert_true(fixture_run(f));
    assert_manifest(f, below_home(FIREFOX), true, f->program);
    assert_true(fixture_has(f, ".var/app/org.mozilla.firefox/data/linksnap/linksnap-host"));
    assert_false(fixture_has(f, CHROMIUM));

    fixture_name(f, closed, 1);
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_IO);
    assert_int_equal(f->lines[0].action, INSTALL_SKIPPED);

    fixture_name(f, unknown, 2);
    assert_false(fixture_run(f));
    assert_int_equal(f->err.code, ERR_USAGE);
    assert_int_equal(f->count, 0);
    assert_non_null(strstr(f->err.text, "\"netscape\""));
    assert_non_null(strstr(f->err.text, "vivaldi"));
    assert_false(fixture_undo(f));
    assert_int_equal(f->err.code, ERR_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_the_table_can_be_read),
        cmocka_unit_test(a_broken_table_ends_the_reading),
        cmocka_unit_test(each_flavour_that_is_found_is_served_in_its_own_folder),
        TEST(nothing_is_written_for_a_browser_that_is_not_there),
        TEST(the_starter_of_a_snap_is_no_ordinary_browser),
        TEST(sandboxed_browsers_come_with_advice),
        TEST(the_config_folder_of_xdg_is_followed),
        TEST(for_all_persons_the_system_folders_are_used),
        TEST(a_named_browser_is_served_though_it_is_not_found),
    };
    return cmocka_run_group_tests_name("browsers", tests, NULL, NULL);
}

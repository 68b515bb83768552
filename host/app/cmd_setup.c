/* linksnap install, uninstall, doctor. */
#include "app/cli.h"
#include "app/doctor.h"
#include "app/install.h"
#include "app/paths.h"
#include "page/child.h"

#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_BROWSERS = 32, HELLO_MS = 2000 };

/* What the environment says of this person; strings are getenv's but for `home`. */
static bool find_places(struct places *places, char **home_out, struct error *err)
{
    if (!paths_home(home_out, err))
        return false;
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *data = getenv("XDG_DATA_HOME");
    const char *path = getenv("PATH");
    *places = (struct places){.home = *home_out,
                              .config_home = config && config[0] == '/' ? config : NULL,
                              .data_home = data && data[0] == '/' ? data : NULL,
                              .search_path = path ? path : "",
                              .root = ""};
    return true;
}

static void print_event(void *arg, const struct install_event *event)
{
    const struct cli *cli = arg;
    if (!cli->json) {
        printf("%-9s  %s%s%s\n", install_action_name(event->action), event->browser,
               event->file[0] ? ": " : "", event->file);
        if (event->text[0] != '\0')
            printf("           %s\n", event->text);
        return;
    }
    struct reply reply;
    reply_init(&reply);
    reply_text(&reply, reply.root, "action", install_action_name(event->action));
    reply_text(&reply, reply.root, "browser", event->browser);
    reply_text(&reply, reply.root, "file", event->file);
    reply_text(&reply, reply.root, "text", event->text);
    cli_print_json(&reply);
}

typedef bool install_action(const struct install_options *options, install_report *report,
                            void *ctx, struct error *err);

struct setup {
    struct install_options options;
    const char *browsers[MAX_BROWSERS];
};

static bool parse(struct cli *cli, int argc, char **argv, struct setup *setup)
{
    static const struct option longs[] = {{"browser", required_argument, NULL, 'b'},
                                          {"system", no_argument, NULL, 's'},
                                          {"replace", no_argument, NULL, 'r'},
                                          {0}};
    int option;
    while ((option = cli_option(cli, argc, argv, "", longs)) != -1) {
        if (option == 'b' && setup->options.browser_count < MAX_BROWSERS)
            setup->browsers[setup->options.browser_count++] = optarg;
        else if (option == 's')
            setup->options.scope = BROWSER_SYSTEM;
        else if (option == 'r')
            setup->options.replace = true;
        else
            return false;
    }
    setup->options.browsers = setup->browsers;
    if (optind == argc)
        return true;
    cli_usage("%s: \"%s\" is no option; a browser is named with --browser", argv[0], argv[optind]);
    return false;
}

static enum cli_status setup_run(struct cli *cli, int argc, char **argv, install_action *act,
                                 bool needs_program)
{
    struct setup setup = {.options = {.euid = geteuid()}};
    if (!parse(cli, argc, argv, &setup))
        return CLI_USAGE;
    struct error err = {0};
    char *home = NULL;
    char *program = NULL;
    bool ok = find_places(&setup.options.places, &home, &err) &&
              (paths_host_program(&program, &err) || !needs_program);
    setup.options.program = program;
    ok = ok && act(&setup.options, print_event, cli, &err);
    free(home);
    free(program);
    if (ok)
        return CLI_OK;
    enum cli_status status = cli_fail(cli, &err);
    return err.code == ERR_USAGE ? CLI_USAGE : status;
}

enum cli_status cmd_install(struct cli *cli, int argc, char **argv)
{
    return setup_run(cli, argc, argv, install_run, true);
}

enum cli_status cmd_uninstall(struct cli *cli, int argc, char **argv)
{
    return setup_run(cli, argc, argv, install_undo, false);
}

static void print_finding(void *arg, const struct doctor_finding *finding)
{
    const struct cli *cli = arg;
    if (!cli->json) {
        printf("%-4s  %s: %s\n", doctor_level_name(finding->level), finding->subject,
               finding->text);
        if (finding->remedy[0] != '\0')
            printf("      -> %s\n", finding->remedy);
        return;
    }
    struct reply reply;
    reply_init(&reply);
    reply_text(&reply, reply.root, "subject", finding->subject);
    doctor_reply(&reply, reply.root, finding);
    cli_print_json(&reply);
}

static bool open_store(void *arg, struct error *err)
{
    struct store *store = NULL;
    if (!store_open(arg, STORE_READ_ONLY, &store, err))
        return false;
    store_close(store);
    return true;
}

enum cli_status cmd_doctor(struct cli *cli, int argc, char **argv)
{
    static const struct option none[] = {{0}};
    if (cli_option(cli, argc, argv, "", none) != -1)
        return CLI_USAGE;
    struct error err = {0};
    struct doctor_options options = {.version = LINKSNAP_VERSION,
                                     .check_store = open_store,
                                     .euid = geteuid(),
                                     .timeout_ms = HELLO_MS};
    char *home = NULL;
    char *program = NULL;
    char *store = NULL;
    char pdf[CHILD_PATH_SIZE];
    struct guard_report guard;
    if (!paths_host_program(&program, &err))
        program = NULL; /* a finding, not a fault */
    bool ok = find_places(&options.places, &home, &err) && paths_store(cli->db, &store, &err);
    enum doctor_level worst = DOCTOR_BAD;
    if (ok) {
        options.program = program;
        options.store = store;
        options.store_ctx = store;
        options.pdf = child_find("pdftotext", pdf) ? pdf : NULL;
        options.guard = guard_measure(store, options.places.home, &guard) ? &guard : NULL;
        worst = doctor_run(&options, print_finding, cli);
    }
    free(home);
    free(program);
    free(store);
    if (!ok)
        return cli_fail(cli, &err);
    return worst == DOCTOR_BAD ? CLI_FAILED : CLI_OK;
}

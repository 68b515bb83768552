#include "install_fixture.h"

#include "wire/rpc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void note(void *ctx, const struct install_event *event)
{
    struct fixture *f = ctx;
    assert_true(f->count < EVENTS);
    struct line *line = &f->lines[f->count++];
    line->action = event->action;
    snprintf(line->browser, sizeof line->browser, "%s", event->browser);
    snprintf(line->file, sizeof line->file, "%s", event->file);
    snprintf(line->text, sizeof line->text, "%s", event->text);
}

static int open_named(void **state, const char *name)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    home_tree_make(&f->tree, name);
    home_tree_text(&f->tree, "opt/linksnap-host", 0755, "#!/bin/sh\n");
    home_tree_folder(&f->tree, "home");
    home_tree_folder(&f->tree, "root");
    home_tree_folder(&f->tree, "bin");
    snprintf(f->home, sizeof f->home, "%s/home", f->tree.root);
    snprintf(f->config, sizeof f->config, "%s/home/.config", f->tree.root);
    snprintf(f->root, sizeof f->root, "%s/root", f->tree.root);
    snprintf(f->path, sizeof f->path, "%s/bin", f->tree.root);
    snprintf(f->program, sizeof f->program, "%s/opt/linksnap-host", f->tree.root);
    f->options = (struct install_options){
        .places = {.home = f->home, .search_path = f->path, .root = f->root},
        .program = f->program,
        .euid = PERSON};
    *state = f;
    return 0;
}

int fixture_open(void **state)
{
    return open_named(state, "tree");
}

int fixture_open_odd(void **state)
{
    return open_named(state, "a \"b\" \\c\\ 'd' $e\t\xE7\xBD\x91\xE9\xA1\xB5");
}

int fixture_close(void **state)
{
    struct fixture *f = *state;
    home_tree_remove(&f->tree);
    free(f);
    return 0;
}

bool fixture_run(struct fixture *f)
{
    f->count = 0;
    f->err = (struct error){0};
    return install_run(&f->options, note, f, &f->err);
}

bool fixture_undo(struct fixture *f)
{
    f->count = 0;
    f->err = (struct error){0};
    return install_undo(&f->options, note, f, &f->err);
}

void fixture_name(struct fixture *f, const char *const *names, size_t count)
{
    f->options.browsers = names;
    f->options.browser_count = count;
}

const char *below_home(const char *below)
{
    static char paths[4][1024];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "home/%s", below);
    return path;
}

bool fixture_has(const struct fixture *f, const char *below)
{
    return home_tree_has(&f->tree, below_home(below));
}

const struct line *fixture_line(const struct fixture *f, enum install_action action)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->lines[i].action == action)
            return &f->lines[i];
    return NULL;
}

size_t fixture_lines(const struct fixture *f, enum install_action action)
{
    size_t count = 0;
    for (size_t i = 0; i < f->count; i++)
        count += f->lines[i].action == action;
    return count;
}

void assert_manifest(const struct fixture *f, const char *below, bool firefox, const char *program)
{
    char *text = home_tree_read(&f->tree, below);
    assert_non_null(text);
    cJSON *json = NULL;
    struct error err;
    assert_true(rpc_parse(slice_of(text), &json, &err));
    assert_string_equal(cJSON_GetObjectItem(json, "name")->valuestring, "org.linksnap.host");
    assert_string_equal(cJSON_GetObjectItem(json, "type")->valuestring, "stdio");
    assert_string_equal(cJSON_GetObjectItem(json, "path")->valuestring, program);
    assert_true(cJSON_IsString(cJSON_GetObjectItem(json, "description")));
    const cJSON *list =
        cJSON_GetObjectItem(json, firefox ? "allowed_extensions" : "allowed_origins");
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_string_equal(cJSON_GetArrayItem(list, 0)->valuestring,
                        firefox ? "linksnap@linksnap"
                                : "chrome-extension://clamihfaboappfgpcjhpjjkmnpccmfbg/");
    assert_int_equal(cJSON_GetArraySize(json), 5);
    cJSON_Delete(json);
    free(text);
}
